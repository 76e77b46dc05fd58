"""Format output for a terminal, or plainly for a pipe: tables, headings, paragraphs, fields, slugs."""

from __future__ import annotations

import re
import sys
import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from stancedata.problems import printable

if TYPE_CHECKING:
    import pyarrow as pa

Cells = Sequence[str]
SHORT = 28
"""The most characters of a cell that is never wrapped."""
_COLOURS = {2: "blue", 1: "cyan", 0: "white", -1: "yellow", -2: "red"}


def table(headers: Cells, rows: Sequence[Cells]) -> str:
    """Format a table: coloured and wrapped on a terminal, in aligned columns in a pipe."""
    rows = [[printable(cell) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        return _plain(headers, rows)
    widths = _least_widths(headers, rows)
    fits = sum(width + 2 for width, _ in widths) - 2 <= _width()
    return _rich(headers, rows) if fits else _folded(headers, rows, widths)


def blocks(headers: Cells, rows: Sequence[Cells], fixed: int = 1) -> str:
    """Format a table as several below each other, each as wide as the terminal at most.

    Args:
        headers: The headers.
        rows: The rows.
        fixed: The number of columns, from the first, that each of them repeats.
    """
    rows = [[printable(cell) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        return _plain(headers, rows)
    needed = [width + 2 for width, _ in _least_widths(headers, rows)]
    groups = _groups(needed[fixed:], _width() - sum(needed[:fixed]))
    return "\n\n".join(_block(headers, rows, fixed, [fixed + n for n in g]) for g in groups)


def _block(headers: Cells, rows: Sequence[Cells], fixed: int, group: Sequence[int]) -> str:
    """Format some columns of a table; rows that have nothing in them are left out."""
    shown = [row for row in rows if any(row[n] for n in group)]
    columns = [*range(fixed), *group]
    return _rich([headers[n] for n in columns], [[row[n] for n in columns] for row in shown])


def _groups(needed: Sequence[int], room: int) -> list[list[int]]:
    """Divide columns into groups that fit into a width, in their order."""
    groups: list[list[int]] = []
    for number, width in enumerate(needed):
        if groups and sum(needed[n] for n in groups[-1]) + width <= room + 2:
            groups[-1].append(number)
        else:
            groups.append([number])
    return groups


def _folded(headers: Cells, rows: Sequence[Cells], widths: Sequence[tuple[int, bool]]) -> str:
    """Format rows of several lines, where a table would be wider than the terminal.

    A text that is longer than a line has a paragraph of its own, so that no id is broken.
    """
    import click

    longest = [max(len(row[n]) for row in (headers, *rows)) for n in range(len(headers))]
    wraps = [prose and longest[n] > _width() - 4 for n, (_, prose) in enumerate(widths)]
    needed = [_width() if wraps[n] else longest[n] + 2 for n in range(len(headers))]
    lines: list[str] = []
    for row in (headers, *rows):
        for number, group in enumerate(_groups(needed, _width() - 4)):
            indent = " " * 4 * bool(number)
            if wraps[group[0]]:
                lines.append(
                    textwrap.fill(
                        row[group[0]], _width(), initial_indent=indent, subsequent_indent=indent
                    )
                )
                continue
            cells = (_padded(row[n], longest[n], row is not headers) for n in group)
            line = indent + "  ".join(cells).rstrip()
            lines.append(click.style(line, bold=True) if row is headers else line)
    return "\n".join(line for line in lines if line.strip())


def _padded(cell: str, width: int, coloured: bool) -> str:
    number = _number(cell) if coloured else None
    return shaded(cell, number) + " " * (width - len(cell))


def _number(cell: str) -> int | None:
    """Return the level that a cell ends with in brackets; None if there is none."""
    number = cell.rpartition("(")[2].rstrip(")") if cell.endswith(")") else ""
    return int(number) if number.lstrip("+-").isdigit() else None


def _least_widths(headers: Cells, rows: Sequence[Cells]) -> list[tuple[int, bool]]:
    columns = [[header, *(row[n] for row in rows)] for n, header in enumerate(headers)]
    return list(map(_least_width, columns))


def preview(headers: Cells, rows: Sequence[Cells]) -> str:
    """Format rows for a shell: long cells are cut, and columns that do not fit are only named."""
    lines = [[_cut(printable(cell)) for cell in row] for row in (headers, *rows)]
    widths = [max(map(len, column)) + 2 for column in zip(*lines, strict=True)]
    room = _width() + 2
    fit = max(1, sum(sum(widths[: n + 1]) <= room for n in range(len(widths))))
    shown = _plain(lines[0][:fit], [row[:fit] for row in lines[1:]])
    hidden = ", ".join(lines[0][fit:])
    if not hidden:
        return shown
    return f"{shown}\n" + textwrap.fill(f"not shown: {hidden}", _width())


def _cut(cell: str) -> str:
    line = " ".join(cell.split())
    return line if len(line) <= SHORT else line[: SHORT - 1] + "…"


def _plain(headers: Cells, rows: Sequence[Cells]) -> str:
    widths = [max(len(row[i]) for row in (headers, *rows)) for i in range(len(headers))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (headers, *rows)
    ]
    return "\n".join(lines)


def _rich(headers: Cells, rows: Sequence[Cells]) -> str:
    # Imported here because it takes 0.1 s and a pipe does not need it.
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    made = Table(box=None, header_style="bold", pad_edge=False)
    for header, (width, prose) in zip(headers, _least_widths(headers, rows), strict=True):
        # Only prose wraps, between words: a broken id cannot be copied.
        made.add_column(header, min_width=width, no_wrap=not prose)
    for row in rows:
        made.add_row(*map(_coloured, headers, map(escape, row)))
    console = Console(width=_width())
    with console.capture() as capture:
        console.print(made)
    return capture.get().rstrip("\n")


def _least_width(cells: Sequence[str]) -> tuple[int, bool]:
    """Return the least width of a column, and whether its cells are prose that may wrap."""
    longest = max(map(len, cells))
    prose = longest > SHORT and any(" " in cell for cell in cells)
    words = max(len(word) for cell in cells for word in (cell.split() or [""]))
    return (max(words, SHORT) if prose else longest), prose


def _coloured(header: str, cell: str) -> str:
    """Colour a level, or a similarity from -1 to 1, by its sign and size."""
    number = _number(cell)
    if header == "similarity" and cell:
        number = round(2 * float(cell))
    return cell if number is None else f"[{_COLOURS[max(-2, min(2, number))]}]{cell}[/]"


def rows_of(data: pa.Table) -> list[tuple[str, ...]]:
    """Convert rows to texts, null to an empty one; two columns may have the same name."""
    return list(zip(*map(_texts, data.columns), strict=True))


def _texts(column: Any) -> list[str]:
    try:
        values = column.to_pylist()
    except (ValueError, OverflowError):  # a day or time that Python has no object for
        values = column.cast("string").to_pylist()
    return ["" if value is None else str(value) for value in values]


def html_table(title: str, rows: pa.Table) -> str:
    """Format rows for a notebook; what the data say is escaped."""
    import html

    def cells(tag: str, values: Iterable[object]) -> str:
        texts = (html.escape(str(value)) for value in values)
        return "<tr>" + "".join(f"<{tag}>{text}</{tag}>" for text in texts) + "</tr>"

    body = "".join(cells("td", row) for row in rows_of(rows))
    head = cells("th", rows.column_names)
    return f"<table><caption>{html.escape(title)}</caption>{head}{body}</table>"


def _width() -> int:
    import shutil  # imported here because it loads the modules for archives

    return max(60, shutil.get_terminal_size((100, 24)).columns)


def beside(headers: Cells, rows: Sequence[Cells]) -> list[str]:
    """Format columns of equal width with wrapped cells; the first column is as wide as it needs."""
    width = _width() if sys.stdout.isatty() else 100
    first = max(len(row[0]) for row in (headers, *rows))
    count = len(headers) - 1
    rows = [[printable(cell) for cell in row] for row in rows]
    each = max(SHORT // 2, (width - first - 2 * count) // count) if count else 0
    lines: list[str] = []
    for row in (headers, *rows):
        cells = [[row[0]], *(textwrap.wrap(cell, each) for cell in row[1:])]
        for number in range(max(map(len, cells))):
            parts = (c[number] if number < len(c) else "" for c in cells)
            widths = (first, *[each] * count)
            lines.append("  ".join(p.ljust(w) for p, w in zip(parts, widths, strict=True)).rstrip())
    return lines


def level(name: str | None, number: int | None) -> str:
    """Format a level with its number: `withholds (-1)`; without a name, `both sides`."""
    shown = "" if number is None else f" ({number:+d})" if number else " (0)"
    return f"{name or 'both sides'}{shown}"


def shaded(text: str, number: int | None) -> str:
    """Colour a text by a level; leave it plain in a pipe or without a level."""
    if number is None or not sys.stdout.isatty():
        return text
    import click

    return click.style(printable(text), fg=_COLOURS[max(-2, min(2, number))])


def heading(text: str) -> str:
    """Format a heading: bold on a terminal, underlined in a pipe."""
    if sys.stdout.isatty():
        return f"\x1b[1m{printable(text)}\x1b[0m"
    return f"{text}\n{'-' * len(text)}"


def paragraph(text: str, indent: str = "") -> str:
    """Wrap a paragraph to the terminal; leave it on one line in a pipe."""
    text = printable(text)
    if not sys.stdout.isatty():
        return indent + text
    return textwrap.fill(
        text,
        _width(),
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,  # a broken address or digest cannot be copied
        break_on_hyphens=False,
    )


def fields(pairs: Sequence[tuple[str, object]]) -> str:
    """Format named values, one per line; omit empty ones."""
    there = [(name, printable(str(value))) for name, value in pairs if value not in (None, "", ())]
    width = max((len(name) for name, _ in there), default=0)
    indent = " " * (width + 2)
    lines = (paragraph(value, indent)[width + 2 :] for _, value in there)
    return "\n".join(
        f"{name.ljust(width)}  {line}" for (name, _), line in zip(there, lines, strict=True)
    )


def slug(text: str) -> str:
    """Convert a text to an ID: lower-case ASCII letters and digits, words joined by hyphens."""
    plain_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain_text.lower()))
