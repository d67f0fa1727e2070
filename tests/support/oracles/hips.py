"""The same circuits in HIPS autograd, an engine by other people."""

import operator
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import reduce
from typing import Any

import autograd.numpy as anp
import autograd.scipy.special as special
import autograd.scipy.stats.norm as normal
import numpy as np
from autograd import grad, hessian
from autograd.tracer import getval

from oracles.circuits import Circuit, evaluated


def _logsumexp(*values: Any) -> Any:
    largest = max(getval(value) for value in values)
    return largest + anp.log(sum(anp.exp(value - largest) for value in values))


def _pick(*row: Any) -> Any:
    half = len(row) // 2
    return sum(x for choice, x in zip(row[:half], row[half:], strict=True) if getval(choice))


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
    "power_slope": lambda x, y: y * x ** (y - 1),
    "power_log": lambda x, y: x**y * anp.log(x),
    "exp": anp.exp,
    "expm1": anp.expm1,
    "log": anp.log,
    "log1p": anp.log1p,
    "log2": anp.log2,
    "log10": anp.log10,
    "xlogy": lambda x, y: x * anp.log(y),
    "sqrt": anp.sqrt,
    "sin": anp.sin,
    "cos": anp.cos,
    "tan": anp.tan,
    "one_minus_square": lambda x: 1 - x * x,
    "asin": anp.arcsin,
    "acos": anp.arccos,
    "atan": anp.arctan,
    "direction": lambda x, y: x / anp.sqrt(x * x + y * y),
    "hypot": lambda x, y: anp.sqrt(x * x + y * y),
    "atan2": anp.arctan2,
    "sinh": anp.sinh,
    "cosh": anp.cosh,
    "sech": lambda x: 1 / anp.cosh(x),
    "sech2": lambda x: 1 / anp.cosh(x) ** 2,
    "tanh": anp.tanh,
    "asinh": anp.arcsinh,
    "acosh": anp.arccosh,
    "atanh": anp.arctanh,
    "gaussian": lambda x, rate: anp.exp(-rate * x * x),
    "erf": special.erf,
    "erfc": special.erfc,
    "normal_cdf": normal.cdf,
    "lgamma": special.gammaln,
    "polygamma": lambda order, x: special.polygamma(getval(order), x),
    "sigmoid": lambda x: 1.0 / (1.0 + anp.exp(-x)),
    "softplus": lambda x: anp.logaddexp(0.0, x),
    "log_sigmoid": lambda x: -anp.logaddexp(0.0, -x),
    "silu": lambda x: x / (1.0 + anp.exp(-x)),
    "gelu": lambda x: x * normal.cdf(x),
    "sigmoid_minus": lambda x, y: 1.0 / (1.0 + anp.exp(-x)) - y,
    "logistic_loss": lambda x, y: anp.logaddexp(0.0, x) - y * x,
    "sign": lambda x: anp.sign(getval(x)),
    "floor": lambda x: anp.floor(getval(x)),
    "clip": lambda x, low, high: low if x < low else high if x > high else x,
    "absolute": lambda x: x if getval(x) > 0 else -x,
    "step": _step,
    "relu": lambda x: anp.maximum(x, 0.0) if getval(x) != 0 else 0.0 * x,
    "leaky_relu": lambda x, slope: x if getval(x) > 0 else slope * x,
    "elu": lambda x, alpha: x if getval(x) > 0 else alpha * anp.expm1(x),
    "maximum": anp.maximum,
    "minimum": anp.minimum,
    "largest": lambda *values: reduce(anp.maximum, values),
    "smallest": lambda *values: reduce(anp.minimum, values),
    "greater": lambda x, y: 1.0 if getval(x) > getval(y) else 0.0,
    "equal": lambda x, y: 1.0 if getval(x) == getval(y) else 0.0,
    "where": lambda condition, x, y: x if getval(condition) else y,
    "total": lambda *values: sum(values),
    "mean": lambda *values: sum(values) / len(values),
    "prod": lambda *values: reduce(operator.mul, values),
    "norm": lambda *values: anp.sqrt(sum(x * x for x in values)),
    "dot": _dot,
    "weighted_sum": lambda *row: _dot(*row[:-1]) + row[-1],
    "pick": lambda *row: _pick(*row),
    "exp_minus": lambda x, choice: anp.exp(x) - getval(choice),
    "cross_entropy": lambda *row: _logsumexp(*row[len(row) // 2 :]) - _pick(*row),
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
