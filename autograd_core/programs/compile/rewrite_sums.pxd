# The types with which rewrite_sums.py is compiled. Nodes that go into lists stay objects, so that
# these share them.

cimport cython

from autograd_core.programs.graph cimport Graph

@cython.locals(
    terms=Terms, new=Graph, places="int[::1]", node="Py_ssize_t", place="Py_ssize_t", operation=str
)
cpdef rewrite_sums(Graph graph, object kept)

@cython.locals(
    uses="int[::1]", numbers="int[::1]", ends="int[::1]", node="Py_ssize_t", operation=str
)
cdef bytearray _hidden(Graph graph, object kept)

cdef bint _is_row(Terms terms, dict partners) except -1

cdef class Terms:
    cdef readonly Graph graph
    cdef bytearray hidden
    cdef Py_ssize_t one, minus_one
    cdef list mixed, both, plain, negated, shared
    cdef tuple varying(self)
    @cython.locals(graph=Graph, term="Py_ssize_t", operation=str, operands=tuple)
    cdef read(self, Py_ssize_t node)
    cdef add(self, object x, object y)

@cython.locals(result="Py_ssize_t", part="Py_ssize_t")
cdef Py_ssize_t _rebuild(Graph graph, Terms terms, int[::1] places, bint as_row) except -1

cdef list _summed(Graph graph, list products, int[::1] places)
cdef list _moved(list products, int[::1] places)
