"""What tests of lessons share: every lesson run once, and ways to read what it has shown."""

from functools import cache

from demos.runner.script import Lesson, Output
from demos.show import Table


@cache
def ran(name: str) -> Lesson:
    """The lesson of that name, after it was run: its cells with outputs, and its namespace."""
    lesson = Lesson(name)
    lesson.cells = list(lesson.run())
    return lesson


def outputs(lesson: Lesson) -> list[Output]:
    return [output for cell in lesson.cells for output in cell.outputs]


def prose(lesson: Lesson) -> str:
    """All its Markdown, on one line."""
    return " ".join(" ".join(cell.source for cell in lesson.cells if not cell.is_code).split())


def shown(lesson: Lesson) -> str:
    """All that its code has shown, as text."""
    return "\n".join(output.text for output in outputs(lesson))


def rows_of(lesson: Lesson, column: str) -> list[dict[str, str]]:
    """The rows of all tables that have this column, as mappings from columns to cells."""
    tables = [output.value for output in outputs(lesson) if isinstance(output.value, Table)]
    return [
        dict(zip(table.columns, row, strict=True))
        for table in tables
        if column in table.columns
        for row in table.rows
    ]
