"""The message for a holder without positions lists the stances that do not count."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

from hypothesis import given

import stancedata as sd
from stancedata import model
from stancedata.cli.records.positions import no_position
from stancedata.questions.positions import Complete
from stancedata.tables.rows import to_tables
from tests.cli.test_commands import run
from tests.support import strategies
from tests.support.effort import examples
from tests.support.parquet_folders import lay


def reasons(dataset: sd.Dataset, holder: str, issue: str | None) -> list[str]:
    """Count the reasons why stances of a holder do not count, most frequent first."""
    found = Counter(
        "of others, from which it dissociates itself" if part.role != "party"
        else "attributed by a third party" if stance.attribution == "third_party"
        else "limited by a quantifier"
        for stance in dataset.stances.values() if issue in (None, stance.issue_id)
        for part in stance.holders if part.actor_id == holder
        if part.role != "party" or stance.attribution == "third_party" or stance.quantifier
    )  # fmt: skip
    return [f"{number} {reason}" for reason, number in found.most_common()]


def naming(content: model.Content, holder: str, issue: str | None) -> list[model.Stance]:
    """Return the stances that name a holder in any role."""
    stances = (s for s in content.stances if issue in (None, s.issue_id))
    return [s for s in stances for part in s.holders if part.actor_id == holder]


def counted(dataset: sd.Dataset, holder: str, issue: str | None) -> int:
    """Count the stances that make up its positions."""
    dataset._asker._count()
    rows = dataset._asker._query("SELECT * FROM counted").to_pylist()
    return sum(row["actor_id"] == holder and issue in (None, row["issue_id"]) for row in rows)


@examples(6)
@given(strategies.questions())
def test_each_reason_is_counted(content: model.Content) -> None:
    """For every holder and issue, the message agrees with a naive count; ties in any order."""
    dataset = sd.Dataset(Complete(to_tables(content)), "0.0.0")
    for holder in {part.actor_id for stance in content.stances for part in stance.holders}:
        for issue in [None, *dataset.issues]:
            told = dataset.not_counted(holder, issue).to_pylist()
            named = naming(content, holder, issue)
            assert len(named) - counted(dataset, holder, issue) == sum(r["stances"] for r in told)
            said = no_position(dataset, holder, issue)
            head, _, tail = said.partition("; stances that do not count: ")
            assert "no position on record" == head
            assert sorted(reasons(dataset, holder, issue)) == sorted(
                tail.split("; ") if tail else []
            )


def test_commands_say_why() -> None:
    """`history` and `show` list stances that do not count, if there are any."""
    said = "no position on record; stances that do not count: 1 attributed by a third party"
    assert said == run("history", "islamic-republic").strip()
    assert said in run("show", "islamic-republic")
    assert run("history", "sergei-lavrov").startswith("no position on record; voiced for others:")
    assert "no position on record" == run("history", "islamic-republic", "aid").strip()


def test_a_history_imports_neither_pandas_nor_duckdb(dataset: sd.Dataset, tmp_path: Path) -> None:
    """A history comes from tables that are searched, without a query or a frame."""
    folder = str(tmp_path)
    lay(dict(dataset.tables), tmp_path)
    script = (
        "import sys\n"
        "from stancedata.cli import main\n"
        "for more in ([], ['--from', '2021-09', '--to', '2021-12-31']):\n"
        f"    sys.argv = ['stancedata', 'history', 'russia', 'recognition', '--data', {folder!r}, *more]\n"
        "    try:\n"
        "        main()\n"
        "    except SystemExit as end:\n"
        "        assert not end.code\n"
        "assert not {'pandas', 'duckdb', 'polars'} & sys.modules.keys()\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert not done.returncode, done.stderr
    assert b"recognition" in done.stdout
