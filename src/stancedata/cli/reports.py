"""Problems for machines: JSON, SARIF 2.1.0, and annotations on GitHub."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from stancedata import __version__
from stancedata.problems import Place, Problem
from stancedata.rules.runner import IDLE, IN_PYTHON, all_rules

READING = "reading"
"""Stands for a rule where none is broken: the data could not be read as they are."""
_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def report(problems: Sequence[Problem], style: str) -> str:
    """Problems in a form that machines read, in the order in which they come.

    Args:
        problems: What is wrong; may be empty.
        style: `json`, `sarif` or `github`.
    """
    return {"json": _json, "sarif": _sarif, "github": _github}[style](problems)


def _dumped(value: Any) -> str:
    # In ASCII alone, so that it is valid JSON whatever the encoding of the stream it goes to.
    return json.dumps(value, indent=1)


def _json(problems: Sequence[Problem]) -> str:
    return _dumped([
        {"file": p.where.file, "line": p.where.line or None, "field": p.field,
         "message": p.message, "severity": p.severity, "rule": p.rule or None}
        for p in problems
    ])  # fmt: skip


def _sarif(problems: Sequence[Problem]) -> str:
    driver = {"name": "stancedata", "version": __version__, "rules": _rules(problems)}
    run = {"tool": {"driver": driver}, "results": [_result(problem) for problem in problems]}
    return _dumped({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rules(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    """The rules that are broken, by name, each with what it asks."""
    says = {rule.name: rule.says for rule in (*all_rules(), *IN_PYTHON.values())}
    says |= {
        READING: "Every file is read as it is written, with keys and values that are known.",
        IDLE: "A silence silences something.",
    }
    names = sorted({problem.rule or READING for problem in problems})
    return [{"id": name, "shortDescription": {"text": says[name]}} for name in names]


def _result(problem: Problem) -> dict[str, Any]:
    # SARIF keeps braces for placeholders: one that is meant is written twice.
    text = _said(problem).replace("{", "{{").replace("}", "}}")
    return {
        "ruleId": problem.rule or READING,
        "level": problem.severity,
        "message": {"text": text},
        "locations": [{"physicalLocation": _location(problem.where)}],
    }


def _location(where: Place) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": {"uri": _uri(where.file)}}
    return {**location, "region": {"startLine": where.line}} if where.line else location


def _uri(file: str) -> str:
    """A path as a relative address; as a whole one where it is not below this folder."""
    path = _near(file)
    # As bytes, since a file's name need not be text.
    return path.as_uri() if path.is_absolute() else quote(os.fsencode(path.as_posix()))


def _near(file: str) -> Path:
    """A path from this folder, which is how those who read reports know their files."""
    path, here = Path(file), Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _said(problem: Problem) -> str:
    return ": ".join(part for part in (problem.field, problem.message) if part)


def _github(problems: Sequence[Problem]) -> str:
    return "\n".join(map(_command, problems))


def _command(problem: Problem) -> str:
    where = problem.where
    line = str(where.line or "")
    file, title = _near(where.file).as_posix(), problem.rule or READING
    properties = {"file": file, "line": line, "title": title}
    listed = ",".join(f"{k}={_property(value)}" for k, value in properties.items() if value)
    return f"::{problem.severity} {listed}::{_escaped(_said(problem))}"


def _escaped(text: str) -> str:
    # The percent sign first: the others are written with one.
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    # A colon would end the properties, and a comma the property.
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
