"""Which changes of Python the tests notice: `python -m benchmarks.mutate_python [PART …]`.

Cosmic Ray makes the mutants; of each part a sample is drawn from a fixed seed. Each mutant is tried in
a process of its own, forked from one that has loaded the libraries, in which the changed text stands
in the place of the module: no file is changed. The tests of the part run in the order given, and the
first that fails ends the process. What survives is printed as a difference.
"""

from __future__ import annotations

import argparse
import difflib
import importlib
import importlib.machinery
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import attrs
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

SOURCE = Path(__file__).parent.parent / "src" / "stancedata"
SEED = 20211020
SECONDS = 240
HEAVY = ("duckdb", "pyarrow.parquet", "pyarrow.compute", "cattrs", "yaml", "edtf", "hypothesis",
         "hypothesis.stateful", "pytest", "click", "rich.console", "attrs")  # fmt: skip


@attrs.frozen
class Part:
    """Modules that one set of tests is for.

    Attributes:
        modules: Files in the package.
        tests: What runs, the likeliest to fail first.
    """

    modules: tuple[str, ...]
    tests: tuple[str, ...]


CURATED = ("tests/test_rules.py", "tests/test_rules_by_oracle.py", "tests/test_faults.py",
           "tests/test_reading.py", "tests/test_formatting.py", "tests/test_exports.py")  # fmt: skip
PARTS = {
    "rules": Part(("rules.py", "characters.py"), CURATED),
    "structuring": Part(
        ("curation/structuring.py", "curation/patching.py"),
        ("tests/test_faults.py", "tests/test_roundtrip.py", "tests/test_reading.py",
         "tests/test_formatting.py", "tests/test_evidence.py"),
    ),
    "releases": Part(
        tuple(f"releases/{path.name}" for path in sorted((SOURCE / "releases").glob("*.py"))),
        ("tests/test_releases.py", "tests/test_history.py", "tests/test_releasing.py"),
    ),
}  # fmt: skip


@attrs.frozen
class Mutant:
    """One change of one module."""

    module: str
    operator: str
    occurrence: int
    text: str

    def difference(self) -> str:
        """The lines that differ, and where."""
        before = (SOURCE / self.module).read_text(encoding="utf-8").splitlines()
        lines = list(difflib.unified_diff(before, self.text.splitlines(), lineterm="", n=0))[2:]
        return "\n".join(f"    {line}" for line in lines)


def mutants(module: str) -> Iterator[tuple[str, str, int]]:
    """Every mutant of a module, not yet made: operator and which of its places."""
    tree = get_ast((SOURCE / module).read_text(encoding="utf-8"))
    for name in operator_names():
        kind = get_operator(name)
        if kind.arguments() or name.endswith("/NoOp"):
            continue
        operator = kind()
        places = [at for node in ast_nodes(tree) for at in operator.mutation_positions(node)]
        yield from ((module, name, number) for number in range(len(places)))


def made(module: str, operator: str, occurrence: int) -> Mutant:
    """A mutant with its text."""
    text = (SOURCE / module).read_text(encoding="utf-8")
    changed = mutate_code(text, get_operator(operator)(), occurrence)
    assert changed is not None
    return Mutant(module, operator, occurrence, changed)


def survives(mutant: Mutant | None, tests: tuple[str, ...]) -> bool:
    """Whether the tests pass with a mutant in the place of its module."""
    child = os.fork()
    if child == 0:
        os.setsid()
        try:
            os._exit(_run(mutant, tests))
        finally:
            os._exit(99)
    limit = time.monotonic() + SECONDS
    while time.monotonic() < limit:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status) == 0
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False  # what never ends is noticed


def _run(mutant: Mutant | None, tests: tuple[str, ...]) -> int:
    import pytest

    if mutant is not None:
        target = str(SOURCE / mutant.module)
        loader = importlib.machinery.SourceFileLoader
        original = loader.get_code

        def get_code(self: importlib.machinery.SourceFileLoader, name: str) -> object:
            if self.path == target:
                return compile(mutant.text, target, "exec")
            return original(self, name)

        loader.get_code = get_code  # type: ignore[assignment]
    out = os.open(os.devnull, os.O_WRONLY)
    os.dup2(out, 1)
    os.dup2(out, 2)
    options = ["-x", "-n", "0", "-p", "no:cacheprovider", "-p", "no:randomly"]
    return int(pytest.main([*options, *tests]))


def main() -> None:
    """Try a sample of the mutants of each part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=list(PARTS))
    parser.add_argument("--sample", type=int, default=60)
    parser.add_argument("--first", type=int, default=0, help="begin with this one of the sample")
    given = parser.parse_args()
    for name in HEAVY:
        importlib.import_module(name)
    for part in given.parts:
        modules, tests = PARTS[part].modules, PARTS[part].tests
        found = [key for module in modules for key in mutants(module)]
        sample = random.Random(SEED).sample(found, min(given.sample, len(found)))[given.first :]
        print(f"{part}: {len(sample)} of {len(found)} mutants", flush=True)
        survived = 0
        for number, key in enumerate(sample, given.first + 1):
            mutant, start = made(*key), time.monotonic()
            lives = survives(mutant, tests)
            survived += lives
            what = "SURVIVED" if lives else "killed"
            print(
                f"{number} {what} {key[0]} {key[1].rpartition('/')[2]} {time.monotonic() - start:.0f} s",
                flush=True,
            )
            if lives:
                print(mutant.difference(), flush=True)
        share = 1 - survived / len(sample)
        print(f"{part}: {len(sample) - survived} of {len(sample)} killed, {share:.1%}", flush=True)
    sys.exit(0)


if __name__ == "__main__":
    main()
