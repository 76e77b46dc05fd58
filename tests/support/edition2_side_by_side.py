"""Ask the oracle of edition 2 and a dataset the same questions, and show where they differ.

`for name in ASKED: assert not differences(name, data, dataset)`, where `dataset` is
`edition2_model.dataset_of(data)` or has the same tables on another engine.
"""

from __future__ import annotations

import datetime
import operator
from collections import Counter
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from tests.support import edition2_answers as answers
from tests.support import edition2_comparisons as comparisons
from tests.support import edition2_silences as silences
from tests.support.edition2_records import Records, Row

if TYPE_CHECKING:
    import pyarrow as pa

_D = datetime.date
# Before all, between and on the days on which generated datasets change, and after all.
DAYS = [
    _D(2021, 8, 14),
    _D(2021, 8, 15),
    _D(2021, 10, 1),
    _D(2021, 10, 19),
    _D(2021, 10, 20),
    _D(2021, 10, 21),
    _D(2021, 10, 22),
    _D(2021, 10, 31),
    _D(2021, 11, 2),
    _D(2021, 12, 1),
    _D(2021, 12, 2),
    _D(2022, 1, 5),
    _D(2022, 6, 30),
]
FIRST, LAST, DAY = _D(2021, 8, 1), _D(2022, 2, 28), _D(2021, 10, 31)
SINCE = _D(2021, 10, 20)


def _each(ask: Callable[[str], Any], data: Records) -> list[Row]:
    return [row for issue in data.issues for row in rows_of(ask(issue.issue_id))]


def _frequent(reasons: list[Row]) -> list[Row]:
    return sorted(reasons, key=lambda row: (-row["stances"], row["reason"]))


def _listed(ask: Callable[..., Any], data: Records) -> list[Row]:
    """Ask for several holders, on all issues and on one, and number the rows, so that their order counts."""
    asked = [(a.actor_id, issue) for a in data.actors[::33] for issue in (None, "aid")]
    return [
        {"holder": pair[0], "on": pair[1], "place": place, **row}
        for pair in asked
        for place, row in enumerate(rows_of(ask(*pair)))
    ]


def _corpus(data: Records) -> str | None:
    """Return a corpus between others, so that those before and after it are left out."""
    ids = sorted(corpus.coverage_id for corpus in data.coverage)
    return ids[len(ids) // 2] if ids else None


def _one(data: Records) -> str:
    """Choose a holder in the middle: of the first, "up to it" would be the same as "it"."""
    return data.actors[len(data.actors) // 8 * 4].actor_id


# A question's name; what the oracle answers; what a dataset answers, records being at hand.
ASKED: dict[str, tuple[Callable[[Records], list[Row]], Callable[[Any, Records], Any]]] = {
    "positions": (answers.positions, lambda ds, _: ds.positions()),
    "positions on": (
        lambda data: answers.positions(data, on=DAY),
        lambda ds, _: ds.positions(on=DAY),
    ),
    "positions by": (
        lambda data: answers.positions(data, by=DAY),
        lambda ds, _: ds.positions(by=DAY),
    ),
    "matrix": (
        lambda data: answers.matrix(data, DAYS),
        lambda ds, _: ds.matrix(on=DAYS),
    ),
    "matrix max_age": (
        lambda data: answers.matrix(data, DAYS, max_age=10),
        lambda ds, _: ds.matrix(on=DAYS, max_age=10),
    ),
    "matrix since": (
        lambda data: answers.matrix(data, DAYS, since=SINCE),
        lambda ds, _: ds.matrix(on=DAYS, since=SINCE),
    ),
    "matrix silent since": (
        lambda data: answers.matrix(data, DAYS, max_age=60, silent=True, since=SINCE),
        lambda ds, _: ds.matrix(on=DAYS, max_age=60, silent=True, since="2021-10-20"),
    ),
    "matrix silent": (
        lambda data: answers.matrix(data, DAYS, silent=True),
        lambda ds, _: ds.matrix(on=DAYS, silent=True),
    ),
    "panel": (
        lambda data: answers.panel(data, "month", FIRST, LAST),
        lambda ds, _: ds.panel("month", start=FIRST, end=LAST),
    ),
    "panel of years": (
        lambda data: answers.panel(data, "year", FIRST, LAST, max_age=60),
        lambda ds, _: ds.panel("year", start=FIRST, end=LAST, max_age=60),
    ),
    "panel since": (
        lambda data: answers.panel(data, "month", FIRST, LAST, balanced=True, since=SINCE),
        lambda ds, _: ds.panel("month", start=FIRST, end=LAST, balanced=True, since=SINCE),
    ),
    "panel balanced": (
        lambda data: answers.panel(data, "month", FIRST, LAST, max_age=30, balanced=True),
        lambda ds, _: ds.panel("month", start=FIRST, end=LAST, max_age=30, balanced=True),
    ),
    "shifts": (comparisons.shifts, lambda ds, _: ds.shifts()),
    "shifts on": (
        lambda data: comparisons.shifts(data, on=DAY),
        lambda ds, _: ds.shifts(on=DAY),
    ),
    "shifts across": (
        lambda data: comparisons.shifts(data, across=True),
        lambda ds, _: ds.shifts(across=True),
    ),
    "shifts low": (
        lambda data: comparisons.shifts(data, low=True),
        lambda ds, _: ds.shifts(low=True),
    ),
    "contradictions": (comparisons.contradictions, lambda ds, _: ds.contradictions()),
    "contradictions on": (
        lambda data: comparisons.contradictions(data, on=_D(2021, 10, 20)),
        lambda ds, _: ds.contradictions(on=_D(2021, 10, 20)),
    ),
    "agreement": (
        lambda data: comparisons.agreement(data, DAY),
        lambda ds, _: ds.agreement(on=DAY),
    ),
    "agreement joint": (
        lambda data: comparisons.agreement(data, DAY, joint=True, all_issues=True),
        lambda ds, _: ds.agreement(on=DAY, joint=True, all_issues=True),
    ),
    "silence": (
        lambda data: _each(lambda issue: silences.silence(data, issue), data),
        lambda ds, data: _each(lambda issue: ds.silence(issue=issue), data),
    ),
    "silence of a holder": (
        lambda data: silences.silence(data, "recognition", _one(data), None, DAY),
        lambda ds, data: ds.silence(_one(data), "recognition", start=DAY),
    ),
    "silence by a day": (
        lambda data: silences.silence(data, "recognition", start=SINCE, end=DAY),
        lambda ds, _: ds.silence(issue="recognition", start=SINCE, end=DAY),
    ),
    "silence in a corpus": (
        lambda data: silences.silence(data, "recognition", coverage=_corpus(data)),
        lambda ds, data: ds.silence(issue="recognition", coverage=_corpus(data)),
    ),
    "panel balanced, narrowed": (
        lambda data: answers.panel(data, "month", FIRST, LAST, "relations", balanced=True),
        lambda ds, _: ds.panel("month", issue="relations", start=FIRST, end=LAST, balanced=True),
    ),
    "matrix silent, narrowed": (
        lambda data: answers.matrix(data, DAYS, "recognition", 10, _one(data), True),
        lambda ds, data: ds.matrix(_one(data), "recognition", DAYS, 10, silent=True),
    ),
    "shifts of a holder": (
        lambda data: comparisons.shifts(data, _one(data), low=True),
        lambda ds, data: ds.shifts(_one(data), low=True),
    ),
    "not_counted": (
        lambda data: _listed(lambda *asked: _frequent(answers.not_counted(data, *asked)), data),
        lambda ds, data: _listed(ds.not_counted, data),
    ),
    "document_silences": (
        silences.document_silences,
        lambda ds, _: ds.tables["document_silences"],
    ),
}


def rows_of(answer: pa.Table | list[Row]) -> list[Row]:
    """Return the rows of a table, or rows as they are."""
    rows: list[Row] = answer if isinstance(answer, list) else answer.to_pylist()
    return rows


def differences(name: str, data: Records, dataset: Any) -> str:
    """Ask one question and return the rows that only one has, empty if there are none.

    Columns of the dataset that the oracle does not know are passed over; columns that the dataset
    lacks are told.
    """
    expect, ask = ASKED[name]
    expected, found = expect(data), ask(dataset, data)
    # A list without rows does not show its columns.
    lacking = (
        {c for row in expected for c in row} - columns_of(found) if columns_of(found) else set()
    )
    if lacking:
        return f"{name}: the dataset lacks {', '.join(sorted(lacking))}"
    known = list(expected[0]) if expected else sorted(columns_of(found))
    rows = rows_of(found)
    if known:
        cells = operator.itemgetter(*known)
        if Counter(map(cells, expected)) == Counter(map(cells, rows)):
            return ""  # far cheaper than to sort them
    only = _sorted(expected, known), _sorted(rows, known)
    if only[0] == only[1]:
        return ""
    return "\n".join([f"{name}: only one has", *_shown(known, *only)])


def columns_of(answer: pa.Table | list[Row]) -> set[str]:
    """Return the columns of a table, or of rows."""
    if isinstance(answer, list):
        return {column for row in answer for column in row}
    return set(answer.schema.names)


def _sorted(rows: Iterable[Row], columns: list[str]) -> list[tuple[Any, ...]]:
    # Similarities are sums of fractions, which engines add in another order.
    plain = (
        tuple(round(v, 9) if isinstance(v, float) else v for v in (row[c] for c in columns))
        for row in rows
    )
    return sorted(plain, key=repr)


def _shown(
    columns: list[str], expected: list[tuple[Any, ...]], found: list[tuple[Any, ...]]
) -> list[str]:
    lines = []
    for who, some, others in (("oracle", expected, found), ("dataset", found, expected)):
        rest = list(others)
        for row in some:
            if row in rest:
                rest.remove(row)
            else:
                named = {c: str(v) for c, v in zip(columns, row, strict=True) if v is not None}
                lines.append(f"{who}: {named}")
    return lines
