"""Global mutable state stands in one table, with its reason: docs/state.md."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module

from sources import MODULES, PROJECT, tree

import autograd_core
import nn
import viz

LISTED = re.findall(
    r"^\| `([\w.]+)` \|", (PROJECT / "docs" / "state.md").read_text(encoding="utf-8"), re.M
)

MADE_BY = {"Clock", "ContextVar", "Lock", "RLock", "WeakKeyDictionary", "WeakValueDictionary"}
MADE_BY |= {"count", "defaultdict", "deque", "local"}
CONTAINERS = {"dict", "list", "set"}
CHANGES = {"add", "append", "clear", "extend", "insert", "pop", "popitem", "setdefault", "update"}
KEPT_BY = {"cache", "lru_cache", "singledispatch"}  # decorators that keep something


def called(node: ast.expr | None) -> str:
    """The last name of what an expression calls, or is."""
    if isinstance(node, ast.Call):
        node = node.func
    return getattr(node, "attr", getattr(node, "id", ""))


def is_state(value: ast.expr | None) -> bool:
    """Whether this makes something that is there to be changed: an empty container, a lock …"""
    if isinstance(value, ast.BinOp):  # [None] * size
        return isinstance(value.left, ast.List)
    if isinstance(value, ast.List):
        return not value.elts
    if isinstance(value, ast.Dict):
        return not value.keys
    if not isinstance(value, ast.Call) or (called(value) in CONTAINERS and value.args):
        return False
    return called(value) in MADE_BY | CONTAINERS


def written_to(body: list[ast.stmt], place: str) -> Iterator[str]:
    """The names of a module's tables with entries to which its functions add more."""
    tables: set[str] = set()
    for statement in body:
        if isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            if isinstance(statement.value, ast.Dict | ast.List | ast.Set):
                tables.update(map(ast.unparse, targets))
    for node in (each for function in body for each in ast.walk(function)):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
            changed = ast.unparse(node.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            changed = ast.unparse(node.func.value) if node.func.attr in CHANGES else ""
        else:
            continue
        if changed in tables:
            yield f"{place}.{changed}"


def state_in(body: list[ast.stmt], place: str) -> Iterator[str]:
    """The names of global state that a module, or a class in it, defines."""
    for statement in body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and is_state(statement.value):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            yield from (f"{place}.{each.id}" for each in targets if isinstance(each, ast.Name))
        elif isinstance(statement, ast.ClassDef):
            yield from state_in(statement.body, f"{place}.{statement.name}")
        elif isinstance(statement, ast.FunctionDef):
            if KEPT_BY & {called(each) for each in statement.decorator_list}:
                yield f"{place}.{statement.name}"
            for node in ast.walk(statement):
                if isinstance(node, ast.Global):
                    yield from (f"{place}.{name}" for name in node.names)


def state_of_the_packages() -> set[str]:
    return {
        name
        for module, path in MODULES.items()
        if not module.startswith("demos")
        for name in [*state_in(tree(path).body, module), *written_to(tree(path).body, module)]
    }


def test_state_is_found_in_every_form() -> None:
    source = (
        "a = []\nb: dict[str, int] = {}\nc = [None] * 64\nd = threading.RLock()\n"
        "e = ('constant',)\nf = {'x': 1}\nl = dict(x)\n"
        "@functools.cache\ndef g(): pass\n"
        "def h():\n    global i\n    local = []\n"
        "class J:\n    k = ContextVar('k', default=None)\n"
    )
    found = set(state_in(ast.parse(source).body, "m"))
    assert found == {"m.a", "m.b", "m.c", "m.d", "m.g", "m.i", "m.J.k"}
    source = (
        "a = {'x': 1}\nb: dict[str, int] = {'x': 1}\nc = [1]\nd = {'x': 1}\n"
        "def f():\n    a['y'] = b.pop('x')\n    c.append(2)\n    return d['x']\n"
    )
    assert set(written_to(ast.parse(source).body, "m")) == {"m.a", "m.b", "m.c"}


def test_all_global_state_is_listed_with_its_reason() -> None:
    registries = {
        name
        for package in (autograd_core, nn, viz)
        for name in package.__all__
        if isinstance(getattr(package, name), dict | list | set)
    }
    assert state_of_the_packages() <= set(LISTED)
    assert registries <= {name.rpartition(".")[2] for name in LISTED}


def test_what_is_listed_exists() -> None:
    found = state_of_the_packages()
    for name in LISTED:
        if name not in found:  # a registry that is written with its entries
            module, _, variable = name.rpartition(".")
            assert isinstance(getattr(import_module(module), variable), dict), name
    assert len(set(LISTED)) == len(LISTED)
