"""Rules that join tables, in polars: each a query for the rows that break it.

Rows that cannot break a rule are filtered out before the join.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl
from polars import col

from benchmarks.work import check_schema_2

Frames = Mapping[str, pl.LazyFrame]
Queries = Iterator[tuple[str, pl.LazyFrame]]


def joins(frames: Frames) -> Queries:
    """Iterate over the rules with a query for their offenders."""
    for part in (_children, _documents, _holders, _roles, _events, _actors, _listed_twice):
        yield from part(frames)
    yield from check_schema_2.joins(frames)


def _children(frames: Frames) -> Queries:
    stances = frames["stances"].select("stance_id")
    for name in ("holders", "ascribers", "stance_aspects", "conditions", "evidence"):
        yield "orphan", frames[name].select("stance_id").join(stances, on="stance_id", how="anti")
    for name, rule in (("holders", "no_holder"), ("evidence", "no_evidence")):
        there = frames[name].select("stance_id")
        yield rule, stances.join(there, on="stance_id", how="anti")
    levels = frames["levels"].select("issue_id", "level_name", "level")
    clear = (col("level_name") == "ambiguous") & col("level").is_null()
    yield (
        "level",
        frames["stances"]
        .filter(~clear)
        .join(levels, on=levels.collect_schema().names(), how="anti"),
    )
    aspects = frames["stance_aspects"].join(
        frames["stances"].select("stance_id", "issue_id"), on="stance_id"
    )
    yield "aspect", aspects.join(frames["aspects"], on=["issue_id", "aspect"], how="anti")


def _documents(frames: Frames) -> Queries:
    stances, documents, evidence = (frames[n] for n in ("stances", "documents", "evidence"))
    ids = documents.select("document_id")
    for name in ("stances", "evidence", "document_authors"):
        yield "orphan", frames[name].select("document_id").join(ids, on="document_id", how="anti")
    for name, column in (("documents", "derived_from"), ("participants", "document_id"), ("events", "dated_by"),
                         ("roles", "document_id"), ("conditions", "status_document_id")):  # fmt: skip
        named = frames[name].filter(col(column).is_not_null())
        yield "reference", named.join(ids, left_on=column, right_on="document_id", how="anti")
    dated = stances.filter(col("dated_by").is_not_null() & (col("dated_by") != "published_on"))
    yield "dated_by", dated.join(ids, left_on="dated_by", right_on="document_id", how="anti")
    published = documents.select("document_id", "published_latest")
    both = stances.select("document_id", "stated_latest").join(published, on="document_id")
    yield "stated_after_publication", both.filter(col("stated_latest") > col("published_latest"))
    texts = documents.select("document_id", "characters", text=col("sha256").is_not_null())
    spans = evidence.select("document_id", "span_start", "span_end").join(texts, on="document_id")
    yield "span_end", spans.filter(col("span_end") > col("characters"))
    yield "span_text", spans.filter(col("span_start").is_not_null() & ~col("text"))
    digests = documents.filter(col("sha256").is_not_null()).group_by("sha256").len()
    yield "same_text", digests.filter(col("len") > 1)
    origins = documents.select(origin_id="document_id", back="derived_from")
    yield (
        "derived_cycle",
        documents.join(origins, on="origin_id").filter(col("back") == col("document_id")),
    )


def _holders(frames: Frames) -> Queries:
    stances, holders = frames["stances"], frames["holders"].select("stance_id", "actor_id", "role")
    ascribed = stances.filter(col("attributed_by_id").is_not_null())
    yield (
        "attributed_by_holder",
        ascribed.select("stance_id", actor_id="attributed_by_id").join(
            holders, on=["stance_id", "actor_id"], how="semi"
        ),
    )
    parties = holders.filter(col("role") == "party").select("stance_id", "actor_id")
    apart = holders.filter(col("role") == "dissociates")
    yield "dissociates_alone", apart.join(parties, on="stance_id", how="anti")
    members = frames["roles"].filter(col("role") == "member_of").select(
        "actor_id", "of_actor_id", "valid_from", "valid_to"
    )  # fmt: skip
    whole = parties.join(members, left_on="actor_id", right_on="of_actor_id", how="semi")
    beside = whole.rename({"actor_id": "of_actor_id"}).join(parties, on="stance_id")
    days = stances.select("stance_id", "stated_earliest", "stated_latest")
    both = beside.join(members, on=["actor_id", "of_actor_id"]).join(days, on="stance_id")
    yield "member_with_bloc", both.filter(_on_those_days())


def _on_those_days() -> pl.Expr:
    begun = col("valid_from").is_null() | (col("valid_from") <= col("stated_latest"))
    return begun & (col("valid_to").is_null() | (col("valid_to") >= col("stated_earliest")))


def _roles(frames: Frames) -> Queries:
    voices = frames["roles"].filter(col("role") == "speaks_for").select(
        "valid_from", "valid_to", speaker_id="actor_id", actor_id="of_actor_id"
    )  # fmt: skip
    spoken = frames["stances"].filter(col("speaker_id").is_not_null()).select(
        "stance_id", "speaker_id", "stated_earliest", "stated_latest"
    )  # fmt: skip
    held = spoken.join(frames["holders"].select("stance_id", "actor_id"), on="stance_id")
    office = held.join(voices, on=["speaker_id", "actor_id"]).filter(_on_those_days())
    own = held.filter(col("actor_id") == col("speaker_id"))
    clear = pl.concat([office.select("stance_id"), own.select("stance_id")])
    yield "speaker_role", spoken.join(clear, on="stance_id", how="anti")
    key = ["actor_id", "role", "of_actor_id", "title"]
    roles = frames["roles"].with_columns(col("title").fill_null(""))
    pairs = roles.join(roles, on=key).filter(col("number_right") < col("number"))
    yield "role_overlap", pairs.filter(_overlap())
    blocs = frames["actors"].filter(col("kind") == "bloc")
    members = frames["roles"].filter(col("role") == "member_of")
    yield (
        "bloc_members",
        blocs.join(members, left_on="actor_id", right_on="of_actor_id", how="anti"),
    )


def _overlap() -> pl.Expr:
    """Whether two time spans overlap; null ends are open."""
    one = col("valid_from_right").le(col("valid_to")).fill_null(True)
    return one & col("valid_from").le(col("valid_to_right")).fill_null(True)


def _events(frames: Frames) -> Queries:
    days = frames["events"].select("event_id", "held_earliest", "held_latest")
    tied = frames["stances"].filter(col("event_id").is_not_null()).select(
        "event_id", "stated_earliest", "stated_latest"
    ).join(days, on="event_id")  # fmt: skip
    late = col("stated_earliest") > col("held_latest")
    yield "outside_event", tied.filter((col("stated_latest") < col("held_earliest")) | late)
    votes = frames["participants"].filter(
        col("role").is_in(["voted_for", "voted_against", "abstained"])
    )
    at_a_vote = frames["events"].filter(col("kind") == "vote")
    known = votes.join(frames["events"], on="event_id", how="semi")
    yield "vote_event", known.join(at_a_vote, on="event_id", how="anti")
    twice = votes.group_by("event_id", "actor_id", "document_id").len()
    yield "vote_twice", twice.filter(col("len") > 1)


def _actors(frames: Frames) -> Queries:
    actors, names, codes = (frames[n] for n in ("actors", "actor_names", "actor_codes"))
    named = pl.concat([t.select("actor_id", "name") for t in (names, actors)]).unique()
    yield "name_shared", named.group_by("name").len().filter(col("len") > 1)
    pairs = codes.join(codes, on=["scheme", "code"])
    yield "code_shared", pairs.filter((col("actor_id") != col("actor_id_right")) & _overlap())
    ids = [frames[f"{n}s"].select(id=f"{n}_id") for n in ("actor", "event", "document")]
    yield "id_shared", ids[1].join(ids[0], on="id", how="semi")
    yield "id_shared", ids[2].join(pl.concat(ids[:2]), on="id", how="semi")
    roles, participants = frames["roles"], frames["participants"]
    stances, documents = frames["stances"], frames["documents"]
    wholes = roles.filter(col("role").is_in(["member_of", "part_of"]))
    used = [frames["holders"].select("actor_id"), roles.select(actor_id="of_actor_id"),
            wholes.select("actor_id"), participants.select("actor_id"),
            participants.select(actor_id="represented_by"),
            *(stances.select(actor_id=c) for c in ("speaker_id", "attributed_by_id", "target_id")),
            *(named.join(documents, left_on="name", right_on=c, how="semi").select("actor_id")
              for c in ("publisher", "author"))]  # fmt: skip
    yield (
        "unused_actor",
        actors.join(pl.concat(u.unique() for u in used), on="actor_id", how="anti"),
    )


_TWICE = {
    "actor_names": ["actor_id", "name"], "actor_codes": ["actor_id", "scheme", "code"],
    "holders": ["stance_id", "actor_id"], "stance_aspects": ["stance_id", "aspect"],
    "levels": ["issue_id", "level_name"], "aspects": ["issue_id", "aspect"],
    "vocabulary": ["field", "value"], "issues": ["issue_id"], "actors": ["actor_id"],
    "events": ["event_id"], "documents": ["document_id"], "stances": ["stance_id"],
    "exemptions": ["record_id", "rule"], "ascribers": ["stance_id", "actor_id"],
    "document_authors": ["document_id", "actor_id"], "evidence": ["stance_id", "span_start", "span_end"],
}  # fmt: skip


def _listed_twice(frames: Frames) -> Queries:
    for name, key in _TWICE.items():
        rows = frames[name].select(key)
        rows = rows.filter(col("span_start").is_not_null()) if name == "evidence" else rows
        yield "duplicate", rows.group_by(key).len().filter(col("len") > 1)
