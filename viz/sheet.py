"""A sentence as lines of text under a picture."""

import unicodedata
from collections.abc import Sequence
from html import escape

from viz.scene.fonts import text_width
from viz.scene.sentences import Name, Number, Part, write_part
from viz.scene.style import Palette, length_text

SIZE = 18
LINE = 26  # from one baseline to the next
BOLD = 1.12  # how much wider than the table says bold letters are

Run = tuple[str, str]
"""A piece of text and the attributes it is written with."""
Word = list[Run]


def words_of(
    parts: Sequence[Part],
    names: Sequence[str],
    numbers: dict[str, list[float]],
    palette: Palette,
) -> list[Word]:
    """A sentence as words: names in bold type, values and gradients in their colours.

    >>> from viz.scene.style import palette_named
    >>> words_of([Name(0), ", a leaf"], ["x"], {}, palette_named("cs231n"))
    [[('x', ' font-weight="bold"'), (',', '')], [('a', '')], [('leaf', '')]]
    """
    words: list[Word] = [[]]
    for part in parts:
        first, *others = write_part(part, names, numbers).split(" ")
        attributes = _attributes(part, names, palette)
        words[-1].append((first, attributes))
        words += [[(word, attributes)] for word in others]
    nonempty = ([run for run in word if run[0]] for word in words)
    return [word for word in nonempty if word]


def width_of(word: Word) -> float:
    """The width of a word in pixels, rather too large than too small."""
    return sum(
        text_width(text, SIZE) * (BOLD if "bold" in attributes else 1.0)
        for text, attributes in word
    )


def lines_of(words: Sequence[Word], width: float) -> list[list[Word]]:
    """Words broken into lines no wider than a picture."""
    lines: list[list[Word]] = [[]]
    space, used = text_width(" ", SIZE), 0.0
    for word in words:
        used += space + width_of(word)
        if lines[-1] and used > width:
            lines.append([])
            used = width_of(word)
        lines[-1].append(word)
    return lines


def caption(lines: Sequence[Sequence[Word]], x: float, y: float) -> list[str]:
    """Lines of text as SVG, the first with its baseline at y."""
    return [
        f'<text x="{length_text(x)}" y="{length_text(y + LINE * place)}" font-size="{SIZE}">'
        f"{' '.join(''.join(map(_span, word)) for word in words)}</text>"
        for place, words in enumerate(lines)
    ]


def _span(run: Run) -> str:
    text, attributes = run
    content = escape(text, quote=False)
    return f"<tspan{attributes}>{content}</tspan>" if attributes else content


def _attributes(part: Part, names: Sequence[str], palette: Palette) -> str:
    if isinstance(part, Name):
        # a name that is written from right to left must not turn the words around it
        isolated = ' unicode-bidi="isolate"' if _is_right_to_left(names[part.index]) else ""
        return f' font-weight="bold"{isolated}'
    if isinstance(part, Number):
        role = part.kind if part.kind in ("data", "local") else "grad"
        return f' fill="{palette.of(role)}"'
    return ""


def _is_right_to_left(text: str) -> bool:
    return any(unicodedata.bidirectional(character) in ("R", "AL") for character in text)
