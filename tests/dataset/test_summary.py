"""The summary of a folder, from its footers or, where these say nothing, from its rows."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import stancedata as sd
from stancedata.dataset.summary import of_folder


@pytest.mark.parametrize("with_statistics", [(True, True), (False, False), (True, False)])
def test_the_time_span_is_that_of_all_rows(
    small: sd.Dataset, tmp_path: Path, with_statistics: tuple[bool, bool]
) -> None:
    """The first and last day are right whether all, some or no files have statistics."""
    rows = small.positions().to_arrow()
    small.export(tmp_path / "out", panel=False)
    (tmp_path / "out" / "positions.parquet").unlink()
    folder = tmp_path / "out" / "positions"
    folder.mkdir()
    half = rows.num_rows // 2
    for number, (part, write) in enumerate(
        zip((rows.slice(0, half), rows.slice(half)), with_statistics, strict=True)
    ):
        pq.write_table(part, folder / f"{number}.parquet", write_statistics=write)
    found = of_folder(tmp_path / "out")
    first = min(map(str, rows.column("stated_earliest").to_pylist()))
    last = max(map(str, rows.column("stated_latest").to_pylist()))
    assert (first, last) == (found.first, found.last)
    assert rows.num_rows == found.counts["positions"]


def test_a_table_without_rows_has_no_time_span(small: sd.Dataset, tmp_path: Path) -> None:
    """Without positions there is neither a first day nor a last one."""
    small.export(tmp_path / "out", panel=False)
    file = tmp_path / "out" / "positions.parquet"
    empty: pa.Table = pq.read_table(file).slice(0, 0)
    pq.write_table(empty, file)
    found = of_folder(tmp_path / "out")
    assert ("", "") == (found.first, found.last)


def test_metadata_that_are_not_text_are_shown_as_far_as_they_are(
    small: sd.Dataset, tmp_path: Path
) -> None:
    """A broken digest in a footer is no reason for a traceback: `check` reports it."""
    small.export(tmp_path / "out", panel=False)
    for file in (tmp_path / "out").glob("*.parquet"):
        table: pa.Table = pq.read_table(file)
        spoilt = {**(table.schema.metadata or {}), b"stancedata.digest": b"\xff"}
        pq.write_table(table.replace_schema_metadata(spoilt), file)
    assert "\ufffd" == of_folder(tmp_path / "out").digest
