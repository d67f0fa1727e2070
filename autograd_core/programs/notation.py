"""A program in words: its instructions with shapes, in the notation of the lectures."""

import re
import textwrap
from collections.abc import Iterator, Sequence

import numpy as np

from autograd_core.programs.flow import Flow
from autograd_core.programs.formulas import Formulas, shape_text
from autograd_core.programs.names import LANE_COUNT, Names
from autograd_core.programs.run.index import GRADIENT, INPUTS, SHARED, SUMS, Rows
from autograd_core.programs.run.instructions import Inner, Outer, ScaledSums
from autograd_core.programs.run.plan import Plan
from autograd_core.toposort import all_values
from autograd_core.value import Value

WIDTH = 99
"""Lines are broken where they would be longer."""

GLUE = "\N{NO-BREAK SPACE}"


def written(plan: Plan, outputs: Sequence[Value]) -> str:
    """The instructions of a plan: what is given, both passes, and the gradient.

    Every instruction is on some line. One whose results only the next one takes may stand inside
    it, as W @ A does in Z = W @ A + b; and each stands in the pass that it belongs to, though it
    may be carried out earlier.

    Args:
        plan: the plan.
        outputs: the values that it was made for.
    """
    notation = _Notation(plan)
    passes = [*notation.passes(), *notation.gradient()]
    lines = [notation.title(outputs), *notation.given(), *passes]
    return "\n".join(_wrapped(line) for line in lines)


def _wrapped(line: str) -> str:
    """A line, broken where it is too long, but not within a shape or an index."""
    glued = re.sub(r"(?<=\w)\[[^][]*\]", lambda found: found[0].replace(" ", GLUE), line)
    broken = textwrap.fill(
        glued, WIDTH, subsequent_indent="      ", break_long_words=False, break_on_hyphens=False
    )
    return broken.replace(GLUE, " ")


class _Notation:
    """A plan while it is written down."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._flow = flow = Flow(plan)
        self._names = Names(plan, flow)
        self._references = self._names.references
        if len(plan.outputs) == 1:
            self._names.results.setdefault(flow.made_by(self._output(0)), "output")
        self._formulas = Formulas(flow, self._references, self._names.results)
        self._sections = {
            "Once, for all lanes": list(range(flow.once)),
            "Forward": flow.forward,
            "Backward": flow.backward,
        }
        self._count = 0
        for number in [number for section in self._sections.values() for number in section]:
            if not self._formulas.is_merged(number):
                out = flow.instructions[number].out
                name = self._names.results.get(number) or self._fresh_name()
                self._references.add(name, out.array, out.index)
        if plan.partial:
            self._references.add(self._fresh_name(), SUMS, np.arange(plan.partial))

    def title(self, outputs: Sequence[Value]) -> str:
        """How much there is of everything."""
        gates = sum(value.gate is not None for value in all_values(*outputs))
        reductions = self._plan
        count = len(self._flow.instructions) + len(reductions.sums) + len(reductions.products)
        inputs, parameters = self._plan.sizes[INPUTS], self._plan.counted
        return (
            f"{_counted(count, 'instruction')} for {LANE_COUNT} lanes, made from "
            f"{_counted(gates, 'gate')} of {_counted(inputs, 'input')} and "
            f"{_counted(parameters, 'parameter')}"
        )

    def given(self) -> Iterator[str]:
        """The inputs and the leaves that the instructions take, with their origin."""
        for title, given in self._names.given.items():
            used = [each for each in given if each.block.used]
            names = [
                each.block.name + shape_text(each.array, *each.block.index.shape) for each in used
            ]
            labelled = [name for name, each in zip(names, used, strict=True) if not each.origin]
            if used:
                yield ""
                yield title
            width = max(map(len, names), default=0)
            for name, each in zip(names, used, strict=True):
                if each.origin:
                    yield f"  {name:{width}} = {each.origin}"
            if labelled:
                yield f"  {', '.join(labelled)}"

    def passes(self) -> Iterator[str]:
        """The instructions that make numbers."""
        for title, numbers in self._sections.items():
            lines = [
                self._definition(each) for each in numbers if not self._formulas.is_merged(each)
            ]
            if title == "Forward":
                lines += self._outputs()
            if lines:
                yield ""
                yield title
                yield from [f"  {line}" for line in lines]

    def gradient(self) -> Iterator[str]:
        """The instructions that sum over the lanes."""
        if not self._plan.counted:
            return
        yield ""
        yield f"Gradient: sums over the lanes, to be divided by {LANE_COUNT} for the mean"
        reached = np.zeros(self._plan.counted, dtype=bool)
        for reduction in [*self._plan.sums, *self._plan.products]:
            target = reduction.target if isinstance(reduction, Inner) else reduction.leaves
            sign = "="
            if target.array == GRADIENT:
                distinct = len(np.unique(target.index)) == target.index.size
                sign = "+=" if reached[target.index].any() or not distinct else "="
                reached[target.index] = True
            yield f"  {self._target(target)} {sign} {self._sum(reduction)}"
        missing = np.flatnonzero(~reached)
        if len(missing):
            yield f"  {self._target(Rows(GRADIENT, missing))} = 0"

    def _fresh_name(self) -> str:
        """A plain name that nothing has yet."""
        while True:
            self._count += 1
            name = f"v{self._count}"
            if name not in self._names.labels:
                return name

    def _output(self, place: int) -> Rows:
        array, row = self._plan.outputs[place]
        return Rows(array, np.array([row]))

    def _outputs(self) -> list[str]:
        """Which numbers are the outputs, where none has that name."""
        texts = [
            self._references.text(self._output(place)) for place in range(len(self._plan.outputs))
        ]
        if texts == ["output"]:
            return []
        return [f"output = {texts[0]}" if len(texts) == 1 else f"outputs = {', '.join(texts)}"]

    def _definition(self, number: int) -> str:
        """One line: name and shape, and how it is computed."""
        out = self._flow.instructions[number].out
        name = f"{self._references.text(out)}{shape_text(out.array, len(out))}"
        return f"{name} = {self._formulas.of(number)}"

    def _sum(self, reduction: Outer | Inner | ScaledSums) -> str:
        """A sum over the lanes."""
        formulas = self._formulas
        if isinstance(reduction, Outer):
            return str(
                formulas.matrix_product(reduction.upstreams, reduction.locals, transposed=True)
            )
        if isinstance(reduction, Inner):
            product = formulas.product(reduction.upstreams, reduction.locals)
            return f"({product}) @ 1[{LANE_COUNT}]"
        lanes = [] if reduction.factors.array == SUMS else [LANE_COUNT]
        return formulas.product(*lanes, reduction.factors, reduction.others)

    def _target(self, target: Rows) -> str:
        """The gradients of some leaves, or sums that are yet to be multiplied."""
        if target.array == SUMS:
            name = self._references.text(Rows(SUMS, target.index.ravel()))
            return f"{name}[{len(target.index)}]"
        places = target.index
        if places.ndim == 2 and places.shape[1] == 1:
            places = places.ravel()
        text = self._references.text(Rows(SHARED, places), "d")
        if not self._references.is_name(text[1:]):
            return text if text.startswith("[") else f"[{text}]"
        return f"{text}{shape_text(SHARED, *places.shape)}"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
