"""The README and the guide are true: examples print what they say, pictures are those drawn."""

import doctest
import re
import shlex
from pathlib import Path

import pytest
from processes import python
from sources import PACKAGES, PROJECT

import autograd_core
import nn
import viz
from autograd_core import Value

README = PROJECT / "README.md"


def as_doctest(text: str) -> str:
    """The README's sessions with the marks that doctest wants and a reader does not."""
    sessions = re.findall(r"```pycon\n(.*?)```", text, flags=re.DOTALL)
    return "\n".join(re.sub(r"\n\n", "\n<BLANKLINE>\n", session) for session in sessions)


@pytest.mark.parametrize(("page", "count"), [("README.md", 20), ("docs/guide.md", 15)])
def test_examples_print_what_the_page_says(
    page: str, count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = as_doctest((PROJECT / page).read_text(encoding="utf-8"))
    examples = doctest.DocTestParser().get_doctest(text, {}, page, page, 0)
    assert len(examples.examples) > count
    assert doctest.DocTestRunner().run(examples).failed == 0


def test_what_is_to_be_tried_needs_nothing_installed(tmp_path: Path) -> None:
    """The commands for `viz` and the first session, in a Python without packages from elsewhere.

    `.ci/run` installs and runs the course.
    """
    text = README.read_text(encoding="utf-8")
    commands = re.findall(r"^python -m (viz .*)$", text, flags=re.MULTILINE)
    session = tmp_path / "session.txt"
    session.write_text(as_doctest(text[: text.index("## Install")]), encoding="utf-8")
    for command in (*commands, "doctest session.txt"):
        finished = python("-S", "-m", *shlex.split(command), folder=tmp_path)
        assert (finished.returncode, finished.stderr) == (0, "")
    written = {file.name for file in tmp_path.iterdir()}
    assert written == {"session.txt", "f.svg", "f.html", "circuit.svg"}


def test_links_lead_somewhere() -> None:
    for page in (README, PROJECT / "docs" / "guide.md", PROJECT / "docs" / "decisions.md"):
        text = page.read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
            assert (page.parent / target).exists(), target


def test_the_picture_is_what_draw_gives() -> None:
    x, y, z = Value(-2, "x"), Value(5, "y"), Value(-4, "z")
    q = x + y
    f = q * z
    q.label, f.label = "q", "f"
    f.backward()
    picture = README.parent / "demos" / "pictures" / "circuit.svg"
    assert picture.read_text(encoding="utf-8") == viz.animate(f).svg


def test_the_network_is_what_draw_gives() -> None:
    points, labels = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    model = nn.MLP(2, [4, 1], activation="tanh", seed=1)
    loss = nn.binary_cross_entropy_from_logit
    nn.Trainer(model, loss, nn.Adam(0.05)).fit(points, labels, epochs=100)
    for point in points:
        model(point)
    picture = README.parent / "demos" / "pictures" / "network.svg"
    assert picture.read_text(encoding="utf-8") == viz.draw(model, title="Exclusive or").svg


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "README.md", "docs/guide.md", "docs/state.md"])
def test_files_that_a_page_names_are_there(page: str) -> None:
    text = (PROJECT / page).read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w./]+(?:\.py|\.md|/))`", text))
    assert named
    users = {"nn.py", "viz.py"}
    assert {
        n for n in named - users if not any((PROJECT / at / n).exists() for at in (".", *PACKAGES))
    } == set()


def test_every_file_names_the_same_version() -> None:
    citation = (PROJECT / "CITATION.cff").read_text(encoding="utf-8")
    changelog = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\nversion: {autograd_core.__version__}\n" in citation
    newest = re.search(r"^## (\S+?),? ", changelog, flags=re.MULTILINE)
    assert newest is not None
    assert newest.group(1) == autograd_core.__version__
