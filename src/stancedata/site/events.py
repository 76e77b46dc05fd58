"""Pages of events."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from stancedata.model import Event
from stancedata.questions.differences import differences
from stancedata.site.links import Links, dated, words

if TYPE_CHECKING:
    from stancedata.site.contents import Contents
    from stancedata.site.data import Data

MOST = 12
"""The most documents that are compared: more are speeches, not reports of one utterance."""


def values(contents: Contents, link: Links, data: Data, event: Event) -> dict[str, Any]:
    """Return what the page of an event shows."""
    key = event.event_id
    stances = contents.stances_of_event.get(key, [])
    silent = contents.silent_speakers.get(key, ())
    told = {stance.document_id for stance in stances}
    return {
        "event": event,
        "facts": _facts(link, event),
        "participants": _participants(link, event),
        "stances": [data.stance[stance.stance_id] for stance in stances],
        "differences": differences(event, contents.stances.values())
        if 1 < len(told) <= MOST
        else (),
        # The list of stances links the others.
        "documents": [
            d for d in contents.documents_of_event.get(key, []) if d.document_id not in told
        ],
        "silent": [contents.names.get(actor_id, actor_id) for actor_id in silent],
        "data": bool(stances),
    }


def _participants(link: Links, event: Event) -> list[tuple[str, str, list[Markup]]]:
    """List the actors of each role, by the document that says so."""
    found: defaultdict[tuple[str, str], list[Markup]] = defaultdict(list)
    for part in event.participants:
        who = link.actor(part.actor_id)
        more = [part.note] if part.note else []
        if part.represented_by:
            more.insert(0, Markup("represented by {}").format(link.actor(part.represented_by)))
        if more:
            who = Markup("{} ({})").format(who, Markup("; ").join(more))
        found[part.role, part.document_id].append(who)
    return [(role, document_id, people) for (role, document_id), people in found.items()]


def _facts(link: Links, event: Event) -> list[tuple[str, object]]:
    by = link.document(event.dated_by) if event.dated_by else link.web(event.source)
    return [
        ("kind", words(event.kind or "")),
        ("held", dated(event.held_on)),
        ("place", event.place),
        ("series", event.series),
        ("dated by", by),
        ("note", event.note),
    ]


def listed(contents: Contents, link: Links) -> tuple[str, list[tuple[str, list[Any]]]]:
    """Return the introduction of the list of events, and its entries by year, newest first."""
    of_year: defaultdict[str, list[Any]] = defaultdict(list)
    ordered = sorted(contents.events.values(), key=lambda e: (e.held_on.latest, e.event_id))
    for event in reversed(ordered):
        count = len(contents.stances_of_event.get(event.event_id, ()))
        aside = f"{dated(event.held_on)}, {count} {'stance' if count == 1 else 'stances'}"
        of_year[str(event.held_on.latest.year)].append((link.event(event.event_id), aside))
    return f"{len(contents.events)} events.", list(of_year.items())
