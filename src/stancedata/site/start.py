"""The first page: what the data are, how much, who coded them, and what they show."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from stancedata.site.findings import findings
from stancedata.site.issues import before
from stancedata.site.links import Links
from stancedata.site.pictures.coverage import bars_of, picture
from stancedata.site.quotes import Quotes
from stancedata.site.spells import Row

if TYPE_CHECKING:
    from stancedata.dataset import Dataset
    from stancedata.site.contents import Contents


def values(dataset: Dataset, contents: Contents, link: Links, quotes: Quotes) -> dict[str, Any]:
    """Return what the first page shows."""
    bars = bars_of(contents.positions)
    corpora = dataset.tables["coverage"].to_pylist()
    return {
        "first_day": contents.first_day,
        "last_day": contents.last_day,
        "counts": [
            (len(contents.stances), "stances", "table.html"),
            (len(contents.documents), "documents", "documents.html"),
            (len(contents.positions_of_actor), "holders", "actors.html"),
            (len(contents.issues), "issues", "issues.html"),
            (len(contents.events), "events", "events.html"),
        ],
        "findings": findings(contents, link),
        "before": before(contents),
        "bars": bars,
        "earlier": len(contents.positions) - sum(bar.count for bar in bars),
        "picture": picture(bars, corpora),
        "corpora": corpora,
        "coders": _coders(dataset),
        "quoting": quotes.note,
        "citation": dataset.cite(),
    }


def _coders(dataset: Dataset) -> list[Row]:
    """List the coders, with how many documents each published and coded blind."""
    described = {row["coder"]: row for row in dataset.tables["coders"].to_pylist()}
    published = Counter(dataset.tables["documents"]["coder"].to_pylist())
    blind = Counter(dataset.tables["codings"]["coder"].to_pylist())
    empty: Row = {"kind": None, "name": None, "description": None}
    return [
        {
            **described.get(coder, {**empty, "coder": coder}),
            "documents": published[coder],
            "blind": blind[coder],
        }
        for coder in dict.fromkeys((*described, *published, *blind))
    ]
