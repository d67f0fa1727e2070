"""What explains a circuit: its trace, the explanation in words, staged code, and names for values.

`tracing` records both passes as plain data; `words` and `staged` write them down: for the terminal
and for pictures, and as a program; `names` labels values, `neurons` finds those of a circuit;
`notation` writes numbers, tables, formulas, and instructions on whole arrays. `BERNOULLI` and
`ZETA` are the coefficients of ln Γ and its derivatives, for languages that have no such functions.

The function `explain` has the name of this package. `autograd_core.explain` is the function, so
`import autograd_core.explain as e` gives that too; import from here, `from autograd_core.explain
import trace`.
"""

from autograd_core.explain.names import indexed, name_all, name_values, named_values
from autograd_core.explain.neurons import Neuron, paths_of, place_of
from autograd_core.explain.notation import (
    Notation,
    fixed,
    significant,
    table,
    table_html,
    write_formula,
)
from autograd_core.explain.staged import stage, stage_gradients, staged_code
from autograd_core.explain.tracing import (
    BackwardStep,
    Contribution,
    ForwardStep,
    Trace,
    TracedValue,
    outputs_in,
    trace,
)
from autograd_core.explain.words import (
    Moment,
    Name,
    Number,
    Part,
    definitions_of,
    equation,
    explain,
    gate_in_words,
    moments_of,
    numbers_in,
    refusal_parts,
    texts_of,
    write,
)
from autograd_core.languages.python_text import PythonText
from autograd_core.languages.source_text import (
    SUM,
    Condition,
    Expression,
    SourceText,
    enclosed,
    expression,
)
from autograd_core.special import BERNOULLI, ZETA

__all__ = [
    "BERNOULLI",
    "SUM",
    "ZETA",
    "BackwardStep",
    "Condition",
    "Contribution",
    "Expression",
    "ForwardStep",
    "Moment",
    "Name",
    "Neuron",
    "Notation",
    "Number",
    "Part",
    "PythonText",
    "SourceText",
    "Trace",
    "TracedValue",
    "definitions_of",
    "enclosed",
    "equation",
    "explain",
    "expression",
    "fixed",
    "gate_in_words",
    "indexed",
    "moments_of",
    "name_all",
    "name_values",
    "named_values",
    "numbers_in",
    "outputs_in",
    "paths_of",
    "place_of",
    "refusal_parts",
    "significant",
    "stage",
    "stage_gradients",
    "staged_code",
    "table",
    "table_html",
    "texts_of",
    "trace",
    "write",
    "write_formula",
]
