"""The picture of a network: what `viz.draw` makes of a model."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from viz.network.layout import lay_out_network
from viz.network.model import Model
from viz.network.scene import Network, Show, read_network
from viz.network.shapes import NetworkLayout
from viz.network.svg import Colours, colours_named, write_network_svg
from viz.scene.style import printable
from viz.write.picture import Picture


class NetworkDrawing(Picture):
    """The picture of a network as `viz.draw` returns it; it shows itself in a notebook.

    It keeps the numbers that the model had when it was drawn.
    """

    _kind = "a network, which is drawn as SVG alone,"

    def __init__(self, network: Network, colours: Colours, title: str | None) -> None:
        self._network = network
        self._colours = colours
        self._title = title

    @cached_property
    def layout(self) -> NetworkLayout:
        """Where everything stands, as plain data."""
        return lay_out_network(self._network, title=self._title)

    @cached_property
    def svg(self) -> str:
        """The picture as SVG text, the same bytes for the same model; needs no other program."""
        return write_network_svg(self.layout, self._network, self._colours, title=self._title)

    @property
    def _heading(self) -> str:
        return self._title or self._network.name

    if not TYPE_CHECKING:  # to a checker there is no `dot`

        def __getattr__(self, name: str) -> Any:
            if name == "dot":
                raise AttributeError(
                    "a network is drawn as SVG alone: .svg, .html, .save('network.svg'); "
                    ".dot is of circuits, as in viz.draw(value).dot"
                )
            return super().__getattribute__(name)  # which says what is missing

    def __repr__(self) -> str:
        drawn = f"{self._network.name}, {self._network.show}"
        return f"<NetworkDrawing of {drawn}; .save('network.svg') writes it>"


def draw_network(
    model: Model,
    *,
    show: Show = "weights",
    decimals: int | None = None,
    palette: Literal["cs231n", "colorblind"] = "cs231n",
    title: str | None = None,
    input_names: Sequence[str] | None = None,
    output_names: Sequence[str] | None = None,
) -> NetworkDrawing:
    """Draw a network; `viz.draw` says what the picture and the options are.

    >>> from nn import MLP
    >>> draw_network(MLP(2, [3, 1]), show="gradients")
    <NetworkDrawing of MLP(2, [3, 1]), gradients; .save('network.svg') writes it>
    """
    if show not in ("weights", "gradients"):
        raise ValueError(f"show must be 'weights' or 'gradients', not {show!r}")
    network = read_network(
        model, show, decimals=decimals, input_names=input_names, output_names=output_names
    )
    heading = printable(title) or None if title else None
    return NetworkDrawing(network, colours_named(palette), heading)
