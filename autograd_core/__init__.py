"""A scalar reverse-mode automatic differentiation engine.

`Value` records operations as gates of a circuit, `backward()` carries upstream × local gradients
from the output to the inputs, and the rest of this package explains what happened.

>>> x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
>>> f = (x + y) * z
>>> f.backward()
>>> x.grad, y.grad, z.grad
(-4.0, -4.0, 3.0)
"""

import sys
from typing import TYPE_CHECKING

if sys.version_info < (3, 10):  # noqa: UP036  (nothing refuses a clone that is not installed)
    raise ImportError(f"Python 3.10 or later is needed; this is {sys.version.split()[0]}")

import autograd_core._cython  # noqa: F401  (first of all, for it decides what the others are)

# isort: split
from autograd_core import leaves
from autograd_core.affine import affine
from autograd_core.derivatives import expand, grad
from autograd_core.display import load_when_used, mime_bundle
from autograd_core.explain import (
    BackwardStep,
    Contribution,
    ForwardStep,
    Trace,
    TracedValue,
    explain,
    name_values,
    staged_code,
    trace,
    write_formula,
)
from autograd_core.gate import GATES, Domain, Gate, compiled
from autograd_core.graphs import Difference, first_difference, paired, rebuild, same_number
from autograd_core.languages.gate_functions import *  # noqa: F403  (every gate, by its name)
from autograd_core.modes import RecordingError, forbid_data_access, no_grad, no_looking
from autograd_core.toposort import all_values
from autograd_core.value import Value, gate

__version__ = "0.1.0"

if TYPE_CHECKING:
    from autograd_core.derivatives.gradient_check import Check, GradientCheck, gradcheck
    from autograd_core.files import install_command, replace_file, run_command
    from autograd_core.programs.program import Program

__all__ = [
    "GATES",
    "BackwardStep",
    "Check",
    "Contribution",
    "Difference",
    "Domain",
    "ForwardStep",
    "Gate",
    "GradientCheck",
    "Program",
    "RecordingError",
    "Trace",
    "TracedValue",
    "Value",
    "affine",
    "all_values",
    "compiled",
    "expand",
    "explain",
    "first_difference",
    "forbid_data_access",
    "gate",
    "grad",
    "gradcheck",
    "install_command",
    "leaves",
    "load_when_used",
    "mime_bundle",
    "name_values",
    "no_grad",
    "no_looking",
    "paired",
    "rebuild",
    "replace_file",
    "run_command",
    "same_number",
    "staged_code",
    "trace",
    "write_formula",
    *GATES,
]

_LOADED_WHEN_USED = {
    "autograd_core.files": ["install_command", "replace_file", "run_command"],
    "autograd_core.derivatives.gradient_check": ["Check", "GradientCheck", "gradcheck"],
    "autograd_core.programs.program": ["Program"],
}
"""Names of modules that an ordinary circuit does not need; programs load NumPy."""

_ELSEWHERE = {
    **dict.fromkeys(["Tensor", "tensor", "Variable", "Scalar", "Var"], "Value(2.0)"),
    "Parameter": "Value(0.5), an attribute of a nn.Module",
    **dict.fromkeys(["inference_mode", "set_grad_enabled"], "`with no_grad():`"),
    "enable_grad": "what is to be recorded outside of no_grad",
    **dict.fromkeys(["detach", "backward", "zero_grad"], "y.detach(), y.backward(), y.zero_grad()"),
    "ln": "log(x)",
    "pow": "x ** y",
    "square": "x ** 2",
    "abs": "abs(x), or absolute(x)",
    "sum": "sum(values), or total(values)",
    **dict.fromkeys(["max", "min"], "max(values), min(values), or maximum(*values), minimum(…)"),
    **dict.fromkeys(["logistic"], "sigmoid(x)"),
    "swish": "silu(x)",
    "clamp": "clip(x, low, high)",
    "softmax": "nn.softmax(values)",
    **dict.fromkeys(["value_and_grad", "elementwise_grad"], "y.data and grad(y, [x])"),
    **dict.fromkeys(["jacobian", "jacrev", "jacfwd"], "Program(y, [x]).jacobian(batch)"),
    **dict.fromkeys(["hessian", "hvp"], "Program(y, [x]).hessian_product(…), or grad of grad"),
    **dict.fromkeys(["draw_dot", "draw", "trace_graph"], "viz.draw(y), after import viz"),
    **dict.fromkeys(["MLP", "Layer", "Neuron", "Module", "Adam"], "from nn import MLP, Adam, …"),
    **dict.fromkeys(["SGD", "optim"], "from nn import SteepestDescent"),
    "engine": "from autograd_core import Value",
    "nn": "import nn",
}
"""What other engines call things, and what to write here."""

if not TYPE_CHECKING:  # to a checker, a module with `__getattr__` has every name
    __getattr__, __dir__ = load_when_used(__name__, __all__, _LOADED_WHEN_USED, _ELSEWHERE)
