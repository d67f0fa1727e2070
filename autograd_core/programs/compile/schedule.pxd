# The types with which schedule.py is compiled.

cimport cython

from autograd_core.programs.graph cimport Graph, Packed, grouped, zeros

@cython.locals(
    graph=Graph, order=object, ends=object, places="int[::1]", kinds=bytearray,
    numbers="int[::1]", bounds="int[::1]", group_of="int[::1]", ranks="int[::1]",
    ranked="Py_ssize_t", group="Py_ssize_t",
    first="Py_ssize_t", count="Py_ssize_t", row="Py_ssize_t", nodes=list, node="Py_ssize_t"
)
cpdef add_groups(object plan, Packed groups, Packed layers)

@cython.locals(found="int[::1]", group="Py_ssize_t", place="Py_ssize_t")
cdef int[::1] _group_of(Graph graph, Packed groups)

@cython.locals(
    graph=Graph, places="int[::1]", moved=dict, commutes=bint, keys=list, node="Py_ssize_t",
    position="Py_ssize_t", found=list, place="Py_ssize_t", operand="Py_ssize_t", operands=tuple,
    kinds=bytearray, inputs="Py_ssize_t"
)
cdef list _sorted(object plan, tuple group, int[::1] ranks)

@cython.locals(
    kinds=bytearray, numbers=dict, order="int[::1]", ends="int[::1]", start="Py_ssize_t",
    end="Py_ssize_t", alike=dict, place="Py_ssize_t", node="Py_ssize_t", operation=str,
    operands=tuple, operand="Py_ssize_t", taken="Py_ssize_t", group=list
)
cpdef Packed groups_of(Graph graph, Packed layers)

@cython.locals(
    kinds=bytearray, numbers="int[::1]", ends="int[::1]", levels="int[::1]", deepest="Py_ssize_t",
    shared="Py_ssize_t", node="Py_ssize_t", start="Py_ssize_t", end="Py_ssize_t",
    level="Py_ssize_t", kind=int, place="Py_ssize_t", operand="Py_ssize_t", starts="int[::1]",
    order="int[::1]"
)
cdef tuple _by_level(Graph graph)

@cython.locals(
    node="Py_ssize_t", operation=str, operand="Py_ssize_t", place="Py_ssize_t", found=Packed,
    group_of="int[::1]", group=tuple
)
cdef _separated(Graph graph, Packed groups, Packed layers, set lists)

@cython.locals(
    node="Py_ssize_t", operand="Py_ssize_t", operands=tuple, x=int, y=int, by_operands=dict,
    parts=list, nodes=list, read=set
)
cdef list _parts(Graph graph, tuple group, int[::1] group_of, dict readers)

@cython.locals(
    varying=Packed, layers=Packed, place="Py_ssize_t", pair=tuple, rows=Packed, upstreams=list,
    locals_=list
)
cpdef Packed upstream_layers(Graph graph, Packed pairs)

@cython.locals(numbers="int[::1]", row="Py_ssize_t")
cdef list _column(Packed pairs, Py_ssize_t place)

@cython.locals(
    graph=Graph, one="Py_ssize_t", both=Packed, ones=Packed, group_of="int[::1]", order="int[::1]",
    start="Py_ssize_t", end="Py_ssize_t", group="Py_ssize_t", place="Py_ssize_t", pairs=Packed,
    rows=Packed, keys=list
)
cpdef add_gradient(object plan, Packed pairs)

@cython.locals(numbers="int[::1]", place="Py_ssize_t")
cdef list _received(Packed pairs, tuple row)
