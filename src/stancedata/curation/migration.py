"""Turn the curated files of schema 1 into those of schema 2, without deciding what a coder decides.

The same function serves `stancedata migrate`, which writes the result, and the reading of a folder
of schema 1, which keeps it in memory.
"""

from __future__ import annotations

import copy
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from stancedata.curation.source import show
from stancedata.curation.tree import Node, Tree, from_plain, plain
from stancedata.data_folder import BOUNDS, CODEBOOK, CODINGS, OLD_CODINGS
from stancedata.problems import InvalidDataError, Place, Problem

_APPROXIMATE = re.compile(r"(\d{4}(?:-\d{2})?)~|(\d{4}-\d{2}-\d{2})~")
_DATES = ("held_on", "published_on", "stated_on", "status_on")
_IDLE = "idle_silence"
SINCE = "coded since 0.1.0"
"""The description of a coder of whom the files of schema 1 say no more."""
NEW_VOCABULARY: dict[str, dict[str, str]] = {
    "issue_kind": {
        "words": "where the holder stands in what it says; the last statement replaces the one before",
        "deeds": "how far the holder has gone in what it does; the rungs stay reached until a step down",
    },
    "coder_kind": {"person": "a person", "language_model": "a language model"},
    "read": {
        "whole": "the coder read the whole document",
        "beginning": "the coder read the beginning; silence is not inferred from it",
    },
    "document_status": {
        "as_published": "as it was first published",
        "corrected": "corrected since",
        "withdrawn": "withdrawn since; its stances do not count",
    },
}
"""The fields of the vocabulary that came with schema 2, with their values and definitions."""
NEW_VALUES = {
    "act": {"ends": "a step down: ends what was done, at the rung that remains"},
    "event_kind": {"deed": "something was done: an embassy opened, an ambassador accepted"},
}
"""The values that schema 2 added to other fields of the vocabulary."""


@attrs.frozen
class Note:
    """One record that the migration changes, and how.

    Attributes:
        file: Its file after the migration, within the data folder.
        kind: Its kind in the history: `stance`, `second_coding`, `coding`, …; empty for none.
        what: What changes, in words.
    """

    file: str
    kind: str
    record_id: str
    what: str


def signs_of_schema_1(values: Mapping[str, Any]) -> list[str]:
    """List what shows that a folder was written for schema 1; empty for one of schema 2.

    Args:
        values: The plain values of its files, by path within the folder.
    """
    found = [f"{name}/" for name in OLD_CODINGS if any(p.startswith(f"{name}/") for p in values)]
    codebook = values.get(CODEBOOK)
    issues = [i for i in _items(codebook, "issues") if isinstance(i, dict)]
    if issues and not any("kind" in issue for issue in issues):
        found.append("issues without kind")
    records = (r for value in values.values() for r in (value, *_items(value, "stances")))
    if any(isinstance(record, dict) and "silences" in record for record in records):
        found.append("silences")
    return found


def _items(value: Any, key: str) -> list[Any]:
    listed = value.get(key) if isinstance(value, dict) else None
    return listed if isinstance(listed, list) else []


def upgraded(trees: Mapping[str, Tree]) -> tuple[dict[str, Tree], tuple[Note, ...]]:
    """Return the files of schema 2 that say the same; of files of schema 2, these files.

    Args:
        trees: The parsed files of a data folder by their path in it, such as `actors/russia.yaml`.

    Returns:
        All files by their new path, and a note on every record that changes.

    Raises:
        InvalidDataError: If two blind codings would get the same file, or the coder of one cannot
            name a folder.
    """
    if not signs_of_schema_1({path: plain(tree.top) for path, tree in trees.items()}):
        return dict(trees), ()
    made, moved = _moved(copy.deepcopy(dict(trees)))
    people = _ids_by_name(made)
    changed = [note for path in sorted(made) for note in _record(path, made[path], people)]
    return made, (*moved, *changed, *_codebook(made))


def _moved(trees: dict[str, Tree]) -> tuple[dict[str, Tree], list[Note]]:
    """Move each blind coding to the folder of its coder."""
    made = {path: tree for path, tree in trees.items() if path.split("/")[0] not in OLD_CODINGS}
    notes: list[Note] = []
    problems: list[Problem] = []
    for path in sorted(trees.keys() - made.keys()):
        tree, name = trees[path], path.partition("/")[2]
        coder = _coder(tree)
        target = f"{CODINGS}/{coder}/{name}"
        if not isinstance(coder, str) or not re.fullmatch(r"[^./\\][^/\\]*", coder):
            what = f"cannot name a folder, got {show(coder)}; write the id of the coder"
            problems.append(Problem(Place(tree.file, tree.top.line), "coder", what))
        elif target in made and plain(made[target].top) != plain(tree.top):
            what = f"has coded this document twice, got {coder!r} here and in {target}; keep one"
            problems.append(Problem(Place(tree.file, tree.top.line), "coder", what))
        else:
            made[target] = tree
            notes.append(Note(target, "coding", target.split("/", 1)[1][:-5], f"was {path}"))
    if problems:
        raise InvalidDataError(problems)
    return made, notes


def _coder(tree: Tree) -> Any:
    """Take the coder out of a blind coding, whose folder names it from now on."""
    node = _entries(tree.top).pop("coder", None)
    if node is None:
        return None
    tree.top.before += [*node.before, *node.inline]
    return plain(node)


def _ids_by_name(trees: Mapping[str, Tree]) -> dict[str, str]:
    """Return the actor of each name that only one actor has."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for path, tree in trees.items():
        if path.startswith("actors/"):
            actor = plain(tree.top)
            for item in (actor, *_items(actor, "names")):
                name = item.get("name") if isinstance(item, dict) else None
                found[str(name)].add(path[len("actors/") : -len(".yaml")])
    return {name: ids.pop() for name, ids in found.items() if len(ids) == 1}


def _record(path: str, tree: Tree, people: Mapping[str, str]) -> Iterator[Note]:
    """Upgrade the records of one file, and yield a note on each that changes."""
    folder, _, name = path.removesuffix(".yaml").partition("/")
    top = _entries(tree.top)
    kind = {"actors": "actor", "events": "event", "documents": "document"}.get(folder, "")
    if path == BOUNDS:
        yield from _note(path, "", "", _renamed(_entries(top.get("least"))))
    authors = _authors(top, people) if kind == "document" else []
    yield from _note(path, kind, name, [*_waivers(top), *_dates(top), *authors])
    for stance in _nodes(top.get("stances")):
        entries = _entries(stance)
        parts = [entries, *map(_entries, _nodes(entries.get("conditions")))]
        did = [*_waivers(entries), *(what for part in parts for what in _dates(part))]
        did += ["ascribers"] if "attributed_by" in entries else []
        local = plain(entries["id"]) if "id" in entries else None
        kind = "second_coding" if folder == CODINGS else "stance"
        yield from _note(path, kind, f"{name}#{local}", did)


def _note(path: str, kind: str, record_id: str, did: Iterable[str]) -> Iterator[Note]:
    if what := ", ".join(dict.fromkeys(did)):
        yield Note(path, kind, record_id, what)


def _entries(node: Node | None) -> dict[str, Node]:
    return node.value if node is not None and isinstance(node.value, dict) else {}


def _nodes(node: Node | None) -> list[Node]:
    return node.value if node is not None and isinstance(node.value, list) else []


def _renamed(entries: dict[str, Node]) -> list[str]:
    if "silences" not in entries or "exemptions" in entries:
        return []
    renamed = {"exemptions" if key == "silences" else key: n for key, n in entries.items()}
    entries.clear()
    entries.update(renamed)
    return ["exemptions"]


def _waivers(entries: dict[str, Node]) -> list[str]:
    """Rename silences to exemptions, without those of the rule about idle ones."""
    old = entries.pop("silences", None)
    if old is None:
        return []
    new = entries.setdefault("exemptions", Node([], old.before, old.inline))
    kept = [n for n in _nodes(old) if _text(_entries(n).get("rule")) != _IDLE]
    new.value = [*_nodes(new), *kept]
    if not kept and not new.value:
        del entries["exemptions"]
    return ["exemptions"]


def _dates(entries: Mapping[str, Node]) -> list[str]:
    """Write an approximate date as the days that it has always meant here: its own."""
    found = []
    for name in _DATES:
        match = _APPROXIMATE.fullmatch(_text(entries.get(name)))
        if match:
            whole, day = match.groups()
            entries[name].value = whole or f"[{day}..{day}]"
            found.append(name)
    return found


def _authors(entries: dict[str, Node], people: Mapping[str, str]) -> list[str]:
    """Replace a byline that names actors by their ids; any other stays as it is."""
    byline = _text(entries.get("author"))
    names = [byline] if byline in people else byline.split(", ")
    ids = [people[name] for name in names if name in people]
    if len(ids) != len(names) or len(set(ids)) != len(ids) or "authors" in entries:
        return []
    old = entries.pop("author")
    entries["authors"] = attrs.evolve(from_plain(ids), before=old.before, inline=old.inline)
    return ["authors"]


def _text(node: Node | None) -> str:
    return node.value if node is not None and isinstance(node.value, str) else ""


def _codebook(trees: Mapping[str, Tree]) -> Iterator[Note]:
    """Add the kind of each issue, the coders, and the vocabulary that came with schema 2."""
    if CODEBOOK not in trees:
        return
    top = _entries(trees[CODEBOOK].top)
    did = []
    for issue in map(_entries, _nodes(top.get("issues"))):
        if issue and "kind" not in issue:
            issue["kind"] = Node("words")
            did.append("kind of issues")
    known = {_text(_entries(node).get("id")) for node in _nodes(top.get("coders"))}
    new = [{"id": c, "description": SINCE} for c in sorted(_coders(trees) - known)]
    if new:
        listed = top.setdefault("coders", Node([]))
        listed.value = [*_nodes(listed), *_nodes(from_plain(new))]
        did.append("coders")
    if "vocabulary" in top:
        did += _vocabulary(_entries(top["vocabulary"]))
    yield from _note(CODEBOOK, "codebook", "codebook", did)


def _coders(trees: Mapping[str, Tree]) -> set[str]:
    of_documents = (_text(_entries(t.top).get("coder")) for t in trees.values())
    of_codings = (p.split("/")[1] for p in trees if p.startswith(f"{CODINGS}/"))
    return {*of_documents, *of_codings} - {""}


def _vocabulary(fields: dict[str, Node]) -> Iterator[str]:
    for field, terms in [*NEW_VOCABULARY.items(), *NEW_VALUES.items()]:
        if field in NEW_VALUES and field not in fields:
            continue  # the dataset does not control that field
        listed = fields.setdefault(field, Node([]))
        known = {_text(_entries(node).get("value")) for node in _nodes(listed)}
        new = [{"value": v, "definition": d} for v, d in terms.items() if v not in known]
        if new:
            listed.value = [*_nodes(listed), *_nodes(from_plain(new))]
            yield "vocabulary"
