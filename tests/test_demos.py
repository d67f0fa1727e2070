"""The lessons and the command that tells them."""

import io
import itertools
import math
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stdout
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from matplotlib import pyplot
from matplotlib.axes import Axes
from told import blocks, published, told

from autograd_core import Value, gradcheck
from demos import LESSONS
from demos.__main__ import main
from demos.blocks import Block, Heading, Listing, Paragraph, Picture, Table, read_text
from demos.chain_rule import POINTS, one_path, one_path_by_hand, two_paths, two_paths_by_hand
from demos.circuit import circuit
from demos.figures import new_axes
from demos.gallery import Gallery
from demos.gate_patterns import patterns
from demos.gradient_check import by_hand, forgetful
from demos.lesson import Lesson
from demos.page import article_of, page_of
from demos.sigmoid_neuron import POINT, by_gates, with_sigmoid
from demos.terminal import WIDTH, in_terminal
from nn import MLP
from viz import draw

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


@pytest.fixture(scope="module")
def lessons() -> dict[str, Lesson]:
    """Every lesson, told once."""
    return {name: told(name) for name in LESSONS}


class Retold(Lesson):
    """A lesson that says again what it said when it was told first, which takes no time."""

    def tell(self, listen: Callable[[Block], None]) -> None:
        for block in told(self.name).blocks:
            self.blocks.append(block)
            listen(block)


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder and the printed text of a run of all lessons."""
    folder = tmp_path_factory.mktemp("run") / "pictures of circuits"
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(printed):
        patch.setattr("demos.lesson.Lesson", Retold)
        assert main(["--output", str(folder)]) == 0
    return folder, printed.getvalue()


def differentiated(function: Any, **point: float) -> tuple[float, dict[str, float]]:
    inputs = {name: Value(number) for name, number in point.items()}
    output = function(**inputs)
    output.backward()
    return output.data, {name: value.grad for name, value in inputs.items()}


# The lecture's numbers


def test_circuit() -> None:
    output, gradients = differentiated(circuit, x=-2, y=5, z=-4)
    assert output == -12
    assert gradients == {"x": -4, "y": -4, "z": 3}


def test_gate_patterns() -> None:
    output, gradients = differentiated(patterns, x=3, y=-4, z=2, w=-1)
    assert output == -20
    assert gradients == {"x": -8, "y": 6, "z": 2, "w": 0}


@pytest.mark.parametrize("neuron", [by_gates, with_sigmoid])
def test_sigmoid_neuron(neuron: Any) -> None:
    output, gradients = differentiated(neuron, **POINT)
    assert f"{output:.2f}" == "0.73"
    rounded = {name: f"{gradient:.2f}" for name, gradient in gradients.items()}
    assert rounded == {"w0": "-0.20", "w1": "-0.39", "w2": "0.20", "x0": "0.39", "x1": "-0.59"}


EXPECTED = {
    "circuit": {"q": "3", "f": "-12", "∂f/∂q": "-4", "∂f/∂x": "-4", "∂f/∂y": "-4", "∂f/∂z": "3"},
    "gate_patterns": {"f": "-20", "∂f/∂x": "-8", "∂f/∂y": "6", "∂f/∂z": "2", "∂f/∂w": "0"},
    "sigmoid_neuron": {
        "f": "0.73",
        "∂f/∂w0": "-0.20",
        "∂f/∂w1": "-0.39",
        "∂f/∂w2": "0.20",
        "∂f/∂x0": "0.39",
        "∂f/∂x1": "-0.59",
    },
}


@pytest.mark.parametrize("name", EXPECTED)
def test_published_numbers_stand_beside_the_engines(name: str, lessons: dict[str, Lesson]) -> None:
    shown = published(lessons[name])
    assert {what: cells[0] for what, cells in shown.items()} == EXPECTED[name]
    for said, engine, rounded, verdict in shown.values():
        assert rounded == said
        assert abs(float(engine) - float(said)) <= 0.005
        assert verdict == "agrees"


def test_the_neuron_has_as_many_gates_as_the_lesson_says(lessons: dict[str, Lesson]) -> None:
    table = blocks(lessons["sigmoid_neuron"], Table)[-1]
    assert table.columns[1:3] == ("8 gates", "5 gates")
    assert any(
        "eight small gates" in block.text for block in lessons["sigmoid_neuron"].introduction
    )
    assert all(abs(float(row[-1])) < 1e-15 for row in table.rows)


def test_staged_code_is_run_and_equals_the_engine(lessons: dict[str, Lesson]) -> None:
    x, y = 3.0, -4.0

    def sigma(t: float) -> float:
        return 1 / (1 + math.exp(-t))

    numerator, denominator = x + sigma(y), sigma(x) + (x + y) ** 2
    f = numerator / denominator
    by_x = (1 - f * (sigma(x) * sigma(-x) + 2 * (x + y))) / denominator
    by_y = (sigma(y) * sigma(-y) - f * 2 * (x + y)) / denominator
    [table] = blocks(lessons["staged"], Table)
    assert table.rows == tuple(
        (name, f"{number:.6g}", f"{number:.6g}", "0")
        for name, number in (("f", f), ("dx", by_x), ("dy", by_y))
    )
    code = "\n".join(listing.text for listing in blocks(lessons["staged"], Listing))
    assert "dnum = invden * df" in code
    assert "dx += " in code


@pytest.mark.parametrize(
    ("function", "exact"), [(one_path, one_path_by_hand), (two_paths, two_paths_by_hand)]
)
def test_chain_rule(function: Any, exact: Any, lessons: dict[str, Lesson]) -> None:
    for point in POINTS:
        _, gradients = differentiated(function, x=float(point))
        assert gradients["x"] == float(exact(point))
    rows = [row for table in blocks(lessons["chain_rule"], Table) for row in table.rows]
    assert len(rows) == 2 * len(POINTS)
    assert {row[-1] for row in rows} == {"0"}


def test_the_exact_derivatives_are_those_of_the_functions() -> None:
    for x in POINTS:
        assert two_paths_by_hand(x) == -27 * x**2
        h = Fraction(1, 10**9)
        for function, derivative in ((_one, one_path_by_hand), (_two, two_paths_by_hand)):
            slope = (function(x + h) - function(x - h)) / (2 * h)
            assert abs(slope - derivative(x)) < Fraction(1, 10**12)


def _one(x: Fraction) -> Fraction:
    g = x**3 + 2 * x
    return 2 * g**2 - 3 * g + 1


def _two(x: Fraction) -> Fraction:
    return 2 * (3 * x) ** 2 - 3 * (3 * x) * (x**2 + 2 * x) + 1


def test_gradient_check(lessons: dict[str, Lesson]) -> None:
    _, gradients = differentiated(with_sigmoid, **POINT)
    assert gradients == pytest.approx(by_hand(**POINT), rel=1e-14)
    agreement, cost, steps = blocks(lessons["gradient_check"], Table)
    for name, *cells in agreement.rows:
        assert [float(cell) for cell in cells] == pytest.approx([gradients[name]] * 4, rel=1e-6)
    for size, forward, centred, backward in cost.rows[:-1]:
        assert (int(forward), int(centred)) == (int(size) + 1, 2 * int(size))
        assert backward == "1 forward + 1 backward"
    assert len(steps.rows) == 14
    forward, centred = (
        float(min(steps.rows, key=lambda row: float(row[column]))[0]) for column in (1, 3)
    )
    assert 1e-9 <= forward <= 1e-7  # around √ε
    assert 1e-6 <= centred <= 1e-5  # around ∛ε
    said = " ".join(paragraph.text for paragraph in blocks(lessons["gradient_check"], Paragraph))
    assert f"{forward:.0e} is best for forward differences, {centred:.0e} for" in said
    shown = "\n".join(listing.text for listing in blocks(lessons["gradient_check"], Listing))
    assert str(gradcheck(forgetful, {"x": 3.0})) in shown
    assert "wrong" in shown
    assert "kink" in shown


# The gallery


def test_every_picture_is_a_file_and_valid_svg(
    everything: tuple[Path, str], lessons: dict[str, Lesson]
) -> None:
    folder, _ = everything
    pictures = [picture for lesson in lessons.values() for picture in blocks(lesson, Picture)]
    names = {picture.file for picture in pictures}
    assert {path.name for path in folder.iterdir()} == names | {"index.html"}
    assert len(names) == len(pictures)
    for picture in pictures:
        assert (folder / picture.file).read_text(encoding="utf-8") == picture.svg
        assert ElementTree.fromstring(picture.svg).tag == "{http://www.w3.org/2000/svg}svg"
    assert all(blocks(lesson, Picture) for lesson in lessons.values())


def test_the_page_is_complete(everything: tuple[Path, str], lessons: dict[str, Lesson]) -> None:
    folder, _ = everything
    page = Page((folder / "index.html").read_text(encoding="utf-8"))
    identifiers = Counter(attributes["id"] for _, attributes in page.tags if "id" in attributes)
    assert set(identifiers.values()) == {1}
    targets = [str(link["href"]) for link in page.all("a")]
    for target in targets:
        assert target[1:] in identifiers if target[0] == "#" else (folder / target).is_file()
    for lesson in lessons.values():
        assert f"#{lesson.name}" in targets
        assert lesson.title in page.text
        for block in lesson.blocks:
            assert _essence(block) in page.text


def _essence(block: Block) -> str:
    match block:
        case Paragraph(text) | Heading(text) | Listing(text):
            return " ".join(text.replace("`", "").split())
        case Table():
            return block.columns[-1]
        case Picture():
            return block.caption.replace("`", "")


def test_the_page_needs_nothing_else_and_is_accessible(everything: tuple[Path, str]) -> None:
    folder, _ = everything
    text = (folder / "index.html").read_text(encoding="utf-8")
    page = Page(text)
    assert page.all("html") == [{"lang": "en"}]
    assert not page.all("script")
    assert not page.all("link")
    assert "http" not in text.replace("http://www.w3.org", "")
    assert "url(" not in text
    for image in page.all("img"):
        assert str(image["src"]).startswith("data:image/svg+xml;base64,")
        assert len(str(image["alt"])) > 40
    levels = [int(tag[1]) for tag, _ in page.tags if tag in ("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_text_is_escaped() -> None:
    lesson = Lesson("circuit")
    nasty = "<script>alert('&')</script>"
    value = Value(1.0, f'"{nasty}') * 2
    lesson.section(nasty)
    lesson.say(f"{nasty} and `{nasty}`")
    lesson.show(nasty)
    lesson.table((nasty, "n"), [(nasty, 1.0)])
    lesson.draw(value, "nasty", nasty)
    page = Page(page_of({"circuit": article_of(lesson)}))
    assert not page.all("script")
    assert page.text.count(nasty) == 7
    assert nasty in str(page.all("img")[0]["alt"])


def articles(folder: Path) -> dict[str, str]:
    """The text of each lesson on the page, in the page's order, by name."""
    text = (folder / "index.html").read_text(encoding="utf-8")
    page = Page(text)
    names = [str(article["id"]) for article in page.all("article")]
    contents = text.partition("<nav")[2].partition("</nav>")[0]
    assert [name for name in names if f'href="#{name}"' in contents] == names
    parts = text.split("<article ")[1:]
    return {name: part.partition("</article>")[0] for name, part in zip(names, parts, strict=True)}


def test_a_lesson_takes_its_place_on_the_page_and_the_others_stay(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["staged", "circuit", "staged", "--output", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert str(tmp_path.resolve() / "index.html") in printed.splitlines()[-1]
    before = articles(tmp_path)
    assert list(before) == ["circuit", "staged"]
    monkeypatch.setattr("demos.circuit.run", lambda lesson: lesson.say("Told anew, & <short>."))
    assert main(["gate_patterns", "circuit", "--output", str(tmp_path)]) == 0
    after = articles(tmp_path)
    assert list(after) == ["circuit", "gate_patterns", "staged"]
    assert after["staged"] == before["staged"]
    assert "Told anew, &amp; &lt;short&gt;." in after["circuit"]
    assert "The backward pass" in before["circuit"]
    assert "The backward pass" not in after["circuit"]


def test_a_lesson_that_is_no_more_leaves_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["circuit", "staged", "--output", str(tmp_path)])
    monkeypatch.setattr("demos.gallery.LESSONS", ("circuit", "chain_rule"))
    main(["chain_rule", "--output", str(tmp_path)])
    assert list(articles(tmp_path)) == ["circuit", "chain_rule"]


SLOW = {"xor", "moons", "batches", "penalties", "digits"}
"""Lessons that take more than a second. That a training repeats itself, the tests of `nn` see."""


def test_another_run_writes_the_same_bytes(everything: tuple[Path, str], tmp_path: Path) -> None:
    folder, _ = everything
    names = [name for name in LESSONS if name not in SLOW]
    subprocess.run(
        [sys.executable, "-m", "demos", *names, "--output", str(tmp_path)],
        env=os.environ | {"PYTHONHASHSEED": "1", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        check=True,
    )
    for picture in (picture for name in names for picture in blocks(told(name), Picture)):
        assert (tmp_path / picture.file).read_text(encoding="utf-8") == picture.svg
    written = articles(tmp_path)
    shown = articles(folder)
    assert written == {name: shown[name] for name in names}


@pytest.mark.parametrize("name", ["index.html", "notes.txt", "circuit-forward.svg"])
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
        gallery.add(Lesson("circuit"))
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]
    assert gallery.index.read_bytes() == before


# The terminal


def test_the_terminal_shows_every_lesson(
    everything: tuple[Path, str], lessons: dict[str, Lesson]
) -> None:
    folder, printed = everything
    for lesson in lessons.values():
        assert lesson.title in printed
        for block in lesson.blocks:
            assert in_terminal(block) in printed
    assert printed.splitlines()[-1] == f"The gallery: {folder.resolve() / 'index.html'}"
    assert max(map(len, printed.splitlines()[:-1])) <= 100
    assert "`" not in printed


def test_paragraphs_are_wrapped() -> None:
    lines = in_terminal(Paragraph("a few `words` " * 50)).splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert len(lines) > 5


def test_indented_text_is_a_listing_whatever_is_between() -> None:
    parts = list(read_text("\n    Text.\n\n        a\n\n          b\n\n    More\n    text.\n"))
    assert parts == [Paragraph("Text."), Listing("a\n\n  b"), Paragraph("More text.")]


# Writing a lesson


def test_a_published_number_that_is_wrong_is_said_to_differ() -> None:
    lesson = Lesson("circuit")
    lesson.compare(("z", "0.49", 0.48), ("zero", "0.00", -1e-9))
    assert [cells[1:] for cells in published(lesson).values()] == [
        ["0.48", "0.48", "differs"],
        ["-1e-09", "0.00", "agrees"],
    ]


@pytest.mark.parametrize("name", ["../escape", "Two Words", "", "a/b"])
def test_picture_names_are_plain(name: str) -> None:
    with pytest.raises(ValueError, match="small letters"):
        Lesson("circuit").draw(Value(1.0) * 2, name, "caption")


def test_picture_names_are_different() -> None:
    lesson = Lesson("circuit")
    lesson.draw(Value(1.0) * 2, "one", "caption")
    with pytest.raises(ValueError, match="two pictures called 'one'"):
        lesson.draw(Value(1.0) * 2, "one", "caption")


def a_figure() -> Axes:
    [ax] = new_axes(4.0, 2.0)
    ax.plot([0.0, 1.0], [0.0, 2.0], label="a < b & c")
    ax.axvspan(0.2, 0.4, hatch="/")  # a pattern, which has an id
    ax.legend()
    return ax


def test_figures_are_the_same_bytes_every_time() -> None:
    lesson = Lesson("circuit")
    lesson.plot(a_figure(), "one", "A  caption.", "What is  to be seen.")
    lesson.plot(a_figure(), "other", "A caption.", "What is to be seen.")
    one, other = blocks(lesson, Picture)
    assert one.svg == other.svg
    assert (one.file, one.caption, one.alternative) == (
        "circuit-one.svg",
        "A caption.",
        "What is to be seen.",
    )
    root = ElementTree.fromstring(one.svg)
    title = root.find("{http://www.w3.org/2000/svg}title")
    assert title is not None
    assert title.text == lesson.title
    background = root.find(".//*[@id='patch_1']/{http://www.w3.org/2000/svg}path")
    assert background is not None
    assert "fill: #ffffff" in background.attrib["style"]
    with pytest.raises(ValueError, match="two pictures called 'one'"):
        lesson.plot(a_figure(), "one", "caption", "alternative")


def test_axes_side_by_side() -> None:
    left, right = new_axes(6.0, 2.0, columns=2, sharey=True)
    assert left.figure is right.figure
    assert list(left.figure.get_size_inches()) == [6.0, 2.0]
    left.set_ylim(0.0, 7.0)
    assert right.get_ylim() == (0.0, 7.0)
    assert pyplot.get_fignums() == []


def test_a_model_is_drawn_as_a_network_and_told_in_words() -> None:
    lesson, model = Lesson("circuit"), MLP(2, [3, 1], activation="tanh", seed=1)
    lesson.draw(model, "before", "Not called yet.", show="weights")
    out = model([0.5, -1.0])
    lesson.draw(model, "after", "Called.")
    before, after = blocks(lesson, Picture)
    layers = "A network whose layers are 3 tanh, 1 identity."
    assert before.alternative == layers
    assert after.alternative == f"{layers} Inputs: 0.5, -1. Output: {out.data:.4g}."
    assert after.svg == draw(model).svg


# Extras


WITHOUT_MATPLOTLIB = """
import sys
sys.modules["matplotlib"] = None
from demos.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


def test_a_lesson_without_its_extra_says_what_to_install(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_MATPLOTLIB, "losses", "circuit", "--output", str(tmp_path)],
        cwd=Path(__file__).parents[1],
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        timeout=600,
        check=False,
    )
    printed = " ".join(done.stdout.decode().split())
    assert (done.returncode, done.stderr) == (0, b"")
    says = "The rest of this lesson is left out: it needs matplotlib, which is not installed. "
    assert says + 'pip install "scalar-circuits[demos]" brings' in printed
    shown = articles(tmp_path)
    assert list(shown) == ["circuit", "losses"]
    assert " ".join(says.split()) in " ".join(Page(f"<p {shown['losses']}</p>").text.split())
    assert "<img" not in shown["losses"]
    assert "What a gradient promises" in shown["circuit"]


def test_the_list_needs_no_extra() -> None:
    command = [sys.executable, "-c", WITHOUT_MATPLOTLIB, "--list"]
    root = Path(__file__).parents[1]
    done = subprocess.run(command, cwd=root, capture_output=True, timeout=600, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert [line.split()[0] for line in done.stdout.decode().splitlines()] == list(LESSONS)


def test_no_lesson_is_left_out_where_everything_is_installed(lessons: dict[str, Lesson]) -> None:
    for lesson in lessons.values():
        assert not any("is left out" in block.text for block in blocks(lesson, Paragraph))


def test_other_missing_modules_are_mistakes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "demos.circuit", None)
    with pytest.raises(ModuleNotFoundError, match=r"demos\.circuit"):
        Lesson("circuit").tell(lambda block: None)


# The command


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "demos", *arguments],
        cwd=Path(__file__).parents[1],
        env=environment or None,
        capture_output=True,
        timeout=600,
        check=False,
    )


def test_list(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["--list", "--output", str(tmp_path / "none")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(LESSONS)
    assert all(len(line.split()) > 3 for line in lines)
    assert not (tmp_path / "none").exists()


def test_an_unknown_name(tmp_path: Path) -> None:
    done = run("circuit", "nonsense", "--output", str(tmp_path / "none"))
    assert done.returncode == 2
    message = done.stderr.decode()
    assert "there is no lesson 'nonsense'" in message
    assert all(name in message for name in LESSONS)
    assert "Traceback" not in message
    assert not (tmp_path / "none").exists()


def test_a_terminal_without_mathematical_signs(tmp_path: Path) -> None:
    done = run("circuit", "--output", str(tmp_path), PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (0, b"")
    assert "∂".encode() in (tmp_path / "index.html").read_bytes()
