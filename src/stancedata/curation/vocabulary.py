"""Check the words of the codebook in coded stances: issues, levels, aspects and vocabularies."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from stancedata.curation import conversion, records
from stancedata.curation.descriptions import text_fields
from stancedata.curation.source import Source
from stancedata.curation.structure import structure
from stancedata.model import Codebook, Issue
from stancedata.problems import Problem, did_you_mean, one_of


def stance_problems(source: Source, shape: Any, codebook: Codebook) -> Iterator[Problem]:
    """Find the values in the stances of a file that its codebook does not have.

    Args:
        source: A valid document or blind coding.
        shape: Class of its record.
        codebook: The codebook.
    """
    is_document = shape is records.DocumentRecord
    inner = records.StanceRecord if is_document else records.BlindStanceRecord
    issues = {issue.issue_id: issue for issue in codebook.issues}
    terms = _terms(codebook)
    listed = source.value.get("stances") if isinstance(source.value, dict) else None
    seen: dict[str, int] = {}
    for number, value in enumerate(listed if isinstance(listed, list) else []):
        path = ("stances", number)
        record, _ = structure(source, inner, path, value)
        assert record is not None
        _, faults = conversion.to_stance(record, "document", None, codebook)
        for field, message in faults:
            yield source.problem((*path, *field), message)
        for name, message in _values(record, issues.get(record.issue), terms):
            yield source.problem((*path, name), message)
        if record.id in seen:
            first = source.place(("stances", seen[record.id], "id")).line
            message = f"is the id of two stances, got {record.id!r} again after line {first}"
            yield source.problem((*path, "id"), f"{message}; leave it out for the next free one")
        seen[record.id] = number


def document_problems(source: Source, shape: Any, codebook: Codebook) -> Iterator[Problem]:
    """Find the values of a file's own keys that its codebook does not have; as `stance_problems`."""
    value = source.value if isinstance(source.value, dict) else {}
    for name, message in _outside(value, shape, _terms(codebook)):
        yield source.problem((name,), message)


def _terms(codebook: Codebook) -> dict[str, list[str]]:
    terms: dict[str, list[str]] = {}
    for term in codebook.vocabulary:
        terms.setdefault(term.field, []).append(term.value)
    return terms


def _outside(
    values: Mapping[str, Any], shape: Any, terms: Mapping[str, list[str]]
) -> Iterator[tuple[str, str]]:
    for name, field in _controlled(shape).items():
        value, known = values.get(name), terms.get(field, [])
        if value is not None and known and value not in known:
            yield name, f"is not in the codebook's {field}, got {value!r}; {_hint(value, known)}"


def _values(
    record: records.StanceRecord, issue: Issue | None, terms: Mapping[str, list[str]]
) -> Iterator[tuple[str, str]]:
    yield from _outside(attrs.asdict(record, recurse=False), records.StanceRecord, terms)
    known = [aspect.aspect for aspect in issue.aspects] if issue else []
    for aspect in record.aspects if issue else ():
        if aspect not in known:
            hint = _hint(aspect, known) if known else "leave it out"
            yield "aspects", f"is not an aspect of {record.issue}, got {aspect!r}; {hint}"


def _hint(value: str, known: list[str]) -> str:
    return did_you_mean(value, known) or f"use one of {one_of(known)}"


@functools.cache
def _controlled(shape: Any) -> dict[str, str]:
    """Return the fields of a record with a vocabulary, and its name."""
    found = text_fields(shape)
    return {name: column.vocabulary for name, column in found.items() if column.vocabulary}
