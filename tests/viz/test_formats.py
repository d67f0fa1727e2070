"""PNG and PDF show what the SVG shows; its drawing by a browser is the measure."""

import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2
import pytest
from browser import Browser
from fonts import browser_with
from pictures import forked, lecture, neuron, texts
from PIL import Image, ImageFilter

import viz
from autograd_core import Value
from nn import MLP

Pixels = npt.NDArray[np.float64]

REPOSITORY = Path(viz.__file__).parents[1]


def network() -> viz.NetworkDrawing:
    model = MLP(2, [3, 1], seed=1)
    model([1.0, 2.0]).backward()
    return viz.draw(model, title="σ")


PICTURES: dict[str, Any] = {
    "circuit": lambda: viz.draw(neuron(), title="σ neuron", local=True),
    "opened": lambda: viz.draw(neuron(), expand=True, palette="colorblind"),
    "branches": lambda: viz.draw(forked(), branches=True),
    "network": network,
    "step": lambda: viz.steps(lecture())[4],
    "animation": lambda: viz.animate(lecture()),
}


def blurred(image: Image.Image, size: tuple[int, int]) -> Pixels:
    """An image in which a letter of a similar font, a hair to the side, makes no difference."""
    grey = image.convert("RGB").resize(size, Image.Resampling.BOX)
    return np.asarray(grey.filter(ImageFilter.GaussianBlur(3)), dtype=float)


def pages(content: bytes) -> list[Image.Image]:
    return [page.render(scale=2 / 0.75).to_pil() for page in pypdfium2.PdfDocument(content)]


def in_browser(browser: Browser, path: Path) -> Image.Image:
    """An SVG as a browser draws it when nothing moves."""
    browser.prefer(prefers_reduced_motion="reduce")
    browser.open(path)
    root = "document.documentElement"
    width, height = browser.run(f"['width', 'height'].map((side) => {root}[side].baseVal.value)")
    with browser.window(int(width), int(height)):
        return Image.open(io.BytesIO(browser.screenshot()))


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser with the font of PNG and PDF."""
    with browser_with("Arimo", tmp_path_factory.mktemp("fonts")) as started:
        yield started


@pytest.mark.needs("chromium")
@pytest.mark.parametrize("name", PICTURES)
def test_png_and_pdf_are_the_picture_that_a_browser_shows(
    reader: Browser, tmp_path: Path, name: str
) -> None:
    drawing = PICTURES[name]()
    for ending in ("svg", "png", "pdf"):
        drawing.save(tmp_path / f"a.{ending}")
    seen = in_browser(reader, tmp_path / "a.svg")
    png = Image.open(io.BytesIO((tmp_path / "a.png").read_bytes()))
    [pdf] = pages((tmp_path / "a.pdf").read_bytes())
    assert png.size == (2 * seen.width, 2 * seen.height)
    assert np.abs(np.subtract(pdf.size, png.size)).max() <= 1
    truth = blurred(seen, seen.size)
    assert truth.min() < 225  # there is ink
    for image in (png, pdf):
        difference = np.abs(blurred(image, seen.size) - truth)
        assert difference.max() < 22 and difference.mean() < 0.7


def words(content: bytes) -> list[str]:
    """The texts of each page of a PDF."""
    read = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content)]
    return [re.sub(r"\s+", "", text) for text in read]


def saved(drawing: Any, path: Path) -> bytes:
    drawing.save(path)
    return path.read_bytes()


def test_texts_of_a_pdf_can_be_read_and_copied(tmp_path: Path) -> None:
    x, y = Value(-2.5, "w¹₂₃ Σ"), Value(4.0, "ŷ ∇ ∈ ⊙")
    drawing = viz.draw((x * y).sigmoid(), title="σ(x) ≥ ½")
    [page] = words(saved(drawing, tmp_path / "a.pdf"))
    assert sorted(page) == sorted("".join(texts(drawing.svg)).replace(" ", ""))
    assert pypdfium2.PdfDocument(tmp_path / "a.pdf").get_metadata_dict()["Title"] == "σ(x) ≥ ½"


def test_what_is_written_from_right_to_left_stays_so(tmp_path: Path) -> None:
    content = saved(viz.draw(Value(3.0, "שלום")), tmp_path / "a.pdf")
    page = pypdfium2.PdfDocument(content)[0].get_textpage()
    lefts = {
        page.get_text_range(at, 1): page.get_charbox(at)[0] for at in range(page.count_chars())
    }
    assert lefts["ש"] > lefts["ל"] > lefts["ו"] > lefts["ם"]


def test_steps_are_the_pages_of_one_pdf(tmp_path: Path) -> None:
    steps = viz.steps(lecture())
    path = tmp_path / "steps.pdf"
    assert steps.save(path) == [path]
    told = words(path.read_bytes())
    assert len(told) == len(steps)
    for step, page in zip(steps, told, strict=True):
        assert step.sentence.replace(" ", "") in page


PROGRAM = """
import sys, viz
from autograd_core import Value
f = (Value(2.0, "x") * Value(-3.0, "σ")).tanh()
f.backward()
viz.draw(f).save(sys.argv[1] + ".png")
viz.steps(f).save(sys.argv[1] + ".pdf")
"""


def test_every_machine_writes_the_same_bytes_with_fonts_or_without(tmp_path: Path) -> None:
    """Neither the fonts that a system knows of nor the clock make a difference."""
    no_fonts = tmp_path / "fonts.conf"
    no_fonts.write_text("<fontconfig></fontconfig>")
    there = {"PYTHONPATH": str(REPOSITORY), "PATH": ""}
    bare = {**there, "HOME": str(tmp_path), "FONTCONFIG_FILE": str(no_fonts), "TZ": "Asia/Tokyo"}
    for name, environment in (("a", there), ("b", bare)):
        command = [sys.executable, "-c", PROGRAM, str(tmp_path / name)]
        subprocess.run(command, env=environment, check=True)
    for ending in ("png", "pdf"):
        first, second = (tmp_path / f"{name}.{ending}" for name in "ab")
        assert first.read_bytes() == second.read_bytes()


def test_a_character_that_no_font_has_is_named(tmp_path: Path) -> None:
    drawing = viz.draw(Value(1.0, "\U0001fb00"))
    for ending in ("png", "pdf"):
        with pytest.warns(UserWarning, match="no font that was found has \U0001fb00"):
            drawing.save(tmp_path / f"a.{ending}")


@pytest.mark.parametrize(
    ("ending", "module", "package"),
    [
        ("png", "resvg_py", "resvg-py"),
        ("pdf", "fpdf", "fpdf2"),
        ("png", "fontpkg_arimo", "fontpkg-arimo"),
        ("pdf", "fontpkg_arimo", "fontpkg-arimo"),
    ],
)
def test_the_extra_is_named_where_a_package_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str, module: str, package: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    for drawing in (viz.draw(lecture()), viz.draw(MLP(1, [1])), viz.steps(lecture())[0]):
        expected = rf"\.{ending} file needs {package}, .*pip install .*\[pictures\]\""
        with pytest.raises(ModuleNotFoundError, match=expected):
            drawing.save(tmp_path / f"a.{ending}")
        drawing.save(tmp_path / "a.svg")
    assert [path.name for path in tmp_path.iterdir()] == ["a.svg"]
