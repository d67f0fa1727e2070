"""What a picture of a network shows: columns of circles, lines between them, and notes.

Column 0 are the inputs of the network, column n is layer n - 1.
"""

import math
from collections.abc import Iterator, Sequence
from contextvars import Context
from dataclasses import dataclass, replace
from itertools import chain, product, zip_longest
from typing import Any, Literal

from autograd_core import Value, paired, same_number
from autograd_core.explain import fixed, indexed
from viz.network.model import Activations, Layer, Model, number_of, read_model
from viz.scene.style import choose_decimals, printable

MOST = 16
"""How many circles a column has at most."""
SIDE = 8
"""How many rows of pixels inputs have at least that are taken for an image."""
FIRST, LAST = 6, 5
"""How many it has of the first and of the last neurons where there are more."""

Show = Literal["weights", "gradients"]
"""What the lines of a picture stand for."""
Kind = Literal["positive", "negative", "zero", "nan", "several", "plain"]
"""What a line looks like: by the sign of its number, or plain where it stands for several or none.
"""

_CHANGED = "A parameter or an input was changed after the last call: its activations are left out."
_BEFORE = "The gradients of the parameters are from before the change."
_NO_GRADIENTS = "All gradients are 0: backward() on an output or on a loss computes them."


@dataclass(frozen=True, slots=True)
class Circle:
    """An input of the network, or a neuron.

    Attributes:
        name: the user's name for it, or None.
        data: its number in the last call, or None.
        grad: the gradient of that number, or None before the backward pass.
        bias: with its sign, or None.
        sentence: all of this in words.
        symbol: what stands in it instead of numbers: Σ, or the name of a function or an input.
        light: how bright it is, from 0 to 1: by its number beside those of the others.
    """

    name: str | None
    data: str | None
    grad: str | None
    bias: str | None
    sentence: str
    symbol: str | None = None
    light: float = 0.0


@dataclass(frozen=True, slots=True)
class Column:
    """The inputs of the network, or one of its layers.

    Attributes:
        heading: `input`, `hidden 1`, …, `output`.
        detail: how many neurons it has, and their activation function.
        sentence: this in words, with the name of the layer in the model.
        circles: the neurons that are shown.
        left_out: how many are not shown, between the first `FIRST` and the others.
        weighted: whether the lines to it stand for weights.
    """

    heading: str
    detail: str
    sentence: str
    circles: tuple[Circle, ...]
    left_out: int
    weighted: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """The weight with which a neuron takes an input, or the gradient of that weight.

    Attributes:
        column: the column of the neuron.
        source: which of the circles in the column before is the input.
        target: which of the circles in the column is the neuron.
        number: the weight or its gradient; None for a maxout neuron, which has several.
        sentence: the weight and its gradient in words.
        label: the number as it is written where there is room for it, or nothing.
        weighted: whether it is a weight; else the line takes a sum to its function.
    """

    column: int
    source: int
    target: int
    number: float | None
    sentence: str
    label: str = ""
    weighted: bool = True

    @property
    def size(self) -> float:
        """The size of its number; `nan` if there is none."""
        return math.nan if self.number is None else abs(self.number)

    @property
    def kind(self) -> Kind:
        """What it looks like."""
        if self.number is None:
            return "several" if self.weighted else "plain"
        if math.isnan(self.number):
            return "nan"
        return "positive" if self.number > 0 else "negative" if self.number < 0 else "zero"


@dataclass(frozen=True, slots=True)
class Network:
    """All that a picture of a network shows: the inputs, then each layer, lines between, and notes.

    The notes are what one has to know about the numbers. Where the inputs of the last call fill a
    square, they are its pixels, row by row, from 0 to 1. Where the paths of one value are lit, the
    light of a circle says whether one of them goes through it.
    """

    name: str
    show: Show
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...]
    pixels: tuple[float, ...] = ()
    lit: bool = False


def read_network(
    model: Model,
    show: Show = "weights",
    *,
    decimals: int | None = None,
    input_names: Sequence[str] | None = None,
    output_names: Sequence[str] | None = None,
    through: Value | None = None,
) -> Network:
    """What there is to show of a model and of its last call, which both stay as they are.

    The options, and the errors for what is none of them, are those of `viz.draw`.

    >>> from nn import MLP
    >>> model = MLP(1, [1])
    >>> model.load_state_dict({"layers.0.neurons.0.weights.0": 2.0, "layers.0.neurons.0.bias": 1.0})
    >>> model([3.0]).backward()
    >>> network = read_network(model)
    >>> network.columns[1].circles[0].data, network.lines[0].sentence
    ('7', 'layers.0.neurons.0.weights.0 = 2, gradient 3')
    """
    layers, call = read_model(model)
    if call is None and len(layers) == 1 and "activations" not in model._network_():
        apart = _Apart(layers, decimals)
        network = apart.network(model, show, input_names, output_names)
        return network if through is None else _lit(network, apart.reader, through)
    changed = call is not None and not _is_current(layers, call)
    reader = _Reader(layers, None if changed else call, decimals)
    names: list[Sequence[str | None]] = [[None] * size for size in reader.sizes]
    inputs, *_, outputs = reader.call or names
    names[0] = _names("input", input_names, inputs)
    names[-1] = _names("output", output_names, outputs)
    notes = [_CHANGED] if changed else []
    if changed and reader.parameters_ran:
        notes.append(_BEFORE)
    if show == "gradients" and not reader.parameters_ran:
        notes.append(_NO_GRADIENTS)
    network = Network(
        name=f"{type(model).__name__}({reader.sizes[0]}, {reader.sizes[1:]})",
        show=show,
        columns=tuple(reader.column(index, each) for index, each in enumerate(names)),
        lines=tuple(reader.lines(show)),
        notes=tuple(notes),
        pixels=_pixels(reader.call[0]) if reader.call else (),
    )
    return network if through is None else _lit(network, reader, through)


def _lit(network: Network, reader: "_Reader", through: Value) -> Network:
    """The network with colour and light on the paths of one value to the outputs alone."""
    reached = set(reader.circles_of(through))
    lines, name = [], through.label if isinstance(through, Value) else None
    for line, weights in zip_longest(network.lines, reader.weights(), fillvalue=()):
        assert isinstance(line, Line)
        own = [path for path, weight in weights if weight is through]
        if own or (line.column - 1, line.source) in reached:
            reached.add((line.column, line.target))
            lines.append(line)
            name = name or next(iter(own), None)
        else:
            lines.append(replace(line, number=None, label="", weighted=False))
    if not reached:
        raise ValueError(
            "through takes a parameter that the picture shows, or an input or activation of the "
            f"last call, not {through!r}"
        )
    columns = tuple(
        replace(
            column,
            circles=tuple(
                replace(circle, light=float((index, place) in reached))
                for place, circle in enumerate(column.circles)
            ),
        )
        for index, column in enumerate(network.columns)
    )
    note = f"In colour: all paths from {printable(name or 'the value')} to the outputs."
    notes = (*network.notes, note)
    return replace(network, columns=columns, lines=tuple(lines), notes=notes, lit=True)


def _pixels(inputs: Sequence[Any]) -> tuple[float, ...]:
    """The inputs as grey levels, if they fill a square of at least 8 × 8.

    >>> _pixels([0.0] * 63), _pixels([2.0, 0.0] * 32)[:2]
    ((), (1.0, 0.0))
    """
    numbers = [number_of(each) for each in inputs]
    side = math.isqrt(len(numbers))
    low, high = min(numbers), max(numbers)
    if side * side != len(numbers) or side < SIDE or not math.isfinite(high - low) or low == high:
        return ()
    return tuple((number - low) / (high - low) for number in numbers)


class _Apart:
    """A neuron, or a layer, that keeps no call: inputs, Σ and f, each in a circle of its own.

    A maxout neuron has a Σ for each piece.
    """

    def __init__(self, layers: Sequence[Layer], decimals: int | None) -> None:
        self.layer = layers[0]
        pieces = tuple((each,) for neuron in self.layer.neurons for each in neuron)
        self.reader = _Reader([replace(self.layer, neurons=pieces)], None, decimals)

    def network(
        self,
        model: Model,
        show: Show,
        input_names: Sequence[str] | None,
        output_names: Sequence[str] | None,
    ) -> Network:
        """All that a picture of it shows."""
        nin, neurons = self.reader.sizes[0], self.layer.neurons
        owners = [place for place, pieces in enumerate(neurons) for _ in pieces]
        inputs = self.reader.column(0, _names("input", input_names, [None] * nin))
        sums = self.reader.column(1, [None] * len(owners))
        outputs = _names("output", output_names, [None] * len(neurons))
        activation = printable(self.layer.activation)
        symbol = "max" if len(owners) > len(neurons) else activation
        shown = _places_shown(len(neurons))
        functions = tuple(
            Circle(outputs[place], None, None, None, f"layers.0.neurons.{place}", symbol)
            for place in shown
        )
        placed = zip(inputs.circles, _places_shown(nin), strict=True)
        called = tuple(replace(circle, symbol=indexed("x", at + 1)) for circle, at in placed)
        summed = tuple(replace(circle, symbol="Σ") for circle in sums.circles)
        formula = "Σwx + b" if any(circle.bias for circle in summed) else "Σwx"
        more = len(neurons) - len(shown)
        columns = (
            replace(inputs, circles=called),
            replace(sums, heading="weighted sum", detail=formula, circles=summed),
            replace(sums, detail=activation, circles=functions, left_out=more, weighted=False),
        )
        lines = list(self.reader.lines(show))
        for source, place in enumerate(self.reader.shown[1]):
            if owners[place] in shown:
                words = f"{activation} of {sums.circles[source].sentence}"
                target = shown.index(owners[place])
                lines.append(Line(2, source, target, None, words, weighted=False))
        notes = [_NO_GRADIENTS] if show == "gradients" and not self.reader.parameters_ran else []
        name = f"{type(model).__name__}({nin}, [{len(neurons)}])"
        return Network(name, show, columns, tuple(lines), tuple(notes))


def _is_current(layers: Sequence[Layer], call: Sequence[Sequence[Any]]) -> bool:
    """Whether the activations of a call, and their local gradients, are those of the model now.

    Each layer is computed again from its recorded inputs, beside the record and without a trace in
    it. So it is noticed when a parameter or an input was edited or replaced, also after a call
    under `no_grad`, and in models of plain numbers: neither leaves a graph whose stamps could tell.
    A layer that has no function is taken at its word.
    """
    return (
        len(call) == len(layers) + 1
        and len(call[0]) == layers[0].nin
        and all(map(_follow, layers, call, call[1:]))
    )


def _follow(layer: Layer, inputs: Sequence[Any], outputs: Sequence[Any]) -> bool:
    """Whether a layer, given these inputs, gives these outputs by the same gates."""
    if layer.function is None:
        return len(outputs) >= len(layer.neurons)
    try:
        # in a context of its own, lest a `no_grad` around the caller keeps it from being recorded
        returned = Context().run(layer.function, inputs)
    except (ValueError, ZeroDivisionError):
        return False
    again = layer.outputs(returned)
    return len(again) == len(outputs) and all(
        _agree(one, other) for one, other, _ in paired(outputs, again)
    )


def _agree(recorded: Any, computed: Any) -> bool:
    """Whether two values hold the same numbers; of one without a gate only the data is known."""
    if recorded is computed:
        return True
    if not same_number(number_of(recorded), number_of(computed)):
        return False
    if not isinstance(recorded, Value) or recorded.gate is None:
        return True
    return (
        isinstance(computed, Value)
        and recorded.gate is computed.gate
        and len(recorded.local_grads) == len(computed.local_grads)
        and all(map(same_number, recorded.local_grads, computed.local_grads))
    )


_Named = tuple[str, Any]  # a parameter and its name in the model


class _Reader:
    """The layers of a model as they are now, and the last call, if its numbers are theirs."""

    def __init__(self, layers: Sequence[Layer], call: Activations, decimals: int | None) -> None:
        self.layers, self.call = layers, call
        self.sizes = [layers[0].nin, *(len(layer.neurons) for layer in layers)]
        self.shown = [_places_shown(size) for size in self.sizes]
        circles = [(column, place) for column, places in enumerate(self.shown) for place in places]
        # as long as there was no backward pass, all gradients are 0
        self.call_ran = any(map(_grad, chain.from_iterable(call or ())))
        parameters = [self._biases(*circle) for circle in circles]
        parameters += self.weights()
        self.parameters_ran = any(_grad(each) for _, each in chain.from_iterable(parameters))
        numbers = chain.from_iterable(self._numbers(*circle) for circle in circles)
        self.decimals = choose_decimals((n for n in numbers if n is not None), decimals)
        weights = [number_of(each) for *_, named in self._wires() for _, each in named]
        self.weight_decimals = choose_decimals(weights, decimals)

    def column(self, index: int, names: Sequence[str | None]) -> Column:
        """A column, whose circles have these names."""
        size, shown = self.sizes[index], self.shown[index]
        detail, sentence = f"{size:,}", _count(size, "input")
        if index > 0:
            activation = printable(self.layers[index - 1].activation)
            detail = f"{size:,} × {activation}"
            sentence = f"layers.{index - 1}: {_count(size, 'neuron')}, {activation}"
        circles = tuple(self._circle(index, place, names[place]) for place in shown)
        numbers = [abs(number_of(each)) for each in self.call[index]] if self.call else []
        largest = max((number for number in numbers if math.isfinite(number)), default=0.0)
        if largest:
            lights = [min(numbers[place] / largest, 1.0) for place in shown]
            circles = tuple(
                replace(circle, light=light if light == light else 0.0)
                for circle, light in zip(circles, lights, strict=True)
            )
        heading = _heading(index, len(self.sizes))
        return Column(heading, detail, sentence, circles, left_out=size - len(shown))

    def lines(self, show: Show) -> Iterator[Line]:
        """The lines between all circles that are shown."""
        for column, source, target, weights in self._wires():
            number = None
            if len(weights) == 1:
                [(_, weight)] = weights
                number = number_of(weight) if show == "weights" else _grad(weight)
            label = "" if number is None else fixed(number, self.weight_decimals)
            yield Line(column, source, target, number, self._in_words(weights), label)

    def weights(self) -> list[list[_Named]]:
        """The weights of each line, with their names."""
        return [weights for *_, weights in self._wires()]

    def circles_of(self, value: Value) -> Iterator[tuple[int, int]]:
        """The column and the place of each circle whose bias or activation a value is."""
        for column, places in enumerate(self.shown):
            for circle, place in enumerate(places):
                biases = [bias for _, bias in self._biases(column, place)]
                activations = [self.call[column][place]] if self.call else []
                if any(each is value for each in (*biases, *activations)):
                    yield column, circle

    def _circle(self, column: int, place: int, name: str | None) -> Circle:
        numbers = self._numbers(column, place)
        data, grad, bias = (n if n is None else fixed(n, self.decimals) for n in numbers)
        if bias is not None and not bias.startswith(("-", "nan")):
            bias = f"+{bias}"
        words = f"input {place}"
        if column > 0:
            sums = self.layers[column - 1].neurons[place]
            words = sums[0].path if len(sums) == 1 else f"layers.{column - 1}.neurons.{place}"
        words += f", {name}" if name else ""
        for before, number in zip((": ", ", gradient "), numbers, strict=False):
            words += "" if number is None else f"{before}{number:g}"
        biases = self._biases(column, place)
        sentence = "; ".join([words, self._in_words(biases)] if biases else [words])
        return Circle(name, data, grad, bias, sentence)

    def _numbers(self, column: int, place: int) -> tuple[float | None, float | None, float | None]:
        """Activation, its gradient and bias of a circle, as far as they are shown."""
        activation = None if self.call is None else self.call[column][place]
        biases = self._biases(column, place)
        return (
            None if activation is None else number_of(activation),
            activation.grad if self.call_ran and isinstance(activation, Value) else None,
            number_of(biases[0][1]) if len(biases) == 1 else None,
        )

    def _biases(self, column: int, place: int) -> list[_Named]:
        """The biases of a circle: one, one for each piece of maxout, or none."""
        sums = self.layers[column - 1].neurons[place] if column else ()
        return [(f"{each.path}.bias", each.bias) for each in sums if each.bias is not None]

    def _wires(self) -> Iterator[tuple[int, int, int, list[_Named]]]:
        """For each line its column, source and target, and the weights: several for maxout."""
        for column, layer in enumerate(self.layers, start=1):
            targets, sources = enumerate(self.shown[column]), enumerate(self.shown[column - 1])
            for (target, neuron), (source, place) in product(targets, sources):
                sums = layer.neurons[neuron]
                weights = [(f"{each.path}.weights.{place}", each.weights[place]) for each in sums]
                yield column, source, target, weights

    def _in_words(self, parameters: Sequence[_Named]) -> str:
        gradient = ", gradient {:g}" if self.parameters_ran else ""
        return "; ".join(
            f"{name} = {number_of(parameter):g}{gradient.format(_grad(parameter))}"
            for name, parameter in parameters
        )


def _places_shown(size: int) -> list[int]:
    places = list(range(size))
    return places if size <= MOST else [*places[:FIRST], *places[-LAST:]]


def _heading(index: int, count: int) -> str:
    if index == 0:
        return "input"
    if index == count - 1:
        return "output"
    return "hidden" if count == 3 else f"hidden {index}"


def _names(option: str, names: Sequence[str] | None, values: Sequence[Any]) -> Sequence[str | None]:
    """The names of the inputs or of the outputs: those given, or the labels of values."""
    if names is None:
        labels = [x.label if isinstance(x, Value) else None for x in values]
        return [printable(label or "") or None for label in labels]
    if isinstance(names, str) or not isinstance(names, Sequence):
        raise TypeError(f"{option}_names takes a list of names, ['a', 'b'], not {names!r}")
    for name in names:
        if not isinstance(name, str):
            raise TypeError(f"{option}_names takes a list of names, and {name!r} is none")
    if len(names) != len(values):
        raise ValueError(
            f"{option}_names has {_count(len(names), 'name')}, "
            f"but the network has {_count(len(values), option)}"
        )
    return [printable(name) or None for name in names]


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def _grad(number: Any) -> float:
    return number.grad if isinstance(number, Value) else 0.0
