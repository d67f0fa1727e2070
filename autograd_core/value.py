# cython: cpow=True
"""Values: numbers that remember the gates they came from, and carry gradients back through them.

A gate computes two things right away, its output and the local gradient of that output with
respect to each input (CS231n). A `Value` keeps both. `backward()` then needs no calculus: it walks
the circuit from the output to the inputs, multiplies each upstream gradient by the local gradients
and adds up what arrives.

The operators have their arithmetic written out beside the operator, for circuits consist of little
else; every other gate is evaluated by its rules in the table. The tests hold the two against each
other.

This module is compiled with the types in value.pxd where there is a compiler, and runs as it is
where there is none.
"""

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, SupportsFloat, Union

from autograd_core import copying
from autograd_core.display import mime_bundle
from autograd_core.errors import describe
from autograd_core.gate import Gate
from autograd_core.gates import (
    absolute,
    add,
    divide,
    dot,
    multiply,
    negate,
    power,
    reciprocal,
    relu,
    subtract,
)
from autograd_core.looking import look, watched
from autograd_core.numbers import is_foreign, is_number, to_float
from autograd_core.order import all_values
from autograd_core.passes import backward_pass, forward_pass
from autograd_core.products import Products
from autograd_core.recording import is_paused_here, paused

try:
    import cython
except ModuleNotFoundError:
    from autograd_core import interpreted as cython

compiled: bool = cython.compiled
"""Whether this is compiled code; otherwise Python runs the module as it is written."""

COMPARES = "compares a value"

Label = str | None
Operand = Union["Value", float]


# A value knows its operands and never its consumers, so there are no cycles to collect. A subclass
# that keeps a consumer as an attribute makes one, which only the form that is not compiled frees.
@cython.no_gc
@cython.cclass
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
        "_pass",
        "_second",
        "_second_local",
        "label",
    )

    # One or two operands, and the local gradient for each, have a field each; what is not there is
    # None. A gate with more operands keeps their tuple in `_first` and the tuple of their local
    # gradients in `_second`. An operand is a Value, or a float if it is a constant.
    #
    # A dot product has in `_first` what it shares with others, and in `_first_local` its row there.
    # A neuron's gates Σwx, + and its activation are recorded as one: the bias is in `_second`, the
    # slope of the activation in `_second_local`. They come apart when somebody looks: `_unfold`.

    def __init__(self, data: Any, label: Label = None) -> None:
        if label is not None and not isinstance(label, str):
            raise TypeError(f"a label is text, Value({data!r}, 'x'), not {label!r}")
        self._data: float = data if type(data) is float else to_float(data, "Value")
        self._grad: float = 0.0
        self._gate: Gate | None = None
        self._first: Any = None
        self._second: Any = None
        self._first_local: float = 0.0
        self._second_local: float = 0.0
        self._pass: float = 0.0
        self.label = label

    def __dealloc__(self) -> None:
        """Compiled code calls this when a value is freed, without recursion: see `_free`."""
        if self._gate is not None:
            _free(self)

    # What a value knows

    @property
    def data(self) -> float:
        """The number. It can be set on a leaf; `forward()` then re-evaluates a circuit with it.

        Raises:
            AttributeError: if it is set on the output of a gate.
            TypeError: if it is set to anything but one real number.
        """
        if watched:
            look("reads the data of a value")
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
        if watched:
            look("reads the gradient of a value")
        return self._grad

    @grad.setter
    def grad(self, number: Any) -> None:
        if type(self._first) is Products:
            self._unfold()
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
        if type(self._first) is Products:
            self._unfold()
        first = self._first
        if type(first) is tuple:
            return first
        if type(first) is Products:
            return first.operands(self._first_local)
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
        operands = self.operands
        first = self._first
        if type(first) is tuple:
            local_gradients = self._second
        elif type(first) is Products:
            local_gradients = first.local_gradients(self._first_local)
        else:
            local_gradients = (self._first_local, self._second_local)[: len(operands)]
        pairs = zip(operands, local_gradients, strict=True)
        return tuple([local for operand, local in pairs if isinstance(operand, Value)])

    def _unfold(self) -> None:
        """Write out the gates of a neuron that was recorded as one."""
        if type(self._first) is not Products or self._gate is dot:
            return
        products: Products = self._first
        row = self._first_local
        product, biased = products.sums(row)
        gradient: float = 0.0 + self._grad * self._second_local
        below: Value = _output(dot, product, products, row, None, 1.0)
        below._grad = gradient
        if self._gate is not add:
            bias, slope = self._second, self._second_local
            if bias is not None:
                below = _output(add, biased, below, 1.0, bias, 1.0)
                below._grad = gradient
            self._second, self._second_local, self._first_local = None, 0.0, slope
        else:
            self._first_local = 1.0
        self._first = below

    # The passes

    def backward(self, upstream: SupportsFloat = 1.0) -> None:
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
        if type(upstream) is not float:
            upstream = to_float(upstream, "upstream")
        backward_pass(self, upstream)

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
        forward_pass(self)
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
        if watched:
            look("detaches a value")
        return Value(self._data, self.label)

    # Operators

    def __add__(self, other: Any) -> "Value":
        if isinstance(other, Value):
            value: Value = other
            return record(add, self._data + value._data, self, 1.0, other, 1.0)
        if type(other) is int:
            other = _as_float(other)
        if type(other) is float:
            number: float = other
            return record(add, self._data + number, self, 1.0, other, 0.0)
        return _operate(add, self, other)

    def __radd__(self, other: Any) -> "Value":
        if type(other) is int and other == 0:
            return self  # the 0 that sum() starts from is no gate
        if type(other) is int:
            other = _as_float(other)
        if type(other) is float:
            number: float = other
            return record(add, number + self._data, other, 0.0, self, 1.0)
        return _operate(add, other, self)

    def __sub__(self, other: Any) -> "Value":
        if isinstance(other, Value):
            value: Value = other
            return record(subtract, self._data - value._data, self, 1.0, other, -1.0)
        if type(other) is int:
            other = _as_float(other)
        if type(other) is float:
            number: float = other
            return record(subtract, self._data - number, self, 1.0, other, 0.0)
        return _operate(subtract, self, other)

    def __rsub__(self, other: Any) -> "Value":
        if type(other) is int:
            other = _as_float(other)
        if type(other) is float:
            number: float = other
            return record(subtract, number - self._data, other, 0.0, self, -1.0)
        return _operate(subtract, other, self)

    def __mul__(self, other: Any) -> "Value":
        if isinstance(other, Value):
            value: Value = other
            return record(multiply, self._data * value._data, self, value._data, other, self._data)
        if type(other) is int:
            other = _as_float(other)
        if type(other) is float:
            number: float = other
            return record(multiply, self._data * number, self, number, other, 0.0)
        return _operate(multiply, self, other)

    def __rmul__(self, other: Any) -> "Value":
        if type(other) is int:
            other = _as_float(other)
        if type(other) is float:
            number: float = other
            return record(multiply, number * self._data, other, 0.0, self, number)
        return _operate(multiply, other, self)

    def __truediv__(self, other: Any) -> "Value":
        if isinstance(other, Value):
            value: Value = other
            y: float = value._data
            if y != 0.0:
                out: float = self._data / y
                return record(divide, out, self, 1.0 / y, other, -out / y)
        if type(other) is int:
            other = _as_float(other)
        if type(other) is float:
            number: float = other
            if number != 0.0:
                return record(divide, self._data / number, self, 1.0 / number, other, 0.0)
        return _operate(divide, self, other)

    def __rtruediv__(self, other: Any) -> "Value":
        if type(other) is int:
            other = _as_float(other)
        x: float = self._data
        if type(other) is float and x != 0.0:
            number: float = other
            out: float = number / x
            if number == 1.0:
                return record(reciprocal, out, self, -(out * out), None, 0.0)
            return record(divide, out, other, 0.0, self, -out / x)
        if is_number(other) and other == 1:
            result: Value = reciprocal(self)
            return result
        return _operate(divide, other, self)

    def __pow__(self, other: Any) -> "Value":
        if type(other) is int:
            other = _as_float(other)
        if type(other) is float:
            x: float = self._data
            y: float = other
            if y == 2.0:
                return record(power, x * x, self, 2.0 * x, other, 0.0)
            if (
                -9.0 <= y <= 10.0
                and 1e-30 <= abs(x) <= 1e30
                and y != 0.0
                and (x > 0.0 or y % 1.0 == 0.0)
            ):
                # in these bounds nothing overflows, and every power is real
                below = x * x if y == 3.0 else x ** (y - 1.0)
                return record(power, x**y, self, y * below, other, 0.0)
        return _operate(power, self, other)

    def __rpow__(self, other: Any) -> "Value":
        return _operate(power, other, self)

    def __neg__(self) -> "Value":
        return record(negate, -self._data, self, -1.0, None, 0.0)

    def __pos__(self) -> "Value":
        return self

    def relu(self) -> "Value":
        """The rectified linear unit max(0, x): the gate `relu`, for networks are full of it."""
        x: float = self._data
        if x > 0.0:
            return record(relu, x, self, 1.0, None, 0.0)
        return record(relu, 0.0 if x <= 0.0 else x, self, 0.0, None, 0.0)

    def __abs__(self) -> "Value":
        result: Value = absolute(self)
        return result

    if TYPE_CHECKING:  # what is compiled has it nevertheless, until the end of this module

        def __getattr__(self, name: str) -> Callable[..., "Value"]:
            """Every gate of the table is a method: `v.exp()` is `exp(v)`."""
            message = f"{type(self).__name__!r} object has no attribute {name!r}"
            raise AttributeError(message, name=name, obj=self)

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

    def __hash__(self) -> int:
        return object.__hash__(self)

    def __bool__(self) -> bool:
        if watched:
            look(COMPARES)
        return self._data != 0.0

    # Ways out of the circuit are refused: a gradient is never dropped silently

    def __float__(self) -> float:
        raise TypeError(
            f"{describe(self)} is not turned into a plain float, because its gradient would be "
            "lost. Use the gate of the same name (autograd_core.exp(v) or v.exp() instead of "
            "math.exp(v)), or v.data for the plain number."
        )

    def __int__(self) -> int:
        return int(self.__float__())

    def __complex__(self) -> complex:
        return complex(self.__float__())

    def __index__(self) -> int:
        return int(self.__float__())

    __trunc__ = __floor__ = __ceil__ = __float__

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

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return mime_bundle(self)


class _Signature:
    """The signature of `Value`, which a compiled class does not tell by itself."""

    def __get__(self, instance: object, owner: Any) -> inspect.Signature:
        if owner.__init__ is not Value.__init__:
            raise AttributeError("a subclass has the signature of its own __init__")
        return inspect.signature(lambda data, label=None: None)


if cython.compiled:
    Value.__signature__ = _Signature()  # type: ignore[attr-defined]
    Value.__name__ = "Value"  # not with the module in front, in messages of Python
    del Value.__getattr__, Value.__getattribute__  # with them, Python looks up every method twice


Answer = Value  # or NotImplemented, by which an operator leaves the answer to the other side


def _operate(gate: Gate, first: Any, second: Any) -> Answer:
    """An operator with a value on one side; a type unknown here may answer with its own."""
    other = second if isinstance(first, Value) else first
    if not isinstance(other, Value) and is_foreign(other):
        return NotImplemented  # type: ignore[no-any-return]
    answer: Any = gate(first, second)
    return answer  # type: ignore[no-any-return]


def _as_float(whole: Any) -> Any:
    """A whole number as a float; itself if it is too large for one."""
    try:
        return float(whole)
    except OverflowError:
        return whole


def _comparable(other: object) -> bool:
    if watched:
        look(COMPARES)
    return isinstance(other, Value) or is_number(other)


def _compared(other: Any) -> Any:
    return other._data if isinstance(other, Value) else other


def record(
    gate: Gate, data: float, first: Any, first_local: float, second: Any, second_local: float
) -> Value:
    """A new value that remembers the gate it came from; inside `no_grad`, a leaf."""
    if paused and is_paused_here():
        return _output(None, data, None, 0.0, None, 0.0)
    return _output(gate, data, first, first_local, second, second_local)


def _output(
    gate: Any, data: float, first: Any, first_local: float, second: Any, second_local: float
) -> Value:
    """A new value with these fields."""
    global _made
    out: Value = Value.__new__(Value)
    if cython.compiled:
        _made += 1
        if _made % _SAMPLE == 0:
            _keep_memory_of(out)
    out._data = data
    out._grad = 0.0
    out._pass = 0.0
    out.label = None
    out._gate = gate
    out._first = first
    out._first_local = first_local
    out._second = second
    out._second_local = second_local
    return out


_SAMPLE = 2048
_MEGABYTES = 64
_made = 0
_anchors: dict[int, Value] = {}


def _keep_memory_of(value: Value) -> None:
    """Put a value that stays in the megabyte of memory where a value has been put.

    Python's allocator keeps together what is made together, step after step, but hands memory that
    is empty back to the system, page by page to be provided anew at the next step.
    """
    megabyte = id(value) >> 20
    if megabyte not in _anchors and len(_anchors) < _MEGABYTES:
        _anchors[megabyte] = Value(0.0)


_floor = 64  # a list that runs empty gives its memory back, and asks for it again
_dying: list[Any] = [None] * _floor
_freeing = False


def _free(value: Value) -> None:
    """Let go of a value's operands, one after the other however deep the circuit is.

    Who comes first frees all that follows: what is freed meanwhile leaves its operands in a list.
    """
    global _freeing
    if _outlives(value._first):
        _dying.append(value._first)
    if _outlives(value._second):
        _dying.append(value._second)
    if not _freeing:
        value._first = value._second = None
        _freeing = True
        while len(_dying) > _floor:
            _dying.pop()
        _freeing = False


def _outlives(operand: Any) -> bool:
    """Whether letting go of an operand may free more than itself."""
    if operand is None or type(operand) is float:
        return False
    if type(operand) is Value:
        value: Value = operand
        return value._gate is not None
    return True
