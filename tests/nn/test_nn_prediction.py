import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_core import Value, log, no_grad
from nn import MLP, Module, RecordingError
from nn.training.prediction import predict
from nn.training.recording import KeptProgram

numbers = st.floats(-3.0, 3.0)
rows = st.lists(st.tuples(numbers, numbers), min_size=1, max_size=6)
either = pytest.mark.parametrize("make_kept", [KeptProgram, lambda: None], ids=["program", "eager"])


class Scale(Module):
    def __init__(self, function):
        self.scale = Value(2.0)
        self._function = function

    def __call__(self, inputs):
        return self._function(self.scale, inputs)


@either
@given(inputs=rows, seed=st.integers(0, 100), nout=st.integers(2, 3))
def test_the_outputs_are_those_of_the_model(make_kept, inputs, seed, nout):
    model = MLP(2, [4, nout], activation="tanh", output="softmax", seed=seed)
    found = predict(model, inputs, make_kept())
    expected = [[output.data for output in model(row)] for row in inputs]
    assert found == pytest.approx(np.array(expected), rel=1e-12)
    assert found.shape == (len(inputs), nout)


@either
def test_a_single_value_is_one_number_for_each_example(make_kept):
    model = Scale(lambda scale, inputs: scale * inputs[0])
    assert predict(model, np.array([[1], [2]]), make_kept()).tolist() == [2.0, 4.0]
    model = Scale(lambda scale, inputs: [scale * inputs[0]])
    assert predict(model, [(1,), (2,)], make_kept()).tolist() == [[2.0], [4.0]]


@either
def test_outputs_that_do_not_depend_on_the_inputs(make_kept):
    model = Scale(lambda scale, inputs: [scale, scale * 3.0])
    assert predict(model, [[1.0], [5.0]], make_kept()).tolist() == [[2.0, 6.0]] * 2


@either
def test_the_parameters_are_those_of_the_moment_and_nothing_is_changed(make_kept):
    model, kept = MLP(2, [3, 1], activation="tanh", seed=1), make_kept()
    predict(model, [[1.0, 2.0]], kept)
    for parameter in model.parameters():
        parameter.data += 0.5
        parameter.grad = 7.0
    state = model.state_dict()
    assert predict(model, [[1.0, 2.0]], kept) == pytest.approx(model([1.0, 2.0]).data, rel=1e-14)
    assert model.state_dict() == state
    assert all(parameter.grad == 7.0 for parameter in model.parameters())
    with no_grad():
        assert predict(model, [[0.0, 0.0]], kept) == pytest.approx(model([0.0, 0.0]).data)


@either
@pytest.mark.parametrize(
    "inputs, message",
    [
        ([], "the inputs are empty"),
        ([[1.0, float("nan")]], "input 1 of example 0"),
        ([1.0, 2.0], r"write examples with one input as \[\[x\] for x in inputs\]"),
        ([[1.0, 2.0, 3.0]], r"example 0: MLP\(2, \[3\]\) takes 2 numbers, not 3"),
    ],
)
def test_inputs_that_do_not_fit(make_kept, inputs, message):
    with pytest.raises(ValueError, match=message):
        predict(MLP(2, [3], seed=1), inputs, make_kept())


@either
def test_an_example_that_the_model_is_not_defined_for_is_named(make_kept):
    model = Scale(lambda scale, inputs: log(scale * inputs[0]))
    inputs = [[1.0]] * 5 + [[-1.0]]
    with pytest.raises(ValueError, match=r"^example 5: log\(.*= -2.0\): .*above zero"):
        predict(model, inputs, make_kept())


def test_a_model_that_decides_by_numbers_is_refused():
    model = Scale(lambda scale, inputs: scale if inputs[0] > 0.0 else -scale)
    assert predict(model, [[1.0], [-1.0]], None).tolist() == [2.0, -2.0]
    with pytest.raises(RecordingError, match="compares a value"):
        predict(model, [[1.0], [-1.0]], KeptProgram())
