"""Means, sums and legends among the readings.

All people, dates and values are invented.
"""

from __future__ import annotations

import datetime as dt

import pytest

from tests.corpus.workbooks import book_of, saved

D = dt.date


def averages_beside_replicates() -> bytes:
    book = book_of(
        ["ID", "Datum", "Region", "Messwerte mm", None, None, None],
        [None, None, None, "I", "II", "III", "x̄"],
        ["R1", D(2024, 3, 4), "Stirn", 1.9, 2.0, 2.1, 2.0],
        ["R1", D(2024, 6, 4), "Stirn", 1.7, 1.8, 1.6, 1.7],
    )
    book.active.merge_cells("D1:G1")
    return saved(book)


def header_over_three_rows() -> bytes:
    book = book_of(
        ["Patient", "Datum", "Unterarm (mm)", None, None, "Wade (mm)", None, None],
        [None, None, 1, 2, "MW", 1, 2, "MW"],
        ["H1", D(2024, 2, 5), 2.1, 2.3, 2.2, 1.5, 1.7, 1.6],
        ["H1", D(2024, 5, 6), 2.0, 2.2, 2.1, 1.4, 1.6, 1.5],
    )
    book.active.merge_cells("C1:E1")
    book.active.merge_cells("F1:H1")
    return saved(book)


CASES = [
    {
        "name": "m12_mean_row_for_each_patient",
        "content": [
            "patient,date,site,mm",
            "K1,2020-02-04,calf,2.4",
            "K1,2020-05-05,calf,2.2",
            "mean K1,,,2.3",
            "K2,2020-02-04,calf,1.9",
            "K2,2020-05-05,calf,1.7",
            "mean K2,,,1.8",
            "Total n=4,,,",
        ],
        "outcome": "accept_with_warning",
        "n": 4,
        "patients": 2,
        "warned": (4, 7, 8),
        "last": "K2|calf|2020-05-05|1.7",
    },
    {
        "name": "a_mean_of_both_sides_beside_them_is_no_reading",
        "content": [
            "patient,date,left forearm (mm),right forearm (mm),forearm mean (mm)",
            "A7,2020-01-07,2.4,2.5,2.45",
            "A7,2020-07-07,2.0,,2.0",
        ],
        "outcome": "accept",
        "n": 3,
        "sites": 2,
        "last": "A7|left forearm|2020-07-07|2.0",
        "mention": "forearm mean",
    },
    {
        "name": "means_of_sites_without_their_readings_are_the_readings",
        "content": [
            "patient,date,forearm mean (mm),chest mean (mm)",
            "A7,2020-01-07,2.4,3.1",
        ],
        "outcome": "accept",
        "n": 2,
        "last": "A7|chest|2020-01-07|3.1",
    },
    {
        "name": "a_mean_below_each_patient",
        "content": [
            "patient,date,site,mm",
            "A1,2020-01-01,calf,2.0",
            "A1,2020-03-01,calf,1.8",
            "A1 mean,,,1.9",
            "A2,2020-01-02,calf,2.1",
            "A2 mean,,,2.1",
        ],
        "outcome": "accept_with_warning",
        "n": 3,
        "patients": 2,
        "warned": [4, 6],
        "mention": "mean",
    },
    {
        "name": "means_of_each_patient_differences_and_changes_between_the_rows",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm)",
            "A;04.02.2020;Wade;2,10",
            "A;05.05.2020;Wade;2,00",
            "Ø A;;;2,05",
            "B;04.02.2020;Wade;1,90",
            "B;05.05.2020;Wade;1,80",
            "Ø B;;;1,85",
            "Differenz;;;0,20",
            "Veränderung in %;;;-10",
            "Stabw.;;;0,1",
        ],
        "outcome": "accept_with_warning",
        "n": 4,
        "patients": 2,
        "first": "A|Wade|2020-02-04|2.1",
        "last": "B|Wade|2020-05-05|1.8",
        "warned": [4, 7, 8, 9, 10],
        "mention": "sums up",
    },
    {
        "name": "m12_mean_sign_and_spread",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm)",
            "B12;04.02.2020;Stirn;2,4",
            "B12;05.05.2020;Stirn;2,2",
            "Ø;;;2,3",
            "MW ± SD;;;2,3 ± 0,14",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "patients": 1,
        "warned": (4, 5),
    },
    {
        "name": "m12_mean_in_the_date_column",
        "content": [
            "patient,date,site,mm",
            "C12,2020-02-04,calf,2.4",
            "C12,2020-05-05,calf,2.2",
            "C12,average,calf,2.3",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "warned": (4,),
    },
    {
        "name": "averages_beside_replicates",
        "file": "c.xlsx",
        "content": averages_beside_replicates,
        "outcome": "accept_with_warning",
        "also_ok": "accept",
        "n": 6,
        "last": "R1|Stirn|2024-06-04|1.6",
    },
    {
        "name": "averages_under_merged_sites",
        "file": "c.xlsx",
        "content": header_over_three_rows,
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 8,
        "sites": 2,
    },
    {
        "name": "m12_a_dated_mean_is_no_body_site",
        "content": [
            "patient,date,site,mm",
            "A,2020-02-04,calf,2.1",
            "A,2020-02-04,mean,2.15",
        ],
        "outcome": "accept_with_warning",
        "n": 1,
        "sites": 1,
        "rejected": (3,),
        "mention": "mean",
    },
    {
        "name": "m12_a_dated_mean_is_no_patient",
        "content": [
            "Patient;Datum;Region;mm",
            "A;04.02.2020;Wade;2,1",
            "Mittelwert;04.02.2020;Wade;2,1",
        ],
        "outcome": "accept_with_warning",
        "patients": 1,
        "rejected": (3,),
    },
    {
        "name": "m12_a_legend_is_not_called_a_mean",
        "content": [
            "Patient;Datum;Region;mm",
            "A;04.02.2020;Wade;2,1",
            "* n.m. = nicht messbar;;;",
        ],
        "outcome": "accept_with_warning",
        "n": 1,
        "mention": "legend or remark",
    },
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_means(case, judge):
    judge(case)
