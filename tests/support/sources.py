"""The sources of the project, read as text: what each module imports."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import autograd_core

PROJECT = Path(__file__).parents[2]
"""The project's folder, with the tests, the pages and the settings."""

ROOT = Path(autograd_core.__file__).parents[1]
"""Where the packages are imported from: the project's folder, or where they are installed."""

PACKAGES = ("autograd_core", "nn", "viz", "demos")


def module_name(path: Path) -> str:
    """The name under which a file is imported; a package's `__init__.py` is the package."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
MODULES = {module_name(path): path for path in FILES}
"""The files of all modules and packages, by name."""

CIMPORT = re.compile(r"^\s*(?:from\s+(\S+)\s+)?cimport\s+([^#\n]+)", re.M)


@cache
def tree(path: Path) -> ast.Module:
    """What a file says; it is not to be changed."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """Each import of a file, wherever it stands: the module, and the name taken from it, or ''.

    Those for type checkers count, those of C's types in the `.pxd` beside it, and what is loaded by
    a name in text: by `import_module`, or when it is used.
    """
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            yield from ((str(x.value), "") for x in node.args if isinstance(x, ast.Constant))
        elif isinstance(node, ast.Assign) and ast.unparse(node).startswith("_LOADED_WHEN_USED ="):
            yield from ((module, "") for module in ast.literal_eval(node.value))
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module and node.level == 0, f"{path}: imports are absolute"
            yield from ((node.module, alias.name) for alias in node.names)
    types = path.with_suffix(".pxd")
    if types.exists():
        for module, names in CIMPORT.findall(types.read_text(encoding="utf-8")):
            for name in (each.split()[0] for each in names.strip(" ()").split(",")):
                yield (module, name) if module else (name, "")


def needs(path: Path) -> set[str]:
    """The modules of the project that a file imports: the names of packages, or of what is in them.

    Python runs the packages around a module first, unless the file lies in them itself.
    """
    found = {each for module, name in imports(path) for each in (module, f"{module}.{name}")}
    around = {name.rpartition(".")[0] for name in found & MODULES.keys()}
    own = module_name(path) + "."
    return {each for each in (found | around) & MODULES.keys() if not own.startswith(f"{each}.")}
