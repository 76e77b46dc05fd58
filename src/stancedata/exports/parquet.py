"""Parquet that every reader opens: flat, zstd, sorted by key, its version and digest within."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from stancedata.schemas import SCHEMA_VERSION, Table
from stancedata.storage import DIGEST, SCHEMA, VERSION

if TYPE_CHECKING:
    from stancedata.dataset import Dataset


def write(dataset: Dataset, table: Table, folder: Path) -> Path:
    """Write one table; its file is named after it."""
    import pyarrow.parquet as pq

    metadata = {
        VERSION: dataset.version.encode(),
        SCHEMA: SCHEMA_VERSION.encode(),
        DIGEST: dataset.digest.encode(),
    }
    data = dataset.tables[table.name].replace_schema_metadata(metadata)
    order = [pq.SortingColumn(data.schema.get_field_index(name)) for name in table.key]
    path = folder / f"{table.name}.parquet"
    # A page whose bytes were changed on the way is noticed when it is read.
    pq.write_table(data, path, compression="zstd", sorting_columns=order, write_page_checksum=True)
    return path
