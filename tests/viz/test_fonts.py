"""Pictures hold together in a font as wide as Arial and in a wider one, as a browser sets them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from browser import Browser
from fonts import FONTS, browser_with
from pictures import forked, lecture, neuron

import viz
from autograd_core import Value, dot, name_values
from nn import MLP
from viz.layout.geometry import Box, overlap

pytestmark = pytest.mark.needs("chromium")


@pytest.fixture(scope="module", params=FONTS)
def reader(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    with browser_with(request.param, tmp_path_factory.mktemp("fonts")) as started:
        yield started


READ = """(() => {
    const svg = document.documentElement;
    const edges = ({x, y, width, height}) => [x, y, x + width, y + height];
    const box = (each) => edges(each.getBBox());
    const seen = (each) => each.getAttribute("visibility") !== "hidden";
    const texts = [...svg.querySelectorAll("text")].filter(seen);
    const gates = "circle[fill='#ffffff'], rect[rx='20'][stroke]";
    return {
        texts: texts.map((each) => ({
            words: each.textContent,
            box: box(each),
            baseline: Number(each.getAttribute("y")),
            size: Number(each.getAttribute("font-size")),
            inside: each.parentNode.querySelector(gates) ? each.getAttribute("text-anchor") : "",
        })),
        gates: [...svg.querySelectorAll(gates)].map(box),
        size: [svg.width.baseVal.value, svg.height.baseVal.value],
    };
})()"""


@dataclass(frozen=True)
class Seen:
    """A text as the browser has set it; its box holds capitals, digits and tails."""

    words: str
    box: Box


def check(reader: Browser, path: Path, svg: str) -> None:
    path.write_text(svg, encoding="utf-8")
    reader.open(path)
    found = reader.run(READ)
    texts = []
    for each in found["texts"]:
        left, _, right, _ = each["box"]
        top, bottom = each["baseline"] - 0.7 * each["size"], each["baseline"]
        texts.append(Seen(each["words"], Box(left + 0.5, top, right - 0.5, bottom)))
    width, _ = found["size"]
    assert texts
    for text in texts:
        assert text.box.left >= 0 and text.box.right <= width, f"{text.words} is cut off"
    for one, other in combinations(texts, 2):
        assert not overlap(one.box, other.box), f"{one.words} on {other.words}"
    for left, top, right, bottom in found["gates"]:
        for text in texts:
            inside = left < text.box.left and text.box.right < right
            apart = not overlap(text.box, Box(left, top, right, bottom))
            assert inside or apart, f"{text.words} in the edge of a gate"


def many_names() -> Value:
    learning_rate, momentum = Value(-123456.789), Value(-0.25)
    hidden_activation = (learning_rate * momentum).tanh()
    weighted_upper_limit = hidden_activation.maximum(momentum) - learning_rate
    logarithm = (weighted_upper_limit * weighted_upper_limit).log1p()
    name_values(locals())
    momentum.label = "momentum_of_η"
    logarithm.backward()
    return logarithm


def network(**options: Any) -> viz.NetworkDrawing:
    model = MLP(3, [4, 4, 1], activation="leaky_relu", seed=3)
    model([1.0, -2.0, 3.0]).backward()
    return viz.draw(model, **options)


def layer() -> Value:
    output = MLP(2, [2, 1], seed=2)([Value(1.0, "x1"), Value(-2.0, "x2")])
    output.backward()
    return output


PICTURES: dict[str, Any] = {
    "lecture": lambda: viz.draw(lecture()),
    "neuron": lambda: viz.draw(neuron(), local=True, title="A neuron and its gradients"),
    "opened": lambda: viz.draw(neuron(), expand=True),
    "branches": lambda: viz.draw(forked(), branches=True, local=True),
    "names": lambda: viz.draw(many_names()),
    "digits": lambda: viz.draw(many_names(), decimals=6, inputs="near"),
    "title": lambda: viz.draw(Value(1.0), title="A title that is wider than its picture, by far"),
    "minus": lambda: viz.draw(Value(-12.0, "f") - Value(1e-7, "momentum")),
    "layer": lambda: viz.draw(layer(), inputs="near"),
    "scalar product": lambda: viz.draw(dot([Value(1.0, f"x{i}") for i in range(4)], [2.0] * 4)),
    "network": network,
    "gradients": lambda: network(show="gradients", title="The gradients of all the weights"),
    "worksheet": lambda: viz.worksheet(many_names(), "all", local=True).questions,
}


@pytest.mark.parametrize("name", PICTURES)
def test_no_text_is_cut_off_or_stands_on_another(
    reader: Browser, tmp_path: Path, name: str
) -> None:
    check(reader, tmp_path / "a.svg", PICTURES[name]().svg)


@pytest.mark.parametrize("value", [lecture, neuron, many_names])
def test_sentences_of_steps_have_room(reader: Browser, tmp_path: Path, value: Any) -> None:
    for step in viz.steps(value()):
        check(reader, tmp_path / "a.svg", step.svg)
