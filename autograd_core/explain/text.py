"""How numbers and tables are written: in explanations, pictures and pages alike."""

import math
from collections.abc import Sequence

_LARGE = 1e6  # from here on a number with all its digits is wider than it is helpful


def significant(number: float, *, digits: int = 4, whole: bool = False, minus: str = "-") -> str:
    """A number in a text, with so many digits that products can be checked by eye.

    Args:
        number: any float; -0.0 is written as 0.
        digits: how many significant digits it has at most.
        whole: whether integers below a billion are written in full.
        minus: the minus sign. Screen readers read "−" as "minus", a hyphen often not at all.

    >>> [significant(x, whole=True) for x in (-0.19661193, 100001.0, -0.0, 1.5e-9)]
    ['-0.1966', '100001', '0', '1.5e-09']
    >>> significant(-100001.0, minus="−")
    '−1e+05'
    """
    if whole and number.is_integer() and abs(number) < 1e9:
        text = str(int(number))
    else:
        text = f"{number + 0.0:.{digits}g}"  # the sum of -0.0 and 0.0 is 0.0
    return text.replace("-", minus, 1) if text.startswith("-") else text


def fixed(number: float, decimals: int) -> str:
    """A number in a picture: with so many decimals.

    Numbers of a million and more, and those that would be rounded to nothing, are written with an
    exponent: only zero is ever shown as zero.

    >>> [fixed(x, 2) for x in (-12.0, -0.0, 0.7311, 3e-7, -1.23e9, float("-inf"))]
    ['-12.00', '0.00', '0.73', '3.0e-07', '-1.2e+09', '-inf']
    """
    if number == 0.0:
        number = 0.0  # also for -0.0
    elif math.isfinite(number):
        rounded_away = float(f"{number:.{decimals}f}") == 0.0
        if rounded_away or abs(number) >= _LARGE:
            return f"{number:.{max(1, decimals - 1)}e}"
    return f"{number:.{decimals}f}"


def table(rows: Sequence[Sequence[str]], right: Sequence[bool]) -> list[str]:
    """The lines of a table.

    Args:
        rows: the cells, row by row; headings are a row like any other.
        right: for each column whether it is aligned to the right, as numbers are.

    >>> table([("input", "gradient"), ("x", "-8")], right=[False, True])
    ['input  gradient', 'x            -8']
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = zip(row, widths, right, strict=True)
        lines.append("  ".join(c.rjust(w) if end else c.ljust(w) for c, w, end in cells).rstrip())
    return lines
