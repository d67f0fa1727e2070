"""A printed program carried out line by line, from its text alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd_core import GATES, floats

Array = NDArray[Any]
NAME = r"[^\W\d]\w*"


class Numbers:
    """Numbers as the notation has them: [n, B]; [n], a column; or a matrix [n, k]."""

    def __init__(
        self,
        data: Array | list[list[float]],
        *,
        matrix: bool = False,
        parts: Sequence[Numbers] = (),
    ) -> None:
        self.data, self.matrix, self.parts = np.asarray(data), matrix, parts

    @property
    def rows(self) -> Array:
        """As rows; a matrix is read row by row."""
        return self.data.reshape(-1, 1) if self.matrix else self.data

    @property
    def T(self) -> Numbers:  # noqa: N802
        if self.parts:  # [a, b, …]ᵀ: columns side by side
            return Numbers(np.stack([part.rows.ravel() for part in self.parts], 1), matrix=True)
        return Numbers(self.data.T, matrix=True)

    def __getitem__(self, key: Any) -> Numbers:
        """A shape, which says what is known, or a place, which is less than the shape."""
        if key in (self.data.shape, len(self.data)):
            return self
        if self.matrix:
            return Numbers(np.reshape(self.data[key], (-1, 1)))
        return Numbers(self.data[key if isinstance(key, slice) else slice(key, key + 1)])

    def __matmul__(self, other: Numbers) -> Numbers:
        return Numbers(self.data.reshape(-1, len(other.data)) @ other.data)


def stack(*parts: float | Numbers) -> Numbers:
    """[a, b, …]: rows one below the other; the parts are the terms of a variadic gate."""
    numbers = [as_numbers(part) for part in parts]
    lanes = max(part.rows.shape[1] for part in numbers)
    rows = [np.broadcast_to(part.rows, (len(part.rows), lanes)) for part in numbers]
    return Numbers(np.concatenate(rows), parts=numbers)


def as_numbers(number: float | Numbers) -> Numbers:
    return number if isinstance(number, Numbers) else Numbers([[number]])


def apply(gate: str, operands: Any) -> Numbers:
    """A gate, number by number."""
    arrays = np.broadcast_arrays(*[as_numbers(operand).rows for operand in operands])
    examples = zip(*[array.ravel().tolist() for array in arrays], strict=True)
    results = [GATES[gate].evaluate(floats, [float(x) for x in each]) for each in examples]
    return Numbers(np.array(results, dtype=float).reshape(arrays[0].shape))


OPERATORS = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
    ast.Pow: "power_limit",
}


class Evaluation(ast.NodeVisitor):
    """An expression of the notation for so many results."""

    def __init__(self, known: dict[str, Any], size: int) -> None:
        self.known, self.size = known, size

    def of(self, text: str) -> Numbers:
        text = re.sub(r"(\d+) × ([^][,]*(\[[^][]*\])?)", r"repeated(\1, \2)", text)
        text = text.replace("1[B]", "ones").replace("ᵀ", ".T")
        return as_numbers(self.visit(ast.parse(text, mode="eval").body))

    def visit_Constant(self, node: ast.Constant) -> Any:
        return node.value

    def visit_Name(self, node: ast.Name) -> Any:
        return self.known[node.id]

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        return self.visit(node.value).T

    def visit_List(self, node: ast.List) -> Any:
        return stack(*map(self.visit, node.elts))

    def visit_Subscript(self, node: ast.Subscript) -> Any:
        place = eval(f"s_[{ast.unparse(node.slice)}]", {"s_": np.s_, "B": self.known["B"]})
        return self.visit(node.value)[place]

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Any:
        operand = self.visit(node.operand)
        return apply("negate", [operand]) if isinstance(operand, Numbers) else -operand

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        operands = self.visit(node.left), self.visit(node.right)
        if isinstance(node.op, ast.MatMult):
            return operands[0] @ operands[1]
        return apply(OPERATORS[type(node.op)], operands)

    def visit_Compare(self, node: ast.Compare) -> Any:
        assert isinstance(node.ops[0], ast.Gt)
        return apply("greater", [self.visit(node.left), self.visit(node.comparators[0])])

    def visit_Call(self, node: ast.Call) -> Any:
        operands = [as_numbers(self.visit(operand)) for operand in node.args]
        name = ast.unparse(node.func)
        if name == "repeated":
            return stack(*[operands[1]] * ast.literal_eval(node.args[0]))
        if not GATES[name].variadic:
            return apply(name, operands)
        if self.size == 1:  # a list of numbers, else a list of such lists
            terms = [Numbers(row[np.newaxis]) for each in operands for row in each.rows]
        else:
            terms = [term for each in operands for term in each.parts]
        return apply(name, terms)


class Printed:
    """A printed program.

    Attributes:
        title: its first line.
        sections: the lines under each heading, broken lines joined.
        headings: the headings as they stand, by their first words.
    """

    def __init__(self, text: str) -> None:
        lines = text.replace("\n      ", " ").split("\n")
        self.title, *lines = lines
        self.sections: dict[str, list[str]] = {}
        self.headings: dict[str, str] = {}
        heading = ""
        for line in lines:
            if line.startswith("  "):
                self.sections[heading].append(line[2:])
            elif line:
                heading = re.split(r":| of ", line)[0]
                self.sections[heading], self.headings[heading] = [], line

    def given(self, heading: str) -> Iterator[tuple[str, tuple[int, ...], str]]:
        """Names, shapes and origins of what comes from outside."""
        for line in self.sections.get(heading, []):
            names, _, origin = line.partition(" = ")
            for name, sizes in re.findall(rf"({NAME})\[([^]]*)\]", names):
                shape = [int(size) for size in sizes.split(", ") if size != "B"]
                yield name, tuple(shape), origin.strip() or name

    def run(
        self, batch: Array, columns: Callable[..., Any], numbers: Array, places: Callable[..., Any]
    ) -> tuple[Array, Array, Array]:
        """The outputs (lanes, outputs), and the sum of the gradient over the lanes.

        Args:
            batch: lanes × inputs.
            columns: for each name of an input, its shape and its origin the columns.
            numbers: those of the leaves, parameters first.
            places: for each name of leaves, shape and origin their places among all leaves.
        """
        known: dict[str, Any] = {"B": len(batch), "ones": Numbers(np.ones((len(batch), 1)))}
        known |= {"inf": np.inf, "nan": np.nan}
        for name, shape, origin in self.given("Inputs"):
            known[name] = Numbers(batch.T[columns(name, shape, origin)])
        targets: dict[str, Any] = {"B": len(batch)}
        for heading in ("Parameters", "Other leaves"):
            for name, shape, origin in self.given(heading):
                found = np.array(places(name, shape, origin)).reshape(*shape, -1)
                found = found if len(shape) == 1 else found.reshape(shape)
                known[name] = Numbers(numbers[found], matrix=len(shape) == 2)
                targets[f"d{name}"] = Numbers(found, matrix=len(shape) == 2)
        outputs = None
        for heading in ("Once, for all examples", "Forward", "Backward"):
            for line in self.sections.get(heading, []):
                left, _, right = line.partition(" = ")
                if left in ("output", "outputs"):
                    outputs = Evaluation(known, 1).of(f"[{right}]")
                else:
                    self._define(left, right, known)
        results: Array = (outputs or known["output"]).rows.T
        gradient = np.zeros(len(numbers))
        reached = np.zeros(len(numbers), dtype=bool)
        for line in self.sections.get("Gradient", []):
            if " does not depend on " in line:
                left = line.partition(" does not depend on ")[2]
                names = {name.removeprefix("d"): each for name, each in targets.items()}
                missed = Evaluation(names, 1).of(left).rows
                assert not reached[missed].any()
                reached[missed] = True
                continue
            [(left, sign, right)] = re.findall(r"^(.*?) (\+?=) (.*)$", line)
            named = re.match(NAME, left)
            if named and named[0].removesuffix("ᵀ") not in targets:
                self._define(left, right, known)
                continue
            found = Evaluation(targets, 1).of(left).rows.ravel().astype(int)
            value = Evaluation(known, len(found)).of(right).rows.ravel()
            if sign == "=":
                assert len(set(found)) == len(found)
                assert not reached[found].any()
            reached[found] = True
            np.add.at(gradient, found, np.broadcast_to(value, found.shape))
        return np.broadcast_to(results, (len(batch), results.shape[1])), gradient, reached

    def _define(self, left: str, right: str, known: dict[str, Any]) -> None:
        """One instruction, whose results have a name and a shape."""
        [(name, sizes)] = re.findall(rf"^({NAME})\[([^]]*)\]$", left)
        assert name not in known, f"{name} is defined twice"
        size, *lanes = sizes.split(", ")
        shape = (int(size), known["B"] if lanes else 1)
        value = Evaluation(known, int(size)).of(right)
        known[name] = Numbers(np.broadcast_to(value.rows, shape))
