# The types with which adjoint.py is compiled.

cimport cython

from autograd_core.node cimport Node

@cython.locals(order=list, relevant=set, kept=set, received=dict, value=Node, arrived=list)
cpdef list contributions(object output, object inputs)

@cython.locals(relevant=set, value=Node)
cdef set _depending_on(list order, object inputs)

@cython.locals(operands=tuple, wanted=list, found=list)
cdef list _local_gradients(Node value, set relevant)

@cython.locals(upstream=object, local=object)
cdef object _chain_rule(list pairs)
