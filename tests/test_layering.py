import ast
import inspect
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import autograd_core

ROOT = Path(autograd_core.__file__).parents[1]
MAY_USE = {
    "autograd_core": {"numpy", "cython", "typing_extensions"},
    "nn": {"autograd_core", "numpy", "tqdm"},
    "viz": {"autograd_core", "numpy", "graphviz", "matplotlib"},
    "demos": {"autograd_core", "nn", "viz", "numpy", "matplotlib", "sklearn"}
    | {"jinja2", "jupytext", "markdown_it", "pygments", "rich"},
}
MODULES = [path for package in MAY_USE for path in sorted((ROOT / package).rglob("*.py"))]


def imports_of(path):
    """The names of all modules that a file imports, wherever in it, with their first part."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield node.module


def test_every_import_counts(tmp_path):
    file = tmp_path / "drawing.py"
    file.write_text(
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    from nn import MLP\n"
        "def draw():\n    import nn.layer\n"
    )
    assert list(imports_of(file)) == ["typing", "nn", "nn.layer"]
    assert "nn" not in MAY_USE["viz"]


def name_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_go_one_way(path):
    package = path.relative_to(ROOT).parts[0]
    allowed = MAY_USE[package] | {package, "__future__"} | set(sys.stdlib_module_names)
    assert {name.split(".")[0] for name in imports_of(path)} <= allowed


FACES = {
    face.__name__: face for face in map(import_module, ("autograd_core", "autograd_core.explain"))
}


def private_imports_of(path):
    """What a file imports from the engine that is in no `__all__` of a public package."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
            yield from (name for name in names if name.startswith("autograd_core."))
        elif isinstance(node, ast.ImportFrom) and node.module.split(".")[0] == "autograd_core":
            public = getattr(FACES.get(node.module), "__all__", ())
            yield from (
                f"{node.module}.{alias.name}" for alias in node.names if alias.name not in public
            )


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_the_engine_is_used_through_its_public_names(path):
    if path.relative_to(ROOT).parts[0] != "autograd_core":
        assert not list(private_imports_of(path))


def test_private_imports_are_found(tmp_path):
    file = tmp_path / "page.py"
    file.write_text(
        "from autograd_core import GATES, explain, toposort\n"
        "from autograd_core.explain import Expression, source_text\n"
        "from autograd_core.value import Value\n"
        "def draw():\n    import autograd_core.toposort\n"
    )
    assert sorted(private_imports_of(file)) == [
        "autograd_core.explain.source_text",
        "autograd_core.toposort",
        "autograd_core.toposort",
        "autograd_core.value.Value",
    ]


def needs(path):
    """The modules of the project that a module needs: imports, for type checkers too, and cimports.

    The face of a package (`from autograd_core import …`) stands for none of its modules.
    """
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            names |= {node.module, *[f"{node.module}.{alias.name}" for alias in node.names]}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    types = path.with_suffix(".pxd")
    if types.exists():
        names |= set(re.findall(r"^from (\S+) cimport", types.read_text(encoding="utf-8"), re.M))
    return names & PATHS.keys() - set(MAY_USE)


PATHS = {name_of(path): path for path in MODULES}


def test_the_modules_import_each_other_in_one_direction():
    below = {name: needs(path) - {name} for name, path in PATHS.items()}
    done = set()
    while len(done) < len(below):
        ready = {name for name, needed in below.items() if name not in done and needed <= done}
        assert ready, f"a circle among {sorted(set(below) - done)}"
        done |= ready


def test_every_package_is_installed():
    settings = (Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8")
    listed = re.search(r"\[tool\.setuptools\]\npackages = (\[.*?\])", settings, re.DOTALL)
    packages = {name_of(path) for path in MODULES if path.name == "__init__.py"}
    assert set(ast.literal_eval(listed[1])) == packages


@pytest.mark.parametrize("name", autograd_core.__all__)
def test_every_public_name_is_documented(name):
    thing = getattr(autograd_core, name)
    if name in ("GATES", "compiled"):
        assert isinstance(thing, dict | bool)
        return
    assert inspect.getdoc(thing)
    assert not inspect.getdoc(thing).startswith(f"{name}(")  # what dataclasses make up


@pytest.mark.parametrize("kind", ["Value", "Gate", "GradientCheck"])
def test_every_public_method_is_documented(kind):
    for name, member in vars(getattr(autograd_core, kind)).items():
        if not name.startswith("_") and (callable(member) or isinstance(member, property)):
            assert inspect.getdoc(member), name


@pytest.mark.parametrize("face", FACES.values(), ids=FACES)
def test_public_names_are_sorted_out(face):
    assert len(set(face.__all__)) == len(face.__all__)
    for name in face.__all__:
        assert hasattr(face, name)


def test_the_function_explain_is_not_hidden_by_the_package_of_that_name():
    program = (
        "import autograd_core.explain.words; from autograd_core.explain import trace; "
        "from autograd_core import Value; print(autograd_core.explain(Value(1.0, 'x')))"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT)
