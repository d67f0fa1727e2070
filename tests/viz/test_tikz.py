"""TikZ: the same picture as the SVG, and labels that mean nothing to TeX."""

import re
import subprocess
from pathlib import Path

import pytest
from geometry import circuits
from hypothesis import given, settings
from hypothesis import strategies as st
from pictures import HOSTILE, forked, neuron

import viz
from autograd_core import Value, total
from viz.write.tikz import COMMANDS, latex_text

TEX = [
    *HOSTILE,
    r"50% of {x_1} \ y",
    r"\input{secret}",
    r"\end{tikzpicture}",
    "$x^2$ & #1 ~ _",
    "]; (0,0) {",
    "^^5c",
    "--- `` '' ?` !` << >> ,, \"a",
    "e\u0301 q\u0301 İ ñ ç ő ı ß",
    "σ² x₁⁻¹ ∂L ½ ﬁ",
    "日本語",
    "%",
    "\\",
    "{",
]

# what may follow a backslash; all of it is there without any package
PRINTED = set("{}$&#%_`'^~=.\"")
WORDS = r"""u r H v c textbackslash textasciicircum textasciitilde textless textgreater textbar
    textendash textemdash textsuperscript textsubscript ensuremath char tiny
    ss ae AE oe OE o O l L i"""
MATHEMATICS = re.findall(r"\\([A-Za-z]+)", COMMANDS)


def check_harmless(latex: str) -> None:
    """Only ASCII, known commands, and braces that match; nothing that means something to TeX."""
    assert latex.isascii() and latex.isprintable()
    for word, sign in re.findall(r"\\(?:([A-Za-z]+)|(.))", latex):
        assert sign in PRINTED if sign else word in WORDS.split() + MATHEMATICS
    plain = re.sub(r"\\[^A-Za-z]|\\[A-Za-z]+|\{\}\^(?=\\)", "", latex)
    assert not set(plain) & set("\\%$&#_^~")
    depth = 0
    for character in plain:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0


@pytest.mark.parametrize("label", TEX)
def test_hostile_labels_are_harmless(label: str) -> None:
    check_harmless(latex_text(label))


@settings(max_examples=300)
@given(st.text(st.characters(codec=None), max_size=20))
def test_any_text_is_harmless(label: str) -> None:
    check_harmless(latex_text(label))


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("w0", "w0"),
        ("x_1", r"x\_1"),
        ("a\\b", r"a\textbackslash{}b"),
        ("σ", r"\ensuremath{\sigma}"),
        ("e\u0301é", r"\'{e}\'{e}"),
        ("x₁", r"x\textsubscript{1}"),
        ("日", r"{\tiny U+65E5}"),
        ("a\u200db", "ab"),
    ],
)
def test_what_labels_become(text: str, latex: str) -> None:
    assert latex_text(text) == latex


def test_letters_of_ascii_stay() -> None:
    for code in range(32, 127):
        if chr(code).isalnum():
            assert latex_text(chr(code)) == chr(code)


@settings(max_examples=60)
@given(circuits(), st.booleans(), st.booleans())
def test_the_geometry_is_that_of_the_svg(value: Value, branches: bool, local: bool) -> None:
    drawing = viz.draw(value, branches=branches, local=local, title="A title")
    layout, tikz = drawing.layout, drawing.tikz
    assert tikz.count("\n  \\node") == 1 + sum(
        len(placed.texts) + (placed.gate is not None) for placed in layout.blocks
    )
    svg_lines = re.findall(r'<polyline points="([^"]*)"', drawing.svg)
    tikz_lines = re.findall(r"\\draw\[circuitink\] (.*);", tikz)
    assert [re.findall(r"[\d.]+", line) for line in svg_lines] == [
        re.findall(r"[\d.]+", line) for line in tikz_lines if "circle" not in line
    ]
    assert tikz.count("-- cycle") == drawing.svg.count("<polygon")
    assert tikz.count("circle[") == drawing.svg.count("<circle")
    assert tikz.startswith(r"\begin{tikzpicture}[") and tikz.endswith("\\end{tikzpicture}\n")
    assert f"(0,0) rectangle ({layout.width:g},{layout.height:g})" in tikz


def test_colours_are_those_of_the_palette() -> None:
    tikz = viz.draw(neuron(), palette="colorblind").tikz
    assert r"\definecolor{circuitdata}{HTML}{0072B2}" in tikz
    assert r"\node[circuitgrad, anchor=base]" in tikz


def test_negative_numbers_have_a_minus_and_no_hyphen() -> None:
    tikz = viz.draw(Value(-2.5, "a-b") * 2).tikz
    assert r"\textendash{}2.50}" in tikz and "a{-}b}" in tikz


def test_blanks_are_dotted_boxes() -> None:
    sheet = viz.worksheet(forked(), "all", local=True)
    blanks = sum(len(placed.blanks) for placed in sheet.questions.layout.blocks)
    assert sheet.questions.tikz.count("dotted") == blanks > 10
    assert "dotted" not in sheet.answers.tikz


def document() -> str:
    """Pictures with whatever a label can hold, as a LaTeX document."""
    labelled = total([Value(-1.5, label) for label in TEX])
    pictures = [
        viz.draw(labelled, title=TEX[-1]).tikz,
        viz.draw(neuron() * 1234567.0, branches=True, local=True).tikz,
        viz.worksheet(forked(), "all", branches=True, local=True).questions.tikz,
    ]
    pages = "\n\\clearpage\n".join(pictures)
    return (
        f"\\documentclass{{article}}\\usepackage{{tikz}}\\begin{{document}}{pages}\\end{{document}}"
    )


def test_no_label_opens_or_closes_anything() -> None:
    source = document()
    assert source.isascii()
    unescaped = source.replace(r"\{", "").replace(r"\}", "")
    assert unescaped.count("{") == unescaped.count("}")
    assert source.count(r"\begin{tikzpicture}") == source.count(r"\end{tikzpicture}") == 3


@pytest.mark.needs("pdflatex")
def test_latex_takes_it(tmp_path: Path) -> None:
    (tmp_path / "a.tex").write_text(document(), "utf-8")
    command = [
        "pdflatex",
        "-interaction=nonstopmode",
        "-halt-on-error",
        "-no-shell-escape",
        "a.tex",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout.decode(errors="replace")[-2000:]
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
