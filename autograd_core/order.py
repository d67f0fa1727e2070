"""The order of the two passes: topological, found without recursion."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograd_core.value import Value


def all_values(*outputs: "Value") -> list["Value"]:
    """Every value of a circuit, leaves included, each after everything that it was computed from.

    Of several outputs the circuit of the first comes first.

    Depth first, inputs in the order in which they are written, so that the same circuit gives the
    same order on every run. The stack is explicit: a chain of a million gates is ordinary.

    >>> from autograd_core import Value
    >>> x, y = Value(2.0, "x"), Value(3.0, "y")
    >>> [value.label or value.gate.name for value in all_values(x * x.exp() + y)]
    ['x', 'exp', 'multiply', 'y', 'add']
    """
    order: list[Value] = []
    seen: set[Value] = set()
    stack: list[Value | None] = [*reversed(outputs)]
    while stack:
        value = stack.pop()
        if value is None:  # all inputs of the value below this mark are in order
            order.append(stack.pop())  # type: ignore[arg-type]
        elif value not in seen:
            seen.add(value)
            if value._gate is None:
                order.append(value)
            else:
                stack += [value, None, *reversed(value.inputs)]
    return order


def topological_order(output: "Value") -> list["Value"]:
    """The outputs of gates in a circuit, in the order of `all_values`.

    The same walk, kept to what `backward` needs at every pass: it leaves out the leaves, and reads
    the fields of a value rather than its properties.

    >>> from autograd_core import Value
    >>> x = Value(2.0)
    >>> [value.gate.name for value in topological_order(x * x + x.exp())]
    ['multiply', 'exp', 'add']
    """
    order: list[Value] = []
    seen: set[Value] = set()
    stack: list[Value | None] = [output] if output._gate is not None else []
    while stack:
        value = stack.pop()
        if value is None:  # all inputs of the value below this mark are in order
            order.append(stack.pop())  # type: ignore[arg-type]
            continue
        if value in seen:
            continue
        seen.add(value)
        stack.append(value)
        stack.append(None)
        first, second = value._first, value._second
        if type(first) is tuple:
            stack.extend(
                [x for x in reversed(first) if type(x) is not float and x._gate is not None]
            )
            continue
        if second is not None and type(second) is not float and second._gate is not None:
            stack.append(second)
        if type(first) is not float and first._gate is not None:
            stack.append(first)
    return order
