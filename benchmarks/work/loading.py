"""Libraries with everything imported that they import late: imports are not timed."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

_LATE = ("duckdb", "pyarrow.compute", "pyarrow.dataset", "pyarrow.parquet", "stancedata.exports")


def library() -> ModuleType:
    """`stancedata`, with every module of its own but those of commands and pictures."""
    package = importlib.import_module("stancedata")
    rooms = (m.name for m in pkgutil.iter_modules(package.__path__) if not m.ispkg)
    for name in (*_LATE, *(f"stancedata.{room}" for room in rooms)):
        importlib.import_module(name)
    return package


def arrow_parquet() -> ModuleType:
    """`pyarrow.parquet`, whose `read_table` imports `pyarrow.dataset` when it is first called."""
    importlib.import_module("pyarrow.dataset")
    return importlib.import_module("pyarrow.parquet")
