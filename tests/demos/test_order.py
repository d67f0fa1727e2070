"""The order of the lessons: nothing is taken for granted before it is explained."""

import io
import re
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from demos import BUILDS_ON, LESSONS, ROUTES
from demos.__main__ import main
from demos.runner.gallery import short
from demos.runner.script import Lesson

EXPLAINED = {
    "topological": "engine",
    "zero_grad": "engine_trains",
    "tanh": "engine",
    "ReLU": "activations",
    "maxout": "activations",
    "softplus": "activations",
    "cross-entropy": "losses",
    "hinge": "losses",
    "softmax": "losses",
    "logits?": "losses",
    "learning rate": "one_neuron",
    "gradient descent": "circuit",
    "momentum": "engine_trains",
    "Adam": "descent",
    "line search": "descent",
    "epochs?": "one_neuron",
    "mini-batch": "loops",
    "online": "loops",
    "stochastic": "loops",
    "MLP": "linear_layers",
    "hidden layer": "linear_layers",
    "feed-forward": "linear_layers",
    "convex": "xor",
    "saturat(es|ed|ion)": "sigmoid_neuron",
    "Xavier": "initialisation",
    "L1|L2": "penalties",
    "(over|under)fit(s|ting)?": "penalties",
    "cosine": "schedules",
}
"""Words of the field, and the lesson that says what they mean."""


def prose_of(name: str) -> str:
    """The sentences of a lesson: no code, and no names that stand as code."""
    text = " ".join(cell.source for cell in Lesson(name).cells if not cell.is_code)
    return re.sub(r"`[^`]*`|^    .*$", "", text, flags=re.MULTILINE)


@pytest.mark.parametrize("word", EXPLAINED)
def test_no_word_comes_before_its_explanation(word: str) -> None:
    explained = LESSONS.index(EXPLAINED[word])
    pattern = re.compile(rf"\b({word})s?\b", re.IGNORECASE if word.islower() else 0)
    used = [name for name in LESSONS[:explained] if pattern.search(prose_of(name))]
    assert used == []
    assert pattern.search(" ".join(cell.source for cell in Lesson(EXPLAINED[word]).cells))


def test_a_lesson_comes_after_those_that_it_builds_on() -> None:
    assert tuple(BUILDS_ON) == LESSONS
    for name, before in BUILDS_ON.items():
        assert before or name == LESSONS[0]
        assert all(LESSONS.index(each) < LESSONS.index(name) for each in before), name


def test_a_lesson_says_what_it_builds_on(tmp_path: Path) -> None:
    with redirect_stdout(io.StringIO()) as printed:
        assert main(["staged", "--output", str(tmp_path / "gallery")]) == 0
        assert main(["staged", "--notebooks", str(tmp_path)]) == 0
    assert "Before: sigmoid_neuron\n" in printed.getvalue()
    page = (tmp_path / "gallery" / "staged.html").read_text(encoding="utf-8")
    assert Lesson("sigmoid_neuron").title in page
    assert "sigmoid_neuron.html" not in page, "no link to a page that is not there"
    assert "Before: sigmoid_neuron." in (tmp_path / "staged.ipynb").read_text(encoding="utf-8")


def test_lessons_named_in_a_text_are_links_where_they_are_there(tmp_path: Path) -> None:
    with redirect_stdout(io.StringIO()):
        assert main(["one_neuron", "perceptron", "--output", str(tmp_path)]) == 0
    page = (tmp_path / "one_neuron.html").read_text(encoding="utf-8")
    assert '<a href="perceptron.html"><code>perceptron</code></a>' in page
    assert "<code>losses</code>" in page
    assert "losses.html" not in page


def test_ways_through_the_lessons() -> None:
    shorter: tuple[str, ...] = ()
    for names in ROUTES.values():
        assert sorted(names, key=LESSONS.index) == list(names)
        assert set(shorter) <= set(names)
        assert {before for name in names for before in BUILDS_ON[name]} <= set(names)
        shorter = names
    assert shorter == LESSONS
    links = [short(Lesson(name).title) for name in ROUTES["a day"]]
    assert sorted(set(links)) == sorted(links)


@pytest.mark.parametrize("name", LESSONS)
def test_it_says_what_to_take_away(name: str) -> None:
    assert re.search("^To take away: ", "\n".join(c.source for c in Lesson(name).cells), re.M)
