"""Drop a stance, or move it to another document."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import attrs

from stancedata.coding.defaults import number_of
from stancedata.coding.lookup import Texts
from stancedata.coding.moves import Places
from stancedata.coding.spans import file_of, stance_node
from stancedata.curation import records
from stancedata.curation.files import record_class
from stancedata.curation.format import formatted, layout
from stancedata.curation.source import read_text
from stancedata.curation.tree import Node, Tree, parse, plain
from stancedata.data_folder import CODINGS, listed
from stancedata.editorial.changes import Change, Changed, Why, make, require_current
from stancedata.problems import StancedataError, did_you_mean
from stancedata.releases.log import read_history


@attrs.frozen
class StanceId:
    """The ID of a stance in its parts; `coder` is empty unless it is a blind one."""

    coder: str
    document: str
    local: str

    def __str__(self) -> str:
        return f"{self.coder}/" * bool(self.coder) + f"{self.document}#{self.local}"

    @classmethod
    def parse(cls, text: str) -> StanceId:
        """Parse `DOCUMENT#s01` or `CODER/DOCUMENT#s01`; raise StancedataError if it is neither."""
        found = re.fullmatch(r"(?:([^/#]+)/)?([^/#]+)#([^/#]+)", text)
        if found is None:
            raise StancedataError(
                f"stance: is not the id of one, got {text!r}; write DOCUMENT#s01, or "
                "CODER/DOCUMENT#s01 for a blind one"
            )
        return cls(found[1] or "", found[2], found[3])


def drop(data: Path, stance: str, why: Why | None = None) -> Changed:
    """Remove a stance from its file, and the links of blind codings to it.

    The other stances keep their IDs.

    Args:
        data: The data folder.
        stance: Its ID, or `CODER/DOCUMENT#s01` for a blind one.
        why: The reason for the next release, needed if a release has the stance.

    Raises:
        InvalidDataError: If the data would break a rule without it.
        StancedataError: If there is no such stance, or it is released and there is no reason.
    """
    require_current(data)
    found = StanceId.parse(stance)
    return make(data, lambda: _without(data, found), why or Why())


def _without(data: Path, stance: StanceId) -> tuple[Change, list[str]]:
    file = _file(data, stance)
    tree = parse(read_text(file, str(file)), str(file))
    _take(tree, stance.local, file)
    name = f"drop-{stance.coder}-{stance.document}-{stance.local}".replace("--", "-")
    change = Change(name, {file.relative_to(data): _text(tree, file)})
    lines = [f"{file}: {stance} is dropped"]
    if not stance.coder:
        lines += _unlink(data, stance, change)
    return change, lines


def move(
    data: Path, stance: str, document: str, corpus: Path | None = None, why: Why | None = None
) -> Changed:
    """Move a stance to another document, where it gets the next free number.

    Its words are looked up in the text of that document by their digests.

    Args:
        data: The data folder.
        stance: Its ID.
        document: ID of the other document.
        corpus: Folder with the text of that document; not needed if both have the same text.
        why: The reason for the next release, needed if a release has the stance.

    Raises:
        InvalidDataError: If the stance would break a rule there.
        StancedataError: If there is no such stance or document, its words do not occur in the other
            text, or it is released and there is no reason.
    """
    require_current(data)
    found = StanceId.parse(stance)
    if found.coder:
        raise StancedataError(
            f"{stance}: is a blind stance, which stays in the document that was coded; edit the file"
        )
    if found.document == document:
        raise StancedataError(f"{stance}: is in that document already; name another one")
    return make(data, lambda: _elsewhere(data, found, document, corpus), why or Why())


def _elsewhere(
    data: Path, stance: StanceId, document: str, corpus: Path | None
) -> tuple[Change, list[str]]:
    files = [_file(data, stance), file_of(data, document)]
    trees = [parse(read_text(file, str(file)), str(file)) for file in files]
    node = _take(trees[0], stance.local, files[0])
    assert isinstance(node.value, dict)
    before, after = map(_digest, trees)
    if before != after:
        _relocate(node.value, after, document, corpus)
    top = trees[1].top.value
    assert isinstance(top, dict)
    there = top.setdefault("stances", Node([]))
    there.value = there.value or []
    if not isinstance(there.value, list):
        raise StancedataError(f"{files[1]}: has something else where stances must be; fix it first")
    node.value["id"].value = f"s{_next(data, document, there.value):02}"
    there.value.append(node)
    name = f"move-{stance.document}-{stance.local}"
    texts = {f.relative_to(data): _text(t, f) for f, t in zip(files, trees, strict=True)}
    change = Change(name, texts)
    lines = [f"{files[1]}: {stance} is {document}#{node.value['id'].value} now"]
    return change, lines + _unlink(data, stance, change)


def _file(data: Path, stance: StanceId) -> Path:
    """Return the file of a stance; raise if there is none."""
    if not stance.coder:
        return file_of(data, stance.document)
    found = {f"{f.parent.name}/{f.stem}": f for f in listed(data, CODINGS)}
    name = f"{stance.coder}/{stance.document}"
    if name not in found:
        hint = did_you_mean(name, found) or "look in its folder codings/"
        raise StancedataError(f"{name}: is not a blind coding; {hint}")
    return found[name]


def _take(tree: Tree, local: str, file: Path) -> Node:
    """Take a stance out of its file."""
    node = stance_node(tree.top, local, file)
    assert isinstance(tree.top.value, dict)
    stances = tree.top.value["stances"]
    assert isinstance(stances.value, list)
    stances.value = [item for item in stances.value if item is not node]
    return node


def _text(tree: Tree, file: Path) -> str:
    shape = record_class(file) or records.DocumentRecord
    return formatted(layout(tree, shape), shape, str(file))


def _unlink(data: Path, stance: StanceId, change: Change) -> list[str]:
    """Remove `published` from the blind stances that name a stance."""
    lines = []
    for file in (f for f in listed(data, CODINGS) if f.stem == stance.document):
        tree = parse(read_text(file, str(file)), str(file))
        linked = [s for s in _stances(tree) if _is(s, "published", stance.local)]
        for blind in linked:
            del blind["published"]
            local = blind["id"].value if "id" in blind else "a stance"
            lines.append(
                f"{file}: {local} has no published stance now; say why in its adjudication"
            )
        if linked:
            change.written[file.relative_to(data)] = _text(tree, file)
    return lines


def _stances(tree: Tree) -> list[dict[str, Node]]:
    top = tree.top.value
    found = top["stances"].value if isinstance(top, dict) and "stances" in top else None
    nodes = found if isinstance(found, list) else []
    return [node.value for node in nodes if isinstance(node.value, dict)]


def _is(stance: dict[str, Node], key: str, value: str) -> bool:
    return key in stance and stance[key].value == value


def _digest(tree: Tree) -> str | None:
    text: Any = plain(tree.top).get("text")
    return text.get("sha256") if isinstance(text, dict) else None


def _relocate(
    stance: dict[str, Node], digest: str | None, document: str, corpus: Path | None
) -> None:
    """Change the spans of a stance to those of the same words in another text."""
    pieces = stance["evidence"].value if "evidence" in stance else None
    spans = [p.value for p in pieces or () if isinstance(p, Node) and isinstance(p.value, dict)]
    spans = [piece for piece in spans if "span" in piece]
    if not spans:
        return
    if digest is None:
        raise StancedataError(
            f"{document}: has no text that its words could be in; code the stance there with a "
            "locator"
        )
    places = Places(Texts(corpus, None).with_digest(digest, document).text)
    for piece in spans:
        start, end = (int(str(offset)) for offset in plain(piece["span"]))
        found = places.nearest((start, end), str(plain(piece["sha256"])))
        if found is None:
            raise StancedataError(
                f"{document}: does not have the words of [{start}, {end}]; code the stance there"
            )
        piece["span"].value = [Node(str(offset)) for offset in found]


def _next(data: Path, document: str, stances: Iterable[Node]) -> int:
    """Return the next free number of a document, which no release had either."""
    prefix = f"{document}#"
    ids = [
        {"id": record_id.removeprefix(prefix)}
        for kind, record_id in read_history(data).history.standing()
        if kind == "stance" and record_id.startswith(prefix)
    ]
    return 1 + max(map(number_of, [*ids, *map(plain, stances)]), default=0)
