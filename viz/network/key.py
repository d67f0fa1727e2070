"""What is written under the picture of a network: what colours and widths mean, and its notes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from viz.layout.geometry import Text
from viz.network.parts import Network
from viz.network.shapes import Kind, Stroke
from viz.network.strokes import PLAIN, THINNEST, kind_of, largest_size
from viz.scene.style import MIDDLE, text_width

SIZE = 13
ROW = 22  # from one baseline to the next
SAMPLE = 26  # the length of a line that explains what lines look like
SPACE = 7  # between that and its explanation
APART = 22  # between two explanations

_SAMPLE_WIDTHS: dict[Kind, float] = {
    "positive": 2.5,
    "negative": 2.5,
    "zero": THINNEST,
    "nan": PLAIN,
    "several": PLAIN,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One explanation: a text, and the look of lines that it explains, if it is about lines."""

    text: str
    role: Literal["data", "grad", "name", "caption"] = "name"
    kind: Kind | None = None

    @property
    def width(self) -> float:
        """In pixels, its sample included."""
        return text_width(self.text, SIZE) + (SAMPLE + SPACE if self.kind else 0)


def about_lines(network: Network) -> list[Entry]:
    """What lines of each look mean, and how large a number the widest stands for."""
    what = "weight" if network.show == "weights" else "gradient"
    meanings: dict[Kind, str] = {
        "positive": f"positive {what}",
        "negative": f"negative {what}",
        "zero": f"{what} 0",
        "nan": f"{what} nan, not a number",
        "several": f"maxout: several {what}s",
    }
    present = dict.fromkeys(map(kind_of, network.lines))
    entries = [Entry(text, kind=kind) for kind, text in meanings.items() if kind in present]
    largest = largest_size(network.lines)
    if largest > 0:
        entries.append(Entry(f"width: size, at most {largest:.4g}"))
    return entries


def about_circles(network: Network) -> list[Entry]:
    """What the numbers in and below the circles are."""
    circles = [circle for column in network.columns for circle in column.circles]
    entries = []
    if any(circle.data is not None for circle in circles):
        entries.append(Entry("activation", "data"))
    if any(circle.grad is not None for circle in circles):
        entries.append(Entry("gradient of the activation", "grad"))
    if any(circle.bias is not None for circle in circles):
        entries.append(Entry("+ bias", "caption"))
    return entries


def place_key(
    network: Network, centre: float, top: float, width: float
) -> tuple[list[Stroke], list[Text], float]:
    """The explanations and then the notes, in rows one below the other.

    Args:
        network: what is explained.
        centre: where the middle of each row is.
        top: where the first row begins.
        width: the most that a row may have.

    Returns:
        The samples of lines, the texts, and where the last row ends.
    """
    samples, texts = [], []
    baseline = top + SIZE
    for entries in (about_lines(network), about_circles(network)):
        for row in _rows([entry.width for entry in entries], APART, width):
            chosen = entries[row]
            x = centre - (sum(entry.width + APART for entry in chosen) - APART) / 2
            for entry in chosen:
                begin = x
                if entry.kind:
                    begin += SAMPLE + SPACE
                    y = baseline - MIDDLE * SIZE
                    stroke = _SAMPLE_WIDTHS[entry.kind]
                    samples.append(Stroke((x, y), (x + SAMPLE, y), stroke, entry.kind))
                texts.append(Text(entry.role, entry.text, begin, baseline, SIZE, "start"))
                x += entry.width + APART
            baseline += ROW
    for note in network.notes:
        words = note.split()
        widths = [text_width(word, SIZE) for word in words]
        for row in _rows(widths, text_width(" ", SIZE), width):
            texts.append(Text("name", " ".join(words[row]), centre, baseline, SIZE))
            baseline += ROW
    return samples, texts, baseline - ROW + SIZE / 2


def _rows(widths: Sequence[float], space: float, most: float) -> list[slice]:
    """Which things stand side by side in a row, if each row takes as many as it can."""
    rows: list[slice] = []
    used = math.inf
    for place, width in enumerate(widths):
        used += space + width
        if used > most:
            rows.append(slice(place, place + 1))
            used = width
        else:
            rows[-1] = slice(rows[-1].start, place + 1)
    return rows
