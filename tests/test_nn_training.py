import copy
import io
import json
import math
import pickle
import signal
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_core import Value, log
from nn import (
    L1,
    L2,
    MLP,
    Adam,
    CosineDecay,
    LineSearch,
    Module,
    Neuron,
    SteepestDescent,
    Trainer,
    binary_cross_entropy_from_logit,
    half_squared_error,
    softmax_cross_entropy,
    squared_error,
)

XOR = [[0, 0], [0, 1], [1, 0], [1, 1]]
EXCLUSIVE = [0, 1, 1, 0]
BATCHES = {"online": 1, "mini-batch": 3, "batch": None}
OPTIMISERS = {
    "steepest descent": lambda: SteepestDescent(0.5),
    "momentum": lambda: SteepestDescent(0.1, momentum=0.9),
    "nesterov": lambda: SteepestDescent(0.1, momentum=0.9, nesterov=True),
    "adam": lambda: Adam(CosineDecay(0.05, updates=100)),
}


def network(seed=1):
    return MLP(2, [3, 1], activation="tanh", output="logistic", seed=seed)


def xor_trainer(optimiser=None, *, model=None, **options):
    optimiser = optimiser or SteepestDescent(0.5)
    return Trainer(model or network(), half_squared_error, optimiser, **options)


def fit_xor(trainer, epochs, **options):
    return trainer.fit(XOR, EXCLUSIVE, epochs, **options)


class Line(Module):
    """A model of a user's own: w x, and what it was asked."""

    def __init__(self, slope=0.0):
        self.slope = Value(slope)
        self._asked = []

    def __call__(self, inputs):
        self._asked.append(inputs[0])
        return self.slope * inputs[0]


# The same training twice, and in pieces


@pytest.mark.parametrize("size", BATCHES.values(), ids=BATCHES)
@pytest.mark.parametrize("make", OPTIMISERS.values(), ids=OPTIMISERS)
def test_the_same_seed_gives_the_same_training(make, size):
    runs = []
    for _ in range(2):
        trainer = xor_trainer(make(), batch_size=size, seed=5, penalty=L2(0.01))
        runs.append((dict(fit_xor(trainer, 6)), trainer.model.state_dict()))
    assert runs[0] == runs[1]
    assert runs[0][1] != network().state_dict()


@pytest.mark.parametrize("size", [1, 3])
def test_another_seed_gives_another_order(size):
    states = []
    for seed in (1, 2):
        trainer = xor_trainer(batch_size=size, seed=seed)
        fit_xor(trainer, 6)
        states.append(trainer.model.state_dict())
    assert states[0] != states[1]


@pytest.mark.parametrize("size", BATCHES.values(), ids=BATCHES)
@pytest.mark.parametrize("make", OPTIMISERS.values(), ids=OPTIMISERS)
def test_a_saved_training_goes_on_exactly(make, size, tmp_path):
    whole = xor_trainer(make(), batch_size=size)
    fit_xor(whole, 7)
    first = xor_trainer(make(), batch_size=size)
    fit_xor(first, 3)
    first.save(tmp_path / "training.json")
    second = xor_trainer(make(), batch_size=size, model=network(seed=99))
    second.load(tmp_path / "training.json")
    assert second.history.epochs == 3
    fit_xor(second, 4)
    fit_xor(first, 4)
    for other in (first, second):
        assert other.model.state_dict() == whole.model.state_dict()
        assert dict(other.history) == dict(whole.history)
        assert other.optimiser.state_dict() == whole.optimiser.state_dict()


def test_a_copy_or_pickle_of_a_training_goes_on_by_itself():
    trainer = xor_trainer(OPTIMISERS["adam"](), batch_size=1, penalty=L1(0.001))
    fit_xor(trainer, 2)
    twins = [copy.deepcopy(trainer), pickle.loads(pickle.dumps(trainer))]
    fit_xor(trainer, 3)
    for twin in twins:
        assert twin.history.epochs == 2
        fit_xor(twin, 3)
        assert twin.model.state_dict() == trainer.model.state_dict()


def test_a_file_of_something_else_changes_nothing(tmp_path):
    path = tmp_path / "training.json"
    trainer = xor_trainer(Adam(0.1))
    fit_xor(trainer, 2)
    trainer.save(path)
    good = json.loads(path.read_text())
    state = (trainer.model.state_dict(), trainer.optimiser.state_dict(), dict(trainer.history))

    def with_part(name, part):
        return good | {"training": good["training"] | {name: part}}

    adam = good["training"]["optimiser"]
    parameters = good["training"]["parameters"]
    bad = [
        (with_part("optimiser", {"optimiser": "LineSearch", "updates": 2}), "not of Adam"),
        (with_part("optimiser", adam | {"mean": [0.0]}), "of other parameters"),
        (with_part("optimiser", None), "damaged"),
        (with_part("optimiser", adam | {"updates": "many"}), "damaged"),
        (with_part("parameters", {"slope": 1.0}), "of another model"),
        (
            with_part("parameters", parameters | {"layers.0.neurons.0.bias": "x"}),
            "is no number: 'x'",
        ),
        (with_part("history", {"loss": [None, 1.0]}), "damaged"),
        (with_part("history", {"loss": [1.0], "accuracy": []}), "of the same length"),
        (with_part("history", [1.0]), "damaged"),
        (good | {"kind": "parameters", "parameters": {}}, "holds 'parameters', not 'training'"),
    ]
    for content, message in bad:
        path.write_text(json.dumps(content))
        with pytest.raises(ValueError, match=rf"training\.json'.*{message}"):
            trainer.load(path)
        now = (trainer.model.state_dict(), trainer.optimiser.state_dict(), dict(trainer.history))
        assert now == state


# Online, mini-batch, batch


def test_online_learning_is_the_loop_of_the_lecture():
    trainer = xor_trainer(SteepestDescent(0.5), batch_size=1, shuffle=False)
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
    assert trainer.model.state_dict() == model.state_dict()
    assert history["loss"] == pytest.approx(losses, rel=1e-14)


def test_batch_learning_updates_once_by_the_average():
    trainer = xor_trainer(SteepestDescent(0.5), penalty=L2(0.1))
    history = fit_xor(trainer, 1)
    model = network()
    losses = [half_squared_error(model(x), y) for x, y in zip(XOR, EXCLUSIVE, strict=True)]
    cost = sum(losses) / 4 + L2(0.1)(model)
    cost.backward()
    for parameter in model.parameters():
        parameter.data -= 0.5 * parameter.grad
    assert trainer.optimiser.updates == 1
    assert history["loss"] == [pytest.approx(cost.data, rel=1e-14)]
    expected = list(model.state_dict().values())
    assert list(trainer.model.state_dict().values()) == pytest.approx(expected, rel=1e-14)


@settings(max_examples=25)
@given(st.integers(1, 9), st.integers(1, 12), st.integers(0, 1000))
def test_every_epoch_takes_each_example_once(count, size, seed):
    inputs = [[float(place)] for place in range(count)]
    trainer = Trainer(Line(), half_squared_error, SteepestDescent(1e-3), batch_size=size, seed=seed)
    trainer.fit(inputs, [0.0] * count, epochs=2)
    asked = trainer.model._asked[1:]  # after the look at the first example
    assert sorted(asked[:count]) == sorted(asked[count:]) == [float(n) for n in range(count)]
    assert trainer.optimiser.updates == 2 * math.ceil(count / size)


def test_each_epoch_has_an_order_of_its_own():
    inputs = [[float(place)] for place in range(20)]
    trainer = Trainer(Line(), half_squared_error, SteepestDescent(1e-6), batch_size=1)
    trainer.fit(inputs, [0.0] * 20, epochs=3)
    asked = trainer.model._asked[1:]
    orders = {tuple(asked[start : start + 20]) for start in (0, 20, 40)}
    assert len(orders) == 3 and tuple(range(20)) not in orders


def test_without_shuffling_the_order_is_the_users():
    trainer = Trainer(Line(), squared_error, SteepestDescent(1e-3), batch_size=1, shuffle=False)
    trainer.fit([[3.0], [1.0], [2.0]], [0, 0, 0], epochs=2)
    assert trainer.model._asked[1:] == [3.0, 1.0, 2.0] * 2


def test_a_batch_larger_than_the_data_is_all_of_them():
    larger, everything = xor_trainer(batch_size=100, shuffle=False), xor_trainer()
    fit_xor(larger, 3)
    fit_xor(everything, 3)
    assert larger.model.state_dict() == everything.model.state_dict()


def test_numbers_of_numpy_as_counts():
    trainer = xor_trainer(batch_size=np.int64(2), seed=np.int32(3))
    assert fit_xor(trainer, np.int64(2), patience=None).epochs == 2
    assert trainer.optimiser.updates == 4


def test_penalties_pull_weights_towards_zero_and_leave_biases():
    """With a loss that is flat, θ ← θ − η λ W alone remains."""
    model = MLP(2, [2, 1], activation="tanh", seed=1)
    for parameter in model.parameters():
        parameter.data += 0.5
    before = model.state_dict()
    trainer = Trainer(model, lambda z, y: 0.0 * z, SteepestDescent(0.5), penalty=L2(0.1))
    trainer.fit([[1.0, 2.0]], [0.0], epochs=1)
    for name, number in model.state_dict().items():
        expected = before[name] if name.endswith("bias") else before[name] * (1 - 0.5 * 0.1)
        assert number == pytest.approx(expected, rel=1e-14), name


def test_ridge_regression_is_that_of_the_normal_equations():
    """With ½ error² and L2, the lowest point solves (XᵀX/n + λ) W + X̄ b = Xᵀy/n, X̄ᵀW + b = ȳ."""
    source = np.random.default_rng(1)
    inputs, targets, strength = source.normal(size=(6, 2)), source.normal(size=6), 0.3
    means = inputs.mean(axis=0)
    system = np.block(
        [[inputs.T @ inputs / 6 + strength * np.eye(2), means[:, None]], [means, np.ones(1)]]
    )
    expected = np.linalg.solve(system, [*(inputs.T @ targets / 6), targets.mean()])
    for bias in (True, "feature"):
        model = Neuron(2, nonlin=False, bias=bias, seed=1)
        trainer = Trainer(model, half_squared_error, LineSearch(), penalty=L2(strength))
        trainer.fit(inputs, targets, epochs=300, tolerance=0.0)
        found = list(model.state_dict().values())
        assert found == pytest.approx(expected.tolist(), rel=1e-6)


def test_a_penalty_of_ones_own():
    trainer = Trainer(Line(2.0), squared_error, SteepestDescent(0.25), penalty=lambda m: m.slope**2)
    trainer.fit([[0.0]], [0.0], epochs=1)
    assert trainer.model.slope.data == 1.0


def test_a_loss_of_ones_own():
    trainer = Trainer(Line(), lambda output, target: abs(output - target), SteepestDescent(0.5))
    history = trainer.fit([[1.0]], [2.0], epochs=4)
    assert history["loss"] == [2.0, 1.5, 1.0, 0.5]
    assert list(history) == ["loss"]


def test_a_parameter_that_nothing_depends_on_stays():
    line = Line()
    line.unused = Value(5.0)
    Trainer(line, squared_error, SteepestDescent(0.1)).fit([[1.0]], [1.0], epochs=3)
    assert line.unused.data == 5.0
    assert line.slope.data > 0.0


def test_a_line_search_trains_the_whole_batch_downhill():
    trainer = xor_trainer(LineSearch(10.0), penalty=L2(1e-4))
    losses = fit_xor(trainer, 40)["loss"]
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < 0.5 * losses[0]


# When it stops


def test_all_epochs():
    trainer = xor_trainer()
    assert fit_xor(trainer, 3) is trainer.history
    assert (trainer.history.epochs, trainer.history.stopped) == (3, "all epochs are done")
    before = trainer.model.state_dict()
    assert fit_xor(trainer, 0).epochs == 3
    assert trainer.model.state_dict() == before


def test_early_stopping_goes_back_to_the_best_parameters():
    """The training example pulls the slope to 2; the validation example is best met at 1."""
    trainer = Trainer(Line(), half_squared_error, SteepestDescent(0.1))
    held_out = ([[1.0]], [1.0])
    history = trainer.fit([[1.0]], [2.0], 100, validation=held_out, patience=3)
    losses = history["validation_loss"]
    best = losses.index(min(losses))
    assert history.epochs == best + 1 + 3 < 100
    assert history.stopped == (
        f"no lower validation loss in 3 epochs; back to the parameters of epoch {best + 1}"
    )
    assert trainer.evaluate(*held_out)["loss"] == min(losses)
    assert trainer.model.slope.data == pytest.approx(2 - 2 * 0.9 ** (best + 1))


def test_tolerance():
    trainer = Trainer(Line(), half_squared_error, SteepestDescent(0.5))
    history = trainer.fit([[1.0]], [1.0], 1000, tolerance=1e-6)
    changes = np.abs(np.diff(history["loss"]))
    assert changes[-1] <= 1e-6 < changes[-2]
    assert "no more than the tolerance 1e-06" in history.stopped


def test_on_request():
    history = fit_xor(xor_trainer(), 100, stop=lambda history: history["loss"][-1] < 0.12)
    assert history["loss"][-1] < 0.12 <= history["loss"][-2]
    assert history.stopped == f"stopped on request after epoch {history.epochs}"


def test_ctrl_c_between_epochs_keeps_what_was_learned(capsys):
    def press(history):
        if history.epochs == 3:
            signal.raise_signal(signal.SIGINT)
        return False

    trainer, other = xor_trainer(batch_size=1), xor_trainer(batch_size=1)
    history = fit_xor(trainer, 10, stop=press)
    fit_xor(other, 3)
    assert trainer.model.state_dict() == other.model.state_dict()
    assert dict(history) == dict(other.history)
    said = "interrupted in epoch 4; the model keeps what it had learned by then"
    assert history.stopped == said
    assert capsys.readouterr().out == f"Training was {said}.\n"


def test_ctrl_c_within_an_epoch_keeps_the_updates_made_so_far(capsys):
    seen = []

    def interrupted(output, target):
        seen.append(target)
        if len(seen) == 3:
            signal.raise_signal(signal.SIGINT)
        return 0.5 * (output - target) ** 2

    trainer = Trainer(Line(), interrupted, SteepestDescent(0.5), batch_size=1, shuffle=False)
    history = trainer.fit([[1.0]] * 4, [1.0] * 4, epochs=5)
    assert trainer.model.slope.data == 0.75  # two updates, each halfway to 1
    assert (history.epochs, trainer.optimiser.updates) == (0, 2)
    assert "interrupted in epoch 1" in history.stopped
    assert "Training was interrupted in epoch 1" in capsys.readouterr().out
    trainer.fit([[1.0]] * 4, [1.0] * 4, epochs=1)
    assert trainer.model.slope.data == 1 - 0.25 * 0.5**4


# What goes wrong


def test_a_loss_that_is_not_finite_names_the_step_and_keeps_the_parameters():
    trainer = Trainer(Line(), squared_error, SteepestDescent(1e60), batch_size=1)
    with pytest.raises(FloatingPointError) as caught:
        trainer.fit([[1.0], [1.0], [1.0]], [1.0, 1.0, 1.0], epochs=9)
    assert "the loss is inf, in update 4 (epoch 2), with the learning rate 1e+60" in str(
        caught.value
    )
    assert math.isfinite(trainer.model.slope.data)
    assert abs(trainer.model.slope.data) > 1e150
    assert trainer.history.epochs == 1
    assert trainer.history.stopped == str(caught.value)


def test_a_gradient_that_is_not_finite_names_the_parameter():
    def steep(output, target):
        return (output + 1e-320).log() * 1e-300

    trainer = Trainer(Line(), steep, SteepestDescent(0.1))
    with pytest.raises(FloatingPointError, match=r"the gradient of slope is inf, in update 1"):
        trainer.fit([[1e200]], [0.0], epochs=1)
    assert trainer.model.slope.data == 0.0


def test_a_loss_that_is_not_defined_names_the_gate_and_the_step():
    trainer = Trainer(Line(1.0), lambda output, target: -log(output), SteepestDescent(0.5))
    with pytest.raises(FloatingPointError, match=r"^log\(.*above zero, in update 1 \(epoch 1\)"):
        trainer.fit([[-1.0]], [0.0], epochs=3)
    with pytest.raises(FloatingPointError, match=r"^log\(.*above zero, in update 2 \(epoch 1\)"):
        trainer.fit([[1.0]], [0.0], epochs=3, validation=([[-1.0]], [0.0]))


def test_parameters_that_would_be_infinite_are_not_taken():
    trainer = Trainer(Line(1.0), lambda output, target: 1e300 * output, SteepestDescent(1e300))
    with pytest.raises(
        FloatingPointError, match=r"update 1, with the learning rate 1e\+300, would"
    ):
        trainer.fit([[1.0]], [0.0], epochs=1)
    assert trainer.model.slope.data == 1.0


def test_another_error_leaves_the_model_with_its_last_parameters():
    def fails(history):
        raise RuntimeError("no")

    trainer, other = xor_trainer(), xor_trainer()
    with pytest.raises(RuntimeError):
        fit_xor(trainer, 5, stop=fails)
    fit_xor(other, 1)
    assert trainer.model.state_dict() == other.model.state_dict()
    assert trainer.history.stopped == "an error ended it"


@pytest.mark.parametrize(
    "options, error, message",
    [
        ({"batch_size": 0}, ValueError, "batch_size is a whole number, at least 1, not 0"),
        ({"batch_size": 2.0}, ValueError, "batch_size is a whole number, at least 1, not 2.0"),
        ({"seed": -1}, ValueError, "seed is a whole number, at least 0, not -1"),
        ({"seed": None}, ValueError, "seed is a whole number, at least 0, not None"),
        ({"penalty": 0.1}, TypeError, r"a penalty is L2\(0.001\), .*, not 0.1"),
        ({"optimiser": 0.1}, TypeError, r"an optimiser is SteepestDescent\(0.1\) .*, not 0.1"),
        ({"loss": "hinge"}, TypeError, "a loss is one of .*, not 'hinge'"),
        ({"model": [0.0]}, TypeError, r"a model is an MLP, or another Module, not \[0.0\]"),
        (
            {"optimiser": LineSearch(), "batch_size": 2},
            ValueError,
            "LineSearch compares losses over all examples: leave batch_size out",
        ),
        (
            {"loss": softmax_cross_entropy},
            ValueError,
            "softmax_cross_entropy takes logits, but the model ends in 'logistic'",
        ),
    ],
)
def test_what_does_not_go_together(options, error, message):
    parts = {"model": network(), "loss": half_squared_error, "optimiser": SteepestDescent(0.1)}
    with pytest.raises(error, match=message):
        Trainer(**(parts | options))


@pytest.mark.parametrize(
    "options, message",
    [
        ({"epochs": -1}, "epochs is a whole number, at least 0, not -1"),
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
def test_calls_that_make_no_sense_change_nothing(options, message):
    trainer = xor_trainer()
    before = trainer.model.state_dict()
    with pytest.raises(ValueError, match=message):
        trainer.fit(**({"inputs": XOR, "targets": EXCLUSIVE, "epochs": 5} | options))
    assert trainer.model.state_dict() == before
    assert trainer.history.epochs == 0


# What it says


def test_the_loss_is_taken_before_the_update_and_the_validation_after():
    trainer = Trainer(Line(), half_squared_error, SteepestDescent(0.5))
    history = trainer.fit([[1.0]], [1.0], epochs=2, validation=([[1.0]], [1.0]))
    assert history["loss"] == [0.5, 0.125]
    assert history["validation_loss"] == [0.125, 0.03125]


def test_penalties_count_in_the_loss_but_not_in_that_of_the_validation():
    trainer = Trainer(Neuron(1, nonlin=False, seed=1), squared_error, SteepestDescent(0.1))
    trainer.penalty = L2(2.0)
    trainer.model.load_state_dict({"weights.0": 1.0, "bias": 0.0})
    history = trainer.fit([[1.0]], [1.0], epochs=1, validation=([[0.0]], [0.0]))
    assert history["loss"] == [1.0]
    assert history["validation_loss"] == [0.0]
    assert trainer.evaluate([[0.0]], [0.0]) == {"loss": 0.0}


def test_accuracy_counts_the_right_decisions():
    model = Neuron(1, nonlin=False)
    model.load_state_dict({"weights.0": 1.0, "bias": 0.0})
    trainer = Trainer(model, binary_cross_entropy_from_logit, SteepestDescent(1e-9))
    inputs, labels = [[-2.0], [-1.0], [1.0], [2.0], [3.0]], np.array([0, 1, 1, 1, 0])
    assert trainer.evaluate(inputs, labels)["accuracy"] == 0.6
    held_out = ([[1.0], [-1.0]], [True, False])
    history = trainer.fit(inputs, labels, epochs=2, validation=held_out)
    assert (history["accuracy"], history["validation_accuracy"]) == ([0.6, 0.6], [1.0, 1.0])
    for size in (1, 2):
        trainer.batch_size = size
        assert trainer.fit(inputs, labels, epochs=1)["accuracy"][-1] == 0.6


def test_the_progress_bar_can_be_turned_on_and_off(capsys):
    fit_xor(xor_trainer(), 2, progress=True)
    shown = capsys.readouterr()
    assert "2/2" in shown.err and "epoch" in shown.err and "loss=" in shown.err
    for progress in (None, False):
        fit_xor(xor_trainer(), 2, progress=progress)
        assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("progress, shown", [(None, True), (True, True), (False, False)])
def test_on_a_terminal_the_progress_bar_is_shown_unless_turned_off(monkeypatch, progress, shown):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr("sys.stderr", Terminal())
    fit_xor(xor_trainer(), 2, progress=progress)
    assert ("2/2" in sys.stderr.getvalue()) == shown


def test_it_learns_what_one_neuron_cannot():
    model = MLP(2, [4, 1], activation="tanh", seed=1)
    trainer = Trainer(model, binary_cross_entropy_from_logit, Adam(0.1), batch_size=1)
    history = trainer.fit(np.array(XOR), np.array(EXCLUSIVE), epochs=60)
    assert history["accuracy"][-1] == 1.0
