"""Arrays of every type of the contract."""

from __future__ import annotations

import datetime
import subprocess
import sys
from typing import Any

import pyarrow as pa
import pytest

from stancedata.tables.columns import array_of
from tests.support.paths import REPOSITORY

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


def test_pandas_is_not_imported() -> None:
    """Reading and checking a folder does not wait for pandas, even where it is installed."""
    code = "import stancedata, sys; stancedata.check(sys.argv[1]); print('pandas' in sys.modules)"
    command = [sys.executable, "-c", code, str(REPOSITORY)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "False\n" == ran.stdout
