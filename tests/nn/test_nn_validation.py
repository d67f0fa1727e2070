from decimal import Decimal
from fractions import Fraction
from math import isnan

import numpy as np
import pytest

from autograd_core import Value
from nn.validation import counted, real_or_nan, whole_number


@pytest.mark.parametrize("number", [3, np.int8(3), np.uint64(3)])
def test_whole_numbers_become_integers_of_python(number):
    assert type(whole_number(number, "epochs", least=0)) is int
    assert whole_number(number, "epochs", least=3) == 3


@pytest.mark.parametrize("number", [-1, 2.0, "3", None, np.float64(1), [1]])
def test_other_things_are_refused_as_they_were_written(number):
    with pytest.raises(ValueError) as caught:
        whole_number(number, "epochs", least=0)
    assert str(caught.value) == f"epochs is a whole number, at least 0, not {number!r}"


@pytest.mark.parametrize("number", [0.5, Fraction(1, 2), Decimal("0.5"), np.float32(0.5)])
def test_real_numbers_become_floats(number):
    assert type(real_or_nan(number)) is float
    assert real_or_nan(number) == 0.5


@pytest.mark.parametrize("number", ["0.5", b"0.5", None, 1j, [0.5], 10**400, Value(0.5)])
def test_what_is_no_real_number_lies_in_no_range(number):
    assert isnan(real_or_nan(number))


def test_one_thing_is_singular():
    texts = [counted(n, "epoch") for n in (0, 1, 2)]
    assert texts == ["0 epochs", "1 epoch", "2 epochs"]
