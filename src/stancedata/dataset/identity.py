"""Check what an export says about itself: versions, digests, releases, history and codebook.

Whoever writes files can write any of these, so each is compared with the content.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stancedata.model.corpus import digest_of
from stancedata.problems import InvalidDataError, Place, Problem
from stancedata.questions.positions import Complete
from stancedata.releases.contents import KINDS, is_content
from stancedata.releases.revisions import REASONS, Release, replay
from stancedata.releases.version import EDITED, WORKING_COPY
from stancedata.tables.cells import AGAIN
from stancedata.tables.columns import sort
from stancedata.tables.contract import BY_NAME
from stancedata.tables.digest import digest
from stancedata.tables.manifest import read_manifest
from stancedata.tables.rows import codebook_table
from stancedata.tables.source import DIGEST, SCHEMA, VERSION, ParquetTables

if TYPE_CHECKING:
    import pyarrow as pa

    from stancedata.dataset import Dataset

_UNRELEASED = WORKING_COPY.removesuffix(EDITED)
_STATED = {"version": VERSION, "digest": DIGEST, "schema_version": SCHEMA}
Where = Callable[[Release], Place]
"""Gives the place of a release, for messages."""


def identity_problems(
    folder: Path, dataset_of: Callable[[ParquetTables], Dataset]
) -> Iterator[Problem]:
    """Report what a folder of Parquet says about itself that its content does not bear out.

    Args:
        folder: The folder.
        dataset_of: Makes a dataset of its tables.
    """
    try:
        tables = ParquetTables(folder, formed=False)
        dataset = dataset_of(tables)
        yield from _stated(folder, tables, dataset)
        yield from _version(folder, dataset, stated=VERSION in tables.metadata)
        yield from _codebook(tables)
        yield from _history(tables, dataset)
    except InvalidDataError as error:
        yield from error.problems


def _stated(folder: Path, tables: ParquetTables, dataset: Dataset) -> Iterator[Problem]:
    """Compare the footers, and the manifest, with the identity of the content."""
    footers = {name: tables.metadata[key].decode() for name, key in _STATED.items()
               if key in tables.metadata}  # fmt: skip
    manifest = read_manifest(folder)
    if DIGEST not in tables.metadata and not manifest:
        return
    right = {
        "version": dataset.version,
        "digest": dataset.digest,
        "positions_digest": dataset.positions_digest,
        "schema_version": tables.schema_version,
    }
    for place, said in ((folder, footers), (folder / "manifest.json", manifest)):
        for name, wanted in right.items():
            if said.get(name, wanted) != wanted:
                what = f"is not that of the content, got {said[name]!r} where the tables have {wanted!r}"
                yield Problem(Place(str(place)), name, f"{what}; {AGAIN}")


def _version(folder: Path, dataset: Dataset, stated: bool) -> Iterator[Problem]:
    """Compare the version with the releases: that of a release has its content."""
    version, last = dataset.version, dataset.releases[-1] if dataset.releases else None
    place, base = Place(str(folder)), version.partition("+")[0]
    if not stated:
        return
    if last is None or version != last.release:
        known = {_UNRELEASED, *([last.release] if last else [])}
        if "+" not in version or base not in known:
            what = f"is not that of the last release in `releases`, got {version!r}"
            yield Problem(place, "version", f"{what}; {AGAIN}")
        return
    for name, wanted in (("digest", last.digest), ("positions_digest", last.positions_digest)):
        if (got := getattr(dataset, name)) != wanted:
            what = f"is not that of the content, got {wanted} where the tables have {got}"
            yield Problem(place, f"release {version}: {name}", f"{what}; {AGAIN}")


def _codebook(tables: ParquetTables) -> Iterator[Problem]:
    """Compare the table `codebook` with the contract."""
    found = sort(BY_NAME["codebook"], tables["codebook"]).to_pylist()
    wanted = codebook_table(tables.schema_version).to_pylist()
    place = Place(str(tables.files("codebook")[0].path))
    for row in [row for row in found if row not in wanted] or [r for r in wanted if r not in found]:
        field = f"{row['table_name']}.{row['column_name']}"
        what = f"is not described as the contract does, got {row['description'][:80]!r}"
        yield Problem(place, field, f"{what}; {AGAIN}")
        return
    if len(found) != len(wanted):
        what = f"has {len(wanted)} columns to describe, got {len(found)} rows; {AGAIN}"
        yield Problem(place, "", what)


def _history(tables: ParquetTables, dataset: Dataset) -> Iterator[Problem]:
    """Check that the revisions are a history, and that it leads to every release."""
    place = Place(str(tables.files("revisions")[0].path))
    if tables.is_large("revisions"):
        what = (
            f"is not rebuilt, got {tables.rows('revisions'):,} revisions; only the last is checked"
        )
        yield Problem(place, "", what, "warning")
        return
    revisions = tables["revisions"]
    numbers = {release.release: release.release_number for release in dataset.releases}
    faults = [*_release_faults(dataset.releases), *_revision_faults(revisions, numbers)]
    for record, what in faults[:20]:
        yield Problem(place, record, f"{what}; {AGAIN}")
    if not faults:
        yield from rebuilt(dataset.releases, revisions, lambda release: place)


def _release_faults(releases: tuple[Release, ...]) -> Iterator[tuple[str, str]]:
    for number, release in enumerate(releases, 1):
        earlier = releases[number - 2] if number > 1 else release
        if release.release_number != number:
            yield release.release, f"must have number {number}, got {release.release_number}"
        if release.released_on < earlier.released_on:
            yield (
                release.release,
                f"is released before {earlier.release}, got {release.released_on}",
            )


def _revision_faults(revisions: pa.Table, numbers: dict[str, int]) -> Iterator[tuple[str, str]]:
    """Compare each revision with the one before it, of the same record."""
    before: dict[str, Any] = {}
    for row in sort(BY_NAME["revisions"], revisions).to_pylist():
        follows = (row["kind"], row["record_id"]) == (before.get("kind"), before.get("record_id"))
        for fault in _faults_of(row, before if follows else {}, numbers):
            yield f"{row['kind']} {row['record_id']}, revision {row['revision']}", fault
        before = row


def _faults_of(
    row: dict[str, Any], before: dict[str, Any], numbers: dict[str, int]
) -> Iterator[str]:
    content, stood = row["content"], before.get("content") is not None
    operation = "retract" if content is None else "modify" if stood else "add"
    if row["kind"] not in KINDS or row["reason"] not in REASONS:
        yield f"must have a known kind and reason, got {row['kind']}, {row['reason']}"
    if row["operation"] != operation:
        yield f"must be operation {operation}, got {row['operation']}"
    if row["revision"] != before.get("revision", 0) + 1:
        yield f"must be revision {before.get('revision', 0) + 1}, got {row['revision']}"
    if numbers.get(row["release"]) != row["release_number"]:
        yield f"must be of a release in `releases`, got {row['release']}, {row['release_number']}"
    if row["release_number"] <= before.get("release_number", 0):
        yield f"must be of a later release than the one before, got {row['release']}"
    if row["content_sha256"] != (None if content is None else digest_of(content)):
        yield f"has a content with another digest, got {row['content_sha256']}"
    if content is not None and not _is_content(content):
        yield f"has a content that is not rows of tables, got {content[:60]!r}"


def _is_content(text: str) -> bool:
    try:
        return is_content(json.loads(text))
    except (ValueError, RecursionError):
        return False


def rebuilt(releases: tuple[Release, ...], revisions: pa.Table, where: Where) -> Iterator[Problem]:
    """Rebuild every release from the revisions and report those whose digests differ."""
    for release in releases:
        version = release.schema_version
        tables = Complete(replay(revisions, release.release_number), schema_version=version)
        for what, wanted, found in (
            ("content", release.digest, digest(tables, schema_version=version)),
            ("positions", release.positions_digest, digest(tables, ("positions",), version)),
        ):
            if wanted != found:
                message = f"the rebuilt {what} must have the digest {wanted}, got {found}"
                advice = "use the version of the library that made the release"
                yield Problem(where(release), "", f"{message}; {advice}")
