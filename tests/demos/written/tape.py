# All gates stand on one tape, in the order in which they were computed; it is played backwards.
from math import cosh, exp, sinh
from random import gauss

print("my engine")
tape = []


def slope(f, inputs, place, h=1e-5):
    def at(x):
        return f(*[x if i == place else number for i, number in enumerate(inputs)])

    return (at(inputs[place] + h) - at(inputs[place] - h)) / 2 / h


class Value:
    def __init__(self, data):
        self.data, self.grad, self.place = float(data), 0.0, None

    def _backward(self):
        if self.place is not None:
            out, pairs = tape[self.place]
            for operand, local in pairs:
                operand.grad = operand.grad + out.grad * local

    def backward(self):
        for out, _ in tape:
            out.grad = 0.0
        self.grad = 1.0
        for place in range(len(tape) - 1, -1, -1):
            tape[place][0]._backward()

    def __add__(self, other):
        return record(self.data + value(other).data, (self, 1), (value(other), 1))

    def __mul__(self, other):
        other = value(other)
        return record(self.data * other.data, (self, other.data), (other, self.data))

    def __sub__(self, other):
        return self + -1 * value(other)

    def __truediv__(self, other):
        other = value(other)
        inverse = record(1 / other.data, (other, -1 / other.data**2))
        return self * inverse

    def __neg__(self):
        return -1 * self

    def __rsub__(self, other):
        return value(other) - self

    def __rtruediv__(self, other):
        return value(other) / self

    __radd__ = __add__
    __rmul__ = __mul__

    def exp(self):
        return record(exp(self.data), (self, exp(self.data)))

    def tanh(self):
        return record(sinh(self.data) / cosh(self.data), (self, 1 / cosh(self.data) ** 2))


def value(x):
    return x if isinstance(x, Value) else Value(x)


def record(data, *pairs):
    out = Value(data)
    out.place = len(tape)
    tape.append((out, pairs))
    return out


class Neuron:
    def __init__(self, nin):
        self.all = [Value(gauss(0, 1)) for _ in range(nin + 1)]

    def __call__(self, xs):
        bias, *weights = self.all
        z = bias
        for i in range(len(weights)):
            z = z + xs[i] * weights[i]
        return z.tanh()

    def parameters(self):
        return self.all


class Layer(list):
    def __init__(self, nin, nout):
        super().__init__(Neuron(nin) for _ in range(nout))

    def __call__(self, xs):
        return [neuron(xs) for neuron in self]

    def parameters(self):
        found = []
        for neuron in self:
            found += neuron.parameters()
        return found


def train(model, parameters, examples, rate, steps):
    history = []
    for _ in range(steps):
        tape.clear()
        cost = Value(0)
        for inputs, target in examples:
            error = model(inputs) - target
            cost = cost + error * error * (1 / len(examples))
        cost.backward()
        history.append(cost.data)
        for p in parameters:
            p.data -= rate * p.grad
            p.grad = 0
    return history
