"""What a picture of a network consists of: columns of circles, and lines between them."""

from dataclasses import dataclass
from typing import Literal

Show = Literal["weights", "gradients"]
"""What the lines of a picture stand for."""


@dataclass(frozen=True, slots=True)
class Circle:
    """An input of the network, or a neuron.

    Attributes:
        name: the user's name for it, or None.
        data: its number in the last call, or None.
        grad: the gradient of that number, or None before the backward pass.
        bias: with its sign, or None.
        sentence: all of this in words.
    """

    name: str | None
    data: str | None
    grad: str | None
    bias: str | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Column:
    """The inputs of the network, or one of its layers.

    Attributes:
        heading: `input`, `hidden 1`, …, `output`.
        detail: how many neurons it has, and their activation function.
        sentence: this in words, with the name of the layer in the model.
        circles: the neurons that are shown.
        size: how many neurons there are.
        first: how many of those shown come before those that are left out.
    """

    heading: str
    detail: str
    sentence: str
    circles: tuple[Circle, ...]
    size: int
    first: int

    @property
    def left_out(self) -> int:
        """How many neurons are not shown."""
        return self.size - len(self.circles)


@dataclass(frozen=True, slots=True)
class Line:
    """The weight with which a neuron takes an input, or the gradient of that weight.

    Attributes:
        column: the column of the neuron.
        source: which of the circles in the column before is the input.
        target: which of the circles in the column is the neuron.
        number: the weight or its gradient; None for a maxout neuron, which has several.
        sentence: the weight and its gradient in words.
    """

    column: int
    source: int
    target: int
    number: float | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Network:
    """All that a picture of a network shows.

    Attributes:
        name: the model in a few words.
        show: what the lines stand for.
        columns: the inputs, then each layer.
        lines: between the circles that are shown.
        notes: what one has to know about the numbers.
    """

    name: str
    show: Show
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...]
