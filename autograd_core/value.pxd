# The types with which value.py is compiled; the code itself is all in value.py.

cimport cython

from autograd_core.products cimport Products

cdef class Value:
    cdef public double _data
    cdef public double _grad
    cdef public object _gate
    cdef public object _first
    cdef public object _second
    cdef public double _first_local
    cdef public double _second_local
    cdef public object label
    cdef public double _pass
    cdef object __weakref__

cpdef Value record(object gate, double data, object first, double first_local, object second, double second_local)

cdef Value _output(object gate, double data, object first, double first_local, object second, double second_local)

cdef object _as_float(object whole)

cdef void _keep_memory_of(Value value)

cdef void _free(Value value) noexcept

cdef inline bint _outlives(object operand) noexcept

# Names of the module that change are C variables, for a change to a Python name slows down every
# other global name.
cdef list paused
cdef Py_ssize_t _SAMPLE
cdef Py_ssize_t _made
cdef dict _anchors
cdef Py_ssize_t _floor
cdef list _dying
cdef bint _freeing
