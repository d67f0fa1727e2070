"""What a gate is: a name, a symbol, a forward rule and its local gradients."""

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, overload

from autograd_core import floats
from autograd_core.coerce import Number, to_float
from autograd_core.errors import describe, domain_errors
from autograd_core.languages.kernel_text import has_kernel, python_kernel
from autograd_core.node import Node

try:
    import cython
except ModuleNotFoundError:
    from autograd_core import _cython as cython

if TYPE_CHECKING:
    from typing import TypedDict

    from typing_extensions import Required, Self, Unpack

    class Rules(TypedDict, total=False):
        """The keywords of `@gate`, for type checkers; `Gate` says what each is."""

        pattern: Required[str]
        local_gradients: Required[Sequence[Callable[..., Any]]]
        commutes: bool
        variadic: bool
        scalars: int
        routes: bool
        steep: bool | Callable[..., Any]
        expansion: Callable[..., Any] | None
        domain: "Sequence[Domain]"
        kink: Callable[..., Any] | None
        many: str | None
        chooses: bool


compiled: bool = cython.compiled
"""Whether this is compiled code; otherwise Python runs the module as it is written."""

Formula = Callable[..., Any]
SomeNode = TypeVar("SomeNode", bound=Node)


@dataclass(frozen=True)
class Domain:
    """Numbers that a gate cannot take.

    `outside` tells of the operands whether they are such numbers (it works on floats and, element
    by element, on arrays), `error` is the exception to raise then, and `reason` its words.
    """

    outside: Callable[..., Any]
    error: type[Exception]
    reason: str


def rule_error(gate: "Gate", error: Exception) -> Exception:
    """What to raise where a rule of a gate fails on a number system."""
    kind = AttributeError if isinstance(error, AttributeError) else TypeError
    return kind(
        f"a rule of the gate {gate.name} fails: {error}. Rules are put through numbers, arrays, "
        "values and text, so they compute with + - * / and functions of the `math` that they are "
        "given, not Python's or NumPy's: math.sin(x), math.absolute(x), math.power(x, 2.0) for "
        "x ** 2; and where Python has `if`, math.where(math.greater(x, 0.0), a, b)"
    )


def _no_kernel(x: float, y: float, z: float, wanted: int) -> Any:
    """The kernel of a gate that has none of its own: it leaves all numbers to the rules."""
    if cython.compiled:
        return cython.NULL
    else:  # noqa: RET505 (what is compiled has one branch alone)
        return ()


@cython.cclass
class Kernel:
    """Evaluates a gate on plain floats at once, where it takes up to three numbers.

    `run(x, y, z, wanted)` answers with the output and three local gradients, of which those are
    computed whose bit is set in `wanted`; or with nothing, where the gate refuses the numbers or
    has no kernel. Compiled it is a C function, else a function that is printed from the rules when
    it is first called.

    Attributes:
        arity: how many operands the gate takes; 0 for a variadic gate.
        routes: whether an operand with a local gradient of 0 was not let through.
    """

    def __init__(self, arity: int, routes: bool) -> None:
        self.arity = arity
        self.routes = routes
        self.run = _no_kernel


class Gate(Kernel):
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
        variadic: whether operands are lists of numbers of one length (`dot`), not one number each.
        scalars: of a variadic gate, how many of the last operands are one number each.
        routes: whether it hands the gradient to the operands that it lets through, so that one with
            a local gradient of 0 gets nothing, even where 0 · ∞ would be nan: max, where, ReLU, and
            step, which lets none through.
        steep: a rule `(*operands)` for whether the output or a slope may be infinite where operands
            are finite, as for eˣ and √x.
        expansion: the same function written with simpler gates, or None if it is elementary.
        domain: the numbers that it refuses.
        many: the name of the variadic gate that takes more operands than this one.
        chooses: whether the second operand is the output where the first is not 0, else the third;
            these two may be functions.
        kink: a rule `(*operands)` for a number that changes sign where the gate has a corner or a
            jump, or None if it is smooth.
    """

    def __init__(
        self,
        forward: Formula,
        *,
        symbol: str,
        pattern: str,
        local_gradients: Sequence[Formula],
        commutes: bool = False,
        variadic: bool = False,
        scalars: int = 0,
        routes: bool = False,
        steep: bool | Formula = False,
        expansion: Formula | None = None,
        domain: Sequence[Domain] = (),
        kink: Formula | None = None,
        many: str | None = None,
        chooses: bool = False,
    ) -> None:
        signature = inspect.signature(forward)
        parameters = list(signature.parameters.values())[1:]
        if len(parameters) != len(local_gradients):
            raise ValueError(
                f"gate {forward.__name__} has {len(parameters)} operands "
                f"but {len(local_gradients)} local gradients"
            )
        super().__init__(0 if variadic else len(parameters), routes)
        self.name = self.__name__ = forward.__name__
        self.__doc__ = forward.__doc__
        self.__module__ = forward.__module__
        plain = [p.replace(annotation=inspect.Parameter.empty) for p in parameters]
        if many is not None:
            plain.append(inspect.Parameter("more", inspect.Parameter.VAR_POSITIONAL))
        self.__signature__ = inspect.Signature(plain)
        self.symbol = symbol
        self.pattern = pattern
        self.forward = forward
        self.local_gradients = tuple(local_gradients)
        self.commutes = commutes
        self.variadic = variadic
        self.scalars = scalars
        self.steep = steep if callable(steep) else lambda *operands: steep
        self.expansion = expansion
        self.domain = tuple(domain)
        self.kink = kink
        self.many = many
        self.chooses = chooses
        self.parameters = tuple(p.name for p in parameters)
        self.defaults = {
            p.name: p.default for p in parameters if p.default is not inspect.Parameter.empty
        }

    @overload
    def __call__(  # type: ignore[overload-overlap]
        self, *operands: Number, **named: Number
    ) -> float: ...
    @overload
    def __call__(  # type: ignore[overload-overlap]
        self, *operands: Iterable[Number]
    ) -> float: ...
    @overload
    def __call__(
        self,
        *operands: Iterable[SomeNode | Number] | SomeNode | Number,
        **named: SomeNode | Number,
    ) -> SomeNode: ...
    def __call__(self, *operands: Any, **named: Any) -> Any:
        """Apply the gate: to values it is recorded, to plain numbers it returns a plain float."""
        if named or len(operands) != len(self.parameters):
            if self.many is not None and not named and len(operands) > len(self.parameters):
                return GATES[self.many](operands)
            operands = self._bind(operands, named)
        if self.variadic:
            operands = self._row(operands)
        for operand in operands:
            if isinstance(operand, Node):
                return operand._apply(self, operands)  # type: ignore[attr-defined]
        if self.chooses:
            return self.choose(*operands)
        numbers = [to_float(operand, self.name) for operand in operands]
        return self.by_rules(numbers, numbers)[0]

    def choose(self, condition: Any, *branches: Any) -> Any:
        """The output of a gate that chooses, for a condition that decides here and now.

        Args:
            condition: a number.
            branches: values, numbers, and functions, of which the one that is taken is called.
        """
        taken = branches[0 if to_float(condition, self.name) else 1]
        out = taken() if callable(taken) else taken
        return out if isinstance(out, Node) else to_float(out, f"a branch of {self.name}")

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
            hint = f"; of a list, {self.name}(*values)" if self.many is not None else ""
            raise TypeError(f"{self.name}({names}) needs {' and '.join(missing)}{hint}")
        return tuple(bound[name] for name in self.parameters)

    def _row(self, operands: tuple[Any, ...]) -> tuple[Any, ...]:
        """The lists that a variadic gate takes, and the single numbers after them, as one row."""
        count = len(self.parameters) - self.scalars
        lists = []
        for name, operand in zip(self.parameters[:count], operands, strict=False):
            if isinstance(operand, (str, bytes)) or not isinstance(operand, Iterable):
                raise TypeError(f"{self.name} takes its {name} as a list, not {describe(operand)}")
            lists.append(list(operand))
        if any(len(values) != len(lists[0]) for values in lists):
            sizes = [
                f"{len(values)} {name}"
                for values, name in zip(lists, self.parameters, strict=False)
            ]
            raise ValueError(f"{self.name} needs lists of one length, not {' and '.join(sizes)}")
        return (*[x for values in lists for x in values], *operands[count:])

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
        lists = len(self.parameters) - self.scalars
        size = (len(operands) - self.scalars) // lists
        starts = [size * position for position in range(lists)]
        groups = [tuple(operands[start : start + size]) for start in starts]
        return [*groups, *operands[len(operands) - self.scalars :]]

    def evaluate(self, math: Any, operands: Sequence[Any]) -> Any:
        """The output for operands in a row.

        Raises:
            TypeError, AttributeError: if the rule fails on this number system; the message names
                the gate.
        """
        try:
            return self.forward(math, *self.group(operands))
        except (AttributeError, TypeError) as error:
            raise rule_error(self, error) from error

    def differentiate(
        self, math: Any, out: Any, operands: Sequence[Any], wanted: Sequence[bool]
    ) -> list[Any]:
        """∂out/∂operand for each operand of the row that is wanted, and None for the others.

        Raises:
            TypeError, AttributeError: if a rule fails on this number system; the message names the
                gate.
        """
        groups = self.group(operands)
        row: list[Any] = []
        try:
            if not self.variadic:
                return [
                    formula(math, out, *operands) if want else None
                    for formula, want in zip(self.local_gradients, wanted)  # noqa: B905 (hot)
                ]
            for formula, group in zip(self.local_gradients, groups, strict=True):
                local = formula(math, out, *groups)
                row += local if isinstance(group, tuple) else [local]
        except (AttributeError, TypeError) as error:
            raise rule_error(self, error) from error
        return [local if want else None for local, want in zip(row, wanted, strict=True)]

    def by_rules(
        self, numbers: Sequence[float], operands: Sequence[Any]
    ) -> tuple[float, list[float]]:
        """The output and the local gradients on plain floats, by the rules of the table.

        Args:
            numbers: the numbers in the operands.
            operands: the operands themselves; the local gradient for a constant, a plain float, is
                not computed and stands as 0.

        Raises:
            ValueError, ZeroDivisionError: if the gate is not defined for these numbers; the message
                names the gate, the labels and the numbers.
            TypeError: if a rule gives no number.
        """
        for domain in self.domain:
            if domain.outside(*self.group(numbers)):
                raise domain.error(f"{self._call(operands)}: {domain.reason}")
        wanted = [type(operand) is not float for operand in operands]
        try:
            out = self.evaluate(floats, numbers)
            local_gradients = self.differentiate(floats, out, numbers, wanted)
        except domain_errors as error:
            kind = next(kind for kind in domain_errors if isinstance(error, kind))
            raise kind(f"{self._call(operands)}: {error}") from None
        if type(out) is not float:
            out = to_float(out, f"what the gate {self.name} computes")
        return out, [
            local
            if type(local) is float
            else to_float(local, f"a local gradient of the gate {self.name}")
            if want
            else 0.0
            for local, want in zip(local_gradients, wanted)  # noqa: B905 (hot)
        ]

    def _call(self, operands: Sequence[Any]) -> str:
        """A call of the gate as it was made, for messages."""
        return f"{self.name}({', '.join(describe(operand) for operand in operands)})"

    def __get__(self, instance: object, owner: Any = None) -> "Self":
        """The gate itself: with this, `help` shows its signature, as it does of routines alone."""
        return self

    def __repr__(self) -> str:
        return f"<gate {self.name}>"

    def __reduce__(self) -> str:
        return self.name


GATES: dict[str, Gate] = {}
"""The gate table: every gate by its name, in the order of its definition."""


def name_in_table(entry: Gate) -> str:
    """The name under which the table has a gate.

    Raises:
        ValueError: if it has another gate there, which was defined since.
    """
    if GATES.get(entry.name, entry) is not entry:
        raise ValueError(
            f"the gate {entry.name} has been defined anew since this circuit was computed with it: "
            "compute the circuit again"
        )
    return entry.name


def gate(symbol: str, **rules: "Unpack[Rules]") -> Callable[[Formula], Gate]:
    """Enter a gate into the table; decorates its forward rule `(math, *operands)`.

    See `Gate` for the rules it takes.

    Raises:
        TypeError: if the symbol or the pattern is no text, or a rule is left out.
        ValueError: if the name of the forward rule is none, or that of a gate of this package.
    """
    for text in (symbol, rules.get("pattern", "")):
        if not isinstance(text, str):
            raise TypeError(
                f"@gate takes the gate's symbol, and its pattern, as text, not {text!r}: "
                '@gate("x²", pattern="times 2x", local_gradients=[…])'
            )

    missing = [name for name in ("pattern", "local_gradients") if name not in rules]
    if missing:
        raise TypeError(
            f"@gate({symbol!r}) needs {' and '.join(missing)} too: what the gate does to the "
            "gradient, in words, and for each operand a formula. For x² that is "
            '@gate("x²", pattern="times 2x", local_gradients=[lambda math, out, x: 2 * x])'
        )
    formulas = rules["local_gradients"]
    if not isinstance(formulas, Iterable) or not all(map(callable, formulas := [*formulas])):
        raise TypeError(
            f"@gate({symbol!r}): local_gradients is a list with a formula for each operand, "
            f"[lambda math, out, x: 2 * x], not {formulas!r}"
        )
    rules["local_gradients"] = formulas

    def enter(forward: Formula) -> Gate:
        entry = Gate(forward, symbol=symbol, **rules)
        if not entry.name.isidentifier():
            raise ValueError(
                f"a gate is called as its forward rule is, and {entry.name} is no name; write the "
                "rule with def"
            )
        known = GATES.get(entry.name)
        if known is not None and known.__module__.startswith("autograd_core."):
            raise ValueError(
                f"there is a gate called {entry.name} already; give yours another name"
            )
        GATES[entry.name] = entry  # in place of the one that a cell has made before
        return entry

    return enter


def install_python_kernels(gates: Iterable[Gate]) -> None:
    """Give gates kernels that are printed and compiled by Python when they are first called."""
    for entry in gates:
        if has_kernel(entry):
            entry.run = partial(_print_and_run, entry)


def _print_and_run(entry: Gate, *numbers: Any) -> Any:
    entry.run = python_kernel(entry)
    return entry.run(*numbers)
