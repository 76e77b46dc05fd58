"""Released content and the columns of every schema version never change."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest

from stancedata.data_folder import HISTORY, checkout_data
from stancedata.dataset import packaged
from stancedata.dataset.rebuilds import replayed
from stancedata.releases.log import read_history
from stancedata.tables.columns import SCHEMA_VERSION
from stancedata.tables.contract import TABLES
from tests.support.effort import spread
from tests.support.paths import RELEASED, SCHEMAS


def columns_of(version: str) -> list[str]:
    """List the tables of a schema version, one per line."""
    return [
        f"{table.name} {' '.join(table.key_of(version))}: "
        + ", ".join(f"{c.name} {c.type}{'?' if c.nullable else ''}" for c in columns)
        for table in TABLES
        if (columns := table.columns_of(version))
    ]


@pytest.mark.parametrize("file", sorted(SCHEMAS.glob("*.txt")), ids=lambda file: file.stem)
def test_a_schema_version_never_changes(file: Path) -> None:
    """Tables, keys and columns of a schema version never change."""
    assert file.read_text(encoding="utf-8").splitlines() == columns_of(file.stem)


def test_every_schema_version_is_frozen() -> None:
    """Every version up to the present one has a file, and no column is newer than that."""
    versions = sorted(int(file.stem) for file in SCHEMAS.glob("*.txt"))
    assert list(range(1, int(SCHEMA_VERSION) + 1)) == versions
    assert int(SCHEMA_VERSION) >= max(c.since for table in TABLES for c in table.columns)


@pytest.mark.parametrize("data", [RELEASED, checkout_data()], ids=["tests", "data"])
def test_frozen_releases_come_again(data: Path | None) -> None:
    """Releases, and those simulated for the tests, give their recorded digests.

    In the usual run the first, a middle and the last one; their content is made of all revisions.
    """
    if data is None:
        pytest.skip("the history is only in a checkout")
    history = read_history(data).history
    some = attrs.evolve(history, releases=tuple(spread(history.releases, 3)))
    assert [] == list(replayed(data, some))


def test_simulated_releases_are_what_they_were() -> None:
    """The simulated releases have the digests written down here."""
    history = read_history(RELEASED).history
    assert [
        "e20af3b56ff9ffdf137878f1a62633f086d557d42b2792436a27cfa1de99c2b8",
    ] == [history.releases[0].digest]
    assert ["0.1.0", "0.2.0", "0.3.0"] == [r.release for r in history.releases]
    assert [16, 2, 1] == [
        sum(r.release == release.release for r in history.revisions) for release in history.releases
    ]


def test_releases_that_were_cited_load() -> None:
    """A release loads by its version, with the digest of its citation."""
    newest = packaged.load()
    for release in spread(newest.releases, 4):
        assert packaged.load(release.release).digest == release.digest
    data = checkout_data()
    if data is not None and (data / HISTORY).is_dir():
        assert newest.releases == read_history(data).history.releases
