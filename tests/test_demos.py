"""Writing a lesson in the old form."""

import pytest
from told import blocks, published

from autograd_core import Value
from demos.blocks import Picture
from demos.lesson import Lesson
from nn import MLP
from viz import draw


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
