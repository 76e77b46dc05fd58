"""Generate a dataset of any size: `python -m benchmarks.generate STANCES FOLDER [--seed N]`.

It writes every table of the contract to a Parquet file in key order, like an export; the data break
no rule. The same arguments make the same content. Tables are written in blocks of documents, so that
memory does not grow with the number of stances.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

import stancedata
from benchmarks.made.choices import Codebook
from benchmarks.made.documents import (
    MOST,
    author_columns,
    coder_rows,
    document_columns,
    make_documents,
)
from benchmarks.made.files import TableWriter
from benchmarks.made.stances import Stances
from benchmarks.made.world import actor_rows, event_rows, make_world
from stancedata.tables.columns import SCHEMA_VERSION, sort
from stancedata.tables.contract import BY_NAME, tables_of
from stancedata.tables.dictionary import codebook_table

CODEBOOK = ("issues", "levels", "aspects", "vocabulary")
STREAMED = ("documents", "document_authors", "stances", "holders", "ascribers", "stance_aspects",
            "conditions", "evidence")  # fmt: skip
SEED = 20211020


def generate(stances: int, folder: Path, seed: int = SEED, positions: bool = True) -> Path:
    """Write a synthetic dataset to a folder.

    Args:
        stances: Number of stances, from 1 to 90 million (the ids allow no more).
        folder: Folder for the files; existing ones are replaced.
        seed: Seed of the random numbers.
        positions: Whether to derive `positions`, which takes most of the time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tables = stancedata.load().tables
    small = {name: tables[name] for name in CODEBOOK} | {"codebook": codebook_table(tables)}
    world = make_world(stances)
    rows = actor_rows() | event_rows(world, -(-stances // MOST)) | coder_rows()
    small |= {name: _sorted(name, rows[name]) for name in rows}
    left = {t.name for t in tables_of(SCHEMA_VERSION)} - {*small, *STREAMED, "positions"}
    for name in left | {*small}:
        _write(folder, name, small.get(name))
    _stream(stances, folder, seed, Codebook.of(tables, seed))
    if positions:
        stancedata.complete(folder)
    return folder


def _sorted(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    return sort(BY_NAME[name], pa.Table.from_pylist(rows, schema=BY_NAME[name].schema))


def _write(folder: Path, name: str, data: pa.Table | None) -> None:
    writer = TableWriter(folder, BY_NAME[name])
    if data is not None:
        writer.write_table(data)
    writer.close()


def _stream(stances: int, folder: Path, seed: int, book: Codebook) -> None:
    """Write the tables that grow with the number of stances, in blocks of documents."""
    writers = {name: TableWriter(folder, BY_NAME[name]) for name in STREAMED}
    world, block = make_world(stances), 0
    while stances > 0:
        rng = np.random.default_rng([seed, block])
        made = make_documents(rng, block, stances, world)
        part = Stances(rng, made, world, book)
        writers["documents"].write(document_columns(rng, made, world))
        writers["document_authors"].write(author_columns(made, world))
        writers["stances"].write(part.columns())
        writers["holders"].write(part.holders())
        writers["ascribers"].write(part.ascribers())
        writers["stance_aspects"].write(part.aspects())
        writers["conditions"].write(part.conditions())
        writers["evidence"].write(part.evidence())
        stances, block = stances - part.size, block + 1
    for writer in writers.values():
        writer.close()


def main() -> None:
    """Parse the command line and generate the data."""
    parser = argparse.ArgumentParser(description="Make a dataset of any size.")
    parser.add_argument("stances", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--without-positions", action="store_true")
    asked = parser.parse_args()
    generate(asked.stances, asked.folder, asked.seed, not asked.without_positions)


if __name__ == "__main__":
    main()
