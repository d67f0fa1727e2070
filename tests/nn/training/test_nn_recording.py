"""What a program is recorded from: refused where it does not hold for all, kept while it does."""

import copy
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from learning import Formula, Line, both_ways, trainer_of

from autograd_core import Value, dot, greater, log, no_grad, where
from nn import (
    ACTIVATIONS,
    L2,
    MLP,
    RecordingError,
    SteepestDescent,
    Trainer,
    binary_cross_entropy,
    frozen,
    half_squared_error,
    squared_error,
)

Function = Callable[[Value, Value, list[Any]], Any]
TWO = [[1.0, 2.0], [3.0, 4.0]]


def predicted(function: Function, examples: Any = TWO, **options: Any) -> Any:
    return trainer_of(Formula(function), **options).predict(examples)


# Refused


def changing(one: Function, other: Function) -> Function:
    """A function that is another from the second example on."""
    calls: list[Any] = []

    def function(a: Value, b: Value, x: list[Any]) -> Any:
        calls.append(x)  # a look at the outputs; then each example with numbers, and with values
        return (one if len(calls) <= 3 else other)(a, b, x)

    return function


@pytest.mark.parametrize(
    "one, other, words",
    [
        (lambda a, b, x: a * x[0], lambda a, b, x: a + x[0], "a gate 'add' instead of a gate 'mul"),
        (lambda a, b, x: a * x[0], lambda a, b, x: b * x[0], "b in place of a"),
        (lambda a, b, x: a * x[0], lambda a, b, x: a * x[1], "x2 instead of x1"),
        (lambda a, b, x: a * x[0], lambda a, b, x: a * 2.0, "the constant 2.0 instead of x1"),
        (lambda a, b, x: a * 3.0, lambda a, b, x: a * 2.0, "constant 2.0 instead of the constant"),
        (
            lambda a, b, x: a * Value(3.0),
            lambda a, b, x: a * Value(2.0),
            "a leaf with the number 2.0 instead of a leaf with the number 3.0",
        ),
        (lambda a, b, x: [a * x[0]], lambda a, b, x: [a * x[0], a], "2 values instead of 1"),
        (lambda a, b, x: dot([a, b], x), lambda a, b, x: dot([a], x[:1]), "a gate 'dot' instead"),
        (lambda a, b, x: a * x[0], lambda a, b, x: a, "a instead of a gate 'multiply'"),
        (
            lambda a, b, x: (e := x[0].exp() if isinstance(x[0], Value) else Value(x[0]).exp()) * e,
            lambda a, b, x: (
                Value(x[0]).exp() * Value(x[0]).exp()
                if not isinstance(x[0], Value)
                else x[0].exp() * x[0].exp()
            ),
            "a gate 'exp' in place of a gate 'exp'",
        ),
    ],
)
def test_another_circuit_for_another_example(one: Function, other: Function, words: str) -> None:
    with pytest.raises(RecordingError, match="all examples with one circuit") as caught:
        predicted(changing(one, other))
    assert words in str(caught.value)
    assert "eager=True" in str(caught.value)


def test_another_circuit_for_the_last_example_alone() -> None:
    calls: list[Any] = []

    def function(a: Value, b: Value, x: list[Any]) -> Any:
        calls.append(x)
        return a * x[0] if len(calls) <= 1 + 2 * 9 else b * x[0]

    with pytest.raises(RecordingError, match="b in place of a for another example"):
        predicted(function, [[1.0]] * 10)


def test_random_numbers() -> None:
    source = random.Random(1)
    with pytest.raises(RecordingError, match="random numbers"):
        predicted(lambda a, b, x: a * x[0] * source.random())


def test_a_number_kept_from_call_to_call() -> None:
    weight = {1.0: 5.0}
    with pytest.raises(RecordingError, match=r"gave \[0\.5\] for values, but \[2\.5\]"):
        predicted(lambda a, b, x: a * weight.get(x[0], 1.0))


def test_numbers_for_values_and_plain_numbers_agree_to_nine_digits() -> None:
    with pytest.raises(RecordingError, match="for the same plain numbers"):
        predicted(lambda a, b, x: a * (1.0 if isinstance(x[0], Value) else 1.0 + 1e-8))
    predicted(lambda a, b, x: a * (1.0 if isinstance(x[0], Value) else 1.0 + 1e-12))


def test_another_count_of_outputs_for_values() -> None:
    with pytest.raises(RecordingError, match=r"gave \[0\.5, 0\.5\] for values, but \[0\.5\]"):
        predicted(lambda a, b, x: [a, b][: 1 + isinstance(x[0], Value)])


@pytest.mark.parametrize(
    "function, words",
    [
        (lambda a, b, x: [a, b][int(x[0])], "x1 = 0.0 is not turned into a whole number"),
        (lambda a, b, x: a * float(x[1]), "x2 = 0.0 is not turned into a plain float"),
        (lambda a, b, x: a if x[0].is_integer() else b, "no attribute 'is_integer'"),
    ],
)
def test_what_takes_plain_numbers_alone(function: Function, words: str) -> None:
    with pytest.raises(RecordingError, match="takes plain numbers") as caught:
        predicted(function, [[0.0, 0.0]])
    assert words in str(caught.value) and "eager=True" in str(caught.value)


def by_cases(output: Any, target: Any) -> Any:
    """A loss that decides by the target's number."""
    return (2.0 - output) ** 2 if target > 0 else output**2


@pytest.mark.parametrize(
    "loss, nout, words",
    [
        (by_cases, 1, "compares a value"),
        (lambda output, target: max(output, 0.0 * output), 1, "compares a value"),
        (lambda z, y: (z[int(y)] - 1.0) ** 2, 2, "not turned into a whole number"),
        (lambda output, target: output * float(target), 1, "not turned into a plain float"),
        (lambda output, target: output * getattr(target, "data", target), 1, "reads the data"),
    ],
)
def test_a_loss_that_cannot_be_recorded_trains_eagerly(loss: Any, nout: int, words: str) -> None:
    model = MLP(2, [nout], seed=1)
    before = model.state_dict()
    with pytest.raises(RecordingError, match=words) as caught:
        trainer_of(model, loss).fit(TWO, [0, 1], 3)
    assert "eager=True" in str(caught.value)
    assert model.state_dict() == before
    trainer_of(model, loss, eager=True).fit(TWO, [0, 1], 3)
    assert model.state_dict() != before


def test_a_model_that_decides_by_a_number_is_refused_with_its_line() -> None:
    def kink(a: Value, b: Value, x: list[Any]) -> Value:
        z: Value = a * x[0]
        return z if z > 0 else 0.1 * z

    line = kink.__code__.co_firstlineno + 2
    with pytest.raises(RecordingError, match=rf"^line {line} of test_nn_recording.py compares"):
        predicted(kink)
    assert predicted(kink, [[2.0], [-2.0]], eager=True).tolist() == [1.0, -0.1]


def test_a_penalty_that_decides_by_a_number() -> None:
    trainer = trainer_of(Line(), penalty=lambda m: m.slope if m.slope > 0 else -m.slope)
    with pytest.raises(RecordingError, match="compares a value"):
        trainer.fit([[1.0]], [1.0], epochs=1)


def test_the_models_own_errors_stay_what_they_are() -> None:
    with pytest.raises(IndexError):
        predicted(lambda a, b, x: a * x[7])


# Recorded


def test_leaves_and_constants_with_equal_numbers_make_no_difference() -> None:
    def function(a: Value, b: Value, x: list[Any]) -> Any:
        return a * x[0] * Value(3.0) + Value(0.25) + where(greater(x[1], 3.0), x[1], 0.5)

    assert predicted(function).tolist() == [2.25, 8.75]


def test_a_constant_that_is_not_a_number_is_the_same_in_every_recording() -> None:
    found = predicted(lambda a, b, x: [a * x[0], a * Value(float("nan"))])
    assert found[:, 0].tolist() == [0.5, 1.5]


# Kept


def times_asked(trainer: Trainer, run: Callable[[], object]) -> int:
    """How often the model is called; each recording calls it with numbers and with values."""
    before = len(trainer.model.asked)
    run()
    return len(trainer.model.asked) - before


def test_a_program_is_kept_while_the_circuit_is_the_same() -> None:
    inputs, targets = [[1.0], [2.0]], [0.0, 1.0]
    trainer = Trainer(Line(), squared_error, SteepestDescent(0.01))

    def fit() -> int:
        return times_asked(trainer, lambda: trainer.fit(inputs, targets, 1))

    # a look at the outputs, a recording to compare, if there is one, and those of both examples
    new, kept, another = 1 + 2 * 2, 1 + 2, 1 + 2 + 2 * 2
    assert [fit(), fit()] == [new, kept]
    assert times_asked(trainer, lambda: trainer.evaluate([[5.0], [6.0]], targets)) == kept
    assert times_asked(trainer, lambda: trainer.predict(inputs)) == new
    assert times_asked(trainer, lambda: trainer.predict([[7.0], [8.0]])) == kept
    for penalty in (L2(0.1), L2(0.2)):
        trainer.penalty = penalty
        assert [fit(), fit()] == [another, kept]
    trainer.model.slope = Value(3.0)
    assert [fit(), fit()] == [new, kept]
    twin = copy.deepcopy(trainer)  # which records a program of its own
    assert times_asked(twin, lambda: twin.fit(inputs, targets, 1)) == new
    assert fit() == kept


def test_examples_for_which_the_loss_is_not_defined_are_not_compared() -> None:
    trainer = trainer_of(Line(1.0), lambda z, y: -log(z))
    undefined, defined = 1, 2  # the call with numbers fails, or goes before one with values
    asked = times_asked(trainer, lambda: trainer.fit([[-1.0], [2.0], [0.0]], [0.0] * 3, epochs=0))
    assert asked == 1 + undefined + defined + undefined
    assert trainer.fit([[1.0]], [0.0], epochs=1)["loss"] == [0.0]


def test_a_kept_program_trains_as_a_new_one_does() -> None:
    trainer, whole = (trainer_of(MLP(2, [3, 1], seed=1), batch_size=1) for _ in range(2))
    for _ in range(5):
        trainer.fit(TWO, [0.0, 1.0], 1, validation=(TWO, [1.0, 0.0]))
        trainer.evaluate(TWO, [0.5, 0.5])
    whole.fit(TWO, [0.0, 1.0], 5)
    assert trainer.model.state_dict() == whole.model.state_dict()


@given(st.lists(st.integers(0, 3).map(float), min_size=1, max_size=30))
def test_examples_with_as_many_targets_as_possible_are_compared(targets: list[float]) -> None:
    asked: list[float] = []

    def loss(output: Any, target: Any) -> Any:
        asked.append(target)
        return (output - target) ** 2

    trainer_of(Line(), loss).fit([[1.0]] * len(targets), targets, epochs=0)
    numbers = [target for target in asked if not isinstance(target, Value)]
    assert numbers[0] == targets[0]
    assert len(numbers) == min(len(targets), 10)
    assert set(numbers) == set(targets)


@pytest.mark.parametrize("size", [1, 5, 1000])
def test_regression_targets_are_compared_from_the_lowest_to_the_highest(size: int) -> None:
    targets = np.random.default_rng(1).permutation(size).astype(float)
    asked: list[float] = []

    def loss(output: Any, target: Any) -> Any:
        asked.append(target)
        return (output - target) ** 2

    trainer_of(Line(), loss).fit([[1.0]] * size, targets, epochs=0)
    numbers = {target for target in asked if not isinstance(target, Value)}
    assert len(numbers) == min(size, 10)
    assert min(numbers) == 0.0 and max(numbers) >= 0.8 * (size - 1)


# Predictions


@both_ways
@given(
    inputs=st.lists(st.tuples(*[st.floats(-3.0, 3.0)] * 2), min_size=1, max_size=6),
    seed=st.integers(0, 100),
    nout=st.integers(2, 3),
)
def test_predictions_are_the_outputs_of_the_model(
    eager: bool, inputs: list[tuple[float, float]], seed: int, nout: int
) -> None:
    model = MLP(2, [4, nout], activation="tanh", output="softmax", seed=seed)
    found = trainer_of(model, eager=eager).predict(inputs)
    expected = [[output.data for output in model(row)] for row in inputs]
    assert found == pytest.approx(np.array(expected), rel=1e-12)
    assert found.shape == (len(inputs), nout)


@both_ways
def test_a_single_value_is_one_number_for_each_example(eager: bool) -> None:
    found = predicted(lambda a, b, x: a * x[0], np.array([[1], [2]]), eager=eager)
    assert found.tolist() == [0.5, 1.0]
    found = predicted(lambda a, b, x: [a * x[0]], [(1,), (2,)], eager=eager)
    assert found.tolist() == [[0.5], [1.0]]
    found = predicted(lambda a, b, x: [a, b * 3.0], eager=eager)  # whatever the inputs
    assert found.tolist() == [[0.5, 1.5]] * 2


@both_ways
def test_predictions_are_those_of_the_parameters_now_and_change_nothing(eager: bool) -> None:
    trainer = trainer_of(MLP(2, [3, 1], activation="tanh", seed=1), eager=eager)
    model, row = trainer.model, [1.0, 2.0]
    trainer.predict([row])
    for parameter in model.parameters():
        parameter.data += 0.5
        parameter.grad = 7.0
    state = model.state_dict()
    with no_grad():
        assert trainer.predict([row]) == pytest.approx(model(row).data, rel=1e-14)
    assert model.state_dict() == state
    assert all(parameter.grad == 7.0 for parameter in model.parameters())
    trainer.fit([row], [1.0], epochs=3)
    assert trainer.predict([row]) == pytest.approx(model(row).data, rel=1e-14)


@both_ways
def test_predictions_that_cannot_be_made(eager: bool) -> None:
    trainer = trainer_of(MLP(2, [3], seed=1), eager=eager)
    for inputs, message in [
        ([], "the inputs are empty"),
        ([[1.0, float("nan")]], "input 1 of example 0"),
        ([1.0, 2.0], r"write examples with one input as \[\[x\] for x in inputs\]"),
        ([[1.0, 2.0, 3.0]], r"example 0: MLP\(2, \[3\]\) takes 2 numbers, not 3"),
    ]:
        with pytest.raises(ValueError, match=message):
            trainer.predict(inputs)
    inputs = [[1.0]] * 5 + [[-1.0]]
    with pytest.raises(ValueError, match=r"^example 5: log\(.*= -0.5\): .*above zero"):
        predicted(lambda a, b, x: log(a * x[0]), inputs, eager=eager)


def test_a_program_is_recorded_anew_when_something_decides_otherwise() -> None:
    inputs, targets = [[0.0, 1.0], [1.0, 0.5], [-1.0, 2.0]], [0.0, 1.0, 1.0]

    def eagerly(model: MLP, penalty: Any) -> float:
        other = copy.deepcopy(model)
        steps = SteepestDescent(0.1)
        trainer = Trainer(other, half_squared_error, steps, penalty=penalty, eager=True)
        return trainer.fit(inputs, targets, 1)["loss"][-1]

    model, penalty = MLP(2, [3, 1], seed=1), L2(0.1)
    trainer = Trainer(model, half_squared_error, SteepestDescent(0.1), penalty=penalty)

    def weights() -> None:
        model.layers[0].neurons[0].w = [Value(0.5), Value(0.25)]

    def element() -> None:
        model.layers[0].neurons[1].w[0] = Value(0.75)

    def activation() -> None:
        model.layers[0].activation = "tanh"

    def strength() -> None:
        penalty.strength = 0.5

    def freeze() -> None:
        frozen(model.layers[1])

    def function() -> None:
        model.layers.insert(1, lambda outputs: [each * 0.5 for each in outputs])

    trainer.fit(inputs, targets, 1)
    changes: list[Callable[[], None]] = [weights, element, activation, strength, freeze, function]
    for change in changes:
        change()
        expected = eagerly(model, penalty)
        assert trainer.fit(inputs, targets, 1)["loss"][-1] == pytest.approx(expected)


def test_what_could_not_be_recorded_is_not_replaced_by_what_was_recorded_before() -> None:
    model = MLP(1, [1])
    for parameter, number in zip(model.parameters(), [1.0, -5.0], strict=True):
        parameter.data = number
    trainer = Trainer(model, squared_error, SteepestDescent(0.001))
    trainer.fit([[1.0], [2.0]], [1, 1], 1)
    trainer.loss = binary_cross_entropy  # of outputs that are no probabilities
    for _ in range(2):
        with pytest.raises(ValueError, match="the label has probability 0"):
            trainer.fit([[1.0], [2.0]], [1, 1], 1)


def test_a_network_that_is_defined_for_none_of_other_examples_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(ACTIVATIONS, "log", log)  # so that it is taken out in the end
    trainer = trainer_of(MLP(1, [1], output="log"))  # type: ignore[arg-type]
    weight, bias = trainer.model.parameters()
    weight.data, bias.data = 1.0, 0.0
    trainer.fit([[1.0], [2.0]], [0.0, 1.0], 1)
    with pytest.raises(FloatingPointError, match="not defined for example 0, nor for any other"):
        trainer.fit([[-1.0], [-2.0]], [0.0, 1.0], 1)


def test_a_kept_program_is_of_as_many_inputs() -> None:
    trainer = trainer_of(MLP(2, [3, 1]))
    trainer.fit(TWO, [0.0, 1.0], 1)
    with pytest.raises(ValueError, match="takes 2 numbers, not 3"):
        trainer.fit([[1.0, 2.0, 3.0]], [0.0], 1)
