"""The wheel and its installation contain the data of the checkout."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

import stancedata as sd
from stancedata.data_folder import checkout_data
from stancedata.dataset import packaged
from stancedata.dataset.packaged import compile_data
from stancedata.releases.changelog import cited
from stancedata.tables.contract import tables_of
from tests.support.paths import ROOT

in_checkout = pytest.mark.skipif(checkout_data() is None, reason="needs a checkout")


def build(folder: Path) -> Path:
    """Build a wheel from the checkout with the installed build tools."""
    words = ["hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run([sys.executable, "-m", *words], check=True, capture_output=True, cwd=ROOT)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from the checkout."""
    return build(tmp_path_factory.mktemp("wheel"))


@in_checkout
def test_wheel_has_the_data_and_nothing_else(wheel: Path) -> None:
    """The wheel has Parquet, SQL, py.typed, licences and the tables of states, but no tests."""
    names = zipfile.ZipFile(wheel).namelist()
    # The revisions table is left out, because its content is packaged in another form.
    schema_version = packaged.load().tables.schema_version
    for name in {table.name for table in tables_of(schema_version)} - {"revisions"}:
        assert f"stancedata/_data/{name}.parquet" in names
    assert "stancedata/py.typed" in names
    assert "stancedata/questions/sql/positions.sql" in names
    assert any(name.endswith("licenses/LICENSE-DATA") for name in names)
    allowed = (".py", ".pyi", ".sql", ".parquet", ".typed", "/manifest.json")
    # The template of `init`, the states whose codes the commands of coders know, and sites.
    coding = ("templates/codebook.yaml", "states.csv", "state_names.csv")
    others = {f"stancedata/coding/{name}" for name in coding}
    site = ROOT / "src" / "stancedata" / "site"
    parts = [file for kind in ("html", "css", "js", "svg") for file in site.rglob(f"*.{kind}")]
    assert parts
    others |= {file.relative_to(ROOT / "src").as_posix() for file in parts}
    inside = {name for name in names if name.startswith("stancedata/")}
    assert others == {name for name in inside if not name.endswith(allowed)}
    assert {"stancedata"} == {n.split("/")[0] for n in names if ".dist-info" not in n}


@in_checkout
def test_wheel_and_checkout_have_one_digest(wheel: Path, tmp_path: Path) -> None:
    """The data installed from the wheel have the same digest as the checkout."""
    builder = venv.EnvBuilder(with_pip=False)
    builder.create(tmp_path / "env")
    (site,) = (tmp_path / "env").glob("lib/python*/site-packages")
    zipfile.ZipFile(wheel).extractall(site)
    # Dependencies come from this environment, but the package from the wheel.
    here = [p for p in sys.path if p.endswith("site-packages")]
    (site / "here.pth").write_text("\n".join(here))
    code = (
        "import stancedata as sd; last, first = sd.load(), sd.load('0.1.0')\n"
        "print(sd.__file__, last.digest, last.version, first.digest, first.positions_digest)"
    )
    found = subprocess.run(
        [tmp_path / "env" / "bin" / "python", "-c", code],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=True,
    )
    file, *said = found.stdout.split()
    assert str(site) in file
    last, first = packaged.load(), packaged.load("0.1.0")
    assert [last.digest, last.version, first.digest, first.positions_digest] == said


@in_checkout
def test_two_builds_are_alike(wheel: Path, tmp_path: Path) -> None:
    """The build of the wheel is reproducible byte for byte."""
    assert wheel.read_bytes() == build(tmp_path).read_bytes()


@in_checkout
def test_edited_data_are_read_themselves(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a checkout, curated files edited since compilation are read instead of the Parquet."""
    compiled = tmp_path / "_data"
    compile_data(repository, compiled)
    monkeypatch.setattr(packaged, "COMPILED", compiled)
    monkeypatch.setattr(packaged, "checkout_data", lambda: repository)
    before = packaged.load()
    assert compiled == packaged.up_to_date_folder()
    file = repository / "actors" / "rebels.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("name: Rebels", "name: The Rebels"),
        encoding="utf-8",
    )
    assert packaged.up_to_date_folder() is None
    after = packaged.load()
    assert ("Rebels", "The Rebels") == (before.actors["rebels"].name, after.actors["rebels"].name)
    assert before.digest != after.digest


def test_versions_are_in_step() -> None:
    """CITATION.cff has the version and day of the last release of the data.

    Before the first release, it has the version of the package.
    """
    if checkout_data() is None:
        pytest.skip("CITATION.cff is only in a checkout")
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    releases = packaged.load().releases
    if releases:
        assert cited(text, releases[-1]) == text
    else:
        assert f"version: {sd.__version__}\n" in text
