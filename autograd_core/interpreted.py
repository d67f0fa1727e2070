"""What `import cython` stands for where Cython is not installed: decorators that do nothing.

The hot modules are ordinary Python. Where they were compiled, these decorators have done their
work already; where they run as they are, there is nothing to do.
"""

from typing import Any, TypeVar

Class = TypeVar("Class")

compiled = False


def cclass(kind: Class) -> Class:
    """A class that is compiled becomes a C structure."""
    return kind


def no_gc(kind: Class) -> Class:
    """A class that is compiled is left to reference counting."""
    return kind


def cast(kind: type[Class], thing: Any) -> Class:
    """What is compiled takes a thing to be of this kind, and does not look."""
    return thing  # type: ignore[no-any-return]


NULL = ()
"""No answer of a kernel."""
