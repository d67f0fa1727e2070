"""The notation of lectures for instructions on whole arrays; another language is a subclass."""

import re
import textwrap
from collections.abc import Collection, Iterable, Sequence

from autograd_core.explain.words import write_formula
from autograd_core.gate import Gate

ALL, REST = "θ", "c"
"""All parameters, and the leaves that are none: for numbers without a name of their own."""


class Notation:
    """The notation of the lectures: Z = W @ A, Aᵀ, shapes in brackets, B for the batch size.

    >>> from autograd_core import GATES
    >>> notation = Notation()
    >>> notation.matrix_product("W1[3, 2]", "X[2, B]")
    'W1[3, 2] @ X[2, B]'
    >>> notation.gate(GATES["add"], ["v1", "-1"]), notation.gate(GATES["exp"], ["v1"])
    ('v1 - 1', 'exp(v1)')
    """

    lanes = "B"
    ones = "1[B]"
    """The column whose product with a matrix sums over the examples."""
    reserved: Collection[str] = ("B", ALL, REST, "output", "outputs")
    """Names that no label of a user may take."""

    def number(self, number: float) -> str:
        """A number as short as it can be written exactly."""
        return repr(number).removesuffix(".0")

    def shape(self, sizes: Iterable[int | str]) -> str:
        """The shape that follows a name."""
        return f"[{', '.join(map(str, sizes))}]"

    def part(self, name: str, *places: int | range) -> str:
        """A number, a row or a range of numbers under a name."""
        return name + self.shape(
            f"{each.start}:{each.stop}" if isinstance(each, range) else each for each in places
        )

    def transposed(self, name: str) -> str:
        """A matrix with rows and columns exchanged."""
        return f"{name}ᵀ"

    def stack(self, parts: Iterable[str]) -> str:
        """Numbers one below the other."""
        return f"[{', '.join(parts)}]"

    def columns(self, parts: Iterable[str]) -> str:
        """A matrix of columns side by side."""
        return self.transposed(self.stack(parts))

    def terms(self, parts: Iterable[str]) -> str:
        """A list for a variadic gate with several results: its terms, each for all results."""
        return self.stack(parts)

    def repeated(self, count: int, part: str) -> str:
        """One number several times, inside a stack."""
        return f"{count} × {part}"

    def gradient(self, name: str) -> str:
        """The gradient of what has this name."""
        return f"d{name}"

    def gate(self, gate: Gate, operands: Sequence[str], terms: int = 1) -> str:
        """A gate applied, number by number, to names and numbers.

        Args:
            gate: the gate.
            operands: one for each of its parameters.
            terms: how many terms there are in each list of a variadic gate.
        """
        if gate.variadic:
            return f"{gate.name}({', '.join(operands)})"
        if gate.name == "greater":
            return " > ".join(operands)
        return write_formula(gate.name, operands).replace("+ -", "- ")

    def assign(self, target: str, text: str, *, add: bool = False) -> str:
        """One instruction; what is added to has a value already."""
        return f"{target} {'+=' if add else '='} {text}"

    def matrix_product(self, left: str, right: str) -> str:
        """The product of two factors with their shapes."""
        return f"{left} @ {right}"

    def results(self, outputs: Sequence[str]) -> str:
        """Which numbers are the outputs."""
        return self.assign(f"output{'s' if len(outputs) > 1 else ''}", ", ".join(outputs))

    def remark(self, text: str) -> str:
        """A line that is no instruction."""
        return text

    def lay_out(self, title: str, sections: Iterable[tuple[str, list[str]]]) -> str:
        """The whole text; long lines are broken, but not within a shape or an index."""
        glue = "\N{NO-BREAK SPACE}"
        lines = [title]
        for heading, content in sections:
            lines += ["", heading, *[f"  {line}" for line in content]]
        wrapper = textwrap.TextWrapper(
            99, subsequent_indent="      ", break_long_words=False, break_on_hyphens=False
        )
        for place, line in enumerate(lines):
            glued = re.sub(r"(?<=\w)\[[^][]*\]", lambda found: found[0].replace(" ", glue), line)
            glued = glued.replace(" × ", f"{glue}×{glue}")
            lines[place] = wrapper.fill(glued).replace(glue, " ")
        return "\n".join(lines)
