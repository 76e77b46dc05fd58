"""Replay the pages that are transcripts: run all commands, in order, in an empty folder.

`python -m tests.support.transcripts` updates the output in the pages.
"""

from __future__ import annotations

import re
import shlex
import shutil
import sys
import tempfile
from pathlib import Path

from tests.cli.test_commands import run
from tests.support.paths import DOCS

PAGES = [DOCS / "coding.md"]
EXAMPLES = DOCS / "examples"
_BLOCK = re.compile(r"^```console( refused)?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_COMMAND = re.compile(r"^\$ ((?:.*\\\n)*.*)\n", re.MULTILINE)


def replayed(page: str, folder: Path) -> str:
    """Run the commands of a page in a folder and replace their output.

    Commands in blocks of `console refused` must fail; all others must succeed.
    """
    return _BLOCK.sub(lambda block: _block(block, folder), page)


def _block(block: re.Match[str], folder: Path) -> str:
    refused, text = block[1] or "", block[2]
    commands = _COMMAND.findall(text)
    assert commands, text
    lines = "".join(f"$ {c}\n{_output(c, folder, bool(refused))}" for c in commands)
    return f"```console{refused}\n{lines}```"


def _output(command: str, folder: Path, refused: bool) -> str:
    words = shlex.split(command.replace("\\\n", " "))
    if words[0] == "mkdir":
        (folder / words[1]).mkdir()
        return ""
    if words[0] == "cp":
        shutil.copyfile(DOCS.parent / words[1], folder / words[2])
        return ""
    assert words[0] == "stancedata", command
    return run(*words[1:], cwd=folder, status=1 if refused else 0)


if __name__ == "__main__":
    for path in [Path(name).resolve() for name in sys.argv[1:]] or PAGES:
        with tempfile.TemporaryDirectory() as place:
            made = replayed(path.read_text(encoding="utf-8"), Path(place))
        path.write_text(made, encoding="utf-8")
