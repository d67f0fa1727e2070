"""Reading a model: its parameters, and the numbers of its last call."""

from collections.abc import Iterator, Sequence
from typing import Any

from autograd_core import Value
from autograd_core.explain import fixed
from viz.network.call import is_current
from viz.network.model import Model, number_of, read_model
from viz.network.parts import Circle, Column, Line, Network, Show
from viz.scene.style import choose_decimals, printable

MOST = 16
"""How many circles a column has at most."""
FIRST, LAST = 6, 5
"""How many it has of the first and of the last neurons where there are more."""

_CHANGED = "A parameter or an input was changed after the last call: its activations are left out."
_BEFORE = "The gradients of the parameters are from before the change."
_NO_GRADIENTS = "All gradients are 0: backward() on an output or on a loss computes them."


def read_network(
    model: Model,
    show: Show = "weights",
    *,
    decimals: int | None = None,
    input_names: Sequence[str] | None = None,
    output_names: Sequence[str] | None = None,
) -> Network:
    """What there is to show of a model and of its last call, which both stay as they are.

    Args:
        model: the network.
        show: what the lines are to stand for.
        decimals: as for `viz.draw`.
        input_names: a name for each input; if left out, the labels of the values in the last call.
        output_names: the same for the outputs.

    Raises:
        TypeError, ValueError: if the names are not texts, as many as there are inputs or outputs,
            `decimals` is no number of decimals, or the model does not say what `Model` asks for.

    >>> from nn import MLP
    >>> model = MLP(1, [1])
    >>> model.load_state_dict({"layers.0.neurons.0.weights.0": 2.0, "layers.0.neurons.0.bias": 1.0})
    >>> model([3.0]).backward()
    >>> network = read_network(model)
    >>> network.columns[1].circles[0].data, network.lines[0].sentence
    ('7', 'layers.0.neurons.0.weights.0 = 2, gradient 3')
    """
    reader = _Reader(model, decimals)
    names: list[Sequence[str | None]] = [[None] * size for size in reader.sizes]
    names[0] = _names("input", input_names, reader.labels(0))
    names[-1] = _names("output", output_names, reader.labels(-1))
    columns = tuple(reader.column(index, each) for index, each in enumerate(names))
    lines = tuple(reader.lines(show))
    notes = [_CHANGED] if reader.changed else []
    if reader.changed and reader.parameters_ran:
        notes.append(_BEFORE)
    if show == "gradients" and not reader.parameters_ran:
        notes.append(_NO_GRADIENTS)
    name = f"{type(model).__name__}({reader.sizes[0]}, {reader.sizes[1:]})"
    return Network(name, show, columns, lines, tuple(notes))


class _Reader:
    """One model as it is now. Column 0 are its inputs, column n is layer n - 1."""

    def __init__(self, model: Model, decimals: int | None) -> None:
        parts = read_model(model)
        self.layers = parts.layers
        self.sizes = [self.layers[0].nin, *(len(layer.neurons) for layer in self.layers)]
        self.shown = [_places_shown(size) for size in self.sizes]
        self.changed = parts.activations is not None and not is_current(parts)
        self.call = None if self.changed else parts.activations
        # as long as there was no backward pass, all gradients are 0
        self.call_ran = any(_grad(x) for column in self.call or () for x in column)
        self.parameters_ran = any(map(_grad, self._parameters_shown()))
        self.decimals = choose_decimals(self._numbers_shown(), decimals)

    def labels(self, column: int) -> list[str | None]:
        """The labels of the values of the last call."""
        if self.call is None:
            return [None] * self.sizes[column]
        return [x.label if isinstance(x, Value) else None for x in self.call[column]]

    def column(self, index: int, names: Sequence[str | None]) -> Column:
        """A column, whose circles have these names."""
        size, shown = self.sizes[index], self.shown[index]
        detail, sentence = f"{size:,}", _count(size, "input")
        if index > 0:
            activation = printable(self.layers[index - 1].activation)
            detail = f"{size:,} × {activation}"
            sentence = f"layers.{index - 1}: {_count(size, 'neuron')}, {activation}"
        return Column(
            heading=_heading(index, len(self.sizes)),
            detail=detail,
            sentence=sentence,
            circles=tuple(self._circle(index, place, names[place]) for place in shown),
            size=size,
            first=len(shown) if len(shown) == size else FIRST,
        )

    def lines(self, show: Show) -> Iterator[Line]:
        """The lines between all circles that are shown."""
        for column in range(1, len(self.sizes)):
            for target, neuron in enumerate(self.shown[column]):
                for source, place in enumerate(self.shown[column - 1]):
                    weights = self._weights(column, neuron, place)
                    number = None
                    if len(weights) == 1:
                        ((_, weight),) = weights
                        number = number_of(weight) if show == "weights" else _grad(weight)
                    yield Line(column, source, target, number, self._in_words(weights))

    def _circle(self, column: int, place: int, name: str | None) -> Circle:
        biases = self._biases(column, place)
        bias = None
        if len(biases) == 1:
            ((_, parameter),) = biases
            bias = _signed(fixed(number_of(parameter), self.decimals))
        words = f"input {place}" if column == 0 else f"layers.{column - 1}.neurons.{place}"
        if name:
            words += f", {name}"
        data = grad = None
        if self.call is not None:
            activation = self.call[column][place]
            data = fixed(number_of(activation), self.decimals)
            words += f": {number_of(activation):g}"
            if self.call_ran and isinstance(activation, Value):
                grad = fixed(activation.grad, self.decimals)
                words += f", gradient {activation.grad:g}"
        sentence = "; ".join([words, self._in_words(biases)] if biases else [words])
        return Circle(name, data, grad, bias, sentence)

    def _weights(self, column: int, place: int, source: int) -> list[tuple[str, Any]]:
        """The weights with which a neuron takes an input: one, or one for each piece of maxout."""
        path = f"layers.{column - 1}.neurons.{place}"
        sums = self.layers[column - 1].neurons[place]
        return [(f"{path}{each.path}.weights.{source}", each.weights[source]) for each in sums]

    def _biases(self, column: int, place: int) -> list[tuple[str, Any]]:
        """The biases of a neuron: one, one for each piece of maxout, or none."""
        if column == 0:
            return []
        path = f"layers.{column - 1}.neurons.{place}"
        sums = self.layers[column - 1].neurons[place]
        return [(f"{path}{each.path}.bias", each.bias) for each in sums if each.bias is not None]

    def _in_words(self, parameters: list[tuple[str, Any]]) -> str:
        gradient = ", gradient {:g}" if self.parameters_ran else ""
        return "; ".join(
            f"{name} = {number_of(parameter):g}{gradient.format(_grad(parameter))}"
            for name, parameter in parameters
        )

    def _parameters_shown(self) -> Iterator[Any]:
        for column in range(1, len(self.sizes)):
            for place in self.shown[column]:
                yield from (bias for _, bias in self._biases(column, place))
                for source in self.shown[column - 1]:
                    yield from (weight for _, weight in self._weights(column, place, source))

    def _numbers_shown(self) -> Iterator[float]:
        """The numbers that stand in the picture: in the circles, and the biases."""
        for column, places in enumerate(self.shown):
            for place in places:
                biases = self._biases(column, place)
                if len(biases) == 1:
                    yield number_of(biases[0][1])
                if self.call is not None:
                    yield number_of(self.call[column][place])
                    yield _grad(self.call[column][place])


def _places_shown(size: int) -> list[int]:
    places = list(range(size))
    return places if size <= MOST else [*places[:FIRST], *places[-LAST:]]


def _heading(index: int, count: int) -> str:
    if index == 0:
        return "input"
    if index == count - 1:
        return "output"
    return "hidden" if count == 3 else f"hidden {index}"


def _names(
    option: str, names: Sequence[str] | None, labels: Sequence[str | None]
) -> Sequence[str | None]:
    """The names of the inputs or of the outputs: those given, or the labels."""
    if names is None:
        return [printable(label or "") or None for label in labels]
    if isinstance(names, str) or not isinstance(names, Sequence):
        raise TypeError(f"{option}_names takes a list of names, ['a', 'b'], not {names!r}")
    for name in names:
        if not isinstance(name, str):
            raise TypeError(f"{option}_names takes a list of names, and {name!r} is none")
    if len(names) != len(labels):
        raise ValueError(
            f"{option}_names has {_count(len(names), 'name')}, "
            f"but the network has {_count(len(labels), option)}"
        )
    return [printable(name) or None for name in names]


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def _signed(number: str) -> str:
    return number if number.startswith(("-", "nan")) else f"+{number}"


def _grad(number: Any) -> float:
    return number.grad if isinstance(number, Value) else 0.0
