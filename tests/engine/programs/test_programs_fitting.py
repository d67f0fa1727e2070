"""Fits against certified results of the NIST, SciPy's own fits, and HIPS autograd's Jacobians."""

import pickle
from itertools import chain
from typing import Any

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from scipy.optimize import check_grad, curve_fit, least_squares, minimize

from autograd_core import Program, Value, cos, dot, exp, log, sin
from nn import MLP, half_squared_error

# Statistical Reference Datasets of the NIST, nonlinear regression: data and certified values.
# https://www.itl.nist.gov/div898/strd/nls/nls_main.shtml

RAT42 = {
    "x": [9.0, 14.0, 21.0, 28.0, 42.0, 57.0, 63.0, 70.0, 79.0],
    "y": [8.93, 10.80, 18.59, 22.33, 39.35, 56.11, 61.73, 64.62, 67.08],
}
RAT42_STARTS = [(100.0, 1.0, 0.1), (75.0, 2.5, 0.07)]
RAT42_CERTIFIED = (7.2462237576e01, 2.6180768402e00, 6.7359200066e-02)
RAT42_SQUARES = 8.0565229338

MISRA1A_DATA = {
    "x": "77.6 114.9 141.1 190.8 239.9 289.0 332.8 378.4 434.8 477.3 536.8 593.1 689.1 760.0",
    "y": "10.07 14.73 17.94 23.93 29.61 35.18 40.02 44.82 50.76 55.05 61.01 66.40 75.47 81.78",
}
MISRA1A = {name: list(map(float, column.split())) for name, column in MISRA1A_DATA.items()}
MISRA1A_STARTS = [(500.0, 0.0001), (250.0, 0.0005)]
MISRA1A_CERTIFIED = (2.3894212918e02, 5.5015643181e-04)
MISRA1A_SQUARES = 1.2455138894e-01


def rat42() -> Program:
    b = [Value(0.0, f"b{place}") for place in (1, 2, 3)]
    x, y = Value(0.0, "x"), Value(0.0, "y")
    return Program(b[0] / (1 + exp(b[1] - b[2] * x)) - y, [x, y], parameters=b)


def misra1a() -> Program:
    b = [Value(0.0, "b1"), Value(0.0, "b2")]
    x, y = Value(0.0, "x"), Value(0.0, "y")
    return Program(b[0] * (1 - exp(-b[1] * x)) - y, [x, y], parameters=b)


CERTIFIED = [
    *[(rat42, RAT42, start, RAT42_CERTIFIED, RAT42_SQUARES) for start in RAT42_STARTS],
    *[(misra1a, MISRA1A, start, MISRA1A_CERTIFIED, MISRA1A_SQUARES) for start in MISRA1A_STARTS],
]


@pytest.mark.parametrize(("make", "data", "start", "certified", "squares"), CERTIFIED)
def test_least_squares_finds_the_certified_values(
    make: Any, data: Any, start: Any, certified: Any, squares: float
) -> None:
    program = make()
    program.write(start)
    residuals = program.residuals(data)
    found = least_squares(
        residuals, program.read(), jac=residuals.jacobian, method="lm", ftol=1e-14, xtol=1e-14
    )
    assert found.x == pytest.approx(certified, rel=1e-8)  # where it stops, SciPy's version decides
    assert 2 * found.cost == pytest.approx(squares, rel=1e-9)
    assert program.read().tolist() == list(start)
    program.write(found.x)
    assert [value.data for value in program.parameters] == found.x.tolist()
    assert (program(data) ** 2).sum() == pytest.approx(squares, rel=1e-9)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("method", ["BFGS", "L-BFGS-B", "trust-ncg", "Newton-CG"])
def test_a_minimiser_finds_the_certified_values(method: str, reduction: Any) -> None:
    residual = rat42()
    loss = Program(residual.outputs[0] ** 2, residual.inputs, parameters=residual.parameters)
    objective = loss.objective(RAT42, reduction=reduction)
    more = {} if "BFGS" in method else {"hessp": objective.hessian_product}
    found = minimize(objective, RAT42_STARTS[1], jac=True, method=method, tol=1e-9, **more)
    assert found.x == pytest.approx(RAT42_CERTIFIED, rel=1e-4)
    examples = 1 if reduction == "sum" else 9
    assert found.fun * examples == pytest.approx(RAT42_SQUARES, rel=1e-7)


def test_a_damped_oscillation_is_fitted_as_scipy_fits_it() -> None:
    def wave(t: Any, a: float, b: float, w: float, ph: float) -> Any:
        return a * np.exp(-b * t) * np.cos(w * t + ph)

    t = np.linspace(0.0, 6.0, 60)
    y = wave(t, 2.0, 0.3, 4.0, 0.5) + np.random.default_rng(1).normal(scale=0.05, size=60)
    start = (1.0, 0.1, 4.2, 0.0)
    expected, _ = curve_fit(wave, t, y, start, xtol=1e-12, ftol=1e-12)
    parameters = [Value(number) for number in start]
    a, b, w, ph = parameters
    time, height = Value(0.0, "t"), Value(0.0, "y")
    circuit = a * exp(-b * time) * cos(w * time + ph) - height
    residuals = Program(circuit, [time, height], parameters=parameters).residuals({"t": t, "y": y})
    found = least_squares(residuals, start, jac=residuals.jacobian, xtol=1e-12, ftol=1e-12)
    assert found.x == pytest.approx(expected, rel=1e-6)


def test_the_jacobian_by_parameters_is_that_of_another_engine() -> None:
    """Two layers, whose weights are in matrix products; an output without the first."""
    source = np.random.default_rng(2)
    weights, more = source.normal(size=(5, 3)), source.normal(size=(2, 5))
    scale, batch = source.normal(), source.normal(size=(7, 3))
    own = [[Value(number) for number in row] for row in weights]
    others = [[Value(number) for number in row] for row in more]
    shared, x = Value(scale), [Value(0.0) for _ in range(3)]
    hidden = [(shared * dot(row, x)).tanh() for row in own]
    outputs = [*(dot(row, hidden) * shared for row in others), sin(shared) * x[0], x[1] * x[2]]
    parameters = [shared, *chain(*own), *chain(*others)]
    program = Program(outputs, x, parameters=parameters)

    def by_numpy(numbers: Any) -> Any:
        scale, first, second = numbers[0], numbers[1:16].reshape(5, 3), numbers[16:].reshape(2, 5)
        found = (anp.tanh(scale * (batch @ first.T)) @ second.T) * scale
        rest = [anp.sin(scale) * batch[:, 0], batch[:, 1] * batch[:, 2]]
        return anp.concatenate([found, anp.stack(rest, axis=1)], axis=1)

    numbers = program.read()
    expected = autograd.jacobian(by_numpy)(numbers)
    found = program.jacobian(batch, by="parameters")
    assert found.shape == (7, 4, 26)
    assert found == pytest.approx(expected, rel=1e-12, abs=1e-14)
    assert not found[:, 3].any()
    assert program.gradient(batch)[1] == pytest.approx(found[:, 0].mean(axis=0), rel=1e-12)
    residuals = program.residuals(batch)
    assert residuals(numbers) == pytest.approx(by_numpy(numbers).ravel(), rel=1e-12, abs=1e-14)
    assert residuals.jacobian(numbers) == pytest.approx(expected.reshape(28, 26), abs=1e-12)


def test_a_network_in_blocks_of_examples() -> None:
    model = MLP(2, [6, 3], activation="tanh", seed=1)
    x = [Value(0.0, "x1"), Value(0.0, "x2")]
    program = Program(model(x), x, parameters=model.parameters())
    batch = np.random.default_rng(3).normal(size=(20_000, 2))
    found = program.jacobian(batch, by="parameters")
    for place in (0, 9_999, 19_999):
        alone = program.jacobian(batch[[place]], by="parameters")
        assert found[place] == pytest.approx(alone[0], rel=1e-12)
    for place, output in enumerate(program.outputs):
        _, gradient = Program(output, x, parameters=program.parameters).gradient(batch)
        assert found[:, place].mean(axis=0) == pytest.approx(gradient, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_the_gradient_of_an_objective_is_its_slope(reduction: Any) -> None:
    model = MLP(2, [4, 1], activation="tanh", seed=1)
    x = [Value(0.0, "x1"), Value(0.0, "x2"), Value(0.0, "y")]
    program = Program(half_squared_error(model(x[:2]), x[2:]), x, parameters=model.parameters())
    batch = np.random.default_rng(4).normal(size=(30, 3))
    objective = program.objective(batch, reduction=reduction)
    at = program.read()
    assert check_grad(lambda at: objective(at)[0], lambda at: objective(at)[1], at) < 1e-5
    assert objective(at)[0] == program.backward(batch, reduction=reduction)


def test_only_the_chosen_parameters_are_fitted() -> None:
    a, b, x, y = Value(2.0, "a"), Value(5.0, "b"), Value(0.0, "x"), Value(0.0, "y")
    program = Program(a * x + b - y, [x, y], parameters=[b])
    residuals = program.residuals({"x": [0.0, 1.0], "y": [1.0, 3.0]})
    assert least_squares(residuals, program.read(), jac=residuals.jacobian).x == pytest.approx([1])
    a.data = 4.0
    assert residuals([0.0]).tolist() == [-1.0, 1.0]
    assert (a.data, b.data) == (4.0, 5.0)


def test_a_fit_keeps_its_own_batch() -> None:
    w, x = Value(2.0, "w"), Value(0.0, "x")
    program = Program(w * x, [x])
    batch = np.array([[1.0], [2.0]])
    objective, residuals = program.objective(batch), program.residuals(batch)
    batch[:] = 0.0
    assert objective([3.0])[0] == 4.5
    assert residuals([3.0]).tolist() == [3.0, 6.0]


def test_float32_programs_give_optimisers_float64() -> None:
    w, x = Value(2.0, "w"), Value(0.0, "x")
    program = Program(w * w * x, [x], dtype="float32")
    objective, residuals = program.objective([[1.0]]), program.residuals([[1.0]])
    assert objective([0.1])[1].dtype == residuals([0.1]).dtype == np.float64
    assert residuals.jacobian([0.1]).dtype == objective.hessian_product([0.1], [1.0]).dtype
    assert objective([0.1])[0] == np.float32(0.1) * np.float32(0.1)
    assert type(objective([0.1])[0]) is float


def test_fits_are_pickled_for_other_processes() -> None:
    program = rat42()
    objective, residuals = program.objective(RAT42), program.residuals(RAT42)
    objective_copy, residuals_copy = pickle.loads(pickle.dumps((objective, residuals)))
    assert objective_copy(RAT42_CERTIFIED)[0] == objective(RAT42_CERTIFIED)[0]
    assert residuals_copy(RAT42_CERTIFIED).tolist() == residuals(RAT42_CERTIFIED).tolist()


def test_what_cannot_be_fitted_is_refused() -> None:
    w, x = Value(2.0, "w"), Value(1.0, "x")
    nothing: Any = Program(x * x, [x])
    for method in (nothing.objective, nothing.residuals):
        with pytest.raises(ValueError, match="no parameters"):
            method([[1.0]])
    program: Any = Program(log(w * x), [x])
    with pytest.raises(ValueError, match="'mean' or 'sum', not 'max'"):
        program.objective([[1.0]], reduction="max")
    for call in (program.objective([[1.0]]), program.residuals([[1.0]])):
        with pytest.raises(ValueError, match=r"a number for each parameter; .* \(2,\)"):
            call([1.0, 2.0])
        with pytest.raises(ValueError, match="a logarithm needs a number above zero"):
            call([-1.0])
    with pytest.raises(ValueError, match="a logarithm needs a number above zero"):
        program.residuals([[1.0]]).jacobian([-1.0])
