"""Numbers from elsewhere: those of PyTorch, and those that micrograd's notebook has published."""

import json
from pathlib import Path

FOLDER = Path(__file__).parent
PYTORCH = json.loads((FOLDER / "pytorch_numbers.json").read_text("utf-8"))
MOONS = json.loads((FOLDER.parents[2] / "demos" / "data" / "moons.json").read_text("utf-8"))
"""100 points with labels, and the losses and accuracies of 100 steps of training."""
