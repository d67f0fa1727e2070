# The types with which special.py is compiled: there `math` is the C library.

cimport libc.math as math

cdef double inf
cdef double nan

cpdef double hypot(double x, double y) noexcept nogil
cpdef double direction(double x, double y) noexcept nogil
cpdef double product_error(double x, double y, double product) noexcept nogil
cpdef double gaussian(double x, double rate) noexcept nogil
cpdef double normal_cdf(double x) noexcept nogil
cpdef double lgamma(double x) noexcept
cpdef double polygamma(double order, double x) noexcept
