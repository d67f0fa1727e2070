# The types with which lower.py is compiled.

cimport cython

from autograd_core.apply cimport recorded
from autograd_core.node cimport Node
from autograd_core.programs.graph cimport Graph

cdef object _node_of(Graph graph, dict nodes, object operand)

@cython.locals(counts=dict, pair=tuple, pairs=list)
cdef list _leaf_pairs(Graph graph, dict nodes, object contributions)

@cython.locals(twins=dict, value=Node, blank=Node, operands=list)
cpdef dict blank_circuit(object values, double slope=*)
