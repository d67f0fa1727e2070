# The types with which apply.py is compiled.

cimport cython

from autograd_core.gate cimport Kernel
from autograd_core.node cimport Clock, Node, link

cdef extern from "memory.h":
    void keep_memory(type kind, type base)

@cython.locals(answer="double*", node=Node)
cpdef apply1(Kernel gate, object operand)

@cython.locals(
    answer="double*", left=Node, right=Node, number=double
)
cpdef apply2(Kernel gate, object first, object second)

cdef object _constant(object thing, object gate)

cpdef apply(Kernel gate, object arguments)

@cython.locals(
    answer="double*", numbers=list, second=double, third=double, wanted=int, count="Py_ssize_t",
    place="Py_ssize_t"
)
cpdef evaluate(Kernel gate, object operands)

@cython.locals(out=Node)
cpdef recorded(object gate, double data, object operands, object local_gradients)

@cython.locals(out=Node, is_leaf=bint)
cpdef Node record(object gate, double data, Node first, double first_local, Node second, double second_local)

# Names of the module that change are C variables: a change to a Python name makes every other
# global name slower to look up.
cdef list recording_blocks
cdef Clock clock
cdef type _kind
