"""The list of a folder's files with their digests: what was written is what is read, to the byte.

`manifest.json` says which dataset the folder holds, and the SHA-256 of each file and of itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs

from stancedata.problems import Place, Problem
from stancedata.tables.columns import SCHEMA_VERSION

NAME = "manifest.json"
_SELF = "sha256"


@attrs.frozen
class Identity:
    """Which dataset it is: its version, and the digests of its content and of its positions."""

    version: str
    digest: str
    positions_digest: str


def write_manifest(folder: Path, identity: Identity, **more: str) -> Path:
    """List every file of a folder, with the dataset to which they belong."""
    files = {_name(folder, file): _digest_of(file) for file in _files(folder)}
    path = folder / NAME
    about = {"dataset": "stancedata", "schema_version": SCHEMA_VERSION, **attrs.asdict(identity)}
    path.write_bytes(_dump({**about, **more, "files": files}))
    return path


def read_manifest(folder: Path) -> dict[str, Any]:
    """What a manifest says; empty where there is none, or none that can be read."""
    try:
        found = json.loads(_bytes(folder))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def listed_files(folder: Path) -> set[str]:
    """The files that were written with a manifest, and itself; none unless it is as it was written.

    They are an earlier export's, and another may replace them.
    """
    files = _intact(folder)
    return set() if files is None else {*files, NAME}


def _intact(folder: Path) -> dict[str, str] | None:
    """The files of a manifest with their digests; None where it is not as it was written."""
    found = read_manifest(folder)
    files = found.get("files")
    stated = {key: value for key, value in found.items() if key != _SELF}
    return files if isinstance(files, dict) and _bytes(folder) == _dump(stated) else None


def _bytes(folder: Path) -> bytes:
    """The bytes of a manifest; none of what is no file, since a pipe would be waited for."""
    path = folder / NAME
    return path.read_bytes() if path.is_file() else b""


def manifest_problems(folder: Path, mend: str) -> Iterator[Problem]:
    """Every file that is not what the manifest of its folder says.

    Args:
        folder: A folder with a manifest.
        mend: What to do.
    """
    files = _intact(folder)
    if files is None:
        what = "was changed after it was written"
        yield Problem(Place(str(folder / NAME)), "", f"{what}; {mend}")
        return
    there = {_name(folder, file): file for file in _files(folder)}
    for name in sorted({*there, *files}):
        if name not in there:
            what = "is missing"
        elif name not in files:
            what = "is not in the manifest: it was not written with the other files"
        elif _digest_of(there[name]) != files[name]:
            what = "was changed after it was written"
        else:
            continue
        yield Problem(Place(str(folder / name)), "", f"{what}; {mend}")


def _dump(about: dict[str, Any]) -> bytes:
    """The text of a manifest, which has one form alone, with its own digest at the end."""
    text = json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True)
    whole = {**about, _SELF: hashlib.sha256(text.encode("utf-8")).hexdigest()}
    return (json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")


def _files(folder: Path) -> list[Path]:
    return sorted(f for f in folder.rglob("*") if f.is_file() and f != folder / NAME)


def _name(folder: Path, file: Path) -> str:
    return file.relative_to(folder).as_posix()


def _digest_of(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
