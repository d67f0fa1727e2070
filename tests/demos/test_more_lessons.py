"""What the lessons beside the lectures' worked examples promise, held against outside truth."""

import math

import pytest
from lessons import ran, rows_of, shown

# nudge


def test_nudges_settle_at_the_derivative() -> None:
    lesson = ran("nudge")
    for row in rows_of(lesson, "f(3 + h)"):
        h = float(row["h"])
        assert float(row["slope"]) == pytest.approx(14 + 3 * h, abs=1e-6)
    assert "gradient (0.500000, -0.200000)" in shown(lesson)
    assert lesson.namespace["place"].grad == 6 * 3 - 4


def test_a_nudge_can_be_too_small() -> None:
    errors = [float(row["error"]) for row in rows_of(ran("nudge"), "slope at 3")]
    best = min(range(len(errors)), key=errors.__getitem__)
    assert errors[:best] == sorted(errors[:best], reverse=True)
    assert errors[-1] > 1e3 * errors[best]
    assert math.isclose(errors[0], 0.3, rel_tol=0.1)
