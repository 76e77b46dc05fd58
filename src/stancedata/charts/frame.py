"""Parts that all charts share: title, notes and source line, and what is on record for them."""

from __future__ import annotations

import importlib
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from stancedata.charts import labels
from stancedata.charts.palette import DARK, PAPER
from stancedata.problems import StancedataError, shown
from stancedata.releases.citation import About

if TYPE_CHECKING:
    import altair as alt

    from stancedata.dataset import Dataset

Row = dict[str, Any]


def need(*packages: str) -> None:
    """Check that packages of the extra are installed.

    Raises:
        StancedataError: If one is not; the message says what to install.
    """
    for name in packages:
        try:
            importlib.import_module(name)
        except ImportError:
            raise StancedataError(
                f"charts: need the package {name!r}, which is not installed; run pip install "
                "'stancedata[charts]'"
            ) from None


def scales(dataset: Dataset, issues: Collection[str]) -> dict[str, list[int]]:
    """Return the levels of each issue that a chart shows, from most in favour to most against."""
    found: dict[str, list[int]] = {issue: [] for issue in issues}
    for row in dataset.tables["levels"].select(["issue_id", "level"]).to_pylist():
        if row["issue_id"] in found and row["level"] is not None:
            found[row["issue_id"]].append(row["level"])
    return {issue: sorted(levels, reverse=True) for issue, levels in found.items()}


def most(levels: Sequence[int]) -> int:
    """Return the largest absolute level, at which the colours of an issue end."""
    return max([1, *map(abs, levels)])


def inline(rows: Sequence[Row]) -> alt.InlineData:
    """Embed rows in the chart: Altair refuses data frames of more than 5,000 rows.

    They are a tuple, since Altair copies lists with all that they contain whenever charts are put
    together, which took most of the time of a chart.
    """
    import altair as alt

    return alt.InlineData(values=tuple(rows))


def about(dataset: Dataset, issues: Collection[str]) -> list[str]:
    """Return what the issue of a chart is about, as a note; the key says it of several issues."""
    return [dataset.issues[issue].proposition for issue in issues] if len(issues) == 1 else []


def added(note: object) -> list[str]:
    """Return the note that a user adds, if there is one.

    Raises:
        StancedataError: If the note is not a text.
    """
    if note is None:
        return []
    if not isinstance(note, str):
        raise StancedataError(f"note: must be a text, got {shown(note)}; leave it out for none")
    return [note]


def extra(rows: Sequence[Row]) -> dict[str, Any]:
    """Return the channels for a link and a spoken description, if rows have them."""
    import altair as alt

    channels = {"href": alt.Href("href:N"), "said": alt.Description("said:N")}
    names = {"href": "href", "said": "description"}
    return {names[f]: c for f, c in channels.items() if any(row.get(f) for row in rows)}


def finish(
    chart: alt.LayerChart | alt.VConcatChart,
    dataset: Dataset,
    title: str,
    notes: Sequence[str],
    wide: float,
    key: alt.LayerChart | None = None,
    page: tuple[int, int] = (1, 1),
) -> alt.VConcatChart:
    """Add title, notes and source line to a chart.

    Args:
        chart: The chart.
        dataset: The dataset it shows.
        title: What it shows; empty for none.
        notes: How to read it, one sentence each.
        wide: Width of the chart in pixels, to which the notes are wrapped.
        key: The words of the levels, to be put below the chart.
        page: The number of this page, and of all.

    Raises:
        StancedataError: If the title is not a text.
    """
    import altair as alt

    if not isinstance(title, str):
        raise StancedataError(f"title: must be a text, got {shown(title)}")
    number, count = page
    whole_title = f"{title} ({number} of {count})" if title and count > 1 else title
    # Labels and legend beside the chart leave room for longer lines.
    letters = max(60, int((wide + 240) / labels.width("n")))
    heading = alt.TitleParams(
        labels.wrapped(whole_title, letters * 2 // 3),
        anchor="start",
        fontSize=16,
        subtitle=[line for note in notes for line in labels.wrapped(note, letters)],
        subtitleFontSize=labels.SIZE,
        subtitleColor=DARK,
        subtitlePadding=6,
        offset=14,
    )
    said = source(dataset)
    foot = alt.TitleParams(
        labels.wrapped(said, letters, at_hyphens=False),  # CC-BY-4.0
        anchor="start",
        orient="bottom",
        fontSize=10,
        fontWeight="normal",
        color=DARK,
        offset=12,
    )
    apart = alt.Resolve(
        scale=alt.ScaleResolveMap(fill="independent", shape="independent", color="independent")
    )
    parts = [chart, *([key] if key is not None else [])]
    # A concatenation in another has a title above and one below. Each method of Altair that returns
    # a changed chart copies all of it, so that everything is given at once.
    inner = alt.VConcatChart(vconcat=parts, spacing=24, resolve=apart, title=heading)
    return alt.VConcatChart(
        vconcat=[inner],
        resolve=apart,
        title=foot,
        description=f"{whole_title or 'A chart'}. {said}.",
        background=PAPER,
        padding=12,
        usermeta={"page": number, "pages": count},
        config=_config(),
    )


def _config() -> alt.Config:
    """Return the look of views, axes and legends."""
    import altair as alt

    return alt.Config(
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(labelLimit=0, labelFontSize=labels.SIZE, labelColor=DARK),
        legend=alt.LegendConfig(
            offset=26, labelFontSize=labels.SIZE, titleFontSize=labels.SIZE, labelColor=DARK
        ),
    )


def source(dataset: Dataset) -> str:
    """Return the line that names the dataset that a chart shows, its state, address and licence."""
    about = About.of(dataset.tables["vocabulary"].to_pylist())
    state = f"version {dataset.version}, digest {dataset.digest[:12]}"
    return ", ".join(filter(None, (f"Source: {about.title}", state, about.url, about.licence)))
