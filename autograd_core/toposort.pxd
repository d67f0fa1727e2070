# The types with which toposort.py is compiled.

cimport cython

from autograd_core.node cimport Node

cdef long long _marks
cdef Py_ssize_t _floor
cdef list _stack

@cython.locals(opened="long long", stack=list, order=list, height="Py_ssize_t", node=Node)
cpdef list topological_order(object output)

cdef bint _is_new(Node node, long long opened) noexcept

@cython.locals(order=list, seen=set, stack=list, value=Node, operand=Node)
cdef list _values_of(tuple outputs)
