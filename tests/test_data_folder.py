"""The layout of data folders: what is no folder of this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

import stancedata as sd
from stancedata import site
from stancedata.data_folder import refuse_address
from stancedata.problems import StancedataError

ADDRESSES = ("s3://bucket/exports", "gs://bucket/exports", "https://example.org/exports")


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_is_not_taken_for_a_folder(
    small: sd.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """Nothing is written to a folder `s3:` here as if it were the bucket, nor read from one."""
    monkeypatch.chdir(tmp_path)
    for use in (small.export, sd.read, sd.check, lambda path: site.write(small, Path(path))):
        with pytest.raises(StancedataError, match="is an address, not a folder of this machine"):
            use(address)
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("path", ["exports", "C:/exports", "/s3:/exports", "a b/s3", "../x:/y"])
def test_folders_are_not_addresses(path: str) -> None:
    """A drive's letter, a colon deeper in a path and spaces are no scheme."""
    refuse_address(Path(path))


def test_a_folder_of_such_a_name_may_be_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that is there is one, whatever its name."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s3:").mkdir()
    refuse_address(Path("s3:/exports"))
