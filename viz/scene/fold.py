"""Which values of a circuit a picture shows: all, or of a large one what fits.

What is closed is drawn as one block: a neuron, a sum written with many `+` gates, the middle of a
long row of gates. Of a long list of operands the first and the last are shown; and where all this
is not enough, what is nearest to the output.
"""

import sys
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from autograd_core import GATES, ForwardStep, Trace
from autograd_core.explain import significant

LEFT_OUT = "⋮ "
"""What the text begins with that says how much is left out."""
SMALL = 25
"""Up to so many values nothing is ever closed or left out."""
ROW = 20
"""How many gates stand in a row before the middle of the row is closed."""
ENDS = 3  # how many of them stand before and after it
LIST = 12
"""How many operands, or pairs of them, a gate has before the middle of the list is left out."""
SHORTER = (12, 8, 5, 3)  # how long lists may be, if there is too much else
FEW = 3  # terms of a sum that is not worth closing


@dataclass(frozen=True, slots=True)
class Input:
    """What enters a block: an operand of one of its gates, or a text on a wire that begins there.

    Attributes:
        out: the value whose gate takes it.
        operand: its place among the operands of the gate; None for a text.
        text: a constant, or how much is left out; with an operand, its constant factor.
    """

    out: int
    operand: int | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A value that is shown, with all that is closed in it.

    Attributes:
        symbol: what stands in the gate; None for a leaf.
        members: the values that are computed in it; the last is the one that is shown.
        inputs: what enters it, in the order in which one writes it.
        is_closed: whether it is more than one gate, or less than all its operands.
    """

    symbol: str | None
    members: tuple[int, ...]
    inputs: tuple[Input, ...]
    is_closed: bool = False


def items_of(
    trace: Trace,
    limit: int | None,
    most: int | None = None,
    opened: Collection[int] | None = frozenset(),
    told: bool = False,
) -> dict[int, Item]:
    """What is shown of a circuit, by the indices of its values.

    Args:
        trace: the circuit.
        limit: how many values may be shown before anything is closed; None for any number.
        most: how many before anything is left out; the limit, if it is not given.
        opened: values that stay out of what is closed; None for all.
        told: whether the picture tells a story, in which every gate has a place.

    >>> from autograd_core import Value, trace
    >>> x = Value(0.5, "x")
    >>> for _ in range(40):
    ...     x = x.tanh()
    >>> [item.symbol for item in items_of(trace(x), 60).values()]
    [None, 'tanh', 'tanh', 'tanh', '⋯ 34 more', 'tanh', 'tanh', 'tanh']
    """
    folder = _Folder(trace, opened, told)
    if limit is None:
        return folder.items(sys.maxsize)
    lists = sys.maxsize
    if len(trace.values) > SMALL:
        lists = LIST
        if opened is not None:
            folder.close_sums(LIST)
            folder.close_rows()
    if folder.count(lists) > limit and opened is not None:
        folder.close_neurons()
        folder.close_sums(FEW)
    most = sys.maxsize if told else max(most or 0, limit)
    if folder.count(lists) > most:
        lists = next((length for length in SHORTER if folder.count(length) <= most), SHORTER[-1])
    return folder.items(lists, most)


def items_in(trace: Trace, item: Item) -> dict[int, Item]:
    """What is closed in an item, gate by gate, with what enters it as leaves.

    >>> from autograd_core import Value, trace
    >>> x = Value(0.5, "x")
    >>> passes = trace((x * 2).tanh() + x)
    >>> inside = items_in(passes, Item("twice, tanh", (1, 2), ()))
    >>> [(value, each.symbol) for value, each in inside.items()]
    [(0, None), (1, '*2'), (2, 'tanh')]
    """
    folder = _Folder(trace, None, told=True)
    inside = {}
    for out in item.members:
        inputs = tuple(folder.inputs(out, LIST))
        inside[out] = Item(folder.steps[out].symbol, (out,), inputs)
        for each in inputs:
            if each.operand is not None and (source := folder.source(each)) not in item.members:
                inside[source] = Item(None, (source,), ())
    return dict(sorted(inside.items()))


class _Folder:
    def __init__(self, trace: Trace, opened: Collection[int] | None, told: bool) -> None:
        self.trace = trace
        self.opened = opened
        self.told = told
        self.steps = trace.step_of
        self.takers: list[list[int]] = [[] for _ in trace.values]
        for step in trace.forward:
            for source in _sources(step):
                self.takers[source].append(step.out)
        self.closed: dict[int, tuple[str, tuple[int, ...]]] = {}
        self.inside: dict[int, int] = {}  # what is closed, by its members
        self.parameters: dict[int, frozenset[int]] = {}  # of closed neurons
        self.constants: dict[int, list[float]] = {}  # that these take

    def _close(self, symbol: str, members: Sequence[int]) -> None:
        self.closed[members[-1]] = (symbol, tuple(members))
        self.inside.update(dict.fromkeys(members, members[-1]))

    def _may_close(self, members: Iterable[int]) -> bool:
        opened = self.opened or ()
        return not any(member in self.inside or member in opened for member in members)

    def close_neurons(self) -> None:
        """Close the neurons, if there are several."""
        neurons = self.trace.neurons
        for neuron in neurons:
            if len(neurons) > 1 and self._may_close(neuron.members):
                self.constants[neuron.output] = [x for x in neuron.inputs if isinstance(x, float)]
                activation = self.steps[neuron.output].symbol
                symbol = "Σ" if neuron.output == neuron.sum else f"Σ | {activation}"
                self._close(symbol, neuron.members)
                bias = () if neuron.bias is None else (neuron.bias,)
                self.parameters[neuron.output] = frozenset((*neuron.weights, *bias))

    def close_sums(self, most: int) -> None:
        """Close sums of more than so many terms that are written with `+` gates."""
        of_neurons = {neuron.sum for neuron in self.trace.neurons}
        for step in reversed(self.trace.forward):
            if step.out in of_neurons or not self._is_sum(step.out):
                continue
            members, waiting, terms = [], [step.out], 0
            while waiting:
                members.append(waiting.pop())
                operands = self.steps[members[-1]].operands
                inner = [
                    x
                    for x in operands
                    if isinstance(x, int) and len(self.takers[x]) == 1 and self._is_sum(x)
                ]
                waiting += inner
                terms += len(operands) - len(inner)
            if terms > most:
                self._close("Σ", sorted(members))

    def _is_sum(self, value: int) -> bool:
        """Whether it is the sum of two values that may be closed."""
        step = self.steps.get(value)
        if step is None or step.gate != "add" or not self._may_close([value]):
            return False
        return all(isinstance(operand, int) for operand in step.operands)

    def close_rows(self) -> None:
        """Close the middle of long rows of gates, each of which takes the one before alone."""
        rows: dict[int, list[int]] = {}  # by the last gate so far
        for step in self.trace.forward:
            gates = [source for source in _sources(step) if source in self.steps]
            if len(gates) > 1 or GATES[step.gate].variadic or not self._may_close([step.out]):
                continue
            alone = len(gates) == 1 and len(self.takers[gates[0]]) == 1
            row = rows.pop(gates[0], []) if alone else []
            row.append(step.out)
            rows[step.out] = row
        for row in rows.values():
            if len(row) > ROW:
                self._close(f"⋯ {len(row) - 2 * ENDS} more", row[ENDS:-ENDS])

    def count(self, most: int) -> int:
        """How many values would be shown if no list were longer than this."""
        return len(self._walk(most, None))

    def items(self, most: int, limit: int | None = None) -> dict[int, Item]:
        """What is shown, in topological order."""
        shown = self._walk(most, limit)
        items = {}
        for out in sorted(shown):
            step = self.steps.get(out)
            symbol, members = self.closed.get(out, (step.symbol if step else None, (out,)))
            inputs: list[Input] = []
            lost: set[int] = set()
            for each in self.inputs(out, most):
                if each.operand is not None and self.source(each) not in shown:
                    lost.add(self.source(each))
                else:
                    inputs.append(each)
            if lost:
                inputs.append(
                    Input(out, None, f"{LEFT_OUT}{self._count_behind(lost, shown):,} more")
                )
            items[out] = Item(symbol, members, tuple(inputs), out in self.closed)
        return items

    def _walk(self, most: int, limit: int | None) -> set[int]:
        """The values that are shown, at most so many, those nearest to the output first."""
        shown = {*self.trace.outputs}
        waiting = deque(shown)
        while waiting:
            for each in self.inputs(waiting.popleft(), most):
                if each.operand is None or self.source(each) in shown:
                    continue
                if limit is not None and len(shown) >= limit:
                    return shown
                shown.add(self.source(each))
                waiting.append(self.source(each))
        return shown

    def _count_behind(self, values: Iterable[int], shown: Collection[int]) -> int:
        """How many values there are behind these that are not shown, these included."""
        behind = set(values)
        waiting = list(behind)
        while waiting:
            step = self.steps.get(waiting.pop())
            for source in _sources(step) if step else ():
                if source not in behind and self.inside.get(source, source) not in shown:
                    behind.add(source)
                    waiting.append(source)
        return len(behind)

    def source(self, each: Input) -> int:
        assert each.operand is not None
        source = self.steps[each.out].operands[each.operand]
        assert isinstance(source, int)
        return source

    def inputs(self, out: int, most: int) -> list[Input]:
        """What enters a value that is shown, the middle of a long list left out."""
        if out not in self.steps:
            return []
        listed, others = self._listed(out) if out in self.closed else _terms(self.steps[out])
        first, last = (most + 1) // 2, max(1, most // 6)
        if len(listed) > most and not (self.told and self._has_gate(listed[first:-last])):
            left_out = [Input(out, None, f"{LEFT_OUT}{len(listed) - first - last:,} more")]
            listed = [*listed[:first], left_out, *listed[-last:]]
        return [each for inputs in (*listed, *others) for each in inputs]

    def _has_gate(self, listed: Iterable[Sequence[Input]]) -> bool:
        inputs = (each for inputs in listed for each in inputs if each.operand is not None)
        return any(self.source(each) in self.steps for each in inputs)

    def _listed(self, out: int) -> tuple[list[list[Input]], list[list[Input]]]:
        """What enters something closed: each value once, what belongs to it alone left out."""
        symbol, members = self.closed[out]
        own = self.parameters.get(out)
        found: dict[object, Input] = {}
        for member in members:
            listed, others = _terms(self.steps[member])
            for each in (each for inputs in (*listed, *others) for each in inputs):
                source = None if each.operand is None else self.source(each)
                if source is None or self.inside.get(source) == out:
                    continue
                key: object = source
                if own is not None:
                    is_own = source in own
                elif symbol == "Σ":
                    is_own, key = False, each  # each term as often as it is added
                else:
                    takers = {self.inside.get(taker) for taker in self.takers[source]}
                    is_own = source not in self.steps and takers == {out}
                if not is_own:
                    found.setdefault(key, Input(each.out, each.operand))
        others = []
        if constants := [significant(each) for each in self.constants.get(out, ())]:
            constants[2:-1] = ["…"] if len(constants) > 4 else constants[2:-1]
            others = [[Input(out, None, f"[{', '.join(constants)}]")]]
        return [[each] for each in found.values()], others


def _sources(step: ForwardStep) -> Iterator[int]:
    return (operand for operand in step.operands if isinstance(operand, int))


def _terms(step: ForwardStep) -> tuple[list[list[Input]], list[list[Input]]]:
    """What enters a gate: of each term of its list, and of its other operands.

    Constants of a gate with a fixed number of operands stand in its symbol. Those of the others
    enter by themselves, as a text; but one that a product has as partner of a value is the factor
    of that value's wire. Partners stand side by side.
    """
    gate, operands, out = GATES[step.gate], step.operands, step.out
    if not gate.variadic:
        places = [at for at, operand in enumerate(operands) if isinstance(operand, int)]
        return [], [[Input(out, at) for at in places]]

    def single(at: int) -> Input:
        operand = operands[at]
        return (
            Input(out, at) if isinstance(operand, int) else Input(out, None, significant(operand))
        )

    count = len(operands) - gate.scalars
    others = [[single(at)] for at in range(count, len(operands))]
    if gate.name not in ("dot", "weighted_sum"):
        return [[single(at)] for at in range(count)], others
    half = count // 2
    listed = []
    for at in range(half):
        weight, x = operands[at], operands[at + half]
        if isinstance(weight, int) and isinstance(x, int):
            listed.append([Input(out, at), Input(out, at + half)])
        elif isinstance(weight, int):
            listed.append([Input(out, at, f"×{significant(x)}")])
        elif isinstance(x, int):
            listed.append([Input(out, at + half, f"×{significant(weight)}")])
        else:
            listed.append([Input(out, None, f"{significant(weight)}×{significant(x)}")])
    return listed, others
