# The types with which value.py is compiled; the code itself is all in value.py.

cimport cython
from cpython.object cimport PyObject_GenericSetAttr

from autograd_core.apply cimport apply1, apply2
from autograd_core.gate cimport Kernel
from autograd_core.languages.gate_methods cimport GateMethods
from autograd_core.node cimport Clock
from autograd_core.passes cimport backward_pass

cdef extern from *:
    """
    #define address(value) ((Py_hash_t)((size_t)(value) >> 4 | (size_t)(value) << (8 * sizeof(size_t) - 4)))
    """
    Py_hash_t address(object value)

@cython.no_gc
cdef class Value(GateMethods):
    pass

# C variables, for names of Python are looked up, and their types tested, at each use.
cdef list forbidding_blocks
cdef Clock clock
cdef Kernel absolute
cdef Kernel add
cdef Kernel divide
cdef Kernel multiply
cdef Kernel negate
cdef Kernel power
cdef Kernel reciprocal
cdef Kernel subtract
