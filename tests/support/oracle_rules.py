"""Every rule in naive Python: the offenders that it must find in any tables.

Each function is named after its rule and yields offenders as tuples of kind, record, field, value
and other. It is written from the sentence at the head of the rule, not from its SQL.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from tests.support import oracle_lists, oracle_schema_2
from tests.support.oracle_lists import Offender, Row, Rows, ids, joined, overlap

BLIND = {
    "aspect", "attributed_by_holder", "attributed_by_missing", "attributed_by_needless", "dated_by",
    "direct_author", "dissociates_alone", "duplicate", "evidence_place", "level", "member_with_bloc",
    "natural_key", "no_evidence", "no_holder", "reference", "span_digest", "span_end",
    "span_negative", "span_order", "span_text", "stated_order", "vocabulary", *oracle_schema_2.BLIND,
}  # fmt: skip
"""Rules that also run on the blind codings."""
WHOLE = {"bloc_members", "unused_actor"}
"""Rules that run only if every file could be read."""


def offenders(tables: Rows, name: str) -> set[Offender]:
    """Find a rule's offenders in the published coding and, if it is in BLIND, in each blind one."""
    ask: Callable[[Rows], Iterable[Offender]]
    rooms = (oracle_lists, oracle_schema_2)
    known = [getattr(room, name) for room in rooms if hasattr(room, name)]
    ask = known[0] if known else globals()[f"_{name}"]
    found = set(ask(tables))
    if name in BLIND:
        for coder in {row["coder"] for row in tables["second_stances"]}:
            theirs = {
                table.removeprefix("second_"): [row for row in rows if row["coder"] == coder]
                for table, rows in tables.items()
                if table.startswith("second_")
            }
            # Exemptions name their record in full, so they are checked once only.
            for kind, record, *rest in ask({**tables, **theirs, "silences": [], "exemptions": []}):
                if kind == "stance":
                    found.add(("blind", f"{coder}/{record}", *rest))  # type: ignore[arg-type]
    return found


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _by(t: Rows, table: str, column: str) -> defaultdict[Any, list[Row]]:
    """Group the rows of a table by a column; ids may occur more than once."""
    found = defaultdict(list)
    for row in t[table]:
        found[row[column]].append(row)
    return found


def _backwards(
    tables: Rows, table: str, kind: str, first: str, last: str, field: Callable[[Row], str]
) -> Iterator[Offender]:
    key = f"{kind}_id"
    for row in tables[table]:
        if row[first] is not None and row[last] is not None and row[last] < row[first]:
            other = "" if first == "valid_from" else str(row[first])
            yield kind, row[key], field(row), str(row[last]), other


def _actor_dates(t: Rows) -> Iterable[Offender]:
    return _backwards(t, "actors", "actor", "valid_from", "valid_to", lambda r: "valid_to")


def _code_dates(t: Rows) -> Iterable[Offender]:
    return _backwards(
        t, "actor_codes", "actor", "valid_from", "valid_to",
        lambda r: f"codes[{r['position'] - 1}].valid_to",
    )  # fmt: skip


def _role_dates(t: Rows) -> Iterable[Offender]:
    return _backwards(
        t,
        "roles",
        "actor",
        "valid_from",
        "valid_to",
        lambda r: f"roles[{r['number'] - 1}].valid_to",
    )


def _held_order(t: Rows) -> Iterable[Offender]:
    return _backwards(t, "events", "event", "held_earliest", "held_latest", lambda r: "held_on")


def _published_order(t: Rows) -> Iterable[Offender]:
    return _backwards(
        t,
        "documents",
        "document",
        "published_earliest",
        "published_latest",
        lambda r: "published_on",
    )


def _stated_order(t: Rows) -> Iterable[Offender]:
    return _backwards(
        t, "stances", "stance", "stated_earliest", "stated_latest", lambda r: "stated_on"
    )


def _published_after_coding(t: Rows) -> Iterator[Offender]:
    for d in t["documents"]:
        if d["coded_date"] < d["published_earliest"]:
            yield (
                "document",
                d["document_id"],
                "coded_date",
                str(d["coded_date"]),
                d["published_on"],
            )


def _aspect(t: Rows) -> Iterator[Offender]:
    known = {(a["issue_id"], a["aspect"]) for a in t["aspects"]}
    for s, h in _with(t, "stance_aspects"):
        if (s["issue_id"], h["aspect"]) not in known:
            field = f"aspects[{h['position'] - 1}]"
            yield "stance", s["stance_id"], field, h["aspect"], s["issue_id"]


def _with(t: Rows, table: str) -> Iterator[tuple[Row, Row]]:
    """Join stances with the rows of a child table."""
    rows = _by(t, table, "stance_id")
    for stance in t["stances"]:
        for row in rows[stance["stance_id"]]:
            yield stance, row


def _pairs(t: Rows, table: str, key: str) -> Iterator[tuple[Row, Row]]:
    """Pair the rows of a table that belong to the same record, in both orders."""
    for some in _by(t, table, key).values():
        yield from itertools.product(some, some)


def _ascribing(t: Rows) -> dict[str, set[str]]:
    """Collect who attributes each stance, by its first ascriber and by the list of all."""
    found = defaultdict(set)
    for a in t["ascribers"]:
        found[a["stance_id"]].add(a["actor_id"])
    for s in t["stances"]:
        found[s["stance_id"]] |= {s["attributed_by_id"]} - {None}
    return found


def _attributed_by_holder(t: Rows) -> Iterator[Offender]:
    by = {(s["stance_id"], s["attributed_by_id"], 1) for s in t["stances"]}
    by |= {(a["stance_id"], a["actor_id"], a["position"]) for a in t["ascribers"]}
    holders = {(h["stance_id"], h["actor_id"]) for h in t["holders"]}
    for stance, actor, number in by:
        if (stance, actor) in holders:
            yield "stance", stance, f"attributed_by[{number - 1}]", actor, ""


def _attributed_by_missing(t: Rows) -> Iterator[Offender]:
    for s in t["stances"]:
        named = s["attributed_by_id"] or _listed(t, s)
        if s["attribution"] == "third_party" and not named:
            yield "stance", s["stance_id"], "attributed_by", "nobody", ""


def _listed(t: Rows, stance: Row) -> bool:
    return any(a["stance_id"] == stance["stance_id"] for a in t["ascribers"])


def _attributed_by_needless(t: Rows) -> Iterator[Offender]:
    by = _ascribing(t)
    for s in t["stances"]:
        if s["attribution"] != "third_party" and by[s["stance_id"]]:
            first = min(by[s["stance_id"]])
            yield "stance", s["stance_id"], "attributed_by", first, s["attribution"]


def _bloc_members(t: Rows) -> Iterator[Offender]:
    led = {r["of_actor_id"] for r in t["roles"] if r["role"] == "member_of"}
    for a in t["actors"]:
        if a["kind"] == "bloc" and a["actor_id"] not in led:
            yield "actor", a["actor_id"], "kind", "bloc", ""


def _cited_address(t: Rows) -> Iterator[Offender]:
    for d in t["documents"]:
        if d["sha256"] is None and d["url"] is None:
            yield "document", d["document_id"], "url", "no url", ""


def _code_shared(t: Rows) -> Iterator[Offender]:
    by = defaultdict(list)
    for c in t["actor_codes"]:
        by[c["scheme"], c["code"]].append(c)
    for (scheme, code), rows in by.items():
        for actor in {c["actor_id"] for c in rows}:
            pairs = [
                (c["position"], o["actor_id"])
                for c in rows
                for o in rows
                if c["actor_id"] == actor != o["actor_id"] and overlap(c, o)
            ]
            if pairs:
                field = f"codes[{min(number for number, _ in pairs) - 1}]"
                yield "actor", actor, field, f"{scheme} {code}", min(o for _, o in pairs)


def _dated_by(t: Rows) -> Iterator[Offender]:
    known = {None, "published_on", *ids(t, "documents.document_id")}
    for s in t["stances"]:
        if s["dated_by"] not in known:
            yield "stance", s["stance_id"], "dated_by", s["dated_by"], ""


def _derived_cycle(t: Rows) -> Iterator[Offender]:
    # Within a cycle, a document's origin is the one derived from it. The origin of a document
    # outside the cycle is derived from some other document.
    source = defaultdict(set)
    for d in t["documents"]:
        source[d["document_id"]].add(d["derived_from"])
    for d in t["documents"]:
        if d["document_id"] in source[d["origin_id"]]:
            yield "document", d["document_id"], "derived_from", d["derived_from"], ""


def _direct_author(t: Rows) -> Iterator[Offender]:
    wrote = defaultdict(set)
    for a in t["document_authors"]:
        wrote[a["document_id"]].add(a["actor_id"])
    bodies = {a["actor_id"] for a in t["actors"] if a["kind"] in ("meeting", "organisation")}
    signed = defaultdict(set)
    for h in t["holders"]:
        if h["role"] == "party":
            signed[h["stance_id"]].add(h["actor_id"])
    documents = _by(t, "documents", "document_id")
    for s in t["stances"]:
        authors, parties = wrote[s["document_id"]], signed[s["stance_id"]]
        for d in documents[s["document_id"]] if s["attribution"] == "direct" else ():
            same_event = d["event_id"] is not None and d["event_id"] == s["event_id"]
            theirs = parties <= authors or s["speaker_id"] in authors
            if not theirs and not (same_event and authors & bodies):
                author = min(authors, default="no authors")
                yield "stance", s["stance_id"], "attribution", author, ""


def _dissociates_alone(t: Rows) -> Iterator[Offender]:
    held = {h["stance_id"] for h in t["holders"] if h["role"] == "party"}
    for h in t["holders"]:
        if h["role"] == "dissociates" and h["stance_id"] not in held:
            yield "stance", h["stance_id"], f"holders[{h['position'] - 1}]", h["actor_id"], ""


def _evidence_place(t: Rows) -> Iterator[Offender]:
    for e in t["evidence"]:
        if e["span_start"] is None and e["locator"] is None:
            what = "neither span nor locator"
            yield "stance", e["stance_id"], f"evidence[{e['number'] - 1}]", what, ""


def _id_shared(t: Rows) -> Iterator[Offender]:
    actors, events = ids(t, "actors.actor_id"), ids(t, "events.event_id")
    documents = ids(t, "documents.document_id")
    coverage = ids(t, "coverage.coverage_id")
    for kind, some, what, others in (
        ("coverage", coverage, "an actor", actors),
        ("coverage", coverage, "an event", events),
        ("coverage", coverage, "a document", documents),
        ("event", events, "an actor", actors),
        ("document", documents, "an actor", actors),
        ("document", documents, "an event", events),
    ):
        for name in some & others:
            yield kind, name, "", name, what


def _level(t: Rows) -> Iterator[Offender]:
    known = {(v["issue_id"], v["level_name"], v["level"]) for v in t["levels"]}
    for s in t["stances"]:
        level = (s["level_name"], s["level"])
        if level != ("ambiguous", None) and (s["issue_id"], *level) not in known:
            number = "no number" if s["level"] is None else s["level"]
            yield "stance", s["stance_id"], "level", f"{s['level_name']} ({number})", s["issue_id"]


def _member_with_bloc(t: Rows) -> Iterator[Offender]:
    parties, members = defaultdict(list), defaultdict(list)
    for b in t["holders"]:
        if b["role"] == "party":
            parties[b["stance_id"]].append(b)
    for r in t["roles"]:
        if r["role"] == "member_of":
            members[r["actor_id"], r["of_actor_id"]].append(r)
    for s in t["stances"]:
        for h, b in itertools.permutations(parties[s["stance_id"]], 2):
            for r in members[h["actor_id"], b["actor_id"]]:
                if h["actor_id"] != b["actor_id"] and _holds(r, s):
                    field = f"holders[{h['position'] - 1}]"
                    yield "stance", s["stance_id"], field, h["actor_id"], b["actor_id"]


def _holds(role: Row, stance: Row) -> bool:
    """Whether a role may have been held when a stance was stated."""
    first, last = role["valid_from"], role["valid_to"]
    begun = first is None or first <= stance["stated_latest"]
    return begun and (last is None or last >= stance["stated_earliest"])


def _name_shared(t: Rows) -> Iterator[Offender]:
    by = defaultdict(list)
    listed = {(n["actor_id"], n["name"]) for n in t["actor_names"]}
    for n in t["actor_names"]:
        by[n["name"].lower()].append(n)
    for a in t["actors"]:
        if (a["actor_id"], a["name"]) not in listed:
            by[a["name"].lower()].append(a)
    for rows in by.values():
        for n in rows:
            pairs = [
                (m.get("position", 0), o["actor_id"])
                for m in rows for o in rows
                if (m["actor_id"], m["name"]) == (n["actor_id"], n["name"])
                and n["actor_id"] != o["actor_id"] and overlap(m, o)
            ]  # fmt: skip
            if pairs:
                first, other = (min(found) for found in zip(*pairs, strict=True))
                field = f"names[{first - 1}].name" if first else "name"
                yield "actor", n["actor_id"], field, n["name"], other


def _natural_key(t: Rows) -> Iterator[Offender]:
    names = ("document_id", "issue_id", "speaker_id", "attributed_by_id", "event_id", "target_id",
             "stated_on", "date_kind")  # fmt: skip
    held, aspects, ascribers = defaultdict(set), defaultdict(set), Counter[str]()
    for h in t["holders"]:
        held[h["stance_id"]].add(h["actor_id"])
    for a in t["stance_aspects"]:
        aspects[a["stance_id"]].add(a["aspect"])
    for a in t["ascribers"]:
        ascribers[a["stance_id"]] += 1
    by = defaultdict(set)
    for s in t["stances"]:
        of = s["stance_id"]
        if held[of]:
            key = (frozenset(held[of]), ascribers[of], *(s[n] for n in names))
            by[key].add(of)
    found = defaultdict(set)
    for (holders, _, _, issue, *_), stances in by.items():
        for s, o in itertools.product(stances, stances):
            apart = aspects[s] and aspects[o] and not aspects[s] & aspects[o]
            if o < s and not apart:
                found[s, f"{min(holders)} on {issue}"].add(o)
    for (stance, what), others in found.items():
        yield "stance", stance, "", what, min(others)


def _no_evidence(t: Rows) -> Iterator[Offender]:
    for stance in ids(t, "stances.stance_id") - ids(t, "evidence.stance_id"):
        yield "stance", stance, "evidence", "", ""


def _no_holder(t: Rows) -> Iterator[Offender]:
    for stance in ids(t, "stances.stance_id") - ids(t, "holders.stance_id"):
        yield "stance", stance, "holders", "", ""


def _outside_event(t: Rows) -> Iterator[Offender]:
    for s in t["stances"]:
        for e in t["events"]:
            if e["event_id"] == s["event_id"]:
                before = s["stated_latest"] < e["held_earliest"]
                if before or s["stated_earliest"] > e["held_latest"]:
                    held = f"{e['event_id']} was held on {e['held_on']}"
                    yield "stance", s["stance_id"], "stated_on", s["stated_on"], held


def _role_overlap(t: Rows) -> Iterator[Offender]:
    for r, o in _pairs(t, "roles", "actor_id"):
        same = all(o[n] == r[n] for n in ("role", "of_actor_id"))
        titled = (o["title"] or "") == (r["title"] or "")
        if same and titled and o["number"] < r["number"] and overlap(r, o):
            since = "the start" if r["valid_from"] is None else str(r["valid_from"])
            field = f"roles[{r['number'] - 1}]"
            yield "actor", r["actor_id"], field, f"{r['role']} {r['of_actor_id']}", since


def _same_text(t: Rows) -> Iterator[Offender]:
    found, alike = defaultdict(set), _by(t, "documents", "sha256")
    for d in t["documents"]:
        for o in alike[d["sha256"]]:
            same = d["sha256"] is not None
            copy = d["origin_id"] == o["origin_id"]
            if same and not copy and o["document_id"] != d["document_id"]:
                found[d["document_id"]].add(o["document_id"])
    for document, others in found.items():
        yield "document", document, "text.sha256", min(others), ""


def _span_digest(t: Rows) -> Iterator[Offender]:
    for e in t["evidence"]:
        if e["span_start"] is not None and e["sha256"] is None:
            field = f"evidence[{e['number'] - 1}]"
            yield "stance", e["stance_id"], field, "a span without sha256", ""


def _span(e: Row) -> tuple[str, str | None]:
    value = joined("[", e["span_start"], ", ", e["span_end"], "]")
    return f"evidence[{e['number'] - 1}].span", value


def _span_end(t: Rows) -> Iterator[Offender]:
    documents = _by(t, "documents", "document_id")
    for e in t["evidence"]:
        for d in documents[e["document_id"]]:
            given = e["span_end"] is not None and d["characters"] is not None
            if given and e["span_end"] > d["characters"]:
                yield "stance", e["stance_id"], *_span(e), str(d["characters"])


def _span_negative(t: Rows) -> Iterator[Offender]:
    for e in t["evidence"]:
        if e["span_start"] is not None and e["span_start"] < 0:
            yield "stance", e["stance_id"], _span(e)[0], str(e["span_start"]), ""


def _span_order(t: Rows) -> Iterator[Offender]:
    for e in t["evidence"]:
        if None not in (e["span_start"], e["span_end"]) and e["span_end"] <= e["span_start"]:
            yield "stance", e["stance_id"], *_span(e), ""


def _span_text(t: Rows) -> Iterator[Offender]:
    without = {d["document_id"] for d in t["documents"] if d["sha256"] is None}
    for e in t["evidence"]:
        if e["span_start"] is not None and e["document_id"] in without:
            yield "stance", e["stance_id"], _span(e)[0], "", ""


def _speaker_role(t: Rows) -> Iterator[Offender]:
    known = ids(t, "actors.actor_id")
    roles, holders = defaultdict(list), defaultdict(set)
    for r in t["roles"]:
        if r["role"] == "speaks_for":
            roles[r["actor_id"]].append(r)
    for h in t["holders"]:
        holders[h["stance_id"]].add(h["actor_id"])
    for s in t["stances"]:
        people = holders[s["stance_id"]]
        speaks = any(r["of_actor_id"] in people and _holds(r, s) for r in roles[s["speaker_id"]])
        said_elsewhere = s["speaker_id"] not in known or people - known
        if not (said_elsewhere or speaks or s["speaker_id"] in people):
            yield "stance", s["stance_id"], "speaker", s["speaker_id"], s["stated_on"]


def _stated_after_publication(t: Rows) -> Iterator[Offender]:
    documents = _by(t, "documents", "document_id")
    for s in t["stances"]:
        for d in documents[s["document_id"]]:
            if s["stated_latest"] > d["published_latest"]:
                yield "stance", s["stance_id"], "stated_on", s["stated_on"], d["published_on"]


def _unused_actor(t: Rows) -> Iterator[Offender]:
    used = {
        *ids(t, "holders.actor_id"), *ids(t, "second_holders.actor_id"),
        *ids(t, "roles.of_actor_id"), *ids(t, "participants.actor_id"),
        *ids(t, "participants.represented_by"), *ids(t, "document_authors.actor_id"),
        *ids(t, "ascribers.actor_id"), *ids(t, "second_ascribers.actor_id"),
        *ids(t, "silent_speakers.actor_id"),
        *(r["actor_id"] for r in t["roles"] if r["role"] in ("member_of", "part_of")),
        *(s[column] for table in ("stances", "second_stances") for s in t[table]
          for column in ("speaker_id", "attributed_by_id", "target_id")),
    }  # fmt: skip
    publishers = ids(t, "documents.publisher")
    # If an actor is listed twice, a use of either entry counts for both.
    used |= {n["actor_id"] for n in [*t["actors"], *t["actor_names"]] if n["name"] in publishers}
    for actor in ids(t, "actors.actor_id") - used:
        yield "actor", actor, "", actor, ""


VOTES = ("voted_for", "voted_against", "abstained")


def _vote_twice(t: Rows) -> Iterator[Offender]:
    for p, o in _pairs(t, "participants", "event_id"):
        same = all(o[n] == p[n] for n in ("actor_id", "document_id"))
        if same and o["number"] < p["number"] and p["role"] in VOTES and o["role"] in VOTES:
            field = f"participants[{p['number'] - 1}].role"
            yield "event", p["event_id"], field, p["role"], o["role"]


def _vote_event(t: Rows) -> Iterator[Offender]:
    for p in t["participants"]:
        for e in t["events"]:
            if p["event_id"] == e["event_id"] and p["role"] in VOTES and e["kind"] != "vote":
                field = f"participants[{p['number'] - 1}].role"
                yield "event", p["event_id"], field, p["role"], e["kind"] or "none"
