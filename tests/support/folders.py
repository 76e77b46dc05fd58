"""Write a content as a data folder, for tests that read it back."""

from __future__ import annotations

from pathlib import Path

from stancedata import model
from tests.support import yaml_records


def write_folder(content: model.Content, path: Path) -> Path:
    """Write every record of a content to its curated file."""
    for name in ("actors", "events", "documents", "coverage", "codings"):
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
    for coverage in content.coverage:
        file = path / "coverage" / f"{coverage.coverage_id}.yaml"
        _write(file, yaml_records.from_coverage(coverage))
    for coding in content.codings:
        key = (coding.coder, coding.document_id)
        blind = tuple(s for s in content.blind_stances if (s.coder, s.document_id) == key)
        file = path / "codings" / coding.coder / f"{coding.document_id}.yaml"
        file.parent.mkdir(exist_ok=True)
        _write(file, yaml_records.from_coding(coding, blind))
    return path


def _write(file: Path, record: object) -> None:
    file.write_text(yaml_records.write_record(record), encoding="utf-8")


def texts_of(folder: Path) -> dict[str, str]:
    """Read every file of a folder, by its relative path, to compare two states of it."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {f.relative_to(folder).as_posix(): f.read_text(encoding="utf-8") for f in files}
