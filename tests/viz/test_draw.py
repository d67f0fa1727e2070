"""`draw` and `Drawing`: options, errors in the user's words, files, notebooks."""

import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from pictures import HOSTILE, SVG, images

import viz
from autograd_core import Value, no_grad


def circuit() -> Value:
    x, y = Value(3.0, "x"), Value(-4.0, "y")
    return x * y + x


def test_a_drawing_keeps_the_numbers_of_its_moment() -> None:
    f = circuit()
    drawing = viz.draw(f)
    f.backward()
    assert "#d00000" not in drawing.svg
    assert repr(drawing).startswith("<Drawing of 4 values: v2 = v1 + x = -9;")


def test_values_show_themselves_in_notebooks() -> None:
    f = circuit()
    drawing = viz.draw(f)
    assert f._repr_mimebundle_() == {
        "text/plain": repr(f),
        "image/svg+xml": drawing.svg,
        "text/html": drawing._repr_html_(),
    }
    assert drawing._repr_svg_() == drawing.svg
    words = "Circuit of v2 = v1 + x = -9: x = 3; y = -4; v1 = x * y = -12; v2 = v1 + x = -9"
    assert images(drawing._repr_html_()) == [(words, drawing.svg)]


def test_without_viz_there_is_no_picture() -> None:
    program = (
        "from autograd_core import Value; from nn import MLP; import sys\n"
        "for thing in (Value(3.0) * 2, MLP(2, [1])):\n"
        "    shown = thing._repr_mimebundle_(include=None, exclude=None)\n"
        "    assert shown == {'text/plain': repr(thing)}\n"
        "assert 'viz' not in sys.modules"
    )
    root = Path(viz.__file__).parents[1]
    subprocess.run([sys.executable, "-c", program], cwd=root, timeout=600, check=True)


@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_labels_are_text_in_an_image(label: str) -> None:
    drawing = viz.draw(Value(2.0, label) * 3, title=label)
    ((words, svg),) = images(f"<p>{drawing._repr_html_()}</p>")
    assert svg == drawing.svg
    root = ElementTree.fromstring(svg)
    title, description = (root.findtext(f"{SVG}{tag}") or "" for tag in ("title", "desc"))
    assert words == f"{title}: {description}"


def test_showing_itself_never_fails() -> None:
    f: Any = Value(1.0)
    for _ in range(600):
        f = f + 1
    assert "⋯ 594 more" in f._repr_mimebundle_()["image/svg+xml"]
    x = Value(1.0, "<x>")
    stale = x * x
    x.data = 2.0  # a picture of this is refused
    shown = stale._repr_mimebundle_()
    assert shown["text/plain"].startswith(repr(stale)) and "forward()" in shown["text/plain"]
    assert "no picture: " in shown["text/html"] and "&lt;x&gt;" in shown["text/html"]


def test_saving_the_built_in_layout(tmp_path: Path) -> None:
    drawing = viz.draw(circuit())
    drawing.save(tmp_path / "a.svg")
    assert (tmp_path / "a.svg").read_text("utf-8") == drawing.svg
    drawing.save(str(tmp_path / "A.SVG"))
    drawing.save(tmp_path / "a.dot")
    assert (tmp_path / "a.dot").read_text("utf-8") == drawing.dot.source
    drawing.save(tmp_path / "a.gv")
    drawing.save(tmp_path / "a.html")
    assert (tmp_path / "a.html").read_text("utf-8") == drawing.html
    drawing.save(tmp_path / "a.tex")
    assert (tmp_path / "a.tex").read_text("utf-8") == drawing.tikz
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["A.SVG", "a.dot", "a.gv", "a.html", "a.svg", "a.tex"]


def test_a_page_of_a_drawing_is_the_same_picture() -> None:
    drawing = viz.draw(circuit(), title="<a> & b")
    assert drawing.svg in drawing.html
    assert "<title>&lt;a&gt; &amp; b</title>" in drawing.html
    assert "<title>Circuit of v2</title>" in viz.draw(circuit()).html
    assert "<title>Circuit of a = b</title>" in viz.draw(Value(1.0, "a = b")).html
    assert "<script" not in drawing.html and "$" not in drawing.html


@pytest.mark.parametrize("name", ["a.jpg", "a", "svg", "a.svg.txt"])
def test_an_unknown_ending_is_explained(tmp_path: Path, name: str) -> None:
    with pytest.raises(
        ValueError, match=r"ending.*\.svg, \.html, \.png, \.pdf, \.dot, \.gv or \.tex"
    ):
        viz.draw(circuit()).save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("show", "ending"), [(viz.draw, ".svg"), (viz.page, ".html")])
def test_an_interrupted_save_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, show: Any, ending: str
) -> None:
    path = tmp_path / f"a{ending}"
    path.write_text("old")

    def interrupted(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        show(circuit()).save(path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no folder .*nowhere"):
        viz.draw(circuit()).save(tmp_path / "nowhere" / "a.svg")


def test_a_value_made_without_recording_is_a_leaf() -> None:
    with no_grad():
        f = circuit()
    assert len(viz.draw(f).layout.blocks) == 1


def test_drawing_needs_no_program(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*arguments: object, **options: object) -> None:
        raise AssertionError("no program may be run")

    monkeypatch.setattr(subprocess, "run", refused)
    monkeypatch.setattr(subprocess, "Popen", refused)
    drawing = viz.draw(circuit())
    assert drawing.svg and drawing.dot.source
