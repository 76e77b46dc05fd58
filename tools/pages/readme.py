"""Update what README.md says of the newest data. Run `python -m tools.pages.readme` after a release."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import stancedata
from stancedata.dataset import Dataset
from tools.pages.claims import facts
from tools.pages.tables import one, speeches

PAGE = Path(__file__).resolve().parents[2] / "README.md"


def updated(page: str, dataset: Dataset) -> str:
    """Return the README with the numbers, the finding and the reference of these data.

    Raises:
        ValueError: If the README has no longer exactly one passage of each kind.
    """
    for pattern, text in _passages(dataset).items():
        page, found = re.subn(pattern, text.replace("\\", r"\\"), page, flags=re.DOTALL)
        if found != 1:
            raise ValueError(f"README.md: has {found} passages like {pattern!r}, needs one")
    return page


def _passages(dataset: Dataset) -> dict[str, str]:
    """Return the passages by the pattern that finds the old ones."""
    anchored = one(dataset, "SELECT count(sha256) FROM documents")
    return {
        r"The newest data, .*? votes\.": _wrapped(_numbers(dataset), 116),
        r"\*\*Silence\.\*\* .*?(?=\n\n)": _wrapped(_finding(dataset), 116),
        r"(?<=\*\*Coding can be judged\.\*\* )\d+ of the [\d,]+ documents": _twice(dataset),
        r"(?<= In )\d+(?= documents to a span)": str(anchored),
        r"(?<=in )\d+(?= web pages to a paragraph)": str(len(dataset.documents) - anchored),
        r"> The stancedata contributors .*\Z": _quoted(dataset.cite()) + "\n",
    }


def _numbers(dataset: Dataset) -> str:
    sessions = speeches(dataset)
    silent = sum(row["spoke"] - row["named"] for row in sessions)
    # As the site counts: of a group, a stance of "most" of it is no position.
    held = one(dataset, "SELECT count(DISTINCT actor_id) FROM positions")
    votes = one(dataset, "SELECT count(*) FROM events WHERE kind = 'vote'")
    return (
        f"The newest data, {dataset.version}, have {len(dataset.documents):,} documents, "
        f"{len(dataset.stances):,} stances, {held} holders of positions: the UN General Debate from {sessions[0]['year']} to "
        f"{sessions[-1]['year']} whole ({silent:,} silences), joint texts, United States statements, found pages, "
        f"{votes} votes."
    )


def _finding(dataset: Dataset) -> str:
    known = facts(dataset)
    return (
        f"**Silence.** Of {known['spoke']} speeches at the UN General Debate from {known['first']} to "
        f"{known['last']}, {known['recognition']} {known['take']} a position on recognising the Taliban; "
        f"{known['states']} states took one elsewhere. [Seven findings](docs/findings.md) say more."
    )


def _twice(dataset: Dataset) -> str:
    query = (
        "SELECT count(*) FROM (SELECT document_id FROM codings GROUP BY ALL HAVING count(*) > 1)"
    )
    return f"{one(dataset, query):,} of the {len(dataset.documents):,} documents"


def _wrapped(text: str, width: int) -> str:
    return textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False)


def _quoted(text: str) -> str:
    lines = textwrap.wrap(text, 98, break_long_words=False, break_on_hyphens=False)
    return "\n".join(f"> {line}" for line in lines)


if __name__ == "__main__":
    old = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(updated(old, stancedata.load()), encoding="utf-8")
