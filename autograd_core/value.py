"""Values: numbers that remember the gates they came from, and carry gradients back through them.

A `Value` is a `Node` with what users see of it: its constructor, its properties, and the operators,
each of which applies one gate of the table. The methods of gates come with `GateMethods`.

This module is compiled with the types in value.pxd where there is a compiler, and runs as it is
where there is none.
"""

import inspect
import math
import warnings
import weakref
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn, SupportsFloat, Union

from autograd_core import copying
from autograd_core.affine import sum_of_products
from autograd_core.apply import apply, apply1, apply2, record_as
from autograd_core.branches import apply_to_branches
from autograd_core.coerce import Number, is_number, to_float, to_label
from autograd_core.display import mime_bundle
from autograd_core.errors import (
    CURES,
    LOST_STEP,
    MODULO,
    REQUIRES_GRAD,
    OtherName,
    describe,
    no_argument_of_backward,
    no_attribute,
    no_way_out,
    refuse_arguments,
    refuse_operation,
    refuse_remainder,
)
from autograd_core.gate import GATES, Gate
from autograd_core.gate import gate as enter_gate
from autograd_core.gates import (
    absolute,
    add,
    divide,
    dot,
    floor,
    multiply,
    negate,
    power,
    reciprocal,
    subtract,
    weighted_sum,
)
from autograd_core.languages.gate_methods import GateMethods
from autograd_core.modes import DETACHES, forbidding_blocks, report_access
from autograd_core.node import clear, clock
from autograd_core.passes import backward_pass, check_current, forward
from autograd_core.toposort import all_values

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from autograd_core import _cython as cython  # the types of Cython's `no_gc` hide a class
    from autograd_core.gate import Rules
else:
    try:
        import cython
    except ModuleNotFoundError:
        from autograd_core import _cython as cython

COMPARES = "compares a value"

REFUSED = ("as_integer_ratio", "cbrt", "rint")
"""Methods that do nothing but say what to write."""

_LEFT_OUT: Any = None
"""In place of a number, which is then asked for in words."""

Label = str | None
Operand = Union["Value", float]


# A subclass that keeps a consumer as an attribute makes a cycle, which only the form that is not
# compiled frees.
@cython.no_gc
@cython.cclass
class Value(GateMethods):
    """A number in a circuit: its data, its gradient, and the gate that produced it.

    A value made from a number is a *leaf*; every operation on values makes a new value, but `+x`
    and `sum([x])` are x itself. Plain numbers in an operation are constants: they stay plain
    numbers and get no gradient.

    Comparisons are about the data. So `x in values`, `values.index(x)` and `values.remove(x)` find
    the first value with an equal number; `any(v is x for v in values)` asks for this very one.

    Args:
        data: the number; anything that is a single real number becomes a float.
        label: a name for diagrams and explanations.

    Raises:
        TypeError: if `data` is not one real number, or is itself a `Value`; or the label is no
            text. Operands and an operation, as micrograd has them, are refused: see `gate`.
        OverflowError: if `data` is a number too large for a float.

    >>> x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
    >>> f = (x + y) * z
    >>> f.backward()
    >>> f.data, x.grad, y.grad, z.grad
    (-12.0, -4.0, -4.0, 3.0)
    """

    __slots__ = ()

    # Nothing after the label is taken. What other engines take has a name here, for words about it;
    # to take all names would cost a dictionary for each value. Without quotes, Cython would believe
    # that what is annotated with None is None.
    def __init__(
        self,
        data: SupportsFloat = _LEFT_OUT,
        label: Label = None,
        *more: NoReturn,
        _children: "None" = None,
        _op: "None" = None,
        name: "None" = None,
        requires_grad: "None" = None,
    ) -> None:
        if (
            not (label is None or isinstance(label, str))
            or more
            or _children is not None
            or _op is not None
            or name is not None
            or requires_grad is not None
        ):
            refuse_arguments(data, label, more or _children, _op, name, requires_grad)
        if self._stamp if cython.compiled else hasattr(self, "_stamp"):
            self.data = data  # a second `__init__` is an edit
        else:
            if not cython.compiled:
                clear(self)
            self._data = data if type(data) is float else to_float(data, "Value")
            self._stamp = 1
        self._label = label

    # What a value knows

    @property
    def data(self) -> float:
        """The number. It can be set on a leaf; `forward()` then re-evaluates a circuit with it.

        Raises:
            AttributeError: if it is set on the output of a gate.
            TypeError: if it is set to anything but one real number.
            OverflowError: if that is too large for a float.
        """
        if forbidding_blocks:
            report_access("reads the data of a value")
        return self._data

    @data.setter
    def data(self, number: SupportsFloat) -> None:
        if self._gate is not None:
            raise AttributeError(
                f"{describe(self)} was computed by its gate, so its data follows from its inputs: "
                "set the data of a leaf and call forward(), or take a leaf of its own, detach()"
            )
        data: float = number if type(number) is float else to_float(number, "data")
        before = self._data
        self._data = data
        if data != before or data == 0.0:  # a zero may have changed its sign
            self._stamp = clock.edit()

    @property
    def grad(self) -> float:
        """∂output/∂self as the last `backward()` left it; leaves add up what every pass brings."""
        if forbidding_blocks:
            report_access("reads the gradient of a value")
        return self._grad

    @grad.setter
    def grad(self, number: SupportsFloat) -> None:
        if number is None:
            raise TypeError(
                f"grad: the gradient of {describe(self)} is a number, never None; write "
                "v.grad = 0.0 to start anew, or f.zero_grad() for a whole circuit"
            )
        self._grad = number if type(number) is float else to_float(number, "grad")

    @property
    def label(self) -> Label:
        """The name in diagrams and explanations: text, or None.

        Raises:
            TypeError: if it is set to anything else.
        """
        return self._label

    @label.setter
    def label(self, name: Label) -> None:
        self._label = name if type(name) is str else to_label(name, describe(self))

    @property
    def gate(self) -> Gate | None:
        """The gate that produced this value, or None for a leaf."""
        return self._gate

    # Names of PyTorch and micrograd

    @property
    def requires_grad(self) -> Any:
        """PyTorch's switch, which values do not have; a subclass may have one of its own."""
        attributes = getattr(self, "__dict__", {})
        if "requires_grad" not in attributes:
            raise AttributeError(REQUIRES_GRAD)
        return attributes["requires_grad"]

    @requires_grad.setter
    def requires_grad(self, switch: NoReturn) -> None:
        if not hasattr(self, "__dict__"):
            raise AttributeError(REQUIRES_GRAD)
        self.__dict__["requires_grad"] = switch

    @property
    def _prev(self) -> "set[Value]":
        """The values that went into the gate, as a set; see `inputs`.

        >>> x = Value(3.0)
        >>> (x * x)._prev == {x}
        True
        """
        return set(self.inputs)

    @_prev.setter
    def _prev(self, children: NoReturn) -> None:
        refuse_operation(self, "_prev")

    @property
    def _op(self) -> str:
        """The symbol of the gate, `''` for a leaf; see `gate`."""
        return "" if self._gate is None else self._gate.symbol

    @_op.setter
    def _op(self, operation: NoReturn) -> None:
        refuse_operation(self, "_op")

    @property
    def _backward(self) -> Callable[[], None]:
        """Adds grad × local to the gradient of each input; `backward()` does so for all gates.

        >>> x = Value(3.0)
        >>> y = x * x
        >>> y.grad = 1.0
        >>> y._backward()
        >>> x.grad
        6.0
        """
        return partial(_carry, self)

    @_backward.setter
    def _backward(self, function: NoReturn) -> None:
        refuse_operation(self, "_backward")

    # `NoReturn` has type checkers refuse what is refused here
    def __setattr__(self, name: str, attribute: NoReturn) -> None:
        try:
            PyObject_GenericSetAttr(self, name, attribute)  # type: ignore[name-defined]  # noqa: F821
        except AttributeError:
            if name in CURES or hasattr(type(self), name):
                raise
            raise no_attribute(self, name) from None

    def __dir__(self) -> list[str]:
        names = object.__dir__(self)
        return [name for name in names if hasattr(self, name) and name not in REFUSED]

    # The passes

    def backward(self, upstream: SupportsFloat = 1.0, **others: NoReturn) -> None:
        """Carry gradients from here to every value of the circuit.

        For every gate in reverse topological order and for each of its inputs,
        `input.grad += upstream × local` (the chain rule). Leaves accumulate from call to call, as
        in PyTorch; a value inside the circuit holds the gradient of the last pass alone.

        Args:
            upstream: the gradient that arrives at this value; 1 if it is what is differentiated.

        Raises:
            ValueError: if a leaf was edited after the circuit was computed from it, so that the
                numbers of its gates no longer follow; `forward()` mends that.

        >>> a = Value(3.0)
        >>> b = 2 * a
        >>> y = b * b
        >>> y.backward(); a.grad
        24.0
        >>> y.backward(); a.grad, b.grad
        (48.0, 12.0)
        """
        if others:
            raise no_argument_of_backward(*others)
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
        forward(self)
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
        if forbidding_blocks:
            report_access(DETACHES)
        return _leaf_of(self)

    # Operators

    def _apply(self, gate: Gate, operands: tuple[Any, ...]) -> Any:
        """The output of a gate that has this value among its operands; gates call this."""
        if gate.arity == 1:
            return apply1(gate, self)
        if gate.arity == 2:
            out = apply2(gate, operands[0], operands[1])
            if out is not NotImplemented:
                return out
        if gate is dot or gate is weighted_sum:
            return sum_of_products(gate, operands)
        return apply_to_branches(gate, operands) if gate.chooses else apply(gate, operands)

    def __add__(self, other: "Value | Number") -> "Value":
        return apply2(add, self, other)

    def __radd__(self, other: "Value | Number") -> "Value":
        if type(other) is int and other == 0:
            return self  # the 0 that sum() starts from is no gate; so sum([x]) is x itself
        return apply2(add, other, self)

    def __iadd__(self, other: "Value | Number") -> "Value":
        out = apply2(add, self, other)
        if type(other) is float and self._gate is None and self._grad != 0.0:
            _note_step(self, out, other / self._grad)
        return out

    def __isub__(self, other: "Value | Number") -> "Value":
        out = apply2(subtract, self, other)
        if type(other) is float and self._gate is None and self._grad != 0.0:
            _note_step(self, out, -other / self._grad)
        return out

    def __sub__(self, other: "Value | Number") -> "Value":
        return apply2(subtract, self, other)

    def __rsub__(self, other: "Value | Number") -> "Value":
        return apply2(subtract, other, self)

    def __mul__(self, other: "Value | Number") -> "Value":
        return apply2(multiply, self, other)

    def __rmul__(self, other: "Value | Number") -> "Value":
        return apply2(multiply, other, self)

    def __truediv__(self, other: "Value | Number") -> "Value":
        return apply2(divide, self, other)

    def __rtruediv__(self, other: "Value | Number") -> "Value":
        kind = type(other)
        if (kind is int or kind is float or is_number(other)) and other == 1:
            return apply1(reciprocal, self)
        return apply2(divide, other, self)

    def __pow__(self, other: "Value | Number", modulo: "None" = None) -> "Value":
        if modulo is not None:
            raise TypeError(MODULO)
        return apply2(power, self, other)

    def __rpow__(self, other: "Value | Number") -> "Value":
        return apply2(power, other, self)

    def __floordiv__(self, other: NoReturn) -> None:
        refuse_remainder(self, "//", "floor(x / y)")

    def __rfloordiv__(self, other: NoReturn) -> None:
        refuse_remainder(self, "//", "floor(x / y)")

    def __mod__(self, other: NoReturn) -> None:
        refuse_remainder(self, "%", "x - y * floor(x / y)")

    def __rmod__(self, other: NoReturn) -> None:
        refuse_remainder(self, "%", "x - y * floor(x / y)")

    def __neg__(self) -> "Value":
        return apply1(negate, self)

    def __pos__(self) -> "Value":
        return self

    def __abs__(self) -> "Value":
        return apply1(absolute, self)

    # What functions of NumPy ask each value of an array for

    def conjugate(self) -> "Value":
        """The value itself, as it is real; with this NumPy's `var`, `std`, `vdot` have gradients.

        >>> import numpy as np
        >>> x, y = Value(1.0), Value(3.0)
        >>> np.std(np.array([x, y])).backward(); x.grad, y.grad
        (-0.5, 0.5)
        """
        return self

    def fabs(self) -> "Value":
        """The gate `absolute`."""
        return apply1(absolute, self)

    def exp2(self) -> "Value":
        """2 to the x."""
        return apply2(power, 2.0, self)

    def degrees(self) -> "Value":
        """An angle in radians in degrees."""
        return apply2(multiply, self, 180.0 / math.pi)

    def radians(self) -> "Value":
        """An angle in degrees in radians."""
        return apply2(multiply, self, math.pi / 180.0)

    rad2deg = degrees
    deg2rad = radians

    def rint(self) -> NoReturn:
        """Refused, as `round` is."""
        raise no_way_out(self, "a rounded number", "Write round(v.data, 2).")

    def cbrt(self) -> NoReturn:
        """Refused: no gate has a cube root of negative numbers."""
        raise TypeError(f"{describe(self)}: there is no gate cbrt; write v ** (1 / 3) from 0 on")

    # Comparisons and truth are about the data; identity stays identity for sets and dictionaries.
    # Lists compare: `x in values`, `values.index(x)`, `values.remove(x)` find an equal number

    def __eq__(self, other: object) -> bool:
        return self._data == _compared(other) if _comparable(other) else NotImplemented

    def __ne__(self, other: object) -> bool:
        return self._data != _compared(other) if _comparable(other) else NotImplemented

    def __lt__(self, other: "Value | Number") -> bool:
        return self._data < _compared(other) if _comparable(other) else NotImplemented

    def __le__(self, other: "Value | Number") -> bool:
        return self._data <= _compared(other) if _comparable(other) else NotImplemented

    def __gt__(self, other: "Value | Number") -> bool:
        return self._data > _compared(other) if _comparable(other) else NotImplemented

    def __ge__(self, other: "Value | Number") -> bool:
        return self._data >= _compared(other) if _comparable(other) else NotImplemented

    def __hash__(self) -> int:
        if cython.compiled:
            return address(self)  # type: ignore[name-defined]  # noqa: F821
        else:  # noqa: RET505 (what is compiled has one branch alone)
            return object.__hash__(self)

    def __bool__(self) -> bool:
        if forbidding_blocks:
            report_access(COMPARES)
        return self._data != 0.0

    # Ways out of the circuit are refused: a gradient is never dropped silently. They return None
    # for type checkers, which so refuse `math.exp(v)`, too.

    def __float__(self) -> None:
        here = [name for name, gate in GATES.items() if gate.arity and hasattr(math, name)]
        raise no_way_out(
            self,
            "a plain float",
            "For the plain number write v.data, as in '%.2f' % v.data; f'{v:.2f}' takes the value "
            "itself. For functions of math use gates, v.exp() or exp(v) for math.exp(v), and so "
            f"{', '.join(here)}; v ** y, abs(v), total(values) for pow, fabs, fsum; "
            "mean(values) for fmean.",
        )

    def __int__(self) -> None:
        raise no_way_out(self, "a whole number", "Write int(v.data).")

    def __complex__(self) -> None:
        raise no_way_out(self, "a complex number", "Write complex(v.data).")

    def __index__(self) -> None:
        raise no_way_out(
            self, "an index or a count", "Write int(v.data), as in range(int(v.data))."
        )

    __trunc__ = __ceil__ = __float__

    def __floor__(self) -> "Value":
        return apply1(floor, self)

    def __round__(self, digits: int | None = None) -> None:
        raise no_way_out(
            self, "a rounded number", "Write round(v.data, 2); to print it, f'{v:.2f}'."
        )

    def as_integer_ratio(self) -> NoReturn:
        """Refused: `statistics.mean` and `Fraction` ask for it, and would drop the gradient."""
        raise no_way_out(
            self,
            "a fraction",
            "For statistics.mean(values) write mean(values); for the variance and "
            "what follows from it np.var(np.array(values)).",
        )

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
    """The signature of `Value` without what is refused, and which compiled code does not tell."""

    def __get__(self, instance: object, owner: Any) -> inspect.Signature:
        if owner.__init__ is not Value.__init__:
            raise AttributeError("a subclass has the signature of its own __init__")
        return inspect.signature(lambda data, label=None: None)


Value.__signature__ = _Signature()  # type: ignore[attr-defined]
if cython.compiled:
    Value.__name__ = "Value"  # not with the module in front, in messages of Python
else:
    del (
        Value.__setattr__
    )  # all that the engine writes would go through it, and take four times as long
for _name, _cure in CURES.items():
    if not hasattr(Value, _name):
        setattr(Value, _name, OtherName(_name, _cure))


def _leaf_of(value: Any) -> Value:
    return Value(value._data, value.label)


def _carry(value: Any) -> None:
    """Add upstream × local to the gradient of each input of a gate."""
    if value._gate is not None:
        check_current([value])
        for operand, local in zip(value.inputs, value.local_grads, strict=True):
            if local != 0.0 or not value._gate.routes:
                operand._grad += value._grad * local


_last_step: list[Any] = [0.0, lambda: None, lambda: None]
"""What was last added to a leaf in place, in multiples of its gradient; the leaf, and the sum.

It is global, for a leaf does not know what stands before it in a list.
"""


def _note_step(leaf: Any, out: Any, ratio: float) -> None:
    """Warn where leaf after leaf gets the same multiple of its gradient, and each sum is dropped.

    In `for p in parameters: p -= 0.1 * p.grad` that changes what the name p stands for, and no
    parameter. Where a name keeps the sum, nothing is said.
    """
    before, last_leaf, last_sum = _last_step
    dropped = last_sum() is None and last_leaf() is not None
    if dropped and ratio != 0.0 and math.isclose(ratio, before, rel_tol=1e-9):
        warnings.warn(LOST_STEP, stacklevel=2 if cython.compiled else 3)
    _last_step[:] = ratio, weakref.ref(leaf), weakref.ref(out)


def _comparable(other: object) -> bool:
    if forbidding_blocks:
        report_access(COMPARES)
    return isinstance(other, Value) or is_number(other)


def _compared(other: Any) -> Any:
    return other._data if isinstance(other, Value) else other


record_as(Value)


def gate(symbol: str, **rules: "Unpack[Rules]") -> Callable[[Callable[..., Any]], Gate]:
    """Enter a gate of your own into the table; decorates its forward rule `(math, *operands)`.

    Everything that the project does with gates follows from this one entry: the function, the
    method of `Value`, both passes, derivative circuits, diagrams, explanations, staged code.
    Type checkers know the function, but not the method. A gate of your own that is defined anew,
    as when a notebook's cell runs again, replaces the former; circuits computed with that one are
    to be computed again before they are explained or compiled.

    Args:
        symbol: what stands in the circle of a diagram.
        rules: `pattern`, `local_gradients`, and what else `Gate` takes.

    Raises:
        TypeError: if the symbol or the pattern is no text, or a rule is left out.
        ValueError: if a gate of this package, or something that values have, is called so already;
            or the forward rule has no name that can be called.
    """
    into_table = enter_gate(symbol, **rules)

    def enter(forward_rule: Callable[..., Any]) -> Gate:
        name = forward_rule.__name__
        if hasattr(Value, name) and name not in GATES:
            raise ValueError(f"Value has a {name} already; give the gate another name")
        entry = into_table(forward_rule)
        if not (entry.variadic or hasattr(Value, name)):
            setattr(Value, name, _method(entry))
        return entry

    return enter


def _method(entry: Gate) -> Callable[..., Any]:
    """A gate as a method of its first operand: the gate that the table then has."""

    def method(self: Value, *others: Any, **named: Any) -> Any:
        return GATES[entry.name](self, *others, **named)

    method.__name__ = entry.name
    method.__qualname__ = f"Value.{entry.name}"
    method.__doc__ = entry.__doc__
    return method
