"""Start the published stances of a document from its blind codings, for an editor to decide."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs

from stancedata.atomic import staged, write_text
from stancedata.coding.defaults import NONE, OPTIONAL, defaults_of, inherited, number_of
from stancedata.coding.fill import QUOTED
from stancedata.coding.lookup import Lookup
from stancedata.curation import records
from stancedata.curation.format import formatted, layout
from stancedata.curation.scalars import UNDECIDED
from stancedata.curation.source import read_text
from stancedata.curation.tree import Node, Tree, from_plain, parse, plain
from stancedata.editorial.codings import PUBLISHED, Side, matched, read_sides
from stancedata.model import Stance
from stancedata.problems import StancedataError, counted
from stancedata.releases.log import read_history
from stancedata.reliability.pairs import Together, characters_apart, parties
from stancedata.text import level

_PROSE = ("summary", "note")
_OF_THE_CODING = ("id", "published", "adjudication")
_ALIKE: dict[str, Callable[[Any], Any]] = {
    "holders": frozenset,
    "attributed_by": frozenset,
    "aspects": frozenset,
    # As in reliability: the prose of conditions always differs.
    "conditions": lambda found: sorted(c.issue or "" for c in found),
}
"""When values are alike although they are not equal."""


@attrs.frozen
class Adjudication:
    """A published file that was started from blind codings.

    Attributes:
        file: The file of the document.
        coders: The coders whose codings it is made from.
        decided: Number of stances in which nothing is to be decided.
        undecided: What is to be decided in the others: a line in words for each.
    """

    file: Path
    coders: tuple[str, ...]
    decided: int
    undecided: tuple[str, ...]

    def __str__(self) -> str:
        total = self.decided + len(self.undecided)
        by = ", ".join(self.coders)
        lines = [f"{self.file}: started from {by}: {counted(total, 'stance')}"]
        lines += [f"  {line}" for line in self.undecided]
        todo = f"replace each {UNDECIDED} in the file, then " if self.undecided else ""
        return "\n".join([*lines, f"Next: {todo}stancedata code fill {self.file}"])


def adjudicate(
    data: Path, document_id: str, coders: Collection[str] = (), replace: bool = False
) -> Adjudication:
    """Write the stances of a document from its blind codings.

    What all coders have alike is written as it is. Where they differ, the value is `DECIDE`, which
    `check` and `fill` refuse, and comments show each coder's; so is the id of a stance that some
    coders do not have. Prose is that of the first coder, with the others' in comments.

    Args:
        data: The data folder.
        document_id: ID of the document, whose file exists.
        coders: The coders; by default all who coded it.
        replace: Whether to replace stances that are published; their ids are not used again.

    Raises:
        InvalidDataError: If a stance is invalid.
        StancedataError: If nobody coded the document, or it has stances and `replace` is False.
    """
    sides, published = read_sides(data, document_id, coders)
    if not sides:
        raise StancedataError(
            f"{document_id}: has no blind coding; put one in codings/CODER/{document_id}.yaml"
        )
    if published.stances and not replace:
        raise StancedataError(
            f"{published.file}: has {counted(len(published.stances), 'stance')}, which would be "
            "lost; compare with stancedata code compare, or give --replace"
        )
    tree = parse(read_text(published.file, str(published.file)), str(published.file))
    top = tree.top.value
    assert isinstance(top, dict)  # it has been read
    draft = _Draft(sides, document_id, _last_number(data, published))
    top.pop("defaults", None)
    _read(top, sides)
    nodes = [draft.stance(group) for group in matched(sides, attrs.evolve(published, stances=()))]
    _keep_out(nodes, defaults_of({k: plain(v) for k, v in top.items()}, Lookup(data)), data)
    top["stances"] = Node([*nodes])
    write_text(published.file, _written(tree, records.DocumentRecord, published.file))
    names = tuple(side.coder for side in sides)
    return Adjudication(
        published.file, names, len(nodes) - len(draft.undecided), tuple(draft.undecided)
    )


def link(data: Path, document_id: str) -> dict[Path, int]:
    """Name in the blind codings of a document the published stances that they match.

    Returns:
        The files that changed, each with the number of stances that got `published`.

    Raises:
        InvalidDataError: If a stance is invalid, or not decided yet.
        StancedataError: If there is no such document.
    """
    sides, published = read_sides(data, document_id)
    groups = matched(sides, published)
    changed: dict[Path, int] = {}
    with staged(data) as new:
        for side in sides:
            both = [g for g in groups if {side.coder, PUBLISHED} <= g.keys()]
            count, text = _linked(side, {_local(g[side.coder]): _local(g[PUBLISHED]) for g in both})
            if count:
                place = new / side.file.relative_to(data)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(text, encoding="utf-8", newline="\n")
                changed[side.file] = count
    return changed


def _linked(side: Side, published: Mapping[str, str]) -> tuple[int, str]:
    """Return the number of stances that get another link, and the text of the file."""
    tree = parse(read_text(side.file, str(side.file)), str(side.file))
    count = 0
    for node in _items(tree):
        found = published.get(str(plain(node["id"])))
        old = node.get("published")
        if found is not None and (old is None or old.value not in published.values()):
            node["published"] = Node(found)
            count += 1
    return count, _written(tree, records.CodingRecord, side.file) if count else ""


def _local(stance: Stance) -> str:
    return stance.stance_id.rpartition("#")[2]


def _items(tree: Tree) -> Iterator[dict[str, Node]]:
    top = tree.top.value
    listed = top["stances"].value if isinstance(top, dict) and "stances" in top else []
    for node in listed if isinstance(listed, list) else []:
        if isinstance(node.value, dict):
            yield node.value


def _written(tree: Tree, shape: type, file: Path) -> str:
    return formatted(layout(tree, shape), shape, str(file))


def _last_number(data: Path, published: Side) -> int:
    """Return the highest number that a stance of the document has, or had in a release."""
    ids = [{"id": _local(s)} for s in published.stances]
    prefix = f"{published.file.stem}#"
    for kind, record_id in read_history(data).history.standing():
        if kind == "stance" and record_id.startswith(prefix):
            ids.append({"id": record_id.removeprefix(prefix)})
    return max(map(number_of, ids), default=0)


def _read(top: dict[str, Node], sides: Sequence[Side]) -> None:
    """Say how much was read, if the document does not."""
    read = {side.coder: side.top.get("read") for side in sides}
    if "read" not in top and any(read.values()):
        values = {str(value) for value in read.values()}
        comments = [] if len(values) == 1 else _comments(read)
        top["read"] = Node(UNDECIDED if comments else values.pop(), comments)


def _keep_out(nodes: Iterable[Node], defaults: Mapping[str, Any], data: Path) -> None:
    """Say `none` where no coder has what filling in would add from the document."""
    lookup = Lookup(data)
    for node in nodes:
        assert isinstance(node.value, dict)
        stance = {key: plain(value) for key, value in node.value.items()}
        for key in inherited(stance, defaults, lookup):
            if key in OPTIONAL:
                node.value[key] = Node(NONE)


class _Draft:
    """Makes published stances of matched blind ones."""

    def __init__(self, sides: Sequence[Side], document_id: str, number: int) -> None:
        self._sides = {side.coder: side for side in sides}
        self._document_id = document_id
        self._number = number
        self.undecided: list[str] = []

    def stance(self, group: Together) -> Node:
        """Return the published stance of a group, and note what is to be decided in it."""
        open_fields: list[str] = []
        missing = [coder for coder in self._sides if coder not in group]
        if missing:
            made = {"id": Node(UNDECIDED, self._who(group, missing))}
            open_fields.append(f"whether to keep it, as {', '.join(missing)} did not code it")
        else:
            self._number += 1
            made = {"id": Node(f"s{self._number:02}")}
        values = {coder: self._sides[coder].value(s) for coder, s in group.items()}
        for field in attrs.fields(records.StanceRecord):
            given = {coder: value.get(field.name) for coder, value in values.items()}
            if field.name not in _OF_THE_CODING and any(v is not None for v in given.values()):
                made[field.name] = self._field(field.name, group, given)
                if _is_open(made[field.name]):
                    open_fields.append(field.name)
        if open_fields:
            one = next(iter(group.values()))
            who = ", ".join(map(str, sorted(parties(one), key=str)))
            self.undecided.append(f"{one.issue_id}, {who}: decide {', '.join(open_fields)}")
        return Node(made)

    def _field(self, name: str, group: Together, given: Mapping[str, Any]) -> Node:
        """Return the value that all have, or one that waits for a decision."""
        first = next(value for value in given.values() if value is not None)
        if name == "evidence":
            return _evidence(given)
        parsed = [getattr(self._sides[c].record(s), name) for c, s in group.items()]
        alike = _ALIKE.get(name, lambda value: value)
        same = all(alike(value) == alike(parsed[0]) for value in parsed)
        if same and all(value == parsed[0] for value in parsed):
            return from_plain(first)
        node = from_plain(first) if same or name in _PROSE else Node(UNDECIDED)
        node.before = _comments(given)
        return node

    def _who(self, group: Together, missing: Sequence[str]) -> list[str]:
        """Say who has a stance and what the others have there instead."""
        comments = [
            f"{QUOTED} {', '.join(group)}: yes, {', '.join(missing)}: no. To keep the stance, "
            f"delete `id: {UNDECIDED}` after the hyphen; or else delete the stance."
        ]
        mine = next(iter(group.values()))
        for coder in missing:
            for other in self._sides[coder].stances:
                if characters_apart(mine, other) == 0:
                    who = ", ".join(map(str, other.holders))
                    shown = f"{other.issue_id} {level(other.level_name, other.level)} of {who}"
                    comments.append(f"{QUOTED} {coder} has there: {_local(other)}, {shown}")
        return comments


def _is_open(node: Node) -> bool:
    items = node.value if isinstance(node.value, list) else [node]
    return any(item.value == UNDECIDED for item in items)


def _evidence(given: Mapping[str, Any]) -> Node:
    """Return the evidence of all coders; if it differs, with an item that asks for a choice."""
    who: dict[str, list[str]] = {}
    pieces: dict[str, Any] = {}
    for coder, listed in given.items():
        for piece in listed or ():
            who.setdefault(str(piece), []).append(coder)
            pieces[str(piece)] = piece
    if all(len(coders) == len(given) for coders in who.values()):
        return from_plain(list(pieces.values()))
    nodes = [from_plain(piece) for piece in pieces.values()]
    for node, coders in zip(nodes, who.values(), strict=True):
        node.before = [f"{QUOTED} {', '.join(coders)}"]
    last = Node(UNDECIDED, [f"{QUOTED} Keep the pieces that carry it, and remove this one."])
    return Node([*nodes, last])


def _comments(given: Mapping[str, Any]) -> list[str]:
    return [f"{QUOTED} {coder}: {_words(value)}" for coder, value in given.items()]


def _words(value: Any) -> str:
    """Return a value of a file on one line."""
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_words(item)}" for key, item in value.items())
    if isinstance(value, list):
        return "; ".join(map(_words, value))
    return "nothing" if value is None else " ".join(str(value).split())
