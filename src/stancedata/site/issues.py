"""Pages of issues, and the matrix of holders by issues."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from stancedata.model import Issue
from stancedata.site.links import Links, dated
from stancedata.site.spells import Row

if TYPE_CHECKING:
    from stancedata.site.contents import Contents

MOST = 200
"""The most changes of level on a page."""
_MOST_SILENT = 12


def values(contents: Contents, issue: Issue) -> dict[str, Any]:
    """Return what the page of an issue shows."""
    shifts = contents.shifts_of_issue.get(issue.issue_id, [])
    silences = contents.silences[issue.issue_id]
    counts = Counter(row["actor_id"] for row in silences)
    return {
        "issue": issue,
        "rows": contents.standing_since[issue.issue_id],
        "early": [row for row in contents.standing[issue.issue_id] if contents.stated_before(row)],
        "shifts": shifts[:MOST],
        "all_shifts": len(shifts),
        "occasions": list(_occasions(contents, silences)),
        "silent": counts.most_common(_MOST_SILENT),
        "data": True,
        **span(contents),
    }


def span(contents: Contents) -> dict[str, Any]:
    """Return the days among which a reader may choose."""
    first, last = contents.first_day, contents.last_day
    days = (last - first).days if first and last else 0
    return {
        "first_day": first,
        "last_day": last,
        "days": days,
        "begins": contents.begins,
        "before": before(contents),
    }


def before(contents: Contents) -> str:
    """Say that some positions were last stated before coverage begins; empty if none was."""
    return next(filter(None, map(contents.stated_before, contents.positions)), "")


def _occasions(contents: Contents, silences: list[Row]) -> Iterator[dict[str, Any]]:
    """Yield the events at which several spoke, newest first, with those who spoke on other issues."""
    by_event: dict[str, list[Row]] = {}
    for row in silences:
        if row["event_id"] and row["spoke"] > 1:
            by_event.setdefault(row["event_id"], []).append(row)
    for event_id, rows in sorted(
        by_event.items(), key=lambda item: item[1][0]["latest"], reverse=True
    ):
        mute = set(contents.silent_speakers.get(event_id, ()))
        others = sorted(row["actor_name"] for row in rows if row["actor_id"] not in mute)
        yield {**rows[0], "others": others}


def listed(contents: Contents, link: Links) -> tuple[str, list[tuple[str, list[Any]]]]:
    """Return the introduction of the list of issues, and its entries."""
    entries = []
    for key, issue in contents.issues.items():
        rows = contents.standing_since[key]
        levels = Counter(row["level"] for row in rows if row["level"] is not None)
        steps = Markup(" ").join(
            Markup("<b class={}>{}: {}</b>").format(
                link.levels.style(key, level), link.levels.text(level, "").strip(), levels[level]
            )
            for level in sorted(levels, reverse=True)
        )
        entries.append((link.issue(key), Markup("{} {}").format(issue.proposition, steps)))
    without = f", without positions {early}" if (early := before(contents)) else ""
    text = f"On each issue, how many holders stand at which level on the last day of the data{without}."
    return text, [("", entries)]


def matrix(contents: Contents, link: Links) -> dict[str, Any]:
    """Return what the matrix shows: for each holder, its cells in the order of the codebook."""
    cells = {
        (row["actor_id"], issue_id): _cell(link, row)
        for issue_id, rows in contents.standing.items()
        for row in rows
    }
    holders = {row["actor_id"]: row["actor_name"] for row in contents.positions}
    ordered = sorted(holders, key=lambda key: (holders[key].casefold(), key))
    return {
        "issues": list(contents.issues),
        "holders": [
            (key, [cells.get((key, issue_id)) for issue_id in contents.issues]) for key in ordered
        ],
        **span(contents),
    }


def _cell(link: Links, row: Row) -> dict[str, str]:
    name = row["level_name"] or "both sides"
    early = link.contents.stated_before(row)
    glyph = link.levels.text(row["level"], row["level_name"]).split(" ")[0]
    return {
        "style": "early" if early else link.levels.style(row["issue_id"], row["level"]),
        "address": link.stance_address(link.contents.stances[row["stance_id"]]),
        "title": f"{name}, {dated(row['stated_on'])}",
        "glyph": f"{glyph}*" if early else glyph,
    }
