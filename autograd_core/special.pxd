# The types with which special.py is compiled: there `math` is the C library.

cimport libc.math as math

cdef double inf
cdef double nan

cpdef double hypot(double x, double y) noexcept
cpdef double direction(double x, double y) noexcept
cpdef double product_error(double x, double y, double product) noexcept
cpdef double gaussian(double x, double rate) noexcept
cpdef double normal_cdf(double x) noexcept
cpdef double lgamma(double x) noexcept
cpdef double polygamma(double order, double x) noexcept
