"""Names for one picture."""

from typing import Any

import pytest

import viz
from autograd_core import Value


def test_names_are_for_the_picture_alone() -> None:
    x, y = Value(2.0), Value(3.0, "y")
    q = x * y
    drawing = viz.draw(q, names={"q": q, "x": x, "other": 3, "w": Value(1.0)})
    assert repr(drawing).startswith("<Drawing of 3 values: q = x * y = 6;")
    assert (q.label, x.label, y.label) == (None, None, "y")


def test_names_from_a_namespace() -> None:
    w = [Value(2.0), Value(3.0)]
    rows = ([w[0]],)
    f = w[0] * w[1]
    _hidden = f
    drawing = viz.draw(f, names=locals())
    assert drawing.blocks[-1].sentence == "f = w[0] * w[1] = 6"
    assert rows


def test_a_name_given_for_the_picture_is_the_one_shown() -> None:
    x = Value(2.0, "label")
    assert ">name</text>" in viz.draw(x * 2, names={"name": x, "later": x}).svg


def test_made_up_names_keep_clear_of_given_ones() -> None:
    x = Value(2.0)
    f = x * x
    assert viz.draw(f, names={"v1": f}).blocks[-1].sentence == "v1 = v2 * v2 = 4"


def test_a_list_that_contains_itself() -> None:
    things: list[Any] = [Value(1.0)]
    things.append(things)
    assert viz.draw(things[0] + 1, names={"t": things}).blocks[0].name == "t[0]"


def test_hostile_names_are_text() -> None:
    x = Value(1.0)
    assert "<script>" not in viz.draw(x + 1, names={"<script>": x}).svg


@pytest.mark.parametrize("wrong", [["q"], Value(1.0), "q", {1, 2}])
def test_what_is_no_namespace_is_explained(wrong: Any) -> None:
    with pytest.raises(TypeError, match="names takes names and values"):
        viz.draw(Value(1.0), names=wrong)
