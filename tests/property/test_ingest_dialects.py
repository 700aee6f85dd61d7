"""A table means the same in whatever dialect a clinic writes it."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sm_tracker.ingest import SourceFile, read_sources
from tests.sampling import examples

TODAY = dt.date(2026, 11, 1)
FACTORS = {"mm": 1.0, "µm": 1000.0, "cm": 0.1}
SITES = {
    "en": {"forearm": "forearm", "calf": "calf", "chest": "chest", "thigh": "thigh"},
    "de": {"forearm": "Unterarm", "calf": "Wade", "chest": "Brust", "thigh": "Oberschenkel"},
    "fr": {"forearm": "avant-bras", "calf": "mollet", "chest": "thorax", "thigh": "cuisse"},
}
SIDES = {
    "en": {"": "", "left": "left", "right": "right"},
    "de": {"": "", "left": "links", "right": "rechts"},
    "fr": {"": "", "left": "gauche", "right": "droite"},
}
NAMES = {
    "en": ("patient", "date", "site", "side", "skin thickness"),
    "de": ("Patient", "Datum", "Körperstelle", "Seite", "Hautdicke"),
    "fr": ("patient", "date de visite", "localisation", "côté", "épaisseur"),
}
ISO, POINTS, DAY_FIRST, MONTH_FIRST = "%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y"
PROOF = dt.date(2020, 5, 21)
"""A day above twelve, so that a slash date in the file settles the order."""

Reading = tuple[str, dt.date, str, str, float]


@dataclass(frozen=True)
class Dialect:
    """One way to write a table."""

    language: str
    separator: str
    decimal: str
    encoding: str
    date_format: str
    unit: str
    unit_in_cells: bool
    line_end: str
    is_wide: bool
    letterhead: bool
    quoting: int


@st.composite
def dialects(draw: st.DrawFn) -> Dialect:
    return Dialect(
        language=draw(st.sampled_from(("en", "de", "fr"))),
        separator=draw(st.sampled_from((",", ";", "\t", "|"))),
        decimal=draw(st.sampled_from((".", ","))),
        encoding=draw(st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "cp1252"))),
        date_format=draw(st.sampled_from((ISO, POINTS, DAY_FIRST, MONTH_FIRST))),
        unit=draw(st.sampled_from(("mm", "µm", "cm"))),
        unit_in_cells=draw(st.booleans()),
        line_end=draw(st.sampled_from(("\n", "\r\n", "\r"))),
        is_wide=draw(st.booleans()),
        letterhead=draw(st.booleans()),
        quoting=draw(st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))),
    )


@st.composite
def tables(draw: st.DrawFn) -> list[Reading]:
    visits = draw(
        st.lists(
            st.tuples(
                st.sampled_from(("P1", "P2", "P10")),
                st.dates(dt.date(2001, 1, 1), dt.date(2026, 10, 1)),
                st.sampled_from(("forearm", "calf", "chest", "thigh")),
                st.sampled_from(("", "left", "right")),
            ),
            min_size=1,
            max_size=12,
            unique=True,
        )
    )
    first = ("P1", PROOF, "calf", "")
    keys = [first, *(v for v in visits if v != first)]
    return [(*key, draw(st.integers(40, 990).filter(lambda v: v != 888)) / 100) for key in keys]


def number(value: float, dialect: Dialect) -> str:
    text = f"{value * FACTORS[dialect.unit]:.4f}".rstrip("0").rstrip(".")
    text = text.replace(".", dialect.decimal)
    return f"{text} {dialect.unit}" if dialect.unit_in_cells else text


def header_unit(dialect: Dialect) -> str:
    return "" if dialect.unit_in_cells else f" ({dialect.unit})"


def long_rows(table: Sequence[Reading], dialect: Dialect) -> list[list[str]]:
    names = NAMES[dialect.language]
    header = [*names[:4], names[4] + header_unit(dialect)]
    sites, sides = SITES[dialect.language], SIDES[dialect.language]
    return [header] + [
        [p, d.strftime(dialect.date_format), sites[s], sides[side], number(v, dialect)]
        for p, d, s, side, v in table
    ]


def wide_rows(table: Sequence[Reading], dialect: Dialect) -> list[list[str]]:
    sites, sides = SITES[dialect.language], SIDES[dialect.language]
    columns = list(dict.fromkeys((s, side) for _, _, s, side, _ in table))
    visits = list(dict.fromkeys((p, d) for p, d, *_ in table))
    value_of = {(p, d, s, side): v for p, d, s, side, v in table}
    header = [*NAMES[dialect.language][:2]]
    header += [f"{sites[s]} {sides[side]}".strip() + header_unit(dialect) for s, side in columns]
    return [header] + [
        [p, d.strftime(dialect.date_format)]
        + [number(value_of[p, d, *c], dialect) if (p, d, *c) in value_of else "" for c in columns]
        for p, d in visits
    ]


def written(table: Sequence[Reading], dialect: Dialect) -> bytes:
    rows = (wide_rows if dialect.is_wide else long_rows)(table, dialect)
    if dialect.letterhead:
        rows = [["Skin clinic, ultrasound list"], [], *rows]
    text = io.StringIO()
    csv.writer(
        text, delimiter=dialect.separator, lineterminator=dialect.line_end, quoting=dialect.quoting
    ).writerows(rows)
    return text.getvalue().encode(dialect.encoding)


def comparable(readings: Sequence[Reading]) -> list[Reading]:
    return sorted((p, d, s, side, round(v, 6)) for p, d, s, side, v in readings)


@examples(150)
@given(table=tables(), dialect=dialects())
def test_a_table_reads_back_the_same_from_any_dialect(table, dialect):
    result = read_sources([SourceFile("table.csv", written(table, dialect))], today=TODAY)
    assert result.questions == ()
    assert not [f for f in result.findings if f.level == "error"]
    read = [(m.patient_id, m.date, m.site, m.side, m.thickness_mm) for m in result.measurements]
    assert comparable(read) == comparable(table)


@examples(60)
@given(table=tables(), dialect=dialects(), data=st.data())
def test_the_order_of_rows_does_not_change_what_is_read(table, dialect, data):
    shuffled = data.draw(st.permutations(table))
    one, other = (
        read_sources([SourceFile("table.csv", written(t, dialect))], today=TODAY)
        for t in (table, shuffled)
    )
    records = [
        sorted((m.patient_id, m.date, m.site, m.side, m.thickness_mm) for m in r.measurements)
        for r in (one, other)
    ]
    assert records[0] == records[1]
    assert one.outcome == other.outcome


@examples(60)
@given(table=tables(), order=st.sampled_from(("day-first", "month-first")))
def test_slash_dates_that_nothing_settles_are_never_read_without_an_answer(table, order):
    form = DAY_FIRST if order == "day-first" else MONTH_FIRST
    early = [(p, d.replace(day=1 + d.day % 12), s, side, v) for p, d, s, side, v in table]
    rows = dict.fromkeys((p, d, s, side) for p, d, s, side, _ in early)
    lines = ["patient,date,site,side,mm"]
    lines += [f"{p},{d.strftime(form)},{s},{side},2.1" for p, d, s, side in rows]
    source = SourceFile("table.csv", "\n".join(lines).encode())
    if all(d.day == d.month for _, d, _, _ in rows):
        return
    assert [q.key for q in read_sources([source], today=TODAY).questions] == ["date_order"]
    read = read_sources([source], answers={"date_order": order}, today=TODAY).measurements
    assert {(m.patient_id, m.date, m.site, m.side) for m in read} == set(rows)


@pytest.mark.parametrize("unit", ["mm", "µm"])
@examples(40)
@given(values=st.lists(st.integers(40, 990).filter(lambda v: v != 888), min_size=1, max_size=8))
def test_without_a_unit_no_value_is_stored_before_the_answer(values, unit):
    shown = [v / 100 * FACTORS[unit] for v in values]
    lines = ["patient,date,site,thickness"]
    lines += [f"A1,2020-01-{i + 1:02d},calf,{v:g}" for i, v in enumerate(shown)]
    source = SourceFile("table.csv", "\n".join(lines).encode())
    asked = read_sources([source], today=TODAY)
    assert (asked.outcome, [q.key for q in asked.questions]) == ("ask", ["unit"])
    read = read_sources([source], answers={"unit": unit}, today=TODAY).measurements
    assert [m.thickness_mm for m in read] == pytest.approx([v / 100 for v in values])
