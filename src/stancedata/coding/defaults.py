"""What a stance inherits from its document where it leaves a key out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from stancedata.coding.lookup import Lookup, date_of
from stancedata.model.dates import StatedDate
from stancedata.problems import StancedataError

NONE = "none"
"""What is written for a key that a stance shall not inherit."""
OPTIONAL = ("speaker", "attributed_by", "target", "event")
"""The keys that may be `none`."""
_OWN_VOICE = ("direct", "quoted")


def number_of(stance: Any) -> int:
    """Return the number in the id of a stance, given as a plain value: 7 for `s07`, or 0."""
    name = stance.get("id") if isinstance(stance, dict) else None
    return int(name[1:]) if isinstance(name, str) and re.fullmatch("s[0-9]+", name) else 0


def defaults_of(document: Mapping[str, Any], lookup: Lookup) -> dict[str, Any]:
    """Return what the stances of a document inherit: holders, attribution, date and event.

    Args:
        document: The plain value of the document's file; actors and event may be named.
        lookup: The records of its data folder.
    """
    found: dict[str, Any] = {"attribution": "direct"}
    authors = document.get("authors")
    ids = _known(lookup.actors.resolve, authors if isinstance(authors, list) else [authors])
    if ids:
        found["holders"] = ids
    events = _known(lookup.events.resolve, [document.get("event")])
    held_on = None
    if events:
        found["event"] = events[0]
        held_on = lookup.held_on(events[0])
    if stated_on := _stated_on(date_of(document.get("published_on")), held_on):
        found["stated_on"] = stated_on
    return found


def _known(resolve: Any, names: list[Any]) -> list[str]:
    """Return the ids of names; unknown ones are reported where they stand."""
    found = []
    for name in names:
        try:
            found += [resolve(name)] if isinstance(name, str) else []
        except StancedataError:
            return []
    return found


def _stated_on(published: StatedDate | None, held: StatedDate | None) -> str | None:
    """Return the date of what a document says: published during its event, or else that event's."""
    if held is None or (published is not None and _within(published, held)):
        return published.text if published is not None else None
    if held.earliest == held.latest:
        return held.text
    return f"[{held.earliest}..{held.latest}]"


def _within(one: StatedDate, other: StatedDate) -> bool:
    return other.earliest <= one.earliest and one.latest <= other.latest


def inherited(
    stance: Mapping[str, Any], defaults: Mapping[str, Any], lookup: Lookup
) -> dict[str, Any]:
    """Return the keys that a stance inherits, with their values.

    The speaker of a document speaks for its holders, in their voice: a stance of others, or one
    that is reported or attributed, has no speaker unless it names one. What others say of a holder
    was not said at the event, nor was what has a date of its own on other days.

    Args:
        stance: The plain value of the stance, with ids.
        defaults: What the document gives.
        lookup: The records of the data folder.
    """
    found = {key: value for key, value in defaults.items() if key not in stance}
    whole = {**found, **stance}
    if whole.get("attribution") not in _OWN_VOICE or not _shares(whole, defaults):
        found.pop("speaker", None)
    if whole.get("attribution") == "third_party":
        found.pop("event", None)
    held_on, own = lookup.held_on(str(found.get("event"))), date_of(stance.get("stated_on"))
    if held_on and own and (own.latest < held_on.earliest or own.earliest > held_on.latest):
        del found["event"]
    return found


def _shares(stance: Mapping[str, Any], defaults: Mapping[str, Any]) -> bool:
    """Return whether a stance has a holder of its document, or the document has none."""
    named = _ids(defaults.get("holders"))
    return not named or bool(named & _ids(stance.get("holders")))


def _ids(holders: Any) -> set[str]:
    listed = holders if isinstance(holders, list) else []
    return {str(h.get("holder")) if isinstance(h, dict) else str(h) for h in listed}
