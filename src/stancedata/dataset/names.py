"""What records are called besides their ids: names, spellings, and codes of other schemes."""

from __future__ import annotations

import contextlib
import operator
import reprlib
from collections import defaultdict
from collections.abc import Iterable
from typing import SupportsIndex

from stancedata.problems import StancedataError, did_you_mean, one_of

Name = tuple[str, str]
"""A name or spelling, and the id that it stands for."""
Code = tuple[str, str, str]
"""A scheme, a code of it, and the id that it stands for."""
NUMBERS = "cow"
"""The scheme of a bare number: several have numbers, and one number means others in each."""


class Names:
    """Names and codes of one kind of record; capitals do not matter.

    Args:
        noun: What messages call one record: `actor`.
        names: Every name.
        codes: Every code.
    """

    def __init__(self, noun: str, names: Iterable[Name], codes: Iterable[Code]) -> None:
        self._noun = noun
        self._named: defaultdict[str, set[str]] = defaultdict(set)
        self._coded: defaultdict[str, list[Code]] = defaultdict(list)
        for name, record_id in names:
            self._named[name.casefold()].add(record_id)
        for code in codes:
            self._coded[code[1].casefold()].append(code)

    def find(self, name: str) -> str | None:
        """The id that a name, a code or `scheme:code` stands for; None where nothing has it.

        Raises:
            StancedataError: Several records are called so, or a number is not a code of `NUMBERS`
                and one of other schemes; with what to write for each.
        """
        codes = self._codes(name.casefold())
        bare = [c for c in codes if c[0] == NUMBERS] if _is_number(name) else codes
        named = self._named.get(name.casefold(), set())
        found = sorted(named.union(c[2] for c in bare))
        if len(found) > 1:
            choices = sorted(named) + _choices(c for c in bare if c[2] not in named)
            raise StancedataError(
                f"several {self._noun}s are called {name!r}; use one of {one_of(choices)}"
            )
        if codes and not found:
            raise StancedataError(
                f"no {self._noun} has the code '{NUMBERS}:{name}', for which a bare number stands; "
                f"use one of {one_of(_choices(codes))}"
            )
        return found[0] if found else None

    def _codes(self, name: str) -> list[Code]:
        scheme, _, code = name.rpartition(":")
        within = [c for c in self._coded.get(code, ()) if c[0].casefold() == scheme]
        return [*self._coded.get(name, ()), *within]

    def suggest(self, name: str, ids: Iterable[str]) -> str:
        """The nearest id, name or code with letters; nothing for numbers, of which none is near."""
        if _is_number(name.rpartition(":")[2]):
            return ""
        codes = (code for code in self._coded if not _is_number(code))
        return did_you_mean(name.casefold(), [*ids, *self._named, *codes])


def text_of(given: object, noun: str) -> str:
    """A name, an id or a code as text; a whole number is the code that it is written as.

    Args:
        given: What was given for one.
        noun: What is named, for the message.

    Raises:
        StancedataError: It is neither text nor a whole number, or it is blank.
    """
    if isinstance(given, str) and given.strip():
        return given
    # By name, since numpy before version 2 takes its truth values for numbers.
    if type(given).__name__ not in ("bool", "bool_") and isinstance(given, SupportsIndex):
        with contextlib.suppress(TypeError):  # as of an array
            return str(operator.index(given))
    got = " ".join(reprlib.repr(given).split())
    raise StancedataError(f"{noun}: must be one id, name or code, got {got}; write one as text")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _choices(codes: Iterable[Code]) -> list[str]:
    """Codes with their schemes, and whose they are."""
    return sorted(f"{scheme}:{code} ({record_id})" for scheme, code, record_id in codes)
