"""Mutants of the packaged files: of their SQL, and of the header of a rule."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import attrs

from stancedata.engines import packaged
from tools.mutation.sql_mutations import Mutation, makers, mutations


@attrs.frozen
class Mutant:
    """A changed rule or question.

    Attributes:
        name: Its file, as in `rules/level`.
        text: The whole file with the change.
        part: The changed line of the header; empty for the SQL.
    """

    name: str
    part: str
    mutation: Mutation
    text: str

    def __str__(self) -> str:
        m = self.mutation
        where = f"{self.part}: {m.where}" if m.where else self.part
        return f"{self.name} [{m.kind}] {where}\n    - {short(m.before)}\n    + {short(m.after)}"


def short(text: str) -> str:
    """Shorten a text to one line."""
    line = " ".join(text.split())
    return line if len(line) <= 150 else f"{line[:70]} […] {line[-70:]}"


def makers_of(name: str) -> list[Callable[[], Mutant]]:
    """List functions that make every mutant of a packaged file."""
    if not name.startswith("questions/"):
        return [partial(lambda mutant: mutant, mutant) for mutant in _of_rule(name)]

    def of_question(make: Callable[[], Mutation]) -> Mutant:
        mutation = make()
        return Mutant(name, "", mutation, mutation.sql)

    return [partial(of_question, make) for make in makers(packaged.packaged(name))]


def _of_rule(name: str) -> list[Mutant]:
    text = packaged.packaged(name)
    head, _, sql = text.partition("\n\n")
    keys = dict(line.removeprefix("-- ").split(": ", 1) for line in head.splitlines()[1:])
    shown = {name for name in ("value", "other") if f"{{{name}" in keys["message"]}
    if "suggest" in keys:
        shown = {"value", "other"}
    hidden = frozenset({"value", "other"} - shown)
    found = [Mutant(name, "", m, f"{head}\n\n{m.sql}\n") for m in mutations(sql, hidden, True)]
    for key in ("field", *sorted(shown)) if "row" in keys else ():
        line = f"-- {key}: {keys[key]}"
        for m in mutations(keys[key], rule=True):
            changed = head.replace(line, f"-- {key}: {m.sql}")
            found.append(Mutant(name, key, m, f"{changed}\n\n{sql}"))
    for key in ("whole", "blind", "suggest"):
        if key in keys:
            line = f"-- {key}: {keys[key]}"
            m = Mutation("header line dropped", "", line, "", "")
            found.append(Mutant(name, key, m, f"{head.replace(chr(10) + line, '')}\n\n{sql}"))
    return found
