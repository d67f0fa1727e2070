# The types with which lower.py is compiled.

cimport cython

from autograd_core.apply cimport recorded
from autograd_core.node cimport Node
from autograd_core.programs.graph cimport Graph, Recording, node_of

@cython.locals(pairs=list, row=tuple, leaf="Py_ssize_t", each="Py_ssize_t", received=list)
cdef list _leaf_pairs(Graph graph, Recording recording, int[::1] nodes)

@cython.locals(twins=list, blank=Node, operands=list, place="Py_ssize_t", each="Py_ssize_t")
cpdef list blank_circuit(Recording circuit)
