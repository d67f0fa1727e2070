"""What went wrong without an error is in the history, and in one warning."""

import warnings
from typing import Any

import numpy as np
import pytest
from oracles.published import MOONS

from autograd_core import Value
from nn import (
    L2,
    MLP,
    Adam,
    History,
    Module,
    Neuron,
    SteepestDescent,
    Trainer,
    binary_cross_entropy_from_logit,
    half_squared_error,
    hinge,
    squared_error,
)

X, LABELS = np.array(MOONS["points"]), np.array(MOONS["labels"])


def moons(optimiser: Any, epochs: int, activation: Any = "tanh", **options: Any) -> History:
    model = MLP(2, [8, 1], activation=activation, seed=1)
    return Trainer(model, squared_error, optimiser, **options).fit(X, LABELS, epochs)


def quietly(function: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return function()


def test_a_loss_that_rose() -> None:
    with pytest.warns(UserWarning, match=r"the loss rose from .* below 3") as caught:
        history = moons(SteepestDescent(3.0), 50)
    assert history["loss"][-1] > 1e100 and history.stopped == "all epochs are done"
    assert [str(warning.message) for warning in caught] == history.warnings
    assert caught[0].filename == __file__
    assert f"from {history['loss'][0]:.3g} to {history['loss'][-1]:.3g}" in history.warnings[0]


@pytest.mark.parametrize("eager", [False, True])
@pytest.mark.parametrize("rate", [1e-30, lambda updates: 0.0])
def test_steps_that_change_nothing(rate: Any, eager: bool) -> None:
    model = MLP(2, [3, 1], activation="tanh", seed=1)
    trainer = Trainer(model, squared_error, SteepestDescent(rate), batch_size=5, eager=eager)
    with pytest.warns(UserWarning, match=r"the loss stayed at .* far above (1e-30|0)$"):
        trainer.fit(X[:10], LABELS[:10], 3)


FLAT: list[Any] = [
    lambda output, target: (output - target) ** 2 * 0.0,
    lambda output, target: (output - target).sign(),
    lambda output, target: (output - target).step(),
    lambda output, target: output.floor() - target,
    lambda output, target: ((output - target) ** 2).clip(100.0, 200.0),
    lambda output, target: (output - 1000.0).relu(),
]


@pytest.mark.parametrize("eager", [False, True])
@pytest.mark.parametrize("loss", FLAT)
def test_a_loss_that_is_flat_everywhere(loss: Any, eager: bool) -> None:
    for penalty in (None, L2(0.01)):
        model = MLP(2, [3, 1], activation="tanh", seed=1)
        before = model.state_dict()
        trainer = Trainer(model, loss, SteepestDescent(0.1), penalty=penalty, eager=eager)
        with pytest.warns(UserWarning, match=r"no parameter gets a gradient.*squared_error"):
            history = trainer.fit(X[:10], LABELS[:10], 3)
        assert len(history.warnings) == 1
        assert (model.state_dict() == before) == (penalty is None)


@pytest.mark.parametrize("eager", [False, True])
def test_a_minimum_is_no_flat_loss(eager: bool) -> None:
    model = MLP(2, [1], seed=1)
    points = [[-1.0, -1.0], [1.0, 1.0]]
    trainer = Trainer(model, hinge, SteepestDescent(0.5), eager=eager)
    quietly(lambda: trainer.fit(points, [-1, 1], 50))
    assert quietly(lambda: trainer.fit(points, [-1, 1], 10))["loss"][-10:] == [0.0] * 10
    met = [model(point).data for point in points]
    trainer = Trainer(model, squared_error, SteepestDescent(0.5), eager=eager)
    assert quietly(lambda: trainer.fit(points, met, 5)).warnings == []


def test_a_training_that_went_well_says_nothing() -> None:
    history = quietly(lambda: moons(SteepestDescent(0.1), 60))
    assert history.warnings == []
    assert quietly(lambda: moons(Adam(0.01), 60, batch_size=25)).warnings == []


class Given(Module):
    """A model whose loss in each epoch is given; its slope counts the epochs."""

    def __init__(self) -> None:
        self.slope = Value(0.0)

    def __call__(self, inputs: Any) -> Any:
        return self.slope * 1.0


@pytest.mark.parametrize(
    "losses, warned",
    [
        ([1.0, 0.1, 2.1], True),
        ([1.0, 0.1, 2.0], False),  # no more than twice the first
        ([1.0, 0.3, 2.9], False),  # no more than ten times the best
        ([1.0, 5.0, 20.0, 1.5], False),  # it came back
        ([20.0], False),
    ],
)
def test_when_a_loss_has_risen(losses: list[float], warned: bool) -> None:
    def loss(output: Any, target: Any) -> Any:
        epoch = round(output.data)
        return -output + (epoch + losses[epoch])

    trainer = Trainer(Given(), loss, SteepestDescent(1.0), eager=True)
    if warned:
        with pytest.warns(UserWarning, match="the loss rose from 1 to"):
            trainer.fit([[1.0]], [0.0], len(losses))
    else:
        quietly(lambda: trainer.fit([[1.0]], [0.0], len(losses)))
    assert bool(trainer.history.warnings) == warned


@pytest.mark.parametrize("eager", [False, True], ids=["program", "eager"])
@pytest.mark.parametrize("penalty", [None, L2(0.01)])
def test_dead_neurons(eager: bool, penalty: Any) -> None:
    model = MLP(2, [4, 4, 1], seed=1)
    for neuron in model.layers[1].neurons:
        neuron.bias.data = -100.0
    loss = binary_cross_entropy_from_logit
    trainer = Trainer(model, loss, SteepestDescent(0.1), eager=eager, penalty=penalty)
    says = r"no gradient reached layers\.0, .*dead.*; no gradient reached layers\.1, .*relu is flat"
    with pytest.warns(UserWarning, match=says) as caught:
        history = trainer.fit(X[:20], LABELS[:20], 3)
    assert len(caught) == 1 and len(history.warnings) == 2
    assert not any("layers.2" in warning for warning in history.warnings)


def test_where_all_has_been_learnt_no_gradient_is_no_fault() -> None:
    model = MLP(1, [2, 1], seed=1)
    inputs = [[1.0], [2.0]]
    targets = [model(row).data for row in inputs]
    quietly(
        lambda: Trainer(model, half_squared_error, SteepestDescent(0.1)).fit(inputs, targets, 3)
    )


@pytest.mark.parametrize("eager", [False, True], ids=["program", "eager"])
def test_large_inputs_are_named_where_training_failed(eager: bool) -> None:
    inputs = X[:20] * [1.0, 1e5]
    model = MLP(2, [4, 1], activation="tanh", bias=False, seed=1)
    trainer = Trainer(model, half_squared_error, SteepestDescent(0.1), eager=eager)
    with pytest.warns(
        UserWarning, match=r"saturated.*; column 1 of the inputs has numbers up to 9"
    ):
        trainer.fit(inputs, LABELS[:20], 3)
    relu = Trainer(MLP(2, [4, 1], seed=1), half_squared_error, SteepestDescent(0.1), eager=eager)
    with pytest.raises(FloatingPointError):
        relu.fit(inputs, LABELS[:20], 100)
    assert "column 1 of the inputs" in relu.history.warnings[0]


def test_large_inputs_that_are_learnt_from_are_no_fault() -> None:
    inputs = [[1000.0], [2000.0], [3000.0]]
    model = Neuron(1, nonlin=False, bias=False, seed=1)
    trainer = Trainer(model, half_squared_error, SteepestDescent(1e-7))
    assert quietly(lambda: trainer.fit(inputs, [1.0, 2.0, 3.0], 50)).warnings == []


def test_adam_with_an_update_an_epoch() -> None:
    says = r"still falling.*rate, 0\.001, so in 200 updates by no more than 0\.2; .*batch_size=32"
    with pytest.warns(UserWarning, match=says):
        moons(Adam(), 200)
    assert quietly(lambda: moons(Adam(), 200, batch_size=10)).warnings == []
    assert quietly(lambda: moons(Adam(0.01), 200)).warnings == []


class Unasked(Neuron):
    """A bias that is left out while it is 0."""

    def __call__(self, inputs: Any) -> Any:
        z = sum((w * x for w, x in zip(self.w, inputs, strict=True)), Value(0.0))
        if self.b:
            z = z + self.b
        return z


def test_a_bias_that_is_asked_whether_it_is_0() -> None:
    trainer = Trainer(Unasked(2, seed=1), half_squared_error, SteepestDescent(0.01), eager=True)
    says = r"loss depends on bias, .*`if self\.b:`, .*write `if self\.b is not None:`"
    with pytest.warns(UserWarning, match=says):
        trainer.fit(X[:10], LABELS[:10], 2)
    with pytest.raises(ValueError, match=r"write `if self\.b is not None:`"):
        Trainer(Unasked(2, seed=1), half_squared_error, SteepestDescent(0.01)).fit(X, LABELS, 1)


@pytest.mark.parametrize("eager", [False, True])
def test_a_parameter_that_the_model_computes_without(eager: bool) -> None:
    class Scaled(MLP):
        def __init__(self) -> None:
            super().__init__(2, [4, 1], activation="tanh", seed=1)
            self.scale, self.table = Value(2.0), [Value(0.5), Value(0.0)]

    trainer = Trainer(Scaled(), half_squared_error, SteepestDescent(0.01), eager=eager)
    with pytest.warns(UserWarning, match=r"depends on scale, table, .* use it in __call__"):
        trainer.fit(X[:10], LABELS[:10], 2)


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_weights_that_are_all_0(activation: Any) -> None:
    model = MLP(2, [4, 1], activation=activation)
    for parameter in model.parameters():
        parameter.data = 0.0
    with pytest.warns(UserWarning, match=r"reached layers\.0, .* weights of layers\.1 are all 0"):
        Trainer(model, squared_error, SteepestDescent(0.1)).fit(X, LABELS, 20)


def test_steps_that_are_far_too_short() -> None:
    with pytest.warns(UserWarning, match="as fast at the end as at the beginning: the steps are"):
        moons(SteepestDescent(1e-6), 30)
    quietly(lambda: moons(SteepestDescent(0.05), 300))


def test_a_loss_below_0_that_rises_or_falls_without_end() -> None:
    def fit(loss: Any, rate: float) -> History:
        model = MLP(2, [4, 1], activation="tanh", seed=1)
        return Trainer(model, loss, SteepestDescent(rate)).fit(X, LABELS, 50)

    with pytest.warns(UserWarning, match=r"the loss rose from -9"):
        fit(lambda out, y: (out - y) ** 2 - 10.0, 3.0)
    with pytest.warns(UserWarning, match=r"the loss fell from .*it can fall without end"):
        fit(lambda out, y: -(out**2), 0.3)
    quietly(lambda: fit(lambda out, y: (out - y) ** 2 - 10.0, 0.1))


def test_a_loss_that_rises_from_one_call_of_fit_to_the_next() -> None:
    model = MLP(2, [8, 1], activation="tanh", seed=1)
    trainer = Trainer(model, squared_error, SteepestDescent(3.0))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for _ in range(30):
            history = trainer.fit(X, LABELS, 1)
    assert len([told for told in history.warnings if "rose" in told]) == 1
    assert len([each for each in caught if "rose" in str(each.message)]) == 1


@pytest.mark.parametrize(
    ("output", "targets"), [("tanh", [5.0, 30.0, 10.0]), ("logistic", [-1.0, 1.0, -1.0])]
)
def test_targets_that_the_last_layer_cannot_reach(output: Any, targets: list[float]) -> None:
    model = MLP(2, [4, 1], activation="tanh", output=output, seed=1)
    with pytest.warns(UserWarning, match=f"what ends in '{output}' only from"):
        Trainer(model, squared_error, SteepestDescent(0.01)).fit(X[:3], targets, 20)


def test_what_a_model_only_keeps_is_not_called_unused() -> None:
    class Remembering(MLP):
        def __call__(self, inputs: Any) -> Any:
            self.last = Value(0.5)
            return super().__call__(inputs) + self.last

    model = Remembering(2, [4, 1], activation="tanh", seed=1)
    quietly(lambda: Trainer(model, squared_error, SteepestDescent(0.01)).fit(X, LABELS, 2))


def test_targets_that_are_large() -> None:
    model = MLP(2, [4, 1], activation="tanh", seed=1)
    with pytest.warns(UserWarning, match=r"the targets have numbers up to 1e\+05: bring them"):
        Trainer(model, squared_error, SteepestDescent(0.1)).fit(X, LABELS * 1e5, 50)
