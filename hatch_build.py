"""Build hook: compile `data/` to the Parquet files of the package.

A wheel gets them from a temporary folder, so that it cannot include stale files. An editable
install gets them in `src/stancedata/_data`, which git ignores; the library compares them with
`data/` each time and never uses stale ones.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileData(BuildHookInterface):
    """Compile the curated files with the library itself."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the data before a wheel (version `standard`) or an editable install is built."""
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        try:
            from stancedata.dataset.packaged import compile_data
            from stancedata.temporary import create_folder
        finally:
            sys.path.pop(0)
        if version == "editable":
            compile_data(root / "data", root / "src" / "stancedata" / "_data")
            return
        place, self._remove = create_folder()
        folder = place / "_data"
        compile_data(root / "data", folder)
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                name = file.relative_to(folder).as_posix()
                build_data["force_include"][str(file)] = f"stancedata/_data/{name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the temporary folder after the build."""
        if version != "editable":
            self._remove()
