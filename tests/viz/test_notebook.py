"""Notebooks in JupyterLab: pictures are seen where one is not trusted, pages play where it is.

The notebook is executed by nbconvert and opened in a JupyterLab whose folders are its own, so that
it has no signature of its user: to JupyterLab somebody else has executed it.
"""

import json
import os
import re
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
    """from autograd_core import Program, explain, gradcheck, staged_code
from nn import SteepestDescent, Trainer, half_squared_error
trainer = Trainer(MLP(1, [1], seed=1), half_squared_error, SteepestDescent(0.1))
history = trainer.fit([[0.0], [1.0]], [0.0, 1.0], epochs=3)
history""",
    "trainer",
    "viz.curves(history)",
    "explain(f)",
    "staged_code(f)",
    "Program(f, inputs=[x])",
    "gradcheck(lambda a: a * a, {'a': 2.0})",
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
MULTIPLIED = f"{F} = -2 * 5 = -10: {X}; {Y}; {F} = -10"
PICTURES = [
    CIRCUIT + FINISHED,
    CIRCUIT + FINISHED,
    CIRCUIT + f"{X}, gradient ?; {Y}, gradient ?; {F} = -10, gradient 1",
    f"Forward and backward through {F}: {FINISHED}",
    MULTIPLIED,
    f"inputs: x = -2, {Y}: {X}; {Y}; {F}",
    MULTIPLIED,
    f"the backward pass starts at f, with gradient 1: {X}; {Y}; {F} = -10, gradient 1",
    f"gradient of x: upstream 1 × local 5 = 5: {X}, gradient 5; {Y}; {F} = -10, gradient 1",
    f'gradient of <y> & "z": upstream 1 × local -2 = -2: {FINISHED}',
    "MLP(2, [1]). input, 2 inputs: input 0; input 1. output, layers.0: 1 neuron, identity: "
    "layers.0.neurons.0; layers.0.neurons.0.bias = 0",
]
LOSSES = "loss by epoch: 3 epochs: loss from 0.7493 to 0.5011"
PICTURES += [LOSSES] * 3
PAGE = CIRCUIT + FINISHED

COURSE = "History of 3 epochs: loss 0.5011; all epochs are done"
TEXTS = [
    COURSE,
    f"""setting value
model MLP(1, [1]): 2 parameters
loss half_squared_error
optimiser SteepestDescent(rate=0.1)
batches all examples
history 3 epochs: loss 0.5011; all epochs are done
{COURSE}""",
    "",
    f"""Forward
  x                 = -2
  <y> & "z"         = 5
  {F} = -2 * 5 = -10

Backward: upstream × local = gradient
  f starts with 1
  {F}, a multiply gate, swaps and scales
    x gets 1 × 5 = 5
    <y> & "z" gets 1 × -2 = -2

Patterns
  multiply, swaps and scales: each input gets the upstream gradient times the other input""",
    """# inputs
x = -2.0
y_z = 5.0  # '<y> & "z"'

# forward pass
f = x * y_z  # -10

# backward pass, in reverse order
df = 1.0
# through f = x * y_z
dx = y_z * df  # 5
dy_z = x * df  # -2
""",
    """2 instructions for B examples, made from 1 gate of 1 input and 1 parameter

Inputs
  x[1, B]

Parameters
  θ[1] = <y> & "z"

Forward
  f[1, B] = θ * x
  output = f

Gradient: sums over the examples, to be divided by B for the mean
  dθ[1] = x[1, B] @ 1[B]""",
    """input at analytic numeric relative error verdict
a 2 4 4 4.6e-12 good
centred differences, 2 evaluations of the function""",
]
"""What is read in the last cells but two, blanks between columns left aside."""
MARKS = """[...document.querySelectorAll(".jp-OutputArea-output pre span")].map((each) =>
    [each.textContent, getComputedStyle(each).color, getComputedStyle(each.closest("pre"))
        .backgroundColor])"""
GREEN, RED, BLUE, WHITE = (
    "rgb(0, 128, 0)",
    "rgb(208, 0, 0)",
    "rgb(26, 95, 180)",
    "rgb(255, 255, 255)",
)
NUMBERS = [
    ["-2", GREEN],
    ["5", GREEN],
    ["-10", GREEN],
    ["1", RED],
    *(["1", RED], ["5", BLUE], ["5", RED]),
    *(["1", RED], ["-2", BLUE], ["-2", RED]),
]
"""The numbers of the explanation, in the colours of pictures."""


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
    with shared_browser.window(1200, 6000):  # what is far from the window has no text in it
        yield shared_browser
    shared_browser.visit("about:blank")
    near = (server.url, "about:", "data:", "blob:")
    assert [url for url in shared_browser.requests if not url.startswith(near)] == []


def open_notebook(reader: Browser, server: Server, name: str) -> None:
    reader.visit(f"{server.url}doc/tree/{name}?token={server.token}")
    reader.wait_until(f"{SHOWN}.length === {len(CELLS)}")
    reader.wait_until(f"{SHOWN}.every((each) => each.querySelector('img') || each.innerText)")
    reader.wait_until(LOADED)


def texts(reader: Browser) -> list[str]:
    """What is read in the outputs beside the pictures."""
    read = reader.run(f"{SHOWN}.map((each) => each.innerText)")
    return [
        "\n".join(line.replace("\t", " ") for line in text.split("\n") if line) for text in read
    ]


def check_texts(reader: Browser) -> list[str]:
    """Texts are there as they print, in their colours; what is read in the last two cells."""
    *others, page, svg = texts(reader)
    expected = [text.replace("\n\n", "\n").rstrip() for text in TEXTS]
    assert others[-len(TEXTS) :] == expected
    assert not any(others[: -len(TEXTS)])
    marks = reader.run(MARKS)
    assert [mark[:2] for mark in marks[: len(NUMBERS)]] == NUMBERS
    assert {paper for *_, paper in marks} == {WHITE}
    return [page, svg]


def check_that_the_page_plays(reader: Browser) -> None:
    """The page is there instead of its picture, and all other pictures are."""
    reader.wait_until(LOADED)
    pictures = reader.run(LOOK)
    assert pictures[: len(PICTURES) + 1] == [[words, True] for words in PICTURES] + [[PAGE, False]]
    assert check_texts(reader) == ["", ""]
    reader.wait_until("document.querySelector('.sentence')?.textContent", in_frame=True)
    reader.run_in_frame("document.querySelector('.next').click()")
    sentence = reader.run_in_frame("document.querySelector('.sentence').textContent")
    assert sentence == f"{F} = -2 * 5 = -10"
    x, y = reader.middle("iframe")
    assert reader.run(f"document.elementFromPoint({x}, {y}).tagName") == "IFRAME"


def test_pictures_are_seen_though_somebody_else_executed_them(
    reader: Browser, server: Server
) -> None:
    open_notebook(reader, server, "theirs.ipynb")
    assert reader.run(LOOK) == [[words, True] for words in [*PICTURES, PAGE]]
    page, svg = check_texts(reader)
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


VS_CODE = ["application/json", "application/javascript", "text/html", "image/svg+xml"]
"""What VS Code shows rather than what comes after it; Colab, too, shows HTML before pictures."""


def test_other_programs_choose_the_html_which_needs_nothing_else(folder: Folder) -> None:
    """As VS Code's and Colab's documents have it; a frame of one's own may have a script."""
    cells = json.loads((folder.path / "theirs.ipynb").read_text("utf-8"))["cells"]
    for cell in cells[:-1]:
        [output] = cell["outputs"]
        assert next(kind for kind in VS_CODE if kind in output["data"]) == "text/html"
        html = re.sub('srcdoc=".*?"', "", "".join(output["data"]["text/html"]), flags=re.DOTALL)
        assert not re.search(r"<(script|link)|\son\w+=|https?://", html)
        assert set(re.findall('src="(.*?)[,"]', html)) <= {"data:image/svg+xml;base64"}
        assert "".join(output["data"]["text/plain"]).strip()
