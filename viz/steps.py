"""`steps`: the forward and the backward pass through a circuit, picture by picture."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, overload

from autograd_core import Value
from viz.scene.options import STEPS_LIMIT, CircuitOptions, read_options, takes_options
from viz.scene.scene import scene_of
from viz.story import Sheet, tell
from viz.write.picture import SVGPicture

if TYPE_CHECKING:
    from typing_extensions import Unpack

NOTEBOOK = 2_000_000
"""How many characters of pictures a notebook is given to show, roughly."""


class Step(SVGPicture):
    """One step of a circuit's two passes; it shows itself in a notebook.

    Attributes:
        number: its place in the series, from 0.
        sentence: what happens in this step.
    """

    _kind = "a step"

    def __init__(self, sheet: Sheet, number: int) -> None:
        self._sheet = sheet
        self.number = number
        self.sentence = "".join(text for text, _ in sheet.story.sentences[number])

    @cached_property
    def svg(self) -> str:
        """The circuit after this step as SVG text: what is known, what is at work, the sentence."""
        return self._sheet.picture(self.number, self.sentence)

    def __repr__(self) -> str:
        return f"<Step {self.number}: {self.sentence}>"


class Steps(Sequence[Step]):
    """The steps of a circuit's two passes as `viz.steps` returns them: a sequence of pictures."""

    def __init__(self, sheet: Sheet) -> None:
        self._steps = [Step(sheet, number) for number in range(len(sheet.story.moments))]

    def __len__(self) -> int:
        return len(self._steps)

    @overload
    def __getitem__(self, place: int) -> Step: ...
    @overload
    def __getitem__(self, place: slice) -> list[Step]: ...
    def __getitem__(self, place: int | slice) -> Step | list[Step]:
        return self._steps[place]

    def save(self, folder: str | Path) -> list[Path]:
        """Write the pictures as `step-00.svg`, `step-01.svg`, … into a folder.

        The folder is made if it is not there; other files in it are left alone.

        Returns:
            The files, in order.

        Raises:
            OSError: if a file cannot be written.
        """
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        digits = max(2, len(str(len(self) - 1)))
        paths = [folder / f"step-{step.number:0{digits}}.svg" for step in self]
        for step, path in zip(self, paths, strict=True):
            step.save(path)
        return paths

    def _repr_html_(self) -> str:
        """As many of the pictures as a notebook can bear, and a word on the others."""
        shown: list[str] = []
        size = 0
        while len(shown) < len(self) and size < NOTEBOOK:
            shown.append(f"<div>{self[len(shown)]._repr_html_()}</div>")
            size += len(shown[-1])
        if rest := len(self) - len(shown):
            shown.append(
                f"<p>The steps go on: {rest} of {len(self)} are not shown here. "
                "Each is a picture, <code>steps[-1]</code> the last; "
                "<code>viz.page(value)</code> shows all in little room.</p>"
            )
        pictures = "\n".join(shown)
        return f'<div style="max-height: 40em; overflow: auto">\n{pictures}\n</div>'

    def __repr__(self) -> str:
        return f"<{len(self)} steps, from {self[0]!r} to {self[-1]!r}>"


@takes_options(limit=STEPS_LIMIT)
def steps(value: Value, **options: "Unpack[CircuitOptions]") -> Steps:
    """The circuit of a value after each step of the forward and of the backward pass.

    First the inputs have their numbers. Going forward each gate computes its output; going backward
    each wire carries upstream × local to an input, where the contributions are added up. With
    `branches`, a contribution stands on its branch from then on, and the sum so far on the trunk;
    with `local`, a gate shows its local gradients when it has computed its output. The gradients
    are those of this one pass, whether or not `backward()` has been called.

    Args:
        value: the output of the circuit.
        decimals, palette, inputs, title, branches, local, expand, names: as for `viz.draw`.
        limit: how many values the circuit may have; None for any number. The series of pictures
            grows with the square of the circuit; `viz.page` tells the same in one.

    Returns:
        A sequence of pictures with the same geometry, each with its `.sentence`, `.svg` and
        `.save("step.svg")`; `.save("folder")` of the sequence writes them all.

    Raises:
        TypeError, ValueError: as `viz.draw`.

    >>> x, y = Value(-2.0, "x"), Value(5.0, "y")
    >>> q = x * y
    >>> q.label = "q"
    >>> for step in steps(q):
    ...     print(step.sentence)
    inputs: x = −2, y = 5
    q = x * y = −2 * 5 = −10
    the backward pass starts at q, with gradient 1
    gradient of x: upstream 1 × local 5 = 5
    gradient of y: upstream 1 × local −2 = −2
    """
    return Steps(Sheet(tell(scene_of(value, read_options(steps, options)))))
