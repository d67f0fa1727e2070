"""How a picture looks: its colours, how its numbers are written, and what a label may contain."""

import math
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a picture.

    Attributes:
        data: of the number above a wire, the value.
        grad: of the number below it, the gradient.
        local: of local gradients.
        ink: of wires, gates and names.
        paper: of the background and the inside of gates.
        shade: of the inside of frames.
        soft: of constants that stand on wires.
    """

    data: str
    grad: str
    local: str
    ink: str = "#000000"
    paper: str = "#ffffff"
    shade: str = "#f5f5f5"
    soft: str = "#595959"

    def of(self, role: str) -> str:
        """The colour of a text that has this role in a picture.

        >>> PALETTES["cs231n"].of("grad"), PALETTES["cs231n"].of("name")
        ('#d00000', '#000000')
        """
        colours = {"data": self.data, "grad": self.grad, "local": self.local, "constant": self.soft}
        return colours.get(role, self.ink)


PALETTES = {
    # green and red as in the CS231n notes; this red has contrast 5.7 on white, pure red only 4.0
    "cs231n": Palette(data="#008000", grad="#d00000", local="#1a5fb4"),
    # blue, orange and grey stay apart for red-green blind readers
    "colorblind": Palette(data="#0072b2", grad="#b35000", local="#4d4d4d"),
}


def palette_named(name: str) -> Palette:
    """The palette of that name.

    Raises:
        ValueError: if there is none.

    >>> palette_named("cs231n").data
    '#008000'
    """
    if not isinstance(name, str) or name not in PALETTES:
        choices = " or ".join(repr(known) for known in PALETTES)
        raise ValueError(f"there is no palette {name!r}; choose {choices}")
    return PALETTES[name]


def choose_decimals(numbers: Iterable[float], decimals: int | None) -> int:
    """How many decimals the numbers of one picture get.

    Args:
        numbers: all that the picture shows; `nan` and `inf` have no say.
        decimals: the user's choice, or None for two, and for none where all are integers.

    Raises:
        TypeError, ValueError: if the user's choice is no number of decimals.

    >>> choose_decimals([-2.0, 5.0], None), choose_decimals([-2.0, 0.5], None)
    (0, 2)
    """
    if decimals is None:
        finite = (number for number in numbers if math.isfinite(number))
        return 0 if all(number.is_integer() for number in finite) else 2
    if isinstance(decimals, bool) or not isinstance(decimals, int):
        raise TypeError(f"decimals must be a whole number such as 2, not {decimals!r}")
    if not 0 <= decimals <= 17:
        raise ValueError(f"decimals must be from 0 to 17, not {decimals}")
    return decimals


def length_text(length: float) -> str:
    """A length, or a place, in the text of a picture: at most two decimals.

    >>> length_text(70.0), length_text(24.546)
    ('70', '24.55')
    """
    return f"{length:.2f}".rstrip("0").rstrip(".")


def printable(text: str) -> str:
    r"""A label as one line of text that every file format can hold.

    White space becomes a plain space. What has no picture and no place in XML (control characters,
    halves of surrogate pairs) or would reorder the text around it (bidirectional overrides) becomes
    the replacement character.

    >>> printable("two\nlines"), printable("bell\a")
    ('two lines', 'bell�')
    """
    return "".join(map(_printable_character, str(text))).strip()


_REORDERING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def _printable_character(character: str) -> str:
    if character.isspace():
        return " "
    unseen = unicodedata.category(character) in ("Cc", "Cs") or character in _REORDERING
    not_in_xml = ord(character) & 0xFFFE == 0xFFFE
    return "\ufffd" if unseen or not_in_xml else character
