"""A scalar reverse-mode automatic differentiation engine.

`Value` records operations as gates of a circuit, `backward()` carries upstream × local gradients
from the output to the inputs, and the rest of this package explains what happened.

>>> x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
>>> f = (x + y) * z
>>> f.backward()
>>> x.grad, y.grad, z.grad
(-4.0, -4.0, 3.0)
"""

from typing import TYPE_CHECKING

import autograd_core._cython  # noqa: F401  (first of all, for it decides what the others are)

# isort: split
from autograd_core.affine import affine, have_attributes
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
    from autograd_core.files import replace_file
    from autograd_core.gradient_check import Check, GradientCheck, gradcheck
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
    "have_attributes",
    "load_when_used",
    "mime_bundle",
    "name_values",
    "no_grad",
    "no_looking",
    "paired",
    "rebuild",
    "replace_file",
    "same_number",
    "staged_code",
    "trace",
    "write_formula",
    *GATES,
]

_LOADED_WHEN_USED = {
    "autograd_core.files": ["replace_file"],
    "autograd_core.gradient_check": ["Check", "GradientCheck", "gradcheck"],
    "autograd_core.programs.program": ["Program"],
}
"""Names of modules that an ordinary circuit does not need; programs load NumPy."""

if not TYPE_CHECKING:  # to a checker, a module with `__getattr__` has every name
    __getattr__, __dir__ = load_when_used(__name__, __all__, _LOADED_WHEN_USED)
