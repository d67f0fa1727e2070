# The types with which schedule.py is compiled.

cimport cython

from autograd_core.programs.graph cimport Graph

@cython.locals(
    graph=Graph, places="int[::1]", group_of="int[::1]", group=list, node="Py_ssize_t",
    place="Py_ssize_t", row="Py_ssize_t", nodes=list, varies=bint
)
cpdef add_groups(object plan, list groups, list layers)

@cython.locals(
    graph=Graph, places="int[::1]", moved=dict, keys=list, node="Py_ssize_t", position="Py_ssize_t",
    found=list, place="Py_ssize_t", operand="Py_ssize_t", kinds=bytearray, inputs="Py_ssize_t"
)
cdef list _sorted(object plan, list group, dict ranks)

@cython.locals(
    kinds=bytearray, levels="int[::1]", groups=dict, numbers=dict, node="Py_ssize_t",
    operation=str, operands=tuple, operand="Py_ssize_t", kind=int, level="Py_ssize_t",
    taken="Py_ssize_t", group=list, ranked=list
)
cpdef list groups_of(Graph graph, list layers)

@cython.locals(node="Py_ssize_t", place_of="int[::1]", parts=list, nodes=list, group=list, most=double)
cdef _separated(Graph graph, list groups, list layers, set lists)

@cython.locals(
    node="Py_ssize_t", operand="Py_ssize_t", operands=tuple, x=int, y=int, by_operands=dict,
    parts=list, nodes=list, read=set
)
cdef list _parts(Graph graph, list group, int[::1] place_of, dict readers)

@cython.locals(received=dict, layers=dict)
cpdef list upstream_layers(Graph graph, list pairs)

@cython.locals(
    one="Py_ssize_t", kinds=bytearray, both=dict, ones=dict, group_of="int[::1]", order="int[::1]",
    start="Py_ssize_t", end="Py_ssize_t", group="Py_ssize_t", place="Py_ssize_t", by_upstream=dict,
    found=dict, received=list, key=tuple
)
cpdef add_gradient(object plan, list pairs)
