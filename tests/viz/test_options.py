"""The options that all pictures of circuits share, and what is said where something is wrong."""

import inspect
import re
from typing import Any, get_type_hints

import pytest

import viz
from autograd_core import Value
from viz.scene.style import OPTION_NAMES, CircuitOptions, Options

SHOWS = [viz.draw, viz.steps, viz.animate, viz.page, viz.worksheet]
every_show = pytest.mark.parametrize("show", SHOWS)


def circuit() -> Value:
    x, y = Value(3.0, "x"), Value(-4.0, "y")
    return x * y + x


def long_chain(count: int = 600) -> Value:
    f = Value(1.0)
    for _ in range(count):
        f = f + 1
    return f


def staircase(count: int) -> Value:
    """A value that is used again in every column."""
    x = Value(0.5, "x")
    f = g = x
    for _ in range(count):
        f, g = (f + g).tanh(), f * x
    return f + g


@every_show
def test_a_signature_shows_the_options(show: Any) -> None:
    shown = {each.name: each.default for each in inspect.signature(show).parameters.values()}
    expected = {name: getattr(Options(), name) for name in OPTION_NAMES}
    assert expected.items() <= shown.items()
    assert inspect.signature(show).return_annotation is not inspect.Signature.empty


def test_type_checkers_know_the_same_options() -> None:
    known = get_type_hints(Options)
    del known["caller"], known["most"]
    assert get_type_hints(CircuitOptions) == known


@every_show
def test_every_option_is_said_in_words(show: Any) -> None:
    words = inspect.getdoc(show) or ""
    described = re.findall(r"^ +([\w, ]+): ", words, re.MULTILINE)
    said = {name.strip() for names in described for name in names.split(",")}
    assert set(inspect.signature(show).parameters) <= said


@every_show
def test_an_unknown_option_is_refused(show: Any) -> None:
    with pytest.raises(TypeError, match=rf"{show.__name__}\(\).*'colour'"):
        show(circuit(), colour="red")


def test_options_have_an_effect() -> None:
    f = circuit()
    f.backward()
    assert ">-9<" in viz.draw(f).svg
    assert ">-9.000<" in viz.draw(f, decimals=3).svg
    assert "#0072b2" in viz.draw(f, palette="colorblind").svg
    assert "#b35000" in viz.draw(f, palette="colorblind").dot.source
    assert ">A circuit</text>" in viz.draw(f, title="A circuit").svg
    late = f * Value(2.0, "z")
    assert viz.draw(late, inputs="near").svg != viz.draw(late).svg


@every_show
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (3.0, r"a Value.* got 3\.0"),
        (None, "got None"),
        ("x", "got 'x'"),
        (circuit, "got circuit, which gives one when it is called: "),
        ([Value(1.0), 2.0], "list of 2"),
        ((), "tuple of 0"),
    ],
)
def test_what_is_no_value_is_explained(show: Any, wrong: Any, words: str) -> None:
    with pytest.raises(TypeError, match=rf"^{show.__name__}\(\) takes .*{words}"):
        show(wrong)


@every_show
@pytest.mark.parametrize(
    ("option", "error", "words"),
    [
        ({"palette": "x"}, ValueError, "no palette 'x'; choose 'cs231n' or 'colorblind'"),
        ({"inputs": "left"}, ValueError, "'far' or 'near', not 'left'"),
        ({"decimals": -1}, ValueError, "from 0 to 17, not -1"),
        *(({"decimals": wrong}, TypeError, "whole number") for wrong in (2.0, "2", True)),
        ({"expand": "exp"}, ValueError, "no gate 'exp' that opens; choose expm1"),
        ({"expand": {"magic"}}, ValueError, "no gate 'magic'"),
        ({"expand": Value(1.0)}, ValueError, "no value here whose gate opens"),
        ({"expand": 3}, TypeError, "expand takes True, or a collection"),
        ({"expand": [1]}, TypeError, "expand takes True"),
        ({"expand": None}, TypeError, "not None"),
        *(
            ({"names": wrong}, TypeError, "names takes names and values")
            for wrong in (["q"], Value(1.0), "q", {1, 2})
        ),
        *(
            ({"limit": wrong}, ValueError, "limit must be a whole number")
            for wrong in (0, -1, 2.5, "500", True)
        ),
    ],
)
def test_wrong_options_are_explained(
    show: Any, option: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        show(circuit(), **option)


@pytest.mark.parametrize("show", [viz.steps, viz.animate, viz.page])
def test_the_story_of_a_large_circuit_is_refused_with_the_choices(show: Any) -> None:
    stops = rf"601 values; {show.__name__}\(\) stops at {150 if show is viz.steps else 500}"
    with pytest.raises(ValueError, match=rf"{stops}.*value\.inputs.*limit=601"):
        show(long_chain())


@pytest.mark.parametrize("show", [viz.draw, viz.worksheet])
def test_a_large_circuit_is_drawn_in_part(show: Any) -> None:
    drawing = show(long_chain())
    drawing = getattr(drawing, "answers", drawing)
    assert len(drawing.blocks) < 60 and "⋯ 594 more" in drawing.svg


def test_a_limit_can_be_lifted() -> None:
    f = long_chain()
    assert len(viz.draw(f, limit=None).blocks) == 601


@pytest.mark.parametrize("show", [viz.draw, viz.page, viz.animate, viz.worksheet])
def test_miles_of_wire_are_refused_with_the_choices(show: Any) -> None:
    f = staircase(160)
    with pytest.raises(ValueError, match=r"places in its columns.*stops at 50,000.*limit=None"):
        show(f, branches=True, local=True, limit=500)
    assert "<svg" in viz.draw(f).svg
    few = staircase(15)
    assert viz.draw(few, branches=True).svg == viz.draw(few, branches=True, limit=None).svg


def test_a_huge_circuit_is_refused_at_once() -> None:
    f: Any = long_chain(200_000)
    words = f._repr_mimebundle_()["text/html"]
    assert "200,001 values" in words and "limit=200001" in words
    with pytest.raises(ValueError, match="200,001 values"):
        viz.draw(f)


# ---- names


def test_names_are_for_the_picture_alone() -> None:
    x, y = Value(2.0, "label"), Value(3.0, "y")
    q = x * y
    drawing = viz.draw(q, names={"q": q, "x": x, "later": x, "other": 3, "w": Value(1.0)})
    assert repr(drawing).startswith("<Drawing of 3 values: q = x * y = 6;")
    assert (q.label, x.label, y.label) == (None, "label", "y")


def test_names_from_a_namespace() -> None:
    w = [Value(2.0), Value(3.0)]
    rows: list[Any] = [[w[0]]]
    rows.append(rows)  # a list that contains itself
    f = w[0] * w[1]
    _hidden = f
    assert viz.draw(f, names=locals()).blocks[-1].sentence == "f = w[0] * w[1] = 6"
    assert viz.draw(f, names={"r": rows}).blocks[0].name == "r[0][0]"


def test_made_up_names_keep_clear_of_given_ones() -> None:
    x = Value(2.0)
    f = x * x
    assert viz.draw(f, names={"v1": f}).blocks[-1].sentence == "v1 = v2 * v2 = 4"


def test_hostile_names_are_text() -> None:
    x = Value(1.0)
    assert "<script>" not in viz.draw(x + 1, names={"<script>": x}).svg
