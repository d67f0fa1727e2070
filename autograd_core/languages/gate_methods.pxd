# The types with which gate_methods.py is compiled.

cimport cython

from autograd_core.apply cimport apply1
from autograd_core.node cimport Node

@cython.no_gc
cdef class GateMethods(Node):
    pass
