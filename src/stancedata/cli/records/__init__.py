"""Format one record for `stancedata show`."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import attrs

from stancedata.cli.records.actors import actor_text, issue_text
from stancedata.cli.records.documents import document_text, stance_text
from stancedata.cli.records.events import event_text
from stancedata.model.corpus import Corpus
from stancedata.model.dates import StatedDate
from stancedata.problems import UnknownIdError

if TYPE_CHECKING:
    from stancedata.dataset import Dataset


KINDS = ("stance", "event", "document", "actor", "issue", "blind_stance")
"""The kinds of records, by the names of their collections."""


def show(dataset: Dataset, record_id: str, corpus: Corpus | None = None) -> str:
    """Format everything known about a stance, document, event, actor or issue.

    Args:
        dataset: The dataset to look in.
        record_id: Its id; if records of two kinds share it, both are shown.
        corpus: Texts from which the words of a stance are quoted.

    Raises:
        UnknownIdError: If no record has that id; the message suggests the nearest one.
    """
    makers: dict[str, Callable[[Dataset, Any], str]] = {
        "event": event_text,
        "document": document_text,
        "actor": actor_text,
        "issue": issue_text,
    }
    found = []
    for noun in KINDS:
        records = getattr(dataset, f"{noun}s")
        if record_id in records:
            make = makers.get(noun) or functools.partial(stance_text, corpus=corpus)
            found.append(make(dataset, records[record_id]))
    return "\n\n".join(found) or actor_text(dataset, dataset.actors[_resolved(dataset, record_id)])


def record_json(dataset: Dataset, record_id: str) -> str:
    """Serialize every record with an id, or the actor with a name, as a JSON array."""
    import json

    kinds = {noun: getattr(dataset, f"{noun}s") for noun in KINDS}
    found = [
        {"record": noun, **attrs.asdict(kind[record_id], value_serializer=_plain)}
        for noun, kind in kinds.items()
        if record_id in kind
    ]
    if not found:
        actor = dataset.actors[_resolved(dataset, record_id)]
        found = [{"record": "actor", **attrs.asdict(actor, value_serializer=_plain)}]
    return json.dumps(found, ensure_ascii=False, indent=1)


def _plain(_: Any, __: Any, value: Any) -> Any:
    """Return days as text, and dates of an occasion as they are written."""
    if isinstance(value, StatedDate):
        return {"text": value.text, "kind": value.kind}
    return value.isoformat() if isinstance(value, datetime.date) else value


def _resolved(dataset: Dataset, name: str) -> str:
    """Return the id of the actor with a name.

    Raises:
        UnknownIdError: If there is none; the message suggests the nearest id of any record.
    """
    try:
        return dataset.actors.resolve(name)
    except UnknownIdError:
        others = [key for noun in KINDS[:-1] for key in getattr(dataset, f"{noun}s")]
        hint = (
            dataset.gone(name)
            or dataset.actors.suggest(name, others)
            or "it is not in these data; run `stancedata list actors` (or documents, events, "
            "issues, stances) to see ids"
        )
        raise UnknownIdError(f"no record has the id {name!r}; {hint}") from None
