# The types with which leaves.py is compiled.

cimport cython
from cpython.buffer cimport PyBUF_FORMAT, PyBUF_ND, PyBUF_WRITABLE
from cpython.buffer cimport PyBuffer_Release, PyObject_GetBuffer

from autograd_core.node cimport Clock, Node

cdef extern from *:
    """
    #define things_in(things) ((void **)PySequence_Fast_ITEMS(things))
    #define same_things(one, other) (Py_SIZE(one) == Py_SIZE(other) && !memcmp( \
        things_in(one), things_in(other), Py_SIZE(one) * sizeof(void *)))
    #ifdef Py_GIL_DISABLED
    #define is_alone(kept) 0
    #else
    #define is_alone(kept) (Py_REFCNT(PyList_GET_ITEM(kept, 0)) == 1)
    #endif
    static inline int same_items(PyObject *named, PyObject *known, PyObject *any) {
        PyObject *name, *part, **own = PySequence_Fast_ITEMS(known);
        Py_ssize_t place = 0, at = 0, count = Py_SIZE(known) & ~(Py_ssize_t)1;
        while (PyDict_Next(named, &place, &name, &part)) {
            if (at == count || own[at] != name) return 0;
            if (own[at + 1] != part && own[at + 1] != any) return 0;
            at += 2;
        }
        return at == count;
    }
    """
    void** things_in(object things)
    bint same_things(object one, object other)
    bint is_alone(list kept)
    bint same_items(dict named, list known, object any)

cdef Clock clock
cdef object _NOT_COMPARED

cdef inline double* floats_in(object numbers, bint written) except? NULL:
    """Where the numbers of an array are; the caller has it, so that they stay there."""
    cdef Py_buffer view
    PyObject_GetBuffer(
        numbers, &view, PyBUF_FORMAT | PyBUF_ND | (PyBUF_WRITABLE if written else 0)
    )
    fits = view.ndim == 1 and view.itemsize == 8 and view.format[0] == b"d"
    PyBuffer_Release(&view)
    if not fits:
        raise ValueError("the numbers of leaves are in an array of float64")
    return <double*> view.buf

@cython.locals(place="Py_ssize_t", own="void**", block="double*")
cpdef read_data(leaves, numbers)

@cython.locals(place="Py_ssize_t", own="void**", block="double*")
cpdef read_gradients(leaves, numbers)

@cython.locals(place="Py_ssize_t", own="void**", block="double*", other="double*")
cpdef read_both(leaves, numbers, gradients)

@cython.locals(
    place="Py_ssize_t", own="void**", block="double*", number=double, stamp="unsigned int"
)
cpdef write_data(leaves, numbers)

@cython.locals(place="Py_ssize_t", own="void**", block="double*", number=double)
cpdef add_gradients(leaves, numbers)

@cython.locals(place="Py_ssize_t", own="void**")
cpdef clear_gradients(leaves)

cdef _kind_of(leaf)

cdef void** _things(leaves) except? NULL

cdef double* _block(numbers, Py_ssize_t count, bint written) except? NULL

cpdef list handed_out(list kept, tuple leaves)

cpdef bint same(one, other) noexcept

@cython.locals(place="Py_ssize_t")
cpdef bint unchanged(list things, list contents) except -1

cdef bint _holds(dict named, list known) except -1
