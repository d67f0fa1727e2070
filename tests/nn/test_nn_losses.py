import copy
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp, mpf
from oracles.published import PYTORCH

import nn
from autograd_core import Value
from nn import (
    LOSSES,
    Loss,
    Neuron,
    SteepestDescent,
    Trainer,
    binary_cross_entropy,
    binary_cross_entropy_from_logit,
    half_squared_error,
    hinge,
    negative_log_likelihood,
    softmax_cross_entropy,
    softmax_cross_entropy_without_first,
    squared_error,
)

CASES_OF_PYTORCH = PYTORCH["losses"]
KINKS = {hinge: 1.0}


def squares(z: Any, y: Any) -> Any:
    return sum((a - b) ** 2 for a, b in zip(z, y, strict=True))


def entropies(p: Any, y: Any) -> Any:
    return sum(-mp.log(a) if b == 1 else -mp.log(1 - a) for a, b in zip(p, y, strict=True))


FORMULAS: dict[Loss, Callable[[Any, Any], Any]] = {
    half_squared_error: lambda z, y: squares(z, y) / 2,
    squared_error: squares,
    binary_cross_entropy: entropies,
    binary_cross_entropy_from_logit: lambda z, y: entropies([1 / (1 + mp.exp(-a)) for a in z], y),
    negative_log_likelihood: lambda p, y: -mp.log(p[y]),
    softmax_cross_entropy: lambda z, y: -z[y] + mp.log(sum(map(mp.exp, z))),
    softmax_cross_entropy_without_first: lambda z, y: (
        -mp.log(([mpf(1), *map(mp.exp, z)])[y] / (1 + sum(map(mp.exp, z))))
    ),
    hinge: lambda z, y: sum(max(mpf(0), 1 - t * a) for a, t in zip(z, y, strict=True)),
}
"""The formulas as they are printed, to be evaluated with many digits."""

numbers = st.floats(-700, 700).map(lambda x: x if abs(x) > 1e-12 else 0.0)
several = st.lists(numbers, min_size=1, max_size=4)
probabilities = st.lists(st.floats(1e-12, 1 - 1e-12), min_size=1, max_size=4)
distributions = st.lists(st.floats(0.01, 1.0), min_size=2, max_size=4).map(
    lambda sizes: [size / sum(sizes) for size in sizes]
)


def with_each(outputs: Any, choices: Any) -> Any:
    """Outputs with one of the choices for each of them."""
    return outputs.flatmap(
        lambda given: st.tuples(
            st.just(given), st.lists(choices, min_size=len(given), max_size=len(given))
        )
    )


def with_class(outputs: Any, hidden: Any = 0) -> Any:
    return outputs.flatmap(
        lambda given: st.tuples(st.just(given), st.integers(0, len(given) - 1 + hidden))
    )


CASES = {
    half_squared_error: with_each(several, numbers),
    squared_error: with_each(several, numbers),
    binary_cross_entropy: with_each(probabilities, st.sampled_from([0, 1])),
    binary_cross_entropy_from_logit: with_each(several, st.sampled_from([0, 1])),
    negative_log_likelihood: with_class(distributions),
    softmax_cross_entropy: with_class(st.lists(numbers, min_size=2, max_size=4)),
    softmax_cross_entropy_without_first: with_class(several, hidden=1),
    hinge: with_each(several, st.sampled_from([-1, 1])),
}


def loss_of(function: Any) -> Loss:
    """What a trainer makes of the loss that it is given."""
    return Trainer(Neuron(1), function, SteepestDescent(0.1)).loss


def value_and_gradient(loss: Any, outputs: Any, target: Any) -> Any:
    leaves = [Value(output) for output in outputs]
    value = loss(leaves, target)
    value.backward()
    return value.data, [leaf.grad for leaf in leaves]


def test_every_loss_has_a_formula_and_numbers_of_pytorch() -> None:
    assert set(FORMULAS) == set(CASES) == set(LOSSES.values())
    assert {case["loss"] for case in CASES_OF_PYTORCH} == set(LOSSES)


def test_every_loss_is_public() -> None:
    assert set(LOSSES) <= set(nn.__all__)


@pytest.mark.parametrize("name", LOSSES)
def test_losses_are_those_of_pytorch(name: str) -> None:
    """PyTorch's losses near 0 are rounded as numbers near 1 are."""
    for case in CASES_OF_PYTORCH:
        if case["loss"] == name:
            value, gradient = value_and_gradient(LOSSES[name], case["outputs"], case["target"])
            assert value == pytest.approx(case["value"], rel=1e-13, abs=4e-15), case
            assert gradient == pytest.approx(case["gradient"], rel=1e-13, abs=4e-15), case


@pytest.mark.parametrize("loss", LOSSES.values(), ids=list(LOSSES))
def test_losses_are_their_printed_formulas(loss: Any) -> None:
    formula, kink = FORMULAS[loss], KINKS.get(loss)

    @given(CASES[loss])
    def check(case: Any) -> None:
        outputs, target = case
        if kink is not None and any(abs(abs(output) - kink) < 1e-9 for output in outputs):
            return
        value, gradient = value_and_gradient(loss, outputs, target)
        with mp.workdps(400):
            exact = [mpf(output) for output in outputs]
            size = max(1.0, *map(abs, outputs))
            assert value == pytest.approx(
                float(formula(exact, target)), rel=1e-12, abs=1e-14 * size
            )
            for place, slope in enumerate(gradient):
                step = mpf(10) ** -30

                def shifted(by: Any, place: int = place) -> Any:
                    moved = [*exact[:place], exact[place] + by, *exact[place + 1 :]]
                    return formula(moved, target)

                centred = (shifted(step) - shifted(-step)) / (2 * step)
                assert slope == pytest.approx(float(centred), rel=1e-11, abs=1e-13 * size)

    check()


@pytest.mark.parametrize("p, label, slope", [(1.0, 1, -1.0), (0.0, 0, 1.0)])
def test_binary_cross_entropy_where_a_certain_network_is_right(
    p: Any, label: int, slope: Any
) -> None:
    """The logistic of 40 is rounded to 1; that is no reason to fail on 0 ln 0."""
    assert value_and_gradient(binary_cross_entropy, [p], label) == (0.0, [slope])


@pytest.mark.parametrize("p, label", [(0.0, 1), (1.0, 0)])
def test_an_impossible_label_is_an_error(p: Any, label: int) -> None:
    with pytest.raises(ValueError, match=r"probability 0: .* binary_cross_entropy_from_logit"):
        binary_cross_entropy(Value(p), label)


@given(st.lists(numbers, min_size=1, max_size=3), st.data())
def test_the_form_without_the_first_output_is_softmax_with_a_logit_of_zero(
    logits: list[float], data: st.DataObject
) -> None:
    label = data.draw(st.integers(0, len(logits)))
    shorter = value_and_gradient(softmax_cross_entropy_without_first, logits, label)
    longer = value_and_gradient(softmax_cross_entropy, [0.0, *logits], label)
    assert shorter == (longer[0], longer[1][1:])


@given(numbers, st.sampled_from([0, 1]))
def test_two_classes_without_the_first_are_binary_cross_entropy(logit: Any, label: int) -> None:
    binary = value_and_gradient(binary_cross_entropy_from_logit, [logit], label)
    classes = value_and_gradient(softmax_cross_entropy_without_first, [logit], label)
    assert classes[0] == pytest.approx(binary[0], rel=1e-12, abs=1e-12)
    assert classes[1] == pytest.approx(binary[1], rel=1e-12, abs=1e-12)


def test_at_its_kink_the_hinge_is_flat() -> None:
    assert value_and_gradient(hinge, [1.0], 1) == (0.0, [0.0])


@pytest.mark.parametrize("one", [1, 1.0, True, np.int64(1), np.float32(1), np.bool_(True), [1]])
def test_labels_of_every_kind_of_number(one: Any) -> None:
    assert binary_cross_entropy_from_logit(Value(2.0), one).data == pytest.approx(0.126928011)
    assert softmax_cross_entropy([Value(2.0), Value(0.0)], one).data == pytest.approx(2.126928011)
    assert hinge(Value(0.25), one).data == 0.75


def test_outputs_of_a_matrix_product() -> None:
    """An object array, which NumPy makes of values."""
    outputs = np.array([[1.0, 2.0], [3.0, 4.0]]) @ np.array([Value(1.0), Value(-1.0)])
    assert squared_error(outputs, [0.0, 0.0]).data == 2.0


def test_targets_that_are_values_get_a_gradient() -> None:
    target = Value(1.0)
    squared_error(Value(3.0), [target]).backward()
    assert target.grad == -4.0


def test_a_loss_keeps_its_identity_in_copies_and_pickles() -> None:
    for loss in LOSSES.values():
        assert copy.deepcopy(loss) is loss
        assert pickle.loads(pickle.dumps(loss)) is loss


def test_a_loss_prints_its_name() -> None:
    assert repr(hinge) == "<loss hinge>"
    assert hinge.__doc__ and "max(0, 1" in hinge.__doc__


def test_a_function_is_a_loss() -> None:
    own = loss_of(lambda output, target: abs(output - target))
    assert value_and_gradient(own, [3.0], 5) == (2.0, [-1.0])
    several_outputs = loss_of(lambda outputs, target: outputs[0] * target[0] + outputs[1])
    assert value_and_gradient(several_outputs, [2.0, 5.0], (3, 4)) == (11.0, [3.0, 1.0])
    assert loss_of(hinge) is hinge


def test_a_function_that_returns_no_value_is_told_so() -> None:
    def square(output: Any, target: Any) -> Any:
        return output.data**2

    with pytest.raises(TypeError, match=r"the loss square returned 9.0; a loss returns a value"):
        loss_of(square)(Value(3.0), 0)


@pytest.mark.parametrize("thing", ["hinge", 3, None, dict])
def test_other_things_are_no_losses(thing: Any) -> None:
    with pytest.raises(
        TypeError,
        match=r"a loss is one of .*(, or a function|write loss=nn\.)",
    ):
        loss_of(thing)
