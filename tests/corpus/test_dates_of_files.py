"""Ways M23 to M34: dates, their order, and dates that cannot be."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.corpus.texts import read
from tests.corpus.workbooks import workbook

D = dt.date


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
    {
        "name": "m25_therapy_start_settles_the_end",
        "content": [
            "patient,therapy,start,end",
            "C2,methotrexate,13/02/2019,05/03/2019",
            "C2,IVIG,04/05/2019,06/07/2019",
        ],
        "outcome": "accept_with_warning",
        "therapies": 2,
        "first_therapy": "C2|methotrexate|2019-02-13|2019-03-05",
        "last_therapy": "C2|IVIG|2019-05-04|2019-07-06",
        "mention": "13/02/2019",
    },
    {
        "name": "m25_m27_m32_short_years",
        "content": [
            "patient,date,site,mm",
            "C2,13/2/20,calf,2.4",
            "C2,30/2/20,calf,2.3",
            "C2,5/5/20,calf,2.2",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "rejected": (3,),
        "first": "C2|calf|2020-02-13|2.4",
        "last": "C2|calf|2020-05-05|2.2",
        "mention": "30/2/20",
    },
    {
        "name": "m24_other_file_does_not_settle_it_in_silence",
        "content": {
            "a.csv": [
                "patient,date,site,mm",
                "C3,13/02/2019,calf,2.4",
            ],
            "b.csv": [
                "patient,date,site,mm",
                "C4,02/03/2019,calf,2.4",
            ],
        },
        "outcome": "ask",
        "also_ok": "accept_with_warning",
        "mention": "day|month",
    },
    {
        "name": "m33_m44_planned_end_of_a_therapy",
        "content": [
            "Patient;Therapie;Beginn;Ende",
            "B3;IVIG;06.01.2020;31.12.2027",
            "B3;methotrexate;06.01.2021;30.06.2021",
        ],
        "outcome": "accept_with_warning",
        "n": 0,
        "mention": "future|31.12.2027",
    },
    {
        "name": "m23_side_in_its_own_column_german",
        "content": [
            "Patient;Datum;Region;Seite;Hautdicke (mm)",
            "B10;04.02.2020;Unterarm;re;2,4",
            "B10;04.02.2020;Unterarm;li;2,2",
            "B10;05.05.2020;Unterarm;rechts;2,1",
        ],
        "outcome": "accept",
        "n": 3,
        "sites": 2,
        "first": "B10|right forearm|2020-02-04|2.4",
        "last": "B10|right forearm|2020-05-05|2.1",
    },
    {
        "name": "m31_m05_zoned_stamp_and_comma",
        "content": [
            "Patient;Zeitpunkt;Ort;Dicke mm",
            "B11;2020-02-04T23:30:00+01:00;Wade;2,4",
            "B11;2020-05-05T00:10:00+02:00;Wade;2,2",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 2,
        "first": "B11|calf|2020-02-04|2.4",
        "last": "B11|calf|2020-05-05|2.2",
    },
    {
        "name": "m30_therapy_months_french",
        "content": [
            "Patient;Traitement;Début;Fin",
            "F22;IgIV;janvier 2019;juin 2019",
            "F22;ECP;08/2019;en cours",
        ],
        "outcome": "accept_with_warning",
        "therapies": 2,
        "first_therapy": "F22|IVIG|2019-01-01|2019-06-30",
        "last_therapy": "F22|ECP|2019-08-01|ongoing",
        "mention": "month",
    },
    {
        "name": "m26_two_sites_of_one_clinic_merge_their_lists",
        "content": [
            "patient,date,site,mm",
            "C23,25/01/2019,calf,2.4",
            "C23,02/03/2019,calf,2.3",
            "C24,01/26/2019,calf,2.2",
        ],
        "outcome": "ask",
        "mention": "25/01/2019;01/26/2019;row 2;row 4",
    },
    {
        "name": "parts_of_dates_that_are_written_as_unknown",
        "content": [
            "patient,drug,start,end",
            "A1,MTX,xx/04/2021,2021-09-??",
            "A1,IVIG,UN-OCT-2021,UNK-UNK-2022",
            "A1,ECP,xx/xx/xxxx,",
        ],
        "outcome": "accept_with_warning",
        "therapies": 2,
        "first_therapy": "A1|methotrexate|2021-04-01|2021-09-30",
        "last_therapy": "A1|IVIG|2021-10-01|2022-12-31",
        "rejected": [4],
        "mention": "approximate",
    },
    {
        "name": "a_reading_whose_day_is_written_as_unknown",
        "content": ["patient,date,site,mm", "A1,xx/04/2021,calf,2.1", "A1,2021-05-01,calf,2"],
        "outcome": "accept_with_warning",
        "n": 1,
        "rejected": [2],
    },
    {
        "name": "weekday_before_an_american_date",
        "content": ["patient,date,site,mm", 'A1,"Tuesday, November 3, 2020",calf,2.1'],
        "outcome": "accept",
        "n": 1,
        "first": "A1|calf|2020-11-03|2.1",
    },
    {
        "name": "days_with_their_letter",
        "content": [
            "Patient;Jour;Site;Épaisseur (mm)",
            "P05;J-14;front;2,62",
            "P05;J0;front;2,60",
            "P05;J28;front;2,50",
            "P05;J+56;front;2,40",
        ],
        "outcome": "accept",
        "n": 4,
        "first": "P05|front|-14|2.62",
        "last": "P05|front|56|2.4",
    },
    {
        "name": "a_day_of_printing_or_an_ambiguous_day_above_is_not_taken",
        "content": [
            "Patient : P-36;",
            "Date d'examen : 05/01/2021;",
            "Imprimé le 15/01/2021;",
            "Site;Épaisseur (mm)",
            "joue droite;2,6",
        ],
        "outcome": "reject",
        "mention": "date of the measurement",
    },
    {
        "name": "a_header_that_puts_the_year_first_counts_for_two_digit_years",
        "content": [
            "Patient;Datum (JJ-MM-TT);Region;Hautdicke (mm)",
            "X;20-02-13;Wade;2,8",
            "X;20-06-05;Wade;2,6",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "first": "X|Wade|2020-02-13|2.8",
        "last": "X|Wade|2020-06-05|2.6",
        "mention": "two-digit;20-02-13",
    },
    {
        "name": "dates_of_ten_forms_in_one_column",
        "content": [
            "Patient;Datum;Region;mm",
            "L17;4.2.20;Brust;2,4",
            "L17;15. März 2020;Brust;2,3",
            "L17;3-Mrz-21;Brust;2,2",
            "L17;01. Okt. 2021;Brust;2,1",
            "L17;Di, 07.12.2021;Brust;2,0",
            "L17;2022-02-01;Brust;1,9",
            "L17;20220601;Brust;1,8",
            "L17;5.Juni 2022;Brust;1,75",
            "L17;01.09.’22;Brust;1,7",
            "L17;01.12.2022 14:30 Uhr;Brust;1,6",
        ],
        "outcome": "accept_with_warning",
        "n": 10,
        "first": "L17|chest|2020-02-04|2.4",
        "last": "L17|chest|2022-12-01|1.6",
        "mention": "two-digit",
    },
    {
        "name": "a_date_is_not_carried_from_one_patient_to_the_next",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm)",
            "A;04.02.2020;Wade;2,1",
            "B;;Wade;2,0",
            "C;;Wade;1,9",
        ],
        "outcome": "accept_with_warning",
        "n": 1,
        "rejected": [3, 4],
    },
    {
        "name": "m25_the_end_column_settles_the_start",
        "content": [
            "Patient;Therapie;Beginn;Ende",
            "B25;MTX;05/03/2019;21/05/2019",
            "B25;IVIG;06/07/2019;08/09/2019",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "ask",
        "therapies": 2,
        "first_therapy": "B25|methotrexate|2019-03-05|2019-05-21",
        "last_therapy": "B25|IVIG|2019-07-06|2019-09-08",
        "mention": "21/05/2019",
    },
    {
        "name": "m28_numbers_typed_as_text_in_a_sheet",
        "file": "zahlen.xlsx",
        "content": lambda: workbook(
            ["Patient", "Datum", "Region", "Hautdicke (mm)"],
            ["B28", "43865", "Wade", "2,0"],
            ["B28", "43956", "Wade", "1,9"],
        ),
        "outcome": "accept_with_warning",
        "n": 2,
        "first": "B28|calf|2020-02-04|2.0",
        "last": "B28|calf|2020-05-05|1.9",
        "mention": "43865|serial|day number",
    },
    {
        "name": "m30_month_with_a_point",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm)",
            "B30;04.02.2020;Wade;2,0",
            "B30;05.2020;Wade;1,9",
            "B30;Aug 2020;Wade;1,8",
        ],
        "outcome": "accept_with_warning",
        "n": 1,
        "rejected": (3, 4),
        "mention": "month",
    },
    {
        "name": "m32_impossible_end_of_a_therapy",
        "content": [
            "patient,therapy,start,end",
            "C32,IVIG,2019-01-07,2019-06-31",
            "C32,ECP,2019-07-07,2019-09-30",
        ],
        "outcome": "accept_with_warning",
        "therapies": 1,
        "rejected": (2,),
        "mention": "2019-06-31",
    },
    {
        "name": "m28_days_since_1970",
        "content": ["patient,date,site,mm", "E1,19800,calf,2.4", "E1,19890,calf,2.3"],
        "outcome": "ask",
        "mention": "1970;19800",
    },
    {
        "name": "m28_seconds_since_1582",
        "content": [
            "patient,date,site,mm",
            "E2,13930012800,calf,2.4",
            "E2,13937788800,calf,2.3",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "ask",
        "mention": "spss|1582",
        "first": "E2|calf|2024-03-17|2.4",
    },
    {
        "name": "excel_day_numbers_stay",
        "content": ["patient,date,site,mm", "E3,45359,calf,2.4", "E3,45451,calf,2.3"],
        "outcome": "accept_with_warning",
        "first": "E3|calf|2024-03-08|2.4",
    },
    {
        "name": "vague_dates_of_courses",
        "content": [
            "patient;drug;start;end",
            "G1;MTX;Q2 2023;Q4 2023",
            "G2;IVIG;CW 12/2024;CW 40/2024",
            "G3;ECP;03/2024?;ongoing",
        ],
        "outcome": "accept_with_warning",
        "therapies": 3,
        "first_therapy": "G1|methotrexate|2023-04-01|2023-12-31",
        "last_therapy": "G3|ECP|2024-03-01|ongoing",
        "warned": [2, 3, 4],
    },
    {
        "name": "m30_seasons_are_asked",
        "content": ["patient,drug,start,end", "G4,MTX,spring 2023,autumn 2023"],
        "outcome": "ask",
        "mention": "spring;hemisphere",
        "answers": [
            (
                {"season": "northern"},
                {"therapies": 1, "first_therapy": "G4|methotrexate|2023-04-01|2023-12-31"},
            ),
        ],
    },
    {
        "name": "vague_dates_of_readings_are_refused",
        "content": [
            "patient,date,site,mm",
            "G5,Q2 2023,calf,2.4",
            "G5,2023-08-01,calf,2.3",
        ],
        "outcome": "accept_with_warning",
        "n": 1,
        "rejected": [2],
    },
    {
        "name": "unix_seconds",
        "content": ["patient,date,site,mm", "U1,1706745600,calf,2.4", "U1,1714521600,calf,2.3"],
        "outcome": "ask",
        "also_ok": "accept_with_warning",
        "mention": "1970",
    },
    {
        "name": "spss_seconds_of_courses",
        "content": [
            "id;therapy;start;end",
            "U2;IVIG;13925865600;13937788800",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "ask",
        "mention": "1582|spss",
        "first_therapy": "U2|IVIG|2024-01-29|2024-06-15",
    },
    {
        "name": "german_weeks_and_quarters",
        "content": [
            "Patient;Medikament;Beginn;Ende",
            "G1;MTX;KW 3/2023;KW 20/2023",
            "G2;IVIG;1. Quartal 2023;laufend",
            "G3;ECP;ca. 05/2023;05/2024",
        ],
        "outcome": "accept_with_warning",
        "therapies": 3,
        "first_therapy": "G1|methotrexate|2023-01-16|2023-05-21",
    },
    {
        "name": "seasons_german",
        "content": ["Patient;Medikament;Beginn;Ende", "G4;MTX;Herbst 2022;Frühjahr 2023"],
        "outcome": "ask",
        "mention": "herbst 2022;hemisphere",
    },
    {
        "name": "m32_a_month_13_among_dates_that_prove_the_day_first",
        "content": ["Patient;Datum;Region;mm", "A;05.13.2020;Wade;2", "A;31.05.2020;Wade;1,9"],
        "outcome": "accept_with_warning",
        "n": 1,
        "rejected": (2,),
    },
    {
        "name": "m30_year_and_month_in_two_columns_are_no_relative_time",
        "content": [
            "Patient;Jahr;Monat;Region;mm",
            "A;2020;2;Wade;2,1",
            "A;2020;5;Wade;2,0",
        ],
        "outcome": "reject",
        "mention": "month only",
    },
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_dates_of_files(case, judge):
    judge(case)


def test_a_day_of_a_week_is_a_day():
    result = read("patient,date,site,mm\nA1,2024-W12-3,calf,2.1\nA1,2024W251,calf,1.9\n")
    assert [m.date for m in result.measurements] == [D(2024, 3, 20), D(2024, 6, 17)]
