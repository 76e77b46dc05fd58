"""Resolve names, spellings and codes of other schemes to IDs."""

from __future__ import annotations

import contextlib
import operator
import reprlib
from collections import defaultdict
from collections.abc import Iterable
from typing import SupportsIndex

from stancedata.problems import StancedataError, did_you_mean, one_of

Name = tuple[str, str]
"""A name or spelling, and the ID it stands for."""
Code = tuple[str, str, str]
"""A scheme, a code in it, and the ID it stands for."""
NUMBERS = "cow"
"""The scheme of a bare number: several schemes use numbers, with different meanings."""


SHORT = {"iso2": "iso3166-1-alpha2", "iso3": "iso3166-1-alpha3"}
"""Schemes that may be named in short: `iso3:FRA`."""


class Names:
    """A case-insensitive lookup of the names and codes of one kind of record.

    Args:
        noun: The word for one record in messages, such as `actor`.
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
        """Return the ID that a name, a code or `scheme:code` stands for, or None.

        Raises:
            StancedataError: If the name is ambiguous, or a number is a code in other schemes but
                not in `NUMBERS`; the message shows how to write each.
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
                f"use {one_of(_choices(codes))}"
            )
        return found[0] if found else None

    def _codes(self, name: str) -> list[Code]:
        scheme, _, code = name.rpartition(":")
        scheme = SHORT.get(scheme, scheme)
        within = [c for c in self._coded.get(code, ()) if c[0].casefold() == scheme]
        return [*self._coded.get(name, ()), *within]

    def suggest(self, name: str, ids: Iterable[str]) -> str:
        """Suggest the closest ID, name or non-numeric code; nothing for a number."""
        if _is_number(name.rpartition(":")[2]):
            return ""
        codes = (code for code in self._coded if not _is_number(code))
        return did_you_mean(name.casefold(), [*ids, *self._named, *codes])


def text_of(given: object, noun: str) -> str:
    """Return an ID, name or code as text, converting whole numbers.

    Args:
        given: The argument of the user.
        noun: What the argument stands for, for the message.

    Raises:
        StancedataError: If the argument is blank, or neither text nor a whole number.
    """
    if isinstance(given, str) and given.strip():
        return given
    # Compared by name, because numpy before version 2 allows its bool_ as an index.
    if type(given).__name__ not in ("bool", "bool_") and isinstance(given, SupportsIndex):
        with contextlib.suppress(TypeError):  # an array has `__index__` but may refuse it
            return str(operator.index(given))
    got = " ".join(reprlib.repr(given).split())
    raise StancedataError(f"{noun}: must be one id, name or code, got {got}; write one as text")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _choices(codes: Iterable[Code]) -> list[str]:
    """Format codes as `scheme:code (id)`, sorted."""
    return sorted(f"{scheme}:{code} ({record_id})" for scheme, code, record_id in codes)
