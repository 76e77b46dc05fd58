"""Shifts, contradictions, agreement and silence equal the oracle of edition 2."""

from __future__ import annotations

import pyarrow as pa
import pytest

from tests.support.edition2_datasets import seeded, together
from tests.support.edition2_model import dataset_of
from tests.support.edition2_side_by_side import ASKED, differences
from tests.support.effort import TIMES

SUBJECTS = ("shifts", "contradictions", "agreement", "silence", "silent", "document_silences")
QUESTIONS = [name for name in ASKED if any(subject in name for subject in SUBJECTS)]


def check(first: int, count: int, group: int = 40) -> None:
    """Compare every question on datasets, many of them together."""
    for start in range(first, first + count, group):
        data = together(map(seeded, range(start, min(start + group, first + count))))
        dataset = dataset_of(data)
        for name in QUESTIONS:
            assert not differences(name, data, dataset), (name, start)


def test_answers_equal_the_oracle() -> None:
    """The same rows on eighty datasets, ten times as many at length."""
    check(0, 80 * TIMES)


def test_one_dataset_alone() -> None:
    """And where nothing else is beside it."""
    check(1000, 4, 1)


def test_answers_are_in_order() -> None:
    """Rows come by holder and issue: own before joint, and then by day."""
    dataset = dataset_of(together(map(seeded, range(60))))
    orders: dict[str, tuple[pa.Table, tuple[str, ...]]] = {
        "shifts": (dataset.shifts(), ("joint", "shifted_on")),
        "contradictions": (
            dataset.contradictions(),
            ("stated_earliest", "stated_latest", "date_kind", "document_id", "stance_id"),
        ),
        "silence": (dataset.silence(), ("earliest", "latest", "occasion")),
        "conditions": (
            dataset.conditions(on="2030-12-31"),
            ("stated_earliest", "stated_latest", "stance_id", "number"),
        ),
        "matrix": (dataset.matrix(on="2021-12-01", silent=True), ()),
    }
    for name, (found, then) in orders.items():
        rows = [
            {
                **row,
                "joint": not row.get("own"),
                "occasion": row.get("event_id") or row.get("document_id"),
            }
            for row in found.to_pylist()
        ]
        order = ("actor_id", "issue_id", *then)
        assert rows == sorted(rows, key=lambda row: [row[n] for n in order]), name
        assert len(rows) > 10


@pytest.mark.long
def test_answers_at_length() -> None:
    """The same on ten thousand."""
    check(20_000, 10_000)
