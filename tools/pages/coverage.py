"""Write docs/coverage.md and its picture. Run `python -m tools.pages.coverage` after a release.

What was sought and not found is in sought.md beside this file.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import stancedata
from stancedata.dataset import Dataset
from tools.pages.tables import (
    DATED,
    Cell,
    bullets,
    one,
    paragraph,
    rows,
    speeches,
    spoke_on,
    table,
)

PAGE = Path(__file__).resolve().parents[2] / "docs" / "coverage.md"
SOUGHT = Path(__file__).parent / "sought.md"
_FOUNDING = (
    "chintan-2021-10", "global-village-space-2019-05", "republic-world-2021-10-07",
    "south-asia-monitor-2021-10", "the-correspondent-2021-10-21",
)  # fmt: skip
_PARTS = f"""
WITH numbers AS (SELECT document_id, count(*) AS stances FROM stances GROUP BY ALL),
parts AS (
    SELECT *, COALESCE(stances, 0) AS number, CASE
        WHEN document_id IN {_FOUNDING} THEN 'Founding documents'
        WHEN coverage_id IS NOT NULL THEN (
            SELECT name FROM coverage c WHERE c.coverage_id = documents.coverage_id)
        WHEN publisher IN ('The White House', 'United States Department of State')
        THEN 'White House and State Department'
        WHEN tier = 'cited' THEN 'Found pages'
        ELSE 'Other texts'
    END AS part
    FROM documents LEFT JOIN numbers USING (document_id)
)
SELECT part, count(*), sum(CAST(read = 'whole' AS int)), {{tiers}}, sum(number),
    sum(CAST(number = 0 AS int)), min(year(published_earliest)), max(year(published_earliest))
FROM parts GROUP BY part ORDER BY 2 DESC, part
"""
_PUBLISHED = """
SELECT tier, year(published_earliest), count(*) FROM documents GROUP BY ALL
"""
_HOLDERS = f"""
SELECT name, year, count(*) FROM {DATED} JOIN holders USING (stance_id) JOIN actors USING (actor_id)
WHERE role = 'party' GROUP BY ALL
"""
_HEAD = ("part", "documents", "read whole")
_TAIL = ("stances", "without a stance", "from", "to")
_MOST = """
SELECT name, count(*) FROM holders JOIN actors USING (actor_id) WHERE role = 'party'
GROUP BY ALL ORDER BY 2 DESC, 1 LIMIT 1
"""


def page_text(dataset: Dataset) -> str:
    """Return the text of the page."""
    sections = (_head, _chosen, _numbers, _silences, _thin, _sought, _holders)
    return "\n".join(section(dataset) for section in sections)


def _head(dataset: Dataset) -> str:
    peak = one(dataset, f"SELECT mode(year) FROM {DATED}")
    about = (
        f"This page describes data {dataset.version}, digest `{dataset.digest[:12]}`, and is generated from "
        "them. All coders are language models; no person has coded any of the data ([methods](methods.md))."
    )
    return (
        f"# What the data have, and what not\n\n{paragraph(about)}\n"
        f"![Stances by issue, holder and year: {len(dataset.stances):,} in all, most of them in {peak}]"
        "(pictures/coverage.svg)\n\n"
        "`stancedata plot coverage --output coverage.svg` draws this picture of any data "
        "([charts](charts.md)).\n"
    )


def _chosen(dataset: Dataset) -> str:
    listed = sorted(dataset.tables["coverage"].to_pylist(), key=lambda row: row["covers_from"])
    corpora = [
        f"**{row['name']}**, {row['covers_from']} to {row['covers_to']}. {row['holders']} {row['how']}"
        for row in listed
    ]
    founding = (
        "**Founding documents**: five news reports and analyses on the Moscow meetings, from which the "
        "codebook was made."
    )
    sessions = speeches(dataset)
    spoke, named = (sum(row[name] for row in sessions) for name in ("spoke", "named"))
    absent = (
        f"Only in the General Debate is absence evidence: of {spoke:,} speeches {named:,} name Afghanistan, the "
        f"Taliban or Kabul and were coded; the other {spoke - named:,} are on record with the digest of their "
        "text. Nothing follows from what the other parts lack."
    )
    tiers = _tiers(dataset)
    means = "; ".join(f"*{name}*, {text}" for name, text in tiers.items())
    note = (
        f"Tiers of evidence: {means}. `stancedata verify` compares evidence with the texts, span by span. The "
        "last columns are the first and the last year of publication."
    )
    counted = ", ".join(f"sum(CAST(tier = '{name}' AS int))" for name in tiers)
    return (
        f"## How documents were chosen\n\n{bullets([*corpora, founding])}\n{paragraph(absent)}\n"
        f"{table((*_HEAD, *tiers, *_TAIL), rows(dataset, _PARTS.format(tiers=counted)))}\n{paragraph(note)}"
    )


def _tiers(dataset: Dataset) -> dict[str, str]:
    """Return the definitions of the tiers that documents have."""
    query = "SELECT value, definition FROM vocabulary WHERE field = 'tier' ORDER BY position"
    return dict(rows(dataset, query))


def _numbers(dataset: Dataset) -> str:
    def listed(column: str) -> str:
        query = f"SELECT {column}, count(*) FROM documents GROUP BY ALL ORDER BY 2 DESC, 1"
        return ", ".join(f"{name.replace('_', ' ')} {n}" for name, n in rows(dataset, query))

    held = one(dataset, "SELECT count(DISTINCT actor_id) FROM positions")
    text = (
        f"{len(dataset.documents):,} documents, {len(dataset.stances):,} stances, "
        f"{dataset.tables['positions'].num_rows:,} positions of {held} holders. Documents by kind: {listed('kind')}. By language: "
        f"{listed('language')}; speeches of the General Debate were read in English, often a translation."
    )
    counts = _by_year(dataset, f"SELECT issue_id, year, count(*) FROM {DATED} GROUP BY ALL")
    named = {issue.name: counts[issue.issue_id] for issue in dataset.issues.values()}
    published = _years("tier", _by_year(dataset, _PUBLISHED))
    return (
        f"## In numbers\n\n{paragraph(text)}\nDocuments by tier, and by year of publication:\n\n{published}\n"
        "Stances by issue, and by the year from which they count:\n\n" + _years("issue", named)
    )


def _by_year(dataset: Dataset, query: str) -> dict[str, dict[int, int]]:
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for name, year, number in rows(dataset, query):
        found[name][year] = number
    return found


def _years(what: str, counts: dict[str, dict[int, int]]) -> str:
    """Return a table with a column for each year, the row with most first."""
    years = sorted({year for row in counts.values() for year in row})
    order = sorted(counts, key=lambda name: (-sum(counts[name].values()), name))
    body = (
        (name, *(counts[name].get(year) for year in years), sum(counts[name].values()))
        for name in order
    )
    return table((what, *years, "all"), body)


def _silences(dataset: Dataset) -> str:
    sessions = speeches(dataset)
    heads = {"spoke": "spoke", "named": "named Afghanistan", "said": "took a position"}
    body: list[list[Cell]] = [
        [text, *(row[key] for row in sessions)] for key, text in heads.items()
    ]
    for issue, counts in spoke_on(dataset).items():
        body.append([f"… on {dataset.issues[issue].name.lower()}", *counts.values()])
    apart = one(
        dataset,
        "SELECT count(*) FROM document_silences JOIN documents USING (document_id) "
        "WHERE coverage_id IS NULL",
    )
    how = (
        "Who spoke and said nothing on an issue: the first row less that of the issue. `ds.silence(issue=…)` "
        "lists them one by one ([what silence means](semantics.md#questions-over-positions))."
    )
    others = (
        f"Outside the General Debate there are {apart:,} silences, of an author on an issue, in documents that "
        "were read whole (`document_silences`). Those documents are a selection, so their number says nothing."
    )
    head = ("General Debate", *(row["year"] for row in sessions))
    return f"## Silences\n\n{paragraph(how)}\n{table(head, body)}\n{paragraph(others)}"


def _thin(dataset: Dataset) -> str:
    def of(table: str, where: str) -> str:
        query = f"SELECT count(*) FILTER ({where}), count(*) FROM {table}"
        some, every = rows(dataset, query)[0]
        return f"{some:,} of {every:,}"

    three = of("(SELECT actor_id, count(*) AS n FROM positions GROUP BY ALL)", "n >= 3")
    low, ascribed = (
        of("stances", where) for where in ("confidence = 'low'", "attribution = 'third_party'")
    )
    beginning, english = (
        of("documents", where) for where in ("read = 'beginning'", "language = 'en'")
    )
    ((most, number),) = rows(dataset, _MOST)
    return "## What is thin\n\n" + bullets(
        (
            f"{three} holders with a position have three or more; the others can hardly be compared.",
            f"{of(DATED, 'year < 2021')} stances count from a year before 2021, "
            f"{of(DATED, 'year = 2021')} from 2021.",
            f"{most} holds most: {number:,} of {len(dataset.stances):,} stances, alone or with others.",
            f"{of('positions', 'document_count = 1')} positions rest on one document.",
            f"{low} stances were coded with low confidence; {ascribed} are what a third party ascribes to the "
            "holder, and count towards no position.",
            f"{beginning} documents were read in their beginning only, and {english} are in English: what is said "
            "in Dari, Pashto, Persian, Russian, Chinese, Urdu or Arabic is here as far as it was translated or "
            "reported.",
            f"{of('conditions', 'status IS NOT NULL')} conditions have a status: whether the others were met, no "
            "document of these data reports.",
            "Found pages follow what reporters write about: an ambassador is news, a working meeting is not.",
        )
    )


def _sought(_: Dataset) -> str:
    return f"## What was sought and not found\n\n{SOUGHT.read_text(encoding='utf-8')}"


def _holders(dataset: Dataset) -> str:
    head = "Stances of each holder, alone or with others, by the year from which they count:"
    return f"## Holders\n\n{head}\n\n{_years('holder', _by_year(dataset, _HOLDERS))}"


if __name__ == "__main__":
    from stancedata import charts
    from tools.pages.pictures import save

    newest = stancedata.load()
    save(charts.coverage(newest, 15), "coverage")
    PAGE.write_text(page_text(newest), encoding="utf-8")
