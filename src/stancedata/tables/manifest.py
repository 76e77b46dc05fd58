"""Write and verify `manifest.json`, which lists the files of a folder with their SHA-256 digests.

It also identifies the dataset in the folder, and ends with its own digest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

import attrs

from stancedata.foreign import is_leftover
from stancedata.problems import Place, Problem
from stancedata.tables.columns import SCHEMA_VERSION

NAME = "manifest.json"
_SELF = "sha256"


@attrs.frozen
class Identity:
    """The identity of a dataset: its versions, and digests of its content, positions and history."""

    version: str
    digest: str
    positions_digest: str
    schema_version: str = SCHEMA_VERSION
    history_digest: str = ""


class Digests(dict[Path, str]):
    """The SHA-256 of files, each computed once."""

    def __missing__(self, file: Path) -> str:
        self[file] = _sha256(file)
        return self[file]

    def add(self, files: Collection[Path], threads: int) -> None:
        """Compute the digests of several files, of which some are large, at the same time."""
        from concurrent.futures import ThreadPoolExecutor  # slow to import

        with ThreadPoolExecutor(threads) as pool:
            self.update(zip(files, pool.map(_sha256, files), strict=True))


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_manifest(
    folder: Path, identity: Identity, digests: Digests | None = None, **more: str
) -> Path:
    """Write the manifest of all files in a folder, with the identity of the dataset.

    Args:
        folder: The folder.
        identity: The identity.
        digests: Those of files that are known already.
        **more: What else the manifest says.
    """
    digests = Digests() if digests is None else digests
    files = {_name(folder, file): digests[file] for file in _files(folder)}
    path = folder / NAME
    about = {"dataset": "stancedata", **attrs.asdict(identity)}
    path.write_bytes(_dump({**about, **more, "files": files}))
    return path


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read a manifest; return an empty dict if it is missing or unreadable."""
    try:
        found = json.loads(_bytes(folder))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def listed_files(folder: Path, kind: str | None = None) -> set[str]:
    """List the files in an intact manifest and the manifest itself; empty if it was changed.

    These come from an earlier export, so another export may replace them.

    Args:
        folder: The folder.
        kind: What its manifest must say that it is; an export's says nothing.
    """
    files = _intact(folder)
    if files is None or read_manifest(folder).get("kind") != kind:
        return set()
    return {*files, NAME}


def _intact(folder: Path) -> dict[str, str] | None:
    """Return the files of a manifest with their digests; None if it was changed."""
    found = read_manifest(folder)
    files = found.get("files")
    stated = {key: value for key, value in found.items() if key != _SELF}
    try:
        written = _dump(stated)
    except (ValueError, RecursionError):  # such as half a character
        return None
    return files if isinstance(files, dict) and _bytes(folder) == written else None


def _bytes(folder: Path) -> bytes:
    """Read the bytes of a manifest; empty unless it is a regular file, as reading a pipe blocks."""
    path = folder / NAME
    return path.read_bytes() if path.is_file() else b""


def foreign_files(folder: Path) -> list[str]:
    """List the files in a folder that its manifest does not list; none if it has no manifest."""
    listed = listed_files(folder)
    return [name for f in _files(folder) if (name := _name(folder, f)) not in listed and listed]


def manifest_problems(
    folder: Path, advice: str, may_stay: Callable[[str], bool] = is_leftover
) -> Iterator[Problem]:
    """Report every file that is missing, changed or not listed in the manifest of its folder.

    Args:
        folder: A folder with a manifest.
        advice: What to do about it, the end of each message.
        may_stay: Tells of the relative path of a file that is not listed whether it does no harm,
            so that it is a warning.
    """
    files = _intact(folder)
    if files is None:
        what = "was changed after it was written"
        yield Problem(Place(str(folder / NAME)), "", f"{what}; {advice}")
        return
    there = {_name(folder, file): file for file in _files(folder)}
    for name in sorted({*there, *files}):
        if name not in there:
            what = "is missing"
        elif name not in files:
            what = "is not in the manifest: it was not written with the other files"
            if may_stay(name):
                place = Place(str(folder / name))
                yield Problem(place, "", f"{what}; it is left alone", "warning")
                continue
        elif Digests()[there[name]] != files[name]:
            what = "was changed after it was written"
        else:
            continue
        yield Problem(Place(str(folder / name)), "", f"{what}; {advice}")


def _dump(about: dict[str, Any]) -> bytes:
    """Serialise a manifest in its canonical form, with its own digest at the end."""
    text = json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True)
    whole = {**about, _SELF: hashlib.sha256(text.encode("utf-8")).hexdigest()}
    return (json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")


def _files(folder: Path) -> list[Path]:
    return sorted(f for f in folder.rglob("*") if f.is_file() and f != folder / NAME)


def _name(folder: Path, file: Path) -> str:
    return file.relative_to(folder).as_posix()
