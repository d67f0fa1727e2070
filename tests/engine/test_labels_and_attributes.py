"""What values refuse to be given, in words with the cure; and attributes that subclasses have."""

import copy
import math
import pickle
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from autograd_core import (
    GATES,
    Program,
    Value,
    add,
    affine,
    compiled,
    dot,
    exp,
    explain,
    gate,
    gradcheck,
    name_values,
    no_grad,
    staged_code,
    total,
    trace,
)

# Labels

NO_LABELS: list[tuple[Any, str]] = [
    (3, "such as '3', or None; not 3"),
    (2.5, "such as '2.5', or None; not 2.5"),
    (True, "such as 'True', or None; not True"),
    (np.int64(3), "such as '3', or None; not "),
    (b"x", "such as 'x', or None; not b'x'"),
    ((2, 3), "such as 'x', or None; not (2, 3)"),
    ({"x": 1}, "such as 'x', or None; not {'x': 1}"),
    (Value(2.0, "w"), "such as 'x', or None; not Value(data=2.0, grad=0.0, label='w')"),
]


@pytest.mark.parametrize(("label", "words"), NO_LABELS)
def test_a_label_that_is_no_text_is_refused_where_it_is_set(label: Any, words: str) -> None:
    for leaf in (Value(2.0, "w"), Parameter(2.0)):
        before = leaf.label
        with pytest.raises(TypeError) as refusal:
            leaf.label = label
        assert f"= 2.0: a label is text, {words}" in str(refusal.value)
        assert leaf.label == before
    out = Value(2.0).exp()
    with pytest.raises(TypeError, match=r"an unnamed output of exp = .*: a label is text"):
        out.label = label


@pytest.mark.parametrize(("label", "words"), NO_LABELS)
def test_the_constructor_refuses_the_same(label: Any, words: str) -> None:
    for arguments, named in (((1.0, label), {}), ((1.0,), {"label": label})):
        with pytest.raises(TypeError) as refusal:
            Value(*arguments, **named)
        assert str(refusal.value).startswith(f"Value(1.0, …): a label is text, {words}")
    with pytest.raises(TypeError, match="a label is text"):
        Parameter(1.0, label)


def test_names_of_other_functions_are_refused_too() -> None:
    names: Any = {3: 2.0}
    with pytest.raises(TypeError, match="a label is text"):
        gradcheck(lambda x: x * x, names)


def test_labels_are_text_or_none_and_can_be_read_and_copied() -> None:
    x = Value(2.0)
    for label in ("x", "", None, "∂L/∂x", np.str_("n")):
        x.label = label
        assert x.label == label
        assert copy.copy(x).label == copy.deepcopy(x).label == label
        assert pickle.loads(pickle.dumps(x)).label == label
    namespace: Any = {1: Value(1.0)}  # becomes text
    name_values(namespace)
    assert namespace[1].label == "1"


def test_an_empty_label_is_no_name_in_messages() -> None:
    with pytest.raises(ValueError, match="an unnamed leaf = 0"):
        Value(0.0, "").log()


@pytest.mark.parametrize("symbol", [3, None, exp, ["x"]])
def test_a_gate_takes_its_texts_as_text(symbol: Any) -> None:
    with pytest.raises(TypeError, match=r"@gate takes the gate's symbol.*@gate\(\"x²\", pattern="):
        gate(symbol, pattern="times 2x", local_gradients=[])
    with pytest.raises(TypeError, match="as text"):
        gate("x²", pattern=symbol, local_gradients=[])


def test_a_gate_without_brackets_is_refused_and_so_is_one_without_a_name() -> None:
    decorate: Any = gate
    with pytest.raises(TypeError, match=r"@gate\(\"x²\", pattern="):
        decorate(exp.forward)

    with pytest.raises(ValueError, match="<lambda> is no name; write the rule with def"):
        gate("x²", pattern="times 2x", local_gradients=[lambda math, out, x: 2 * x])(
            lambda math, x: x * x
        )
    assert "<lambda>" not in GATES


# Numbers


TOO_LARGE: dict[str, tuple[Any, str]] = {
    "int": (10**400, "1e400"),
    "negative": (-(10**400), "-1e400"),
    "unprintable": (10**5000, "1e5000"),  # of which Python does not print the digits
    "fraction": (Fraction(10**400), "1e400"),
    "decimal": (Decimal("1e400"), "1E+400"),
    "negative decimal": (Decimal("-1.5e999"), "-1.5E+999"),
}
if np.finfo(np.longdouble).maxexp > 1400:  # where it is longer than a float
    TOO_LARGE["longdouble"] = (np.longdouble("1e400"), "1e+400")


@pytest.mark.parametrize(("number", "size"), TOO_LARGE.values(), ids=TOO_LARGE)
def test_a_number_too_large_for_a_float_is_refused_with_its_size(number: Any, size: str) -> None:
    x = Value(2.0, "x")

    def set_grad() -> None:
        x.grad = number

    def set_data() -> None:
        x.data = number

    places: dict[str, Callable[[], Any]] = {
        "Value": lambda: Value(number),
        "data": set_data,
        "grad": set_grad,
        "upstream": lambda: (x * x).backward(number),
        "add": lambda: x + number,
        "multiply": lambda: number * x,
        "maximum": lambda: x.maximum(number),
        "exp": lambda: exp(number),
        "dot": lambda: dot([x], [number]),
        "total": lambda: total([x, number]),
        "affine": lambda: affine([[x]], [number]),
    }
    for place, use in places.items():
        with pytest.raises(OverflowError) as refusal:
            use()
        words = str(refusal.value)
        assert words.startswith(f"{place}: this number is too large for a float: about {size}")
        assert "1.8e308" in words and "float('inf')" in words
    assert (x.data, x.grad) == (2.0, 0.0)


@pytest.mark.parametrize(("number", "size"), TOO_LARGE.values(), ids=TOO_LARGE)
def test_a_batch_with_a_number_too_large_is_refused_with_its_size(number: Any, size: str) -> None:
    x, w = Value(1.0, "x"), Value(2.0, "w")
    program = Program(x * w, inputs=[x])
    batch = np.array([[1.0], [number]], dtype=object)
    for run in (program, program.backward, program.gradient):
        with pytest.raises(OverflowError, match=rf"batch: this number .* about {re.escape(size)}"):
            run(batch)
    assert w.grad == 0.0


@pytest.mark.parametrize("form", [float, Decimal, np.float64, np.float32, np.longdouble, np.array])
def test_an_infinity_is_a_number_in_every_form(form: Callable[[str], Any]) -> None:
    infinities = [form("inf"), form("-inf")] if form is not np.array else [np.array(math.inf)]
    for number in infinities:
        assert math.isinf(Value(number).data)
        assert math.isinf((Value(1.0) + number).data)


def test_what_is_computed_follows_ieee() -> None:
    assert (Value(1e308) * 10).data == math.inf
    assert Value(Decimal("1.7976931348623157e308")).data == 1.7976931348623157e308
    assert Value(Decimal("1e-400")).data == 0.0


def test_no_gradient_is_none() -> None:
    out = Value(3.0, "p") * 2.0
    [p] = out.inputs
    out.backward()
    nothing: Any = None
    for value, name in ((p, "p = 3.0"), (out, "an unnamed output of multiply = 6.0")):
        with pytest.raises(TypeError) as refusal:
            value.grad = nothing
        words = str(refusal.value)
        assert words.startswith("grad: ") and name in words and "never None" in words
        assert "v.grad = 0.0" in words and "zero_grad()" in words
    assert p.grad == 2.0
    p.grad = 0.0
    out.zero_grad()


# Attributes


class Parameter(Value):
    """A leaf with more to it."""

    def __init__(self, data: Any, label: Any = None, **more: Any) -> None:
        super().__init__(data, label)
        for name, thing in more.items():
            setattr(self, name, thing)


class Slotted(Value):
    __slots__ = ("requires_grad",)


@pytest.mark.parametrize("name", ["dat", "gradient", "m", "color", "_label_", "w"])
def test_a_misspelt_attribute_is_refused_with_its_name(name: str) -> None:
    for value in (Value(2.0), Value(2.0).exp()):
        with pytest.raises(AttributeError) as refusal:
            setattr(value, name, 3)
        assert f"'{name}'" in str(refusal.value)
        if compiled:
            assert f"make a dictionary, {name}[v] = …, or a subclass" in str(refusal.value)


def test_requires_grad_is_refused_with_the_cure() -> None:
    make: Any = Value
    for value in (make(2.0), make(2.0).exp()):
        with pytest.raises(AttributeError, match=r"no requires_grad: .*v\.detach\(\).*no_grad"):
            value.requires_grad = False
        assert not hasattr(value, "requires_grad")
    with pytest.raises(TypeError, match=r"no requires_grad: .*v\.detach\(\).*no_grad"):
        make(2.0, requires_grad=True)
    with pytest.raises(TypeError, match=r"no name; write Value\(2\.0, label='w'\)"):
        make(2.0, name="w")
    with pytest.raises(TypeError, match="dtype"):
        make(2.0, dtype=float)


def test_subclasses_have_attributes_of_their_own() -> None:
    w: Any = Parameter(2.0, "w", group="weights", requires_grad=False, m=0.0, name=3, children=())
    w.m += 1.0
    for twin in (w, copy.copy(w), copy.deepcopy(w), pickle.loads(pickle.dumps(w))):
        assert (twin.group, twin.requires_grad, twin.m) == ("weights", False, 1.0)
        assert (twin.name, twin.children, twin.label) == (3, (), "w")
    assert not hasattr(Parameter(1.0), "requires_grad")
    slotted: Any = Slotted(1.0)
    slotted.requires_grad = True
    assert slotted.requires_grad


# Operations as micrograd writes them


def make_operation(x: Any) -> Any:
    return Parameter(x.data**2)


def set_backward(out: Any) -> None:
    out._backward = lambda: None


def set_prev(out: Any) -> None:
    out._prev = {out}


def set_op(out: Any) -> None:
    out._op = "square"


def assert_offers_a_gate(words: str) -> None:
    """The example in a message runs, and gives the derivative of x²."""
    lines = words.splitlines()
    example = [line.removeprefix("    ") for line in lines if line.startswith("    ")]
    assert len(example) == 3 and "from autograd_core import gate" in words
    namespace: dict[str, Any] = {"gate": gate}
    exec("\n".join(example), namespace)
    x = Value(3.0)
    (namespace["square"](x) + x.square()).backward()  # type: ignore[attr-defined]
    assert x.grad == 12.0


@pytest.mark.parametrize("kind", [Value, Parameter])
@pytest.mark.parametrize("write", [set_backward, set_prev, set_op])
def test_micrograds_fields_are_not_written(kind: type[Value], write: Callable[[Any], None]) -> None:
    out = kind(9.0, "out")
    with pytest.raises(AttributeError, match=r"^_\w+ of out = 9\.0 is there to be read") as refusal:
        write(out)
    assert_offers_a_gate(str(refusal.value))
    assert getattr(out, "__dict__", {}) == {}


@pytest.mark.parametrize(
    ("more", "named"),
    [
        (((Value(3.0),), "square"), {}),
        (((Value(3.0),),), {}),
        (((), ""), {}),
        (({Value(3.0)}, "square"), {}),
        (([Value(3.0)],), {}),
        ((), {"_children": (Value(3.0),), "_op": "square"}),
        ((), {"_op": "square"}),
        (("label", (Value(3.0),)), {}),
    ],
)
def test_a_value_is_not_made_with_operands(more: tuple[Any, ...], named: dict[str, Any]) -> None:
    make: Any = Value
    with pytest.raises(TypeError, match="no gradient would reach the operands") as refusal:
        make(9.0, *more, **named)
    assert_offers_a_gate(str(refusal.value))


def test_a_method_patched_in_as_micrograd_has_it_is_refused_when_it_is_called() -> None:
    class Engine(Value):
        def cube(self) -> Value:
            make: Any = Value
            out: Value = make(self.data**3, (self,), "cube")
            return out

    with pytest.raises(TypeError, match="@gate"):
        Engine(2.0).cube()


def test_micrograds_fields_are_read() -> None:
    a, b = Value(2.0), Value(-3.0)
    out = a * b + a * a
    assert (a._prev, a._op) == (set(), "")
    product, square = out.inputs
    assert (out._prev, out._op) == ({product, square}, "+")
    assert (square._prev, square._op) == ({a}, "*")
    out.grad = 1.0
    for value in (out, product, square, a):
        value._backward()
    assert (a.grad, b.grad) == (1.0, 2.0)  # ∂(ab + a²): b + 2a, a
    fresh = Value(2.0)
    (fresh * -3.0 + fresh * fresh).backward()
    assert fresh.grad == a.grad


def test_a_backward_by_hand_reads_recorded_numbers_and_takes_no_branch_that_was_not_taken() -> None:
    x = Value(3.0, "x")
    y = x * x
    y.grad = 1.0
    x.data = -3.0
    with pytest.raises(ValueError, match=r"x = -3\.0 was edited"):
        y._backward()
    assert x.grad == 0.0
    a = Value(-1.0)
    out = a.relu()
    out.grad = math.inf
    out._backward()
    assert a.grad == 0.0


def test_micrograds_pictures_find_nodes_and_edges() -> None:
    """The `trace` of micrograd's notebook."""
    x, y = Value(2.0), Value(3.0)
    out = x * y + x

    def build(value: Value, nodes: set[Value], edges: set[tuple[Value, Value]]) -> None:
        if value not in nodes:
            nodes.add(value)
            for child in value._prev:
                edges.add((child, value))
                build(child, nodes, edges)

    nodes: set[Value] = set()
    edges: set[tuple[Value, Value]] = set()
    build(out, nodes, edges)
    assert len(nodes) == 4 and len(edges) == 4


# A second `__init__` is an edit


@pytest.mark.parametrize("before", [3.0, 0.0, -0.0])
def test_a_leaf_that_is_initialised_again_makes_its_graphs_stale(before: float) -> None:
    x = Value(before, "x")
    y = x.exp()
    x.__init__(5.0, "x")  # type: ignore[misc]
    for read in (Value.backward, explain, trace, staged_code):
        with pytest.raises(ValueError, match=r"x = 5\.0 was edited"):
            read(y)
    assert x.grad == 0.0
    assert y.forward().data == math.exp(5.0)


def test_what_no_grad_and_copies_give_is_initialised_once_too() -> None:
    with no_grad():
        computed = Value(0.0) * 2.0
    for x in (computed, copy.copy(Value(0.0)), pickle.loads(pickle.dumps(Value(0.0)))):
        y = x + 1.0
        x.__init__(5.0)  # type: ignore[misc]
        with pytest.raises(ValueError, match=r"= 5\.0 was edited"):
            y.exp().backward()


def test_the_output_of_a_gate_is_not_initialised_again() -> None:
    y = Value(3.0).exp()
    with pytest.raises(AttributeError, match="computed by its gate"):
        y.__init__(5.0)  # type: ignore[misc]
    assert (y.data, y.gate) == (math.exp(3.0), GATES["exp"])


def test_a_subclass_may_call_init_twice() -> None:
    class Twice(Value):
        def __init__(self, data: float) -> None:
            super().__init__(data, "first")
            super().__init__(data, "second")

    x = Twice(3.0)
    (x * x).backward()
    assert (x.label, x.grad) == ("second", 6.0)


# Lists compare by data; a sum of one value is that value


@pytest.fixture
def twins() -> Iterator[list[Value]]:
    """Values of which the last two have the number of the first."""
    values = [Value(0.0, "a"), Value(1.0, "b"), Value(0.0, "c"), Value(0.0, "d")]
    yield values
    assert [value.data for value in values] == [0.0, 1.0, 0.0, 0.0][: len(values)]


def test_lists_find_an_equal_number_and_identity_is_asked_for_by_is(twins: list[Value]) -> None:
    a, _, c, d = twins
    assert twins.index(c) == 0
    assert Value(1.0) in twins and 1.0 in twins
    assert [place for place, value in enumerate(twins) if value is c] == [2]
    assert not any(value is Value(1.0) for value in twins)
    assert twins.count(a) == 3
    assert c in {c} and a not in {c, d}
    rest = [*twins]
    rest.remove(d)
    assert rest[0] is not a and any(value is d for value in rest)


def test_a_sum_of_one_value_is_that_value_and_a_total_is_one_of_its_own() -> None:
    x = Value(3.0, "x")
    for same in (sum([x]), 0 + x, +x):
        assert same is x
    for own in (total([x]), x + 0, add(0.0, x), sum([x], 0.0)):
        assert isinstance(own, Value)
        assert own is not x and own.inputs == (x,) and own.data == 3.0
        own.label = "s"
    assert x.label == "x"
