"""Staged code: a circuit as the backpropagation that one would write by hand (CS231n)."""

import builtins
import keyword
import re
import unicodedata
from collections.abc import Sequence
from html import escape
from math import isnan

from autograd_core.display import ShownText, coloured
from autograd_core.explain.notation import significant
from autograd_core.explain.tracing import ForwardStep, Trace, TracedValue, trace
from autograd_core.gate import GATES
from autograd_core.languages.python_text import HELPERS, PythonText
from autograd_core.languages.source_text import Expression, Number, SourceText, expression
from autograd_core.value import Value


def staged_code(output: Value | Sequence[Value]) -> "StagedCode":
    """A circuit as runnable Python: the forward pass in stages, then the backward pass in reverse.

    Every line is printed from the gate table: the forward rule of a gate, or one of its local
    gradients times the upstream gradient, with the engine's number in a comment. The gradient of
    `x` is `dx`; further contributions to it are added with `+=`. Names are the labels, turned into
    identifiers, and `v1`, `v2`, … for values without a label.

    Args:
        output: the value; or a list, whose backward pass starts at each of them, see `trace`.

    Returns:
        The program text, to be printed, run, or shown by a notebook. It needs nothing but Python's
        `math`.

    >>> x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
    >>> q = x + y
    >>> f = q * z
    >>> q.label, f.label = "q", "f"
    >>> print(staged_code(f))
    # inputs
    x = -2.0
    y = 5.0
    z = -4.0
    <BLANKLINE>
    # forward pass
    q = x + y  # 3
    f = q * z  # -12
    <BLANKLINE>
    # backward pass, in reverse order
    df = 1.0
    # through f = q * z
    dq = z * df  # -4
    dz = q * df  # 3
    # through q = x + y
    dx = 1.0 * dq  # -4
    dy = 1.0 * dq  # -4
    <BLANKLINE>
    """
    passes = trace(output)
    names, gradients = _identifiers(passes)
    math = PythonText(extreme=any(_is_extreme(value.data) for value in passes.values))
    leaves = [value for value in passes.values if value.gate is None]
    stages = {step.out: stage(math, step, names) for step in passes.forward}

    lines = ["# inputs"]
    lines += [f"{names[v.index]} = {expression(v.data)}{_origin(v, names)}" for v in leaves]
    if stages:
        lines += ["", "# forward pass"]
    for step in passes.forward:
        number = significant(step.data, digits=6)
        lines.append(f"{names[step.out]} = {stages[step.out]}  # {number}")
    lines += ["", "# backward pass, in reverse order"]
    for place, start in zip(passes.outputs, passes.upstreams, strict=True):
        lines.append(f"{gradients[place]} = {expression(start)}")
    forward = passes.step_of
    for back in passes.backward:
        lines.append(f"# through {names[back.out]} = {stages[back.out]}")
        local_gradients = stage_gradients(math, forward[back.out], names)
        for wire in back.contributions:
            local = local_gradients[wire.operand]
            assert local is not None
            product = str(local * Expression(gradients[back.out]))
            if wire.downstream == 0.0 and isnan(wire.upstream * wire.local):
                # a branch that was not taken, where 0 · ∞ is not formed
                factor = gradients[back.out] if wire.upstream == 0.0 else f"({local})"
                product = f"{product} if {factor} != 0.0 else 0.0"
            is_first = wire.number == 1 and wire.value not in passes.outputs
            sign = "=" if is_first else "+="
            total = significant(wire.total, digits=6)
            lines.append(f"{gradients[wire.value]} {sign} {product}  # {total}")
    body = "\n".join(lines) + "\n"
    helpers = "".join(f"{definition}\n" for definition in math.helpers.values())
    return StagedCode(f"import math\n\n{helpers}{body}" if helpers or "math." in body else body)


_ROLES = {"inputs": "remark", "forward": "data", "backward": "grad"}
"""What the remarks are, after the first word of the heading that they stand below."""


class StagedCode(ShownText):
    """A program text, whose remarks have the colours of pictures in a notebook."""

    __slots__ = ()

    def _html(self) -> str:
        lines, role = [], "remark"
        for line in self.splitlines():
            code, mark, number = line.rpartition("  # ")
            if line.startswith("# "):
                role = _ROLES.get(line.split()[1], role)
                heading = line.split()[1] in _ROLES
                lines.append(f"<b>{escape(line)}</b>" if heading else coloured(line, "remark"))
            elif mark:
                lines.append(f"{escape(code)}  {coloured(f'# {number}', role)}")
            else:
                lines.append(escape(line))
        return "\n".join(lines)


def _is_extreme(number: float) -> bool:
    """Whether a formula over this number may overflow, as e⁷¹⁰ does."""
    return not 1e-100 < abs(number) < 700.0 and number != 0.0


def stage(math: SourceText, step: ForwardStep, names: Sequence[str]) -> Expression:
    """The forward rule of a gate as text of a language; each value has a name by its index."""
    return expression(GATES[step.gate].evaluate(math, _operands(step, names)))


def stage_gradients(
    math: SourceText, step: ForwardStep, names: Sequence[str]
) -> list[Expression | None]:
    """The local gradient by each operand, over output and operands; None for a constant."""
    wanted = [not isinstance(operand, float) for operand in step.operands]
    found = GATES[step.gate].differentiate(
        math, Expression(names[step.out]), _operands(step, names), wanted
    )
    return [None if local is None else expression(local) for local in found]


def _operands(step: ForwardStep, names: Sequence[str]) -> list[Number]:
    return [
        operand if isinstance(operand, float) else Expression(names[operand])
        for operand in step.operands
    ]


def _origin(value: TracedValue, names: list[str]) -> str:
    """A comment with the label, if the name in the program differs from it."""
    label, name = value.label, names[value.index]
    return "" if label is None or label == name else f"  # {label!r}"


def _identifiers(passes: Trace) -> tuple[list[str], list[str]]:
    """A Python name for each value and one for its gradient, all different."""
    taken = {"math", *HELPERS, *keyword.kwlist, *dir(builtins)}
    names, gradients = [], []
    for value in passes.values:
        name = _as_identifier(value.name)
        while name in taken or f"d{name}" in taken:
            name += "_"
        taken |= {name, f"d{name}"}
        names.append(name)
        gradients.append(f"d{name}")
    return names, gradients


def _as_identifier(label: str) -> str:
    """A label as a Python name: `w[0]` becomes `w_0`, and w¹₂₃ becomes `w1_23`.

    >>> [_as_identifier(label) for label in ("w[0]", "w¹₂₃", "2x", "", "∂f/∂x", "naïve")]
    ['w_0', 'w1_23', 'v_2x', 'v_', 'f_x', 'naïve']
    """
    apart = re.sub("(?<=[⁰¹²³⁴⁵⁶⁷⁸⁹])(?=[₀₁₂₃₄₅₆₇₈₉])", "_", label)
    normal = unicodedata.normalize("NFKC", apart)
    spaced = "".join(c if f"a{c}".isidentifier() else " " for c in normal)
    name = "_".join(spaced.split())
    return name if name.isidentifier() else f"v_{name}"
