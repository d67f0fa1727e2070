"""Numbers from elsewhere: those of PyTorch, and those that micrograd's notebook has published."""

import json
from pathlib import Path

TESTS = Path(__file__).parents[1]
PYTORCH = json.loads((TESTS / "oracles" / "pytorch_numbers.json").read_text("utf-8"))
MOONS = json.loads((TESTS.parent / "demos" / "data" / "moons.json").read_text("utf-8"))
"""100 points with labels, and the losses and accuracies of 100 steps of training."""
