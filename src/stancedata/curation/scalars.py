"""Parse and validate scalar fields strictly, with one cattrs hook per type."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

from stancedata.curation import records
from stancedata.curation.source import show
from stancedata.model.dates import DateError, StatedDate
from stancedata.model.forms import FORMS, Form, code_form

Hook = Callable[[Any, Any], Any]

DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
INTEGER = r"-?(0|[1-9][0-9]{0,8})"
MOST = 999_999_999
"""The largest absolute value of a whole number in a field."""
FORMED: dict[Any, str] = {
    records.Identifier: "id",
    records.Language: "language",
    records.Licence: "licence",
    records.Address: "address",
    records.Wikidata: "wikidata",
    records.Word: "word",
    records.LocalId: "local_id",
    records.Digest: "digest",
}
"""Types of text with a form: its name in `FORMS`."""


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


def _matching(form: Form) -> Hook:
    def hook(value: Any, _: Any) -> str:
        text = _text(value, None)
        if not re.fullmatch(form.pattern, text):
            raise FieldError(f"is not {form.name}, got {show(text)}; {form.hint}")
        return text

    return hook


read_identifier = _matching(FORMS["id"])
SCALARS: dict[Any, Hook] = {
    str: _text,
    int: _integer,
    bool: _boolean,
    datetime.date: _day,
    records.Edtf: _edtf,
    **{kind: _matching(FORMS[name]) for kind, name in FORMED.items()},
}


def check_code(record: records.CodeRecord) -> records.CodeRecord:
    """Return a code record, or raise if its scheme has no codes of that form."""
    form = code_form(record.scheme)
    if form and not re.fullmatch(form.pattern, record.code):
        raise FieldError(f"is not {form.name}, got {show(record.code)}; {form.hint}")
    return record


def check_silent(record: records.SilentRecord) -> records.SilentRecord:
    """Return a list of silent speakers, or raise if it is empty: tables could not show its event."""
    if not record.speakers:
        raise FieldError("has no speakers, got a list of 0; name at least one, or remove the event")
    return record


CHECKS: dict[Any, Callable[[Any], Any]] = {
    records.CodeRecord: check_code,
    records.SilentRecord: check_silent,
}
"""Records with a condition on several fields, or on a whole list."""


def read_span(value: Any) -> tuple[int, int]:
    """Parse a list of two offsets, start and end."""
    if not isinstance(value, list) or len(value) != 2:
        raise FieldError(f"must be two offsets, got {show(value)}; write [start, end]")
    start, end = (_integer(item, int) for item in value)
    return start, end
