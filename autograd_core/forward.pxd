# The types with which forward.py is compiled.

cimport cython

from autograd_core.clock cimport Clock
from autograd_core.node cimport Node, is_newer

cdef Clock clock

@cython.locals(node=Node, present="long long")
cpdef check_current(list order)
