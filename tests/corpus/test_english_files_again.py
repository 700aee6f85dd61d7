"""English files of an adversary: UK and US habits, device exports, registries, several at once."""

from __future__ import annotations

import pytest

HEADERS = [
    {
        "name": "left_and_right_as_letters_before_the_number_of_a_reading",
        "content": [
            "patient,date,forearm_L_1 (mm),forearm_L_2 (mm),forearm_R_1 (mm),forearm_R_2 (mm)",
            "W3,2020-01-07,2.4,2.5,2.6,2.7",
            "W3,2020-07-07,2.0,2.1,2.2,2.3",
        ],
        "outcome": "accept",
        "n": 8,
        "sites": 2,
        "first": "W3|left forearm|2020-01-07|2.4",
        "last": "W3|right forearm|2020-07-07|2.3",
    },
    {
        "name": "r_is_right_where_a_column_has_the_same_name_with_l",
        "content": [
            "patient,date,Hand L1 (mm),Hand R1 (mm)",
            "W4,2020-01-07,2.4,2.6",
            "W4,2020-07-07,2.0,2.2",
        ],
        "outcome": "accept",
        "n": 4,
        "sites": 2,
        "last": "W4|right hand|2020-07-07|2.2",
    },
    {
        "name": "r_is_a_reading_where_no_column_has_an_l",
        "content": [
            "patient,date,Hand R1 (mm),Hand R2 (mm)",
            "W5,2020-01-07,2.4,2.6",
            "W5,2020-07-07,2.0,2.2",
        ],
        "outcome": "accept",
        "n": 4,
        "sites": 1,
        "last": "W5|hand|2020-07-07|2.2",
    },
    {
        "name": "columns_of_a_medication_chart_in_british_words",
        "content": [
            "Pt No.,Immunosuppressant,Date commenced,Date discontinued",
            "UK-3,Methotrexate,2019-01-07,2019-06-30",
            "UK-3,Mycophenolate mofetil,2019-07-01,ongoing",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "therapies": 2,
        "first_therapy": "UK-3|methotrexate|2019-01-07|2019-06-30",
    },
    {
        "name": "columns_of_a_clinical_trial_database",
        "content": [
            "USUBJID,CMTRT,CMSTDTC,CMENDTC",
            "SM-1,IVIG,2019-01-07,2019-06-30",
        ],
        "outcome": "accept",
        "therapies": 1,
        "first_therapy": "SM-1|IVIG|2019-01-07|2019-06-30",
    },
    {
        "name": "column_of_a_device_measured_at",
        "content": [
            "pt_id,measured_at,site,mm",
            "E2,2020-02-04T23:30:00-05:00,calf,2.1",
            "E2,2020-05-05T08:15Z,calf,2.0",
            "E2,20201103,calf,1.8",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 3,
        "first": "E2|calf|2020-02-04|2.1",
        "last": "E2|calf|2020-11-03|1.8",
    },
]


@pytest.mark.parametrize("case", HEADERS, ids=lambda c: c["name"])
def test_headers(case, judge):
    judge(case)
