"""Values that a loss depends on and nobody trains are named, with their place and the cure."""

import copy
import pickle
import types
import warnings
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import pytest

from autograd_core import Value
from nn import L2, MLP, Layer, Module, SteepestDescent, Trainer, frozen, half_squared_error

X, Y = [[1.0], [2.0]], [3.0, 5.0]


class Line(Module):
    """A line, of which the bias is a parameter; the slope is kept somewhere else."""

    def __init__(self) -> None:
        self.bias = Value(0.0)

    def slope(self) -> Any:
        raise NotImplementedError

    def __call__(self, inputs: list[Any]) -> Any:
        return self.slope() * inputs[0] + self.bias


class Hidden(Line):
    def __init__(self) -> None:
        super().__init__()
        self._hidden = Value(0.5)

    def slope(self) -> Any:
        return self._hidden


class InSet(Line):
    def __init__(self) -> None:
        super().__init__()
        self.slopes = {Value(0.5)}

    def slope(self) -> Any:
        return next(iter(self.slopes))


class Helper:
    def __init__(self) -> None:
        self.w = [Value(0.5)]


class Helped(Line):
    def __init__(self) -> None:
        super().__init__()
        self.helper = Helper()

    def slope(self) -> Any:
        return self.helper.w[0]


@dataclass
class Numbers:
    slope: Value = field(default_factory=lambda: Value(0.5))


class WithDataclass(Line):
    def __init__(self) -> None:
        super().__init__()
        self.numbers = Numbers()

    def slope(self) -> Any:
        return self.numbers.slope


class Slots:
    __slots__ = ("w",)

    def __init__(self) -> None:
        self.w = Value(0.5)


class WithSlots(Helped):
    def __init__(self) -> None:
        super().__init__()
        self.helper: Any = Slots()

    def slope(self) -> Any:
        return self.helper.w


SLOPE = Value(0.5)
settings = types.SimpleNamespace(slope=Value(0.5))


class OfGlobal(Line):
    def slope(self) -> Any:
        return SLOPE


class OfNamespace(Line):
    def slope(self) -> Any:
        return settings.slope


class OfClass(Line):
    SHARED = Value(0.5)

    def slope(self) -> Any:
        return self.SHARED


class OfDefault(Line):
    def slope(self, w: Any = Value(0.5)) -> Any:  # noqa: B008
        return w


class Scaled(Line):
    def __init__(self) -> None:
        super().__init__()
        self.w = Value(0.25) * 2.0

    def slope(self) -> Any:
        return self.w


def of_closure() -> Line:
    w = Value(0.5)

    class OfClosure(Line):
        def slope(self) -> Any:
            return w

    return OfClosure()


def of_partial() -> Line:
    line: Any = Line()
    line.slope = partial(lambda w: w, Value(0.5))
    return line  # type: ignore[no-any-return]


def trained(model: Module, loss: Any = half_squared_error, **options: Any) -> Trainer:
    trainer = Trainer(model, loss, SteepestDescent(0.01), **options)
    trainer.fit(X, Y, epochs=1)
    return trainer


@pytest.mark.parametrize("eager", [False, True], ids=["program", "eager"])
@pytest.mark.parametrize(
    "make, message",
    [
        (Hidden, r"model\._hidden = 0\.5 \(names with an underscore .* write self\.hidden\)"),
        (InSet, r"an element of model\.slopes = 0\.5 \(model\.slopes is a set.* make it a list"),
        (Helped, r"model\.helper\.w\[0\] = 0\.5 \(Helper is no Module: write class Helper\(Mod"),
        (WithDataclass, r"model\.numbers\.slope = 0\.5 \(Numbers is no Module"),
        (WithSlots, r"model\.helper\.w = 0\.5 \(Slots is no Module"),
        (OfGlobal, r"SLOPE = 0\.5 \(slope\(\) finds it outside .*write self\.w = SLOPE in its"),
        (OfNamespace, r"settings\.slope = 0\.5 \(slope\(\) finds it outside the model"),
        (OfClass, r"OfClass\.SHARED = 0\.5 \(an attribute of the class .*write self\.SHARED = "),
        (OfDefault, r"a default of slope\(\) = 0\.5"),
        (Scaled, r"an input of model\.w = 0\.25 \(model\.w was computed from it once: keep"),
        (of_closure, r"w = 0\.5 \(slope\(\) finds it outside the model"),
        (of_partial, r"model\.slope\[0\] = 0\.5"),
    ],
)
def test_what_is_no_parameter_is_named(make: Callable[[], Line], message: str, eager: bool) -> None:
    model = make()
    kind = type(model).__name__
    says = f"depends on 1 value that training does not change: {message}.*{kind} does not have it"
    with pytest.warns(UserWarning, match=says) as caught:
        trainer = trained(model, eager=eager)
    assert [str(warning.message) for warning in caught] == trainer.history.warnings
    assert caught[0].filename == __file__
    assert "frozen(value)" in trainer.history.warnings[0]
    trainer.fit(X, Y, epochs=1)  # says it once


def test_what_a_loss_and_a_penalty_depend_on() -> None:
    temperature, strength = Value(2.0), Value(0.1, "λ")

    def cooled(output: Any, target: Any) -> Any:
        return (output - target) ** 2 / temperature

    def penalty(model: Module) -> Value:
        return strength * L2(1.0)(model)

    with pytest.warns(UserWarning, match=r"2 values .*temperature = 2 .*strength = 0\.1 .* them"):
        trained(MLP(1, [1], seed=1), cooled, penalty=penalty)


def test_one_example_is_enough() -> None:
    with pytest.warns(UserWarning, match=r"model\._hidden"):
        Trainer(Hidden(), half_squared_error, SteepestDescent(0.1)).fit([[1.0]], [1.0], 1)


def test_many_are_counted() -> None:
    class Many(Line):
        def __init__(self) -> None:
            super().__init__()
            self._w = [Value(0.1) for _ in range(5)]

        def slope(self) -> Any:
            return sum(self._w, Value(0.0))

    with pytest.warns(UserWarning, match=r"5 values .*model\._w\[2\] = 0\.1 .*, and 2 more"):
        trained(Many())


class Clean(Line):
    """Constants, masks and accumulators made anew, and a value computed from a parameter."""

    def __init__(self) -> None:
        super().__init__()
        self.w = Value(0.5)
        self._again = self.w

    def slope(self) -> Any:
        accumulated = Value(0.0)
        for mask in np.array([1.0, 0.0, 1.0]):
            accumulated += Value(mask) * self._again * 2.0
        return accumulated


@pytest.mark.parametrize("eager", [False, True], ids=["program", "eager"])
@pytest.mark.parametrize("model", [Clean(), MLP(1, [3, 1], seed=1), Layer(1, 1, nonlin=False)])
def test_what_is_made_anew_is_not_named(model: Module, eager: bool) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert trained(model, eager=eager, penalty=L2(0.01)).history.warnings == []


def test_frozen_says_that_it_is_meant() -> None:
    model = Hidden()
    assert frozen(model._hidden) is model._hidden
    assert trained(model).history.warnings == []
    assert model._hidden.data == 0.5 and model.bias.data != 0.0
    made = frozen(2)
    assert isinstance(made, Value) and made.data == 2.0


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_a_frozen_layer(copied: Callable[[Any], Any]) -> None:
    model = MLP(1, [2, 1], activation="tanh", seed=1)
    assert frozen(model.layers[0]) is model.layers[0]
    twin = copied(model)
    for each in (model, twin):
        before = each.state_dict()
        assert len(each.parameters()) == len(each.named_parameters()) == 3
        trainer = trained(each)
        after = each.state_dict()
        changed = {name for name in after if after[name] != before[name]}
        assert changed == set(each.named_parameters())
        assert len(after) == 7 and trainer.history.warnings == []
    model.load_state_dict(MLP(1, [2, 1], seed=2).state_dict())


def test_what_a_gate_computed_cannot_be_frozen() -> None:
    with pytest.raises(ValueError, match=r"a gate 'multiply' has computed .*value\.detach\(\)"):
        frozen(Value(2.0) * 3.0)


class Listed(Line):
    """micrograd's way: the class lists its parameters itself."""

    def __init__(self) -> None:
        super().__init__()
        self._w = {Value(0.5)}

    def parameters(self) -> list[Value]:
        return [*self._w, self.bias]

    def slope(self) -> Any:
        return next(iter(self._w))


class Outer(Module):
    def __init__(self, inner: Module) -> None:
        self.inner: Any = inner

    def __call__(self, inputs: Any) -> Any:
        return self.inner(inputs)


@pytest.mark.parametrize("wrap", [lambda model: model, Outer])
def test_a_class_that_lists_its_parameters(wrap: Any, tmp_path: Any) -> None:
    inner = Listed()
    model = wrap(inner)
    assert {*map(id, model.parameters())} == {*map(id, inner.parameters())}
    before = model.state_dict()
    assert len(before) == 2 and trained(model).history.warnings == []
    assert all(model.state_dict()[name] != before[name] for name in before)
    model.save(tmp_path / "listed.json")
    twin = wrap(Listed())
    twin.load(tmp_path / "listed.json")
    assert twin.state_dict() == model.state_dict()


@pytest.mark.parametrize("wrap", [lambda model: model, Outer])
def test_a_class_that_leaves_parameters_out(wrap: Any) -> None:
    class Half(MLP):
        def parameters(self) -> list[Value]:
            named = self.named_parameters().items()
            return [value for name, value in named if "bias" not in name]

    model = wrap(Half(1, [1], seed=1))
    assert len(model.parameters()) == len(model.named_parameters()) == 1
    assert len(model.state_dict()) == 2
    assert trained(model).history.warnings == []
    assert [value for name, value in model.state_dict().items() if "bias" in name] == [0.0]


def test_a_plain_number_among_the_weights() -> None:
    model = MLP(1, [2, 1], seed=1)
    trainer = Trainer(model, half_squared_error, SteepestDescent(0.1))
    weights: Any = model.layers[0].neurons[1].w
    weights[0] = 2.0
    says = r"layers\.0\.neurons\.1\.weights\.0 is 2\.0, a plain number.*write Value\("
    with pytest.raises(ValueError, match=says):
        trainer.fit(X, Y, 1)
    with pytest.raises(ValueError, match=says):
        Trainer(model, half_squared_error, SteepestDescent(0.1))


def test_a_value_that_no_attribute_leads_to_is_told_of_all_the_same() -> None:
    slopes: ContextVar[Value] = ContextVar("slopes")
    slopes.set(Value(0.5))

    class Line2(Line):
        def slope(self) -> Any:
            return slopes.get()

    with pytest.warns(UserWarning, match=r"on 1 value .*: a value that is kept out of sight = 0.5"):
        Trainer(Line2(), half_squared_error, SteepestDescent(0.1)).fit(X, Y, 1)


def test_weights_that_were_computed_once_are_named_by_their_places_in_the_model() -> None:
    model = MLP(1, [2, 1], seed=1)
    for neuron in model.layers[0].neurons:
        neuron.weights = [weight * 0.1 for weight in neuron.weights]
    with pytest.warns(UserWarning, match=r"2 of the weights and biases .* w\.data \*= 0\.1"):
        trainer = Trainer(model, half_squared_error, SteepestDescent(0.1))
    with pytest.warns(
        UserWarning, match=r"layers\[0\]\.neurons\[1\]\.weights\[0\] was computed.*they shall stay"
    ) as caught:
        trainer.fit(X, Y, 1)
    says = str(caught[0].message)
    assert not any(name in says for name in ("_together", "_activations", "_parameters"))


def test_a_value_of_a_loss_is_named() -> None:
    scale = Value(2.0)
    with pytest.warns(UserWarning, match=r"scale = 2 .* write self.w = scale in its __init__"):
        Trainer(
            MLP(1, [1], seed=1), lambda out, y: (out - y) ** 2 * scale, SteepestDescent(0.1)
        ).fit(X, Y, 1)


@pytest.mark.parametrize("cut", [Value.detach, lambda out: Value(out.data)])
def test_a_loss_that_depends_on_no_parameter(cut: Callable[[Any], Any]) -> None:
    trainer = Trainer(
        MLP(1, [1], seed=1), lambda z, y: (cut(z) - y) ** 2, SteepestDescent(0.1), eager=True
    )
    with pytest.warns(UserWarning, match="^the loss depends on no parameter of the model") as all_:
        history = trainer.fit(X, Y, 30)
    assert [str(warning.message) for warning in all_] == history.warnings
