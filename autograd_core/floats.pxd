# The types with which floats.py is compiled.

cpdef double power(double x, double y)
