# The types with which rewrite_sums.py is compiled.

cimport cython

from autograd_core.programs.graph cimport Graph

@cython.locals(
    one="Py_ssize_t", minus_one="Py_ssize_t", hidden=bytearray, sums=dict, new=Graph, places=list,
    node="Py_ssize_t", operation=str, operands=tuple, place="Py_ssize_t", operand="Py_ssize_t"
)
cpdef rewrite_sums(Graph graph, object kept)

@cython.locals(
    uses=list, hidden=bytearray, node="Py_ssize_t", operand="Py_ssize_t", operands=tuple,
    operation=str
)
cdef bytearray _hidden(Graph graph, object kept)

@cython.locals(
    waiting=list, term="Py_ssize_t", operation=str, operands=tuple, half="Py_ssize_t",
    place="Py_ssize_t"
)
cdef _terms(Graph graph, Py_ssize_t node, bytearray hidden, Py_ssize_t one, Py_ssize_t minus_one)

@cython.locals(first=int, second=int, sorted_=list)
cdef _sort(Graph graph, object terms, Py_ssize_t x, Py_ssize_t y, Py_ssize_t one, Py_ssize_t minus_one)

@cython.locals(parts=list, plain=list, negated=list, result="Py_ssize_t", part="Py_ssize_t")
cdef Py_ssize_t _rebuild(Graph graph, object terms, bint as_row) except -1

cdef list _total(Graph graph, list terms)
cdef list _summed(Graph graph, list products)
cdef list _column(list products, Py_ssize_t place)
