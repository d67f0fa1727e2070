# cython: cdivision=True, boundscheck=False, wraparound=False, initializedcheck=False
"""The compiled back end of programs: one interpreter of steps, and loops for each of them.

A step is a few whole numbers: an operation, how many rows it computes, where they go, and which it
takes. A row has a number for each lane of a block and stands where the one before it ends. So gates
whose operands lie in a row are one loop over rows and lanes alike, whether there are many of these
or of those. `steps.py` writes the steps; loops for the gates are printed from the table by
`languages/kernel_text.py`, behind this text. All is compiled once for float64 and once for float32;
these compute with C's double inside a gate, and round its result.

The interpreter lock is let go of until a step calls Python.
"""

from libc.math cimport NAN as nan, INFINITY as inf, fabs as absolute
from libc.math cimport acos, acosh, asin, asinh, atan, atan2, atanh, cos, cosh, erf, erfc
from libc.math cimport floor, log, log10, log1p, log2, sin, sinh, sqrt, tan
from libc.stdlib cimport calloc, free, realloc
from libc.string cimport memset
from cpython cimport array
from cpython.buffer cimport PyBUF_STRIDES, PyBuffer_Release, PyObject_GetBuffer
from autograd_core.special cimport direction, gaussian, hypot, normal_cdf

from numpy import empty, ndarray, zeros


cdef extern from "loops.h" nogil:
    ctypedef double real  # or float
    ctypedef real* target  # which overlaps with nothing else
    double exp "engine_exp"(double)
    double expm1 "engine_expm1"(double)
    double tanh "engine_tanh"(double)
    double sech(double)
    double sech2(double)
    double sigmoid(double)
    double maximum(double, double)
    double minimum(double, double)
    double modulo(double, double)
    double one_minus_square(double)
    double power(double, double)
    double power_limit(double, double)
    double times(double, double)
    double difference(double, double)
    ctypedef real vector  # some numbers side by side
    real dot(const real*, const real*, Py_ssize_t)
    void whole(target, const vector*, Py_ssize_t)
    void matrix_product(
        Py_ssize_t, real*, const real*, Py_ssize_t, const real**, Py_ssize_t
    )
    void add_outer_product(
        bint, vector*, Py_ssize_t, Py_ssize_t, const real**, const real**, Py_ssize_t
    )
    real sum(const real*, Py_ssize_t)
    void add_row(target, const real*, Py_ssize_t)
    void add_product(target, const real*, const real*, Py_ssize_t)
    bint has_v3()


ctypedef bint (*Loop)(target, const real*, const real*, const real*, Py_ssize_t) noexcept nogil

supported = has_v3()


cdef class Runner:
    """What evaluates blocks of lanes."""

    cdef public object otherwise

    def run(
        self,
        numbers,
        batch,
        outputs,
        gradient,
        Py_ssize_t first,
        Py_ssize_t lanes,
        Py_ssize_t blocks,
        double share,
    ):
        """Evaluate blocks of lanes with the leaves' numbers, and add to the gradient.

        Args:
            numbers: those of the leaves.
            batch: the inputs, lanes × inputs.
            outputs: where the outputs go, lanes × outputs.
            gradient: what the gradient is added to.
            first, lanes, blocks: the first lane, and how many there are in each of how many blocks.
            share: the weight of a lane in the gradient.
        """
        if not self.evaluated(numbers, batch, outputs, gradient, first, lanes, blocks, share):
            self.otherwise(numbers, batch, outputs, gradient, first, lanes, blocks, share)

    cdef bint evaluated(
        self, numbers, batch, outputs, gradient,
        Py_ssize_t first, Py_ssize_t lanes, Py_ssize_t blocks, double share
    ) except -1:
        """Whether that is done; else it is for `otherwise`."""
        cdef Py_buffer[4] views
        cdef int taken = 0
        try:
            for each in (numbers, batch, outputs, gradient):  # not `const real[:]`, which takes longer
                PyObject_GetBuffer(each, &views[taken], PyBUF_STRIDES)
                taken += 1
            with nogil:
                return self.evaluate(views, first, lanes, blocks, share)
        finally:
            while taken:
                taken -= 1
                PyBuffer_Release(&views[taken])

    cdef bint evaluate(
        self, Py_buffer* views, Py_ssize_t first, Py_ssize_t lanes, Py_ssize_t blocks, double share
    ) except -1 nogil:
        return False


cdef inline const real* at(const Py_buffer* view, Py_ssize_t row, Py_ssize_t column) noexcept nogil:
    """A number of an array of one or two axes, whose column then is 0."""
    cdef Py_ssize_t offset = row * view.strides[0]
    if column:
        offset += column * view.strides[1]
    return <const real*>(<const char*>view.buf + offset)


cdef class Machine(Runner):
    """The arrays of a program for blocks of lanes, and the steps that compute in them.

    Args:
        code: the steps, as C's int.
        ends: where those end that all lanes share, that are carried out for each block of lanes,
            that finish the gradient, and that spread shared numbers over the lanes, which comes
            before the blocks.
        rows: what varies, a row for each number.
        shared: what all lanes share; the last says how often a shared contribution counts.
        sums: the gradient, and sums over the lanes.
        space: for intermediate results of one step.
        outputs: the row of each output, or, as ~place, its place among the shared numbers.
        inputs: how many of the first rows are inputs.

    Attributes:
        calls: what the steps that call Python call, with the first lane of the block.
        refuse: what is called where a gate refuses a number, with the place of its step, how many
            lanes there are in a block, and the first of them; it raises.
    """

    cdef public object calls, refuse
    cdef Py_ssize_t first, lanes
    cdef const int[::1] code, outputs
    cdef real[::1] rows, shared, sums, space
    cdef Py_ssize_t[4] ends
    cdef Py_ssize_t inputs

    def __init__(self, code, ends, rows, shared, sums, space, outputs, inputs):
        self.code, self.outputs, self.inputs = code, outputs, inputs
        self.rows, self.shared, self.sums, self.space = rows, shared, sums, space
        self.ends = ends

    cdef bint evaluate(
        self, Py_buffer* views, Py_ssize_t first, Py_ssize_t lanes, Py_ssize_t blocks, double share
    ) except -1 nogil:
        cdef Py_ssize_t i
        cdef real* gradient = <real*>views[3].buf
        self.first = first
        self.lanes = lanes
        for i in range(views[0].shape[0]):
            self.shared[i] = at(&views[0], i, 0)[0]
        self.execute(0, self.ends[0], &self.shared[0], 1)
        self.execute(self.ends[2], self.ends[3], &self.rows[0], lanes)
        memset(&self.sums[0], 0, self.sums.shape[0] * sizeof(real))
        for _ in range(blocks):
            self.load(&views[1])
            self.execute(self.ends[0], self.ends[1], &self.rows[0], lanes)
            self.store(<real*>views[2].buf)
            self.first += lanes
        for i in range(self.sums.shape[0]):
            self.sums[i] = <real>(self.sums[i] * share)
        self.shared[self.shared.shape[0] - 1] = <real>(share * lanes * blocks)
        self.execute(self.ends[1], self.ends[2], &self.shared[0], 1)
        for i in range(views[3].shape[0]):
            gradient[i] += self.sums[i]
        return True

    cdef void load(self, const Py_buffer* batch) noexcept nogil:
        """The inputs of a block, turned round: eight lanes at a time, a line of the cache."""
        cdef Py_ssize_t lanes = self.lanes, lane, row, i
        cdef real* out = &self.rows[0]
        for lane in range(0, lanes, 8):
            for row in range(self.inputs):
                for i in range(lane, min(lane + 8, lanes)):
                    out[row * lanes + i] = at(batch, self.first + i, row)[0]

    cdef void store(self, real* outputs) noexcept nogil:
        """The outputs of a block."""
        cdef Py_ssize_t lanes = self.lanes, count = self.outputs.shape[0], place, lane
        cdef int row
        for place in range(count):
            row = self.outputs[place]
            for lane in range(lanes):
                outputs[(self.first + lane) * count + place] = (
                    self.rows[row * lanes + lane] if row >= 0 else self.shared[~row]
                )

    cdef int execute(
        self, Py_ssize_t at, Py_ssize_t stop, real* rows, Py_ssize_t lanes
    ) except -1 nogil:
        """Carry out steps on rows of so many lanes."""
        cdef const int* code
        cdef const int* more
        cdef real* shared = &self.shared[0]
        cdef real* sums = &self.sums[0]
        cdef real* space = &self.space[0]
        cdef real times = self.shared[self.shared.shape[0] - 1]
        cdef Py_ssize_t n, i
        cdef int operation
        while at < stop:
            code = &self.code[at]
            operation, n = code[0], code[1]
            if operation >= GATES:
                if LOOPS[operation - GATES](
                    rows + code[2] * lanes,
                    rows + code[3] * lanes,
                    rows + code[4] * lanes,
                    rows + code[5] * lanes,
                    n * lanes,
                ):
                    with gil:
                        self.refuse(at, self.lanes, self.first)
                at += 6
            elif operation == TANH_SECH2:
                tanh_sech2(
                    rows + code[2] * lanes, rows + code[4] * lanes, rows + code[3] * lanes, n * lanes
                )
                at += 6
            elif operation == COPY:
                more = code + 2
                for i in range(n):
                    copy(rows + more[2 * i] * lanes, rows + more[2 * i + 1] * lanes, lanes)
                at += 2 + 2 * n
            elif operation == SPREAD:
                more = code + 2
                for i in range(n):
                    fill(rows + more[2 * i] * lanes, shared[more[2 * i + 1]], lanes)
                at += 2 + 2 * n
            elif operation == PRODUCT:
                products(n, code[2], code[3], code + 4, shared, rows, lanes)
                at += 4 + code[2] * code[3] + n * (1 + code[3])
            elif operation == OUTER:
                outer_products(n, code[2], code[3], code + 4, rows, sums, lanes)
                at += 4 + code[2] * code[3] + n * (code[2] + code[3])
            elif operation == ROW_SUMS:
                more = code + 2
                for i in range(n):
                    sums[more[2 * i + 1]] += sum(rows + more[2 * i] * lanes, lanes)
                at += 2 + 2 * n
            elif operation == INNER:
                more = code + 2
                for i in range(0, 3 * n, 3):
                    sums[more[i + 2]] += dot(rows + more[i] * lanes, rows + more[i + 1] * lanes, lanes)
                at += 2 + 3 * n
            elif operation == SCALED:
                more = code + 2
                for i in range(0, 4 * n, 4):
                    sums[more[i + 3]] += shared[more[i + 1]] * (
                        sums[more[i + 2]] if more[i] else shared[more[i + 2]] * times
                    )
                at += 2 + 4 * n
            elif operation == TOTAL:
                total(n, code[2], rows + code[3] * lanes, code + 4, rows, lanes)
                at += 4 + n * code[2]
            elif operation == DOT:
                dots(n, code[2], rows + code[3] * lanes, code + 4, rows, lanes)
                at += 4 + 2 * n * code[2]
            elif operation == LOGSUMEXP:
                logsumexp(n, code[2], rows + code[3] * lanes, code + 4, rows, space, lanes)
                at += 4 + n * code[2]
            else:
                with gil:
                    self.calls[n](self.first)
                at += 3 + code[2]
        return 0


cdef inline void copy(target out, const real* x, Py_ssize_t n) noexcept nogil:
    cdef Py_ssize_t i
    for i in range(n):
        out[i] = x[i]


cdef inline void fill(target out, real number, Py_ssize_t n) noexcept nogil:
    cdef Py_ssize_t i
    for i in range(n):
        out[i] = number


cdef void tanh_sech2(target out, target slope, const real* x, Py_ssize_t n) noexcept nogil:
    """tanh and its slope, for which the compiler sees that one exponential will do."""
    cdef Py_ssize_t i
    for i in range(n):
        out[i] = <real>tanh(x[i])
        slope[i] = <real>sech2(x[i])


cdef void products(
    Py_ssize_t count, Py_ssize_t n, Py_ssize_t k, const int* code, const real* shared, real* rows,
    Py_ssize_t lanes
) noexcept nogil:
    """W X for the places of n k shared numbers, and some X: where the result goes, and k rows."""
    cdef real[SMALL] weights
    cdef const real* x[SMALL]
    cdef Py_ssize_t i
    for i in range(n * k):
        weights[i] = shared[code[i]]
    code += n * k
    for _ in range(count):
        for i in range(k):
            x[i] = rows + code[1 + i] * lanes
        matrix_product(n, rows + code[0] * lanes, weights, k, x, lanes)
        code += 1 + k


cdef void outer_products(
    Py_ssize_t count, Py_ssize_t n, Py_ssize_t k, const int* code, const real* rows, real* sums,
    Py_ssize_t lanes
) noexcept nogil:
    """Add some U Vᵀ to the places of n k sums; each has the places of n rows and of k."""
    cdef vector[SMALL] found
    cdef const real* u[SMALL]
    cdef const real* v[SMALL]
    cdef real[SMALL] products
    cdef const int* targets = code
    cdef Py_ssize_t i, task
    code += n * k
    for task in range(count):
        for i in range(n):
            u[i] = rows + code[i] * lanes
        for i in range(k):
            v[i] = rows + code[n + i] * lanes
        add_outer_product(task == 0, found, n, k, u, v, lanes)
        code += n + k
    whole(products, found, n * k)
    for i in range(n * k):
        sums[targets[i]] += products[i]


cdef void total(
    Py_ssize_t n, Py_ssize_t k, real* out, const int* code, const real* rows, Py_ssize_t lanes
) noexcept nogil:
    """Sums of k rows, whose places are those of the first terms of all sums, the second, ..."""
    cdef Py_ssize_t i, j
    for j in range(n):
        copy(out + j * lanes, rows + code[j] * lanes, lanes)
        for i in range(1, k):
            add_row(out + j * lanes, rows + code[i * n + j] * lanes, lanes)


cdef void dots(
    Py_ssize_t n, Py_ssize_t k, real* out, const int* code, const real* rows, Py_ssize_t lanes
) noexcept nogil:
    """Sums of k products of rows; the places of the second factors come behind those of all."""
    cdef Py_ssize_t i, j, at
    cdef const int* other = code + n * k
    cdef real even, odd
    if lanes == 1:  # two sums, which do not wait for each other
        for j in range(n):
            even, odd = 0.0, 0.0
            for i in range(0, k - 1, 2):
                at = i * n + j
                even += rows[code[at]] * rows[other[at]]
                odd += rows[code[at + n]] * rows[other[at + n]]
            if k % 2:
                at = (k - 1) * n + j
                even += rows[code[at]] * rows[other[at]]
            out[j] = even + odd
        return
    fill(out, 0.0, n * lanes)
    for j in range(n):
        for i in range(k):
            at = i * n + j
            add_product(
                out + j * lanes, rows + code[at] * lanes, rows + other[at] * lanes, lanes
            )


cdef void logsumexp(
    Py_ssize_t n, Py_ssize_t k, real* out, const int* code, const real* rows, real* space,
    Py_ssize_t lanes
) noexcept nogil:
    """max + ln(1 + Σ exp(x − max)) over all of k rows but one largest, as `numpy_rules` has it."""
    cdef Py_ssize_t i, j, lane
    cdef target largest = space
    cdef target left = space + lanes  # 1 until the largest has been left out
    cdef target found
    cdef const real* x
    cdef double shift, term
    for j in range(n):
        found = out + j * lanes
        copy(largest, rows + code[j] * lanes, lanes)
        for i in range(1, k):
            x = rows + code[i * n + j] * lanes
            for lane in range(lanes):
                largest[lane] = <real>maximum(largest[lane], x[lane])
        fill(left, 1.0, lanes)
        fill(found, 0.0, lanes)
        for i in range(k):
            x = rows + code[i * n + j] * lanes
            for lane in range(lanes):
                term = exp(x[lane] - (0.0 if absolute(largest[lane]) == inf else largest[lane]))
                found[lane] += <real>(0.0 if left[lane] * (x[lane] == largest[lane]) else term)
                left[lane] = <real>(0.0 if x[lane] == largest[lane] else left[lane])
        for lane in range(lanes):
            shift = largest[lane]
            found[lane] = <real>(shift if absolute(shift) == inf else shift + log1p(found[lane]))
