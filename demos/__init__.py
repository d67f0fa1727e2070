"""Lessons that run: `python -m demos` shows them in the terminal and makes a gallery of them.

A lesson is a script in `demos/lessons`, in the percent format of jupytext: plain user code between
cells of Markdown. The terminal, the gallery and the notebooks are made from it; editors and
Jupyter open it as it stands. How one is written:

1. The first cell is Markdown, `# %% [markdown]`: the title `# …`, an empty line, and what it is
   about; the first sentence stands on the front page of the gallery. Sections begin with `## …`.
   A cell of Markdown has one to three short paragraphs; formulas are indented by four.
2. A cell of code, `# %%`, has one to fifteen lines of what a reader would type: imports where they
   are first needed, names at the top level, a function only where a reader would write one. It
   shows what it prints, and the value of its last expression, as a notebook does: a value or model,
   a picture (`viz.draw`, `viz.animate`, `viz.page`), or what these make:

   - `demos.show.table(columns, rows)`: a table;
   - `demos.show.compare((what, published, number), …, source="lecture")`: published numbers, and
     whether the engine's round to the same;
   - `demos.figures.plot(ax, caption, alternative)`: a figure of matplotlib, and in words what it
     shows; its axes are made by `demos.figures.new_axes(width, height, columns=1)`, in inches, and
     its colours are `BLUE`, `ORANGE`, `GREY` and `INK` from there.

   A cell that answers a question says so, whatever its kind: `tags=["answer"]`. It is folded in the
   gallery and in notebooks, and the terminal has it at the end of the lesson.

   A picture is called after the lesson and its place in it, `circuit-2.svg`; the one whose shape
   suits a card stands for the lesson on the front page, and the first animation moves on top of
   that. A value and a model show themselves as pictures; `print` shows them as text.
3. The script can be pasted into the REPL line by line: there is no empty line within a function,
   class or loop, and one follows it. It imports nothing from other lessons. It is checked by mypy
   and ruff like all code.
4. Numbers are computed, never typed: the cell before or after the text shows them. A number with
   decimals in Markdown has to be, to its last digit, among the numbers that the code contains or
   its outputs show. A cell that quotes a source's own number says so: `# %% [markdown]
   tags=["quote"]`.
5. Nothing depends on luck or on the clock: models get a seed, times are not shown. A lesson takes
   a second or two. It may import matplotlib, SciPy and scikit-learn; where these are not installed,
   the rest of the lesson is left out and the command says so.

To add a lesson, write the script, and enter its name in `BUILDS_ON`, after all that it builds on.
`python -m demos NAME` shows it, and `pytest tests/demos -k NAME` checks these rules. What only this
lesson promises, its numbers above all, a test in `tests/demos` holds; `tests/support/lessons.py`
reads outputs and names for it.
"""

from __future__ import annotations  # so that an older Python comes to the line that refuses it

BUILDS_ON: dict[str, tuple[str, ...]] = {
    "nudge": (),
    "circuit": ("nudge",),
    "gate_patterns": ("circuit",),
    "sigmoid_neuron": ("gate_patterns",),
    "staged": ("sigmoid_neuron",),
    "chain_rule": ("gate_patterns",),
    "gradient_check": ("sigmoid_neuron",),
    "swell": ("gradient_check",),
    "engine": ("gate_patterns",),
    "engine_trains": ("engine", "sigmoid_neuron"),
    "activations": ("sigmoid_neuron",),
    "losses": ("sigmoid_neuron",),
    "from_logits": ("losses",),
    "one_neuron": ("sigmoid_neuron", "losses"),
    "perceptron": ("one_neuron",),
    "descent": ("one_neuron",),
    "loops": ("one_neuron", "descent"),
    "outlier": ("losses", "loops"),
    "logistic_regression": ("outlier",),
    "linear_layers": ("activations",),
    "xor": ("perceptron", "loops"),
    "landscapes": ("descent", "xor"),
    "surrogates": ("xor", "losses"),
    "worked_example": ("sigmoid_neuron", "linear_layers"),
    "delta_derived": ("worked_example", "losses", "chain_rule"),
    "delta_by_hand": ("delta_derived",),
    "delta_compared": ("delta_by_hand",),
    "network_patterns": ("gate_patterns", "activations", "delta_derived"),
    "initialisation": ("delta_by_hand",),
    "saturation": ("initialisation", "activations"),
    "approximation": ("xor",),
    "depth": ("approximation",),
    "batches": ("loops",),
    "penalties": ("losses", "descent"),
    "priors": ("penalties",),
    "schedules": ("descent",),
    "programs": ("delta_compared",),
    "fitting": ("descent",),
    "moons": ("xor", "batches"),
    "images": ("losses", "loops"),
    "configuration": ("penalties", "batches"),
    "digits": ("losses", "batches"),
    "outlook": ("delta_by_hand", "images"),
    "history": ("perceptron", "xor"),
    "cheat_sheet": ("gate_patterns",),
    "slips": ("losses", "worked_example", "delta_compared"),
}
"""All lessons, in the order in which they are best read, each with those that it takes for granted.

Besides, a lesson takes derivatives and a little Python for granted.
"""

LESSONS = tuple(BUILDS_ON)
"""The names of all lessons."""

ROUTES = {
    "an hour": ("nudge", "circuit", "gate_patterns", "sigmoid_neuron", "cheat_sheet"),
    "a day": (
        *("nudge", "circuit", "gate_patterns", "sigmoid_neuron", "staged", "chain_rule"),
        *("engine", "activations", "losses", "one_neuron", "descent", "linear_layers"),
        *("worked_example", "delta_derived", "delta_by_hand", "cheat_sheet"),
    ),
    "a term": LESSONS,
}
"""Ways through the lessons, by the time that there is."""
