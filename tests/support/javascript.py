"""JavaScript that needs no document, run in V8, which comes as a wheel."""

import json
import re
from functools import cache
from typing import Any

from py_mini_racer import MiniRacer

import viz

ODD = """(key, x) =>
  typeof x === "number" && (!Number.isFinite(x) || Object.is(x, -0))
    ? { number: Object.is(x, -0) ? "-0" : String(x) } : x
"""
"""Writes the numbers that JSON does not have: not finite, or a zero with a sign."""


@cache
def engine() -> MiniRacer:
    return MiniRacer()


def run(program: str, expression: str) -> Any:
    """The value of an expression after a program has run, in a scope of its own."""
    text = engine().eval(f"(() => {{ {program}\nreturn JSON.stringify({expression}, {ODD}); }})()")
    return json.loads(str(text), object_hook=as_number)


def as_number(found: dict[str, Any]) -> Any:
    return float(found["number"]) if found.keys() == {"number"} else found


def program_of(page: viz.Page) -> str:
    """The scripts of a page but for the last, the one that has to do with the document."""
    *scripts, _ = re.findall(r"<script>\n(.*?)</script>", page.html, flags=re.DOTALL)
    return "\n".join(scripts)
