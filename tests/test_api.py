"""The public interface: everything of 0.1.0 still exists, and every name is typed and listed once."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import attrs
import pytest

import stancedata as sd
from stancedata.model.exemptions import Exemption, Silence
from tests.support.api import public_api
from tests.support.paths import ROOT, TEST_DATA

GONE = {"sarif"}
"""Removed on purpose: the log for code scanning, which `check` no longer writes."""


RENAMED = {
    "POSITIONAL_OR_KEYWORD silences=()": "POSITIONAL_OR_KEYWORD exemptions=()",
    "POSITIONAL_OR_KEYWORD attributed_by_id=None": "POSITIONAL_OR_KEYWORD attributed_by=()",
    "POSITIONAL_OR_KEYWORD exclude_joint=False": "POSITIONAL_OR_KEYWORD exclude_joint=None",
}
"""Arguments that schema 2 renamed; the old names are accepted with a warning.

`agreement` leaves joint statements out unless asked, so that `exclude_joint=False` is no default.
"""


REORDERED = {"conditions", "matrix", "panel", "positions", "silence"}
"""Questions that take holder, issue and day in this order now.

The order of 0.1.0 is accepted with a warning: see `tests/dataset/test_order.py`.
"""


def broken(before: Any, now: Any, where: str = "") -> Iterator[str]:
    """Find everything that can no longer be used as before."""
    if isinstance(before, dict) and isinstance(now, dict):
        for name, value in before.items():
            if name in now:
                yield from broken(value, now[name], f"{where}/{name}")
            else:
                yield f"{where}/{name}: is gone"
    elif where.startswith("/python") and isinstance(before, list) and isinstance(now, list):
        known = _may_be_left_out(now, [RENAMED.get(str(p), str(p)) for p in before])
        if (
            where.startswith("/python/stancedata/Dataset/")
            and where.rpartition("/")[2] in REORDERED
        ):
            known.sort(key=lambda p: now.index(p) if p in now else len(now))
        if not is_compatible(known, now):
            yield f"{where}: {before} became {now}"
    elif isinstance(before, list) and isinstance(now, list):
        if lost := {*before} - {*now} - GONE - {"required"}:
            yield f"{where}: lost {sorted(lost)}"
        if "required" in {*now} - {*before}:
            yield f"{where}: became required"
    elif before != now:
        yield f"{where}: {before} became {now}"


def _may_be_left_out(now: list[str], before: list[str]) -> list[str]:
    """Give required parameters the default that they have since."""
    named = {parameter.partition("=")[0]: parameter for parameter in now}
    return [named.get(parameter, parameter) for parameter in before]


def is_compatible(before: list[str], now: list[str]) -> bool:
    """Whether every call that the old parameters allowed is still allowed and means the same."""
    added = [parameter for parameter in now if parameter not in before]
    positional = [p for p in before if not p.startswith("KEYWORD_ONLY")]
    return (
        positional == now[: len(positional)]
        and {*before} <= {*now}
        and all("=" in p or p.startswith("VAR_") for p in added)
    )


def test_everything_of_the_first_release_is_there() -> None:
    """Names, signatures, commands, options, columns, SQL and digests of 0.1.0 stay."""
    before = json.loads((TEST_DATA / "api" / "0.1.0.json").read_text(encoding="utf-8"))
    assert len(before["python"]["stancedata"]) == 29
    assert [] == list(broken(before, public_api()))


def test_renamed_arguments_are_accepted() -> None:
    """The names that schema 2 renamed still work, as arguments and as attributes, with a warning."""
    actor = sd.Actor("x", "X", "state")
    stance = next(iter(sd.load("0.1.0").stances.values()))
    kind: Any
    waived = (Exemption("no_evidence", "so it is"),)
    for record in (actor, stance):
        kind = type(record)
        given = {f.name: getattr(record, f.name) for f in attrs.fields(kind)}
        del given["exemptions"]
        with pytest.warns(DeprecationWarning, match="silences is deprecated"):
            old = kind(**given, silences=waived)
        assert old == attrs.evolve(record, exemptions=waived)
        with pytest.warns(DeprecationWarning, match="use exemptions"):
            assert waived == old.silences
    del given["attributed_by"]
    given["exemptions"] = ()
    with pytest.warns(DeprecationWarning, match="use attributed_by"):
        made = kind(**given, attributed_by_id="bbc")
    assert (("bbc",), "bbc") == (made.attributed_by, made.attributed_by_id)
    assert ("bbc", "afp") == attrs.evolve(made, attributed_by=("bbc", "afp")).attributed_by
    assert None is attrs.evolve(made, attributed_by=None).attributed_by_id
    assert Silence is Exemption


def test_what_breaks_is_found() -> None:
    """The comparison finds a lost name, a changed default, a new required argument and a lost column."""
    function = ["POSITIONAL_OR_KEYWORD a", "POSITIONAL_OR_KEYWORD b=1"]
    before: dict[str, Any] = {
        "python": {"f": function},
        "commands": {"c": {"o": ["--o", "type text"]}},
        "tables": {"t": {"x": "int32"}},
    }
    for python, option, column in (
        ([], ["--o", "type text"], "int32"),
        (["POSITIONAL_OR_KEYWORD a", "POSITIONAL_OR_KEYWORD b=2"], ["--o", "type text"], "int32"),
        ([*function, "KEYWORD_ONLY c"], ["--o", "type text"], "int32"),
        (function, ["--o", "type text", "required"], "int32"),
        (function, ["--other", "type text"], "int32"),
        (function, ["--o", "type text"], "string"),
    ):
        now = {
            "python": {"f": python},
            "commands": {"c": {"o": option}},
            "tables": {"t": {"x": column}},
        }
        assert 1 == len(list(broken(before, now))), now
    added = [*function, "KEYWORD_ONLY c=None"]
    now = {**before, "python": {"f": added, "g": []}}
    assert [] == list(broken(before, now))


def test_every_public_name_is_used_by_the_typed_examples() -> None:
    """`tests/typing/api.py`, which mypy and pyright check, covers every public name."""
    tree = ast.parse((ROOT / "tests" / "typing" / "api.py").read_text(encoding="utf-8"))
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "sd"
    }
    assert {*sd.__all__} == used
    classes = {name for name in sd.__all__ if isinstance(getattr(sd, name), type)}
    annotations = {
        ast.unparse(argument.annotation)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for argument in node.args.args
        if argument.annotation
    }
    assert set() == {f"sd.{name}" for name in classes} - annotations


def test_modules_of_documented_names_are_importable() -> None:
    """`stancedata.contract` and `stancedata.spark` can be imported and accessed as attributes."""
    code = (
        "import stancedata as sd; sd.contract.TABLES; sd.spark.open_frames\n"
        "from stancedata.contract import TABLES\n"
        "from stancedata.spark import SparkTables, open_frames\n"
        "from stancedata import contract, spark"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
