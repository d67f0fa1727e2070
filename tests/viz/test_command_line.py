"""`python -m viz`: what it makes of formulas, and what it says of wrong ones."""

import math
import os
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import viz
from autograd_core import GATES, Value, explain, staged_code
from viz.__main__ import EXAMPLES, main
from viz.expression import circuit_of


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What the command prints where it succeeds."""
    assert main(arguments) == 0
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What the command says where it does not."""
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    answer = capsys.readouterr()
    assert answer.out == ""
    return answer.err


def slide() -> Value:
    x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
    f = (x + y) * z
    f.backward()
    return f


SLIDE = ("(x + y) * z", "x=-2", "y=5", "z=-4")


@pytest.mark.parametrize("command", [command for command, _ in EXAMPLES])
def test_examples_of_the_help_do_what_it_says(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = shlex.split(command)
    printed = said(capsys, *arguments)
    if "-o" in arguments:
        assert all(Path(line).read_text() for line in printed.splitlines())
        assert printed.splitlines()
    else:
        assert "\n" in printed.strip()


def test_help_shows_the_examples() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "viz", "--help"], capture_output=True, text=True, check=True
    ).stdout
    assert all(f"python -m viz {command}\n" in printed for command, _ in EXAMPLES)


def test_every_kind_is_what_the_function_makes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    f = slide()
    made = {
        "f.svg": viz.draw(f, branches=True, decimals=1).svg,
        "f.tex": viz.draw(f, branches=True, decimals=1).tikz,
        "f.dot": viz.draw(f, branches=True, decimals=1).dot.source,
        "f.html": viz.page(f, branches=True, decimals=1).html,
    }
    for name, expected in made.items():
        path = tmp_path / name
        assert said(capsys, *SLIDE, "-o", str(path), "--branches", "--decimals", "1") == f"{path}\n"
        assert path.read_text() == expected
    moving = tmp_path / "moving.svg"
    said(capsys, *SLIDE, "-o", str(moving), "--as", "animation", "--seconds", "2")
    assert moving.read_text() == viz.animate(f, seconds=2.0).svg
    said(capsys, *SLIDE, "-o", str(tmp_path / "sheet.svg"), "--as", "worksheet", "--blank", "all")
    sheet = viz.worksheet(f, "all")
    assert (tmp_path / "sheet-questions.svg").read_text() == sheet.questions.svg
    assert (tmp_path / "sheet-answers.svg").read_text() == sheet.answers.svg
    said(capsys, *SLIDE, "-o", str(tmp_path / "each"), "--as", "steps")
    pictures = sorted((tmp_path / "each").iterdir())
    assert [path.read_text() for path in pictures] == [step.svg for step in viz.steps(f)]
    for kind, text in {"explanation": explain(f), "code": staged_code(f)}.items():
        assert said(capsys, *SLIDE, "--as", kind) == f"{text}\n"
    for name, text in {"f.txt": explain(f), "f.py": staged_code(f)}.items():
        said(capsys, *SLIDE, "-o", str(tmp_path / name))
        assert (tmp_path / name).read_text() == f"{text}\n"


def test_the_forward_pass_alone_has_no_gradients(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
    said(capsys, *SLIDE, "--forward", "-o", str(tmp_path / "f.svg"))
    assert (tmp_path / "f.svg").read_text() == viz.draw((x + y) * z).svg


@pytest.mark.parametrize("columns", ["200", "60", "20"])
def test_gates_are_listed_with_their_operands(
    columns: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    listed = [line for line in said(capsys, "--gates").splitlines() if not line.startswith(" ")]
    assert [line.split("(")[0] for line in listed] == list(GATES)
    assert max(map(len, listed)) <= max(int(columns), 60)


def test_a_formula_may_begin_with_a_minus_sign(capsys: pytest.CaptureFixture[str]) -> None:
    assert "= -6" in said(capsys, "-x*y", "x=2", "y=3")
    assert "= -6" in said(capsys, "-omega*x", "x=2", "omega=3")


def test_options_may_stand_anywhere_and_endings_in_capitals(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    formula, *numbers = SLIDE
    for name in ("f.svg", "f.HTML"):
        path = tmp_path / name
        said(capsys, formula, f"-o{path}", *numbers)
        expected = viz.page(slide()).html if name == "f.HTML" else viz.draw(slide()).svg
        assert path.read_text() == expected


def test_gates_to_open_and_numbers_to_fill_in_are_named_by_their_values(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    x = Value(0.5, "x")
    q = x.tanh()
    f = q * x.tanh()
    q.label, f.label = "q", "f"
    f.backward()
    given = ("q = tanh(x); f = q * tanh(x)", "x=0.5", "-o", str(tmp_path / "f.svg"))
    said(capsys, *given, "--expand", "q")
    assert (tmp_path / "f.svg").read_text() == viz.draw(f, expand=[q]).svg
    said(capsys, *given, "--as", "worksheet", "--blank", "q, x")
    assert (tmp_path / "f-questions.svg").read_text() == viz.worksheet(f, [q, x]).questions.svg
    page = tmp_path / "f.html"
    said(capsys, *given[:-1], str(page), "--parameters", "x")
    assert page.read_text() == viz.page(f, parameters=["x"]).html
    said(capsys, *given, "--limit", "all")
    assert (tmp_path / "f.svg").read_text() == viz.draw(f, limit=None).svg


def formulas() -> st.SearchStrategy[str]:
    """Texts that are formulas in Python and here, over x, y and z."""
    leaves = st.sampled_from(["x", "y", "z", "2", "0.5", "pi"])

    def larger(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        binary = st.builds("({} {} {})".format, parts, st.sampled_from("+-*"), parts)
        unary = st.builds(
            "{}({})".format, st.sampled_from(["-", "+", "tanh", "sin", "sigmoid"]), parts
        )
        several = st.builds("dot([{}, {}], [{}, {}])".format, parts, parts, parts, parts)
        return binary | unary | several

    return st.recursive(leaves, larger, max_leaves=12)


@given(formulas())
def test_a_formula_is_what_python_makes_of_it(text: str) -> None:
    """Python evaluates the same text, over values of the same names."""
    values = {"x": Value(0.3, "x"), "y": Value(-1.7, "y"), "z": Value(2.1, "z")}
    used = [name for name in values if name in text.replace("exp", "")]
    expected = eval(text, {**GATES, "pi": math.pi}, values)
    f = circuit_of(text, *(f"{name} = {values[name].data}" for name in used))
    if not isinstance(expected, Value):
        assert f.data == expected
        return
    assert f.data == expected.data
    f.backward()
    expected.backward()
    assert explain(f) == explain(expected)


SLIPS = [
    ("x^2", "^", "a power is written x**2"),
    ("(x + 1) % 2", "%", "the remainder is written x - y * floor(x / y)"),
    ("2 * 3x", "3", "a product is written 2 * x"),
    ("sin x", "x", "a gate tanh(x)"),
    ("(x + 1)(x - 1)", "(x + 1)(x - 1)", "a product is written x * (…)"),
    ("max(x x)", "x", "operands have , between them"),
    ("x²", "²", "a power is written x**2"),
    ("1 + √x", "√", "a root is written sqrt(x)"),
    ("|x|", "|", "|x| is written abs(x)"),
    ("x ≤ 1", "≤", "x <= y is written 1 - (x > y)"),
    ("x₁", "₁", "an index is written x1"),
    ("1 + sine(x)", "sine", "there is no gate sine; did you mean sin?"),
    ("SIGMOID(x)", "SIGMOID", "did you mean sigmoid?"),
    ("1 + fold(x)", "fold", "`python -m viz --gates` lists them"),
    ("2 * x(3)", "x(3)", "x is no gate; a product is written x * (…)"),
    ("2 + log(-x)", "log(-x)", "a logarithm needs a number above zero"),
    ("2 + x/(x - x)", "x/(x - x)", "division by zero"),
    ("x * w", "w", "w has no number; give it one, such as w=1.0"),
    ("x + X", "X", "give it one, such as X=1.0; or did you mean x?"),
    ("2 * pix", "pix", "pix has no number; a product is written pi * x"),
    ("sinx", "sinx", "the gate is written sin(x)"),
    ("x + 1e400", "1e400", "this number is too large for a float"),
    ("x * " + "9" * 500, "9" * 40, "this number is too large for a float"),
    ("1.2.3 * x", ".", ". cannot stand here"),
    ("x if x else 2", "x if x else 2", "where(x > 0, a, b)"),
    ("1 if x", "1", "where(x > 0, a, b)"),
    ("x +", "", "the formula ends where a name or a number should follow"),
    ("x + * 2", "*", "* cannot stand here"),
    ("x * (x", "(", "'(' was never closed"),
    ("x, x", "x, x", "a decimal point is written 0.5"),
    ("g = x, h = 2", "g = x, h = 2", "two formulas have ; between them"),
    ("x + 'a'", "'a'", "'a' is no number"),
    ("x + 'a", "'", "a formula has no quotation marks"),
    ("x + True", "True", "True is no number"),
    ("x + 1j", "1j", "1j is no number"),
    ("x.tanh()", "x.tanh()", "gates are written as functions, such as tanh(x)"),
    ("__import__('os').system('true')", "__import__('os').system('true')", "gates are written"),
    ("open('f', 'w')", "open", "there is no gate open"),
    ("[x for x in [1]]", "[x for x in [1]]", "a formula has gates, names and numbers alone"),
    ("x[0]", "x[0]", "each value has a name of its own"),
    ("x and 1", "and", "for `and` write the product of two conditions"),
    ("where(x >= 0, x, 1)", ">=", "x >= y is 1 - (x < y)"),
    ("x != 1", "!=", "x != y is written 1 - (x == y)"),
    ("0 < x < 1", "<", "x < y < z is written (x < y) * (y < z)"),
    ("tanh(x, x)", "tanh(x, x)", "tanh(x) got 2 operands"),
    ("max(x)", "max(x)", "of a list, maximum([…])"),
    ("dot([x], [x, x])", "dot([x], [x, x])", "dot needs lists of one length"),
    ("tanh + x", "tanh", "tanh is a gate, written tanh(…)"),
    ("x + lambda", "lambda", "`lambda` is a word of Python"),
    ("é * x", "é", "é has no number"),
    ("π + é * x", "é", "é has no number"),
    ("量 * x", "量", "量 has no number"),
    ("x; 2 * x", "x", "this formula is not the last, so it needs a name"),
    ("f = x; f = 2 * x", "f", "f has a value already"),
    ("f = g = 2 * x", "g", "give a value one name"),
    ("f(x) = x**2", "f", "a name alone is given a value, and with =, as in f = x * y"),
    ("f := x", ":", "a name alone is given a value, and with =, as in f = x * y"),
    ("f = f * x", "f", "f stands in its own formula"),
    ("f = 2 * g; g = x", "g", "g gets its value only later"),
    ("exp = 2 * x", "exp", "exp is a gate; choose another name"),
    ("f = 2 * x; g = 3 * x", "f", "f is not used"),
    ("x + tanh(*x)", "*x", "write the operands one by one"),
    ("x + dot([" + "x, " * 1001 + "], [1])", "[" + "x, " * 13, "a list may have 1,000 operands"),
]
"""Formulas, what is marked in each, and what is said of it."""


@pytest.mark.parametrize(("formula", "part", "reason"), SLIPS, ids=range(len(SLIPS)))
def test_an_error_says_what_is_wrong_and_points_at_it(
    formula: str, part: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = refused(capsys, formula, "x=1")
    first, line, mark = answer.rstrip("\n").split("\n")
    assert reason in first
    assert formula.startswith(line.strip())
    place = mark.index("^")
    assert mark.strip() in ("^", "^" + "~" * (len(mark.strip()) - 1))
    if "量" not in formula:
        assert line[place : place + len(part)] == part
    assert len(mark.strip()) == max(len(part), 1) + ("量" in formula)


def test_what_no_terminal_shows_is_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    for unseen in "\0\x1b\u202e\udce9":
        first, line, mark = refused(capsys, f"x * {unseen}2", "x=1").rstrip("\n").split("\n")
        assert "stands here" in first or "no character" in first
        assert (line, mark) == ("    x * \ufffd2", "        ^")
    assert len(refused(capsys, "y" * 5000, "x=1")) < 400


def test_signs_and_spaces_of_printed_formulas_are_read(capsys: pytest.CaptureFixture[str]) -> None:
    plain = said(capsys, "x * y / 2 - 1", "x=3", "y=-4")
    assert said(capsys, "x × y\xa0÷\u20092 − 1", "x=3", "y = −4") == plain


def test_operands_may_be_named_and_lists(capsys: pytest.CaptureFixture[str]) -> None:
    plain = said(capsys, "weighted_sum([w], [x], 1)", "w=2", "x=3")
    named = said(capsys, "weighted_sum(weights=[w], inputs=[x], bias=1)", "w=2", "x=3")
    assert named == plain
    assert said(capsys, "max([x, 1, 2])", "x=3") == said(capsys, "largest([x, 1, 2])", "x=3")
    assert "nan" in said(capsys, "x * y", "x=nan", "y=-inf")


def test_what_is_given_and_not_used_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert "u is not used" in refused(capsys, "x * 2", "x=1", "u=3")
    assert "x has a value already" in refused(capsys, "x * 2", "x=1", "x=3")


HOSTILE = [
    "x" + " + x" * 4000,
    "-" * 9000 + "x",
    "x" + "**x" * 3000,
    "x" + ".x" * 4000,
    "(" * 4000 + "x" + ")" * 4000,
    "tanh(" * 1500 + "x" + ")" * 1500,
    "9" * 9000,
    "x * 9" + "**9" * 20,
    "9" * 100_000,
    "x\0",
    "\udce9 * x",
]


@pytest.mark.parametrize("formula", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_formulas_end_at_once(formula: str) -> None:
    """Each is refused in words, or computed, within the time of a process."""
    began = time.process_time()
    try:
        assert isinstance(circuit_of(formula, "x = 1").data, float)
    except ValueError as error:
        assert len(str(error)) < 400
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "there is no formula; write one such as '(x + y) * z'"),
        (["x=1"], "there is no formula"),
        ([*SLIDE, "--as", "page"], "where to? Add -o and a file, such as -o circuit.html"),
        ([*SLIDE, "--local"], "--local is for pictures; add -o and a file"),
        ([*SLIDE, "-o", "f.xyz"], "'f.xyz' has none of the endings .svg, .png"),
        ([*SLIDE, "-o", "f.svg", "--expand", "plus"], "there is no gate 'plus' that opens"),
        ([*SLIDE, "-o", "f.svg", "--limit", "0"], "a whole number above 0, or all, and not '0'"),
        ([*SLIDE, "-o", "f.svg", "--decimals", "two"], "it takes a whole number, and not 'two'"),
        (["x" + "+x" * 200, "x=1", "--as", "steps", "-o", "f"], "--limit 201 draws them all"),
        ([*SLIDE, "f.svg"], "a file is given with -o: -o f.svg"),
        ([*SLIDE, "-o", "f.svg", "--as", "code"], "--as code is text"),
        ([*SLIDE, "-o", "f.svg", "--as", "steps"], "steps are saved in a folder, or in one .pdf"),
        ([*SLIDE, "-o", "f.svg", "--seconds", "1"], "--seconds is for --as animation"),
        ([*SLIDE, "-o", "f.html", "--forward"], "--forward is for --as picture"),
        ([*SLIDE, "-o", "f.html", "--parameters", "x,w"], "parameters has 'w', which is no leaf"),
        (
            [*SLIDE, "-o", "f.svg", "--as", "worksheet", "--blank", "q"],
            "--blank takes gradients, data, all, or some of x, y, z, not",
        ),
        ([*SLIDE, "-o", "f.svg", "--as", "worksheet", "--blank", "x,all"], "not 'all'"),
        ([*SLIDE, "-o", "f.svg", "--decimals", "99"], "decimals must be from 0 to 17"),
        ([*SLIDE, "-o", "nowhere/f.svg"], "there is no folder"),
        ([*SLIDE, "--colour", "red"], "unrecognized arguments: --colour"),
    ],
)
def test_a_wrong_use_is_refused_in_words(
    arguments: list[str],
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert reason in refused(capsys, *arguments)
    assert not list(tmp_path.iterdir())


COMMANDS = (
    ["viz", "x * y", "x=2", "y=3"],
    ["viz", "--gates"],
    ["autograd_core"],
    ["demos", "--list"],
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_that_cannot_print_ends_with_no_traceback(command: list[str]) -> None:
    started = [sys.executable, "-m", *command]
    read, write = os.pipe()
    os.close(read)  # nobody reads
    done = subprocess.run(started, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (1, "")
    if sys.platform == "linux":
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                started, stdout=full, stderr=subprocess.PIPE, text=True, check=False
            )
        assert done.returncode == 1
        assert done.stderr == "cannot go on: No space left on device\n"


def test_a_terminal_without_all_characters_gets_the_text() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    started = [sys.executable, "-m", "viz", "x * y", "x=2", "y=3"]
    done = subprocess.run(started, capture_output=True, text=True, check=True, env=environment)
    assert "x gets 1 ? 3 = 3" in done.stdout


def test_ctrl_c_ends_a_command_in_words() -> None:
    stop = "from autograd_core import run_command; import signal, sys\n"
    stop += "sys.exit(run_command(lambda: signal.raise_signal(signal.SIGINT)))"
    done = subprocess.run([sys.executable, "-c", stop], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip().startswith("Interrupted.")
