"""Structure plain values into records with cattrs, strictly, and report every problem."""

from __future__ import annotations

import functools
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import attrs
from cattrs import (
    AttributeValidationNote,
    BaseValidationError,
    Converter,
    ForbiddenExtraKeysError,
    IterableValidationError,
    IterableValidationNote,
)

from stancedata.curation import records
from stancedata.curation.scalars import (
    CHECKS,
    SCALARS,
    FieldError,
    Hook,
    read_identifier,
    read_span,
    refuse_undecided,
)
from stancedata.curation.source import FieldPath, Source, Value, show
from stancedata.problems import Problem, did_you_mean, one_of

R = TypeVar("R")


def structure(
    source: Source, shape: type[R], path: FieldPath = (), value: Value = None
) -> tuple[R | None, list[Problem]]:
    """Structure a value of a source into a record.

    Args:
        source: The source of the value.
        shape: The class of the record.
        path: Path of the value in the source; by default the whole source.
        value: The value at that path; ignored without a path.

    Returns:
        The record, or None if there are problems; and the problems.
    """
    try:
        raw = source.value if not path else value
        return _converter().structure(raw, shape), []
    except FieldError as error:
        return None, [source.problem(path, str(error))]
    except BaseValidationError as group:
        return None, [source.problem(*found) for found in _flatten(group, path)]


def _flatten(group: BaseException, path: FieldPath) -> Iterable[tuple[FieldPath, str]]:
    """Yield the path and message of every leaf of a tree of validation errors."""
    for error in getattr(group, "exceptions", ()):
        here = (*path, *_step(error))
        if isinstance(error, BaseValidationError):
            yield from _flatten(error, here)
        elif isinstance(error, ForbiddenExtraKeysError):
            yield from _extra_keys(error, path)
        elif isinstance(error, KeyError):
            yield here, "is missing; add it"
        else:
            yield here, str(error)


def _step(error: BaseException) -> FieldPath:
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            return (note.name,)
        if isinstance(note, IterableValidationNote):
            return (note.index,)
    return ()


UNFILLED = ("words", "defaults")
"""Keys of files that wait for `stancedata code fill`."""
_CODED = (records.DocumentRecord, records.CodingRecord)


def _extra_keys(error: ForbiddenExtraKeysError, path: FieldPath) -> Iterable[tuple[FieldPath, str]]:
    known = [field.name for field in attrs.fields(error.cl)]
    for key in sorted(error.extra_fields):
        hint = did_you_mean(key, known) or f"use one of {', '.join(known)}"
        if key in UNFILLED:
            hint = "run stancedata code fill"
        elif error.cl in _CODED and key in attrs.fields_dict(records.StanceRecord):
            hint = f"write defaults: {{{key}: …}} and run stancedata code fill"
        name = records.NAMES[error.cl]
        article = "an" if name.startswith(tuple("aeiou")) else "a"
        yield (*path, key), f"is not a key of {article} {name}, got {key!r}; {hint}"


@functools.cache
def _converter() -> Converter:
    """Return a cattrs converter that coerces nothing."""
    converter = Converter(forbid_extra_keys=True, detailed_validation=True)
    for kind, hook in SCALARS.items():
        # cattrs dispatches on plain classes directly, but needs a predicate for a NewType.
        if isinstance(kind, type):
            converter.register_structure_hook(kind, hook)
        else:
            converter.register_structure_hook_func(functools.partial(_is, kind), hook)
    converter.register_structure_hook_factory(attrs.has, _record_hook(converter))
    converter.register_structure_hook_factory(_is_optional, _optional_hook(converter))
    converter.register_structure_hook_factory(_is_sequence, _sequence_hook(converter))
    converter.register_structure_hook_factory(_is_mapping, _mapping_hook(converter))
    converter.register_structure_hook_factory(lambda kind: kind in SHORT, _short_hook(converter))
    converter.register_structure_hook_func(
        functools.partial(_is, records.Identifiers), lambda value, _: _identifiers(converter, value)
    )
    converter.register_structure_hook_func(
        lambda kind: kind == tuple[int, int], lambda value, _: read_span(value)
    )
    return converter


def _is(kind: Any, other: Any) -> bool:
    return kind is other


def _is_optional(kind: Any) -> bool:
    return typing.get_origin(kind) in (typing.Union, types.UnionType)


def _is_sequence(kind: Any) -> bool:
    return typing.get_args(kind)[1:] == (...,)


def _is_mapping(kind: Any) -> bool:
    return typing.get_origin(kind) is dict


def _record_hook(converter: Converter) -> Callable[[Any], Hook]:
    def factory(kind: Any) -> Hook:
        # Annotations are strings; resolve them here, so that each NewType keeps its identity.
        attrs.resolve_types(kind)
        base = converter.gen_structure_attrs_fromdict(kind)
        check = CHECKS.get(kind, lambda made: made)

        def hook(value: Any, shape: Any) -> Any:
            refuse_undecided(value)
            if not isinstance(value, dict):
                keys = one_of([field.name for field in attrs.fields(kind)], 4)
                raise FieldError(f"must be a mapping, got {show(value)}; write keys such as {keys}")
            return check(base(value, shape))

        return hook

    return factory


def _optional_hook(converter: Converter) -> Callable[[Any], Hook]:
    def factory(kind: Any) -> Hook:
        # An absent key takes its default without calling a hook, so a present key must have a
        # value.
        inner = next(arg for arg in typing.get_args(kind) if arg is not type(None))
        return lambda value, _: converter.get_structure_hook(inner)(value, inner)

    return factory


def _sequence_hook(converter: Converter) -> Callable[[Any], Hook]:
    def factory(kind: Any) -> Hook:
        inner = typing.get_args(kind)[0]

        def hook(value: Any, _: Any) -> Any:
            refuse_undecided(value)
            if not isinstance(value, list):
                raise FieldError(
                    f"must be a list, got {show(value)}; write [ … ], or one item "
                    "per line after a hyphen"
                )
            return tuple(_each(converter, inner, enumerate(value), kind))

        return hook

    return factory


def _mapping_hook(converter: Converter) -> Callable[[Any], Hook]:
    """Return a hook factory for mappings with free keys and values of one type."""

    def factory(kind: Any) -> Hook:
        inner = typing.get_args(kind)[1]

        def hook(value: Any, _: Any) -> Any:
            if not isinstance(value, dict):
                raise FieldError(f"must be a mapping, got {show(value)}; write key: value")
            structured = _each(converter, inner, value.items(), kind)
            return dict(zip(value, structured, strict=True))

        return hook

    return factory


def _each(
    converter: Converter, inner: Any, items: Iterable[tuple[Any, Any]], kind: Any
) -> list[Any]:
    """Structure every item, and only then raise for those that failed."""
    made, errors = [], []
    for index, item in items:
        try:
            made.append(converter.get_structure_hook(inner)(item, inner))
        except (FieldError, BaseValidationError) as error:
            error.add_note(IterableValidationNote("", index, inner))
            errors.append(error)
    if errors:
        raise IterableValidationError("items", errors, kind)
    return made


SHORT: Mapping[Any, str] = {records.HolderRecord: "holder", records.SpeakerRecord: "actor"}
"""Records that may be written as one id alone, with the key of that id."""


def _short_hook(converter: Converter) -> Callable[[Any], Hook]:
    def factory(kind: Any) -> Hook:
        mapping = _record_hook(converter)(kind)

        def hook(value: Any, shape: Any) -> Any:
            if isinstance(value, dict):
                return mapping(value, shape)
            return kind(records.Identifier(read_identifier(value, None)))

        return hook

    return factory


def _identifiers(converter: Converter, value: Any) -> tuple[str, ...]:
    """Structure one id, or a list of at least one."""
    if not isinstance(value, list):
        return (read_identifier(value, None),)
    if not value:
        raise FieldError(f"is empty, got {show(value)}; name at least one, or leave the key out")
    kind = tuple[records.Identifier, ...]
    return tuple(_each(converter, records.Identifier, enumerate(value), kind))


@functools.cache
def shape_of(shape: Any) -> dict[str, tuple[Any, str]]:
    """Return the keys of a record in canonical order, each with its value's class and layout.

    The class is None for values that are not records; the key `*` stands for free keys.
    """
    if _is_mapping(shape):
        return {"*": (item_class(typing.get_args(shape)[1]), "flow_items")}
    if shape is None or not attrs.has(shape):
        return {}
    attrs.resolve_types(shape)
    return {
        field.name: (item_class(field.type), field.metadata.get("layout", "block"))
        for field in attrs.fields(shape)
    }


@functools.cache
def needed(shape: Any) -> frozenset[str]:
    """Return the keys of a record that are written even if they are an empty list."""
    if shape is None or not attrs.has(shape):
        return frozenset()
    fields = attrs.fields(shape)
    kept = (f.name for f in fields if f.default is attrs.NOTHING or f.metadata.get("kept"))
    return frozenset(kept)


def item_class(kind: Any) -> Any:
    """Return the record or mapping type in a field's type, also in a list or optional; or None."""
    if _is_mapping(kind):
        return kind
    for argument in typing.get_args(kind):
        if (found := item_class(argument)) is not None:
            return found
    return kind if attrs.has(kind) else None
