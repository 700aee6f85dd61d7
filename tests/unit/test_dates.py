"""Cells of a date column: explicit formats, order of day and month, open ends."""

from __future__ import annotations

import datetime as dt

import pytest

from sm_tracker.ingest.cells.dates import (
    DateOrder,
    DateText,
    end_unknown,
    ends_open,
    order_evidence,
    parse_date,
)

TODAY = dt.date(2026, 11, 1)


def read(text: str, order: DateOrder = "day-first", *, epoch1904: bool = False) -> DateText:
    return parse_date(text, order=order, today=TODAY, epoch1904=epoch1904)


@pytest.mark.parametrize(
    "text",
    ["2020-02-05", "2020-2-5", "2020/02/05", "2020.02.05", "05.02.2020", "5.2.2020", "05. 02. 2020",
     "5. Februar 2020", "5. Feb. 2020", "5 février 2020", "5 févr. 2020", "le 5 février 2020",
     "Feb 5, 2020", "February 5th, 2020", "05-Feb-2020", "2020-Feb-05", "Mi, 05.02.2020",
     "mercredi 5 février 2020", "20200205", "05.02.2020 10:15", "2020-02-05 00:00:00",
     "\u00a005.02.2020 ", "05.02.2020, 14:30 Uhr", "vom 05.02.2020"],
)  # fmt: skip
def test_one_day_in_many_spellings(text: str) -> None:
    found = read(text, "month-first")
    assert (found.date, found.precision, found.refused) == (dt.date(2020, 2, 5), "day", "")
    assert not found.order_used


def test_slashes_hyphens_and_blanks_follow_the_order_of_the_column() -> None:
    for text in ("05/02/2020", "5-2-2020", "05 02 2020", "05/02/20", "05/02/2020 10:15"):
        assert read(text).date == dt.date(2020, 2, 5)
        assert read(text, "month-first").date == dt.date(2020, 5, 2)
        assert read(text).order_used


def test_equal_day_and_month_need_no_order() -> None:
    assert not read("05/05/2020").order_used


@pytest.mark.parametrize(
    ("text", "year"),
    [("05.02.20", 2020), ("05.02.26", 2026), ("05.02.27", 1927), ("05.02.98", 1998)],
)
def test_two_digit_years_never_lie_in_a_future_year_and_are_marked(text: str, year: int) -> None:
    found = read(text)
    assert found.date == dt.date(year, 2, 5)
    assert found.notes == ("two_digit_year",)


@pytest.mark.parametrize(
    ("text", "date", "precision"),
    [
        ("03/2021", dt.date(2021, 3, 1), "month"),
        ("03.2021", dt.date(2021, 3, 1), "month"),
        ("2021-03", dt.date(2021, 3, 1), "month"),
        ("März 2021", dt.date(2021, 3, 1), "month"),
        ("Maerz 2021", dt.date(2021, 3, 1), "month"),
        ("mars 2021", dt.date(2021, 3, 1), "month"),
        ("Mar-21", dt.date(2021, 3, 1), "month"),
        ("août 2020", dt.date(2020, 8, 1), "month"),
        ("Dez. 2019", dt.date(2019, 12, 1), "month"),
        ("2021", dt.date(2021, 1, 1), "year"),
        ("seit 2019", dt.date(2019, 1, 1), "year"),
    ],
)
def test_a_month_or_year_is_known_to_that_precision_only(
    text: str, date: dt.date, precision: str
) -> None:
    found = read(text)
    assert (found.date, found.precision) == (date, precision)


def test_roughly_known_dates_are_marked() -> None:
    for text in ("Anfang 2020", "ca. 03/2021", "fin mars 2021", "early 2020", "mi-2020"):
        assert "approximate" in read(text).notes, text


def test_day_numbers_of_a_spreadsheet() -> None:
    assert read("43850").date == dt.date(2020, 1, 20)
    assert read("43850").notes == ("serial",)
    assert read("43850.75").notes == ("serial", "time_dropped")
    assert read("42388", epoch1904=True).date == dt.date(2020, 1, 20)


@pytest.mark.parametrize(
    "text",
    [
        "2020-02-04T23:30:00+02:00",
        "2020-02-04T23:30:00Z",
        "2020-02-04 23:30:00 CET",
        "2020-02-04T23:30:00.000-08:00",
    ],
)
def test_a_time_stamp_with_a_zone_keeps_the_date_as_written(text: str) -> None:
    found = read(text)
    assert found.date == dt.date(2020, 2, 4)
    assert "time_dropped" in found.notes


@pytest.mark.parametrize(
    ("reason", "texts"),
    [
        ("impossible", ["31.02.2020", "29.02.2019", "2021-13-01", "31/04/2020", "35.12.2020",
                        "05.21.2019", "31. Februar 2020"]),
        ("zero", ["00.01.1900", "1900-01-00", "0000-00-00", "00.00.0000", "00/00/0000", "0", "0.0",
                  "01.01.1900", "30.12.1899", "1970-01-01", "0001-01-01"]),
        ("future", ["2026-11-02", "01.01.2031", "2099"]),
        ("too_early", ["1919-05-05"]),
        ("no_year", ["04.02.", "21-Mar", "5. Februar"]),
        ("not_a_date", ["softer", "n/a", "2021-W54", "Q5 2021", "1.1.1",
                        "Sommer 2020", "", "0404/2020"]),
    ],
)  # fmt: skip
def test_what_is_no_acceptable_date_is_refused_with_its_reason(
    reason: str, texts: list[str]
) -> None:
    for text in texts:
        assert read(text).refused == reason, text


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("Q1 2021", dt.date(2021, 1, 1), "quarter"),
        ("1. Quartal 2021", dt.date(2021, 1, 1), "quarter"),
        ("T2 2020", dt.date(2020, 4, 1), "quarter"),
        ("2021-Q3", dt.date(2021, 7, 1), "quarter"),
        ("2021-W05", dt.date(2021, 2, 1), "week"),
        ("KW 12/2024", dt.date(2024, 3, 18), "week"),
        ("semaine 12 2024", dt.date(2024, 3, 18), "week"),
    ],
)
def test_a_week_and_a_quarter_are_kept_with_their_precision(
    text: str, day: dt.date, precision: str
) -> None:
    found = read(text)
    assert (found.date, found.precision, found.refused) == (day, precision, "")


def test_a_question_mark_behind_a_date_makes_it_approximate() -> None:
    found = read("03/2024?")
    assert (found.date, found.precision) == (dt.date(2024, 3, 1), "month")
    assert "approximate" in found.notes


def test_month_first_dates_are_impossible_under_day_first() -> None:
    assert read("05/21/2019").refused == "impossible"
    assert read("05/21/2019", "month-first").date == dt.date(2019, 5, 21)


@pytest.mark.parametrize(
    "text", ["", " ", "-", "laufend", "Laufend.", "lfd.", "weiter", "bis heute", "dato",
             "andauernd", "ongoing", "present", "continuing", "(ongoing)", "en cours", "à ce jour",
             "9999-12-31", "31.12.9999", "12/31/9999", "9999", "31.12.9999 00:00", "2958465"]
)  # fmt: skip
def test_open_ends(text: str) -> None:
    assert ends_open(text)
    assert not end_unknown(text)
    if text.strip(" -"):
        assert read(text).ongoing


@pytest.mark.parametrize("text", ["unbekannt", "unknown", "?", "inconnu", "k.A.", "n/a"])
def test_an_unknown_end_is_not_an_open_one(text: str) -> None:
    assert end_unknown(text)
    assert not ends_open(text)


@pytest.mark.parametrize(
    ("texts", "order", "deciding", "second"),
    [
        (["05/02/2019", "21/05/2019", "22/05/2019"], "day-first", 1, None),
        (["05/02/2019", "05/21/2019"], "month-first", 1, None),
        (["02/03/2018", "04/07/2018"], "ambiguous", 0, None),
        (["05/05/2018", "02/03/2018"], "ambiguous", 1, None),
        (["21/05/2019", "05/21/2019"], "contradictory", 0, 1),
        (["05/21/2019", "3/3/2019", "21/05/2019"], "contradictory", 2, 0),
        (["2018-03-02", "02.03.2018", "5 Feb 2018", ""], "none_needed", None, None),
        (["05/05/2018"], "none_needed", None, None),
        (["13.02.2019", "02/03/2018"], "ambiguous", 1, None),
        (["5-2-19", "21-5-19"], "day-first", 1, None),
        (["02/03/2018 10:00", "13/03/2018 10:00"], "day-first", 1, None),
        (["31/12/9999", "02/03/2018"], "ambiguous", 1, None),
        (["99/99/2018"], "none_needed", None, None),
    ],
)
def test_the_order_of_day_and_month_is_settled_by_the_column(
    texts: list[str], order: str, deciding: int | None, second: int | None
) -> None:
    found = order_evidence(texts)
    assert (found.order, found.deciding, found.second) == (order, deciding, second)
