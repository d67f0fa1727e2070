"""Mistakes that people make. A line with the mark has one, and no other line has any."""

import math

import nn
import viz
from autograd_core import Program, Value, affine, dot, gate, grad, leaky_relu, tanh, total, where
from nn import MLP, Adam, Layer, Neuron, SteepestDescent, Trainer, softmax, squared_error

x = Value(2.0, "x")
y = Value(3.0)
f = (x * y).tanh()
model = MLP(2, [4, 1], activation="tanh")

# Names that do not exist
x.bakcward()  # error
x.tahn()  # error
print(x.gard)  # error
x.requires_grad = True  # error
f.zero_gradient()  # error
model([1.0, 2.0]).bakcward()  # error
(x + y).exp().lgo()  # error
tanh(x).dat  # error

# What is no number
Value("2")  # error
Value([1, 2])  # error
Value(x)  # error
Value(2j)  # error
Value(2.0) + "1"  # error
"1" * Value(2.0)  # error
x / [1.0]  # error
x**None  # error
x.data = "3"  # error
x.data = y  # error
x.grad = None  # error
x.label = 3  # error
print(x < "3")  # error
x.backward("1")  # error

# Operands
tanh("x")  # error
tanh(x, x)  # error
tanh()  # error
leaky_relu(x, slop=0.2)  # error
where(x, y)  # error
total(x)  # error
total(x, y)  # error
dot([x], 2.0)  # error
x.relu(3)  # error
x.maximum("3")  # error
x.maximum()  # error
affine([[x]], [x], [0.0], "tanh")  # error
affine([x], [x])  # error
affine([[x]], [x])[0].bakcward()  # error
softmax("abc")  # error
squared_error(model([1.0, 2.0]), "1")  # error

# Plain functions
math.exp(x)  # error
math.sqrt(x)  # error
float(x)  # error
int(x)  # error
round(x).bit_length()  # error
rate: float = tanh(x)  # error
activated: Value = tanh(1.0)  # error

# Names of choices
MLP(2, [4, 1], activation="tahn")  # error
MLP(2, [4, 1], activation=["relu", "tahn"])  # error
MLP(2, [4, 1], output="sofmax")  # error
MLP(2, [4, 1], initial="glorot")  # error
MLP(2, [4, 1], bias="no")  # error
Layer(2, 3, activation="Relu")  # error
Neuron(2, activation="sigmoidal")  # error
viz.draw(f, palette="cs231")  # error
viz.draw(f, inputs="left")  # error
viz.draw(f, show="weights")  # error
viz.steps(f, palette="nope")  # error
viz.animate(f, local="yes")  # error
viz.page(f, parameters=3)  # error
viz.worksheet(f, branch=True)  # error
viz.worksheet(f, expand=3)  # error
viz.draw(model, show="weight")  # error
viz.draw(model).dot  # error
Program(f, inputs=[x], dtype="float46")  # error
Program(f, inputs=[x]).backward([[1.0]], reduction="men")  # error
Program(f, inputs=[x]).jacobian([[1.0]], by="parametres")  # error
Program(f, inputs=[x]).jacobian([[1.0]], "parameters", by=1)  # error
Program(f, inputs=[x]).objective([[1.0]], reduction="men")  # error

# Arguments of other types
MLP("2", [4, 1])  # error
MLP(2, 4)  # error
MLP(2, [4, 1], seed="1")  # error
model("ab")  # error
model([[1.0, 2.0]])  # error
MLP(2, ["4", 1])  # error
Program("f", inputs=[x])  # error
Program(f, inputs=x)  # error
Program(f, inputs=["x"])  # error
Program(f)  # error
Trainer("model", squared_error, Adam())  # error
Trainer(model, "squared_error", Adam())  # error
Trainer(model, squared_error, "adam")  # error
Trainer(model, squared_error, Adam)  # error
Trainer(model, squared_error, Adam(), batch_size="all")  # error
Trainer(model, squared_error, Adam()).fit([[1.0, 2.0]], [1.0], epochs="10")  # error
SteepestDescent("0.1")  # error
Program(f, inputs=[x]).objective([[1.0]])()  # error
Program(f, inputs=[x]).residuals([[1.0]]).gradient([1.0])  # error
loss: float = Program(f, inputs=[x]).objective([[1.0]])([1.0])  # error
grad(f, x)  # error
grad("f", [x])  # error
grad(f, ["x"])  # error
viz.draw("f")  # error
viz.draw([f, 2.0])  # error
viz.page([f, x])  # error
viz.draw(f, decimals="2")  # error
viz.page(model)  # error
nn.SGD(0.1)  # error
gate("x²", patern="times 2x", local_gradients=[])  # error
gate("x²", local_gradients=[])  # error
gate("x²", pattern="times 2x", local_gradients=2.0)  # error
