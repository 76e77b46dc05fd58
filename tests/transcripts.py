"""Pages that are a transcript: every command, in order, in an empty folder, with what it prints.

`python -m tests.transcripts` writes the output anew into the pages after a change of the commands.
"""

from __future__ import annotations

import re
import shlex
import shutil
import sys
import tempfile
from pathlib import Path

from tests.test_cli import run

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGES = [DOCS / "coding.md"]
EXAMPLES = DOCS / "examples"
_BLOCK = re.compile(r"(?<=```console\n)(.*?)(?=```)", re.DOTALL)
_COMMAND = re.compile(r"^\$ ((?:.*\\\n)*.*)\n", re.MULTILINE)


def replayed(page: str, folder: Path) -> str:
    """A page with the output that its commands have, run one after the other in a folder."""
    return _BLOCK.sub(lambda block: _block(block[0], folder), page)


def _block(block: str, folder: Path) -> str:
    commands = _COMMAND.findall(block)
    assert commands, block
    return "".join(f"$ {command}\n{_output(command, folder)}" for command in commands)


def _output(command: str, folder: Path) -> str:
    words = shlex.split(command.replace("\\\n", " "))
    if words[0] == "cp":
        (folder / words[2]).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(DOCS.parent / words[1], folder / words[2])
        return ""
    assert words[0] == "stancedata", command
    # What is refused is part of a transcript too: its exit status is 1, and it says so.
    try:
        return run(*words[1:], cwd=folder)
    except AssertionError:
        return run(*words[1:], cwd=folder, status=1)


if __name__ == "__main__":
    for path in [Path(name).resolve() for name in sys.argv[1:]] or PAGES:
        with tempfile.TemporaryDirectory() as place:
            made = replayed(path.read_text(encoding="utf-8"), Path(place))
        path.write_text(made, encoding="utf-8")
