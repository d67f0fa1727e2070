# The types with which graph.py is compiled.

cimport cython

from autograd_core.node cimport Node

cdef class Graph:
    cdef public list operations
    cdef public object operands
    cdef public bytearray kinds
    cdef public list inputs
    cdef public list leaves
    cdef public dict numbers
    cdef public dict labels
    cdef dict _constants
    cdef public dict _commuting
    cdef dict _known
    cdef bytearray _flags
    @cython.locals(node="Py_ssize_t")
    cpdef Py_ssize_t source(self, str operation) except -1
    @cython.locals(node="Py_ssize_t", flags=int)
    cpdef Py_ssize_t constant(self, double number) except -1
    @cython.locals(known=dict, node="Py_ssize_t", operand="Py_ssize_t", kind=int, flags=int)
    cpdef Py_ssize_t apply(self, str operation, tuple operands) except -1
    @cython.locals(operands=tuple, operation=str, x="Py_ssize_t", y="Py_ssize_t", one=int, other=int)
    cpdef tuple in_order(self, Py_ssize_t node)
    @cython.locals(one=int, other=int)
    cpdef bint vanishes(self, Py_ssize_t x, Py_ssize_t y) except -1
    cdef Py_ssize_t _append(self, str operation, tuple operands, int kind, int flags) except -1
    @cython.locals(numbers=dict)
    cdef Py_ssize_t _simpler(self, str operation, tuple operands) except -2

@cython.locals(graph=Graph, nodes=dict, names=dict, value=Node, node="Py_ssize_t")
cpdef graph_of(object outputs, object inputs, object leaves)

@cython.locals(name=str, operands=tuple)
cdef Py_ssize_t _node_of(Graph graph, Node value, dict nodes, dict names) except -1
