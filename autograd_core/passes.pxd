# The types with which passes.py is compiled.

cimport cython

from autograd_core.products cimport Products
from autograd_core.value cimport Value

@cython.locals(order=list, value=Value, local=double)
cpdef void backward_pass(Value output, double upstream)

cdef inline void _add(object operand, double contribution) noexcept

@cython.locals(
    gradient=double,
    inputs=tuple,
    weights=list,
    first_weight="Py_ssize_t",
    numbers="double[::1]",
    count="Py_ssize_t",
    row="Py_ssize_t",
    place="Py_ssize_t",
    input_numbers="Py_ssize_t",
    weight_numbers="Py_ssize_t",
)
cdef void _through_products(Value output, Products products) noexcept
