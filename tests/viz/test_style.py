"""Colours, numbers and characters."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath
from pictures import luminance

from autograd_core.explain import fixed
from viz.scene.style import PALETTES, choose_decimals, palette_named, printable, text_width


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0.00"),
        (-0.0, "0.00"),
        (-12.0, "-12.00"),
        (0.005, "0.01"),
        (0.0049, "4.9e-03"),
        (-0.0049, "-4.9e-03"),
        (3e-7, "3.0e-07"),
        (5e-324, "4.9e-324"),
        (999999.0, "999999.00"),
        (1e6, "1.0e+06"),
        (1.23e9, "1.2e+09"),
        (-1.7e308, "-1.7e+308"),
        (math.nan, "nan"),
        (math.inf, "inf"),
        (-math.inf, "-inf"),
    ],
)
def test_numbers_with_two_decimals(number: float, text: str) -> None:
    assert fixed(number, 2) == text


@given(st.floats(-1e307, 1e307), st.integers(0, 6))
def test_only_zero_looks_like_zero_and_nothing_is_far_off(number: float, decimals: int) -> None:
    text = fixed(number, decimals)
    assert (float(text) == 0.0) == (number == 0.0)
    assert float(text) == pytest.approx(number, rel=0.05, abs=0.5 * 10.0**-decimals * 1.001)
    assert len(text) <= 10 + decimals
    assert text.lstrip("-") != "0" or not text.startswith("-")


def test_decimals_are_left_out_only_where_all_numbers_are_integers() -> None:
    assert choose_decimals([1.0, -2.0, math.nan, math.inf], None) == 0
    assert choose_decimals([1.0, -2.5], None) == 2
    assert choose_decimals([1.0], 2) == 2


@pytest.mark.parametrize("name", PALETTES)
def test_colours_have_the_contrast_that_wcag_asks_for(name: str) -> None:
    palette = palette_named(name)
    paper = luminance(palette.paper)
    for colour in (palette.data, palette.grad, palette.local, palette.ink):
        assert (paper + 0.05) / (luminance(colour) + 0.05) >= 4.5
        assert (luminance(palette.shade) + 0.05) / (luminance(colour) + 0.05) >= 4.5


def test_widths() -> None:
    # from Adobe's metrics of Helvetica
    assert text_width("Hello", 1000) == 722 + 556 + 222 + 222 + 556
    assert text_width("é", 16) == text_width("e", 16) == text_width("e\u0301", 16)
    assert text_width("日", 16) == 16
    assert text_width("😀", 16) >= 16
    assert text_width("", 16) == 0


@given(st.text(st.characters(codec=None)))
def test_printable_text_is_one_line_that_xml_can_hold(text: str) -> None:
    shown = printable(text)
    shown.encode()
    assert all(
        character == " " or character.isprintable() or ord(character) > 126 for character in shown
    )
    assert printable(shown) == shown


def test_what_is_printable_stays() -> None:
    for text in ("x", "Σwx", "مرحبا", "👩\u200d🔬", "<script>&\"'", "a\\N"):
        assert printable(text) == text
    assert printable("a\nb\tc\x00\ud800\u202ed") == "a b c\ufffd\ufffd\ufffdd"


@pytest.mark.parametrize("character", "¹²³⁴₀₁₂₃ₙ")
def test_indices_have_the_room_that_a_wide_font_needs(character: str) -> None:
    font = FontProperties(family="DejaVu Sans", size=100)  # wider than Arial; matplotlib brings it
    width, *_ = TextToPath().get_text_width_height_descent(character, font, False)
    assert width <= text_width(character, 100) < 1.5 * width
