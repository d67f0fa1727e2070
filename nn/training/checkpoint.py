"""A training in a file: parameters, what the optimiser remembers, and the history."""

from copy import deepcopy
from pathlib import Path

from nn.module import Module
from nn.optimisers import Optimiser
from nn.saving import read_numbers, write_numbers
from nn.training.history import History


def save_training(path: str | Path, model: Module, optimiser: Optimiser, history: History) -> None:
    """Write them to a JSON file, whole or not at all.

    Raises:
        OSError: if the file cannot be written.
    """
    content = {
        "parameters": model.state_dict(),
        "optimiser": optimiser.state_dict(),
        "history": dict(history),
    }
    write_numbers(path, "training", content)


def load_training(path: str | Path, model: Module, optimiser: Optimiser) -> History:
    """Give a model and an optimiser what `save_training` wrote.

    Returns:
        The history.

    Raises:
        ValueError: if the file is damaged, of another kind, or of another model or optimiser;
            then nothing changes.
        OSError: if the file cannot be read.
    """
    content = read_numbers(path, "training")
    try:
        history = History.of(content["history"])
        changed = deepcopy(optimiser)
        changed.load_state_dict(content["optimiser"], len(model.parameters()))
        model.load_state_dict(content["parameters"])
    except (KeyError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError(f"{str(path)!r} is damaged: {error!r}") from None
    except ValueError as error:
        raise ValueError(f"{str(path)!r}: {error}") from None
    optimiser.load_state_dict(changed.state_dict())
    return history
