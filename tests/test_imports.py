"""What is loaded by what: packages that are installed beside this one are loaded when used."""

from pathlib import Path

import pytest
from processes import printed_by, python

import autograd_core
import nn
import viz

WATCHED = ["fpdf", "graphviz", "matplotlib", "nn", "numpy", "resvg_py", "tqdm"]
SLOW = ["asyncio", "concurrent.futures", "email", "subprocess"]  # of the standard library

ENGINE = "import autograd_core"
CIRCUIT = """
from autograd_core import Value, affine, expand, explain, forbid_data_access, grad, gradcheck
from autograd_core import name_values, no_grad, staged_code, tanh, total, trace
x, y = Value(3.0), Value(-4.0)
f = total([*affine([[x, y]], [y, 2.0], [x], tanh), x * y.sigmoid() / 2 - 1])
name_values(locals())
f.backward()
x.data = 2.0
f.forward()
assert grad(f, [x])[0].data and str(explain(f)) and staged_code(f) and trace(f)
assert expand(y.sigmoid()) and gradcheck(lambda x: x * x, {"x": 2.0})
with no_grad(), forbid_data_access(): pass
"""
PICTURE = CIRCUIT + "import viz; assert viz.draw(f, expand=True, branches=True).svg"
PICTURES = (
    CIRCUIT
    + """
import viz
assert viz.steps(f)[0].svg and viz.animate(f).svg and viz.page(f).html
assert viz.worksheet(f).questions.svg and f._repr_mimebundle_() and viz.draw(f).tikz
viz.draw(f).save("f.svg")
"""
)
NETWORK = """
from nn import MLP
model = MLP(2, [3, 1])
model([1.0, 2.0]).backward()
assert len(model.parameters()) == 13
"""
NETWORK_PICTURE = NETWORK + "import viz; assert viz.draw(model).svg"
TRAINING = """
from nn import MLP, SteepestDescent, Trainer, half_squared_error
trainer = Trainer(MLP(2, [1], seed=1), half_squared_error, SteepestDescent(0.1))
trainer.fit([[1.0, 2.0]], [1.0], epochs=1)
"""


def loaded(program: str, folder: Path, names: list[str]) -> list[str]:
    """Which modules of these names a program loads in a process of its own."""
    written = f"import sys; before = set(sys.modules)\n{program}\n"
    written += f"print('loaded', *sorted({set(names)!r} & (set(sys.modules) - before)))"
    return printed_by(written, folder)[-1].split()[1:]


@pytest.mark.parametrize(
    ("program", "modules"),
    [
        (ENGINE, []),
        (CIRCUIT, []),
        ("import viz", []),
        (PICTURE, []),
        (PICTURES, []),
        ("import nn", ["nn"]),
        (NETWORK, ["nn"]),
        (NETWORK_PICTURE, ["nn"]),
        (TRAINING, ["nn", "numpy"]),
        (ENGINE + "; autograd_core.Program", ["numpy"]),
        (PICTURE + "; assert viz.draw(f).dot.source", ["graphviz"]),
        ("import viz; viz.plots", ["matplotlib", "numpy"]),
        (TRAINING.replace("epochs=1", "epochs=1, progress=True"), ["nn", "numpy", "tqdm"]),
    ],
)
def test_packages_are_loaded_when_they_are_used(
    tmp_path: Path, program: str, modules: list[str]
) -> None:
    assert loaded(program, tmp_path, WATCHED) == modules


@pytest.mark.parametrize("program", [CIRCUIT, "import viz", PICTURE, "import nn", NETWORK])
def test_slow_modules_of_the_standard_library_are_loaded_when_they_are_used(
    tmp_path: Path, program: str
) -> None:
    assert loaded(program, tmp_path, SLOW) == []


def test_the_engine_takes_numpy_that_is_loaded_after_it(tmp_path: Path) -> None:
    program = """
from autograd_core import Value
x = Value(3.0)
assert (x * 2).data == 6.0
import numpy as np
assert Value(np.float32(2.5)).data == 2.5 and Value(np.array(2)).data == 2.0
assert (np.float64(2.0) * x).data == (x * np.int8(2)).data == 6.0
assert [v.data for v in np.array([1.0, 2.0]) * x] == [3.0, 6.0]
assert [v.data for v in x - np.array([x, 1])] == [0.0, 2.0]
assert np.exp(np.array([x]))[0].gate.name == "exp"
from nn import Module
class Line(Module):
    def __init__(self):
        self.weights = np.array([x, Value(1.0)])
        self.numbers = np.ones(3)
assert len(Line().parameters()) == 2
"""
    assert loaded(program, tmp_path, ["numpy"]) == ["numpy"]


@pytest.mark.parametrize("package", [autograd_core, nn, viz])
def test_a_package_offers_its_public_names_and_refuses_others(package: object) -> None:
    public = package.__all__  # type: ignore[attr-defined]
    assert set(public) <= set(dir(package)) <= {*public, "plots"}
    for name in dir(package):
        assert getattr(package, name) is not None
    with pytest.raises(AttributeError, match="has no attribute 'tahn'"):
        package.tahn  # type: ignore[attr-defined]  # noqa: B018


@pytest.mark.parametrize(
    "use",
    [
        "import autograd_core",
        "import nn",
        "import viz",
        "runpy.run_module('demos', run_name='__main__')",
    ],
)
def test_a_python_that_is_too_old_is_told(use: str) -> None:
    old = "import runpy, sys; sys.argv = ['demos', '--list']; sys.version_info = (3, 9, 6);"
    said = python("-c", f"{old} {use}").stderr
    assert "ImportError: Python 3.10 or later is needed" in said.splitlines()[-1]
