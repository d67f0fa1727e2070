# The types with which affine.py is compiled.

cimport cython

from autograd_core.products cimport Products
from autograd_core.value cimport Value, record

@cython.locals(
    rows=list,
    outputs=list,
    numbers="double[::1]",
    count="Py_ssize_t",
    position="Py_ssize_t",
    place="Py_ssize_t",
    input_numbers="Py_ssize_t",
    weight_numbers="Py_ssize_t",
    sums="Py_ssize_t",
    total=double,
    biased=double,
    number=double,
    term=double,
)
cpdef list affine(object weights, object inputs, object biases=*, object activation=*)

@cython.locals(slope=double)
cdef Value _neuron(object gate, double biased, Products products, double row, double total, object bias)

cdef tuple _operands(object things)

cdef inline double _number(object operand) noexcept
