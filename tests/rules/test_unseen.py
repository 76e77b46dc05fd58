"""Every unseen character is found, except where the spelling of a language or an emoji needs it."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from stancedata.rules.unseen import UNSEEN, has_unseen

# From DerivedCoreProperties.txt of Unicode 16, Default_Ignorable_Code_Point.
IGNORABLE = (
    (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
)  # fmt: skip
OTHERS = (
    0x00,
    0x1B,
    0x7F,
    0x85,
    0x9F,
    0x2028,
    0x2029,
    0xE000,
    0xFDD0,
    0xFFFC,
    0xFFFD,
    0xFFFF,
    0x1FFFE,
)


def test_every_unseen_character_is_found() -> None:
    """All 4,174 default-ignorable characters, and others, are found in Latin words."""
    codes = [code for first, last in IGNORABLE for code in range(first, last + 1)]
    assert 4174 == len(codes)
    texts = [f"a{chr(code)}b" for code in (*codes, *OTHERS)]
    assert [] == [ascii(text) for text in texts if not has_unseen(text)]
    compute: Any = pc
    assert {True} == set(compute.match_substring_regex(pa.array(texts), UNSEEN).to_pylist())


@pytest.mark.parametrize(
    "text",
    [
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0647\u200d.",  # Persian
        "\u0dc1\u0dca\u200d\u0dbb\u0dd3", "\u0915\u094d\u200d\u0937",  # Sinhala, Hindi
        "\u06f5\u200c\u0633\u0627\u0644\u0647", "PDF\u200c\u0647\u0627",  # Persian: five years old, PDFs
        "\xab\u0635\u0644\u062d\xbb\u200c\u0647\u0627", "\u0627\u0641\u200c\u06f1\u06f6",  # a quotation, F-16
        "\u0645\u064e\u200c\u062e",
        "\u09b0\u200d\u09cd\u09af\u09be\u09ac", "\u09f0\u200d\u09cd\u09af", "\u09a4\u09cd\u200d",  # Bengali, Assamese
        "\u0995\u09cd\u200c\u09b7", "\u0cb0\u200d\u0ccd\u0c95", "\u0cb0\u0ccd\u200d\u0c95",  # Bengali, Kannada
        "\u0d28\u0d4d\u200d", "\u0d28\u0d4d\u200d \u0d28", "\u0d9a\u200d\u0dca\u0dc2",  # Malayalam, Sinhala
        "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\u2764\ufe0f\u200d\U0001f525", "1\ufe0f\u20e3",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "tab\tand\nline", "d\u00e9j\u00e0 vu\u00a0!",
    ],
)  # fmt: skip
def test_spelling_needs_joiners(text: str) -> None:
    """Joiners and selectors that belong to a spelling are allowed."""
    assert not has_unseen(text)


@pytest.mark.parametrize(
    "text",
    [
        "a\u200cb", "a\u200db", "\u200c\u0645", "\u0645\u200c", "\u0645\u200c\u200c\u0645", "x\ufe0f",
        "\u06f5\u200c", "\u200c\u06f5", "\u06f5\u200c\u06f6", "5\u200ca", "PDF\u200c", "PDF \u200c\u0647\u0627", "5\u200c\u0437",
        "\u0645\u200d\u0645", "\u0645\u200d\u200d", "\u200d\u0645", "PDF\u200d\u0647\u0627", "\u06f5\u200d",
        "\u0995\u200d\u09cd\u09af", "\u09b0\u200d\u09cd", "\u09b0\u200d\u09cd\u0995", "\u09b0\u200c\u09cd\u09af",
        "\u0c95\u200d\u0ccd\u0c95", "\u0cb0\u200d\u0ccd", "\u0cb0\u200d\u0c95", "\u0930\u200d\u094d\u092f",
        "\u0995\u09cd\u200c", "\u0995\u09cd\u200c ", "\u0995\u09cd\u200c\u09be", "\u0995\u09cd\u200d\u09be", "\u0995\u09cd\u200c\u0967",
        "\u0995\u09cd\u200d\u200d\u09b7", "\u0995\u09cd\u200d\u09cd", "\u09cd\u200d\u0995", "a\u09cd\u200d\u0995",
        "\U0001f468\u200d", "\u0915\u200d\u0937", "\U000e0067\U000e007f",
        "\U0001f3f4" + "\U000e0067" * 7 + "\U000e007f",
    ],
)  # fmt: skip
def test_joiners_elsewhere_are_found(text: str) -> None:
    """A joiner that nothing needs makes two texts that look the same differ."""
    assert has_unseen(text)
