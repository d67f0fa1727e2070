# The types with which passes.py is compiled.

cimport cython

from autograd_core.node cimport Clock, Node, is_newer
from autograd_core.toposort cimport topological_order

cdef Clock clock

@cython.locals(order=list, node=Node, arrived="long long")
cpdef backward_pass(Node output, double upstream)

cdef void carry(Node node, Node operand, double local, long long arrived) noexcept

@cython.locals(node=Node, present="long long")
cpdef check_current(list order)
