"""A multilayer perceptron: layers one after the other."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NoReturn, cast

from autograd_core import mime_bundle
from nn.activations import (
    MAXOUT,
    SOFTMAX,
    Activation,
    ActivationName,
    activation_named,
    name_of,
)
from nn.initialisation import InitialisationName, Seed, source_of
from nn.layer import Layer, Outputs, kind_of, outputs_of
from nn.module import OTHER_NAMES, Module, ToBeMade, refuse_arguments
from nn.neuron import Bias, Inputs, as_inputs
from nn.validation import whole_number


class MLP(Module):
    """A multilayer perceptron: each layer takes the outputs of the one before.

    Args:
        nin: the number of inputs.
        nouts: the number of neurons in each layer, the output layer's last.
        activation: the activation of the hidden layers; one for all, or a list.
        output: the activation of the output layer.
        pieces, bias, gate_by_gate, initial, seed: as for `Layer`.

    Attributes:
        layers: the layers; other modules and functions of a list of values may stand among them. A
            subclass may set them itself, without `super().__init__()`.

    Raises:
        ValueError: if there is no layer, or an option is not among the choices.

    >>> model = MLP(2, [16, 16, 1])
    >>> model
    MLP(2, [16, 16, 1]): 337 parameters
      layers.0: 2 → 16, relu, 48 parameters
      layers.1: 16 → 16, relu, 272 parameters
      layers.2: 16 → 1, identity, 17 parameters
    >>> score = model([1.0, -2.0])
    >>> score.backward()
    >>> for parameter in model.parameters():
    ...     parameter.data -= 0.01 * parameter.grad
    """

    layers: list[Any] = cast(Any, ToBeMade("super().__init__(nin, nouts), or sets self.layers"))
    _activations: list[list[Any]] | None = None
    _MADE_WITH: ClassVar = {
        **dict.fromkeys(("nin", "nouts", "initial", "seed", "gate_by_gate", "pieces"), ""),
        **dict.fromkeys(("activation", "nonlin", "neurons"), "model.layers[0].{}"),
        **dict.fromkeys(("weights", "bias", "w", "b"), "model.layers[0].neurons[0].{}"),
        **dict.fromkeys(OTHER_NAMES, "model.layers[0].activation"),
        **dict.fromkeys(("sizes", "sz", "dropout"), ""),
        "output": "model.layers[-1].activation",
    }

    def __init__(
        self,
        nin: int,
        nouts: Sequence[int] = (),
        activation: ActivationName | Activation | Sequence[ActivationName | Activation] = "relu",
        *more: NoReturn,
        output: ActivationName | Activation = "identity",
        pieces: int = 2,
        bias: Bias = True,
        gate_by_gate: bool = False,
        initial: InitialisationName = "uniform",
        seed: Seed = None,
        **other: NoReturn,
    ) -> None:
        refuse_arguments("MLP(2, [16, 16, 1]", more, other, activation)
        if hasattr(nin, "__iter__") and not nouts:
            raise TypeError(
                "MLP takes the number of inputs apart from the sizes of its layers: write "
                "MLP(2, [4, 1]) for MLP([2, 4, 1])"
            )
        if not hasattr(nouts, "__iter__") or isinstance(nouts, str) or not list(nouts):
            raise ValueError(
                f"the sizes of the layers are a list, as in MLP(2, [16, 16, 1]), not {nouts!r}"
            )
        sizes = [whole_number(nin, "nin", least=1)]
        sizes += [whole_number(nout, "each size of a layer", least=1) for nout in nouts]
        hidden: list[Any]
        if isinstance(activation, list | tuple):
            hidden = list(activation)
        else:
            name: Any = activation
            hidden = [name] * (len(sizes) - 2)
            if name_of(name) not in (SOFTMAX, MAXOUT):
                activation_named(name_of(name))  # wrong also where no layer is hidden
        if len(hidden) != len(sizes) - 2:
            raise ValueError(
                f"a list of activations has one for each hidden layer, here {len(sizes) - 2}, "
                f"not {len(hidden)}; the output layer's is given as output="
            )
        options = pieces, bias, gate_by_gate, initial, source_of(seed)
        self.layers = []
        sizes_and_names = zip(sizes, sizes[1:], [*hidden, output], strict=False)
        for number, (size, following, name) in enumerate(sizes_and_names, 1):
            layer = Layer.__new__(Layer)
            layer._make(number, size, following, name_of(name), *options)
            self.layers.append(layer)

    def __call__(self, inputs: Inputs) -> Outputs:
        """The network's outputs for one example.

        Args:
            inputs: `nin` values or numbers.

        Returns:
            A list of values; the value itself if the last layer has one neuron, as in micrograd.

        Raises:
            ValueError: if the number of inputs is not `nin`.
        """
        layers = self.layers
        nin = layers[0]._nin if layers and isinstance(layers[0], Layer) else None
        activations = [as_inputs(inputs, nin, self)]
        for place, layer in enumerate(layers):
            activations.append(outputs_of(layer, activations[-1], place))
        vars(self)["_activations"] = activations  # at each call: sooner than by `__setattr__`
        outputs = activations[-1]
        return outputs[0] if len(outputs) == 1 else outputs  # type: ignore[return-value]

    def __setattr__(self, name: str, thing: Any) -> None:
        if name == "layers" and hasattr(thing, "tolist"):
            thing = thing.tolist()
        if name == "layers" and (isinstance(thing, Mapping) or not hasattr(thing, "__getitem__")):
            raise TypeError(f"the layers of a model are a list, not {thing!r}")
        super().__setattr__(name, thing)

    @property
    def activations(self) -> list[list[Any]] | None:
        """The activations of the last call: its inputs, then a list of values for each layer.

        None before the first call. They are kept so that the network can be drawn with them.
        """
        return self._activations

    def _network_(self) -> dict[str, Any]:
        """The network as plain data, for those who draw it: `viz.Model` says what it is."""
        return {"layers": self.layers, "activations": self.activations}

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return mime_bundle(self)

    def __repr__(self) -> str:
        layers = self.layers
        nin = layers[0]._nin if layers and isinstance(layers[0], Layer) else "?"
        nouts = ", ".join(
            str(len(layer.neurons)) if isinstance(layer, Layer) else kind_of(layer)
            for layer in layers
        )
        lines = [f"{type(self).__name__}({nin}, [{nouts}]): {len(self.parameters())} parameters"]
        for place, layer in enumerate(layers):
            kind = kind_of(layer)
            if isinstance(layer, Layer):
                kind = f"{layer._nin} → {len(layer.neurons)}, {layer.activation}"
            count = len(layer.parameters()) if isinstance(layer, Module) else 0
            lines.append(f"  layers.{place}: {kind}, {count} parameters")
        return "\n".join(lines)
