"""Words of errors: operands as messages tell them, and other engines' names with their cures."""

from typing import Any

from autograd_core.coerce import to_label
from autograd_core.node import Node

domain_errors = (ValueError, ZeroDivisionError, OverflowError)
"""What arithmetic on plain floats raises outside a gate's domain."""


def describe(value: Any) -> str:
    """An operand in the user's words, for messages: its label, its number, its origin.

    >>> from autograd_core import Value
    >>> describe(Value(2.0, "x")), describe(Value(2.0)), describe(Value(2.0).exp()), describe(2.0)
    ('x = 2.0', 'an unnamed leaf = 2.0', 'an unnamed output of exp = 7.38905609893065', '2.0')
    """
    if not isinstance(value, Node):
        return repr(value)
    if value._label:
        return f"{value._label} = {value._data!r}"
    origin = "leaf" if value._gate is None else f"output of {value._gate.name}"
    return f"an unnamed {origin} = {value._data!r}"


_NUMBER = "a value is one number, v.data"
_INPUTS = "the values that went into the gate are v.inputs"
_GATE = "the gate is v.gate; it is None for a leaf"
_LIST = "a value is one number; of a list write total(values), mean(values), prod(values)"
_SHAPE = "a value is one number, without a shape"
_OWN = (
    "to keep something of your own for each value, make a dictionary, {0}[v] = …, or a subclass, "
    "class Parameter(Value): pass, of which each Parameter(0.5) takes any attribute"
)
_COPY = "write v.detach() for a leaf with the same number, copy.copy(v) for the same gate again"

CURES = {
    **dict.fromkeys(["item", "numpy", "tolist", "value", "val", "eval", "cpu"], _NUMBER),
    **dict.fromkeys(["gradient", "derivative"], "the gradient is v.grad"),
    **dict.fromkeys(["children", "parents", "prev"], _INPUTS),
    **dict.fromkeys(["op", "operation", "grad_fn", "is_leaf"], _GATE),
    **dict.fromkeys(["sum", "mean", "prod"], _LIST),
    **dict.fromkeys(["shape", "size", "T", "reshape", "dtype"], _SHAPE),
    **dict.fromkeys(["clone", "copy"], _COPY),
    **dict.fromkeys(["square", "squared"], "write v ** 2"),
    **dict.fromkeys(["clamp", "clamp_"], "write v.clip(low, high)"),
    **dict.fromkeys(["max", "min"], "write v.maximum(w), v.minimum(w); of a list, max(values)"),
    **dict.fromkeys(["matmul", "dot"], "of two lists write dot(xs, ys); of two values v * w"),
    **dict.fromkeys(["dim", "ndim"], _SHAPE),
    **dict.fromkeys(["to", "cuda", "double", "float", "type"], "every number is Python's float"),
    "swish": "write v.silu()",
    "ReLU": "write v.relu()",
    "zero_grad_": "write v.zero_grad()",
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
    # What an optimiser or a drawing keeps
    **{
        name: _OWN.format(name)
        for name in (
            *("m", "v", "s", "mu", "var", "cache", "momentum", "velocity", "moment", "moments"),
            *("adam_m", "adam_v", "mean_square", "prev_grad", "last_grad", "grads", "history"),
            *("color", "colour", "id", "idx", "visited", "weight", "trainable", "tag", "info"),
        )
    },
    # NumPy asks each value of an array for these
    "fmod": "there is no gate for a remainder; write math.fmod(v.data, …) for the plain number",
    "logical_xor": "write (v != 0) != (w != 0) for plain truth",
}
"""For each name that values do not have what stands in its place."""


MODULO = "pow(x, y, z) is about whole numbers; a value has x ** y, and no remainder"

REQUIRES_GRAD = (
    "a value has no requires_grad: every value gets a gradient. For a number that needs none write "
    "the plain number, v.detach(), or a block `with no_grad():`"
)

OWN_GATE = """\
Write the operation as a gate of your own; values then get their gradients from it everywhere. With
`from autograd_core import gate`:

    @gate("x²", pattern="times 2x", local_gradients=[lambda math, out, x: 2 * x])
    def square(math, x):
        return x * x

square(x), or x.square(), is then a value with a gradient."""
"""What is said to those who write an operation as micrograd does."""

LOST_STEP = (
    "`p -= rate * p.grad` makes a new value, which p is then the name of; the parameter itself "
    "stays as it is, so in a loop over parameters nothing is trained: write "
    "p.data -= rate * p.grad, or optimiser.step(parameters)"
)


def refuse_arguments(
    data: Any, label: Any, children: Any, op: Any, name: Any, requires_grad: Any
) -> None:
    """Say what is wrong with these arguments of `Value`, and what to write."""
    if requires_grad is not None:
        raise TypeError(REQUIRES_GRAD)
    if name is not None:
        raise TypeError(f"Value takes a label, and no name; write Value({data!r}, label={name!r})")
    operands = isinstance(label, (tuple, list, set)) and all(isinstance(x, Node) for x in label)
    if children is op is None and not operands:
        to_label(label, f"Value({data!r}, …)")
    raise TypeError(
        "Value(data, label) makes a leaf. Operands and an operation are not taken, for no gradient "
        f"would reach the operands. {OWN_GATE}"
    )


def no_way_out(value: Any, form: str, cure: str) -> TypeError:
    """The error where a value would become a plain number of this form."""
    return TypeError(
        f"{describe(value)} is not turned into {form}, because its gradient would be lost. {cure}"
    )


def refuse_remainder(value: Any, sign: str, instead: str) -> None:
    """Say that values have no `//` and no `%`."""
    raise TypeError(
        f"{describe(value)}: values have no {sign}, for no gate is exact there. Write {instead} "
        f"with its gradient, or v.data {sign} y for the plain number"
    )


def no_argument_of_backward(name: str, *_: str) -> TypeError:
    """The error where `backward` is given what it takes elsewhere."""
    cures = {
        "retain_graph": ": a circuit is kept for as long as a name holds it, f.backward()",
        "create_graph": ": for derivatives of derivatives write [slope] = grad(f, [x])",
        "gradient": ": write f.backward(2.0)",
        "inputs": ": for some gradients alone write grad(f, [x])",
    }
    return TypeError(f"backward takes no {name}{cures.get(name, '')}")


def refuse_operation(value: Any, name: str) -> None:
    """Say that what micrograd's values keep of their operation is not set here."""
    raise AttributeError(
        f"{name} of {describe(value)} is there to be read: backward() takes local gradients from "
        f"gates, and what is set here would be lost. {OWN_GATE}"
    )


def no_attribute(value: Any, name: str) -> AttributeError:
    """The error where an attribute is set that values do not have."""
    from difflib import get_close_matches

    kind, cure = type(value).__name__, CURES.get(name, _OWN.format(name))
    close = get_close_matches(name.lower(), ["data", "grad", "label"], 1)
    if name in CURES:
        close = []
    if close:
        cure = f"is v.{close[0]} meant? Else"
    if cure != _OWN.format(name):
        cure += f"{' ' if close else '; '}{_OWN.format(name)}"
    return AttributeError(f"{describe(value)}: no {name!r} can be set on a {kind}: {cure}")


class OtherName:
    """An attribute that values do not have; who reads or sets it is told what to write.

    It stands in the class, so that no attribute is slower for it. A subclass, and an instance of
    it, may have an attribute of this name.
    """

    def __init__(self, name: str, cure: str) -> None:
        self.name = name
        self.cure = cure

    def __get__(self, instance: object, owner: Any = None) -> Any:
        attributes = getattr(instance, "__dict__", {})
        if self.name not in attributes:
            raise AttributeError(f"a {owner.__name__} has no {self.name!r}: {self.cure}")
        return attributes[self.name]

    def __set__(self, instance: Any, thing: object) -> None:
        if not hasattr(instance, "__dict__"):
            raise no_attribute(instance, self.name)
        instance.__dict__[self.name] = thing

    def __delete__(self, instance: Any) -> None:
        if self.name not in getattr(instance, "__dict__", {}):
            raise AttributeError(self.name)
        del instance.__dict__[self.name]
