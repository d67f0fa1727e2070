import copy
import pickle
from collections import OrderedDict
from math import copysign, isnan
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograd_core import Value, explain, no_grad, total
from nn import ACTIVATIONS, MLP, Layer, Maxout, Module, Neuron

UNUSUAL = [-0.0, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 0.1]
COPIERS = {
    "deepcopy": copy.deepcopy,
    **{
        f"pickle {protocol}": lambda thing, protocol=protocol: pickle.loads(
            pickle.dumps(thing, protocol)
        )
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1)
    },
}


class Parts(Module):
    """What is given by name."""

    def __init__(self, **parts: Any) -> None:
        vars(self).update(parts)


class Polynomial(Parts):
    """c₀ + c₁ x + … of a user's own."""

    def __init__(self, coefficients: Any) -> None:
        self.coefficients = [Value(c) for c in coefficients]

    def __call__(self, x: Any) -> Any:
        return sum(c * x**power for power, c in enumerate(self.coefficients))


class Everything(Module):
    """Parameters wherever they may be."""

    def __init__(self) -> None:
        self.bias = Value(1.0)
        self.rows = [[Value(2.0)], (Value(3.0), Value(4.0))]
        self.by_name = {"slope": Value(5.0), 7: [Value(6.0)]}
        self.ordered = OrderedDict(last=Value(7.0))
        self.matrix = np.array([[Value(8.0), Value(9.0)]])
        self.single = np.array(3.0)
        self.part = Neuron(1, seed=1)
        self.title, self.rate, self.nothing, self.numbers = "text", 0.5, None, np.ones(3)
        self._hidden = Value(-1.0)
        self.computed = self.bias * 2.0


def same(first: Any, second: Any) -> Any:
    """Whether two numbers are the same one, nan and the sign of 0 included."""
    return (isnan(first) and isnan(second)) or (
        first == second and copysign(1.0, first) == copysign(1.0, second)
    )


def test_parameters_are_found_wherever_they_are_and_named_after_the_way_to_them() -> None:
    module = Everything()
    assert {name: value.data for name, value in module.named_parameters().items()} == {
        "bias": 1.0,
        "rows.0.0": 2.0,
        "rows.1.0": 3.0,
        "rows.1.1": 4.0,
        "by_name.slope": 5.0,
        "by_name.7.0": 6.0,
        "ordered.last": 7.0,
        "matrix.0.0": 8.0,
        "matrix.0.1": 9.0,
        "part.weights.0": module.part.weights[0].data,
        "part.bias": 0.0,
    }
    assert [id(p) for p in module.parameters()] == [
        id(p) for p in module.named_parameters().values()
    ]
    assert module.parameters()[0] is module.bias


def test_each_list_of_parameters_is_its_callers_own() -> None:
    model = MLP(2, [3, 1])
    own = [*map(id, model.parameters())]
    first, second = model.parameters(), model.parameters()
    assert first is not second
    first.clear()
    del second[2:]
    assert [*map(id, model.parameters())] == own
    del first, second
    changed = model.parameters()
    changed.reverse()
    changed.append(Value(0.0))
    del changed
    assert [*map(id, model.parameters())] == own
    seen = []
    for parameter in model.parameters():
        model.parameters().clear()
        seen.append(id(parameter))
    assert seen == own


def test_a_module_without_parameters() -> None:
    assert Module().parameters() == []
    assert Module().named_parameters() == Module().state_dict() == {}
    Module().zero_grad()


def test_a_shared_parameter_counts_once_and_has_the_first_name() -> None:
    neuron = Neuron(2, seed=1)
    tied: Any = Parts(first=neuron, again=[neuron], weight=neuron.weights[1])
    assert list(tied.named_parameters()) == ["first.weights.0", "first.weights.1", "first.bias"]
    assert len(tied.parameters()) == 3
    twin: Any = copy.deepcopy(tied)
    assert twin.first is twin.again[0]
    assert twin.weight is twin.first.weights[1]
    assert twin.weight is not tied.weight


def test_modules_that_know_each_other() -> None:
    child = Polynomial([1.0])
    parent = Parts(child=child)
    vars(child).update(parent=parent, itself=[child])
    assert list(parent.named_parameters()) == ["child.coefficients.0"]
    assert list(child.named_parameters()) == ["coefficients.0"]


def test_two_parameters_of_the_same_name_are_refused() -> None:
    module = Parts(part={"a.b": Value(1.0), "a": {"b": Value(2.0)}})
    assert len(module.parameters()) == 2
    for ask in (module.named_parameters, module.state_dict, module.label_parameters):
        with pytest.raises(ValueError, match=r"two parameters have the name 'part\.a\.b'"):
            ask()


def test_values_inside_the_circuit_are_no_parameters_but_leaves_made_without_one_are() -> None:
    module = Polynomial([1.0, 2.0])
    vars(module)["last"] = module(3.0)
    assert list(module.state_dict()) == ["coefficients.0", "coefficients.1"]
    with no_grad():
        vars(module)["last"] = module(3.0)
    assert list(module.state_dict()) == ["coefficients.0", "coefficients.1", "last"]


def test_zero_grad() -> None:
    model = MLP(2, [2, 1], activation="tanh", seed=1)
    model([1.0, 2.0]).backward()
    assert any(p.grad for p in model.parameters())
    model.zero_grad()
    assert all(p.grad == 0.0 for p in model.parameters())


def labels(module: Any) -> Any:
    return [parameter.label for parameter in module.parameters()]


def test_parameters_are_labelled_as_in_lectures() -> None:
    """Unit j of a layer feeds unit i of the next through w with the indices i j."""
    model = MLP(2, [2, 1], seed=1)
    assert labels(model) == ["w¹₁₁", "w¹₁₂", "b¹₁", "w¹₂₁", "w¹₂₂", "b¹₂", "w²₁₁", "w²₁₂", "b²₁"]
    weight = model.layers[0].neurons[1].weights[0]
    assert weight.label == "w¹₂₁"
    model.label_parameters(first="input")
    assert weight.label == "w¹₁₂"
    assert labels(Layer(2, 2)) == ["w₁₁", "w₁₂", "b₁", "w₂₁", "w₂₂", "b₂"]
    assert labels(Neuron(3)) == ["w₁", "w₂", "w₃", "b"]
    assert labels(MLP(1, [1], output="maxout")) == ["w¹₁₁₁", "b¹₁₁", "w¹₁₂₁", "b¹₁₂"]


def test_labels_of_wide_layers_are_all_different() -> None:
    for first in ("neuron", "input"):
        model = MLP(12, [21, 11], output="maxout", pieces=11)
        model.label_parameters(first)
        assert len(set(labels(model))) == len(model.parameters())


def test_labels_of_a_model_of_ones_own() -> None:
    outer = Parts(
        slope=Value(1.0),
        weights=[Value(2.0)],
        encoder=MLP(1, [1]),
        parts={"layers": [Neuron(1)], "biases": [Value(3.0)], "weights": {"a": Value(4.0)}},
    )
    outer.label_parameters()
    assert labels(outer) == [
        "slope",
        "w₁",
        "encoder.w¹₁₁",
        "encoder.b¹₁",
        "parts.w¹₁",
        "parts.b¹",
        "parts.biases.0",
        "parts.weights.a",
    ]


@pytest.mark.parametrize("first", ["output", None, 1])
def test_another_first_index_is_refused(first: Any) -> None:
    with pytest.raises(ValueError, match="first is 'neuron' or 'input'"):
        Neuron(1).label_parameters(first)


def test_lines_of_an_explanation_of_a_network_are_short() -> None:
    out = MLP(3, [3, 2], activation="tanh", seed=1)([1.0, 2.0, 3.0])
    text = explain(out[0] + out[1])
    assert "z¹₁ = w¹₁₁ * 1 + w¹₁₂ * 2 + w¹₁₃ * 3 + b¹₁" in text
    assert max(map(len, text.splitlines())) < 120


def test_state_dict_of_an_mlp_names_every_parameter() -> None:
    names = list(MLP(2, [3, 1]).state_dict())
    assert names == [
        f"layers.{layer}.neurons.{neuron}.{rest}"
        for layer, nin, nout in ((0, 2, 3), (1, 3, 1))
        for neuron in range(nout)
        for rest in [*(f"weights.{at}" for at in range(nin)), "bias"]
    ]


def test_a_state_can_be_given_as_any_real_numbers() -> None:
    neuron = Neuron(2)
    neuron.load_state_dict({"weights.0": 1, "weights.1": np.float32(0.5), "bias": np.array(2.0)})
    assert neuron.state_dict() == {"weights.0": 1.0, "weights.1": 0.5, "bias": 2.0}
    assert all(type(number) is float for number in neuron.state_dict().values())


def test_loading_goes_into_the_values_that_are_there() -> None:
    neuron = Neuron(1)
    before = neuron.parameters()
    neuron.load_state_dict({"weights.0": 3.0, "bias": 4.0})
    assert [id(p) for p in neuron.parameters()] == [id(p) for p in before]
    assert [p.data for p in before] == [3.0, 4.0]


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ({}, "it lacks 'weights.0', 'weights.1', 'bias'$"),
        ({"weights.0": 1.0, "weights.1": 1.0}, "it lacks 'bias'$"),
        ({"weights.0": 0, "weights.1": 0, "bias": 0, "b": 0}, "the model has no 'b'$"),
        (MLP(9, [1]).state_dict(), r"it lacks .*, and the model has no .* and 7 more$"),
        ({"weights.0": 7.0, "weights.1": "8", "bias": 1}, r"'weights\.1' is no number: '8'"),
        ({"weights.0": 7.0, "weights.1": 8.0, "bias": None}, "'bias' is no number: None"),
        ({"weights.0": 7.0, "weights.1": [8.0], "bias": 1}, r"no number: \[8\.0\]"),
        ({"weights.0": 7.0, "weights.1": 10**400, "bias": 1}, "is no number: 1000"),
        ({"weights.0": 7.0, "weights.1": 1j, "bias": 1}, "is no number: 1j"),
        ({"weights.0": 7.0, "weights.1": float("nan"), "bias": 1}, r"'weights\.1' is nan"),
        ({"weights.0": 7.0, "weights.1": 8.0, "bias": float("-inf")}, "'bias' is -inf"),
    ],
)
def test_a_state_that_does_not_fit_changes_nothing(state: Any, says: str) -> None:
    neuron = Neuron(2, seed=1)
    before = neuron.state_dict()
    with pytest.raises(ValueError, match=says):
        neuron.load_state_dict(state)
    assert neuron.state_dict() == before


@pytest.mark.parametrize("number", UNUSUAL)
def test_a_file_gives_back_exactly_what_was_saved(tmp_path: Path, number: Any) -> None:
    neuron, other = Neuron(1, seed=1), Neuron(1, seed=2)
    neuron.weights[0].data = number
    neuron.save(tmp_path / "neuron.json")
    other.load(str(tmp_path / "neuron.json"))
    assert same(other.weights[0].data, number)
    assert [path.name for path in tmp_path.iterdir()] == ["neuron.json"]


def test_an_mlp_from_a_file_computes_the_same(tmp_path: Path) -> None:
    options: Any = {"activation": ["maxout", "tanh"], "output": "softmax", "bias": "feature"}
    model, other = MLP(2, [3, 3, 2], seed=1, **options), MLP(2, [3, 3, 2], seed=2, **options)
    model.save(tmp_path / "model")
    other.load(tmp_path / "model")
    assert [p.data for p in other([0.3, -0.7])] == [p.data for p in model([0.3, -0.7])]


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (MLP(2, [2, 1]), r"the model has no 'layers\.0\.neurons\.1\.weights\.0'"),
        (MLP(1, [1]), r"it lacks 'layers\.0\.neurons\.0\.weights\.1'"),
        (MLP(2, [1], bias=False), r"it lacks 'layers\.0\.neurons\.0\.bias'"),
        (Maxout(2), r"it lacks .*and the model has no 'pieces\.0\.weights\.0'"),
    ],
)
def test_the_file_of_another_model_changes_nothing(tmp_path: Path, other: Any, says: str) -> None:
    model = MLP(2, [1], seed=1)
    before = model.state_dict()
    other.save(tmp_path / "other.json")
    with pytest.raises(ValueError, match=rf"other\.json' does not fit: .*{says}"):
        model.load(tmp_path / "other.json")
    assert model.state_dict() == before


@pytest.mark.parametrize("number", ['"0.5"', "null", "[1.0]", "{}", "1" + 400 * "0"])
def test_a_file_with_something_else_than_numbers_changes_nothing(
    tmp_path: Path, number: Any
) -> None:
    path = tmp_path / "damaged.json"
    neuron = Neuron(1, seed=1)
    neuron.save(path)
    path.write_text(path.read_text().replace('"bias": 0.0', f'"bias": {number}'))
    before = neuron.state_dict()
    with pytest.raises(ValueError, match=r"damaged\.json' does not fit: .*'bias' is no number"):
        neuron.load(path)
    assert neuron.state_dict() == before


@pytest.mark.parametrize("duplicate", COPIERS.values(), ids=COPIERS)
@pytest.mark.parametrize(
    "module",
    [
        Neuron(2, seed=1),
        Maxout(2, pieces=3, seed=1),
        Layer(2, 3, activation="softmax", seed=1),
        MLP(2, [3, 2], activation="maxout", output="logistic", seed=1, gate_by_gate=True),
        MLP(2, [3, 1], activation="elu", bias="feature", seed=1),
    ],
    ids=lambda module: repr(module).splitlines()[0],
)
def test_a_copy_works_and_is_of_its_own(duplicate: Any, module: Any) -> None:
    def run(each: Any) -> Any:
        each.zero_grad()
        outputs = each([0.5, -1.5])
        out: Any = total(outputs) if isinstance(outputs, list) else outputs
        out.backward()
        return [(p.data, p.grad) for p in each.parameters()]

    before = run(module)  # the copy is taken with the last call's circuit in the model
    twin = duplicate(module)
    assert repr(twin) == repr(module)
    assert list(twin.named_parameters()) == list(module.named_parameters())
    assert [p.label for p in twin.parameters()] == [p.label for p in module.parameters()]
    assert not {map(id, twin.parameters())} & {map(id, module.parameters())}
    assert run(twin) == before
    for parameter in twin.parameters():
        parameter.data += 1.0
    assert run(module) == before
    assert run(twin) != before


def test_a_users_own_module_works_like_the_others(tmp_path: Path) -> None:
    line = Polynomial([1.0, 2.0])
    line.save(tmp_path / "line")
    other = copy.deepcopy(line)
    other.load_state_dict({"coefficients.0": 0.0, "coefficients.1": 0.0})
    other.load(tmp_path / "line")
    assert other(3.0).data == 7.0


def test_an_activation_that_cannot_be_pickled_does_not_keep_a_model_from_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(ACTIVATIONS, "square", lambda z: z * z)
    square: Any = "square"
    model = MLP(1, [2, 1], activation=square, seed=1)
    twin = pickle.loads(pickle.dumps(model))
    assert twin([3.0]).data == model([3.0]).data


def test_repr_of_a_module_of_ones_own_lists_what_has_parameters() -> None:
    class Recurrent(Module):
        def __init__(self) -> None:
            self.cell = Layer(2, 3, activation="tanh")
            self.start = Value(0.5)
            self.tables = {"a": [Value(1.0), Value(2.0)]}
            self.name, self.steps, self.empty = "mine", 3, ()
            self.itself = self

    assert repr(Recurrent()).splitlines() == [
        "Recurrent: 12 parameters",
        "  cell: Layer, 9 parameters",
        "  start: 0.5",
        "  tables: dict, 2 parameters",
        "  itself: Recurrent, 12 parameters",
    ]

    class Bare(Module):
        pass

    assert repr(Bare()) == "Bare: 0 parameters"


@pytest.mark.parametrize(
    ("listed", "says"),
    [
        ({Value(1.0)}, "it returns a list of values, in the same order"),
        (None, "returned None: it returns a list"),
        ([1.0], r"lists 1\.0, which is no Value"),
    ],
)
def test_what_an_own_method_parameters_returns_is_a_list_of_values(listed: Any, says: str) -> None:
    class Mine(MLP):
        def parameters(self) -> Any:
            return listed

    with pytest.raises(TypeError, match=rf"parameters\(\) of Mine .*{says}"):
        Mine(1, [1]).zero_grad()


def test_neurons_of_a_layer_that_take_other_numbers_of_inputs() -> None:
    layer = Layer(2, 2)
    layer.neurons.append(Neuron(3))
    with pytest.raises(ValueError, match=r"has 2 weights, and neurons\[2\] has 3"):
        layer([1.0, 2.0])
