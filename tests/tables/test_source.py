"""Table sources: the number of rows, the files and the size of tables."""

from __future__ import annotations

from pathlib import Path

import stancedata as sd
from stancedata.questions.positions import Complete
from stancedata.tables.parquet import TableFile
from stancedata.tables.source import ParquetTables, as_source


def test_tables_of_a_dict_are_in_memory(dataset: sd.Dataset) -> None:
    """A dict becomes a source with the same tables, none of them large."""
    tables = {name: dataset.tables[name] for name in ("actors", "stances")}
    source = as_source(tables)
    assert dict(source) == tables
    assert (len(source), source.rows("actors")) == (2, tables["actors"].num_rows)
    assert (source.files("actors"), source.is_large("actors")) == ((), False)


def test_a_source_is_itself() -> None:
    """A source is not wrapped again."""
    source = Complete({})
    assert as_source(source) is source
    assert sd.Dataset(source, "0.0.0+test").tables is source


def test_rows_of_files_are_counted_without_loading(dataset: sd.Dataset, tmp_path: Path) -> None:
    """A Parquet table is large by the number of rows in its footer, until it is loaded."""
    dataset.export(tmp_path / "out")
    rows = dataset.tables["stances"].num_rows
    for small in (rows - 1, rows):
        tables = ParquetTables(tmp_path / "out", small=small)
        assert tables.rows("stances") == rows
        assert tables.is_large("stances") is (rows > small)
        path = tmp_path / "out" / "stances.parquet"
        assert tables.files("stances") == (TableFile(tables.files("stances")[0].table, path),)
        assert tables["stances"].num_rows == rows
        assert not tables.is_large("stances")
