"""Code as people write it after micrograd and its lecture runs here, with the same numbers.

The cells are written anew, in the manner of notebooks and projects. Numbers are known by hand, or
from a small engine in micrograd's style at the end of this file.
"""

import math
import random
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from autograd_core import Value, compiled


def neuron(number: Callable[[float], Any]) -> tuple[Any, list[Any]]:
    """A tanh neuron whose bias makes tanh′ one half."""
    leaves = [number(x) for x in (2.0, 0.0, -3.0, 1.0, 6.881373587019543)]
    x1, x2, w1, w2, b = leaves
    return (x1 * w1 + x2 * w2 + b).tanh(), leaves


def test_a_graph_is_walked_by_its_parents_and_operations() -> None:
    """What a notebook hands to Graphviz: a box for each value, a circle for each operation."""
    out, leaves = neuron(Value)
    for leaf, label in zip(leaves, ["x1", "x2", "w1", "w2", "b"], strict=True):
        leaf.label = label
    nodes: set[Any] = set()
    edges: set[tuple[Any, Any]] = set()

    def build(v: Any) -> None:
        if v not in nodes:
            nodes.add(v)
            for child in v._prev:
                edges.add((child, v))
                build(child)

    build(out)
    lines = ["digraph {"]
    for n in nodes:
        lines.append(f'"{id(n)}" [label="{n.label} | data {n.data:.4f} | grad {n.grad:.4f}"]')
        if n._op:
            lines.append(f'"{id(n)}{n._op}" [label="{n._op}"]')
            lines.append(f'"{id(n)}{n._op}" -> "{id(n)}"')
    lines += [f'"{id(a)}" -> "{id(b)}{b._op}"' for a, b in edges]
    assert (len(nodes), len(edges), len(lines)) == (10, 9, 1 + 10 + 2 * 5 + 9)
    assert sorted(n._op for n in nodes) == ["", "", "", "", "", "*", "*", "+", "+", "tanh"]


def test_backward_by_hand_in_reverse_order() -> None:
    out, leaves = neuron(Value)
    topo: list[Any] = []
    visited: set[Any] = set()

    def build_topo(v: Any) -> None:
        if v not in visited:
            visited.add(v)
            for child in v._prev:
                build_topo(child)
            topo.append(v)

    build_topo(out)
    out.grad = 1.0
    for node in reversed(topo):
        node._backward()
    assert [leaf.grad for leaf in leaves] == pytest.approx([-1.5, 0.5, 1.0, 0.0, 0.5], abs=1e-12)
    again, others = neuron(Value)
    again.backward()
    assert [leaf.grad for leaf in others] == [leaf.grad for leaf in leaves]


def test_tanh_by_its_exponentials() -> None:
    x1, x2, w1, w2, b = (Value(x) for x in (2.0, 0.0, -3.0, 1.0, 6.881373587019543))
    e = (2 * (x1 * w1 + x2 * w2 + b)).exp()
    o = (e - 1) / (e + 1)
    o.backward()
    assert o.data == pytest.approx(math.sqrt(0.5))
    assert [v.grad for v in (x1, w1, x2, w2)] == pytest.approx([-1.5, 1.0, 0.5, 0.0])


def test_a_value_that_is_used_twice_and_once_more_by_hand() -> None:
    a = Value(3.0)
    b = a + a
    b.backward()
    assert a.grad == 2.0
    a, b = Value(-2.0), Value(3.0)
    f = (a * b) * (a + b)
    f.backward()
    assert (a.grad, b.grad) == (-3.0, -8.0)


class Parameter(Value):
    """A value with the moments of Adam."""

    def __init__(self, data: float) -> None:
        super().__init__(data)
        self.m = self.v = 0.0


def adam_of_floats(point: list[float], steps: int) -> list[float]:
    """The textbook's Adam on Σ (x − 3)² by hand."""
    m, v = [0.0] * len(point), [0.0] * len(point)
    for t in range(1, steps + 1):
        for i, x in enumerate(point):
            g = 2 * (x - 3)
            m[i] = 0.9 * m[i] + 0.1 * g
            v[i] = 0.999 * v[i] + 0.001 * g * g
            point[i] -= 0.1 * (m[i] / (1 - 0.9**t)) / ((v[i] / (1 - 0.999**t)) ** 0.5 + 1e-8)
    return point


def test_an_adam_of_ones_own_keeps_its_state_in_a_dictionary_or_a_subclass() -> None:
    for kind in (Value, Parameter):
        ps: list[Any] = [kind(x) for x in (0.0, 5.0, -1.0)]
        m, v = dict.fromkeys(ps, 0.0), dict.fromkeys(ps, 0.0)
        for t in range(1, 51):
            loss = sum((p - 3) ** 2 for p in ps)
            for p in ps:
                p.grad = 0.0
            loss.backward()
            for p in ps:
                if kind is Value:
                    m[p] = first = 0.9 * m[p] + 0.1 * p.grad
                    v[p] = second = 0.999 * v[p] + 0.001 * p.grad * p.grad
                else:
                    p.m = first = 0.9 * p.m + 0.1 * p.grad
                    p.v = second = 0.999 * p.v + 0.001 * p.grad * p.grad
                step = (first / (1 - 0.9**t)) / ((second / (1 - 0.999**t)) ** 0.5 + 1e-8)
                p.data -= 0.1 * step
        assert [p.data for p in ps] == pytest.approx(adam_of_floats([0.0, 5.0, -1.0], 50), rel=1e-9)


def test_state_on_a_value_itself_is_refused_with_both_ways() -> None:
    p: Any = Value(1.0)
    with pytest.raises(AttributeError) as refusal:
        p.m = 0.0
    assert not compiled or "m[v] = …, or a subclass" in str(refusal.value)


# A small GPT on scalars

NAMES = ["anna", "hanna", "ann", "nan", "hah"]


class Gpt:
    """One layer: embeddings, two heads of causal attention, an MLP, RMS norms, and residuals."""

    def __init__(self, number: Callable[[float], Any], width: int = 4, block: int = 6) -> None:
        self.number, self.width, self.block = number, width, block
        self.letters = sorted(set("".join(NAMES)))
        self.end = len(self.letters)
        rng = random.Random(42)

        def matrix(rows: int, columns: int) -> list[list[Any]]:
            return [[number(rng.gauss(0, 0.2)) for _ in range(columns)] for _ in range(rows)]

        n = self.end + 1
        self.tables = {"tokens": matrix(n, width), "places": matrix(block, width)}
        self.tables |= {name: matrix(width, width) for name in ("q", "k", "v", "o")}
        self.tables |= {"up": matrix(4 * width, width), "down": matrix(width, 4 * width)}
        self.tables["head"] = matrix(n, width)
        self.parameters = [p for table in self.tables.values() for row in table for p in row]

    def linear(self, x: list[Any], name: str) -> list[Any]:
        return [sum(w * each for w, each in zip(row, x, strict=True)) for row in self.tables[name]]

    def norm(self, x: list[Any]) -> list[Any]:
        scale = (sum(each * each for each in x) / len(x) + 1e-5) ** -0.5
        return [each * scale for each in x]

    def softmax(self, logits: list[Any]) -> list[Any]:
        largest = max(each.data for each in logits)
        exps = [(each - largest).exp() for each in logits]
        total = sum(exps)
        return [each / total for each in exps]

    def __call__(self, token: int, place: int, keys: list[Any], values: list[Any]) -> list[Any]:
        x = [
            a + b
            for a, b in zip(self.tables["tokens"][token], self.tables["places"][place], strict=True)
        ]
        before, x = x, self.norm(x)
        q = self.linear(x, "q")
        keys.append(self.linear(x, "k"))
        values.append(self.linear(x, "v"))
        mixed: list[Any] = []
        size = self.width // 2
        for start in (0, size):
            part = range(start, start + size)
            scores = [sum(q[i] * k[i] for i in part) / size**0.5 for k in keys]
            weights = self.softmax(scores)
            mixed += [sum(w * v[i] for w, v in zip(weights, values, strict=True)) for i in part]
        x = [a + b for a, b in zip(self.linear(mixed, "o"), before, strict=True)]
        hidden = [each.relu() for each in self.linear(self.norm(x), "up")]
        x = [a + b for a, b in zip(self.linear(hidden, "down"), x, strict=True)]
        return self.linear(x, "head")

    def loss(self, name: str) -> Any:
        tokens = [self.end, *map(self.letters.index, name), self.end]
        keys: list[Any] = []
        values: list[Any] = []
        losses = []
        for place, (token, target) in enumerate(pairwise(tokens)):
            logits = self(token, place, keys, values)
            losses.append(-self.softmax(logits)[target].log())
        return (1 / len(losses)) * sum(losses)


def trained(number: Callable[[float], Any], steps: int) -> list[float]:
    """The losses of some steps of Adam, written as such scripts write it."""
    model = Gpt(number)
    m, v = [0.0] * len(model.parameters), [0.0] * len(model.parameters)
    losses = []
    for step in range(steps):
        loss = model.loss(NAMES[step % len(NAMES)])
        loss.backward()
        rate = 0.05 * (1 - step / steps)
        for i, p in enumerate(model.parameters):
            m[i] = 0.85 * m[i] + 0.15 * p.grad
            v[i] = 0.99 * v[i] + 0.01 * p.grad**2
            first, second = m[i] / (1 - 0.85 ** (step + 1)), v[i] / (1 - 0.99 ** (step + 1))
            p.data -= rate * first / (second**0.5 + 1e-8)
            p.grad = 0
        losses.append(loss.data)
    return losses


def test_a_gpt_on_scalars_has_the_losses_of_an_engine_of_closures() -> None:
    ours = trained(Value, 10)
    assert ours == pytest.approx(trained(Closures, 10), rel=1e-9)
    assert sum(ours[5:]) < 0.95 * sum(ours[:5])  # the same five names


class Closures:
    """An engine in micrograd's style, as short as can be: what ours is compared with."""

    def __init__(self, data: float, children: tuple[Any, ...] = (), local: tuple[float, ...] = ()):
        self.data, self.grad, self.children, self.local = data, 0.0, children, local

    def __add__(self, other: Any) -> "Closures":
        other = other if isinstance(other, Closures) else Closures(other)
        return Closures(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other: Any) -> "Closures":
        other = other if isinstance(other, Closures) else Closures(other)
        return Closures(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n: float) -> "Closures":
        return Closures(self.data**n, (self,), (n * self.data ** (n - 1),))

    def exp(self) -> "Closures":
        return Closures(math.exp(self.data), (self,), (math.exp(self.data),))

    def log(self) -> "Closures":
        return Closures(math.log(self.data), (self,), (1 / self.data,))

    def relu(self) -> "Closures":
        return Closures(max(0.0, self.data), (self,), (float(self.data > 0),))

    def __neg__(self) -> "Closures":
        return self * -1

    def __sub__(self, other: Any) -> "Closures":
        return self.__add__(-other)

    def __truediv__(self, other: Any) -> "Closures":
        return self.__mul__(other**-1)

    __radd__ = __add__
    __rmul__ = __mul__

    def backward(self) -> None:
        order: list[Closures] = []
        seen = set()

        def visit(node: Closures) -> None:
            if node not in seen:
                seen.add(node)
                for child in node.children:
                    visit(child)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            for child, local in zip(node.children, node.local, strict=True):
                child.grad += local * node.grad
