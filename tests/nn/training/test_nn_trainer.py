"""Trainings as a whole: their order, their course, and what they say when something is wrong."""

import copy
import json
import math
import pickle
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from learning import Formula, Line, both_ways, trainer_of

from autograd_core import Value, dot, greater, sqrt, where
from nn import (
    L1,
    L2,
    LOSSES,
    MLP,
    Adam,
    Classes,
    CosineDecay,
    Layer,
    LineSearch,
    Loss,
    Maxout,
    Module,
    Neuron,
    Optimiser,
    SteepestDescent,
    StepDecay,
    Trainer,
    binary_cross_entropy_from_logit,
    half_squared_error,
    softmax,
    softmax_cross_entropy,
    squared_error,
)

XOR = [[0, 0], [0, 1], [1, 0], [1, 1]]
EXCLUSIVE = [0, 1, 1, 0]
OPTIMISERS: dict[str, Callable[[], Optimiser]] = {
    "steepest descent": lambda: SteepestDescent(0.5),
    "momentum": lambda: SteepestDescent(0.1, momentum=0.9),
    "nesterov": lambda: SteepestDescent(0.1, momentum=0.9, nesterov=True),
    "adam": lambda: Adam(CosineDecay(0.05, updates=100)),
}
each_optimiser = pytest.mark.parametrize("make", OPTIMISERS.values(), ids=OPTIMISERS)
each_size = pytest.mark.parametrize("size", [1, 3, None], ids=["online", "mini-batch", "batch"])


def network(seed: int = 1) -> MLP:
    return MLP(2, [3, 1], activation="tanh", output="logistic", seed=seed)


def xor_trainer(
    optimiser: Optimiser | None = None, model: Module | None = None, **options: Any
) -> Trainer:
    optimiser = optimiser or SteepestDescent(0.5)
    return Trainer(model or network(), half_squared_error, optimiser, **options)


def fit_xor(trainer: Trainer, epochs: Any, **options: Any) -> Any:
    return trainer.fit(XOR, EXCLUSIVE, epochs, **options)


def state_of(trainer: Trainer) -> Any:
    return (trainer.model.state_dict(), trainer.optimiser.state_dict(), dict(trainer.history))


# The same training twice, and in pieces


@both_ways
@each_size
@each_optimiser
def test_a_saved_training_goes_on_exactly(
    make: Callable[[], Optimiser], size: int | None, eager: bool, tmp_path: Path
) -> None:
    options: Any = {"batch_size": size, "seed": 5, "penalty": L2(0.01), "eager": eager}
    whole, first = xor_trainer(make(), **options), xor_trainer(make(), **options)
    fit_xor(whole, 7)
    fit_xor(first, 3)
    first.save(tmp_path / "training.json")
    second = xor_trainer(make(), network(seed=99), **options)
    second.load(tmp_path / "training.json")
    assert second.history.epochs == 3
    for other in (first, second):
        fit_xor(other, 4)
        assert state_of(other) == state_of(whole)
    assert whole.model.state_dict() != network().state_dict()


def test_a_file_of_something_else_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "training.json"
    trainer = xor_trainer(Adam(0.1))
    fit_xor(trainer, 2)
    trainer.save(path)
    good = json.loads(path.read_text())
    state = state_of(trainer)

    def with_part(name: str, part: Any) -> Any:
        return good | {"training": good["training"] | {name: part}}

    adam, parameters = good["training"]["optimiser"], good["training"]["parameters"]
    bad = [
        (with_part("optimiser", {"optimiser": "LineSearch", "updates": 2}), "not of Adam"),
        (with_part("optimiser", adam | {"mean": [0.0]}), "of other parameters"),
        (with_part("optimiser", None), "damaged"),
        (with_part("optimiser", adam | {"updates": "many"}), "damaged"),
        (with_part("parameters", {"slope": 1.0}), "of another model"),
        (with_part("parameters", parameters | {"layers.0.neurons.0.bias": "x"}), "number: 'x'"),
        (with_part("history", {"loss": [None, 1.0]}), "damaged"),
        (with_part("history", {"loss": [1.0], "accuracy": []}), "of the same length"),
        (with_part("history", [1.0]), "damaged"),
        (with_part("history", {"loss": [10**400]}), "damaged"),
        (good | {"kind": "parameters", "parameters": {}}, "holds 'parameters', not 'training'"),
    ]
    for content, message in bad:
        path.write_text(json.dumps(content))
        with pytest.raises(ValueError, match=rf"training\.json'.*{message}"):
            trainer.load(path)
        assert state_of(trainer) == state


def test_a_file_of_an_earlier_release_is_read(tmp_path: Path) -> None:
    training = {
        "parameters": {"weights.0": 0.25, "bias": -0.5},
        "optimiser": {"optimiser": "SteepestDescent", "updates": 4, "velocity": [0.1, 0.2]},
        "history": {"loss": [1.0, 0.5], "accuracy": [0.5, 0.75]},
    }
    document = {"format": "scalar-circuits", "version": 1, "kind": "training", "training": training}
    (tmp_path / "old.json").write_text(json.dumps(document, indent=1))
    trainer = Trainer(Neuron(1, nonlin=False), squared_error, SteepestDescent(0.1, momentum=0.9))
    trainer.load(tmp_path / "old.json")
    assert state_of(trainer) == tuple(training.values())
    trainer.save(tmp_path / "new.json")
    new = json.loads((tmp_path / "new.json").read_text())
    assert new.pop("settings")["optimiser"] == {"rate": 0.1, "momentum": 0.9, "nesterov": False}
    assert new == document


def test_other_settings_than_those_of_the_file_are_said(tmp_path: Path) -> None:
    path = tmp_path / "training.json"
    first = xor_trainer(SteepestDescent(0.5), batch_size=2, seed=5, penalty=L2(0.01))
    fit_xor(first, 1)
    first.save(path)
    same = xor_trainer(SteepestDescent(0.5), batch_size=2, seed=5, penalty=L2(0.01))
    same.load(path)
    assert same.history.warnings == []
    other = xor_trainer(
        SteepestDescent(StepDecay(0.1, every=3), momentum=0.9), batch_size=4, seed=6, shuffle=False
    )
    with pytest.warns(UserWarning, match=r"training\.json' was written with other set") as caught:
        other.load(path)
    [says] = other.history.warnings
    assert says == str(caught[0].message) and caught[0].filename == __file__
    for setting in (
        "penalty 'L2(0.01)' there, None here",
        "batch_size 2 there, 4 here",
        "shuffle True there, False here",
        "rate 0.5 there, 'StepDecay(rate=0.1, every=3, factor=0.1)' here",
        "momentum 0.0 there, 0.9 here",
    ):
        assert setting in says
    assert "seed" not in says  # nothing is shuffled
    assert (other.batch_size, other.optimiser.rate) == (4, 0.1)
    tanh = xor_trainer(model=MLP(2, [4, 1], activation="relu", output="logistic"))
    if tanh.model.named_parameters().keys() == first.model.named_parameters().keys():
        with pytest.raises(ValueError, match=r"layers\.0\.activation is 'tanh', and here 'relu'"):
            tanh.load(path)


def test_what_is_written_to_a_trainer_holds_or_is_refused() -> None:
    trainer: Any = xor_trainer()
    for name in ("rate", "lr", "learning_rate"):
        with pytest.raises(AttributeError, match=r"trainer\.optimiser\.rate = 0\.25"):
            setattr(trainer, name, 0.25)
    with pytest.raises(AttributeError, match=r"patience is given to fit: trainer\.fit\(…, patie"):
        setattr(trainer, "patience", 3)  # noqa: B010
    for name in ("batch_size", "seed"):
        with pytest.raises(ValueError, match=f"{name} is a whole number, at least ., not True"):
            setattr(trainer, name, True)
    trainer.loss = lambda output, target: abs(output - target)
    trainer.batch_size = 2
    fit_xor(trainer, 1)
    assert trainer.optimiser.updates == 2


def test_a_call_of_fit_within_another_leaves_its_examples_alone() -> None:
    trainer = Trainer(Line(1.0), squared_error, SteepestDescent(1e-12))
    inputs, targets = [[1.0], [2.0]], [0.0, 0.0]
    [first] = trainer.fit(inputs, targets, 1)["loss"]
    others: Any = {"callback": lambda _: trainer.fit([[5.0], [6.0]], [1.0, 1.0], 1)}
    assert trainer.fit(inputs, targets, 3, **others)["loss"] == pytest.approx([first] * 4)


def test_a_kept_history_does_not_grow() -> None:
    trainer = xor_trainer()
    kept = fit_xor(trainer, 2)
    losses = kept["loss"]
    later = fit_xor(trainer, 3)
    assert (kept.epochs, len(kept["loss"]), len(losses)) == (2, 2, 2)
    assert later is trainer.history and later.epochs == 5 and later["loss"][:2] == losses


def divided(output: Any, target: Any) -> Any:
    return (output - target) * (1 / 0)


def of_root(output: Any, target: Any) -> Any:
    return output * math.sqrt(-1.0)


def too_large(output: Any, target: Any) -> Any:
    return output * math.exp(1000.0)


def unequal(output: Any, target: Any) -> Any:
    return dot([output, output], [target])


def telling(output: Any, target: Any) -> Any:
    raise ValueError("my own message")


@both_ways
@pytest.mark.parametrize(
    "loss, error, message",
    [
        (divided, ZeroDivisionError, "^division by zero$"),
        (of_root, ValueError, "^math domain error$"),
        (too_large, OverflowError, "^math range error$"),
        (unequal, ValueError, "^dot needs lists of one length"),
        (telling, ValueError, "^my own message$"),
    ],
)
def test_an_error_of_the_users_own_is_raised_as_it_is(
    loss: Any, error: type[Exception], message: str, eager: bool
) -> None:
    trainer = Trainer(Line(1.0), loss, SteepestDescent(0.1), eager=eager)
    with pytest.raises(error, match=message):
        trainer.fit([[1.0], [2.0]], [1.0, 2.0], 2)
    with pytest.raises(error, match=message):
        trainer.evaluate([[1.0], [2.0]], [1.0, 2.0])
    trainer = Trainer(
        Line(1.0),
        half_squared_error,
        SteepestDescent(0.1),
        penalty=lambda model: loss(model.parameters()[0], 1.0),
        eager=eager,
    )
    with pytest.raises(error, match=message):
        trainer.fit([[1.0], [2.0]], [1.0, 2.0], 2)


class Root(Line):
    def __call__(self, inputs: Any) -> Any:
        return sqrt(self.slope * inputs[0])


@both_ways
def test_an_example_for_which_the_model_is_not_defined_is_named(eager: bool) -> None:
    trainer = Trainer(Root(1.0), half_squared_error, SteepestDescent(0.1), eager=eager)
    for inputs, place in (([[-1.0], [4.0]], 0), ([[4.0], [-1.0]], 1)):
        with pytest.raises(FloatingPointError, match=rf"sqrt\(.*square root, for example {place}"):
            trainer.fit(inputs, [1.0, 2.0], 1)
    with pytest.raises(FloatingPointError, match="not defined for example 0, nor for any other: s"):
        trainer.fit([[-1.0], [-2.0]], [1.0, 2.0], 1)
    with pytest.raises(FloatingPointError, match="is not defined for example 0: sqrt"):
        trainer.evaluate([[-1.0]], [1.0])


@both_ways
def test_a_copy_or_pickle_of_a_training_goes_on_by_itself(eager: bool) -> None:
    trainer = xor_trainer(OPTIMISERS["adam"](), batch_size=1, penalty=L1(0.001), eager=eager)
    fit_xor(trainer, 2)
    twins = [copy.deepcopy(trainer), pickle.loads(pickle.dumps(trainer))]
    fit_xor(trainer, 3)
    for twin in twins:
        assert twin.history.epochs == 2
        fit_xor(twin, 3)
        assert twin.model.state_dict() == trainer.model.state_dict()


# Online, mini-batch, batch


@both_ways
def test_online_learning_is_the_loop_of_the_lecture(eager: bool) -> None:
    trainer = xor_trainer(SteepestDescent(0.5), batch_size=1, shuffle=False, eager=eager)
    history = fit_xor(trainer, 5)
    model, losses = network(), []
    for _ in range(5):
        course = []
        for inputs, target in zip(XOR, EXCLUSIVE, strict=True):
            model.zero_grad()
            loss = half_squared_error(model(inputs), target)
            loss.backward()
            for parameter in model.parameters():
                parameter.data -= 0.5 * parameter.grad
            course.append(loss.data)
        losses.append(sum(course) / 4)
    assert trainer.model.state_dict() == pytest.approx(model.state_dict(), rel=1e-12)
    assert history["loss"] == pytest.approx(losses, rel=1e-12)


@both_ways
@pytest.mark.parametrize("size", [1, 3, None])
def test_batches_drawn_with_replacement(eager: bool, size: int | None) -> None:
    """The lectures' update_mini_batch, written out; eagerly the same to the last bit."""
    optimiser = SteepestDescent(0.5)
    trainer = xor_trainer(optimiser, batch_size=size, replacement=True, seed=5, eager=eager)
    fit_xor(trainer, 4)
    model = network()
    for epoch in range(4):
        drawn = np.random.default_rng((5, epoch)).integers(4, size=4).tolist()
        for start in range(0, 4, size or 4):
            batch = drawn[start : start + (size or 4)]
            model.zero_grad()
            for place in batch:
                loss = half_squared_error(model(XOR[place]), EXCLUSIVE[place])
                loss.backward(1 / len(batch))
            for parameter in model.parameters():
                parameter.data -= 0.5 * parameter.grad
    expected = model.state_dict()
    assert trainer.model.state_dict() == (expected if eager else pytest.approx(expected, rel=1e-13))
    assert "drawn with replacement, with seed 5" in repr(trainer)


@both_ways
@pytest.mark.parametrize("size", [None, 4, 100])
def test_batch_learning_updates_once_by_the_average(eager: bool, size: int | None) -> None:
    options: Any = {"batch_size": size, "shuffle": False, "eager": eager}
    trainer = xor_trainer(SteepestDescent(0.5), penalty=L2(0.1), **options)
    history = fit_xor(trainer, 1)
    model = network()
    losses = [half_squared_error(model(x), y) for x, y in zip(XOR, EXCLUSIVE, strict=True)]
    cost = sum(losses, Value(0.0)) / 4 + L2(0.1)(model)
    cost.backward()
    for parameter in model.parameters():
        parameter.data -= 0.5 * parameter.grad
    assert trainer.optimiser.updates == 1
    assert history["loss"] == [pytest.approx(cost.data, rel=1e-14)]
    assert trainer.model.state_dict() == pytest.approx(model.state_dict(), rel=1e-14)


@pytest.mark.parametrize(
    "size, slopes", [(1, [0, 0.5, 0.75, 0.875, 0.9375]), (2, [0, 0, 0.5, 0.5, 0.75])]
)
@both_ways
def test_the_last_batch_may_be_smaller_and_counts_by_its_size(
    eager: bool, size: int, slopes: list[float]
) -> None:
    """Each update goes halfway to 1; a loss is taken before the update that it leads to."""
    trainer = Trainer(
        Line(), half_squared_error, SteepestDescent(0.5), batch_size=size, eager=eager
    )
    history = trainer.fit([[1.0]] * 5, [1.0] * 5, epochs=1)
    assert history["loss"] == [pytest.approx(np.mean([0.5 * (1 - slope) ** 2 for slope in slopes]))]
    assert trainer.model.slope.data == 1.0 - 0.5**trainer.optimiser.updates


def order_of(count: int, epochs: int, **options: Any) -> list[tuple[float, ...]]:
    """The examples in the order in which each epoch takes them."""
    trainer = trainer_of(Line(), squared_error, eager=True, **options)
    trainer.fit([[float(place)] for place in range(count)], [0.0] * count, epochs)
    # after a look at the outputs for the first, and before one at what has no gradient
    asked = trainer.model.asked[1 : 1 + count * epochs]
    return [tuple(asked[start : start + count]) for start in range(0, len(asked), count)]


@pytest.mark.filterwarnings("ignore:no parameter gets a gradient")
@pytest.mark.parametrize(
    "count, size, seed", [(1, 1, 0), (5, 1, 1), (9, 4, 2), (6, 3, 3), (4, 9, 4), (5, None, 5)]
)
def test_every_epoch_takes_each_example_once(count: int, size: int | None, seed: int) -> None:
    orders = order_of(count, 2, batch_size=size, seed=seed)
    assert [sorted(order) for order in orders] == [list(range(count))] * 2


@pytest.mark.parametrize("size", [1, 3])
def test_each_epoch_and_each_seed_has_an_order_of_its_own(size: int) -> None:
    orders = {seed: order_of(20, 3, batch_size=size, seed=seed) for seed in (1, 2)}
    assert len({*orders[1], *orders[2], tuple(range(20))}) == 7
    assert orders[1] == order_of(20, 3, batch_size=size, seed=1)
    assert order_of(20, 3, batch_size=size, shuffle=False) == [tuple(range(20))] * 3
    assert order_of(20, 3, batch_size=None) == [tuple(range(20))] * 3


def test_numbers_of_numpy_as_counts() -> None:
    trainer = xor_trainer(batch_size=np.int64(2), seed=np.int32(3))
    assert fit_xor(trainer, np.int64(2), patience=None).epochs == 2
    assert trainer.optimiser.updates == 4


@both_ways
def test_penalties_pull_weights_towards_zero_and_leave_biases(eager: bool) -> None:
    """With a loss that is flat, θ ← θ − η λ W alone remains."""
    model = MLP(2, [2, 1], activation="tanh", seed=1)
    for parameter in model.parameters():
        parameter.data += 0.5
    before = model.state_dict()
    options: Any = {"penalty": L2(0.1), "eager": eager}
    trainer = Trainer(model, lambda z, y: 0.0 * z, SteepestDescent(0.5), **options)
    trainer.fit([[1.0, 2.0]], [0.0], epochs=1)
    for name, number in model.state_dict().items():
        expected = before[name] if name.endswith("bias") else before[name] * (1 - 0.5 * 0.1)
        assert number == pytest.approx(expected, rel=1e-14), name


@both_ways
@pytest.mark.parametrize("bias", [True, "feature"])
def test_ridge_regression_is_that_of_the_normal_equations(bias: Any, eager: bool) -> None:
    """With ½ error² and L2, the lowest point solves (XᵀX/n + λ) W + X̄ b = Xᵀy/n, X̄ᵀW + b = ȳ."""
    source = np.random.default_rng(1)
    inputs, targets, strength = source.normal(size=(6, 2)), source.normal(size=6), 0.3
    means = inputs.mean(axis=0)
    system = np.block(
        [[inputs.T @ inputs / 6 + strength * np.eye(2), means[:, None]], [means, np.ones(1)]]
    )
    expected = np.linalg.solve(system, [*(inputs.T @ targets / 6), targets.mean()])
    model = Neuron(2, nonlin=False, bias=bias, seed=1)
    trainer = Trainer(model, half_squared_error, LineSearch(), penalty=L2(strength), eager=eager)
    losses = trainer.fit(inputs, targets, epochs=300, tolerance=0.0)["loss"]
    found = list(model.state_dict().values())
    assert found == pytest.approx(expected.tolist(), rel=1e-6)
    assert losses == sorted(losses, reverse=True)


# Models and losses of one's own


@both_ways
def test_a_loss_and_a_penalty_of_ones_own(eager: bool) -> None:
    trainer = Trainer(
        Line(), lambda output, target: abs(output - target), SteepestDescent(0.5), eager=eager
    )
    history = trainer.fit([[1.0]], [2.0], epochs=4)
    assert dict(history) == {"loss": [2.0, 1.5, 1.0, 0.5]}
    trainer.penalty = lambda model: (model.slope - 3.0) ** 2  # type: ignore[attr-defined]
    assert trainer.fit([[0.0]], [0.0], epochs=1)["loss"][-1] == 1.0
    assert trainer.model.slope.data == 3.0


@both_ways
def test_branches_that_are_gates(eager: bool) -> None:
    def kink(a: Value, b: Value, x: list[Any]) -> Value:
        z: Value = a * x[0]
        out: Value = where(greater(z, 0.0), z, 0.1 * z)
        return out

    trainer = Trainer(Formula(kink), half_squared_error, SteepestDescent(0.1), eager=eager)
    trainer.fit([[1.0], [-1.0]], [0.0, 0.0], epochs=1)
    assert trainer.model.a.data == pytest.approx(0.5 - 0.1 * 0.5 * (1.0 + 0.01) / 2)
    assert trainer.model.b.data == 0.5


@both_ways
def test_a_model_that_does_not_depend_on_the_inputs(eager: bool) -> None:
    model = Formula(lambda a, b, x: a * 1.0)
    trainer = Trainer(model, half_squared_error, SteepestDescent(0.5), eager=eager)
    trainer.fit([[1.0], [2.0]], [1.0, 3.0], epochs=1)
    assert model.a.data == 0.5 + 0.5 * (2.0 - 0.5)  # halfway to the mean


@both_ways
def test_a_loss_with_its_own_kind_of_targets(eager: bool) -> None:
    def quartic(outputs: list[Any], target: list[Any]) -> Any:
        return dot(target, [-z for z in outputs]) + sum(z**4 for z in outputs)

    loss = Loss(quartic, Classes(), "numbers")
    trainer = Trainer(MLP(2, [2], seed=1), loss, Adam(0.1), eager=eager)
    assert list(fit_xor(trainer, 2)) == ["loss", "accuracy"]


# When it ends


@pytest.fixture
def ctrl_c_is_heard() -> Iterator[None]:
    """Shells make what they start in the background deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@both_ways
@pytest.mark.usefixtures("ctrl_c_is_heard")
def test_ctrl_c_between_epochs_keeps_what_was_learned(
    eager: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    def press(history: Any) -> bool:
        if history.epochs == 3:
            signal.raise_signal(signal.SIGINT)
        return False

    trainer, other = (xor_trainer(batch_size=1, eager=eager) for _ in range(2))
    history = fit_xor(trainer, 10, stop=press)
    fit_xor(other, 3)
    assert state_of(trainer) == state_of(other)
    said = "interrupted in epoch 4; the model keeps what it had learned by then"
    assert history.stopped == said
    assert capsys.readouterr().out == f"Training was {said}.\n"


@pytest.mark.usefixtures("ctrl_c_is_heard")
def test_ctrl_c_within_an_epoch_keeps_the_updates_made_so_far(
    capsys: pytest.CaptureFixture[str],
) -> None:
    seen = []

    def interrupted(output: Any, target: Any) -> Any:
        seen.append(target)
        if len(seen) == 3:
            signal.raise_signal(signal.SIGINT)
        return 0.5 * (output - target) ** 2

    options: Any = {"batch_size": 1, "shuffle": False, "eager": True}
    trainer = Trainer(Line(), interrupted, SteepestDescent(0.5), **options)
    history = trainer.fit([[1.0]] * 4, [1.0] * 4, epochs=5)
    assert trainer.model.slope.data == 0.75  # two updates, each halfway to 1
    assert (history.epochs, trainer.optimiser.updates) == (0, 2)
    assert "interrupted in epoch 1" in history.stopped
    assert "Training was interrupted in epoch 1" in capsys.readouterr().out
    trainer.fit([[1.0]] * 4, [1.0] * 4, epochs=1)
    assert trainer.model.slope.data == 1 - 0.25 * 0.5**4


@both_ways
def test_a_loss_that_is_not_finite_leaves_the_last_finite_parameters(eager: bool) -> None:
    options: Any = {"batch_size": 1, "eager": eager}
    trainer = Trainer(Line(), squared_error, SteepestDescent(1e60), **options)
    with pytest.raises(FloatingPointError) as caught:
        trainer.fit([[1.0], [1.0], [1.0]], [1.0, 1.0, 1.0], epochs=9)
    assert str(caught.value) == (
        "the loss is inf, for example 2, in update 4 (epoch 2), with the learning rate 1e+60; "
        "a smaller one, or inputs of a smaller size, may help"
    )
    assert trainer.history.stopped == str(caught.value)
    assert trainer.history.epochs == 1
    assert 1e150 < abs(trainer.model.slope.data) < math.inf


def test_ctrl_c_leaves_no_parameters_that_are_not_finite() -> None:
    """They may be on the way to the error when it comes."""

    def rate(update: int) -> float:
        if update == 8:
            raise KeyboardInterrupt
        return 1e60

    trainer = Trainer(Line(), squared_error, SteepestDescent(rate), batch_size=1)
    history = trainer.fit([[1.0]] * 20, [1.0] * 20, epochs=1)
    assert history.stopped.startswith("interrupted in epoch 1")
    assert trainer.model.slope.data == 0.0


@pytest.mark.parametrize("options", [{}, {"clip_norm": 1.0}, {"clip_value": 1.0}], ids=str)
@pytest.mark.parametrize("kind", [Adam, SteepestDescent])
@both_ways
def test_after_an_error_training_goes_on_from_the_last_good_update(
    eager: bool, kind: Any, options: Any
) -> None:
    """What the optimiser remembers is of the updates that were made, and of no other."""
    inputs, targets = [[1.0], [2.0], [1e200], [3.0]], [1.0, 0.0, 1.0, 2.0]
    settings: Any = {"batch_size": 1, "shuffle": False, "eager": eager}
    trainer, other = (
        Trainer(Line(), squared_error, kind(0.1, **options), **settings) for _ in range(2)
    )
    trainer.optimiser.updates = other.optimiser.updates = 5
    with pytest.raises(FloatingPointError, match=r"for example 2, in update 8 \(epoch 1\)"):
        trainer.fit(inputs, targets, epochs=3)
    other.fit(inputs[:2], targets[:2], epochs=1)
    assert trainer.optimiser.state_dict() == other.optimiser.state_dict()
    assert trainer.model.state_dict() == other.model.state_dict()


@both_ways
def test_parameters_that_would_be_infinite_are_not_taken(eager: bool) -> None:
    trainer = Trainer(Line(1.0), lambda z, y: 1e300 * z, SteepestDescent(1e300), eager=eager)
    with pytest.raises(
        FloatingPointError, match=r"^update 1, with the .* 1e\+300, would"
    ) as caught:
        trainer.fit([[1.0]], [0.0], epochs=1)
    assert trainer.model.slope.data == 1.0
    assert trainer.history.stopped == str(caught.value)


@both_ways
def test_another_error_leaves_the_model_with_its_last_parameters(eager: bool) -> None:
    def fails(history: Any) -> bool:
        raise RuntimeError("no")

    trainer, other = xor_trainer(eager=eager), xor_trainer(eager=eager)
    with pytest.raises(RuntimeError):
        fit_xor(trainer, 5, stop=fails)
    fit_xor(other, 1)
    assert state_of(trainer) == state_of(other)
    assert trainer.history.stopped == "an error ended it"


# What does not go together


class Uncallable(Module):
    def __init__(self) -> None:
        self.weight = Value(1.0)


class Empty(Module):
    def __call__(self, inputs: Any) -> Value:
        return Value(0.0)


@pytest.mark.parametrize(
    "options, error, message",
    [
        ({"batch_size": 0}, ValueError, "batch_size is a whole number, at least 1, not 0"),
        ({"batch_size": 2.0}, ValueError, "batch_size is a whole number, at least 1, not 2.0"),
        ({"seed": -1}, ValueError, "seed is a whole number, at least 0, not -1"),
        ({"seed": None}, ValueError, "seed is a whole number, at least 0, not None"),
        ({"penalty": 0.1}, TypeError, r"a penalty is L2\(0.001\), .*, not 0.1"),
        ({"penalty": L2}, TypeError, r"a penalty is L2\(0.001\), .*, not <class"),
        ({"optimiser": 0.1}, TypeError, r"an optimiser is SteepestDescent\(0.1\) .*, not 0.1"),
        ({"loss": "hinge"}, TypeError, "a loss is one of .*, not 'hinge'"),
        (
            {"optimiser": LineSearch(), "batch_size": 2},
            ValueError,
            "LineSearch compares losses over all examples: leave batch_size out",
        ),
        ({"model": [0.0]}, TypeError, r"a model is an MLP, or another Module, not \[0.0\]"),
        ({"model": MLP}, TypeError, "a model is an MLP, or another Module, not <class"),
        ({"model": lambda inputs: inputs}, TypeError, "a model is an MLP, or another Module"),
        (
            {"model": Uncallable()},
            TypeError,
            r"Uncallable cannot be called: give it __call__\(self, inputs\)",
        ),
        ({"model": Empty()}, ValueError, "Empty has no parameters to train: they are the leaves"),
        ({"model": Neuron(2, activation="step")}, ValueError, "'step' is flat, so no gradient"),
        ({"model": MLP(2, [3, 1], output="step")}, ValueError, "'step' is flat"),
    ],
)
def test_trainers_that_make_no_sense(options: Any, error: type[Exception], message: str) -> None:
    parts = {"model": network(), "loss": half_squared_error, "optimiser": SteepestDescent(0.1)}
    with pytest.raises(error, match=message):
        Trainer(**(parts | options))


SUITABLE = {
    "numbers": {"identity", "logistic", "tanh", "relu", "softmax", "maxout"},
    "probabilities": {"logistic", "softmax"},
    "logits": {"identity", "maxout"},
    "distribution": {"softmax"},
}


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("output", sorted(SUITABLE["numbers"]))
def test_which_outputs_go_with_which_loss(name: str, output: Any) -> None:
    models: list[Module] = [MLP(2, [3, 2], output=output), Layer(2, 2, activation=output)]
    if output == "maxout":
        models.append(Maxout(2))
    elif output != "softmax":
        models.append(Neuron(2, activation=output))
    for model in models:
        if output in SUITABLE[LOSSES[name].takes]:
            trainer_of(model, LOSSES[name])
        else:
            with pytest.raises(ValueError, match=f"{name} takes .* ends in '{output}': make"):
                trainer_of(model, LOSSES[name])


def test_nothing_is_presumed_of_a_class_of_ones_own() -> None:
    class Classifier(MLP):
        def __call__(self, inputs: Any) -> Any:
            return softmax(super().__call__(inputs))

    class Layers(Module):
        def __init__(self) -> None:
            self.layers = {"first": Layer(2, 2, activation="step")}

        def __call__(self, inputs: Any) -> Any:
            return self.layers["first"](inputs)

    trainer_of(Classifier(2, [3]), LOSSES["negative_log_likelihood"])
    trainer_of(Layers(), softmax_cross_entropy)


@pytest.mark.parametrize(
    "options, message",
    [
        ({"epochs": -1}, "epochs is a whole number, at least 0, not -1"),
        ({"epochs": True}, "epochs is a whole number, at least 0, not True"),
        ({"patience": True}, "the epochs to wait, is a whole number, at least 1, not True"),
        ({"tolerance": True}, "a tolerance is zero or more, not True"),
        ({"epochs": 2.5}, "epochs is a whole number, at least 0, not 2.5"),
        ({"patience": 3}, r"give validation=\(inputs, targets\)"),
        ({"validation": 0.2}, r"validation is a pair \(inputs, targets\), not 0.2"),
        ({"validation": (XOR,)}, r"validation is a pair \(inputs, targets\)"),
        ({"validation": ([], [])}, "the validation set: there are no examples"),
        ({"validation": (XOR, [0, 1])}, "the validation set: there are 4 examples, but 2 targets"),
        ({"targets": [0, 1, 1]}, "there are 4 examples, but 3 targets"),
        ({"inputs": []}, "there are no examples"),
    ],
)
def test_calls_that_make_no_sense_change_nothing(options: Any, message: str) -> None:
    trainer = xor_trainer()
    state = state_of(trainer)
    with pytest.raises(ValueError, match=message):
        trainer.fit(**({"inputs": XOR, "targets": EXCLUSIVE, "epochs": 5} | options))
    assert state_of(trainer) == state


# What it says


@both_ways
def test_the_loss_is_taken_before_the_update_and_the_validation_after(eager: bool) -> None:
    trainer = Trainer(Line(), half_squared_error, SteepestDescent(0.5), eager=eager)
    history = trainer.fit([[1.0]], [1.0], epochs=2, validation=([[1.0]], [1.0]))
    assert history is trainer.history
    assert dict(history) == {"loss": [0.5, 0.125], "validation_loss": [0.125, 0.03125]}


@both_ways
@pytest.mark.parametrize("size", [None, 1, 2])
def test_accuracy_counts_the_right_decisions(eager: bool, size: int | None) -> None:
    model = Neuron(1, nonlin=False)
    model.load_state_dict({"weights.0": 1.0, "bias": 0.0})
    options: Any = {"batch_size": size, "eager": eager}
    trainer = Trainer(model, binary_cross_entropy_from_logit, SteepestDescent(1e-9), **options)
    inputs, labels = [[-2.0], [-1.0], [1.0], [2.0], [3.0]], np.array([0, 1, 1, 1, 0])
    assert trainer.evaluate(inputs, labels)["accuracy"] == 0.6
    held_out = ([[1.0], [-1.0]], [True, False])
    history = trainer.fit(inputs, labels, epochs=2, validation=held_out)
    assert (history["accuracy"], history["validation_accuracy"]) == ([0.6, 0.6], [1.0, 1.0])
    assert type(history["accuracy"][0]) is float


@both_ways
def test_it_learns_what_one_neuron_cannot(eager: bool) -> None:
    model = MLP(2, [4, 1], activation="tanh", seed=1)
    options: Any = {"batch_size": 1, "eager": eager}
    trainer = Trainer(model, binary_cross_entropy_from_logit, Adam(0.1), **options)
    history = trainer.fit(np.array(XOR), np.array(EXCLUSIVE), epochs=60)
    assert history["accuracy"][-1] == 1.0


# Programs and circuits of values train alike


TARGETS: dict[str, list[float]] = {
    "half_squared_error": [0.5, -0.5, 1.0, 0.0, 0.25],
    "squared_error": [0.5, -0.5, 1.0, 0.0, 0.25],
    "binary_cross_entropy": [0, 1, 1, 0, 1],
    "binary_cross_entropy_from_logit": [0, 1, 1, 0, 1],
    "negative_log_likelihood": [0, 1, 2, 0, 1],
    "softmax_cross_entropy": [0, 1, 2, 0, 1],
    "softmax_cross_entropy_without_first": [0, 1, 2, 3, 1],
    "hinge": [-1, 1, 1, -1, 1],
}
OUTPUT = {"probabilities": "logistic", "distribution": "softmax"}
INPUTS = np.random.default_rng(3).normal(size=(5, 2))


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_both_ways_give_the_same_training(name: str, data: st.DataObject) -> None:
    """Rates are small: where gates have kinks, rounding could tell two long trainings apart."""
    loss = LOSSES[name]
    size = data.draw(st.sampled_from([1, 2, None]))
    optimisers: dict[str, Callable[[], Optimiser]] = {
        "descent": lambda: SteepestDescent(0.01),
        "momentum": lambda: SteepestDescent(0.01, momentum=0.9),
        "nesterov": lambda: SteepestDescent(0.01, momentum=0.9, nesterov=True),
        "adam": lambda: Adam(0.01, epsilon=1e-3),
    }
    if size is None:
        optimisers["line search"] = lambda: LineSearch(0.1)
    make = optimisers[data.draw(st.sampled_from(sorted(optimisers)))]
    activations = ["logistic", "tanh", "relu", "leaky_relu", "elu", "softplus", "maxout"]
    options: dict[str, Any] = {
        "activation": data.draw(st.sampled_from(activations)),
        "bias": data.draw(st.sampled_from([True, False, "feature"])),
        "gate_by_gate": data.draw(st.booleans()),
        "seed": data.draw(st.integers(0, 1000)),
        "output": OUTPUT.get(loss.takes, "identity"),
    }
    settings: dict[str, Any] = {
        "penalty": data.draw(st.sampled_from([None, L1(0.01), L2(0.1)])),
        "batch_size": size,
        "seed": 5,
    }
    nout = 3 if isinstance(loss.targets, Classes) else 1
    runs = []
    for eager in (False, True):
        model = MLP(2, [3, nout], **options)
        trainer = Trainer(model, loss, make(), eager=eager, **settings)
        held_out = (INPUTS[:2], TARGETS[name][:2])
        trainer.fit(INPUTS, TARGETS[name], epochs=4, validation=held_out)
        runs.append((dict(trainer.history), trainer.model.state_dict()))
    (history, state), (expected, expected_state) = runs
    assert list(history) == list(expected)
    for series in history:
        assert history[series] == pytest.approx(expected[series], rel=1e-9, abs=1e-12), series
    assert state == pytest.approx(expected_state, rel=1e-8, abs=1e-10)


@both_ways
@pytest.mark.parametrize("clip", [{"clip_norm": 0.01}, {"clip_value": 0.005}], ids=str)
def test_clipping_is_the_same_in_programs_and_eagerly(eager: bool, clip: Any) -> None:
    """By hand: the gradient of the mean loss with its penalty is clipped, then the step is made."""
    model, mine = network(), network()
    trainer = Trainer(
        model, half_squared_error, SteepestDescent(2.0, **clip), penalty=L2(0.01), eager=eager
    )
    trainer.fit(XOR, EXCLUSIVE, epochs=5)
    for _ in range(5):
        mine.zero_grad()
        losses = [half_squared_error(mine(x), y) for x, y in zip(XOR, EXCLUSIVE, strict=True)]
        (sum(losses, Value(0.0)) / 4 + L2(0.01)(mine)).backward()
        gradient = np.array([parameter.grad for parameter in mine.parameters()])
        if "clip_norm" in clip:
            assert np.linalg.norm(gradient) > 0.01
            gradient *= 0.01 / np.linalg.norm(gradient)
        else:
            assert np.abs(gradient).max() > 0.005
            gradient = np.clip(gradient, -0.005, 0.005)
        for parameter, slope in zip(mine.parameters(), gradient.tolist(), strict=True):
            parameter.data -= 2.0 * slope
    assert [p.data for p in model.parameters()] == pytest.approx(
        [p.data for p in mine.parameters()], rel=1e-9
    )


@both_ways
def test_a_callback_sees_the_model_after_each_epoch(eager: bool) -> None:
    plain, seen = xor_trainer(eager=eager), xor_trainer(eager=eager)
    course: list[Any] = []
    stops: list[float] = []

    def note(history: Any) -> None:
        course.append((history.epochs, history["loss"][-1], first_weight(seen)))

    def stop(history: Any) -> bool:
        stops.append(first_weight(seen))
        return False

    seen.fit(XOR, EXCLUSIVE, epochs=3, callback=note, stop=stop)
    for epoch, loss, weight in course:
        plain.fit(XOR, EXCLUSIVE, epochs=1)
        assert (epoch, loss) == (plain.history.epochs, plain.history["loss"][-1])
        assert weight == stops[epoch - 1] == first_weight(plain)
    assert seen.history.stopped == "all epochs are done" and len(course) == 3


def first_weight(trainer: Trainer) -> float:
    return trainer.model.parameters()[0].data  # type: ignore[no-any-return]


@both_ways
def test_what_a_callback_writes_is_trained_on(eager: bool) -> None:
    trainer = xor_trainer(eager=eager)

    def clamp(history: Any) -> None:
        for parameter in trainer.model.parameters():
            parameter.data = min(max(parameter.data, -0.1), 0.1)

    trainer.fit(XOR, EXCLUSIVE, epochs=2, callback=clamp)
    assert all(abs(parameter.data) <= 0.1 for parameter in trainer.model.parameters())
    anything: Any = 3
    with pytest.raises(TypeError, match="callback is a function of the history, not 3"):
        trainer.fit(XOR, EXCLUSIVE, epochs=2, callback=anything)


def test_a_callback_that_fails_is_told_of_as_it_is() -> None:
    trainer = xor_trainer()

    def fail(history: Any) -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        trainer.fit(XOR, EXCLUSIVE, epochs=3, callback=fail)
    assert trainer.history.epochs == 1 and "error" in trainer.history.stopped


def test_repr_of_a_trainer_tells_what_it_does() -> None:
    trainer = Trainer(
        network(), half_squared_error, Adam(0.1, clip_norm=1.0), penalty=L2(0.01), batch_size=2
    )
    assert repr(trainer).splitlines() == [
        "Trainer of MLP(2, [3, 1]): 13 parameters",
        "  loss: half_squared_error + L2(0.01)",
        "  optimiser: Adam(rate=0.1, clip_norm=1.0)",
        "  batches: 2 examples, shuffled with seed 0",
        "  history: 0 epochs",
    ]
    trainer.batch_size, trainer.eager, trainer.penalty = None, True, None
    trainer.fit(XOR, EXCLUSIVE, epochs=2)
    assert "batches: all examples, eager\n  history: 2 epochs: loss " in repr(trainer)
