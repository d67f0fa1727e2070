import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_core import Value
from nn import L1, L2, MLP, Module, weights_of

options = st.fixed_dictionaries(
    {
        "bias": st.sampled_from([True, False, "feature"]),
        "gate_by_gate": st.booleans(),
        "activation": st.sampled_from(["tanh", "maxout"]),
        "seed": st.integers(0, 1000),
    }
)
strengths = st.floats(0.0, 10.0)


def sign(x: Any) -> Any:
    return (x > 0) - (x < 0)


@pytest.mark.parametrize(
    "make, size, slope",
    [
        (L2, lambda strength, w: strength / 2 * w**2, lambda strength, w: strength * w),
        (L1, lambda strength, w: strength * abs(w), lambda strength, w: strength * sign(w)),
    ],
    ids=["L2", "L1"],
)
def test_penalties_pull_at_the_weights_and_never_at_biases(
    make: Any, size: Any, slope: Any
) -> None:
    @given(options, strengths, st.integers(0, 5))
    def check(options: Any, strength: float, zeroed: Any) -> None:
        model = MLP(2, [3, 1], **options)
        for place, parameter in enumerate(model.parameters()):
            parameter.data += 0.25  # biases start at 0, where nothing would show
            if place == zeroed:
                parameter.data = 0.0
        cost = make(strength)(model)
        cost.backward()
        named = model.named_parameters()
        weights = {name: value.data for name, value in named.items() if ".weights." in name}
        assert len(weights) < len(named) or not options["bias"]
        expected = math.fsum(size(strength, weight) for weight in weights.values())
        assert cost.data == pytest.approx(expected, rel=1e-13)
        for name, value in named.items():
            pull = slope(strength, weights[name]) if name in weights else 0.0
            assert value.grad == pytest.approx(pull, rel=1e-15), name

    check()


class Line(Module):
    def __init__(self) -> None:
        self.slope = Value(2.0)
        self.bias = Value(5.0)
        self.biases = [Value(7.0)]
        self.parts = {"bias": Value(9.0), "weight": Value(3.0)}


def test_biases_in_modules_of_ones_own() -> None:
    line = Line()
    assert [weight.data for weight in weights_of(line)] == [2.0, 3.0]
    assert L2(1.0)(line).data == 6.5


def test_a_model_of_biases_alone_has_nothing_to_hold_down() -> None:
    class Biases(Module):
        def __init__(self) -> None:
            self.bias = Value(1.0)

    with pytest.raises(ValueError, match=r"L1\(0.1\) has nothing to hold down: .* no weights"):
        L1(0.1)(Biases())


@pytest.mark.parametrize("strength", [-0.1, math.nan, math.inf, "0.1", None])
def test_a_strength_is_zero_or_more(strength: float) -> None:
    for make in (L1, L2):
        with pytest.raises(ValueError, match="the strength of a penalty is zero or more, not"):
            make(strength)


def test_penalties_print_their_strength() -> None:
    assert (repr(L1(0.5)), repr(L2(1e-4))) == ("L1(0.5)", "L2(0.0001)")
