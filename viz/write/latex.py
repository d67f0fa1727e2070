"""Text for LaTeX: every character as something that pdflatex prints, whatever it means to TeX."""

import unicodedata

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    # these stand in braces lest they join their neighbours (`--` is a dash) or become shorthands
    '"': r"{\char34}",
    "'": "{'}",
    "`": r"{\char96}",
    "-": "{-}",
    ",": "{,}",
    "!": "{!}",
    "?": "{?}",
}

_COMMANDS = r"""
α \alpha    β \beta     γ \gamma    δ \delta    ε \varepsilon   ζ \zeta     η \eta      θ \theta
ι \iota     κ \kappa    λ \lambda   μ \mu       ν \nu           ξ \xi       π \pi       ρ \rho
σ \sigma    τ \tau      υ \upsilon  φ \varphi   χ \chi          ψ \psi      ω \omega    µ \mu
Γ \Gamma    Δ \Delta    Θ \Theta    Λ \Lambda   Ξ \Xi           Π \Pi       Σ \Sigma    Υ \Upsilon
Φ \Phi      Ψ \Psi      Ω \Omega    ℓ \ell      ∂ \partial      ∇ \nabla    ∑ \sum      ∏ \prod
√ \surd     ∞ \infty    × \times    · \cdot     − -             ± \pm       ∘ \circ     ⊙ \odot
⊗ \otimes   ⊕ \oplus    ≤ \le       ≥ \ge       ≠ \ne           ≈ \approx   ≡ \equiv    ∈ \in
→ \to       ← \leftarrow  ↦ \mapsto  ‖ \Vert    ′ {}^\prime     … \ldots    ° {}^\circ
"""
_words = _COMMANDS.split()
_MATHEMATICS = {
    sign: rf"\ensuremath{{{command}}}"
    for sign, command in zip(_words[::2], _words[1::2], strict=True)
}

_LETTERS = {
    "ß": r"{\ss}",
    "æ": r"{\ae}",
    "Æ": r"{\AE}",
    "œ": r"{\oe}",
    "Œ": r"{\OE}",
    "ø": r"{\o}",
    "Ø": r"{\O}",
    "ł": r"{\l}",
    "Ł": r"{\L}",
    "ı": r"{\i}",
    "⁄": "/",
    "–": r"\textendash{}",
    "—": r"\textemdash{}",
}

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
