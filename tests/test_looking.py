import sys
import threading
from pathlib import Path

import numpy as np
import pytest

import autograd_core
from autograd_core import (
    RecordingError,
    Value,
    grad,
    maximum,
    no_grad,
    no_looking,
    relu,
    where,
)
from nn import MLP, softmax_cross_entropy

X, Y = Value(1.0, "x"), Value(2.0, "y")


@pytest.mark.parametrize(
    "look, words",
    [
        (lambda: X < 0.0, "compares a value"),
        (lambda: X > 0.0, "compares a value"),
        (lambda: X >= Y, "compares a value"),
        (lambda: X <= Y, "compares a value"),
        (lambda: X == 1, "compares a value"),
        (lambda: X != Y, "compares a value"),
        (lambda: X or Y, "compares a value"),
        (lambda: max(X, Y), "compares a value"),
        (lambda: sorted([Y, X]), "compares a value"),
        (lambda: X in (3.0, 4.0), "compares a value"),
        (lambda: np.maximum(X, Y), "compares a value"),
        (lambda: np.argmax([X, Y]), "compares a value"),
        (lambda: X * Y.data, "reads the data of a value"),
        (lambda: Y.grad, "reads the gradient of a value"),
        (lambda: X * X.detach(), "detaches a value"),
    ],
)
def test_looks_are_refused_with_their_line(look, words):
    place = f"line {look.__code__.co_firstlineno} of {Path(__file__).name}"
    with pytest.raises(RecordingError) as caught, no_looking("; or do without"):
        look()
    assert str(caught.value).startswith(f"{place} {words}, but a program is recorded once")
    assert str(caught.value).endswith("; or do without") and "where(" in str(caught.value)


def test_results_inside_no_grad_would_be_constants():
    with pytest.raises(RecordingError, match=r"stops recording with no_grad"), no_looking():
        with no_grad():
            length = X * X
        Y / length


@pytest.mark.parametrize(
    "build",
    [
        lambda: relu(X * Y + 1) ** 2 / maximum(X, Y) - abs(X),
        lambda: where(X, Y, 0.0),
        lambda: sum([X, Y]),
        lambda: np.array([X, Y]) @ np.array([Y, X]),
        lambda: np.exp(X),
        lambda: grad(X * Y, [X]),
        lambda: softmax_cross_entropy(MLP(2, [3, 2], activation="elu", seed=1)([X, Y]), [Y, X]),
        lambda: MLP(2, [3, 2], activation="maxout", output="softmax", seed=1)([X, Y]),
        lambda: repr(X),
        lambda: {X: 1}[X],
    ],
)
def test_gates_look_at_nothing(build):
    with no_looking():
        build()


def test_outside_of_the_block_anything_goes():
    with no_looking():
        pass
    assert X < Y


def test_an_error_in_the_block_is_raised_as_it_is():
    with pytest.raises(KeyError), no_looking():
        assert X < Y
        raise KeyError


def test_other_threads_may_look():
    seen = []
    with no_looking():
        thread = threading.Thread(target=lambda: seen.append(X < Y))
        thread.start()
        thread.join()
    assert seen == [True]


def test_blocks_lie_in_one_another_and_each_tells_of_its_own():
    with no_looking():
        with pytest.raises(RecordingError), no_looking():
            assert X < Y
        X * Y
    assert X < Y


def test_a_profiler_changes_nothing():
    seen = []
    sys.setprofile(lambda *event: seen.append(event))
    try:
        with pytest.raises(RecordingError), no_looking():
            assert X < Y
    finally:
        sys.setprofile(None)
    assert seen


@pytest.mark.parametrize(
    "module, file",
    [
        ("numpy_lesson", "numpy_lesson.py"),
        ("lesson", str(Path(autograd_core.__file__).parent) + "_lessons.py"),
    ],
)
def test_names_that_only_begin_like_the_engines_are_the_users(module, file):
    code = compile("def branch(x):\n    return x if x > 0 else -x\n", file, "exec")
    namespace = {"__name__": module}
    exec(code, namespace)
    with pytest.raises(RecordingError, match=r"^line 2 of"), no_looking():
        namespace["branch"](X)
