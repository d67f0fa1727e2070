# The types with which floats.py is compiled: there `math` is the C library.

cimport libc.math as math

cdef double inf

cpdef double exp(double x) noexcept
cpdef double expm1(double x) noexcept
cpdef double cosh(double x) noexcept
cpdef double sinh(double x) noexcept
cpdef double sech(double x) noexcept
cpdef double sech2(double x) noexcept
cpdef double sigmoid(double x) noexcept
cpdef double one_minus_square(double x) noexcept
cpdef double floor(double x) noexcept
cpdef double power(double x, double y) except? -1.0
cpdef double power_limit(double x, double y) except? -1.0
cpdef double maximum(double x, double y) noexcept
cpdef double minimum(double x, double y) noexcept
cpdef double times(double x, double y) noexcept
cpdef double difference(double x, double y) noexcept
cpdef double modulo(double x, double y) noexcept
