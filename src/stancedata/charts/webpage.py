"""A chart as one HTML page: offline, with its tooltips, links and a snippet to embed it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from stancedata.charts.details import NOTHING

_POLICY = "default-src 'none'; script-src 'unsafe-inline'{}; style-src 'unsafe-inline'; img-src data: blob:"
_STYLE = """
body { margin: 8px; font: 13px/1.4 sans-serif; color: #000000; background: #ffffff; }
#picture { overflow-x: auto; }
#picture svg { max-width: 100%; min-width: 640px; height: auto; }
#picture text { pointer-events: none; }
#tip { position: fixed; display: none; max-width: 30em; padding: 6px 9px; background: #ffffff;
  border: 1px solid #767676; border-radius: 3px; overflow-wrap: anywhere; pointer-events: none; }
textarea { width: 100%; max-width: 60em; height: 5em; font: 12px monospace; }
.framed details { display: none; }
@media print { details { display: none; } }
"""
# Texts of the data enter the page as text only, so that markup in them is shown, not run.
_SCRIPT = """
const tip = document.getElementById("tip"), picture = document.getElementById("picture");
function show(event) {
  const mark = event.target.closest("a, [aria-label]");
  const named = mark && (mark.matches("[aria-label]") ? mark : mark.querySelector("[aria-label]"));
  const texts = named && rows[named.getAttribute("aria-label")];
  tip.style.display = texts ? "block" : "none";
  if (!texts) return;
  tip.replaceChildren(...texts.flatMap((text, n) => {
    if (text === null) return [];
    const line = document.createElement("div"), bold = document.createElement("b");
    line.dir = "auto";
    bold.textContent = heads[n] + " ";
    line.append(bold, String(text));
    return [line];
  }));
  const at = named.getBoundingClientRect(), below = at.bottom + 8 + tip.offsetHeight < innerHeight;
  tip.style.left = Math.max(0, Math.min(at.left, innerWidth - tip.offsetWidth - 8)) + "px";
  tip.style.top = Math.max(0, below ? at.bottom + 8 : at.top - tip.offsetHeight - 8) + "px";
}
for (const kind of ["mouseover", "focusin"]) picture.addEventListener(kind, show);
for (const kind of ["mouseleave", "focusout"]) picture.addEventListener(kind, () => { tip.style.display = "none"; });
for (const link of picture.querySelectorAll("a")) {
  link.setAttribute("target", "_blank");
  link.setAttribute("rel", "noopener");
}
"""
_FRAMED = 'if (self !== top) document.body.className = "framed";\n'
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<div id="picture">{picture}</div>
<div id="tip"></div>
<details>
<summary>Embed this chart</summary>
<p>Put this file on a web server, and this line into the page:</p>
<textarea readonly aria-label="Line to embed this chart">{snippet}</textarea>
</details>
<script>{script}</script>
</body>
</html>
"""
_SIZE = re.compile(r'<svg[^>]*? width="([0-9.]+)" height="([0-9.]+)"')


def page(spec: dict[str, Any], name: str) -> str:
    """Return the page of a Vega-Lite chart.

    It is a drawing with tooltips, and needs no library. Only a chart to which parameters were
    added, such as `.interactive()`, needs Vega.

    Args:
        spec: The chart.
        name: The file name of the page, for the snippet.
    """
    import vl_convert

    title = str(spec.get("description", "stancedata"))
    svg = vl_convert.vegalite_to_svg(spec)
    moving = any("params" in part for part in _parts(spec))
    return _PAGE.format(
        policy=html.escape(_POLICY.format(" 'unsafe-eval'" if moving else "")),
        title=html.escape(title),
        style=_STYLE,
        picture="" if moving else svg,
        snippet=html.escape(_snippet(svg, name, title)),
        script=_FRAMED + (_interactive(spec) if moving else _tooltips(spec) + _SCRIPT),
    )


def _snippet(svg: str, name: str, title: str) -> str:
    """Return the line that embeds the page of a chart in another page."""
    found = _SIZE.search(svg)
    wide, high = (round(float(size)) + 20 for size in found.groups()) if found else (800, 600)
    return (
        f'<iframe src="{quote(name)}" title="{html.escape(title)}" width="{wide}" '
        f'height="{high}" loading="lazy" style="border: 0; max-width: 100%"></iframe>'
    )


def _tooltips(spec: dict[str, Any]) -> str:
    """Return the lines of the tooltips, by the description that the drawing has of each mark."""
    fields: dict[str, str] = {}
    for part in _parts(spec):
        if isinstance(shown := part.get("tooltip"), list):
            fields |= {line["field"]: line["title"] for line in shown}
    rows = [row for found in spec.get("datasets", {}).values() for row in found if "said" in row]
    texts = {
        row["said"]: [None if (text := row.get(name)) == NOTHING else text for name in fields]
        for row in rows
    }
    return f"const heads = {_script(list(fields.values()))}, rows = {_script(texts)};"


def _parts(spec: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of a chart but those of its data."""
    if isinstance(spec, dict):
        yield spec
        for name, part in spec.items():
            if name not in ("datasets", "values"):
                yield from _parts(part)
    elif isinstance(spec, list):
        for part in spec:
            yield from _parts(part)


def _script(value: Any) -> str:
    """Write a value so that it cannot end the script that it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def _interactive(spec: dict[str, Any]) -> str:
    """Return the script that draws a chart with parameters."""
    import vl_convert

    drawn = f'vegaEmbed("#picture", {_script(spec)}, {{mode: "vega-lite", actions: false}});'
    return (
        f"(() => {{{vl_convert.javascript_bundle('window.vegaEmbed = vegaEmbed;')}\n}})();\n{drawn}"
    )
