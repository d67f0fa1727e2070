"""Circuits from text: formulas written as in Python, over the gates alone, and never evaluated.

Python's own parser reads the text; what it finds is applied to values, gate by gate. Anything else
that Python knows (attributes, indices, comprehensions …) is refused, with the place.
"""

import ast
import math
import operator
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from keyword import iskeyword
from types import MappingProxyType
from typing import Any

from autograd_core import GATES, Value

LONGEST = 10_000
"""How many characters formulas may have together."""

CONSTANTS = {"pi": math.pi, "e": math.e, "inf": math.inf}
"""Numbers that have a name, unless a statement gives the name to another number."""

FUNCTIONS = {
    **GATES,
    "abs": GATES["absolute"],
    "ln": GATES["log"],
    "max": GATES["maximum"],
    "min": GATES["minimum"],
    "pow": GATES["power"],
    "sum": GATES["total"],
    "σ": GATES["sigmoid"],
}
"""What can be called: each gate, and some by the names that they have elsewhere."""

OPERATORS: dict[type[ast.AST], tuple[Callable[..., Any], str]] = {
    ast.Add: (operator.add, "add"),
    ast.Sub: (operator.sub, "subtract"),
    ast.Mult: (operator.mul, "multiply"),
    ast.Div: (operator.truediv, "divide"),
    ast.Pow: (operator.pow, "power"),
    ast.USub: (operator.neg, "negate"),
}
"""For each operator what records it, and the gate that computes it for two plain numbers."""

CURES: dict[type[ast.AST], str] = {
    ast.BitXor: "a power is written x**2",
    ast.Mod: "there is no gate for the remainder of a division",
    ast.FloorDiv: "write floor(x / y)",
    ast.MatMult: "write dot([w0, w1], [x0, x1])",
    ast.Attribute: "gates are written as functions, such as tanh(x)",
    ast.Subscript: "each value has a name of its own, such as x0",
    ast.IfExp: "write where(x > 0, a, b)",
    ast.BoolOp: "for `and` write the product of two conditions",
    ast.GtE: "write x > y",
    ast.LtE: "write x < y",
    ast.NotEq: "write x == y",
    ast.AugAssign: "a name is given one value; write a new name",
    ast.List: "lists are operands of dot, total, logsumexp and their like",
    ast.Tuple: "a decimal point is written 0.5, and two formulas have ; between them",
    ast.Starred: "write the operands one by one",
}
"""What to write in place of what Python has and formulas have not."""

PRINTED = str.maketrans({"×": "*", "·": "*", "⋅": "*", "÷": "/", "−": "-", "–": "-"})
"""Signs of printed formulas, which come with what is copied from one."""

Operand = float | Value


class FormulaError(ValueError):
    """What is wrong with a formula; where the place is known, with its line and a caret below."""

    def __init__(self, reason: str, line: str = "", place: int = 0) -> None:
        """Take the reason, the line that it is about, and the place in the line, from 0."""
        start = max(0, place - 60)
        mark = f"\n    {line[start : place + 40]}\n    {' ' * (place - start)}^" if line else ""
        super().__init__(reason + mark)


@dataclass(frozen=True)
class _Statement:
    """A formula, the name that it is given, if any, and the lines it stands in."""

    target: ast.Name | None
    formula: ast.expr
    lines: Sequence[str]

    @property
    def name(self) -> str:
        """The name that it gives, or nothing."""
        return self.target.id if self.target else ""

    @property
    def names(self) -> set[str]:
        """The names in the formula, those of gates included."""
        return {node.id for node in ast.walk(self.formula) if isinstance(node, ast.Name)}

    def error(self, reason: str, node: ast.expr | None = None) -> FormulaError:
        """What is wrong with a part of the formula, or with its name."""
        return FormulaError(reason, *_place(node or self.target or self.formula, self.lines))


class _Reader:
    """Applies gates as a formula says, to numbers and to values that have names."""

    def __init__(self, statement: _Statement, values: dict[str, Value]) -> None:
        self._error = statement.error
        self._values = values
        self.used: set[str] = set()

    def read(self, node: ast.expr) -> Operand:
        """The number or the value of a part of the formula."""
        if isinstance(node, ast.Constant):
            return self._number(node)
        if isinstance(node, ast.Name):
            return self._named(node)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.UAdd):
            return self.read(node.operand)
        if isinstance(node, ast.UnaryOp | ast.BinOp) and type(node.op) in OPERATORS:
            parts = [node.operand] if isinstance(node, ast.UnaryOp) else [node.left, node.right]
            operands = [self.read(part) for part in parts]
            record, gate = OPERATORS[type(node.op)]
            plain = not any(isinstance(operand, Value) for operand in operands)
            return self._apply(GATES[gate] if plain else record, operands, node)
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            left, right = self.read(node.left), self.read(node.comparators[0])
            if isinstance(node.ops[0], ast.Gt):
                return self._apply(GATES["greater"], [left, right], node)
            if isinstance(node.ops[0], ast.Lt):
                return self._apply(GATES["greater"], [right, left], node)
            if isinstance(node.ops[0], ast.Eq):
                return self._apply(GATES["equal"], [left, right], node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return self._call(node, node.func.id)
        kind: Any = node
        if isinstance(node, ast.UnaryOp | ast.BinOp):
            kind = node.op
        elif isinstance(node, ast.Compare):
            kind = node.ops[0]
        elif isinstance(node, ast.Call):
            kind = node.func
        raise self._error(
            CURES.get(type(kind), "a formula has gates, names and numbers alone"), node
        )

    def _number(self, node: ast.Constant) -> float:
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            raise self._error(f"{node.value!r} is no number", node)
        try:
            number = float(node.value)
        except OverflowError:
            number = math.inf
        if number == math.inf:
            raise self._error("this number is too large for a float", node)
        return number

    def _named(self, node: ast.Name) -> Operand:
        name = node.id
        if name in self._values:
            self.used.add(name)
            return self._values[name]
        if name in CONSTANTS:
            return CONSTANTS[name]
        if name in FUNCTIONS:
            raise self._error(f"{name} is a gate, written {name}(…)", node)
        raise self._error(f"{name} has no number; give it one, such as {name}=1.0", node)

    def _call(self, node: ast.Call, name: str) -> Operand:
        if name not in FUNCTIONS:
            near = get_close_matches(name, FUNCTIONS, n=1)
            cure = f"; did you mean {near[0]}?" if near else ""
            if name in self._values:
                cure = f"; a product is written {name} * (…)"
            raise self._error(f"there is no gate {name}{cure}", node)
        operands = [self._operand(each) for each in node.args]
        named = {}
        for each in node.keywords:
            if each.arg is None:
                raise self._error("write the operands one by one", each.value)
            named[each.arg] = self.read(each.value)
        return self._apply(FUNCTIONS[name], operands, node, named)

    def _operand(self, node: ast.expr) -> Any:
        """An operand of a gate, which may be a list."""
        if isinstance(node, ast.List | ast.Tuple):
            return [self.read(each) for each in node.elts]
        return self.read(node)

    def _apply(
        self,
        function: Callable[..., Any],
        operands: Sequence[Any],
        node: ast.expr,
        named: Mapping[str, Operand] = MappingProxyType({}),
    ) -> Operand:
        try:
            out: Operand = function(*operands, **named)
        except (ArithmeticError, TypeError, ValueError) as error:
            raise self._error(str(error), node) from None
        return out


def circuit_of(*texts: str) -> Value:
    """The value of the last statement of some texts, as the output of a circuit.

    A statement assigns an expression to a name; the last may go without. Statements stand on lines
    of their own or have `;` between them. A name that is assigned a plain number is an input, and
    may be used before; the other names become labels.

    Raises:
        FormulaError: if the text is none of this, is too long or too deep; if a name has no value,
            has two, or is not used; or if a gate refuses its operands.

    >>> f = circuit_of("q = x + y; f = q * z", "x = -2", "y = 5", "z = -4")
    >>> f.data, [value.label for value in f.inputs]
    (-12.0, ['q', 'z'])
    >>> circuit_of("(x + y) * w", "x = -2", "y = 5")
    Traceback (most recent call last):
    viz.expression.FormulaError: w has no number; give it one, such as w=1.0
        (x + y) * w
                  ^
    """
    if sum(map(len, texts)) > LONGEST:
        raise FormulaError(f"a formula may have {LONGEST:,} characters")
    try:
        return _record([each for text in texts for each in _parse(text)])
    except (MemoryError, RecursionError):
        raise FormulaError(
            "the formula is nested too deeply; give names to its parts: q = x + y; f = q * z"
        ) from None


def _record(statements: Sequence[_Statement]) -> Value:
    """Record the inputs first, then the other statements in their order."""
    assigned = {each.name for each in statements}
    inputs = [each for each in statements if each.name and not each.names & assigned]
    formulas = [each for each in statements if each not in inputs]
    if not formulas:
        raise FormulaError("there is no formula; write one such as '(x + y) * z'")
    *others, last = formulas
    for each in others:
        if not each.name:
            raise each.error("only the last formula may go without a name, as f in f = x * y")
    values: dict[str, Value] = {}
    used: set[str] = set()
    for each in [*inputs, *formulas]:
        if each.name in FUNCTIONS:
            raise each.error(f"{each.name} is a gate; choose another name")
        if each.name in values:
            raise each.error(f"{each.name} has a value already")
        reader = _Reader(each, values)
        out = reader.read(each.formula)
        used |= reader.used
        value = out if isinstance(out, Value) else Value(out)
        if each.name and value.label is None:
            value.label = each.name
        values[each.name] = value
    for each in [*inputs, *others]:
        if each.name not in used:
            raise each.error(f"{each.name} is not used in the formula")
    return values[last.name]


def _parse(text: str) -> list[_Statement]:
    """The statements of a text; those that are no assignments, or no formulas, are refused."""
    text = text.translate(PRINTED).strip()
    lines = text.splitlines()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python warns of what is refused below
            body = ast.parse(text).body
    except SyntaxError as error:
        line = lines[min(error.lineno or 1, len(lines)) - 1] if lines else ""
        raise FormulaError(_syntax(text, error), line, max((error.offset or 1) - 1, 0)) from None
    except ValueError as error:  # characters that no text has
        raise FormulaError(f"this is no text: {error}") from None
    statements = []
    for node in body:
        if isinstance(node, ast.Expr):
            statements.append(_Statement(None, node.value, lines))
        elif isinstance(node, ast.Assign) and isinstance(last := node.targets[-1], ast.Name):
            if len(node.targets) > 1:
                raise FormulaError("give a value one name", *_place(last, lines))
            statements.append(_Statement(last, node.value, lines))
        else:
            reason = CURES.get(type(node), "a statement is a formula, or gives its value a name")
            raise FormulaError(f"{reason}, as f = x * y", *_place(node, lines))
    return statements


def _syntax(text: str, error: SyntaxError) -> str:
    """What is wrong with a text that Python cannot read."""
    words = [word for word in re.findall(r"\w+", text) if iskeyword(word)]
    if "if" in words:
        return "a choice is written where(x > 0, a, b)"
    if words:
        return f"`{words[0]}` is a word of Python; choose another name"
    if "²" in text or "³" in text:
        return "a power is written x**2"
    if "digits" in error.msg:
        return "this number is too large for a float"
    if "decimal literal" in error.msg or re.search(r"[\w)] +[\w(]", text):
        return f"{error.msg}; a product is written 2 * x, and a gate tanh(x)"
    return error.msg


def _place(node: ast.stmt | ast.expr, lines: Sequence[str]) -> tuple[str, int]:
    """The line in which a node begins, and where; Python counts in bytes."""
    line = lines[node.lineno - 1]
    return line, len(line.encode()[: node.col_offset].decode(errors="ignore"))
