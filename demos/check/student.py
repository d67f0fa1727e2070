"""A student's file, run through the steps of an exercise; `command` starts this as a process.

What is found goes to the standard output, what the file itself prints to the standard error, and
the place at which the process was stopped, if its time was over, to a file.
"""

import faulthandler
import linecache
import re
import sys
from contextlib import redirect_stdout
from pathlib import Path
from traceback import extract_tb
from types import ModuleType

from demos.check.asked import MissingError, MistakeError, StoppedError
from demos.check.engine import STEPS

_HINTS = {
    r"unsupported operand type\(s\) for (.+?): '(?:int|float)' and 'Value'": (
        "A plain number does not know how to do this with a Value. Python then asks the Value, for "
        "its method `{}`."
    ),
    r"unsupported operand type\(s\) for (.+?): 'Value' and": "Give Value a method `{}`.",
    r"bad operand type for unary (-): 'Value'": "Give Value a method `__neg__`.",
    r"'(?:int|float)' object has no attribute 'data'": (
        "One of the two is a plain number there: make a Value of it first."
    ),
    r"'(?:int|float)' object has no attribute '_?backward'": (
        "It was computed from plain numbers, so no circuit is behind it: no `.data` on the way."
    ),
    r"'NoneType' object is not callable": (
        "Is a function called where it should be kept, as in `out._backward = _backward()`?"
    ),
    r"unhashable type": (
        "A set needs objects that keep their identity: with a dataclass, `@dataclass(eq=False)`; "
        "without one, leave out `__eq__`."
    ),
    r"maximum recursion depth exceeded": "A function calls itself without an end.",
    r"can't multiply sequence by non-int|'list' object has no attribute 'data'": (
        "A list arrives where one Value was expected."
    ),
}
_METHODS = {"+": "add", "-": "sub", "*": "mul", "/": "truediv"}


def load(path: Path) -> ModuleType:
    """The file as a module; what it prints is kept out of the way.

    Raises:
        MistakeError: if it is no Python.
        StoppedError: if it raises an error by itself.
    """
    try:
        code = compile(path.read_bytes(), str(path), "exec")
    except SyntaxError as error:
        line = linecache.getline(str(path), error.lineno or 0).strip()
        place = f"line {error.lineno} of {path.name}" if error.lineno else path.name
        raise MistakeError(f"Python cannot read {place}:\n\n    {line}\n\n{error.msg}") from None
    except ValueError as error:
        raise MistakeError(f"Python cannot read {path.name}: {error}") from None
    module = ModuleType(path.stem)
    module.__file__ = str(path)
    sys.modules.setdefault(path.stem, module)
    sys.path.insert(0, str(path.parent))
    try:
        exec(code, module.__dict__)
    except Exception as error:
        raise StoppedError("") from error
    return module


def told(stopped: StoppedError, path: Path) -> str:
    """An error in words: what was done, which line of the file raised it, and the message."""
    error = stopped.__cause__ or stopped
    says = f"{stopped}\n\n" if str(stopped) else ""
    lines = [entry for entry in extract_tb(error.__traceback__) if entry.filename == str(path)]
    if lines:
        says += f"An error is raised in line {lines[-1].lineno} of {path.name}:\n\n"
        says += f"    {lines[-1].line}\n\n"
    says += f"{type(error).__name__}: {error}"
    for pattern, hint in _HINTS.items():
        found = re.search(pattern, str(error))
        if found:
            sign = found[1][0] if found.groups() else ""
            reflected = "r" if "plain number does not know" in hint else ""
            says += f"\n{hint.format(f'__{reflected}{_METHODS.get(sign, sign)}__')}"
            break
    if isinstance(error, NameError) and error.name in ("math", "random"):
        says += f"\nWrite `import {error.name}` at the top."
    return says


def run(path: Path, numbers: list[int]) -> int:
    """Check some steps, and stop at the first that is not right.

    Returns:
        0 if all are right, 1 if one is not.
    """
    verdict, here = sys.stdout, f"Your file {path.name}"
    try:
        with redirect_stdout(sys.stderr):
            module = load(path)
            for number in numbers:
                step = STEPS[number - 1]
                here = f"Step {number}, {step.title}"
                seen = step.check(module)
                print(f"{here}: right. ({seen})", file=verdict, flush=True)
    except MissingError as missing:
        print(f"{here}: not yet.\n\n{missing} The step asks for:\n\n{step.task}", file=verdict)
    except MistakeError as mistake:
        print(f"{here}: not yet.\n\n{mistake}", file=verdict)
    except StoppedError as stopped:
        print(f"{here}: not yet.\n\n{told(stopped, path)}", file=verdict)
    except SystemExit:
        print(f"{here}: not yet.\n\nThe file ends Python, by exit() perhaps.", file=verdict)
    else:
        return 0
    return 1


if __name__ == "__main__":
    name, seconds, stopped_at, *numbers = sys.argv[1:]
    with Path(stopped_at).open("w", encoding="utf-8") as trace:
        faulthandler.dump_traceback_later(float(seconds), exit=True, file=trace)
        sys.exit(run(Path(name), [int(each) for each in numbers]))
