"""Values: numbers that remember the gates they came from, and carry gradients back through them.

A gate computes two things right away, its output and the local gradient of that output with
respect to each input (CS231n). A `Value` keeps both. `backward()` then needs no calculus: it walks
the circuit from the output to the inputs, multiplies each upstream gradient by the local gradients
and adds up what arrives.

The operators `+ - * /` have their arithmetic written out beside the operator, for circuits consist
of little else; every other gate is evaluated by its rules in the table. The tests hold the two
against each other.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Union

from autograd_core import copying, floats
from autograd_core.errors import describe, domain_error, domain_errors
from autograd_core.evaluate import evaluate
from autograd_core.gate import Gate
from autograd_core.gates import absolute, add, divide, multiply, negate, power, reciprocal, subtract
from autograd_core.numbers import is_foreign, is_number, to_float
from autograd_core.order import all_values, topological_order
from autograd_core.recording import is_paused_here, paused

Operand = Union["Value", float]

_new = object.__new__


class Value:
    """A number in a circuit: its data, its gradient, and the gate that produced it.

    A value made from a number is a *leaf*; every operation on values makes a new value. Plain
    numbers in an operation are constants: they stay plain numbers and get no gradient.

    Args:
        data: the number; anything that is a single real number becomes a float.
        label: a name for diagrams and explanations.

    Raises:
        TypeError: if `data` is not one real number, or is itself a `Value`.

    >>> x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
    >>> f = (x + y) * z
    >>> f.backward()
    >>> f.data, x.grad, y.grad, z.grad
    (-12.0, -4.0, -4.0, 3.0)
    """

    __slots__ = (
        "__weakref__",
        "_data",
        "_first",
        "_first_local",
        "_gate",
        "_grad",
        "_second",
        "_second_local",
        "label",
    )

    # One or two operands, and the local gradient for each, have a field each; what is not there is
    # None. A gate with more operands keeps their tuple in `_first` and the tuple of their local
    # gradients in `_second`. An operand is a Value, or a float if it is a constant.

    def __init__(self, data: Any, label: str | None = None) -> None:
        if label is not None and not isinstance(label, str):
            raise TypeError(f"a label is text, Value({data!r}, 'x'), not {label!r}")
        self._data: float = data if type(data) is float else to_float(data, "Value")
        self._grad: float = 0.0
        self._gate: Gate | None = None
        self._first: Any = None
        self._second: Any = None
        self._first_local: float = 0.0
        self._second_local: float = 0.0
        self.label = label

    # What a value knows

    @property
    def data(self) -> float:
        """The number. It can be set on a leaf; `forward()` then re-evaluates a circuit with it.

        Raises:
            AttributeError: if it is set on the output of a gate.
            TypeError: if it is set to anything but one real number.
        """
        return self._data

    @data.setter
    def data(self, number: Any) -> None:
        if self._gate is not None:
            raise AttributeError(
                f"{describe(self)} was computed by its gate, so its data follows from its inputs: "
                "set the data of a leaf and call forward(), or take a leaf of its own, detach()"
            )
        self._data = to_float(number, "data")

    @property
    def grad(self) -> float:
        """∂output/∂self as the last `backward()` left it; leaves add up what every pass brings."""
        return self._grad

    @grad.setter
    def grad(self, number: Any) -> None:
        self._grad = to_float(number, "grad")

    @property
    def gate(self) -> Gate | None:
        """The gate that produced this value, or None for a leaf."""
        return self._gate

    @property
    def operands(self) -> tuple[Operand, ...]:
        """What went into the gate, in order: values, and constants as plain floats.

        >>> (3 - Value(1.0, "x")).operands
        (3.0, Value(data=1.0, grad=0.0, label='x'))
        """
        first = self._first
        if type(first) is tuple:
            return first
        if first is None:
            return ()
        return (first,) if self._second is None else (first, self._second)

    @property
    def inputs(self) -> tuple["Value", ...]:
        """The values that went into the gate, in order and with repeats: `x * x` has two wires."""
        return tuple([operand for operand in self.operands if isinstance(operand, Value)])

    @property
    def local_grads(self) -> tuple[float, ...]:
        """∂self/∂input for each of `inputs`.

        >>> x, y = Value(3.0), Value(-4.0)
        >>> (x * y).local_grads
        (-4.0, 3.0)
        """
        locals_ = (
            self._second
            if type(self._first) is tuple
            else (self._first_local, self._second_local)[: len(self.operands)]
        )
        pairs = zip(self.operands, locals_, strict=True)
        return tuple([local for operand, local in pairs if isinstance(operand, Value)])

    # The passes

    def backward(self, upstream: float = 1.0) -> None:
        """Carry gradients from here to every value of the circuit.

        For every gate in reverse topological order and for each of its inputs,
        `input.grad += upstream × local` (the chain rule). Leaves accumulate from call to call, as
        in PyTorch; a value inside the circuit holds the gradient of the last pass alone.

        Args:
            upstream: the gradient that arrives at this value; 1 if it is what is differentiated.

        >>> a = Value(3.0)
        >>> b = 2 * a
        >>> y = b * b
        >>> y.backward(); a.grad
        24.0
        >>> y.backward(); a.grad, b.grad
        (48.0, 12.0)
        """
        order = topological_order(self)
        for value in order:
            value._grad = 0.0
        self._grad += to_float(upstream, "upstream")
        for value in reversed(order):
            gradient = value._grad
            first = value._first
            if type(first) is tuple:
                for operand, local in zip(first, value._second):  # noqa: B905 (hot, same length)
                    if type(operand) is not float:
                        operand._grad += gradient * local
                continue
            if type(first) is not float:
                first._grad += gradient * value._first_local
            second = value._second
            if second is not None and type(second) is not float:
                second._grad += gradient * value._second_local

    def forward(self) -> "Value":
        """Evaluate the recorded circuit again, after the data of leaves has been edited.

        Data and local gradients of every gate are renewed; gradients are left as they are. If a
        gate refuses the new numbers, the circuit stays as it was.

        Returns:
            This value.

        >>> x = Value(3.0)
        >>> y = x * x
        >>> x.data = 5.0
        >>> y.data, y.forward().data
        (9.0, 25.0)
        """
        renewed: dict[Value, tuple[float, list[float]]] = {}

        def number(operand: Operand) -> float:
            if isinstance(operand, float):
                return operand
            return renewed[operand][0] if operand in renewed else operand._data

        for value in topological_order(self):
            numbers = [number(operand) for operand in value.operands]
            renewed[value] = evaluate(value._gate, numbers, value.operands)
        for value, (data, local_gradients) in renewed.items():
            value._data = data
            _keep(value, local_gradients)
        return self

    def zero_grad(self) -> None:
        """Set the gradient of this value and of every value it was computed from to 0."""
        for value in all_values(self):
            value._grad = 0.0

    def detach(self) -> "Value":
        """A new leaf with the same data and label: gradients stop here.

        >>> x = Value(3.0)
        >>> y = x * x.detach()
        >>> y.backward(); x.grad
        3.0
        """
        return Value(self._data, self.label)

    # Operators

    def __add__(self, other: Any) -> "Value":
        if isinstance(other, Value):
            return _record(add, self._data + other._data, self, 1.0, other, 1.0)
        if type(other) is int:
            other = float(other)
        if type(other) is float:
            return _record(add, self._data + other, self, 1.0, other, 0.0)
        return _operate(add, self, other)

    def __radd__(self, other: Any) -> "Value":
        if type(other) is int and other == 0:
            return self  # the 0 that sum() starts from is no gate
        if type(other) is int:
            other = float(other)
        if type(other) is float:
            return _record(add, other + self._data, other, 0.0, self, 1.0)
        return _operate(add, other, self)

    def __sub__(self, other: Any) -> "Value":
        if isinstance(other, Value):
            return _record(subtract, self._data - other._data, self, 1.0, other, -1.0)
        if type(other) is int:
            other = float(other)
        if type(other) is float:
            return _record(subtract, self._data - other, self, 1.0, other, 0.0)
        return _operate(subtract, self, other)

    def __rsub__(self, other: Any) -> "Value":
        return _operate(subtract, other, self)

    def __mul__(self, other: Any) -> "Value":
        if isinstance(other, Value):
            x, y = self._data, other._data
            return _record(multiply, x * y, self, y, other, x)
        if type(other) is int:
            other = float(other)
        if type(other) is float:
            return _record(multiply, self._data * other, self, other, other, 0.0)
        return _operate(multiply, self, other)

    def __rmul__(self, other: Any) -> "Value":
        if type(other) is int:
            other = float(other)
        if type(other) is float:
            return _record(multiply, other * self._data, other, 0.0, self, other)
        return _operate(multiply, other, self)

    def __truediv__(self, other: Any) -> "Value":
        if isinstance(other, Value):
            x, y = self._data, other._data
            if y != 0.0:
                out = x / y
                return _record(divide, out, self, 1.0 / y, other, -out / y)
        if type(other) is int:
            other = float(other)
        if type(other) is float and other != 0.0:
            return _record(divide, self._data / other, self, 1.0 / other, other, 0.0)
        return _operate(divide, self, other)

    def __rtruediv__(self, other: Any) -> "Value":
        if type(other) is int:
            other = float(other)
        if type(other) is float and other != 1.0:
            return apply_two(divide, other, self)
        if is_number(other) and float(other) == 1.0:
            return apply_one(reciprocal, self)
        return _operate(divide, other, self)

    def __pow__(self, other: Any) -> "Value":
        if isinstance(other, Value):
            return apply_two(power, self, other)
        if type(other) is float or type(other) is int:
            return apply_two(power, self, float(other))
        return _operate(power, self, other)

    def __rpow__(self, other: Any) -> "Value":
        return _operate(power, other, self)

    def __neg__(self) -> "Value":
        return apply_one(negate, self)

    def __pos__(self) -> "Value":
        return self

    def __abs__(self) -> "Value":
        return apply_one(absolute, self)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Callable[..., "Value"]:
            """Every gate of the table is a method: `v.exp()` is `exp(v)`."""

    # Comparisons and truth are about the data; identity stays identity for sets and dictionaries

    def __eq__(self, other: object) -> bool:
        return self._data == _compared(other) if _comparable(other) else NotImplemented

    def __ne__(self, other: object) -> bool:
        return self._data != _compared(other) if _comparable(other) else NotImplemented

    def __lt__(self, other: Any) -> bool:
        return self._data < _compared(other) if _comparable(other) else NotImplemented

    def __le__(self, other: Any) -> bool:
        return self._data <= _compared(other) if _comparable(other) else NotImplemented

    def __gt__(self, other: Any) -> bool:
        return self._data > _compared(other) if _comparable(other) else NotImplemented

    def __ge__(self, other: Any) -> bool:
        return self._data >= _compared(other) if _comparable(other) else NotImplemented

    __hash__ = object.__hash__

    def __bool__(self) -> bool:
        return self._data != 0.0

    # Ways out of the circuit are refused: a gradient is never dropped silently

    def __float__(self) -> float:
        raise TypeError(
            f"{describe(self)} is not turned into a plain float, because its gradient would be "
            "lost. Use the gate of the same name (autograd_core.exp(v) or v.exp() instead of "
            "math.exp(v)), or v.data for the plain number."
        )

    __int__ = __complex__ = __index__ = __trunc__ = __floor__ = __ceil__ = __float__

    def __round__(self, digits: int | None = None) -> float:
        return self.__float__()

    # Copies and pickles, of circuits of any depth

    def __copy__(self) -> "Value":
        return copying.shallow_copy(self)

    def __deepcopy__(self, memo: dict[int, Any]) -> "Value":
        return copying.deep_copy(self, memo)

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return copying.reduce(self)

    # Text

    def __repr__(self) -> str:
        label = "" if self.label is None else f", label={self.label!r}"
        gate = "" if self._gate is None else f", gate={self._gate.name!r}"
        return f"{type(self).__name__}(data={self._data}, grad={self._grad}{label}{gate})"

    def __format__(self, specification: str) -> str:
        return format(self._data, specification) if specification else repr(self)


def _operate(gate: Gate, first: Any, second: Any) -> Value:
    """An operator with a value on one side; a type unknown here may answer with its own."""
    other = second if isinstance(first, Value) else first
    if not isinstance(other, Value) and is_foreign(other):
        return NotImplemented  # type: ignore[no-any-return]
    result: Value = gate(first, second)
    return result


def _comparable(other: object) -> bool:
    return isinstance(other, Value) or is_number(other)


def _compared(other: Any) -> Any:
    return other._data if isinstance(other, Value) else other


def apply_one(gate: Gate, operand: Value) -> Value:
    """Apply a gate with one operand and record it.

    Raises:
        ValueError, ZeroDivisionError: if the gate is not defined for this number.
    """
    x = operand._data
    try:
        out = gate.forward(floats, x)
        local = gate.local_gradients[0](floats, out, x)
    except domain_errors as error:
        raise domain_error(gate, (x,), (operand,), error) from None
    return _record(gate, out, operand, local, None, 0.0)


def apply_two(gate: Gate, first: Operand, second: Operand) -> Value:
    """Apply a gate with two operands, of which one may be a constant, and record it."""
    x = first if isinstance(first, float) else first._data
    y = second if isinstance(second, float) else second._data
    try:
        out = gate.forward(floats, x, y)
        by_first, by_second = gate.local_gradients
        first_local = 0.0 if isinstance(first, float) else by_first(floats, out, x, y)
        second_local = 0.0 if isinstance(second, float) else by_second(floats, out, x, y)
    except domain_errors as error:
        raise domain_error(gate, (x, y), (first, second), error) from None
    return _record(gate, out, first, first_local, second, second_local)


def apply(gate: Gate, operands: Sequence[Operand]) -> Value:
    """Apply a gate to any number of operands, each a value or a float, and record it."""
    if len(operands) == 2 and not gate.variadic:
        return apply_two(gate, operands[0], operands[1])
    if len(operands) == 1 and not gate.variadic and isinstance(operands[0], Value):
        return apply_one(gate, operands[0])
    numbers = [x if isinstance(x, float) else x._data for x in operands]
    data, local_gradients = evaluate(gate, numbers, operands)
    return _record(gate, data, tuple(operands), 0.0, tuple(local_gradients), 0.0)


def _record(
    gate: Gate, data: float, first: Any, first_local: float, second: Any, second_local: float
) -> Value:
    """A new value that remembers the gate it came from; inside `no_grad`, a leaf."""
    out: Value = _new(Value)
    out._data = data
    out._grad = 0.0
    out.label = None
    if paused and is_paused_here():
        gate = first = second = None  # type: ignore[assignment]
    out._gate = gate
    out._first = first
    out._first_local = first_local
    out._second = second
    out._second_local = second_local
    return out


def _keep(value: Value, local_gradients: Sequence[float]) -> None:
    """Store new local gradients in a value's fields."""
    if type(value._first) is tuple:
        value._second = tuple(local_gradients)
    elif len(local_gradients) == 1:
        [value._first_local] = local_gradients
    else:
        value._first_local, value._second_local = local_gradients
