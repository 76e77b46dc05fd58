"""Generate JSON Schemas of curated files, for completion and validation in editors.

They are generated from the record classes and the table contract, without field lists of their
own. A schema validates the form of one file; references are left to `stancedata check`.

Editors resolve plain scalars by the YAML 1.2 core schema, while this library keeps them as text: a
code `036` reaches the schema as the number 36, a name `true` as a boolean. So wherever a text may
look like another type, the schema accepts that type too.
"""

from __future__ import annotations

import datetime
import json
import re
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs

from stancedata import model
from stancedata.atomic import write_text
from stancedata.curation import descriptions, records, scalars
from stancedata.curation.conversion import AMBIGUOUS
from stancedata.curation.files import CLASSES, WHOLE
from stancedata.curation.folder import read_folder
from stancedata.curation.structure import SHORT, item_class
from stancedata.data_folder import BOUNDS, CODEBOOK, CODINGS, UNRELEASED
from stancedata.model.dates import DATE_KINDS, PROFILE, suggest
from stancedata.model.forms import CODES, FORMS
from stancedata.problems import InvalidDataError, StancedataError, did_you_mean
from stancedata.releases.revisions import REASONS
from stancedata.rules.rule import IN_PYTHON, all_rules
from stancedata.tables.columns import Column
from stancedata.tables.contract import BY_NAME

Schema = dict[str, Any]
DRAFT = "https://json-schema.org/draft/2020-12/schema"
KINDS = {
    "codebook": CODEBOOK, "bounds": BOUNDS, "actor": "actors", "event": "events",
    "document": "documents", "coverage": "coverage", "coding": CODINGS, "unreleased": UNRELEASED,
}  # fmt: skip
"""Kinds of curated files, each with its file or one of its folders."""


def json_schema(kind: str, content: model.Content | None = None) -> Schema:
    """Return the JSON Schema (draft 2020-12) of one kind of curated file.

    Args:
        kind: `codebook`, `bounds`, `actor`, `event`, `document`, `coverage`, `coding` (a blind
            one) or `unreleased`.
        content: Data whose vocabulary is enforced and whose IDs are offered as completions;
            without it, only the form of values is checked.

    Raises:
        StancedataError: If the kind is unknown.
    """
    if kind not in KINDS:
        hint = did_you_mean(kind, KINDS) or f"use one of {', '.join(KINDS)}"
        raise StancedataError(f"kind: is not a kind of curated file, got {kind!r}; {hint}")
    shape = {**WHOLE, **CLASSES}[KINDS[kind]]
    writer = _Writer(content or model.Content(model.Codebook((), ())))
    schema = writer.record(shape)
    return {"$schema": DRAFT, **schema, "$defs": writer.definitions}


def content_of(path: Path) -> model.Content:
    """Read the content of a data folder for its schemas, ignoring invalid records.

    Raises:
        InvalidDataError: If the codebook, which defines the vocabulary, cannot be read.
    """
    folder = read_folder(path)
    if "codebook" in folder.broken:
        named = str(path / CODEBOOK)
        raise InvalidDataError(p for p in folder.problems if p.where.file == named)
    return folder.content


def text_of(schema: Schema) -> str:
    """Serialize a schema as indented JSON."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write_schemas(
    folder: Path, content: model.Content | None = None, kinds: Iterable[str] = tuple(KINDS)
) -> list[Path]:
    """Write one file per kind, such as `actor.schema.json`, each atomically.

    Raises:
        StancedataError: If the folder cannot be written to.
    """
    texts = {f"{kind}.schema.json": text_of(json_schema(kind, content)) for kind in kinds}
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StancedataError(
            f"{folder}: cannot be written: {error.strerror}; choose a folder"
        ) from None
    for name, text in texts.items():
        write_text(folder / name, text)
    return [folder / name for name in texts]


# Examples of texts that the YAML 1.2 core schema resolves to other types.
_LOOKS_LIKE = {
    "integer": [sign + digit * n for n in range(1, 65) for digit in "01" for sign in ("", "-")],
    "number": ["1.5", ".5", "1e5", "1e" + "1" * 62],
    "boolean": ["true", "false"],
}


def _of_types(*names: str) -> Schema:
    """Return a schema of some types.

    With a boolean it is an `if`, so that editors do not offer `true` and `false` for every text.
    """
    if "boolean" not in names:
        return {"type": list(names) if len(names) > 1 else names[0]}
    return {"if": {"not": {"type": list(names)}}, "then": {"type": "string"}}


_TEXT: Schema = {
    **_of_types("string", "number", "boolean"),
    "pattern": r"\S",
    "patternErrorMessage": "is empty; fill it in, or leave the key out",
}


def seen(text: str) -> str | int | float | bool:
    """Resolve a plain scalar by the YAML 1.2 core schema, as editors do."""
    if text in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return text.lower() == "true"
    if re.fullmatch(r"[-+]?[0-9]+", text):
        return int(text)
    if re.fullmatch(r"0o[0-7]+|0x[0-9a-fA-F]+", text):
        return int(text, 0)
    if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", text):
        return float(text)
    return text


def _of_form(pattern: str, what: str) -> Schema:
    """Return a schema of texts with a pattern, or of the types that editors resolve them to."""
    like = [
        kind for kind, texts in _LOOKS_LIKE.items() if any(re.fullmatch(pattern, t) for t in texts)
    ]
    if "number" in like:
        like.remove("integer")
    return {
        **_of_types("string", *like),
        "pattern": f"^({pattern})$",
        "patternErrorMessage": f"is not {what}",
    }


_SCALARS: dict[Any, Schema] = {
    str: _TEXT,
    int: {"type": "integer", "minimum": -scalars.MOST, "maximum": scalars.MOST},
    bool: {"type": "boolean"},
    datetime.date: {**_of_form(scalars.DAY, "a day; write it as 2021-10-20"), "format": "date"},
    records.Edtf: _of_form(PROFILE, f"a supported date; {suggest('')}"),
    **{
        kind: _of_form(FORMS[name].pattern, f"{FORMS[name].name}; {FORMS[name].hint}")
        for kind, name in scalars.FORMED.items()
    },
}


def _words(words: Mapping[str, str]) -> Schema:
    """Return an enum of words with descriptions."""
    pairs = [
        (form, says) for text, says in words.items() for form in dict.fromkeys((text, seen(text)))
    ]
    return {"enum": [form for form, _ in pairs], "enumDescriptions": [says for _, says in pairs]}


def _offered(words: Mapping[str, str], form: Schema) -> Schema:
    """Return a schema that accepts any value of a form and offers some words as completions."""
    return {**form, "anyOf": [_words(words), {}]}


@attrs.define
class _Writer:
    """Builds the schemas of records.

    Attributes:
        definitions: The `$defs` of the schema: nested records and lists of IDs.
    """

    content: model.Content
    definitions: dict[str, Schema] = attrs.Factory(dict)

    def record(self, shape: Any) -> Schema:
        """Return the schema of a record."""
        attrs.resolve_types(shape)
        fields = attrs.fields(shape)
        schema: Schema = {"title": records.NAMES[shape]}
        if shape in descriptions.TABLES:
            schema["description"] = BY_NAME[descriptions.TABLES[shape]].description
        schema |= {
            "type": "object",
            "properties": {field.name: self._field(shape, field) for field in fields},
            "required": [field.name for field in fields if field.default is attrs.NOTHING],
            "additionalProperties": False,
        }
        conditions = list(self._conditions(shape))
        return {**schema, "allOf": conditions} if conditions else schema

    def _field(self, shape: Any, field: attrs.Attribute[Any]) -> Schema:
        column = descriptions.column_of(shape, field.name)
        schema = self._value(field.type, self._words_of(shape, field.name, column))
        if field.default not in (attrs.NOTHING, None, ()):
            schema = {**schema, "default": field.default}
        return {"description": _description(shape, field, column), **schema}

    def _value(self, kind: Any, words: Schema | None = None) -> Schema:
        """Return the schema of a type.

        Args:
            kind: The type of a field, or an inner type of it.
            words: A schema to use instead of that of a scalar.
        """
        origin, inner = typing.get_origin(kind), typing.get_args(kind)
        if origin in (typing.Union, types.UnionType):
            # A key may be absent, but not empty.
            return self._value(next(arg for arg in inner if arg is not type(None)), words)
        if origin is dict:
            return {"type": "object", **self._free_keys(inner[1])}
        if kind is records.Identifiers:
            one = self._value(records.Identifier, words)
            return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}
        if origin is tuple:
            size = {"minItems": len(inner), "maxItems": len(inner)}
            if inner[-1] is ...:
                size = {"minItems": 1} if inner[0] is records.SpeakerRecord else {}
            return {"type": "array", "items": self._value(inner[0], words), **size}
        return self._inner(kind) if attrs.has(kind) else dict(words or _SCALARS[kind])

    def _inner(self, kind: Any) -> Schema:
        """Return a reference to the schema of a nested record."""
        mapping = self._refer(kind.__name__.removesuffix("Record"), lambda: self.record(kind))
        if kind not in SHORT:
            return mapping
        # One with nothing but its ID, a holder with the default role, may be written as that ID.
        one = self._words_of(kind, SHORT[kind], descriptions.column_of(kind, SHORT[kind]))
        return {"anyOf": [self._value(records.Identifier, one), mapping]}

    def _refer(self, name: str, make: Callable[[], Schema]) -> Schema:
        if name not in self.definitions:
            self.definitions[name] = {}
            self.definitions[name] = make()
        return {"$ref": f"#/$defs/{name}"}

    def _free_keys(self, kind: Any) -> Schema:
        """Return the schema of a mapping with free keys: tables, or fields of the vocabulary."""
        value = self._value(kind)
        if kind is int:
            tables = [name for name, table in BY_NAME.items() if not table.derived]
            return {"properties": dict.fromkeys(tables, value), "additionalProperties": False}
        fields = {c.vocabulary for t in BY_NAME.values() for c in t.columns if c.vocabulary}
        return {"properties": dict.fromkeys(sorted(fields), value), "additionalProperties": value}

    def _words_of(self, shape: Any, name: str, column: Column | None) -> Schema | None:
        """Return the schema of the words allowed or offered for a field; None if any value is."""
        if (shape, name) == (records.ChangeRecord, "reason"):
            return _words(REASONS)
        if (shape, name) == (records.ExemptionRecord, "rule"):
            rules = {rule.name: rule.says for rule in [*all_rules(), *IN_PYTHON.values()]}
            return _offered(dict(sorted(rules.items())), _TEXT)
        if name == "dated_by" and shape is not records.EventRecord:
            return self._ids("documents", {"published_on": "The document's day of publication."})
        return self._words_in(column) if column else None

    def _words_in(self, column: Column) -> Schema | None:
        """Return the schema of the values that the codebook allows in a column."""
        codebook = self.content.codebook
        terms = {t.value: t.definition for t in codebook.vocabulary if t.field == column.vocabulary}
        if column.vocabulary == "date_kind":
            return _words({kind: terms.get(kind, "") for kind in DATE_KINDS})
        if terms:
            return _words(terms)
        table = column.references.partition(".")[0]
        if table == "issues" and codebook.issues:
            return _words({issue.issue_id: issue.name for issue in codebook.issues})
        return self._ids(table) if table in ("actors", "documents", "events") else None

    def _ids(self, table: str, others: Mapping[str, str] | None = None) -> Schema | None:
        """Return a schema that offers existing IDs but accepts others, which may be added later."""
        content = self.content
        known = (
            dict(others or {})
            | {
                "actors": {actor.actor_id: actor.name for actor in content.actors},
                "documents": {
                    document.document_id: document.title for document in content.documents
                },
                "events": {event.event_id: event.name for event in content.events},
            }[table]
        )
        if not known:
            return None
        form = _TEXT if others else _SCALARS[records.Identifier]
        name = "dated_by" if others else table
        return self._refer(name, lambda: _offered(known, form))

    def _conditions(self, shape: Any) -> Iterator[Schema]:
        """Yield conditions between fields: codes by scheme, levels and aspects by issue."""
        if shape is records.CodeRecord:
            for scheme, found in CODES.items():
                then = _of_form(found[0], f"a code of {scheme}; write {found[1]}")
                yield _where("scheme", scheme, {"code": then})
        if issubclass(shape, records.StanceRecord):
            for issue in self.content.codebook.issues:
                levels = {
                    v.name: f"{v.level:+d}: {v.definition}".replace("+0", "0", 1)
                    for v in issue.levels
                }
                levels |= {AMBIGUOUS: "The text can reasonably be read both ways."}
                aspects = {aspect.aspect: aspect.definition for aspect in issue.aspects}
                sides: Schema = {"items": _words(aspects)} if aspects else {"maxItems": 0}
                yield _where("issue", issue.issue_id, {"level": _words(levels), "aspects": sides})


def _where(field: str, word: str, properties: Schema) -> Schema:
    """Return a condition: if a field has a value, the others must match some schemas."""
    forms = list(dict.fromkeys((word, seen(word))))
    return {
        "if": {"properties": {field: {"enum": forms}}, "required": [field]},
        "then": {"properties": properties},
    }


def _description(shape: Any, field: attrs.Attribute[Any], column: Column | None) -> str:
    for cls in shape.__mro__:
        if (cls, field.name) in descriptions.SAYS:
            return descriptions.SAYS[cls, field.name]
    if column is not None:
        return column.description
    # A list of records has the description of its table.
    return BY_NAME[descriptions.TABLES[item_class(field.type)]].description
