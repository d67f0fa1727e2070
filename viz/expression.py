"""Circuits from text: formulas written as in Python, over the gates alone, and never evaluated.

Python's own parser reads the text; what it finds is applied to values, gate by gate. Anything else
that Python knows (attributes, indices, comprehensions …) is refused, with the place.
"""

import ast
import math
import operator
import re
import unicodedata
import warnings
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from keyword import kwlist
from types import MappingProxyType
from typing import Any

from autograd_core import GATES, Value

LONGEST, MOST = 10_000, 1_000
"""How many characters formulas may have together, and how many operands a gate."""

CONSTANTS = {"pi": math.pi, "π": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan}
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

OF_LISTS = {GATES["maximum"]: GATES["largest"], GATES["minimum"]: GATES["smallest"]}
"""What Python's `max` and `min` are of a list."""

OPERATORS: dict[type[ast.AST], tuple[Callable[..., Any], Callable[..., Any]]] = {
    ast.Add: (operator.add, GATES["add"]),
    ast.Sub: (operator.sub, GATES["subtract"]),
    ast.Mult: (operator.mul, GATES["multiply"]),
    ast.Div: (operator.truediv, GATES["divide"]),
    ast.Pow: (operator.pow, GATES["power"]),
    ast.USub: (operator.neg, GATES["negate"]),
    ast.Gt: (GATES["greater"], GATES["greater"]),
    ast.Lt: (lambda x, y: GATES["greater"](y, x), lambda x, y: GATES["greater"](y, x)),
    ast.Eq: (GATES["equal"], GATES["equal"]),
}
"""For each operator what records it, and what computes it for plain numbers."""

_LESS = "x <= y is written 1 - (x > y), and x >= y is 1 - (x < y)"
_OTHER = "x != y is written 1 - (x == y)"
_AND = "for `and` write the product of two conditions"
_POWER = "a power is written x**2"
_ABSOLUTE = "|x| is written abs(x)"

CURES: dict[type[ast.AST], str] = {
    ast.BitXor: _POWER,
    ast.BitOr: _ABSOLUTE,
    ast.Mod: "the remainder is written x - y * floor(x / y)",
    ast.FloorDiv: "write floor(x / y)",
    ast.MatMult: "write dot([w0, w1], [x0, x1])",
    ast.Attribute: "gates are written as functions, such as tanh(x)",
    ast.Subscript: "each value has a name of its own, such as x0",
    ast.IfExp: "write where(x > 0, a, b)",
    ast.And: _AND,
    ast.BitAnd: _AND,
    ast.Or: "for `or` write max of two conditions",
    ast.Not: "for `not` write 1 - (x > y)",
    ast.GtE: _LESS,
    ast.LtE: _LESS,
    ast.NotEq: _OTHER,
    ast.Compare: "x < y < z is written (x < y) * (y < z)",
    ast.AugAssign: "a name is given one value; write a new name, such as f = x * y",
    ast.List: "lists are operands of dot, total, logsumexp and their like; other brackets are ( )",
    ast.Set: "brackets are written ( )",
    ast.Tuple: "a decimal point is written 0.5, and two formulas have ; between them",
    ast.Starred: "write the operands one by one",
    ast.Call: "a product is written x * (…)",
}
"""What to write in place of what Python has and formulas have not."""

SIGNS = {
    "⁰¹²³⁴⁵⁶⁷⁸⁹": _POWER,
    "₀₁₂₃₄₅₆₇₈₉": "an index is written x1",
    "√": "a root is written sqrt(x)",
    "|": _ABSOLUTE,
    "!": "n! is written exp(lgamma(n + 1))",
    "∞": "write inf",
    "½⅓¼": "write 1/2",
    "≤≥": _LESS,
    "≠": _OTHER,
    "\"'‘’“”": "a formula has no quotation marks",
    "\\": "a formula has no backslash",
}
"""The same for signs that Python does not read."""

PRINTED = str.maketrans(
    {
        **dict.fromkeys("×·⋅∗", "*"),
        **dict.fromkeys("÷∕⁄", "/"),
        **dict.fromkeys("−–", "-"),
        **dict.fromkeys("\xa0\u2002\u2003\u2007\u2009\u200a\u200b\u202f\u3000\ufeff", " "),
    }
)
"""Signs and spaces of printed formulas, which come with what is copied from one."""

Operand = float | Value

Place = tuple[str, int, int]
"""A line, where in it something begins, and how many characters it has."""


class FormulaError(ValueError):
    """What is wrong with a formula; where the place is known, with its line, marked from below."""

    def __init__(self, reason: str, place: Place | None = None) -> None:
        """Take the reason, and the place that it is about."""
        super().__init__(_LONG.sub(r"\1…", reason) + (_marked(*place) if place else ""))


_LONG = re.compile(r"(\S{60})\S+")


def _marked(line: str, start: int, length: int) -> str:
    """A line on a terminal, with a caret below where something begins, and its length."""
    first = max(0, start - 60)
    before, part, after = line[first:start], line[start : start + length], line[start + length :]
    part = part[:40]
    shown = "".join(map(_shown, before + part + after[: 40 - len(part)]))
    mark = "^".ljust(sum(map(_columns, part)), "~")
    return f"\n    {shown}\n    {' ' * sum(map(_columns, before))}{mark}"


def _shown(character: str) -> str:
    """A character as a terminal may have it."""
    return character if character.isprintable() else " " if character.isspace() else "\ufffd"


def _columns(character: str) -> int:
    """How many columns a character takes on a terminal."""
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


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
        return FormulaError(reason, _place(node or self.target or self.formula, self.lines))

    def refused(self, node: ast.expr) -> FormulaError:
        """What to write in place of a part that no formula has, marked at its operator."""
        kind, operands = _operator(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            kind = node.func
        reason = CURES.get(type(kind), "a formula has gates, names and numbers alone")
        place = _place(node, self.lines)
        if len(operands) > 1:
            (line, start, length), (other, end, _), *_ = (_place(x, self.lines) for x in operands)
            found = re.compile(r"[^\s()]+").search(line, start + length, end)
            if line is other and found:
                place = line, found.start(), len(found[0])
        return FormulaError(reason, place)


def _operator(node: ast.expr) -> tuple[ast.AST, list[ast.expr]]:
    """The operator of a part of a formula, and what it takes; or the part, and nothing."""
    if isinstance(node, ast.UnaryOp):
        return node.op, [node.operand]
    if isinstance(node, ast.BinOp):
        return node.op, [node.left, node.right]
    if isinstance(node, ast.BoolOp):
        return node.op, node.values
    if isinstance(node, ast.Compare):
        return node.ops[0] if len(node.ops) == 1 else node, [node.left, *node.comparators]
    return node, []


class _Reader:
    """Applies gates as a formula says, to numbers and to values that have names."""

    def __init__(
        self, statement: _Statement, values: dict[str, Value], assigned: Collection[str]
    ) -> None:
        self._statement = statement
        self._error = statement.error
        self._values = values
        self._assigned = assigned
        self.used: set[str] = set()

    def read(self, node: ast.expr) -> Operand:
        """The number or the value of a part of the formula."""
        if isinstance(node, ast.Constant):
            return self._number(node)
        if isinstance(node, ast.Name):
            return self._named(node)
        kind, parts = _operator(node)
        if isinstance(kind, ast.UAdd):
            return self.read(parts[0])
        if type(kind) in OPERATORS:
            operands = [self.read(part) for part in parts]
            record, compute = OPERATORS[type(kind)]
            has_values = any(isinstance(operand, Value) for operand in operands)
            return self._apply(record if has_values else compute, operands, node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return self._call(node, node.func.id)
        raise self._statement.refused(node)

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
        raise self._error(self._missing(name), node)

    def _missing(self, name: str) -> str:
        """What to do where a name has no number."""
        if name in FUNCTIONS:
            return f"{name} is a gate, written {name}(…)"
        if name == self._statement.name:
            return f"{name} stands in its own formula; give its value a name of its own"
        if name in self._assigned:
            return f"{name} gets its value only later; write that statement before this one"
        known = {**self._values, **CONSTANTS}
        for place in range(1, len(name)):
            first, rest = name[:place], name[place:]
            if rest in known and first in FUNCTIONS:
                return f"{name} has no number; the gate is written {first}({rest})"
            if rest in known and first in known:
                return f"{name} has no number; a product is written {first} * {rest}"
        near = [each for each in known if each.casefold() == name.casefold()]
        near += get_close_matches(name, known, n=1, cutoff=0.7)
        guess = f"; or did you mean {near[0]}?" if near else ""
        return f"{name} has no number; give it one, such as {name}=1.0{guess}"

    def _call(self, node: ast.Call, name: str) -> Operand:
        if name in self._values:
            raise self._error(f"{name} is no gate; a product is written {name} * (…)", node)
        if name not in FUNCTIONS:
            near = get_close_matches(name.lower(), FUNCTIONS, n=1)
            cure = f"did you mean {near[0]}?" if near else "`python -m viz --gates` lists them"
            raise self._error(f"there is no gate {name}; {cure}", node.func)
        operands = [self._operand(each) for each in node.args]
        named = {}
        for each in node.keywords:
            if each.arg is None:
                raise self._error("write the operands one by one", each.value)
            named[each.arg] = self._operand(each.value)
        gate = FUNCTIONS[name]
        if [type(operand) for operand in operands] == [list]:
            gate = OF_LISTS.get(gate, gate)
        return self._apply(gate, operands, node, named)

    def _operand(self, node: ast.expr) -> Any:
        """An operand of a gate, which may be a list."""
        if not isinstance(node, ast.List | ast.Tuple):
            return self.read(node)
        if len(node.elts) > MOST:
            raise self._error(f"a list may have {MOST:,} operands", node)
        return [self.read(each) for each in node.elts]

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
            reason = str(error).replace("(*values)", "([…])")  # no formula has a star
            raise self._error(reason, node) from None
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
            "the formula is too long or nested too deeply; give names to its parts: "
            "q = x + y; f = q * z"
        ) from None


def _record(statements: Sequence[_Statement]) -> Value:
    """Record the inputs first, then the other statements in their order."""
    assigned = {each.name for each in statements if each.name}
    inputs = [each for each in statements if each.name and not each.names & assigned]
    formulas = [each for each in statements if each not in inputs]
    if not formulas:
        raise FormulaError("there is no formula; write one such as '(x + y) * z'")
    *others, last = formulas
    values: dict[str, Value] = {}
    used: set[str] = set()
    for each in [*inputs, *formulas]:
        if each.name in FUNCTIONS:
            raise each.error(f"{each.name} is a gate; choose another name")
        if each.name and each.name in values:
            raise each.error(f"{each.name} has a value already")
        reader = _Reader(each, values, assigned)
        out = reader.read(each.formula)
        used |= reader.used
        value = out if isinstance(out, Value) else Value(out)
        if each.name and value.label is None:
            value.label = each.name
        values[each.name] = value
    for each in [*inputs, *others]:
        if not each.name:
            raise each.error("this formula is not the last, so it needs a name, as in f = x * y")
        if each.name not in used:
            raise each.error(f"{each.name} is not used in the formula")
    return values[last.name]


def _parse(text: str) -> list[_Statement]:
    """The statements of a text; those that are no assignments, or no formulas, are refused."""
    lines = [line.strip() for line in re.split(r"\r\n?|\n", text.translate(PRINTED))]
    for line in lines:
        if found := _NO_TEXT.search(line):
            raise FormulaError("this is no character of a text", (line, found.start(), 1))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python warns of what is refused below
            body = ast.parse("\n".join(lines)).body
    except SyntaxError as error:
        line = lines[min(error.lineno or 1, len(lines)) - 1]
        place = min(max(error.offset or 1, 1) - 1, len(line))
        raise FormulaError(*_syntax(error.msg, line, place)) from None
    statements = []
    for node in body:
        if isinstance(node, ast.Expr):
            statements.append(_Statement(None, node.value, lines))
        elif isinstance(node, ast.Assign) and isinstance(last := node.targets[-1], ast.Name):
            if len(node.targets) > 1:
                raise FormulaError("give a value one name", _place(last, lines))
            statements.append(_Statement(last, node.value, lines))
        else:
            kind: type[ast.AST] = type(node)
            if isinstance(node, ast.Assign) and isinstance(last, ast.Tuple):
                kind = ast.Tuple  # a = x, b = y
            reason = CURES.get(kind, "a statement is a formula, or gives its value a name, f = x*y")
            raise FormulaError(reason, _place(node, lines))
    return statements


_NO_TEXT = re.compile("[\0\ud800-\udfff]")
"""What Python reads in no text: the null, and bytes that are not UTF-8."""

_OTHERS = ("and", "or", "not", "True", "False", "None")  # those that read as parts of a formula
_WORDS = re.compile(rf"\b({'|'.join(word for word in kwlist if word not in _OTHERS)})\b")
"""Words that Python keeps for itself, and that can be no names."""


def _syntax(message: str, line: str, place: int) -> tuple[str, Place]:
    """What is wrong where Python cannot read a line, and where."""
    at = line[place : place + 1]
    here = line, place, 1
    if "paren" in message or "never closed" in message or "unmatched" in message:
        return message, here
    if found := re.search(r"\d{400,}", line):
        return "this number is too large for a float", (line, found.start(), len(found[0]))
    for signs, cure in SIGNS.items():
        if at and at in signs:
            return cure, here
    if re.search(r"\bif\b", line):
        return CURES[ast.IfExp], here
    if found := _WORDS.search(line):
        there = line, found.start(), len(found[0])
        return f"`{found[0]}` is a word of Python; choose another name", there
    if "=" in line and ("assign" in message or "Maybe" in message or at == ":"):
        if "," in line:
            return CURES[ast.Tuple], here
        return "a name alone is given a value, and with =, as in f = x * y", here
    if not line[place:].partition("#")[0].strip():
        return "the formula ends where a name or a number should follow", here
    before = line[:place].rstrip()
    if "comma" in message:
        return "operands have , between them, and a product is written 2 * x", here
    side_by_side = re.search(r"[\w)]$", before) and re.match(r"[\w(]", at)
    if side_by_side or re.match(r"[\d_.]*\d[^\W\d_]", line[place:]):
        return "a product is written 2 * x, and a gate tanh(x)", here
    if "literal" in message:
        return "this is no number", here
    if not at.isprintable():
        return f"a character that is not seen stands here, U+{ord(at):04X}", here
    return f"{at} cannot stand here", here


def _place(node: ast.stmt | ast.expr, lines: Sequence[str]) -> Place:
    """The line in which a node begins, where, and how far it goes in it; Python counts in bytes."""
    line = lines[node.lineno - 1]
    data = line.encode()
    end = node.end_col_offset if node.end_lineno == node.lineno else None
    start = len(data[: node.col_offset].decode())
    return line, start, len(data[node.col_offset : end].decode())
