"""Paths of the project's files and of the test data."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
TEST_DATA = ROOT / "tests" / "data"
REPOSITORY = TEST_DATA / "repository"  # a miniature data folder without a fault
FAULTS = TEST_DATA / "faults"  # a folder for each: what it changes, and what `check` must report
RELEASED = TEST_DATA / "released"  # a data folder with three simulated releases
SCHEMA_1 = TEST_DATA / "schema-1"  # a data folder as of schema 1
TEXTS = TEST_DATA / "texts"  # the texts of the miniature repository
FAULT_NAMES = sorted(path.name for path in FAULTS.iterdir())
SCHEMAS = TEST_DATA / "schemas"  # the columns of every schema version
