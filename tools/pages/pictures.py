"""Save the pictures of the generated pages in docs/pictures."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from stancedata.charts import save as save_chart

if TYPE_CHECKING:
    import altair as alt

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
_LABELS = re.compile(r' (?:aria-[a-z]+|role)="[^"]*"')


def save(chart: alt.TopLevelMixin, name: str) -> None:
    """Save a chart as SVG, without the labels of its marks, which are half of the file.

    The pages describe each picture in its alternative text.
    """
    path = save_chart(chart, FOLDER / f"{name}.svg")
    path.write_text(_LABELS.sub("", path.read_text(encoding="utf-8")) + "\n", encoding="utf-8")
