"""A graph whose leaves were edited after it was computed, and what reads its recorded numbers."""

import copy
import math
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles.circuits import Circuit, circuits, in_engine, property_test

import autograd_core
import viz
from autograd_core import (
    Program,
    Value,
    affine,
    all_values,
    expand,
    explain,
    gate,
    grad,
    maximum,
    relu,
    staged_code,
    total,
    trace,
)
from nn import MLP

READERS = {
    "backward": lambda f: f.backward(),
    "grad": lambda f: grad(f, [f.inputs[0]]),
    "explain": explain,
    "trace": trace,
    "staged code": staged_code,
    "picture": lambda f: viz.draw(f).svg,
    "steps": lambda f: viz.steps(f),
    "animation": lambda f: viz.animate(f),
    "page": lambda f: viz.page(f),
    "worksheet": lambda f: viz.worksheet(f),
}


def fresh() -> tuple[Value, Value, Value]:
    """A circuit: leaves, and the output."""
    x, y = Value(3.0, "x"), Value(-2.0, "y")
    return x, y, (x * y).tanh() + maximum(x, 1.0)


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_what_reads_recorded_numbers_refuses_a_stale_graph(read: Callable[..., Any]) -> None:
    x, y, f = fresh()
    f.backward()
    before = (x.grad, y.grad, f.inputs[0].grad)
    x.data = 4.0
    with pytest.raises(ValueError, match=r"multiply.*x = 4\.0 was edited.*forward\(\)"):
        read(f)
    assert (x.grad, y.grad, f.inputs[0].grad) == before
    f.forward()
    read(f)


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_a_nudge_that_is_taken_back_passes(read: Callable[..., Any]) -> None:
    x, _, f = fresh()
    x.data += 1e-3
    x.data = 3.0
    read(f)
    read(f)


def test_an_opened_gate_is_computed_from_present_numbers_or_not_at_all() -> None:
    x = Value(1.0, "x")
    y = x.sigmoid()
    x.data = 2.0
    with pytest.raises(ValueError, match="edited"):
        expand(y)


def test_data_alone_is_not_enough() -> None:
    """x · x has the same number at 3 and −3, and another slope."""
    x = Value(3.0, "x")
    y = x * x
    x.data = -3.0
    for read in (Value.backward, explain, lambda y: grad(y, [x])):
        with pytest.raises(ValueError, match=r"x = -3\.0 was edited"):
            read(y)
    assert x.grad == 0.0


def test_a_second_loss_after_a_step_is_refused() -> None:
    w = Value(1.0, "w")
    prediction = w * 2.0
    (prediction - 1.0).backward()
    w.data -= 0.1 * w.grad
    with pytest.raises(ValueError, match=r"w = 0\.8 was edited"):
        (prediction * prediction).backward()


def test_a_recurrence_that_was_not_detached_is_refused_and_one_that_was_passes() -> None:
    for detach in (False, True):
        w, h = Value(0.5, "w"), Value(1.0)
        for step in range(3):
            h = (w * (h.detach() if detach else h)).tanh()
            if step and not detach:
                with pytest.raises(ValueError, match="w = "):
                    h.backward()
            else:
                h.backward()
            w.data -= 0.1 * w.grad


def test_a_penalty_built_once_outside_the_loop_is_refused() -> None:
    w = Value(2.0, "w")
    penalty = 0.5 * w**2
    (w * 3.0 + penalty).backward()
    w.data = 1.0
    with pytest.raises(ValueError, match="gate power"):
        (w * 3.0 + penalty).backward()


def test_a_shared_gate_that_was_evaluated_again_is_refused() -> None:
    x = Value(2.0, "x")
    shared = x.exp()
    f = shared * 3.0
    x.data = 1.0
    shared.forward()
    with pytest.raises(ValueError, match=r"multiply.*x = 1\.0 was edited"):
        f.backward()
    late = shared * 5.0
    late.backward()
    assert x.grad == pytest.approx(5.0 * math.e)


def test_a_gate_recorded_between_an_edit_and_the_evaluation_is_refused() -> None:
    x = Value(2.0, "x")
    shared = x * 1.0
    x.data = 1.0
    between = shared * 3.0  # from the old number of the shared gate
    shared.forward()
    with pytest.raises(ValueError, match="no longer follows"):
        between.backward()
    assert between.forward().data == 3.0


def test_gradients_accumulate_as_before() -> None:
    x, y, f = fresh()
    f.backward()
    once = (x.grad, y.grad)
    f.backward()
    (x * 2.0).backward()
    assert (x.grad, y.grad) == (2 * once[0] + 2.0, 2 * once[1])


def test_a_fresh_graph_for_each_step() -> None:
    w = Value(1.0)
    for _ in range(20):
        loss = (w - 3.0) ** 2
        w.grad = 0.0
        loss.backward()
        w.data -= 0.1 * w.grad
    assert w.data == pytest.approx(3.0, abs=0.05)


def test_a_line_search_that_goes_back() -> None:
    w = Value(1.0)
    loss = w**4
    for rate in (1.0, 0.1):
        w.data = 1.0 - rate * 4.0
        assert (w**4).data >= 0.0
    w.data = 1.0
    loss.backward()
    assert w.grad == 4.0


def test_numbers_that_are_loaded_before_forward() -> None:
    model = MLP(2, [3, 1], activation="tanh", seed=1)
    f = model([0.5, -1.0])
    other = MLP(2, [3, 1], activation="tanh", seed=2)
    model.load_state_dict(other.state_dict())
    with pytest.raises(ValueError, match="weighted_sum"):
        f.backward()
    f.forward().backward()
    g = other([0.5, -1.0])
    g.backward()
    assert [p.grad for p in model.parameters()] == [p.grad for p in other.parameters()]


def test_edits_of_another_model_do_no_harm() -> None:
    one, other = (MLP(2, [3, 1], seed=seed) for seed in (1, 2))
    outputs = [model([1.0, 2.0]) for model in (one, other)]
    for model, output in zip((one, other), outputs, strict=True):
        output.backward()
        for parameter in model.parameters():
            parameter.data -= 0.1 * parameter.grad
    with pytest.raises(ValueError, match="edited"):
        outputs[0].backward()


def test_programs_read_leaves_afresh() -> None:
    x, w = Value(0.0, "x"), Value(2.0, "w")
    f = w * x
    program = Program(f, inputs=[x])
    program.write(np.array([5.0]))
    assert program([[3.0]]).tolist() == [15.0]
    with pytest.raises(ValueError, match="w = 5"):
        f.backward()
    program.backward([[3.0]])
    assert w.grad == 3.0


def test_a_layer_is_refused_as_its_gates_are() -> None:
    w, x, b = Value(2.0, "w"), Value(3.0, "x"), Value(1.0, "b")
    for leaf in (w, x, b):
        [out] = affine([[w]], [x], [b], relu)
        number = leaf.data
        leaf.data = number + 1.0
        with pytest.raises(ValueError, match=rf"weighted_sum.*{leaf.label} = "):
            out.backward()
        leaf.data = number
        out.backward()


@pytest.mark.parametrize(
    "duplicate", [copy.copy, copy.deepcopy, lambda f: pickle.loads(pickle.dumps(f))]
)
def test_copies_are_as_stale_as_the_original(duplicate: Callable[..., Any]) -> None:
    x, _, f = fresh()
    x.data = 4.0
    with pytest.raises(ValueError, match="edited"):
        duplicate(f).backward()
    duplicate(f.forward()).backward()


def test_a_pickle_stays_stale_in_another_process(tmp_path: Path) -> None:
    file = tmp_path / "f.pickle"
    for edits in (0, 50):
        x, _, f = fresh()
        for number in range(edits):
            x.data = float(number)
            x.exp()
        x.data = 4.0
        file.write_bytes(pickle.dumps(f))
        program = f"""
import pickle
from pathlib import Path
from autograd_core import Value
f = pickle.loads(Path({str(file)!r}).read_bytes())
try:
    f.backward()
except ValueError as error:
    print("edited" in str(error))
f.forward().backward()
[product] = f.inputs[0].inputs
leaf = product.inputs[0]
leaf.data = 7.0
try:
    f.backward()
except ValueError as error:
    print("edited" in str(error))
"""
        told = subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            check=True,
            env=os.environ | {"PYTHONPATH": str(Path(autograd_core.__file__).parents[1])},
            text=True,
        )
        assert told.stdout.split() == ["True", "True"]


def test_the_first_edit_of_a_new_process_is_newer_than_a_pickle() -> None:
    x = Value(3.0, "x")
    program = f"""
import pickle
f = pickle.loads({pickle.dumps(x * x)!r})
f.inputs[0].data = -3.0
try:
    f.backward()
except ValueError as error:
    print("edited" in str(error))
"""
    told = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(Path(autograd_core.__file__).parents[1])},
        text=True,
    )
    assert told.stdout.split() == ["True"]


def test_zeros_of_both_signs_differ() -> None:
    """1 / x at ±0 is refused; a user's own gate may tell them apart all the same."""
    x = Value(0.0, "x")
    f = x * math.inf + x
    x.data = -0.0
    f.backward()  # nan, and slopes that do not depend on the sign


def test_a_number_that_is_not_a_number_is_like_every_other() -> None:
    x = Value(math.nan, "x")
    f = x.exp() * x
    x.data = -math.nan
    f.backward()
    assert math.isnan(x.grad)


def test_a_gate_that_refuses_the_new_number_is_stale_too() -> None:
    x = Value(2.0, "x")
    f = x.log() * 2.0
    x.data = -1.0
    with pytest.raises(ValueError, match=r"log.*x = -1\.0 was edited"):
        f.backward()


def test_a_gate_that_is_no_function_of_its_operands_is_told_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls = []

    @gate("n", pattern="counts", local_gradients=[lambda math, out, x: 1.0])
    def counted(math: Any, x: Any) -> Any:
        """x plus the number of calls so far."""
        calls.append(x)
        return x + len(calls)

    x = Value(1.0, "x")
    f = counted(x)
    f.backward()
    x.data, x.data = 2.0, 1.0
    with pytest.raises(ValueError, match="counted"):
        f.backward()
    f.forward()
    f.backward()  # nothing is newer than the gate: its rule is not asked once more
    assert len(calls) == 3


@property_test(80)
@given(circuits(), st.data())
def test_an_edit_is_noticed_if_and_only_if_it_changes_something(
    circuit: Circuit, data: st.DataObject
) -> None:
    leaves, output = in_engine(circuit)
    place = data.draw(st.integers(0, len(leaves) - 1))
    before = [numbers_of(value) for value in gates_below(output)]
    leaves[place].data = data.draw(st.sampled_from([leaves[place].data, 0.25, -1.5]))
    twin = copy.deepcopy(output)
    try:
        twin.forward()
    except (ValueError, ZeroDivisionError):
        after = None
    else:
        after = [numbers_of(value) for value in gates_below(twin)]
    if after == before:
        output.backward()
    else:
        with pytest.raises(ValueError, match="no longer follows"):
            output.backward()


def gates_below(output: Value) -> list[Value]:
    return [value for value in all_values(output) if value.gate]


def numbers_of(value: Value) -> list[str]:
    """Bit for bit, but for a nan."""
    return [repr(number) for number in (value.data, *value.local_grads)]


def test_a_million_edits_between_two_recordings_are_one_moment() -> None:
    x = Value(1.0)
    for number in range(100_000):
        x.data = number
    f = total([x, 1.0])
    f.backward()
    assert x.grad == 1.0


def test_zeros_with_a_sign_are_told_apart_and_nans_are_not() -> None:
    x, y = Value(0.0, "x"), Value(math.nan)
    zero, unknown = x * 2.0, y * 2.0
    x.data, y.data = -0.0, -math.nan
    with pytest.raises(ValueError, match=r"x = -0\.0 was edited"):
        zero.backward()
    unknown.backward()
