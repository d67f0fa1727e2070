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
   plan: columns of whole numbers, from which an instruction is made as an object where it is
   printed, or calls NumPy.
3. **Run** (`run/`). `plan.py` cuts a batch into blocks that fit the cache; each example is a
   *lane* of a block. Where the engine is compiled, `steps.py` writes the groups as steps, and
   `loops.pyx` carries these out in C, without the interpreter lock: loops over rows and lanes,
   printed from the gate table. For one lane alone, `lane.pyx` writes the steps out number by
   number. Else `instructions.py` binds each instruction to arrays once for
   each size of block, and then calls NumPy, one call after the other; so do, compiled, large
   matrix products and gates that were entered at run time. Parts of a batch can run in other
   processes.

Around them: `batch.py` makes arrays of what callers hand in, and `fitting.py` makes what optimisers
call. `check.py` compares a program with the eager engine gate by gate. `printer.py` writes a plan
down, with what lectures call W, Z, A and D, in their notation (`explain/notation.py`), and
`source.py` writes it as a function in C or in Python.

Imports go one way: `program.py`, then what is around it, then `compile/`, then `run/`, then
`graph.py`.
"""
