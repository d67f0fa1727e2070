# The types with which affine.py is compiled.

cimport cython

from autograd_core.products cimport Products
from autograd_core.value cimport Value, record

cdef double LEAVES
cdef double OUTPUTS
cdef double OTHERS

@cython.locals(
    shared=list,
    flat=list,
    outputs=list,
    numbers="double[::1]",
    rows="Py_ssize_t",
    count="Py_ssize_t",
    position="Py_ssize_t",
    place="Py_ssize_t",
    first="Py_ssize_t",
    weight="Py_ssize_t",
    sums="Py_ssize_t",
    kind=double,
    total=double,
    biased=double,
    term=double,
)
cpdef list affine(object weights, object inputs, object biases=*, object activation=*)

@cython.locals(kind=double, first="Py_ssize_t", place="Py_ssize_t")
cdef double _read(list operands, double[::1] numbers, double start) noexcept

@cython.locals(slope=double)
cdef Value _neuron(object gate, double biased, Products products, double row, double total, object bias)

cdef list _operands(object things)

cdef inline double _number(object operand) noexcept
