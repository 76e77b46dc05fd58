"""The look of a level or a quantity: its colour, text colour and label."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

import attrs

# From most against to most in favour. Blue and orange, unlike red and green, are distinct under every
# common colour blindness; the grey of 0 differs from blank paper. tests/charts/test_charts.py
# measures it.
ANCHORS = ("#8a3a00", "#f0a050", "#c9c9c9", "#85b8e3", "#1a4f96")
# Quantities: one hue, so that more is darker in print as well.
AMOUNTS = ("#e8f0f8", "#85b8e3", "#1a4f96")
DARK = "#333333"
PALE = "#767676"
PAPER = "#ffffff"
INK = "#000000"
# Positions without a level: neither a colour of the scale nor blank.
DOUBT = "#4d4d4d"
DASHES = (2, 2)
"""The outline of what is in doubt: pixels of a dash, and of the gap after it."""
_PALER = 0.6
"""The share of paper in what is coded with low confidence."""
MINUS = "−"


@attrs.frozen
class Look:
    """How one level is shown.

    Attributes:
        label: Its label in the legend.
        glyph: Its number, `?` if ambiguous, `±` if both signs remain.
        colour: Fill colour, or outline colour if the fill is white.
        ink: Text colour on the fill.
    """

    label: str
    glyph: str
    colour: str
    ink: str

    @property
    def doubt(self) -> bool:
        """Whether the position has no level."""
        return self.colour == DOUBT

    def on_paper(self) -> Look:
        """Return a copy with a white fill and dark ink, to be outlined."""
        return attrs.evolve(self, colour=PAPER, ink=INK)


AMBIGUOUS = Look("? ambiguous", "?", DOUBT, PAPER)
BOTH_SIDES = Look("± both sides", "±", DOUBT, PAPER)


def look(level: int | None, level_name: str | None, most: int) -> Look:
    """Return the look of a position.

    Args:
        level: Its level, or None.
        level_name: Name of the level; None if both signs remain.
        most: The largest absolute level of the chart.
    """
    if level is None:
        return AMBIGUOUS if level_name else BOTH_SIDES
    fill = colour(level / most)
    return Look(signed(level), signed(level), fill, ink(fill))


def pale(fill: str) -> str:
    """Mix a colour with paper, for what is coded with low confidence."""
    return _blend((fill, PAPER), _PALER)


def signed(level: int) -> str:
    """Format a level as `+2`, `0` or `−2`."""
    return f"+{level}" if level > 0 else str(level).replace("-", MINUS)


def colour(share: float) -> str:
    """Interpolate the colour of a value from -1 to 1, as `#rrggbb`."""
    return _blend(ANCHORS, (max(-1.0, min(1.0, share)) + 1) / 2)


def amount(share: float) -> str:
    """Interpolate the colour of a quantity from 0 to 1, from pale to dark, as `#rrggbb`."""
    return _blend(AMOUNTS, max(0.0, min(1.0, share)))


def _blend(anchors: tuple[str, ...], share: float) -> str:
    place = share * (len(anchors) - 1)
    first = min(int(place), len(anchors) - 2)
    low, high = channels(anchors[first]), channels(anchors[first + 1])
    mixed = [a + (b - a) * (place - first) for a, b in zip(low, high, strict=True)]
    return "#" + "".join(f"{round(channel):02x}" for channel in mixed)


def ink(fill: str) -> str:
    """Choose black or white text, whichever has more contrast on a fill."""
    black, white = (contrast(fill, other) for other in (INK, PAPER))
    return INK if black >= white else PAPER


def contrast(one: str, other: str) -> float:
    """Compute the contrast ratio of two colours, 1 to 21, as WCAG defines it."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(text: str) -> float:
    red, green, blue = (linear(channel) for channel in channels(text))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def channels(text: str) -> tuple[int, int, int]:
    """Split `#rrggbb` into red, green and blue, each 0 to 255."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def linear(channel: float) -> float:
    """Convert an sRGB channel to linear light, 0 to 1."""
    share = channel / 255
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def legend(
    levels: Iterable[int], most: int, present: Container[str], names: Mapping[int, str]
) -> list[Look]:
    """List the levels, then other looks that occur.

    Args:
        levels: The levels that the issues of the chart have, in order.
        most: The largest absolute level.
        present: Labels that occur in the chart.
        names: Names of the levels, if the chart has a single issue.
    """
    scale = {level: look(level, "", most) for level in levels}
    named = [
        attrs.evolve(
            found, label=f"{found.label} {names.get(level, '').replace('_', ' ')}".rstrip()
        )
        for level, found in scale.items()
    ]
    return named + [other for other in (AMBIGUOUS, BOTH_SIDES) if other.label in present]
