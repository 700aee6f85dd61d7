"""Ways M23 to M34: dates, their order, and dates that cannot be."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904


def rows(*dates: str, sign: str = ",", header: str = "patient,date,site,mm") -> str:
    """A file of one patient and site, falling from 2.0 by 0.1 a row."""
    lines = [f"D1,{d},calf,{2 - i / 10:.1f}".replace(",", sign) for i, d in enumerate(dates)]
    return "\n".join([header.replace(",", sign), *lines, ""])


def epoch_1904() -> bytes:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    sheet.append(["Patient", "Datum", "Region", "Hautdicke (mm)"])
    sheet.append(["D7", dt.date(2020, 2, 4), "Wade", 2.0])
    sheet.append(["D7", dt.date(2020, 5, 5), "Wade", 1.9])
    return _saved(book)


def epoch_1904_without_date_format() -> bytes:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    sheet.append(["patient", "date", "site", "mm"])
    sheet.append(["D7", 42403, "calf", 2.0])
    return _saved(book)


def serial_sheet() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Patient", "Date", "Site", "Épaisseur (mm)"])
    sheet.append(["D6", 43865, "mollet", 2.0])
    sheet.append(["D6", dt.datetime(2020, 5, 5, 10, 30), "mollet", 1.9])
    return _saved(book)


def _saved(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


CASES = [
    {
        "name": "m23_points",
        "content": rows("04.02.2020", "5.5.2020", "04. 08. 2020", sign=";"),
        "outcome": "accept",
        "n": 3,
        "first": "D1|calf|2020-02-04|2.0",
        "last": "D1|calf|2020-08-04|1.8",
    },
    {
        "name": "m23_points_french_with_month_names",
        "content": [
            "Patient;Date;Site;Épaisseur (mm)",
            "F1;04.02.2020;joue;2,0",
            "F1;5 mai 2020;joue;1,9",
            "F1;1er août 2020;joue;1,8",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 3,
        "last": "F1|cheek|2020-08-01|1.8",
    },
    {
        "name": "m24_slashes_french",
        "content": [
            "Patient;Date;Site;Épaisseur (mm)",
            "F2;02/03/2018;joue;2,0",
            "F2;04/07/2018;joue;1,8",
        ],
        "outcome": "ask",
        "mention": "ambiguous|day|month",
        "answers": [
            (
                {"date_order": "day-first"},
                {"n": 2, "first": "F2|cheek|2018-03-02|2.0", "last": "F2|cheek|2018-07-04|1.8"},
            ),
            (
                {"date_order": "month-first"},
                {"n": 2, "first": "F2|cheek|2018-02-03|2.0", "last": "F2|cheek|2018-04-07|1.8"},
            ),
        ],
    },
    {
        "name": "m24_hyphens_and_two_digit_years",
        "content": rows("2-3-18", "4-7-18"),
        "outcome": "ask",
        "mention": "day|month",
        "answers": [({"date_order": "month-first"}, {"n": 2, "first": "D1|calf|2018-02-03|2.0"})],
    },
    {
        "name": "m24_therapies_too",
        "content": [
            "patient,therapy,start,end",
            "D2,HCQ,02/03/2018,04/07/2018",
        ],
        "outcome": "ask",
        "mention": "day|month",
        "answers": [
            (
                {"date_order": "day-first"},
                {"therapies": 1, "first_therapy": "D2|hydroxychloroquine|2018-03-02|2018-07-04"},
            )
        ],
    },
    {
        "name": "m24_equal_day_and_month_need_no_question",
        "content": rows("03/03/2018", "07/07/2018"),
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 2,
        "last": "D1|calf|2018-07-07|1.9",
    },
    {
        "name": "m25_month_first_english",
        "content": rows("05/02/2019", "05/21/2019", "08/06/2019"),
        "outcome": "accept_with_warning",
        "n": 3,
        "first": "D1|calf|2019-05-02|2.0",
        "last": "D1|calf|2019-08-06|1.8",
        "mention": "month|mm/dd;row 3|05/21/2019",
    },
    {
        "name": "m25_day_first_german_two_digit_years",
        "content": rows("5/2/19", "6/8/19", "21/5/19", sign=";"),
        "outcome": "accept_with_warning",
        "n": 3,
        "first": "D1|calf|2019-02-05|2.0",
        "last": "D1|calf|2019-05-21|1.8",
        "mention": "day|dd/mm;row 4|21/5/19;two|century|20",
    },
    {
        "name": "m26_contradiction",
        "content": rows("05/02/2019", "21/05/2019", "05/22/2019"),
        "outcome": "ask",
        "mention": "row 3|21/05/2019;row 4|05/22/2019",
        "answers": [
            (
                {"date_order": "day-first"},
                {"n": 2, "first": "D1|calf|2019-02-05|2.0", "rejected": (4,)},
            )
        ],
    },
    {
        "name": "m26_contradiction_in_french_therapies",
        "content": [
            "Patient;Traitement;Début;Fin",
            "F3;ECP;13/02/2019;05/03/2019",
            "F3;IgIV;02/14/2019;",
        ],
        "outcome": "ask",
        "mention": "13/02/2019;02/14/2019",
    },
    {
        "name": "m27_two_digit_years_german",
        "content": rows("04.02.20", "05.05.98", sign=";"),
        "outcome": "accept_with_warning",
        "n": 2,
        "first": "D1|calf|2020-02-04|2.0",
        "last": "D1|calf|1998-05-05|1.9",
        "mention": "two-digit|two digit|century",
    },
    {
        "name": "m27_two_digit_years_with_month_names",
        "content": rows("04-Feb-20", "05-May-21"),
        "outcome": "accept_with_warning",
        "n": 2,
        "last": "D1|calf|2021-05-05|1.9",
        "mention": "two-digit|two digit|century",
    },
    {
        "name": "m28_day_numbers_in_text",
        "content": rows("43865", "43956", sign=";"),
        "outcome": "accept_with_warning",
        "n": 2,
        "first": "D1|calf|2020-02-04|2.0",
        "last": "D1|calf|2020-05-05|1.9",
        "mention": "43865|day number|serial",
    },
    {
        "name": "m28_day_number_among_dates",
        "content": rows("2020-02-04", "43956"),
        "outcome": "accept_with_warning",
        "n": 2,
        "last": "D1|calf|2020-05-05|1.9",
        "warned": (3,),
    },
    {
        "name": "m28_day_number_in_a_sheet",
        "file": "d.xlsx",
        "content": serial_sheet,
        "outcome": "accept_with_warning",
        "n": 2,
        "first": "D6|calf|2020-02-04|2.0",
        "last": "D6|calf|2020-05-05|1.9",
    },
    {
        "name": "m29_1904",
        "file": "mac.xlsx",
        "content": epoch_1904,
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 2,
        "first": "D7|calf|2020-02-04|2.0",
        "last": "D7|calf|2020-05-05|1.9",
    },
    {
        "name": "m29_1904_numbers",
        "file": "mac.xlsx",
        "content": epoch_1904_without_date_format,
        "outcome": "accept_with_warning",
        "also_ok": "accept",
        "n": 1,
        "first": "D7|calf|2020-02-04|2.0",
    },
    {
        "name": "m30_partial_dates_of_measurements",
        "content": rows("2020-02-04", "03/2020", "2020", "2020-05-05"),
        "outcome": "accept_with_warning",
        "n": 2,
        "last": "D1|calf|2020-05-05|1.7",
        "rejected": (3, 4),
        "mention": "month|year",
    },
    {
        "name": "m30_partial_dates_of_therapies_german",
        "content": [
            "Patient;Therapie;Beginn;Ende",
            "D3;MTX;März 2019;2020",
            "D3;IVIG;06/2020;laufend",
        ],
        "outcome": "accept_with_warning",
        "therapies": 2,
        "first_therapy": "D3|methotrexate|2019-03-01|2020-12-31",
        "last_therapy": "D3|IVIG|2020-06-01|ongoing",
        "warned": (2, 3),
        "mention": "month;year",
    },
    {
        "name": "m31_zoned_stamps",
        "content": rows("2020-02-04T23:30:00Z", "2020-05-05T00:15:00+02:00"),
        "outcome": "accept",
        "n": 2,
        "first": "D1|calf|2020-02-04|2.0",
        "last": "D1|calf|2020-05-05|1.9",
    },
    {
        "name": "m31_stamps_with_milliseconds_and_blanks",
        "content": rows("2020-02-04 23:30:00.123+0100", "2020-05-05 08:00:00 CET"),
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 2,
        "last": "D1|calf|2020-05-05|1.9",
    },
    {
        "name": "m32_impossible_german",
        "content": rows("04.02.2020", "31.02.2020", "29.02.2019", "05.05.2020", sign=";"),
        "outcome": "accept_with_warning",
        "n": 2,
        "rejected": (3, 4),
        "last": "D1|calf|2020-05-05|1.7",
        "mention": "31.02.2020;29.02.2019",
    },
    {
        "name": "m32_nothing_else_in_the_file",
        "content": rows("2021-02-31"),
        "outcome": "reject",
        "mention": "2021-02-31;row 2",
    },
    {
        "name": "m33_future",
        "content": rows("2020-02-04", "2031-05-05"),
        "outcome": "accept_with_warning",
        "n": 1,
        "rejected": (3,),
        "mention": "future;2031-05-05",
    },
    {
        "name": "m33_therapy_ends_in_9999",
        "content": [
            "Patient;Traitement;Début;Fin",
            "F4;HCQ;04.02.2020;31.12.9999",
            "F4;ECP;01.01.2031;",
        ],
        "outcome": "accept_with_warning",
        "therapies": 1,
        "first_therapy": "F4|hydroxychloroquine|2020-02-04|ongoing",
        "rejected": (3,),
        "mention": "future",
    },
    {
        "name": "m34_zero_dates",
        "content": rows("04.02.2020", "00.01.1900", "00.00.0000", "01.01.1900", sign=";"),
        "outcome": "accept_with_warning",
        "n": 1,
        "rejected": (3, 4, 5),
        "mention": "00.01.1900",
    },
    {
        "name": "m34_zero_number_and_unix_zero",
        "content": rows("2020-02-04", "0", "1970-01-01", "1900-01-00"),
        "outcome": "accept_with_warning",
        "n": 1,
        "rejected": (3, 4, 5),
    },
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_dates_of_files(case, judge):
    judge(case)
