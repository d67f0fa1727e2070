import copy
import math
import pickle
import signal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograd_core import Value, dot, greater, log, where
from nn import (
    L1,
    L2,
    LOSSES,
    MLP,
    Adam,
    Classes,
    CosineDecay,
    LineSearch,
    Loss,
    Module,
    Neuron,
    RecordingError,
    SteepestDescent,
    Trainer,
    binary_cross_entropy_from_logit,
    half_squared_error,
    softmax_cross_entropy,
    squared_error,
)

pytestmark = pytest.mark.usefixtures("either_way")

XOR = [[0, 0], [0, 1], [1, 0], [1, 1]]
EXCLUSIVE = [0, 1, 1, 0]
BATCHES = {"online": 1, "mini-batch": 3, "batch": None}
OPTIMISERS = {
    "steepest descent": lambda: SteepestDescent(0.5),
    "momentum": lambda: SteepestDescent(0.1, momentum=0.9),
    "nesterov": lambda: SteepestDescent(0.1, momentum=0.9, nesterov=True),
    "adam": lambda: Adam(CosineDecay(0.05, updates=100)),
}


@pytest.fixture(params=[False, True], ids=["program", "eager"])
def either_way(request, monkeypatch):
    """Trainers that are not told otherwise are eager in one run of a test, and not in the other."""
    monkeypatch.setitem(Trainer.__init__.__kwdefaults__, "eager", request.param)


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


def spied_on(optimiser, **options):
    """A training that asks the model for each example."""
    return Trainer(Line(), squared_error, optimiser, eager=True, **options)


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
    assert trainer.model.state_dict() == pytest.approx(model.state_dict(), rel=1e-12)
    assert history["loss"] == pytest.approx(losses, rel=1e-12)


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


@pytest.mark.parametrize(
    "count, size, seed", [(1, 1, 0), (5, 1, 1), (9, 4, 2), (6, 3, 3), (4, 9, 4)]
)
def test_every_epoch_takes_each_example_once(count, size, seed):
    inputs = [[float(place)] for place in range(count)]
    trainer = spied_on(SteepestDescent(1e-3), batch_size=size, seed=seed)
    trainer.fit(inputs, [0.0] * count, epochs=2)
    asked = trainer.model._asked[1:]  # after the look at the first example
    assert sorted(asked[:count]) == sorted(asked[count:]) == [float(n) for n in range(count)]
    assert trainer.optimiser.updates == 2 * math.ceil(count / size)


def test_each_epoch_has_an_order_of_its_own():
    inputs = [[float(place)] for place in range(20)]
    trainer = spied_on(SteepestDescent(1e-6), batch_size=1)
    trainer.fit(inputs, [0.0] * 20, epochs=3)
    asked = trainer.model._asked[1:]
    orders = {tuple(asked[start : start + 20]) for start in (0, 20, 40)}
    assert len(orders) == 3 and tuple(range(20)) not in orders


def test_without_shuffling_the_order_is_the_users():
    trainer = spied_on(SteepestDescent(1e-3), batch_size=1, shuffle=False)
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


def by_cases(output, target):
    """A loss that decides by the target's number."""
    return (2.0 - output) ** 2 if target > 0 else output**2


def indexed(outputs, target):
    return (outputs[int(target)] - 1.0) ** 2


@pytest.mark.parametrize(
    "loss, nout, words",
    [
        (by_cases, 1, "compares a value"),
        (lambda output, target: max(output, 0.0 * output), 1, "compares a value"),
        (indexed, 2, "not turned into a plain float"),
        (lambda output, target: output * float(target), 1, "not turned into a plain float"),
        (lambda output, target: output * getattr(target, "data", target), 1, "reads the data"),
    ],
)
def test_what_cannot_be_recorded_is_refused_and_trains_eagerly(loss, nout, words):
    model = MLP(2, [nout], seed=1)
    before = model.state_dict()
    with pytest.raises(RecordingError, match=words) as caught:
        fit_xor(Trainer(model, loss, SteepestDescent(0.01), eager=False), 3)
    assert "eager=True" in str(caught.value)
    assert model.state_dict() == before
    fit_xor(Trainer(model, loss, SteepestDescent(0.01), eager=True), 3)
    assert model.state_dict() != before


def test_a_model_that_decides_by_a_number_is_refused_with_its_line():
    class Kink(Line):
        def __call__(self, inputs):
            z = self.slope * inputs[0]
            return z if z > 0 else 0.1 * z

    line = Kink.__call__.__code__.co_firstlineno + 2
    with pytest.raises(RecordingError, match=rf"^line {line} of test_nn_trainer.py compares"):
        Trainer(Kink(), squared_error, SteepestDescent(0.1), eager=False).fit([[1.0]], [1.0], 1)


def test_the_same_as_a_branch_of_gates():
    class Kink(Line):
        def __call__(self, inputs):
            z = self.slope * inputs[0]
            return where(greater(z, 0.0), z, 0.1 * z)

    trainer = Trainer(Kink(-1.0), half_squared_error, SteepestDescent(0.1))
    trainer.fit([[1.0], [-1.0]], [0.0, 0.0], epochs=1)
    assert trainer.model.slope.data == pytest.approx(-1.0 + 0.1 * (0.01 + 1.0) / 2)


def test_a_model_that_does_not_depend_on_the_inputs():
    class Constant(Line):
        def __call__(self, inputs):
            return self.slope * 1.0

    trainer = Trainer(Constant(), half_squared_error, SteepestDescent(0.5))
    trainer.fit([[1.0], [2.0]], [1.0, 3.0], epochs=1)
    assert trainer.model.slope.data == 1.0  # halfway to the mean


def test_a_loss_with_its_own_kind_of_targets():
    def quartic(outputs, target):
        return dot(target, [-output for output in outputs]) + sum(output**4 for output in outputs)

    trainer = Trainer(MLP(2, [2], seed=1), Loss(quartic, Classes(), "numbers"), Adam(0.1))
    history = fit_xor(trainer, 2)
    assert list(history) == ["loss", "accuracy"]


# A program for many calls


def test_one_program_serves_for_all_calls(made_programs):
    trainer, whole = (xor_trainer(batch_size=2, eager=False) for _ in range(2))
    for _ in range(5):
        fit_xor(trainer, 1, validation=(XOR[:2], EXCLUSIVE[:2]))
        trainer.evaluate(XOR, EXCLUSIVE)
    assert len(made_programs) == 1
    for _ in range(3):
        trainer.predict(XOR)
    assert len(made_programs) == 2
    fit_xor(whole, 5)
    assert trainer.model.state_dict() == whole.model.state_dict()
    trainer.penalty = L2(1.0)
    fit_xor(trainer, 1)
    assert len(made_programs) == 4  # that of the other trainer, and one with the penalty


def test_predictions_follow_the_training():
    trainer = xor_trainer()
    for _ in range(2):
        expected = [trainer.model(row).data for row in XOR]
        assert trainer.predict(XOR) == pytest.approx(np.array(expected), rel=1e-14)
        fit_xor(trainer, 3)
    with pytest.raises(ValueError, match=r"example 0: MLP\(2, \[3, 1\]\) takes 2 numbers"):
        trainer.predict([[1.0]])


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


@pytest.fixture
def ctrl_c_is_heard():
    """Shells make what they start in the background deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c_is_heard")
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


@pytest.mark.usefixtures("ctrl_c_is_heard")
def test_ctrl_c_within_an_epoch_keeps_the_updates_made_so_far(capsys):
    seen = []

    def interrupted(output, target):
        seen.append(target)
        if len(seen) == 3:
            signal.raise_signal(signal.SIGINT)
        return 0.5 * (output - target) ** 2

    trainer = Trainer(
        Line(), interrupted, SteepestDescent(0.5), batch_size=1, shuffle=False, eager=True
    )
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
    assert (
        "the loss is inf, for example 2, in update 4 (epoch 2), with the learning rate 1e+60"
        in str(caught.value)
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
    with pytest.raises(
        FloatingPointError, match=r"^log\(.*zero, for example 0, in update 1 \(epoch 1\)"
    ):
        trainer.fit([[-1.0]], [0.0], epochs=3)
    with pytest.raises(
        FloatingPointError, match=r"zero, for validation example 0, in update 2 \(epoch 1\)"
    ):
        trainer.fit([[1.0]], [0.0], epochs=3, validation=([[-1.0]], [0.0]))
    with pytest.raises(FloatingPointError, match=r"above zero, for example 1$"):
        trainer.evaluate([[1.0], [-1.0]], [0.0, 0.0])


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


def test_it_learns_what_one_neuron_cannot():
    model = MLP(2, [4, 1], activation="tanh", seed=1)
    trainer = Trainer(model, binary_cross_entropy_from_logit, Adam(0.1), batch_size=1)
    history = trainer.fit(np.array(XOR), np.array(EXCLUSIVE), epochs=60)
    assert history["accuracy"][-1] == 1.0


# Programs and circuits of values train alike


TARGETS = {
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
def test_both_ways_give_the_same_training(name, data):
    """Rates are small: where gates have kinks, rounding could tell two long trainings apart."""
    loss = LOSSES[name]
    size = data.draw(st.sampled_from([1, 2, None]))
    optimisers = {
        "descent": lambda: SteepestDescent(0.01),
        "momentum": lambda: SteepestDescent(0.01, momentum=0.9),
        "nesterov": lambda: SteepestDescent(0.01, momentum=0.9, nesterov=True),
        "adam": lambda: Adam(0.01, epsilon=1e-3),
    }
    if size is None:
        optimisers["line search"] = lambda: LineSearch(0.1)
    make = optimisers[data.draw(st.sampled_from(sorted(optimisers)))]
    options = {
        "activation": data.draw(
            st.sampled_from(["logistic", "tanh", "relu", "leaky_relu", "elu", "softplus", "maxout"])
        ),
        "bias": data.draw(st.sampled_from([True, False, "feature"])),
        "gate_by_gate": data.draw(st.booleans()),
        "seed": data.draw(st.integers(0, 1000)),
        "output": OUTPUT.get(loss.takes, "identity"),
    }
    penalty = data.draw(st.sampled_from([None, L1(0.01), L2(0.1)]))
    nout = 3 if isinstance(loss.targets, Classes) else 1
    runs = []
    for eager in (False, True):
        trainer = Trainer(
            MLP(2, [3, nout], **options),
            loss,
            make(),
            penalty=penalty,
            batch_size=size,
            seed=5,
            eager=eager,
        )
        held_out = (INPUTS[:2], TARGETS[name][:2])
        history = trainer.fit(INPUTS, TARGETS[name], epochs=4, validation=held_out)
        runs.append((dict(history), trainer.model.state_dict()))
    (history, state), (expected, expected_state) = runs
    assert list(history) == list(expected)
    for series in history:
        assert history[series] == pytest.approx(expected[series], rel=1e-9, abs=1e-12), series
    assert state == pytest.approx(expected_state, rel=1e-8, abs=1e-10)
