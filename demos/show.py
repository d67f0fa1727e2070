"""Tables for lessons, which show themselves in the REPL, in a notebook and in the gallery."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograd_core.explain import significant, table_html
from autograd_core.explain import table as lines_of_table

__all__ = ["Table", "compare", "table"]


@dataclass(frozen=True, repr=False)
class Table:
    """Rows of cells, all of them text, under column titles; `table` makes one."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def _numeric(self) -> list[bool]:
        """For each column whether it holds numbers alone, or nothing: these go to the right."""
        return [
            all(_is_number(row[column]) for row in self.rows if row[column])
            for column in range(len(self.columns))
        ]

    def __repr__(self) -> str:
        widths = [max(map(len, column)) for column in zip(self.columns, *self.rows, strict=True)]
        rows = [self.columns, ["-" * width for width in widths], *self.rows]
        return "\n".join(lines_of_table(rows, right=self._numeric()))

    def _repr_html_(self) -> str:
        return table_html(self.columns, self.rows, self._numeric())


def table(columns: Sequence[str], rows: Iterable[Sequence[str | float]]) -> Table:
    """A table; a cell is text, or a number that gets six significant digits.

    >>> table(("input", "gradient"), [("x", -8.0), ("w", -0.0)])
    input  gradient
    -----  --------
    x            -8
    w             0
    """
    return Table(tuple(columns), tuple(tuple(map(_cell, row)) for row in rows))


def compare(*rows: tuple[str, str, float], source: str = "lecture") -> Table:
    """Numbers that were published, beside those of the engine.

    Args:
        rows: for each number what it is, how it was published, and the engine's result. The result
            is rounded to as many decimals as the published number has.
        source: the title of the column of published numbers.

    >>> compare(("f", "-0.20", -0.19661), ("g", "0.49", 0.48))
    quantity  lecture    engine  rounded  verdict
    --------  -------  --------  -------  -------
    f           -0.20  -0.19661    -0.20  agrees
    g            0.49      0.48     0.48  differs
    """
    cells = [(name, said, number, *_verdict(said, number)) for name, said, number in rows]
    return table(("quantity", source, "engine", "rounded", "verdict"), cells)


def _cell(content: str | float) -> str:
    """A table cell: text as it is, a number with six digits."""
    return content if isinstance(content, str) else significant(content, digits=6)


def _verdict(published: str, number: float) -> tuple[str, str]:
    decimals = len(published.partition(".")[2])
    rounded = f"{round(number, decimals) + 0.0:.{decimals}f}"
    return rounded, "agrees" if rounded == published else "differs"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
