"""Pictures of circuits.

`draw(value)` draws the circuit of a value; importing `viz` lets a notebook show every value so.
"""

from autograd_core import Value
from viz.drawing import Drawing, draw, picture_of

__all__ = ["Drawing", "draw"]

Value._repr_svg_ = picture_of  # type: ignore[attr-defined]
