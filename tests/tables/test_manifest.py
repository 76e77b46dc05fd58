"""The manifest of an export, also one that another program made."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from stancedata.tables.manifest import NAME, Digests, listed_files


@pytest.mark.parametrize(
    "text", ['{"files": {}, "x": "\\ud800"}', "[1]", "{", '{"files": 3}', "[" * 5000]
)
def test_a_manifest_that_was_not_written_here_lists_nothing(tmp_path: Path, text: str) -> None:
    """Nothing may be replaced on the word of a manifest that is not intact."""
    (tmp_path / NAME).write_text(text, encoding="utf-8")
    assert set() == listed_files(tmp_path)


def test_digests_of_several_files(tmp_path: Path) -> None:
    """Digests computed together are those of each file, and are not computed again."""
    files = [tmp_path / name for name in "abc"]
    for file in files:
        file.write_text(file.name, encoding="utf-8")
    digests = Digests()
    digests.add(files[:2], 2)
    assert set(digests) == {*files[:2]}
    expected = [hashlib.sha256(file.name.encode()).hexdigest() for file in files]
    assert expected == [digests[file] for file in files]
