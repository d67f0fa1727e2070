# The types with which schedule.py is compiled.

cimport cython

from autograd_core.programs.graph cimport Graph, Packed, grouped, zeros

@cython.locals(
    graph=Graph, places="int[::1]", numbers="int[::1]", bounds="int[::1]", group_of="int[::1]",
    ranks="int[::1]", node="Py_ssize_t", row="Py_ssize_t"
)
cpdef add_groups(object plan, Packed groups, Packed layers)

@cython.locals(found="int[::1]")
cdef int[::1] _group_of(Graph graph, Packed groups)

@cython.locals(
    graph=Graph, places="int[::1]", moved=dict, node="Py_ssize_t", operand="Py_ssize_t",
    operands=tuple, kinds=bytearray
)
cdef list _sorted(object plan, tuple group, int[::1] ranks)

@cython.locals(
    order="int[::1]", ends="int[::1]", operation=str, operands=tuple, operand="Py_ssize_t"
)
cpdef Packed groups_of(Graph graph, Packed layers)

@cython.locals(
    numbers="int[::1]", ends="int[::1]", levels="int[::1]", starts="int[::1]", order="int[::1]"
)
cdef tuple _by_level(Graph graph)

@cython.locals(found=Packed, group_of="int[::1]", node="Py_ssize_t")
cdef _separated(Graph graph, Packed groups, Packed layers, set lists)

@cython.locals(node="Py_ssize_t", x=int, y=int)
cdef list _parts(Graph graph, tuple group, int[::1] group_of, dict readers)

@cython.locals(varying=Packed, layers=Packed, rows=Packed)
cpdef Packed upstream_layers(Graph graph, Packed pairs)

@cython.locals(numbers="int[::1]")
cdef list _column(Packed pairs, Py_ssize_t place)

@cython.locals(
    graph=Graph, both=Packed, ones=Packed, group_of="int[::1]", order="int[::1]", pairs=Packed,
    rows=Packed, start="Py_ssize_t", end="Py_ssize_t", group="Py_ssize_t"
)
cpdef add_gradient(object plan, Packed pairs)

@cython.locals(numbers="int[::1]", place="Py_ssize_t")
cdef list _received(Packed pairs, tuple row)
