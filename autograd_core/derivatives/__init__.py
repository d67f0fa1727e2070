"""Derivatives as circuits (`adjoint`), and their check by numerical differentiation."""

from autograd_core.derivatives.adjoint import (
    Pair,
    contributions,
    directional_derivatives,
    expand,
    grad,
)

__all__ = ["Pair", "contributions", "directional_derivatives", "expand", "grad"]
