"""Pictures of circuits.

`draw(value)` draws the circuit of a value; importing `viz` lets a notebook show every value so.
`steps(value)` and `animate(value)` show both passes step by step, `page(value)` as a page on which
numbers can be changed, `worksheet(value)` is an exercise with its answer key.
"""

from autograd_core import Value
from viz.animation import Animation, animate
from viz.drawing import Drawing, draw, picture_of
from viz.page import Page, page
from viz.steps import Step, Steps, steps
from viz.worksheet import Worksheet, worksheet

__all__ = [
    "Animation",
    "Drawing",
    "Page",
    "Step",
    "Steps",
    "Worksheet",
    "animate",
    "draw",
    "page",
    "steps",
    "worksheet",
]

Value._repr_svg_ = picture_of  # type: ignore[attr-defined]
