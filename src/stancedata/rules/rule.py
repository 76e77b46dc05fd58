"""The rules as their files state them, and their names.

A rule is one SQL file under `rules/sql/`: a comment that says what it asks, a header of
`-- key: value` lines, and either one predicate over the rows of a table, true for offenders
(all predicates of a table run in one scan), or a query of offenders. Offenders have the columns
kind and record_id (whose they are), field (its path in the curated file), value and other.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping

import attrs

from stancedata.engines.duckdb import packaged, packaged_names
from stancedata.problems import StancedataError, did_you_mean, one_of
from stancedata.rules import characters
from stancedata.rules import texts as wording

OFFENDER = ("kind", "record_id", "field", "value", "other")
IDLE = "idle_silence"
"""Rule that a silence breaks which silences nothing."""
STALE = "stale_positions"
"""Rule that stored positions break which do not follow from the stances."""


@attrs.frozen
class Rule:
    """One rule as its file states it.

    Attributes:
        says: What it asks of the data, in one sentence.
        message: What is said of an offender, with `{value}`, `{other}`, `{suggestion}`.
        row: Table whose rows the predicate judges; empty for a query of offenders.
        offender: For a predicate: SQL for each column of an offender.
        suggest: `table.column`, `vocabulary` or `aspects`: where a misspelt value is looked up.
        whole: True where it is only asked when every file could be read.
        blind: True where it is asked of the blind codings too.
    """

    name: str
    says: str
    severity: str
    message: str
    sql: str
    row: str = ""
    offender: tuple[str, ...] = ()
    suggest: str = ""
    whole: bool = False
    blind: bool = False

    @property
    def query(self) -> str:
        """The query of offenders, for a predicate too."""
        if not self.row:
            return self.sql
        columns = zip(OFFENDER, self.offender, strict=True)
        listed = ", ".join(f"{expression} AS {name}" for name, expression in columns)
        return f"SELECT {listed} FROM {self.row} WHERE {self.sql}"


@functools.cache
def all_rules() -> tuple[Rule, ...]:
    """Every packaged rule, by name."""
    return tuple(_read(name) for name in packaged_names("rules"))


IN_PYTHON: Mapping[str, Rule] = {
    name: Rule(
        name, room.SAYS[name], "warning" if name in wording.WARNINGS else "error",
        room.MESSAGES[name], "",
    )
    for room in (characters, wording)
    for name in room.RULES
}  # fmt: skip
"""Rules that no SQL says: about characters, and those that only the texts can answer."""


def known_rules() -> list[str]:
    """Names of every rule that can be asked, sorted."""
    return sorted([*(rule.name for rule in all_rules()), *IN_PYTHON, STALE])


def refuse_unknown(names: Collection[str]) -> None:
    """Refuse names that no rule has.

    Raises:
        StancedataError: There is such a name; with the nearest.
    """
    for name in names:
        if name not in known_rules():
            hint = did_you_mean(name, known_rules()) or f"write one of {one_of(known_rules())}"
            raise StancedataError(f"without: no rule is called so, got {name!r}; {hint}")


def _read(name: str) -> Rule:
    text = packaged(f"rules/{name}")
    head, _, sql = text.partition("\n\n")
    says, *lines = [line.removeprefix("-- ") for line in head.splitlines()]
    keys = dict(line.split(": ", 1) for line in lines)
    row = keys.get("row", "")
    offender = tuple(_quoted(keys, column) for column in OFFENDER) if row else ()
    return Rule(
        name, says, keys["severity"], keys["message"], sql.strip(), row, offender,
        keys.get("suggest", ""), *(keys.get(flag) == "true" for flag in ("whole", "blind")),
    )  # fmt: skip


def _quoted(keys: Mapping[str, str], column: str) -> str:
    header = {"kind": "kind", "record_id": "record"}.get(column, column)
    return f"'{keys[header]}'" if header == "kind" else keys[header]
