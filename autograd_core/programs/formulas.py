"""Instructions as formulas: the gates' own notation over references to blocks."""

from collections.abc import Collection

import numpy as np

from autograd_core.explain.source_text import (
    ATOM,
    COMPARISON,
    POWER,
    PRODUCT,
    SIGN,
    SUM,
    Expression,
    call,
    enclosed,
    infix,
)
from autograd_core.gate import GATES
from autograd_core.programs.flow import OUTSIDE, Flow, operands_of
from autograd_core.programs.instructions import Apply, Multiply, Operand
from autograd_core.programs.names import LANE_COUNT, number_text
from autograd_core.programs.reductions import ONES, SUMS
from autograd_core.programs.references import References
from autograd_core.programs.rows import SHARED, Rows

MERGED = 5
"""A line holds at most so many instructions."""

PRECEDENCE = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT}


class Formulas:
    """What the instructions of a plan compute, as text.

    Args:
        flow: the instructions.
        references: the names of blocks; a formula needs the names of what it takes.
        named: the instructions whose results have a name of their own, and so a line.
    """

    def __init__(self, flow: Flow, references: References, named: Collection[int]) -> None:
        self._flow = flow
        self._references = references
        self._merged: set[int] = set()
        sizes = [1] * len(flow.instructions)
        for number in range(len(flow.instructions)):
            taker = flow.only_taker(number)
            if taker == OUTSIDE or number in named or not self._fits(number, taker):
                continue
            if sizes[number] + sizes[taker] <= MERGED:
                self._merged.add(number)
                sizes[taker] += sizes[number]

    def is_merged(self, number: int) -> bool:
        """Whether an instruction is part of the formula of the one that takes its results."""
        return number in self._merged

    def of(self, number: int) -> str:
        """The formula of an instruction."""
        return str(self._expression(number))

    def product(self, *factors: Rows | str) -> str:
        """The product of lists, number by number; a factor 1 is left out."""
        texts = [each if isinstance(each, str) else str(self._operand(each)) for each in factors]
        return " * ".join([text for text in texts if text != "1"]) or "1"

    def matrix_product(self, left: Rows, right: Rows, *, transposed: bool = False) -> Expression:
        """left @ right, or left @ rightᵀ; the shapes show how they fit."""
        if right.array == ONES:
            text = f"1[{LANE_COUNT}]"
        else:
            text = self._shaped(right, transposed=transposed)
        # to whom @ and * bind alike, parentheses say which comes first
        return Expression(f"{self._shaped(left)} @ {text}", SUM)

    def _fits(self, number: int, taker: int) -> bool:
        """Whether a formula stays readable inside another: all that it takes lies side by side."""
        instruction = self._flow.instructions[number]
        own = (
            [instruction.inputs] if isinstance(instruction, Multiply) else operands_of(instruction)
        )
        short = all(isinstance(each, float) or each.steps is not None for each in own)
        return short and isinstance(self._flow.instructions[taker], Apply)

    def _expression(self, number: int) -> Expression:
        instruction = self._flow.instructions[number]
        if isinstance(instruction, Multiply):
            return self.matrix_product(instruction.weights, instruction.inputs)
        if not isinstance(instruction, Apply):
            return self._operand(instruction.operand)
        gate = GATES[instruction.gate]
        if gate.variadic:
            lists = [self._list(each) for each in instruction.operands]
            return Expression(f"{gate.name}({', '.join(lists)})")
        outer = self._as_matrix_product(instruction)
        if outer is not None:
            return outer
        taken = list(instruction.operands)
        if gate.name == "multiply":
            taken.sort(key=self._place_in_product)
        operands = [self._operand(each) for each in taken]
        if gate.name == "add":
            operands.sort(key=_place_in_sum)
            if operands[1].precedence == SIGN:
                return infix(operands[0], "-", Expression(operands[1].text[1:], POWER), SUM)
        if gate.symbol == "**":
            base, exponent = operands
            place = SIGN if exponent.precedence == SIGN else ATOM
            return Expression(f"{enclosed(base, ATOM)} ** {enclosed(exponent, place)}", POWER)
        if gate.infix:
            return infix(operands[0], gate.symbol, operands[1], PRECEDENCE[gate.symbol])
        if gate.name == "negate":
            return -operands[0]
        if gate.name == "greater":
            return infix(operands[0], ">", operands[1], COMPARISON)
        return call(gate.name, *operands)

    def _as_matrix_product(self, instruction: Apply) -> Expression | None:
        """A column of shared numbers times one row that varies: such a product is a matrix too."""
        if instruction.gate != "multiply" or len(instruction.out) < 2:
            return None
        row, column = instruction.operands
        if not isinstance(row, Rows) or not isinstance(column, Rows):
            return None
        if not row.varies or column.varies or len(np.unique(row.index)) > 1:
            return None
        if not self._references.text(column).endswith("ᵀ"):
            return None
        place = Rows(row.array, row.index[:1])
        return self.matrix_product(Rows(SHARED, column.index[:, np.newaxis]), place)

    def _place_in_product(self, operand: Operand) -> int:
        """Numbers come first, then matrix products, then what all lanes share."""
        if isinstance(operand, float):
            return 0
        made = self._flow.made_by(operand)
        if made in self._merged and " @ " in self.of(made):
            return 1
        return 3 if operand.varies else 2

    def _operand(self, operand: Operand) -> Expression:
        if isinstance(operand, float):
            return _atom(number_text(operand))
        made = self._flow.made_by(operand)
        if made in self._merged:
            return self._expression(made)
        return _atom(self._references.text(operand, once=True))

    def _list(self, operand: Operand) -> str:
        """A list of a variadic gate: its terms, each for all results."""
        assert isinstance(operand, Rows)
        if operand.index.shape[1] == 1:
            return self._references.text(Rows(operand.array, operand.index.ravel()))
        terms = [
            self._references.text(Rows(operand.array, row), once=True) for row in operand.index
        ]
        return f"[{', '.join(terms)}]"

    def _shaped(self, rows: Rows, *, transposed: bool = False) -> str:
        """A reference with its shape, if it is a name, in a matrix product."""
        text = self._references.text(rows)
        shape = [*map(str, rows.index.shape), *[LANE_COUNT] * rows.varies]
        if transposed:
            shape.reverse()
            text = text[:-1] if text.endswith("ᵀ") else f"{text}ᵀ"
        return f"{text}[{', '.join(shape)}]" if self._references.is_name(text) else text


def shape_text(array: str, *shape: int) -> str:
    """The shape of some numbers, with the lanes where they vary.

    >>> shape_text("shared", 16, 2), shape_text("lanes", 16)
    ('[16, 2]', '[16, B]')
    """
    lanes = [] if array in (SHARED, SUMS) else [LANE_COUNT]
    return f"[{', '.join([*map(str, shape), *lanes])}]"


def _atom(text: str) -> Expression:
    return Expression(text, SIGN if text.startswith("-") else ATOM)


def _place_in_sum(operand: Expression) -> int:
    """Sums come first, then other terms, what is subtracted, and numbers."""
    if operand.text.lstrip("-")[:1].isdigit():
        return 3
    if operand.precedence == SIGN:
        return 2
    return operand.precedence > SUM
