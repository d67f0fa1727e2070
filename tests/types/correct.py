"""Correct programs, in which a checker finds nothing."""

import random
from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

import viz
from autograd_core import (
    GATES,
    Gate,
    Program,
    Value,
    affine,
    dot,
    exp,
    explain,
    gate,
    grad,
    gradcheck,
    leaky_relu,
    logsumexp,
    maximum,
    name_values,
    no_grad,
    relu,
    sigmoid,
    softplus,
    staged_code,
    tanh,
    total,
    trace,
    weighted_sum,
    where,
)
from nn import (
    ACTIVATIONS,
    L2,
    MLP,
    Adam,
    Layer,
    LineSearch,
    Module,
    Neuron,
    SteepestDescent,
    StepDecay,
    Trainer,
    binary_cross_entropy_from_logit,
    logistic,
    softmax,
    squared_error,
)

# Numbers of every kind
for number in (1, 2.5, True, Fraction(1, 3), Decimal("0.1"), np.float32(2.0), np.array(3.0)):
    Value(number)
x, y = Value(np.float64(2.0), "x"), Value(np.int64(3))
x.data = 3
x.data = Fraction(1, 2)
x.data = np.float32(0.5)
x.data -= 0.1 * x.grad
x.grad = 0
x.grad += 1.0
x.label = None
data: float = x.data

# Operators and gates, between values and numbers
f: Value = (x + 1) * (2 - y) / 3.0**x - Fraction(1, 2) * x + Decimal("1.5") - np.float32(2.0) * y
f = -f + +f + abs(f) + x**2 + True
f += 1
f = np.float64(2.0) * f + np.int64(2) ** x
f = tanh(x) + exp(x) * sigmoid(1) + relu(-2) + maximum(0, x) + maximum(x, y)
f = f.tanh().exp().log().relu() + f.maximum(0).where(x, 1.0) + f.leaky_relu(slope=0.2)
f = leaky_relu(x, slope=y) + where(condition=x > 0, x=1, y=y) + where(x, 1, 2) + softplus(x)
plain: float = (
    tanh(1.0) + maximum(1, 2.0) + leaky_relu(-1, 0.1) + total([1.0, 2]) + exp(np.float64(1))
)
f.backward()
f.backward(2)
f.backward(upstream=np.float64(0.5))
f = f.forward()
f.zero_grad()
f = f.detach()
print(f"{f:.3f}", f.data, round(f.data, 2), f.operands, f.inputs, f.local_grads)

# Lists of values
values = [Value(i) for i in range(3)]
f = sum(values, Value(0.0)) + total(values) + total(v * v for v in values)
f = dot(values, [1, 2, 3]) + weighted_sum(values, values, 1.0) + logsumexp([x, 1.0])
f = dot(values, np.array([1.0, 2.0, 3.0]))
f = max(values, key=lambda v: v.data) + sorted(values)[0] + max(values) + min(x, y)
print(x < 1, x >= y, x == 1, x < 2, x in {x, y}, {x: 1.0}, bool(x))
outputs = affine([values], [x, 1, 2.0], [y], tanh)
outputs[0].backward()
outputs = affine(np.array([[x, y]]), np.array([1.0, 2.0]), [y])
array = np.array(values) * x
(x * array).sum().backward()
weights = np.array([[Value(random.uniform(-1, 1)) for _ in range(3)] for _ in range(2)])
(weights @ np.array([1.0, 2.0, 3.0])).sum().backward()

# A circuit and its explanations
name_values(locals())
print(explain(f), staged_code(f), trace(f).forward, GATES["tanh"].pattern, tanh.symbol)
print(explain([f, x]), staged_code((f, x)), trace([f, x]).outputs)
kinds: list[Gate] = [tanh, leaky_relu, dot]
produced = f.gate
if produced is not None:
    print(produced.name, produced is tanh)
[slope] = grad(x**3, [x])
[curvature] = grad(slope, [x, y][:1])
print(gradcheck(lambda x, y: (x + y) * x * y, {"x": 0.5, "y": -1.25}))
with no_grad():
    x * 2
viz.draw(f, palette="colorblind", inputs="near").save("f.svg")
viz.draw([f, x], branches=True)
viz.page(f, title="f", palette="colorblind", parameters={"x"}).save("f.html")
viz.steps(f, limit=None, names={"f": f})
viz.animate(f, seconds=2, branches=True)
viz.worksheet(f, [x], decimals=3, expand={"sigmoid", "Σ"})


# A gate and a class of one's own
@gate("swish", pattern="chain", local_gradients=[lambda math, out, x: out])
def swish(math, x):  # type: ignore[no-untyped-def]
    """x · σ(x)."""
    return x * math.sigmoid(x)


f = swish(x) + swish(x) * 2
plain = swish(1.0)


class Weight(Value):
    """A value with a way to start."""

    def __init__(self, scale: float) -> None:
        super().__init__(random.gauss(0.0, scale), "w")
        self.scale = scale


weight = Weight(0.1)
out = weight.tanh() + weight.maximum(x)
out = out * weight + tanh(weight)
y = weight.exp()
y = y + 1
y = tanh(weight)
y = y - 1


# Networks, in micrograd's way
class Line(Module):
    """A line."""

    def __init__(self) -> None:
        self.slope, self.intercept = Value(2.0), Value(1.0)

    def __call__(self, xs: list[float]) -> Value:
        return self.slope * xs[0] + self.intercept


model = MLP(2, [16, 16, 1], activation="relu")
points, labels = [[0.0, 1.0], [1.0, 0.0]], [1, -1]
for k in range(20):
    scores = [model(point) for point in points]
    losses = [(1 + -label * score).relu() for label, score in zip(labels, scores)]
    loss = sum(losses, Value(0.0)) * (1.0 / len(losses))
    loss = loss + 1e-4 * sum((p * p for p in model.parameters()), Value(0.0))
    accuracy = sum((label > 0) == (score.data > 0) for label, score in zip(labels, scores))
    model.zero_grad()
    loss.backward()
    for p in model.parameters():
        p.data -= (1.0 - 0.9 * k / 100) * p.grad
    print(f"step {k} loss {loss.data}, accuracy {accuracy / len(labels)}")
single: Value = model([1.0, x])
single.backward()
model(np.array([1.0, 2.0])).backward()
several: list[Value] = MLP(2, [3, 2])([1, 2])
outs = MLP(2, [3, 2])([1, 2])
sum(outs, Value(0.0)).backward()
outs[0].backward()
print([o.data for o in outs], len(outs), logistic(model([0, 1])).data, softmax(outs)[0].data)
squared_error(outs, [1.0, 0.0]).backward()
squared_error(model([1, 2]), 1.0).backward()
hidden = Layer(2, 3, activation="tanh", bias=False)([x, y])
Neuron(2, activation="logistic", bias="feature", seed=1)([1.0, 2.0]).backward()
MLP(2, [4, 4, 3], activation=["tanh", "elu"], output="softmax", initial="he", seed=random.Random(1))
MLP(2, (4, 1), activation=swish)
MLP(2, np.array([4, 1]).tolist(), activation=tanh, output=logistic)
for name in ACTIVATIONS:
    MLP(2, [3, 1], activation=name)
model.layers[0].neurons[0].bias

# Training
trainer = Trainer(model, binary_cross_entropy_from_logit, Adam(0.05), penalty=L2(1e-3), seed=1)
history = trainer.fit(points, [0, 1], epochs=10, validation=(points, [0, 1]), patience=3)
print(history["loss"][-1], trainer.predict(np.array(points)), trainer.evaluate(points, [0, 1]))
Trainer(Line(), squared_error, SteepestDescent(StepDecay(0.1, every=10))).fit(points, labels, 3)
Trainer(Line(), lambda output, target: (output - target) ** 2, LineSearch()).fit(points, labels, 3)
model.load_state_dict(model.state_dict())

# Programs
a, b = Value(0.0, "a"), Value(0.0, "b")
program = Program(squared_error(model([a, b]), 1.0), inputs=[a, b], dtype="float32")
print(program(points), program.backward(points, reduction="sum"), program.jacobian(points).shape)
Program([a * b, a + b], inputs=(a, b)).gradient(np.array(points))
by_parameters: NDArray[np.float64] = program.jacobian(points, by="parameters")
by_name = program({"a": [0.0, 1.0], "b": np.array([1.0, 0.0])})
objective, residuals = program.objective(points, reduction="sum"), program.residuals(points)
start: NDArray[np.float64] = program.read()
fitted: float = objective(start)[0]
slopes: NDArray[np.float64] = objective(list(start))[1]
print(fitted, slopes.shape, objective.hessian_product(start, start) @ start)
print(residuals(start).mean(), residuals.jacobian(start).T @ residuals(start))
program.write(start)
