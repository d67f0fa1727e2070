"""Activation functions and their slopes, as they are printed."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from mpmath import mp, mpf

SMALL = 1e-300

PRINTED: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "identity": (lambda z: z, lambda z: mpf(1)),
    "step": (lambda z: mpf(z >= 0), lambda z: mpf(0)),
    "logistic": (lambda z: 1 / (1 + mp.exp(-z)), lambda z: mp.exp(-z) / (1 + mp.exp(-z)) ** 2),
    "tanh": (
        lambda z: (mp.exp(z) - mp.exp(-z)) / (mp.exp(z) + mp.exp(-z)),
        lambda z: 4 / (mp.exp(z) + mp.exp(-z)) ** 2,
    ),
    "relu": (lambda z: max(mpf(0), z), lambda z: mpf(z > 0)),
    "leaky_relu": (lambda z: max(mpf(0.1) * z, z), lambda z: mpf(1) if z > 0 else mpf(0.1)),
    "elu": (
        lambda z: z if z > 0 else mp.exp(z) - 1,
        lambda z: mpf(1) if z > 0 else mp.exp(z),
    ),
    "softplus": (lambda z: mp.log(1 + mp.exp(z)), lambda z: 1 / (1 + mp.exp(-z))),
}
"""Each function and its derivative as the lectures or the papers print them, in many digits."""

numbers = st.one_of(
    st.floats(-40.0, 40.0),
    st.floats(-700.0, 700.0),
    st.sampled_from([0.0, -0.0, 1e-8, -1e-8, 1e-300, -1e-300, 36.0, -36.0, 745.0, -745.0, 1e4]),
)


def close(number: Any, truth: Any, relative: Any = 1e-14) -> Any:
    """Whether a float is the exact number but for rounding."""
    return abs(mpf(number) - truth) <= relative * abs(truth) + SMALL
