# The types with which leaves.py is compiled.

cimport cython

from autograd_core.node cimport Clock, Node

cdef Clock clock

@cython.locals(place="Py_ssize_t", leaf=Node)
cpdef read_data(leaves, double[::1] numbers)

@cython.locals(place="Py_ssize_t", leaf=Node)
cpdef read_gradients(leaves, double[::1] numbers)

@cython.locals(place="Py_ssize_t", leaf=Node, number=double, stamp="unsigned int")
cpdef write_data(leaves, double[::1] numbers)

@cython.locals(place="Py_ssize_t", leaf=Node)
cpdef add_gradients(leaves, double[::1] numbers)

@cython.locals(place="Py_ssize_t", leaf=Node)
cpdef clear_gradients(leaves)

cdef _kind_of(leaf)

@cython.locals(place="Py_ssize_t", at="Py_ssize_t", known=list, listed=list, named=dict)
cpdef bint unchanged(list things, list contents) except -1
