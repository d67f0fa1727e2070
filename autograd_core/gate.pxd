# The types with which gate.py is compiled.

ctypedef double* (*Run)(double x, double y, double z, int wanted) noexcept

cdef class Kernel:
    cdef Run run
    cdef readonly int arity
    cdef readonly bint routes

cdef double* _no_kernel(double x, double y, double z, int wanted) noexcept
