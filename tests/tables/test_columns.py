"""Arrays of every type of the contract."""

from __future__ import annotations

import datetime
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from stancedata.tables.columns import array_of, table_of

DAY = datetime.date(2021, 10, 20)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["a", None, "é", ""], pa.string()),
        ([1, None, -7], pa.int32()),
        ([True, None, False], pa.bool_()),
        ([DAY, None, datetime.date(1, 1, 1)], pa.date32()),
        ([], pa.int64()),
    ],
)
def test_arrays_are_those_of_pyarrow(values: list[Any], kind: pa.DataType) -> None:
    """An array has the values that it was made from."""
    assert pa.array(values, kind).equals(array_of(values, kind))


def test_a_table_of_rows() -> None:
    """A table has the values of its rows, also where they are ISO texts of dates, or missing."""
    kinds = {"text": pa.string(), "number": pa.int32(), "flag": pa.bool_(), "day": pa.date32()}
    schema = pa.schema([pa.field(name, kind) for name, kind in kinds.items()])
    rows = [{"text": "a", "number": 1, "flag": True, "day": DAY}, {}, {"text": "", "flag": False}]
    assert pa.Table.from_pylist(rows, schema=schema).equals(table_of(rows, schema))
    assert pa.Table.from_pylist([], schema=schema).equals(table_of([], schema))
    texts = [{**rows[0], "day": DAY.isoformat()}, *rows[1:]]
    assert table_of(rows, schema).equals(table_of(texts, schema))


def test_pandas_is_not_imported(repository: Path, tmp_path: Path) -> None:
    """Checking, releasing and exporting a folder do not wait for pandas, where it is installed."""
    code = (
        "import datetime, stancedata as s, sys; from pathlib import Path\n"
        "from stancedata.coding.release import release\n"
        "release(Path(sys.argv[1]), '0.1.0', datetime.date(2026, 1, 1)); s.check(sys.argv[1])\n"
        "s.read(sys.argv[1]).export(sys.argv[2]); print('pandas' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(repository), str(tmp_path / "export")]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "False\n" == ran.stdout
