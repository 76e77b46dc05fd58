"""Print tables: aligned for people, or as CSV, JSON or Parquet for other programs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from stancedata import text as rendering
from stancedata.cli.values import as_texts, to_json
from stancedata.model.positions import stated_before
from stancedata.problems import StancedataError, printable
from stancedata.questions.result import arrow_of
from stancedata.tables.csv import guarded

if TYPE_CHECKING:
    import pyarrow as pa


def show_table(data: pa.Table, style: str, columns: Sequence[str] | None = None) -> None:
    """Print the rows of a table.

    Args:
        data: The rows.
        style: `table`, `csv`, `json` (one array) or `parquet`.
        columns: Columns shown with `table`, by default all; the other styles print every column.
    """
    data = arrow_of(data)
    if style == "table":
        names = list(columns or data.column_names)
        shown = as_texts(data, style).to_pylist()
        rows = [[_shown(row, name) for name in names] for row in shown]
        print(rendering.table(names, rows) if rows else "nothing on record")
    elif style == "json":
        _write((to_json(data) + "\n").encode("utf-8"))
    elif style == "csv":
        _write(_bytes(data, style))
    else:
        show_binary(_bytes(data, style), style)


def show_binary(content: bytes, style: str) -> None:
    """Write the bytes of a file.

    Raises:
        StancedataError: If the output is a terminal.
    """
    if sys.stdout.isatty():
        raise StancedataError(f"format: {style} is not for a terminal; redirect it to a file")
    _write(content)


def _write(content: bytes) -> None:
    """Write bytes as they are, in UTF-8 whatever the locale; on a terminal, as harmless text."""
    if sys.stdout.isatty() or not hasattr(sys.stdout, "buffer"):
        sys.stdout.write(printable(content.decode("utf-8")))
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def _bytes(data: pa.Table, style: str) -> bytes:
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    if style == "csv":
        import pyarrow.csv

        pyarrow.csv.write_csv(guarded(as_texts(data, style)), sink)
    else:
        import pyarrow.parquet as pq

        try:
            pq.write_table(data, sink, compression="zstd")
        except pa.ArrowException as error:
            raise StancedataError(
                f"parquet cannot hold the answer, got {error}; cast the column to VARCHAR"
            ) from None
    return bytes(sink.getvalue())


def _shown(row: dict[str, Any], name: str) -> str:
    """Format a value of a row; a level name gets its number, which sets its colour."""
    number = name.replace("level_name", "level")
    if number != name and number in row:
        return rendering.level(row[name], row[number])
    return cell(row[name])


def cell(value: Any) -> str:
    """Format a value for people: nulls are empty, floats have three digits."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def show_matrix(data: pa.Table) -> None:
    """Print a matrix with one row per holder and one column per issue."""
    rows = data.to_pylist()
    issues = sorted({row["issue_id"] for row in rows})
    names = {row["actor_id"]: row["actor_name"] for row in rows}
    levels = {(row["actor_id"], row["issue_id"]): _level(row) for row in rows}
    cells = [
        [name, *(levels.get((actor_id, issue), "") for issue in issues)]
        for actor_id, name in sorted(names.items(), key=lambda pair: pair[1])
    ]
    print(rendering.blocks(["holder", *issues], cells) if cells else "nothing on record")
    _explain_mark(rows)


def show_panel(data: pa.Table) -> None:
    """Print a panel with one row per holder and issue and one column per period."""
    rows = data.to_pylist()
    periods = sorted({row["period"] for row in rows})
    grid: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows:
        if row["stance_id"] is not None:
            shown = "±" if row["level"] is None else f"{row['level']:+d}" if row["level"] else "0"
            mark = "*" if _before(row) else ""
            grid.setdefault((row["actor_name"], row["issue_id"]), {})[row["period"]] = shown + mark
    cells = [[*key, *(grid[key].get(p, "") for p in periods)] for key in sorted(grid)]
    print(
        rendering.blocks(["holder", "issue", *periods], cells, 2) if cells else "nothing on record"
    )
    _explain_mark(rows)


def _before(row: dict[str, Any]) -> str | None:
    return stated_before(row["stated_latest"], row["coverage_from"])


def _explain_mark(rows: Sequence[dict[str, Any]]) -> None:
    """Print below a table what its mark means, if a position has it."""
    for text, begins in {(_before(row), row["coverage_from"]) for row in rows if _before(row)}:
        print(f"\n* {text}; --since {begins} leaves it out")


def _level(row: dict[str, Any]) -> str:
    shown = rendering.level(row["level_name"], row["level"])
    silent = row["stance_id"] and row["silent"]
    marks = (
        f"{row['stated_on']}*" if _before(row) else "",
        f"silent since: {silent}" if silent else "",
    )
    return ", ".join(filter(None, (shown, *marks)))
