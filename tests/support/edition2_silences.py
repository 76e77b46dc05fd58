"""The oracle's silences: section 3.9 of the specification of edition 2, in naive Python."""

from __future__ import annotations

from dataclasses import dataclass

from tests.support.edition2_records import Day, Document, Records, Row, Stance

Key = tuple[str, str]  # ("event", its id) or ("document", its id)


@dataclass(frozen=True)
class Occasion:
    """A speaker's occasion: its documents there, and whether a list has it as a speaker."""

    actor_id: str
    key: Key
    text: str
    earliest: Day
    latest: Day
    documents: tuple[Document, ...]
    lists: tuple[str, ...]  # The ids of the coverage that list it as silent there.

    @property
    def known(self) -> bool:
        """Whether everything of the speaker there was read whole."""
        return all(document.read == "whole" for document in self.documents)


def key_of(document: Document) -> Key:
    """Return the occasion's key of a document."""
    if document.event_id is not None:
        return ("event", document.event_id)
    return ("document", document.document_id)


def occasions(data: Records) -> list[Occasion]:
    """List all speakers' occasions."""
    written = [
        (author, key_of(document))
        for document in data.documents
        if document.status != "withdrawn"
        for author in document.authors
    ]
    listed = [
        (actor_id, ("event", event_id))
        for coverage in data.coverage
        for event_id, actor_id in coverage.silent
    ]
    return [occasion(data, actor_id, key) for actor_id, key in sorted({*written, *listed})]


def occasion(data: Records, actor_id: str, key: Key) -> Occasion:
    """Gather what is known of a speaker on an occasion."""
    kind, record_id = key
    when = data.event(record_id).held if kind == "event" else data.document(record_id).published
    documents = tuple(
        document
        for document in data.documents
        if document.status != "withdrawn"
        and actor_id in document.authors
        and key_of(document) == key
    )
    lists = tuple(
        coverage.coverage_id
        for coverage in data.coverage
        if kind == "event" and (record_id, actor_id) in coverage.silent
    )
    return Occasion(actor_id, key, when.text, when.earliest, when.latest, documents, lists)


def speaks(stance: Stance, actor_id: str, issue_id: str) -> bool:
    """Tell whether a stance breaks the silence of an actor on an issue."""
    return (
        stance.issue_id == issue_id
        and (actor_id, "party") in stance.holders
        and stance.attribution != "third_party"
        and stance.quantifier is None
    )


def is_silent(data: Records, one: Occasion, issue_id: str) -> bool:
    """Tell whether the speaker is known to have said nothing on the issue there."""
    if not one.known:
        return False
    its_own = {document.document_id for document in one.documents}
    return not any(
        speaks(stance, one.actor_id, issue_id)
        and (
            stance.document_id in its_own
            or (stance.event_id is not None and ("event", stance.event_id) == one.key)
        )
        for stance in data.stances
    )


def silent_occasions(data: Records) -> dict[tuple[str, str], list[Occasion]]:
    """List the occasions on which each actor was silent on each issue."""
    found: dict[tuple[str, str], list[Occasion]] = {}
    for one in occasions(data):
        for issue in data.issues:
            if is_silent(data, one, issue.issue_id):
                found.setdefault((one.actor_id, issue.issue_id), []).append(one)
    return found


def silence(
    data: Records,
    issue: str,
    holder: str | None = None,
    coverage: str | None = None,
    start: Day | None = None,
    end: Day | None = None,
) -> list[Row]:
    """Return one row for each silent speaker's occasion, with how many spoke and were silent."""
    known = [one for one in occasions(data) if one.known]
    rows = []
    for one in known:
        there = [other for other in known if other.key == one.key]
        row = {
            "actor_id": one.actor_id,
            "actor_name": data.actor(one.actor_id).name,
            "issue_id": issue,
            "event_id": one.key[1] if one.key[0] == "event" else None,
            "document_id": min((d.document_id for d in one.documents), default=None),
            "coverage_id": coverage_of(one),
            "earliest": one.earliest,
            "latest": one.latest,
            "spoke": len(there),
            "silent": len([other for other in there if is_silent(data, other, issue)]),
        }
        if (
            is_silent(data, one, issue)
            and holder in (None, one.actor_id)
            and coverage in (None, row["coverage_id"])
            and (start is None or start <= one.latest)
            and (end is None or one.latest <= end)
        ):
            rows.append(row)
    return rows


def coverage_of(one: Occasion) -> str | None:
    """Return the smallest id of the coverage to which the occasion's documents and lists belong."""
    documents = [d.coverage_id for d in one.documents if d.coverage_id is not None]
    return min([*documents, *one.lists], default=None)


def document_silences(data: Records) -> list[Row]:
    """Return each document read whole, author and issue on which it has no stance of the author."""
    return [
        {
            "document_id": document.document_id,
            "actor_id": author,
            "issue_id": issue.issue_id,
        }
        for document in data.documents
        if document.read == "whole" and document.status != "withdrawn"
        for author in document.authors
        for issue in data.issues
        if not any(
            speaks(stance, author, issue.issue_id)
            for stance in data.stances
            if stance.document_id == document.document_id
        )
    ]
