"""Lessons that run: `python -m demos` tells them in the terminal and draws them into a gallery.

A lesson is one module of this package. The first line of its docstring is the title, the rest the
introduction, and its function `run(lesson)` tells the story with the methods of
`demos.lesson.Lesson`. To add one, write the module and enter its name here.
"""

LESSONS = (
    "circuit",
    "gate_patterns",
    "sigmoid_neuron",
    "staged",
    "chain_rule",
    "gradient_check",
)
"""The names of all lessons, in the order in which they are best read."""
