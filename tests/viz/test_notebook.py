"""Notebooks in JupyterLab: pictures are seen where one is not trusted, pages play where it is.

The notebook is executed by nbconvert and opened in a JupyterLab whose folders are its own, so that
it has no signature of its user: to JupyterLab somebody else has executed it.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from browser import PATIENCE, Browser

import viz

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.needs("jupyterlab")]
CELLS = [
    """import viz
from autograd_core import Value
from IPython.display import SVG
from nn import MLP
x, y = Value(-2.0, "x"), Value(5.0, '<y> & "z"')
f = x * y
f.label = "f"
f.backward()
f""",
    "viz.draw(f)",
    "viz.worksheet(f)",
    "viz.animate(f)",
    "viz.steps(f)[1]",
    "viz.steps(f)",
    "MLP(2, [1], seed=1)",
    "viz.page(f)",
    "SVG(viz.draw(f).svg)",
]
FLAGS = [
    "--no-browser",
    "--allow-root",
    "--ServerApp.ip=127.0.0.1",
    "--ServerApp.port=0",
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
    "--LabApp.expose_app_in_browser=True",
]
LOADED = "[...document.images].every((image) => image.complete)"
SHOWN = "[...document.querySelectorAll('.jp-OutputArea-output')]"
LOOK = """[...document.querySelectorAll(".jp-OutputArea-output img")].map((image) => {
    image.scrollIntoView({block: "center"});
    const box = image.getBoundingClientRect();
    const there = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return [image.alt, image.naturalWidth > 0 && box.height > 20 && there === image];
})"""
"""Of each picture its text alternative, and whether it is seen in the window."""

CIRCUIT = 'Circuit of f = x * <y> & "z" = -10, gradient 1: '
X, Y, F = "x = -2", '<y> & "z" = 5', 'f = x * <y> & "z"'
FINISHED = f"{X}, gradient 5; {Y}, gradient -2; {F} = -10, gradient 1"
MULTIPLIED = f"{F} = −2 * 5 = −10: {X}; {Y}; {F} = -10"
PICTURES = [
    CIRCUIT + FINISHED,
    CIRCUIT + FINISHED,
    CIRCUIT + f"{X}, gradient ?; {Y}, gradient ?; {F} = -10, gradient 1",
    f"Forward and backward through {F}: {FINISHED}",
    MULTIPLIED,
    f"inputs: x = −2, {Y}: {X}; {Y}; {F}",
    MULTIPLIED,
    f"the backward pass starts at f, with gradient 1: {X}; {Y}; {F} = -10, gradient 1",
    f"gradient of x: upstream 1 × local 5 = 5: {X}, gradient 5; {Y}; {F} = -10, gradient 1",
    f'gradient of <y> & "z": upstream 1 × local −2 = −2: {FINISHED}',
    "MLP(2, [1]). input, 2 inputs: input 0; input 1. output, layers.0: 1 neuron, identity: "
    "layers.0.neurons.0; layers.0.neurons.0.bias = 0",
]
PAGE = CIRCUIT + FINISHED


class Server(NamedTuple):
    """Where a JupyterLab is, and what it wants to hear."""

    url: str
    token: str


class Folder:
    """A folder with an executed notebook, and what Jupyter keeps for itself beside it."""

    def __init__(self, root: Path) -> None:
        self.path = root / "notebooks"
        self.path.mkdir()
        self._runtime = root / "runtime"
        places = {
            "JUPYTER_DATA_DIR": root / "data",
            "JUPYTER_CONFIG_DIR": root / "config",
            "JUPYTER_RUNTIME_DIR": self._runtime,
            "IPYTHONDIR": root / "ipython",
            "PYTHONPATH": Path(viz.__file__).parents[1],
        }
        self._environment = {**os.environ, **{name: str(path) for name, path in places.items()}}
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        cells: list[dict[str, Any]] = [
            {
                "cell_type": "code",
                "id": f"cell-{place}",
                "metadata": {},
                "execution_count": None,
                "source": source,
                "outputs": [],
            }
            for place, source in enumerate(CELLS)
        ]
        notebook = {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {"kernelspec": kernel},
            "cells": cells,
        }
        (self.path / "theirs.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
        self.run("nbconvert", "--execute", "--inplace", "--to=notebook", "theirs.ipynb")

    def run(self, module: str, *arguments: str) -> None:
        """Run a program of Jupyter to its end."""
        subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=self.path,
            env=self._environment,
            check=True,
            timeout=PATIENCE,
        )

    @contextmanager
    def served(self) -> Iterator[Server]:
        """A JupyterLab with this folder."""
        with subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *FLAGS],
            cwd=self.path,
            env=self._environment,
            stdin=subprocess.DEVNULL,
        ) as process:
            try:
                yield self._wait_for(process)
            finally:
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()

    def _wait_for(self, process: subprocess.Popen[bytes]) -> Server:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and process.poll() is None:
            for file in self._runtime.glob("jpserver-*.json"):
                with suppress(ValueError):  # it is being written
                    told = json.loads(file.read_text("utf-8"))
                    return Server(told["url"], told["token"])
            time.sleep(0.05)
        raise TimeoutError("JupyterLab does not start")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    return Folder(tmp_path_factory.mktemp("jupyter"))


@pytest.fixture(scope="module")
def server(folder: Folder) -> Iterator[Server]:
    with folder.served() as server:
        yield server


@pytest.fixture
def reader(shared_browser: Browser, server: Server) -> Iterator[Browser]:
    """A browser that asks nobody but the server."""
    shared_browser.requests.clear()
    with shared_browser.window(1200, 3000):  # what is far from the window has no text in it
        yield shared_browser
    shared_browser.visit("about:blank")
    near = (server.url, "about:", "data:", "blob:")
    assert [url for url in shared_browser.requests if not url.startswith(near)] == []


def open_notebook(reader: Browser, server: Server, name: str) -> None:
    reader.visit(f"{server.url}doc/tree/{name}?token={server.token}")
    reader.wait_until(f"{SHOWN}.length === {len(CELLS)}")
    reader.wait_until(f"{SHOWN}.every((each) => each.querySelector('img') || each.innerText)")
    reader.wait_until(LOADED)


def texts(reader: Browser) -> Any:
    """What is read in the outputs beside the pictures."""
    return reader.run(f"{SHOWN}.map((each) => each.innerText)")


def check_that_the_page_plays(reader: Browser) -> None:
    """The page is there instead of its picture, and all other pictures are."""
    reader.wait_until(LOADED)
    pictures = reader.run(LOOK)
    assert pictures[: len(PICTURES) + 1] == [[words, True] for words in PICTURES] + [[PAGE, False]]
    assert not any(texts(reader))
    reader.wait_until("document.querySelector('.sentence')?.textContent", in_frame=True)
    reader.run_in_frame("document.querySelector('.next').click()")
    sentence = reader.run_in_frame("document.querySelector('.sentence').textContent")
    assert sentence == f"{F} = −2 * 5 = −10"
    x, y = reader.middle("iframe")
    assert reader.run(f"document.elementFromPoint({x}, {y}).tagName") == "IFRAME"


def test_pictures_are_seen_though_somebody_else_executed_them(
    reader: Browser, server: Server
) -> None:
    open_notebook(reader, server, "theirs.ipynb")
    assert reader.run(LOOK) == [[words, True] for words in [*PICTURES, PAGE]]
    *others, page, svg = texts(reader)
    assert not any(others)
    assert page == "Run this cell to play with it."
    assert svg == "<IPython.core.display.SVG object>"  # so it is not trusted

    session = "jupyterapp.shell.currentWidget.sessionContext.session"
    reader.wait_until(f"{session}?.kernel?.status === 'idle'")  # nothing runs before
    reader.run("jupyterapp.commands.execute('notebook:run-all-cells')")
    reader.wait_until("document.querySelector('iframe') !== null")
    check_that_the_page_plays(reader)


def test_a_page_plays_in_a_trusted_notebook(
    reader: Browser, server: Server, folder: Folder
) -> None:
    theirs = json.loads((folder.path / "theirs.ipynb").read_text("utf-8"))
    theirs["metadata"]["title"] = "mine"  # it is content that is trusted, not a file
    (folder.path / "mine.ipynb").write_text(json.dumps(theirs), encoding="utf-8")
    folder.run("nbformat.sign", "mine.ipynb")
    open_notebook(reader, server, "mine.ipynb")
    check_that_the_page_plays(reader)


def test_a_notebook_as_a_web_page(browser: Browser, folder: Folder) -> None:
    addresses = [f"--HTMLExporter.{name}_url=" for name in ("mathjax", "require_js")]
    folder.run("nbconvert", "--to=html", *addresses, "theirs.ipynb")
    browser.open(folder.path / "theirs.html")
    check_that_the_page_plays(browser)
