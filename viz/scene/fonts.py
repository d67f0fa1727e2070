"""How wide a text will be: the built-in layout has no font at hand, only this table."""

import unicodedata

FONT_FAMILY = "Arial, Helvetica, Liberation Sans, sans-serif"

ASCENT = 0.905
"""How far letters reach above the baseline, in parts of the font size (accents included)."""
DESCENT = 0.212
"""How far letters reach below the baseline."""
DIGIT_ASCENT = 0.73
"""How far digits reach above the baseline; below it they have nothing."""
MIDDLE = 0.36
"""Half the height of capitals and digits: what centres them on a line."""

# Advance widths of Helvetica, Arial and Liberation Sans, in thousandths of the font size, for the
# characters from space (32) to tilde (126).
# fmt: off
_ASCII = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)
# fmt: on

_WIDE = 1000  # East Asian characters fill a square
_EMOJI = 1300
_INDEX = 450  # raised and lowered characters, as in w¹₂₃
_LOWER = 650  # letters outside ASCII come from whatever font has them: rather too wide
_OTHER = 900


def text_width(text: str, size: float) -> float:
    """The width of a text in Helvetica, in pixels.

    Exact for ASCII; for other characters an estimate on the safe side.

    >>> text_width("-12.00", 16)
    45.36...
    """
    return sum(map(_advance, text)) * size / 1000


def _advance(character: str) -> int:
    code = ord(character)
    if 32 <= code <= 126:
        return _ASCII[code - 32]
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0  # accents that stand on the letter before, joiners
    if code >= 0x1F000 or 0x2600 <= code <= 0x27BF:
        return _EMOJI
    if unicodedata.east_asian_width(character) in "WF":
        return _WIDE
    if unicodedata.decomposition(character).startswith(("<super>", "<sub>")):
        return _INDEX
    base = unicodedata.normalize("NFD", character)[0]
    if "!" <= base <= "~":
        return _ASCII[ord(base) - 32]  # é is as wide as e
    return _LOWER if character.islower() else _OTHER
