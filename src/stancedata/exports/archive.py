"""Pack an export into one zip, whose bytes depend on the files alone."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

from stancedata.tables import manifest

_TIME = (1980, 1, 1, 0, 0, 0)
"""The time of every file: the first that a zip can state, so that two archives are identical."""
_MODE = 0o100644 << 16
_UNIX = 3


def archive_name(name: str, version: str) -> str:
    """Return the name of an archive without its suffix, such as `stancedata-0.11.0`."""
    return f"{name}-" + re.sub(r"[^0-9A-Za-z.+-]+", "-", version)


def write_archive(folder: Path, path: Path) -> None:
    """Write all files of a folder to a zip, in one folder with the name of the archive.

    Args:
        folder: The folder.
        path: The zip.
    """
    inner = path.name.removesuffix(".zip")
    with zipfile.ZipFile(path, "w") as packed:
        for file in sorted(found for found in folder.rglob("*") if found.is_file()):
            name = f"{inner}/{file.relative_to(folder).as_posix()}"
            entry = zipfile.ZipInfo(name, _TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = _UNIX, _MODE
            entry.file_size = file.stat().st_size
            with file.open("rb") as source, packed.open(entry, "w") as target:
                shutil.copyfileobj(source, target, 1 << 20)


def is_archive(path: Path) -> bool:
    """Return whether a file is a zip of an export with this name, which another may replace."""
    inner = path.name.removesuffix(".zip")
    if not path.is_file():  # a pipe would be waited for
        return False
    try:
        with zipfile.ZipFile(path) as packed:
            return f"{inner}/{manifest.NAME}" in packed.namelist()
    except (OSError, zipfile.BadZipFile):
        return False
