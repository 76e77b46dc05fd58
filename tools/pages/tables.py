"""Numbers of the data, and tables and lists of Markdown, for the generated pages."""

from __future__ import annotations

import functools
import textwrap
from collections.abc import Iterable
from typing import Any

from stancedata.dataset import Dataset

GENERAL_DEBATE = "un-general-debate"
_SPEECHES = f"""
WITH said AS (
    SELECT DISTINCT a.document_id, a.actor_id
    FROM document_authors a
    JOIN stances s USING (document_id)
    JOIN holders h ON h.stance_id = s.stance_id AND h.actor_id = a.actor_id
    WHERE h.role = 'party' AND attribution <> 'third_party' AND quantifier IS NULL
),
named AS (
    SELECT d.event_id, count(DISTINCT document_id) AS named, count(DISTINCT actor_id) AS said
    FROM documents d LEFT JOIN said USING (document_id)
    WHERE coverage_id = '{GENERAL_DEBATE}' GROUP BY d.event_id
),
unnamed AS (
    SELECT event_id, count(*) AS unnamed FROM silent_speakers
    WHERE coverage_id = '{GENERAL_DEBATE}' GROUP BY event_id
)
SELECT event_id, year(held_earliest) AS year, named + unnamed AS spoke, named, said
FROM named JOIN unnamed USING (event_id) JOIN events USING (event_id) ORDER BY year
"""
DATED = """(
    SELECT *, year(
        CASE date_kind WHEN 'lasting' THEN stated_earliest ELSE stated_latest END
    ) AS year
    FROM stances
)"""
"""SQL: the stances with the year from which they count."""
Cell = Any


def rows(dataset: Dataset, query: str) -> list[tuple[Cell, ...]]:
    """Return the rows of a query."""
    return [tuple(row.values()) for row in dataset.sql(query).to_pylist()]


def one(dataset: Dataset, query: str) -> Cell:
    """Return the single value that a query has."""
    ((value,),) = rows(dataset, query)
    return value


@functools.cache
def speeches(dataset: Dataset) -> list[dict[str, Any]]:
    """Return, for each General Debate, how many spoke, named Afghanistan, and took a position."""
    found: list[dict[str, Any]] = dataset.sql(_SPEECHES).to_pylist()
    return found


@functools.cache
def spoke_on(dataset: Dataset) -> dict[str, dict[int, int]]:
    """Return, for each issue and year, how many speakers of the General Debate took a position."""
    sessions = {row["event_id"]: (row["year"], row["spoke"]) for row in speeches(dataset)}
    found = {}
    for row in sorted(dataset.tables["issues"].to_pylist(), key=lambda row: row["position"]):
        silences = dataset.silence(issue=row["issue_id"], coverage=GENERAL_DEBATE).to_pylist()
        silent = {silence["event_id"]: silence["silent"] for silence in silences}
        found[row["issue_id"]] = {
            year: spoke - silent.get(event, 0) for event, (year, spoke) in sessions.items()
        }
    return found


def table(head: Iterable[Cell], body: Iterable[Iterable[Cell]]) -> str:
    """Return a table of Markdown; all columns but the first are numbers."""
    names = list(head)
    marks = ["---"] + ["---:"] * (len(names) - 1)
    return "".join(f"| {' | '.join(map(_shown, row))} |\n" for row in (names, marks, *body))


def _shown(cell: Cell) -> str:
    return f"{cell:,}" if type(cell) is int and cell > 9999 else str("" if cell is None else cell)


def paragraph(text: str) -> str:
    """Wrap a paragraph to lines as long as those of the other pages."""
    return textwrap.fill(text, 116, break_long_words=False, break_on_hyphens=False) + "\n"


def bullets(texts: Iterable[str]) -> str:
    """Return a list, each entry wrapped."""
    return "".join(
        textwrap.fill(f"- {text}", 116, subsequent_indent="  ", break_on_hyphens=False) + "\n"
        for text in texts
    )
