"""Run docs/second-dataset.md. `python -m tools.pages.second_dataset` updates its output.

Each block of commands (sh) is followed by a block of their output (text), unless they print nothing.
The commands run in order in one folder, which then contains the finished data.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import sys
import tempfile
from pathlib import Path
from unittest import mock

from stancedata.cli import main

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "second-dataset.md"
EXAMPLE = ROOT / "docs" / "examples" / "kosovo-recognition"
BLOCK = re.compile(r"```sh\n(.*?)```\n(?:\n```text\n.*?```\n)?", re.DOTALL)


def rerun(page: str, folder: Path) -> tuple[str, list[str]]:
    """Run the page's commands in a folder; return the updated page and the commands that failed."""
    failed: list[str] = []

    def block(found: re.Match[str]) -> str:
        said = ""
        for line in found[1].replace("\\\n", " ").splitlines():
            status, text = _run(shlex.split(line), folder)
            said += text
            if status:
                failed.append(line)
        return f"```sh\n{found[1]}```\n" + (f"\n```text\n{said}```\n" if said else "")

    return BLOCK.sub(block, page), failed


def _run(words: list[str], folder: Path) -> tuple[int, str]:
    if words[0] == "cp":
        # The page assumes a clone of the project next to the data.
        shutil.copy(ROOT / words[1].removeprefix("stancedata/"), folder / words[2])
        return 0, ""
    assert words[0] == "stancedata", words
    environment = {k: v for k, v in os.environ.items() if not k.startswith("STANCEDATA")}
    said, status = io.StringIO(), 0
    with (
        mock.patch.dict(os.environ, environment, clear=True),
        mock.patch.object(sys, "argv", words),
        contextlib.chdir(folder),
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(said),
    ):
        try:
            main()
        except SystemExit as end:
            status = int(end.code or 0)
    return status, said.getvalue()


def files(folder: Path) -> dict[str, str]:
    """Return the text of every file in a folder, by relative path."""
    return {
        file.relative_to(folder).as_posix(): file.read_text(encoding="utf-8")
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        page, _ = rerun(PAGE.read_text(encoding="utf-8"), Path(place))
        PAGE.write_text(page, encoding="utf-8")
        shutil.copytree(Path(place) / "data", EXAMPLE, dirs_exist_ok=True)
    for inner in EXAMPLE.iterdir():
        if inner.is_dir() and not any(inner.iterdir()):
            inner.rmdir()
