"""The form of the engine, compiled or plain, and a stand-in for `import cython` in the plain one.

The hot modules are ordinary Python that Cython can compile. Both forms compute the same. To step
through the engine in a debugger, choose the plain form with SCALAR_CIRCUITS_PURE=1 in the
environment. Where Cython is not installed, the decorators here stand for those of the same name in
Cython; they do nothing.
"""

import os
import sys
from importlib.machinery import SOURCE_SUFFIXES, FileFinder, SourceFileLoader
from typing import Any, TypeVar

from autograd_core import __path__ as folders

Class = TypeVar("Class")

VARIABLE = "SCALAR_CIRCUITS_PURE"

compiled = False

NULL = ()
"""The answer of a kernel that refuses its numbers; compiled, the null pointer."""


def cclass(kind: Class) -> Class:
    """Compiled, the class becomes a C structure."""
    return kind


def no_gc(kind: Class) -> Class:
    """Compiled, instances of the class are freed by reference counting alone."""
    return kind


def cast(kind: type[Class], thing: Any) -> Class:
    """Compiled, the thing is taken to be of this class without a test."""
    return thing  # type: ignore[no-any-return]


def _find_sources_only() -> None:
    """Let Python find nothing but source files where compiled modules lie beside them."""
    for each in folders:
        for folder, _, _ in os.walk(each):
            finder = FileFinder(folder, (SourceFileLoader, SOURCE_SUFFIXES))
            sys.path_importer_cache[folder] = finder


if os.environ.get(VARIABLE, "0") not in ("", "0"):
    _find_sources_only()
