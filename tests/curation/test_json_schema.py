"""JSON Schemas for editors, tested with an independent validator."""

from __future__ import annotations

import ast
import contextlib
import functools
import json
import re
from pathlib import Path
from typing import Any

import attrs
import pytest
import yaml
from hypothesis import example, given, settings
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

import stancedata as sd
from stancedata import model
from stancedata.curation import descriptions
from stancedata.curation.files import CLASSES, WHOLE
from stancedata.curation.json_schema import (
    KINDS,
    content_of,
    json_schema,
    seen,
    text_of,
    write_schemas,
)
from stancedata.curation.source import to_source
from stancedata.data_folder import files_of
from tests.cli.test_commands import run
from tests.rules.test_faults import spoil
from tests.support import strategies
from tests.support.folders import write_folder
from tests.support.paths import DOCS, FAULT_NAMES, FAULTS, REPOSITORY, ROOT

DATA = ROOT / "data"
NULL, BOOL, INT, FLOAT = (f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float"))


class CoreLoader(yaml.CSafeLoader):
    """Loads values as editors see them: by the YAML 1.2 core schema, which has no dates."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Build a mapping with text keys, as in JSON."""
        return {str(k.value): self.construct_object(v, deep=True) for k, v in node.value}


def _integer(loader: CoreLoader, node: yaml.ScalarNode) -> int:
    base = {"0o": 8, "0x": 16}.get(node.value[:2], 10)
    return int(node.value, base)


def _number(loader: CoreLoader, node: yaml.ScalarNode) -> float:
    return float(re.sub(r"\.(inf|nan)$", r"\1", node.value, flags=re.IGNORECASE))


# The table of section 10.3.2 of YAML 1.2.2.
for tag, pattern in {
    NULL: r"null|Null|NULL|~|",
    BOOL: r"true|True|TRUE|false|False|FALSE",
    INT: r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+",
    FLOAT: r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
}.items():
    CoreLoader.add_implicit_resolver(tag, re.compile(rf"^(?:{pattern})$"), None)
CoreLoader.add_constructor(INT, _integer)
CoreLoader.add_constructor(FLOAT, _number)
CoreLoader.add_constructor("tag:yaml.org,2002:map", CoreLoader.construct_mapping)


def editors_see(file: Path) -> Any:
    """Return the value of a file as an editor resolves it."""
    return yaml.load(file.read_text(encoding="utf-8"), Loader=CoreLoader)


def kind_of(file: Path, data: Path) -> str | None:
    """Return the kind of a curated file, by its location; None if it has no schema."""
    place = file.relative_to(data).parts[0]
    found = [kind for kind, where in KINDS.items() if where == place]
    return found[0] if found and file.suffix == ".yaml" else None


content_once = functools.cache(content_of)  # for folders that no test changes


def validators(content: model.Content | None = None) -> dict[str, Draft202012Validator]:
    """Return a validator for each kind."""
    return {kind: Draft202012Validator(json_schema(kind, content)) for kind in KINDS}


def refusals(
    data: Path, found: dict[str, Draft202012Validator], files: list[Path] | None = None
) -> list[ValidationError]:
    """Return every validation error in a folder's files."""
    kinds = [(file, kind_of(file, data)) for file in (files_of(data) if files is None else files)]
    return [
        error
        for file, kind in kinds
        if kind is not None
        for error in found[kind].iter_errors(editors_see(file))
    ]


@pytest.fixture(scope="module")
def plain() -> dict[str, Draft202012Validator]:
    """Validators built without data."""
    return validators()


@pytest.fixture(scope="module")
def informed() -> dict[str, Draft202012Validator]:
    """Validators built with the vocabulary and IDs of the miniature repository."""
    return validators(content_once(REPOSITORY))


def test_there_is_a_schema_for_every_class_of_file() -> None:
    """Every kind of curated file has a schema."""
    classes = {**WHOLE, **CLASSES}
    assert set(classes.values()) == {classes[place] for place in KINDS.values()}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("data", [None, REPOSITORY, DATA], ids=["plain", "repository", "data"])
def test_a_schema_is_one(kind: str, data: Path | None) -> None:
    """Each schema is valid by its metaschema, and survives a round trip through JSON."""
    schema = json_schema(kind, content_once(data) if data else None)
    Draft202012Validator.check_schema(schema)
    assert schema == json.loads(text_of(schema))
    assert '"enum": []' not in text_of(schema)


def objects(schema: Any) -> list[dict[str, Any]]:
    """Return every nested schema of a mapping."""
    if isinstance(schema, list):
        return [found for item in schema for found in objects(item)]
    if not isinstance(schema, dict):
        return []
    inner = [found for item in schema.values() for found in objects(item)]
    return [schema, *inner] if schema.get("type") == "object" and "title" in schema else inner


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_is_explained(kind: str) -> None:
    """Each record forbids unknown keys, and each of its keys has a description."""
    found = objects(json_schema(kind))
    assert found
    for schema in found:
        assert schema["additionalProperties"] is False
        for name, key in schema["properties"].items():
            assert re.fullmatch(r"\S.*\.", key["description"]), (schema["title"], name)


def test_what_is_said_of_fields_is_said_of_fields_that_exist() -> None:
    """`COLUMNS` and `SAYS` name only fields that exist."""
    for cls, name in [*descriptions.COLUMNS, *descriptions.SAYS]:
        assert name in {field.name for field in attrs.fields(cls)}, (cls, name)


def sound(data: Path, plain: dict[str, Draft202012Validator], files: list[Path]) -> None:
    """Check that files are valid by the schemas, with and without their own vocabulary."""
    assert files
    assert [] == refusals(data, plain, files)
    assert [] == refusals(data, validators(content_once(data)), files)


@pytest.mark.parametrize(
    ("data", "every"), [(DATA, 25), (REPOSITORY, 1)], ids=["data", "repository"]
)
def test_sound_files_validate(
    data: Path, every: int, plain: dict[str, Draft202012Validator]
) -> None:
    """Curated files are valid by the schemas: all of a small folder, of a large one a sample of each kind."""
    by_kind: dict[str | None, list[Path]] = {}
    for file in files_of(data):
        by_kind.setdefault(kind_of(file, data), []).append(file)
    sound(data, plain, [file for files in by_kind.values() for file in files[::every]])


@pytest.mark.long
def test_every_sound_file_validates(plain: dict[str, Draft202012Validator]) -> None:
    """Every curated file of the data is valid by the schemas."""
    sound(DATA, plain, files_of(DATA))


def test_reasons_validate(plain: dict[str, Draft202012Validator]) -> None:
    """The documented file of reasons is valid, and one with an unknown reason is not."""
    text = (DOCS / "versioning.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"   ```yaml\n(.*?)   ```", text, re.DOTALL)
    value = yaml.load(block, Loader=CoreLoader)
    assert plain["unreleased"].is_valid(value)
    assert not plain["unreleased"].is_valid(yaml.load(block.replace("coder_", ""), CoreLoader))


@settings(max_examples=10)
@given(content=strategies.contents())
def test_what_is_written_validates(
    tmp_path_factory: pytest.TempPathFactory,
    plain: dict[str, Draft202012Validator],
    content: model.Content,
) -> None:
    """Any content written as YAML is valid, even if texts look like numbers."""
    folder = write_folder(content, tmp_path_factory.mktemp("data") / "data")
    assert [] == refusals(folder, plain)
    assert [] == refusals(folder, validators(content))


@settings(max_examples=10)
@given(codebook=strategies.codebooks)
@example(
    codebook=model.Codebook(
        (model.Issue("1", "2", "3", True, (model.Level("true", 1, "0x1"),), (model.Aspect("1e5", "~"),)),),
        (model.Term("null", "012", "-"), model.Term("act", "2016", ".inf", 1, ("no", "~"))),
    )
)  # fmt: skip
def test_any_codebook_gives_schemas(
    tmp_path_factory: pytest.TempPathFactory, codebook: model.Codebook
) -> None:
    """Any codebook gives valid schemas, by which its own file is valid."""
    content = model.Content(codebook)
    folder = write_folder(content, tmp_path_factory.mktemp("data") / "data")
    for kind in ("document", "codebook"):
        Draft202012Validator.check_schema(json_schema(kind, content))
    assert [] == refusals(folder, validators(content))


@pytest.mark.parametrize(
    "text",
    ["036", "643", "1.10", "1e5", "true", "NO", "2021-10-20", "2021", "0x1F", "0o17", "a", "-3", ".5", "5."],
)  # fmt: skip
def test_words_are_seen_as_editors_see_them(text: str) -> None:
    """`seen` resolves a text as a YAML 1.2 core loader does."""
    assert yaml.load(text, Loader=CoreLoader) == seen(text)
    assert type(yaml.load(text, Loader=CoreLoader)) is type(seen(text))


def of_actor(validator: Draft202012Validator, line: str) -> bool:
    """Return whether an actor with one more line is valid."""
    value = yaml.load(f"name: A\nkind: state\n{line}\n", Loader=CoreLoader)
    return bool(validator.is_valid(value))


@pytest.mark.parametrize(
    ("line", "sound"),
    [
        ("description: 1.10", True),
        ("description: NO", True),
        ("description: true", True),
        ("description: 2021-10-20", True),
        ("description: ''", False),
        ("description: ~", False),
        ("description: [a]", False),
        ("valid_from: 2021-10-20", True),
        ("valid_from: '2021-10-20'", True),
        ("valid_from: 2021-10", False),
        ("wikidata: Q159", True),
        ("wikidata: 159", False),
        ("names: [{name: 1984, kind: preferred, language: no}]", True),
        ("names: [{name: A, kind: preferred, language: 12}]", False),
        ("codes: [{scheme: iso3166-1-numeric, code: 036}]", True),
        ("codes: [{scheme: iso3166-1-numeric, code: '036'}]", True),
        ("codes: [{scheme: iso3166-1-numeric, code: '36'}]", False),
        ("codes: [{scheme: iso3166-1-alpha2, code: NO}]", True),
        ("codes: [{scheme: iso3166-1-alpha2, code: true}]", False),
        ("codes: [{scheme: other, code: 1.10, scheme_version: 15}]", True),
        ("roles: [{role: leads, of: 2021}]", True),
        ("roles: [{role: leads, of: The Council}]", False),
        ("exemptions: [{rule: 12, reason: none}]", True),
        ("id: a", False),
    ],
)
def test_what_looks_like_something_else(
    line: str, sound: bool, plain: dict[str, Draft202012Validator]
) -> None:
    """A scalar is valid if its text is, whatever type an editor resolves it to."""
    assert sound == of_actor(plain["actor"], line)


def test_known_ids_are_offered_and_new_ones_taken() -> None:
    """Existing IDs are offered, and new ones are accepted."""
    known = json_schema("document", content_of(REPOSITORY))["$defs"]["actors"]
    assert "northland" in known["anyOf"][0]["enum"]
    assert Draft202012Validator(known).is_valid("newland")
    assert not Draft202012Validator(known).is_valid("New Land")


# Faults that a schema rejects: keys, types, patterns, words of the codebook.
OF_FORM = [
    "approximate-day",
    "ascriber-missing-beside-list",
    "bad-stance-id",
    "blind-level-unknown",
    "bound-of-nothing",
    "code-malformed",
    "codebook-and-document",
    "day-in-other-form",
    "decimal-for-number",
    "digest-malformed",
    "empty-file",
    "empty-value",
    "id-in-file",
    "language-and-address",
    "level-without-name",
    "licence-malformed",
    "list-for-text",
    "missing-key",
    "misspelt-aspect",
    "misspelt-condition-issue",
    "misspelt-issue",
    "misspelt-level",
    "misspelt-vocabulary",
    "no-ascriber",
    "no-place-beside-list",
    "not-a-record",
    "open-interval",
    "other-id-in-file",
    "seven-faults-in-one-stance",
    "short-day",
    "span-of-three",
    "text-for-list",
    "text-for-mapping",
    "tilde-for-text",
    "two-faults-at-once",
    "unknown-key",
    "unknown-kind",
    "unknown-kind-of-event",
    "unknown-role-of-holder",
    "waived-beside-unknown-key",
    "yes-no-for-boolean",
]
# Faults that only `check` finds: they concern other files (a dangling reference), several fields
# (one day before another), the calendar, or how a value is written, which a schema cannot see
# (`012` for 12, an alias, a duplicate key).
OF_MEANING = [
    "actor-ends-first",
    "alias",
    "ascribed-at-an-event",
    "ascriber-holds",
    "ascriber-missing",
    "ascriber-needless",
    "blind-match-unknown",
    "blind-of-nothing",
    "blind-span-past-end",
    "bloc-without-members",
    "circle-of-three",
    "code-ends-first",
    "code-of-two",
    "coded-blind-too-early",
    "coded-in-the-future",
    "coder-without-kind",
    "coding-of-another",
    "coding-of-nobody",
    "coding-without-coder",
    "condition-by-hearsay",
    "condition-said-twice",
    "condition-without-status",
    "copy-of-a-circle",
    "coverage-backwards",
    "coverage-unknown",
    "decomposed-letter",
    "derived-from-itself",
    "derived-from-nothing",
    "direct-by-another",
    "dissociates-alone",
    "document-of-another-century",
    "duplicate-key",
    "ends-in-words",
    "event-without-its-day",
    "event-without-source",
    "evidence-twice",
    "exemption-twice",
    "fewer-than-bound",
    "folder-for-a-record",
    "holder-twice",
    "id-of-two-kinds",
    "idle-exemption",
    "idle-exemption-of-actor",
    "impossible-coded-date",
    "impossible-day",
    "interval-backwards",
    "issue-of-neither-kind",
    "kind-against-date",
    "leading-zero",
    "locator-twice",
    "member-beside-bloc",
    "misspelt-actor",
    "misspelt-coder",
    "misspelt-dated-by",
    "misspelt-event",
    "name-ends-first",
    "name-in-capitals",
    "name-not-preferred",
    "name-of-another-century",
    "name-of-two",
    "name-that-is-no-id",
    "name-twice",
    "no-address",
    "no-evidence",
    "no-holder",
    "no-place",
    "one-utterance-twice",
    "outside-event",
    "participant-twice",
    "participant-unknown",
    "published-after-coding",
    "retrieved-too-early",
    "role-ends-first",
    "role-of-another-century",
    "role-twice-at-once",
    "rung-lost-without-ends",
    "same-address",
    "same-address-tracked",
    "same-stance-id",
    "same-text",
    "same-title",
    "same-title-in-capitals",
    "season-for-month",
    "set-of-one-day",
    "silent-though-heard",
    "span-backwards",
    "span-negative",
    "span-past-end",
    "span-without-digest",
    "span-without-text",
    "speaker-before-role",
    "speaker-without-role",
    "speaks-for-itself",
    "stance-repeated",
    "stated-after-publication",
    "status-after-publication",
    "status-of-another-century",
    "step-down-to-the-same-rung",
    "unseen-character",
    "unseen-in-blind-note",
    "unseen-in-exemption",
    "unseen-in-participant",
    "unseen-joiner",
    "unused-actor",
    "utterances-told-apart",
    "vote-at-a-meeting",
    "vote-twice",
    "wrong-ending",
    "wrong-folder",
    "year-of-another-century",
    "years-of-a-role",
]
# Faults of YAML itself, which prevent validation.
OF_YAML = ["broken-yaml", "tab", "tag", "two-yaml-documents"]


def test_every_fault_is_of_one_sort() -> None:
    """Every fault is in one of the lists."""
    assert FAULT_NAMES == sorted([*OF_FORM, *OF_MEANING, *OF_YAML])


def spoilt(name: str, repository: Path) -> list[Path]:
    """Apply a fault, and return the files it changes."""
    spoil(name, repository)
    fault = FAULTS / name
    return [repository / f.relative_to(fault) for f in fault.rglob("*.yaml") if f.is_file()]


def refusals_of(
    name: str, repository: Path, informed: dict[str, Draft202012Validator]
) -> list[ValidationError]:
    """Return the validation errors of a fault's files, by its own codebook if that is valid."""
    files = spoilt(name, repository)
    if repository / "codebook.yaml" in files:
        with contextlib.suppress(sd.InvalidDataError):
            informed = validators(content_of(repository))
    return refusals(repository, informed, files)


@pytest.mark.parametrize("name", OF_FORM)
def test_faults_of_form_are_refused(
    name: str, repository: Path, informed: dict[str, Draft202012Validator]
) -> None:
    """Schemas reject faults of form."""
    assert refusals_of(name, repository, informed)


@pytest.mark.parametrize("name", OF_MEANING)
def test_faults_of_meaning_pass(
    name: str, repository: Path, informed: dict[str, Draft202012Validator]
) -> None:
    """Schemas accept faults that only `check` can find."""
    assert [] == refusals_of(name, repository, informed)


@pytest.mark.parametrize("name", OF_YAML)
def test_faults_of_yaml_reach_no_schema(name: str, repository: Path) -> None:
    """Files that are not valid YAML cannot be loaded."""
    (file,) = spoilt(name, repository)
    with pytest.raises(yaml.YAMLError):
        editors_see(file)


def test_the_command(tmp_path: Path) -> None:
    """The command prints one schema, or writes one file per kind."""
    assert json_schema("actor") == json.loads(run("schema", "actor"))
    informed = json.loads(run("schema", "document", "--data", REPOSITORY))
    assert json_schema("document", content_of(REPOSITORY)) == informed
    text = run("schema", "--output", "new/schemas", "--data", REPOSITORY, cwd=tmp_path)
    assert [f"new/schemas/{kind}.schema.json" for kind in KINDS] == text.splitlines()
    assert informed == json.loads((tmp_path / "new/schemas/document.schema.json").read_text())
    one = run("schema", "event", "--output", tmp_path / "one")
    assert f"{tmp_path}/one/event.schema.json\n" == one
    assert ["event.schema.json"] == [file.name for file in (tmp_path / "one").iterdir()]


def test_the_command_refuses(tmp_path: Path, repository: Path) -> None:
    """The command refuses a missing or unknown kind, and invalid folders and codebooks."""
    kinds = ", ".join(KINDS)
    expected = f"kind: is missing; use one of {kinds}, or --output DIR\n"
    assert expected == run("schema", status=1)
    expected = "kind: is not a kind of curated file, got 'acter'; did you mean 'actor'?\n"
    assert expected == run("schema", "acter", status=1)
    assert "is not a data folder" in run("schema", "actor", "--data", tmp_path, status=1)
    spoil("level-without-name", repository)
    (repository / "actors" / "rebels.yaml").write_text("[", encoding="utf-8")
    assert "data/codebook.yaml:13: issues[0].levels[4].name: is missing; add it\n" == run(
        "schema", "actor", "--data", "data", status=1, cwd=repository.parent
    )  # fmt: skip
    (tmp_path / "file").write_text("")
    text = run("schema", "--output", tmp_path / "file", status=1)
    assert f"{tmp_path}/file: cannot be written: File exists; choose a folder\n" == text


def test_write_schemas_gives_the_files(tmp_path: Path) -> None:
    """`write_schemas` returns the paths, and refuses unknown kinds."""
    assert [tmp_path / "bounds.schema.json"] == write_schemas(tmp_path, None, ["bounds"])
    with pytest.raises(sd.StancedataError, match="did you mean 'bounds'"):
        write_schemas(tmp_path, None, ["bound"])


def test_settings_of_the_page_are_about_every_file() -> None:
    """The settings in docs/editing.md map each curated file to exactly its own schema."""
    page = (DOCS / "editing.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    settings = json.loads(block)["yaml.schemas"]
    assert [f"schemas/{kind}.schema.json" for kind in KINDS] == list(settings)
    for file in [*files_of(DATA), DATA / "unreleased" / "a.yaml"]:
        path = file.relative_to(DATA.parent)
        found = [
            schema
            for schema, globs in settings.items()
            if any(path.match(glob) for glob in ([globs] if isinstance(globs, str) else globs))
        ]
        assert found == [f"schemas/{kind_of(file, DATA)}.schema.json"], path


def test_the_library_needs_no_validator() -> None:
    """The library does not import jsonschema."""
    for file in Path(sd.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name.startswith("jsonschema")], file


def test_values_are_read_as_they_are_seen() -> None:
    """The library reads scalars as text where editors resolve types."""
    text = "a: 036\nb: NO\nc: true\nd: 2021-10-20\ne: 1.10\n"
    assert ["036", "NO", "true", "2021-10-20", "1.10"] == list(to_source(text, "f").value.values())  # type: ignore[union-attr]
    assert [36, "NO", True, "2021-10-20", 1.1] == list(yaml.load(text, CoreLoader).values())
