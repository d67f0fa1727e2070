"""What explains a circuit: its trace, the explanation in words, staged code, and names for values.

`tracing` records both passes as plain data; `words` and `staged` write them down; `names` labels
values; `text` writes numbers and tables; `notation` writes instructions on whole arrays.

The function `explain` has the name of this package. `autograd_core.explain` is the function, so
`import autograd_core.explain as e` gives that too; import from here, `from autograd_core.explain
import trace`.
"""

from autograd_core.explain.names import indexed, name_all, name_values, named_values
from autograd_core.explain.notation import Notation
from autograd_core.explain.staged import stage, stage_gradients, staged_code
from autograd_core.explain.text import fixed, significant, table
from autograd_core.explain.tracing import (
    BackwardStep,
    Contribution,
    ForwardStep,
    Trace,
    TracedValue,
    trace,
)
from autograd_core.explain.words import (
    MOST_LISTED,
    explain,
    formula_parts,
    gate_in_words,
    write_formula,
)
from autograd_core.languages.javascript_text import JavaScriptText
from autograd_core.languages.python_text import PythonText
from autograd_core.languages.source_text import (
    COMPARISON,
    SUM,
    TERNARY,
    Expression,
    SourceText,
    expression,
    infix,
)

__all__ = [
    "COMPARISON",
    "MOST_LISTED",
    "SUM",
    "TERNARY",
    "BackwardStep",
    "Contribution",
    "Expression",
    "ForwardStep",
    "JavaScriptText",
    "Notation",
    "PythonText",
    "SourceText",
    "Trace",
    "TracedValue",
    "explain",
    "expression",
    "fixed",
    "formula_parts",
    "gate_in_words",
    "indexed",
    "infix",
    "name_all",
    "name_values",
    "named_values",
    "significant",
    "stage",
    "stage_gradients",
    "staged_code",
    "table",
    "trace",
    "write_formula",
]
