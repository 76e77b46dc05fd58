"""Write docs/findings.md and its pictures. Run `python -m tools.pages.findings` after a release.

The text is in findings.md beside this file: its code is run, and its `$names` are replaced by the numbers
of claims.py.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import re
import string
import textwrap
from pathlib import Path
from typing import Any

import stancedata
from stancedata.dataset import Dataset
from tools.pages.claims import facts

PAGE = Path(__file__).resolve().parents[2] / "docs" / "findings.md"
TEXT = Path(__file__).with_suffix(".md")
_BLOCK = re.compile(r"(```pycon\n.*?```\n)", re.DOTALL)


def page_text(dataset: Dataset) -> str:
    """Return the text of the page.

    Raises:
        OverturnedError: If the data no longer bear out a finding.
    """
    filled = string.Template(TEXT.read_text(encoding="utf-8")).substitute(facts(dataset))
    names: dict[str, Any] = {}
    parts = _BLOCK.split(filled)
    return "".join(run(part, names) if i % 2 else _wrapped(part) for i, part in enumerate(parts))


def run(block: str, names: dict[str, Any]) -> str:
    """Run the examples of a block of code and put their output below them."""
    lines = ["```pycon\n"]
    for example in doctest.DocTestParser().get_examples(block):
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(compile(example.source, str(TEXT), "single"), names)
        first, *others = example.source.splitlines()
        lines += [f">>> {first}\n", *(f"... {line}".rstrip() + "\n" for line in others)]
        lines.append(said.getvalue())
    return "".join([*lines, "\n```\n"])


def _wrapped(text: str) -> str:
    """Wrap the paragraphs again, whose lines have changed with their numbers."""
    paragraphs = text.split("\n\n")
    return "\n\n".join(
        p if p.startswith(("\n", "#", "![")) or not p else _filled(p) for p in paragraphs
    )


def _filled(paragraph: str) -> str:
    ending = "\n" if paragraph.endswith("\n") else ""
    return textwrap.fill(paragraph, 116, break_long_words=False, break_on_hyphens=False) + ending


if __name__ == "__main__":
    from tools.pages.pictures import FINDINGS, save

    newest = stancedata.load()
    for draw in FINDINGS:
        save(draw(newest), draw.__name__)
    PAGE.write_text(page_text(newest), encoding="utf-8")
