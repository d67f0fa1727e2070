# cython: boundscheck=False, wraparound=False
"""The two passes over a graph: gradients carried backward, and numbers computed anew, forward.

Both read what was recorded, and what was recorded goes stale: a leaf can be edited, or a gate that
graphs share be evaluated again, after a graph was computed from it. What was recorded then no
longer follows from the leaf, and gradients computed from it would be those of neither number. So
whatever reads a graph asks `check_current` first.
"""

from collections.abc import Sequence
from math import copysign

from autograd_core.apply import evaluate
from autograd_core.branches import CURE, is_needed
from autograd_core.errors import describe, domain_errors
from autograd_core.node import Node, clock, is_newer, link
from autograd_core.toposort import all_values, one_at_a_time, topological_order

try:
    import cython
except ModuleNotFoundError:
    from autograd_core import _cython as cython


def backward_pass(output: Node, upstream: float) -> None:
    """Add upstream × local to the gradient of every operand of every gate, in reverse order.

    When a gate's turn comes, all its consumers have had theirs, so its gradient is complete.

    Args:
        output: what is differentiated.
        upstream: the gradient that arrives there.
    """
    order = topological_order(output)
    check_current(order)
    for node in order:
        node._grad = 0.0
    arrived = output._mark = output._mark + 1  # the mark of what a gradient has arrived at
    output._grad += upstream
    for node in reversed(order):
        if node._mark < arrived:
            continue  # only branches that were not taken lead here
        if node._more is not None:
            node._more.pull(node, arrived)
        if node._first is not None:
            carry(node, node._first, node._first_local, arrived)
        if node._second is not None:
            carry(node, node._second, node._second_local, arrived)


def carry(node: Node, operand: Node, local: float, arrived: int) -> None:
    """Add upstream × local to the gradient of an operand.

    Nothing goes to an operand that a router (max, ReLU …) did not let through, even where the
    upstream gradient is infinite and 0 · ∞ would be nan.
    """
    if local != 0.0 or not node._gate.routes:
        operand._grad += node._grad * local
        operand._mark = arrived


if not cython.compiled:
    backward_pass = one_at_a_time(backward_pass)


def forward(output: Node) -> None:
    """Evaluate a graph again; if a gate refuses its numbers, the graph stays as it was."""
    order = topological_order(output)
    before = [
        (n._data, n._stamp, n._more, n._first, n._first_local, n._second, n._second_local)
        for n in order
    ]
    time = clock.edit()  # later than any gate that was computed from the present numbers
    clock.recorded = True
    try:
        for node in order:
            operands = node.operands
            node._data, local_gradients = evaluate(node._gate, operands)
            link(node, operands, local_gradients)
            node._stamp = time
    except BaseException as error:
        for n, fields in zip(order, before, strict=True):
            n._data, n._stamp, n._more, n._first, n._first_local, n._second, n._second_local = (
                fields
            )
        if isinstance(error, domain_errors) and not is_needed(
            node, [output], lambda n: n._gate, lambda n: n.operands, lambda n: n._data
        ):
            raise type(error)(f"{error}{CURE}") from None
        raise


def check_current(order: Sequence[Node]) -> None:
    """See that the numbers that were recorded follow from the leaves as they are now.

    A gate is evaluated again if an operand is newer. Where data and local gradients come out the
    same bit for bit, as after a nudge that was taken back, all is well.

    Args:
        order: the outputs of gates in topological order.

    Raises:
        ValueError: if they do not follow; nothing has changed.
    """
    present = clock.present()
    for node in order:
        if node._stamp != present and (
            is_newer(node._first, node)
            or is_newer(node._second, node)
            or (node._more is not None and node._more.edited_since(node))
        ):
            _verify(node)


def _verify(node: Node) -> None:
    """Evaluate a gate again, and stamp it if its numbers are what they were."""
    operands = node.operands
    recorded = [node._data, *node.local_grads]
    try:
        data, local_gradients = evaluate(node._gate, operands)
    except domain_errors:
        raise ValueError(_stale(node)) from None
    pairs = zip(operands, local_gradients, strict=True)
    now = [data, *[local for operand, local in pairs if isinstance(operand, Node)]]
    if not all(_same(one, other) for one, other in zip(recorded, now, strict=True)):
        raise ValueError(_stale(node))
    node._stamp = clock.now
    clock.recorded = True


def _same(one: float, other: float) -> bool:
    """Whether two numbers are equal bit for bit; every nan is like every other."""
    if one == other:
        return one != 0.0 or copysign(1.0, one) == copysign(1.0, other)
    return one != one and other != other


def _stale(node: Node) -> str:
    """The message about a gate whose numbers do not follow from its operands."""
    newer = [operand for operand in node.inputs if is_newer(operand, node)]
    leaves = [each for each in all_values(*newer) if each._gate is None and is_newer(each, node)]
    cause = describe((leaves or newer)[0])
    how = "edited" if leaves or newer[0]._gate is None else "evaluated again"
    return (
        f"{describe(node)} no longer follows from its inputs: {cause} was {how} after the gate "
        f"{node._gate.name} was computed. Call forward() on the output first, or compute the "
        "expression anew"
    )
