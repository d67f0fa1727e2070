# The types with which products.py is compiled.

cdef class Products:
    cdef readonly list weights
    cdef readonly Py_ssize_t rows
    cdef bint leaves
    cdef readonly tuple inputs
    cdef double[::1] numbers
    cdef Py_ssize_t start
    cdef double ordered

cdef double[::1] _block
cdef Py_ssize_t _taken
