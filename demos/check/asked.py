"""What a student's file is asked: circuits, and what is said of numbers that are wrong.

A file computes a circuit, and so does `demos.engine`. Where the numbers differ, they are compared
with those of the same engine with a mistake planted in it, one mistake after the other; the one
that gives the student's numbers is named.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from difflib import get_close_matches
from math import isfinite
from types import ModuleType
from typing import Any

from demos import engine
from demos.check.slips import SLIPS, engine_with

Numbers = dict[str, float]
"""What a circuit gave: data and gradients by the names of the values, `x` and `x.grad`."""


class MistakeError(Exception):
    """What is wrong with a file, in words."""


class MissingError(MistakeError):
    """A name that the step asks for is not there."""


class StoppedError(Exception):
    """An error was raised, by the file or by what it returned, while this was being done."""


@contextmanager
def doing(what: str) -> Iterator[None]:
    """Where an error is raised meanwhile, it is said that this was being done."""
    try:
        yield
    except (MistakeError, StoppedError):
        raise
    except Exception as error:
        raise StoppedError(what) from error


def named(module: ModuleType, name: str) -> Any:
    """What the file calls by this name.

    Raises:
        MissingError: if it has no such name.
    """
    if hasattr(module, name):
        return getattr(module, name)
    close = get_close_matches(name, [own for own in vars(module) if own[0] != "_"], 1, 0.5)
    hint = f" (It has `{close[0]}`.)" if close else ""
    raise MissingError(f"There is no `{name}` in the file.{hint}")


def attribute(thing: Any, name: str, of: str) -> Any:
    """An attribute of what the file has made.

    Raises:
        MissingError: if it has none.
    """
    if not hasattr(thing, name):
        kind = type(thing).__name__
        raise MissingError(f"{of} is a {kind} without `.{name}`.")
    return getattr(thing, name)


def number(thing: Any, name: str, of: str) -> float:
    """An attribute that is a plain number.

    Raises:
        MistakeError: if it is something else.
    """
    found = attribute(thing, name, of)
    if not isinstance(found, int | float):
        raise MistakeError(f"`{of}.{name}` is {found!r}, and has to be a plain number.")
    return float(found)


def close(one: float, other: float) -> bool:
    """Whether two numbers are the same, but for rounding."""
    return isfinite(one) and abs(one - other) <= 1e-9 * max(1.0, abs(other))


@dataclass(frozen=True)
class Circuit:
    """A small circuit: its gates as statements, and the numbers of its leaves.

    Attributes:
        text: `name = expression` on each line; the last one is the output.
        leaves: the numbers.
        order: the names of the gates whose `_backward` is called, one after the other. If there are
            none, the output's `backward` is; None for the forward pass alone.
    """

    text: str
    leaves: Numbers
    order: tuple[str, ...] | None = ()

    def __str__(self) -> str:
        numbers = ", ".join(f"{name} = {number:g}" for name, number in self.leaves.items())
        first, *others = self.text.splitlines()
        lines = [f"    {first:24}  with {numbers}", *(f"    {line}" for line in others)]
        if self.order:
            calls = [f"{name}._backward()" for name in self.order]
            lines.append(f"    {self.order[0]}.grad = 1.0; {'; '.join(calls)}")
        elif self.order is not None:
            lines.append(f"    {self.output}.backward()")
        return "\n".join(lines)

    @property
    def names(self) -> list[str]:
        """The names of all values, the output first, and the leaves last."""
        gates = [line.partition(" = ")[0] for line in self.text.splitlines()]
        return [*reversed(gates), *self.leaves]

    @property
    def output(self) -> str:
        """The name of the output."""
        return self.names[0]

    def forward(self, module: ModuleType) -> dict[str, Any]:
        """All values of an engine by name, after the forward pass."""
        kind = named(module, "Value")
        values: dict[str, Any] = {name: kind(number) for name, number in self.leaves.items()}
        for line in self.text.splitlines():
            name, _, expression = line.partition(" = ")
            values[name] = made = eval(expression, {}, values)
            if not isinstance(made, kind):
                hint = " Is the `return` missing?" if made is None else ""
                raise MistakeError(
                    f"{self}\n\n`{expression}` is {made!r}, and has to be a Value.{hint}"
                )
        return values

    def values(self, module: ModuleType) -> dict[str, Any]:
        """All values of an engine by name, after the forward and the backward pass."""
        values = self.forward(module)
        if self.order is None:
            return values
        if not self.order:
            attribute(values[self.output], "backward", self.output)()
            return values
        values[self.output].grad = 1.0
        for name in self.order:
            pass_on = attribute(values[name], "_backward", name)
            if pass_on is None:
                raise MistakeError(
                    f"{self}\n\n`{name}._backward` is None: keep the function itself, "
                    "`out._backward = _backward`, without calling it."
                )
            pass_on()
        return values

    def wrong_order(self, module: ModuleType) -> str:
        """What is wrong with the order in which `backward` calls the `_backward` of the gates.

        Nothing is said where it is right, or where `backward` does not call them.
        """
        values, order = self.forward(module), []
        for name in self.names:
            if name not in self.leaves:
                own = values[name]._backward

                def noted(name: str = name, own: Callable[[], None] = own) -> None:
                    order.append(name)
                    own()

                values[name]._backward = noted
        values[self.output].backward()
        says = f"Your gates pass their gradients on in the order {', '.join(order)}. "
        gates = dict(line.split(" = ") for line in self.text.splitlines())
        for name in order:
            if order.count(name) > 1:
                return (
                    f"{says}{name} does so {order.count(name)} times, for it is used twice. Make a "
                    "list of all values first, each once, and then go through it."
                )
        if order and order[0] != self.output:
            return f"{says}{self.output}, the output, has to be first: go `reversed(order)`."
        for place, name in enumerate(order):
            late = [user for user, text in gates.items() if re.search(rf"\b{name}\b", text)]
            late = [user for user in late if user not in order[:place]]
            if late:
                return (
                    f"{says}But {late[0]} uses {name}, so {name} has to wait for it: sort "
                    "topologically, each value after all that it was computed from; then go "
                    "through that backwards."
                )
        if order and len(order) < len(gates):
            return f"{says}Each gate of the circuit has to do so."
        return ""

    def numbers(self, module: ModuleType) -> Numbers:
        """What an engine makes of the circuit."""
        values = self.values(module)
        found = {name: number(values[name], "data", name) for name in self.names}
        if self.order is None:
            return found
        return found | {f"{name}.grad": number(values[name], "grad", name) for name in self.names}

    def check(
        self, module: ModuleType, step: int, circuits: Sequence["Circuit"] | None = None
    ) -> None:
        """See that a file computes the same numbers as the engine.

        Args:
            module: the file.
            step: the step that asks for it.
            circuits: all those of the step, this one among them.

        Raises:
            MistakeError: if it does not, with the reason, where it is known.
            StoppedError: if an error was raised.
        """
        with doing(str(self)):
            found = self.numbers(module)
        right = self.numbers(engine)
        wrong = [name for name in right if not close(found[name], right[name])]
        if not wrong:
            return
        where = wrong[0]
        name, is_gradient, _ = where.partition(".grad")
        what = f"The gradient of {name}" if is_gradient else name
        says = f"{self}\n\n{what} should be {right[where]:.6g}, yours is {found[where]:.6g}."
        why = ""
        if self.order == ():
            with suppress(Exception):  # files that are written otherwise
                why = self.wrong_order(module)
        circuits = circuits or [self]
        asked = [circuit.numbers for circuit in circuits]
        why = why or reason(asked, circuits.index(self), module, step, name)
        why = why or self.explanation(name)
        raise MistakeError(f"{says} {why}")

    def explanation(self, name: str) -> str:
        """How the gradient of a value comes about, or its number."""
        values = self.values(engine)
        told = []
        for consumer in reversed(self.names):
            gate = values[consumer]
            for operand, local in zip(gate.operands, gate.local, strict=True):
                if operand is values[name]:
                    told.append(
                        f"from {consumer}, upstream {gate.grad:.6g} × local {local:.6g} = "
                        f"{gate.grad * local:.6g}"
                    )
        if self.order is None or not told:
            return ""
        return f"It gets {'; and '.join(told)}."


Computation = Callable[[ModuleType], Any]
"""What is asked of an engine: it returns numbers by their names."""


def reason(asked: Sequence[Computation], at: int, module: ModuleType, step: int, name: str) -> str:
    """What to say of wrong numbers: the slip that gives the same ones, if there is one.

    Args:
        asked: all that the step asks of a file.
        at: which of it has given the wrong numbers; what comes before it was right.
        module: the file.
        step: whose slips come first, before those of earlier steps.
        name: the value whose number is wrong.
    """
    found = [_attempt(compute, module) for compute in asked]
    known = sorted((slip for slip in SLIPS if slip.step <= step), key=lambda slip: -slip.step)
    for upto in (len(asked), at + 1):  # a file may have more than one mistake
        for slip in known:
            numbers = (_attempt(compute, engine_with(slip.wrong, slip.right)) for compute in asked)
            if all(_same(one, other) for one, other in zip(found[:upto], numbers, strict=False)):
                return slip.says.format(name=name)
    return ""


def _attempt(compute: Computation, module: ModuleType) -> Any:
    """What an engine computes; None where it raises an error."""
    try:
        return compute(module)
    except Exception:
        return None


def _same(one: Any, other: Any) -> bool:
    """Whether two results agree, number by number."""
    if one is None or other is None:
        return one is other
    return all(close(one[name], other[name]) for name in one)


def of(text: str, order: str | None = "", **leaves: float) -> Circuit:
    """A circuit, with its statements on one line and its order as one word."""
    return Circuit(text.replace("; ", "\n"), leaves, None if order is None else tuple(order))
