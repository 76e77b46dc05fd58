"""Mutation testing of the packaged SQL: `python -m tools.mutation.sql [FILE …]`.

Every mutant of every rule and question is tested in this process with what the tests compare. For a
rule: its offenders in tables full of faults; with `--faults`, also its output for each fault, the
valid repository and the curated data. For a question: its answers on generated datasets, compared
with the oracle by the functions of the tests, with a fixed seed. Survivors are printed.

`--sample NUMBER` tries so many mutants of each file, drawn from a fixed seed; `--pooled NUMBER` so many
of all files together, which gives an estimate for all of them, with its interval.

`--really NUMBER` draws a sample of this size, and also writes each of its mutants to the SQL file in a
copy of the project and runs the tests there, to see whether a mutant counted as killed fails a test.
"""

from __future__ import annotations

import argparse
import itertools
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

from stancedata.engines import duckdb, packaged
from stancedata.engines.interruption import interruptible
from tools.mutation.questions import SEED, Questions
from tools.mutation.rules import Rules
from tools.mutation.sql_mutants import Mutant, makers_of
from tools.mutation.sql_mutations import Mutation, again

Maker = Callable[[], Mutant]
PROJECT = Path(__file__).parents[2]
COPIED = ("data", "docs", "src", "tests", "tools", "pyproject.toml", "README.md", "CHANGELOG.md",
          "CITATION.cff", "LICENSE", "LICENSE-DATA", "hatch_build.py")  # fmt: skip
SECONDS = 20
"""The most seconds of a query; one that a change makes slower counts as killed."""
TESTS = {
    "rules": ["tests/rules/test_oracle.py", "tests/rules/test_faults.py", "tests/rules/test_runner.py"],
    "questions": ["tests/questions/test_spells.py", "tests/questions/test_comparisons.py",
                  "tests/questions/test_positions.py", "tests/questions/test_questions.py",
                  "tests/questions/test_similarity.py", "tests/questions/test_pair.py",
                  "tests/releases/test_changes.py", "tests/cli/test_positions.py"],
}  # fmt: skip


def fails_really(mutant: Mutant, copy: Path) -> bool:
    """Whether the tests fail with the mutant written to its file in a copy of the project."""
    room, _, name = mutant.name.partition("/")
    file = copy / "src" / "stancedata" / room / "sql" / f"{name}.sql"
    original = file.read_bytes()
    file.write_text(mutant.text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, *TESTS[mutant.name.partition("/")[0]]], capture_output=True, check=False,
        text=True, cwd=copy, env={**os.environ, "PYTHONPATH": f"{copy / 'src'}{os.pathsep}{copy}"},
    )  # fmt: skip
    file.write_bytes(original)
    failures = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    print("   ", *(failures or done.stdout.splitlines()[-1:]), flush=True)
    return done.returncode == 1


def try_really(some: list[Mutant], makers: dict[str, Callable[[], Any]]) -> None:
    """Test some mutants both here and with the tests themselves, and print both results."""
    tryers = {folder: make() for folder, make in makers.items()}
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "project"
        copy.mkdir()
        for name in COPIED:
            if (PROJECT / name).is_dir():
                shutil.copytree(PROJECT / name, copy / name)
            elif (PROJECT / name).exists():
                shutil.copyfile(PROJECT / name, copy / name)
        for mutant in some:
            by = tryers[mutant.name.partition("/")[0]].kills(mutant)
            print(f"{'killed' if by else 'SURVIVED'}, tests: ", end="", flush=True)
            print(f"{'FAIL' if fails_really(mutant, copy) else 'PASS'} {mutant}", flush=True)


def unchanged(tryer: Any, name: str) -> None:
    """Check that a file parsed and printed without a change behaves as before."""
    head, _, sql = packaged.packaged(name).partition("\n\n")
    text = (
        f"{head}\n\n{again(sql)}" if name.startswith("rules/") else again(packaged.packaged(name))
    )
    nothing = Mutation("", "", "", "", "")
    by = tryer.kills(Mutant(name, "", nothing, text))
    if by:
        raise SystemExit(f"{name} is killed without a change, by {by}")


def main() -> None:
    """Test every mutant, and print the survivors and counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="files, as in rules/level; all by default")
    parser.add_argument("--sample", type=int, default=0, metavar="NUMBER")
    parser.add_argument("--pooled", type=int, default=0, metavar="NUMBER")
    parser.add_argument("--really", type=int, default=0, metavar="NUMBER")
    parser.add_argument("--faults", action="store_true", help="ask the faults in files too")
    given = parser.parse_args()
    names = given.names or [
        f"{folder}/{name}"
        for folder in ("rules", "questions")
        for name in packaged.packaged_names(folder)
    ]
    # A mutant that makes a cross join soon runs out of memory and counts as killed.
    duckdb.QUIET.update({"memory_limit": "1GB", "temp_directory": ""})
    makers: dict[str, Callable[[], Any]] = {
        "rules": lambda: Rules(given.faults), "questions": Questions,
    }  # fmt: skip
    if given.really:
        some = [make() for _, make in pool(names, given.really)]
        try_really(some, makers)
        return
    if given.pooled:
        drawn = pool(names, given.pooled)
    else:
        drawn = [(name, make) for name in names for make in of_file(name, given.sample)]
    with mock.patch.object(duckdb, "interruptible", partial(interruptible, seconds=SECONDS)):
        try_all(drawn, makers)


def of_file(name: str, number: int) -> list[Maker]:
    """Draw so many mutants of a file, always the same; all of them if the number is 0."""
    found = makers_of(name)
    rng = random.Random(f"{SEED} {name}")
    return rng.sample(found, min(number, len(found))) if number else found


def pool(names: Sequence[str], number: int) -> list[tuple[str, Maker]]:
    """Draw so many mutants of all files together, always the same, file by file."""
    every = [(name, make) for name in names for make in makers_of(name)]
    some = random.Random(SEED).sample(range(len(every)), min(number, len(every)))
    return [every[place] for place in sorted(some)]


def try_all(drawn: Sequence[tuple[str, Maker]], makers: dict[str, Callable[[], Any]]) -> None:
    """Test mutants, file by file, and print the survivors and counts."""
    start = time.monotonic()
    tryers: dict[str, Any] = {}
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for name, some in itertools.groupby(drawn, key=lambda pair: pair[0]):
        folder = name.partition("/")[0]
        tryer = tryers.get(folder) or tryers.setdefault(folder, makers[folder]())
        for _, make in some:
            mutant = make()
            by = tryer.kills(mutant)
            for key in (name, folder):
                counts[key][0] += 1
                counts[key][1] += bool(by)
            if not by:
                print(f"SURVIVED {mutant}", flush=True)
        count, dead = counts[name]
        if dead == count:  # a survivor shows as much
            unchanged(tryer, name)
        print(f"{name}: {dead} of {count} killed, {time.monotonic() - start:.0f} s", flush=True)
    for name, (count, dead) in sorted(counts.items()):
        if "/" not in name:
            low, high = interval(count, dead)
            print(
                f"{name}: {dead} of {count} killed, {dead / count:.1%}; of a sample, {low:.1%} to {high:.1%}"
            )


def interval(count: int, dead: int) -> tuple[float, float]:
    """Compute Wilson's 95 % interval of a share."""
    share, z = dead / count, 1.96
    middle = share + z * z / (2 * count)
    half = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    whole = 1 + z * z / count
    return (middle - half) / whole, (middle + half) / whole


if __name__ == "__main__":
    main()
