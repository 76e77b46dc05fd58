"""Hostile and broken files are rejected with one message, before anything is built."""

from __future__ import annotations

import stat
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import stancedata as sd
from stancedata.curation import source
from stancedata.curation.source import (
    MOST_BYTES,
    NOTHING,
    FieldPath,
    field_name,
    read,
    to_source,
)
from stancedata.curation.tree import lines_of
from stancedata.curation.tree import parse as tree_of


def refusal(data: bytes, tmp_path: Path) -> str:
    """Return the message for a file."""
    file = tmp_path / "file.yaml"
    file.write_bytes(data)
    with pytest.raises(sd.InvalidDataError) as error:
        read(file, "file.yaml")
    return str(error.value)


CASES = {
    "latin-1": (b"a: 1\nname: K\xf6ln\n", "file.yaml:2: is not UTF-8, got byte 0xf6; save the file as UTF-8"),
    "utf-16": ("a: 1\n".encode("utf-16"), "file.yaml:1: is not UTF-8, got byte 0xff; save the file as UTF-8"),
    "byte order mark": (b"\xef\xbb\xbfa: 1\n", "file.yaml:1: begins with a byte-order mark, got U+FEFF; save it without one"),
    "too large": (b"#" * (MOST_BYTES + 1), "file.yaml: is too large, got more than 5,000,000 bytes; split it"),
    "deep": (b"[" * 40_000, "file.yaml:1: is nested too deeply, got more than 32 levels; flatten it"),
    "deep block": (b"".join(b" " * n + b"a:\n" for n in range(40)), "file.yaml:33: is nested too deeply, got more than 32 levels; flatten it"),
    "million levels": (b"- " * 1_000_000, "file.yaml:1: is nested too deeply, got more than 32 levels; flatten it"),
    "deep on one line": (b"a: 1\nb:\n  - " + b"[" * 40_000, "file.yaml:3: is nested too deeply, got more than 32 levels; flatten it"),
    "deep over lines": (b"{a:\n" * 5_000, "file.yaml:33: is nested too deeply, got more than 32 levels; flatten it"),
    "deep mappings": (b"x: " + b"{a: " * 5_000, "file.yaml:1: is nested too deeply, got more than 32 levels; flatten it"),
    "alias bomb": (b"a: &a [x]\nb: &b [*a, *a]\n", "file.yaml:1: uses an anchor or alias, got "
    "'a'; write the value out"),
    "merge": (b"a: 1\n<<: *a\n", "file.yaml:2: uses an anchor or alias, got 'a'; write the value "
    "out"),
    "tag": (b"a: !!python/name:os.system x\n", "file.yaml:1: uses a tag, got 'tag:yaml.org,2002:python/name:os.system'; remove it"),
    "control character": (b"a: b\nc: \x07d\n", "file.yaml:2: contains a control character, got "
    "U+0007; remove it"),
    "nul": (b"a: \x00\n", "file.yaml:1: contains a control character, got U+0000; remove it"),
    "empty": (b"", "file.yaml:1: is empty; write the record, or remove the file"),
    "comment alone": (b"# nothing\n", "file.yaml:1: is empty; write the record, or remove the "
    "file"),
    "start alone": (b"---", "file.yaml:1: is empty; write the record, or remove the file"),
    "null alone": (b"# nothing\n~\n", "file.yaml:1: is empty; write the record, or remove the file"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_refused(name: str, tmp_path: Path) -> None:
    """A forbidden file is rejected with a one-line message."""
    data, expected = CASES[name]
    assert expected == refusal(data, tmp_path)


@pytest.mark.parametrize("loader", ["CBaseLoader", "BaseLoader"])
@pytest.mark.parametrize("name", [name for name in CASES if "deep" in name])
def test_deep_with_either_parser(
    name: str, loader: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message is the same with both parsers of PyYAML, whatever their own limits."""
    monkeypatch.setattr(source, "LOADER", getattr(yaml, loader))
    test_refused(name, tmp_path)


def test_missing_file(tmp_path: Path) -> None:
    """A missing file is reported by name."""
    with pytest.raises(sd.InvalidDataError, match=r"x\.yaml: cannot be read: No such file"):
        read(tmp_path / "x.yaml", "x.yaml")


def test_values_stay_text() -> None:
    """Text that looks like a boolean, a number or a date stays text."""
    found = to_source("a: NO\nb: 1.10\nc: 012\nd: 2021-10-20\ne: 'x'\nf: ~\ng: '~'\n", "f")
    expected = {
        "a": "NO",
        "b": "1.10",
        "c": "012",
        "d": "2021-10-20",
        "e": "x",
        "f": None,
        "g": "~",
    }
    assert expected == found.value
    assert 4 == found.lines[("d",)]


@given(st.binary(max_size=200))
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    """Any bytes give values or InvalidDataError, but no other exception."""
    file = tmp_path_factory.getbasetemp() / "any.yaml"
    file.write_bytes(data)
    try:
        read(file)
    except sd.InvalidDataError as error:
        assert error.problems


@given(st.text(alphabet=list("ab:-#[]{},&*!|>'\"\n  ?%@`~\t1"), max_size=60))
def test_any_yaml(text: str) -> None:
    """Any mix of YAML syntax gives values or InvalidDataError, but no other exception."""
    try:
        to_source(text, "any.yaml")
    except sd.InvalidDataError as error:
        assert error.problems


def by_nodes(
    node: Any, path: FieldPath, lines: dict[FieldPath, int], twice: list[FieldPath]
) -> object:
    """Build values from composed nodes, a pass of their own over the text."""
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return None if not node.style and node.value in NOTHING else node.value
    if isinstance(node, yaml.SequenceNode):
        return [by_nodes(n, (*path, i), lines, twice) for i, n in enumerate(node.value)]
    found: dict[str, object] = {}
    for key_node, value in node.value:
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else "[…]"
        if key in found:
            twice.append((*path, key))
            continue
        found[key] = by_nodes(value, (*path, key), lines, twice)
        lines[*path, key] = key_node.start_mark.line + 1
    return found


@given(
    st.text(alphabet=list("ab:-[]{},|>'\"\n  ?~1"), max_size=40)
    | st.sampled_from(
        ["? [a]\n: {b: 1, b: [2]}\n? {c: d}\n: 1\na: [x, {y: ~}]\n", "a: {b: 1}\na: {c: 2}\nd: 3"]
    )
)
def test_one_pass_is_two(text: str) -> None:
    """Values, lines and duplicate keys are those of the parser's own nodes."""
    try:
        found = to_source(text, "any.yaml")
    except sd.InvalidDataError:
        return
    lines: dict[FieldPath, int] = {}
    twice: list[FieldPath] = []
    value = by_nodes(yaml.compose(text, Loader=yaml.BaseLoader), (), lines, twice)
    assert (value, lines) == (found.value, found.lines)
    assert list(map(field_name, twice)) == [problem.field for problem in found.problems]


@pytest.mark.parametrize("end", ["\x85", "\u2028", "\u2029"])
def test_lines_are_those_of_an_editor(end: str) -> None:
    """Characters that end a line for YAML only do not shift the numbers of later lines."""
    found = to_source(f'a: "one{end}two"\r\nb:\n  c: x\n  c: y\n', "any.yaml")
    assert {(): 1, ("a",): 1, ("b",): 2, ("b", "c"): 3} == found.lines
    (problem,) = found.problems
    assert str(problem).startswith("any.yaml:4: b.c: appears twice, got 'c' again after line 3;")
    with pytest.raises(sd.InvalidDataError, match=r"any\.yaml:2: is not valid YAML"):
        to_source(f'a: "{end}{end}"\nb: [', "any.yaml")
    with pytest.raises(sd.InvalidDataError, match=r"any\.yaml:2: contains a control character"):
        to_source(f'a: "{end}{end}"\nb: "\x07"', "any.yaml")
    tree = tree_of(f'a: "one{end}two"\nb: [x, {{c: y}}]\n', "any.yaml")
    assert {1: [(), ("a",)], 2: [("b",), ("b", 0), ("b", 1), ("b", 1, "c")]} == {
        line: [path for path, its in lines_of(tree.top).items() if its == line] for line in (1, 2)
    }


def test_a_file_that_grows_is_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is longer than its size says is read to its end, but not beyond the bound."""
    file = tmp_path / "grown.yaml"
    old = SimpleNamespace(st_mode=stat.S_IFREG, st_size=3)
    monkeypatch.setattr(source, "os", SimpleNamespace(stat=lambda _: old))
    file.write_bytes(b"a: b\nc: d\n")
    assert b"a: b\nc: d\n" == source.read_bytes(file, "grown.yaml")
    file.write_bytes(b"#" * (source.MOST_BYTES + 1))
    with pytest.raises(sd.InvalidDataError, match=r"is too large, got more than 5,000,000 bytes"):
        source.read_bytes(file, "grown.yaml")


def test_an_unfit_character_has_its_line(repository: Path) -> None:
    """The line of a character in a text of several lines is counted as editors count."""
    file = repository / "actors" / "rebels.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(f'{text}note: "one\u2028two\n\n  three\u202e"\n', encoding="utf-8")
    lines = len(text.splitlines())
    found = sd.check(repository)
    assert {lines + 1} == {problem.where.line for problem in found}


def test_a_path_that_is_no_dataset(tmp_path: Path) -> None:
    """A folder without data is rejected by name."""
    with pytest.raises(sd.StancedataError, match="nowhere: does not exist; give a data folder"):
        sd.check(tmp_path / "nowhere")
    with pytest.raises(sd.StancedataError, match="is not a dataset: found neither codebook"):
        sd.read(tmp_path)
