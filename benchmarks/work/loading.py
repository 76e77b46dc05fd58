"""Libraries with everything imported that they import late: imports are not timed."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

_LATE = ("duckdb", "pyarrow.compute", "pyarrow.dataset", "pyarrow.parquet")
_UNUSED = ("stancedata.cli", "stancedata.charts", "stancedata.__main__")


def library() -> ModuleType:
    """`stancedata`, with every module of its own but those of commands and pictures."""
    package = importlib.import_module("stancedata")
    found = pkgutil.walk_packages(package.__path__, "stancedata.")
    modules = [m.name for m in found if not m.name.startswith(_UNUSED)]
    for name in (*_LATE, *modules):
        importlib.import_module(name)
    return package


def arrow_parquet() -> ModuleType:
    """`pyarrow.parquet`, whose `read_table` imports `pyarrow.dataset` when it is first called."""
    importlib.import_module("pyarrow.dataset")
    return importlib.import_module("pyarrow.parquet")
