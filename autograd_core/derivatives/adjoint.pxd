# The types with which adjoint.py is compiled.

cimport cython

cdef class Circuit:
    cpdef list order(self, object outputs)
    cpdef object gate(self, object node)
    cpdef tuple operands(self, object node)
    cpdef list slopes(self, object node, tuple operands, list wanted)
    cpdef bint is_steep(self, object node, tuple operands) except -1
    cpdef bint weighs(self, object node) except -1
    cpdef object add(self, object gate, object operands)
    cpdef object apply(self, object gate, object operands)
    cpdef object where(self, object condition, object x, object y)
    cpdef object chain_rule(self, object pairs)

@cython.locals(order=list, relevant=set, kept=set, branches=_Branches, received=dict, arrived=list)
cpdef list contributions(object output, object inputs, Circuit circuit=*)

@cython.locals(order=list, relevant=set, branches=_Branches, speeds=dict)
cpdef list directional_derivatives(object outputs, object directions, Circuit circuit=*)

@cython.locals(relevant=set)
cdef set _depending_on(list order, object inputs, Circuit circuit)

@cython.locals(operands=tuple, wanted=list)
cdef list _carried(Circuit circuit, object node, set relevant)

cdef class _Branches:
    cdef Circuit circuit
    cdef bint routed
    cdef set steep, certain, infinite
    cdef dict wires, conditions
    cdef object pair(self, object source, object target, object node, object arriving, object local)
    cdef object reached(self, object node)
