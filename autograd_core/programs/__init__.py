"""Programs: a graph recorded once, compiled, and evaluated for a whole batch.

A `Program` (`program.py`) is made in three stages.

1. **Record.** Python code computes with values, and the graph of values is what it recorded.
2. **Compile** (`compile/`). `lower.py` writes that graph down without its values, adds the
   derivative graph, so that upstream and local gradients are nodes like all others, makes a table
   of what is wanted (`graph.py`), equal nodes once and constants folded, and calls the other two.
   `rewrite_sums.py` takes sums of products apart and puts them together as rows of matrix products.
   `schedule.py` sorts the nodes into levels, makes one group of all gates of a level that are
   alike, and gives every number its place in an array; and it turns the contributions to each
   parameter's gradient into sums over the batch, δ aᵀ where they form a matrix. The result is a
   plan: columns of whole numbers.
3. **Run** (`run/`). `steps.py` lowers a plan to steps: an operation, and the rows of one array that
   it takes and computes; each example is a *lane* of these. `plan.py` cuts a batch into blocks that
   fit the cache, and has two back ends carry the steps out. Where the engine is compiled,
   `loops.pyx` does so in C, without the interpreter lock: loops over rows and lanes, printed from
   the gate table; for few lanes, `lane.pyx` writes the steps out number by number. Else
   `numpy_loops.py` binds them once as NumPy calls, for each size of block; so it does, compiled,
   with large matrix products and gates that were entered at run time. Parts of a batch can run in
   other processes.

Around them: `batch.py` makes arrays of what callers hand in, and `fitting.py` makes what optimisers
call. `check.py` compares a program with the eager engine gate by gate. `instructions.py` makes
objects of a plan's columns, of which `printer.py` writes each in a line, with what lectures call W,
Z, A and D, in their notation (`explain/notation.py`), and `source.py` writes a function in C or in
Python.

Imports go one way: `program.py`, then what is around it, then `compile/`, then `run/`, then
`graph.py`.
"""
