import random
from math import sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_core import no_grad
from nn import INITIALISATIONS, MLP, Layer, Maxout, Neuron

SAMPLES = 40_000
SIZES = pytest.mark.parametrize(("nin", "nout"), [(1, 1), (3, 5), (64, 16)])


def sample(name: str, nin: int, nout: int) -> Any:
    source = random.Random(1)
    return np.array([INITIALISATIONS[name](source, nin, nout) for _ in range(SAMPLES)])


@SIZES
@pytest.mark.parametrize(
    ("name", "bound"),
    [
        ("uniform", lambda nin, nout: 1.0),
        ("xavier", lambda nin, nout: sqrt(6.0) / sqrt(nin + nout)),  # Glorot and Bengio 2010, (16)
    ],
)
def test_uniform_weights_fill_their_bounds_evenly(
    name: str, bound: Any, nin: int, nout: int
) -> None:
    weights = sample(name, nin, nout) / bound(nin, nout)
    assert 0.999 < np.abs(weights).max() <= 1.0
    counts, _ = np.histogram(weights, bins=20, range=(-1.0, 1.0))
    expected = SAMPLES / 20
    assert ((counts - expected) ** 2 / expected).sum() < 43.8  # χ² with 19 degrees: 1 in 1000


@SIZES
@pytest.mark.parametrize(
    ("name", "variance", "kurtosis"),
    [
        ("uniform", lambda nin, nout: 1.0 / 3.0, 1.8),
        ("xavier", lambda nin, nout: 2.0 / (nin + nout), 1.8),  # Glorot and Bengio 2010, (12)
        ("he", lambda nin, nout: 2.0 / nin, 3.0),  # He et al. 2015, (10)
    ],
)
def test_moments(name: str, variance: Any, kurtosis: Any, nin: int, nout: int) -> None:
    weights = sample(name, nin, nout) / sqrt(variance(nin, nout))
    four_sigma = 4.0 / sqrt(SAMPLES)
    assert abs(weights.mean()) < four_sigma
    assert abs((weights**2).mean() - 1.0) < four_sigma * sqrt(kurtosis - 1.0)
    assert abs((weights**4).mean() / kurtosis - 1.0) < 0.1


@pytest.mark.parametrize(("name", "activation"), [("he", "relu"), ("xavier", "tanh")])
def test_signals_keep_their_size_through_many_layers(name: Any, activation: Any) -> None:
    model = MLP(80, [80] * 6, activation=activation, initial=name, seed=1)
    source = random.Random(2)
    size = 1.0 if activation == "relu" else 0.1  # tanh is close to linear for small numbers
    with no_grad():
        model([source.gauss(0.0, size) for _ in range(80)])
    assert model.activations
    layers = model.activations[1], model.activations[-2]
    first, last = (np.mean([value.data**2 for value in layer]) for layer in layers)
    assert 0.4 < last / first < 2.5


@pytest.mark.parametrize("initial", INITIALISATIONS)
def test_every_weight_of_a_network_comes_from_the_rule_and_biases_are_zero(initial: Any) -> None:
    model = MLP(3, [4, 2], activation=["maxout"], pieces=2, initial=initial, seed=7)
    source, rule = random.Random(7), INITIALISATIONS[initial]
    expected = [rule(source, 3, 4) for _ in range(4 * 2 * 3)]
    expected += [rule(source, 4, 2) for _ in range(2 * 4)]
    state = model.state_dict()
    assert [number for name, number in state.items() if "weights" in name] == expected
    assert [number for name, number in state.items() if "bias" in name] == [0.0] * (8 + 2)


@pytest.mark.parametrize("bias", [True, "feature", False])
def test_the_bias_does_not_change_the_weights(bias: Any) -> None:
    with_bias, other = Neuron(3, seed=5), Neuron(3, seed=5, bias=bias)
    assert [w.data for w in other.weights] == [w.data for w in with_bias.weights]


@settings(max_examples=30)
@given(seed=st.integers(-(2**70), 2**70))
def test_a_seed_gives_the_same_weights_every_time(seed: int) -> None:
    assert MLP(2, [2, 1], seed=seed).state_dict() == MLP(2, [2, 1], seed=seed).state_dict()
    assert (
        MLP(2, [2, 1], seed=seed).state_dict()
        == MLP(2, [2, 1], seed=random.Random(seed)).state_dict()
    )


def test_other_seeds_give_other_weights() -> None:
    assert len({Neuron(1, seed=seed).weights[0].data for seed in range(100)}) == 100


def test_seeds_of_numpy() -> None:
    assert Neuron(2, seed=np.int64(3)).state_dict() == Neuron(2, seed=3).state_dict()


def test_a_source_goes_on_from_one_to_the_next() -> None:
    source = random.Random(1)
    assert Neuron(1, seed=source).state_dict() != Neuron(1, seed=source).state_dict()


def test_without_a_seed_the_module_random_governs() -> None:
    random.seed(1337)
    first = MLP(2, [3, 1]).state_dict()
    assert MLP(2, [3, 1]).state_dict() != first
    random.seed(1337)
    assert MLP(2, [3, 1]).state_dict() == first
    random.seed(1337)
    assert MLP(2, [3, 1], seed=4).state_dict() == MLP(2, [3, 1], seed=4).state_dict()
    assert MLP(2, [3, 1]).state_dict() == first, "a seed leaves the module random alone"


def test_a_rule_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(INITIALISATIONS, "counted", lambda source, nin, nout: 10.0 * nin + nout)
    counted: Any = "counted"
    assert Layer(3, 2, initial=counted).neurons[1].weights[2].data == 32.0


@pytest.mark.parametrize("make", [Neuron, Maxout, lambda nin, **o: MLP(nin, [2, 1], **o)])
def test_errors_say_what_to_do_instead(make: Any) -> None:
    with pytest.raises(ValueError, match="'glorot'; choose one of 'uniform', 'xavier', 'he'"):
        make(2, initial="glorot")
    with pytest.raises(ValueError, match="there is no initialisation None; choose one of"):
        make(2, initial=None)
    with pytest.raises(TypeError, match=r"an integer, or a source .* not 'one'"):
        make(2, seed="one")
    with pytest.raises(TypeError, match=r"like random\.Random\(1\), not 1\.5"):
        make(2, seed=1.5)
    with pytest.raises(TypeError, match=r"an integer, or a source of random numbers"):
        make(2, seed=np.random.default_rng(1))
