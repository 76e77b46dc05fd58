"""Save a chart as PNG, SVG, PDF, offline HTML or Vega-Lite JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stancedata.atomic import write_bytes
from stancedata.charts import frame, webpage
from stancedata.data_folder import path_of
from stancedata.problems import StancedataError, did_you_mean

if TYPE_CHECKING:
    import altair as alt

Spec = dict[str, Any]


def save(chart: alt.TopLevelMixin, path: str | Path) -> Path:
    """Save a chart in the format that the file extension names.

    Args:
        chart: Any Altair chart.
        path: A file that ends in `.png`, `.svg`, `.pdf`, `.html` or `.json`; an existing file is replaced
            atomically.

    Returns:
        The path of the file.

    Raises:
        StancedataError: If the extension is unknown, the chart cannot be drawn or written, or a
            package is not installed.
    """
    target = path_of(path)
    suffix = target.suffix.lower()
    if suffix not in SUFFIXES:
        hint = did_you_mean(suffix, SUFFIXES) or f"use one of {', '.join(SUFFIXES)}"
        raise StancedataError(
            f"path: does not end in a known picture format, got {target.name!r}; {hint}"
        )
    if suffix != ".json":
        frame.need("vl_convert")
    try:
        content = _content(chart.to_dict(), suffix, target.name)
    except ValueError as error:
        reason = str(error).splitlines()[0]
        raise StancedataError(f"{path}: cannot be drawn: {reason}; try .svg or .html") from None
    write_bytes(target, content)
    return target


def _content(spec: Spec, suffix: str, name: str) -> bytes:
    """Return the file's content; `name` is its name, which a page needs to embed itself."""
    return webpage.page(spec, name).encode() if suffix == ".html" else _WRITERS[suffix](spec)


def _png(spec: Spec) -> bytes:
    import vl_convert

    # Twice the screen resolution, so that it can be printed.
    return vl_convert.vegalite_to_png(spec, scale=2)


def _svg(spec: Spec) -> bytes:
    import vl_convert

    return vl_convert.vegalite_to_svg(spec).encode()


def _pdf(spec: Spec) -> bytes:
    import vl_convert

    return vl_convert.vegalite_to_pdf(spec)


def _json(spec: Spec) -> bytes:
    return (json.dumps(spec, ensure_ascii=False, indent=1) + "\n").encode()


_WRITERS = {".json": _json, ".pdf": _pdf, ".png": _png, ".svg": _svg}
SUFFIXES = (".html", *_WRITERS)
"""The file extensions that `save` knows."""
