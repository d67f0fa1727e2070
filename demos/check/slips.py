"""The mistakes that are known, each as a change in the text of `demos/engine.py`."""

import linecache
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

_PATH = Path(__file__).parents[1] / "engine.py"


@dataclass(frozen=True)
class Slip:
    """A mistake in one line of the engine.

    Attributes:
        step: the first step in which it can be made.
        wrong, right: what it makes of which text of `demos/engine.py`.
        says: what it is, and the cure; `{name}` stands for the value whose number is wrong.
    """

    step: int
    wrong: str
    right: str
    says: str


_PASS_ON = "for operand, local in zip(self.operands, self.local, strict=True):"
_NOT_KEPT = (
    "Nothing has arrived at {name}. Does the gate keep its function, as in "
    "`out._backward = _backward`?"
)
_SORT = """            for operand in value.operands:
                visit(operand)
            order.append(value)
"""

SLIPS = (
    # one gate
    Slip(3, "for operand, local in ():", _PASS_ON, _NOT_KEPT),
    Slip(3, "(0.0, 0.0))\n\n    def __mul__", "(1.0, 1.0))\n\n    def __mul__", _NOT_KEPT),
    Slip(3, "(0.0, 0.0))\n\n    __radd__", "(other.data, self.data))\n\n    __radd__", _NOT_KEPT),
    Slip(3, _PASS_ON.replace("self.operands, self.local, strict=True",
                             "self.operands[:1], self.local"), _PASS_ON,
         "Only the first operand of a gate gets its gradient; {name} is the second."),
    Slip(3, "(self.data, other.data))\n\n    __radd__", "(other.data, self.data))\n\n    __radd__",
         "In x * y the local gradient of x is y, and that of y is x: each is the *other* factor."),
    Slip(3, "(other.data, self.data))\n\n    def __mul__", "(1.0, 1.0))\n\n    def __mul__",
         "The local gradients of x + y are both 1, whatever x and y are. (Those of x * y are y and "
         "x.)"),
    Slip(3, "operand.grad += local", "operand.grad += local * self.grad",
         "That is the local gradient alone. The chain rule multiplies it by the gradient that "
         "arrives from above: upstream × local, `out.grad * …`."),
    Slip(3, "operand.grad += self.grad", "operand.grad += local * self.grad",
         "That is the upstream gradient alone. Each gate multiplies it by its local gradient: that "
         "of x in x * y is y."),
    Slip(3, "operand.grad += local + self.grad", "operand.grad += local * self.grad",
         "Upstream and local gradient were added. The chain rule multiplies them."),
    Slip(3, "operand.grad -= local * self.grad", "operand.grad += local * self.grad",
         "The sign is turned around: the gradient of a value says how the output *grows* with it."),
    # forks
    Slip(4, "operand.grad = local * self.grad", "operand.grad += local * self.grad",
         "{name} is used more than once, and a later contribution replaced the earlier one. Add "
         "contributions: `+=`, not `=`."),
    Slip(4, "for operand, local in dict(zip(self.operands, self.local)).items():", _PASS_ON,
         "{name} is both operands of one gate, and only one of them counted. A set or a dictionary "
         "keeps the same value once: keep the operands in a tuple."),
    # order
    Slip(5, "pass", "self.grad = 1.0",
         "Every gradient is a multiple of that of the output, which is 0 unless you set it: begin "
         "with `self.grad = 1.0`."),
    Slip(5, "self.grad = self.data", "self.grad = 1.0",
         "The output's own gradient is 1, whatever its data is: it grows by as much as it grows."),
    Slip(5, "in order:\n            value._b", "in reversed(order):\n            value._b",
         "The values pass their gradients on in the order in which they were computed. The output "
         "has to be first, and the leaves last: `reversed(order)`."),
    Slip(5, "if True:", "if value not in seen:",
         "A value that is used twice stands twice in the order, and passes its gradient on twice. "
         "Keep what you have seen, and put each value into the order once."),
    Slip(5, _SORT.replace("            order.append(value)\n", "").replace(
        "            for", "            order.insert(0, value)\n            for"), _SORT,
         "{name} passed its gradient on before all contributions to it had arrived, or got one too "
         "late. Put a value into the order after all its operands, not before them; then go "
         "through the order backwards."),
    Slip(5, "for value in [self]:", "for value in reversed(order):",
         "Only the output has passed its gradient on. Every value of the circuit has to."),
    # more gates
    Slip(6, "Value(out, (self,), (self.data,))", "Value(out, (self,), (out,))",
         "The derivative of exp(x) is exp(x), the gate's own output, and not x."),
    Slip(6, "Value(out, (self,), (1.0,))", "Value(out, (self,), (out,))",
         "The derivative of exp(x) is exp(x), the gate's own output, and not 1."),
    Slip(6, "1.0 - out,", "1.0 - out * out,",
         "The derivative of tanh(x) is 1 - t², with t = tanh(x): the square is missing."),
    Slip(6, "1.0 - self.data * self.data,", "1.0 - out * out,",
         "The derivative of tanh(x) is 1 - t², and t is tanh(x), the gate's output, not x."),
    Slip(6, "out / other.data))", "-out / other.data))",
         "The derivative of a / b by b is -a / b²: the minus sign is missing."),
    Slip(6, "-out))", "-out / other.data))",
         "The derivative of a / b by b is -a / b²: the square is missing."),
    Slip(6, "-1.0 / other.data**2))", "-out / other.data))",
         "The derivative of a / b by b is -a / b²: the a is missing."),
    Slip(6, "(1.0, 1.0))\n\n    def __truediv__", "(1.0, -1.0))\n\n    def __truediv__",
         "The local gradients of x - y are 1 and -1."),
    Slip(6, "(self,), (1.0,))", "(self,), (-1.0,))", "The local gradient of -x is -1."),
    Slip(6, "return self - other", "return as_value(other) - self",
         "In `2 - x` Python calls `x.__rsub__(2)`: the number is the first operand, x the second."),
    Slip(6, "return self / other", "return as_value(other) / self",
         "In `1 / x` Python calls `x.__rtruediv__(1)`: the number is the first operand, x the "
         "second."),
    # training
    Slip(8, "pass", "parameter.grad = 0.0",
         "Gradients add up from step to step, because nobody sets them back: before each "
         "`backward()`, `parameter.grad = 0.0` for every parameter. (`zero_grad` elsewhere.)"),
    Slip(8, "parameter.data += rate", "parameter.data -= rate",
         "The error climbs: the gradient points uphill, so a step goes against it, `-=`."),
    Slip(8, "parameter.data -= parameter.grad", "parameter.data -= rate * parameter.grad",
         "The rate is not used: a step is rate × gradient."),
    Slip(8, "parameter = parameter - rate * parameter.grad",
         "parameter.data -= rate * parameter.grad",
         "The parameters have not changed. `p = p - …` makes a new Value and leaves the old one "
         "where it was: change `p.data`."),
    Slip(8, "parameter.grad = 0.0; parameter.data -= rate * parameter.grad",
         "parameter.data -= rate * parameter.grad",
         "The parameters have not changed: at the step their gradients were 0. Is `backward()` "
         "called, and were they set to 0 after it? Set them to 0 before `backward()`."),
    Slip(8, "error = total", "error = total / len(examples)",
         "That is the sum over the examples; the mean was asked for."),
    Slip(8, "error = total / len(examples) / 2", "error = total / len(examples)",
         "That is half the error: the mean of the squares was asked for, without ½."),
    Slip(8, "total = difference * difference", "total = total + difference * difference",
         "Only the last example counts: add up over all of them."),
    Slip(8, "total = total + difference", "total = total + difference * difference",
         "The differences are not squared, so positive and negative ones cancel."),
    Slip(8, "errors.append(sum((model(x) - t).data ** 2 for x, t in examples) / len(examples))",
         "errors.append(error.data)",
         "These are the errors after each step; those before it were asked for."),
)  # fmt: skip
"""What is known to go wrong, in the order in which it is thought of within a step."""


@cache
def engine_with(wrong: str, right: str) -> ModuleType:
    """The engine with some text of its source replaced, as a module of its own.

    `inspect.getsource` shows what then stands there.

    Args:
        wrong: what is to stand there.
        right: what stands in `demos/engine.py`, once.

    Raises:
        ValueError: if it does not stand there, or more than once.

    >>> engine = engine_with("operand.grad = local", "operand.grad += local")
    >>> x = engine.Value(3.0)
    >>> (x * x).backward()
    >>> x.grad
    3.0
    """
    text = _PATH.read_text(encoding="utf-8")
    if text.count(right) != 1:
        raise ValueError(f"demos/engine.py has {right!r} {text.count(right)} times, and not once")
    text = text.replace(right, wrong)
    name = f"engine.py with {wrong!r}"
    linecache.cache[name] = len(text), None, text.splitlines(keepends=True), name
    module = ModuleType("engine")
    exec(compile(text, name, "exec"), module.__dict__)
    return module
