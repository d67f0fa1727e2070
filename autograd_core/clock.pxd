# The types with which clock.py is compiled.

cdef class Clock:
    cdef public unsigned int now
    cdef public bint recorded
    cpdef unsigned int edit(self) noexcept
    cpdef long long present(self) noexcept
