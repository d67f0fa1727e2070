from collections import OrderedDict
from collections.abc import Callable
from itertools import product
from types import MappingProxyType
from typing import Any

import pytest

import viz
from autograd_core import Value, explain, name_values
from autograd_core.explain import indexed, name_all


def test_values_are_named_after_their_variables() -> None:
    x = Value(2.0)
    product = x * 3
    name_values(locals())
    assert (x.label, product.label) == ("x", "product")
    assert "product = x * 3" in explain(product)


def test_a_label_is_kept() -> None:
    x = Value(2.0, "mine")
    empty = Value(3.0, "")
    name_values({"x": x, "empty": empty})
    assert (x.label, empty.label) == ("mine", "")


def test_the_first_of_several_names_wins() -> None:
    x = Value(2.0)
    name_values({"first": x, "list": [x], "second": x})
    assert x.label == "first"


def test_values_in_lists_are_named_by_their_place() -> None:
    w: list[Any] = [Value(0.0), (Value(1.0), [Value(2.0)])]
    name_values({"w": w})
    assert [w[0].label, w[1][0].label, w[1][1][0].label] == ["w[0]", "w[1][0]", "w[1][1][0]"]


def test_underscored_names_and_other_things_are_passed_over() -> None:
    hidden, x = Value(1.0), Value(2.0)
    namespace = {"_": hidden, "__x": hidden, "text": "x", "number": 3, "none": None, "x": x}
    name_values(namespace)
    assert (x.label, hidden.label) == ("x", None)


def test_a_list_that_contains_itself() -> None:
    loop: list[Any] = [Value(1.0)]
    loop.append(loop)
    name_values({"loop": loop})
    assert loop[0].label == "loop[0]"


def test_deeply_nested_lists_need_no_recursion() -> None:
    x = Value(1.0)
    nested: list[Any] = [x]
    for _ in range(5_000):
        nested = [nested]
    name_values({"n": nested})
    assert x.label == "n" + "[0]" * 5_001


@pytest.mark.parametrize("mapping", [dict, OrderedDict, lambda d: MappingProxyType(d)])
def test_any_mapping_is_a_namespace(mapping: Callable[..., Any]) -> None:
    x = Value(1.0)
    name_values(mapping({"x": x}))
    assert x.label == "x"


@pytest.mark.parametrize("thing", [Value(1.0), [Value(1.0)], None, "x"])
def test_anything_else_is_a_type_error(thing: Any) -> None:
    with pytest.raises(TypeError, match=r"locals\(\)"):
        name_values(thing)


def test_indexed_names_are_those_of_the_lectures() -> None:
    assert indexed("w", 2, 3, layer=1) == "w¹₂₃"
    assert indexed("b", 1, layer=12) == "b¹²₁"
    assert indexed("w", 4) == "w₄"


@pytest.mark.parametrize("count", [1, 2, 3])
def test_indexed_names_with_equally_many_indices_mean_one_thing(count: int) -> None:
    below = list(product([1, 2, 11, 12, 21, 112], repeat=count))
    layers = [None, 1, 2, 11, 12]
    names = {indexed("w", *indices, layer=layer) for indices in below for layer in layers}
    assert len(names) == len(below) * len(layers)


def test_values_with_and_without_labels_have_different_names() -> None:
    assert name_all([None, "v1", "", "x", "x", "x (2)", None]) == [
        "v2",
        "v1",
        "v3",
        "x",
        "x (3)",
        "x (2)",
        "v4",
    ]


def test_names_that_a_picture_is_given_differ_like_labels() -> None:
    x, other = Value(2.0), Value(3.0, "x")
    sentences = [block.sentence for block in viz.draw(x * other, names={"x": x}).blocks]
    assert sentences == ["x = 2", "x (2) = 3", "v1 = x * x (2) = 6"]
