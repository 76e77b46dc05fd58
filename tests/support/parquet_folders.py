"""Write tables as a folder of Parquet, sound or not, for tests that read it back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import pyarrow as pa
import pyarrow.parquet as pq

from stancedata.dataset import Dataset
from stancedata.dataset.folders import from_parquet
from stancedata.tables.columns import SCHEMA_VERSION
from stancedata.tables.contract import TABLES, tables_of
from stancedata.tables.dictionary import codebook_table
from stancedata.tables.manifest import Identity, read_manifest, write_manifest

VERSION = {b"stancedata.version": b"0.0.0+test"}


def write_parquet(tables: Mapping[str, pa.Table], folder: Path, **options: Any) -> Path:
    """Write every table of the contract to a folder; missing ones are empty, but for `codebook`."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = {"codebook": codebook_table(tables), **tables}
    for table in tables_of(SCHEMA_VERSION):
        data = tables.get(table.name, table.schema.empty_table())
        write(data, folder / f"{table.name}.parquet", **options)
    return folder


def write(data: pa.Table, path: Path, schema_version: str = SCHEMA_VERSION, **options: Any) -> Path:
    """Write one file as an export of a schema version does, of the version of the one it replaces."""
    path.parent.mkdir(parents=True, exist_ok=True)
    before = pq.read_schema(path).metadata or {} if path.is_file() else {}
    stated = {key: before[key] for key in VERSION if key in before}
    options = {"compression": "zstd", "write_page_checksum": True, **options}
    metadata: Any = {**VERSION, **stated, b"stancedata.schema_version": schema_version.encode()}
    pq.write_table(data.replace_schema_metadata(metadata), path, **options)
    return path


def lay(
    tables: Mapping[str, pa.Table], folder: Path, small: int = 0, **rows_in_group: int
) -> Dataset:
    """Write tables as an export does, with row groups of given sizes, and read them back.

    Args:
        tables: The tables.
        folder: The output folder.
        small: Rows up to which a table is loaded.
        **rows_in_group: Rows per row group, by table; `others` for all other tables.
    """
    for table in TABLES:
        rows = tables.get(table.name, table.schema.empty_table())
        order = [pq.SortingColumn(table.schema.names.index(name)) for name in table.key]
        size = rows_in_group.get(table.name, rows_in_group.get("others", 1000))
        write(rows, folder / f"{table.name}.parquet", sorting_columns=order, row_group_size=size)
    return from_parquet(folder, small)


def spoil_group(file: Path, group: int) -> None:
    """Change a byte in a row group's last column."""
    part = pq.read_metadata(file).row_group(group)
    column = part.column(part.num_columns - 1)
    raw = bytearray(file.read_bytes())
    at = (
        (column.dictionary_page_offset or column.data_page_offset)
        + column.total_compressed_size
        - 2
    )
    raw[at] ^= 0xFF
    file.write_bytes(raw)


def partition(folder: Path, names: tuple[str, ...], column: str) -> None:
    """Split tables of an export as 0.2.0 and other programs do: a folder for each value, which its files do not have.

    Args:
        folder: The export, whose manifest lists the new files.
        names: The tables.
        column: The column.
    """
    stated = read_manifest(folder)
    for name in names:
        whole = folder / f"{name}.parquet"
        pq.write_to_dataset(
            pq.read_table(whole),
            folder / name,
            basename_template="part-{i}.parquet",
            partition_cols=[column],
        )
        whole.unlink()
    known = {field.name: stated[field.name] for field in attrs.fields(Identity)}
    write_manifest(folder, Identity(**known))
