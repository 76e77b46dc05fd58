"""The list of a folder's files with their digests: what was written is what is read, to the byte.

`manifest.json` says which dataset the folder holds, and the SHA-256 of each file and of itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stancedata.atomic import write_text
from stancedata.problems import Place, Problem

NAME = "manifest.json"
_SELF = "sha256"


def write_manifest(folder: Path, about: dict[str, str]) -> Path:
    """List every file of a folder, with what is to be said about them all."""
    files = {_name(folder, file): _digest_of(file) for file in _files(folder)}
    path = folder / NAME
    write_text(path, _dump({**about, "files": files}))
    return path


def read_manifest(folder: Path) -> dict[str, Any]:
    """What a manifest says; empty where there is none, or none that can be read."""
    try:
        found = json.loads((folder / NAME).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def manifest_problems(folder: Path, mend: str) -> Iterator[Problem]:
    """Every file that is not what the manifest of its folder says.

    Args:
        folder: A folder with a manifest.
        mend: What to do.
    """
    path = folder / NAME
    found = read_manifest(folder)
    stated = {key: value for key, value in found.items() if key != _SELF}
    files = found.get("files")
    if not isinstance(files, dict) or path.read_bytes() != _dump(stated).encode("utf-8"):
        what = "is not as it was written, got another text"
        yield Problem(Place(str(path)), "", f"{what}; {mend}")
        return
    there = {_name(folder, file): file for file in _files(folder)}
    for name in sorted({*there, *files}):
        if name not in there:
            what = "is missing, got no such file"
        elif name not in files:
            what = "is not in the manifest, got a file that was not written with the others"
        elif _digest_of(there[name]) != files[name]:
            what = "is not as it was written, got other bytes"
        else:
            continue
        yield Problem(Place(str(folder / name)), "", f"{what}; {mend}")


def _dump(about: dict[str, Any]) -> str:
    """The text of a manifest, which has one form alone, with its own digest at the end."""
    text = json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True)
    whole = {**about, _SELF: _digest(text.encode("utf-8"))}
    return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _files(folder: Path) -> list[Path]:
    return sorted(f for f in folder.rglob("*") if f.is_file() and f != folder / NAME)


def _name(folder: Path, file: Path) -> str:
    return file.relative_to(folder).as_posix()


def _digest_of(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
