"""The rules of the house that can be read from the sources: who may import whom, and what."""

import ast
import inspect
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path

import pytest
from sources import MODULES, PACKAGES, PROJECT, ROOT, imports, module_name, needs, tree

import autograd_core
from autograd_core import Gate

MAY_USE = {
    "autograd_core": {"numpy", "cython", "typing_extensions"},
    "nn": {"autograd_core", "numpy", "tqdm"},
    "viz": {"autograd_core", "numpy", "graphviz", "matplotlib", "typing_extensions"}
    | {"fontTools", "fontpkg_arimo", "fpdf", "resvg_py"},
    "demos": {"autograd_core", "nn", "viz", "numpy", "matplotlib", "scipy", "sklearn"}
    | {"jinja2", "jupytext", "markdown_it", "pygments", "rich"},
}
FACES = {
    name: import_module(name)
    for name, path in MODULES.items()
    if path.name == "__init__.py" and not name.startswith("demos")
}
PUBLIC = {name: face for name, face in FACES.items() if hasattr(face, "__all__")}
"""The packages whose names are for everybody."""
STILL_PRIVATE = ("viz.plots.canvas.", "viz.write.picture.image")
"""What `demos` takes from the inside of `viz`."""
SIDE_BY_SIDE = 21
MORE = {"demos.lessons": 99}
"""A lesson is a file."""
SET_FROM_OUTSIDE = {"autograd_core.value": 5}
"""Where classes get attributes: `Value` the signature and name that Cython takes from it, names of
other engines from their table, and each gate of a user's own as a method; in the plain form
`__setattr__` is taken away."""

every_module = pytest.mark.parametrize("path", MODULES.values(), ids=MODULES)


@every_module
def test_imports_go_one_way(path: Path) -> None:
    package = module_name(path).split(".")[0]
    allowed = (
        MAY_USE[package] | {package, "__future__", "cpython", "libc"} | sys.stdlib_module_names
    )
    assert {module.split(".")[0] for module, _ in imports(path)} <= allowed


def test_there_is_no_circle() -> None:
    """Imports inside functions and for type checkers count as well, and Cython's."""
    TopologicalSorter({name: needs(path) - {name} for name, path in MODULES.items()}).prepare()


STAGES = ["autograd_core.programs." + stage for stage in ("graph", "run", "compile")]


def test_a_stage_of_programs_uses_none_that_comes_after_it() -> None:
    for place, stage in enumerate(STAGES):
        modules = [name for name in MODULES if f"{name}.".startswith(f"{stage}.")]
        used = {each for name in modules for each in needs(MODULES[name])}
        assert modules and not [
            name for name in used if name.startswith(tuple(STAGES[place + 1 :]))
        ]


def private_imports(path: Path) -> Iterator[str]:
    """What a file takes of another package that is not in the `__all__` of a public one."""
    package = module_name(path).split(".")[0] if path.is_relative_to(ROOT) else ""
    faces = {}
    for node in ast.walk(tree(path)):
        for each in node.names if isinstance(node, ast.Import) else ():
            if each.name in PUBLIC:
                faces[each.asname or each.name] = set(PUBLIC[each.name].__all__) | {"plots"}
    for module, name in imports(path):
        other = module.split(".")[0] in PACKAGES and module.split(".")[0] != package
        if (
            other
            and name not in getattr(PUBLIC.get(module), "__all__", ())
            and (name or module not in PUBLIC)
        ):
            yield f"{module}.{name}".rstrip(".")
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module, name = node.value.id, node.attr
            if name not in faces.get(module, {name}) and not name.startswith("__"):
                yield f"{module}.{name}"


@every_module
def test_packages_are_used_through_their_public_names(path: Path) -> None:
    assert not [name for name in private_imports(path) if not name.startswith(STILL_PRIVATE)]


def test_every_import_counts(tmp_path: Path) -> None:
    file = tmp_path / "page.py"
    file.write_text(
        "from typing import TYPE_CHECKING\n"
        "import autograd_core, viz\n"
        "from autograd_core import GATES, explain, toposort\n"
        "from autograd_core.explain import Expression, source_text\n"
        "if TYPE_CHECKING:\n    from nn.layer import Layer\n"
        "def draw():\n    import autograd_core.toposort\n    autograd_core.value.Value(1.0)\n"
        "    viz.plots, viz.draw, viz.__name__, viz.scene\n"
        "import autograd_core as engine\nengine.grad, engine.passes\n"
        "importlib.import_module('nn.mlp')\n_LOADED_WHEN_USED = {'nn.neuron': ['Neuron']}\n"
    )
    file.with_suffix(".pxd").write_text(
        "cimport cython\ncimport autograd_core.node\n"
        "from autograd_core.apply cimport record, apply1 as one\n"
    )
    assert sorted(private_imports(file)) == [
        "autograd_core.apply.apply1",
        "autograd_core.apply.record",
        "autograd_core.explain.source_text",
        "autograd_core.node",
        "autograd_core.toposort",
        "autograd_core.toposort",
        "autograd_core.value",
        "engine.passes",
        "nn.layer.Layer",
        "nn.mlp",
        "nn.neuron",
        "viz.scene",
    ]


def set_on_classes(path: Path) -> Iterator[str]:
    """Attributes that are set or deleted on a class by its name."""
    for node in ast.walk(tree(path)):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AnnAssign | ast.AugAssign):
            targets = [node.target]
        elif isinstance(node, ast.Delete):
            targets = node.targets
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("setattr", "delattr"):
            targets = [ast.Attribute(node.args[0], "")]
        for target in targets:
            if isinstance(target, ast.Attribute):
                owner = ast.unparse(target.value).rpartition(".")[2]
                if re.match("_?[A-Z][a-z]|cls$", owner):
                    yield owner


def test_nothing_is_set_on_a_class_from_outside(tmp_path: Path) -> None:
    found = {name: len(list(set_on_classes(path))) for name, path in MODULES.items()}
    assert {name: count for name, count in found.items() if count} == SET_FROM_OUTSIDE
    file = tmp_path / "drawing.py"
    file.write_text(
        "Value._repr_svg_ = draw\nnn.Module.x: int = 3\ndel Value.x\nsetattr(Value, name, draw)\n"
        "cls.made += 1\nself.x = value.data = 1.0\nUNIT.x = 3\n"
    )
    assert sorted(set_on_classes(file)) == ["Module", "Value", "Value", "Value", "cls"]


def test_no_module_has_the_name_of_one_in_the_standard_library() -> None:
    assert not {name.rpartition(".")[2] for name in MODULES} & sys.stdlib_module_names


def test_no_folder_holds_too_many_modules() -> None:
    counts = Counter(path.parent for path in MODULES.values() if path.stem != "__init__")
    for folder, count in counts.items():
        assert count <= MORE.get(module_name(folder / "__init__.py"), SIDE_BY_SIDE), folder


def test_every_package_is_installed() -> None:
    settings = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    [listed] = re.findall(r"\[tool\.setuptools\]\npackages = (\[.*?\])", settings, re.DOTALL)
    packages = {name for name, path in MODULES.items() if path.name == "__init__.py"}
    assert set(ast.literal_eval(listed)) == packages | {"demos.data"}  # a folder of data alone


@pytest.mark.parametrize("face", PUBLIC)
def test_public_names_exist_and_are_documented(face: str) -> None:
    names = PUBLIC[face].__all__
    assert len(set(names)) == len(names)
    for name in names:
        thing = getattr(PUBLIC[face], name)
        if inspect.isroutine(thing) or inspect.isclass(thing) or isinstance(thing, Gate):
            text = inspect.getdoc(thing)
            assert text and not text.startswith(f"{name}("), name  # what dataclasses make up


@pytest.mark.parametrize("kind", ["Value", "Gate", "GradientCheck", "Program"])
def test_every_public_method_is_documented(kind: str) -> None:
    for name, member in vars(getattr(autograd_core, kind)).items():
        if not name.startswith("_") and (callable(member) or isinstance(member, property)):
            assert inspect.getdoc(member), name


def test_the_function_explain_is_not_hidden_by_the_package_of_that_name() -> None:
    program = (
        "import autograd_core.explain.words; from autograd_core.explain import trace; "
        "from autograd_core import Value; print(autograd_core.explain(Value(1.0, 'x')))"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT)
