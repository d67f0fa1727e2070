"""What values are asked for in the words of other engines, and what to write here."""

from typing import Any

_NUMBER = "a value is one number, v.data"
_INPUTS = "the values that went into the gate are v.inputs"
_GATE = "the gate is v.gate; it is None for a leaf"
_LIST = "a value is one number; of a list write total(values), mean(values), prod(values)"
_SHAPE = "a value is one number, without a shape"
_COPY = "write v.detach() for a leaf with the same number, copy.copy(v) for the same gate again"

CURES = {
    **dict.fromkeys(["item", "numpy", "tolist", "value", "val", "eval", "cpu"], _NUMBER),
    **dict.fromkeys(["gradient", "derivative"], "the gradient is v.grad"),
    **dict.fromkeys(["children", "parents", "prev"], _INPUTS),
    **dict.fromkeys(["op", "operation", "grad_fn", "is_leaf"], _GATE),
    **dict.fromkeys(["sum", "mean", "prod"], _LIST),
    **dict.fromkeys(["shape", "size", "T", "reshape", "dtype"], _SHAPE),
    **dict.fromkeys(["clone", "copy"], _COPY),
    "name": "the name is v.label",
    "softmax": "it is of several values, nn.softmax(values)",
    "detach_": "write v = v.detach()",
    "requires_grad_": "every value gets a gradient; v.detach() is a leaf of its own",
    "retain_grad": "every value keeps its gradient, v.grad",
    "zero_": "write v.grad = 0.0, or v.zero_grad() for the whole circuit",
    "pow": "write v ** y",
    "add_": "write v = v + y; the number of a leaf can be set, v.data += 1",
    "sub": "write v - y",
    "mul": "write v * y",
    "div": "write v / y",
    "neg": "write -v",
    "abs": "write abs(v)",
    "ln": "the natural logarithm is v.log()",
    # NumPy asks each value of an array for these
    "fmod": "there is no gate for a remainder; write math.fmod(v.data, …) for the plain number",
    "logical_xor": "write (v != 0) != (w != 0) for plain truth",
}
"""For each name that values do not have what stands in its place."""


class OtherName:
    """An attribute that values do not have; who reads it is told what to write.

    It stands in the class, so that no attribute is slower for it. A subclass, and an instance of
    it, may have an attribute of this name.
    """

    def __init__(self, name: str, cure: str) -> None:
        self.name = name
        self.cure = cure

    def __get__(self, instance: object, owner: Any = None) -> Any:
        raise AttributeError(f"a {owner.__name__} has no {self.name!r}: {self.cure}")
