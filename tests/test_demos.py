"""Lessons in the old form, and what they tell."""

from typing import Any

import pytest
from told import blocks, published, told

from autograd_core import Value, gradcheck
from demos.blocks import Listing, Paragraph, Picture, Table
from demos.gradient_check import POINT, by_hand, forgetful, with_sigmoid
from demos.lesson import Lesson
from nn import MLP
from viz import draw

NAMES = ("gradient_check",)


@pytest.fixture(scope="module")
def lessons() -> dict[str, Lesson]:
    """Every lesson, told once."""
    return {name: told(name) for name in NAMES}


def differentiated(function: Any, **point: float) -> tuple[float, dict[str, float]]:
    inputs = {name: Value(number) for name, number in point.items()}
    output = function(**inputs)
    output.backward()
    return output.data, {name: value.grad for name, value in inputs.items()}


def test_gradient_check(lessons: dict[str, Lesson]) -> None:
    _, gradients = differentiated(with_sigmoid, **POINT)
    assert gradients == pytest.approx(by_hand(**POINT), rel=1e-14)
    agreement, cost, steps = blocks(lessons["gradient_check"], Table)
    for name, *cells in agreement.rows:
        assert [float(cell) for cell in cells] == pytest.approx([gradients[name]] * 4, rel=1e-6)
    for size, forward, centred, backward in cost.rows[:-1]:
        assert (int(forward), int(centred)) == (int(size) + 1, 2 * int(size))
        assert backward == "1 forward + 1 backward"
    assert len(steps.rows) == 14
    forward, centred = (
        float(min(steps.rows, key=lambda row: float(row[column]))[0]) for column in (1, 3)
    )
    assert 1e-9 <= forward <= 1e-7  # around √ε
    assert 1e-6 <= centred <= 1e-5  # around ∛ε
    said = " ".join(paragraph.text for paragraph in blocks(lessons["gradient_check"], Paragraph))
    assert f"{forward:.0e} is best for forward differences, {centred:.0e} for" in said
    shown = "\n".join(listing.text for listing in blocks(lessons["gradient_check"], Listing))
    assert str(gradcheck(forgetful, {"x": 3.0})) in shown
    assert "wrong" in shown
    assert "kink" in shown


# Writing a lesson


def test_a_published_number_that_is_wrong_is_said_to_differ() -> None:
    lesson = Lesson("figures")
    lesson.compare(("z", "0.49", 0.48), ("zero", "0.00", -1e-9))
    assert [cells[1:] for cells in published(lesson).values()] == [
        ["0.48", "0.48", "differs"],
        ["-1e-09", "0.00", "agrees"],
    ]


@pytest.mark.parametrize("name", ["../escape", "Two Words", "", "a/b"])
def test_picture_names_are_plain(name: str) -> None:
    with pytest.raises(ValueError, match="small letters"):
        Lesson("figures").draw(Value(1.0) * 2, name, "caption")


def test_picture_names_are_different() -> None:
    lesson = Lesson("figures")
    lesson.draw(Value(1.0) * 2, "one", "caption")
    with pytest.raises(ValueError, match="two pictures called 'one'"):
        lesson.draw(Value(1.0) * 2, "one", "caption")


def test_a_model_is_drawn_as_a_network_and_told_in_words() -> None:
    lesson, model = Lesson("figures"), MLP(2, [3, 1], activation="tanh", seed=1)
    lesson.draw(model, "before", "Not called yet.", show="weights")
    out = model([0.5, -1.0])
    lesson.draw(model, "after", "Called.")
    before, after = blocks(lesson, Picture)
    layers = "A network whose layers are 3 tanh, 1 identity."
    assert before.alternative == layers
    assert after.alternative == f"{layers} Inputs: 0.5, -1. Output: {out.data:.4g}."
    assert after.svg == draw(model).svg
