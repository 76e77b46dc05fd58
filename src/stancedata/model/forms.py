"""The forms of texts: patterns and closed lists that columns and keys of files share.

A column of the contract names its form (`as address`); the reader of curated files and the checks
of tables use the same pattern and the same words. Patterns match a whole text, and mean the same
to Python's `re` and to RE2, which Arrow uses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import attrs

MOST_BYTES = 5_000_000
"""The most bytes of a curated file, and of a text in a table."""
DATE = "date"
"""The form of a date: a text of the profile of `model.dates`, with its days and kind beside it."""
# Python's white space: `\s` of RE2 is ASCII only.
_SPACE = "\\x09-\\x0d\\x1c-\\x20\\x85\\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
BLANK = f"[{_SPACE}]*"
"""A pattern of texts with nothing but white space."""
_WORDS = "[a-z0-9]+(-[a-z0-9]+)*"


@attrs.frozen
class Form:
    """A form of texts.

    Attributes:
        pattern: A pattern of the whole text.
        name: What such a text is, with an article.
        hint: How to write it.
    """

    pattern: str
    name: str
    hint: str

    @classmethod
    def one_of(cls, name: str, words: tuple[str, ...]) -> Form:
        """Make the form of a closed list of words."""
        return cls("|".join(map(re.escape, words)), name, f"use one of {', '.join(words)}")

    @property
    def whole(self) -> str:
        """The pattern with anchors, for functions that search."""
        return f"^(?:{self.pattern})$"


FORMS: Mapping[str, Form] = {
    "id": Form(_WORDS, "an id", "write lower-case letters and digits, words joined by hyphens"),
    "local_id": Form("s[0-9]{2,}", "a stance's id", "write s and a number, s01"),
    "stance_id": Form(f"{_WORDS}#s[0-9]{{2,}}", "a stance's id", "write the document's, # and s01"),
    "language": Form("[a-z]{2,3}", "an ISO 639 code", "write two or three letters, en"),
    "licence": Form(
        "[A-Za-z0-9][A-Za-z0-9.+-]{0,63}",
        "a licence",
        "write its SPDX identifier, CC0-1.0, or public-domain",
    ),
    "address": Form(f"https?://[^{_SPACE}]+", "an address", "write it with https://"),
    "word": Form("[^;]+", "one word or phrase", "write several as a list, without semicolons"),
    "wikidata": Form("Q[1-9][0-9]{0,11}", "a Wikidata item", "write Q and its number"),
    "digest": Form("[0-9a-f]{64}", "a SHA-256", "write its 64 hexadecimal digits"),
    "version": Form(
        r"(0|[1-9][0-9]{0,5})(\.(0|[1-9][0-9]{0,5})){2}",
        "a version",
        "write three numbers separated by dots",
    ),
    "tier": Form.one_of("a tier", ("anchored", "cited")),
}
CODES: Mapping[str, tuple[str, str]] = {
    "iso3166-1-alpha2": (r"[A-Z]{2}", "two capital letters, RU"),
    "iso3166-1-alpha3": (r"[A-Z]{3}", "three capital letters, RUS"),
    "iso3166-1-numeric": (r"[0-9]{3}", "three digits, 643"),
    "cow": (r"[1-9][0-9]{0,2}", "up to three digits, 365"),
    "gw": (r"[1-9][0-9]{0,2}", "up to three digits, 365"),
    "vdem": (r"[1-9][0-9]{0,2}", "up to three digits, 11"),
}
"""Schemes whose codes have a fixed form: the pattern, and the form in words."""


def code_form(scheme: Any) -> Form | None:
    """Return the form of the codes of a scheme; None if any text is one."""
    if scheme not in CODES:
        return None
    pattern, example = CODES[scheme]
    return Form(pattern, f"a code of {scheme}", f"write {example}")
