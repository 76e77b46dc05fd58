"""Panels of an export: what stands at the end of each month and year, to merge with other data."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import attrs

from stancedata.questions.answers import ANSWERS
from stancedata.tables import revisions
from stancedata.tables.columns import Column, Table, conform
from stancedata.tables.contract import BY_NAME, tables_of
from stancedata.tables.dictionary import READ, codebook_table
from stancedata.tables.source import TableSource
from stancedata.temporary import temporary_folder

if TYPE_CHECKING:
    import pyarrow as pa

MOST_ROWS = 500_000
"""The most rows of panels that are written without being asked for."""
_ABOUT = (
    "What stands at the end of each {}, with the codes of that day: merge it by iso3, cow or gw and {}; "
    "drop null codes first."
)
_NULL = " Null if the holder has none: drop such rows before you merge, since pandas joins null to null."
_POSITION = {column.name: column for column in BY_NAME["positions"].columns}


def _column(column: Column) -> Column:
    """Make a column of a panel, which has rows for positions only, from that of the answer."""
    known = _POSITION.get(column.name)
    if column.name in ("iso3", "cow", "gw"):
        return attrs.evolve(column, description=column.description + _NULL, since=1)
    if known is None:
        return attrs.evolve(column, nullable=column.name.startswith(("cover", "governs")))
    return attrs.evolve(known, description=column.description)


def _panel(every: str, by: str, without: str = "") -> Table:
    columns = tuple(_column(c) for c in ANSWERS["panel"].columns if c.name != without)
    key = ANSWERS["panel"].key
    return Table(f"panel_{every}", _ABOUT.format(every, by), key, columns, derived=True)


PANELS = (_panel("month", "year and month"), _panel("year", "year", without="month"))
"""The panels; they have the columns of `Dataset.panel`."""
NAMES = frozenset(table.name for table in PANELS)


def stata(rows: pa.Table, every: str, levels: pa.Table) -> bytes:
    """Return an answer of `Dataset.panel` as a Stata file with labels; needs `[pandas]`.

    Args:
        rows: The rows; a balanced panel has nulls.
        every: `month`, `quarter` or `year`.
        levels: The table `levels`, for the labels of levels.

    Raises:
        StancedataError: If pandas is missing, or Stata cannot hold a text.
    """
    from stancedata.exports.formats.frames import level_labels_of
    from stancedata.exports.formats.stata import write_file

    made = _panel(every, "year and month" if every == "month" else every)
    columns = tuple(attrs.evolve(c, nullable=True) for c in made.columns)
    table = attrs.evolve(made, columns=columns)
    with temporary_folder() as folder:
        path = folder / f"{table.name}.dta"
        write_file(path, table, [rows], level_labels_of(levels))
        return path.read_bytes()


class Panelled(TableSource):
    """The tables of a dataset as files have them: with panels, and long contents in parts.

    The codebook describes the panels too.

    Args:
        tables: The tables of the dataset.
        ask: Returns the panel of every `month` or `year`.
        wanted: Whether there are panels; None if they are small enough.
    """

    def __init__(
        self, tables: TableSource, ask: Callable[[str], pa.Table], wanted: bool | None
    ) -> None:
        self.schema_version = tables.schema_version
        is_small = wanted is None and _expected_rows(tables) <= MOST_ROWS
        self.panels = tuple(t.of(self.schema_version) for t in PANELS if wanted or is_small)
        self._tables = tables
        self._made = {t.name: conform(t, ask(t.name.partition("_")[2])) for t in self.panels}
        self._made["codebook"] = _codebook(tables, self.panels)
        if not tables.is_large(revisions.NAME):
            self._made[revisions.NAME] = revisions.in_parts(tables[revisions.NAME])

    def __getitem__(self, name: str) -> pa.Table:
        return self._made[name] if name in self._made else self._tables[name]

    def rows(self, name: str) -> int:
        """Return the number of rows of a table or panel."""
        return self[name].num_rows if name in self._made else self._tables.rows(name)

    def is_validated(self, name: str) -> bool:
        """Return whether the texts of a table are known to be UTF-8."""
        return name not in self._made and self._tables.is_validated(name)

    def batches(self, name: str, others: Callable[[str], Iterable[pa.Table]]) -> Iterable[pa.Table]:
        """Return the rows of a table or panel in key order; `others` gives those of the dataset."""
        return [self._made[name]] if name in self._made else others(name)


def _codebook(tables: TableSource, panels: tuple[Table, ...]) -> pa.Table:
    """Describe the tables and panels of an export, in the words of its files."""
    version = tables.schema_version
    found = {name: tables[name] for name in READ}
    return codebook_table(found, version, (*tables_of(version), *panels))


def _expected_rows(tables: TableSource) -> int:
    """Count the months from the first position of each holder on each issue to the last of all."""
    if tables.is_large("positions"):
        return tables.rows("positions") * 12
    first: dict[tuple[str, str], int] = {}
    last = 0
    names = ("actor_id", "issue_id", "stated_earliest", "stated_latest")
    columns = [tables["positions"].column(name).to_pylist() for name in names]
    for actor_id, issue_id, earliest, latest in zip(*columns, strict=True):
        month = earliest.year * 12 + earliest.month
        pair = (actor_id, issue_id)
        first[pair] = min(month, first.get(pair, month))
        last = max(last, latest.year * 12 + latest.month)
    return sum(last - month + 1 for month in first.values())
