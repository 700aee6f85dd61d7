"""Ways M15 to M17: one column a site, a reading or a visit."""

from __future__ import annotations

import pytest

CASES = [
    {
        "name": "m15_sites_across_german",
        "content": [
            "Patient;Datum;Stirn;Handrücken re.;Handrücken li.",
            "B1;04.02.2020;2,4;1,2;1,3",
            "B1;05.05.2020;2,2;;1,1",
            "B2;05.05.2020;k.A.;1,0;1,0",
        ],
        "given": {"unit": "mm"},
        "outcome": "accept_with_warning",
        "also_ok": "accept",
        "n": 7,
        "patients": 2,
        "sites": 3,
        "first": "B1|forehead|2020-02-04|2.4",
        "last": "B2|left hand dorsum|2020-05-05|1.0",
    },
    {
        "name": "m15_sites_across_with_unit_in_each_header",
        "content": [
            "patient,date,forearm_left_mm,forearm_right_mm,thigh_left_mm",
            "C1,2020-02-04,2.4,2.5,1.8",
            "C1,2020-05-05,2.3,2.4,1.7",
        ],
        "outcome": "accept",
        "n": 6,
        "sites": 3,
        "first": "C1|left forearm|2020-02-04|2.4",
        "last": "C1|left thigh|2020-05-05|1.7",
    },
    {
        "name": "m15_sites_across_french_micrometres",
        "content": [
            "Patient;Date;avant-bras droit (µm);avant-bras gauche (µm);joue (µm)",
            "F1;04.02.2020;1850;1790;1400",
            "F1;05.05.2020;1700;1650;n.m.",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "accept",
        "n": 5,
        "sites": 3,
        "first": "F1|right forearm|2020-02-04|1.85",
        "last": "F1|left forearm|2020-05-05|1.65",
    },
    {
        "name": "m15_sites_across_beside_other_columns",
        "content": [
            "patient,date,age,mRSS,forearm (mm),calf (mm),comment",
            "C1,2020-02-04,63,21,2.4,1.9,stiff",
            "C1,2020-05-05,63,18,2.1,1.8,softer",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 4,
        "sites": 2,
        "first": "C1|forearm|2020-02-04|2.4",
        "last": "C1|calf|2020-05-05|1.8",
    },
    {
        "name": "m16_readings_across_german",
        "content": [
            "Patient;Datum;Region;Messung 1 (mm);Messung 2 (mm);Messung 3 (mm);Mittelwert (mm)",
            "B2;04.02.2020;Wade;2,1;2,2;2,0;2,1",
            "B2;05.05.2020;Wade;1,9;1,8;2,0;1,9",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 6,
        "sites": 1,
        "values": [2.1, 2.2, 2.0, 1.9, 1.8, 2.0],
        "first": "B2|calf|2020-02-04|2.1",
    },
    {
        "name": "m16_readings_across_english_with_a_gap",
        "content": [
            "patient,date,site,thickness_mm_1,thickness_mm_2,thickness_mm_3",
            "C2,2020-02-04,calf,2.1,2.2,2.0",
            "C2,2020-05-05,calf,1.9,,2.0",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 5,
        "values": [2.1, 2.2, 2.0, 1.9, 2.0],
    },
    {
        "name": "m16_readings_across_french",
        "content": [
            "Patient;Date;Site;Mesure 1;Mesure 2",
            "F2;04.02.2020;mollet;1850 µm;1900 µm",
            "F2;05.05.2020;mollet;1700 µm;1750 µm",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "accept",
        "n": 4,
        "values": [1.85, 1.9, 1.7, 1.75],
    },
    {
        "name": "m17_visits_across_german",
        "content": [
            "Region;04.02.2020;05.05.2020;04.08.2020",
            "Stirn;2,4;2,2;2,0",
            "Wade;2,1;2,0;1,9",
        ],
        "outcome": "ask",
        "mention": "turn|column|visit|date",
        "answers": [
            (
                {"visits_across": "turn", "patient_id": "B3", "unit": "mm"},
                {
                    "n": 6,
                    "sites": 2,
                    "first": "B3|forehead|2020-02-04|2.4",
                    "last": "B3|calf|2020-08-04|1.9",
                },
            )
        ],
    },
    {
        "name": "m17_visits_across_with_patient_and_unit",
        "content": [
            "patient,site,2020-02-04,2020-05-05",
            "C3,forearm left,2.4 mm,2.2 mm",
            "C3,forearm right,2.5 mm,",
        ],
        "outcome": "ask",
        "also_ok": "accept_with_warning",
        "n": 3,
        "sites": 2,
        "first": "C3|left forearm|2020-02-04|2.4",
        "answers": [
            (
                {"visits_across": "turn"},
                {"n": 3, "sites": 2, "last": "C3|right forearm|2020-02-04|2.5"},
            )
        ],
    },
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_wide_tables(case, judge):
    judge(case)
