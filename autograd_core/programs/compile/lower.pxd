# The types with which lower.py is compiled.

cimport cython

from autograd_core.derivatives.adjoint cimport Circuit
from autograd_core.node cimport Node
from autograd_core.programs.graph cimport Graph, Packed

cdef class Recording(Circuit):
    cdef readonly list gates
    cdef readonly Packed rows
    cdef readonly list constants
    cdef readonly dict leaves
    cdef readonly dict labels
    cdef dict templates
    cdef public bint guarded
    @cython.locals(row=list)
    cpdef object add(self, object gate, object operands)
    @cython.locals(order=list, seen=bytearray, stack=list, node="Py_ssize_t")
    cpdef list walk(self, object nodes)
    cpdef list order(self, object outputs)
    cpdef object gate(self, object node)
    @cython.locals(row=tuple, each="Py_ssize_t", x="Py_ssize_t")
    cpdef tuple operands(self, object node)
    @cython.locals(
        pattern=list, template=tuple, found=Recording, copies=list, row=list, place="Py_ssize_t"
    )
    cpdef list slopes(self, object node, tuple operands, list wanted)
    cpdef bint is_steep(self, object node, tuple operands) except -1
    cpdef bint weighs(self, object node) except -1

@cython.locals(recording=Recording, nodes=dict, value=Node)
cpdef tuple recording_of(object values)

@cython.locals(
    order=list, graph=Graph, nodes="int[::1]", names=dict, place="Py_ssize_t", operands=tuple
)
cpdef tuple _table_of(
    Recording recording, list inputs, list leaves, object outputs, object contributions
)

cdef Py_ssize_t _node_of(Graph graph, object operand, int[::1] nodes) except -1

@cython.locals(counts=dict, pair=tuple, pairs=Packed)
cdef Packed _leaf_pairs(Graph graph, object contributions, int[::1] nodes)
