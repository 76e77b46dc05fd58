"""A stance and its children as pydantic models."""

from __future__ import annotations

import datetime

from pydantic import BaseModel


class Date(BaseModel, frozen=True):
    """A stated date."""

    text: str
    kind: str
    earliest: datetime.date
    latest: datetime.date


class Holder(BaseModel, frozen=True):
    """A holder."""

    actor_id: str
    role: str


class Condition(BaseModel, frozen=True):
    """A condition."""

    condition: str
    issue_id: str | None
    status: str | None
    status_on: Date | None
    status_document_id: str | None


class Evidence(BaseModel, frozen=True):
    """A piece of evidence."""

    document_id: str
    span_start: int | None
    span_end: int | None
    sha256: str | None
    locator: str | None


class Stance(BaseModel, frozen=True):
    """A stance with its children."""

    stance_id: str
    document_id: str
    issue_id: str
    level_name: str
    level: int | None
    act: str
    attribution: str
    stated_on: Date
    confidence: str
    summary: str
    holders: tuple[Holder, ...]
    evidence: tuple[Evidence, ...]
    speaker_id: str | None
    attributed_by_id: str | None
    target_id: str | None
    quantifier: str | None
    dated_by: str | None
    event_id: str | None
    note: str | None
    aspects: tuple[str, ...]
    conditions: tuple[Condition, ...]
