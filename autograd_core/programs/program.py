"""`Program`: a circuit recorded once, evaluated for a whole batch at once."""

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from contextvars import Context
from math import isnan
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from autograd_core.display import ShownText
from autograd_core.errors import describe
from autograd_core.explain.notation import Notation
from autograd_core.leaves import add_gradients, read_data, write_data
from autograd_core.programs.batch import as_batch, as_numbers
from autograd_core.programs.check import Function, first_disagreement
from autograd_core.programs.compile.lower import (
    Compiled,
    Derivative,
    compile_circuit,
    curvature,
    evaluation,
    gradient,
    input_slopes,
    parameter_slopes,
)
from autograd_core.programs.fitting import Objective, Residuals, reduced
from autograd_core.programs.instructions import Instructions
from autograd_core.programs.printer import print_plan
from autograd_core.programs.run import Array
from autograd_core.programs.run.plan import run_in_parts
from autograd_core.programs.source import source_of
from autograd_core.toposort import all_values
from autograd_core.value import Value

DOUBLE = np.dtype(float)

MANY = 10_000
"""How many parameters make a derivative without matrix products slow."""


class Program:
    """A circuit, recorded once, that is evaluated and differentiated for many examples at once.

    A batch has a row for each example and a column for each input: an array or lists, examples ×
    inputs. Or it has columns by name: a mapping, a data frame or a structured array, whose columns
    have the labels of the inputs, in any order. All other leaves are shared by the examples: their
    numbers are those that they have at the time of a call, and their gradients are sums over the
    examples. What Python decided while the circuit was recorded, such as an `if` on a value's data,
    stays decided; `check` finds out.

    Args:
        outputs: the value or the values to compute; the first is the one that is differentiated.
        inputs: the leaves that vary from example to example, in the order of the batch's columns.
        parameters: the leaves whose gradients are wanted, in the order of the gradient; left out,
            all leaves but the inputs.
        dtype: `"float64"` or `"float32"`.
        threads: how many threads share the examples of a batch, from 64 for each on. Where the
            engine is compiled, they do not wait for each other.

    Raises:
        TypeError: if these are no values.
        ValueError: if inputs or parameters are no leaves, or occur twice.

    >>> w, b, x = Value(2.0, "w"), Value(-1.0, "b"), Value(0.0, "x")
    >>> program = Program((w * x + b) ** 2, inputs=[x])
    >>> program([[1.0], [2.0], [3.0]])
    array([ 1.,  9., 25.])
    >>> program.backward([[1.0], [2.0], [3.0]])  # the mean over the examples
    11.666666666666666
    >>> w.grad, b.grad
    (14.666666666666666, 6.0)
    >>> program({"x": [1.0, 2.0, 3.0]})  # a column by its name
    array([ 1.,  9., 25.])
    """

    def __init__(
        self,
        outputs: Value | Iterable[Value],
        inputs: Iterable[Value],
        *,
        parameters: Iterable[Value] | None = None,
        dtype: Literal["float64", "float32"] = "float64",
        threads: int = 1,
    ) -> None:
        self._single = isinstance(outputs, Value)
        self.outputs = (outputs,) if isinstance(outputs, Value) else _as_values("outputs", outputs)
        self.inputs = _as_leaves("inputs", inputs)
        if not self.outputs:
            raise ValueError("a program has at least one output")
        varying = set(self.inputs)
        if parameters is None:
            leaves = [value for value in all_values(*self.outputs) if value.gate is None]
            parameters = [leaf for leaf in leaves if leaf not in varying]
        self.parameters = _as_leaves("parameters", parameters)
        for parameter in self.parameters:
            if parameter in varying:
                raise ValueError(f"{describe(parameter)} is an input, so it is no parameter")
        self.dtype = _as_dtype(dtype)
        if not isinstance(threads, int) or threads < 1:
            raise ValueError(f"a program runs on one thread or more, not {threads!r}")
        self.threads = threads
        self._compiled: dict[Derivative, Compiled] = {}
        self._guarded: dict[Derivative, Compiled] = {}

    # Numbers of parameters

    def read(self) -> Array:
        """The numbers of all parameters as one array."""
        numbers = np.empty(len(self.parameters))
        read_data(self.parameters, numbers)
        return numbers if self.dtype is DOUBLE else numbers.astype(self.dtype)

    def write(self, numbers: npt.ArrayLike) -> None:
        """Give all parameters the numbers of an array."""
        own = as_numbers("numbers", numbers, len(self.parameters), DOUBLE)
        write_data(self.parameters, np.ascontiguousarray(own))

    # Evaluation

    def __call__(self, batch: Any, numbers: npt.ArrayLike | None = None) -> Array:
        """The outputs for each example.

        Args:
            batch: examples × inputs, or columns by name.
            numbers: those of the parameters, in place of their own.

        Returns:
            An array (examples,); of several outputs (examples, outputs).

        Raises:
            TypeError: if the batch has something else than real numbers.
            ValueError: if the batch is empty or has another shape, a column is missing, is no
                input, or is longer than others; and whatever a gate raises for numbers that it
                cannot take, naming gate, label and example (the row of the batch).
        """
        outputs, _ = self._run(evaluation, batch, numbers)
        return outputs[:, 0] if self._single else outputs

    def backward(
        self,
        batch: Any,
        *,
        reduction: Literal["mean", "sum"] = "mean",
        executor: Executor | None = None,
        parts: int | None = None,
    ) -> float:
        """Add the gradient of the first output to `.grad` of the parameters.

        A loop over the examples that calls `backward()` on each would add the same.

        Args:
            batch: examples × inputs.
            reduction: `"mean"` or `"sum"` over the examples.
            executor, parts: who computes it, as for `gradient`.

        Returns:
            The mean, or the sum, of the first output over the examples.
        """
        outputs, own = self.gradient(batch, reduction=reduction, executor=executor, parts=parts)
        add_gradients(self.parameters, own if self.dtype is DOUBLE else own.astype(float))
        return reduced(outputs, reduction)

    def gradient(
        self,
        batch: Any,
        numbers: npt.ArrayLike | None = None,
        *,
        reduction: Literal["mean", "sum"] = "mean",
        executor: Executor | None = None,
        parts: int | None = None,
    ) -> tuple[Array, Array]:
        """The outputs for each example, and the gradient of the first output, as arrays.

        The gradient is by the parameters; `objective` gives it as optimisers call it. Derivatives
        in each example, and those by the inputs, are those of `jacobian`.

        Args:
            batch: examples × inputs.
            numbers: those of the parameters, in place of their own.
            reduction: whether the gradient is the `"mean"` or the `"sum"` over the examples.
            executor: runs parts of the batch side by side, such as a
                `concurrent.futures.ProcessPoolExecutor` or Dask's `Client.get_executor()`.
            parts: into how many parts the executor's work is cut; left out, one per processor.

        Returns:
            The outputs (examples, outputs), and the gradient (parameters,).
        """
        mean = reduction == "mean"
        if not mean:  # asking takes longer than a small circuit
            _check_choice("reduction", reduction, "mean", "sum")
        if executor is None:  # which takes less time without options
            return self._run(gradient, batch, numbers, mean=mean)
        return self._run(gradient, batch, numbers, mean=mean, executor=executor, parts=parts)

    def input_gradients(self, batch: Any) -> Array:
        """∂(first output)/∂input in each example, (examples, inputs)."""
        return self.jacobian(batch)[:, 0]

    def jacobian(
        self,
        batch: Any,
        numbers: npt.ArrayLike | None = None,
        *,
        by: Literal["inputs", "parameters"] = "inputs",
    ) -> Array:
        """The derivatives of each output in each example, by the inputs or by the parameters.

        The default is by the inputs, while `gradient` is by the parameters: to fit parameters, say
        `by="parameters"`, or take `residuals`.

        Args:
            batch: examples × inputs.
            numbers: those of the parameters, in place of their own.
            by: `"inputs"` or `"parameters"`.

        Returns:
            An array (examples, outputs, inputs) or (examples, outputs, parameters).

        >>> a, x, y = Value(4.0), Value(0.0), Value(0.0)
        >>> program = Program([a * x * y, x + y], inputs=[x, y])
        >>> program.jacobian([[2.0, 3.0]])
        array([[[12.,  8.],
                [ 1.,  1.]]])
        >>> program.jacobian([[2.0, 3.0]], by="parameters")
        array([[[6.],
                [0.]]])
        """
        _check_choice("by", by, "inputs", "parameters")
        by_inputs = by == "inputs"
        wanted = input_slopes if by_inputs else parameter_slopes
        found, _ = self._run(wanted, batch, numbers)
        columns = len(self.inputs if by_inputs else self.parameters)
        flat = found[:, len(self.outputs) :]
        return flat.reshape(len(found), len(self.outputs), columns)

    def hessian_product(
        self, batch: Any, direction: Any, numbers: npt.ArrayLike | None = None
    ) -> Array:
        """The Hessian of the mean of the first output, times a vector.

        It is the gradient of the derivative along the vector (Pearlmutter, Fast exact
        multiplication by the Hessian, 1994), so no Hessian is ever formed.

        Args:
            batch: examples × inputs.
            direction: the vector, a number for each parameter.
            numbers: those of the parameters, in place of their own.

        Returns:
            A number for each parameter.

        >>> w, x = Value(2.0), Value(0.0)
        >>> Program(x * w**3, inputs=[x]).hessian_product([[1.0], [2.0]], [1.0])  # 6wx on average
        array([18.])
        """
        vector = as_numbers("direction's numbers", direction, len(self.parameters), self.dtype)
        _, product = self._run(curvature, batch, numbers, vector)
        return product

    # What optimisers call

    def objective(self, batch: Any, *, reduction: Literal["mean", "sum"] = "mean") -> Objective:
        """The first output over a batch as a function of the parameters, for a minimiser.

        The function takes an array with a number for each of `parameters`, in their order (what
        `read` returns and `write` takes), and returns the loss and its gradient. Leaves that are
        no parameters, such as frozen weights, keep their numbers.

        Args:
            batch: examples × inputs, or columns by name; it is copied.
            reduction: whether the loss is the `"mean"` or the `"sum"` over the examples.

        Raises:
            ValueError: if there are no parameters; for the batch, the same as a call.

        >>> from scipy.optimize import minimize
        >>> a, b, x, y = Value(1.0, "a"), Value(0.0, "b"), Value(0.0, "x"), Value(0.0, "y")
        >>> program = Program((a * x + b - y) ** 2, inputs=[x, y], parameters=[a, b])
        >>> objective = program.objective({"x": [0.0, 1.0, 2.0], "y": [1.0, 3.0, 5.0]})
        >>> objective([2.0, 0.0])
        (1.0, array([-2., -2.]))
        >>> found = minimize(objective, program.read(), jac=True)
        >>> program.write(found.x)
        >>> print(f"y = {a.data:.3f} x + {b.data:.3f}")
        y = 2.000 x + 1.000

        Methods that use curvature take it from `hessian_product`:

        >>> more = {"hessp": objective.hessian_product, "method": "trust-ncg"}
        >>> minimize(objective, [0.0, 0.0], jac=True, **more).x.round(3)
        array([2., 1.])
        """
        _check_choice("reduction", reduction, "mean", "sum")
        return Objective(self, self._fitted(batch), reduction)

    def residuals(self, batch: Any) -> Residuals:
        """All outputs over a batch as a function of the parameters, for least squares.

        The function takes an array with a number for each of `parameters`, in their order (what
        `read` returns and `write` takes), and returns the residuals; its method `jacobian` returns
        their derivatives by the parameters. The outputs of the program are the residuals
        themselves, not their squares.

        Args:
            batch: examples × inputs, or columns by name; it is copied.

        Raises:
            ValueError: if there are no parameters; for the batch, the same as a call.

        >>> from scipy.optimize import least_squares
        >>> a, b, x, y = Value(1.0, "a"), Value(0.0, "b"), Value(0.0, "x"), Value(0.0, "y")
        >>> program = Program(a * x + b - y, inputs=[x, y], parameters=[a, b])
        >>> residuals = program.residuals({"x": [0.0, 1.0, 2.0], "y": [1.0, 3.0, 5.0]})
        >>> residuals([2.0, 0.0])
        array([-1., -1., -1.])
        >>> residuals.jacobian([2.0, 0.0])
        array([[0., 1.],
               [1., 1.],
               [2., 1.]])
        >>> found = least_squares(residuals, program.read(), jac=residuals.jacobian)
        >>> program.write(found.x)
        >>> print(f"y = {a.data:.3f} x + {b.data:.3f}")
        y = 2.000 x + 1.000
        """
        return Residuals(self, self._fitted(batch))

    def _fitted(self, batch: Any) -> Array:
        """A batch of its own for a fit."""
        if not self.parameters:
            raise ValueError("there is nothing to fit: this program has no parameters")
        return as_batch(batch, self.inputs, self.dtype).copy()

    def check(
        self,
        batch: Any,
        function: Function | None = None,
        *,
        lanes: int = 3,
        tolerance: float = 1e-9,
    ) -> None:
        """Compare the first examples of a batch with the eager engine, gate by gate.

        Args:
            batch: examples × inputs.
            function: computes the outputs from the inputs, as when the circuit was recorded. Where
                it records other gates for other numbers, because Python decided something, the
                program is not valid. Left out, the recorded circuit is evaluated again.
            lanes: how many examples to compare.
            tolerance: the relative difference that is allowed.

        Raises:
            ValueError: if a number or a gate differs; the message names the first, and its example.

        >>> def clip(x):
        ...     return x if x.data < 1.0 else x * 0.0 + 1.0
        >>> x = Value(0.5, "x")
        >>> Program(clip(x), inputs=[x]).check([[0.5], [2.0]], clip)
        Traceback (most recent call last):
        ValueError: example 1: ...
        """
        compared = as_batch(batch, self.inputs, DOUBLE)[:lanes]
        found = Context().run(  # in which gates are recorded, even inside a `no_grad` of the caller
            first_disagreement, self.outputs, self.inputs, compared, function, tolerance
        )
        if found is not None:
            raise ValueError(found)

    def text(self, notation: Notation | None = None) -> str:
        """The instructions for outputs and gradient, one a line.

        Args:
            notation: the language to write; left out, that of the lectures, as `print` has it.
        """
        instructions = Instructions(self._plan_of(gradient).plan)
        return print_plan(instructions, self.outputs, notation or Notation())

    def source(self, language: Literal["c", "python"]) -> str:
        """A function that computes outputs and gradient, with the names of `print(program)`.

        It needs nothing but the mathematical functions of its language. In C it is
        `program(examples, inputs, parameters, outputs, gradient)`, all but the first arrays of
        doubles; in Python `program(inputs, parameters)`, of lists, which returns the other two.
        The gradient is the sum over the examples. Leaves that are no parameters are written as the
        numbers that they have now. Numbers outside a gate's domain are not refused.

        Raises:
            ValueError: for another language, or if it lacks a function (C has no `polygamma`).

        >>> w, x = Value(2.0, "w"), Value(0.0, "x")
        >>> text = Program((w * x).tanh(), inputs=[x]).source("python")
        >>> exec(text, functions := {})
        >>> functions["program"]([[0.0], [1.0]], [0.0])
        ([0.0, 0.0], [1.0])
        """
        _check_choice("language", language, "c", "python")
        compiled = self._plan_of(gradient)
        gates = sum(value.gate is not None for value in all_values(*self.outputs))
        numbers = [value.data for value in compiled.others]
        title = f"Printed from a circuit of {gates:,} gates, with the names of lectures"
        return source_of(Instructions(compiled.plan), numbers, language, title)

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return ShownText(self.text())._repr_html_()

    def __repr__(self) -> str:
        return (
            f"<Program of {len(self.inputs)} inputs and {len(self.parameters)} parameters; "
            "print it to read its instructions>"
        )

    def __getstate__(self) -> dict[str, Any]:
        """Everything but what is compiled when first needed."""
        return {**vars(self), "_compiled": {}, "_guarded": {}}

    def _plan_of(self, wanted: Derivative, *, guarded: bool = False) -> Compiled:
        """The plan of a derivative, or of the outputs alone, compiled when first needed.

        Guarded, a branch that is not taken contributes nothing, be it infinite or nan.
        """
        kept = self._guarded if guarded else self._compiled
        if wanted not in kept:
            values = self.outputs, self.inputs, self.parameters
            gates = [value.gate for value in all_values(*self.outputs)] if guarded else []
            if guarded and not any(gate is not None and gate.routes for gate in gates):
                kept[wanted] = self._plan_of(wanted)
            else:
                kept[wanted] = compile_circuit(wanted, *values, self.dtype, guarded)
        return kept[wanted]

    def _run(
        self,
        wanted: Derivative,
        batch: Any,
        numbers: npt.ArrayLike | None,
        *vector: Array,
        mean: bool = True,
        executor: Executor | None = None,
        parts: int | None = None,
    ) -> tuple[Array, Array]:
        """Outputs and gradient; the derivative once more, guarded, where it comes out as nan.

        What is guarded has no matrix products of parameters. So with very many of these it is not
        tried where the loss itself is no number, as when training diverges.
        """
        compiled = self._compiled.get(wanted) or self._plan_of(wanted)
        if not (vector or compiled.others or executor):
            numbers = self.read() if numbers is None else numbers
            found = compiled.plan.run_at_once(numbers, batch, mean)
            if found is not None:
                return found
        lanes = as_batch(batch, self.inputs, self.dtype)
        options = numbers, vector, mean, executor, parts
        found = self._evaluated(compiled, lanes, *options)
        outputs, slopes = found
        count = len(self.outputs)
        more = outputs.shape[1] > count  # slopes for each example
        if not (_has_nan(slopes) or (more and _has_nan(outputs[:, count:]))):
            return found
        if len(self.parameters) > MANY and not np.isfinite(outputs[:, 0]).all():
            return found
        guarded = self._plan_of(wanted, guarded=True)
        return found if guarded is compiled else self._evaluated(guarded, lanes, *options)

    def _evaluated(
        self,
        compiled: Compiled,
        lanes: Array,
        numbers: npt.ArrayLike | None,
        vector: Sequence[Array],
        mean: bool,
        executor: Executor | None,
        parts: int | None,
    ) -> tuple[Array, Array]:
        """The same once."""
        count = len(self.parameters)
        own = self.read() if numbers is None else as_numbers("numbers", numbers, count, self.dtype)
        if vector or compiled.others:  # the other leaves have the numbers of now
            others = np.array([value._data for value in compiled.others], dtype=self.dtype)
            own = np.concatenate([own, *vector, others])
        if executor is None:
            return compiled.plan.run(own, lanes, mean=mean, threads=self.threads)
        outputs, sums = run_in_parts(compiled.pickled, own, lanes, executor, parts)
        return outputs, sums / len(lanes) if mean else sums


def _has_nan(numbers: Array) -> bool:
    """Whether there is a nan, which NumPy takes for the largest number."""
    return bool(numbers.size) and isnan(numbers.item(numbers.argmax()))


DTYPES = ("float64", "float32")


def _as_values(role: str, values: Iterable[Value]) -> tuple[Value, ...]:
    """Some values, which messages call by their role, "inputs" for example."""
    if isinstance(values, Value) or not isinstance(values, Iterable):
        raise TypeError(f"the {role} of a program are a list of values, not {values!r}")
    found = tuple(values)
    for value in found:
        if not isinstance(value, Value):
            raise TypeError(f"the {role} of a program are values, and this is none: {value!r}")
    return found


def _as_leaves(role: str, values: Iterable[Value]) -> tuple[Value, ...]:
    """Some leaves, each of them once."""
    seen: set[Value] = set()
    for value in (leaves := _as_values(role, values)):
        if value.gate is not None:
            raise ValueError(f"the {role} of a program are leaves, not {describe(value)}")
        if value in seen:
            raise ValueError(f"the {role} of a program list {describe(value)} twice")
        seen.add(value)
    return leaves


def _as_dtype(dtype: Any) -> np.dtype[Any]:
    name = dtype if isinstance(dtype, str) else getattr(dtype, "__name__", str(dtype))
    if name not in DTYPES:
        raise ValueError(f"a program computes with {' or '.join(DTYPES)}, not {dtype!r}")
    return np.dtype(name)


def _check_choice(name: str, choice: Any, *choices: str) -> None:
    """Refuse what is none of the choices; type checkers find it earlier."""
    if choice not in choices:
        raise ValueError(f"{name} is {' or '.join(map(repr, choices))}, not {choice!r}")
