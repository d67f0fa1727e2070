"""For every gate an ordinary row of operands, inside its domain and away from its corners."""

import math
import struct

SAMPLES = {
    "add": (2.0, -3.5),
    "subtract": (2.0, -3.5),
    "multiply": (2.0, -3.5),
    "divide": (2.0, -3.5),
    "reciprocal": (-3.5,),
    "negate": (2.0,),
    "power": (1.5, -2.5),
    "power_limit": (1.5, -2.5),
    "exp": (1.25,),
    "expm1": (1.25,),
    "log": (2.5,),
    "log1p": (-0.5,),
    "sqrt": (2.5,),
    "sin": (1.25,),
    "cos": (1.25,),
    "sinh": (1.25,),
    "cosh": (1.25,),
    "sech": (1.25,),
    "tanh": (-0.75,),
    "sigmoid": (-0.75,),
    "softplus": (-0.75,),
    "absolute": (-0.75,),
    "step": (0.75,),
    "relu": (0.75,),
    "leaky_relu": (-0.75, 0.2),
    "elu": (-0.75, 1.5),
    "maximum": (2.0, -3.5),
    "minimum": (2.0, -3.5),
    "greater": (2.0, -3.5),
    "equal": (2.0, -3.5),
    "where": (1.0, 2.0, -3.5),
    "total": (2.0, -3.5, 0.5),
    "dot": (2.0, -3.5, 0.5, 1.5),
    "weighted_sum": (2.0, -3.5, 0.5, 1.5, 0.75),
    "logsumexp": (2.0, -3.5, 0.5),
}


def bits(number: float) -> str:
    """A float bit for bit; every nan is like every other."""
    return "nan" if math.isnan(number) else struct.pack("d", number).hex()
