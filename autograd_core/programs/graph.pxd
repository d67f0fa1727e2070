# The types with which graph.py is compiled.

cimport cython

cdef int IS_FINITE, IS_CONSTANT, VARIES

cpdef object zeros(Py_ssize_t count)

cdef class Packed:
    cdef public Py_ssize_t count
    cdef public int[::1] numbers
    cdef public int[::1] ends
    @cython.locals(end="Py_ssize_t", number=int)
    cpdef append(self, object row)
    @cython.locals(start="Py_ssize_t", end="Py_ssize_t", each="Py_ssize_t")
    cpdef tuple at(self, Py_ssize_t place)

@cython.locals(found="int[::1]")
cdef int[::1] _longer(int[::1] column, Py_ssize_t least)

@cython.locals(
    numbers=dict, number_of="int[::1]", ends="int[::1]", found=Packed, number="Py_ssize_t",
    place="Py_ssize_t"
)
cpdef Packed grouped(list keys)

cdef class Graph:
    cdef public list operations
    cdef public Packed operands
    cdef public bytearray kinds
    cdef public list inputs
    cdef public list leaves
    cdef public dict numbers
    cdef public dict labels
    cdef dict _constants
    cdef dict _commuting
    cdef bytearray _flags
    cdef int[::1] _slots
    cdef Py_ssize_t _used
    @cython.locals(node="Py_ssize_t")
    cpdef Py_ssize_t source(self, str operation) except -1
    @cython.locals(node="Py_ssize_t", flags=int)
    cpdef Py_ssize_t constant(self, double number) except -1
    cpdef bint commutes(self, str operation) except -1
    @cython.locals(
        commutes=bint, node="Py_ssize_t", operand="Py_ssize_t", kind=int, flags=int, finite=int,
        slot="Py_ssize_t"
    )
    cpdef Py_ssize_t apply(self, str operation, tuple operands) except -1
    cpdef bint varies(self, Py_ssize_t node) except -1
    @cython.locals(one=int, other=int)
    cpdef bint vanishes(self, Py_ssize_t x, Py_ssize_t y) except -1
    cdef Py_ssize_t _append(self, str operation, tuple operands, int kind, int flags) except -1
    @cython.locals(x="Py_ssize_t", y="Py_ssize_t", one=int, other=int)
    cdef tuple _in_order(self, str operation, tuple operands)
    @cython.locals(
        last="Py_ssize_t", slot="Py_ssize_t", onward="Py_ssize_t", operand="Py_ssize_t",
        node="Py_ssize_t"
    )
    cdef Py_ssize_t _slot(self, str operation, tuple operands) except -1
    @cython.locals(node="Py_ssize_t", operation=str)
    cdef _enter_anew(self)
    @cython.locals(numbers=dict)
    cdef Py_ssize_t _simpler(self, str operation, tuple operands) except -2
