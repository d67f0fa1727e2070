# The types with which affine.py is compiled.

cimport cython

from autograd_core.apply cimport apply1, record
from autograd_core.gate cimport Kernel
from autograd_core.node cimport LayerOperands, Node, are_operands

@cython.locals(
    shared=tuple,
    flat=list,
    outputs=list,
    operands=LayerOperands,
    rows="Py_ssize_t",
    count="Py_ssize_t",
    row="Py_ssize_t",
)
cpdef list affine(object weights, object inputs, object biases=*, object activation=*)

@cython.locals(total=double, constant=double, node=Node, out=Node)
cdef Node _row(LayerOperands operands, Py_ssize_t row, object bias)

cdef list operands_of(object things, object place)
