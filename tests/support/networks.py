"""Random networks, and reading the picture of one."""

import re
from xml.etree import ElementTree

from hypothesis import strategies as st
from pictures import SVG

from autograd_core import Value
from nn import ACTIVATIONS, MLP

LAYERS = [*ACTIVATIONS, "softmax", "maxout"]


@st.composite
def models(draw: st.DrawFn) -> MLP:
    """Networks of many shapes, with weights of many sizes, some called and differentiated."""
    sizes = st.integers(1, 5) | st.sampled_from([16, 17, 30])
    nin, nouts = draw(sizes), draw(st.lists(sizes, min_size=1, max_size=3))
    model = MLP(
        nin,
        nouts,
        activation=[draw(st.sampled_from(LAYERS)) for _ in nouts[1:]],
        output=draw(st.sampled_from(LAYERS)),
        bias=draw(st.sampled_from([True, False, "feature"])),
        gate_by_gate=draw(st.booleans()),
        seed=draw(st.integers(0, 1000)),
    )
    scale = draw(st.sampled_from([1.0, 1e-5, 300.0]))
    for name, parameter in model.named_parameters().items():
        parameter.data = parameter.data * scale + 0.25 * name.endswith("bias")
    stage = draw(st.sampled_from(["new", "called", "differentiated"]))
    if stage != "new":
        outputs = model(
            [draw(st.just(0.5) | st.sampled_from([Value(-2.0), Value(3, "x")])) for _ in range(nin)]
        )
        if stage == "differentiated":
            (outputs[0] if isinstance(outputs, list) else outputs).backward()
    return model


def example() -> MLP:
    """A small network after a call and its backward pass."""
    model = MLP(2, [3, 2], activation="tanh", output="logistic", seed=1)
    model.parameters()[2].data = 0.125
    outputs = model([Value(1.5), Value(-0.5)])
    (outputs[0] + outputs[1] * 2).backward()
    return model


def titled(svg: str) -> dict[str, ElementTree.Element]:
    """Every group of the picture by its title, which says what it is."""
    root = ElementTree.fromstring(svg)
    groups = [(group.findtext(f"{SVG}title"), group) for group in root.iter(f"{SVG}g")]
    return {title: group for title, group in groups if title}


def circles(svg: str) -> dict[str, dict[str, str]]:
    """The texts of each circle by their colours; circles by their names in the model."""
    found = {}
    for title, group in titled(svg).items():
        if group.find(f"{SVG}circle") is not None and not title.endswith("not shown"):
            texts = {t.get("fill") or "": t.text or "" for t in group.iter(f"{SVG}text")}
            found[re.split(r"[:;,]", title)[0]] = texts
    return found


def lines(svg: str) -> dict[str, ElementTree.Element]:
    """The visible lines by what is said about each."""
    paths = {title: group.find(f"{SVG}path") for title, group in titled(svg).items()}
    return {title: path for title, path in paths.items() if path is not None}
