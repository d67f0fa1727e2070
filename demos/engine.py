"""An engine in some hundred lines: backpropagation, from a nudge to a network that trains.

The lessons `engine` and `engine_trains` build it in steps, `python -m demos check engine` checks a
file of your own at each of them. `autograd_core` is what it grows into.

>>> x, y, z = Value(-2.0), Value(5.0), Value(-4.0)
>>> f = (x + y) * z
>>> f.backward()
>>> f.data, x.grad, y.grad, z.grad
(-12.0, -4.0, -4.0, 3.0)
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence


def slope(f: Callable[..., float], inputs: Sequence[float], place: int, h: float = 1e-6) -> float:
    """How fast f grows with one of its inputs, which is nudged up and down by h.

    >>> round(slope(lambda x, y, z: (x + y) * z, [-2.0, 5.0, -4.0], 0), 6)
    -4.0
    """
    up, down = list(inputs), list(inputs)
    up[place] += h
    down[place] -= h
    return (f(*up) - f(*down)) / (2 * h)


class Value:
    """A number that knows how it was computed.

    Attributes:
        data: the number.
        grad: the derivative by this value of the output whose `backward` was called.
        operands: the values from which it was computed; a leaf has none.
        local: its derivative by each of them, its local gradients.
    """

    def __init__(
        self, data: float, operands: tuple[Value, ...] = (), local: tuple[float, ...] = ()
    ) -> None:
        self.data = data
        self.grad = 0.0
        self.operands = operands
        self.local = local

    def __add__(self, other: Value | float) -> Value:
        other = as_value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other: Value | float) -> Value:
        other = as_value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    __radd__, __rmul__ = __add__, __mul__

    def _backward(self) -> None:
        """Add upstream × local to the gradient of each operand."""
        for operand, local in zip(self.operands, self.local, strict=True):
            operand.grad += local * self.grad

    def backward(self) -> None:
        """Give every value of this circuit its gradient; those of leaves add up over calls."""
        order = topological_order(self)
        for value in order:
            if value.operands:
                value.grad = 0.0
        self.grad = 1.0
        for value in reversed(order):
            value._backward()

    def __neg__(self) -> Value:
        return Value(-self.data, (self,), (-1.0,))

    def __sub__(self, other: Value | float) -> Value:
        other = as_value(other)
        return Value(self.data - other.data, (self, other), (1.0, -1.0))

    def __truediv__(self, other: Value | float) -> Value:
        other = as_value(other)
        out = self.data / other.data
        return Value(out, (self, other), (1.0 / other.data, -out / other.data))

    def __rsub__(self, other: float) -> Value:
        return as_value(other) - self

    def __rtruediv__(self, other: float) -> Value:
        return as_value(other) / self

    def exp(self) -> Value:
        """Its exponential; its own derivative."""
        out = math.exp(self.data)
        return Value(out, (self,), (out,))

    def tanh(self) -> Value:
        """Its hyperbolic tangent, between -1 and 1."""
        out = math.tanh(self.data)
        return Value(out, (self,), (1.0 - out * out,))

    def __repr__(self) -> str:
        return f"Value(data={self.data:g}, grad={self.grad:g})"


def as_value(number: Value | float) -> Value:
    """A value as it is, and a plain number as a leaf."""
    return number if isinstance(number, Value) else Value(number)


def topological_order(output: Value) -> list[Value]:
    """All values of a circuit, each after those from which it was computed; the output is last."""
    order: list[Value] = []
    seen = set()

    def visit(value: Value) -> None:
        if value not in seen:
            seen.add(value)
            for operand in value.operands:
                visit(operand)
            order.append(value)

    visit(output)
    return order


class Neuron:
    """tanh(w₁x₁ + … + wₙxₙ + b), with random weights between -1 and 1 to begin with."""

    def __init__(self, nin: int) -> None:
        self.weights = [Value(random.uniform(-1.0, 1.0)) for _ in range(nin)]
        self.bias = Value(0.0)

    def __call__(self, inputs: Sequence[Value | float]) -> Value:
        """Its output for one example."""
        z = self.bias
        for weight, x in zip(self.weights, inputs, strict=True):
            z = z + weight * x
        return z.tanh()

    def parameters(self) -> list[Value]:
        """What training changes."""
        return [*self.weights, self.bias]


class Layer:
    """Some neurons that all take the same inputs."""

    def __init__(self, nin: int, nout: int) -> None:
        self.neurons = [Neuron(nin) for _ in range(nout)]

    def __call__(self, inputs: Sequence[Value | float]) -> list[Value]:
        """The outputs of its neurons for one example."""
        return [neuron(inputs) for neuron in self.neurons]

    def parameters(self) -> list[Value]:
        """Those of all its neurons."""
        return [parameter for neuron in self.neurons for parameter in neuron.parameters()]


def train(
    model: Callable[[Sequence[float]], Value],
    parameters: Sequence[Value],
    examples: Sequence[tuple[Sequence[float], float]],
    rate: float,
    steps: int,
) -> list[float]:
    """Gradient descent on the mean squared error over examples, each a pair (inputs, target).

    Returns:
        The error before each step.

    >>> w = Value(0.0)
    >>> [round(error, 6) for error in train(lambda x: w * x[0], [w], [([1.0], 3.0)], 0.25, 3)]
    [9.0, 2.25, 0.5625]
    """
    errors = []
    for _ in range(steps):
        total = Value(0.0)
        for inputs, target in examples:
            difference = model(inputs) - target
            total = total + difference * difference
        error = total / len(examples)
        for parameter in parameters:
            parameter.grad = 0.0
        error.backward()
        for parameter in parameters:
            parameter.data -= rate * parameter.grad
        errors.append(error.data)
    return errors
