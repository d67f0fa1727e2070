"""`draw`: the picture of a circuit, and the ways out of it; models are drawn as networks."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any, overload

from autograd_core import Value
from autograd_core.explain import outputs_in
from viz.layout.columns import check_places
from viz.layout.geometry import Layout
from viz.layout.lay_out import lay_out
from viz.scene.blocks import NO_BLANKS, Blanks, Block, blocks_of
from viz.scene.scene import Scene, no_value, scene_of
from viz.scene.style import (
    LIMIT,
    OPTION_NAMES,
    CircuitOptions,
    PaletteName,
    read_options,
    takes_options,
)
from viz.write.picture import Picture, image
from viz.write.svg import write_svg
from viz.write.tikz import write_tikz

if TYPE_CHECKING:
    import graphviz
    from typing_extensions import Unpack

    from viz.network.drawing import NetworkDrawing
    from viz.network.model import Model
    from viz.network.scene import Show

_OF_NETWORKS = {"show": "weights", "input_names": None, "output_names": None, "through": None}
_NETWORK_OPTIONS = ("decimals", "palette", "title", *_OF_NETWORKS)


class Drawing(Picture):
    """The picture of a circuit as `viz.draw` returns it; it shows itself in a notebook.

    It keeps the numbers that the circuit had when it was drawn.

    Attributes:
        scene: the circuit and how it is drawn.
        blocks: what the picture consists of, as plain data.
    """

    def __init__(self, scene: Scene, blanks: Blanks = NO_BLANKS, least: float = 0.0) -> None:
        """Take the numbers of a scene; blanks and numbers have at least that width."""
        self.scene = scene
        self.blocks: list[Block] = blocks_of(scene, blanks)
        self._least = least
        check_places(self.blocks, scene.options)

    @cached_property
    def layout(self) -> Layout:
        """Where everything stands in the built-in layout, as plain data."""
        return lay_out(self.scene, self.blocks, self._least)

    @cached_property
    def svg(self) -> str:
        """The picture as SVG text, the same bytes for the same circuit; needs no other program."""
        return write_svg(self.layout, self.blocks, self.scene.palette)

    @property
    def _heading(self) -> str:
        names = [self.scene.names[output] for output in self.scene.trace.outputs]
        return self.scene.title or f"Circuit of {', '.join(names)}"

    @cached_property
    def tikz(self) -> str:
        r"""The picture as a `tikzpicture` for LaTeX, with the same geometry as the SVG.

        A document needs `\usepackage{tikz}` to take it, and no other package.
        """
        return write_tikz(self.layout, self.scene.palette)

    @cached_property
    def dot(self) -> "graphviz.Digraph":
        """The picture for Graphviz, to be edited or laid out by it.

        Making it needs no other program; rendering it needs Graphviz's `dot`.
        """
        from viz.write.dot import write_dot  # loads graphviz

        return write_dot(self.scene, self.blocks)

    def _contents(self) -> dict[str, Callable[[], bytes]]:
        return {
            **super()._contents(),
            ".dot": lambda: self.dot.source.encode(),
            ".gv": lambda: self.dot.source.encode(),
            ".tex": lambda: self.tikz.encode(),
        }

    def __repr__(self) -> str:
        count, shown = len(self.scene.trace.values), len(self.scene.items)
        values = "1 value" if count == 1 else f"{count:,} values"
        values = values if count == shown else f"{shown} of {values}"
        return f"<Drawing of {values}: {self.blocks[-1].sentence}; .save('circuit.svg') writes it>"


@overload
def draw(
    value: Value | list[Value] | tuple[Value, ...], **options: "Unpack[CircuitOptions]"
) -> Drawing: ...


@overload
def draw(
    value: "Model",
    *,
    decimals: int | None = None,
    palette: PaletteName = "cs231n",
    title: str | None = None,
    show: "Show" = "weights",
    input_names: Sequence[str] | None = None,
    output_names: Sequence[str] | None = None,
    through: Value | None = None,
) -> "NetworkDrawing": ...


@takes_options(also=_OF_NETWORKS)
def draw(value: "Value | Sequence[Value] | Model", **options: Any) -> "Drawing | NetworkDrawing":
    """Draw the circuit of a value in the style of the CS231n notes, or a model as a network.

    In a circuit each value is a piece of wire with its number above, in green, and below, in red,
    its gradient, once `backward()` has been called: its `.grad`, which in a leaf is the sum of all
    passes since it was set to zero. Each gate is a circle with its symbol;
    constants stand inside it, or, where a gate takes any number of operands, in grey on a wire.

    In a network each input and each neuron is a circle with its number in the last call, in green,
    and the gradient of that, in red; its bias stands below it. The larger the number beside others,
    the brighter the circle. A line's colour is the sign of a weight, its width the size; where
    there is room, the number stands on it. Where the model was changed after its last call, there
    are no numbers of that call. Of a layer with more than 16 neurons the first and the last few are
    shown; inputs that fill a square are an image, too. A neuron or a layer alone has circles of
    their own for Σ and f. Whoever points at a circle or a line of the SVG reads its numbers with
    their names.

    Args:
        value: the output of a circuit; or a list of several, for one picture of all that they are
            computed from; or a model, such as an `nn.MLP` or anything else that says what it is in
            the method `_network_`, see `viz.Model`.
        decimals: how many decimals each number gets; two if left out, none if all numbers of the
            picture are integers.
        palette: `"cs231n"` for green and red, `"colorblind"` for blue and orange.
        title: a line above the picture.
        inputs: of circuits: `"far"` puts all leaves at the far left, `"near"` next to the gates
            that take them; if left out, it is near where there are many leaves, or neurons.
        branches: of circuits: whether a value that is used more than once is drawn as a copy gate:
            a dot, and for each branch its own value and its own contribution, upstream × local. The
            contributions add up to the gradient of the value, which is then that of this pass.
        local: of circuits: whether each wire carries, near the gate that it enters, its local
            gradient. Upstream × local is what the wire contributes to the gradient of its value,
            which is then that of this pass.
        expand: of circuits: whether gates such as σ and Σwx are drawn opened into simpler gates:
            True for all that open, or a collection of gates' names and of values,
            `{"sigmoid", q}`. A frame stands around the parts unless another gate, number or frame
            would stand in it. A gate whose parts would overflow stays closed. Where neurons are
            closed, `"neuron"` opens all, and a value of one that one.
        names: of circuits: names for this picture only, such as `{"q": q}` or `locals()`; no label
            is set.
        limit: of circuits: how many values the picture shows, parts of opened gates included; None
            for all. In a larger circuit a neuron is one block, and so is a long sum; of long lists
            of operands the first and the last are shown, and if need be what is nearest to the
            output. What is left out is counted, "⋮ 37 more".
        show: of networks: whether lines stand for the `"weights"` or for their `"gradients"`.
        input_names: of networks: a name for each input; if left out, the labels of the values that
            the model was called on.
        output_names: of networks: a name for each output; if left out, the labels of the values
            that the model returned.
        through: of networks: a parameter, or an input or activation of the last call; only its
            paths to the outputs have colour, and only the circles on them are bright.

    Raises:
        TypeError: if `value` is neither a `Value`, nor a list of values, nor a model, if an option
            is not one for it, or `decimals` no whole number.
        ValueError: if an option is not one of its choices, there are not as many names as inputs or
            outputs, `through` is not in the network, the circuit has more than 20,000 values and
            `limit` does not allow them, or a model's `_network_` is not as `viz.Model` asks for.

    >>> x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
    >>> f = (x + y) * z
    >>> f.backward()
    >>> draw(f)
    <Drawing of 5 values: v2 = v1 * z = -12, gradient 1; .save('circuit.svg') writes it>
    >>> draw(f, names={"f": f, "q": x + y}, branches=True, local=True)
    <Drawing of 5 values: f = v1 * z = -12, gradient 1; .save('circuit.svg') writes it>
    >>> draw([f, x + y])
    <Drawing of 6 values: v3 = x + y = 3, gradient 0; .save('circuit.svg') writes it>
    >>> from nn import MLP
    >>> draw(MLP(2, [16, 1]), input_names=["x", "y"])
    <NetworkDrawing of MLP(2, [16, 1]), weights; .save('network.svg') writes it>
    """
    if outputs := outputs_in(value):
        _check_options(options, "circuit", "network")
        return Drawing(scene_of(outputs, read_options(draw, options)))
    from viz.network.drawing import draw_network
    from viz.network.model import is_model

    if not is_model(value):
        raise TypeError(
            f"{no_value(value, 'draw')}; or it takes a model, such as an nn.MLP or anything else "
            "that has the method _network_ (see viz.Model), and draws a network"
        )
    _check_options(options, "network", "circuit")
    return draw_network(value, **options)


def _check_options(options: Mapping[str, Any], kind: str, other: str) -> None:
    """Explain which options are not among those for one kind of picture."""
    taken = {"circuit": OPTION_NAMES, "network": _NETWORK_OPTIONS}
    for option in options:
        if option not in taken[kind]:
            foreign = option in taken[other]
            why = f"that is an option for a {other}" if foreign else "there is none"
            raise TypeError(
                f"draw() of a {kind} takes no option {option!r}: {why}; "
                f"a {kind} takes {', '.join(taken[kind])}"
            )


def picture_of(thing: Any) -> dict[str, str]:
    """The picture with which a value or a model shows itself in a notebook, by MIME type.

    A circuit of very many neurons shows itself as a network. A value whose circuit cannot be drawn
    says why, and never raises an error.
    """
    shown = {"text/plain": repr(thing)}
    try:
        drawn = draw(thing)
        drawing = _network_in(drawn) or drawn
        words = _left_out(drawing)
        return {
            **shown,
            "image/svg+xml": drawing.svg,
            "text/html": image(drawing.svg) + (f"<p>{escape(words)}</p>" if words else ""),
        }
    except Exception as error:
        if not isinstance(thing, Value):
            return shown
        words = f"{shown['text/plain']}\n\nno picture: {error}"
        style = "white-space: pre-wrap"
        return {"text/plain": words, "text/html": f'<pre style="{style}">{escape(words)}</pre>'}


def _network_in(drawing: "Drawing | NetworkDrawing") -> "NetworkDrawing | None":
    """The network in a circuit, if that has more neurons than a picture shows."""
    if not isinstance(drawing, Drawing) or len(drawing.scene.trace.neurons) <= LIMIT:
        return None
    from viz.network.drawing import draw_network
    from viz.network.recorded import RecordedNetwork

    network = RecordedNetwork.in_circuit(drawing.scene)
    return draw_network(network, title=network.title) if network else None


def _left_out(drawing: "Drawing | NetworkDrawing") -> str:
    """What to say below a picture that does not show all of a circuit."""
    if not isinstance(drawing, Drawing):
        return ""
    count, shown = len(drawing.scene.trace.values), len(drawing.scene.items)
    if count == shown:
        return ""
    return (
        f'{shown} of {count:,} values. viz.draw(value, expand="neuron") opens neurons, '
        "and viz.draw(value, limit=None) shows all."
    )
