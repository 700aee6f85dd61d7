"""Ways M18 to M22: units in header, cell or column, and units that are missing."""

from __future__ import annotations

import pytest

CASES = [
    {
        "name": "m18_micrometres_in_a_german_header",
        "content": [
            "Patient;Datum;Region;Hautdicke [Mikrometer]",
            "B1;04.02.2020;Wade;1500",
            "B1;05.05.2020;Wade;1420",
        ],
        "outcome": "accept",
        "n": 2,
        "values": [1.5, 1.42],
        "mention": "µm|um|mikrometer|micromet;mm",
    },
    {
        "name": "m18_centimetres_in_a_french_header",
        "content": [
            "Patient;Date;Site;Épaisseur (cm)",
            "F1;04.02.2020;mollet;0,15",
            "F1;05.05.2020;mollet;0,142",
        ],
        "outcome": "accept",
        "n": 2,
        "values": [1.5, 1.42],
        "mention": "cm",
    },
    {
        "name": "m18_greek_mu_without_brackets",
        "content": [
            "patient,date,site,skin thickness μm",
            "C1,2020-02-04,calf,1500",
            "C1,2020-05-05,calf,1420",
        ],
        "outcome": "accept",
        "n": 2,
        "values": [1.5, 1.42],
        "mention": "µm|μm|um",
    },
    {
        "name": "m18_hundredths_of_a_millimetre",
        "content": [
            "patient,date,site,thickness (1/100 mm)",
            "C1,2020-02-04,calf,150",
            "C1,2020-05-05,calf,142",
        ],
        "outcome": "accept",
        "also_ok": "ask accept_with_warning",
        "values": [1.5, 1.42],
    },
    {
        "name": "m19_units_in_cells_mixed",
        "content": [
            "patient,date,site,thickness",
            "C2,2020-02-04,calf,1500 um",
            "C2,2020-05-05,calf,1.42 mm",
            "C2,2020-08-04,calf,0.14 cm",
        ],
        "outcome": "accept_with_warning",
        "n": 3,
        "values": [1.5, 1.42, 1.4],
        "mention": "µm|um|micromet",
    },
    {
        "name": "m19_units_in_cells_german_with_signs",
        "content": [
            "Patient;Datum;Region;Hautdicke",
            "B2;04.02.2020;Wade;< 400 µm",
            "B2;05.05.2020;Wade;1,42 mm",
            "B2;04.08.2020;Wade;1380µm",
        ],
        "outcome": "accept_with_warning",
        "n": 3,
        "censored": 1,
        "first": "B2|calf|2020-02-04|<0.4",
        "last": "B2|calf|2020-08-04|1.38",
    },
    {
        "name": "m19_a_cell_unit_beats_the_header",
        "content": [
            "patient,date,site,thickness (mm)",
            "C2,2020-02-04,calf,1.5",
            "C2,2020-05-05,calf,1420 µm",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "values": [1.5, 1.42],
        "warned": (3,),
    },
    {
        "name": "m19_one_cell_without_a_unit_is_not_guessed_in_silence",
        "content": [
            "patient,date,site,thickness",
            "C2,2020-02-04,calf,1500 µm",
            "C2,2020-05-05,calf,1420",
            "C2,2020-08-04,calf,1.38 mm",
        ],
        "outcome": "ask",
        "also_ok": "accept_with_warning",
        "n": 3,
        "mention": "row 3|1420",
    },
    {
        "name": "m20_unit_column_with_many_spellings",
        "content": [
            "patient,date,site,value,unit",
            "C3,2020-02-04,calf,1500,µm",
            "C3,2020-03-04,calf,1450,μm",
            "C3,2020-04-04,calf,1.4,MM",
            "C3,2020-05-05,calf,1380,um",
            "C3,2020-06-05,calf,0.135,cm",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 5,
        "values": [1.5, 1.45, 1.4, 1.38, 1.35],
    },
    {
        "name": "m20_unit_column_german",
        "content": [
            "Patient;Datum;Region;Hautdicke;Einheit",
            "B3;04.02.2020;Wade;1500;Mikrometer",
            "B3;05.05.2020;Wade;1,4;Millimeter",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 2,
        "values": [1.5, 1.4],
    },
    {
        "name": "m20_a_unit_that_is_none",
        "content": [
            "Patient;Date;Site;Épaisseur;Unité",
            "F3;04.02.2020;joue;1,5;mm",
            "F3;05.05.2020;joue;1,4;kg",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "ask",
        "n": 1,
        "rejected": (3,),
        "mention": "kg",
    },
    {
        "name": "m21_no_unit_german_small_numbers",
        "content": [
            "Patient;Datum;Region;Hautdicke",
            "B4;04.02.2020;Wade;1,5",
            "B4;05.05.2020;Wade;1,4",
        ],
        "outcome": "ask",
        "mention": "unit;mm",
        "answers": [
            ({"unit": "mm"}, {"n": 2, "first": "B4|calf|2020-02-04|1.5"}),
            ({"unit": "cm"}, {"n": 2, "first": "B4|calf|2020-02-04|15"}),
        ],
    },
    {
        "name": "m21_no_unit_french_large_numbers",
        "content": [
            "Patient;Date;Site;Épaisseur",
            "F4;04.02.2020;joue;1210",
            "F4;05.05.2020;joue;<1105",
        ],
        "outcome": "ask",
        "mention": "unit;µm",
        "answers": [
            (
                {"unit": "µm"},
                {
                    "n": 2,
                    "first": "F4|cheek|2020-02-04|1.21",
                    "last": "F4|cheek|2020-05-05|<1.105",
                    "censored": 1,
                },
            ),
            ({"unit": "um"}, {"n": 2, "first": "F4|cheek|2020-02-04|1.21"}),
        ],
    },
    {
        "name": "m21_no_unit_wide",
        "content": [
            "patient,date,left forearm,right forearm",
            "C4,2020-02-04,2.4,2.5",
            "C4,2020-05-05,2.3,",
        ],
        "outcome": "ask",
        "mention": "unit",
        "answers": [
            ({"unit": "mm"}, {"n": 3, "sites": 2, "last": "C4|left forearm|2020-05-05|2.3"})
        ],
    },
    {
        "name": "m22_two_magnitudes_german",
        "content": [
            "Patient;Datum;Region;Hautdicke",
            "B5;04.02.2020;Wade;1500",
            "B5;05.05.2020;Wade;1,42",
            "B5;04.08.2020;Wade;1380",
            "B5;04.11.2020;Wade;1,3",
        ],
        "outcome": "ask",
        "mention": "unit;2|4;3|5",
        "answers": [({"unit": "by-size"}, {"n": 4, "values": [1.5, 1.42, 1.38, 1.3]})],
    },
    {
        "name": "m22_two_magnitudes_under_a_header_in_mm",
        "content": [
            "patient,date,site,thickness (mm)",
            "C5,2020-02-04,calf,1.5",
            "C5,2020-05-05,calf,1420",
            "C5,2020-08-04,calf,1.38",
        ],
        "outcome": "ask",
        "also_ok": "accept_with_warning",
        "n": 2,
        "mention": "row 3|1420",
    },
    {
        "name": "m20_m36_unit_column_blank_where_the_value_is_missing",
        "content": [
            "patient,date,site,value,unit",
            "C7,2020-02-04,calf,2.4,mm",
            "C7,2020-05-05,calf,n/a,",
            "C7,2020-08-04,calf,2100,um",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "values": [2.4, 2.1],
        "warned": (3,),
    },
    {
        "name": "m22_wide_second_site_in_micrometres",
        "content": [
            "patient,date,calf,cheek",
            "C16,2020-02-04,2.4,1850",
            "C16,2020-05-05,2.2,1800",
        ],
        "outcome": "ask",
        "mention": "unit",
        "answers": [({"unit": "by-size"}, {"n": 4, "values": [2.4, 1.85, 2.2, 1.8]})],
    },
    {
        "name": "m21_m35_no_unit_and_limits",
        "content": [
            "Patient;Datum;Region;Wert",
            "B20;04.02.2020;Lippe;<400",
            "B20;05.05.2020;Lippe;520",
        ],
        "outcome": "ask",
        "mention": "unit",
        "answers": [({"unit": "µm"}, {"n": 2, "censored": 1, "first": "B20|lip|2020-02-04|<0.4"})],
    },
    {
        "name": "inches_are_no_unit_of_ours_and_nothing_is_guessed",
        "content": [
            "patient,date,site,skin thickness (inches)",
            "U2,2021-01-05,thigh,0.08",
            "U2,2021-04-06,thigh,0.07",
        ],
        "outcome": "reject",
        "mention": "inches",
    },
    {
        "name": "a_header_that_says_by_how_much_values_were_multiplied",
        "content": ["patient,date,site,thickness (mm x 100)", "A1,2020-02-03,calf,210"],
        "outcome": "accept",
        "n": 1,
        "first": "A1|calf|2020-02-03|2.1",
        "mention": "1/100 mm",
    },
    {
        "name": "a_header_in_tenths_of_a_millimetre",
        "content": ["patient,date,site,thickness (x 0.1 mm)", "A1,2020-02-03,calf,21"],
        "outcome": "accept",
        "n": 1,
        "first": "A1|calf|2020-02-03|2.1",
    },
    {
        "name": "tenths_of_a_millimetre_in_words",
        "content": [
            "Patient;Date;Site;Épaisseur (dixièmes de mm)",
            "P47;15.01.2021;joue;26",
        ],
        "outcome": "accept",
        "n": 1,
        "first": "P47|joue|2021-01-15|2.6",
        "mention": "1/10 mm",
        "mention_always": True,
    },
    {
        "name": "points_group_thousands_beside_a_larger_value_without_a_unit",
        "content": [
            "Patient;Datum;Region;Hautdicke",
            "J15;04.02.2020;Wade;1.350",
            "J15;05.05.2020;Wade;1.280",
            "J15;04.08.2020;Wade;980",
        ],
        "outcome": "ask",
        "mention": "980 to 1350 look like µm;first 1.350 mm, last 0.980 mm",
        "answers": [
            ({"unit": "µm"}, {"n": 3, "values": [1.35, 1.28, 0.98], "warned": [2, 3]}),
            # No skin is 980 mm thick: the row is refused, no longer stored with a warning.
            ({"unit": "mm"}, {"n": 2, "values": [1.35, 1.28], "warned": [4]}),
        ],
    },
    {
        "name": "m20_blank_unit_cell_is_not_guessed",
        "content": [
            "patient,date,site,value,unit",
            "C20,2020-02-04,calf,1500,um",
            "C20,2020-05-05,calf,1.4,",
        ],
        "outcome": "ask",
        "also_ok": "accept_with_warning",
        "mention": "unit;row 3|1.4",
    },
    {
        "name": "m19_units_written_to_the_number",
        "content": [
            "Patient;Date;Site;Épaisseur",
            "F19;04.02.2020;mollet;1,5mm",
            "F19;05.05.2020;mollet;1420µm",
            "F19;04.08.2020;mollet;0,14cm",
        ],
        "outcome": "accept_with_warning",
        "n": 3,
        "values": [1.5, 1.42, 1.4],
    },
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_units(case, judge):
    judge(case)
