"""Optimisers: how a gradient becomes new parameters.

An optimiser's rule, `update`, works on all parameters at once, as one array. `step` applies it to
values: read their data and gradients, update, write back.
"""

import inspect
import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence, Set
from functools import partial
from math import inf, isfinite, nan
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
import numpy.typing as npt

from autograd_core import Value, leaves, no_grad
from nn.schedules import Schedule, check_rate
from nn.validation import as_float, as_text, cures, missing, real_or_nan, unexpected, whole_number

Array = npt.NDArray[np.float64]
LossAt = Callable[[Array], float]
"""The loss as a function of the parameters."""


_CLIPS = {"clip_norm", "clip_value"}
_RANGES: dict[str, tuple[Callable[[float], bool], str]] = {
    **dict.fromkeys(
        ("momentum", "mean_decay", "square_decay"),
        (lambda x: 0.0 <= x < 1.0, "is at least 0 and below 1"),
    ),
    **dict.fromkeys(("shrink", "slope"), (lambda x: 0.0 < x < 1.0, "lies between 0 and 1")),
    "epsilon": (lambda x: 0.0 < x < inf, "is a small number above zero"),
    **dict.fromkeys(_CLIPS, (lambda x: 0.0 < x < inf, "is a number above zero, or None")),
}
"""In what range each setting is."""

_NONE = np.zeros(0)
_LEFT_OUT: Any = None
"""In place of a rate, which is then asked for in words."""


class Optimiser(ABC):
    """Steps against the gradient; what it remembers from step to step are arrays.

    Args:
        rate: the learning rate: a number above zero, or a schedule, a function of the number of
            updates made so far.
        clip_norm: the largest norm that the gradient of all parameters together may have; a longer
            one is scaled to it: ∇ ← ∇ · clip_norm / ‖∇‖ (Pascanu, Mikolov and Bengio, On the
            difficulty of training recurrent neural networks, 2013). None for any.
        clip_value: the largest size of each number in the gradient; a larger one becomes that, with
            its sign. None for any.

    Attributes:
        updates: how many updates it has made.

    Raises:
        ValueError: if the rate, or what is clipped to, is not above zero, or both are clipped to.
    """

    needs_loss = False
    """Whether `update` has to evaluate the loss elsewhere, as a line search does."""

    _REMEMBERS: tuple[str, ...] = ()
    """The names of what is remembered, if that is fixed."""

    clip_norm: float | None = None
    clip_value: float | None = None

    def __init__(
        self,
        rate: float | Schedule,
        *more: NoReturn,
        clip_norm: float | None = None,
        clip_value: float | None = None,
        **others: NoReturn,
    ) -> None:
        kind = type(self).__name__
        if others:
            raise unexpected(kind, others, _KEYWORDS)
        self.rate = rate
        if more:
            name = [*inspect.signature(type(self)).parameters, "clip_norm"][2]
            raise TypeError(f"after the rate all has a name: {kind}(…, {name}={more[0]!r})")
        if clip_norm is not None:
            self.clip_norm = clip_norm
        if clip_value is not None:
            self.clip_value = clip_value
        self.updates = 0
        self._memory: dict[str, Array] = {}
        self._stepped: list[Value] = []
        self._read = _NONE, _NONE

    @property
    def rate(self) -> float:
        """The learning rate of the next update. Another rate, or a schedule, may be written.

        Raises:
            ValueError: if the schedule gives no number from zero up.
        """
        if not callable(self._rate):
            return self._rate
        rate = self._rate(self.updates)
        if not 0.0 <= real_or_nan(rate) < inf:
            raise ValueError(
                f"the schedule gives {rate!r} for update {self.updates}; "
                "a learning rate is zero or more"
            )
        return as_float(rate)

    @rate.setter
    def rate(self, rate: float | Schedule) -> None:
        self._rate: float | Schedule = rate if callable(rate) else check_rate(rate)

    if not TYPE_CHECKING:  # to a checker, a class with `__getattr__` has every name

        def __getattr__(self, name):
            zeros = "write model.zero_grad(), or p.grad = 0.0 for each parameter"
            raise missing(self, name, {"zero_grad": zeros, "lr": "the learning rate is rate"})

    def __setattr__(self, name: str, thing: Any) -> None:
        if name in ("lr", "learning_rate"):
            raise AttributeError(
                f"the learning rate is called rate: write optimiser.rate = {thing}"
            )
        kind = type(self)
        if name in _ELSEWHERE and kind in _OURS:
            raise AttributeError(f"{kind.__name__} has no {name}: {_ELSEWHERE[name]}")
        if name == "momentum" and kind in _OURS and kind is not SteepestDescent:
            raise AttributeError(f"{kind.__name__} has no momentum: take SteepestDescent for it")
        if name in ("clip_norm", "clip_value") and kind is LineSearch:
            raise AttributeError(_NO_CLIPPING)
        if name in _RANGES and not (thing is None and name[:5] == "clip_"):
            lies_in_range, words = _RANGES[name]
            if not lies_in_range(real_or_nan(thing)):
                raise ValueError(f"{name} {words}, not {thing!r}")
            thing = as_float(thing)
            if {name, *(n for n in _CLIPS if getattr(self, n) is not None)} == _CLIPS:
                raise ValueError("the gradient is clipped by clip_norm or clip_value, not by both")
        elif name == "nesterov" and thing not in (True, False):
            raise ValueError(f"nesterov is True or False, not {thing!r}")
        elif name in ("updates", "trials"):
            thing = whole_number(thing, name, least=int(name == "trials"))
        super().__setattr__(name, thing)

    def settings(self) -> dict[str, Any]:
        """What it was made with, as plain numbers, and text for a schedule."""
        own = {name: thing for name, thing in vars(self).items() if name[0] != "_"}
        del own["updates"]
        return {"rate": as_text(self._rate)} | own

    def step(self, parameters: Sequence[Value], loss: Callable[[], Value] | None = None) -> None:
        """Change the data of values by their gradients, which a `backward()` has left there.

        Args:
            parameters: the values, the same ones at every step.
            loss: builds the loss from the parameters as they then are; for a line search.

        Raises:
            ValueError: if there are none, if one is there twice, if what is remembered is of other
                parameters, or if a line search has no loss.
            TypeError: if this is no list of values.

        >>> x = Value(3.0)
        >>> optimiser = SteepestDescent(rate=0.1)
        >>> (x * x).backward()
        >>> optimiser.step([x])
        >>> round(x.data, 6)  # 3 - 0.1 · 6
        2.4
        """
        values = parameters if type(parameters) is list else _listed(parameters)
        if not (values and leaves.same(values, self._stepped)):
            _check_values(values)
            if self._memory and self._stepped:
                raise ValueError(
                    f"this {type(self).__name__} remembers the steps of other parameters, or of "
                    "these in another order: take an optimiser for each model, and a new one where "
                    "parameters are made anew"
                )
            self._stepped = [*values]
            self._read = np.empty(len(values)), np.empty(len(values))
        before, gradient = self._read  # new memory takes longer than reading
        leaves.read_both(values, before, gradient)
        if not (self.updates or gradient.any()):
            warnings.warn(
                "the gradients of all these values are 0, so the first step changes nothing: call "
                "backward() on the loss before step(), and zero_grad() before backward()",
                stacklevel=2,
            )
        after = before
        try:
            after = self.update(before, gradient, loss and partial(_loss_at, values, loss))
        finally:
            leaves.write_data(values, np.ascontiguousarray(after, dtype=float))

    def update(self, parameters: Array, gradient: Array, loss: LossAt | None = None) -> Array:
        """New parameters from old ones and the gradient there.

        Args:
            parameters: all parameters.
            gradient: ∂loss/∂parameter for each.
            loss: the loss as a function of the parameters; for a line search.

        Returns:
            An array of its own; the old one is left as it was.

        Raises:
            FloatingPointError: if they would not be finite.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            after = self.after(parameters, gradient, loss)
            if are_finite(after):
                return after
        self.updates -= 1
        raise FloatingPointError(
            f"update {self.updates + 1}, with the learning rate {self.rate:g}, would make "
            "parameters infinite; a smaller rate may help"
        )

    def after(self, parameters: Array, gradient: Array, loss: LossAt | None = None) -> Array:
        """The same, finite or not."""
        if self.clip_norm is not None or self.clip_value is not None:
            gradient = self._clipped(gradient)
        change = self._change(parameters, gradient, loss)
        vars(self)["updates"] += 1  # at each update: sooner than by `__setattr__`
        return parameters + change

    def _clipped(self, gradient: Array) -> Array:
        """The gradient, no longer than it may be."""
        if self.clip_value is not None:
            return np.clip(gradient, -self.clip_value, self.clip_value)
        largest = float(np.abs(gradient).max(initial=0.0))
        if self.clip_norm is None or not 0.0 < largest < inf:
            return gradient
        scaled = gradient / largest  # whose squares do not overflow
        norm = float(np.sqrt(scaled @ scaled))
        if largest * norm <= self.clip_norm:
            return gradient
        return scaled * (self.clip_norm / norm)

    @abstractmethod
    def _change(self, parameters: Array, gradient: Array, loss: LossAt | None) -> Array:
        """What is added to the parameters."""

    def _remembered(self, name: str, like: Array) -> Array:
        """An array kept from step to step; zeros at first."""
        kept = self._memory.get(name)
        if kept is None:
            kept = self._memory[name] = np.zeros_like(like)
        if kept.shape != like.shape:
            raise ValueError(
                f"this optimiser has stepped {kept.size} parameters; it cannot go on with "
                f"{like.size}: take a new one"
            )
        return kept

    def __getstate__(self) -> dict[str, Any]:
        own = {"_stepped": [], "_read": (_NONE, _NONE)}  # a copy goes with copies of parameters
        return vars(self) | own

    def state_dict(self) -> dict[str, Any]:
        """What it remembers, as plain numbers: with it another one goes on exactly."""
        return {
            "optimiser": type(self).__name__,
            "updates": self.updates,
            **{name: array.tolist() for name, array in self._memory.items()},
        }

    def load_state_dict(self, state: Mapping[str, Any], count: int | None = None) -> None:
        """Go on from what `state_dict` returned.

        Args:
            state: the numbers; the learning rate and other settings are not among them.
            count: how many parameters it is to step; None if that is not known.

        Raises:
            ValueError: if it is the state of an optimiser of another kind, or of other parameters,
                or damaged; then nothing changes.
        """
        memory = dict(state)
        kind = memory.pop("optimiser", None)
        if kind != type(self).__name__:
            raise ValueError(f"this state is that of {kind}, not of {type(self).__name__}")
        try:
            updates = whole_number(memory.pop("updates"), "updates", least=0)
            arrays = {
                name: _finite([Value(number).data for number in numbers])
                for name, numbers in memory.items()
            }
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise ValueError(f"this state of {kind} is damaged: {error!r}") from None
        if self._REMEMBERS and arrays and arrays.keys() != {*self._REMEMBERS}:
            raise ValueError(
                f"this state of {kind} is damaged: it remembers {', '.join(self._REMEMBERS)}, and "
                f"this has {', '.join(arrays)}"
            )
        if (arrays.get("square", _NONE) < 0.0).any():
            raise ValueError(f"this state of {kind} is damaged: a mean of squares is below 0")
        for name, array in arrays.items():
            if count not in (None, array.size):
                raise ValueError(
                    f"this state of {kind} is of other parameters: its {name} has the shape "
                    f"{array.shape}"
                )
        self.updates, self._memory, self._stepped = updates, arrays, []

    def __repr__(self) -> str:
        """The call that makes it; settings that are left at their defaults are left out."""
        known = inspect.signature(type(self)).parameters
        settings = {"rate": self._rate} | {n: x for n, x in self.settings().items() if n != "rate"}
        shown = [
            f"{name}={setting!r}"
            for name, setting in settings.items()
            if name == "rate" or name not in known or setting != known[name].default
        ]
        return f"{type(self).__name__}({', '.join(shown)})"


class SteepestDescent(Optimiser):
    """θ ← θ − η ∇: gradient descent, plain, with momentum, or Nesterov's.

    With momentum μ a velocity builds up, v ← μ v + ∇, and θ ← θ − η v (Polyak 1964). Nesterov's
    looks ahead along the velocity: θ ← θ − η (∇ + μ v), in PyTorch's form of Sutskever, Martens,
    Dahl and Hinton, On the importance of initialization and momentum in deep learning, 2013.

    Args:
        rate: η.
        momentum: μ, from 0 up to, not including, 1.
        nesterov: whether to look ahead.
        clip_norm, clip_value: as for `Optimiser`.

    Raises:
        ValueError: if a number is out of range, or `nesterov` has no momentum to look along.
    """

    _REMEMBERS = ("velocity",)

    def __init__(
        self,
        rate: float | Schedule = _LEFT_OUT,
        *more: NoReturn,
        momentum: float = 0.0,
        nesterov: bool = False,
        clip_norm: float | None = None,
        clip_value: float | None = None,
        **others: NoReturn,
    ) -> None:
        super().__init__(rate, *more, clip_norm=clip_norm, clip_value=clip_value, **others)
        self.momentum = momentum
        if nesterov and self.momentum == 0.0:
            raise ValueError("Nesterov's method looks along the velocity: give it momentum=0.9")
        self.nesterov = nesterov

    def _change(self, parameters: Array, gradient: Array, loss: LossAt | None) -> Array:
        if self.momentum == 0.0:
            return -self.rate * gradient
        velocity = self._remembered("velocity", gradient)
        velocity *= self.momentum
        velocity += gradient
        if self.nesterov:
            return -self.rate * (gradient + self.momentum * velocity)
        return -self.rate * velocity


class Adam(Optimiser):
    """Steps of a size that follows from the gradient's own mean and spread.

    m ← β₁ m + (1 − β₁) ∇ and v ← β₂ v + (1 − β₂) ∇², both divided by 1 − βᵗ because they start
    at 0; then θ ← θ − η m̂ / (√v̂ + ε). Kingma and Ba, Adam: A method for stochastic optimization,
    2015, algorithm 1.

    A parameter moves by about η at an update, however large its gradient is: the paper's 0.001
    is for many updates, for mini-batches. `Trainer` warns where there were too few.

    Args:
        rate: η.
        mean_decay: β₁.
        square_decay: β₂.
        epsilon: ε, which keeps the division from failing.
        clip_norm, clip_value: as for `Optimiser`.

    Raises:
        ValueError: if a number is out of range.
    """

    _REMEMBERS = ("mean", "square")

    def __init__(
        self,
        rate: float | Schedule = 0.001,
        *more: NoReturn,
        mean_decay: float = 0.9,
        square_decay: float = 0.999,
        epsilon: float = 1e-8,
        clip_norm: float | None = None,
        clip_value: float | None = None,
        **others: NoReturn,
    ) -> None:
        super().__init__(rate, *more, clip_norm=clip_norm, clip_value=clip_value, **others)
        self.mean_decay = mean_decay
        self.square_decay = square_decay
        self.epsilon = epsilon

    def _change(self, parameters: Array, gradient: Array, loss: LossAt | None) -> Array:
        mean = self._remembered("mean", gradient)
        square = self._remembered("square", gradient)
        mean += (1.0 - self.mean_decay) * (gradient - mean)
        square += (1.0 - self.square_decay) * (gradient * gradient - square)
        update = self.updates + 1
        change: Array = mean / (1.0 - self.mean_decay**update)
        change *= -self.rate
        root = np.sqrt(square / (1.0 - self.square_decay**update))
        root += self.epsilon
        change /= root
        return change


class LineSearch(Optimiser):
    """Steepest descent that halves its step until the loss falls enough.

    Backtracking: a step t is taken once loss(θ − t ∇) ≤ loss(θ) − slope · t ‖∇‖² (Armijo 1966;
    Nocedal and Wright, Numerical optimization, algorithm 3.1). It asks for the loss of the whole
    training set, so it is for batch training. A step to where the loss is not defined, or not
    finite, is too long.

    Args:
        rate: the first step it tries.
        shrink: by what a step that is too long is multiplied.
        slope: how much of the fall that the gradient promises is enough.
        trials: after how many steps it gives up and stays where it is.

    Raises:
        ValueError: if a number is out of range.
    """

    needs_loss = True

    def __init__(
        self,
        rate: float | Schedule = 1.0,
        *,
        shrink: float = 0.5,
        slope: float = 1e-4,
        trials: int = 60,
        **others: NoReturn,
    ) -> None:
        if "clip_norm" in others or "clip_value" in others:
            raise TypeError(_NO_CLIPPING)
        super().__init__(rate, **others)
        self.shrink = shrink
        self.slope = slope
        self.trials = trials

    def _change(self, parameters: Array, gradient: Array, loss: LossAt | None) -> Array:
        if loss is None:
            raise ValueError(
                "a line search has to try several steps: give it the loss, "
                "step(parameters, loss=lambda: …)"
            )
        here, fall = loss(parameters), float(gradient @ gradient)
        length = self.rate
        for _ in range(self.trials):
            there = _defined(loss, parameters - length * gradient)
            if isfinite(there) and there <= here - self.slope * length * fall:
                return -length * gradient
            length *= self.shrink
        return np.zeros_like(parameters)


_OURS = (SteepestDescent, Adam, LineSearch)
_ELSEWHERE = cures("""
    beta1: write optimiser.mean_decay
    beta2: write optimiser.square_decay
    betas: write optimiser.mean_decay and optimiser.square_decay
    eps: write optimiser.epsilon
    mu: write optimiser.momentum
    max_norm, clipnorm, max_grad_norm: write optimiser.clip_norm
    clipvalue: write optimiser.clip_value
    weight_decay: give the trainer penalty=L2(0.001)
    schedule: write optimiser.rate, which may be a schedule
""")
"""What is called otherwise elsewhere, with what to write instead."""
_NO_CLIPPING = "LineSearch clips no gradient: it chooses the length of its step itself"
_KEYWORDS = cures("""
    lr, learning_rate, eta, step_size: the learning rate is rate={}
    beta1, beta_1: write mean_decay={}
    beta2, beta_2: write square_decay={}
    betas: write mean_decay=0.9, square_decay=0.999
    eps: write epsilon={}
    weight_decay, l2: give the trainer penalty=L2(0.001)
    max_norm, clipnorm, max_grad_norm: write clip_norm={}
    clipvalue: write clip_value={}
    params: it gets the parameters at each step, optimiser.step(model.parameters())
    momentum: take SteepestDescent for it
""")
"""The same for what is given when one is made."""


def _listed(parameters: Any) -> list[Value]:
    """What a step is given to change, as a list."""
    others = (Value, str, Mapping, Set)
    if isinstance(parameters, others) or not hasattr(parameters, "__iter__"):
        own = f"{type(parameters).__name__}: give it model.parameters(), or a list of values, [x]"
        raise TypeError(f"an optimiser steps a list of values, and not a {own}")
    return [*parameters]


def _check_values(values: list[Value]) -> None:
    """See that a step has values to change, each once."""
    if not values:
        raise ValueError(
            "an optimiser steps the values of a list, and this one is empty; a generator is empty "
            "after its first use"
        )
    seen = set()
    for value in values:
        if not isinstance(value, Value):
            raise TypeError(f"an optimiser steps values, and {value!r} is none: Value({value!r})")
        if id(value) in seen:
            raise ValueError(
                f"an optimiser steps each value once, and {value!r} is twice in this list: for "
                "models that share parameters write [*dict.fromkeys(values)]"
            )
        seen.add(id(value))


def are_finite(numbers: Array) -> bool:
    """Whether no number is nan or infinite: of a few, as a rule, a single sum shows it."""
    if numbers.size < 10_000 and isfinite(numbers.dot(numbers)):  # above it, BLAS starts threads
        return True
    return bool(np.isfinite(numbers).all())


def _finite(numbers: list[float]) -> Array:
    if not all(map(isfinite, numbers)):
        raise ValueError("a number is not finite")
    return np.array(numbers)


def _defined(loss: LossAt, place: Array) -> float:
    """The loss there; nan outside the domain of one of its gates."""
    try:
        return loss(place)
    except (ValueError, ArithmeticError):
        return nan


def _loss_at(parameters: list[Value], loss: Callable[[], Value], numbers: Array) -> float:
    """The loss that a function builds, for other numbers in the parameters."""
    leaves.write_data(parameters, numbers)
    with no_grad():
        return loss().data
