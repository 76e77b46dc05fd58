"""Resolve names, spellings and codes of other schemes to IDs."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from stancedata.problems import StancedataError, nearest, one_of, shown
from stancedata.questions.arguments import whole_number

Name = tuple[str, str]
"""A name or spelling, and the ID it stands for."""
Code = tuple[str, str, str]
"""A scheme, a code in it, and the ID it stands for."""
NUMBERS = "cow"
"""The scheme of a bare number: several schemes use numbers, with different meanings."""


SHORT = {"iso2": "iso3166-1-alpha2", "iso3": "iso3166-1-alpha3"}
"""Schemes that may be named in short: `iso3:FRA`."""
_MARKS = re.compile(r"[\u0300-\u036f'\u2018\u2019\u02bb\u02bc\u00b4`]")
"""Accents of Latin, Greek and Cyrillic letters after decomposition, and apostrophes."""
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})
"""Letters that readers write without their stroke, and that Unicode does not decompose."""
MOST_SUGGESTED = 3
_NEAR, _NEARER = 0.8, 0.85
"""How near a name must be to one with the same initial, and to any other, from 0 to 1.

A word of five letters may have one wrong, a shorter one only one too many or too few: nearer to it
are names of others, as 'Irna' is to Iran and Irak.
"""


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
        self._spelled: dict[str, str] = {}  # as the data spell them, by names in lower case
        self._coded: defaultdict[str, list[Code]] = defaultdict(list)
        for name, record_id in names:
            self._named[name.casefold()].add(record_id)
            self._spelled.setdefault(name.casefold(), name)
        for code in codes:
            self._coded[code[1].casefold()].append(code)

    def find(self, name: str) -> str | None:
        """Return the ID that a name, a code or `scheme:code` stands for, or None.

        A name is also found without its accents and apostrophes.

        Raises:
            StancedataError: If the name is ambiguous, or a number is a code in other schemes but
                not in `NUMBERS`; the message shows how to write each.
        """
        codes = self._codes(name.casefold())
        bare = [c for c in codes if c[0] == NUMBERS] if _is_number(name) else codes
        named = self._named.get(name.casefold(), set())
        if not named and not codes:
            named = self._folded.get(folded(name), set())
        found = sorted(named.union(c[2] for c in bare))
        if len(found) > 1:
            choices = sorted(named) + _choices(c for c in bare if c[2] not in named)
            raise StancedataError(
                f"several {self._noun}s are called {shown(name)}; use one of {one_of(choices)}"
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

    @functools.cached_property
    def _folded(self) -> dict[str, set[str]]:
        """The IDs by folded name."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for name, ids in self._named.items():
            found[folded(name)] |= ids
        return dict(found)

    def suggest(self, name: str, ids: Iterable[str]) -> str:
        """Suggest the name that has the same words, or the nearest ID or name.

        Nothing is suggested for a number, and no code, since a similar one is another actor's.
        """
        if _is_number(name.rpartition(":")[2]):
            return ""
        asked = folded(name)
        return self._with_words(asked) or _nearest(asked, [*ids, *self._spelled.values()])

    def _with_words(self, asked: str) -> str:
        """Suggest the records with a name that has these words, or else their beginnings."""
        if len(asked) < 4:
            return ""
        found: dict[tuple[str, ...], tuple[bool, int, str]] = {}
        for name, ids in self._named.items():
            if (missing := _missing(asked.split(), folded(name).split())) is not None:
                known, rank = tuple(sorted(ids)), (missing, len(name), name)
                found[known] = min(rank, found.get(known, rank))
        best = sorted((rank, ids) for ids, rank in found.items())[:MOST_SUGGESTED]
        shown = [f"{self._spelled[name]!r} ({', '.join(ids)})" for (_, _, name), ids in best]
        return f"did you mean {' or '.join(shown)}?" if shown else ""


def _missing(words: list[str], theirs: list[str]) -> bool | None:
    """Return whether only the beginnings of some words are there; None if not even they are."""
    if set(words) <= set(theirs):
        return False
    begun = all(any(their.startswith(word) for their in theirs) for word in words)
    return True if begun else None


def folded(name: str) -> str:
    """Return a name in lower case, without accents and apostrophes, for comparison."""
    bare = _MARKS.sub("", unicodedata.normalize("NFD", name.casefold()))
    return " ".join(unicodedata.normalize("NFC", bare).translate(_LETTERS).split())


def _nearest(asked: str, names: Iterable[str]) -> str:
    """Suggest the nearest name of three letters or more, first of those with the same initial."""
    known: dict[str, str] = {}
    for name in names:
        known.setdefault(folded(name), name)
    near = [name for name in known if len(name) > 2]
    alike = [name for name in near if name[:1] == asked[:1]]
    best = nearest(asked, alike, _NEAR) or nearest(asked, near, _NEARER)
    return f"did you mean {known[best]!r}?" if best else ""


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
    number = whole_number(given)
    if number is not None:
        return str(number)
    raise StancedataError(
        f"{noun}: must be one id, name or code, got {shown(given)}; write one as text"
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _choices(codes: Iterable[Code]) -> list[str]:
    """Format codes as `scheme:code (id)`, sorted."""
    return sorted(f"{scheme}:{code} ({record_id})" for scheme, code, record_id in codes)
