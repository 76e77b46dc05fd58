"""JSON Schemas of curated files, so that editors complete and check while typing.

They are made from the classes of the records and from the contract, and have no list of fields of
their own. `stancedata check` knows more: a schema sees the form of one file, not what it refers to.

Editors resolve plain YAML by the core schema of YAML 1.2, where reading leaves everything text: a
code `036` reaches them as the number 36, a name `true` as a boolean. So wherever a text may look
like one of these, the schema takes these too.
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
from stancedata.curation import records, scalars
from stancedata.curation.conversion import AMBIGUOUS
from stancedata.curation.folder import CLASSES, WHOLE, read_folder
from stancedata.curation.structure import item_class
from stancedata.data_folder import BOUNDS, CODEBOOK, UNRELEASED
from stancedata.model.dates import DATE_KINDS, PROFILE, suggest
from stancedata.problems import InvalidDataError, StancedataError, did_you_mean
from stancedata.releases.revisions import REASONS
from stancedata.rules.rule import IN_PYTHON, all_rules
from stancedata.tables.columns import Column
from stancedata.tables.contract import BY_NAME

Schema = dict[str, Any]
DRAFT = "https://json-schema.org/draft/2020-12/schema"
KINDS = {
    "codebook": CODEBOOK, "bounds": BOUNDS, "actor": "actors", "event": "events",
    "document": "documents", "coding": "first_coding", "unreleased": UNRELEASED,
}  # fmt: skip
"""Kinds of curated files, each with its file or one folder of such files."""


def json_schema(kind: str, content: model.Content | None = None) -> Schema:
    """The JSON Schema (draft 2020-12) of one kind of curated file.

    Args:
        kind: `codebook`, `bounds`, `actor`, `event`, `document`, `coding` (a blind one) or
            `unreleased`.
        content: Data whose vocabulary the files must keep to, and whose ids are offered; without
            them, words and ids have a form and nothing else.

    Raises:
        StancedataError: There is no such kind.
    """
    if kind not in KINDS:
        hint = did_you_mean(kind, KINDS) or f"use one of {', '.join(KINDS)}"
        raise StancedataError(f"kind: is not a kind of curated file, got {kind!r}; {hint}")
    shape = {**WHOLE, **CLASSES}[KINDS[kind]]
    writer = _Writer(content or model.Content(model.Codebook((), ())))
    schema = writer.record(shape)
    return {"$schema": DRAFT, **schema, "$defs": writer.definitions}


def content_of(path: Path) -> model.Content:
    """What a data folder has for its schemas, as far as it can be read.

    Raises:
        InvalidDataError: Its codebook cannot be read, without which there is no vocabulary.
    """
    folder = read_folder(path)
    if "codebook" in folder.broken:
        named = str(path / CODEBOOK)
        raise InvalidDataError(p for p in folder.problems if p.where.file == named)
    return folder.content


def text_of(schema: Schema) -> str:
    """A schema as the text of its file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write_schemas(
    folder: Path, content: model.Content | None = None, kinds: Iterable[str] = tuple(KINDS)
) -> list[Path]:
    """Write one file a kind, `actor.schema.json` and its like, each in one step.

    Raises:
        StancedataError: The folder cannot be written to.
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


# Among examples of texts, those that the core schema of YAML 1.2 takes for something else.
_LOOKS_LIKE = {
    "integer": [sign + digit * n for n in range(1, 65) for digit in "01" for sign in ("", "-")],
    "number": ["1.5", ".5", "1e5", "1e" + "1" * 62],
    "boolean": ["true", "false"],
}


def _of_types(*names: str) -> Schema:
    """Values of some types; where a boolean is among them, said so that editors offer none.

    They would offer `true` and `false` for every text.
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
    """What an editor sees of a plain text, by the core schema of YAML 1.2."""
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
    """Texts of a pattern, and what an editor may see in their place."""
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
    **{kind: _of_form(*found) for kind, found in scalars.PATTERNS.items()},
}


def _words(words: Mapping[str, str]) -> Schema:
    """One of some words, each with its description."""
    pairs = [
        (form, says) for text, says in words.items() for form in dict.fromkeys((text, seen(text)))
    ]
    return {"enum": [form for form, _ in pairs], "enumDescriptions": [says for _, says in pairs]}


def _offered(words: Mapping[str, str], form: Schema) -> Schema:
    """Any value of a form, with some that editors offer."""
    return {**form, "anyOf": [_words(words), {}]}


@attrs.define
class _Writer:
    """Writes the schemas of records, with what data have for them.

    Attributes:
        definitions: Schemas to which others refer: of records within records, and of ids.
    """

    content: model.Content
    definitions: dict[str, Schema] = attrs.Factory(dict)

    def record(self, shape: Any) -> Schema:
        """The schema of a record's mapping."""
        attrs.resolve_types(shape)
        fields = attrs.fields(shape)
        schema: Schema = {"title": records.NAMES[shape]}
        if shape in records.TABLES:
            schema["description"] = BY_NAME[records.TABLES[shape]].description
        schema |= {
            "type": "object",
            "properties": {field.name: self._field(shape, field) for field in fields},
            "required": [field.name for field in fields if field.default is attrs.NOTHING],
            "additionalProperties": False,
        }
        conditions = list(self._conditions(shape))
        return {**schema, "allOf": conditions} if conditions else schema

    def _field(self, shape: Any, field: attrs.Attribute[Any]) -> Schema:
        column = records.column_of(shape, field.name)
        schema = self._value(field.type, self._words_of(shape, field.name, column))
        if field.default not in (attrs.NOTHING, None, ()):
            schema = {**schema, "default": field.default}
        return {"description": _description(shape, field, column), **schema}

    def _value(self, kind: Any, words: Schema | None = None) -> Schema:
        """The schema of a type.

        Args:
            kind: The type of a field, or within one.
            words: What takes the place of a text in it.
        """
        origin, inner = typing.get_origin(kind), typing.get_args(kind)
        if origin in (typing.Union, types.UnionType):
            # A key that is there must have a value.
            return self._value(next(arg for arg in inner if arg is not type(None)), words)
        if origin is dict:
            return {"type": "object", **self._free_keys(inner[1])}
        if origin is tuple:
            size = {} if inner[-1] is ... else {"minItems": len(inner), "maxItems": len(inner)}
            return {"type": "array", "items": self._value(inner[0], words), **size}
        return self._inner(kind) if attrs.has(kind) else dict(words or _SCALARS[kind])

    def _inner(self, kind: Any) -> Schema:
        """A record within another."""
        mapping = self._refer(kind.__name__.removesuffix("Record"), lambda: self.record(kind))
        if kind is not records.HolderRecord:
            return mapping
        # One that is a party is written as its id alone.
        holder = self._words_of(kind, "holder", records.column_of(kind, "holder"))
        return {"anyOf": [self._value(records.Identifier, holder), mapping]}

    def _refer(self, name: str, make: Callable[[], Schema]) -> Schema:
        if name not in self.definitions:
            self.definitions[name] = {}
            self.definitions[name] = make()
        return {"$ref": f"#/$defs/{name}"}

    def _free_keys(self, kind: Any) -> Schema:
        """Keys that no class has: fields of the vocabulary, which may be others, and tables."""
        value = self._value(kind)
        if kind is int:
            tables = [name for name, table in BY_NAME.items() if not table.derived]
            return {"properties": dict.fromkeys(tables, value), "additionalProperties": False}
        fields = {c.vocabulary for t in BY_NAME.values() for c in t.columns if c.vocabulary}
        return {"properties": dict.fromkeys(sorted(fields), value), "additionalProperties": value}

    def _words_of(self, shape: Any, name: str, column: Column | None) -> Schema | None:
        """The words that a field may have, or that are offered for it; None for any of its type."""
        if (shape, name) == (records.ChangeRecord, "reason"):
            return _words(REASONS)
        if (shape, name) == (records.SilenceRecord, "rule"):
            rules = {rule.name: rule.says for rule in [*all_rules(), *IN_PYTHON.values()]}
            return _offered(dict(sorted(rules.items())), _TEXT)
        if name == "dated_by":
            return self._ids("documents", {"published_on": "The document's day of publication."})
        return self._words_in(column) if column else None

    def _words_in(self, column: Column) -> Schema | None:
        """The words that a column may have by the codebook."""
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
        """The ids that exist, offered and not required: a new one may be on its way."""
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
        """What one field says of others: a scheme of its codes, an issue of levels and aspects."""
        if shape is records.CodeRecord:
            for scheme, found in scalars.CODES.items():
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
    """Other fields of a record in which a field has a word."""
    forms = list(dict.fromkeys((word, seen(word))))
    return {
        "if": {"properties": {field: {"enum": forms}}, "required": [field]},
        "then": {"properties": properties},
    }


def _description(shape: Any, field: attrs.Attribute[Any], column: Column | None) -> str:
    for cls in shape.__mro__:
        if (cls, field.name) in records.SAYS:
            return records.SAYS[cls, field.name]
    if column is not None:
        return column.description
    # A list of records is what its table is.
    return BY_NAME[records.TABLES[item_class(field.type)]].description
