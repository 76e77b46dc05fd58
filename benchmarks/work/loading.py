"""Libraries with everything imported that they import late: imports are not timed."""

from __future__ import annotations

import importlib
from types import ModuleType

_LATE = ("duckdb", "pyarrow.compute", "pyarrow.dataset", "pyarrow.parquet", "stancedata.exports",
         "stancedata.opening", "stancedata.rules")  # fmt: skip


def library() -> ModuleType:
    """`stancedata`."""
    for name in _LATE:
        importlib.import_module(name)
    return importlib.import_module("stancedata")


def arrow_parquet() -> ModuleType:
    """`pyarrow.parquet`, whose `read_table` imports `pyarrow.dataset` when it is first called."""
    importlib.import_module("pyarrow.dataset")
    return importlib.import_module("pyarrow.parquet")
