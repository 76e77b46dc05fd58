"""The canonical layout: keys in order, one sentence per line, comments and values kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import stancedata as sd
from stancedata.curation import records
from stancedata.curation.format import formatted, tidy
from stancedata.curation.source import to_source
from tests.support import strategies
from tests.support.paths import REPOSITORY

UNTIDY = """\
# at the top
kind: news  # what sort
# about the title
title: "A: b"

# about stances
stances:
  # the first
  - id: s01   # its id
    # on the level
    level: withholds
    holders: [russia,
       {holder: x, role: dissociates}]
    summary: >-  # head
      One.
      Two said so. Three, by J.P. Singh.
    # about the note
    note: a b # c
    evidence:
    - span: [1, # one
       2]
      sha256: aa
  # the second
  -
    # its inside
    id: s02
    note: "#no comment # either"
    unknown: ~
# at the end
"""
TIDY = """\
# about the title
title: 'A: b'
# at the top
kind: news  # what sort
# about stances
stances:
  # the first
  - id: s01  # its id
    holders: [russia, {holder: x, role: dissociates}]
    # on the level
    level: withholds
    summary: >-  # head
      One.
      Two said so.
      Three, by J.P. Singh.
    # about the note
    note: >-  # c
      a b
    evidence:
      # one
      - span: [1, 2]
        sha256: aa
  # the second
  # its inside
  - id: s02
    note: >-
      #no comment # either
    unknown:
# at the end
"""


def tidied(text: str) -> str:
    """Format the file of a document."""
    return formatted(text, records.DocumentRecord, "file.yaml")


def test_layout_and_comments() -> None:
    """Every comment moves with its entry."""
    assert TIDY == tidied(UNTIDY)


def test_idempotent() -> None:
    """A formatted file does not change."""
    assert TIDY == tidied(TIDY)


@pytest.mark.parametrize(
    "text", ["a text # c\n", "# c\na text\n", "{} # c\n", "--- # c\nnote: a\n"]
)
def test_any_comment_comes_to_rest(text: str) -> None:
    """Formatting twice keeps a comment in place, even in a file that is not a record."""
    once = tidied(text)
    assert "# c" in once
    assert once == tidied(once)


def test_a_key_must_be_a_word() -> None:
    """A list as a key is refused, which has no canonical form."""
    with pytest.raises(sd.InvalidDataError, match=r"^file\.yaml:2: has a list or mapping as a key"):
        tidied("title: a\n? [b]\n: c\n")


def test_an_empty_list_stays_where_it_must_be_written() -> None:
    """An empty list is kept if its key is required, and otherwise removed."""
    text = "stances:\n  - id: s01\n    holders: []\n    aspects: []\n    evidence: []\n"
    assert "stances:\n  - id: s01\n    holders: []\n    evidence: []\n" == tidied(text)


@pytest.mark.parametrize(
    "text", ["stances:\n  - aspects: []\n", "exemptions: []\n", "{}\n", "[]\n", "text: {}\n"]
)
def test_what_holds_nothing_else_keeps_its_empty_list(text: str) -> None:
    """A mapping keeps its last entry, and a file its empty mapping or list."""
    assert text == tidied(text)


trees = st.recursive(
    strategies.texts | st.sampled_from(["~", "null", "- a", "# b", "a: b", "[", "'", '"', ">-", " x", "x ", "012"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["title", "note", "stances", "other", "span"]), inner, max_size=3),
    max_leaves=10,
)  # fmt: skip


def as_yaml(value: Any, indent: str = "") -> str:
    """Render a value as YAML with every text in double quotes and a comment on each line."""
    import json

    if isinstance(value, dict) and value:
        lines = [
            f"\n{indent}# c\n{indent}{k}: {as_yaml(v, indent + '  ')}" for k, v in value.items()
        ]
        return "".join(lines)
    if isinstance(value, list) and value:
        return "".join(f"\n{indent}-{' ' + as_yaml(v, indent + '  ')}" for v in value)
    text = json.dumps(value, ensure_ascii=False)
    return text + "  # inline" if isinstance(value, str) else text


@settings(max_examples=300)
@given(trees.filter(lambda tree: isinstance(tree, dict) and bool(tree)))
def test_any_tree(tree: dict[str, Any]) -> None:
    """Formatting changes no value, loses no comment, and is idempotent."""
    text = as_yaml(tree)
    once = tidied(text)
    assert once == tidied(once)
    assert text.count("# c") == once.count("# c")
    assert text.count("# inline") == once.count("# inline")
    before, after = (to_source(t, "f").value for t in (text, once))
    assert without_empty(before) == without_empty(after)


def without_empty(value: Any) -> Any:
    """Return a value without empty lists, which the formatter may remove."""
    if isinstance(value, dict):
        return {k: without_empty(v) for k, v in value.items() if v != []}
    return [without_empty(v) for v in value] if isinstance(value, list) else value


def test_tidy_writes_only_what_changes(repository: Path) -> None:
    """Only files that change are written, and only with `write=True`."""
    file = repository / "actors" / "westland.yaml"
    ordered = file.read_text(encoding="utf-8")
    file.write_text("kind: state\n" + ordered.replace("kind: state\n", ""), encoding="utf-8")
    assert [file] == tidy([repository], write=False)
    assert file.read_text(encoding="utf-8") != ordered
    assert [file] == tidy([repository], write=True)
    assert ordered == file.read_text(encoding="utf-8")
    assert [] == tidy([repository, file], write=True)


def test_the_miniature_repository_is_in_order() -> None:
    """The files of the miniature repository are formatted."""
    assert [] == tidy([REPOSITORY], write=False)


def test_what_tells_the_schema_stays_at_the_top() -> None:
    """A line that names the schema stays at the top and does not move with the next entry."""
    for line in (
        "# yaml-language-server: $schema=../../schemas/actor.schema.json",
        "# $schema: ../../schemas/actor.schema.json",
    ):
        text = f"# of kind\n{line}\nkind: state\n# of name\nname: A\n"
        expected = f"{line}\n# of name\nname: A\n# of kind\nkind: state\n"
        assert expected == formatted(text, records.ActorRecord, "f")
        assert expected == formatted(expected, records.ActorRecord, "f")


def test_keys_that_a_place_implies_are_left_out(repository: Path) -> None:
    """A blind coding is of the coder and document that its path names; other names stay."""
    file = repository / "codings" / "coder-1" / "daily-post-2021-10-21.yaml"
    file.parent.mkdir()
    lines = "# first\ncoder: coder-1  # me\ndocument: daily-post-2021-10-21\nstances: []\n"
    file.write_text(lines, encoding="utf-8")
    assert [file] == tidy([repository], write=True)
    assert "# first\n# me\nstances: []\n" == file.read_text(encoding="utf-8")
    other = "coder: coder-2\nstances: []\n"
    file.write_text(other, encoding="utf-8")
    assert [] == tidy([file], write=True)
    assert other == file.read_text(encoding="utf-8")
