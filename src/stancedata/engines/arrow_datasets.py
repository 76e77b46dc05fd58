"""Open tables as Arrow datasets, which DuckDB can scan without opening a file itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from stancedata.tables.contract import BY_NAME

if TYPE_CHECKING:
    from stancedata.tables.parquet import TableFile
    from stancedata.tables.source import TableSource


def arrow_dataset(tables: TableSource, name: str) -> Any:
    """Open a table as an Arrow dataset: unlike a stream, it can be scanned repeatedly.

    Args:
        tables: The tables.
        name: The name of one of them.
    """
    import pyarrow.dataset

    if tables.is_large(name):
        return _on_disk(tables.files(name))
    own = [c.name for c in BY_NAME[name].columns_of(tables.schema_version)]
    return pyarrow.dataset.dataset(tables[name].select(own))


def _on_disk(files: Sequence[TableFile]) -> Any:
    """Open files as one Arrow dataset, which reads them lazily; DuckDB itself opens no file."""
    import pyarrow as pa
    import pyarrow.dataset as ds
    from pyarrow.fs import LocalFileSystem

    disk = LocalFileSystem()
    schema = files[0].table.schema
    parquet = ds.ParquetFileFormat(
        default_fragment_scan_options=ds.ParquetFragmentScanOptions(
            pre_buffer=False, page_checksum_verification=True
        )
    )
    fragments = []
    for file in files:
        partition: Any = ds.scalar(True)
        for name, value in file.values.items():
            partition = partition & (ds.field(name) == pa.scalar(value, pa.string()))
        fragments.append(parquet.make_fragment(str(file.path), disk, partition))
    return ds.FileSystemDataset(fragments, schema, parquet, disk)
