"""From text to the value of a field, refusing to guess: one hook a kind of value."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

from stancedata.curation import records
from stancedata.curation.reading import show
from stancedata.dates import DateError, StatedDate

Hook = Callable[[Any, Any], Any]


class FieldError(ValueError):
    """A value that a field cannot have; its message is shown as it is."""


def _text(value: Any, _: Any) -> str:
    if not isinstance(value, str):
        raise FieldError(f"must be text, got {show(value)}; {_instead(value)}")
    if not value.strip():
        raise FieldError(f"is empty, got {value!r}; write it, or leave the key out")
    return value


def _instead(value: Any) -> str:
    return "leave the key out, or put '~' in quotation marks" if value is None else "write text"


def _integer(value: Any, _: Any) -> int:
    if not isinstance(value, str) or not re.fullmatch(r"-?(0|[1-9][0-9]{0,8})", value):
        raise FieldError(f"must be a whole number, got {show(value)}; write digits such as 12")
    return int(value)


def _boolean(value: Any, _: Any) -> bool:
    if value not in ("true", "false"):
        raise FieldError(f"must be true or false, got {show(value)}; write one of the two")
    return bool(value == "true")


def _day(value: Any, _: Any) -> datetime.date:
    text = _text(value, None)
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
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


read_identifier = _matching(
    r"[a-z0-9]+(-[a-z0-9]+)*",
    "an id; write lower-case letters and digits, words joined by hyphens",
)
SCALARS: dict[Any, Hook] = {
    str: _text,
    int: _integer,
    bool: _boolean,
    datetime.date: _day,
    records.Edtf: _edtf,
    records.Identifier: read_identifier,
    records.LocalId: _matching(r"s[0-9]{2,}", "a stance's id; write s and a number, s01"),
    records.Digest: _matching(r"[0-9a-f]{64}", "a SHA-256; write its 64 hexadecimal digits"),
}


def read_span(value: Any) -> tuple[int, int]:
    """Two offsets, start and end."""
    if not isinstance(value, list) or len(value) != 2:
        raise FieldError(f"must be two offsets, got {show(value)}; write [start, end]")
    start, end = (_integer(item, int) for item in value)
    return start, end
