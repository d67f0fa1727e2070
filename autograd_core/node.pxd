# The types with which node.py is compiled.

cimport cython

from libc.stdlib cimport free, malloc

cdef inline double* numbers_of(Py_ssize_t size) except NULL:
    """A block of numbers."""
    cdef void* block = malloc((size + 1) * sizeof(double))
    if block == NULL:
        raise MemoryError()
    return <double*> block

cdef class Clock:
    cdef public unsigned int now
    cdef public bint recorded
    cpdef unsigned int edit(self) noexcept
    cpdef long long present(self) noexcept

@cython.no_gc
cdef class Node:
    cdef public double _data
    cdef public double _grad
    cdef public object _gate
    cdef public Node _first
    cdef public Node _second
    cdef public Operands _more
    cdef public double _first_local
    cdef public double _second_local
    cdef public object _label
    cdef object __weakref__
    cdef public long long _mark
    cdef public int _row
    cdef public unsigned int _stamp

cpdef clear(Node node)

cpdef link(Node node, object operands, object local_gradients)

@cython.no_gc
cdef class Operands:
    cdef readonly tuple operands
    cdef readonly tuple local_gradients
    cpdef tuple operands_of(self, Node node)
    cpdef locals_of(self, Node node)
    cdef void push(self, Node node, list stack, long long opened) noexcept
    cdef void ordered(self, long long opened) noexcept
    @cython.locals(local=double)
    cdef void pull(self, Node node, long long arrived) noexcept
    cpdef bint edited_since(self, Node node) noexcept

@cython.no_gc
cdef class LayerOperands(Operands):
    cdef readonly list weights
    cdef readonly tuple inputs
    cdef double* numbers
    cdef Py_ssize_t count
    cdef long long walk
    cdef bint leaves
    @cython.locals(start="Py_ssize_t", place="Py_ssize_t")
    cpdef tuple operands_of(self, Node node)
    @cython.locals(start="Py_ssize_t", place="Py_ssize_t")
    cpdef locals_of(self, Node node)
    @cython.locals(start="Py_ssize_t", place="Py_ssize_t", total=double, term=double)
    cpdef double total(self, Py_ssize_t row) noexcept
    @cython.locals(start="Py_ssize_t")
    cdef void push(self, Node node, list stack, long long opened) noexcept
    cdef void ordered(self, long long opened) noexcept
    @cython.locals(start="Py_ssize_t", place="Py_ssize_t", upstream=double)
    cdef void pull(self, Node node, long long arrived) noexcept
    @cython.locals(start="Py_ssize_t")
    cpdef bint edited_since(self, Node node) noexcept

@cython.locals(kind=object, last=object)
cpdef bint are_operands(list things) noexcept

@cython.locals(place="Py_ssize_t", leaves=bint, node=Node)
cdef bint read_numbers(object operands, double* numbers, Py_ssize_t start) noexcept

@cython.locals(place="Py_ssize_t", node=Node)
cdef void push_new(list stack, object operands, Py_ssize_t start, Py_ssize_t end, long long opened) noexcept

@cython.locals(node=Node)
cdef void add_gradient(object operand, double contribution, long long arrived) noexcept

@cython.locals(place="Py_ssize_t", other=Node)
cdef bint any_newer(object operands, Py_ssize_t start, Py_ssize_t end, Node node) noexcept

cpdef bint is_newer(Node operand, Node node) noexcept

cdef unsigned int LAST

cdef Py_ssize_t _floor
cdef list _dying
cdef bint _freeing

cdef void _free(Node node) noexcept
