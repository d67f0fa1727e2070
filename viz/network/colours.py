"""The colours of a network: those of circuits for its numbers, and others for its lines."""

from dataclasses import dataclass

from viz.network.shapes import Kind
from viz.scene.style import Palette, palette_named


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of the picture of a network.

    Attributes:
        palette: of numbers, circles and names.
        positive: of lines for positive numbers.
        negative: of lines for negative numbers.
    """

    palette: Palette
    positive: str
    negative: str

    def of_text(self, role: str) -> str:
        """The colour of a text that has this role."""
        return self.palette.soft if role == "caption" else self.palette.of(role)

    def of_line(self, kind: Kind) -> str:
        """The colour of a line."""
        return {"positive": self.positive, "negative": self.negative}.get(kind, self.palette.soft)


# neither pair has a colour that numbers have; the second differs in lightness too
_SIGNS = {"cs231n": ("#1f77b4", "#e8710a"), "colorblind": ("#762a83", "#4d9f55")}


def colours_named(palette: str) -> Colours:
    """The colours that go with a palette.

    Raises:
        ValueError: if there is no palette of that name.

    >>> colours_named("cs231n").of_line("positive"), colours_named("cs231n").of_text("data")
    ('#1f77b4', '#008000')
    """
    return Colours(palette_named(palette), *_SIGNS[palette])
