"""What a model says of many examples: outputs, probabilities, classes; and how good that is.

Every `Module` has these methods. NumPy and what else they need are loaded when they are called.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from autograd_core import RecordingError, Value, no_grad

if TYPE_CHECKING:
    from nn.losses import Loss
    from nn.targets import Array, Decisions
    from nn.training.recording import KeptProgram

    AnyLoss = Loss | Callable[[Any, Any], Value]


class Predictor:
    """A model, called with many examples at once.

    What its outputs are, numbers, logits, probabilities or margins, the loss says with which it is
    trained. A model knows the loss with which it was last trained by a `Trainer`, if that is one of
    `nn.LOSSES`; in a loop of your own give `loss=`. Outputs of `"softmax"` and `"logistic"` are
    probabilities without being told.
    """

    _trained_with = ""
    """The name of the loss with which a trainer has last trained the model."""

    def predict(self, inputs: Any) -> "Array":
        """The model's outputs, as they are: `model(row)` for each row, computed at once.

        Args:
            inputs: examples × inputs, an array, a data frame or lists.

        Returns:
            examples × outputs; of a model that returns a single value, one number for each example.

        Raises:
            ValueError: if the inputs do not fit the model.

        >>> from nn import MLP
        >>> MLP(2, [3], seed=1).predict([[0.0, 0.0], [1.0, 2.0]]).shape
        (2, 3)
        """
        from nn.training.recording import KeptProgram

        return predict(self, inputs, vars(self).setdefault("_outputs", KeptProgram()))

    def predict_probabilities(self, inputs: Any, loss: "AnyLoss | None" = None) -> "Array":
        """The probability of each class, or of the label 1.

        Args:
            inputs: examples × inputs.
            loss: the loss that goes with the outputs; left out, the one of the last training.

        Returns:
            For classes, examples × classes, the softmax of logits; for labels 0 and 1 the
            probability of 1, of the shape of `predict`, the logistic of logits.

        Raises:
            ValueError: if the inputs do not fit the model, or the outputs are not about
                probabilities; or if it is not known what they are.

        >>> from nn import MLP, softmax_cross_entropy
        >>> model = MLP(2, [3], seed=1)
        >>> model.predict_probabilities([[0.0, 0.0]], softmax_cross_entropy).round(3).tolist()
        [[0.333, 0.333, 0.333]]
        """
        found: Array = self._decoded(inputs, loss, "probabilities", lambda x: x.probabilities)
        return found

    def predict_classes(self, inputs: Any, loss: "AnyLoss | None" = None) -> "Decisions":
        """The class, or the label, that each example most probably has.

        Args:
            inputs: examples × inputs.
            loss: the loss that goes with the outputs; left out, the one of the last training.

        Returns:
            For classes their numbers, from 0; else labels, 0 and 1, or -1 and 1 for `hinge`, of
            the shape of `predict`.

        Raises:
            ValueError: as `predict_probabilities`.

        >>> from nn import MLP, hinge, softmax_cross_entropy
        >>> MLP(2, [3], seed=1).predict_classes([[1.0, 2.0]], softmax_cross_entropy)
        array([0])
        >>> MLP(2, [1], seed=1).predict_classes([[1.0, 2.0]], hinge)
        array([1])
        """
        found: Decisions = self._decoded(inputs, loss, "classes", lambda x: x.targets.decided)
        return found

    def score(self, inputs: Any, targets: Any, loss: "AnyLoss | None" = None) -> float:
        """How good the predictions are: the accuracy for labels and classes, R² for numbers.

        R² is 1 less the sum of squared errors over that of the mean as a prediction: 1 is perfect,
        0 no better than the mean. Of several outputs it is the average.

        Args:
            inputs: examples × inputs.
            targets: one for each example, of the kind that the loss takes.
            loss: the loss that goes with the outputs; left out, the one of the last training.

        Raises:
            ValueError: if the examples do not fit the model or the loss; or if it is not known
                what the outputs are.

        >>> from nn import MLP, squared_error
        >>> model = MLP(1, [1])
        >>> model.load_state_dict({"layers.0.neurons.0.weights.0": 2.0,
        ...                        "layers.0.neurons.0.bias": 0.0})
        >>> model.score([[1.0], [2.0], [3.0]], [2.0, 4.0, 6.0], squared_error)
        1.0
        """
        from nn.training.data import as_examples

        known = self._known_loss(loss) or self._loss_of_outputs()
        if known is None:
            raise ValueError(self._unknown("score(inputs, targets", "squared_error", loss))
        examples = as_examples(self, known, inputs, targets)
        outputs = self.predict(inputs).reshape(len(examples), -1)
        right = known.targets.right(outputs, examples.targets)
        if right is not None:
            return float(right.mean())
        if outputs.shape != examples.targets.shape:
            raise ValueError(f"the targets of {known.name} do not stand for one output each")
        return _r_squared(outputs, examples.targets)

    def _known_loss(self, loss: Any) -> "Loss | None":
        """The loss that is given, or that of the last training; None if that is not known."""
        from nn.losses import LOSSES, as_loss

        if loss is not None:
            made = as_loss(loss)
            return made if LOSSES.get(made.name) is made else None
        return LOSSES.get(self._trained_with)

    def _loss_of_outputs(self) -> "Loss | None":
        """The loss for outputs that are probabilities by their activation; None for others."""
        from nn.losses import binary_cross_entropy, negative_log_likelihood

        layers = getattr(self, "layers", None)
        last = layers[-1] if isinstance(layers, list) and layers else self
        ours = {type(self).__module__, type(last).__module__} <= {"nn.mlp", "nn.layer", "nn.neuron"}
        losses = {"softmax": negative_log_likelihood, "logistic": binary_cross_entropy}
        return losses.get(getattr(last, "activation", "")) if ours else None

    def _decoded(
        self, inputs: Any, loss: Any, what: str, rule: "Callable[[Loss], Callable[[Array], Any]]"
    ) -> Any:
        """What the outputs mean by the rule of the loss, or else by that of their activation.

        Raises:
            ValueError: if neither says.
        """
        outputs = self.predict(inputs)
        table = outputs if outputs.ndim == 2 else outputs[:, None]
        known = self._known_loss(loss)
        for each in (known, self._loss_of_outputs() if loss is None else None):
            found = None if each is None else rule(each)(table)
            if found is not None:
                return found[:, 0] if found.shape == (len(outputs), 1) != outputs.shape else found
        if known is not None:
            raise ValueError(f"outputs for {known.name} are no {what}: take predict(inputs)")
        raise ValueError(self._unknown(f"predict_{what}(inputs", "softmax_cross_entropy", loss))

    def _unknown(self, call: str, example: str, loss: Any) -> str:
        """What to write where it is not known what the outputs are."""
        own = "" if loss is None else f"{loss!r} does not say what outputs are; "
        return (
            f"{own}{type(self).__name__} was not trained with a loss of nn.LOSSES, so it does not "
            f"know what its outputs are: name the loss that goes with them, {call}, "
            f"loss=nn.{example})"
        )


def predict(
    model: Any, inputs: Any, kept: "KeptProgram | None", *, strict: bool = False
) -> "Array":
    """The outputs of a model for many examples; see `Predictor.predict`.

    Args:
        model: what is called with the inputs of an example.
        inputs: examples × inputs.
        kept: where the program is kept; None for a circuit of values for each example.
        strict: whether a model that no program can be recorded from is refused.

    Raises:
        ValueError: if the inputs do not fit the model.
        RecordingError: if no program can be recorded, and that is refused.
    """
    import numpy as np

    from nn.losses import as_list
    from nn.training.data import as_table

    table = as_table(inputs)
    first = _answer(model, table[0].tolist(), 0)
    outputs = None if kept is None else _by_program(model, table, kept, strict)
    if outputs is None:
        answers = [_answer(model, row, place) for place, row in enumerate(table.tolist())]
        outputs = np.array([[value.data for value in as_list(answer)] for answer in answers])
    return outputs if isinstance(first, list | tuple | np.ndarray) else outputs[:, 0]


def _by_program(model: Any, table: "Array", kept: "KeptProgram", strict: bool) -> "Array | None":
    """The outputs for all examples; None where a program does not serve for all of them."""
    import numpy as np

    from nn.losses import as_list
    from nn.training.data import Examples

    examples = Examples(table, table.shape[1], np.arange(len(table)))
    try:
        program = kept.program(lambda row: as_list(model(row)), examples, model.parameters())
        return program(table)
    except RecordingError:
        if strict:
            raise
        return None
    except (ArithmeticError, ValueError):
        return None


def _answer(model: Any, row: list[float], place: int) -> Any:
    """What the model returns for an example."""
    try:
        with no_grad():
            return model(row)
    except (ArithmeticError, ValueError) as error:
        raise ValueError(f"example {place}: {error}") from error


def _r_squared(outputs: "Array", targets: "Array") -> float:
    """R², the average over the outputs; where targets do not vary 1 if all are met, else 0."""
    errors = ((targets - outputs) ** 2).sum(axis=0)
    spread = ((targets - targets.mean(axis=0)) ** 2).sum(axis=0)
    varied = spread > 0.0
    ratios = errors / (spread + ~varied)
    return float((1.0 - (ratios * varied + (errors > 0.0) * ~varied)).mean())
