# The types with which order.py is compiled.

cimport cython

from autograd_core.products cimport Products
from autograd_core.value cimport Value

cdef double _passes
cdef Py_ssize_t _floor
cdef list _stack

cpdef list topological_order(Value output)

cpdef list recorded_order(Value output)

@cython.locals(opened=double, closed=double, stack=list, height="Py_ssize_t", count="Py_ssize_t", start="Py_ssize_t")
cdef list _depth_first(Value output)

@cython.locals(place="Py_ssize_t")
cdef void _push_new(list stack, object operands, Py_ssize_t start, Py_ssize_t end, double opened)

cdef inline bint _is_new(object operand, double opened) noexcept
