"""Problems are at the line of their field or item, however the file is laid out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

import stancedata as sd
from tests.support.paths import FAULT_NAMES, FAULTS, REPOSITORY

ACTOR, POST, TALKS = (
    "actors/northland.yaml", "documents/daily-post-2021-10-21.yaml", "documents/communique-2021-10-20.yaml",
)  # fmt: skip
COVERAGE = """\
name: General debate
covers_from: 2021-09-21
covers_to: 2021-09-27
holders: every
how: read
coder: coder-1
silent:
  - event: midport-2021-10-20
    speakers:
      - rebels
      - nobody
      - actor: rebels
        url: https://example.org/\u200bx
  - event: nowhere
    speakers:
      - westland
  - event: midport-2021-10-20
    speakers:
      - northland
"""
# Changes of one file: old and new text, and the lines and fields of the problems.
CASES: dict[str, tuple[str, Sequence[tuple[str, str]], set[str]]] = {
    "an item after one that cannot be read": (
        TALKS,
        [("holders: [northland, westland]", "holders:\n      - B B\n      - northland\n      - nobody")],
        {"16: stances[0].holders[0]", "18: stances[0].holders[2]"},
    ),
    "items of blocks": (
        TALKS,
        [
            ("authors: [northland, westland]", "authors:\n  - northland\n  - westland\n  - nobody\n  - westland"),
            ("aspects: [de_jure]", "aspects:\n      - de_jure\n      - de_jure"),
            ("      - span: [251, 300]\n        sha256: 1c8718beebd0ba1079140c57d0dbcfb01fbe7313c056155c5ba8425618790213",
             "      - sha256: 5c6ee3faef31d1d73bd1d6d573a8150055aa42390bf084c2ff184bf4a3dfe754\n        span: [185, 238]"),
        ],
        {"6: authors[2]", "7: authors[3]", "25: stances[0].aspects[1]", "59: stances[1].evidence[1].span"},
    ),
    "the first ascriber and the second": (
        POST,
        [("attributed_by: ben-watcher", "attributed_by:\n      - nobody\n      - westland")],
        {"35: stances[1].attributed_by[0]", "36: stances[1].attributed_by[1]"},
    ),
    "a line of prose": (
        POST,
        [("      Wednesday by the day of publication.\n", "      Wednesday by\n      the day of\n      publica\u200btion.\n")],
        {"30: stances[0].note"},
    ),
    "names, codes and exemptions": (
        ACTOR,
        [
            ("kind: alias", "kind: preferred"), ("{scheme: cow, code: 901}", "{scheme: cov, code: 901}"),
            ("codes:\n", "exemptions:\n  - rule: unused_actor\n    reason: x\n  - rule: no_rule\n    reason: y\n  - rule: unused_actor\n    reason: z\u200b\ncodes:\n"),
        ],
        {"6: names[1].kind", "10: exemptions[1]", "12: exemptions[2]", "13: exemptions[2].reason", "16: codes[1].scheme"},
    ),
    "the codebook": (
        "codebook.yaml",
        [
            ("cues: [said, told]", "cues: [said, to\u200bld]"), ("definition: says neither", "definition: says\u200b neither"),
            ("      - {name: rejects,", "      - {name: withholds, level: -1, definition: not now}\n      - {name: rejects,"),
            ("    - {value: urges, definition: asks for it}\n", "    - {value: urges, definition: asks for it}\n" * 2),
            ("  - {id: coder-2,", "  - {id: coder-1, kind: person, description: again}\n  - {id: coder-2,"),
        ],
        {"11: issues[0].levels[2].definition", "13: issues[0].levels[4]", "29: coders[2]",
         "42: vocabulary.act[0].cues", "44: vocabulary.act[2]"},
    ),
    "silent speakers": (
        "coverage/debate.yaml",
        [("", COVERAGE)],
        {"11: silent[0].speakers[1]", "12: silent[0].speakers[2]", "13: silent[0].speakers[2].url",
         "14: silent[1].event", "19: silent[2].speakers[0]"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_problem_is_at_its_item(repository: Path, case: str) -> None:
    """Items are found by their number in the file, though tables number them otherwise."""
    name, changes, expected = CASES[case]
    file = repository / name
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    found = {
        f"{p.where.line}: {p.field}" for p in sd.check(repository) if p.where.file == str(file)
    }
    assert expected == found


def test_a_problem_of_a_fault_is_at_its_value() -> None:
    """Where the file has the value that a message gives, the line has it too."""
    for name in FAULT_NAMES:
        for line in (FAULTS / name / "expected.txt").read_text(encoding="utf-8").splitlines():
            said = re.match(r"data/(\S+?):(\d+): .*?, got ('[^']*'|\d[^\s;,]*)", line)
            if said and " may be one utterance with " not in line:
                file = FAULTS / name / said[1]
                file = file if file.exists() else REPOSITORY / said[1]
                lines = file.read_text(encoding="utf-8").splitlines()
                value = said[3].strip("'")
                assert value in lines[int(said[2]) - 1] or not any(
                    value in each for each in lines
                ), line
