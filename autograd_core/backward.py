# cython: boundscheck=False, wraparound=False
"""The backward pass: gradients carried from an output to everything it was computed from."""

from autograd_core.forward import check_current
from autograd_core.node import Node
from autograd_core.toposort import one_at_a_time, topological_order

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
