"""What students write by mistake or as in other engines, and the words that set it right."""

import math
import operator
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd_core
import nn
import viz
from autograd_core import (
    GATES,
    Gate,
    Program,
    Value,
    compiled,
    dot,
    gate,
    maximum,
    no_grad,
    staged_code,
    tanh,
)

anything: Any = None
# What is wrong below is wrong to type checkers, too
engine: Any = autograd_core
pictures: Any = viz
w: Any = Value(2.0, "w")
x: Any = Value(3.0, "x")
f: Any = x * x

SLIPS: dict[str, tuple[Callable[[], Any], str]] = {
    "affine: text": (
        lambda: engine.affine([[w]], [x], [0.0], "tanh"),
        "as a gate, not the text 'tanh'",
    ),
    "affine: function": (
        lambda: engine.affine([[w]], [x], [0.0], math.tanh),
        "as a gate, not <built-in",
    ),
    "affine: value": (
        lambda: engine.affine([[w]], [x], [0.0], tanh(x)),
        "not an unnamed output of tanh",
    ),
    "affine: two operands": (lambda: engine.affine([[w]], [x], [0.0], maximum), "maximum has x, y"),
    "affine: lists": (lambda: engine.affine([[w]], [x], [0.0], dot), "dot has weights, inputs"),
    "affine: flat": (lambda: engine.affine([w], [x], [0.0]), "w = 2.0 is no row: affine([[w11"),
    "affine: bias": (
        lambda: engine.affine([[w]], [x], 0.0),
        "biases as a list, not 0.0: affine([[",
    ),
    "affine: both": (lambda: engine.affine([w], [x], 0.0), "biases as a list, not 0.0: affine([["),
    "affine: inputs": (lambda: engine.affine([[w]], x, [0.0]), "inputs as a list, not x = 3.0"),
    "affine: no list": (lambda: engine.affine(w, x), "weights as a list, not w = 2.0"),
    "affine: place": (lambda: engine.affine([[w]], [x], tanh), "biases as a list, not <gate tanh>"),
    "@gate, bare": (
        lambda: engine.gate(lambda math, x: x),
        '@gate("x²", pattern="times 2x", local',
    ),
    "@gate, symbol": (lambda: engine.gate("swish"), "needs pattern and local_gradients too"),
    "@gate, pattern": (lambda: engine.gate("swish", pattern="p"), "needs local_gradients too"),
    "@gate, one formula": (
        lambda: engine.gate("a", pattern="p", local_gradients=lambda math, out, x: 1.0),
        "local_gradients is a list with a formula for each operand",
    ),
    "@gate, numbers": (
        lambda: engine.gate("a", pattern="p", local_gradients=[1.0]),
        "local_gradients is a list with a formula for each operand",
    ),
    "math.tan": (lambda: math.isnan(x), "write v.data, as in '%.2f' % v.data; f'{v:.2f}'"),
    "%": (lambda: "%.2f" % x, "write v.data, as in '%.2f' % v.data"),  # noqa: UP031
    "round": (lambda: round(x, 2), "Write round(v.data, 2); to print it, f'{v:.2f}'"),
    "int": (lambda: int(x), "Write int(v.data)"),
    "complex": (lambda: complex(x), "Write complex(v.data)"),
    "range": (lambda: range(x), "Write int(v.data), as in range(int(v.data))"),
    "index": (lambda: [1, 2][x], "not turned into an index or a count"),
    "gcd": (lambda: math.gcd(x, 2), "not turned into an index or a count"),
    "//": (lambda: x // 2, "values have no //, for no gate is exact there. Write floor(x / y)"),
    "// of a number": (lambda: 2 // x, "or v.data // y for the plain number"),
    "remainder": (lambda: x % 2, "Write x - y * floor(x / y) with its gradient"),
    "remainder of a number": (lambda: 2 % x, "or v.data % y for the plain number"),
    "maximum of a list": (lambda: engine.maximum([w, x]), "of a list, maximum(*values)"),
    "gate of a list": (lambda: engine.sigmoid([w, x]), "do it for each value, [f(x) for x in"),
    "retain_graph": (lambda: f.backward(retain_graph=True), "takes no retain_graph: a circuit is"),
    "create_graph": (lambda: f.backward(1.0, create_graph=True), "write [slope] = grad(f, [x])"),
    "gradient": (lambda: f.backward(gradient=2.0), "write f.backward(2.0)"),
    "pow": (lambda: pow(x, 2, 5), "a value has x ** y, and no remainder"),
    "grad of a function": (lambda: engine.grad(lambda x: x * x, 3.0), "[slope] = grad(f(x), [x])"),
    "gradcheck of a value": (
        lambda: engine.gradcheck(f, {"x": 2}),
        "takes a function of values, not an",
    ),
    "explain a number": (lambda: engine.explain(2.0), "the one below a Value, and this is 2.0"),
    "explain nothing": (lambda: engine.explain(f.backward()), "call it on a line of its own"),
    "explain a function": (
        lambda: engine.explain(math.exp),
        "exp, which gives a value when it is called",
    ),
    "trace a list": (lambda: engine.trace([]), "the one below a Value, and this is []"),
    "code of a list": (lambda: engine.staged_code((f, 2.0)), "a Value, and this is (Value("),
    "page of a model": (
        lambda: pictures.page(nn.MLP(2, [1])),
        "got MLP, which gives one",
    ),
    "steps of a model": (lambda: pictures.steps(nn.MLP(2, [1])), "called: steps(model(x))"),
    "page of a function": (lambda: pictures.page(math.exp), "page(f(x))"),
    "requires_grad": (lambda: engine.Value(2.0, requires_grad=True), "every value gets a gradient"),
}


@pytest.mark.parametrize(("slip", "words"), SLIPS.values(), ids=SLIPS)
def test_a_slip_is_answered_with_the_cure(slip: Callable[[], Any], words: str) -> None:
    with pytest.raises(TypeError, match=re.escape(words)):
        slip()


def test_the_functions_of_math_that_are_named_are_gates() -> None:
    with pytest.raises(TypeError) as refusal:
        math.erfc(x)
    [named] = re.findall(r"and so ([\w, ]+);", str(refusal.value))
    for name in named.split(", "):
        numbers = [1.5 if name == "acosh" else 0.5] * GATES[name].arity
        assert GATES[name](*numbers) == pytest.approx(getattr(math, name)(*numbers))
    assert {"exp", "tanh", "sqrt"} <= set(named.split(", "))


OTHER_NAMES = {
    **dict.fromkeys(["item", "numpy", "value", "tolist"], "v.data"),
    "gradient": "v.grad",
    "sum": "total(values)",
    "mean": "mean(values)",
    "prod": "prod(values)",
    "shape": "without a shape",
    "clone": "v.detach()",
    "children": "v.inputs",
    "op": "v.gate",
    "name": "v.label",
    "pow": "v ** y",
    "ln": "v.log()",
    "softmax": "nn.softmax",
    "square": "v ** 2",
    "clamp": "v.clip(low, high)",
    "max": "v.maximum(w)",
    "to": "Python's float",
}


NAMES_ELSEWHERE = {
    autograd_core: {
        "Tensor": "Value(2.0)",
        "set_grad_enabled": "with no_grad():",
        "ln": "log(x)",
        "jacobian": "Program(y, [x]).jacobian(batch)",
        "draw_dot": "viz.draw(y)",
        "MLP": "from nn import MLP",
        "engine": "from autograd_core import Value",
    },
    viz: {"draw_dot": "viz.draw(f)", "plot": "viz.curves(history)", "trace": "autograd_core"},
}


@pytest.mark.parametrize("package", NAMES_ELSEWHERE)
def test_a_name_of_another_package_is_answered_with_ours(package: Any) -> None:
    for name, cure in NAMES_ELSEWHERE[package].items():
        assert not hasattr(package, name) and name not in dir(package)
        with pytest.raises(AttributeError, match=f"{name!r}; write .*{re.escape(cure)}"):
            getattr(package, name)


@pytest.mark.parametrize(("name", "meant"), [("dat", "data"), ("gard", "grad"), ("lable", "label")])
def test_a_misspelt_attribute_that_is_set(name: str, meant: str) -> None:
    words = rf"is v\.{meant} meant\? Else to keep" if compiled else f"no attribute {name!r}"
    with pytest.raises(AttributeError, match=words):
        setattr(Value(1.0), name, 2.0)


@pytest.mark.parametrize(("name", "cure"), OTHER_NAMES.items())
def test_a_name_of_another_engine_is_answered_with_ours(name: str, cure: str) -> None:
    for value in (x, f):
        assert not hasattr(value, name) and name not in dir(value)
        with pytest.raises(AttributeError) as refusal:
            getattr(value, name)
        assert name in str(refusal.value) and cure in str(refusal.value)


class Named(Value):
    def __init__(self, data: float, name: str) -> None:
        super().__init__(data)
        self.name = name
        self.m = 0.0

    def item(self) -> float:
        return self.data


def test_a_subclass_may_have_these_names() -> None:
    v = Named(2.0, "weight")
    assert (v.name, v.m, v.item()) == ("weight", 0.0, 2.0)
    assert "item" in dir(v) and "numpy" not in dir(v)
    with pytest.raises(AttributeError, match="a Named has no 'numpy'"):
        operator.attrgetter("numpy")(v)


@pytest.mark.parametrize("name", ["m", "velocity", "color", "value", "anything_else"])
def test_an_attribute_on_a_value_is_refused_and_a_dictionary_named(name: str) -> None:
    for value in (Value(0.5, "p"), Value(0.5) * 2.0):
        with pytest.raises(AttributeError) as refusal:
            setattr(value, name, 1.0)
        if compiled or name != "anything_else":  # for which Python has no place for our words
            assert f"{name}[v] = …" in str(refusal.value)
            assert "class Parameter(Value): pass" in str(refusal.value)
    own = Named(0.5, "p")
    setattr(own, name, 1.0)
    assert getattr(own, name) == 1.0 == vars(own)[name]
    delattr(own, name)
    assert not hasattr(own, name) and name not in vars(own)


class Tensor:
    """A number of another engine, with what such engines have."""

    shape = ()

    def __array__(self) -> Any:
        return np.array(2.0)

    def __repr__(self) -> str:
        return "tensor(2.)"

    def backward(self) -> None: ...

    def item(self) -> float:
        return 2.0


def test_a_number_of_another_engine_is_referred_to_item() -> None:
    number: Any = Tensor()
    uses: list[Callable[[], Any]] = [
        lambda: x * number,
        lambda: Value(number),
        lambda: tanh(number),
    ]
    for use in uses:
        with pytest.raises(TypeError, match=r"tensor\(2\.\) is a Tensor of another.*\.item\(\)"):
            use()
    assert (x * number.item()).data == 6.0


def own(name: str, forward: Callable[[Any, Any], Any], slope: Any = 1.0) -> Gate:
    """A gate with these rules, out of the table again."""

    def rule(math: Any, x: Any) -> Any:
        return forward(math, x)

    def local(math: Any, out: Any, x: Any) -> Any:
        return slope(math, x) if callable(slope) else slope

    rule.__name__ = name
    return gate("?", pattern="none", local_gradients=[local])(rule)


def test_a_rule_with_a_slip_is_refused_with_the_name_of_its_gate() -> None:
    nothing = own("gives_nothing", lambda math, x: None)
    text = own("gives_text", lambda math, x: "a")
    no_slope = own("no_slope", lambda math, x: 2.0 * x, lambda math, x: None)
    for entry, words in [
        (nothing, "what the gate gives_nothing computes: a number is needed"),
        (text, "what the gate gives_text computes: 'a' is text"),
        (no_slope, "a local gradient of the gate no_slope: a number is needed"),
    ]:
        with pytest.raises(TypeError, match=words):
            entry(Value(1.5))
    sine = own("sine_of_python", lambda _, x: math.sin(x))
    branch = own("branches", lambda math, x: x if x > 0 else 0.0)
    for entry in (sine, branch):
        v = Value(1.5, "v")
        out = entry(v)
        uses: list[Callable[..., Any]] = [
            lambda v, out: Program(out, inputs=[v])([[1.0]]),
            lambda v, out: staged_code(out),
            lambda v, out: viz.page(out).html,
        ]
        for use in uses:
            with pytest.raises(TypeError) as refusal:
                use(v, out)
            assert f"a rule of the gate {entry.name} fails: " in str(refusal.value)
            assert "the `math` that they are given" in str(refusal.value)
            assert "math.where(math.greater(x, 0.0), a, b)" in str(refusal.value)


def test_a_missing_folder_is_named_and_no_temporary_file(tmp_path: Path) -> None:
    trainer = nn.Trainer(nn.MLP(1, [1]), nn.squared_error, nn.SteepestDescent(0.1))
    with pytest.raises(FileNotFoundError) as refusal:
        trainer.save(tmp_path / "nodir" / "run.json")
    assert "there is no folder" in str(refusal.value) and "nodir" in str(refusal.value)
    assert "'run.json'" in str(refusal.value) and ".run" not in str(refusal.value)


def parameters(count: int) -> list[Any]:
    values = [Value(1.0 + place) for place in range(count)]
    for value in values:
        value.grad = 2.0 - value.data
    return values


def subtracted(p: Any) -> None:
    p -= 0.1 * p.grad


def added(p: Any) -> None:
    p += -0.1 * p.grad


def without_recording(p: Any) -> None:
    with no_grad():
        p -= 0.1 * p.grad


@pytest.mark.parametrize("step", [subtracted, added, without_recording])
def test_steps_that_change_what_a_name_stands_for(step: Any) -> None:
    values = parameters(4)
    with pytest.warns(UserWarning, match=r"write p\.data -= rate \* p\.grad") as caught:
        for p in values:
            step(p)
    assert [value.data for value in values] == [1.0, 2.0, 3.0, 4.0]
    assert {warning.filename for warning in caught} == {__file__}


def descends(values: list[Any]) -> tuple[Any, Any]:
    a, b, *_ = values
    a -= 0.1 * a.grad
    b -= 0.1 * b.grad
    return a, b


def test_steps_that_a_name_keeps() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(3):
            descends(parameters(3))
        values = parameters(4)
        for place in range(4):
            values[place] -= 0.1 * values[place].grad
        for p in parameters(4):
            p -= p.grad * p.data
        loss = Value(0.0)
        for p in parameters(4):
            loss += 0.1 * p.grad
            loss += p
    assert [value.data for value in values] == [0.9, 2.0, 3.1, 4.2]
    assert loss.data == pytest.approx(9.8)
