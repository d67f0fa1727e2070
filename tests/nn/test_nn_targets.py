from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from learning import Table

from autograd_core import Value
from nn import AnyNumbers, Classes, Labels, Numbers
from nn.targets import Decisions

LABELS = Labels(0, 1, threshold=0.5)
SIGNS = Labels(-1, 1, threshold=0.0)


@pytest.mark.parametrize(
    "target", [2, 2.0, np.int8(2), np.float64(2), np.array(2), np.array([2]), [2], (2,), Table(2)]
)
def test_a_class_becomes_one_hot(target: Any) -> None:
    assert Classes().encode(target, 3) == [0.0, 0.0, 1.0]
    assert Classes(hidden=1).encode(target, 3) == [0.0, 0.0, 1.0, 0.0]


def test_a_class_may_be_one_hot_already() -> None:
    assert Classes().encode([0, 1, 0], 3) == [0.0, 1.0, 0.0]
    assert Classes(hidden=1).encode(np.array([True, False]), 1) == [1.0, 0.0]


@pytest.mark.parametrize(
    "targets, target, count, message",
    [
        (Classes(), 3, 3, "3 classes have the labels 0 to 2, not 3"),
        (Classes(), -1, 3, "3 classes have the labels 0 to 2, not -1"),
        (Classes(), 1.5, 3, "3 classes have the labels 0 to 2, not 1.5"),
        (Classes(), [0, 1, 1], 3, r"a one-hot list has a single 1 among zeros, not \[0.0, 1.0, 1"),
        (Classes(), [0, 1], 3, r"3 classes need a label, or a one-hot list of 3, not \[0.0, 1.0\]"),
        (Classes(), "cat", 3, "'cat' is text: number the classes, 0, 1, 2, …"),
        (Classes(), 0, 1, "one output is one class, with nothing to choose: .*from_logit"),
        (Classes(hidden=1), 2, 1, "2 classes have the labels 0 to 1, not 2"),
        (LABELS, 2, 1, "a label is 0 or 1, not 2"),
        (LABELS, 0.5, 1, "a label is 0 or 1, not 0.5"),
        (SIGNS, 0, 1, "a label is -1 or 1, not 0"),
        (LABELS, [0, 1], 1, "a target of 2 numbers does not fit 1 output"),
        (Numbers(), 1.0, 2, "a target of 1 number does not fit 2 outputs"),
        (Numbers(), "1.0", 1, "'1.0' is text, not a number"),
        (Numbers(), None, 1, "None is not a number"),
        (Numbers(), [[1.0]], 1, r"\[1.0\] is not a number"),
        (Numbers(), 1j, 1, "1j is not a number"),
        (Numbers(), float("nan"), 1, "nan is not a number that can be learnt from"),
        (Numbers(), [float("inf")], 1, "inf is not a number that can be learnt from"),
    ],
)
def test_targets_that_do_not_fit(targets: Any, target: Any, count: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        targets.encode(target, count)


def test_all_targets_become_an_array() -> None:
    encoded = Classes().encode_all([0, np.int64(2), [0, 1, 0]], 3)
    assert encoded.tolist() == [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]]
    assert Numbers().encode_all(range(3), 1).tolist() == [[0.0], [1.0], [2.0]]


def test_the_place_of_a_wrong_target_is_named() -> None:
    with pytest.raises(ValueError, match="target 2: a label is 0 or 1, not 7"):
        LABELS.encode_all([0, 1, 7], 1)


def test_a_loss_of_ones_own_takes_lists_of_any_length_but_all_of_the_same() -> None:
    assert AnyNumbers().encode_all([[1, 2], [3, 4]], 5).tolist() == [[1.0, 2.0], [3.0, 4.0]]
    with pytest.raises(ValueError, match="target 1 has 1 number, but target 0 has 2"):
        AnyNumbers().encode_all([[1, 2], 3], 5)


def test_values_are_encoded_already() -> None:
    y = Value(1.0)
    assert LABELS.encode([y], 1) == [y]


def test_which_decisions_are_right() -> None:
    outputs = np.array([[0.2, 0.9], [0.6, 0.4], [0.5, 0.7]])
    assert LABELS.right(outputs, np.array([[0, 1], [1, 1], [0, 1]])).tolist() == [True, False, True]
    assert SIGNS.right(outputs[:, :1] - 0.4, np.array([[-1], [1], [-1]])).tolist() == [
        True,
        True,
        False,
    ]
    assert Classes().right(outputs, np.array([[0, 1], [0, 1], [0, 1]])).tolist() == [
        True,
        False,
        True,
    ]
    hidden = Classes(hidden=1).right(np.array([[-1.0, -2.0], [1.0, 2.0]]), np.eye(3)[[0, 1]])
    assert hidden.tolist() == [True, False]
    assert Numbers().accuracy(outputs, outputs) == {}
    assert SIGNS.accuracy(outputs[:, :1], np.array([[-1], [1], [-1]])) == {"accuracy": 1 / 3}


def test_of_equally_large_outputs_and_of_nan_the_first_decides() -> None:
    numbers = [0.0, 1.0, -np.inf, np.inf, np.nan]
    outputs = np.array(list(product(numbers, repeat=3)))
    for label in range(3):
        targets = np.eye(3)[np.full(len(outputs), label)]
        right = [argmax == label for argmax in outputs.argmax(axis=1)]
        assert Classes().right(outputs, targets).tolist() == right
        for place, row in enumerate(outputs):  # of one at a time another may be the way
            assert Classes().right(row[None], targets[:1]).tolist() == [right[place]]


class Careful(Labels):
    def decided(self, outputs: Decisions) -> Decisions:
        return np.where(outputs > 0.9, self.high, self.low)


class Smallest(Classes):
    def decided(self, outputs: Decisions) -> Decisions:
        return np.asarray(outputs.argmin(axis=1))


def test_what_a_class_of_a_users_own_decides_is_what_is_right() -> None:
    outputs, labels = np.array([[0.6], [0.95]]), np.array([[0.0], [1.0]])
    assert Careful(0, 1, threshold=0.5).right(outputs, labels).tolist() == [True, True]
    assert Smallest().right(np.array([[0.1, 0.9]]), np.eye(2)[[0]]).tolist() == [True]


def test_numbers_of_every_kind() -> None:
    for one in (1, True, np.float32(1.0), np.array(1), Fraction(1), Decimal(1)):
        [number] = Numbers().encode(one, 1)
        assert number == 1.0 and type(number) is float
    for several in ([1, 2], (1.0, 2.0), range(1, 3), np.array([1, 2]), Table([1, 2])):
        assert Numbers().encode(several, 2) == [1.0, 2.0]
    with pytest.raises(ValueError, match="is not a number"):
        Numbers().encode(10**400, 1)
