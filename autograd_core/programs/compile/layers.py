"""Layers: which numbers of a plan are the W, b, Z, A and D of the lectures."""

from collections.abc import Iterator, Sequence

import numpy as np

from autograd_core.gate import GATES
from autograd_core.programs.run.arrays import LANES, SHARED, Array, Rows
from autograd_core.programs.run.instructions import (
    Apply,
    Instruction,
    Multiply,
    Outer,
    Reduction,
)
from autograd_core.programs.run.plan import Named, Place

NOT_ACTIVATIONS = ("negate", "reciprocal")
"""Gates of one operand that are not called activation functions."""


def needed_for(
    outputs: Sequence[Place], varying: Sequence[Instruction], sizes: dict[str, int]
) -> list[bool]:
    """For each instruction whether the outputs need its results: what they need is forward."""
    marked = {array: np.zeros(size, dtype=bool) for array, size in sizes.items()}
    for array, place in outputs:
        marked[array][place] = True
    needed: list[bool] = []
    for each in reversed(varying):
        needed.append(bool(marked[each.out.array][each.out.index].any()))
        for rows in each.taken if needed[-1] else ():
            marked[rows.array][rows.index] = True
    return needed[::-1]


def layers_of(
    forward: Sequence[Instruction],
    backward: Sequence[Instruction],
    sums: Sequence[Reduction],
    leaves: int,
    labels: dict[Place, str],
) -> Iterator[Named]:
    """What the lectures name in a network, layer by layer; numbers may come up more than once.

    A layer is a matrix product with leaves. W is those leaves; b, what is added to the product; Z,
    the sum; A, what the next layer takes, or the function of Z; D, the gradient by Z.

    Args:
        forward: the instructions of the forward pass.
        backward: those of the backward pass.
        sums: the sums over the lanes.
        leaves: how many of the shared numbers are leaves.
        labels: the user's names of leaves; a bias with a name of its own keeps it.
    """
    made = {_key(each.out): place for place, each in enumerate([*forward, *backward])}
    products = [
        place
        for place, each in enumerate(forward)
        if isinstance(each, Multiply) and each.taken[0].index.max() < leaves
    ]
    for count, z in enumerate(products, 1):
        weights, inputs = forward[z].taken
        yield Named(f"W{count}", weights)
        following = _following(forward, z)
        while (addition := following) and addition.gate == "add":
            if len(addition.out) != len(weights.index):
                break
            z = made[_key(addition.out)]
            for rows in addition.taken:
                label = labels.get((SHARED, int(rows.index[0])), "")
                is_leaf = rows.array == SHARED and rows.index.max() < leaves
                if is_leaf and (len(rows) > 1 or not label.isidentifier()):
                    yield Named(f"b{count}", rows)
            following = _following(forward, z)
        yield Named(f"Z{count}", forward[z].out)
        following_inputs = [forward[place].taken[1] for place in products[count : count + 1]]
        a = made.get(_key(following_inputs[0])) if following_inputs else None
        if a is None and following and len(following.operands) == 1:
            gate = GATES[following.gate]
            if not gate.variadic and gate.name not in NOT_ACTIVATIONS:
                a = made[_key(following.out)]
        if a is not None and _depends(forward, a, z):
            yield Named(f"A{count}", forward[a].out)
        for each in sums:
            of_weights = isinstance(each, Outer) and np.array_equal(
                each.target.index, weights.index
            )
            if of_weights and _key(each.right) == _key(inputs) and _key(each.left) in made:
                yield Named(f"D{count}", each.left)


def _key(rows: Rows) -> tuple[str, bytes]:
    """Equal for the same numbers in the same order."""
    return rows.array, rows.index.tobytes()


def _takes(instruction: Instruction, marked: Array) -> bool:
    """Whether an instruction takes any of the marked numbers of the lanes."""
    return any(marked[rows.index].any() for rows in instruction.taken if rows.array == LANES)


def _marked(forward: Sequence[Instruction], place: int) -> Array:
    """The results of an instruction, marked among the numbers of the lanes."""
    marked = np.zeros(1 + max(int(each.out.index.max()) for each in forward), dtype=bool)
    marked[forward[place].out.index] = True
    return marked


def _following(forward: Sequence[Instruction], place: int) -> Apply | None:
    """The gate that alone takes some results in the forward pass."""
    marked = _marked(forward, place)
    takers = [each for each in forward[place + 1 :] if _takes(each, marked)]
    return takers[0] if len(takers) == 1 and isinstance(takers[0], Apply) else None


def _depends(forward: Sequence[Instruction], place: int, on: int) -> bool:
    """Whether an instruction takes another's results, directly or not."""
    marked = _marked(forward, on)
    for each in forward[on + 1 : place]:
        if _takes(each, marked):
            marked[each.out.index] = True
    return on < place and _takes(forward[place], marked)
