# %% [markdown]
# # Fitting a curve: the circuit has the slopes, SciPy takes the steps
#
# A curve with a few unknown numbers, and measurements that it should pass through: optimisers find
# the numbers, and the good ones ask for derivatives. Write the curve as a circuit, and a `Program`
# gives SciPy what it calls, so that no derivative is worked out on paper or estimated by nudging.

# %% [markdown]
# ## A damped oscillation
#
# A mass on a spring, measured sixty times in six seconds. Four numbers make the curve, and since
# these measurements are made up, they are known:

# %%
import numpy as np

truth = {"a": 2.0, "b": 0.3, "w": 4.0, "φ": 0.5}
t = np.linspace(0.0, 6.0, 60)
noise = np.random.default_rng(1).normal(scale=0.1, size=60)
heights = 2.0 * np.exp(-0.3 * t) * np.cos(4.0 * t + 0.5) + noise
measured = {"time": t, "height": heights}

# %% [markdown]
# The circuit is that of one measurement. Its output is the residual, how far the curve passes from
# the measured height. The four parameters start with a rough guess.

# %%
from autograd_core import Value, cos, exp
from viz import draw

a, b, w, phi = parameters = [Value(1.0, "a"), Value(0.1, "b"), Value(4.5, "w"), Value(0.0, "φ")]
time, height = Value(0.5, "time"), Value(0.3, "height")
residual = a * exp(-b * time) * cos(w * time + phi) - height
draw(residual)

# %% [markdown]
# `inputs` vary from one measurement to the next; `parameters` are what is sought, in this order. A
# batch has its columns by name, here in a dict, and a data frame of pandas will do as well:

# %%
from autograd_core import Program

program = Program(residual, inputs=[time, height], parameters=parameters)
residuals = program.residuals(measured)
guess = program.read()
print(guess, residuals(guess).shape, residuals.jacobian(guess).shape)

# %% [markdown]
# `residuals` is a function of the four numbers, and its Jacobian has a row for each measurement and
# a column for each parameter. That is all that least squares asks for; what it finds is written
# back into the circuit:

# %%
from scipy.optimize import least_squares

found = least_squares(residuals, guess, jac=residuals.jacobian)
program.write(found.x)
print(f"{found.nfev} calls of the residuals, {found.njev} of the Jacobian")

# %%
from demos.show import table

rows = zip(truth, truth.values(), found.x, strict=True)
table(("parameter", "truth", "found"), rows)

# %%
from demos.figures import BLUE, GREY, INK, new_axes, plot

fine = np.linspace(0.0, 6.0, 300)
[ax] = new_axes(7.0, 2.8)
columns = {"time": fine, "height": np.zeros(300)}  # so the residual is the curve
ax.plot(fine, program(columns, guess), color=GREY, linestyle="--", label="guess")
ax.plot(fine, program(columns), color=BLUE, label="fit")
ax.plot(t, heights, "o", color=INK, markersize=3, label="measured")
ax.set(xlabel="time", ylabel="height")
ax.legend(frameon=False, fontsize="small")
plot(
    ax,
    "The guess, the measurements and the fit.",
    "The guess starts too low and swings too fast; the fit passes through the measurements.",
)

# %% [markdown]
# Two Jacobians of one program must not be confused. `jacobian(batch)` is by the inputs, and its
# first column is the speed of the mass. A fit needs `by="parameters"`, which `residuals` takes:

# %%
print("by the inputs:", program.jacobian(measured).shape)
print("by the parameters:", program.jacobian(measured, by="parameters").shape)

# %% [markdown]
# ## Growth that ends
#
# The logistic curve rises, bends, and comes to rest. The American institute of standards, NIST,
# publishes fits to test software with. In the one called Rat42, the yield of a pasture is measured
# over its growing time, and eleven digits of the best parameters are certified.

# %%
growth = {
    "x": [9.0, 14.0, 21.0, 28.0, 42.0, 57.0, 63.0, 70.0, 79.0],
    "y": [8.93, 10.80, 18.59, 22.33, 39.35, 56.11, 61.73, 64.62, 67.08],
}
b1, b2, b3 = parameters = [Value(100.0, "b1"), Value(1.0, "b2"), Value(0.1, "b3")]
x, y = Value(0.0, "x"), Value(0.0, "y")
difference = b1 / (1 + exp(b2 - b3 * x)) - y

# %% [markdown]
# A general minimiser wants one number and its gradient. `objective` gives both: the mean over the
# measurements of the program's first output, which is the square of the residual here.

# %%
program = Program(difference**2, inputs=[x, y], parameters=parameters)
objective = program.objective(growth)
loss, gradient = objective(program.read())
print(f"{loss:.6g}", gradient)

# %% [markdown]
# The guess, one of two that NIST prescribes, is far off, and the three slopes differ in size. A
# method that asks for the curvature as well finds its way. The circuit has that, too, from the
# derivative of the derivative: the Hessian times a vector.

# %%
from scipy.optimize import minimize

more = {"hessp": objective.hessian_product, "method": "trust-ncg", "tol": 1e-6}
found = minimize(objective, program.read(), jac=True, **more)
program.write(found.x)
print(f"{found.nit} steps;", found.message)

# %% [markdown]
# NIST's digits, of which eight are shown, and those that were found:

# %%
from demos.show import compare

compare(
    ("b1", "72.462238", b1.data),
    ("b2", "2.6180768", b2.data),
    ("b3", "0.067359200", b3.data),
    ("sum of squares", "8.0565229", found.fun * 9),
    source="NIST",
)

# %% [markdown]
# ## Implied volatility
#
# A call is the right to buy a share at a fixed price, the strike K, when the time T has passed.
# Black and Scholes price it from the price S of the share today, its volatility σ, which is how
# strongly it moves in a year, and the interest rate r: S Φ(d₁) - K exp(-r T) Φ(d₂). Φ is the normal
# distribution function, the gate `normal_cdf`: Φ(d) = ½ erfc(-d/√2), and its slope is the density.

# %%
from autograd_core import log, normal_cdf, sqrt

spot, strike, rate, time, vol = inputs = [Value(1.0, name) for name in ("S", "K", "r", "T", "σ")]
d1 = (log(spot / strike) + (rate + vol**2 / 2) * time) / (vol * sqrt(time))
d2 = d1 - vol * sqrt(time)
call = spot * normal_cdf(d1) - strike * exp(-rate * time) * normal_cdf(d2)
pricing = Program(call, inputs=inputs)

# %% [markdown]
# A price is known, and the volatility that leads to it is sought. Each option has one of its own,
# so σ is no parameter that all share but an input, and here the Jacobian by the inputs is right:
# its last column is the slope of each price by its own σ. Newton's method for all options at once;
# the first price is a textbook's, the others are made up:

# %%
options = {
    "S": np.array([21.0, 21.0, 21.0, 21.0]),
    "K": np.array([20.0, 19.0, 21.0, 23.0]),
    "r": np.full(4, 0.1),
    "T": np.full(4, 0.25),
}
prices = np.array([1.875, 2.70, 1.15, 0.40])

# %%
volatility = np.full(4, 0.5)
for _ in range(6):
    batch = {**options, "σ": volatility}
    error = pricing(batch) - prices
    volatility = volatility - error / pricing.jacobian(batch)[:, 0, -1]

print(f"every price is met to 1e-12: {abs(error).max() < 1e-12}")
table(("strike", "price", "volatility"), zip(options["K"], prices, volatility, strict=True))

# %% [markdown]
# Hull's textbook, Options, Futures, and Other Derivatives, has examples of both ways: the price for
# a volatility, and the volatility for a price, which is that of the first option above.

# %%
known = {"S": [42.0], "K": [40.0], "r": [0.1], "T": [0.5], "σ": [0.2]}
compare(
    ("price of a call", "4.76", pricing(known)[0]),
    ("implied volatility", "0.235", volatility[0]),
    source="Hull",
)

# %% [markdown]
# ## Exercises
#
# 1. The spring again: its mass is measured at sixty times. Which shape has the Jacobian of the
#    residuals, and which the gradient of the objective?
# 2. At the best parameters, what is the gradient of the sum of squares? And are the residuals 0?
# 3. All four options have the same volatility. Is it an input or a parameter then?

# %% tags=["answer"]
print("1:", residuals.jacobian(guess).shape)
print(f"2: gradient below 1e-6: {max(abs(found.jac)) < 1e-6}, mean square {found.fun:.4f}")

# %% [markdown] tags=["answer"]
# 1: 60 × 4, a row for each measurement and a column for each parameter; the gradient has 4 numbers.
#
# 2: It is 0, or there would be a way down. The residuals are not: three numbers cannot meet nine
# measurements with noise.
#
# 3: A parameter, for all share it. Four prices will not fit one σ exactly, so it is a matter for
# `residuals`.

# %% [markdown]
# To take away: what varies from one example to the next is an input, what all share is a parameter.
# Fit parameters with `residuals` or `objective`, and solve for inputs with `jacobian`.
