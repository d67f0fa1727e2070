"""What explains a circuit: its trace, the explanation in words, staged code, and names for values.

`tracing` records both passes as plain data; `words` and `staged` write them down; `names` labels
values; `text` writes numbers and tables. `source_text` prints a gate's formulas as a program, in
one of the languages of `python_text` and `javascript_text`; `notation` writes instructions on whole
arrays.
"""

from autograd_core.explain.javascript_text import JavaScriptText
from autograd_core.explain.names import indexed, name_all, name_values, named_values
from autograd_core.explain.notation import Notation
from autograd_core.explain.python_text import PythonText
from autograd_core.explain.source_text import (
    COMPARISON,
    SUM,
    TERNARY,
    Expression,
    SourceText,
    expression,
    infix,
)
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
