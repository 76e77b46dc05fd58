"""Check an export, and what it says about itself: versions, digests, releases, history and codebook.

Anyone who writes files can write any of these, so each is compared with the content.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stancedata import cache
from stancedata.dataset.rebuilds import rebuilt
from stancedata.exports import reader
from stancedata.exports.panels import NAMES, PANELS
from stancedata.model.corpus import digest_of
from stancedata.model.forms import FORMS
from stancedata.problems import InvalidDataError, Place, Problem
from stancedata.questions.positions import HISTORY
from stancedata.releases.record_contents import KINDS, is_content
from stancedata.releases.revisions import REASONS, Release
from stancedata.releases.version import EDITED, WORKING_COPY
from stancedata.rules.characters import is_future
from stancedata.tables.cells import AGAIN
from stancedata.tables.columns import sort
from stancedata.tables.contract import BY_NAME, tables_of
from stancedata.tables.dictionary import codebook_table
from stancedata.tables.digest import digest
from stancedata.tables.manifest import NAME as MANIFEST
from stancedata.tables.manifest import manifest_problems, read_manifest
from stancedata.tables.parquet import any_files
from stancedata.tables.source import DIGEST, STATED, VERSION, ParquetTables

if TYPE_CHECKING:
    import pyarrow as pa

    from stancedata.dataset import Dataset

_UNRELEASED = WORKING_COPY.removesuffix(EDITED)
Identify = Callable[[ParquetTables], Iterator[Problem]]
"""Reports what a folder of Parquet says about itself that its content does not bear out."""
SLOT = "sound-history"
"""The slots of the cache that stand for histories without a fault."""
WORDINGS = {
    "1": (
        "64233b17340fe5af4ca827bfb61859eaec8c9fb7fd19f343b2096ab48f47c274",
        "27e1c94c931f78afc248340075a3b216835d41ba2067d426580ea9b3d13d71eb",
        "8aa31a48e419727124b8616aa5234db3cf73a4eeadbf5820f9dcb9331b9d45e3",
        "98c8d2f0e4bc3d23f09f5ac7c974062e9fd0c3a3c7c65451317ab8d2de748169",
        "29d470a0d893e3095e09e80804fe17a50b6998afd9914cadfae7db8e1c02079d",
    ),
    "2": (
        "8eba1ba0c872c86238574a0b903c895aada6f8eb5132a553de2843c9907429f0",
        "bac5c1e79e0ee5d3ab07e480ec950fa0c97a10331170f0d869f460448deeb14a",
        "99fcea6c4d565c66be486c596b1f2d27868a93143a194479b314eace6d5b4d7b",
        "a5558a3a9c7e206956437408a28e8e4b4ceff90df92f3b5eb715f84af30b4d5a",
        "a44639e1e799212f197a4d5b654ca6c31d17fbc297b9293ae71d59bee3ead7db",
    ),
    "3": (
        "47aa9606a22d87ffce50c97dcdbb8a6eb80ea2bc60fcba8077a15b57a894599d",
        "20ba6b52d5f4396ea39f373df9294b412ad5b7104626128c9c2ae1dc3b1e6061",
        "fcdfc97b1df76a67a30ae5665f95da85bb98870669e0f062d6d28e75fa1e0435",
        "fb067c58120e0ddb1bead3f8f4220de7c9b62815a37bd17f4c5fb7b0b7bf14cf",
        "c86adc76424f03b910368f075d41736ed79ae9a81c8ebbcdfd4aa10caed3846b",
    ),
}
"""Digests of the words of `codebook`, by schema version; after a change of words, add one."""
_NOTHING = "0" * 64
"""What stands in place of a digest; no content has it."""
_WORDS = ("description", "table_description")
_FIXED = ("position", "data_type", "nullable", "refers_to", "key_position")
_ALLOWED = ("allowed_values", "allowed_by_issue")
_GROWN = ("refers_to", *_ALLOWED)
"""What an earlier library knew of fewer columns."""


def export_problems(
    path: Path,
    check: Callable[[Path, Identify], list[Problem]],
    dataset_of: Callable[[ParquetTables], Dataset],
    positions: bool,
    expect: str,
) -> list[Problem]:
    """Check an export; one of another format than Parquet as the Parquet that it is turned into.

    Args:
        path: The folder, database or zip.
        check: Checks a folder of Parquet by the rules, and then by what it is given.
        dataset_of: See `identity_problems`, as for the others.
        positions: Whether to rebuild the positions of every release too.
        expect: The digest that the content must have; empty for any.
    """
    identify = functools.partial(
        identity_problems, dataset_of=dataset_of, positions=positions, expect=expect
    )
    try:
        with reader.opened(path) as (export, folder):
            found = check(folder, identify)
            if (export / MANIFEST).exists():
                found += _of_manifest(export)
            if folder == path:
                return found
            return list(reader.located(reader.located(found, folder, path), export, path))
    except InvalidDataError as error:
        return list(error.problems)


def _of_manifest(folder: Path) -> Iterator[Problem]:
    """Compare an export with its manifest; files of others that are not read are warnings."""
    read = {file.path for name in BY_NAME for file in any_files(folder, name)}
    if not read:
        read = {path for path in folder.iterdir() if path.suffix in (".csv", ".sqlite", ".duckdb")}
    advice = f"{AGAIN}, or delete {MANIFEST} if you changed it on purpose"
    return manifest_problems(folder, advice, lambda name: folder / name not in read)


def identity_problems(
    tables: ParquetTables,
    dataset_of: Callable[[ParquetTables], Dataset],
    positions: bool = False,
    expect: str = "",
) -> Iterator[Problem]:
    """Report what a folder of Parquet says about itself that its content does not bear out.

    Args:
        tables: The tables of the folder.
        dataset_of: Makes a dataset of them.
        positions: Whether to rebuild the positions of every release too.
        expect: The digest that the content must have; empty for any.
    """
    try:
        dataset = dataset_of(tables)
        yield from unexpected(tables.folder, dataset, expect)
        yield from _stated(tables.folder, tables, dataset)
        yield from _version(tables.folder, dataset, stated=VERSION in tables.metadata)
        yield from _codebook(tables)
        yield from _history(tables, dataset, positions)
    except InvalidDataError as error:
        yield from error.problems


def unexpected(folder: Path, dataset: Dataset, expect: str) -> Iterator[Problem]:
    """Report that a dataset has another digest than the one that is expected, if one is."""
    if expect and dataset.digest != expect.lower():
        what = f"is not the expected one, got {dataset.digest}; get the version that you expect, and give its whole digest"
        yield Problem(Place(str(folder)), "digest", what)


def _stated(folder: Path, tables: ParquetTables, dataset: Dataset) -> Iterator[Problem]:
    """Compare the footers, and the manifest, with the identity of the content."""
    stated = tables.metadata
    footers = {
        n: stated[key].decode("utf-8", "replace") for n, key in STATED.items() if key in stated
    }
    manifest = read_manifest(folder)
    if DIGEST not in tables.metadata and not manifest:
        return
    right = {
        "version": dataset.version,
        "digest": dataset.digest,
        "positions_digest": dataset.positions_digest,
        "schema_version": tables.schema_version,
        "history_digest": dataset.history_digest,
    }
    for place, said in ((folder, footers), (folder / MANIFEST, manifest)):
        for name, wanted in right.items():
            if said.get(name, wanted) != wanted:
                what = f"is not that of the content, got {said[name]!r} where the tables have {wanted!r}"
                yield Problem(Place(str(place)), name, f"{what}; {AGAIN}")


def _version(folder: Path, dataset: Dataset, stated: bool) -> Iterator[Problem]:
    """Compare the version with the releases: that of a release has its content."""
    version, last = dataset.version, dataset.releases[-1] if dataset.releases else None
    place, base = Place(str(folder)), version.partition("+")[0]
    if not stated:
        yield from _unstated(place, dataset)
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


def _unstated(place: Place, dataset: Dataset) -> Iterator[Problem]:
    """Compare the positions with those of the last release, if the content is that of it."""
    last = dataset.releases[-1] if dataset.releases else None
    if last is None or last.schema_version != dataset.tables.schema_version:
        return  # before the content is read for its digest
    if last.digest != dataset.digest:
        return
    if (got := dataset.positions_digest) != (wanted := last.positions_digest):
        what = f"is not that of the content, got {wanted} where the tables have {got}"
        yield Problem(place, f"release {last.release}: positions_digest", f"{what}; {AGAIN}")


def _codebook(tables: ParquetTables) -> Iterator[Problem]:
    """Compare `codebook` with the contract; its words may be those of an earlier version.

    It describes the panels of an export too, whose words are not compared.
    """
    version = tables.schema_version
    place = Place(str(tables.files("codebook")[0].path))
    stated = _described(tables["codebook"])
    there = {row["table_name"] for row in stated.values()}
    panels = tuple(table.of(version) for table in PANELS if table.name in there)
    wanted = _described(codebook_table(tables, version, (*tables_of(version), *panels)))
    if {*stated} != {*wanted} or len(stated) != tables["codebook"].num_rows:
        column = min({*stated} ^ {*wanted}, default="")
        what = f"must have a row for each column of the contract, got {len(stated)}; {AGAIN}"
        yield Problem(place, column, what)
        return
    said = words_digest(tables["codebook"])
    earlier = said in WORDINGS[version]
    is_older = earlier and said != words_digest(codebook_table(tables, version))
    columns = _FIXED if int(version) < 3 else (*_FIXED, *_ALLOWED)
    for column, row in stated.items():
        words = () if earlier or row["table_name"] in NAMES else _WORDS
        for name in (*columns, *words):
            if is_older and name in _GROWN and row[name] is None:
                continue
            if row[name] != wanted[column][name]:
                what = f"has another {name} than in the contract, got {ascii(row[name])[:80]}"
                yield Problem(place, column, f"{what}; {AGAIN}, or update the library")
                return


def _described(codebook: pa.Table) -> dict[str, dict[str, Any]]:
    rows = codebook.to_pylist()
    return {f"{row['table_name']}.{row['column_name']}": row for row in rows}


def words_digest(codebook: pa.Table) -> str:
    """Compute the digest of the words in which a codebook describes the columns of the contract."""
    names = ("table_name", "column_name", *_WORDS)
    own = (row for row in codebook.to_pylist() if row["table_name"] not in NAMES)
    rows = sorted([row[name] or "" for name in names] for row in own)
    return digest_of(json.dumps(rows, ensure_ascii=False))


def _history(tables: ParquetTables, dataset: Dataset, positions: bool) -> Iterator[Problem]:
    """Check that the revisions are a history, and that it leads to every release.

    That takes as long as all of the rules, so a history that has been found sound is remembered.
    """
    place = Place(str(tables.files("revisions")[0].path))
    listed = list(_release_faults(dataset.releases))
    for record, what in listed[:20]:
        yield Problem(Place(str(tables.files("releases")[0].path)), record, f"{what}; {AGAIN}")
    if tables.is_large("revisions"):
        what = (
            f"is not rebuilt, got {tables.rows('revisions'):,} revisions; only the last is checked"
        )
        yield Problem(place, "", what, "warning")
        return
    revisions = tables["revisions"]
    about = f"{digest(tables, HISTORY)} {positions}"
    if cache.load(SLOT, about) is not None:
        return
    numbers = {release.release: release.release_number for release in dataset.releases}
    parse = functools.cache(json.loads)  # a content is checked, and then read for each release
    faults = list(_revision_faults(revisions, numbers, parse))
    for record, what in faults[:20]:
        yield Problem(place, record, f"{what}; {AGAIN}")
    if listed or faults:
        return
    different = list(rebuilt(dataset.releases, revisions, lambda release: place, positions, parse))
    yield from different
    if not different:
        cache.store(SLOT, about, b"sound")


def _release_faults(releases: tuple[Release, ...]) -> Iterator[tuple[str, str]]:
    for number, release in enumerate(releases, 1):
        earlier = releases[number - 2] if number > 1 else release
        if not re.fullmatch(FORMS["version"].pattern, release.release):
            yield release.release, f"must be a version, got {release.release!r}"
        if release.release in {other.release for other in releases[: number - 1]}:
            yield release.release, f"is listed twice, got number {number}"
        if is_future(release.released_on):
            yield release.release, f"is released later than today, got {release.released_on}"
        if _NOTHING in (release.digest, release.positions_digest):
            yield release.release, f"must have the digests of its content, got {_NOTHING}"
        if release.release_number != number:
            yield release.release, f"must have number {number}, got {release.release_number}"
        if release.released_on < earlier.released_on:
            yield (
                release.release,
                f"is released before {earlier.release}, got {release.released_on}",
            )


def _revision_faults(
    revisions: pa.Table, numbers: dict[str, int], parse: Callable[[str], Any]
) -> Iterator[tuple[str, str]]:
    """Compare each revision with the one before it, of the same record."""
    before: dict[str, Any] = {}
    for row in sort(BY_NAME["revisions"], revisions).to_pylist():
        follows = (row["kind"], row["record_id"]) == (before.get("kind"), before.get("record_id"))
        for fault in _faults_of(row, before if follows else {}, numbers, parse):
            yield f"{row['kind']} {row['record_id']}, revision {row['revision']}", fault
        before = row


def _faults_of(
    row: dict[str, Any],
    before: dict[str, Any],
    numbers: dict[str, int],
    parse: Callable[[str], Any],
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
    if content is not None and not _is_content(content, parse):
        yield f"has a content that is not rows of tables, got {content[:60]!r}"


def _is_content(text: str, parse: Callable[[str], Any]) -> bool:
    try:
        return is_content(parse(text))
    except (ValueError, RecursionError):
        return False
