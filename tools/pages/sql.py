"""Create the files that docs/sql.md tells its readers to create, and parse its tables."""

from __future__ import annotations

import re
from pathlib import Path

import stancedata
from stancedata.engines.packaged import packaged, packaged_names

PAGE = Path(__file__).resolve().parents[2] / "docs" / "sql.md"
TYPES = {"string": "VARCHAR", "date32[day]": "DATE", "int32": "INTEGER", "bool": "BOOLEAN"}
"""The SQL names of Arrow types."""


def prepare(folder: Path) -> None:
    """Write the files that the examples read: the export, the printed questions, the page's SQL."""
    stancedata.load("0.2.0").export(folder / "exports")
    for name in packaged_names("questions"):
        (folder / f"{name}.sql").write_text(packaged(f"questions/{name}"), encoding="utf-8")
    (own,) = re.findall(r"^```sql\n(.*?)^```$", _text(), re.DOTALL | re.MULTILINE)
    (folder / "relations.sql").write_text(own, encoding="utf-8")


def reads() -> dict[str, tuple[set[str], set[str]]]:
    """Return, for each question, the exported tables and the user-created relations that it reads."""
    rows = re.findall(r"^\| `(\w+)` \| .* \| (.*) \| (.*) \|$", _text(), re.MULTILINE)
    return {name: (_listed(tables), _listed(made)) for name, tables, made in rows}


def columns(relation: str) -> dict[str, tuple[str, set[str]]]:
    """Return the columns of a relation on the page: their types and the questions that read them."""
    _, _, after = _text().partition(f"**`{relation}`**")
    rows = [line.strip("| ").split(" | ") for line in after.partition("\n**")[0].splitlines()]
    return {r[0]: (r[1], set(r[-1].split(", "))) for r in rows[2:] if r[1:2] and r[1].isupper()}


def _listed(cell: str) -> set[str]:
    return set() if cell == "–" else set(cell.split(", "))


def _text() -> str:
    return PAGE.read_text(encoding="utf-8")
