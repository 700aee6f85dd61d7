"""Laws of reading single cells: what was written comes back, and no text breaks the readers."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from sm_tracker.ingest.cells.dates import MONTHS, DateOrder, order_evidence, parse_date
from sm_tracker.ingest.cells.numbers import decimal_evidence, parse_value
from sm_tracker.ingest.cells.sites import read_site, similar_sites
from sm_tracker.ingest.cells.therapy_text import split_therapy
from sm_tracker.ingest.cells.units import factor_to_mm, length_unit, unit_in_header
from sm_tracker.ingest.tables.privacy import identifying_kind

TODAY = dt.date(2026, 11, 1)
DAYS = st.dates(dt.date(1990, 1, 1), TODAY)
HUNDREDTHS = st.integers(20, 1500)
SIGNS: st.SearchStrategy[Literal[".", ","]] = st.sampled_from([".", ","])
ORDERS: st.SearchStrategy[DateOrder] = st.sampled_from(["day-first", "month-first"])
WORDS = st.text(alphabet="0123456789.,-–−<>±~()/ mmµucdk\u00a0Âäé?'\"=+@x", max_size=16) | st.text()


@given(HUNDREDTHS, SIGNS, st.sampled_from(["", " ", "\u00a0"]), st.sampled_from(["", "mm", "µm"]))
def test_a_value_written_with_either_sign_comes_back(
    hundredths: int, sign: Literal[".", ","], blank: str, unit: str
) -> None:
    text = f"{blank}{hundredths / 100:.2f}".replace(".", sign) + (f" {unit}" if unit else "")
    found = parse_value(text, decimal=sign)
    assert found is not None
    assert found.value == hundredths / 100
    assert found.unit == unit
    assert decimal_evidence([text]).sign == sign


@given(st.integers(200, 15000), st.sampled_from([".", ",", " ", "\u00a0", "'"]), SIGNS)
def test_micrometres_with_grouped_thousands_come_back(
    micrometres: int, group: str, sign: Literal[".", ","]
) -> None:
    text = f"{micrometres:,}".replace(",", group)
    found = parse_value(text, decimal=sign, unit="µm")
    assert found is not None
    assert found.value == micrometres
    assert found.thousands == (micrometres >= 1000)


@given(DAYS, ORDERS, st.sampled_from(["/", "-", " "]))
def test_a_date_written_in_an_order_comes_back_in_that_order(
    day: dt.date, order: DateOrder, sign: str
) -> None:
    parts = [f"{day.day}", f"{day.month:02d}"]
    text = sign.join([*(parts if order == "day-first" else reversed(parts)), f"{day.year}"])
    found = parse_date(text, order=order, today=TODAY)
    assert found.date == day
    evidence = order_evidence([text]).order
    if day.day > 12:
        assert evidence == order
    else:
        assert evidence in ("ambiguous", "none_needed")


@given(DAYS, st.sampled_from(sorted(MONTHS.items())))
def test_a_month_in_letters_needs_no_order(day: dt.date, month: tuple[str, int]) -> None:
    name, number = month
    text = f"{min(day.day, 28)} {name} {day.year}"
    found = parse_date(text, order="month-first", today=dt.date(2027, 1, 1))
    assert found.date == dt.date(day.year, number, min(day.day, 28))
    assert not found.order_used


@given(DAYS)
def test_points_and_day_numbers_and_iso_agree(day: dt.date) -> None:
    serial = (day - dt.date(1899, 12, 30)).days
    texts = [day.isoformat(), f"{day:%d.%m.%Y}", f"{day:%Y%m%d}", str(serial), f"{day} 00:00:00"]
    read = {parse_date(t, order="day-first", today=TODAY).date for t in texts}
    assert read == {day}


@given(WORDS)
def test_no_text_breaks_a_reader(text: str) -> None:
    for sign in (".", ","):
        value = parse_value(text, decimal="." if sign == "." else ",", unit="mm")
        assert value is None or value.missing == (value.status != "ok")
    date = parse_date(text, order="day-first", today=TODAY)
    assert (date.date is not None and date.refused in ("", "future", "too_early")) or (
        date.date is None and (date.refused != "" or date.ongoing)
    )
    site = read_site(text)
    assert site.known or site.site == site.text or site.side or site.both_sides
    assert split_therapy(text).text == " ".join(
        text.replace("\u00a0", " ").replace("\u202f", " ").split()
    )
    name, unit = unit_in_header(text)
    assert unit == "" or factor_to_mm(unit) > 0
    assert unit == length_unit(unit)
    assert isinstance(identifying_kind(name, [text]), str)


@given(st.lists(WORDS, max_size=8))
def test_evidence_and_groups_name_texts_that_exist(texts: list[str]) -> None:
    for found in (order_evidence(texts), decimal_evidence(texts)):
        indices = [i for i in (found.deciding,) if i is not None]
        assert all(0 <= i < len(texts) for i in indices)
    groups = similar_sites(texts)
    assert all(len(g) > 1 and set(g) <= set(texts) for g in groups)
