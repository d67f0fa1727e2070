"""A printed program carried out line by line, from its text alone."""

import re

import numpy as np

from autograd_core import GATES, floats

LANES, SHARED, MATRIX = "lanes", "shared", "matrix"


class Rows:
    """Numbers as the notation has them: [n, B], [n], or a matrix [n, k]."""

    def __init__(self, data, kind):
        self.data, self.kind = np.asarray(data, dtype=float), kind

    @property
    def flat(self):
        """As a list of rows: a matrix row by row."""
        return Rows(self.data.ravel(), SHARED) if self.kind == MATRIX else self

    def __getitem__(self, key):
        if self.kind != MATRIX:
            key = slice(key, key + 1) if isinstance(key, int) else key
            return Rows(self.data[key], self.kind)
        chosen = self.data[key]
        return Rows(chosen, MATRIX) if np.ndim(chosen) == 2 else Rows(np.ravel(chosen), SHARED)

    @property
    def transposed(self):
        return Rows(self.data.T, MATRIX)

    def shaped(self, rows, columns):
        return Rows(self.data.reshape(rows, columns), MATRIX)

    def __matmul__(self, other):
        left = self.data
        if self.kind == SHARED:
            left = left.reshape(-1, len(other.data))
        result = left @ other.data
        if result.ndim == 1:
            return Rows(result, SHARED)
        return Rows(result, MATRIX if self.kind == LANES else LANES)

    def __add__(self, other):
        return elementwise("add", self, other)

    def __radd__(self, other):
        return elementwise("add", other, self)

    def __sub__(self, other):
        return elementwise("subtract", self, other)

    def __rsub__(self, other):
        return elementwise("subtract", other, self)

    def __mul__(self, other):
        return elementwise("multiply", self, other)

    def __rmul__(self, other):
        return elementwise("multiply", other, self)

    def __truediv__(self, other):
        return elementwise("divide", self, other)

    def __rtruediv__(self, other):
        return elementwise("divide", other, self)

    def __pow__(self, other):
        return elementwise("power_limit", self, other)

    def __rpow__(self, other):
        return elementwise("power_limit", other, self)

    def __gt__(self, other):
        return elementwise("greater", self, other)

    def __lt__(self, other):
        return elementwise("greater", other, self)

    def __neg__(self):
        return elementwise("negate", self)


class Stack(Rows):
    """[a, b, …]: rows one below the other; the parts are the terms of a variadic gate."""

    def __init__(self, *parts):
        self.parts = [as_rows(part) for part in parts]
        flat = [part.flat for part in self.parts]
        varies = any(part.kind == LANES for part in flat)
        super().__init__(joined(flat, varies), LANES if varies else SHARED)


def as_rows(number):
    return number if isinstance(number, Rows) else Rows([number], SHARED)


def joined(parts, varies):
    """Rows one below the other."""
    if not varies:
        return np.concatenate([part.data for part in parts])
    lanes = max(part.data.shape[1] for part in parts if part.kind == LANES)
    return np.concatenate(
        [part.data if part.kind == LANES else np.tile(part.data[:, None], lanes) for part in parts]
    )


def repeated(count, number):
    return Stack(*[number] * count)


def elementwise(gate, *operands):
    """A gate, number by number; what all lanes share is a column where something varies."""
    rows = [as_rows(operand).flat for operand in operands]
    varies = any(each.kind == LANES for each in rows)
    data = [each.data[:, None] if varies and each.kind == SHARED else each.data for each in rows]
    with np.errstate(all="ignore"):
        result = np.vectorize(lambda *numbers: float(GATES[gate].evaluate(floats, numbers)))(*data)
    return Rows(result, LANES if varies else SHARED)


def variadic(gate, size):
    """A variadic gate for so many results."""

    def apply(*lists):
        terms = []
        for each in lists:
            whole = each.flat
            if size == 1:
                terms.append([whole[place] for place in range(len(whole.data))])
            else:
                terms.append([broadcast(part.flat, size) for part in each.parts])
        varies = any(term.kind == LANES for each in terms for term in each)
        flat = [term for each in terms for term in each]
        lanes = max([term.data.shape[1] for term in flat if term.kind == LANES], default=1)
        result = np.empty((size, lanes))
        for row in range(size):
            for lane in range(lanes):
                numbers = [
                    term.data[row, lane] if term.kind == LANES else term.data[row] for term in flat
                ]
                result[row, lane] = GATES[gate].evaluate(floats, [float(x) for x in numbers])
        return Rows(result, LANES) if varies else Rows(result[:, 0], SHARED)

    return apply


def broadcast(rows, size):
    if len(rows.data) == size:
        return rows
    return Rows(np.repeat(rows.data, size, axis=0), rows.kind)


NAME = r"[^\W\d]\w*"


def in_python(text):
    """An expression of the notation as Python."""
    text = re.sub(
        rf"(\d+) × ({NAME}(?:\[[^][]*(?:\[[^][]*\])?[^][]*\])?|-?[\w.+-]+)",
        r"repeated(\1, \2)",
        text,
    )
    text = text.replace("1[B]", "ones")
    text = re.sub(rf"({NAME})\[(\d+), (\d+)\](?= @)", r"\1.shaped(\2, \3)", text)
    text = re.sub(rf"({NAME})ᵀ\[(\d+), (\d+)\](?= @)", r"\1.shaped(\3, \2).transposed", text)
    text = re.sub(rf"({NAME}ᵀ?)\[(?:\d+, B|B, \d+)\]", r"\1", text)
    text = text.replace("ᵀ", ".transposed")
    written, inside = "", []
    for place, character in enumerate(text):
        if character == "[":
            index = bool(inside and inside[-1] == "]") or bool(
                place and re.match(r"[\w\])]", text[place - 1])
            )
            inside.append("]" if index else ")")
            written += "[" if index else "Stack("
        elif character == "]":
            written += inside.pop()
        else:
            written += character
    return written


class Printed:
    """A printed program.

    Attributes:
        title: its first line.
        sections: the lines under each heading, broken lines joined.
        shapes: the shape of each name that is defined, as text.
    """

    def __init__(self, text):
        lines = text.replace("\n      ", " ").split("\n")
        self.title, *lines = lines
        self.sections = {}
        heading = ""
        for line in lines:
            if line.startswith("  "):
                self.sections[heading].append(line[2:])
            elif line:
                heading = line.partition(":")[0]
                self.sections[heading] = []

    def given(self, heading):
        """Names, shapes and origins of what comes from outside."""
        for line in self.sections.get(heading, []):
            if " = " not in line:
                for each in (
                    line.split(", ") if "[1, B]" not in line else re.findall(r"\S+\[1, B\]", line)
                ):
                    yield each.partition("[")[0], (1,), each.partition("[")[0]
                continue
            name, origin = re.split(r" += ", line, maxsplit=1)
            name, _, shape = name.partition("[")
            yield name, tuple(int(x) for x in re.findall(r"\d+", shape)), origin

    def run(self, batch, columns, numbers, places):
        """The outputs (lanes, outputs), and the sum of the gradient over the lanes.

        Args:
            batch: lanes × inputs.
            columns: for each name of an input and its origin the columns.
            numbers: those of the leaves, parameters first.
            places: for each name of leaves and its origin their places among all leaves.
        """
        known = {"Stack": Stack, "repeated": repeated, "B": float(len(batch)), "inf": np.inf}
        known |= {"ones": Rows(np.ones(len(batch)), LANES), "nan": np.nan}
        for name, gate in GATES.items():
            if not gate.variadic:
                known[name] = lambda *operands, name=name: elementwise(name, *operands)
        for name, shape, origin in self.given("Inputs"):
            chosen = columns(name, shape, origin)
            known[name] = Rows(batch.T[chosen], LANES)
            for label, column in zip(origin.split(", "), chosen, strict=False):
                if label.isidentifier():  # one of a block is called by its label where it is alone
                    known.setdefault(label, Rows(batch.T[[column]], LANES))
        indices = {"Stack": Stack, "repeated": repeated}
        for heading in ("Parameters", "Other leaves"):
            for name, shape, origin in self.given(heading):
                found = np.array(places(name, shape, origin)).reshape(shape)
                kind = MATRIX if len(shape) == 2 else SHARED
                known[name], indices[name] = Rows(numbers[found], kind), Rows(found, kind)
        outputs = None
        for heading in ("Once, for all lanes", "Forward", "Backward"):
            for line in self.sections.get(heading, []):
                left, _, right = line.partition(" = ")
                if left == "outputs" or (left == "output" and "[" not in left):
                    outputs = [as_rows(eval(in_python(each), known)) for each in split(right)]
                    continue
                name, size = re.fullmatch(rf"({NAME})\[(\d+)(?:, B)?\]", left).groups()
                assert name not in known, f"{name} is defined twice"
                value = self._value(right, known, int(size))
                assert (value.kind == LANES) <= left.endswith("B]")
                if left.endswith("B]") and value.kind != LANES:
                    value = Rows(np.tile(value.flat.data[:, None], len(batch)), LANES)
                known[name] = broadcast(value.flat, int(size))
                assert len(known[name].data) == int(size)
        outputs = outputs or [known["output"]]
        gradient = np.zeros(len(numbers))
        reached = np.zeros(len(numbers), dtype=bool)
        for line in self.sections.get("Gradient", []):
            left, sign, right = re.fullmatch(r"(.*?) (\+?=) (.*)", line).groups()
            if not left.startswith(("d", "[d", "[2", "[3")) and not re.match(r"\[\d+ × d", left):
                name, size = re.fullmatch(rf"({NAME})\[(\d+)\]", left).groups()
                known[name] = broadcast(self._value(right, known, int(size)).flat, int(size))
                continue
            target = re.sub(r"\bd(?=[^\W\d])", "", left)
            target = re.sub(rf"^({NAME})\[[\d, ]+\]$", r"\1", target)
            places_ = eval(in_python(target), indices).flat.data.astype(int)
            value = as_rows(self._value(right, known, len(places_))).flat.data
            assert value.ndim == 1
            if sign == "=":
                assert len(set(places_)) == len(places_)
                assert not reached[places_].any()
            reached[places_] = True
            np.add.at(gradient, places_, np.broadcast_to(value, places_.shape))
        lanes = [
            each.flat.data[0] if each.kind == LANES else np.repeat(each.flat.data, len(batch))
            for each in outputs
        ]
        return np.stack(lanes, axis=1), gradient, reached

    def _value(self, text, known, size):
        gates = {name: variadic(name, size) for name, gate in GATES.items() if gate.variadic}
        return as_rows(eval(in_python(text), known | gates))


def split(text):
    """Text at the commas that are in no brackets."""
    return [each.strip() for each in re.split(r",\s*(?![^\[(]*[\])])", text)]
