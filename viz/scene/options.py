"""The options that all pictures of circuits share: names, types, defaults and checks."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from inspect import Parameter, signature
from typing import Any, Literal, TypedDict, TypeVar

from autograd_core import Value
from viz.scene.style import palette_named

LIMIT = 500
"""How many values a picture may have unless the caller says otherwise."""

STEPS_LIMIT = 150
"""The same for a series of pictures: their number grows with the circuit, and the size of each."""

Inputs = Literal["far", "near"]
PaletteName = Literal["cs231n", "colorblind"]
Expand = bool | str | Value | Collection[str | Value]
"""What to open: everything that opens, or gates by name or symbol, or the gates of some values."""


class PageOptions(TypedDict, total=False):
    """For type checkers: the options of `viz.page`; `Options` says what they mean."""

    decimals: int | None
    inputs: Inputs
    branches: bool
    local: bool
    expand: Expand
    names: Mapping[str, Any] | None
    limit: int | None


class CircuitOptions(PageOptions, total=False):
    """For type checkers: the options of every other picture of a circuit."""

    palette: PaletteName
    title: str | None


@dataclass(frozen=True)
class Options:
    """How a circuit is drawn.

    Attributes:
        decimals, palette, inputs, title, branches, local, expand, names, limit: `viz.draw` says
            what they mean.
        caller: the name of the function that draws, for messages.

    Raises:
        ValueError: if an option is not one of its choices.

    >>> Options(inputs="middle")
    Traceback (most recent call last):
    ValueError: inputs must be 'far' or 'near', not 'middle'
    """

    decimals: int | None = None
    palette: PaletteName = "cs231n"
    inputs: Inputs = "far"
    title: str | None = None
    branches: bool = False
    local: bool = False
    expand: Expand = False
    names: Mapping[str, Any] | None = None
    limit: int | None = LIMIT
    caller: str = "draw"

    def __post_init__(self) -> None:
        palette_named(self.palette)
        if self.inputs not in ("far", "near"):
            raise ValueError(f"inputs must be 'far' or 'near', not {self.inputs!r}")
        limit: object = self.limit
        if limit is None:
            return
        if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
            raise ValueError(
                f"limit must be a whole number of values above 0, or None, not {limit!r}"
            )


DEFAULT = Options()

_PARAMETERS = {
    field.name: Parameter(
        field.name, Parameter.KEYWORD_ONLY, default=field.default, annotation=field.type
    )
    for field in fields(Options)
    if field.name != "caller"
}
OPTION_NAMES = tuple(_PARAMETERS)

Function = TypeVar("Function", bound=Callable[..., Any])


def takes_options(
    *, limit: int = LIMIT, without: Collection[str] = (), also: Mapping[str, Any] | None = None
) -> Callable[[Function], Function]:
    """Show in the signature of a function which options it takes as `**options`.

    Args:
        limit: the default of that option.
        without: options that it does not take, or has as parameters of its own.
        also: further options, with their defaults.
    """

    def shown(function: Function) -> Function:
        written = signature(function)
        own = [each for each in written.parameters.values() if each.kind is not each.VAR_KEYWORD]
        options = {**_PARAMETERS, "limit": _PARAMETERS["limit"].replace(default=limit)}
        taken = [option for name, option in options.items() if name not in without]
        more = [
            Parameter(name, Parameter.KEYWORD_ONLY, default=default)
            for name, default in (also or {}).items()
        ]
        full = written.replace(parameters=[*own, *taken, *more])
        function.__signature__ = full  # type: ignore[attr-defined]
        return function

    return shown


def read_options(function: Callable[..., Any], given: Mapping[str, Any]) -> Options:
    """What a function that `takes_options` was asked for, with its defaults.

    Raises:
        TypeError: if it takes no such option.
        ValueError: as `Options`.
    """
    parameters = signature(function).parameters
    for name in given:
        if name not in parameters:
            raise TypeError(f"{function.__name__}() got an unexpected keyword argument {name!r}")
    asked = {name: each.default for name, each in parameters.items() if name in _PARAMETERS}
    return Options(**{**asked, **given}, caller=function.__name__)
