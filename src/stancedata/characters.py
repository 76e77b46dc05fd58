"""Rules about characters: what no SQL says alike on two engines, asked once over Arrow columns.

`text_form`: a text is in Unicode's composed form (NFC), and holds no control character and none
that turns the direction of writing or cannot be seen, so that what is read is what is stored.
`id_form`: an id is lower-case letters and digits of ASCII, in words joined by hyphens, so that no
look-alike letter can pass for another; that of a stance ends in `#s` and two digits or more.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from stancedata.contract import TABLES
from stancedata.schemas import Table

if TYPE_CHECKING:
    import pyarrow as pa

Offender = dict[str, Any]
RULES = ("text_form", "id_form")
SAYS = {
    "text_form": "A text is composed (NFC), and holds nothing that cannot be seen.",
    "id_form": "An id is lower-case letters and digits of ASCII in words joined by hyphens.",
}
MESSAGES = {
    "text_form": "holds a character that cannot be seen or is not composed, got {value}; write it anew",
    "id_form": "is no id, got {value}; write lower-case letters and digits in words joined by hyphens",
}
# Controls but line feed and tab, joiners and marks of direction, and what has no glyph.
_UNSEEN = (
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\x{00ad}\x{061c}\x{180e}\x{200b}-\x{200f}\x{2028}-\x{202e}"
    r"\x{2060}-\x{206f}\x{feff}\x{fff0}-\x{fffb}\x{e0000}-\x{e007f}]"
)
_WORDS = r"[a-z0-9]+(-[a-z0-9]+)*"
_IDS = {"actor_id": f"^{_WORDS}$", "event_id": f"^{_WORDS}$", "document_id": f"^{_WORDS}$",
        "stance_id": rf"^{_WORDS}#s[0-9]{{2,}}$"}  # fmt: skip
_KINDS = {
    "actor_id": "actor",
    "event_id": "event",
    "document_id": "document",
    "stance_id": "stance",
}


def offenders(tables: Mapping[str, pa.Table]) -> Iterator[tuple[str, Offender]]:
    """Records with a text or an id that is not as it must be, each with its rule."""
    for table in TABLES:
        if table.name in tables and not table.derived:
            yield from _ids(table, tables)
            yield from _texts(table, tables)


def kind_of(tables: Mapping[str, pa.Table], record_id: str) -> str:
    """The kind of the record that a silence names: before the id of a blind coding stands its coder."""
    if "#" in record_id:
        return "blind" if "/" in record_id else "stance"
    for kind in ("actor", "event"):
        ids = tables.get(f"{kind}s")
        if ids and record_id in ids.column(f"{kind}_id").to_pylist():
            return kind
    return "document"


def _ids(table: Table, tables: Mapping[str, pa.Table]) -> Iterator[tuple[str, Offender]]:
    import pyarrow.compute as pc

    name = table.key[0]
    if name not in _IDS or table.name.removeprefix("second_") != f"{_KINDS[name]}s":
        return  # where the id of another record stands, the rule about references asks
    compute: Any = pc
    data = tables[table.name]
    wrong = compute.invert(compute.match_substring_regex(data.column(name), _IDS[name]))
    for row in data.filter(wrong).to_pylist():
        yield "id_form", _offender(tables, table, row, "", row[name])


def _texts(table: Table, tables: Mapping[str, pa.Table]) -> Iterator[tuple[str, Offender]]:
    import pyarrow.compute as pc

    compute: Any = pc
    data = tables[table.name]
    for column in table.columns:
        if column.type != "string":
            continue
        values = data.column(column.name)
        unseen = compute.match_substring_regex(values, _UNSEEN)
        wrong = compute.fill_null(compute.or_(unseen, _loose(values)), False)
        for row in data.filter(wrong).to_pylist():
            yield "text_form", _offender(tables, table, row, column.name, row[column.name])


def _loose(values: pa.ChunkedArray[Any]) -> pa.ChunkedArray[Any]:
    """Which texts are not composed; asked of Python, since pyarrow 18 composes letters wrongly."""
    import pyarrow as pa
    import pyarrow.compute as pc

    compute: Any = pc
    beyond = compute.unique(values.filter(compute.invert(compute.string_is_ascii(values))))
    loose = [text for text in beyond.to_pylist() if not unicodedata.is_normalized("NFC", text)]
    found: pa.ChunkedArray[Any] = compute.is_in(values, value_set=pa.array(loose, pa.string()))
    return found


def _offender(
    tables: Mapping[str, pa.Table], table: Table, row: dict[str, Any], field: str, value: str
) -> Offender:
    kind, record_id = "codebook", "codebook"
    if table.name.startswith("second_"):
        kind, record_id = "blind", f"{row['coder']}/{row['stance_id']}"
    elif table.key[0] in _KINDS:
        kind, record_id = _KINDS[table.key[0]], row[table.key[0]]
    elif table.name == "silences":
        record_id, field = row["record_id"], "silences"
        kind = kind_of(tables, record_id)
    children = len(table.key) > 1 and table.name not in ("second_stances", "silences")
    return {
        "kind": kind, "record_id": record_id, "field": "" if children else _WRITTEN.get(field, field),
        "value": ascii(value), "other": table.name,
    }  # fmt: skip


# Columns that have another name in curated files.
_WRITTEN = {"level_name": "level", "issue_id": "issue", "speaker_id": "speaker",
            "target_id": "target", "attributed_by_id": "attributed_by", "event_id": "event"}  # fmt: skip
