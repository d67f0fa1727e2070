"""The README is true: its examples print what it says, its picture is the one that is drawn."""

import doctest
import re
from pathlib import Path

import pytest

import autograd_core
import nn
import viz
from autograd_core import Value

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"


def as_doctest(text: str) -> str:
    """The README's sessions with the marks that doctest wants and a reader does not."""
    sessions = re.findall(r"```pycon\n(.*?)```", text, flags=re.DOTALL)
    return "\n".join(re.sub(r"\n\n", "\n<BLANKLINE>\n", session) for session in sessions)


def test_examples_print_what_the_readme_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = as_doctest(README.read_text(encoding="utf-8"))
    examples = doctest.DocTestParser().get_doctest(text, {}, "README", str(README), 0)
    assert len(examples.examples) > 20
    assert doctest.DocTestRunner().run(examples).failed == 0


def test_the_picture_is_what_draw_gives() -> None:
    x, y, z = Value(-2, "x"), Value(5, "y"), Value(-4, "z")
    q = x + y
    f = q * z
    q.label, f.label = "q", "f"
    f.backward()
    picture = README.parent / "demos" / "pictures" / "circuit.svg"
    assert picture.read_text(encoding="utf-8") == viz.draw(f).svg


def test_the_network_is_what_draw_gives() -> None:
    points, labels = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    model = nn.MLP(2, [4, 1], activation="tanh", seed=1)
    loss = nn.binary_cross_entropy_from_logit
    nn.Trainer(model, loss, nn.Adam(0.05)).fit(points, labels, epochs=100)
    for point in points:
        model(point)
    picture = README.parent / "demos" / "pictures" / "network.svg"
    assert picture.read_text(encoding="utf-8") == viz.draw(model, title="Exclusive or").svg


PACKAGES = (ROOT, *(ROOT / name for name in ("autograd_core", "nn", "viz", "demos")))


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "README.md", "docs/state.md"])
def test_files_that_a_page_names_are_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w./]+(?:\.py|\.md|/))`", text))
    assert named
    users = {"nn.py"}
    assert {n for n in named - users if not any((at / n).exists() for at in PACKAGES)} == set()


def test_every_file_names_the_same_version() -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\nversion: {autograd_core.__version__}\n" in citation
    newest = re.search(r"^## (\S+?),? ", changelog, flags=re.MULTILINE)
    assert newest is not None
    assert newest.group(1) == autograd_core.__version__
