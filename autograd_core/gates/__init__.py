"""The gate table: every operation of the engine, written once.

Each entry is one gate: a forward rule and, for each operand, its local gradient as a formula over
the output and the operands. `math` is the number system that the formula is put through, so that

- on floats a formula is a number, in the forward or the backward pass;
- on values it records gates: the derivative circuit, which can be differentiated again;
- on text it is a line of Python: the staged code;
- on arrays it is a line of a program: one NumPy call for a whole batch.

A formula therefore uses only `+ - * /`, functions of `math` (`math.power` where Python has `**`),
and `math.where` in place of `if`.
Where the branch not taken would fail, `math.guard(condition, x)` stands in for x there: it is 1
where the condition holds.
Where two formulas are equal on paper, the table has the one that keeps its digits: σ′(x) is
σ(x) σ(−x) and tanh′(x) is sech²(x), because 1 − σ(x) and 1 − tanh²(x) lose theirs where the
function saturates (the relative error of 1 − σ(x) passes one in a thousand at x = 30).

To add a gate, add an entry; nothing else needs to know of it.
"""

from autograd_core.gate import GATES, compiled, install_python_kernels
from autograd_core.languages.kernel_text import texts as kernel_texts

# the gates are listed in this order
# isort: off
from autograd_core.gates.arithmetic import *  # noqa: F403
from autograd_core.gates.elementary import *  # noqa: F403
from autograd_core.gates.special import *  # noqa: F403
from autograd_core.gates.activations import *  # noqa: F403
from autograd_core.gates.branches import *  # noqa: F403
from autograd_core.gates.lists import *  # noqa: F403
# isort: on

if compiled:
    from autograd_core import kernels  # type: ignore[attr-defined]

    kernels.install(GATES, kernel_texts(GATES.values()))
else:
    install_python_kernels(GATES.values())
