"""`python -m viz`: what it makes of formulas, and what it says of wrong ones."""

import math
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


def test_gates_are_listed_with_their_operands(capsys: pytest.CaptureFixture[str]) -> None:
    listed = said(capsys, "--gates").splitlines()
    assert [line.split("(")[0] for line in listed] == list(GATES)


def test_a_formula_may_begin_with_a_minus_sign(capsys: pytest.CaptureFixture[str]) -> None:
    assert "= -6" in said(capsys, "-x*y", "x=2", "y=3")


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
    ("x^2", 0, "a power is written x**2"),
    ("2 * 3x", 4, "invalid decimal literal; a product is written 2 * x"),
    ("sin x", 4, "a gate tanh(x)"),
    ("x²", 1, "a power is written x**2"),
    ("1 + sine(x)", 4, "there is no gate sine; did you mean sin?"),
    ("2 * x(3)", 4, "there is no gate x; a product is written x * (…)"),
    ("2 + log(-x)", 4, "a logarithm needs a number above zero"),
    ("x * w", 4, "w has no number; give it one, such as w=1.0"),
    ("x + 1e400", 4, "this number is too large for a float"),
    ("x if x else 2", 0, "where(x > 0, a, b)"),
    ("1 if x", 0, "where(x > 0, a, b)"),
    ("x * (x", 4, "'(' was never closed"),
    ("x, x", 0, "a decimal point is written 0.5"),
    ("x + 'a'", 4, "'a' is no number"),
    ("x + True", 4, "True is no number"),
    ("x + 1j", 4, "1j is no number"),
    ("x.tanh()", 0, "gates are written as functions, such as tanh(x)"),
    ("__import__('os').system('true')", 0, "gates are written as functions"),
    ("open('f', 'w')", 0, "there is no gate open"),
    ("[x for x in [1]]", 0, "a formula has gates, names and numbers alone"),
    ("x[0]", 0, "each value has a name of its own"),
    ("x and 1", 0, "for `and` write the product of two conditions"),
    ("x >= 0", 0, "write x > y"),
    ("tanh(x, x)", 0, "tanh(x) got 2 operands"),
    ("dot([x], [x, x])", 0, "dot needs lists of one length"),
    ("tanh + x", 0, "tanh is a gate, written tanh(…)"),
    ("x + lambda", 4, "`lambda` is a word of Python"),
    ("é * x", 0, "é has no number"),
    ("π + é * x", 0, "π has no number"),
    ("x; 2 * x", 0, "only the last formula may go without a name"),
    ("f = x; f = 2 * x", 7, "f has a value already"),
    ("f = g = 2 * x", 4, "give a value one name"),
    ("exp = 2 * x", 0, "exp is a gate; choose another name"),
    ("f = 2 * x; g = 3 * x", 0, "f is not used"),
    ("x + tanh(*x)", 9, "write the operands one by one"),
]


@pytest.mark.parametrize(("formula", "place", "reason"), SLIPS)
def test_an_error_says_what_is_wrong_and_points_at_it(
    formula: str, place: int, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = refused(capsys, formula, "x=1")
    first, line, mark = answer.rstrip("\n").split("\n")
    assert reason in first
    assert line == f"    {formula}"
    assert mark == " " * (4 + place) + "^"


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
        ([*SLIDE, "-o", "f.xyz"], "'.xyz'"),
        ([*SLIDE, "-o", "f.svg", "--expand", "plus"], "there is no gate 'plus' that opens"),
        ([*SLIDE, "-o", "f.svg", "--limit", "0"], "limit must be a whole number of values above 0"),
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
