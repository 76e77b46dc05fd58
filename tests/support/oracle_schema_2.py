"""The rules since schema 2 in naive Python, as in `tests.support.oracle_rules`."""

from __future__ import annotations

import datetime
import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from tests.support.oracle_lists import Offender, Row, Rows, ids, overlap

BLIND = {"ascriber_first", "condition_status", "ends_words", "far_year", "one_day_set"}
"""Rules that also run on the blind codings."""


def counted(t: Rows) -> Iterator[Row]:
    """Pair stances that make up positions with each of their parties."""
    holders, documents = defaultdict(list), defaultdict(list)
    for h in t["holders"]:
        holders[h["stance_id"]].append(h)
    for d in t["documents"]:
        documents[d["document_id"]].append(d)
    for s in t["stances"]:
        if s["attribution"] == "third_party" or s["quantifier"] is not None:
            continue
        for d in documents[s["document_id"]]:
            for h in holders[s["stance_id"]]:
                if h["role"] == "party" and d["status"] != "withdrawn":
                    number = len(holders[s["stance_id"]])
                    yield {**s, "actor_id": h["actor_id"], "origin_id": d["origin_id"],
                           "own": number == 1, "number": number}  # fmt: skip


def _deeds(t: Rows) -> list[Row]:
    deeds = {i["issue_id"] for i in t["issues"] if i["kind"] == "deeds"}
    return [c for c in counted(t) if c["issue_id"] in deeds]


def _by(rows: Iterable[Row], *names: str) -> dict[tuple[Any, ...], list[Row]]:
    found = defaultdict(list)
    for row in rows:
        found[tuple(row[name] for name in names)].append(row)
    return found


def issue_kind(t: Rows) -> Iterator[Offender]:
    """An issue is of words or of deeds."""
    for i in t["issues"]:
        if i["kind"] not in ("words", "deeds"):
            field = f"issues[{i['position'] - 1}].kind"
            yield "codebook", "codebook", field, i["kind"] or "no kind", ""


def ends_words(t: Rows) -> Iterator[Offender]:
    """Only a stance on an issue of deeds ends what was done."""
    for s in t["stances"]:
        for i in t["issues"] if s["act"] == "ends" else ():
            if i["issue_id"] == s["issue_id"] and i["kind"] != "deeds":
                yield "stance", s["stance_id"], "act", s["issue_id"], ""


def none_without_ends(t: Rows) -> Iterator[Offender]:
    """On an issue of deeds, only a step down takes a rung back."""
    most: dict[tuple[str, str], int] = {}
    for rows in _by(_deeds(t), "actor_id", "issue_id").values():
        downs = [r["stated_earliest"] for r in rows if r["act"] == "ends"]
        rungs = [r for r in rows if r["act"] != "ends" and r["level"] is not None]
        for c in rungs:
            for r in rungs if c["level"] <= 0 else ():
                since, to = r["stated_earliest"], c["stated_earliest"]
                if r["level"] > 0 and since < to and not any(since <= day <= to for day in downs):
                    key = c["stance_id"], c["level_name"]
                    most[key] = max(most.get(key, 0), r["level"])
    for (stance, name), level in most.items():
        yield "stance", stance, "level", name, f"level {level}"


def ends_not_down(t: Rows) -> Iterator[Offender]:
    """A step down names a rung below the highest one since the step down before it."""
    found = defaultdict(list)
    for rows in _by(_deeds(t), "actor_id", "issue_id").values():
        for e in rows:
            if e["act"] != "ends" or e["level"] is None:
                continue
            earlier = [r for r in rows if r["stated_earliest"] < e["stated_earliest"]]
            steps = [r["stated_earliest"] for r in earlier if r["act"] == "ends"]
            if steps:
                last = max(steps)
                earlier = [
                    r
                    for r in earlier
                    if r["stated_earliest"] > last
                    or (r["stated_earliest"] == last and r["act"] == "ends")
                ]
            highest = max((r["level"] for r in earlier if r["level"] is not None), default=None)
            if highest is not None and e["level"] >= highest:
                found[e["stance_id"], e["level_name"]].append(highest)
    for (stance, name), levels in found.items():
        yield "stance", stance, "level", name, f"level {max(levels)}"


def _in_one_month(s: Row) -> bool:
    return bool(s["stated_earliest"].strftime("%Y-%m") == s["stated_latest"].strftime("%Y-%m"))


def _apart(s: Row, o: Row) -> bool:
    """Whether events, speakers of words, or texts of different holders tell two stances apart."""
    words = {s["act"], o["act"]}.isdisjoint(("does", "ends"))
    speakers = {s["speaker_id"], o["speaker_id"]} - {None}
    direct = s["attribution"] == o["attribution"] == "direct"
    return (
        None not in (s["event_id"], o["event_id"])
        or (words and len(speakers) == 2)
        or (direct and s["number"] != o["number"])
    )


def twins(t: Rows) -> Iterator[Offender]:
    """Two documents' stances of one holder on one issue and day name one event."""
    found = defaultdict(set)
    dated = (c for c in counted(t) if c["date_kind"] != "lasting" and _in_one_month(c))
    for rows in _by(dated, "actor_id", "issue_id", "own").values():
        for s in rows:
            for o in rows:
                touch = (
                    o["stated_earliest"] <= s["stated_latest"]
                    and s["stated_earliest"] <= o["stated_latest"]
                )
                first = o["stance_id"] < s["stance_id"] and o["origin_id"] != s["origin_id"]
                deeds = (o["act"] == "ends") != (s["act"] == "ends")
                if first and touch and not deeds and not _apart(s, o):
                    found[s["stance_id"], s["stated_on"]].add(o["stance_id"])
    for (stance, stated_on), others in found.items():
        yield "stance", stance, "event", stated_on, min(others)


def event_undated_day(t: Rows) -> Iterator[Offender]:
    """An event whose stances give its day has that day."""
    for e in t["events"]:
        dated = [
            s for s in t["stances"] if s["event_id"] == e["event_id"] and s["date_kind"] == "day"
        ]
        first = min((s["stance_id"] for s in dated), default=None)
        for s in dated if e["held_kind"] == "uncertain" else ():
            if s["stance_id"] == first:
                yield "event", e["event_id"], "held_on", s["stated_on"], first


def event_source(t: Rows) -> Iterator[Offender]:
    """An event names the source of its date."""
    for e in t["events"]:
        if e["dated_by"] is None and e["source"] is None:
            yield "event", e["event_id"], "dated_by", "", ""


def third_party_event(t: Rows) -> Iterator[Offender]:
    """A position that a third party attributes has no event."""
    for s in t["stances"]:
        if s["attribution"] == "third_party" and s["event_id"] is not None:
            yield "stance", s["stance_id"], "event", s["event_id"], ""


DATED = (
    ("stances", "stance", "stated"),
    ("events", "event", "held"),
    ("documents", "document", "published"),
)


def _in_a_term(t: Rows, s: Row) -> bool:
    """Whether a role of a holder or the target began and ended in the years of a stance."""
    named = {h["actor_id"] for h in t["holders"] if h["stance_id"] == s["stance_id"]}
    years = (s["stated_earliest"].year, s["stated_latest"].year)
    return any(
        r["actor_id"] in {*named, s["target_id"]}
        and None not in (r["valid_from"], r["valid_to"])
        and (r["valid_from"].year, r["valid_to"].year) == years
        for r in t["roles"]
    )


def _span(t: Rows) -> tuple[datetime.date, datetime.date] | None:
    """Find the first and last day of the data: of the coverage, or else of the documents."""
    if t["coverage"]:
        return min(c["covers_from"] for c in t["coverage"]), max(
            c["covers_to"] for c in t["coverage"]
        )
    days = [
        (d[f"published_{end}"], d["document_id"])
        for d in t["documents"]
        for end in ("earliest", "latest")
    ]
    near = {
        year: {document for day, document in days if abs(day.year - year) <= 10}
        for year in {day.year for day, _ in days}
    }
    usual = [day for day, document in days if near[day.year] != {document}]
    found = usual or [day for day, _ in days]
    return (min(found), max(found)) if found else None


def far_year(t: Rows) -> Iterator[Offender]:
    """No year is more than ten years outside the data."""
    if (span := _span(t)) is None:
        return
    first, last = span
    statuses = [
        {**c, "field": f"conditions[{c['number'] - 1}].status_on", "target_id": None}
        for c in t["conditions"]
        if c["status_earliest"] or c["status_latest"]
    ]
    for table, kind, name in (*DATED, ("conditions", "stance", "status")):
        for row in statuses if name == "status" else t[table]:
            days = {
                "stated_earliest": row[f"{name}_earliest"],
                "stated_latest": row[f"{name}_latest"],
            }
            early, late = days.values()
            far = (early and early.year < first.year - 10) or (late and late.year > last.year + 10)
            if far and not (
                kind == "stance" and None not in days.values() and _in_a_term(t, row | days)
            ):
                field = row.get("field", f"{name}_on")
                yield kind, row[f"{kind}_id"], field, row[f"{name}_on"], f"{first} to {last}"


def one_day_set(t: Rows) -> Iterator[Offender]:
    """A set of days has more than one."""
    for table, kind, name in DATED:
        for row in t[table]:
            text = row[f"{name}_on"]
            if text[0] == "[" and row[f"{name}_earliest"] == row[f"{name}_latest"]:
                yield kind, row[f"{kind}_id"], f"{name}_on", text, ""


def condition_status(t: Rows) -> Iterator[Offender]:
    """The status of a condition has a document that says so."""
    for c in t["conditions"]:
        status, document = c["status"], c["status_document_id"]
        told = (status, c["status_on"], document) != (None, None, None)
        if told and None in (status, document):
            field = f"conditions[{c['number'] - 1}].status"
            value = f"{status or 'no status'} of {document or 'no document'}"
            yield "stance", c["stance_id"], field, value, ""


def far_role(t: Rows) -> Iterator[Offender]:
    """No day of a role is more than a hundred years before the data, or ten years after them."""
    yield from _far_days(t, (("roles", "roles[{number}].", "number"),), 100)


def far_actor(t: Rows) -> Iterator[Offender]:
    """No day of an actor, its names and codes is more than five hundred years before the data."""
    lists = (
        ("actor_names", "names[{position}].", "position"),
        ("actor_codes", "codes[{position}].", "position"),
    )
    yield from _far_days(t, (("actors", "", ""), *lists), 500)


def _far_days(t: Rows, tables: Iterable[tuple[str, str, str]], years: int) -> Iterator[Offender]:
    if (span := _span(t)) is None:
        return
    first, last = span
    for table, field, number in tables:
        for r in t[table]:
            for name in ("valid_from", "valid_to"):
                if r[name] and not first.year - years <= r[name].year <= last.year + 10:
                    at = field.format(**{number: r[number] - 1}) if number else ""
                    yield "actor", r["actor_id"], at + name, str(r[name]), f"{first} to {last}"


def status_after_publication(t: Rows) -> Iterator[Offender]:
    """A condition is met, or not, no later than the document that says so was published."""
    for c in t["conditions"]:
        for d in t["documents"] if c["status_latest"] else ():
            says = d["document_id"] == c["status_document_id"]
            if says and c["status_latest"] > d["published_latest"]:
                field = f"conditions[{c['number'] - 1}].status_on"
                yield "stance", c["stance_id"], field, c["status_on"], d["published_on"]


def coding_order(t: Rows) -> Iterator[Offender]:
    """A document is coded blind on or after the day it was published."""
    for c in t["codings"]:
        for d in t["documents"] if c["coded_date"] else ():
            if d["document_id"] == c["document_id"] and c["coded_date"] < d["published_earliest"]:
                record = f"{c['coder']}/{c['document_id']}"
                yield "coding", record, "coded_date", str(c["coded_date"]), d["published_on"]


def role_circle(t: Rows) -> Iterator[Offender]:
    """An actor has no role to itself, and is not a member or part of itself through others."""
    kinds = ("member_of", "part_of")
    within = [r for r in t["roles"] if r["role"] in kinds and overlap(r, r)]
    for r in t["roles"]:
        circle = r in within and _leads_back(within, r["of_actor_id"], r["actor_id"], [r])
        if circle or r["of_actor_id"] == r["actor_id"]:
            field = f"roles[{r['number'] - 1}].of"
            yield "actor", r["actor_id"], field, r["of_actor_id"], r["role"]


def _leads_back(within: list[Row], at: str, to: str, taken: list[Row]) -> bool:
    """Whether roles lead from an actor to another, all on one day with those that were taken."""
    return any(
        r["of_actor_id"] == to or _leads_back(within, r["of_actor_id"], to, [*taken, r])
        for r in within
        if r["actor_id"] == at and r not in taken and all(overlap(r, o) for o in taken)
    )


TRACKING = [
    "fbclid",
    "gclid",
    "gclsrc",
    "gbraid",
    "wbraid",
    "dclid",
    "msclkid",
    "twclid",
    "ttclid",
    "yclid",
    "ysclid",
    "igshid",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "ref_src",
    "_ga",
    "_gl",
]
"""Parameters of addresses that tell how a reader came to a page, beside those of `utm_`."""


def page_of(url: str) -> tuple[str, ...]:
    """Find what names the page of an address: its host, path and route, and its parameters."""
    for mark in "-._~":
        for code in (f"%{ord(mark):02X}", f"%{ord(mark):02x}"):
            url = url.replace(code, mark)
    whole, _, rest = re.sub("^https?://", "", url).partition("#")
    path, _, query = whole.partition("?")
    host, slash, path = path.partition("/")
    host = re.sub("^www[.]", "", host.lower())
    for port in (":80", ":443", ":"):
        if host.endswith(port):
            host = host.removesuffix(port)
            break
    route = rest.partition("#")[0]
    named = [
        parameter
        for parameter in query.split("&")
        if parameter and not parameter.startswith(("utm_", *(f"{name}=" for name in TRACKING)))
    ]
    return (host + (slash + path).rstrip("/"), route if route[:1] in ("!", "/") else "", *named)


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall("[^ \t\n\xa0]+", text.lower()))


def same_document(t: Rows) -> Iterator[Offender]:
    """Two documents differ in their address or text, and in their title, publisher or day."""
    found = defaultdict(set)
    pages = [
        {**d, "page": d["url"] and page_of(d["url"]), "words": (_words(d["title"]), _words(d["publisher"]))}
        for d in t["documents"]
    ]  # fmt: skip
    for field, names in (("url", ("page",)), ("title", ("words", "published_on"))):
        for alike in _by((d for d in pages if field == "title" or d["page"]), *names).values():
            for d, o in itertools.permutations(alike, 2):
                known = None not in (d["sha256"], o["sha256"])
                if (
                    o["document_id"] < d["document_id"]
                    and o["origin_id"] != d["origin_id"]
                    and not known
                ):
                    found[d["document_id"]].add((field, o["document_id"]))
    for document, pairs in found.items():
        field = max(field for field, _ in pairs)
        value = "the same address" if field == "url" else "the same title, publisher and day"
        yield "document", document, field, value, min(other for _, other in pairs)


def coder_known(t: Rows) -> Iterator[Offender]:
    """The coder of a document, or of a blind coding, is a coder of the codebook."""
    known = ids(t, "coders.coder")
    for s in t["second_stances"]:
        if s["coder"] not in known | ids(t, "codings.coder"):
            yield "blind", f"{s['coder']}/{s['stance_id']}", "coder", s["coder"], ""
    for d in t["documents"]:
        if d["coder"] not in known:
            yield "document", d["document_id"], "coder", d["coder"], ""


def coder_kind(t: Rows) -> Iterator[Offender]:
    """A coder is a person or a language model."""
    for c in t["coders"]:
        if c["kind"] not in ("person", "language_model"):
            field = f"coders[{c['position'] - 1}].kind"
            yield "codebook", "codebook", field, c["kind"] or "no kind", ""


def ascriber_first(t: Rows) -> Iterator[Offender]:
    """The actor that attributes a stance is the first of those that do."""
    places = defaultdict(list)
    for a in t["ascribers"]:
        places[a["stance_id"]].append((a["position"], a["actor_id"]))
    for s in t["stances"]:
        first = min(places[s["stance_id"]], default=(0, None))[1]
        if first != s["attributed_by_id"]:
            names = [name or "nobody" for name in (s["attributed_by_id"], first)]
            yield "stance", s["stance_id"], "attributed_by", names[0], names[1]


def coverage_order(t: Rows) -> Iterator[Offender]:
    """A corpus does not end before it begins."""
    for c in t["coverage"]:
        if c["covers_to"] < c["covers_from"]:
            yield "coverage", c["coverage_id"], "covers_to", str(c["covers_to"]), ""


def name_dates(t: Rows) -> Iterator[Offender]:
    """A name begins before it ends."""
    for n in t["actor_names"]:
        if None not in (n["valid_from"], n["valid_to"]) and n["valid_to"] < n["valid_from"]:
            field = f"names[{n['position'] - 1}].valid_to"
            yield "actor", n["actor_id"], field, str(n["valid_to"]), ""


def name_preferred(t: Rows) -> Iterator[Offender]:
    """The name of an actor is its only preferred name."""
    preferred = defaultdict(list)
    for n in t["actor_names"]:
        if n["kind"] == "preferred":
            preferred[n["actor_id"]].append(n)
    for a in t["actors"]:
        others = [n for n in preferred[a["actor_id"]] if n["name"] != a["name"]]
        for n in others:
            yield "actor", a["actor_id"], f"names[{n['position'] - 1}].kind", n["name"], a["name"]
        if not preferred[a["actor_id"]]:
            yield "actor", a["actor_id"], "names", "none", a["name"]


def silent_stance(t: Rows) -> Iterator[Offender]:
    """A speaker listed as silent at an event has neither a stance nor a document there."""
    said = defaultdict(set)
    for c in counted(t):
        said[c["event_id"], c["actor_id"]].add(c["stance_id"])
    for d in t["documents"]:
        for a in t["document_authors"]:
            if a["document_id"] == d["document_id"] and d["status"] != "withdrawn":
                said[d["event_id"], a["actor_id"]].add(d["document_id"])
    numbers = defaultdict(list)
    for p in t["silent_speakers"]:
        numbers[p["coverage_id"], p["event_id"], p["actor_id"]].append(p["position"])
    for (coverage, event, actor), listed in numbers.items():
        if found := said[event, actor]:
            field = f"silent[{min(listed) - 1}]"
            yield "coverage", coverage, field, f"{actor} at {event}", min(found)


def retrieved_order(t: Rows) -> Iterator[Offender]:
    """A text is retrieved after it was published and before it is coded."""
    for d in t["documents"]:
        day = d["retrieved_on"]
        if day is not None and not d["published_earliest"] <= day <= d["coded_date"]:
            limits = f"{d['published_on']} to {d['coded_date']}"
            yield "document", d["document_id"], "retrieved_on", str(day), limits
