"""Exports that tests change, as another program could, and what a check finds in them."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import stancedata as sd
from stancedata.exports.panels import Panelled
from stancedata.rules.rule import known_rules

Row = dict[str, Any]
Rows = list[Row]


def exported(dataset: sd.Dataset, folder: Path) -> Path:
    """Export a dataset without a manifest."""
    dataset.export(folder, panel=False)
    (folder / "manifest.json").unlink()
    return folder


def described(dataset: sd.Dataset, name: str) -> pa.Table:
    """Return a table as an export has it: its codebook describes the panels, long contents are cut."""
    if name not in ("codebook", "revisions"):
        return dataset.tables[name]
    return Panelled(dataset.tables, dataset.panel, wanted=True)[name]


def linked(export: Path, folder: Path) -> Path:
    """Link the files of an export into another folder."""
    for file in export.iterdir():
        os.link(file, folder / file.name)
    return folder


def write(folder: Path, name: str, data: pa.Table, **options: Any) -> None:
    """Replace a table; the linked original stays."""
    (folder / f"{name}.parquet").unlink()
    pq.write_table(data, folder / f"{name}.parquet", **options)


def change(folder: Path, name: str, edit: Callable[[Rows], None]) -> None:
    """Change rows of a table."""
    data = pq.read_table(folder / f"{name}.parquet")
    rows = data.to_pylist()
    edit(rows)
    write(folder, name, pa.Table.from_pylist(rows, schema=data.schema))


def errors(folder: Path, rules: Collection[str] = (), **options: Any) -> list[str]:
    """Check a folder with some rules only; give the lines of errors, without its path."""
    found = sd.check(folder, without=sorted({*known_rules()} - {*rules}), **options)
    lines = [str(p).replace(str(folder), "") for p in found if p.severity == "error"]
    return [line.lstrip(":/ ") for line in lines]
