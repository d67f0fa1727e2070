"""The network that a circuit was computed with, as far as the circuit shows it."""

from dataclasses import dataclass
from typing import Any

from autograd_core.explain import Neuron
from viz.scene.scene import Scene, examples_of


@dataclass(frozen=True, slots=True)
class RecordedNetwork:
    """A model of layers that were found in a circuit: see `viz.Model`.

    Attributes:
        title: how many examples there are, and which one the activations are of.
        layers: as `viz.Model` has them.
        activations: those of the last example.
    """

    title: str
    layers: list[dict[str, Any]]
    activations: list[list[Any]]

    @classmethod
    def in_circuit(cls, scene: Scene) -> "RecordedNetwork | None":
        """The network in a circuit; None if its neurons do not stand in layers."""
        neurons = scene.trace.neurons
        numbers = examples_of(neurons)
        count = max(numbers.values(), default=0)
        last = [neuron for neuron in neurons if numbers[neuron.output] == count]
        rows: dict[tuple[str, ...], list[Neuron]] = {}
        for neuron in last:
            rows.setdefault(neuron.takes, []).append(neuron)
        if not last:
            return None
        layers: list[list[Neuron]] = []
        columns = [last[0].inputs]
        while row := rows.pop(tuple(map(repr, columns[-1])), None):
            outputs = {repr(neuron.output): neuron for neuron in row}
            following = next((each for each in rows if sorted(each) == sorted(outputs)), None)
            layers.append([outputs[each] for each in following] if following else row)
            columns.append(tuple(neuron.output for neuron in layers[-1]))
        if rows:
            return None
        title = "" if count == 1 else f"{count:,} examples; activations of the last"

        def value(each: int | float | None) -> Any:
            return scene.values[each] if isinstance(each, int) else each

        def activation(neuron: Neuron) -> str:
            gate = scene.trace.values[neuron.output].gate
            return str(gate) if neuron.output != neuron.sum else "identity"

        return cls(
            title=title,
            layers=[
                {
                    "weights": [[value(each) for each in neuron.weights] for neuron in row],
                    "biases": [value(neuron.bias) for neuron in row],
                    "activation": activation(row[0]),
                }
                for row in layers
            ],
            activations=[[value(each) for each in column] for column in columns],
        )

    def _network_(self) -> dict[str, Any]:
        return {"layers": self.layers, "activations": self.activations}
