"""`python -m demos check engine`: right files pass, and a mistake is named."""

import ast
import random
import re
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from processes import python
from sources import ROOT

import autograd_core
from demos import engine
from demos.__main__ import main
from demos.check.asked import MistakeError
from demos.check.engine import STEPS, random_circuit
from demos.check.slips import SLIPS, Slip, engine_with

WRITTEN = Path(__file__).parent / "written"
RIGHT = {"closures", "tape", "gates"}


def check(*arguments: str) -> tuple[int, str]:
    """The exit code and what the command prints, its words on one line."""
    with redirect_stdout(StringIO()) as printed:
        code = main(["check", "engine", *arguments])
    return code, " ".join(printed.getvalue().split())


def changed(folder: Path, name: str, *changes: tuple[str, str]) -> str:
    """A right file with some of its text replaced, in a folder."""
    text = (WRITTEN / f"{name}.py").read_text(encoding="utf-8")
    for right, wrong in changes:
        assert text.count(right) == 1, right
        text = text.replace(right, wrong)
    file = folder / "my_engine.py"
    file.write_text(text, encoding="utf-8")
    return str(file)


# Right files


@pytest.mark.parametrize("name", sorted(RIGHT))
def test_right_files_pass_every_step_however_they_are_written(name: str) -> None:
    code, printed = check(str(WRITTEN / f"{name}.py"))
    assert code == 0
    assert printed.count(": right.") == len(STEPS) == 9
    for number in range(1, 10):
        assert f"Step {number}, " in printed


def test_the_engine_of_the_lessons_passes() -> None:
    assert check(str(ROOT / "demos" / "engine.py"))[0] == 0


def test_a_step_asks_only_for_its_own_names(tmp_path: Path) -> None:
    """Steps are done one after the other, each in the file of the one before."""
    text = (WRITTEN / "closures.py").read_text(encoding="utf-8")
    file = tmp_path / "mine.py"
    ends = {1: "class Value", 2: "        def _backward", 4: "    def __pow__", 6: "class Neuron"}
    for step, end in ends.items():
        part = text.partition(end)[0]
        if step == 2:
            part += "        return out\n\n    def __mul__(self, other):\n        other = "
            part += "other if isinstance(other, Value) else Value(other)\n"
            part += "        return Value(self.data * other.data)\n\n"
            part += "    __radd__, __rmul__ = __add__, __mul__\n"
        elif step == 4:
            part += "    def __radd__(self, other):\n        return self + other\n"
            part += "    def __rmul__(self, other):\n        return self * other\n"
        file.write_text(part, encoding="utf-8")
        code, printed = check(str(step), str(file))
        assert code == 0, printed
        assert f"Next: {step + 1}. " in printed


# Wrong files: what is changed in which of the right ones, in which step, and what is said of it

ADD = "self.grad += out.grad\n            other.grad += out.grad"
TIMES = "self.grad += other.data * out.grad\n            other.grad += self.data * out.grad"
DECLARED = "out = Value(self.data + other.data, (self, other))"
TOPO = """                for child in v._prev:
                    build_topo(child)
                topo.append(v)
"""
SORT = """        topo = []
        visited = set()

        def build_topo(v):
            if v not in visited:
                visited.add(v)
                for child in v._prev:
                    build_topo(child)
                topo.append(v)

        build_topo(self)
        self.grad = 1
        for v in reversed(topo):
            v._backward()
"""
BREADTH = """        topo = [self]
        for v in topo:
            for child in v._prev:
                if child not in topo:
                    topo.append(child)
        self.grad = 1
        for v in topo:
            v._backward()
"""
ZERO = "        for p in parameters:\n            p.grad = 0.0\n"
STEP = "p.data += -rate * p.grad"

WRONG = {
    "not divided": (1, "closures", [("- f(*inputs)) / h", "- f(*inputs))")], "Divide it by"),
    "other sign": (
        1,
        "closures",
        [("(f(*nudged) - f(*inputs))", "(f(*inputs) - f(*nudged))")],
        "The sign is turned around",
    ),
    "half way": (1, "tape", [("/ 2 / h", "/ h")], "from x - h to x + h it is 2 * h"),
    "always the first": (
        1,
        "closures",
        [
            (
                "inputs[:place] + [inputs[place] + h] + inputs[place + 1 :]",
                "[inputs[0] + h] + inputs[1:]",
            )
        ],
        "nudge inputs[place]",
    ),
    "the list is changed": (
        1,
        "gates",
        [("    inputs = list(inputs)\n", "")],
        "The list of inputs was changed",
    ),
    "lost in rounding": (1, "closures", [("h = 0.0001", "h = 1e-18")], "lost in rounding"),
    "too large a nudge": (1, "closures", [("h = 0.0001", "h = 0.1")], "Take 1e-6"),
    "no __radd__": (
        2,
        "closures",
        [("    def __radd__(self, other):\n        return self + other\n", "")],
        "`__radd__`",
    ),
    "no plain numbers": (
        2,
        "closures",
        [
            (
                "other = other if isinstance(other, Value) else Value(other)\n        " + DECLARED,
                DECLARED,
            )
        ],
        "make a Value of it first",
    ),
    "changed in place": (
        2,
        "tape",
        [
            (
                "return record(self.data + value(other).data, (self, 1), (value(other), 1))",
                "self.data += value(other).data; return self",
            )
        ],
        "The gate has changed x",
    ),
    "plain result": (
        2,
        "gates",
        [("return Multiply(self, other).out()", "return self.data * Gate(other).numbers[0]")],
        "has to be a Value",
    ),
    "no return": (
        2,
        "closures",
        [
            (
                "out._backward = _backward\n        return out\n\n    def __mul__",
                "out._backward = _backward\n\n    def __mul__",
            )
        ],
        "`return` missing",
    ),
    "swapped factors": (
        3,
        "closures",
        [(TIMES, TIMES.replace("other.data", "?").replace("self.data", "other.data")
          .replace("?", "self.data"))],
        "each is the *other* factor",
    ),
    "local alone": (
        3,
        "gates",
        [("operand.grad += self.grad * local", "operand.grad += local")],
        "the local gradient alone",
    ),
    "upstream alone": (
        3,
        "tape",
        [("operand.grad + out.grad * local", "operand.grad + out.grad")],
        "the upstream gradient alone",
    ),
    "upstream plus local": (
        3,
        "tape",
        [("operand.grad + out.grad * local", "operand.grad + out.grad + local")],
        "The chain rule multiplies",
    ),
    "not kept": (
        3,
        "closures",
        [(
            f"{TIMES}\n\n        out._backward = _backward\n",
            f"{TIMES}\n",
        )],
        "`out._backward = _backward`",
    ),
    "called, not kept": (
        3,
        "closures",
        [(
            f"{TIMES}\n\n        out._backward = _backward\n",
            f"{TIMES}\n\n        out._backward = _backward()\n",
        )],
        "without calling it",
    ),
    "adder multiplies": (
        3,
        "gates",
        [("return 1, 1", "return b, a")],
        "The local gradients of x + y are both 1",
    ),
    "overwritten": (
        4,
        "closures",
        [(ADD, ADD.replace("+=", "=")), (TIMES, TIMES.replace("+=", "="))],
        "Add contributions: `+=`, not `=`",
    ),
    "overwritten on the tape": (
        4,
        "tape",
        [("operand.grad + out.grad * local", "out.grad * local")],
        "a later contribution replaced the earlier one",
    ),
    "a dictionary of operands": (
        4,
        "gates",
        [("zip(self.gate.operands, self.gate.backward(*self.gate.numbers)):",
          "dict(zip(self.gate.operands, self.gate.backward(*self.gate.numbers))).items():")],
        "keeps the same value once",
    ),
    "no seed": (5, "closures", [("        self.grad = 1\n", "")], "begin with `self.grad = 1.0`"),
    "not reversed": (5, "closures", [("reversed(topo)", "topo")], "f, the output, has to be first"),
    "twice in the order": (
        5,
        "closures",
        [("if v not in visited:", "if True:")],
        "does so 2 times, for it is used twice",
    ),
    "before its operands": (
        5,
        "closures",
        [(TOPO, "                topo.insert(0, v)\n" + TOPO.replace(
            "                topo.append(v)\n", ""))],
        "p has to wait for it: sort topologically",
    ),
    "level by level": (5, "closures", [(SORT, BREADTH)], "But q uses p, so p has to wait for it"),
    "calls itself": (
        5,
        "closures",
        [(SORT, "        self.grad = 1\n        self._walk()\n\n    def _walk(self):\n"
          "        self._backward()\n        for child in self._prev:\n"
          "            child._walk()\n")],
        "Make a list of all values first",
    ),
    "one gate alone": (
        5,
        "tape",
        [("        for place in range(len(tape) - 1, -1, -1):\n"
          "            tape[place][0]._backward()\n", "        self._backward()\n")],
        "Each gate of the circuit has to do so",
    ),
    "exp": (6, "closures", [("out.data * out.grad\n\n        out._backward = _backward\n"
                             "        return out\n\n    def tanh",
                             "self.data * out.grad\n\n        out._backward = _backward\n"
                             "        return out\n\n    def tanh")], "derivative of exp(x)"),
    "tanh": (6, "closures", [("(1 - t**2)", "(1 - t)")], "the square is missing"),
    "tanh of x": (6, "closures", [("(1 - t**2)", "(1 - self.data**2)")], "not x"),
    "division": (6, "gates", [("-a / b / b", "a / b / b")], "the minus sign is missing"),
    "division without a square": (6, "gates", [("-a / b / b", "-a / b")], "the square is missing"),
    "two minus x": (
        6,
        "closures",
        [("return other + (-self)", "return self + (-other)")],
        "`x.__rsub__(2)`",
    ),
    "the bias is no parameter": (
        7,
        "closures",
        [("return self.w + [self.b]", "return self.w")],
        "The bias is one of them",
    ),
    "plain weights": (
        7,
        "closures",
        [("[Value(random.uniform(-1, 1)) for", "[random.uniform(-1, 1) for")],
        "Each has to be a Value",
    ),
    "equal neurons": (
        7,
        "closures",
        [("self.w = [Value(random.uniform(-1, 1))", "self.w = [Value(0.5)"),
         ("self.b = Value(random.uniform(-1, 1))", "self.b = Value(0.0)")],
        "begin with random weights",
    ),
    "one neuron twice": (
        7,
        "closures",
        [("[Neuron(nin) for _ in range(nout)]", "[Neuron(nin)] * nout")],
        "one neuron, twice",
    ),
    "no tanh": (7, "gates", [("return total.tanh()", "return total")], "tanh of it was asked for"),
    "no bias": (
        7,
        "closures",
        [("zip(self.w, x)), self.b)", "zip(self.w, x)), Value(0.0))")],
        "the bias is missing",
    ),
    "plain numbers on the way": (
        7,
        "closures",
        [("(wi * xi for", "(Value(wi.data * xi) for")],
        "Does the sum use `.data`",
    ),
    "zero_grad forgotten": (8, "closures", [(ZERO, "")], "`zero_grad`"),
    "zero_grad once": (
        8,
        "closures",
        [(ZERO, ""), ("    losses = []\n    for k", "    losses = []\n    for p in parameters:\n"
                      "        p.grad = 0.0\n    for k")],
        "`zero_grad`",
    ),
    "uphill": (8, "closures", [(STEP, "p.data += rate * p.grad")], "a step goes against it"),
    "a new value": (8, "closures", [(STEP, "p = p - rate * p.grad")], "change `p.data`"),
    "no rate": (8, "closures", [(STEP, "p.data -= p.grad")], "The rate is not used"),
    "zero between": (
        8,
        "closures",
        [(f"{ZERO}        loss.backward()\n", f"        loss.backward()\n{ZERO}")],
        "Set them to 0 before `backward()`",
    ),
    "the sum": (8, "closures", [("in examples) / len(examples)", "in examples)")], "the mean was"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_is_named(name: str, tmp_path: Path) -> None:
    step, written, changes, says = WRONG[name]
    code, printed = check(changed(tmp_path, written, *changes))
    assert code == 1
    found = re.findall(r"Step (\d), [^:]+: (right|not yet)", printed)
    assert found == [(str(n), "right") for n in range(1, step)] + [(str(step), "not yet")]
    assert says in printed
    assert "Traceback" not in printed


def test_numbers_are_said_beside_the_mistake(tmp_path: Path) -> None:
    changes = (ADD, ADD.replace("+=", "=")), (TIMES, TIMES.replace("+=", "="))
    _, printed = check("4", changed(tmp_path, "closures", *changes))
    assert printed == (
        "Step 4, forks: not yet. q = x + y with x = 3, y = 2 f = q * x f.grad = 1.0; "
        "f._backward(); q._backward() The gradient of x should be 8, yours is 3. x is used more "
        "than once, and a later contribution replaced the earlier one. Add contributions: `+=`, "
        "not `=`."
    )


def test_a_mistake_that_is_not_known_is_explained(tmp_path: Path) -> None:
    file = changed(tmp_path, "gates", ("return b, a", "return 3 * b, a"))
    _, printed = check("3", file)
    assert (
        "The gradient of x should be 4, yours is 12. It gets from f, upstream 1 × local 4 = 4."
        in (printed)
    )


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: f"{slip.step}: {slip.wrong[:30]}")
def test_every_slip_is_told_from_the_others(slip: Slip) -> None:
    """In the engine of the lessons; an order is named by what the gates do in it."""
    with pytest.raises(MistakeError) as raised:
        STEPS[slip.step - 1].check(engine_with(slip.wrong, slip.right))
    said = str(raised.value)
    assert any(slip.says.format(name=name) in said for name in "abcdefpqrsuvwxyz") or (
        slip.step == 5 and "Your gates pass their gradients on in the order" in said
    )


# Files that stumble


def stumbles(folder: Path, text: str | bytes, *arguments: str) -> str:
    """What is printed for a file with this text; its words on one line."""
    file = folder / "mine.py"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    code, printed = check(*arguments, str(file))
    assert code == 1
    assert "Traceback" not in printed
    return printed


def test_a_syntax_error(tmp_path: Path) -> None:
    printed = stumbles(tmp_path, "x = 1\nclass Value\n    pass\n")
    assert (
        "Your file mine.py: not yet. Python cannot read line 2 of mine.py: class Value" in printed
    )
    assert "expected ':'" in printed


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    assert "Python cannot read" in stumbles(tmp_path, b"\x00\xff")
    assert "There is no `slope` in the file." in stumbles(tmp_path, "")


def test_an_error_on_the_way_is_shown_with_its_line(tmp_path: Path) -> None:
    printed = stumbles(tmp_path, "def half(x):\n    return 1 / x\n\nhalf(0)\n")
    assert "An error is raised in line 2 of mine.py: return 1 / x ZeroDivisionError: " in printed
    printed = stumbles(tmp_path, "def slope(f, inputs, place):\n    return math.sin(1)\n", "1")
    assert "slope(lambda x, y: x * y * y, [3.0, 2.0], 0) An error is raised in line 2 " in printed
    assert "return math.sin(1) NameError: name 'math' is not defined" in printed
    assert "Write `import math` at the top." in printed


def test_an_error_computed_from_plain_numbers(tmp_path: Path) -> None:
    squares = "(model(x) - y) * (model(x) - y)"
    code, printed = check("8", changed(tmp_path, "closures", (squares, "(model(x).data - y) ** 2")))
    assert code == 1
    assert "no attribute 'backward' It was computed from plain numbers" in printed


def test_a_name_that_is_missing(tmp_path: Path) -> None:
    printed = stumbles(tmp_path, "class value:\n    pass\n", "2")
    assert "Step 2, add and multiply: not yet. There is no `Value` in the file." in printed
    assert "(It has `value`.)" in printed
    printed = stumbles(tmp_path, "class Value:\n    def __init__(self, data):\n        pass\n", "2")
    assert "x is a Value without `.data`" in printed


def test_a_gradient_that_is_no_number(tmp_path: Path) -> None:
    text = (
        "class Value:\n    def __init__(self, data):\n        self.data, self.grad = data, None\n"
    )
    assert "`x.grad` is None, and has to be a plain number." in stumbles(tmp_path, text, "2")


def test_a_function_that_calls_itself_without_end(tmp_path: Path) -> None:
    text = (
        "class Value:\n    def __init__(self, data):\n        self.data, self.grad = data, 0.0\n"
        "    def __add__(self, other):\n        return other + self\n"
    )
    printed = stumbles(tmp_path, text, "2")
    assert "in line 5 of mine.py: return other + self RecursionError" in printed
    assert "A function calls itself without an end." in printed


def test_values_that_a_set_does_not_take(tmp_path: Path) -> None:
    text = (WRITTEN / "gates.py").read_text(encoding="utf-8")
    printed = stumbles(tmp_path, text.replace("@dataclass(eq=False)", "@dataclass"), "5")
    assert "unhashable type: 'Value'" in printed
    assert "`@dataclass(eq=False)`" in printed


def test_a_loop_that_does_not_end(tmp_path: Path) -> None:
    text = "def slope(f, inputs, place):\n    while True:\n        place += 0\n"
    printed = stumbles(tmp_path, text, "--seconds", "1")
    assert re.match(r"Stopped after 1 s, in line [23] of mine.py: (while|place)", printed)
    assert printed.endswith("never end?")


def test_a_loop_that_prints_and_does_not_end(tmp_path: Path) -> None:
    printed = stumbles(tmp_path, "while True:\n    print('still here')\n", "--seconds", "1")
    assert printed.startswith("still here still here")
    assert len(printed) < 12_000
    assert re.search(r" … Stopped after 1 s, in line [12] of mine.py: (while|print)", printed)


def test_a_file_that_ends_python_in_a_later_step_is_not_right(tmp_path: Path) -> None:
    file = changed(tmp_path, "closures", ("    losses = []\n", "    import os; os._exit(0)\n"))
    code, printed = check(file)
    assert code == 1
    assert printed.count(": right.") == 7
    assert check("8", file)[0] == 1


@pytest.mark.parametrize("end", ["exit()", "import os; os._exit(0)", "import os; os._exit(3)"])
def test_a_file_that_ends_python_is_not_right(end: str, tmp_path: Path) -> None:
    assert re.search("ends Python|has ended Python", stumbles(tmp_path, end))


def test_what_the_file_prints_comes_first_and_it_cannot_ask(tmp_path: Path) -> None:
    printed = stumbles(tmp_path, "print('δ = 3')\ninput('?')\n")
    assert printed.startswith("δ = 3 ?")
    assert "EOFError" in printed


def test_the_main_part_of_a_file_is_not_run(tmp_path: Path) -> None:
    text = (WRITTEN / "closures.py").read_text(encoding="utf-8")
    file = tmp_path / "mine.py"
    file.write_text(text + "\nif __name__ == '__main__':\n    1 / 0\n", encoding="utf-8")
    assert check("5", str(file))[0] == 0


# The command


def test_it_says_what_is_asked() -> None:
    code, printed = check()
    assert code == 0
    assert all(f"{number}. {step.title}: " in printed for number, step in enumerate(STEPS, 1))
    assert check("3")[1].startswith("3. backward")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["engine", "10", "my_engine.py"], "a step is a number from 1 to 9, not 10"),
        (["engine", "0"], "a step is a number from 1 to 9, not 0"),
        (["engine", "x", "my_engine.py"], "a step is a number from 1 to 9, not 'x'"),
        (["engine", "3", "nowhere.py"], "there is no file nowhere.py"),
        (["engine", "3", "nowhere.py", "--seconds", "0"], "--seconds is a number above 0"),
        (["motor"], "invalid choice: 'motor'"),
    ],
)
def test_wrong_use(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["check", *arguments])
    assert stop.value.code == 2
    assert says in capsys.readouterr().err


def test_it_works_in_a_folder_with_files_of_ones_own(tmp_path: Path) -> None:
    """Even where these are called like packages of ours, or like modules of Python's."""
    for name in ("nn.py", "engine.py", "value.py"):
        (tmp_path / name).write_text((WRITTEN / "gates.py").read_text(encoding="utf-8"))
        done = python("-m", "demos", "check", "engine", name, folder=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
    assert "check --help" in python("-m", "demos", "--help").stdout


# The engine of the lessons


def test_it_has_some_hundred_lines_of_code() -> None:
    path = ROOT / "demos" / "engine.py"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(
            node
        ):
            node.body = node.body[1:] or [ast.Pass()]
    assert len(ast.unparse(tree).replace("\n\n", "\n").splitlines()) <= 105


def test_a_second_pass_over_the_same_circuit_adds_up_in_leaves() -> None:
    a = engine.Value(3.0)
    b = 2 * a
    y = b * b
    for expected in (24.0, 48.0):
        y.backward()
        assert (a.grad, b.grad) == (expected, 12.0)


def test_random_circuits_use_all_gates_and_are_right_in_every_value() -> None:
    source, text = random.Random(2), ""
    for size in (1, 5, 40):
        circuit = random_circuit(source, size)
        text += circuit.text
        assert len(circuit.text.splitlines()) == size
        mine, core = circuit.values(engine), circuit.values(autograd_core)
        scale = max(1.0, *(abs(core[name].grad) for name in circuit.names))
        for name in circuit.names:
            assert mine[name].data == pytest.approx(core[name].data)
            assert mine[name].grad == pytest.approx(core[name].grad, abs=1e-12 * scale)
    assert all(gate in text for gate in (" + ", " - ", " * ", " / ", ".exp()", ".tanh()"))


def test_the_engine_needs_the_standard_library_alone() -> None:
    program = "import demos.engine, sys; print({'numpy', 'autograd_core'} & set(sys.modules))"
    assert python("-c", program).stdout == "set()\n"
