"""The architecture: size of packages, names, imports, and independence of the first case.

The layers are declared in pyproject.toml and checked by `lint-imports`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from graphlib import TopologicalSorter
from pathlib import Path

import grimp

import stancedata
from stancedata.tables.contract import BY_NAME

SOURCE = Path(stancedata.__file__).parent
MODULES = 16
"""Maximum number of modules in a package."""
DEPTH = 11
"""Maximum length of a chain of imports."""
SKIPS = 20
"""Maximum number of `# fmt: skip` comments, which are for tables of data."""
GERUNDS = {"coding"}
"""Words in -ing that are nouns of the field."""


def modules() -> list[Path]:
    """List the Python files of the package."""
    return [path for path in sorted(SOURCE.rglob("*.py")) if "_data" not in path.parts]


def test_rooms_are_small() -> None:
    """The modules of a package can be read at a glance."""
    for folder in {path.parent for path in modules()}:
        inside = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
        assert len(inside) <= MODULES, folder


def test_modules_are_named_by_nouns() -> None:
    """Modules are named by nouns, not by words in -ing."""
    names = {path.stem for path in modules()} | {path.parent.name for path in modules()}
    found = {name for name in names if name.rpartition("_")[2].endswith("ing")}
    assert set() == found - GERUNDS


def test_imports_are_shallow() -> None:
    """Imports have no cycles and short chains."""
    found = depths(imports())
    del found["stancedata.__main__"]  # not a room: how Python starts the commands
    deepest = max(found, key=lambda name: found[name])
    assert found[deepest] <= DEPTH, deepest


def test_depth_is_measured() -> None:
    """The depth of a module is the length of the longest import chain that starts with it."""
    chain = {"a": {"b", "d"}, "b": {"c"}, "c": {"d"}, "d": set[str]()}
    assert {"a": 4, "b": 3, "c": 2, "d": 1} == depths(chain)


def test_the_formatter_is_seldom_overruled() -> None:
    """Only tables of data are formatted by hand."""
    skips = sum(path.read_text(encoding="utf-8").count("# fmt: skip") for path in modules())
    assert skips <= SKIPS


def test_importing_needs_no_system() -> None:
    """Platform-specific modules are imported inside functions, which can handle their absence."""
    some = {"fcntl", "grp", "msvcrt", "pty", "pwd", "resource", "termios", "tty", "winreg"}
    for path in modules():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            module = [node.module] if isinstance(node, ast.ImportFrom) else []
            assert set() == some & {*names, *module}, path


def imports() -> dict[str, set[str]]:
    """Return the runtime imports of each module, including those inside functions.

    A package is not a step of its own: importing from it counts as importing its modules' imports.
    """
    graph = grimp.build_graph("stancedata", exclude_type_checking_imports=True, cache_dir=None)
    found = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    for face in sorted(name for name in found if graph.find_children(name)):
        behind = found.pop(face)
        for name, others in found.items():
            if face in others:
                others.discard(face)
                others.update(behind - {name})
    return found


def depths(found: Mapping[str, set[str]]) -> dict[str, int]:
    """Compute the length of the longest chain that starts with each module; a cycle raises."""
    depth: dict[str, int] = {}
    for name in TopologicalSorter(found).static_order():
        depth[name] = 1 + max((depth[other] for other in found[name]), default=0)
    return depth


def test_the_library_knows_no_case() -> None:
    """No module or rule mentions the first case, so that the library serves any dispute."""
    for path in [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.sql")]:
        text = path.read_text(encoding="utf-8")
        for word in ("taliban", "afghan", "inclusivity", "troop"):
            assert word not in text.lower(), f"{path}: {word}"


def test_modules_are_short() -> None:
    """Modules are short enough to read."""
    for path in modules():
        lines = len(path.read_text(encoding="utf-8").splitlines())
        assert lines <= 400, f"{path}: {lines} lines"


def test_sql_writes_only_what_both_engines_read() -> None:
    """Packaged SQL uses only functions that DuckDB and Spark share."""
    allowed = {
        "ABS", "CASE", "CAST", "COALESCE", "COUNT", "EXISTS", "IN", "MAX", "MIN", "MIN_BY", "MAX_BY",
        "BIT_COUNT", "BIT_OR", "CHR", "REGEXP_EXTRACT_ALL", "REGEXP_REPLACE", "REPLACE", "SPLIT_PART", "TRANSLATE", "EXTRACT", "GREATEST", "LAST_DAY", "LEAST", "LOWER", "LENGTH", "POWER", "SUBSTRING", "OVER", "RANK", "ROW_NUMBER", "LAG", "LEAD", "SUM", "AS", "AND", "OR", "ON", "WHERE", "FROM", "JOIN", "VALUES", "NOT", "WHEN", "THEN",
    }  # fmt: skip
    for path in SOURCE.rglob("*.sql"):
        text = re.sub(r"--.*|'[^']*'", "", path.read_text(encoding="utf-8"))
        called = set(re.findall(r"\b([A-Za-z_]+)\s*\(", text))
        assert {c for c in called if c.upper() not in allowed} == set(), path
        forbidden = r"\b(QUALIFY|LIKE|ILIKE|REGEXP|SIMILAR|INTERVAL)\b|::"
        assert not re.search(forbidden, text, re.IGNORECASE), path


def test_rules_name_the_columns_that_they_read() -> None:
    """No rule selects all columns of a table: an answer is kept by the columns that its query names."""
    for path in (SOURCE / "rules").rglob("*.sql"):
        text = re.sub(r"--.*", "", path.read_text(encoding="utf-8"))
        named = re.findall(r"(?:SELECT|,)\s+(?:\w+\.)?\*[^;]*?\bFROM\s+(\w+)", text)
        assert set() == {*named} & BY_NAME.keys(), path


def test_no_module_knows_a_dispute() -> None:
    """No code, SQL or template mentions an actor, event, document or issue of the data.

    Docstrings may, in examples.
    """
    dataset = stancedata.load()
    ids = {*dataset.actors, *dataset.events, *dataset.documents, *dataset.issues}
    words = {i for i in ids if "-" in i or "_" in i} | {
        "taliban", "afghan", "afghanistan", "kabul", "moscow", "kremlin", "russia", "inclusivity",
        "recognition", "troops",
    }  # fmt: skip
    pattern = re.compile(rf"(?<![a-z])(?:{'|'.join(map(re.escape, sorted(words)))})(?![a-z])", re.I)
    files = [p for p in SOURCE.rglob("*") if p.suffix in (".py", ".sql", ".yaml")]
    assert len(files) > 100
    for path in files:
        if "_data" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".py":
            text = ast.unparse(without_docstrings(ast.parse(text)))
        assert not pattern.search(text), (path, pattern.search(text))


def without_docstrings(tree: ast.Module) -> ast.Module:
    """Remove the docstrings of a module; parsing has dropped the comments."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            # String statements document the attribute above them.
            kept = [
                n
                for n in node.body
                if not (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant))
            ]
            node.body = kept or [ast.Pass()]
    return tree
