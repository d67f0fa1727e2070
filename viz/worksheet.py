"""Worksheets: a circuit with numbers to fill in, and its answer key."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from autograd_core import Value
from viz.draw import Drawing
from viz.layout.boxes import NUMBER_SIZE
from viz.layout.lay_out import lay_out
from viz.scene.blocks import Blanks, Block, blocks_of
from viz.scene.scene import Scene, scene_of
from viz.scene.style import CircuitOptions, read_options, takes_options, text_width

if TYPE_CHECKING:
    from typing_extensions import Unpack

MILLIMETRE = 72 / 25.4  # in points
A4 = (297 * MILLIMETRE, 210 * MILLIMETRE)
WRITTEN = 18 * MILLIMETRE
"""The width of a blank on paper: room for a number written by hand."""
LEAST = 18 * 96 / 25.4
"""The same in pixels, of which an inch of a picture that is printed in its own size has 96."""
MOST = 1.8 * LEAST
"""A picture that would have to be smaller, to have room on a sheet, is too small to read."""


class PrintedDrawing(Drawing):
    """A picture of a worksheet: its PDF is printed on A4."""

    def _pdf(self) -> bytes:
        from viz.write.render import pdf_of

        return pdf_of(self.svg, paper=A4, smallest=WRITTEN / self._least)


class Worksheet:
    """A circuit with numbers to fill in, and its answer key, as `viz.worksheet` returns them.

    Attributes:
        questions: the circuit with blanks.
        answers: the same picture with all its numbers.
    """

    def __init__(self, questions: Drawing, answers: Drawing) -> None:
        self.questions = questions
        self.answers = answers

    def save(self, path: str | Path) -> tuple[Path, Path]:
        """Write both pictures to files.

        Args:
            path: a folder that is there, for `questions.svg` and `answers.svg` in it; or the
                beginning of both file names, whose ending says what kind they are, as in
                `Drawing.save`: `week1.tex` gives `week1-questions.tex` and `week1-answers.tex`.

        Returns:
            The two files.

        Raises:
            ValueError, ModuleNotFoundError, OSError: as `Drawing.save`.

        >>> import tempfile
        >>> x = Value(3.0, "x")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     [file.name for file in worksheet(x * x).save(folder + "/square")]
        ['square-questions.svg', 'square-answers.svg']
        """
        path = Path(path)
        if path.is_dir():
            files = path / "questions.svg", path / "answers.svg"
        else:
            ending = path.suffix or ".svg"
            files = (
                path.with_name(f"{path.stem}-questions{ending}"),
                path.with_name(f"{path.stem}-answers{ending}"),
            )
        self.questions.save(files[0])
        self.answers.save(files[1])
        return files

    def _repr_svg_(self) -> str:
        return self.questions._repr_svg_()

    def _repr_html_(self) -> str:
        return self.questions._repr_html_()

    def __repr__(self) -> str:
        blanks = sum(len(placed.blanks) for placed in self.questions.layout.blocks)
        return (
            f"<Worksheet with {blanks} numbers to fill in; .questions, .answers, .save('folder')>"
        )


@takes_options()
def worksheet(
    value: Value,
    blank: Literal["gradients", "data", "all"] | Collection[Value] = "gradients",
    **options: "Unpack[CircuitOptions]",
) -> Worksheet:
    """The circuit of a value as an exercise: some numbers are blanks, and a key has them all.

    What the passes start from is always given: the numbers in the leaves, and the gradient of the
    output. Gradients are those of one backward pass, whether or not it has been run. Blanks are
    18 mm wide and 8 mm high where the picture is printed on A4, as its PDF is; one that is too
    large for a sheet goes over several.

    Args:
        value: the output of the circuit.
        blank: what is to be filled in: all `"gradients"`; the `"data"` that gates compute;
            `"all"`, both and, where they are shown, the local gradients; or the values whose
            numbers, data and gradient, are to be found.
        decimals, palette, inputs, title, branches, local, expand, names, limit: as for `viz.draw`.

    Raises:
        TypeError, ValueError: as `viz.draw`, and if `blank` is none of these.

    >>> x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
    >>> sheet = worksheet((x + y) * z, blank="all")
    >>> sheet
    <Worksheet with 6 numbers to fill in; .questions, .answers, .save('folder')>
    >>> sheet.questions
    <Drawing of 5 values: v2 = v1 * z = ?, gradient 1; .save('circuit.svg') writes it>
    """
    scene = scene_of(value, read_options(worksheet, options))
    if scene.trace.ran or not (isinstance(blank, str) and blank == "data"):
        scene = scene.of_this_pass()
    blanks = _blanks(blank, scene)
    least = _width_of_blanks(scene, blocks_of(scene))
    return Worksheet(PrintedDrawing(scene, blanks, least), PrintedDrawing(scene, least=least))


def _width_of_blanks(scene: Scene, blocks: Sequence[Block]) -> float:
    """How many pixels make a blank wide enough on paper, for numbers of the circuit and for hands.

    The wider blanks are, the wider is the picture, and the smaller it is printed.
    """
    from viz.write.render import points_on

    numbers = [text or "" for block in blocks for text in (block.data, block.grad)]
    first = least = max(LEAST, *(text_width(number, NUMBER_SIZE) for number in numbers))
    while least <= MOST:
        layout = lay_out(scene, blocks, least)
        wanted = WRITTEN / points_on(A4, layout.width, layout.height)
        if wanted <= least:
            return least
        least = wanted
    return first


def _blanks(blank: str | Collection[Value], scene: Scene) -> Blanks:
    """Which numbers are to be filled in."""
    gates = frozenset(step.out for step in scene.trace.forward)
    inner = frozenset(range(len(scene.values))) - {scene.trace.output}
    if isinstance(blank, str):
        kinds = {
            "gradients": Blanks(grads=inner),
            "data": Blanks(data=gates),
            "all": Blanks(gates, inner, locals=True),
        }
        if blank not in kinds:
            raise ValueError(
                f"blank must be 'gradients', 'data', 'all' or some values, not {blank!r}"
            )
        return kinds[blank]
    places = {id(value): place for place, value in enumerate(scene.values) if value is not None}
    chosen = set()
    for value in _some_values(blank):
        if id(value) not in places:
            raise ValueError(f"blank has {value!r}, which is not in the circuit")
        chosen.add(places[id(value)])
    return Blanks(gates & chosen, inner & chosen)


def _some_values(blank: object) -> list[Value]:
    if isinstance(blank, Collection) and not isinstance(blank, Value | Mapping):
        values = list(blank)
        if all(isinstance(value, Value) for value in values):
            return values
    raise TypeError(
        f"blank takes 'gradients', 'data', 'all' or a collection of values, [q, x], not {blank!r}"
    )
