"""Write a content as a data folder, for tests that read it back."""

from __future__ import annotations

from pathlib import Path

from stancedata import model
from stancedata.curation import records
from tests.support import yaml_records

FOLDER_OF = {"coder-1": "first_coding", "coder-2": "second_coding"}


def write_folder(content: model.Content, path: Path) -> Path:
    """Write every record of a content to its curated file."""
    for name in ("actors", "events", "documents", "first_coding", "second_coding"):
        (path / name).mkdir(parents=True)
    _write(path / "codebook.yaml", yaml_records.from_codebook(content.codebook))
    for actor in content.actors:
        _write(path / "actors" / f"{actor.actor_id}.yaml", yaml_records.from_actor(actor))
    for event in content.events:
        _write(path / "events" / f"{event.event_id}.yaml", yaml_records.from_event(event))
    for document in content.documents:
        stances = tuple(s for s in content.stances if s.document_id == document.document_id)
        record = yaml_records.from_document(document, stances)
        _write(path / "documents" / f"{document.document_id}.yaml", record)
    for coder, folder in FOLDER_OF.items():
        for document in content.documents:
            blind = tuple(
                yaml_records.from_stance(s)
                for s in content.blind_stances
                if (s.coder, s.document_id) == (coder, document.document_id)
            )
            if blind:
                file = path / folder / f"{document.document_id}.yaml"
                _write(file, records.BlindRecord(coder, blind))  # type: ignore[arg-type]
    return path


def _write(file: Path, record: object) -> None:
    file.write_text(yaml_records.write_record(record), encoding="utf-8")
