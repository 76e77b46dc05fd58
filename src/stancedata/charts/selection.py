"""What a chart shows: the chosen holders and issues, its pages and its width."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from stancedata.problems import StancedataError, shown

if TYPE_CHECKING:
    import altair as alt

    from stancedata.dataset import Dataset

Holders = str | int | Sequence[str | int] | None
Issues = str | Sequence[str] | None
NARROWEST, WIDEST = 120, 20_000
"""Limits of the width of a chart, in pixels."""


def holders(dataset: Dataset, asked: Holders) -> tuple[str, ...]:
    """Return the ids of one or several actors, by id, name or code; none if all are asked for.

    Raises:
        UnknownIdError: If an actor is unknown; the message suggests the nearest one.
        StancedataError: If an empty list is given.
    """
    return _each(asked, dataset.actors.resolve, "holder")


def issues(dataset: Dataset, asked: Issues) -> tuple[str, ...]:
    """Return the ids of one or several issues, by id or name; none if all are asked for.

    Raises:
        UnknownIdError: If an issue is unknown; the message suggests the nearest one.
        StancedataError: If an empty list is given.
    """
    return _each(asked, dataset.issues.resolve, "issue")


def _each(asked: Any, resolve: Callable[[Any], str], what: str) -> tuple[str, ...]:
    if asked is None:
        return ()
    several = isinstance(asked, list | tuple)
    found = tuple(dict.fromkeys(map(resolve, asked if several else (asked,))))
    if not found:
        raise StancedataError(
            f"{what}: has no name, got an empty list; give at least one, or leave it out"
        )
    return found


def only(ids: tuple[str, ...]) -> str | None:
    """Return the one id, or None if there are none or several."""
    return ids[0] if len(ids) == 1 else None


def among(
    rows: Iterable[Mapping[str, Any]], who: Collection[str], what: Collection[str]
) -> list[dict[str, Any]]:
    """Return the positions of the chosen holders on the chosen issues."""
    return [
        dict(row)
        for row in rows
        if (not who or row["actor_id"] in who) and (not what or row["issue_id"] in what)
    ]


def named(dataset: Dataset, who: tuple[str, ...], what: tuple[str, ...]) -> str:
    """Say what is chosen, for a title or a message: `Russia and China on Recognition`."""
    said = [
        _listed([collection[key].name for key in ids], plural)
        for collection, ids, plural in (
            (dataset.actors, who, "holders"),
            (dataset.issues, what, "issues"),
        )
        if ids
    ]
    return " on ".join(said)


def _listed(names: list[str], plural: str) -> str:
    if len(names) > 3:
        return f"{len(names)} {plural}"
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def number(value: object, what: str, least: int, most: int) -> int:
    """Validate a whole number.

    Raises:
        StancedataError: If it is none, or outside its limits.
    """
    if type(value) is not int or not least <= value <= most:
        raise StancedataError(
            f"{what}: must be a whole number from {least} to {most:,}, got {shown(value)}"
        )
    return value


def width(value: int | None) -> int | None:
    """Validate the width of a chart in pixels; None leaves it to the chart.

    Raises:
        StancedataError: If it is not a whole number within the limits.
    """
    return None if value is None else number(value, "width", NARROWEST, WIDEST)


def paged(side: Mapping[str, Any], rows: int | None, page: int) -> tuple[dict[str, Any], int]:
    """Return the rows of one page of a chart, and the number of pages.

    Args:
        side: The rows of the whole chart, by id.
        rows: How many rows a page has; None for all.
        page: The number of the page, from 1.

    Raises:
        StancedataError: If a number is out of its limits, or there is no such page.
    """
    size = len(side) if rows is None else number(rows, "rows", 1, 10_000)
    count = max(1, -(-len(side) // max(1, size)))
    if type(page) is not int or not 1 <= page <= count:
        raise StancedataError(f"page: must be a whole number from 1 to {count}, got {shown(page)}")
    return dict(list(side.items())[(page - 1) * size : page * size]), count


def pages(
    draw: Callable[..., alt.VConcatChart], dataset: Dataset, rows: int = 40, **options: Any
) -> list[alt.VConcatChart]:
    """Draw a chart of many holders as several pages.

    Args:
        draw: `timeline` or `matrix`.
        dataset: The dataset.
        rows: The most rows on a page.
        **options: Other arguments of the chart.

    Returns:
        The pages in order; their titles say which they are.

    Raises:
        StancedataError: As the chart does, or if `rows` is not a number from 1.
    """
    first = draw(dataset, rows=rows, page=1, **options)
    count = first.usermeta["pages"]
    rest = [draw(dataset, rows=rows, page=n, **options) for n in range(2, count + 1)]
    return [first, *rest]
