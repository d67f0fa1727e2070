"""A circuit as it is to be shown: what pictures, steps, animations, pages and worksheets share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograd_core import Trace, Value
from viz.layout.frames import Group
from viz.layout.geometry import Layout
from viz.layout.lay_out import count_places, lay_out
from viz.scene.blocks import Block
from viz.scene.circuit import names_for, renamed
from viz.scene.expansion import Expand, read_circuit
from viz.scene.options import LIMIT, Inputs, check_drawable, check_opened, check_places
from viz.scene.style import Palette, palette_named, printable


@dataclass(frozen=True)
class View:
    """A circuit and what its picture shall look like.

    Attributes:
        trace: both passes, with the names and the parts that are to be shown.
        values: the user's value for each index; None within an opened gate.
        groups: the opened gates.
        caller: the name of the function that draws it, for messages.
        palette, inputs, title, decimals, branches, local, limit: as for `viz.draw`.
    """

    trace: Trace
    values: list[Value | None]
    groups: tuple[Group, ...]
    caller: str
    palette: Palette
    inputs: Inputs
    title: str | None
    decimals: int | None
    branches: bool
    local: bool
    limit: int | None

    def check(self, blocks: Sequence[Block]) -> None:
        """Explain if the blocks of this circuit are too many for a picture, or their wires.

        Raises:
            ValueError: if they are.
        """
        if self.limit is not None:
            count = count_places(blocks, inputs_near=self.inputs == "near")
            check_places(count, self.limit, self.caller)

    def groups_of(self, blocks: Sequence[Block]) -> list[Group]:
        """The opened gates, their members as indices of blocks."""
        values = [index for index, block in enumerate(blocks) if block.is_value]
        return [
            Group(group.symbol, tuple(values[member] for member in group.members))
            for group in self.groups
        ]

    def lay_out(self, blocks: Sequence[Block], least: float = 0.0) -> Layout:
        """Where the blocks of this circuit stand; no number gets less room than `least`."""
        return lay_out(
            blocks,
            inputs_near=self.inputs == "near",
            title=self.title,
            least=least,
            groups=self.groups_of(blocks),
        )


def view_of(
    value: Value,
    caller: str,
    *,
    decimals: int | None = None,
    palette: str = "cs231n",
    inputs: Inputs = "far",
    title: str | None = None,
    branches: bool = False,
    local: bool = False,
    expand: Expand = False,
    names: Mapping[str, Any] | None = None,
    limit: int | None = LIMIT,
) -> View:
    """What a function that draws a circuit was asked for.

    Args:
        value: the output of the circuit.
        caller: the name of the function, for messages.
        decimals, palette, inputs, title, branches, local, expand, names, limit: as for `viz.draw`.

    Raises:
        TypeError, ValueError: as `viz.draw`.
    """
    check_drawable(value, inputs, limit, caller=caller)
    colours = palette_named(palette)
    circuit = read_circuit(value, expand)
    check_opened(len(circuit.values), limit, caller)
    passes = circuit.trace
    if names is not None:
        passes = renamed(passes, names_for(circuit.values, names))
    return View(
        trace=passes,
        values=circuit.values,
        groups=circuit.groups,
        caller=caller,
        palette=colours,
        inputs=inputs,
        title=printable(title) or None if title else None,
        decimals=decimals,
        branches=branches,
        local=local,
        limit=limit,
    )
