"""Measure intercoder agreement: figures with intervals from a bootstrap of documents."""

from __future__ import annotations

import functools
import random
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from stancedata.model import Stance
from stancedata.problems import (
    StancedataError,
    UnknownIdError,
    did_you_mean,
    one_of,
    shown,
    there_are,
)
from stancedata.reliability.alpha import Alpha, Distance, Unit, masi, need
from stancedata.reliability.disagreements import disagreements
from stancedata.reliability.figures import DISAGREEMENTS, Figure, Reliability
from stancedata.reliability.pairs import Coded, Units, together

if TYPE_CHECKING:
    import pyarrow as pa

Draws = Mapping[tuple[str, ...], int]
"""Bootstrap samples of documents, with their counts: with few documents, samples repeat."""

LEAST_DRAWS = 40
"""The fewest samples for a 95 % interval, which cuts off one fortieth on each side."""


def measure(
    stances: Iterable[Stance],
    issues: Sequence[str],
    coders: Sequence[str] | None = None,
    issue: str | None = None,
    draws: int = 1000,
    seed: int = 0,
    codings: Iterable[tuple[str, str]] = (),
) -> Reliability:
    """Measure intercoder agreement; see `Dataset.reliability`.

    Args:
        stances: The stances of the blind codings, each with its coder.
        issues: Ids of every issue of the codebook.
        coders: The coders to compare; by default all.
        issue: The id of the only issue to compare; by default all.
        draws: Number of bootstrap samples of documents.
        seed: Seed of the random samples.
        codings: Coder and document of every blind coding. A coder that found nothing in a document
            has coded it; without its coding, which schema 1 did not keep, it has not.

    Raises:
        UnknownIdError: If a coder does not exist; the message suggests the nearest name.
        StancedataError: If no two coders have a document in common, `draws` is negative, or the
            package that computes alpha is not installed.
    """
    need()
    everything = list(stances)
    coded_by = {*codings, *((s.coder, s.document_id) for s in everything if s.coder)}
    chosen = _chosen(coders, sorted({coder for coder, _ in coded_by}))
    if draws < 0:
        raise StancedataError(f"draws: must not be negative, got {draws}; use 0 for no interval")
    of_document: defaultdict[str, set[str]] = defaultdict(set)
    for coder, document_id in coded_by:
        if coder in chosen:
            of_document[document_id].add(coder)
    shared = {d: sorted(who) for d, who in sorted(of_document.items()) if len(who) > 1}
    if not shared:
        raise StancedataError(
            f"coders: have no document in common, got {', '.join(chosen) or 'none'}; "
            "alpha needs a document that two of them coded"
        )
    kept = [s for s in everything if s.coder in chosen and s.document_id in shared]
    groups = together(kept)
    coded = Coded(shared, groups, tuple(issues))
    figures = tuple(_figures(coded, chosen, issue, _draws(list(shared), draws, seed)))
    rows = [r for r in disagreements(groups, shared) if issue is None or issue in r["issues"]]
    left_out = tuple(sorted(of_document.keys() - shared.keys()))
    return Reliability(chosen, tuple(shared), left_out, figures, _table(rows), draws, seed)


def _chosen(coders: Sequence[str] | None, known: list[str]) -> tuple[str, ...]:
    listed = isinstance(coders, Iterable) and not isinstance(coders, str)
    given: list[Any] = known if coders is None else [*coders] if listed else [coders]
    if not all(isinstance(coder, str) for coder in given):
        raise StancedataError(
            f"coders: must be ids of coders, got {shown(coders)}; write them as a list"
        )
    for name in given:
        if name not in known:
            hint = did_you_mean(name, known) or there_are(len(known), one_of(known))
            raise UnknownIdError(f"no coder is called {shown(name)}; {hint}")
    if len(set(given)) < 2:
        raise StancedataError(
            f"coders: must be at least two, got {', '.join(given) or 'none'}; "
            f"{there_are(len(known), one_of(known))}"
        )
    return tuple(sorted(set(given)))


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    import pyarrow as pa

    return pa.Table.from_pylist(rows, schema=DISAGREEMENTS.schema)


def _figures(
    coded: Coded, coders: tuple[str, ...], issue: str | None, draws: Draws
) -> Iterator[Figure]:
    figure = functools.partial(_figure, coders, draws)
    scope = coded.issues if issue is None else (issue,)
    yield figure("presence", issue, coded.presence(scope), "nominal")
    if issue is None:
        for one in scope:
            yield figure("presence", one, coded.presence([one]), "nominal")
    yield figure("stances", issue, coded.stances(scope), None)
    yield figure("holders", issue, coded.holders(scope), masi)
    for one in scope:
        yield figure("level", one, coded.levels([one]), "ordinal")
    yield figure("ambiguous", issue, coded.ambiguous(scope), "nominal")
    yield figure("dates", issue, coded.dates(scope), None)


def _figure(
    coders: tuple[str, ...],
    draws: Draws,
    field: str,
    issue: str | None,
    by_document: Units,
    distance: Distance | None,
) -> Figure:
    """Compute one figure: an alpha, or a share if there is no distance."""
    least = 1 if distance is None else 2
    units = {d: [u for u in found if len(u) >= least] for d, found in by_document.items()}
    pooled = [unit for found in units.values() for unit in found]
    if distance is None:
        statistic: Callable[[Iterable[str]], float | None] = functools.partial(_share, units)
        measure = "share"
        equal = sum(unit[0] for unit in pooled)
    else:
        measure = f"alpha, {distance if isinstance(distance, str) else 'MASI'}"
        statistic = Alpha(units, distance).of
        equal = sum(all(value == unit[0] for value in unit) for unit in pooled)
    made = Figure(
        field,
        issue,
        measure,
        coders,
        len(pooled),
        sum(map(bool, units.values())),
        equal,
        statistic(units),
    )
    if made.value is None:
        return attrs.evolve(made, note=_why_none(pooled))
    drawn: list[float] = []
    for draw, times in draws.items():
        value = statistic(draw)
        drawn += [] if value is None else [value] * times
    return _with_interval(made, drawn, sum(draws.values()))


def _with_interval(figure: Figure, drawn: list[float], draws: int) -> Figure:
    """Add the interval from the bootstrap to a figure, or a note why there is none."""
    figure = attrs.evolve(figure, draws=len(drawn))
    lost = f"{draws - len(drawn)} of {draws} draws have no variance"
    if figure.documents < 2:
        return attrs.evolve(figure, note="no interval: one document")
    if len(drawn) < max(LEAST_DRAWS, draws / 2):
        return attrs.evolve(
            figure, note=f"no interval: {lost}" if draws else "no interval requested"
        )
    ends = statistics.quantiles(drawn, n=LEAST_DRAWS, method="inclusive")
    if min(drawn) == max(drawn):
        return attrs.evolve(figure, note="no interval: all draws alike")
    note = f"{lost}, and are left out" if len(drawn) < draws else None
    return attrs.evolve(figure, low=ends[0], high=ends[-1], note=note)


def _share(units: Units, documents: Iterable[str]) -> float | None:
    """Compute the share of true units in some documents; None if there are no units."""
    found = [unit[0] for document in documents for unit in units[document]]
    return sum(found) / len(found) if found else None


def _why_none(units: Sequence[Unit[Any]]) -> str:
    if not units:
        return "no units: no two coders coded the same thing"
    value = units[0][0]
    text = {True: "yes", False: "no"}[value] if isinstance(value, bool) else _text(value)
    return f"no variance: {text} everywhere"


def _text(value: Any) -> str:
    if isinstance(value, frozenset):
        return ", ".join(sorted(holder.actor_id for holder in value))
    return f"{value:+d}" if value else "0"


def _draws(documents: list[str], count: int, seed: int) -> Draws:
    """Draw bootstrap samples of the documents, with replacement and of the same size.

    Python's own generator gives the same samples on every machine.
    """
    generator, size = random.Random(seed), len(documents)
    return Counter(tuple(sorted(generator.choices(documents, k=size))) for _ in range(count))
