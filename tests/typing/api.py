"""Code as users write it: checked by mypy and pyright (`nox -s types`), never run.

Every public name is used, and every class as a type, so that a name without one cannot be
published. `assert_type` holds what a call gives.
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import assert_type

import stancedata as sd


def opening(path: Path) -> sd.Dataset:
    """Open data and check them."""
    assert_type(sd.__version__, str)
    assert_type(sd.load(), sd.Dataset)
    assert_type(sd.load("0.1.0"), sd.Dataset)
    assert_type(sd.complete(path), dict[str, int])
    problems = sd.check(path, history=True, corpus="texts", without=["natural_key"])
    assert_type(problems, list[sd.Problem])
    return sd.read(path)


def records(ds: sd.Dataset) -> None:
    """Look up records by id."""
    assert_type(ds.actors["northland"], sd.Actor)
    assert_type(ds.issues["recognition"], sd.Issue)
    assert_type(ds.documents["daily-post"], sd.Document)
    assert_type(ds.events["summit"], sd.Event)
    assert_type(ds.stances["daily-post#s01"], sd.Stance)
    assert_type(ds.release, sd.Release | None)
    assert_type([stance.summary for stance in ds.stances.values()], list[str])


def questions(ds: sd.Dataset) -> None:
    """Ask where actors stand."""
    assert_type(
        ds.position("northland", "recognition", on=datetime.date(2021, 10, 20)), sd.Position | None
    )
    assert_type(ds.position("northland", "recognition", on="2021-10-20"), sd.Position | None)
    assert_type(ds.history("northland"), tuple[sd.Position, ...])
    assert_type(ds.members("the-bloc"), tuple[sd.Actor, ...])
    assert_type(ds.matrix(), sd.Result)
    assert_type(ds.matrix().head(), sd.Result)
    assert_type(ds.reliability(), sd.Reliability)
    assert_type(ds.known_at("0.1.0"), sd.Dataset)
    assert_type(ds.diff("0.1.0"), sd.Changes)
    assert_type(ds.verify("texts"), sd.Verification)
    assert_type(ds.digest, str)
    _rows: int = ds.sql("SELECT count(*) AS stances FROM stances").num_rows
    assert_type(ds.export("out", formats=["parquet", "csv"]), list[Path])


def of_an_answer(answer: sd.Result) -> int:
    """Count the first rows."""
    return answer.head(2).num_rows


def of_an_actor(actor: sd.Actor) -> str | None:
    """Read a code."""
    return actor.code("iso3166-1-alpha3")


def of_an_issue(issue: sd.Issue, level: sd.Level) -> bool:
    """Find a level."""
    return issue.core and level in issue.levels


def of_a_document(document: sd.Document) -> datetime.date:
    """Read the first day on which it may have been published."""
    return document.published_on.earliest


def of_an_event(event: sd.Event) -> list[str]:
    """List who took part."""
    return [participation.actor_id for participation in event.participants]


def of_a_stance(stance: sd.Stance, holder: sd.Holder, condition: sd.Condition) -> str:
    """Put a stance into words."""
    assert_type(stance.level, int | None)
    assert_type(condition.issue_id, str | None)
    return f"{holder.actor_id} {stance.level_name} if {condition.condition}"


def of_evidence(evidence: sd.Evidence, corpus: sd.Corpus) -> str:
    """Quote the words."""
    return evidence.quote(corpus)


def of_a_position(position: sd.Position, stated: sd.StatedDate) -> bool:
    """Compare days."""
    return position.stated_on.latest <= stated.latest


def of_a_codebook(codebook: sd.Codebook) -> tuple[sd.Issue, ...]:
    """List the issues."""
    return codebook.issues


def of_a_release(release: sd.Release, changes: sd.Changes, change: sd.Change) -> str:
    """Say how much changed."""
    return f"{release.release}: {len(changes)} changes, {change.record_id} {change.operation}"


def of_reliability(reliability: sd.Reliability) -> tuple[str, ...]:
    """List the coders."""
    return reliability.coders


def of_verification(verification: sd.Verification) -> int:
    """Count the spans that were not found."""
    return verification.spans - verification.verified


def of_errors(
    any_of_ours: sd.StancedataError,
    invalid: sd.InvalidDataError,
    unknown: sd.UnknownIdError,
    date: sd.DateError,
    problem: sd.Problem,
) -> list[Exception]:
    """Handle every error of the library."""
    assert_type(problem.message, str)
    for found in invalid.problems:
        assert_type(found, sd.Problem)
    return [any_of_ours, invalid, unknown, date]


def by_other_names() -> tuple[str, ...]:
    """Use the modules that documentation names."""
    assert callable(sd.spark.open_frames)
    return tuple(table.name for table in sd.contract.TABLES)
