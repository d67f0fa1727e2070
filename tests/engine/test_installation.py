"""Installations without a compiler, and what `python -m autograd_core` tells of any."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import numpy
from sources import PROJECT, ROOT

import autograd_core
import viz
from autograd_core import Value
from autograd_core.__main__ import FONTS


def told(folder: Path, **environment: str) -> dict[str, str]:
    """What the command prints in a folder, by the names of its lines."""
    finished = subprocess.run(
        [sys.executable, "-m", "autograd_core"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), **environment},
        capture_output=True,
        check=True,
        text=True,
        timeout=600,
    )
    return dict(line.split(None, 1) for line in finished.stdout.splitlines())


def test_the_command_tells_what_runs_here() -> None:
    lines = told(ROOT)
    python = f"CPython {'.'.join(map(str, sys.version_info[:3]))}"
    assert lines["Python"].startswith(python) or sys.implementation.name != "cpython"
    assert lines["engine"].startswith("compiled" if autograd_core.compiled else "not compiled")
    assert lines["numpy"] == numpy.__version__
    names = ["scalar-circuits", "engine", "Python", "system", "numpy", "graphviz", "matplotlib"]
    assert list(lines) == [*names, "tqdm", "resvg-py", "fpdf2", "Graphviz", "fonts"]
    assert str(Path.home()) not in lines["scalar-circuits"] or len(str(Path.home())) == 1


def test_the_plain_form_by_choice_is_told() -> None:
    chosen = told(ROOT, SCALAR_CIRCUITS_PURE="1")["engine"]
    assert chosen.startswith("not compiled") and "SCALAR_CIRCUITS_PURE is set" in chosen


def test_what_is_missing_is_told_with_the_cure(tmp_path: Path) -> None:
    """The engine alone, as files, in a Python that finds no other package and no program."""
    shutil.copytree(ROOT / "autograd_core", tmp_path / "autograd_core", ignore=NOT_COPIED)
    code = "import runpy; runpy.run_module('autograd_core', run_name='__main__')"

    def told_alone() -> dict[str, str]:
        finished = subprocess.run(
            [sys.executable, "-S", "-c", code],
            cwd=tmp_path,
            env={"PATH": "", "PYTHONPATH": ""},
            capture_output=True,
            check=True,
            text=True,
            timeout=600,
        )
        return dict(line.split(None, 1) for line in finished.stdout.splitlines())

    lines = told_alone()
    assert "Install the project with pip, which compiles it" in lines["engine"]
    assert lines["matplotlib"] == 'not installed; pip install -e ".[plots]"'
    assert "not found" in lines["Graphviz"]
    installed = tmp_path / "scalar_circuits-0.1.0.dist-info" / "METADATA"
    installed.parent.mkdir()
    installed.write_text("Name: scalar-circuits\nVersion: 0.1.0\n", encoding="utf-8")
    assert told_alone()["matplotlib"] == 'not installed; pip install "scalar-circuits[plots]"'
    (tmp_path / "autograd_core" / "value.cpython-27-elsewhere.so").touch()
    elsewhere = told(tmp_path, SCALAR_CIRCUITS_PURE="0")["engine"]
    assert "value.cpython-27-elsewhere.so are for another Python" in elsewhere


def test_the_fonts_are_those_of_pictures() -> None:
    assert ", ".join(FONTS) in viz.draw(Value(1.0, "x") * 2.0).svg


NOT_COPIED = shutil.ignore_patterns(
    *(".*", "*.so", "*.pyd", "tests", "__pycache__", "dist", "gallery", "not_compiled.txt"),
    *("lib.*", "temp.*", "bdist.*"),  # `build` has what is translated to C already
)


def test_where_nothing_compiles_the_wheel_is_named_so_and_says_why(tmp_path: Path) -> None:
    project, place = tmp_path / "project", tmp_path / "installed"
    shutil.copytree(PROJECT, project, ignore=NOT_COPIED)
    stale = project / "autograd_core" / f"value{EXTENSION_SUFFIXES[0]}"
    stale.touch()

    def build(*command: str) -> str:
        finished = subprocess.run(
            [sys.executable, "setup.py", "-q", *command],
            cwd=project,
            env={**os.environ, "PYTHONPATH": "", "SCALAR_CIRCUITS_PURE": "0", "CC": "no-compiler"},
            capture_output=True,
            check=True,
            text=True,
            timeout=600,
        )
        return finished.stderr

    assert "not compiled, the engine runs as it is written" in build("bdist_wheel")
    [wheel] = (project / "dist").iterdir()
    assert wheel.name.endswith("-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place)
    assert not list(place.rglob("*.so"))
    [kind] = place.glob("*.dist-info/WHEEL")
    assert "Root-Is-Purelib: true" in kind.read_text(encoding="utf-8")
    [described] = place.glob("*.dist-info/METADATA")
    description = described.read_text(encoding="utf-8")
    assert "# Circuits that explain backpropagation" in description
    assert "![" not in description, "an index of packages has no files for pictures"
    assert set(re.findall(r"\]\((\w+):", description)) == {"https"} and "](docs" not in description
    lines = told(place, SCALAR_CIRCUITS_PURE="0")
    assert lines["engine"].startswith("not compiled, some ten times slower: ")
    assert "no-compiler" in lines["engine"]
    assert "Install a C compiler" in lines["engine"]

    assert "not compiled" in build("build_ext", "--inplace")
    assert not stale.exists(), "what was compiled from other sources must not run"
    assert "no-compiler" in told(project, SCALAR_CIRCUITS_PURE="0")["engine"]
