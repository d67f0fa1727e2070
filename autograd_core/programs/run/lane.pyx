

# One lane alone: steps written out number by number, and what carries these out. `loops.pyx`, which
# comes before this text, has blocks of lanes.

cdef enum Alone:
    MOVE, ADD_PRODUCT, LESS_PRODUCT, LOOP, SUM, SUM_OF_PRODUCTS, LOG_SUM_EXP

cdef enum:
    FEW = 4  # gates that are one loop if all operands stand side by side
    MANY = 16  # gates that are worth putting their operands side by side
    LONG = 8  # terms of a sum that is a loop


cdef struct Number:
    # Where `sign` is not 0, the number is not computed yet: it is left times right with that sign,
    # or minus left where right is negative.
    int left, right, sign
    bint made


cdef class Unrolled:
    """Steps written out number by number.

    Each number has a cell: first those that all lanes share, then sums, then rows. A copied number
    stays where it is. A product waits until something takes it, for a sum multiplies and adds with
    one instruction; so does a negated number, for a sum subtracts it.

    Attributes:
        code: instructions, each an operation, the cell of its result, and those of three operands;
            or, of a list, the operation, the cell of its result, the length, and the cells.
        size: how many cells there are.
        zero: the cell of -0.
    """

    cdef array.array code, places
    cdef int size, zero
    cdef int* cell  # of each place
    cdef Number* numbers  # of each cell

    def __init__(self, const int[::1] code, ends, int shared, int sums, int rows, int inputs):
        cdef int i, first = shared + sums
        self.code, self.places = array.array("i"), array.array("i", range(first + rows))
        self.cell = self.places.data.as_ints
        self.zero = self.fresh(first + rows + 1) + first + rows
        for i in range(first + inputs):
            self.numbers[i].made = i < shared or i >= first
        self.unroll(&code[0], 0, ends[0], 0, shared)
        self.unroll(&code[0], ends[2], ends[3], first, shared)
        self.unroll(&code[0], ends[0], ends[1], first, shared)
        self.unroll(&code[0], ends[1], ends[2], 0, shared)
        for i in range(shared, first):
            self.needed(i)

    def __dealloc__(self):
        free(self.numbers)

    cdef int unroll(self, const int* code, int at, int stop, int rows, int sums) except -1:
        """Write out steps; rows and sums begin at these places."""
        cdef int operation, n, k, m, i, j
        cdef const int* more
        cdef const int* other
        while at < stop:
            operation, n, k, more = code[at], code[at + 1], code[at + 2], code + at + 2
            if operation >= GATES:
                self.gates(operation, n, rows + k, rows + more[1], rows + more[2], rows + more[3])
                at += 6
            elif operation == TANH_SECH2:
                for i in range(n if n < MANY else 0):
                    j = self.needed(self.cell[rows + more[1] + i])
                    m = self.made(rows + more[2] + i, 1)
                    self.emit(operation, self.made(rows + k + i, 1), j, m, 0)
                if n >= MANY:
                    j = rows + more[1]
                    self.gates(tanh_operation, n, rows + k, j, j, j)
                    self.gates(sech2_operation, n, rows + more[2], j, j, j)
                at += 6
            elif operation == COPY or operation == SPREAD:
                for i in range(0, 2 * n, 2):
                    j = more[i + 1] + (rows if operation == COPY else 0)
                    self.cell[rows + more[i]] = self.cell[j]
                at += 2 + 2 * n
            elif operation == PRODUCT:
                k, m, more = code[at + 2], code[at + 3], code + at + 4
                for i in range(n):
                    j = k * m + i * (1 + m)  # where the result goes, and m rows
                    self.products(
                        k, m, rows + more[j], more, m, 1, 0, more + j + 1, 0, 1, rows
                    )
                at += 4 + k * m + n * (1 + m)
            elif operation == DOT:
                more += 2
                self.products(n, k, rows + code[at + 3], more, 1, n, rows, more + n * k, 1, n, rows)
                at += 4 + 2 * n * k
            elif operation == OUTER:
                k, m, more = code[at + 2], code[at + 3], code + at + 4
                other = more + k * m
                for _ in range(n):
                    for i in range(k * m):
                        self.total(sums + more[i], rows + other[i // m], rows + other[k + i % m])
                    other += k + m
                at += 4 + k * m + n * (k + m)
            elif operation == ROW_SUMS:
                for i in range(0, 2 * n, 2):
                    self.total(sums + more[i + 1], rows + more[i], -1)
                at += 2 + 2 * n
            elif operation == INNER:
                for i in range(0, 3 * n, 3):
                    self.total(sums + more[i + 2], rows + more[i], rows + more[i + 1])
                at += 2 + 3 * n
            elif operation == SCALED:
                for i in range(0, 4 * n, 4):
                    self.total(sums + more[i + 3], more[i + 1], more[i + 2] + (sums if more[i] else 0))
                at += 2 + 4 * n
            else:  # TOTAL or LOGSUMEXP
                more += 2
                self.lists(operation, n, k, rows + code[at + 3], more, rows)
                at += 4 + n * k
        return 0

    cdef int gates(self, int operation, int n, int out, int a, int b, int c) except -1:
        """Gates side by side, one by one or as a loop."""
        cdef int i, x, y, z
        cdef int* cell = self.cell
        cdef int* code
        if n >= MANY or n >= FEW and self.beside(a, n) and self.beside(b, n) and self.beside(c, n):
            a, b, c = self.row(a, n), self.row(b, n), self.row(c, n)
            out = self.made(out, n)
            code = self.put(7)
            code[0], code[1], code[2], code[3], code[4] = LOOP, out, a, b, c
            code[5], code[6] = n, operation
            return 0
        for i in range(n):
            x, y = cell[a + i], cell[b + i]
            if operation == multiply_operation:
                self.multiply(self.made(out + i, 1), x, y)
            elif operation == add_operation or operation == subtract_operation:
                self.add(self.made(out + i, 1), x, y, 1 if operation == add_operation else -1)
            elif operation == negate_operation:
                self.negate(out + i, x)
            else:
                z = cell[c + i]
                self.needed(x)
                self.needed(y)
                self.needed(z)
                self.emit(operation, self.made(out + i, 1), x, y, z)
        return 0

    cdef int multiply(self, int out, int a, int b) except -1:
        cdef int sign = 1, left = self.positive(a, &sign), right = self.positive(b, &sign)
        cdef Number* number = &self.numbers[out]
        number.left, number.right, number.sign = left, right, sign
        return 0

    cdef int negate(self, int place, int a) except -1:
        cdef Number number = self.numbers[a]
        cdef Number* out
        if number.sign and number.right < 0:  # minus minus
            self.cell[place] = number.left
            return 0
        if not number.sign:
            number.left, number.right, number.sign = a, -1, 1
        out = &self.numbers[self.made(place, 1)]
        out.left, out.right, out.sign = number.left, number.right, -number.sign
        return 0

    cdef int add(self, int out, int a, int b, int sign) except -1:
        """A sum, or a difference if the sign is -1."""
        cdef Number number = self.numbers[b]
        if sign > 0 and not number.sign:
            number, a, b = self.numbers[a], b, a
        self.needed(a)
        self.numbers[out].sign = 0  # a sum to which its first product waits to be added
        if not number.sign:
            number.left, number.right, number.sign = b, -1, 1
        sign *= number.sign
        if number.right < 0:
            self.emit(add_operation if sign > 0 else subtract_operation, out, a, number.left, 0)
        else:
            self.emit(ADD_PRODUCT if sign > 0 else LESS_PRODUCT, out, a, number.left, number.right)
        return 0

    cdef int add_product(self, int out, int a, int b) except -1:
        cdef int sign = 1, left = self.positive(a, &sign), right = self.positive(b, &sign)
        self.needed(out)
        return self.emit(ADD_PRODUCT if sign > 0 else LESS_PRODUCT, out, out, left, right)

    cdef int total(self, int sum, int a, int b) except -1:
        """Add a number, or the product of two, to a sum over the lanes."""
        cdef int x = self.cell[a], y = self.cell[b] if b >= 0 else -1
        if not self.numbers[sum].made:
            self.numbers[sum].made = True
            return self.multiply(sum, x, y) if b >= 0 else self.emit(MOVE, sum, self.needed(x), 0, 0)
        return self.add_product(sum, x, y) if b >= 0 else self.add(sum, sum, x, 1)

    cdef int products(
        self, int n, int k, int out,
        const int* a, int a_row, int a_step, int a_first,
        const int* b, int b_row, int b_step, int b_first,
    ) except -1:
        """Sums of k products of numbers that have their places in lists."""
        cdef int i, j, x, y
        cdef int* cell = self.cell
        cdef int* code
        out = self.made(out, n)
        for i in range(k):
            for j in range(n):
                x = cell[a_first + a[j * a_row + i * a_step]]
                y = cell[b_first + b[j * b_row + i * b_step]]
                if k >= LONG:
                    self.needed(x)
                    self.needed(y)
                elif i:
                    self.add_product(out + j, x, y)
                else:
                    self.multiply(out + j, x, y)
        for j in range(n if k >= LONG else 0):
            code = self.put(3 + 2 * k)
            code[0], code[1], code[2] = SUM_OF_PRODUCTS, out + j, k
            for i in range(k):
                code[3 + i] = cell[a_first + a[j * a_row + i * a_step]]
                code[3 + k + i] = cell[b_first + b[j * b_row + i * b_step]]
        return 0

    cdef int lists(self, int operation, int n, int k, int out, const int* places, int first) except -1:
        """Sums, or logarithms of sums of exponentials, of k numbers."""
        cdef int i, j
        cdef int* cell = self.cell
        cdef int* code
        if operation == TOTAL and k == 1:
            for j in range(n):
                cell[out + j] = cell[first + places[j]]
            return 0
        out = self.made(out, n)
        for j in range(n):
            if operation == TOTAL and k < LONG:
                self.add(out + j, cell[first + places[j]], cell[first + places[n + j]], 1)
                for i in range(2, k):
                    self.add(out + j, out + j, cell[first + places[i * n + j]], 1)
                continue
            for i in range(k):
                self.needed(cell[first + places[i * n + j]])
            code = self.put(3 + k)
            code[0], code[1], code[2] = SUM if operation == TOTAL else LOG_SUM_EXP, out + j, k
            for i in range(k):
                code[3 + i] = cell[first + places[i * n + j]]
        return 0

    # Cells

    cdef int fresh(self, int count) except -1:
        """The first of new cells."""
        cdef int size = self.size
        self.size += count
        self.numbers = <Number*>realloc(self.numbers, (self.size + 1) * sizeof(Number))
        if self.numbers is NULL:
            raise MemoryError
        memset(self.numbers + size, 0, count * sizeof(Number))
        return size

    cdef int made(self, int place, int count) except -1:
        """The first of cells side by side for results; scratch space has new ones each time."""
        cdef int i, start = place
        for i in range(place, place + count):
            if self.cell[i] != i or self.numbers[i].made:
                start = self.fresh(count)
                break
        for i in range(count):
            self.cell[place + i] = start + i
            self.numbers[start + i].made = True
        return start

    cdef int needed(self, int cell) except -1:
        """A cell, once its number is computed."""
        cdef Number number = self.numbers[cell]
        self.numbers[cell].sign = 0
        if number.sign > 0:
            self.emit(multiply_operation, cell, number.left, number.right, 0)
        elif number.sign < 0 and number.right >= 0:  # -0 - x y, which has the sign of -(x y)
            self.emit(LESS_PRODUCT, cell, self.zero, number.left, number.right)
        elif number.sign < 0:
            self.emit(negate_operation, cell, number.left, 0, 0)
        return cell

    cdef int positive(self, int cell, int* sign) except -1:
        """A cell that has the number but for its sign, once that is computed."""
        cdef Number number = self.numbers[cell]
        if number.sign and number.right < 0:
            sign[0] = -sign[0]
            return number.left
        return self.needed(cell)

    cdef bint beside(self, int place, int count) noexcept:
        """Whether numbers have cells side by side."""
        cdef int i
        for i in range(1, count):
            if self.cell[place + i] != self.cell[place] + i:
                return False
        return True

    cdef int row(self, int place, int count) except -1:
        """The first of the cells of numbers that stand, or are put, side by side."""
        cdef int i, start
        cdef bint beside = self.beside(place, count)
        for i in range(count):
            self.needed(self.cell[place + i])
        if not beside:
            start = self.fresh(count)
            for i in range(count):
                self.emit(MOVE, start + i, self.cell[place + i], 0, 0)
                self.cell[place + i] = start + i
                self.numbers[start + i].made = True
        return self.cell[place]

    # Code

    cdef int* put(self, Py_ssize_t count) except NULL:
        """Space for more code."""
        cdef Py_ssize_t at = len(self.code)
        array.resize_smart(self.code, at + count)
        return self.code.data.as_ints + at

    cdef int emit(self, int operation, int out, int a, int b, int c) except -1:
        cdef int* code = self.put(5)
        code[0], code[1], code[2], code[3], code[4] = operation, out, a, b, c
        return 0


cdef class Lane(Runner):
    """A plan for one lane at a time.

    Args:
        code, ends, inputs: as for `Machine`.
        shared: the numbers that all lanes share.
        leaves, gradient, sums, rows: how many there are; leaves are the first of those numbers, and
            the gradient is the first of the sums.
        outputs: the row of each output, or, as ~place, its place among the shared numbers.
        otherwise: runs the plan where a gate refuses a number, to say which.

    Attributes:
        lanes, exact: it is for one lane alone.
        bytes: how much memory it takes.
    """

    cdef readonly Py_ssize_t bytes, lanes
    cdef readonly bint exact
    cdef object outputs_of, code_of  # what holds the next two
    cdef const int* outputs
    cdef const int* code
    cdef real* cells
    cdef Py_ssize_t length, sums, rows, inputs, leaves, count, totals
    cdef numpy.npy_intp gradient
    cdef bint has_nan

    def __init__(
        self, code, ends, shared, int leaves, int gradient, int sums, int rows, outputs, int inputs,
        otherwise
    ):
        cdef int i, size = len(shared)
        cdef Unrolled unrolled = Unrolled(code, ends, size, sums, rows, inputs)
        cdef const real[::1] numbers = shared
        self.sums, self.rows, self.inputs = size, size + sums, inputs
        cdef array.array cells = array.array("i", [
            unrolled.needed(unrolled.cell[self.rows + row if row >= 0 else ~row]) for row in outputs
        ])
        self.outputs_of, self.outputs = cells, cells.data.as_ints
        self.code_of, self.code = unrolled.code, unrolled.code.data.as_ints
        self.length = len(unrolled.code)
        self.otherwise = otherwise
        self.lanes, self.exact = 1, True
        self.leaves, self.gradient, self.count = leaves, gradient, len(outputs)
        self.totals = unrolled.size
        self.bytes = (unrolled.size + gradient) * sizeof(real) + self.length * sizeof(int)
        self.cells = <real*>calloc(unrolled.size + gradient + 1, sizeof(real))
        if self.cells is NULL:
            raise MemoryError
        for i in range(size):
            self.cells[i] = numbers[i]
        self.cells[unrolled.zero] = -0.0

    def __dealloc__(self):
        free(self.cells)

    cdef bint evaluate(
        self, ndarray numbers, ndarray batch, ndarray outputs, ndarray gradient,
        Py_ssize_t first, Py_ssize_t lanes, Py_ssize_t blocks, double share
    ) except -1 nogil:
        cdef Py_ssize_t lane, i, count = outputs.shape[1]
        cdef real number
        cdef bint has_nan = False
        cdef real* cells = self.cells
        cdef real* out = <real*>outputs.data + first * count
        cdef real* summed = <real*>gradient.data
        cdef real* totals = cells + self.totals
        for i in range(numbers.shape[0]):
            cells[i] = at(numbers, i, 0)[0]
        memset(totals, 0, self.gradient * sizeof(real))
        for lane in range(first, first + blocks):
            for i in range(self.inputs):
                cells[self.rows + i] = at(batch, lane, i)[0]
            if not carry_out(self.code, self.code + self.length, cells):
                return False
            for i in range(count):
                number = out[i] = cells[self.outputs[i]]
                has_nan |= number != number
            for i in range(self.gradient):
                totals[i] += cells[self.sums + i]
            out += count
        for i in range(self.gradient):
            number = totals[i]
            summed[i] += <real>(number * share)
            has_nan |= number != number
        self.has_nan = has_nan
        return True


cdef int REAL_TYPE = numpy.NPY_DOUBLE if sizeof(real) == 8 else numpy.NPY_FLOAT


cdef bint fits(thing, int axes):
    """Whether this is an array of real numbers as they are here, with so many axes."""
    if type(thing) is not ndarray:
        return False
    cdef ndarray array = thing
    if numpy.PyArray_TYPE(array) != REAL_TYPE or not numpy.PyArray_ISBEHAVED_RO(array):
        return False
    return array.ndim == axes


def evaluated_at_once(list bounds, Py_ssize_t most, numbers, batch, bint mean):
    """Outputs and gradient of a batch of few lanes, for which the last of some bound plans is taken.

    None if that is no `Lane`, the arrays are others, there are more lanes, a gate refuses a number,
    or one is nan: then Python sees to it, which takes longer than a small circuit.
    """
    cdef Lane lane
    cdef numpy.npy_intp[2] shape
    cdef Py_ssize_t lanes
    cdef ndarray given
    cdef double share
    bound = bounds.pop() if bounds else None
    if type(bound) is not Lane:
        if bound is not None:
            bounds.append(bound)
        return None
    lane = bound
    try:
        if not fits(numbers, 1) or not fits(batch, 2):
            return None
        given = batch
        lanes = given.shape[0]
        if not 0 < lanes <= most or given.shape[1] != lane.inputs:
            return None
        given = numbers
        if given.shape[0] != lane.leaves:
            return None
        shape[0], shape[1] = lanes, lane.count
        outputs = numpy.PyArray_EMPTY(2, shape, REAL_TYPE, 0)
        gradient = numpy.PyArray_ZEROS(1, &lane.gradient, REAL_TYPE, 0)
        share = 1.0 / lanes if mean else 1.0
        if lane.evaluate(numbers, batch, outputs, gradient, 0, 1, lanes, share) and not lane.has_nan:
            return outputs, gradient
        return None
    finally:
        bounds.append(lane)
