"""Measure 100 releases of 10,000 stances: `python -m benchmarks.releases [RELEASES] [STANCES]`.

In each release after the first, 1 % of the stances get another level and summary. Printed are the
sizes of the history and of the packaged data relative to the last state alone, and the time to load
the oldest release relative to the newest: full loads in turn, each in a new store, median ratios.
"""

from __future__ import annotations

import datetime
import functools
import hashlib
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa

from stancedata.dataset import Dataset, contents_of, identity_of
from stancedata.exports.folder import write_tables
from stancedata.questions.positions import Complete
from stancedata.releases.log import file_of
from stancedata.releases.record_contents import CODEBOOK, CURATED, tables_of
from stancedata.releases.revisions import History, Release, Revision, history_tables, replay
from stancedata.releases.store import FOLDER, REVISIONS, Store, write_past
from stancedata.tables.manifest import manifest_problems, write_manifest
from stancedata.tables.revisions import canonical

RUNS = 7
CHURN = 100
DAY = datetime.date(2026, 1, 1)
LEVELS = {"recognises": 2, "favours": 1, "uncommitted": 0, "withholds": -1, "rejects": -2}
Rows = dict[str, list[dict[str, Any]]]


@functools.cache
def lexicon() -> list[str]:
    """Make three thousand random words."""
    rng = random.Random(1)
    letters = "abcdefghijklmnopqrstuvwxyz"
    return ["".join(rng.choices(letters, k=rng.randint(2, 11))) for _ in range(3000)]


def words(rng: random.Random, count: int) -> str:
    """Make a sentence of random words."""
    return " ".join(rng.choices(lexicon(), k=count)).capitalize() + "."


def others() -> dict[tuple[str, str], Rows]:
    """Make a codebook and two hundred actors."""
    found: dict[tuple[str, str], Rows] = {CODEBOOK: {
        "issues": [{"issue_id": "recognition", "name": "Recognition", "proposition": "P.",
                    "core": True, "position": 1}],
        "levels": [{"issue_id": "recognition", "level_name": name, "level": level, "definition": "d",
                    "position": n} for n, (name, level) in enumerate(LEVELS.items(), 1)],
        "vocabulary": [{"field": "confidence", "value": v, "rank": n, "definition": "d", "position": n}
                       for n, v in enumerate(("high", "medium", "low"), 1)],
    }}  # fmt: skip
    for n in range(200):
        key = f"actor-{n:03}"
        found["actor", key] = {"actors": [{"actor_id": key, "name": f"Actor {n}", "kind": "state"}]}
    return found


def document(key: str, rng: random.Random) -> Rows:
    """Make a document, which will have fifteen stances."""
    return {"documents": [{
        "document_id": key, "title": words(rng, 6), "publisher": words(rng, 2), "kind": "news",
        "language": "en", "published_on": "2024-01-01", "published_earliest": "2024-01-01",
        "published_latest": "2024-01-01", "sha256": rng.randbytes(32).hex(), "characters": 9000,
        "tier": "anchored", "coder": "coder-1", "coded_date": "2025-01-01",
    }]}  # fmt: skip


def stance(number: int, rng: random.Random) -> tuple[str, Rows]:
    """Make a stance with its holders and evidence."""
    source, key = f"doc-{number // 15:05}", f"doc-{number // 15:05}#s{number % 15 + 1:02}"
    day = (datetime.date(2018, 1, 1) + datetime.timedelta(rng.randrange(2500))).isoformat()
    holders = rng.sample(range(200), rng.choice([1, 1, 1, 2, 4]))
    row = {
        "stance_id": key, "document_id": source, "issue_id": "recognition", "act": "states",
        "attribution": rng.choice(["direct", "quoted", "reported"]), "stated_on": day,
        "date_kind": "day", "stated_earliest": day, "stated_latest": day,
        "confidence": rng.choice(["high", "medium", "low"]),
    }  # fmt: skip
    made: Rows = {
        "stances": [recoded(row, rng)],
        "holders": [{"stance_id": key, "actor_id": f"actor-{a:03}", "role": "party", "position": n}
                    for n, a in enumerate(holders, 1)],
        "evidence": [
            {"stance_id": key, "number": n, "document_id": source, "span_start": start,
             "span_end": start + 80, "sha256": hashlib.sha256(rng.randbytes(8)).hexdigest()}
            for n, start in enumerate(rng.sample(range(9000), rng.choice([1, 2, 2, 3])), 1)
        ],
    }  # fmt: skip
    return key, made


def recoded(row: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """Give the row of a stance a random level and summary."""
    name = rng.choice([*LEVELS])
    summary = words(rng, rng.randint(9, 20))
    return {**row, "level_name": name, "level": LEVELS[name], "summary": summary}


def history_of(releases: int, stances: int) -> History:
    """Make a history of releases."""
    rng = random.Random(20211020)
    now = others()
    now |= {("document", f"doc-{n:05}"): document(f"doc-{n:05}", rng)
            for n in range((stances + 14) // 15)}  # fmt: skip
    now |= {("stance", key): rows for key, rows in (stance(n, rng) for n in range(stances))}
    names = [key for key in now if key[0] == "stance"]
    revisions = [Revision(k[1], 1, k[0], "add", "0.1.0", 1, "new_source", None, canonical(rows))
                 for k, rows in now.items()]  # fmt: skip
    count = dict.fromkeys(now, 1)
    for number in range(2, releases + 1):
        for key in sorted(rng.sample(names, stances // CHURN)):
            now[key] = {**now[key], "stances": [recoded(now[key]["stances"][0], rng)]}
            count[key] += 1
            revisions.append(Revision(key[1], count[key], "stance", "modify", f"0.{number}.0", number,
                                      "recode", "Read again.", canonical(now[key])))  # fmt: skip
    made = (Release(f"0.{n}.0", n, DAY, "1", "0" * 64, "0" * 64) for n in range(1, releases + 1))
    return History(tuple(made), tuple(revisions))


def jsonl(history: History) -> tuple[int, int]:
    """Return the size in bytes of the history's files, and that of the last state alone."""
    whole = 0
    for release in history.releases:
        mine = [r for r in history.revisions if r.release == release.release]
        whole += len(file_of(release, mine, "0" * 70, {}))
    standing = history.standing().values()
    return whole, len(file_of(history.releases[-1], standing, "0" * 70, {}))


def size(folder: Path) -> int:
    """Return the total size of a folder's files in bytes."""
    return sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())


def seconds(load: Callable[[], object]) -> float:
    """Time one load."""
    start = time.perf_counter()
    load()
    return time.perf_counter() - start


def newest(folder: Path, positions: bool) -> dict[str, pa.Table]:
    """Load the last release, reading every curated table."""
    assert not list(manifest_problems(folder, ""))
    store = Store(folder)
    found = {t.name: store[t.name] for t in CURATED}
    return {**found, "positions": store["positions"]} if positions else found


def oldest(folder: Path, positions: bool) -> dict[str, pa.Table]:
    """Load the first release, making every curated table."""
    assert not list(manifest_problems(folder, ""))
    tables = Complete(Store(folder).past(1))
    found = {t.name: tables[t.name] for t in CURATED}
    return {**found, "positions": tables["positions"]} if positions else found


def main(releases: int, stances: int) -> None:
    """Print sizes and times."""
    history = history_of(releases, stances)
    last = tables_of(json.loads(r.content) for r in history.standing().values() if r.content)
    dataset = Dataset(Complete(last, lambda: history_tables(history)), "0.0.0")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "_data"
        folder.mkdir()
        write_tables(contents_of(dataset), folder, ("parquet",), without=(REVISIONS,))
        snapshot = size(folder)
        write_past(history, folder)
        write_manifest(folder, identity_of(dataset))
        print(f"{releases} releases, {stances} stances, {len(history.revisions)} revisions")
        whole, state = jsonl(history)
        print(f"history files / last state: {whole / state:.2f} ({whole:,} / {state:,} bytes)")
        parts = f"{size(folder):,} / {snapshot:,} bytes, {size(folder / FOLDER):,} of them the past"
        print(f"wheel's data / last state (at most 3): {size(folder) / snapshot:.2f} ({parts})")
        first = replay(dataset.tables[REVISIONS], 1)
        assert all(first[n].equals(t) for n, t in oldest(folder, False).items()), "checksums"
        for positions in (False, True):
            loads = [functools.partial(load, folder, positions) for load in (oldest, newest)]
            pairs = [(seconds(loads[0]), seconds(loads[1])) for _ in range(RUNS)]
            ratio = statistics.median(one / other for one, other in pairs)
            one, other = (statistics.median(column) for column in zip(*pairs, strict=True))
            what = "with positions" if positions else "curated tables"
            print(f"load oldest / newest, {what} (at most 5): {ratio:.2f} "
                  f"({one:.3f} s / {other:.3f} s, medians of {RUNS})")  # fmt: skip
        took = seconds(lambda: replay(dataset.tables[REVISIONS], 1))
        print(f"replaying the first release from contents: {took:.2f} s")


if __name__ == "__main__":
    main(*(int(word) for word in (sys.argv[1:] or ["100", "10000"])))
