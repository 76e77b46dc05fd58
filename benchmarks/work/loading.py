"""Import libraries with their late imports, so that imports are not timed."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

_LATE = ("duckdb", "pyarrow.compute", "pyarrow.dataset", "pyarrow.parquet")
_UNUSED = ("stancedata.cli", "stancedata.charts", "stancedata.__main__")


def library() -> ModuleType:
    """Import `stancedata` with all of its modules, except the command line and charts."""
    package = importlib.import_module("stancedata")
    found = pkgutil.walk_packages(package.__path__, "stancedata.")
    modules = [m.name for m in found if not m.name.startswith(_UNUSED)]
    for name in (*_LATE, *modules):
        importlib.import_module(name)
    return package


def arrow_parquet() -> ModuleType:
    """Import `pyarrow.parquet`, and `pyarrow.dataset`, which the first `read_table` imports."""
    importlib.import_module("pyarrow.dataset")
    return importlib.import_module("pyarrow.parquet")
