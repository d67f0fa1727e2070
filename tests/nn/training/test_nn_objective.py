"""The objective as training sees it: its mean, its gradient, and what is said where it has none."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from learning import Formula, Line, Listener, both_ways, trainer_of

from autograd_core import Value, log
from nn import (
    L1,
    L2,
    LOSSES,
    MLP,
    Classes,
    Labels,
    LineSearch,
    SteepestDescent,
    Trainer,
    half_squared_error,
    squared_error,
)

HIDDEN = ["identity", "logistic", "tanh", "relu", "leaky_relu", "elu", "softplus", "maxout"]
OUTPUT = {
    "numbers": ["identity", "tanh", "relu", "logistic", "softmax"],
    "logits": ["identity", "maxout"],
    "probabilities": ["logistic"],
    "distribution": ["softmax"],
}


@st.composite
def problems(draw: st.DrawFn) -> dict[str, Any]:
    """A network, a loss that goes with it, a penalty, and examples with inputs and targets."""
    loss = LOSSES[draw(st.sampled_from(sorted(LOSSES)))]
    nin, count = draw(st.integers(1, 3)), draw(st.integers(2, 3))
    model = MLP(
        nin,
        [draw(st.integers(1, 4)), count],
        activation=draw(st.sampled_from(HIDDEN)),
        output=draw(st.sampled_from(OUTPUT[loss.takes])),
        bias=draw(st.sampled_from([True, False, "feature"])),
        gate_by_gate=draw(st.booleans()),
        initial=draw(st.sampled_from(["uniform", "xavier", "he"])),
        seed=draw(st.integers(0, 1000)),
    )
    source = np.random.default_rng(draw(st.integers(0, 1000)))
    size = draw(st.integers(1, 7))
    if isinstance(loss.targets, Classes):
        targets = source.integers(0, count, size).tolist()
    elif isinstance(loss.targets, Labels):
        labels = [loss.targets.low, loss.targets.high]
        targets = source.choice(labels, (size, count)).tolist()
    else:
        targets = source.normal(size=(size, count)).tolist()
    return {
        "model": model,
        "loss": loss,
        "penalty": draw(st.sampled_from([None, L1(0.1), L2(0.3)])),
        "inputs": source.normal(size=(size, nin)),
        "targets": targets,
    }


def square(model: Any) -> Any:
    """A penalty of one's own."""
    return model.slope**2


def close(found: Any, expected: Any) -> bool:
    """To rounding, relative to the largest number."""
    difference = np.abs(np.asarray(found) - np.asarray(expected)).max()
    return bool(difference <= 1e-12 * (1.0 + np.abs(np.asarray(expected)).max()))


@both_ways
@settings(max_examples=100)
@given(problem=problems())
def test_it_is_the_mean_of_the_losses_plus_the_penalty(eager: bool, problem: Any) -> None:
    model, loss, penalty, inputs, targets = problem.values()
    answers = [model(x) for x in inputs]
    mean = sum((loss(z, y) for z, y in zip(answers, targets, strict=True)), Value(0.0)) / len(
        inputs
    )
    whole = mean if penalty is None else mean + penalty(model)
    model.zero_grad()
    whole.backward()
    expected = [parameter.grad for parameter in model.parameters()]
    outputs = np.array([[value.data for value in answer] for answer in answers])

    listener = Listener()
    trainer = Trainer(model, loss, listener, penalty=penalty, eager=eager)
    history = trainer.fit(inputs, targets, epochs=1)
    assert close(history["loss"], [whole.data])
    assert close(listener.gradients, [expected])
    numbers = trainer.evaluate(inputs, targets)
    assert close(numbers["loss"], mean.data)
    assert close(trainer.predict(inputs), outputs)
    encoded = loss.targets.encode_all(targets, outputs.shape[1])
    if "accuracy" in numbers and np.abs(outputs[:, 0] - outputs[:, 1]).min() > 1e-9:
        assert (
            numbers["accuracy"]
            == history["accuracy"][0]
            == loss.targets.right(outputs, encoded).mean()
        )


@both_ways
def test_a_line_search_sees_the_objective_elsewhere(eager: bool) -> None:
    """Of the steps 64, 32, 16, … it takes the first whose end is low enough, penalty included."""
    rows, targets = [[1.0]] * 5, [1.0] * 5
    trainer = Trainer(Line(), half_squared_error, LineSearch(64.0), eager=eager)
    trainer.fit(rows, targets, epochs=1)
    assert trainer.model.slope.data == 1.0
    options: Any = {"penalty": lambda model: 7.5 * square(model), "eager": eager}
    penalised = Trainer(Line(), half_squared_error, LineSearch(64.0), **options)
    penalised.fit(rows, targets, epochs=1)
    assert penalised.model.slope.data == 0.0625  # ½ (s − 1)² + 7.5 s² is lowest there


@both_ways
def test_a_parameter_that_nothing_depends_on_has_no_gradient(eager: bool) -> None:
    listener, model = Listener(), Formula(lambda a, b, x: a * x[0])
    model.b.grad = 9.0
    Trainer(model, half_squared_error, listener, eager=eager).fit([[2.0]], [0.0], epochs=1)
    assert listener.gradients[0].tolist() == [2.0, 0.0]


# What goes wrong


@both_ways
@pytest.mark.parametrize("factor", [1e200, 1e160])
def test_the_first_example_whose_loss_is_not_finite_is_named(eager: bool, factor: float) -> None:
    trainer = trainer_of(Line(1.0), eager=eager)
    inputs = [[1.0], [1.0], [factor], [1.0], [2 * factor]]
    with pytest.raises(
        FloatingPointError,
        match=r"^the loss is inf, for example 2, in update 1 \(epoch 1\), before anything was "
        r"learnt, so the learning rate is not the cause: look at what the loss and the model "
        r"compute, and at the size of the inputs$",
    ):
        trainer.fit(inputs, [0.0] * 5, epochs=1)
    assert trainer.model.slope.data == 1.0


@both_ways
def test_the_first_example_that_is_not_defined_is_named(eager: bool) -> None:
    trainer = trainer_of(Line(1.0), lambda z, y: -log(z), batch_size=2, shuffle=False, eager=eager)
    inputs, targets = [[1.0], [1.0], [1.0], [-3.0], [-1.0]], [0.0] * 5
    with pytest.raises(
        FloatingPointError, match=r"^log\(.*= -3\.\d+\): .*above zero, for example 3, in update 2 "
    ):
        trainer.fit(inputs, targets, epochs=1)
    held_out = ([[1.0], [-1.0]], [0.0, 0.0])
    with pytest.raises(
        FloatingPointError, match=r"zero, for validation example 1, in update 3 \(epoch 1\), with"
    ):
        trainer.fit(inputs[:2], targets[:2], epochs=1, validation=held_out)
    with pytest.raises(FloatingPointError, match=r"above zero, for example 1$"):
        trainer.evaluate(*held_out)


@both_ways
def test_examples_are_named_by_their_place_among_all_in_whatever_order(eager: bool) -> None:
    trainer = trainer_of(Line(1.0), lambda z, y: -log(z), batch_size=1, seed=3, eager=eager)
    inputs = [[-1.0 if place == 7 else 1.0] for place in range(20)]
    with pytest.raises(FloatingPointError, match="for example 7, in update"):
        trainer.fit(inputs, [0.0] * 20, epochs=1)


@both_ways
def test_a_gradient_that_is_not_finite_names_the_parameter(eager: bool) -> None:
    trainer = trainer_of(Line(), lambda z, y: (z + 1e-320).log() * 1e-300, eager=eager)
    with pytest.raises(FloatingPointError, match=r"^the gradient of slope is inf, in update 1 "):
        trainer.fit([[1e200]], [0.0], epochs=1)
    assert trainer.model.slope.data == 0.0


@both_ways
def test_losses_and_penalties_that_return_no_value(eager: bool) -> None:
    penalised = trainer_of(Line(1.0), penalty=lambda model: 0.5, eager=eager)
    with pytest.raises(TypeError, match=r"the penalty returned 0\.5; a penalty returns a value"):
        penalised.fit([[1.0]], [0.0], epochs=1)
    with pytest.raises(TypeError, match=r"the loss <lambda> returned 3\.0; a loss returns a value"):
        trainer_of(Line(1.0), lambda z, y: 3.0, eager=eager).fit([[1.0]], [0.0], epochs=1)


@both_ways
def test_the_penalty_is_in_the_loss_of_the_training_alone(eager: bool) -> None:
    trainer = Trainer(
        Line(1.0),
        squared_error,
        SteepestDescent(0.1),
        penalty=square,
        eager=eager,
    )
    history = trainer.fit([[1.0]], [1.0], epochs=1, validation=([[0.0]], [0.0]))
    assert (history["loss"], history["validation_loss"]) == ([1.0], [0.0])
    assert trainer.evaluate([[0.0]], [0.0]) == {"loss": 0.0}
