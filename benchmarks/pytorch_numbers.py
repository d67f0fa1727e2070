"""What PyTorch gives for the losses, optimisers and learning-rate schedules of `nn`.

Writes `tests/support/oracles/pytorch_numbers.json`, which the tests compare with, so that they need
no PyTorch. To make it anew, in an environment of its own:

    pip install torch==2.13.0
    python benchmarks/pytorch_numbers.py

All numbers are in double precision. The file has, one case on a line,
- losses: outputs and target, the loss, and its derivative with respect to each output;
- optimisers: where each is after each of 20 steps down (1 − x)² + 10 (y − x²)² from (−1, 1.5);
- clipping: gradients, and what is left of them by `clip_grad_norm_` and `clip_grad_value_`;
- schedules: the learning rate of each of 30 updates.
"""

import json
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn, optim
from torch.optim import lr_scheduler

FILE = Path(__file__).parents[1] / "tests" / "support" / "oracles" / "pytorch_numbers.json"
LOGITS = [-700.0, -30.0, -2.5, -1e-9, 0.0, 0.75, 1.25, 30.0, 700.0]
PROBABILITIES = [1e-9, 0.1, 0.5, 0.75, 1.0 - 1e-9]
SEVERAL_LOGITS = [[0.0, 0.0, 0.0], [1.0, -2.0, 0.5], [30.0, -30.0, 29.5], [700.0, -700.0, 0.0]]
DISTRIBUTIONS = [[0.2, 0.5, 0.3], [1e-12, 0.25, 0.75], [1e-300, 0.5, 0.5]]


def half_squared_error(outputs: Tensor, target: Any) -> Tensor:
    return 0.5 * squared_error(outputs, target)


def squared_error(outputs: Tensor, target: Any) -> Tensor:
    return nn.MSELoss(reduction="sum")(outputs, doubles(target))


def binary_cross_entropy(outputs: Tensor, target: Any) -> Tensor:
    return nn.BCELoss(reduction="sum")(outputs, doubles(target))


def binary_cross_entropy_from_logit(outputs: Tensor, target: Any) -> Tensor:
    return nn.BCEWithLogitsLoss(reduction="sum")(outputs, doubles(target))


def negative_log_likelihood(outputs: Tensor, target: Any) -> Tensor:
    return nn.NLLLoss()(outputs.log(), torch.tensor(target))


def softmax_cross_entropy(outputs: Tensor, target: Any) -> Tensor:
    return nn.CrossEntropyLoss()(outputs, torch.tensor(target))


def softmax_cross_entropy_without_first(outputs: Tensor, target: Any) -> Tensor:
    return softmax_cross_entropy(torch.cat([doubles([0.0]), outputs]), target)


def hinge(outputs: Tensor, target: Any) -> Tensor:
    distance = outputs * doubles(target)
    return nn.HingeEmbeddingLoss(margin=1.0, reduction="sum")(distance, -torch.ones_like(distance))


def loss_cases() -> list[tuple[Callable[[Tensor, Any], Tensor], list[float], Any]]:
    """Every loss with outputs and targets of the kind that it takes."""
    numbers = [([z], [y]) for z, y in product(LOGITS, [-1.5, 0.0, 30.0])]
    numbers += [([1.0, -2.0, 700.0], [0.5, 3.0, -700.0]), ([1e-9, 0.0], [0.0, 0.0])]
    signs = [([z], [t]) for z, t in product(LOGITS, [-1.0, 1.0])]
    signs += [([0.5, -3.0, 2.0], [-1.0, -1.0, 1.0])]
    labels = [([z], [y]) for z, y in product(LOGITS, [0.0, 1.0])]
    labels += [([0.5, -3.0, 2.0], [0.0, 0.0, 1.0])]
    likely = [([p], [y]) for p, y in product(PROBABILITIES, [0.0, 1.0])]
    likely += [([0.5, 0.9, 0.2], [0.0, 0.0, 1.0])]
    return [
        *[(half_squared_error, *case) for case in numbers],
        *[(squared_error, *case) for case in numbers],
        *[(binary_cross_entropy, *case) for case in likely],
        *[(binary_cross_entropy_from_logit, *case) for case in labels],
        *[(negative_log_likelihood, *case) for case in product(DISTRIBUTIONS, range(3))],
        *[(softmax_cross_entropy, *case) for case in product(SEVERAL_LOGITS, range(3))],
        *[
            (softmax_cross_entropy_without_first, *case)
            for case in product(SEVERAL_LOGITS, range(4))
        ],
        *[(hinge, *case) for case in signs],
    ]


def loss_numbers() -> list[dict[str, Any]]:
    cases = []
    for loss, outputs, target in loss_cases():
        leaves = doubles(outputs).requires_grad_()
        value = loss(leaves, target)
        value.backward()
        cases.append(
            {
                "loss": loss.__name__,
                "outputs": outputs,
                "target": target,
                "value": value.item(),
                "gradient": leaves.grad.tolist(),
            }
        )
    return cases


def optimiser_numbers() -> list[dict[str, Any]]:
    makers: dict[str, Callable[[list[Tensor]], optim.Optimizer]] = {
        "steepest descent": lambda place: optim.SGD(place, lr=0.01),
        "momentum": lambda place: optim.SGD(place, lr=0.002, momentum=0.9),
        "nesterov": lambda place: optim.SGD(place, lr=0.002, momentum=0.9, nesterov=True),
        "adam": lambda place: optim.Adam(place, lr=0.1),
        "adam with its own decays": lambda place: optim.Adam(
            place, lr=0.05, betas=(0.5, 0.9), eps=1e-3
        ),
    }
    cases = []
    for name, make in makers.items():
        place = doubles([-1.0, 1.5]).requires_grad_()
        optimiser = make([place])
        path = []
        for _ in range(20):
            optimiser.zero_grad()
            x, y = place
            ((1 - x) ** 2 + 10 * (y - x**2) ** 2).backward()
            optimiser.step()
            path.append(place.tolist())
        cases.append({"optimiser": name, "path": path})
    return cases


def clipping_numbers() -> list[dict[str, Any]]:
    ways: dict[str, Callable[[list[Tensor], float], Any]] = {
        "clip_norm": nn.utils.clip_grad_norm_,
        "clip_value": nn.utils.clip_grad_value_,
    }
    gradients = [[3.0, -4.0], [0.3, 0.4, 0.0], [-1e-3, 2e3, 7.0, -0.5], [0.0, 0.0]]
    cases = []
    for name, gradient, limit in product(ways, gradients, [0.1, 1.0, 100.0]):
        leaf = doubles([0.0] * len(gradient)).requires_grad_()
        leaf.grad = doubles(gradient)
        ways[name]([leaf], limit)
        cases.append(
            {"way": name, "limit": limit, "gradient": gradient, "left": leaf.grad.tolist()}
        )
    return cases


def schedule_numbers() -> list[dict[str, Any]]:
    makers: dict[str, Callable[[optim.Optimizer], lr_scheduler.LRScheduler]] = {
        "step": lambda optimiser: lr_scheduler.StepLR(optimiser, step_size=7, gamma=0.5),
        "exponential": lambda optimiser: lr_scheduler.ExponentialLR(optimiser, gamma=0.9),
        "cosine": lambda optimiser: lr_scheduler.CosineAnnealingLR(
            optimiser, T_max=30, eta_min=0.01
        ),
    }
    cases = []
    for name, make in makers.items():
        optimiser = optim.SGD([doubles([0.0]).requires_grad_()], lr=0.2)
        schedule = make(optimiser)
        rates = []
        for _ in range(30):
            rates.append(schedule.get_last_lr()[0])
            optimiser.step()
            schedule.step()
        cases.append({"schedule": name, "rates": rates})
    return cases


def doubles(numbers: Any) -> Tensor:
    return torch.tensor(numbers, dtype=torch.float64)


def main() -> None:
    parts = {
        "losses": loss_numbers(),
        "optimisers": optimiser_numbers(),
        "clipping": clipping_numbers(),
        "schedules": schedule_numbers(),
    }
    lines = [f'"torch": {json.dumps(torch.__version__.partition("+")[0])}']
    for name, cases in parts.items():
        rows = ",\n".join(json.dumps(case, allow_nan=False) for case in cases)
        lines.append(f'"{name}": [\n{rows}\n]')
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
