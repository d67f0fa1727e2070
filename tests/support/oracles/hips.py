"""The same circuits in HIPS autograd, an engine by other people."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd import grad, hessian
from autograd.tracer import getval

from oracles.circuits import Circuit, evaluated


def _logsumexp(*values: Any) -> Any:
    largest = max(getval(value) for value in values)
    return largest + anp.log(sum(anp.exp(value - largest) for value in values))


def _dot(*row: Any) -> Any:
    half = len(row) // 2
    return sum(w * x for w, x in zip(row[:half], row[half:], strict=True))


def _step(x: Any) -> float:
    return 1.0 if getval(x) >= 0 else 0.0


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "add": lambda x, y: x + y,
    "subtract": lambda x, y: x - y,
    "multiply": lambda x, y: x * y,
    "divide": lambda x, y: x / y,
    "reciprocal": lambda x: 1.0 / x,
    "negate": lambda x: -x,
    "power": lambda x, y: x**y,
    "power_limit": lambda x, y: x**y,
    "exp": anp.exp,
    "expm1": anp.expm1,
    "log": anp.log,
    "log1p": anp.log1p,
    "sqrt": anp.sqrt,
    "sin": anp.sin,
    "cos": anp.cos,
    "sinh": anp.sinh,
    "cosh": anp.cosh,
    "sech": lambda x: 1 / anp.cosh(x),
    "tanh": anp.tanh,
    "sigmoid": lambda x: 1.0 / (1.0 + anp.exp(-x)),
    "softplus": lambda x: anp.logaddexp(0.0, x),
    "absolute": lambda x: x if getval(x) > 0 else -x,
    "step": _step,
    "relu": lambda x: anp.maximum(x, 0.0) if getval(x) != 0 else 0.0 * x,
    "leaky_relu": lambda x, slope: x if getval(x) > 0 else slope * x,
    "elu": lambda x, alpha: x if getval(x) > 0 else alpha * anp.expm1(x),
    "maximum": anp.maximum,
    "minimum": anp.minimum,
    "greater": lambda x, y: 1.0 if getval(x) > getval(y) else 0.0,
    "equal": lambda x, y: 1.0 if getval(x) == getval(y) else 0.0,
    "where": lambda condition, x, y: x if getval(condition) else y,
    "total": lambda *values: sum(values),
    "dot": _dot,
    "weighted_sum": lambda *row: _dot(*row[:-1]) + row[-1],
    "logsumexp": _logsumexp,
}


def _function(circuit: Circuit) -> Callable[..., Any]:
    def run(array: Any) -> Any:
        leaves = [array[place] for place in range(len(circuit.leaves))]
        values = evaluated(circuit, leaves, lambda gate, row: FUNCTIONS[gate](*row))
        return values[-1] + 0.0 * leaves[0]  # an output that depends on nothing is no error

    return run


def gradients(circuit: Circuit) -> tuple[float, list[float]]:
    """The output and its gradients with respect to the leaves."""
    leaves = np.array(circuit.leaves)
    with _quietly():
        return float(_function(circuit)(leaves)), grad(_function(circuit))(leaves).tolist()


def second_derivatives(circuit: Circuit) -> list[list[float]]:
    """The matrix of second derivatives with respect to the leaves."""
    with _quietly():
        matrix: list[list[float]] = hessian(_function(circuit))(np.array(circuit.leaves)).tolist()
        return matrix


@contextmanager
def _quietly() -> Iterator[None]:
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Output seems independent of input")
        yield
