import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_core import Value, dot, log, where
from nn import MLP, RecordingError
from nn.losses import as_list
from nn.training.recording import KeptProgram, Recording, record

A, B = Value(0.5), Value(0.5)
NAMES = ["x1", "x2"]


def recorded(function, examples=((1.0, 2.0), (3.0, 4.0))):
    return record(function, [list(example) for example in examples], NAMES, [A, B])


def test_it_is_the_circuit_of_the_first_example_with_its_inputs():
    recording = recorded(lambda x: [A * x[0] + x[1], B * x[1]])
    assert [(value.label, value.data) for value in recording.inputs] == [("x1", 1.0), ("x2", 2.0)]
    weighted, _ = recording.outputs
    assert weighted.data == 2.5
    assert weighted.operands[0].operands == (A, recording.inputs[0])


@given(st.integers(0, 1000), st.sampled_from(["tanh", "relu", "maxout", "elu"]))
def test_recordings_of_one_network_are_the_same_and_those_of_two_are_not(seed, activation):
    def recording(model, row):
        return record(lambda x: as_list(model(x)), [row], NAMES, model.parameters())

    options = {"activation": activation, "seed": seed}
    model, twin = MLP(2, [3, 2], **options), MLP(2, [3, 2], **options)
    one, two = recording(model, [1.0, 2.0]), recording(model, [-1.0, 0.5])
    assert one.difference(two, model.parameters()) is None
    assert one.difference(recording(twin, [1.0, 2.0]), model.parameters()) is not None


def choose(one, other):
    """A function that records something else for the second example."""
    calls = []

    def function(x):
        calls.append(x)
        return one(x) if len(calls) <= 2 else other(x)  # each is called with numbers, then values

    return function


@pytest.mark.parametrize(
    "one, other, words",
    [
        (lambda x: [A * x[0]], lambda x: [A + x[0]], "a gate 'add' instead of a gate 'multiply'"),
        (lambda x: [A * x[0]], lambda x: [B * x[0]], "a leaf with the number 0.5 in place of"),
        (lambda x: [A * x[0]], lambda x: [A * x[1]], "x2 instead of x1"),
        (lambda x: [A * x[0]], lambda x: [A * 2.0], "the constant 2.0 instead of x1"),
        (lambda x: [A * 3.0], lambda x: [A * 2.0], "constant 2.0 instead of the constant 3.0"),
        (lambda x: [A * Value(3.0)], lambda x: [A * Value(2.0)], "number 2.0 instead of a leaf"),
        (lambda x: [A * x[0]], lambda x: [A * x[0], A], "2 values instead of 1"),
        (lambda x: [dot([A, B], x)], lambda x: [dot([A], x[:1])], "a gate 'dot' instead of"),
        (lambda x: [A * x[0]], lambda x: [A], "a leaf with the number 0.5 instead of a gate"),
    ],
)
def test_another_circuit_for_another_example_is_refused(one, other, words):
    with pytest.raises(RecordingError, match="all examples with one circuit") as caught:
        recorded(choose(one, other))
    assert words in str(caught.value)
    assert "eager=True" in str(caught.value)


def test_values_that_are_used_twice_are_told_from_two_equal_ones():
    def once(x):
        exponential = x[0].exp()
        return [exponential * exponential]

    def twice(x):
        return [x[0].exp() * x[0].exp()]

    x = [Value(1.0)]
    one, two = Recording(x, once(x)), Recording(x, twice(x))
    assert one.difference(two, []) is not None
    assert one.difference(Recording(x, once(x)), []) is None


def test_leaves_and_constants_with_equal_numbers_make_no_difference():
    recorded(lambda x: [A * x[0] * Value(3.0) + Value(float("nan")) + 0.25])


def test_random_numbers_are_noticed():
    source = random.Random(1)
    with pytest.raises(RecordingError, match="random numbers"):
        recorded(lambda x: [A * x[0] * source.random()])


@pytest.mark.parametrize(
    "function, words",
    [
        (lambda x: [[A, B][int(x[0])]], "x1 = 0.0 is not turned into a plain float"),
        (lambda x: [A * float(x[1])], "x2 = 0.0 is not turned into a plain float"),
        (lambda x: [A if x[0].is_integer() else B], "no attribute 'is_integer'"),
    ],
)
def test_what_takes_plain_numbers_alone_is_refused(function, words):
    with pytest.raises(RecordingError, match="takes plain numbers") as caught:
        recorded(function, [(0.0, 0.0)])
    assert words in str(caught.value) and "eager=True" in str(caught.value)


def test_other_numbers_for_values_than_for_plain_numbers_are_refused():
    weight = {1.0: 5.0}
    with pytest.raises(RecordingError, match=r"gave \[0\.5\] for values, but \[2\.5\]"):
        recorded(lambda x: [A * weight.get(x[0], 1.0)])


def test_the_functions_own_errors_stay_what_they_are():
    with pytest.raises(IndexError):
        recorded(lambda x: [A * x[7]])


def test_examples_that_are_not_defined_say_nothing():
    recording = recorded(lambda x: [log(A * x[0])], [(-1.0, 0.0), (2.0, 0.0), (0.0, 0.0)])
    assert recording.inputs[0].data == 2.0
    with pytest.raises(ValueError, match="above zero"):
        recorded(lambda x: [log(A * x[0])], [(-1.0, 0.0)])


def test_branches_that_are_gates_are_recorded():
    recorded(lambda x: [A * where(x[0], x[1], 0.0)], [(0.0, 1.0), (1.0, 2.0), (0.0, 3.0)])


def test_a_program_is_kept_while_the_circuit_is_the_same():
    asked = []
    function = [lambda x: [A * x[0]]]

    def record_some(count):
        asked.append(count)
        return recorded(function[0], [(1.0, 2.0), (3.0, 4.0)][:count])

    kept = KeptProgram()
    program = kept.program(record_some, 2, [A, B])
    assert kept.program(record_some, 2, [A, B]) is program
    assert asked == [2, 1]
    assert program([[3.0, 0.0]]).tolist() == [[1.5]]
    function[0] = lambda x: [B * x[0]]
    other = kept.program(record_some, 2, [A, B])
    assert other is not program
    assert asked == [2, 1, 1, 2]
    assert kept.program(record_some, 2, [B, A]) is not other
