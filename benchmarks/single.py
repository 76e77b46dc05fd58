"""Measure what one person waits for: `python -m benchmarks.single FOLDER [ROUNDS]`.

Single positions, histories and stances, the first and then one after another, of a folder that
`benchmarks.generate` made. Each contestant answers the same questions, in its own process; they take
turns, after a round that warms the disk cache. Prints the medians in milliseconds of the processor and
of the clock, as a table; it stops if two contestants answer differently.
"""

from __future__ import annotations

import datetime
import importlib
import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.work.loading import library

DAY = datetime.date(2023, 3, 31)
MANY = 100
"""Questions after the first one."""
STANCE_TABLES = ("stances", "holders", "stance_aspects", "ascribers", "conditions", "evidence")
Question = Callable[..., Any]
Contestant = dict[str, Question]
_POSITION = """
SELECT * FROM read_parquet($file) WHERE actor_id = $holder AND issue_id = $issue
    AND CASE WHEN date_kind = 'lasting' THEN stated_earliest ELSE stated_latest END <= $day
ORDER BY CASE WHEN kind = 'deeds' THEN -coalesce(level, -9) ELSE 0 END, $day - stated_earliest, stated_latest,
    list_position(['day', 'lasting', 'uncertain'], date_kind), stance_id LIMIT 1
"""


def stancedata(folder: Path) -> Contestant:
    """The library."""
    dataset = library().read(folder)
    return {
        "position": lambda holder, issue: dataset.position(holder, issue, on=DAY).stance_id,
        "history": lambda *pair: [p.stance_id for p in dataset.history(*pair)],
        "stance": lambda record_id: dataset.stances[record_id].summary,
    }


def duckdb(folder: Path) -> Contestant:
    """Queries written by hand, of the files."""
    connection = importlib.import_module("duckdb").connect()
    files = {name: str(folder / f"{name}.parquet") for name in (*STANCE_TABLES, "positions")}

    def ids(sql: str, **values: Any) -> list[str]:
        found = connection.sql(sql, params={"file": files["positions"], **values})
        return [row[0] for row in found.project("stance_id, *").fetchall()]

    def stance(record_id: str) -> str:
        sql = "SELECT * FROM read_parquet($file) WHERE stance_id = $id"
        found = [
            connection.sql(sql, params={"file": files[name], "id": record_id})
            for name in STANCE_TABLES
        ]
        rows = [relation.fetchall() for relation in found]
        return str(rows[0][0][found[0].columns.index("summary")])

    history = (
        "SELECT * FROM read_parquet($file) WHERE actor_id = $holder AND issue_id = $issue "
        "ORDER BY stated_earliest, stated_latest, date_kind, stance_id"
    )
    return {
        "position": lambda who, what: ids(_POSITION, holder=who, issue=what, day=DAY)[0],
        "history": lambda who, what: ids(history, holder=who, issue=what),
        "stance": stance,
    }


def polars(folder: Path) -> Contestant:
    """Scans of the files; a stance as rows only."""
    pl = importlib.import_module("polars")
    scans = {
        name: pl.scan_parquet(folder / f"{name}.parquet") for name in (*STANCE_TABLES, "positions")
    }

    def history(holder: str, issue: str) -> list[str]:
        wanted = (pl.col("actor_id") == holder) & (pl.col("issue_id") == issue)
        order = ["stated_earliest", "stated_latest", "date_kind", "stance_id"]
        found = scans["positions"].filter(wanted).collect().sort(order)
        return [str(value) for value in found["stance_id"]]

    def stance(record_id: str) -> str:
        wanted = pl.col("stance_id") == record_id
        rows = [scans[name].filter(wanted).collect() for name in STANCE_TABLES]
        return str(rows[0]["summary"][0])

    return {"history": history, "stance": stance}


CONTESTANTS: dict[str, Callable[[Path], Contestant]] = {
    "stancedata": stancedata,
    "DuckDB": duckdb,
    "polars": polars,
}


def asked(folder: Path) -> dict[str, list[tuple[str, ...]]]:
    """Draw the questions: pairs with a position on the day, and stances."""
    connection = importlib.import_module("duckdb").connect()
    drawn = random.Random(7)
    pairs = connection.execute(
        "SELECT DISTINCT p.actor_id, p.issue_id FROM read_parquet($1) p JOIN read_parquet($2) a "
        "ON a.actor_id = p.actor_id WHERE p.stated_latest <= $3 AND a.valid_to IS NULL ORDER BY ALL",
        [str(folder / "positions.parquet"), str(folder / "actors.parquet"), DAY],
    ).fetchall()
    stances = connection.execute(
        "SELECT stance_id FROM read_parquet($1) ORDER BY stance_id",
        [str(folder / "stances.parquet")],
    ).fetchall()
    return {
        "position": drawn.choices(pairs, k=1 + MANY),
        "history": drawn.choices(pairs, k=1 + MANY),
        "stance": drawn.choices(stances, k=1 + MANY),
    }


def answer(contestant: str, folder: Path, questions: dict[str, list[tuple[str, ...]]]) -> Any:
    """Ask a contestant everything; return milliseconds and answers, by question."""
    found: dict[str, Any] = {}
    for name, ask in CONTESTANTS[contestant](folder).items():
        times, answers = [], []
        for words in questions[name]:
            start, worked = time.perf_counter(), time.process_time()
            answers.append(ask(*words))
            worked = time.process_time() - worked
            times.append((1000 * worked, 1000 * (time.perf_counter() - start)))
        rest = [statistics.median(column) for column in zip(*times[1:], strict=True)]
        found[name] = {"first": times[0], "then": rest, "answers": answers}
    return found


def measured(folder: Path, rounds: int) -> Iterator[tuple[str, str, str, list[float]]]:
    """Yield question, whether it is the first, contestant, and medians of all rounds."""
    runs: dict[str, list[Any]] = {name: [] for name in CONTESTANTS}
    for _ in range(1 + rounds):
        for name, found in runs.items():
            command = [sys.executable, "-m", "benchmarks.single", "--child", name, str(folder)]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
            found.append(json.loads(done.stdout))
    for question, ours in runs["stancedata"][0].items():
        for when in ("first", "then"):
            for name, found in runs.items():
                if question not in found[0]:
                    continue
                if found[0][question]["answers"] != ours["answers"]:
                    raise SystemExit(f"{name} answers {question} differently")
                times = [run[question][when] for run in found[1:]]
                columns = zip(*times, strict=True)
                yield question, when, name, [statistics.median(column) for column in columns]


def main(words: Sequence[str]) -> None:
    """Measure one contestant, or all of them in turn."""
    if words[0] == "--child":
        folder = Path(words[2])
        print(json.dumps(answer(words[1], folder, asked(folder))))
        return
    print("| question | | who | processor, ms | clock, ms |\n| --- | --- | --- | ---: | ---: |")
    for question, when, name, (worked, waited) in measured(
        Path(words[0]), int(words[1]) if len(words) > 1 else 5
    ):
        print(f"| {question} | {when} | {name} | {worked:.2f} | {waited:.2f} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
