"""Pages of actors."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from markupsafe import Markup

from stancedata.model import Actor, Stance
from stancedata.site.addresses import web_address
from stancedata.site.links import Links, words
from stancedata.site.pictures.strips import Scale, strip
from stancedata.site.spells import Row, standing_on

if TYPE_CHECKING:
    from stancedata.site.contents import Contents
    from stancedata.site.data import Data


def values(contents: Contents, link: Links, data: Data, actor: Actor) -> dict[str, Any]:
    """Return what the page of an actor shows."""
    key = actor.actor_id
    positions = contents.positions_of_actor.get(key, [])
    others = {
        "Said of it by others, or not in its own name": contents.named.get(key, []),
        "Voiced for others": [s for s in contents.voiced.get(key, []) if key not in s.parties],
        "Attributed to others": contents.ascribed.get(key, []),
    }
    return {
        "actor": actor,
        "facts": _facts(link, actor),
        "count": len(positions),
        "axis": Scale.of(positions, contents.early).axis() if positions else "",
        "issues": list(_by_issue(contents, link, data, actor, positions)),
        "silences": _silences(contents, key),
        "others": [
            (name, [data.stance[s.stance_id] for s in sorted(stances, key=_day, reverse=True)])
            for name, stances in others.items()
        ],
        "voiced": bool(others["Voiced for others"]),
        "query": urlencode({"holder": key}),
        "data": bool(positions or any(others.values())),
    }


def _day(stance: Stance) -> tuple[datetime.date, str]:
    return stance.stated_on.latest, stance.stance_id


def _facts(link: Links, actor: Actor) -> list[tuple[str, object]]:
    also = dict.fromkeys(name.name for name in actor.names if name.name != actor.name)
    codes = ", ".join(f"{words(code.scheme)} {code.code}" for code in actor.codes)
    return [
        ("kind", words(actor.kind)),
        ("who", actor.description),
        ("existed", _days(actor)),
        ("also", "; ".join(also)),
        ("codes", codes),
        ("roles", Markup("<br>").join(_roles(link, actor))),
    ]


def _days(actor: Actor) -> str:
    first, last = actor.valid_from, actor.valid_to
    return f"{first or '…'} to {last or '…'}" if first or last else ""


def _roles(link: Links, actor: Actor) -> Iterator[Markup]:
    for role in actor.roles:
        text = Markup("{} {}").format(words(role.role), link.actor(role.of_actor_id))
        title = f" ({role.title})" if role.title else ""
        first, last = role.valid_from, role.valid_to
        days = f", {first or '…'} to {last or '…'}" if first or last else ""
        text += title + days
        if role.document_id:
            text += Markup(" · {}").format(link.document(role.document_id, "document"))
        elif web_address(role.source):
            text += Markup(" · {}").format(link.web(role.source, "source"))
        yield text


def _by_issue(
    contents: Contents, link: Links, data: Data, actor: Actor, positions: list[Row]
) -> Iterator[dict[str, Any]]:
    """Yield the parts of a page, one for each issue, in the order of the codebook."""
    if not positions:
        return
    scale = Scale.of(positions, contents.early)
    changes = Counter(row["issue_id"] for row in contents.shifts_of_actor.get(actor.actor_id, ()))
    placed: defaultdict[str, list[tuple[int, Row]]] = defaultdict(list)
    for row in positions:
        placed[row["issue_id"]].append((data.position[row["actor_id"], row["stance_id"]], row))
    for issue_id, issue in contents.issues.items():
        rows = placed.get(issue_id)
        if not rows:
            continue
        spells = contents.spells[issue_id].get(actor.actor_id, [])
        stands = standing_on(spells, contents.last_day) if contents.last_day else None
        standing = contents.position.get((actor.actor_id, stands or ""))
        yield {
            "issue": issue,
            "strip": strip(issue, rows, spells, scale, link.levels),
            "standing": standing,
            "before": contents.stated_before(standing) if standing else None,
            "changes": changes[issue_id],
            "silent": contents.silent_since.get((actor.actor_id, issue_id), 0),
            "places": [place for place, _ in rows],
        }


def _silences(contents: Contents, actor_id: str) -> list[tuple[int, list[str]]]:
    """List the issues on which an actor was silent, by the number of occasions, most often first.

    No issues stand for all of them.
    """
    counts = contents.silences_of_actor[actor_id]
    by_number: defaultdict[int, list[str]] = defaultdict(list)
    for issue_id in contents.issues:
        if counts[issue_id]:
            by_number[counts[issue_id]].append(issue_id)
    everything = len(contents.issues)
    return [
        (number, [] if len(issues) == everything else issues)
        for number, issues in sorted(by_number.items(), reverse=True)
    ]


def listed(contents: Contents, link: Links) -> tuple[str, list[tuple[str, list[Any]]]]:
    """Return the introduction of the list of actors, and its entries by kind, holders first."""
    counts = Counter({key: len(rows) for key, rows in contents.positions_of_actor.items()})
    of_kind: defaultdict[str, list[Any]] = defaultdict(list)
    for actor in sorted(contents.actors.values(), key=lambda a: (a.name.casefold(), a.actor_id)):
        held, voiced = counts[actor.actor_id], len(contents.voiced.get(actor.actor_id, ()))
        parts = [f"{held} positions"] if held > 1 else ["1 position"] if held else []
        parts += [f"voiced {voiced}"] if voiced else []
        group = "Holders of positions" if held else words(actor.kind).capitalize()
        of_kind[group].append((link.actor(actor.actor_id), ", ".join(parts)))
    groups = sorted(of_kind.items(), key=lambda item: (item[0] != "Holders of positions", item[0]))
    return f"{len(counts)} of {len(contents.actors)} actors hold positions.", groups
