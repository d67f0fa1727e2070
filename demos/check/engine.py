"""The steps of the exercise `engine`: what each asks for, and how it is checked."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from math import tanh
from types import ModuleType
from typing import Any

from demos import engine
from demos.check.asked import (
    Circuit,
    MistakeError,
    Numbers,
    attribute,
    close,
    doing,
    named,
    number,
    of,
    reason,
)


@dataclass(frozen=True)
class Step:
    """One step: what is to be written, in words, and its check, which returns what it has seen."""

    title: str
    task: str
    check: Callable[[ModuleType], str]


# The steps


FUNCTIONS: list[tuple[str, list[float]]] = [
    ("lambda x, y: x * y * y", [3.0, 2.0]),
    ("lambda x, y, z: (x + y) * z", [-2.0, 5.0, -4.0]),
    ("lambda x: x ** 3", [-1.5]),
]


def check_slope(module: ModuleType) -> str:
    """Step 1."""
    slope = named(module, "slope")
    for text, inputs in FUNCTIONS:
        f = eval(text)
        right = [engine.slope(f, inputs, place) for place in range(len(inputs))]
        for place in range(len(inputs)):
            asked = f"    slope({text}, {inputs}, {place})"
            given = list(inputs)
            with doing(asked):
                answer = slope(f, given, place)
            if given != inputs:
                raise MistakeError(
                    f"{asked}\n\nThe list of inputs was changed: nudge a copy of it."
                )
            if not isinstance(answer, int | float):
                raise MistakeError(f"{asked}\n\nThat is {answer!r}, and has to be a number.")
            if not _about(answer, right[place]):
                raise MistakeError(
                    f"{asked}\n\nThe slope is {right[place]:.6g}, yours is {answer:.6g}. "
                    f"{_of_slope(answer, right, place)}"
                )
    return f"{sum(len(inputs) for _, inputs in FUNCTIONS)} slopes"


def _about(one: float, other: float) -> bool:
    """Whether two slopes are the same, but for the length of the nudge."""
    return abs(one - other) <= 1e-3 * max(1.0, abs(other))


def _of_slope(answer: float, right: list[float], place: int) -> str:
    """What may be wrong with a slope, given the right ones by all inputs."""
    own = right[place]
    if answer == 0.0:
        return (
            "Is the nudge lost in rounding? A float has 16 digits, so 3 + 1e-17 is 3. Take 1e-6. "
            "And is it f of the nudged inputs that is subtracted?"
        )
    if _about(answer, 2.0 * own):
        return "That is twice as much: from x - h to x + h it is 2 * h."
    if _about(answer, -own):
        return "The sign is turned around: take f after the nudge minus f before it."
    if any(_about(answer, other) for other in right):
        return "That is the slope by another input: nudge inputs[place]."
    if _about(answer, sum(right)):
        return "All inputs were nudged: nudge inputs[place] alone."
    if abs(answer) < 0.01 * abs(own):
        return "Is that the change of f? Divide it by the length of the nudge."
    if abs(answer - own) < 0.5 * abs(own):
        return "Is the nudge too large? Take 1e-6."
    return "It is (f(nudged up) - f(nudged down)) / (the distance of the two)."


def check_gates(module: ModuleType) -> str:
    """Step 2."""
    kind = named(module, "Value")
    with doing("    x = Value(3.0)"):
        x = kind(3.0)
    if number(x, "data", "x") != 3.0:
        raise MistakeError(f"    x = Value(3.0)\n\n`x.data` has to be 3.0, and is {x.data!r}.")
    if number(x, "grad", "x") != 0.0:
        raise MistakeError(
            f"    x = Value(3.0)\n\n`x.grad` has to be 0.0 as long as no backward pass has been, "
            f"and is {x.grad!r}."
        )
    circuits = [
        of("f = x + y", None, x=3.0, y=4.0),
        of("f = x * y", None, x=3.0, y=4.0),
        of("q = x + y; f = q * z", None, x=-2.0, y=5.0, z=-4.0),
        of("f = x + 1", None, x=3.0),
        of("f = x * 2", None, x=3.0),
        of("f = 1 + x", None, x=3.0),
        of("f = 2 * x", None, x=3.0),
    ]
    for circuit in circuits:
        with doing(str(circuit)):
            values = circuit.values(module)
        for name, before in circuit.leaves.items():
            if values[circuit.output] is values[name] or values[name].data != before:
                raise MistakeError(
                    f"{circuit}\n\nThe gate has changed {name}, its operand. Its result is a new "
                    "Value: `return Value(…)`."
                )
        circuit.check(module, 2)
    return f"{len(circuits)} circuits, forward"


def check_circuits(circuits: Sequence[Circuit], step: int, module: ModuleType) -> str:
    """A step that is checked by circuits alone."""
    for circuit in circuits:
        circuit.check(module, step, circuits)
    return f"{len(circuits)} circuits, {sum(len(circuit.names) for circuit in circuits)} gradients"


BY_HAND = (
    of("f = x + y", "f", x=3.0, y=4.0),
    of("f = x * y", "f", x=3.0, y=4.0),
    of("q = x + y; f = q * z", "fq", x=-2.0, y=5.0, z=-4.0),
    of("p = x * y; q = p + z; f = q * w", "fqp", x=2.0, y=-3.0, z=10.0, w=-2.0),
    of("q = x * 2; f = 3 + q", "fq", x=5.0),
)
FORKS = (
    of("q = x + y; f = q * x", "fq", x=3.0, y=2.0),
    of("f = x * x", "f", x=3.0),
    of("f = x + x", "f", x=3.0),
    of("b = a + a; y = b * b", "yb", a=3.0),
    of("p = x * y; q = x + p; f = q * y", "fqp", x=2.0, y=-3.0),
)
ORDERS = (
    of("q = x + y; f = q * z", x=-2.0, y=5.0, z=-4.0),
    of("p = x * y; q = p * x; f = p * q", x=2.0, y=-3.0),
    of("p = x * y; q = p + x; r = q * p; f = r + p", x=2.0, y=-3.0),
    of("p = x + y; q = p * p; r = q + p; s = r * q; f = s * p", x=1.5, y=-0.5),
)
GATES = (
    of("f = -x", x=0.7),
    of("f = x - y", x=0.7, y=-1.6),
    of("f = x / y", x=0.7, y=-1.6),
    of("f = x.exp()", x=0.7),
    of("f = x.tanh()", x=0.7),
    of("f = x - 1", x=0.7),
    of("f = x / 2", x=0.7),
    of("f = 2 - x", x=0.7),
    of("f = 1 / x", x=0.7),
    of("a = x.exp(); b = 1 + a; c = x / b; d = c.tanh(); f = d - x", x=0.7),
)


def check_neurons(module: ModuleType) -> str:
    """Step 7."""
    kind, neuron_kind, layer_kind = (named(module, name) for name in ("Value", "Neuron", "Layer"))
    inputs = [0.5, -2.0, 3.0]
    with doing("    neuron = Neuron(3)"):
        neuron, other = neuron_kind(3), neuron_kind(3)
    parameters = _parameters(neuron, "neuron", kind)
    if len(parameters) != 4:
        hint = " The bias is one of them." if len(parameters) == 3 else ""
        raise MistakeError(
            f"    neuron = Neuron(3)\n\nIt has {len(parameters)} parameters(), and has to have 4: "
            f"3 weights and a bias.{hint}"
        )
    starts = [[p.data for p in _parameters(each, "neuron", kind)] for each in (neuron, other)]
    if starts[0] == starts[1]:
        raise MistakeError(
            "Two neurons begin with the same numbers. They would get the same gradients and stay "
            "the same for ever: begin with random weights."
        )
    asked = f"    out = neuron({inputs})"
    _check_neuron(neuron, inputs, asked, kind)
    with doing("    layer = Layer(3, 2)"):
        layer = layer_kind(3, 2)
    asked = f"    layer = Layer(3, 2)\n    outs = layer({inputs})"
    with doing(asked):
        outs = layer(inputs)
    if not isinstance(outs, list | tuple) or len(outs) != 2:
        raise MistakeError(f"{asked}\n\n`outs` is {outs!r}, and has to be a list of 2 Values.")
    parameters = _parameters(layer, "layer", kind)
    count = len({id(p) for p in parameters})
    if count != 8:
        hint = ""
        if count == 4:
            hint = " `[Neuron(3)] * 2` is one neuron, twice: `[Neuron(3) for _ in range(2)]`."
        raise MistakeError(
            f"{asked}\n\nLayer(3, 2) has {count} different parameters(), and "
            f"has to have 8: 2 neurons with 3 weights and a bias each.{hint}"
        )
    with doing(f"{asked}\n    outs[0].backward()"):
        outs[0].backward()
    if sum(bool(p.grad) for p in parameters) != 4:
        raise MistakeError(
            f"{asked}\n\nouts[0] has to depend on the 4 parameters of the first neuron."
        )
    return "a neuron and a layer"


def _parameters(thing: Any, of: str, kind: Any) -> list[Any]:
    with doing(f"    {of}.parameters()"):
        found = attribute(thing, "parameters", of)()
    if not isinstance(found, list | tuple):
        raise MistakeError(f"`{of}.parameters()` is {found!r}, and has to be a list of Values.")
    for parameter in found:
        if not isinstance(parameter, kind):
            raise MistakeError(
                f"Among `{of}.parameters()` is {parameter!r}. Each has to be a Value, lest it gets "
                "no gradient."
            )
    return list(found)


def _check_neuron(neuron: Any, inputs: list[float], asked: str, kind: Any) -> None:
    """See that it is tanh(w·x + b), in whatever order its parameters come: they are all equal."""
    parameters = _parameters(neuron, "neuron", kind)
    for parameter in parameters:
        parameter.data, parameter.grad = 0.31, 0.0
    with doing(asked):
        out = neuron(inputs)
    if not isinstance(out, kind):
        raise MistakeError(f"{asked}\n\n`out` is {out!r}, and has to be a Value.")
    with doing(f"{asked}\n    out.backward()"):
        out.backward()
    weighted, bias = 0.31 * sum(inputs), 0.31
    if not close(out.data, tanh(weighted + bias)):
        says = "It has to be tanh(w₁x₁ + w₂x₂ + w₃x₃ + b)."
        if close(out.data, weighted + bias):
            says = "That is w₁x₁ + w₂x₂ + w₃x₃ + b; tanh of it was asked for."
        elif close(out.data, tanh(weighted)):
            says = "That is tanh(w₁x₁ + w₂x₂ + w₃x₃): the bias is missing."
        elif all(parameter.grad == 0.0 for parameter in parameters):
            says = "It does not depend on the parameters(): compute with the Values that are there."
        raise MistakeError(
            f"{asked}\n\nWith 0.31 for each parameter, out is {out.data:.6g}. {says}"
        )
    found = sorted(parameter.grad for parameter in parameters)
    right = sorted((1.0 - out.data * out.data) * x for x in [*inputs, 1.0])
    if not all(map(close, found, right)):
        raise MistakeError(
            f"{asked}\n    out.backward()\n\nThe gradients of the parameters are {found}, and have "
            f"to be {right}: (1 - out²) times the input. Does the sum use `.data` on its way? What "
            "is computed from plain numbers is in no circuit."
        )


EXAMPLES = [([1.0], 3.0), ([2.0], 4.5), ([-1.0], 0.5)]


def trained(module: Any, rate: float = 0.05, steps: int = 4) -> Numbers:
    """What training a line, w x + b, does in an engine: its errors, parameters and gradients."""
    w, b = module.Value(0.5), module.Value(0.0)
    errors = module.train(lambda inputs: w * inputs[0] + b, [w, b], EXAMPLES, rate, steps)
    if not isinstance(errors, list | tuple) or len(errors) != steps:
        raise MistakeError(f"It returned {errors!r}, and has to return a list of {steps} errors.")
    for error in errors:
        if not isinstance(error, int | float):
            raise MistakeError(f"In the list is {error!r}: it has to be a number, its `.data`.")
    listed = {f"error {place}": float(error) for place, error in enumerate(errors, start=1)}
    ends = {"w": w, "b": b}
    return listed | {
        f"{name}{what and '.'}{what}": number(value, what or "data", name)
        for name, value in ends.items()
        for what in ("", "grad")
    }


def check_training(module: ModuleType) -> str:
    """Step 8."""
    named(module, "train")
    asked = (
        f"    w, b, examples = Value(0.5), Value(0.0), {EXAMPLES}\n"
        "    train(lambda x: w * x[0] + b, [w, b], examples, rate=0.05, steps=4)"
    )
    with doing(asked):
        found = trained(module)
    right = trained(engine)
    wrong = [name for name in _kept(right) if not close(found[name], right[name])]
    if wrong:
        name = wrong[0]
        says = reason([trained], 0, module, 8, name) or reason(
            [lambda module: _kept(trained(module))], 0, module, 8, name
        )
        raise MistakeError(
            f"{asked}\n\n{name} should be {right[name]:.6g}, yours is {found[name]:.6g}. {says}"
        )
    return f"a line; its error falls from {right['error 1']:.3g} to {right['error 4']:.3g}"


def _kept(numbers: Numbers) -> Numbers:
    """Without the gradients, which may be set to 0 before a step or after it."""
    return {name: number for name, number in numbers.items() if ".grad" not in name}


COUNT = 200


def random_circuit(source: random.Random, gates: int) -> Circuit:
    """A circuit of so many gates, each of which has numbers that are neither large nor undefined.

    >>> print(random_circuit(random.Random(1), 2).text)
    v4 = v2 / v1
    f = v4.tanh()
    """
    numbers = {f"v{place}": round(source.uniform(-2.0, 2.0), 2) for place in range(1, 4)}
    leaves = dict(numbers)
    lines: list[str] = []
    while len(lines) < gates:
        one, other = source.choice([*numbers]), source.choice([*numbers])
        sign = source.choice(["+", "-", "*", "/", "exp", "tanh"])
        text = f"{one}.{sign}()" if sign in ("exp", "tanh") else f"{one} {sign} {other}"
        values = {name: engine.Value(number) for name, number in numbers.items()}
        small_divisor = sign == "/" and abs(numbers[other]) < 0.1
        if small_divisor or (sign == "exp" and numbers[one] > 3.0):
            continue
        out = eval(text, {}, values).data
        if abs(out) < 100.0:
            name = "f" if len(lines) == gates - 1 else f"v{len(numbers) + 1}"
            lines.append(f"{name} = {text}")
            numbers[name] = out
    return Circuit("\n".join(lines), leaves)


def largest_difference(module: ModuleType, circuit: Circuit) -> float:
    """How far the leaves' gradients are from those of `autograd_core`, in parts of the largest."""
    import autograd_core

    with doing(str(circuit)):
        values = circuit.values(module)
        found = [number(values[name], "grad", name) for name in circuit.leaves]
        data = number(values[circuit.output], "data", circuit.output)
    own = circuit.values(autograd_core)
    right = [own[name].grad for name in circuit.leaves]
    if not close(data, own[circuit.output].data):
        return 1.0
    largest = max(1.0, *map(abs, right), *(abs(own[name].grad) for name in circuit.names))
    return float(max(abs(x - y) for x, y in zip(found, right, strict=True)) / largest)


def check_beside_the_core(module: ModuleType) -> str:
    """Step 9."""
    named(module, "Value")
    source, worst = random.Random(1), 0.0
    for place in range(COUNT):
        circuit = random_circuit(source, gates=1 + place // 8)
        difference = largest_difference(module, circuit)
        if not difference <= 1e-9:
            circuit.check(module, 6)  # says where and, if it is known, why
            raise MistakeError(f"{circuit}\n\nThe gradients differ from those of autograd_core.")
        worst = max(worst, difference)
    return f"{COUNT} random circuits of up to 25 gates, largest difference {worst:.0e}"


STEPS = (
    Step(
        "nudge",
        "`slope(f, inputs, place)`: how fast f(*inputs) grows with inputs[place], found by nudging "
        "that input a little.",
        check_slope,
    ),
    Step(
        "add and multiply",
        "`class Value`: `Value(3.0)` has `.data`, 3.0, and `.grad`, 0.0. `x + y` and `x * y` are "
        "new Values; one of the two may be a plain number.",
        check_gates,
    ),
    Step(
        "backward, in an order given by hand",
        "`v._backward()`, a method, or a function that each gate stores: v, which has its "
        "gradient, hands on to each value from which it was computed upstream × local.",
        partial(check_circuits, BY_HAND, 3),
    ),
    Step(
        "forks",
        "The same, where a value is used more than once: its contributions add up.",
        partial(check_circuits, FORKS, 4),
    ),
    Step(
        "the right order",
        "`f.backward()`: the gradient of f is 1; then each value of the circuit passes its "
        "gradient on once, when all contributions to it have arrived.",
        partial(check_circuits, ORDERS, 5),
    ),
    Step(
        "more gates",
        "`-x`, `x - y`, `x / y`, with plain numbers on either side; `x.exp()` and `x.tanh()`.",
        partial(check_circuits, GATES, 6),
    ),
    Step(
        "a neuron and a layer",
        "`Neuron(3)`, called with a list of 3 numbers, gives tanh(w₁x₁ + w₂x₂ + w₃x₃ + b), a "
        "Value. `Layer(3, 2)`, called with such a list, gives a list of 2. Both have "
        "`parameters()`, a list of Values, and begin with random weights.",
        check_neurons,
    ),
    Step(
        "training",
        "`train(model, parameters, examples, rate, steps)`: in each step the mean of "
        "(model(inputs) - target)² over all examples, which are pairs (inputs, target); its "
        "backward pass; and parameter.data -= rate * parameter.grad. It returns the list of these "
        "means, plain numbers.",
        check_training,
    ),
    Step(
        "beside autograd_core",
        "Nothing new: random circuits of all gates, computed by your engine and by autograd_core.",
        check_beside_the_core,
    ),
)
"""The steps, the first of which is step 1."""
