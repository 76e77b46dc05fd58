"""Rules that join tables and came with schema 2, in polars: each a query for the rows that break it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl
from polars import col

Frames = Mapping[str, pl.LazyFrame]
Queries = Iterator[tuple[str, pl.LazyFrame]]
_PAIR = ["actor_id", "issue_id"]
_ENDS = col("act") == "ends"


def joins(frames: Frames) -> Queries:
    """Iterate over the rules with a query for their offenders."""
    yield "coder_known", frames["documents"].join(frames["coders"], on="coder", how="anti")
    yield "name_preferred", _misnamed(frames)
    yield "ascriber_first", _ascribed_otherwise(frames)
    yield "direct_author", _direct_elsewhere(frames)
    yield "event_undated_day", _undated(frames)
    yield "far_year", _far(frames)
    yield "far_role", _far_days(frames, ("roles",), 100)
    yield "far_actor", _far_days(frames, ("actors", "actor_names", "actor_codes"), 500)
    yield "coding_order", _coded_early(frames)
    yield "status_after_publication", _known_late(frames)
    yield "silent_stance", _heard(frames)
    yield "twins", _twins(frames)
    yield "same_document", _same(frames)
    yield "role_circle", _circles(frames)
    yield from _deeds(frames)


def _misnamed(frames: Frames) -> pl.LazyFrame:
    """Find actors whose name is not their only preferred one."""
    preferred = frames["actor_names"].filter(col("kind") == "preferred").select("actor_id", "name")
    mine = frames["actors"].select("actor_id", "name")
    other = mine.join(preferred, on="actor_id").filter(col("name") != col("name_right"))
    lacking = mine.join(preferred, on=["actor_id", "name"], how="anti")
    return pl.concat([other.select("actor_id"), lacking.select("actor_id")]).unique()


def _ascribed_otherwise(frames: Frames) -> pl.LazyFrame:
    """Find stances whose `attributed_by_id` is not their first ascriber."""
    firsts = frames["ascribers"].sort("position", "actor_id").group_by("stance_id").first()
    both = frames["stances"].join(firsts, on="stance_id", how="left")
    return both.filter(~col("attributed_by_id").eq_missing(col("actor_id")))


def _direct_elsewhere(frames: Frames) -> pl.LazyFrame:
    """Find direct stances of parties that are not among the authors, nor is a speaker or meeting."""
    authors = frames["document_authors"].select("document_id", "actor_id")
    direct = frames["stances"].filter(col("attribution") == "direct").select(
        "stance_id", "document_id", "speaker_id", "event_id"
    )  # fmt: skip
    parties = frames["holders"].filter(col("role") == "party").select("stance_id", "actor_id")
    beside = direct.join(parties, on="stance_id").join(
        authors, on=["document_id", "actor_id"], how="anti"
    )
    voiced = direct.join(
        authors, left_on=["document_id", "speaker_id"], right_on=["document_id", "actor_id"],
        how="semi",
    )  # fmt: skip
    bodies = frames["actors"].filter(col("kind").is_in(["meeting", "organisation"]))
    met = frames["documents"].select("document_id", "event_id").join(
        authors.join(bodies, on="actor_id", how="semi"), on="document_id"
    )  # fmt: skip
    there = direct.join(met, on=["document_id", "event_id"], how="semi")
    clear = pl.concat([part.select("stance_id") for part in (voiced, there)])
    return beside.select("stance_id").unique().join(clear, on="stance_id", how="anti")


def _undated(frames: Frames) -> pl.LazyFrame:
    """Find events without a day whose stances give one."""
    dated = frames["stances"].filter(col("date_kind") == "day")
    return frames["events"].filter(col("held_kind") == "uncertain").join(
        dated, on="event_id", how="semi"
    )  # fmt: skip


def _far(frames: Frames) -> pl.LazyFrame:
    """Find records more than ten years outside the span of the data."""
    parts = (
        *(("stances", "stated"), ("events", "held"), ("documents", "published")),
        ("conditions", "status"),
    )
    dated = pl.concat(
        frames[table].select(
            earliest=col(f"{name}_earliest").dt.year(), latest=col(f"{name}_latest").dt.year()
        )
        for table, name in parts
    )
    far = (col("earliest") < col("first") - 10) | (col("latest") > col("last") + 10)
    return dated.join(_span(frames), how="cross").filter(far)


def _far_days(frames: Frames, tables: tuple[str, ...], before: int) -> pl.LazyFrame:
    """Find days of validity more than so many years before the data, or ten years after them."""
    days = pl.concat(
        frames[table].select(year=col(end).dt.year())
        for table in tables
        for end in ("valid_from", "valid_to")
    )
    far = (col("year") < col("first") - before) | (col("year") > col("last") + 10)
    return days.join(_span(frames), how="cross").filter(far)


def _coded_early(frames: Frames) -> pl.LazyFrame:
    """Find blind codings of a day before their document was published."""
    published = frames["documents"].select("document_id", "published_earliest")
    coded = frames["codings"].select("document_id", "coded_date")
    both = coded.join(published, on="document_id")
    return both.filter(col("coded_date") < col("published_earliest"))


def _known_late(frames: Frames) -> pl.LazyFrame:
    """Find statuses of conditions of a day after their document was published."""
    published = frames["documents"].select("document_id", "published_latest")
    stated = frames["conditions"].select("status_document_id", "status_latest")
    both = stated.join(published, left_on="status_document_id", right_on="document_id")
    return both.filter(col("status_latest") > col("published_latest"))


def _span(frames: Frames) -> pl.LazyFrame:
    """Return the first and last year of the coverage, or else of the days of publication."""
    covered = frames["coverage"].select(first=col("covers_from").min(), last=col("covers_to").max())
    published = frames["documents"].select(
        first=col("published_earliest").min(), last=col("published_latest").max()
    )
    return pl.concat([covered, published]).select(
        col(n).drop_nulls().first().dt.year() for n in ("first", "last")
    )


def _counted(frames: Frames) -> pl.LazyFrame:
    """Return the stances that count, once for each party."""
    standing = frames["documents"].filter(col("status").ne_missing("withdrawn"))
    parties = frames["holders"].filter(col("role") == "party").select("stance_id", "actor_id")
    stances = frames["stances"].filter(
        (col("attribution") != "third_party") & col("quantifier").is_null()
    )
    return stances.join(parties, on="stance_id").join(
        standing.select("document_id", "origin_id"), on="document_id"
    )


def _heard(frames: Frames) -> pl.LazyFrame:
    """Find silent speakers that have a stance or a document at the event."""
    authors = frames["document_authors"].select("document_id", "actor_id")
    texts = frames["documents"].filter(col("status").ne_missing("withdrawn"))
    said = pl.concat([
        _counted(frames).select("event_id", "actor_id"),
        texts.join(authors, on="document_id").select("event_id", "actor_id"),
    ])  # fmt: skip
    return frames["silent_speakers"].join(said, on=["event_id", "actor_id"], how="semi")


def _twins(frames: Frames) -> pl.LazyFrame:
    """Find stances that may be one utterance with another document's."""
    sizes = frames["holders"].group_by("stance_id").len("size")
    month = [col(name).dt.truncate("1mo") for name in ("stated_earliest", "stated_latest")]
    known = _counted(frames).filter((col("date_kind") != "lasting") & (month[0] == month[1])).join(
        sizes, on="stance_id"
    ).select(
        *_PAIR, "stance_id", "origin_id", "event_id", "stated_earliest", "stated_latest",
        own=col("size") == 1, ends=_ENDS, month=month[0], size="size", direct=col("attribution") == "direct",
        speaker=pl.when(~col("act").is_in(["does", "ends"])).then("speaker_id"),
    )  # fmt: skip
    pairs = known.join(known, on=[*_PAIR, "own", "ends", "month"])
    return pairs.filter(
        (col("stance_id_right") < col("stance_id"))
        & (col("origin_id_right") != col("origin_id"))
        & (col("stated_earliest_right") <= col("stated_latest"))
        & (col("stated_earliest") <= col("stated_latest_right"))
        & (col("event_id").is_null() | col("event_id_right").is_null())
        & (col("speaker") == col("speaker_right")).fill_null(True)
        & ~(col("direct") & col("direct_right") & (col("size") != col("size_right")))
    ).unique("stance_id")


def _same(frames: Frames) -> pl.LazyFrame:
    """Find documents of one address, or of one title, publisher and day, without both texts."""
    documents = frames["documents"].select(
        "document_id",
        "origin_id",
        "published_on",
        title=_bare(col("title")),
        publisher=_bare(col("publisher")),
        address=col("url")
        .str.replace(r"^https?://(www\.)?", "")
        .str.replace(r"#.*$", "")
        .str.replace_all(r"&*utm_[^&]*", "")
        .str.strip_chars_end("?/"),
        text=col("sha256").is_not_null(),
    )
    again = (
        (col("document_id_right") < col("document_id"))
        & (col("origin_id_right") != col("origin_id"))
        & ~(col("text") & col("text_right"))
    )
    found = []
    for key in (["address"], ["title", "publisher", "published_on"]):
        alike = documents.select("document_id", "origin_id", "text", *key)
        found.append(alike.join(alike, on=key).filter(again).select("document_id"))
    return pl.concat(found).unique()


def _bare(text: pl.Expr) -> pl.Expr:
    """Write a text in small letters, with single spaces."""
    return text.str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars()


def _circles(frames: Frames) -> pl.LazyFrame:
    """Find roles of actors to themselves, and parts that are wholes of their wholes."""
    key = ["actor_id", "number"]
    own = frames["roles"].filter(col("of_actor_id") == col("actor_id"))
    parts = frames["roles"].filter(col("role").is_in(["member_of", "part_of"])).select(
        *key, "of_actor_id", "valid_from", "valid_to"
    )  # fmt: skip
    back = parts.join(
        parts, left_on=["of_actor_id", "actor_id"], right_on=["actor_id", "of_actor_id"]
    ).filter(
        (col("valid_from") <= col("valid_to_right")).fill_null(True)
        & (col("valid_from_right") <= col("valid_to")).fill_null(True)
    )
    return pl.concat([own.select(key), back.select(key)]).unique()


def _deeds(frames: Frames) -> Queries:
    kinds = frames["issues"].select("issue_id", issue_kind=col("kind").fill_null("words"))
    words = kinds.filter(col("issue_kind") != "deeds")
    yield "ends_words", frames["stances"].filter(_ENDS).join(words, on="issue_id", how="semi")
    deeds = kinds.filter(col("issue_kind") == "deeds")
    counted = _counted(frames).join(deeds, on="issue_id", how="semi").select(
        *_PAIR, "stance_id", "act", "level", day="stated_earliest"
    )  # fmt: skip
    yield "none_without_ends", _fallen(counted)
    yield "ends_not_down", _not_down(counted)


def _fallen(counted: pl.LazyFrame) -> pl.LazyFrame:
    """Find levels of zero or less after a rung that no step down took back."""
    rungs = counted.filter(~_ENDS & (col("level") > 0))
    pairs = counted.filter(~_ENDS & (col("level") <= 0)).join(rungs, on=_PAIR)
    pairs = pairs.filter(col("day_right") < col("day"))
    ends = counted.filter(_ENDS).select(*_PAIR, ended="day")
    back = pairs.join(ends, on=_PAIR).filter(col("ended").is_between("day_right", "day"))
    return pairs.join(back, on=["actor_id", "stance_id", "stance_id_right"], how="anti")


def _not_down(counted: pl.LazyFrame) -> pl.LazyFrame:
    """Find steps down to a rung that is not below the highest since the step down before."""
    ends = counted.filter(_ENDS)
    earlier = ends.join(ends.select(*_PAIR, before="day"), on=_PAIR).filter(
        col("before") < col("day")
    )
    key = ["actor_id", "stance_id"]
    steps = ends.join(earlier.group_by(key).agg(col("before").max()), on=key, how="left")
    pairs = steps.join(counted, on=_PAIR).filter(col("day_right") < col("day"))
    since = (col("day_right") > col("before")).fill_null(True)
    step = (col("day_right") == col("before")) & (col("act_right") == "ends")
    highest = pairs.filter(since | step).group_by([*key, "level"]).agg(col("level_right").max())
    return highest.filter(col("level") >= col("level_right"))
