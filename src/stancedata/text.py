"""Text for people: tables on a terminal, plain columns in a pipe."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Sequence

Cells = Sequence[str]
SHORT = 28
"""Characters up to which a cell stands on one line."""
_COLOURS = {2: "blue", 1: "cyan", 0: "white", -1: "yellow", -2: "red"}


def table(headers: Cells, rows: Sequence[Cells]) -> str:
    """Rows under their headers: ruled and wrapped on a terminal, aligned and whole in a pipe."""
    return _rich(headers, rows) if sys.stdout.isatty() else _plain(headers, rows)


def _plain(headers: Cells, rows: Sequence[Cells]) -> str:
    widths = [max(len(row[i]) for row in (headers, *rows)) for i in range(len(headers))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (headers, *rows)
    ]
    return "\n".join(lines)


def _rich(headers: Cells, rows: Sequence[Cells]) -> str:
    # Loaded here: in a pipe nobody needs it, and it takes a tenth of a second.
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    made = Table(box=None, header_style="bold", pad_edge=False)
    needed = 0
    for number, header in enumerate(headers):
        # No word is cut: an id that is broken cannot be copied. Only prose wraps.
        width, prose = _room([header, *(row[number] for row in rows)])
        made.add_column(header, min_width=width, no_wrap=not prose)
        needed += width + 2
    for row in rows:
        made.add_row(*map(_coloured, headers, map(escape, row)))
    console = Console(width=max(_width(), needed))
    with console.capture() as capture:
        console.print(made)
    return capture.get().rstrip("\n")


def _room(cells: Sequence[str]) -> tuple[int, bool]:
    """The least width of a column, and whether its cells are prose, which may wrap."""
    longest = max(map(len, cells))
    prose = longest > SHORT and any(" " in cell for cell in cells)
    words = max(len(word) for cell in cells for word in (cell.split() or [""]))
    return (max(words, SHORT) if prose else longest), prose


def _coloured(header: str, cell: str) -> str:
    """A level, or a nearness from -1 to 1, in the colour of its side."""
    number = cell.rpartition("(")[2].rstrip(")") if cell.endswith(")") else ""
    if header == "similarity" and cell:
        number = f"{2 * float(cell):.0f}"
    if not number.lstrip("+-").isdigit():
        return cell
    return f"[{_COLOURS[max(-2, min(2, int(number)))]}]{cell}[/]"


def _width() -> int:
    import shutil  # loads what unpacks archives, which no other need has

    return max(60, shutil.get_terminal_size((100, 24)).columns)


def level(name: str | None, number: int | None) -> str:
    """A level with its number: `withholds (-1)`; without a name, both signs remain."""
    shown = "" if number is None else f" ({number:+d})" if number else " (0)"
    return f"{name or 'both sides'}{shown}"


def shaded(text: str, number: int | None) -> str:
    """A text in the colour of a level; as it is in a pipe, and where there is no level."""
    if number is None or not sys.stdout.isatty():
        return text
    import click

    return click.style(text, fg=_COLOURS[max(-2, min(2, number))])


def heading(text: str) -> str:
    """A heading: bold on a terminal, underlined in a pipe."""
    if sys.stdout.isatty():
        return f"\x1b[1m{text}\x1b[0m"
    return f"{text}\n{'-' * len(text)}"


def paragraph(text: str, indent: str = "") -> str:
    """Text wrapped to the terminal; in a pipe, each paragraph on one line."""
    if not sys.stdout.isatty():
        return indent + text
    return textwrap.fill(text, _width(), initial_indent=indent, subsequent_indent=indent)


def fields(pairs: Sequence[tuple[str, object]]) -> str:
    """Named values, one a line; those without a value are left out."""
    there = [(name, str(value)) for name, value in pairs if value not in (None, "", ())]
    width = max((len(name) for name, _ in there), default=0)
    return "\n".join(f"{name.ljust(width)}  {value}" for name, value in there)
