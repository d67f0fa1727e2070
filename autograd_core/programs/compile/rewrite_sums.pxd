# The types with which rewrite_sums.py is compiled. Nodes that go into lists stay objects, so that
# these share them.

cimport cython

from autograd_core.programs.graph cimport Graph

cdef class Terms:
    cdef list mixed, both, plain, negated, shared
    cdef tuple varying

@cython.locals(
    one="Py_ssize_t", minus_one="Py_ssize_t", hidden=bytearray, sums=dict, new=Graph, places=list,
    node="Py_ssize_t", operation=str, operands=tuple, place="Py_ssize_t", operand="Py_ssize_t",
    terms=Terms
)
cpdef rewrite_sums(Graph graph, object kept)

@cython.locals(
    uses=list, hidden=bytearray, node="Py_ssize_t", operand="Py_ssize_t", operands=tuple,
    operation=str
)
cdef bytearray _hidden(Graph graph, object kept)

@cython.locals(
    waiting=list, term="Py_ssize_t", operation=str, operands=tuple, half="Py_ssize_t",
    place="Py_ssize_t", terms=Terms
)
cdef Terms _terms(
    Graph graph, Py_ssize_t node, bytearray hidden, Py_ssize_t one, Py_ssize_t minus_one
)

@cython.locals(first=int, second=int)
cdef _sort(Graph graph, Terms terms, object x, object y, Py_ssize_t one, Py_ssize_t minus_one)

@cython.locals(
    parts=list, plain=list, negated=list, mixed=list, result="Py_ssize_t", part="Py_ssize_t"
)
cdef Py_ssize_t _rebuild(Graph graph, Terms terms, list places, bint as_row) except -1

cdef list _total(Graph graph, list terms)
cdef list _summed(Graph graph, list products, list places)
cdef list _moved(list products, list places)
cdef list _column(list products, Py_ssize_t place)
