"""Find characters that readers do not see, except where spelling needs them.

Unseen are the characters that Unicode calls default-ignorable, controls other than line feed and
tab, marks of direction, replacement characters, and code points without an agreed character.
Joiners are allowed where the spelling of Persian and of Indic scripts has them, and in emoji, and
nowhere else, so that two texts that look the same are the same.
"""

from __future__ import annotations

import re

_RANGES = (
    (0x00, 0x08), (0x0B, 0x1F), (0x7F, 0x9F), (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C),
    (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F), (0x2028, 0x202E),
    (0x2060, 0x206F), (0x3164, 0x3164), (0xE000, 0xF8FF), (0xFDD0, 0xFDEF), (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFF), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A),
    *((plane + 0xFFFE, plane + 0xFFFF) for plane in range(0x10000, 0xE0000, 0x10000)),
    (0xE0000, 0xE0FFF), (0xEFFFE, 0x10FFFF),
)  # fmt: skip
UNSEEN = "[" + "".join(f"\\x{{{first:x}}}-\\x{{{last:x}}}" for first, last in _RANGES) + "]"
"""A pattern of RE2, which Arrow uses, for the characters that may be unseen."""
_UNSEEN = re.compile("[" + "".join(f"\\U{a:08x}-\\U{b:08x}" for a, b in _RANGES) + "]")

_ARABIC = "\u0620-\u065f\u066e-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f\u08a0-\u08c9"
_VIRAMA = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u1039\u103a\u17d2"
_INDIC = "\u0900-\u0dff\u1000-\u109f\u1780-\u17ff"
_LETTER = f"(?=[{_INDIC}])[^\\W\\d]"
# Digits, Latin letters and quotations, to which Persian adds its endings.
_FOREIGN = "0-9\u0660-\u0669\u06f0-\u06f9A-Za-z\xc0-\u024f\xbb\u201d"
_SYMBOL = (
    "\xa9\xae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf\u2934\u2935"
    "\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
# Where the Unicode Standard has a use for joiners: its chapters on the scripts, and UAX 31, 2.3.
_SPELLING = re.compile(
    f"(?<=[{_ARABIC}])\u200c(?=[{_ARABIC}{_FOREIGN}])"  # Persian: a letter in its final form within a word
    f"|(?<=[{_FOREIGN}])\u200c(?=[{_ARABIC}])"  # Persian: an ending after a number or a foreign word
    f"|(?<=[{_ARABIC}])\u200d(?![{_ARABIC}])"  # Persian: a letter that stands alone in its joined form
    f"|(?<=[{_INDIC}][{_VIRAMA}])\u200c(?={_LETTER})"  # Indic scripts: two letters that are not joined
    f"|(?<=[{_INDIC}][{_VIRAMA}])\u200d(?:(?![{_INDIC}])|(?={_LETTER}))"  # conjuncts, such as Sinhala sri
    "|(?<=[\u09b0\u09f0])\u200d(?=\u09cd\u09af)"  # Bengali: ra before ya-phala
    f"|(?<=\u0cb0)\u200d(?=\u0ccd{_LETTER})"  # Kannada: ra in its full form
    f"|(?<=[\u0d9a-\u0dc6])\u200d(?=\u0dca{_LETTER})"  # Sinhala: letters that touch
    f"|(?<=[{_SYMBOL}\ufe0f])\u200d(?=[{_SYMBOL}])"  # emoji of several, such as a family
    f"|(?<=[{_SYMBOL}])[\ufe0e\ufe0f]|(?<=[#*0-9])\ufe0f(?=\u20e3)"  # a symbol as emoji or text
    "|\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f"  # flags of regions
)


def has_unseen(text: str) -> bool:
    """Return whether a text contains an unseen character that its spelling does not need."""
    return _UNSEEN.search(_SPELLING.sub("", text)) is not None
