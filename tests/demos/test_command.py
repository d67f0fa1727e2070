"""The command `python -m demos`: what it prints, the gallery and the notebooks that it leaves."""

import ast
import io
import itertools
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import weakref
from collections import Counter
from contextlib import redirect_stdout
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, cast
from xml.etree import ElementTree

import pytest
from browser import Browser
from lessons import outputs, ran
from matplotlib import pyplot
from matplotlib.figure import Figure
from pictures import images
from sources import ROOT

import demos
from demos import BUILDS_ON, LESSONS, ROUTES
from demos.__main__ import EXAMPLES, main
from demos.figures import Plot, new_axes, plot
from demos.runner.gallery import Gallery
from demos.runner.script import Lesson
from demos.runner.terminal import WIDTH, Terminal
from demos.show import Table, compare, table
from nn import History, Trainer

TOLD = ("circuit", "sigmoid_neuron")
VOID = {"meta", "img", "br", "link", "hr", "input"}


class Page(HTMLParser):
    """A page taken apart: its tags, its text, and whether every tag is closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


def page_in(folder: Path, name: str) -> Page:
    return Page((folder / f"{name}.html").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def run_of_two(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder and the printed text of a run of two lessons."""
    folder = tmp_path_factory.mktemp("run") / "pictures of circuits"
    printed = io.StringIO()
    with redirect_stdout(printed):
        assert main([*TOLD, "--output", str(folder)]) == 0
    return folder, printed.getvalue()


def script(folder: Path, text: str, name: str = "circuit") -> Lesson:
    """A lesson with this script, run."""
    (folder / f"{name}.py").write_text(text, encoding="utf-8")
    lesson = Lesson(name, folder)
    lesson.cells = list(lesson.run())
    return lesson


# The gallery


def test_there_is_a_page_for_each_lesson_and_a_file_for_each_picture(
    run_of_two: tuple[Path, str],
) -> None:
    folder, _ = run_of_two
    shown = [output for name in TOLD for output in outputs(ran(name)) if output.file]
    pages = {"index.html", *(f"{name}.html" for name in TOLD)}
    assert {path.name for path in folder.iterdir()} == pages | {output.file for output in shown}
    for output in shown:
        assert (folder / str(output.file)).read_text(encoding="utf-8") == output.svg


@pytest.mark.parametrize("name", TOLD)
def test_a_page_is_complete(run_of_two: tuple[Path, str], name: str) -> None:
    folder, _ = run_of_two
    page = page_in(folder, name)
    assert page.all("html") == [{"lang": "en"}]
    assert [image["src"] for image in page.all("img") if "src" in image][:1] == [f"{name}-1.svg"]
    for cell in ran(name).cells:
        if cell.is_code:
            assert " ".join(cell.source.split()) in page.text
        for output in cell.outputs:
            if not (output.svg or output.html):
                assert " ".join(output.text.split()) in page.text
    tables = [output for output in outputs(ran(name)) if isinstance(output.value, Table)]
    assert len(page.all("table")) == len(tables) > 0
    for cell in ran(name).cells[:2]:
        for words in cell.source.replace("#", "").replace("`", "").split("\n\n"):
            assert " ".join(words.split()) in page.text


@pytest.mark.parametrize("name", ["index", *TOLD])
def test_a_page_is_accessible_and_needs_no_network(run_of_two: tuple[Path, str], name: str) -> None:
    folder, _ = run_of_two
    page = page_in(folder, name)
    identifiers = Counter(attributes["id"] for _, attributes in page.tags if "id" in attributes)
    assert set(identifiers.values()) <= {1}
    assert not page.all("script")
    assert not page.all("link")
    for target in [*page.all("a"), *page.all("img")]:
        address = str(target.get("href") or target["src"])
        assert address.startswith("data:image/svg+xml") or (folder / address).is_file()
    if name != "index":  # there, the heading beside a picture says what it stands for
        assert all(len(str(image["alt"])) > 40 for image in page.all("img"))
    levels = [int(tag[1]) for tag, _ in page.tags if tag in ("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_the_front_page_shows_every_lesson(run_of_two: tuple[Path, str]) -> None:
    folder, _ = run_of_two
    page = page_in(folder, "index")
    first, second = TOLD
    links = [link["href"] for link in page.all("a")]
    assert links == [f"{name}.html" for name in (first, first, first, second)]
    animation, *pictures = (str(image["src"]) for image in page.all("img"))
    assert "@keyframes" in (folder / animation).read_text("utf-8")
    assert [picture.rpartition("-")[0] for picture in pictures] == list(TOLD)
    assert "numbers to change" in page.text
    assert "A first circuit: f = (x + y) z" in page.text
    assert "Two gates are enough to see all of backpropagation." in page.text


def test_a_page_leads_to_the_next_lesson_of_the_run(run_of_two: tuple[Path, str]) -> None:
    folder, _ = run_of_two
    links = [[link["href"] for link in page_in(folder, name).all("a")] for name in TOLD]
    assert [links[0][0], links[0][-1]] == ["index.html", "sigmoid_neuron.html"]
    assert links[1] == ["index.html", *(link for link in links[1] if str(link).endswith(".svg"))]


@pytest.mark.needs("chromium")
def test_the_live_page_plays_in_the_gallery(run_of_two: tuple[Path, str], browser: Browser) -> None:
    folder, _ = run_of_two
    browser.open(folder / "circuit.html")
    browser.wait_until("document.querySelector('.sentence')?.textContent", in_frame=True)
    browser.run_in_frame("document.querySelector('.next').click()")
    assert browser.run_in_frame("document.querySelector('.sentence').textContent") == (
        "q = x + y = -2 + 5 = 3"
    )
    assert browser.run("[...document.images].every(image => image.naturalWidth > 0)")


def test_text_is_escaped(tmp_path: Path) -> None:
    nasty = "<script>alert('&')</script>"
    lesson = script(
        tmp_path,
        f"# %% [markdown]\n# # {nasty}\n#\n# {nasty} and `{nasty}`\n\n"
        "# %%\nfrom autograd_core import Value\nfrom demos.show import table\n"
        "from viz import draw\n"
        f"nasty = {nasty!r}\nprint(nasty)\n\n"
        "# %%\ntable((nasty, 'n'), [(nasty, 1.0)])\n\n# %%\ndraw(Value(1.0, nasty) * 2)\n",
    )
    gallery = Gallery(tmp_path / "gallery")
    gallery.add(lesson, lesson.cells)
    page = page_in(tmp_path / "gallery", "circuit")
    assert not page.all("script")
    assert page.text.count("<script>") >= 6
    assert "<script>" in str(page.all("img")[0]["alt"])
    assert not page_in(tmp_path / "gallery", "index").all("script")


def test_a_lesson_takes_its_place_and_the_others_stay(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sigmoid_neuron", "sigmoid_neuron", "--output", str(tmp_path)]) == 0
    assert capsys.readouterr().out.count("Gate by gate\n") == 1
    before = (tmp_path / "sigmoid_neuron.html").read_bytes()
    assert main(["circuit", "--output", str(tmp_path)]) == 0
    assert (tmp_path / "sigmoid_neuron.html").read_bytes() == before
    links = [str(link["href"]) for link in page_in(tmp_path, "index").all("a")]
    assert list(dict.fromkeys(links)) == ["circuit.html", "sigmoid_neuron.html"]


@pytest.mark.parametrize("name", ["index.html", "notes.txt", "circuit-1.svg"])
def test_files_of_others_are_left_alone(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(SystemExit) as stop:
        main(["circuit", "--output", str(tmp_path)])
    assert stop.value.code == 2
    assert "holds other files" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "mine"


def test_a_file_is_no_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(SystemExit) as stop:
        main(["circuit", "--output", str(tmp_path / "file")])
    assert stop.value.code == 2
    assert "cannot make a gallery" in capsys.readouterr().err
    assert (tmp_path / "file").read_text() == "mine"


def test_a_failed_write_leaves_the_old_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gallery = Gallery(tmp_path)
    before = gallery.index.read_bytes()

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        gallery.add(ran("circuit"), ran("circuit").cells)
    assert gallery.index.read_bytes() == before
    assert not (tmp_path / "circuit.html").exists()


# The terminal


def test_the_terminal_shows_everything(run_of_two: tuple[Path, str]) -> None:
    folder, printed = run_of_two
    lines = printed.splitlines()
    for name in TOLD:
        assert f": {name}" in printed
        for cell in ran(name).cells:
            if cell.is_code:
                for line in filter(None, cell.source.splitlines()):
                    assert f">>> {line}" in lines or f"... {line}" in lines
            for output in cell.outputs:
                assert output.text in printed
                assert output.file is None or f"[Picture {output.file}]" in lines
    assert lines[0] == lines[-1] == f"The gallery: {(folder.resolve() / 'index.html').as_uri()}"
    assert max(map(len, lines[1:-1])) <= 104
    assert not any(line.endswith(" ") for line in lines)
    assert "\x1b" not in printed


def test_prose_is_wrapped_and_formulas_are_not_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lesson = script(
        tmp_path,
        f"# %% [markdown]\n# # Title\n#\n# {'a few `words` ' * 50}\n#\n"
        "#     f  =  q * z\n#     g\n",
    )
    Terminal().show(lesson.cells[0])
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["Title", "====="]
    assert max(map(len, lines)) <= WIDTH
    assert len(lines) > 9
    assert lines[-3:] == ["    f  =  q * z", "    g", ""]


def test_prose_fits_a_narrow_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    lesson = script(tmp_path, f"# %% [markdown]\n# # Title\n#\n# {'a few words ' * 50}\n")
    Terminal().show(lesson.cells[0])
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 40


def test_output_stands_below_the_line_that_shows_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lesson = script(
        tmp_path,
        "# %% [markdown]\n# # T\n\n# %%\nfor i in (1, 2):\n    print(i)\n\nprint('é')\nx = 3\nx\n",
    )
    Terminal().show(lesson.cells[1])
    assert capsys.readouterr().out == (
        ">>> for i in (1, 2):\n...     print(i)\n...\n1\n2\n"
        ">>> print('é')\né\n>>> x = 3\n>>> x\n3\n\n"
    )


def test_a_function_is_one_statement_with_its_decorator(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = "from functools import cache\n\n\n@cache\ndef f(x):\n    return x\n\n\nf(3)\n"
    lesson = script(tmp_path, f"# %% [markdown]\n# # T\n\n# %%\n{code}")
    Terminal().show(lesson.cells[1])
    assert capsys.readouterr().out == (
        ">>> from functools import cache\n>>> @cache\n... def f(x):\n...     return x\n...\n"
        ">>> f(3)\n3\n\n"
    )


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "demos", *arguments],
        cwd=ROOT,
        env=environment or None,
        capture_output=True,
        timeout=600,
        check=False,
    )


def test_a_terminal_without_mathematical_signs(tmp_path: Path) -> None:
    done = run("circuit", "--output", str(tmp_path), PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"A first circuit: f = (x + y) z" in done.stdout
    assert "∂".encode() in (tmp_path / "circuit.html").read_bytes()


def test_a_reader_who_has_seen_enough(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "demos", "circuit", "--output", str(tmp_path)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout and process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 1


# The command


def test_list(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["--list", "--output", str(tmp_path / "none")]) == 0
    text = capsys.readouterr().out
    lines = text.splitlines()[: len(LESSONS)]
    assert [line.split()[0] for line in lines] == list(LESSONS)
    assert all(len(line.split()) > 3 for line in lines)
    assert "If there is an hour: " + " ".join(ROUTES["an hour"]) in text
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("name", "guess"),
    [("nonsense", "--list names"), ("circut", "circuit"), ("Sigmoid", "sigmoid_neuron")],
)
def test_an_unknown_name(name: str, guess: str, tmp_path: Path) -> None:
    done = run("circuit", name, "--output", str(tmp_path / "none"))
    assert done.returncode == 2
    message = done.stderr.decode()
    assert f"there is no lesson {name!r}; " in message
    assert guess in message
    assert "Traceback" not in message
    assert not (tmp_path / "none").exists()


def test_examples_of_the_help_do_what_it_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copyfile(Path(demos.__file__).with_name("engine.py"), "my_engine.py")
    helped = run("--help").stdout.decode()
    for line, made in EXAMPLES:
        assert f"  # {made}\n  python -m demos {line}".rstrip() in helped
        if line:  # the whole course has tests of its own
            assert main(shlex.split(line)) == 0
            assert capsys.readouterr().out
    assert {path.name for path in tmp_path.iterdir()} == {
        "my_engine.py",
        "gallery",
        "folder",
        "notebooks",
    }
    assert (tmp_path / "notebooks" / "circuit.ipynb").exists()


def test_ctrl_c_ends_a_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: Any, **__: Any) -> None:
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("demos.check.command.subprocess.run", stop)
    (tmp_path / "mine.py").touch()
    assert main(["check", "engine", str(tmp_path / "mine.py")]) == 1
    assert "Interrupted" in capsys.readouterr().err


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_ctrl_c_while_an_object_is_freed_ends_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python ignores what is raised there."""

    class Thing:
        pass

    def show(*_: Any) -> None:
        thing = Thing()
        known.append(weakref.ref(thing, lambda _: signal.raise_signal(signal.SIGINT)))

    known: list[weakref.ref[Thing]] = []
    monkeypatch.setattr(Terminal, "show", show)
    assert main(["circuit", "--output", str(tmp_path)]) == 1
    assert len(known) == 1
    assert "Interrupted" in capsys.readouterr().err


def test_ctrl_c_in_a_training_ends_the_run_and_keeps_what_was_finished(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A trainer takes Ctrl-C for the end of the training; the lesson must not go on from there."""

    def stop(_: History) -> bool:
        signal.raise_signal(signal.SIGINT)
        return False

    fit = Trainer.fit
    monkeypatch.setattr("nn.Trainer.fit", lambda *args, **named: fit(*args, **named, stop=stop))
    before = signal.default_int_handler
    signal.signal(signal.SIGINT, before)  # a shell starts what runs in the background without it
    assert main(["circuit", "moons", "--output", str(tmp_path)]) == 1
    printed = capsys.readouterr()
    assert "Interrupted" in printed.err
    assert "Training was" not in printed.out
    assert {link["href"] for link in page_in(tmp_path, "index").all("a")} == {"circuit.html"}
    assert signal.getsignal(signal.SIGINT) is before


def test_a_mistake_in_a_lesson_points_to_its_line(tmp_path: Path) -> None:
    text = "# %% [markdown]\n# # T\n\n# %%\ndef f():\n    return 1 / 0\n\n\nf()\n"
    with pytest.raises(ZeroDivisionError) as raised:
        script(tmp_path, text)
    places = [(Path(str(entry.path)).name, entry.lineno + 1) for entry in raised.traceback[-2:]]
    assert places == [("circuit.py", 9), ("circuit.py", 6)]


# Extras


WITHOUT = """
import sys
class Missing:
    names = sys.argv.pop(1).split(",")
    def find_spec(self, name, *_):
        if name in self.names:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Missing())
from demos.__main__ import EXAMPLES, main
sys.exit(main(sys.argv[1:]))
"""


def run_without(modules: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", WITHOUT, modules, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        timeout=600,
        check=False,
    )


def test_a_lesson_without_its_extra_says_what_to_install(tmp_path: Path) -> None:
    done = run_without("matplotlib", "moons", "circuit", "--output", str(tmp_path))
    printed = " ".join(done.stdout.decode().split())
    assert (done.returncode, done.stderr) == (0, b"")
    says = "The rest of this lesson is left out: it needs matplotlib, which is not installed. "
    assert re.search(re.escape(says) + r'pip install .*\[demos]" brings', printed)
    page = page_in(tmp_path, "moons")
    assert says.strip() in page.text
    assert not page.all("img")
    assert "What a gradient promises" in page_in(tmp_path, "circuit").text


def test_a_lesson_goes_as_far_as_its_extras(tmp_path: Path) -> None:
    done = run_without("scipy", "fitting", "--output", str(tmp_path))
    assert (done.returncode, done.stderr) == (0, b"")
    assert "left out: it needs scipy, which is not installed. " in " ".join(
        done.stdout.decode().split()
    )
    assert len(page_in(tmp_path, "fitting").all("img")) == 1


def test_the_list_needs_no_extra() -> None:
    done = run_without("matplotlib,rich,jinja2,markdown_it,jupytext,pygments", "--list")
    assert (done.returncode, done.stderr) == (0, b"")
    lines = done.stdout.decode().splitlines()
    assert [line.split()[0] for line in lines[: len(LESSONS)]] == list(LESSONS)


@pytest.mark.parametrize("tool", ["rich", "jinja2", "pygments"])
def test_the_command_says_which_of_its_tools_is_missing(tool: str, tmp_path: Path) -> None:
    done = run_without(tool, "circuit", "--output", str(tmp_path / "none"))
    assert done.returncode == 1
    assert done.stderr.decode().startswith(f"The lessons need {tool}, which is not installed.")
    assert not (tmp_path / "none").exists()


def test_a_package_of_ours_that_is_missing_is_a_mistake(tmp_path: Path) -> None:
    done = run_without("nn.mlp", "linear_layers", "--output", str(tmp_path))
    assert done.returncode == 1
    assert "nn.mlp" in done.stderr.decode()
    assert "not installed" not in done.stderr.decode()


def test_other_missing_modules_are_mistakes(tmp_path: Path) -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        script(tmp_path, "# %% [markdown]\n# # T\n\n# %%\nimport no_such_module\n")


# Notebooks


def test_notebooks_hold_the_same_cells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["circuit", "moons", "--notebooks", str(tmp_path / "new" / "folder")]) == 0
    written = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert [path.name for path in written] == ["circuit.ipynb", "moons.ipynb"]
    for path in written:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        assert notebook["metadata"]["kernelspec"]["name"] == "python3"
        cells = [(cell["cell_type"], "".join(cell["source"])) for cell in notebook["cells"]]
        before = f"\n\nBefore: {', '.join(BUILDS_ON[path.stem])}."
        cells[0] = (cells[0][0], cells[0][1].removesuffix(before))
        folded = "<details><summary>Answer</summary>\n\n{}\n\n</details>"
        assert cells == [
            ("code", cell.source)
            if cell.is_code
            else ("markdown", folded.format(cell.source) if cell.is_answer else cell.source)
            for cell in Lesson(path.stem).cells
        ]


def test_a_notebook_that_is_there_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "moons.ipynb").write_text("mine")
    with pytest.raises(SystemExit) as stop:
        main(["circuit", "moons", "--notebooks", str(tmp_path)])
    assert stop.value.code == 2
    assert "moons.ipynb is there already" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["moons.ipynb"]
    assert (tmp_path / "moons.ipynb").read_text() == "mine"


def test_notebooks_that_cannot_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(SystemExit) as stop:
        main(["circuit", "--notebooks", str(tmp_path / "file")])
    assert stop.value.code == 2
    assert "cannot write notebooks" in capsys.readouterr().err


@pytest.mark.needs("jupyterlab")
def test_a_notebook_shows_what_the_lesson_shows(tmp_path: Path) -> None:
    main(["sigmoid_neuron", "--notebooks", str(tmp_path)])
    command = [sys.executable, "-m", "nbconvert", "--to=notebook", "--execute", "--inplace"]
    subprocess.run(
        [*command, str(tmp_path / "sigmoid_neuron.ipynb")],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
    )
    notebook = json.loads((tmp_path / "sigmoid_neuron.ipynb").read_text(encoding="utf-8"))
    for cell, lesson_cell in zip(notebook["cells"], ran("sigmoid_neuron").cells, strict=True):
        shown = ""  # what is printed may come in several parts
        for output in cell.get("outputs", []):
            shown += "".join(output.get("text") or output["data"]["text/plain"])
        assert shown.split() == " ".join(out.text for out in lesson_cell.outputs).split()


# What lessons import


def a_figure() -> Plot:
    [ax] = new_axes(4.0, 2.0)
    ax.plot([0.0, 1.0], [0.0, 2.0], label="a < b & c")
    ax.axvspan(0.2, 0.4, hatch="/")  # a pattern, which has an id
    ax.legend()
    return plot(ax, "A < caption.", "What is to be seen & more.")


def test_figures_are_the_same_bytes_every_time() -> None:
    figure = a_figure()
    assert figure.svg == a_figure().svg == figure._repr_svg_()
    assert [svg for _, svg in images(figure._repr_html_())] == [figure.svg]  # seen untrusted, too
    root = ElementTree.fromstring(figure.svg)
    words = [root.findtext(f"{{http://www.w3.org/2000/svg}}{tag}") for tag in ("title", "desc")]
    assert words == ["A < caption.", "What is to be seen & more."]
    assert repr(figure) == "Plot(words='What is to be seen & more.')"
    background = root.find(".//*[@id='patch_1']/{http://www.w3.org/2000/svg}path")
    assert background is not None
    assert "fill: #ffffff" in background.attrib["style"]


def test_axes_side_by_side() -> None:
    left, right = new_axes(6.0, 2.0, columns=2, sharey=True)
    assert left.figure is right.figure
    assert list(cast(Figure, left.figure).get_size_inches()) == [6.0, 2.0]
    left.set_ylim(0.0, 7.0)
    assert right.get_ylim() == (0.0, 7.0)
    assert pyplot.get_fignums() == []


def test_lessons_import_nothing_from_each_other() -> None:
    for name in LESSONS:
        path = Lesson(name).path
        imported: list[Any] = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        modules = [node.module for node in imported if isinstance(node, ast.ImportFrom)]
        assert not any(str(module).startswith("demos.lessons") for module in modules)


def test_a_published_number_that_is_wrong_is_said_to_differ() -> None:
    rows = compare(("z", "0.49", 0.48), ("zero", "0.00", -1e-9), source="paper").rows
    assert rows == (
        ("z", "0.49", "0.48", "0.48", "differs"),
        ("zero", "0.00", "-1e-09", "0.00", "agrees"),
    )


def test_columns_of_numbers_stand_on_the_right() -> None:
    shown = table(("what", "n"), [("a & b", 1 / 3), ("c", -0.0), ("d", "")])
    assert str(shown).splitlines() == [
        "what          n",
        "-----  --------",
        "a & b  0.333333",
        "c             0",
        "d",
    ]
    html = shown._repr_html_()
    assert '<td style="text-align: left">a &amp; b</td>' in html
    assert '<td style="text-align: right">0.333333</td>' in html
