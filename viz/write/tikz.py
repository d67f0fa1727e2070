"""A layout as a TikZ picture, for slides and papers.

Every character of a text becomes something that pdflatex prints, whatever it means to TeX.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

from viz.layout.geometry import (
    CORNER,
    DOT_RADIUS,
    FRAME_CORNER,
    Blank,
    Box,
    Layout,
    PlacedGate,
    Point,
    Text,
    arrow_heads,
    strokes,
)
from viz.scene.style import Palette, length_text

_POINTS = 0.75  # in a pixel: a number 16 pixels high is set in 12-point type
_SIZES = (5, 6, 7, 8, 9, 10, 10.95, 12, 14.4, 17.28)  # in which LaTeX's own fonts come
_COLOURS = ("data", "grad", "local", "ink", "paper", "shade", "soft")
_ROLES = {"data": "data", "grad": "grad", "local": "local", "constant": "soft"}
_CENTRES = {"+": 0.25, "-": 0.25, "=": 0.13}  # of a sign above the baseline, in parts of its size
_ANCHORS = {"start": "base west", "middle": "base", "end": "base east"}


def write_tikz(layout: Layout, palette: Palette) -> str:
    r"""The picture as a `tikzpicture` environment; it needs `\usepackage{tikz}` and no more.

    In the picture the colours are called `circuitdata`, `circuitgrad` and so on.

    >>> import viz
    >>> from autograd_core import Value
    >>> from viz.scene.style import palette_named
    >>> print(write_tikz(viz.draw(Value(3.0, "x")).layout, palette_named("cs231n")))
    \begin{tikzpicture}[x=0.75pt, y=-0.75pt, line width=0.75pt, ...]
      \definecolor{circuitdata}{HTML}{008000}
    ...
      \draw[circuitink] (26,33) -- (70,33);
      \node[circuitdata, anchor=base] at (48,27) {\fontsize{12}{14.4}\sffamily 3};
      \node[circuitink, anchor=base east] at (20,27) {\fontsize{12}{14.4}\sffamily x};
    \end{tikzpicture}
    <BLANKLINE>
    """
    tinted = any(block.gate and block.gate.is_tinted for block in layout.blocks)
    colours = (*_COLOURS, "tint") if tinted else _COLOURS
    lines = [
        rf"\definecolor{{circuit{name}}}{{HTML}}{{{getattr(palette, name)[1:].upper()}}}"
        for name in colours
    ]
    opposite = _at((layout.width, layout.height))
    lines.append(rf"\path[use as bounding box] (0,0) rectangle {opposite};")
    for frame in layout.frames:
        style = "circuitink, fill=circuitshade, line width=0.4pt"
        lines += [_rectangle(frame.box, FRAME_CORNER, style), _text(frame.caption)]
    lines += [rf"\draw[circuitink] {_path(corners)};" for corners in strokes(layout)]
    lines += [rf"\fill[circuitink] {_path(head)} -- cycle;" for head in arrow_heads(layout)]
    lines += [rf"\fill[circuitink] {_circle(dot, DOT_RADIUS)};" for dot in layout.dots]
    for placed in layout.blocks:
        if placed.gate:
            lines += [_gate(placed.gate), _text(_centred(placed.gate))]
        lines += map(_text, placed.texts)
        lines += map(_blank, placed.blanks)
    if layout.title:
        lines.append(_text(layout.title))
    options = (
        f"x={_POINTS}pt, y=-{_POINTS}pt, line width={_POINTS}pt, line join=round, "
        "inner sep=0pt, outer sep=0pt"
    )
    body = "".join(f"  {line}\n" for line in lines)
    return f"\\begin{{tikzpicture}}[{options}]\n{body}\\end{{tikzpicture}}\n"


def _gate(gate: PlacedGate) -> str:
    style = f"circuitink, fill=circuit{'tint' if gate.is_tinted else 'paper'}"
    if gate.is_circle:
        return rf"\draw[{style}] {_circle((gate.x + gate.radius, gate.y), gate.radius)};"
    return _rectangle(gate.box, gate.radius, style)


def _centred(gate: PlacedGate) -> Text:
    """The symbol of a gate at the height that suits LaTeX's fonts, where they differ from Arial."""
    symbol = gate.symbol
    offset = _CENTRES.get(symbol.text)
    return symbol if offset is None else replace(symbol, y=gate.y + offset * symbol.size)


def _blank(blank: Blank) -> str:
    return _rectangle(blank.box, CORNER, f"circuit{blank.role}, dotted")


def _rectangle(box: Box, radius: float, style: str) -> str:
    corners = f"rounded corners={length_text(radius * _POINTS)}pt"
    ends = f"{_at((box.left, box.top))} rectangle {_at((box.right, box.bottom))}"
    return rf"\draw[{style}, {corners}] {ends};"


def _text(text: Text) -> str:
    colour = _ROLES.get(text.role, "ink")
    style = f"circuit{colour}, anchor={_ANCHORS[text.anchor]}"
    size = max(size for size in _SIZES if size <= max(text.size * _POINTS, _SIZES[0]))
    font = rf"\fontsize{{{size}}}{{{length_text(1.2 * size)}}}\sffamily"
    words = latex_text(text.text)
    if text.role not in ("name", "title"):
        words = words.replace("{-}", r"\textendash{}")  # a minus, not a hyphen
    return rf"\node[{style}] at {_at((text.x, text.y))} {{{font} {words}}};"


def _path(corners: Sequence[Point]) -> str:
    return " -- ".join(map(_at, corners))


def _circle(centre: Point, radius: float) -> str:
    return f"{_at(centre)} circle[radius={length_text(radius * _POINTS)}pt]"


def _at(point: Point) -> str:
    return f"({length_text(point[0])},{length_text(point[1])})"


_SPECIAL = {
    **{sign: rf"\{sign}" for sign in "{}$&#%_"},
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    # these stand in braces lest they join their neighbours (`--` is a dash) or become shorthands
    **{sign: f"{{{sign}}}" for sign in "'-,!?"},
    '"': r"{\char34}",
    "`": r"{\char96}",
}

COMMANDS = r"""
α \alpha    β \beta     γ \gamma    δ \delta    ε \varepsilon   ζ \zeta     η \eta      θ \theta
ι \iota     κ \kappa    λ \lambda   μ \mu       ν \nu           ξ \xi       π \pi       ρ \rho
σ \sigma    τ \tau      υ \upsilon  φ \varphi   χ \chi          ψ \psi      ω \omega    µ \mu
Γ \Gamma    Δ \Delta    Θ \Theta    Λ \Lambda   Ξ \Xi           Π \Pi       Σ \Sigma    Υ \Upsilon
Φ \Phi      Ψ \Psi      Ω \Omega    ℓ \ell      ∂ \partial      ∇ \nabla    ∑ \sum      ∏ \prod
√ \surd     ∞ \infty    × \times    · \cdot     − -             ± \pm       ∘ \circ     ⊙ \odot
⊗ \otimes   ⊕ \oplus    ≤ \le       ≥ \ge       ≠ \ne           ≈ \approx   ≡ \equiv    ∈ \in
→ \to       ← \leftarrow  ↦ \mapsto  ‖ \Vert    ′ {}^\prime     … \ldots    ° {}^\circ
"""


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    words = text.split()
    return zip(words[::2], words[1::2], strict=True)


_MATHEMATICS = {sign: rf"\ensuremath{{{command}}}" for sign, command in _pairs(COMMANDS)}

_NAMED = r"ß \ss  æ \ae  Æ \AE  œ \oe  Œ \OE  ø \o  Ø \O  ł \l  Ł \L  ı \i"
_LETTERS = {letter: f"{{{name}}}" for letter, name in _pairs(_NAMED)}
_LETTERS |= {"⁄": "/", "–": r"\textendash{}", "—": r"\textemdash{}"}

_ACCENTS = dict(
    zip(
        "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0327",
        "`'^~=u.\"rHvc",
        strict=True,
    )
)

_SHIFTED = {"<super>": r"\textsuperscript", "<sub>": r"\textsubscript"}


def latex_text(text: str) -> str:
    r"""A text as LaTeX that pdflatex takes without any package.

    Letters with accents, Greek letters, common mathematical signs and raised or lowered digits come
    out as such; of other characters outside ASCII the number is printed.

    >>> print(latex_text(r"50% of {x_1} \ y"))
    50\% of \{x\_1\} \textbackslash{} y
    >>> print(latex_text("σ² é 日"))
    \ensuremath{\sigma}\textsuperscript{2} \'{e} {\tiny U+65E5}
    """
    return "".join(map(_character, unicodedata.normalize("NFC", text)))


def _character(character: str) -> str:
    for table in (_SPECIAL, _MATHEMATICS, _LETTERS):
        if character in table:
            return table[character]
    if " " <= character <= "~":
        return character
    if unicodedata.category(character) == "Cf":
        return ""  # joiners and marks of direction show nothing
    kind, *parts = unicodedata.decomposition(character).split() or [""]
    if kind.startswith("<"):
        inner = "".join(latex_text(chr(int(part, 16))) for part in parts)
        return f"{_SHIFTED[kind]}{{{inner}}}" if kind in _SHIFTED else inner
    parted = unicodedata.normalize("NFD", character)
    if len(parted) == 2 and parted[0].isascii() and parted[1] in _ACCENTS:
        return rf"\{_ACCENTS[parted[1]]}{{{parted[0]}}}"
    return rf"{{\tiny U+{ord(character):04X}}}"
