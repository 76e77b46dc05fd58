"""Frictionless, pandera and dbt accept an export and refuse a changed one; Datasette serves it."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import polars as pl
import pytest

import stancedata as sd
from tests.support.paths import ROOT

FRICTIONLESS, PANDERA = re.findall(
    r"```python\n(.*?)```", (ROOT / "docs" / "validation.md").read_text(encoding="utf-8"), re.DOTALL
)


@pytest.fixture
def folder(small: sd.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an export, in which the page's code runs."""
    small.export(tmp_path / "exports", ("parquet", "csv"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(code: str) -> dict[str, Any]:
    """Run code of the page; return its names."""
    names: dict[str, Any] = {}
    exec(compile(code, "validation.md", "exec"), names)
    return names


def test_frictionless(folder: Path) -> None:
    """It accepts the positions, and refuses a word that the column does not allow."""
    pytest.importorskip("frictionless")
    run(FRICTIONLESS)
    path = folder / "exports" / "positions.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(',"direct",', ',"shouted",', 1), encoding="utf-8")
    assert "shouted" in path.read_text(encoding="utf-8")
    with pytest.raises(AssertionError, match="shouted"):
        run(FRICTIONLESS)


def test_pandera(folder: Path) -> None:
    """It accepts tables and a panel, and refuses a word that the column does not allow."""
    pytest.importorskip("pandera")
    names = run(PANDERA)
    positions = pl.read_parquet("exports/positions.parquet")
    schema = names["schema_of"]("positions", names["codebook"])
    wrong = positions.with_columns(pl.lit("shouted").alias("attribution"))
    with pytest.raises(Exception, match="attribution"):
        schema.validate(wrong, lazy=True)
    assert "stance_id" in schema.unique


def test_datasette(small: sd.Dataset, tmp_path: Path) -> None:
    """It lists every table and view, and shows a row with links along the foreign keys."""
    app = pytest.importorskip("datasette.app")
    small.export(tmp_path / "out", ("sqlite",))
    served = app.Datasette([], immutables=[str(tmp_path / "out" / "stancedata.sqlite")])

    async def ask(*paths: str) -> list[Any]:
        await served.invoke_startup()
        return [await served.client.get(path) for path in paths]

    stance_id = min(small.stances)
    document_id = small.stances[stance_id].document_id
    listed, page = asyncio.run(
        ask("/stancedata.json", f"/stancedata/stances?stance_id={quote(stance_id)}")
    )
    found = listed.json()
    assert {*small.tables, "panel_month", "panel_year"} < {t["name"] for t in found["tables"]}
    assert {"named_positions", "current_matrix"} <= {view["name"] for view in found["views"]}
    keys = {table["name"]: table["foreign_keys"] for table in found["tables"]}
    links = {(k["column"], k["other_table"]) for k in keys["stances"]["outgoing"]}
    assert {("document_id", "documents"), ("issue_id", "issues"), ("speaker_id", "actors")} <= links
    assert ("coder", "coders") in {
        (k["column"], k["other_table"]) for k in keys["documents"]["outgoing"]
    }
    assert {"holders", "evidence"} <= {k["other_table"] for k in keys["stances"]["incoming"]}
    assert 200 == page.status_code
    assert f'href="/stancedata/documents/{document_id}"' in page.text


def test_dbt(folder: Path) -> None:
    """`dbt test` passes on an export, and fails on one with a position of nobody."""
    if importlib.util.find_spec("dbt") is None:
        pytest.skip("dbt-duckdb is not installed")
    project = folder / "project"
    (project / "models").mkdir(parents=True)
    shutil.copy(folder / "exports" / "sources.yml", project / "models")
    name = "name: reads\nversion: 1.0.0\nprofile: reads\nmodel-paths: [models]\n"
    (project / "dbt_project.yml").write_text(name, encoding="utf-8")
    target = f"type: duckdb, path: {project / 'out.duckdb'}"
    profile = f"reads: {{target: dev, outputs: {{dev: {{{target}}}}}}}\n"
    (project / "profiles.yml").write_text(profile, encoding="utf-8")
    dbt = Path(sys.executable).parent / "dbt"
    command = [str(dbt), "test", "--project-dir", "../project", "--profiles-dir", "../project"]
    options: dict[str, Any] = {
        "cwd": folder / "exports",
        "env": os.environ | {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false"},
        "capture_output": True,
        "text": True,
    }
    found = subprocess.run([*command, "--quiet"], check=False, **options)
    assert 0 == found.returncode, found.stdout
    path = folder / "exports" / "positions.parquet"
    wrong = pl.read_parquet(path).with_columns(pl.lit("nobody").alias("actor_id"))
    wrong.write_parquet(path)
    select = ["--select", "source:stancedata.positions"]
    found = subprocess.run([*command, *select], check=False, **options)
    assert 1 == found.returncode
    assert "relationships" in found.stdout
