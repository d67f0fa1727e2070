# The types with which rewrite_sums.py is compiled. Nodes that go into lists stay objects, so that
# these share them.

cimport cython

from autograd_core.programs.graph cimport Graph

@cython.locals(
    hidden=bytearray, terms=Terms, partners=dict, rewritten=bint, new=Graph, places="int[::1]",
    node="Py_ssize_t", operation=str, operands=tuple, place="Py_ssize_t", operand="Py_ssize_t"
)
cpdef rewrite_sums(Graph graph, object kept)

@cython.locals(
    uses="int[::1]", numbers="int[::1]", ends="int[::1]", hidden=bytearray, node="Py_ssize_t",
    place="Py_ssize_t", operand="Py_ssize_t", operation=str
)
cdef bytearray _hidden(Graph graph, object kept)

@cython.locals(numbers=dict, mixed=list)
cdef bint _is_row(Terms terms, dict partners) except -1

cdef class Terms:
    cdef readonly Graph graph
    cdef bytearray hidden
    cdef Py_ssize_t one, minus_one
    cdef list mixed, both, plain, negated, shared
    cdef tuple varying(self)
    @cython.locals(
        graph=Graph, waiting=list, term="Py_ssize_t", operation=str, operands=tuple,
        half="Py_ssize_t", place="Py_ssize_t"
    )
    cdef read(self, Py_ssize_t node)
    @cython.locals(first=bint, second=bint)
    cdef add(self, object x, object y)

@cython.locals(
    parts=list, plain=list, negated=list, mixed=list, result="Py_ssize_t", part="Py_ssize_t"
)
cdef Py_ssize_t _rebuild(Graph graph, Terms terms, int[::1] places, bint as_row) except -1

cdef list _total(Graph graph, list terms)
cdef list _summed(Graph graph, list products, int[::1] places)
cdef list _moved(list products, int[::1] places)
cdef list _column(list products, Py_ssize_t place)
