"""What a gate is: a name, a symbol, a forward rule and its local gradients."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, overload

if TYPE_CHECKING:
    from autograd_core.value import Value

Formula = Callable[..., Any]


@dataclass(frozen=True)
class Domain:
    """Numbers that a gate cannot take.

    `outside` tells of the operands whether they are such numbers (it works on floats and, element
    by element, on arrays), `error` is the exception to raise then, and `reason` its words.
    """

    outside: Callable[..., Any]
    error: type[Exception]
    reason: str


class Gate:
    """One kind of operation; its rules hold for whatever numbers are put through them.

    A gate is made from its forward rule by the decorator `gate`, and then called like a function:
    on a `Value` it records itself, on plain numbers it returns a plain number.

    Attributes:
        name: what it is called, as a function and as a method of `Value`.
        symbol: what stands in the circle of a diagram.
        pattern: what it does to the gradient that flows back, in words.
        forward: the rule `forward(math, *operands)`, where `math` is a number system such as
            `autograd_core.floats`.
        local_gradients: for each parameter a rule `(math, out, *operands)` for ∂out/∂operand,
            where `out` is the gate's own output.
        parameters: the names of its operands.
        defaults: numbers for operands that may be left out, such as the slope of a leaky ReLU.
        commutes: whether the operands may change places without changing the output.
        variadic: whether each operand is a list of numbers (`dot`) rather than one number.
        expansion: the same function written with simpler gates, or None if it is elementary.
        domain: the numbers that it refuses.
        kink: a rule `(*operands)` for a number that changes sign where the gate has a corner or a
            jump, or None if it is smooth.
    """

    # A gate knows nothing of values. What a call does, and what else a new gate is owed, the
    # engine plugs in here.
    call: ClassVar[Callable[["Gate", tuple[Any, ...]], Any]]
    welcome: ClassVar[Callable[["Gate"], None]] = staticmethod(lambda entry: None)

    def __init__(
        self,
        forward: Formula,
        *,
        symbol: str,
        pattern: str,
        local_gradients: Sequence[Formula],
        commutes: bool = False,
        variadic: bool = False,
        expansion: Formula | None = None,
        domain: Sequence[Domain] = (),
        kink: Formula | None = None,
    ) -> None:
        signature = inspect.signature(forward)
        parameters = list(signature.parameters.values())[1:]
        if len(parameters) != len(local_gradients):
            raise ValueError(
                f"gate {forward.__name__} has {len(parameters)} operands "
                f"but {len(local_gradients)} local gradients"
            )
        self.name = self.__name__ = forward.__name__
        self.__doc__ = forward.__doc__
        self.__module__ = forward.__module__
        self.__signature__ = signature.replace(parameters=parameters)
        self.symbol = symbol
        self.pattern = pattern
        self.forward = forward
        self.local_gradients = tuple(local_gradients)
        self.commutes = commutes
        self.variadic = variadic
        self.expansion = expansion
        self.domain = tuple(domain)
        self.kink = kink
        self.parameters = tuple(p.name for p in parameters)
        self.defaults = {
            p.name: p.default for p in parameters if p.default is not inspect.Parameter.empty
        }

    @overload
    def __call__(self, *operands: float, **named: float) -> float: ...
    @overload
    def __call__(self, *operands: Sequence[float]) -> float: ...
    @overload
    def __call__(self, *operands: Any, **named: Any) -> "Value": ...
    def __call__(self, *operands: Any, **named: Any) -> Any:
        """Apply the gate: to values it is recorded, to plain numbers it returns a plain float."""
        if named or len(operands) != len(self.parameters):
            operands = self._bind(operands, named)
        return Gate.call(self, operands)

    def _bind(self, operands: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
        """Put operands given by name, and those left out, in their places."""
        names = ", ".join(self.parameters)
        if len(operands) > len(self.parameters):
            hint = f"; put them in a list, {self.name}([…])" if self.variadic else ""
            raise TypeError(f"{self.name}({names}) got {len(operands)} operands{hint}")
        bound = dict(zip(self.parameters, operands, strict=False))
        for name, operand in named.items():
            if name not in self.parameters:
                raise TypeError(f"{self.name}({names}) has no operand called {name!r}")
            if name in bound:
                raise TypeError(f"{self.name}({names}) got {name!r} twice")
            bound[name] = operand
        bound = self.defaults | bound
        missing = [name for name in self.parameters if name not in bound]
        if missing:
            raise TypeError(f"{self.name}({names}) needs {' and '.join(missing)}")
        return tuple(bound[name] for name in self.parameters)

    @property
    def infix(self) -> bool:
        """Whether Python writes the gate between its operands."""
        return self.symbol in ("+", "-", "*", "/", "**")

    def group(self, operands: Sequence[Any]) -> Sequence[Any]:
        """Operands in a row, as the rules take them: a variadic gate's rules take lists.

        >>> from autograd_core import dot
        >>> dot.group((1, 2, 30, 40))
        [(1, 2), (30, 40)]
        """
        if not self.variadic:
            return operands
        size = len(operands) // len(self.parameters)
        starts = [size * position for position in range(len(self.parameters))]
        return [tuple(operands[start : start + size]) for start in starts]

    def evaluate(self, math: Any, operands: Sequence[Any]) -> Any:
        """The output for operands in a row."""
        return self.forward(math, *self.group(operands))

    def differentiate(
        self, math: Any, out: Any, operands: Sequence[Any], wanted: Sequence[bool]
    ) -> list[Any]:
        """∂out/∂operand for each operand of the row that is wanted, and None for the others."""
        if not self.variadic:
            return [
                formula(math, out, *operands) if want else None
                for formula, want in zip(self.local_gradients, wanted, strict=True)
            ]
        groups = self.group(operands)
        row = [local for formula in self.local_gradients for local in formula(math, out, *groups)]
        return [local if want else None for local, want in zip(row, wanted, strict=True)]

    def __repr__(self) -> str:
        return f"<gate {self.name}>"

    def __reduce__(self) -> str:
        return self.name


GATES: dict[str, Gate] = {}
"""The gate table: every gate by its name, in the order of its definition."""


def gate(symbol: str, **rules: Any) -> Callable[[Formula], Gate]:
    """Enter a gate into the table; decorates its forward rule `(math, *operands)`.

    Everything that the project does with gates follows from this one entry: the function, the
    method of `Value`, both passes, derivative circuits, diagrams, explanations, staged code.
    See `Gate` for the rules it takes.
    """

    def enter(forward: Formula) -> Gate:
        entry = Gate(forward, symbol=symbol, **rules)
        if entry.name in GATES:
            raise ValueError(f"there is a gate called {entry.name} already")
        Gate.welcome(entry)
        GATES[entry.name] = entry
        return entry

    return enter
