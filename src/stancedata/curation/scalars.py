"""Parse and validate scalar fields strictly, with one cattrs hook per type."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

from stancedata.curation import records
from stancedata.curation.source import show
from stancedata.model.dates import DateError, StatedDate

Hook = Callable[[Any, Any], Any]

DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
INTEGER = r"-?(0|[1-9][0-9]{0,8})"
MOST = 999_999_999
"""The largest absolute value of a whole number in a field."""
PATTERNS: dict[Any, tuple[str, str]] = {
    records.Identifier: (
        r"[a-z0-9]+(-[a-z0-9]+)*",
        "an id; write lower-case letters and digits, words joined by hyphens",
    ),
    records.Language: (r"[a-z]{2,3}", "an ISO 639 code; write two or three letters, en"),
    records.Licence: (
        r"[A-Za-z0-9][A-Za-z0-9.+-]{0,63}",
        "a licence; write its SPDX identifier, CC0-1.0, or public-domain",
    ),
    records.Address: (r"https?://[^\s]+", "an address; write it with https://"),
    records.Wikidata: (r"Q[1-9][0-9]{0,11}", "a Wikidata item; write Q and its number"),
    records.LocalId: (r"s[0-9]{2,}", "a stance's id; write s and a number, s01"),
    records.Digest: (r"[0-9a-f]{64}", "a SHA-256; write its 64 hexadecimal digits"),
}
"""Types of text with a pattern: the pattern, and the name and hint for messages."""


class FieldError(ValueError):
    """An invalid value of a field; the message is shown to the user unchanged."""


UNDECIDED = "DECIDE"
"""The value of a field in which coders differ, until an editor decides; `adjudicate` writes it."""


def refuse_undecided(value: Any) -> None:
    """Raise if a value of any type waits for an editor's decision."""
    if value == UNDECIDED:
        raise FieldError(
            f"is not decided, got {UNDECIDED}; write what is to be published, or remove the line "
            "if that is nothing"
        )


def _text(value: Any, _: Any) -> str:
    refuse_undecided(value)
    if not isinstance(value, str):
        raise FieldError(f"must be text, got {show(value)}; {_instead(value)}")
    if not value.strip():
        raise FieldError(f"is empty, got {value!r}; fill it in, or leave the key out")
    return value


def _instead(value: Any) -> str:
    return "leave the key out, or put '~' in quotation marks" if value is None else "write text"


def _integer(value: Any, _: Any) -> int:
    if not isinstance(value, str) or not re.fullmatch(INTEGER, value):
        raise FieldError(f"must be a whole number, got {show(value)}; write digits such as 12")
    return int(value)


def _boolean(value: Any, _: Any) -> bool:
    if value not in ("true", "false"):
        raise FieldError(f"must be true or false, got {show(value)}; use one of the two")
    return bool(value == "true")


def _day(value: Any, _: Any) -> datetime.date:
    text = _text(value, None)
    try:
        if re.fullmatch(DAY, text):
            return datetime.date.fromisoformat(text)
    except ValueError:
        pass
    raise FieldError(f"must be a day, got {show(text)}; write it as 2021-10-20")


def _edtf(value: Any, _: Any) -> str:
    text = _text(value, None)
    try:
        StatedDate.parse(text)
    except DateError as error:
        raise FieldError(str(error)) from None
    return text


def _matching(pattern: str, what: str) -> Hook:
    def hook(value: Any, _: Any) -> str:
        text = _text(value, None)
        if not re.fullmatch(pattern, text):
            raise FieldError(
                f"is not {what.partition(';')[0]}, got {show(text)};{what.partition(';')[2]}"
            )
        return text

    return hook


read_identifier = _matching(*PATTERNS[records.Identifier])
SCALARS: dict[Any, Hook] = {
    str: _text,
    int: _integer,
    bool: _boolean,
    datetime.date: _day,
    records.Edtf: _edtf,
    **{kind: _matching(*found) for kind, found in PATTERNS.items()},
}


CODES = {
    "iso3166-1-alpha2": (r"[A-Z]{2}", "two capital letters, RU"),
    "iso3166-1-alpha3": (r"[A-Z]{3}", "three capital letters, RUS"),
    "iso3166-1-numeric": (r"[0-9]{3}", "three digits, 643"),
    "cow": (r"[1-9][0-9]{0,2}", "up to three digits, 365"),
    "gw": (r"[1-9][0-9]{0,2}", "up to three digits, 365"),
    "vdem": (r"[1-9][0-9]{0,2}", "up to three digits, 11"),
}
"""Schemes whose codes have a fixed form: the pattern, and the form in words."""


def check_code(record: records.CodeRecord) -> records.CodeRecord:
    """Return a code record, or raise if its scheme has no codes of that form."""
    pattern, example = CODES.get(record.scheme, (".*", ""))
    if not re.fullmatch(pattern, record.code):
        raise FieldError(
            f"is not a code of {record.scheme}, got {show(record.code)}; write {example}"
        )
    return record


def read_span(value: Any) -> tuple[int, int]:
    """Parse a list of two offsets, start and end."""
    if not isinstance(value, list) or len(value) != 2:
        raise FieldError(f"must be two offsets, got {show(value)}; write [start, end]")
    start, end = (_integer(item, int) for item in value)
    return start, end
