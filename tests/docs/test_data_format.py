"""docs/data_format.md says what the column contracts say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sm_tracker.domain.record_fields import (
    FIRST_DATE,
    LAST_DATE,
    LAST_DAY,
    LONGEST_NAME,
    LONGEST_NOTE,
    MOST_COUNT,
    MOST_MM,
)
from sm_tracker.domain.tables import EVENTS, MEASUREMENTS, OUTCOMES, THERAPIES, Table

# Columns that only the program fills: what was read beside the public format, and from where.
FILLED_BY_READING = {
    "measurements": {"sd_mm", "approximate", "site_text"},
    "therapies": {"therapy_text", "dates_derived"},
    "outcomes": set[str](),
    "events": set[str](),
}
OTHER_UNIT = {"thickness_um": "thickness_mm"}
EACH_TABLE = pytest.mark.parametrize(
    ("described", "table"),
    [pytest.param(t, t, id=t.name) for t in (MEASUREMENTS, THERAPIES, OUTCOMES, EVENTS)],
    indirect=["described"],
)


@pytest.fixture
def described(repository: Path, request: pytest.FixtureRequest) -> dict[str, tuple[bool, str]]:
    """Column -> (marked as required, text) of the section of one table."""
    table: Table = request.param
    text = (repository / "docs/data_format.md").read_text(encoding="utf-8")
    section = text.split(f"## {table.name.capitalize()}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]+) \|[^|]*\| (.+) \|$", section, re.MULTILINE)
    return {
        name: (bool(star), meaning)
        for cell, meaning in rows
        for name, star in re.findall(r"`(\w+)`(\*?)", cell)
    }


@EACH_TABLE
def test_every_column_a_clinic_can_write_is_described_in_order(described, table):
    own = [
        name
        for name in table.columns
        if name not in FILLED_BY_READING[table.name] | {"file", "sheet", "row"}
    ]
    assert [name for name in described if name not in OTHER_UNIT] == own


@EACH_TABLE
def test_the_stars_mark_the_required_columns(described, table):
    either_or = {"date", "day", "start", "start_day", *OTHER_UNIT}
    starred = {name for name, (star, _) in described.items() if star}
    required = {name for name, column in table.columns.items() if column.required}
    assert starred - either_or == required
    assert starred & either_or, "the axis of time is required in one of its two forms"


@EACH_TABLE
def test_every_word_that_a_column_allows_is_described(described, table):
    for name, (_, text) in described.items():
        column = table.columns.get(OTHER_UNIT.get(name, name))
        for word in filter(None, column.one_of):
            assert f"`{word}`" in text, f"{table.name}.{name} allows {word!r}"


def test_the_limits_that_are_listed_are_those_of_the_records():
    section = (Path(__file__).parents[2] / "docs/data_format.md").read_text("utf-8")
    section = section.split("## Limits")[1].split("\n## ")[0]
    for limit in (
        f"above 0 to {MOST_MM:.0f} mm", f"{LAST_DAY:,} either way", f"{FIRST_DATE} to {LAST_DATE}",
        f"{LONGEST_NAME} characters", f"{LONGEST_NOTE:,} characters", f"| {MOST_COUNT:,} |",
    ):  # fmt: skip
        assert limit in section
