"""Make a data folder with any number of documents, coded as the shipped data are.

Documents have four stances each, every second one has a blind coding, and every tenth one is the
record of an event. The same number makes the same files, which break no rule.
"""

from __future__ import annotations

import datetime
import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from stancedata.data_folder import CODEBOOK

ACTORS = 120
_FIRST = datetime.date(2019, 1, 1)
_CODED = "2026-11-01"
_LEVELS = (
    ("recognition", "withholds"),
    ("engagement", "limits"),
    ("aid", "commits"),
    ("recognition", "rejects"),
)


def make_folder(documents: int, folder: Path, codebook: Path) -> Path:
    """Write a data folder; an existing one is replaced.

    Args:
        documents: How many documents it has.
        folder: Where to write it.
        codebook: The data folder whose codebook it has.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(codebook / CODEBOOK, folder / CODEBOOK)
    for path, text in _files(documents):
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def _files(documents: int) -> Iterator[tuple[str, str]]:
    for number in range(ACTORS):
        yield f"actors/state-{number}.yaml", _actor(number)
    for number in range(documents):
        yield f"documents/post-{number}.yaml", _document(number)
        if number % 2 == 0:
            yield f"codings/coder-3/post-{number}.yaml", _coding(number)
        if number % 10 == 0:
            yield f"events/meeting-{number}.yaml", _event(number)


def _actor(number: int) -> str:
    name = f"State Number {number}"
    return (
        f"name: {name}\nkind: state\nnames:\n"
        f"  - {{name: {name}, kind: preferred, language: en}}\n"
        f"  - {{name: Republic {number}, kind: alias, language: en}}\n"
    )


def _event(number: int) -> str:
    return (
        f"name: Meeting Number {number}\nheld_on: {_day(number)}\n"
        f"dated_by: post-{number}\nkind: meeting\n"
    )


def _day(number: int) -> datetime.date:
    return _FIRST + datetime.timedelta(number % 2500)


def _document(number: int) -> str:
    digest = hashlib.sha256(str(number).encode()).hexdigest()
    about = (
        f"title: Report Number {number} on the talks\npublisher: Post\nkind: news\nlanguage: en\n"
        f"published_on: {_day(number)}\nurl: https://example.org/{number}\nread: whole\n"
        f"status: as_published\ntext:\n  sha256: {digest}\n  characters: 9000\n"
        f"coder: adjudicator\ncoded_date: {_CODED}\n"
    )
    return about + "stances:\n" + _stances(number)


def _coding(number: int) -> str:
    return f"coded_date: {_CODED}\nstances:\n" + _stances(number)


def _stances(number: int) -> str:
    return "".join(_stance(number, place) for place in range(len(_LEVELS)))


def _stance(number: int, place: int) -> str:
    issue, level = _LEVELS[place]
    # No two stances have the same holder, issue and day.
    holder = (number // 2500 * 7 + number * len(_LEVELS) + place) % ACTORS
    target = (holder + 1) % ACTORS
    words = hashlib.sha256(f"{number} {place}".encode()).hexdigest()
    event = f"    event: meeting-{number}\n" if number % 10 == 0 else ""
    return (
        f"  - id: s{place + 1:02}\n    holders: [state-{holder}]\n    target: state-{target}\n"
        f"    issue: {issue}\n    level: {level}\n    act: states\n    attribution: quoted\n"
        f"    stated_on: {_day(number)}\n{event}    confidence: high\n    summary: >-\n"
        f"      State number {holder} says where it stands on the matter of {issue} in report {number}.\n"
        f"    evidence:\n      - span: [{place * 200}, {place * 200 + 90}]\n        sha256: {words}\n"
    )
