# The types with which graph.py is compiled.

cimport cython

cdef class Graph:
    cdef public list operations
    cdef public object operands
    cdef public bytearray kinds
    cdef public dict numbers
    cdef public dict labels
    cdef public dict _constants
    cdef public dict _commuting
    cdef dict _known
    cdef bytearray _finite
    cpdef Py_ssize_t source(self, str operation) except -1
    @cython.locals(node="Py_ssize_t")
    cpdef Py_ssize_t constant(self, double number) except -1
    @cython.locals(known=dict, node="Py_ssize_t", operand="Py_ssize_t", kind=int, finite=bint)
    cpdef Py_ssize_t apply(self, str operation, tuple operands) except -1
    @cython.locals(operands=tuple, operation=str, x="Py_ssize_t", y="Py_ssize_t", one=int, other=int)
    cpdef tuple in_order(self, Py_ssize_t node)
    cpdef bint vanishes(self, Py_ssize_t x, Py_ssize_t y) except -1
    cdef Py_ssize_t _append(self, str operation, tuple operands, int kind, bint finite) except -1
    @cython.locals(numbers=dict)
    cdef Py_ssize_t _simpler(self, str operation, tuple operands) except -2
