# The types with which backward.py is compiled.

cimport cython

from autograd_core.forward cimport check_current
from autograd_core.node cimport Node
from autograd_core.toposort cimport topological_order

@cython.locals(order=list, node=Node, arrived="long long")
cpdef backward_pass(Node output, double upstream)

cdef inline void carry(Node node, Node operand, double local, long long arrived) noexcept
