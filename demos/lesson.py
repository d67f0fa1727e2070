"""A lesson while it is told: what it says goes to the terminal and into the gallery alike."""

import ast
import inspect
import re
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from autograd_core import Value, trace
from demos.blocks import Block, Heading, Listing, Picture, Table, read_text
from nn import MLP
from viz import draw

if TYPE_CHECKING:
    from matplotlib.axes import Axes

EXTRAS = {"matplotlib": "matplotlib", "sklearn": "scikit-learn"}
"""Modules that only some lessons need, and the names under which they are installed."""


class Lesson:
    """One lesson; the function `run(lesson)` of its module tells it through these methods.

    The module is only imported when the lesson is told, so that a lesson whose module needs
    something that is not installed still has a title.

    Attributes:
        name: what it is called on the command line, the name of its module.
        title: the first line of the module's docstring.
        introduction: the rest of the docstring.
        blocks: what has been told so far.
    """

    def __init__(self, name: str) -> None:
        source = (files("demos") / f"{name}.py").read_text(encoding="utf-8")
        docstring = ast.get_docstring(ast.parse(source)) or name
        title, _, introduction = docstring.partition("\n")
        self.name = name
        self.title = title.removesuffix(".")
        self.introduction = tuple(read_text(introduction))
        self.blocks: list[Block] = []
        self._publish: Callable[[Block], None] = self.blocks.append

    def tell(self, listen: Callable[[Block], None]) -> None:
        """Run the lesson; if it needs an extra that is not installed, say so instead.

        Args:
            listen: receives every block, the introduction included, as soon as it is told.
        """

        def publish(block: Block) -> None:
            self.blocks.append(block)
            listen(block)

        self._publish = publish
        for block in self.introduction:
            publish(block)
        try:
            module = import_module(f"demos.{self.name}")
        except ModuleNotFoundError as error:
            if error.name not in EXTRAS:
                raise
            self.say(f"""
                The rest of this lesson is left out: it needs {EXTRAS[error.name]}, which is not
                installed. `pip install "scalar-circuits[demos]"` brings all that lessons need.
            """)
        else:
            module.run(self)

    def section(self, title: str) -> None:
        """Begin a section."""
        self._publish(Heading(title))

    def say(self, text: str) -> None:
        """Say something: paragraphs parted by empty lines, code between backticks.

        Lines that are indented more than the rest are shown as they are.
        """
        for block in read_text(text):
            self._publish(block)

    def show(self, thing: object) -> None:
        """Show what `print` would print: an explanation, staged code, a gradient check."""
        self._publish(Listing(str(thing).strip("\n")))

    def show_code(self, function: Callable[..., Any]) -> None:
        """Show the source code of a function, the one that the lesson itself runs."""
        self.show(inspect.getsource(function))

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[str | float]]) -> None:
        """Show a table; a cell is text, or a number that gets six significant digits."""
        cells = tuple(tuple(_cell(cell) for cell in row) for row in rows)
        self._publish(Table(tuple(columns), cells))

    def compare(self, *rows: tuple[str, str, float]) -> None:
        """Show numbers that were published beside those of the engine.

        Args:
            rows: for each number what it is, how it was published, and the engine's result. The
                result is rounded to as many decimals as the published number has.
        """
        self.table(
            ("quantity", "lecture", "engine", "rounded", "verdict"),
            [(name, said, number, *_verdict(said, number)) for name, said, number in rows],
        )

    def draw(self, value: Value | MLP, name: str, caption: str, **options: Any) -> None:
        """Draw the circuit of a value, or a model as a network.

        Args:
            value: the output of the circuit, or the model.
            name: of the picture, for its file.
            caption: what is to be seen in the picture.
            options: those of `viz.draw`.
        """
        words = _network_in_words(value) if isinstance(value, MLP) else _in_words(value)
        self.picture(draw(value, **options).svg, name, caption, words)

    def plot(self, ax: "Axes", name: str, caption: str, alternative: str) -> None:
        """Show a figure of matplotlib.

        Args:
            ax: its axes, or one of them, from `demos.figures.new_axes`.
            name: of the picture, for its file.
            caption: what is to be seen in the picture.
            alternative: the same facts in words, for those who cannot see it.
        """
        from demos.figures import figure_svg  # needs matplotlib, which is there: it made the axes

        self.picture(figure_svg(ax, self.title), name, caption, alternative)

    def picture(self, svg: str, name: str, caption: str, alternative: str) -> None:
        """Show any picture: its SVG text, a name for its file, a caption, and its content in words.

        Raises:
            ValueError: if the name is not small letters, digits and hyphens, or was used before.
        """
        file = f"{self.name}-{name}.svg"
        if not re.fullmatch(r"[a-z0-9-]+", name):
            raise ValueError(
                f"a picture's name has small letters, digits and hyphens, not {name!r}"
            )
        if any(isinstance(block, Picture) and block.file == file for block in self.blocks):
            raise ValueError(f"lesson {self.name} has two pictures called {name!r}")
        caption, alternative = " ".join(caption.split()), " ".join(alternative.split())
        self._publish(Picture(file, svg, caption, alternative))


def _cell(content: str | float) -> str:
    """A table cell; -0.0 is written as 0."""
    return content if isinstance(content, str) else f"{content + 0.0:.6g}"


def _verdict(published: str, number: float) -> tuple[str, str]:
    """The number with the decimals of the published one, and whether they are the same.

    >>> _verdict("-0.20", -0.19661), _verdict("3", 3.0), _verdict("0.49", 0.48)
    (('-0.20', 'agrees'), ('3', 'agrees'), ('0.48', 'differs'))
    """
    decimals = len(published.partition(".")[2])
    rounded = f"{round(number, decimals) + 0.0:.{decimals}f}"
    return rounded, "agrees" if rounded == published else "differs"


_SPOKEN = 12  # more leaves than this make a description that nobody wants to hear


def _in_words(output: Value) -> str:
    """A circuit in one sentence or two, for those who cannot see its picture."""
    passes = trace(output)
    leaves = [value for value in passes.values if value.gate is None]
    facts = [
        f"{value.name} = {value.data:.4g}"
        + (f" with gradient {value.grad + 0.0:.4g}" if passes.ran else "")
        for value in [*leaves[:_SPOKEN], passes.values[passes.output]]
    ]
    more = f" and {len(leaves) - _SPOKEN} more" if len(leaves) > _SPOKEN else ""
    gates = "1 gate" if len(passes.forward) == 1 else f"{len(passes.forward)} gates"
    return f"A circuit of {gates}. Inputs: {', '.join(facts[:-1])}{more}. Output: {facts[-1]}."


def _network_in_words(model: MLP) -> str:
    """A network in a sentence or two: its layers, and what it made of its last inputs."""
    layers = [f"{len(layer.neurons)} {layer.activation}" for layer in model.layers]
    words = f"A network whose layers are {', '.join(layers)}."
    if model.activations is None:
        return words
    inputs, outputs = (
        ", ".join(f"{number:.4g}" for number in numbers[:_SPOKEN])
        for numbers in (model.activations[0], model.activations[-1])
    )
    return f"{words} Inputs: {inputs}. Output: {outputs}."
