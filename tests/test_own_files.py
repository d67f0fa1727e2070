"""A folder with files of the user's that are called like packages of ours."""

from pathlib import Path

import pytest
from processes import python
from sources import ROOT

import viz
from autograd_core import Value

OWN = {
    "a class": "class Neuron: pass\n",
    "micrograd's": "import random\nfrom micrograd.engine import Value\n",
    "a mistake": "1 / 0\n",
}


PICTURES = """
import sys
from autograd_core import Value
import viz

class Line:
    def _network_(self):
        return {"layers": [{"weights": [[2.0, 1.0]], "biases": [0.5], "activation": "identity",
                            "function": lambda x: [2.0 * x[0] + x[1] + 0.5]}]}

x = Value(3.0, "x")
f = x * x
f.backward()
viz.draw(f).save("f.svg")
assert len(viz.steps(f)) > 2 and viz.steps(f)[0].svg
viz.page(f).save("f.html")
assert viz.animate(f).svg and viz.worksheet(f).questions.svg
assert "text/html" in f._repr_mimebundle_()
viz.draw(Line()).save("line.svg")

from matplotlib.figure import Figure
viz.plots.neuron_heatmaps(Line(), ax=Figure().subplots(), resolution=3)
viz.plots.weight_images(Line(), (1, 2), ax=Figure().subplots())
viz.plots.activation_functions(ax=Figure().subplots())
viz.plots.decision_boundary(
    lambda p: p[0], [(0, 0), (1, 1)], [0, 1], Figure().subplots(), resolution=3
)
assert not {"nn", "tqdm"} & set(sys.modules)
"""


@pytest.mark.parametrize("content", OWN.values(), ids=OWN)
def test_pictures_do_not_care_about_a_file_nn(tmp_path: Path, content: str) -> None:
    (tmp_path / "nn.py").write_text(content)
    finished = python("-W", "error", "-c", PICTURES, folder=tmp_path)
    assert (finished.returncode, finished.stderr) == (0, "")
    x = Value(3.0, "x")
    f = x * x
    f.backward()
    assert (tmp_path / "f.svg").read_text("utf-8") == viz.draw(f).svg
    assert (tmp_path / "f.html").read_text("utf-8") == viz.page(f).html
    assert "<svg" in (tmp_path / "line.svg").read_text("utf-8")


@pytest.mark.parametrize("name", ["nn.py", "nn/__init__.py", "viz.py", "autograd_core.py"])
@pytest.mark.parametrize("content", OWN.values(), ids=OWN)
def test_the_lessons_say_what_is_in_the_way(tmp_path: Path, name: str, content: str) -> None:
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(content)
    thing = file.parent if file.parent != tmp_path else file
    for arguments in (["circuit"], ["--list"]):
        finished = python("-W", "error", "-m", "demos", *arguments, folder=tmp_path)
        assert finished.returncode == 1 and finished.stdout == ""
        [line] = finished.stderr.splitlines()
        assert line.startswith(f"{thing} is in the way: ")
        assert line.endswith("Rename it, or start `python -m demos` in another folder.")
    assert {path.name for path in tmp_path.iterdir()} == {thing.name}


def test_the_lessons_name_everything_that_is_in_the_way(tmp_path: Path) -> None:
    for name in ("nn.py", "viz.py"):
        (tmp_path / name).write_text("")
    first, second = python(
        "-W", "error", "-m", "demos", "circuit", folder=tmp_path
    ).stderr.splitlines()
    assert str(tmp_path / "nn.py") in first and str(tmp_path / "viz.py") in second


def test_what_was_installed_in_the_place_of_ours_is_named_too(tmp_path: Path) -> None:
    """Another project's `nn`, which comes earlier on Python's path."""
    other = tmp_path / "other"
    (other / "nn").mkdir(parents=True)
    (other / "nn" / "__init__.py").write_text("")
    program = f"import sys; sys.path.insert(0, {str(other)!r}); from demos.__main__ import main; "
    finished = python("-W", "error", "-c", program + "sys.exit(main(['--list']))", folder=tmp_path)
    assert finished.returncode == 1
    assert finished.stderr.startswith(f"{other / 'nn'} is in the way: ")
    assert "virtual environment of their own" in finished.stderr


EDITABLE = f"""
import sys
from importlib.machinery import PathFinder
from pathlib import Path

class Installed:
    @staticmethod
    def find_spec(name, path=None, target=None):
        return PathFinder.find_spec(name, [str(Path({str(ROOT)!r}, *name.split(".")[:-1]))])

sys.path = [each for each in sys.path if not Path(each, "nn", "__init__.py").exists()]
sys.meta_path.append(Installed)
from demos.__main__ import main
sys.exit(main(["--list"]))
"""
"""The command as `pip install --editable` has it: its packages are looked for last of all."""


def test_a_folder_that_is_no_package_may_be_in_the_way(tmp_path: Path) -> None:
    assert python("-W", "error", "-c", EDITABLE, folder=tmp_path).returncode == 0
    (tmp_path / "nn").mkdir()
    finished = python("-W", "error", "-c", EDITABLE, folder=tmp_path)
    assert finished.returncode == 1
    assert finished.stderr.startswith(f"{tmp_path / 'nn'} is in the way: ")
    assert finished.stderr.endswith("or start `python -m demos` in another folder.\n")


@pytest.mark.parametrize("file", ["notes.txt", "__init__.py"])
def test_a_folder_called_demos_is_named(file: str, tmp_path: Path) -> None:
    (tmp_path / "demos").mkdir()
    (tmp_path / "demos" / file).touch()
    finished = python("-W", "error", "-c", EDITABLE, folder=tmp_path)
    assert finished.returncode == 1
    assert finished.stderr.startswith("A folder called demos is in the way: ")


def test_folders_that_are_no_packages_are_in_nobodys_way(tmp_path: Path) -> None:
    for name in ("nn", "viz", "demos", "autograd_core"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "notes.txt").write_text("")
    finished = python("-W", "error", "-m", "demos", "--list", folder=tmp_path)
    assert (finished.returncode, finished.stderr) == (0, "")
    assert finished.stdout.startswith("nudge ")
