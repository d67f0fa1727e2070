"""How objects show themselves in a notebook, and packages under TAB.

Notebooks ask a registry of renderers by type, which `viz` fills. Texts show themselves as they
print.
"""

import sys
from collections.abc import Callable, Iterable, Mapping
from functools import singledispatch
from html import escape
from importlib import import_module
from typing import Any


# The registry is global, for what shows itself does not know who draws it.
@singledispatch
def mime_bundle(thing: Any) -> dict[str, str]:
    """The renderings of an object for a notebook, by MIME type: its type chooses the renderer.

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


class ShownText(str):
    r"""A text of several lines that a notebook shows as it prints, and that else is a `str`.

    It stands on white paper, as pictures do; lines that are not indented are its headings.

    >>> text = ShownText("Inputs\n  x < y")
    >>> text.splitlines()
    ['Inputs', '  x < y']
    >>> print(text._repr_html_())
    <pre style="..."><b>Inputs</b>
      x &lt; y</pre>
    """

    __slots__ = ()

    def _html(self) -> str:
        """The text with what is marked in it; a subclass marks more."""
        lines = (escape(line) for line in self.splitlines())
        return "\n".join(f"<b>{x}</b>" if x and not x.startswith(" ") else x for x in lines)

    def _repr_html_(self) -> str:
        return f'<pre style="{_PAPER}">{self._html()}</pre>'

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(str(self))


def coloured(text: str, role: str) -> str:
    """HTML of a text in the colour that numbers of this role have in pictures.

    >>> coloured("-12", "data")
    '<span style="color: #008000">-12</span>'
    """
    return f'<span style="color: {_COLOURS[role]}">{escape(text)}</span>'


_COLOURS = {"data": "#008000", "grad": "#d00000", "local": "#1a5fb4", "remark": "#595959"}
_PAPER = (
    "margin: 0; padding: 0.75em 1em; background-color: #ffffff; color: #000000; "
    "line-height: 1.45; max-height: 60em; overflow: auto"
)


def load_when_used(
    package: str,
    public: Iterable[str],
    modules: Mapping[str, Iterable[str]],
    elsewhere: Mapping[str, str] | None = None,
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """The functions `__getattr__` and `__dir__` of a package.

    The first imports a module when one of its names is first used; the second tells TAB and `dir`
    of what is public, and of nothing else.

    Args:
        package: the name of the package.
        public: its public names.
        modules: for each module that is loaded when used, which public names are from it; none, if
            the module itself is offered.
        elsewhere: for names that other packages have, what to write here.

    >>> get, names = load_when_used("email", ["Charset"], {"email.charset": ["Charset"]})
    >>> get("Charset"), names()
    (<class 'email.charset.Charset'>, ['Charset'])
    >>> get("Charsett")
    Traceback (most recent call last):
    AttributeError: module 'email' has no attribute 'Charsett'
    >>> get, names = load_when_used("email", [], {}, {"Mail": "message.Message()"})
    >>> get("Mail")
    Traceback (most recent call last):
    AttributeError: module 'email' has no attribute 'Mail'; write message.Message()
    """
    offered = {module.rpartition(".")[2]: module for module in modules if not modules[module]}
    places = {name: module for module, names in modules.items() for name in names}

    def get(name: str) -> Any:
        if name in offered:
            return import_module(offered[name])
        if name not in places:
            cure = f"; write {elsewhere[name]}" if elsewhere and name in elsewhere else ""
            raise AttributeError(f"module {package!r} has no attribute {name!r}{cure}")
        thing = getattr(import_module(places[name]), name)
        setattr(sys.modules[package], name, thing)
        return thing

    return get, lambda: sorted({*public, *offered})
