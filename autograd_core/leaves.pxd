# The types with which leaves.py is compiled.

cimport cython

from autograd_core.node cimport Clock, Node

cdef Clock clock

@cython.locals(place="Py_ssize_t", node=Node)
cpdef read_data(list leaves, double[::1] numbers)

@cython.locals(place="Py_ssize_t", node=Node)
cpdef read_gradients(list leaves, double[::1] numbers)

@cython.locals(place="Py_ssize_t", node=Node, number=double)
cpdef write_data(list leaves, double[::1] numbers)

@cython.locals(place="Py_ssize_t", node=Node)
cpdef add_gradients(list leaves, double[::1] numbers)

@cython.locals(node=Node)
cpdef clear_gradients(list leaves)

@cython.locals(place="Py_ssize_t", at="Py_ssize_t", known=list, listed=list, named=dict)
cpdef bint unchanged(list things, list contents) except -1
