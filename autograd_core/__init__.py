"""A scalar reverse-mode automatic differentiation engine.

`Value` records operations as gates of a circuit, `backward()` carries upstream × local gradients
from the output to the inputs, and the rest of this package explains what happened.

>>> x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
>>> f = (x + y) * z
>>> f.backward()
>>> x.grad, y.grad, z.grad
(-4.0, -4.0, 3.0)
"""

import autograd_core.form  # noqa: F401  (first of all, for it decides what the others are)

# isort: split
from autograd_core.affine import affine, have_attributes
from autograd_core.circuits import expand
from autograd_core.derivatives import grad
from autograd_core.display import mime_bundle
from autograd_core.explanation import explain, write_formula
from autograd_core.gate import GATES, Domain, Gate, compiled
from autograd_core.gate_functions import *  # noqa: F403  (every gate, under its own name)
from autograd_core.gradient_check import Check, GradientCheck, gradcheck
from autograd_core.looking import RecordingError, no_looking
from autograd_core.naming import name_values
from autograd_core.programs.program import Program
from autograd_core.recording import no_grad
from autograd_core.staged import staged_code
from autograd_core.tracing import (
    BackwardStep,
    Contribution,
    ForwardStep,
    Trace,
    TracedValue,
    trace,
)
from autograd_core.value import Value, gate

__all__ = [
    "GATES",
    "BackwardStep",
    "Check",
    "Contribution",
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
    "compiled",
    "expand",
    "explain",
    "gate",
    "grad",
    "gradcheck",
    "have_attributes",
    "mime_bundle",
    "name_values",
    "no_grad",
    "no_looking",
    "staged_code",
    "trace",
    "write_formula",
    *GATES,
]
