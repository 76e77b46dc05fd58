"""No mutation of a valid folder changes its meaning and leaves its digest as it was.

Whatever reads and checks as valid, and means something else, has another digest; and what is only
written otherwise has the same one. `docs/reliability.md` has the figures of 100,000 mutations.
"""

from __future__ import annotations

import copy
import random
import shutil
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pytest

from stancedata.curation.folder import folder_of
from stancedata.curation.source import FieldPath
from stancedata.data_folder import CODEBOOK
from stancedata.rules import runner
from stancedata.rules.rule import locating
from stancedata.tables.digest import digest
from stancedata.tables.rows import to_tables
from tests.support.effort import TIMES
from tests.support.mutations import KINDS, Folder, at, files_of, meaning, plain_folder, rewritten
from tests.support.paths import REPOSITORY

Tables = dict[str, pa.Table]


# What the miniature repository lacks.
RICHER: dict[str, tuple[tuple[str, str], ...]] = {
    "codebook.yaml": (
        ("coders:\n", """boundary_cases:
  - {text: A meeting with the Rebels is no recognition., issues: [recognition, aid]}
  - {text: An office is none., issues: [recognition]}
coders:
"""),
        ("    aspects:\n", "    cues: [recogni, legitima]\n    aspects:\n      - {name: de_facto, definition: in fact}\n"),
        ("    - {value: host,", "    - {value: voted_for, definition: voted for it}\n    - {value: host,"),
        ("    - {value: speaks_for,", "    - {value: member_of, definition: is a member}\n    - {value: speaks_for,"),
    ),
    "actors/northland.yaml": (
        ("kind: state\n", "kind: state\ndescription: A kingdom in the north.\nvalid_from: 1905-06-07\n"),
        ("language: en}\ncodes", "language: en, valid_to: 1999-12-31}\n  - {name: Nordland, kind: alias, language: de}\ncodes"),
        ("{scheme: cow, code: 901}", "{scheme: cow, code: 901, valid_from: 1905-06-07, valid_to: 1989-01-01}\n"
         "  - {scheme: cow, code: 902, valid_from: 1989-01-02}"),
    ),
    "actors/rebels.yaml": (
        ("2021-10-21}", "2021-10-21}\n  - {role: member_of, of: westland, valid_to: 2020-01-01, source: 'https://example.org/a'}"),
    ),
    "events/midport-2021-10-20.yaml": (
        ("series:", "source: https://example.org/talks\nnote: >-\n  Two days in one.\nseries:"),
    ),
    "documents/daily-post-2021-10-21.yaml": (
        ("text:\n", "author: Ann Author\nlicence: CC-BY-4.0\nread: whole\nretrieved_on: 2021-10-22\nstatus: corrected\ntext:\n"),
        ("attributed_by: ben-watcher", "attributed_by: [ben-watcher, anna-north]\n    quantifier: most"),
        ("    stated_on: '[2021-10-01..2021-10-21]'", "    stated_on: 2021-10-01/2021-10-21\n    date_kind: lasting"),
        ("sha256: 0d6a7aa7ca794ed1bd846288bd94dc4d7812e16ca4405905a1f1c01302c896e7\n",
         "sha256: 0d6a7aa7ca794ed1bd846288bd94dc4d7812e16ca4405905a1f1c01302c896e7\n      - {locator: the last paragraph}\n"),
    ),
    "documents/communique-2021-10-20.yaml": (
        ("aspects: [de_jure]", "aspects: [de_jure, de_facto]"),
        ("        status_document: daily-post-2021-10-21\n",
         "        status_document: daily-post-2021-10-21\n      - {condition: an amnesty}\n"),
    ),
    "actors/nobody.yaml": (
        ("", """name: Nobody
kind: state
names:
  - {name: Nobody, kind: preferred, language: en}
roles:
  - {role: speaks_for, of: westland, valid_to: 1021-01-01}
exemptions:
  - {rule: unused_actor, reason: kept}
  - {rule: far_role, reason: it was so}
"""),
    ),
    "coverage/talks.yaml": (
        ("", """name: Talks of 2021
covers_from: 2021-01-01
covers_to: 2021-12-31
holders: Every state.
how: Each text was read whole.
coder: coder-1
url: https://example.org/talks
note: Without the annexes.
silent:
  - event: midport-2021-10-20
    speakers:
      - rebels
      - {actor: southland, characters: 12, url: 'https://example.org/s'}
"""),
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def valid(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """A folder with every kind of record, and a value of every field."""
    return made(tmp_path_factory.mktemp("valid"))


def made(path: Path) -> Folder:
    """Make that folder, and return it as plain values."""
    data = Path(shutil.copytree(REPOSITORY, path / "data"))
    for name, changes in RICHER.items():
        file = data / name
        file.parent.mkdir(exist_ok=True)
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        for old, new in changes:
            assert old in text, (name, old)
            text = text.replace(old, new, 1)
        file.write_text(text, encoding="utf-8")
    return plain_folder(data)


class Original:
    """A valid folder, with which mutated ones are compared.

    Of both, only the files that a mutation can affect are read.
    """

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self._tables: dict[frozenset[str], Tables] = {}

    def outcome(self, mutated: Folder) -> str:
        """Say what became of a mutated folder: refused, another digest, the same meaning, or a fault."""
        paths = self._affected(mutated)
        found = read({path: value for path, value in mutated.items() if path in paths})
        if found is None:
            return "refused"
        if not same_digest(self._part(paths), found):
            return "another digest"
        return "the same" if meaning(mutated) == meaning(self.folder) else by_rules(mutated)

    def _affected(self, mutated: Folder) -> frozenset[str]:
        """List the files that differ, and those from which their rows take something."""
        both = {*self.folder, *mutated}
        changed = {path for path in both if self.folder.get(path) is not mutated.get(path)}
        if CODEBOOK in changed:
            return frozenset(both)
        coded = any(path.startswith("codings/") for path in changed)
        documents = {path for path in both if coded and path.startswith("documents/")}
        return frozenset({CODEBOOK, *changed, *documents})

    def _part(self, paths: frozenset[str]) -> Tables:
        if paths not in self._tables:
            found = read({path: self.folder[path] for path in paths if path in self.folder})
            assert found is not None
            self._tables[paths] = found
        return self._tables[paths]


def read(folder: Folder) -> Tables | None:
    """Read a folder; None if it is refused, other than by a rule."""
    found = folder_of(files_of(folder))
    return None if found.problems or found.broken else to_tables(found.content)


def by_rules(mutated: Folder) -> str:
    """Say whether a rule refuses a folder of another meaning and the same digest."""
    found = read(mutated)
    refused = found is None or any(
        problem.severity == "error" for problem in runner.check(found, locating("data"))
    )
    return "refused" if refused else "a fault"


def same_digest(one: Tables, other: Tables) -> bool:
    """Whether two folders have one digest; tables that are the same are left out of it."""
    names = tuple(name for name in one if not one[name].equals(other[name]))
    return not names or digest(one, names) == digest(other, names)


def mutated(seed: int, valid: Folder, count: int) -> Counter[str]:
    """Mutate a folder many times, and count what became of it."""
    rng, original = random.Random(seed), Original(valid)
    found: Counter[str] = Counter()
    while found.total() < count:
        kind = rng.choice(KINDS)
        new = kind(rng, valid)
        if new is not None and new != valid:
            result = original.outcome(new)
            assert "a fault" != result, (kind.__name__, difference(valid, new))
            found[result] += 1
    return found


def difference(one: Folder, other: Folder) -> list[tuple[str, object, object]]:
    """List the files that differ, for a message."""
    paths = sorted({*one, *other})
    return [(p, one.get(p), other.get(p)) for p in paths if one.get(p) != other.get(p)]


def test_the_folder_is_valid(valid: Folder) -> None:
    """What is refused is refused for its mutation."""
    found = read(valid)
    assert found is not None
    assert [] == runner.check(found, locating("data"))


def test_another_meaning_has_another_digest(valid: Folder) -> None:
    """A mutated folder is refused, has another digest, or means the same."""
    found = mutated(7, valid, 100 * TIMES)
    assert {"refused", "another digest"} <= {*found}


ALIKE: dict[str, tuple[str, FieldPath, object]] = {
    "cues of an issue": (CODEBOOK, ("issues", 0, "cues"), ["recogni; legitima"]),
    "cues of a word": (CODEBOOK, ("vocabulary", "act", 0, "cues"), ["said; told"]),
    "issues of a case": (CODEBOOK, ("boundary_cases", 0, "issues"), ["recognition; aid"]),
    "an event without speakers": (
        "coverage/talks.yaml", ("silent", 1), {"event": "midport-2021-10-20", "speakers": []},
    ),
}  # fmt: skip
"""Values that are in no table, or there like others."""


@pytest.mark.parametrize("case", ALIKE)
def test_what_tables_cannot_tell_apart_is_refused(valid: Folder, case: str) -> None:
    """Such values are refused when they are read."""
    file, (*path, last), value = ALIKE[case]
    new = {**valid, file: copy.deepcopy(valid[file])}
    within = at(new[file], tuple(path))
    if isinstance(within, list):
        within.append(value)
    else:
        within[last] = value
    assert read(new) is None


def test_another_layout_has_the_same_digest(valid: Folder) -> None:
    """Comments, quotation marks, line breaks and the order of fields and records say nothing."""
    rng, original = random.Random(7), Original(valid)
    for _ in range(10 * TIMES):
        new = rewritten(rng, valid)
        assert meaning(valid) == meaning(new)
        assert "the same" == original.outcome(new)
