"""Write docs/contract.md: `python -m tools.pages.contract` after a change of the tables."""

from __future__ import annotations

from pathlib import Path

from stancedata.tables.columns import SCHEMA_VERSION, Table
from stancedata.tables.contract import TABLES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "contract.md"
HEAD = """\
# The tables

`stancedata export DIR` writes these tables, one file each; the wheel carries the same. They are
flat and hold only types that every reader has. Rows are sorted by the key. Days that bound a
period are inclusive. This is schema version {version}; it, the version of the data and the digest
of their content are in the metadata of every Parquet file (`stancedata.schema_version`,
`stancedata.version`, `stancedata.digest`). [sql.md](sql.md) says how to ask them in SQL. The page is
made from the code.

## How stances fold into positions

One row of `positions` stands for one holder, issue and occasion. The occasion is the kind of date
with its first and last day; an event of at most three days lends its own days to the stances tied
to it. Counted are stances that the holder holds as a `party`, that nobody merely ascribes
(attribution `third_party`) and that no quantifier weakens. Over these:

- `document_count` counts documents, a copy as its original;
- `contested` says that documents fall on different sides: minus, zero, plus;
- `mixed` says that one document has both signs.

Then, in this order: where the text of an event itself is coded (`direct`), reports of it drop; the
holder's own stances drop the joint ones; better confidence drops `low`; any level drops `ambiguous`.
What remains gives `level_min` and `level_max`, and `level`, the one furthest from zero, or null if
both signs remain. `stance_id` names one at that level: best attribution, then confidence, then the
smallest id.

A position counts on a day from the last day that its date can mean, a lasting one from its first.
As of a day, the one with the latest day of rank stands: its own day; of an uncertain date the first;
of a lasting one its last, but no later than the day asked for. Ties go to the smaller last day, to
the holder's own, to the level furthest from zero, to the smallest stance id. A position lapses when
its holder ends, and a bloc's is never its members'.

"""


def page_text() -> str:
    """The page."""
    return HEAD.format(version=SCHEMA_VERSION) + "\n".join(map(_section, TABLES))


def _section(table: Table) -> str:
    rows = "".join(
        f"| {c.name} | {c.type}{', may be null' if c.nullable else ''} | {c.description} |\n"
        for c in table.columns
    )
    key = ", ".join(table.key)
    head = f"## {table.name}\n\n{table.description} Key: {key}.\n\n"
    return f"{head}| column | type | what it is |\n| --- | --- | --- |\n{rows}"


if __name__ == "__main__":
    PAGE.write_text(page_text(), encoding="utf-8")
