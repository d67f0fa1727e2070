import copy
import io
import pickle
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from oracles.circuits import Circuit, apply, circuits, in_engine, property_test
from oracles.samples import SAMPLES

from autograd_core import GATES, Value, dot, trace

in_python: Any = pickle  # where the module keeps the pickler that is not compiled
PICKLERS: dict[str, Callable[[Any], bytes]] = {
    **{
        f"protocol {protocol}": partial(pickle.dumps, protocol=protocol)
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1)
    },
    "pure Python": lambda thing: in_python._dumps(thing, 4),
}


def pickled(dump: Callable[[Any], bytes], thing: Any) -> Any:
    return pickle.loads(dump(thing))


COPIERS: dict[str, Callable[[Any], Any]] = {
    "deepcopy": copy.deepcopy,
    **{name: partial(pickled, dump) for name, dump in PICKLERS.items()},
    "all in Python": lambda thing: in_python._loads(in_python._dumps(thing)),
}

copiers = pytest.mark.parametrize("duplicate", COPIERS.values(), ids=COPIERS)


class Parameter(Value):
    """A leaf with more to it."""

    group: str
    note: list[str]
    double: Value
    bad: object

    def __init__(self, data: float, label: str | None = None, **attributes: Any) -> None:
        super().__init__(data, label)
        self.__dict__.update(attributes)


class Slotted(Value):
    """A leaf with a slot of its own."""

    __slots__ = ("unit",)
    unit: str


@copiers
@property_test(15)
@given(circuit=circuits())
def test_a_copy_is_equal_and_of_its_own(duplicate: Callable[..., Any], circuit: Circuit) -> None:
    leaves, output = in_engine(circuit)
    output.backward()
    before = trace(output)
    twins, twin = duplicate((leaves, output))
    assert trace(twin) == before
    twin.zero_grad()
    twin.backward()
    assert [leaf.grad for leaf in twins] == [leaf.grad for leaf in leaves]
    assert trace(output) == before
    for leaf in twins:
        leaf.data = leaf.data + 1.0
    assert trace(output) == before


@pytest.mark.parametrize("name", GATES)
@copiers
def test_every_gate(duplicate: Callable[..., Any], name: str) -> None:
    leaves = [Value(x, f"x{at}") for at, x in enumerate(SAMPLES[name])]
    out = apply(name, leaves)
    twins, twin = duplicate([leaves, out])
    assert twin.gate is GATES[name]
    assert trace(twin) == trace(out)
    assert all(a is b for a, b in zip(twin.inputs, twins, strict=True))
    constant = apply(name, [leaves[0], *SAMPLES[name][1:]])
    assert trace(duplicate(constant)) == trace(constant)


@copiers
def test_sharing_is_kept(duplicate: Callable[..., Any]) -> None:
    x = Value(3.0, "x")
    shared = x * x
    first, second = shared.exp(), dot([shared, x], [x, shared])
    one, two, leaf, again = duplicate([first, second, x, first])
    assert one is again
    assert one.inputs[0] is two.inputs[0]
    assert one.inputs[0].inputs == (leaf, leaf)
    assert two.inputs[1] is two.inputs[2] is leaf
    assert two.inputs[0] is two.inputs[3]


@copiers
def test_the_order_of_roots_does_not_matter(duplicate: Callable[..., Any]) -> None:
    x = Value(3.0, "x")
    inner = x * x
    output = inner.exp() + inner
    for roots in ([x, inner, output], [output, inner, x], {"o": output, "i": inner, "x": x}):
        twins = duplicate(roots)
        twin_x, twin_inner, twin_output = (
            (twins["x"], twins["i"], twins["o"])
            if isinstance(twins, dict)
            else sorted(twins, key=lambda value: value.data)
        )
        assert twin_inner.inputs[0] is twin_x
        assert twin_output.inputs[1] is twin_inner


@copiers
def test_gradients_labels_and_constants_come_along(duplicate: Callable[..., Any]) -> None:
    x = Value(3.0, "x")
    y = (2 * x).leaky_relu(0.25)
    y.label = "y"
    y.backward(0.5)
    twin = duplicate(y)
    assert repr(twin) == repr(y)
    assert repr(twin.inputs[0].inputs[0]) == repr(x)
    assert twin.operands[1] == 0.25
    assert twin.inputs[0].operands[0] == 2.0


@copiers
def test_subclasses_with_attributes(duplicate: Callable[..., Any]) -> None:
    note = ["shared"]
    w = Parameter(2.0, "w", group="weights", note=note)
    out = w * w
    twin, twin_note = duplicate((out, note))
    leaf = twin.inputs[0]
    assert type(leaf) is Parameter
    assert (leaf.group, leaf.label, leaf.data) == ("weights", "w", 2.0)
    assert leaf.note is twin_note
    assert leaf.note is not note
    alone = duplicate(w)
    assert (type(alone), alone.group) == (Parameter, "weights")


@copiers
def test_subclasses_with_attributes_that_are_values(duplicate: Callable[..., Any]) -> None:
    scale = Value(5.0, "scale")
    w = Parameter(2.0, "w", scale=scale)
    w.double = w * 2.0
    out = w * scale
    twin = duplicate(out)
    leaf, twin_scale = twin.inputs
    assert leaf.scale is twin_scale
    assert leaf.double.inputs[0] is leaf


@copiers
def test_subclasses_with_slots(duplicate: Callable[..., Any]) -> None:
    length = Slotted(2.0, "length")
    length.unit = "m"
    twin = duplicate(length * 3.0).inputs[0]
    assert (type(twin), twin.unit) == (Slotted, "m")
    assert copy.copy(length).unit == "m"


def test_a_shallow_copy_has_the_same_inputs() -> None:
    x = Value(3.0, "x")
    y = x * x
    twin = copy.copy(y)
    assert twin is not y
    assert twin.inputs == (x, x)
    twin.label = "twin"
    twin.backward()
    assert (y.label, y.grad, x.grad) == (None, 0.0, 6.0)
    leaf = copy.copy(Parameter(2.0, "w", group="weights"))
    assert (type(leaf), leaf.group) == (Parameter, "weights")


def test_a_copied_leaf_is_another_leaf() -> None:
    x = Value(3.0)
    for twin in (copy.copy(x), copy.deepcopy(x)):
        twin.data = 4.0
        twin.backward()
    assert (x.data, x.grad) == (3.0, 0.0)


@copiers
def test_deep_circuits_need_no_recursion(duplicate: Callable[..., Any]) -> None:
    x = Value(0.5, "x")
    first = x
    for _ in range(700):
        first = first + 1.0
    second = first
    for _ in range(700):
        second = second.maximum(first)
    before = sys.getrecursionlimit()
    try:
        sys.setrecursionlimit(300)
        _, one, two = duplicate([x, first, second])
        assert two.inputs[1] is one
        two.backward()
    finally:
        sys.setrecursionlimit(before)
    assert one.data == first.data


def test_several_dumps_with_one_pickler_share() -> None:
    x = Value(3.0)
    y = x * x
    file = io.BytesIO()
    pickler = pickle.Pickler(file)
    pickler.dump(y)
    pickler.dump(x)
    file.seek(0)
    unpickler = pickle.Unpickler(file)
    twin, leaf = unpickler.load(), unpickler.load()
    assert twin.inputs[0] is leaf


def test_a_pickle_that_fails_leaves_nothing_behind() -> None:
    x = Parameter(3.0, "x", bad=lambda: None)
    y = x * x + 1.0
    with pytest.raises((pickle.PicklingError, AttributeError)):
        pickle.dumps(y)
    del x.bad
    assert trace(pickle.loads(pickle.dumps(y))) == trace(y)


def test_an_attribute_that_is_a_circuit_does_not_make_a_pickle_grow() -> None:
    out: Value = Parameter(2.0, "w", double=Value(3.0) * 2.0)
    for _ in range(1_000):
        out = out + 1.0
    assert len(pickle.dumps(out)) < 200 * 1_000
