# The types with which applying.py is compiled.

from autograd_core.value cimport Value, record

cpdef Value apply_one(object gate, Value operand)
