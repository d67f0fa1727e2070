# A class for each gate, which knows its forward rule and its local gradients.
import math
import random
from dataclasses import dataclass, field


def slope(f, inputs, place):
    inputs = list(inputs)
    x = inputs[place]
    inputs[place] = x + 1e-7
    above = f(*inputs)
    inputs[place] = x - 1e-7
    return (above - f(*inputs)) / 2e-7


class Gate:
    def __init__(self, *operands):
        self.operands = [o if isinstance(o, Value) else Value(o) for o in operands]
        self.numbers = [o.data for o in self.operands]

    def out(self):
        return Value(self.forward(*self.numbers), self)


class Add(Gate):
    def forward(self, a, b):
        return a + b

    def backward(self, a, b):
        return 1, 1


class Multiply(Gate):
    def forward(self, a, b):
        return a * b

    def backward(self, a, b):
        return b, a


class Divide(Gate):
    def forward(self, a, b):
        return a / b

    def backward(self, a, b):
        return 1 / b, -a / b / b


class Exp(Gate):
    def forward(self, a):
        return math.exp(a)

    def backward(self, a):
        return (math.exp(a),)


class Tanh(Gate):
    def forward(self, a):
        return math.tanh(a)

    def backward(self, a):
        return (1 - math.tanh(a) ** 2,)


@dataclass(eq=False)
class Value:
    data: float
    gate: Gate | None = None
    grad: float = field(default=0.0, init=False)

    def __add__(self, other):
        return Add(self, other).out()

    def __radd__(self, other):
        return Add(other, self).out()

    def __mul__(self, other):
        return Multiply(self, other).out()

    def __rmul__(self, other):
        return Multiply(other, self).out()

    def __truediv__(self, other):
        return Divide(self, other).out()

    def __rtruediv__(self, other):
        return Divide(other, self).out()

    def __neg__(self):
        return Multiply(-1.0, self).out()

    def __sub__(self, other):
        return Add(self, -other).out()

    def __rsub__(self, other):
        return Add(other, -self).out()

    def exp(self):
        return Exp(self).out()

    def tanh(self):
        return Tanh(self).out()

    def _backward(self):
        if self.gate:
            for operand, local in zip(self.gate.operands, self.gate.backward(*self.gate.numbers)):
                operand.grad += self.grad * local

    def backward(self):
        waiting, users = [self], {}
        for value in waiting:
            for operand in value.gate.operands if value.gate else ():
                if operand not in users:
                    waiting.append(operand)
                users[operand] = users.get(operand, 0) + 1
        for value in waiting:
            if value.gate:
                value.grad = 0.0
        self.grad, ready = 1.0, [self]
        while ready:
            value = ready.pop()
            value._backward()
            for operand in value.gate.operands if value.gate else ():
                users[operand] -= 1
                if users[operand] == 0:
                    ready.append(operand)


class Neuron:
    def __init__(self, nin):
        self.weights = [Value(random.random() - 0.5) for _ in range(nin)]
        self.bias = Value(0.1)

    def parameters(self):
        return [self.bias, *self.weights]

    def __call__(self, inputs):
        total = self.bias
        for w, x in zip(self.weights, inputs):
            total += w * x
        return total.tanh()


class Layer:
    def __init__(self, nin, nout):
        self.neurons = tuple(Neuron(nin) for _ in range(nout))

    def parameters(self):
        return sum((n.parameters() for n in self.neurons), [])

    def __call__(self, inputs):
        return tuple(n(inputs) for n in self.neurons)


def train(model, parameters, examples, rate, steps):
    def mean():
        errors = [model(x) - y for x, y in examples]
        return sum((e * e for e in errors), Value(0.0)) / float(len(examples))

    def step():
        error = mean()
        for p in parameters:
            p.grad = 0.0
        error.backward()
        for p in parameters:
            p.data = p.data - p.grad * rate
        return error.data

    return [step() for _ in range(steps)]
