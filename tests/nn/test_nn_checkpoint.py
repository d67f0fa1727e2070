import json

import pytest

from nn import MLP, Adam, Trainer, half_squared_error


def test_a_file_of_something_else_changes_nothing(tmp_path):
    path = tmp_path / "training.json"
    model = MLP(2, [3, 1], activation="tanh", output="logistic", seed=1)
    trainer = Trainer(model, half_squared_error, Adam(0.1))
    trainer.fit([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], epochs=2)
    trainer.save(path)
    good = json.loads(path.read_text())
    state = (trainer.model.state_dict(), trainer.optimiser.state_dict(), dict(trainer.history))

    def with_part(name, part):
        return good | {"training": good["training"] | {name: part}}

    adam = good["training"]["optimiser"]
    parameters = good["training"]["parameters"]
    bad = [
        (with_part("optimiser", {"optimiser": "LineSearch", "updates": 2}), "not of Adam"),
        (with_part("optimiser", adam | {"mean": [0.0]}), "of other parameters"),
        (with_part("optimiser", None), "damaged"),
        (with_part("optimiser", adam | {"updates": "many"}), "damaged"),
        (with_part("parameters", {"slope": 1.0}), "of another model"),
        (
            with_part("parameters", parameters | {"layers.0.neurons.0.bias": "x"}),
            "is no number: 'x'",
        ),
        (with_part("history", {"loss": [None, 1.0]}), "damaged"),
        (with_part("history", {"loss": [1.0], "accuracy": []}), "of the same length"),
        (with_part("history", [1.0]), "damaged"),
        (with_part("history", {"loss": [10**400]}), "damaged"),
        (good | {"kind": "parameters", "parameters": {}}, "holds 'parameters', not 'training'"),
    ]
    for content, message in bad:
        path.write_text(json.dumps(content))
        with pytest.raises(ValueError, match=rf"training\.json'.*{message}"):
            trainer.load(path)
        now = (trainer.model.state_dict(), trainer.optimiser.state_dict(), dict(trainer.history))
        assert now == state
