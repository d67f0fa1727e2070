"""A program as one function in C or in Python: loops with the names of lectures.

The names are those of the printer, and its line for an instruction is the remark above the loop
that carries it out. Where the operands of an instruction lie at regular places under one name there
is one loop, else a statement for each result.
"""

import keyword
import textwrap
from collections.abc import Callable, Sequence
from functools import partial, reduce

import numpy as np

from autograd_core.explain.notation import ALL, Notation
from autograd_core.gate import GATES
from autograd_core.languages.python_text import HELPERS, PythonText
from autograd_core.languages.source_text import (
    FUNCTIONS,
    Expression,
    Number,
    SourceText,
    call,
    enclosed,
    expression,
)
from autograd_core.programs.graph import MATRIX
from autograd_core.programs.instructions import (
    COPY,
    GRADIENT,
    INPUTS,
    LANES,
    ONES,
    OUTER,
    SCALED,
    SHARED,
    SUMS,
    Instruction,
    Instructions,
    Rows,
    Sum,
)
from autograd_core.programs.printer import Printer
from autograd_core.programs.run import Index

C_HELPERS = {
    "sigmoid": """\
static double sigmoid(double x) {
    double e = exp(-fabs(x));
    return (x < 0.0 ? e : 1.0) / (1.0 + e);
}
""",
    "sech": """\
static double sech(double x) {
    double e = exp(-fabs(x));
    return 2.0 * e / (1.0 + e * e);
}
""",
    "sech2": """\
static double sech2(double x) {
    double e = exp(-2.0 * fabs(x));
    return 4.0 * e / ((1.0 + e) * (1.0 + e));
}
""",
    "larger": """\
static double larger(double x, double y) { return x > y || x != x ? x : y; }
""",
    "smaller": """\
static double smaller(double x, double y) { return x < y || x != x ? x : y; }
""",
    "times": """\
static double times(double x, double y) { return y == 0.0 ? 0.0 : x * y; }
""",
    "power_limit": """\
static double power_limit(double x, double y) { return x == 0.0 && y < 0.0 ? INFINITY : pow(x, y); }
""",
    "direction": """\
static double direction(double x, double y) {
    if (x == 0.0) return y == y ? x : y;
    if (fabs(x) == fabs(y)) return copysign(sqrt(0.5), x);
    double ratio = fabs(x) < fabs(y) ? x / fabs(y) : y / x;
    double side = 1.0 / sqrt(1.0 + ratio * ratio);
    return fabs(x) < fabs(y) ? ratio * side : copysign(side, x);
}
""",
    "gaussian": """\
static double gaussian(double x, double rate) { /* exp(-rate x²) and what rate x² loses */
    double square = x * x, size = rate * square;
    if (size > 800.0) return 0.0;
    if (square > 1e200) return exp(-size);
    double lost = fma(rate, square, -size) + rate * fma(x, x, -square);
    return exp(-size) * (1.0 - lost);
}
""",
    "normal_cdf": """\
static double normal_cdf(double x) { /* erfc(-x / √2) / 2 and what x / √2 loses */
    if (x > 40.0) return 1.0;
    if (x < -40.0) return 0.0;
    double root = 0.7071067811865476, z = x * root;
    double lost = fma(x, root, -z) - x * 4.833646656726457e-17;
    return 0.5 * (erfc(-z) + 1.1283791670955126 * exp(-z * z) * lost);
}
""",
    "logsumexp": """\
static double logsumexp(int n, const double *x) {
    int place = 0;
    for (int i = 1; i < n; i++)
        if (x[i] > x[place]) place = i;
    if (isinf(x[place])) return x[place];
    double sum = 0.0;
    for (int i = 0; i < n; i++)
        if (i != place) sum += exp(x[i] - x[place]);
    return x[place] + log1p(sum);
}
""",
}
"""Functions that C does not have."""


class CText(SourceText):
    """Formulas as C.

    >>> from autograd_core import leaky_relu
    >>> print(leaky_relu.evaluate(CText(), [Expression("x"), 0.1]))
    x > 0.0 ? x : 0.1 * x
    """

    definitions = C_HELPERS
    library = ""
    more_functions = ("erf", "erfc", "floor", "lgamma")

    def function(self, name: str, *arguments: Number) -> Expression:
        return call(name, *arguments)

    def choice(self, question: str, yes: str, no: str) -> str:
        return f"{question} ? {yes} : {no}"

    def is_true(self, number: Expression) -> str:
        return f"({number}) != 0.0"

    def absolute(self, x: Number) -> Expression:
        return call("fabs", x)

    def maximum(self, *values: Number) -> Expression:
        return expression(reduce(partial(self.help, "larger"), values))

    def minimum(self, *values: Number) -> Expression:
        return expression(reduce(partial(self.help, "smaller"), values))

    def norm(self, values: Sequence[Number]) -> Expression:
        return reduce(partial(call, "hypot"), values, call("fabs", 0.0))

    def power(self, x: Number, y: Number) -> Expression:
        return expression(x) * x if y == 2.0 else call("pow", x, y)

    def times(self, x: Number, y: Number) -> Number:
        return self.help("times", x, y)

    def logsumexp(self, values: Sequence[Number]) -> Expression:
        listed = ", ".join(str(expression(x)) for x in values)
        terms = Expression(f"(double[]){{{listed}}}")
        return self.help("logsumexp", Expression(str(len(values))), terms)

    def sum_of_list(self, terms: str) -> Expression:
        return Expression(f"({' + '.join(terms.strip('[]').split(', '))})")


class _Language:
    """How C writes what a function is made of; Python is a subclass."""

    def formulas(self) -> SourceText:
        return CText()

    head = (
        "void program(int examples, const double *inputs, const double *parameters,\n"
        "             double *outputs, double *gradient) {"
    )
    end = "}"
    close = "}"
    start = "#include <math.h>\n"

    def number(self, number: float) -> str:
        text = str(expression(number))
        return text.replace("math.inf", "INFINITY").replace("math.nan", "NAN")

    def statement(self, text: str) -> str:
        return f"{text};"

    def remark(self, text: str) -> str:
        return f"/* {text.replace('*/', '* /')} */"

    def array(self, name: str, size: int) -> str:
        return f"double {name} = 0.0;" if size == 1 else f"double {name}[{size}] = {{0}};"

    def loop(self, counter: str, count: int | str) -> str:
        return f"for (int {counter} = 0; {counter} < {count}; {counter}++) {{"

    def preface(self, title: str, texts: list[str]) -> str:
        return "".join(f"/* {text} */\n" for text in [title, *texts])

    def opening(self, outputs: int, parameters: int) -> list[str]:
        if not parameters:
            return []
        return [self.loop("j", parameters), "    gradient[j] = 0.0;", self.close]

    def closing(self) -> list[str]:
        return []


class _Python(_Language):
    """How Python writes it."""

    head = "def program(inputs, parameters):"
    end = close = ""
    start = "import math\n\n"

    def formulas(self) -> SourceText:
        return PythonText(extreme=True)

    def number(self, number: float) -> str:
        return str(expression(number))

    def statement(self, text: str) -> str:
        return text

    def remark(self, text: str) -> str:
        return f"# {text}"

    def array(self, name: str, size: int) -> str:
        return f"{name} = 0.0" if size == 1 else f"{name} = [0.0] * {size}"

    def loop(self, counter: str, count: int | str) -> str:
        return f"for {counter} in range({count}):"

    def preface(self, title: str, texts: list[str]) -> str:
        return "".join(f"# {text}\n" for text in [title, *texts])

    def opening(self, outputs: int, parameters: int) -> list[str]:
        return [
            "examples = len(inputs)",
            "inputs = [x for row in inputs for x in row]",
            f"outputs = [0.0] * ({outputs} * examples)",
            f"gradient = [0.0] * {parameters}",
        ]

    def closing(self) -> list[str]:
        return ["return outputs, gradient"]


LANGUAGES: dict[str, type[_Language]] = {"c": _Language, "python": _Python}

WORDS = "auto break case char const continue default do double else enum extern float for goto if"
WORDS += " inline int long register restrict return short signed sizeof static struct switch"
WORDS += " typedef union unsigned void volatile while main program examples inputs parameters"
WORDS += " outputs gradient math sums theta b i j k y0 y1 yn j0 j1 jn gamma lgamma tgamma pow fma"
WORDS += " fabs erf erfc abs max min sum floor ceil copysign isinf index signgam range len float"


class _Names(Notation):
    """The notation of the lectures, in which no label is a word of the language."""

    reserved = frozenset(
        [*Notation.reserved, *WORDS.split(), *keyword.kwlist, *FUNCTIONS, *C_HELPERS, *HELPERS]
    )


class _Writer:
    """The lines of the function of a plan."""

    def __init__(self, plan: Instructions, others: Sequence[float], language: _Language) -> None:
        self._plan, self._language = plan, language
        self._printer = Printer(plan, _Names())
        self._math = language.formulas()
        first, last = plan.leaves, plan.leaves + len(plan.constants)
        self._constants = dict(zip(range(first, last), plan.constants.tolist(), strict=True))
        self._counted = plan.sizes[GRADIENT]
        self._others = others
        self._used: set[int] = set()
        self.lines: list[str] = []
        self._indent = 1

    # References

    def _name(self, owner: int) -> str:
        self._used.add(owner)
        return self._printer.names[owner].name.replace(ALL, "theta")

    def _one(self, array: str, place: int) -> str:
        """One number."""
        if array == GRADIENT:
            return f"gradient[{place}]"
        if array == SUMS:
            return f"sums[{place}]" if self._plan.sizes[SUMS] > 1 else "sums"
        if array == SHARED and place in self._constants:
            return self._language.number(self._constants[place])
        owner, at = self._printer.places(Rows(array, np.array([place])))
        return self._at(int(owner[0]), str(int(at[0])))

    def _at(self, owner: int, place: str) -> str:
        """A number under a name; one that is alone needs no place."""
        alone = self._printer.names[owner].rows.index.size == 1
        return self._name(owner) if alone else f"{self._name(owner)}[{place}]"

    def _regular(self, array: str, index: Index, counters: str) -> str | None:
        """Numbers by counters, if their places are regular under one name."""
        if array == SUMS and self._plan.sizes[SUMS] == 1:
            return "sums"
        if array in (GRADIENT, SUMS):
            place = _linear(index, counters)
            return place and f"{'gradient' if array == GRADIENT else 'sums'}[{place}]"
        if array == SHARED and not self._constants.keys().isdisjoint(index.flat):
            return self._one(array, int(index.flat[0])) if np.ptp(index) == 0 else None
        owners, at = self._printer.places(Rows(array, index))
        place = _linear(at, counters) if np.ptp(owners) == 0 else None
        return place and self._at(int(owners.flat[0]), place)

    # Lines

    def _write(self, text: str) -> None:
        self.lines.append("    " * self._indent + text if text else "")

    def _say(self, text: str) -> None:
        target, _, value = text.partition("= ")
        first, *more = textwrap.wrap(value, 84, break_long_words=False, break_on_hyphens=False)
        if more:
            first, more[-1] = f"({first}", f"{more[-1]})"
        lines = [f"{target}= {first}", *[f"        {line}" for line in more]]
        lines[-1] = self._language.statement(lines[-1])
        for line in lines:
            self._write(line)

    def _remark(self, text: str) -> None:
        wrapped = textwrap.wrap(text, 92, max_lines=3, placeholder=" …")
        for line in wrapped:
            self._write(self._language.remark(line))

    def _within(self, counters: str, sizes: Sequence[int | str], texts: Sequence[str]) -> None:
        """Statements inside loops; one that is run once is none."""
        loops = [pair for pair in zip(counters, sizes, strict=True) if pair[1] != 1]
        for counter, size in loops:
            self._write(self._language.loop(counter, size))
            self._indent += 1
        for text in texts:
            self._say(text)
        for _ in loops:
            self._indent -= 1
            if self._language.close:
                self._write(self._language.close)

    def _each(
        self, arrays: Sequence[tuple[str, Index]], text: Callable[[Sequence[str]], str]
    ) -> None:
        """A statement for each place: in a loop, or one after the other."""
        shape = arrays[0][1].shape
        counters = "jk"[: len(shape)]
        found = [self._regular(array, index, counters) for array, index in arrays]
        if arrays[0][1].size > 1 and None not in found:
            self._within(counters, shape, [text([str(each) for each in found])])
            return
        for place in np.ndindex(shape):
            self._say(text([self._one(array, int(index[place])) for array, index in arrays]))

    def _instruction(self, each: Instruction) -> None:
        self._remark(self._printer.line(each))
        out = each.out.array, each.out.index
        if each.operation == MATRIX:
            weights, inputs = each.taken
            self._each([out], lambda names: f"{names[0]} = 0.0")
            index = np.broadcast_to(each.out.index[:, np.newaxis], weights.index.shape)
            x = np.broadcast_to(inputs.index, weights.index.shape)
            triples = [(each.out.array, index), (weights.array, weights.index), (inputs.array, x)]
            self._each(triples, lambda names: f"{names[0]} += {names[1]} * {names[2]}")
        elif each.operation == COPY:
            taken = each.taken[0]
            self._each([out, (taken.array, taken.index)], lambda names: " = ".join(names))
        else:
            self._gate(each)

    def _gate(self, each: Instruction) -> None:
        gate, rows = GATES[each.operation], each.taken

        def formula(names: Sequence[str]) -> str:
            found = iter(names[1:])
            operands: list[Number] = []
            for operand in each.operands:
                if not isinstance(operand, Rows):
                    operands.append(operand)
                elif gate.variadic:
                    operands += [Expression(next(found)) for _ in range(len(operand.index))]
                else:
                    operands.append(Expression(next(found)))
            number = gate.evaluate(self._math, operands)
            if not isinstance(number, Expression):
                return f"{names[0]} = {self._language.number(float(number))}"
            text = enclosed(number, 0)
            if type(self._language) is _Language:
                text = text.replace("math.inf", "INFINITY").replace("math.nan", "NAN")
            return f"{names[0]} = {text}"

        arrays = [(each.out.array, each.out.index)]
        for operand in rows:
            lists = operand.index if gate.variadic else [operand.index]
            arrays += [(operand.array, index) for index in lists]
        self._each(arrays, formula)

    def _reduction(self, each: Sum) -> None:
        self._remark(self._printer.sum_line(each, add=True))
        target = each.target.array, each.target.index
        left, right = each.left, each.right
        if each.operation == OUTER:
            shape = target[1].shape
            factors = [(left.array, np.broadcast_to(left.index[:, np.newaxis], shape))]
            if right.array != ONES:
                factors.append((right.array, np.broadcast_to(right.index, shape)))
        else:
            factors = [(left.array, left.index), (right.array, right.index)]
        counted = each.operation == SCALED and left.array != SUMS
        times = ["examples"] if counted else []
        self._each(
            [target, *factors], lambda names: f"{names[0]} += {' * '.join([*times, *names[1:]])}"
        )

    # The whole

    def text(self, title: str) -> str:
        """The function, after what it needs."""
        plan, language, printer = self._plan, self._language, self._printer
        body: list[list[str]] = []
        for heading, instructions in (
            ("Once, for all examples", plan.shared),
            ("Forward", printer.forward),
            ("Backward", printer.backward),
        ):
            self._indent = 1 + (heading != "Once, for all examples")
            self.lines = []
            if instructions:
                self._remark(heading)
            for each in instructions:
                self._instruction(each)
            body.append(self.lines)
        self.lines = []
        count = len(plan.outputs)
        for place, (array, at) in enumerate(plan.outputs):
            target = " + ".join([f"{count} * b" if count > 1 else "b", *[str(place)] * (place > 0)])
            self._say(f"outputs[{target}] = {self._one(array, at)}")
        if plan.sums:
            self._remark("Gradient: sums over the examples")
        for reduction in plan.sums:
            self._reduction(reduction)
        body.append(self.lines)
        self.lines, self._indent = [], 1
        for scaled in plan.products:
            self._reduction(scaled)
        last = self.lines
        inputs = self._taken(INPUTS, 2)
        shared = self._taken(SHARED, 1)
        results = [
            language.array(self._name(owner), printer.names[owner].rows.index.size)
            for owner in sorted(self._used)
            if printer.names[owner].rows.array == LANES
        ]
        if plan.sizes[SUMS]:
            results.append(language.array("sums", plan.sizes[SUMS]))
        opening = language.opening(count, self._counted)
        lines = ["    " + line for line in [*opening, *results]]
        lines += [*shared, *body[0], f"    {language.loop('b', 'examples')}", *inputs]
        for part in body[1:]:
            lines += part
        lines += ["    " + language.close] if language.close else []
        lines += [*last, *["    " + line for line in language.closing()]]
        lines += [language.end] if language.end else []
        helpers = "".join(f"{text}\n" for text in self._math.helpers.values())
        preface = language.preface(title, self._texts())
        return f"{preface}{language.start}\n{helpers}{language.head}\n" + "\n".join(lines) + "\n"

    def _texts(self) -> list[str]:
        plan = self._plan
        size, count = plan.sizes[INPUTS], len(plan.outputs)
        return [
            f"inputs: a row of {size} for each example; parameters: {self._counted};",
            f"outputs: a row of {count} for each example; gradient: the sums over the examples.",
            "A number outside a gate's domain is not refused here.",
        ]

    def _taken(self, array: str, indent: int) -> list[str]:
        """The arrays of names that stand for leaves or inputs, or for what examples share."""
        self.lines, self._indent = [], indent
        for owner in sorted(self._used):
            rows = self._printer.names[owner].rows
            index = rows.index
            if rows.array != array:
                continue
            self._write(self._language.array(self._name(owner), index.size))
            first, row = int(index.flat[0]), ""
            if array == INPUTS:
                row = (
                    f"{self._plan.sizes[INPUTS]} * b + " if self._plan.sizes[INPUTS] > 1 else "b + "
                )
            elif first >= self._plan.leaves:
                continue
            source = "inputs" if array == INPUTS else "parameters"
            counters, places = "jk"[: index.ndim], np.arange(index.size).reshape(index.shape)
            own, taken = _linear(places, counters), _linear(index, counters)
            others = array == SHARED and index.max() >= self._counted
            if own is not None and taken is not None and not others:
                text = f"{self._at(owner, own)} = {source}[{row}{taken}]"
                self._within(counters, index.shape, [text])
                continue
            for at, place in enumerate(index.ravel().tolist()):
                number = f"{source}[{row}{place}]"
                if others and place >= self._counted:
                    number = self._language.number(self._others[place - self._counted])
                self._say(f"{self._at(owner, str(at))} = {number}")
        return self.lines


def _linear(places: Index, counters: str) -> str | None:
    """Regular places by counters, one for each dimension; None where they are not regular.

    >>> _linear(np.array([[4, 5], [7, 8]]), "jk")
    '3 * j + k + 4'
    """
    start, steps, rest = int(places.flat[0]), [], places
    for _ in places.shape:
        steps.append(int(rest[1].flat[0] - rest[0].flat[0]) if len(rest) > 1 else 0)
        rest = rest[0]
    grid = np.indices(places.shape)
    if not np.array_equal(start + sum(s * g for s, g in zip(steps, grid, strict=True)), places):
        return None
    terms = [
        counter if step == 1 else f"{step} * {counter}"
        for counter, step in zip(counters, steps, strict=True)
        if step
    ]
    return " + ".join([*terms, *[str(start)] * (start != 0 or not terms)])


def source_of(plan: Instructions, others: Sequence[float], language: str, title: str) -> str:
    """A plan as a function `program` in a language.

    Args:
        plan: for outputs and a gradient.
        others: the numbers of the leaves that are no parameters.
        language: a key of `LANGUAGES`.
        title: the first line.

    Raises:
        ValueError: for a language or a function that cannot be written.
    """
    try:
        return _Writer(plan, others, LANGUAGES[language]()).text(title)
    except AttributeError as error:
        raise ValueError(f"this program cannot be written in {language}: {error}") from None
