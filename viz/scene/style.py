"""How a picture looks: the options of users, colours, decimals, and texts.

Here stand the names, types, defaults and checks of the options that all pictures of circuits share;
what a label may contain, and how wide a text will be.
"""

import math
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from inspect import Parameter, signature
from typing import Any, Literal, TypedDict, TypeVar

from autograd_core import Value


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
        tint: of the inside of gates of every second layer of neurons.
    """

    data: str
    grad: str
    local: str
    ink: str = "#000000"
    paper: str = "#ffffff"
    shade: str = "#f5f5f5"
    soft: str = "#595959"
    tint: str = "#dfeaf7"

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
    """The palette of that name, or a `ValueError`.

    >>> palette_named("cs231n").data
    '#008000'
    """
    if not isinstance(name, str) or name not in PALETTES:
        choices = " or ".join(repr(known) for known in PALETTES)
        raise ValueError(f"there is no palette {name!r}; choose {choices}")
    return PALETTES[name]


def choose_decimals(numbers: Iterable[float], decimals: int | None) -> int:
    """How many decimals the numbers of one picture get: the user's choice, checked, or two.

    Where all numbers are integers, `nan` and `inf` aside, it is none.

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


def is_measured(text: str) -> bool:
    """Whether the width of a text is known, and not a quarter of it or more an estimate.

    >>> is_measured("learning rate η"), is_measured("é"), is_measured("w¹₂₃")
    (True, True, False)
    """
    known = "".join(map(_plain, text))
    return 4 * text_width(known, 1.0) > 3 * text_width(text, 1.0)


def _plain(character: str) -> str:
    """The ASCII letter that a character is, apart from its accents; else nothing."""
    base = unicodedata.normalize("NFD", character)[0]
    return base if " " <= base <= "~" else ""


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
    if base := _plain(character):
        return _ASCII[ord(base) - 32]  # é is as wide as e
    return _LOWER if character.islower() else _OTHER


LIMIT = 60
"""How many values a picture shows unless the caller says otherwise."""

Inputs = Literal["far", "near"]
PaletteName = Literal["cs231n", "colorblind"]
Expand = bool | str | Value | Collection[str | Value]
"""What to open: everything that opens; or gates by name or symbol, the gates of some values, and
`"neuron"`, for neurons that are closed."""


class PageOptions(TypedDict, total=False):
    """For type checkers: the options of `viz.page`; `Options` says what they mean."""

    decimals: int | None
    inputs: Inputs | None
    branches: bool
    local: bool
    expand: Expand
    names: Mapping[str, Any] | None
    limit: int | None
    palette: PaletteName


class CircuitOptions(PageOptions, total=False):
    """For type checkers: the options of every other picture of a circuit."""

    title: str | None


@dataclass(frozen=True)
class Options:
    """How a circuit is drawn.

    Attributes:
        decimals, palette, inputs, title, branches, local, expand, names, limit: `viz.draw` says
            what they mean.
        caller: the name of the function that draws, for messages.
        most: how many values the circuit may have, shown or not, unless the limit is higher.

    Raises:
        ValueError: if an option is not one of its choices.

    >>> Options(inputs="middle")
    Traceback (most recent call last):
    ValueError: inputs must be 'far' or 'near', not 'middle'
    """

    decimals: int | None = None
    palette: PaletteName = "cs231n"
    inputs: Inputs | None = None
    title: str | None = None
    branches: bool = False
    local: bool = False
    expand: Expand = False
    names: Mapping[str, Any] | None = None
    limit: int | None = LIMIT
    caller: str = "draw"
    most: int = 20_000

    def __post_init__(self) -> None:
        palette_named(self.palette)
        if self.inputs not in ("far", "near", None):
            raise ValueError(f"inputs must be 'far' or 'near', not {self.inputs!r}")
        limit: object = self.limit
        if limit is None:
            return
        if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
            raise ValueError(
                f"limit must be a whole number of values above 0, or None, not {limit!r}"
            )

    @property
    def is_told(self) -> bool:
        """Whether the picture tells the story of the passes: then it leaves no gate out."""
        return self.most < Options.most


DEFAULT = Options()


class TooLargeError(ValueError):
    """What is said of a circuit that is too large for a picture.

    Attributes:
        found: how large it is.
        most: where the picture stops.
        limit: the option with which it does not stop there.
    """

    def __init__(
        self, found: str, caller: str, most: int, cures: str, limit: int | None = None
    ) -> None:
        super().__init__(
            f"{found}; {caller}() stops at {most:,}, where pictures become hard to read. {cures}; "
            f"or ask for all of it with {caller}(value, limit={limit})"
        )
        self.found, self.most, self.limit = found, most, limit


_PARAMETERS = {
    field.name: Parameter(
        field.name, Parameter.KEYWORD_ONLY, default=field.default, annotation=field.type
    )
    for field in fields(Options)
    if field.name not in ("caller", "most")
}
OPTION_NAMES = tuple(_PARAMETERS)

Function = TypeVar("Function", bound=Callable[..., Any])


def takes_options(
    *, without: Collection[str] = (), also: Mapping[str, Any] | None = None
) -> Callable[[Function], Function]:
    """Show in the signature of a function which options it takes as `**options`.

    It may do without some, or have them as parameters of its own, and may also take others, given
    with their defaults.
    """

    def shown(function: Function) -> Function:
        written = signature(function)
        own = [each for each in written.parameters.values() if each.kind is not each.VAR_KEYWORD]
        taken = [option for name, option in _PARAMETERS.items() if name not in without]
        more = [
            Parameter(name, Parameter.KEYWORD_ONLY, default=default)
            for name, default in (also or {}).items()
        ]
        full = written.replace(parameters=[*own, *taken, *more])
        function.__signature__ = full  # type: ignore[attr-defined]
        return function

    return shown


def read_options(
    function: Callable[..., Any], given: Mapping[str, Any], most: int = Options.most
) -> Options:
    """What a function that `takes_options` was asked for, with its defaults.

    It takes circuits of at most so many values, unless it is asked for a higher limit.
    """
    parameters = signature(function).parameters
    for name in given:
        if name not in parameters:
            raise TypeError(f"{function.__name__}() got an unexpected keyword argument {name!r}")
    asked = {name: each.default for name, each in parameters.items() if name in _PARAMETERS}
    return Options(**{**asked, **given}, caller=function.__name__, most=most)
