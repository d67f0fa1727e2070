"""Lessons that run: `python -m demos` tells them in the terminal and draws them into a gallery.

A lesson is one module of this package. The first line of its docstring is the title, the rest the
introduction, and its function `run(lesson)` tells the story with the methods of
`demos.lesson.Lesson`. To add one, write the module and enter its name here. It may import
matplotlib, best through `demos.figures`, and scikit-learn; where these are not installed, the
lesson is left out and says so.
"""

LESSONS = (
    "circuit",
    "gate_patterns",
    "sigmoid_neuron",
    "staged",
    "chain_rule",
    "gradient_check",
    "perceptron",
    "outlier",
    "worked_example",
    "delta_recursion",
    "network_patterns",
    "linear_layers",
    "xor",
    "approximation",
    "activations",
    "saturation",
    "losses",
    "programs",
    "moons",
    "descent",
    "batches",
    "penalties",
    "schedules",
    "digits",
)
"""The names of all lessons, in the order in which they are best read."""
