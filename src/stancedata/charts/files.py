"""Save a chart as PNG, SVG, offline HTML or Vega-Lite JSON."""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stancedata.atomic import write_bytes
from stancedata.charts import frame
from stancedata.problems import StancedataError, did_you_mean

if TYPE_CHECKING:
    import altair as alt

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<script>{bundle}</script>
</head>
<body>
<div id="picture"></div>
<script>
vegaEmbed("#picture", {spec}, {{mode: "vega-lite", actions: {{editor: false}}}});
</script>
</body>
</html>
"""
Spec = dict[str, Any]


def save(chart: alt.TopLevelMixin, path: str | Path) -> Path:
    """Save a chart in the format that the file extension names.

    Args:
        chart: Any Altair chart.
        path: A file that ends in `.png`, `.svg`, `.html` or `.json`; an existing file is replaced
            atomically.

    Returns:
        The path of the file.

    Raises:
        StancedataError: If the extension is unknown, the chart cannot be drawn or written, or a
            package is not installed.
    """
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix not in _WRITERS:
        hint = did_you_mean(suffix, _WRITERS) or f"use one of {', '.join(_WRITERS)}"
        raise StancedataError(
            f"path: does not end in a known picture format, got {target.name!r}; {hint}"
        )
    if suffix != ".json":
        frame.need("vl_convert")
    try:
        content = _WRITERS[suffix](chart.to_dict())
    except ValueError as error:
        reason = str(error).splitlines()[0]
        raise StancedataError(f"{path}: cannot be drawn: {reason}; try .svg or .html") from None
    write_bytes(target, content)
    return target


def _png(spec: Spec) -> bytes:
    import vl_convert

    # Twice the screen resolution, so that it can be printed.
    return vl_convert.vegalite_to_png(spec, scale=2)


def _svg(spec: Spec) -> bytes:
    import vl_convert

    return vl_convert.vegalite_to_svg(spec).encode()


def _html(spec: Spec) -> bytes:
    """Render a self-contained HTML page.

    The pages that Altair and vl-convert write break if a text contains `</script>`.
    """
    import vl_convert

    title = html.escape(str(spec.get("description", "stancedata")))
    inside = json.dumps(spec, ensure_ascii=False).replace("<", "\\u003c")
    bundle = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return _PAGE.format(title=title, bundle=bundle, spec=inside).encode()


def _json(spec: Spec) -> bytes:
    return (json.dumps(spec, ensure_ascii=False, indent=1) + "\n").encode()


_WRITERS = {".html": _html, ".json": _json, ".png": _png, ".svg": _svg}
