"""Write tables of any length in parts, in the layout of an export."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from stancedata.releases.version import WORKING_COPY
from stancedata.tables.columns import SCHEMA_VERSION, Table
from stancedata.tables.parquet_writer import layout
from stancedata.tables.source import SCHEMA, VERSION

ROWS = 100_000
"""Rows per row group."""
_METADATA = {VERSION: WORKING_COPY.encode(), SCHEMA: SCHEMA_VERSION.encode()}


class TableWriter:
    """Writes a Parquet file in row groups of `ROWS` rows; rows must come in key order.

    Args:
        folder: Folder for the file, which is named after the table.
        table: The table.
    """

    def __init__(self, folder: Path, table: Table) -> None:
        schema = table.schema.with_metadata(_METADATA)
        path = folder / f"{table.name}.parquet"
        self._writer = pq.ParquetWriter(path, schema, **layout(table, schema))
        self._schema = schema
        self._waiting = schema.empty_table()

    def write(self, columns: Mapping[str, Any]) -> None:
        """Add rows; missing columns are null."""
        length = len(next(iter(columns.values())))
        arrays = [columns.get(f.name, pa.nulls(length, f.type)) for f in self._schema]
        self.write_table(pa.Table.from_arrays(arrays, schema=self._schema))

    def write_table(self, data: pa.Table) -> None:
        """Add the rows of a table."""
        data = data.replace_schema_metadata(_METADATA)
        self._waiting = pa.concat_tables([self._waiting, data])
        while self._waiting.num_rows >= ROWS:
            self._writer.write_table(self._waiting.slice(0, ROWS).combine_chunks(), ROWS)
            # A copy, so that the memory of the written rows is freed.
            rest = self._waiting.slice(ROWS).to_batches()
            self._waiting = pa.Table.from_batches(rest, self._schema).combine_chunks()

    def close(self) -> None:
        """Write the remaining rows and close the file."""
        self._writer.write_table(self._waiting, ROWS)
        self._writer.close()
