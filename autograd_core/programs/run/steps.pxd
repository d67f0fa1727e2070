# The types with which steps.py is compiled.

cimport cython

from autograd_core.programs.graph cimport Graph

@cython.locals(
    graph=Graph, order="int[::1]", ends="int[::1]", places="int[::1]", code="int[::1]", rows="int[3]",
    moved=dict, at="Py_ssize_t", start="Py_ssize_t", end="Py_ssize_t", operation=int, row=int,
    name=str, operands=tuple, columns=list, operand="Py_ssize_t", node="Py_ssize_t"
)
cpdef write_groups(object steps, object plan, Py_ssize_t first, Py_ssize_t last)

cdef int place_of(int[::1] places, dict moved, Py_ssize_t node, Py_ssize_t group) except -1

@cython.locals(graph=Graph, count="Py_ssize_t", alike="Py_ssize_t", rows=list)
cdef rows_of(object steps, object plan, tuple nodes, Py_ssize_t group)
