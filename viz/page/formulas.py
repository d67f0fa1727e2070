"""The formulas on a page, printed from the gate table: of the circuit, and of local gradients."""

import re
from collections.abc import Sequence

from autograd_core import GATES, Trace
from autograd_core.explain import Expression, PythonText, expression, stage_gradients

LONGEST = 60
"""A formula of more characters is no part of another one, and no local gradient is so long."""

WIDEST = 120
"""How many characters the formula of a circuit has at most."""


class Formula(PythonText):
    """Formulas as a course has them.

    >>> print(GATES["tanh"].differentiate(Formula(), Expression("y"), [Expression("x")], [True])[0])
    1.0 - math.tanh(x) ** 2
    """

    def sech2(self, x: Expression | float) -> Expression:
        """1/cosh², which is computed otherwise."""
        return 1.0 - self.power(self.tanh(x), 2.0)


def formula_of(passes: Trace, names: Sequence[str]) -> str | None:
    """The whole circuit as one formula, `f = (x + y) * z`; None if it is a leaf, or too long.

    >>> from autograd_core import Value, trace
    >>> x = Value(3.0, "x")
    >>> formula_of(trace((x + 1) * (x + 2) / 2), ["x", "a", "b", "c", "f"])
    'f = (x + 1) * (x + 2) / 2'
    >>> formula_of(trace(x - -1.5), ["x", "f"])
    'f = x - (-1.5)'
    """
    if not passes.forward:
        return None
    marked = _marked(passes)
    written = [Expression(name) for name in marked]
    for step in passes.forward:
        operands = [x if isinstance(x, float) else written[x] for x in step.operands]
        found = expression(GATES[step.gate].evaluate(Formula(), operands))
        if step.out == passes.output or len(_named(found.text, names)) <= LONGEST:
            written[step.out] = found
    text = _named(f"{marked[passes.output]} = {written[passes.output]}", names)
    return text if len(text) <= WIDEST else None


def local_formulas(passes: Trace) -> list[list[object]]:
    """The formula of each wire's local gradient, in parts: text, and `[3]` for the name of value 3.

    It is empty where the gradient is a plain number, and where it is long.

    >>> from autograd_core import Value, trace
    >>> x, y = Value(3.0, "x"), Value(2.0, "y")
    >>> local_formulas(trace(x * y + y))
    [[], [], [[1]], [[0]]]
    """
    names, steps = _marked(passes), passes.step_of
    found = []
    for back in passes.backward:
        local = stage_gradients(Formula(), steps[back.out], names)
        found += [_parts(str(local[wire.operand])) for wire in back.contributions]
    return found


_MARK = re.compile("\ue000(\\d+)\ue001")
"""What stands for the name of a value while formulas are written, lest it is taken for one."""


def _marked(passes: Trace) -> list[str]:
    return [f"\ue000{value.index}\ue001" for value in passes.values]


def _named(text: str, names: Sequence[str]) -> str:
    return _MARK.sub(lambda mark: names[int(mark[1])], _plain(text))


def _parts(text: str) -> list[object]:
    pieces = _MARK.split(_plain(text))
    if len(pieces) == 1 or len(text) > LONGEST:
        return []
    return [[int(piece)] if at % 2 else piece for at, piece in enumerate(pieces) if piece]


def _plain(text: str) -> str:
    """Program text as a formula: `exp(x)` for `math.exp(x)`, 2 for 2.0, `x - (-1)`."""
    formula = re.sub(r"\bmath\.|(?<=\d)\.0(?![\d])", "", text)
    return re.sub(r"(?<=[-+*/] )-\d[\d.]*(e[-+]?\d+)?", r"(\g<0>)", formula)
