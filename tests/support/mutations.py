"""Mutate data folders as accidents and ill will do, and tell whether their meaning is the same.

A folder is a dict of plain values, as YAML gives them: texts, lists, mappings and None, by the path
of the file. `KINDS` are the mutations; each returns another folder or None if it does not apply.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import yaml

from stancedata.curation.files import Files
from stancedata.curation.source import FieldPath, Source, to_source
from stancedata.model.dates import DateError, StatedDate
from stancedata.problems import InvalidDataError

Folder = dict[str, Any]
Mutation = Callable[[random.Random, Folder], Folder | None]
POOL: tuple[Any, ...] = (
    None, "", " ", "~", "x", "0", "1", "-1", "true", "false", "NO", "2021-10-20", "2021-10",
    "2021-10-19/2021-10-20", "[2021-10-19..2021-10-20]", "day", "party", "direct", "ambiguous", [], {},
)  # fmt: skip
"""Values that a field may get by mistake."""
ALIKE = {
    "a": "\u0430",
    "e": "\u0435",
    "-": "\u2013",
    " ": "\u00a0",
    "'": "\u2019",
    "o": "0",
    "l": "1",
}
"""Characters that look like others."""


@attrs.define
class Plain(Files):
    """The files of a folder of plain values, which need not be parsed."""

    values: Folder = attrs.Factory(dict)

    def _source(self, path: str) -> Source:
        value = self.values[path]
        if isinstance(value, InvalidDataError):
            raise value
        return Source(str(self.path / path), value, {(): 1})


def files_of(values: Folder) -> Plain:
    """Return the files of a folder of plain values, in the order in which they are read."""
    order = ["codebook.yaml", *sorted(set(values) - {"codebook.yaml"})]
    found = {path: b"" for path in order if path in values}
    return Plain(Path("data"), contents=found, values=values)


def plain_folder(path: Path) -> Folder:
    """Read every file of a data folder as plain values."""
    files = sorted(path.rglob("*.yaml"))
    return {
        f.relative_to(path).as_posix(): to_source(f.read_text(encoding="utf-8"), f.name).value
        for f in files
    }


def _paths(value: Any, path: FieldPath = ()) -> Iterator[FieldPath]:
    """List the path of every value within a value."""
    items: Any = value.items() if isinstance(value, dict) else ()
    for step, item in enumerate(value) if isinstance(value, list) else items:
        yield (*path, step)
        yield from _paths(item, (*path, step))


def at(value: Any, path: FieldPath) -> Any:
    """Return the value at a path within a value."""
    for step in path:
        value = value[step]
    return value


def _one(
    rng: random.Random, folder: Folder, fits: Callable[[Any], bool]
) -> tuple[Folder, Any, Any] | None:
    """Copy one file of a folder, and choose a value in it that fits.

    Returns:
        The new folder, the mapping or list with the value, and its key or number there.
    """
    file = rng.choice([path for path, value in folder.items() if isinstance(value, dict)])
    new = {**folder, file: copy.deepcopy(folder[file])}
    found = [path for path in _paths(new[file]) if fits(at(new[file], path))]
    if not found:
        return None
    path = rng.choice(found)
    return new, at(new[file], path[:-1]), path[-1]


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_long(value: Any) -> bool:
    return isinstance(value, list) and len(value) > 1


def _anything(value: Any) -> bool:
    return True


def another_value(rng: random.Random, folder: Folder) -> Folder | None:
    """Replace a value by another one, of a list of usual mistakes or from elsewhere in the folder."""
    found, other = _one(rng, folder, _anything), _one(rng, folder, _is_text)
    if found is None or other is None:
        return None
    new, holder, key = found
    holder[key] = copy.deepcopy(rng.choice(POOL)) if rng.random() < 0.5 else other[1][other[2]]
    return new


def nearly_the_value(rng: random.Random, folder: Folder) -> Folder | None:
    """Change a text a little: its case, its spaces, a character, or the look of one."""
    found = _one(rng, folder, _is_text)
    if found is None:
        return None
    new, holder, key = found
    holder[key] = _nearly(rng, holder[key])
    return new


def _nearly(rng: random.Random, text: str) -> str:
    at = rng.randrange(len(text) + 1)
    before, here, after = text[:at], text[at : at + 1], text[at + 1 :]
    ways = (
        text.upper(), text.lower(), text.title(), f" {text}", f"{text} ", f"{text}\n", f"{text}.",
        before + here.swapcase() + after, before + after, before + here + here + after,
        before + " " + here + after, before + ALIKE.get(here, "\u200b") + after,
        before + after[:1] + here + after[1:], before + "; " + here + after, f"0{text}", f"+{text}",
        before + str((int(here) + 1) % 10) + after if here.isdecimal() else text[::-1],
    )  # fmt: skip
    return rng.choice(ways)


def lost(rng: random.Random, folder: Folder) -> Folder | None:
    """Delete a field or an item."""
    found = _one(rng, folder, _anything)
    if found is None:
        return None
    del found[1][found[2]]
    return found[0]


def doubled(rng: random.Random, folder: Folder) -> Folder | None:
    """Repeat an item of a list, at some place."""
    found = _one(rng, folder, lambda value: isinstance(value, list) and bool(value))
    if found is None:
        return None
    items = found[1][found[2]]
    items.insert(rng.randrange(len(items) + 1), copy.deepcopy(rng.choice(items)))
    return found[0]


def reordered(rng: random.Random, folder: Folder) -> Folder | None:
    """Swap two items of a list."""
    found = _one(rng, folder, _is_long)
    if found is None:
        return None
    items = found[1][found[2]]
    one, other = rng.sample(range(len(items)), 2)
    items[one], items[other] = items[other], items[one]
    return found[0]


def swapped(rng: random.Random, folder: Folder) -> Folder | None:
    """Swap two texts of a file, wherever they are."""
    found = _one(rng, folder, lambda value: isinstance(value, dict))
    if found is None:
        return None
    holder = found[1][found[2]]
    texts = [path for path in _paths(holder) if _is_text(at(holder, path))]
    if len(texts) < 2:
        return None
    one, other = rng.sample(texts, 2)
    first, second = at(holder, one), at(holder, other)
    at(holder, one[:-1])[one[-1]], at(holder, other[:-1])[other[-1]] = second, first
    return found[0]


def joined(rng: random.Random, folder: Folder) -> Folder | None:
    """Make one item of two neighbouring texts, or two of one."""
    found = _one(rng, folder, lambda value: _is_long(value) and all(map(_is_text, value)))
    if found is None:
        return None
    items, at = found[1][found[2]], 0
    at = rng.randrange(len(items) - 1)
    if rng.random() < 0.7:
        items[at : at + 2] = [rng.choice(("; ", ";", ", ", " ", "\n")).join(items[at : at + 2])]
    else:
        cut = rng.randrange(len(items[at]) + 1)
        items[at : at + 1] = [items[at][:cut], items[at][cut:]]
    return found[0]


def wrapped(rng: random.Random, folder: Folder) -> Folder | None:
    """Make a list of a value, or a value of a list."""
    found = _one(rng, folder, _anything)
    if found is None:
        return None
    new, holder, key = found
    value = holder[key]
    holder[key] = value[0] if isinstance(value, list) and value else [value]
    return new


def renamed(rng: random.Random, folder: Folder) -> Folder | None:
    """Give a value the key of another one, which it replaces."""
    found, other = _one(rng, folder, _anything), _one(rng, folder, _anything)
    if found is None or other is None or not isinstance(found[1], dict):
        return None
    new, holder, key = found
    if isinstance(other[2], str):
        holder[other[2]] = holder.pop(key)
    return new


def given(rng: random.Random, folder: Folder) -> Folder | None:
    """Give a mapping a field of another one."""
    found, other = _one(rng, folder, lambda v: isinstance(v, dict)), _one(rng, folder, _anything)
    if found is None or other is None:
        return None
    if isinstance(other[2], str):
        found[1][found[2]][other[2]] = copy.deepcopy(other[1][other[2]])
    return found[0]


def other_file(rng: random.Random, folder: Folder) -> Folder | None:
    """Delete, copy, rename or swap whole files."""
    one, other = rng.sample(sorted(folder), 2)
    place, _, name = one.rpartition("/")
    ids = [path.rpartition("/")[2] for path in folder]
    new = rng.choice((f"x{name}", name.title(), name.replace("-", "--"), rng.choice(ids)))
    free = f"{place}/{new}" if place else one
    ways: tuple[Folder, ...] = (
        {path: value for path, value in folder.items() if path != one},
        {**folder, free: copy.deepcopy(folder[one])},
        {free if path == one else path: value for path, value in folder.items()},
        {**folder, one: folder[other], other: folder[one]},
    )
    return rng.choice(ways)


def other_line(rng: random.Random, folder: Folder) -> Folder | None:
    """Drop, double, swap or indent lines of a file's text, or change a character."""
    file = rng.choice(sorted(folder))
    lines = _dumped(folder[file]).splitlines(keepends=True)
    at = rng.randrange(len(lines))
    character = rng.randrange(max(1, len(lines[at])))
    line = (
        lines[at][:character]
        + rng.choice(("", ":", "-", "'", "#", " ", "a"))
        + lines[at][character + 1 :]
    )
    others = lines[at : at + 2]
    new = rng.choice(([], [lines[at]] * 2, ["  " + lines[at]], [lines[at][2:]], [line]))
    lines[at : at + 2] = others[::-1] if rng.random() < 0.2 else [*new, *others[1:]]
    try:
        return {**folder, file: to_source("".join(lines), f"data/{file}").value}
    except InvalidDataError as error:
        return {**folder, file: error}


KINDS: tuple[Mutation, ...] = (
    another_value, nearly_the_value, lost, doubled, reordered, swapped, joined, wrapped, renamed,
    given, other_file, other_line,
)  # fmt: skip


class _Dumper(yaml.SafeDumper):
    """Writes texts in a style that is chosen anew for each."""

    rng = random.Random(0)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _as_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=dumper.rng.choice("'\"|>"))


_Dumper.add_representer(str, _as_text)


def _dumped(value: Any, **options: Any) -> str:
    return str(yaml.safe_dump(value, allow_unicode=True, sort_keys=False, **options))


def rewritten(rng: random.Random, folder: Folder) -> Folder:
    """Write a file in another way that means the same: order, quotation marks, layout, comments."""
    file = rng.choice([path for path, value in folder.items() if isinstance(value, dict)])
    _Dumper.rng = rng
    text = yaml.dump(
        _shuffled(rng, folder[file]), Dumper=_Dumper, allow_unicode=rng.random() < 0.5,
        sort_keys=False, default_flow_style=rng.choice((None, False)), width=rng.choice((20, 80, 1000)),
        indent=rng.randrange(2, 6), explicit_start=rng.random() < 0.5,
    )  # fmt: skip
    text = f"# A comment.\n{text}# Another one.\n"
    return {**folder, file: to_source(text, f"data/{file}").value}


def _shuffled(rng: random.Random, value: Any, key: str = "") -> Any:
    """Change the order of keys, and of lists whose order says nothing."""
    if isinstance(value, dict):
        keys = [*value] if key == "vocabulary" else rng.sample([*value], len(value))
        return {name: _shuffled(rng, value[name], name) for name in keys}
    if not isinstance(value, list):
        return value
    items = [_shuffled(rng, item) for item in value]
    return rng.sample(items, len(items)) if key in _UNORDERED else items


_UNORDERED = {"stances": "id", "exemptions": "rule"}
"""Lists whose order says nothing, with the key by which they are compared."""


def meaning(folder: Folder) -> Any:
    """Return a folder without the differences that may leave its digest as it is.

    These are: the order of fields, stances and exemptions; a list of nothing in place of none; a
    short form (a holder or speaker by its id, one ascriber without a list, `wikidata` for the first
    code); what repeats a default or the file's place; silent speakers by event.
    """
    return {path: _meaning(value, "", path) for path, value in folder.items()}


def _meaning(value: Any, key: str, path: str) -> Any:
    if isinstance(value, list):
        return _list_meaning([_meaning(item, "", path) for item in value], key)
    if not isinstance(value, dict):
        return value
    found = {name: _meaning(item, name, path) for name, item in value.items()}
    if key == "" and path.startswith("codings/") and "id" not in found:
        _, coder, document = path.removesuffix(".yaml").split("/")
        found = {"coder": coder, "document": document, **found}
    if "holder" in found:
        found = {"role": "party", **found}
    if "wikidata" in found:
        first = {"scheme": "wikidata", "code": found.pop("wikidata")}
        found["codes"] = [first, *found.get("codes", [])]
    if "date_kind" in found and "stated_on" in found:
        found["date_kind"] = _kind(found["stated_on"], found["date_kind"])
    return {name: item for name, item in found.items() if item not in ([], {}, None)}


def _kind(date: Any, kind: Any) -> Any:
    """Return None in place of a kind that a date has without it."""
    try:
        return None if StatedDate.parse(date).kind == kind else kind
    except (DateError, TypeError):
        return kind


def _in_order(item: Any) -> str:
    return repr(sorted(item.items())) if isinstance(item, dict) else repr(item)


def _list_meaning(items: list[Any], key: str) -> Any:
    if key in _UNORDERED:
        return sorted(items, key=_in_order)
    if key == "holders":
        return [{"holder": i, "role": "party"} if _is_text(i) else i for i in items]
    if key == "speakers":
        return [{"actor": i} if _is_text(i) else i for i in items]
    if key == "attributed_by" and len(items) == 1:
        return items[0]
    if key == "silent" and all(isinstance(i, dict) for i in items):
        return [(i.get("event"), s) for i in items for s in i.get("speakers", ())]
    return items
