"""What tests of lessons share: every lesson told once, and ways to read what it said."""

from functools import cache
from typing import Any

from demos.blocks import Listing, Paragraph, Table
from demos.lesson import Lesson


@cache
def told(name: str) -> Lesson:
    """The lesson of that name, after it was told."""
    lesson = Lesson(name)
    lesson.tell(lambda block: None)
    return lesson


def blocks(lesson: Lesson, kind: type[Any]) -> list[Any]:
    return [block for block in lesson.blocks if isinstance(block, kind)]


def published(lesson: Lesson) -> dict[str, list[str]]:
    """What the lesson compares with the lecture: lecture, engine, rounded, verdict."""
    tables = [table for table in blocks(lesson, Table) if "lecture" in table.columns]
    return {name: cells for table in tables for name, *cells in table.rows}


def rows_of(lesson: Lesson, column: str) -> list[dict[str, str]]:
    """The rows of the one table that has this column, as mappings from columns to cells."""
    [table] = [table for table in blocks(lesson, Table) if column in table.columns]
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def said(lesson: Lesson) -> str:
    """All text of a lesson."""
    return " ".join(block.text for block in blocks(lesson, Paragraph) + blocks(lesson, Listing))
