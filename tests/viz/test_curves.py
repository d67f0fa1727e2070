"""Curves: every number where its scale says, the same bytes, words for what cannot be drawn."""

import math
import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pictures import HOSTILE, SVG, texts

import viz
from nn import MLP, SteepestDescent, Trainer, half_squared_error

Point = tuple[float, float]


def lines(svg: str) -> list[list[list[Point]]]:
    """The pieces of each curve."""
    found = []
    for group in ElementTree.fromstring(svg).iter(f"{SVG}g"):
        if group.get("stroke-width"):
            pieces = [piece.get("points", "").split() for piece in group]
            found.append([[_point(pair) for pair in piece] for piece in pieces])
    return found


def _point(pair: str) -> Point:
    x, y = map(float, pair.split(","))
    return x, y


def scale(svg: str) -> list[tuple[float, float]]:
    """The numbers at the left, each with its height in the picture."""
    found = []
    for text in ElementTree.fromstring(svg).iter(f"{SVG}text"):
        if text.get("text-anchor") == "end":
            found.append((float(text.text or ""), float(text.get("y", "")) - 0.36 * 13))
    return found


def read(svg: str, height: float, logarithmic: bool) -> float:
    """The number that a reader finds at a height."""
    (one, high), *_, (other, low) = scale(svg)
    if logarithmic:
        one, other = math.log(one), math.log(other)
    number = one + (other - one) * (height - high) / (low - high)
    return math.exp(number) if logarithmic else number


@pytest.mark.parametrize(
    ("numbers", "logarithmic"),
    [
        ([0.9, 0.4, 0.35, 0.2], False),
        ([-3.0, 120.0, 7.0], False),
        ([2.0, 0.5, 0.013, 0.0004], True),
        ([1e-9, 1e-3, 1.0], True),
        ([0.0, 0.5, 1000.0], False),
    ],
)
def test_a_reader_finds_the_numbers(numbers: list[float], logarithmic: bool) -> None:
    svg = viz.curves({"loss": numbers}).svg
    [[points]] = lines(svg)
    found = [read(svg, y, logarithmic) for _, y in points]
    tolerance = 1e-3 if logarithmic else 1e-3 * (max(numbers) - min(numbers))
    assert found == pytest.approx(numbers, rel=1e-2 if logarithmic else 0, abs=tolerance)
    steps = {round(after - before, 1) for (before, _), (after, _) in pairwise(points)}
    assert len(steps) == 1


def test_a_history_has_a_curve_for_each_series_with_its_last_number() -> None:
    trainer = Trainer(MLP(1, [1], seed=1), half_squared_error, SteepestDescent(0.1))
    data = [[0.0], [1.0]], [0.0, 1.0]
    history = trainer.fit(*data, epochs=20, validation=data)
    svg = viz.curves(history).svg
    assert [len(pieces[0]) for pieces in lines(svg)] == [20, 20]
    for name in ("loss", "validation_loss"):
        assert f"{name.replace('_', ' ')} {history[name][-1]:.4g}" in texts(svg)
    shown = history._repr_mimebundle_()
    assert "<img" in shown["text/html"] and "20 epochs" in shown["text/html"]
    assert "<img" in trainer._repr_html_()


def test_what_ends_in_another_word_has_a_scale_of_its_own() -> None:
    svg = viz.curves({"loss": [9.0, 5.0], "accuracy": [0.5, 0.75], "validation_loss": [9, 8]}).svg
    assert [text for text in texts(svg) if text in ("loss", "accuracy")] == ["loss", "accuracy"]


@given(
    st.lists(
        st.lists(st.floats(width=64) | st.sampled_from([0.0, 1.0, math.nan]), max_size=9),
        min_size=1,
        max_size=4,
    ).filter(any)
)
def test_any_numbers_are_drawn_within_the_picture(series: list[list[float]]) -> None:
    svg = viz.curves({f"{'xyz'[i % 3]}{i // 2} loss": x for i, x in enumerate(series)}).svg
    root = ElementTree.fromstring(svg)
    width, height = (float(root.get(side, "")) for side in ("width", "height"))
    drawn = lines(svg)
    assert len(drawn) == sum(any(map(math.isfinite, numbers)) for numbers in series)
    for x, y in (point for pieces in drawn for piece in pieces for point in piece):
        assert 0 <= x <= width and 0 <= y <= height
    assert svg == viz.curves({f"{'xyz'[i % 3]}{i // 2} loss": x for i, x in enumerate(series)}).svg


def test_a_long_training_keeps_its_extremes_and_is_small() -> None:
    numbers = [1.0 + (0.5 if epoch == 61_234 else 0.0) for epoch in range(100_000)]
    numbers[77_777] = 0.25
    svg = viz.curves({"loss": numbers}).svg
    [[points]] = lines(svg)
    heights = [y for _, y in points]
    assert len(svg) < 20_000
    assert read(svg, min(heights), False) == pytest.approx(1.5, abs=0.01)
    assert read(svg, max(heights), False) == pytest.approx(0.25, abs=0.01)
    assert [x for x, _ in points] == sorted(x for x, _ in points)


@pytest.mark.parametrize("label", HOSTILE)
def test_names_are_text(label: str) -> None:
    svg = viz.curves({label: [1.0, 2.0]}, title=label).svg
    allowed = {"svg", "title", "desc", "rect", "g", "polyline", "text"}
    tags = {each.tag.removeprefix(SVG) for each in ElementTree.fromstring(svg.encode()).iter()}
    assert tags <= allowed


@pytest.mark.parametrize("nothing", [{}, {"loss": []}])
def test_without_numbers_one_reads_what_to_do(nothing: dict[str, Sequence[float]]) -> None:
    with pytest.raises(ValueError, match="train first"):
        viz.curves(nothing)
    wrong: Any = [1.0, 2.0]
    with pytest.raises(TypeError, match="names with numbers"):
        viz.curves(wrong)


def test_saved_in_every_format(tmp_path: Path) -> None:
    drawing = viz.curves({"loss": [1.0, 0.5]}, title="A training")
    for ending in ("svg", "html", "png", "pdf"):
        drawing.save(tmp_path / f"a.{ending}")
    assert re.search("<title>A training</title>", (tmp_path / "a.html").read_text("utf-8"))
    with pytest.raises(ValueError, match="a picture of curves is saved as"):
        drawing.save(tmp_path / "a.dot")
