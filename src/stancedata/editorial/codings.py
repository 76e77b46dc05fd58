"""Read the blind codings of one document and its published stances, and match them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import attrs

from stancedata.coding.lookup import Lookup
from stancedata.coding.spans import file_of
from stancedata.curation import conversion, records
from stancedata.curation.source import read
from stancedata.curation.structure import structure
from stancedata.data_folder import CODINGS, listed
from stancedata.model import Codebook, Stance
from stancedata.problems import InvalidDataError, Problem, StancedataError, did_you_mean, one_of
from stancedata.reliability.pairs import Together, together

PUBLISHED = "published"
"""What stands for a coder where published stances are beside blind ones."""


@attrs.frozen
class Side:
    """One coding of a document, or its published stances.

    Attributes:
        coder: The coder, or `published`.
        top: The keys of the file, as plain values.
        stances: The stances, in the order of the file.
        values: Their keys as plain values, by id.
        parsed: Their records, by id.
    """

    coder: str
    file: Path
    top: dict[str, Any]
    stances: tuple[Stance, ...] = ()
    values: dict[str, dict[str, Any]] = attrs.Factory(dict)
    parsed: dict[str, records.StanceRecord] = attrs.Factory(dict)

    def value(self, stance: Stance) -> dict[str, Any]:
        """Return the keys of a stance as plain values."""
        return self.values[stance.stance_id]

    def record(self, stance: Stance) -> records.StanceRecord:
        """Return the record of a stance."""
        return self.parsed[stance.stance_id]


def read_sides(
    data: Path, document_id: str, coders: Collection[str] = ()
) -> tuple[list[Side], Side]:
    """Read the blind codings of a document, and what is published of it.

    Only the files of the document are read, and the codebook.

    Args:
        data: The data folder.
        document_id: ID of the document.
        coders: The coders to read; by default all.

    Raises:
        InvalidDataError: If a stance is invalid; the problems name all of them.
        StancedataError: If there is no such document, or a coder did not code it.
    """
    file = file_of(data, document_id)
    book = Lookup(data).codebook
    found = {f.parent.name: f for f in listed(data, CODINGS) if f.stem == document_id}
    for coder in coders:
        if coder not in found:
            hint = did_you_mean(coder, found) or (one_of(list(found)) or "nobody") + " did"
            raise StancedataError(f"{document_id}: was not coded by {coder!r}; {hint}")
    chosen = {coder: f for coder, f in found.items() if coder in coders or not coders}
    problems: list[Problem] = []
    sides = [_side(f, coder, document_id, book, problems) for coder, f in chosen.items()]
    published = _side(file, PUBLISHED, document_id, book, problems)
    if problems:
        raise InvalidDataError(problems)
    return sides, published


def _side(
    file: Path, coder: str, document_id: str, book: Codebook, problems: list[Problem]
) -> Side:
    source = read(file)
    problems += source.problems
    top = source.value if isinstance(source.value, dict) else {}
    items = top.get("stances") or []
    if not isinstance(items, list):
        problems.append(source.problem(("stances",), "must be a list; write one item per stance"))
        items = []
    shape = records.StanceRecord if coder == PUBLISHED else records.BlindStanceRecord
    side = Side(coder, file, top)
    stances: list[Stance] = []
    for number, item in enumerate(items):
        record, faults = structure(source, shape, ("stances", number), item)
        problems += faults
        if record is not None and isinstance(item, dict):
            stance, wrong = conversion.to_stance(record, document_id, None, book, coder)
            problems += [source.problem(("stances", number, *path), text) for path, text in wrong]
            stances.append(stance)
            side.values[stance.stance_id] = item
            side.parsed[stance.stance_id] = record
    return attrs.evolve(side, stances=tuple(stances))


def matched(sides: Sequence[Side], published: Side) -> list[Together]:
    """Match the stances of the codings as reliability does, and add the published ones.

    A published stance joins those that name it in `published`. One that none names joins the
    nearest group of the same issue and holders.

    Returns:
        Groups of matched stances by coder, `published` among them, in the order of the text.
    """
    groups = together(stance for side in sides for stance in side.stances)
    rest: list[Stance] = []
    for stance in published.stances:
        named = [g for g in groups if any(s.published_id == stance.stance_id for s in g.values())]
        if named:
            _join(groups, named, stance)
        else:
            rest.append(stance)
    groups += _nearest(groups, rest)
    return sorted(groups, key=_place)


def _join(groups: list[Together], named: list[Together], stance: Stance) -> None:
    """Add a published stance to the first group that names it, and others with other coders."""
    first, *others = named
    first[PUBLISHED] = stance
    for other in others:
        if first.keys().isdisjoint(other):
            first.update(other)
            groups.remove(other)
        else:  # a coder has two stances where one is published
            other[PUBLISHED] = stance


def _nearest(groups: list[Together], rest: Sequence[Stance]) -> list[Together]:
    """Add published stances that no coder names to their nearest groups; return those left."""
    free = {id(g): g for g in groups if PUBLISHED not in g}
    # As one coder, the groups are matched with the published stances one to one.
    first = {id(g): next(iter(g.values())) for g in free.values()}
    by_key = {(s.coder, s.stance_id): free[key] for key, s in first.items()}
    stand_ins = [
        attrs.evolve(s, coder="", stance_id=f"{s.stance_id}/{s.coder}") for s in first.values()
    ]
    left: list[Together] = []
    for pair in together([*stand_ins, *rest]):
        if PUBLISHED in pair and "" in pair:
            stance_id, _, coder = pair[""].stance_id.rpartition("/")
            by_key[coder, stance_id][PUBLISHED] = pair[PUBLISHED]
        elif PUBLISHED in pair:
            left.append(pair)
    return left


def _place(group: Together) -> tuple[int, str]:
    starts = [start for stance in group.values() for start in _starts(stance)]
    return min(starts, default=0), min(stance.stance_id for stance in group.values())


def _starts(stance: Stance) -> Iterator[int]:
    yield from (e.span_start for e in stance.evidence if e.span_start is not None)
