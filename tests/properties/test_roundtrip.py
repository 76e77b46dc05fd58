"""YAML, model, tables and Parquet represent the same content."""

from __future__ import annotations

import tempfile
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancedata import model
from stancedata.curation import conversion, records
from stancedata.curation.folder import read_folder
from stancedata.curation.format import formatted
from stancedata.curation.source import to_source
from stancedata.curation.structure import structure
from stancedata.dataset import Dataset
from stancedata.dataset.folders import from_parquet
from stancedata.questions.positions import Complete
from stancedata.tables.digest import digest
from stancedata.tables.rows import to_tables
from tests.support import strategies, yaml_records
from tests.support.contents import from_tables
from tests.support.effort import examples
from tests.support.folders import write_folder
from tests.support.yaml_records import write_record


def through(record: object, shape: type) -> object:
    """Write a record as YAML and read it again."""
    found, problems = structure(to_source(write_record(record), "file.yaml"), shape)
    assert problems == []
    return found


@given(strategies.actors)
def test_actor_through_yaml(actor: model.Actor) -> None:
    """An actor written as YAML reads back as itself."""
    record = through(yaml_records.from_actor(actor), records.ActorRecord)
    assert actor == conversion.to_actor(actor.actor_id, record)  # type: ignore[arg-type]


@given(strategies.events)
def test_event_through_yaml(event: model.Event) -> None:
    """An event written as YAML reads back as itself."""
    record = through(yaml_records.from_event(event), records.EventRecord)
    assert event == conversion.to_event(event.event_id, record)  # type: ignore[arg-type]


@given(strategies.documents())
def test_document_through_yaml(document: model.Document) -> None:
    """A document written as YAML reads back as itself."""
    record = through(yaml_records.from_document(document), records.DocumentRecord)
    assert document == conversion.to_document(document.document_id, record)  # type: ignore[arg-type]


@given(strategies.codebooks)
def test_codebook_through_yaml(codebook: model.Codebook) -> None:
    """A codebook written as YAML reads back as itself."""
    record = through(yaml_records.from_codebook(codebook), records.CodebookRecord)
    assert codebook == conversion.to_codebook(record)  # type: ignore[arg-type]


@given(strategies.codebooks)
def test_codebook_through_tables(codebook: model.Codebook) -> None:
    """A codebook converted to tables reads back as itself, in its order."""
    content = model.Content(codebook)
    assert content == from_tables(to_tables(content))


@examples(6)
@given(strategies.contents())
def test_content_through_yaml_tables_and_parquet(content: model.Content) -> None:
    """A data folder survives YAML, model, tables, Parquet and back unchanged."""
    with tempfile.TemporaryDirectory() as name:
        folder = read_folder(write_folder(content, Path(name) / "data"))
        assert folder.problems == []
        assert content == folder.content
        tables = to_tables(content)
        assert content == from_tables(tables)
        dataset = Dataset(Complete(tables), "0.0.0+test")
        dataset.export(Path(name) / "out", panel=False)
        again = from_parquet(Path(name) / "out")
        assert content == from_tables(again.tables)
        assert dataset.digest == again.digest
        for table in tables:
            assert dataset.tables[table].equals(again.tables[table], check_metadata=False)


@examples(10)
@given(strategies.questions(), st.data())
def test_digest_follows_content(content: model.Content, data: st.DataObject) -> None:
    """Any change of a stance changes the digest."""
    if not content.stances:
        return
    index = data.draw(st.integers(0, len(content.stances) - 1))
    changed = list(content.stances)
    changed[index] = attrs.evolve(changed[index], summary=changed[index].summary + "!")
    other = attrs.evolve(content, stances=tuple(changed))
    one, two = (digest(to_tables(c)) for c in (content, other))
    assert one != two


@examples(6)
@given(strategies.contents())
def test_formatting_is_idempotent_on_any_content(content: model.Content) -> None:
    """YAML written by the library is already in canonical layout."""
    for document in content.documents:
        stances = tuple(s for s in content.stances if s.document_id == document.document_id)
        text = write_record(yaml_records.from_document(document, stances))
        assert text == formatted(text, records.DocumentRecord, "file.yaml")


@pytest.mark.parametrize("name", ["actors", "events", "documents", "stances", "issues"])
def test_every_object_of_the_real_data_can_be_made(dataset: Dataset, name: str) -> None:
    """Collections build the same objects one by one as all at once."""
    collection = getattr(dataset, name)
    made = from_tables(dataset.tables)
    everything = {"issues": made.codebook.issues}.get(name) or getattr(made, name)
    assert sorted(everything, key=repr) == sorted(collection.values(), key=repr)
