"""Mutation testing of Python: `python -m tools.mutation.python [PART …]`.

Cosmic Ray makes the mutants; a sample of each part is drawn with a fixed seed. Each mutant runs in its
own process, forked from one that has loaded the libraries; the changed source replaces the module in
memory, so no file is changed. The tests of the part run in the given order until one fails. Survivors
are printed as diffs.

Equivalent mutants are left out: invalid Python; `==` for `is`, which only compares None and classes
here; `is` for `==`, since the interpreter decides whether equal strings and numbers are one object;
changes of annotations and `overload`, which are not evaluated (only the records of curated files
evaluate theirs, and no part includes them); and removed `functools.cache`, which only costs time.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import importlib
import importlib.machinery
import os
import random
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

SOURCE = Path(__file__).parents[2] / "src" / "stancedata"
SEED = 20211020
SECONDS = 300
EXAMPLES = 25
EQUIVALENT = ("_Is_Eq", "_IsNot_NotEq", "_Eq_Is", "_NotEq_IsNot")
HEAVY = ("duckdb", "pyarrow.parquet", "pyarrow.compute", "cattrs", "yaml", "hypothesis",
         "hypothesis.stateful", "pytest", "click", "rich.console", "attrs")  # fmt: skip


@attrs.frozen
class Part:
    """Modules and the tests that cover them.

    Attributes:
        modules: Files in the package.
        tests: Tests to run, the likeliest to fail first.
        reads: Whether the modules only read files. Then only those tests of faults run whose
            folders a mutant reads differently.
    """

    modules: tuple[str, ...]
    tests: tuple[str, ...]
    reads: bool = False


# Faults found by rules that exercise the Python code around the SQL.
FAULTS_OF_RULES = (
    "unused-actor", "misspelt-vocabulary", "misspelt-aspect", "blind-match-unknown", "unseen-in-blind-note",
    "idle-exemption-of-actor", "no-place-beside-list", "ascriber-missing-beside-list",
    "text-for-mapping",
    "seven-faults-in-one-stance", "waived-beside-unknown-key", "broken-yaml",
)  # fmt: skip
OF_CHARACTERS = (
    "ids_of_other_letters",
    "every_text_column_is_looked_at",
    "what_can_be_seen_may_stand",
)
# Tests that check folders of tables and count the offenders.
OF_FOLDERS = (
    "offenders_are_counted",
    "a_rule_can_be_left_out",
    "broken_row_groups_of_all_files_are_named_and_rules_wait",
    "mixed_versions_and_missing_columns_are_named_by_file",
    "a_folder_has_the_problems_of_its_tables",
)
PARTS = {
    "rules": Part(
        (
            "rules/runner.py",
            "rules/rule.py",
            "rules/characters.py",
            "rules/folders.py",
            "rules/derived.py",
            "rules/tally.py",
        ),
        (
            *(f"tests/rules/test_faults.py::test_fault[{name}]" for name in FAULTS_OF_RULES),
            "tests/rules/test_faults.py::test_a_silence_waives_its_rule",
            "tests/rules/test_exemptions.py",
            "tests/rules/test_oracle.py",
            *(f"tests/rules/test_runner.py::test_{name}" for name in OF_CHARACTERS),
            "tests/rules/test_runner.py",
            "tests/rules/test_derived.py",
            *(f"tests/rules/test_folders.py::test_{name}" for name in OF_FOLDERS),
        ),
    ),
    "structuring": Part(
        ("curation/structure.py", "curation/patches.py"),
        (
            "tests/curation/test_patches.py",
            "tests/curation/test_source.py",
            "tests/curation/test_format.py",
            "tests/properties/test_roundtrip.py",
        ),
        reads=True,
    ),
    "releases": Part(
        tuple(f"releases/{path.name}" for path in sorted((SOURCE / "releases").glob("*.py"))),
        (
            "tests/releases/test_log.py",
            "tests/releases/test_changes.py",
            "tests/coding/test_release.py",
        ),
    ),
}


@attrs.frozen
class Mutant:
    """One change of one module."""

    module: str
    operator: str
    occurrence: int
    text: str

    def difference(self) -> str:
        """Return a diff without context."""
        before = (SOURCE / self.module).read_text(encoding="utf-8").splitlines()
        lines = list(difflib.unified_diff(before, self.text.splitlines(), lineterm="", n=0))[2:]
        return "\n".join(f"    {line}" for line in lines)


def mutants(module: str) -> Iterator[tuple[str, str, int]]:
    """Iterate over the mutants of a module as (module, operator, occurrence)."""
    text = (SOURCE / module).read_text(encoding="utf-8")
    tree, same = get_ast(text), evaluated(text)
    for name in operator_names():
        kind = get_operator(name)
        if kind.arguments() or name.endswith(("/NoOp", *EQUIVALENT)):
            continue
        operator = kind()
        places = [at for node in ast_nodes(tree) for at in operator.mutation_positions(node)]
        for number in range(len(places)):
            changed = made(module, name, number).text
            idle = any(
                changed.count(d) < text.count(d) for d in ("@functools.cache\n", "@overload\n")
            )
            if not idle and evaluated(changed) not in (same, ""):
                yield module, name, number


def made(module: str, operator: str, occurrence: int) -> Mutant:
    """Apply a mutation to the source of its module."""
    text = (SOURCE / module).read_text(encoding="utf-8")
    changed = mutate_code(text, get_operator(operator)(), occurrence)
    assert changed is not None
    return Mutant(module, operator, occurrence, changed)


def evaluated(text: str) -> str:
    """Dump the AST of a module without annotations; empty if the source is invalid."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return ""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.returns = None
        elif isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
    return ast.dump(tree)


def tried(mutant: Mutant | None, part: Part, faults: Faults | None) -> str:
    """Run the tests on a mutant: "killed", "SURVIVED" or "endless", which counts as killed."""
    child = os.fork()
    if child == 0:
        os.setsid()
        try:
            os._exit(_run(mutant, part.tests, faults))
        finally:
            os._exit(99)
    limit = time.monotonic() + SECONDS
    while time.monotonic() < limit:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return "SURVIVED" if os.waitstatus_to_exitcode(status) == 0 else "killed"
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "endless"


def _run(mutant: Mutant | None, tests: tuple[str, ...], faults: Faults | None) -> int:
    import pytest
    from hypothesis import HealthCheck, settings

    if mutant is not None:
        _put(mutant)
    out = os.open(os.devnull, os.O_WRONLY)
    os.dup2(out, 1)
    os.dup2(out, 2)
    settings.register_profile("mutation", settings.get_profile("default"), deadline=None,
                              max_examples=EXAMPLES, derandomize=True, database=None,
                              suppress_health_check=list(HealthCheck))  # fmt: skip
    # Only assertions count as failures, not warnings.
    options = ["--hypothesis-profile=mutation", "-x", "-n", "0", "-W", "ignore",
               "-p", "no:cacheprovider", "-p", "no:randomly"]  # fmt: skip
    names = faults.differing() if faults else []
    first = [f"tests/rules/test_faults.py::test_fault[{name}]" for name in names]
    return int(pytest.main([*options, *first, *tests]))


def _put(mutant: Mutant) -> None:
    """Load a mutant in place of its module."""
    target = str(SOURCE / mutant.module)
    loader = importlib.machinery.SourceFileLoader
    original = loader.get_code

    def get_code(self: importlib.machinery.SourceFileLoader, name: str) -> object:
        if self.path == target:
            return compile(mutant.text, target, "exec")
        return original(self, name)

    loader.get_code = get_code  # type: ignore[assignment]


class Faults:
    """The faulty folders of the tests, and the result of reading them without a mutant."""

    def __init__(self, place: Path) -> None:
        tests = Path(__file__).parents[2] / "tests"
        self.folders: dict[str, Path] = {}
        for fault in sorted((tests / "data" / "faults").iterdir()):
            folder = Path(
                shutil.copytree(tests / "data" / "repository", place / fault.name / "data")
            )
            removed = fault / "removed.txt"
            for line in removed.read_text(encoding="utf-8").split() if removed.exists() else ():
                (folder / line).unlink()
            shutil.copytree(fault, folder, dirs_exist_ok=True)
            for note in ("expected.txt", "removed.txt"):
                (folder / note).unlink(missing_ok=True)
            self.folders[fault.name] = folder
        reader, writer = os.pipe()
        child = os.fork()  # so that this process does not import the modules to mutate
        if child == 0:
            with os.fdopen(writer, "w") as out:
                out.write("\0".join(map(_as_read, self.folders.values())))
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as back:
            self.read = dict(zip(self.folders, back.read().split("\0"), strict=True))
        os.waitpid(child, 0)

    def differing(self) -> list[str]:
        """Return the first few folders that are now read differently."""
        found: list[str] = []
        for name, folder in self.folders.items():
            if len(found) < 5 and _as_read(folder) != self.read[name]:
                found.append(name)
        return found


def _as_read(folder: Path) -> str:
    from stancedata.curation.folder import read_folder

    try:
        found: Any = read_folder(folder)
        return repr((found.content, found.problems, found.patched, sorted(found.broken)))
    except Exception as error:
        return f"{type(error).__name__} {error}"


def main() -> None:
    """Test a sample of the mutants of each part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=list(PARTS))
    parser.add_argument("--sample", type=int, default=60)
    parser.add_argument("--only", type=int, nargs="+", help="these of the sample, from 1")
    given = parser.parse_args()
    for name in HEAVY:
        importlib.import_module(name)
    with tempfile.TemporaryDirectory() as place:
        for name in given.parts:
            faults = Faults(Path(place) / name) if PARTS[name].reads else None
            try_part(name, PARTS[name], given.sample, given.only or [], faults)


def try_part(name: str, part: Part, size: int, only: list[int], faults: Faults | None) -> None:
    """Test a sample of the mutants of a part, and print each result."""
    found = [key for module in part.modules for key in mutants(module)]
    sample = random.Random(SEED).sample(found, min(size, len(found)))
    print(f"{name}: {len(sample)} of {len(found)} mutants", flush=True)
    if tried(None, part, None) != "SURVIVED":
        raise SystemExit(f"{name}: the tests fail without a mutant")
    survived = count = 0
    for number, key in enumerate(sample, 1):
        if only and number not in only:
            continue
        mutant, start = made(*key), time.monotonic()
        what = tried(mutant, part, faults)
        count, survived = count + 1, survived + (what == "SURVIVED")
        seconds = time.monotonic() - start
        print(f"{number} {what} {key[0]} {key[1].rpartition('/')[2]} {seconds:.0f} s", flush=True)
        if what != "killed":
            print(mutant.difference(), flush=True)
    share = 1 - survived / count
    print(f"{name}: {count - survived} of {count} killed, {share:.1%}", flush=True)


if __name__ == "__main__":
    main()
