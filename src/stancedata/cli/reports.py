"""Format problems for other programs: JSON, and annotations on GitHub."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from stancedata.problems import Problem

READING = "reading"
"""Title of problems that come from reading a file and not from a rule."""


def report(problems: Sequence[Problem], style: str) -> str:
    """Format problems for other programs, in the order given.

    Args:
        problems: The problems; may be empty.
        style: `json` or `github`.
    """
    return {"json": _json, "github": _github}[style](problems)


def _json(problems: Sequence[Problem]) -> str:
    listed = [
        {
            "file": p.where.file,
            "line": p.where.line or None,
            "field": p.field,
            "message": p.message,
            "severity": p.severity,
            "rule": p.rule or None,
        }
        for p in problems
    ]
    # ASCII only, so that it is valid JSON whatever the encoding of the output stream.
    return json.dumps(listed, indent=1)


def _near(file: str) -> Path:
    """Make a path relative to the working folder if it is inside it."""
    path, here = Path(file), Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _text(problem: Problem) -> str:
    return ": ".join(part for part in (problem.field, problem.message) if part)


def _github(problems: Sequence[Problem]) -> str:
    return "\n".join(map(_command, problems))


def _command(problem: Problem) -> str:
    where = problem.where
    line = str(where.line or "")
    file, title = _near(where.file).as_posix(), problem.rule or READING
    properties = {"file": file, "line": line, "title": title}
    listed = ",".join(f"{k}={_property(value)}" for k, value in properties.items() if value)
    return f"::{problem.severity} {listed}::{_escaped(_text(problem))}"


def _escaped(text: str) -> str:
    # The percent sign first: the other escapes contain one.
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    # A colon would end the properties, and a comma the property.
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
