"""How things show themselves in a notebook: a registry of renderers by type, which `viz` fills."""

from functools import singledispatch
from typing import Any


# The registry is global, for what shows itself does not know who draws it.
@singledispatch
def mime_bundle(thing: Any) -> dict[str, str]:
    """What a notebook shows of a thing, by MIME type: what the renderer for its type returns.

    `mime_bundle.register(type, renderer)` adds a renderer; that of the most specific type is used.
    Without any, the `repr` is shown. Importing `viz` adds one for everything that `viz.draw` takes.

    >>> class Coin:
    ...     def _repr_mimebundle_(self, include=None, exclude=None):
    ...         return mime_bundle(self)
    >>> _ = mime_bundle.register(Coin, lambda coin: {"text/html": "<b>heads</b>"})
    >>> Coin()._repr_mimebundle_()
    {'text/html': '<b>heads</b>'}
    """
    return {"text/plain": repr(thing)}
