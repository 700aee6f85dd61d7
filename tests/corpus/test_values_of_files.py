"""Ways M35 to M42: limits, missing values, doubtful values, duplicates and patient codes."""

from __future__ import annotations

import pytest

CASES = [
    {
        "name": "m35_limits_german_words",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm)",
            "B1;04.02.2020;Lippe;unter 0,5",
            "B1;05.05.2020;Lippe;> 6,0",
            "B1;04.08.2020;Lippe;0,9",
        ],
        "outcome": "accept_with_warning",
        "n": 3,
        "censored": 2,
        "first": "B1|lip|2020-02-04|<0.5",
        "warned": (2, 3),
        "mention": "unter 0,5|<0.5|below",
    },
    {
        "name": "m35_limits_with_blank_and_unit_french",
        "content": [
            "Patient;Date;Site;Épaisseur",
            "F1;04.02.2020;lèvre;< 0,5 mm",
            "F1;05.05.2020;lèvre;≥ 6 mm",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "censored": 2,
        "last": "F1|lip|2020-05-05|>6.0",
    },
    {
        "name": "m36_missing_words_german",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm)",
            "B2;04.02.2020;Ohr;k.A.",
            "B2;05.05.2020;Ohr;nicht messbar",
            "B2;04.08.2020;Ohr;#DIV/0!",
            "B2;04.11.2020;Ohr;",
            "B2;04.12.2020;Ohr;0,9",
        ],
        "outcome": "accept_with_warning",
        "n": 1,
        "first": "B2|ear|2020-12-04|0.9",
        "warned": (2, 3, 4, 5),
        "mention": "k.a.;nicht messbar;#div/0!;missing|no value|blank|empty",
    },
    {
        "name": "m36_missing_words_english_and_french",
        "content": [
            "patient,date,site,thickness_mm",
            "C2,2020-02-04,ear,n/a",
            "C2,2020-05-05,ear,non mesurable",
            "C2,2020-08-04,ear,beyond depth",
            "C2,2020-11-04,ear,1.1",
        ],
        "outcome": "accept_with_warning",
        "n": 1,
        "warned": (2, 3, 4),
    },
    {
        "name": "m36_all_missing",
        "content": [
            "patient,date,site,thickness_mm",
            "C2,2020-02-04,ear,n/a",
            "C2,2020-05-05,ear,-",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "reject",
        "n": 0,
    },
    {
        "name": "m37_negative_zero_and_slipped_point",
        "content": [
            "patient,date,site,mm",
            "C3,2020-02-04,calf,-1.9",
            "C3,2020-03-04,calf,0",
            "C3,2020-04-04,calf,1.9",
            "C3,2020-05-05,calf,19",
            "C3,2020-06-05,calf,1.8",
        ],
        "outcome": "accept_with_warning",
        "n": 3,
        "rejected": (2, 3),
        "warned": (5,),
        "mention": "-1.9;19",
    },
    {
        "name": "m37_zero_in_a_wide_german_file",
        "content": [
            "Patient;Datum;Wade (mm);Stirn (mm)",
            "B3;04.02.2020;1,9;0",
            "B3;05.05.2020;0,18;2,0",
        ],
        "outcome": "accept_with_warning",
        "n": 3,
        "warned": (2, 3),
        "first": "B3|calf|2020-02-04|1.9",
        "last": "B3|forehead|2020-05-05|2.0",
    },
    {
        "name": "m38_approximate_and_spread_german",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm)",
            "B4;04.02.2020;Wade;ca. 1,9",
            "B4;05.05.2020;Wade;2,1 ± 0,1",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "values": [1.9, 2.1],
        "warned": (2, 3),
        "mention": "approximate|ca.;± 0,1|sd|spread",
    },
    {
        "name": "m38_range_french",
        "content": [
            "Patient;Date;Site;Épaisseur (mm)",
            "F4;04.02.2020;mollet;1,8-2,0",
            "F4;05.05.2020;mollet;1,7",
        ],
        "outcome": "ask",
        "mention": "range;1,8-2,0|row 2",
        "answers": [
            ({"range": "middle"}, {"n": 2, "first": "F4|calf|2020-02-04|1.9", "warned": (2,)}),
            ({"range": "leave-out"}, {"n": 1, "first": "F4|calf|2020-05-05|1.7", "rejected": (2,)}),
        ],
    },
    {
        "name": "m38_tilde_and_plus_minus_ascii",
        "content": [
            "patient,date,site,mm",
            "C4,2020-02-04,calf,~1.9",
            "C4,2020-05-05,calf,2.1 +/- 0.1",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "values": [1.9, 2.1],
        "warned": (2, 3),
    },
    {
        "name": "m39_duplicates_german",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm);Bemerkung",
            "B5;04.02.2020;Wade;2,0;",
            "B5;05.05.2020;Wade;1,9;",
            "B5;04.02.2020;Wade;2,0;",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "warned": (4,),
        "last": "B5|calf|2020-05-05|1.9",
        "mention": "duplicate;row 4|row 2",
    },
    {
        "name": "m39_duplicates_written_differently",
        "content": [
            "patient,date,site,mm",
            "C5,2020-02-04,calf,2.0",
            "C5,04.02.2020,Calf ,2.00",
            "C5,2020-05-05,calf,1.9",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "warned": (3,),
        "mention": "duplicate",
    },
    {
        "name": "m39_duplicate_therapies",
        "content": [
            "patient,therapy,start,end",
            "C5,HCQ,2020-02-04,2020-05-05",
            "C5,HCQ,2020-02-04,2020-05-05",
        ],
        "outcome": "accept_with_warning",
        "therapies": 1,
        "warned": (3,),
        "mention": "duplicate",
    },
    {
        "name": "m40_other_value_same_visit",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm)",
            "B6;04.02.2020;Wade;2,0",
            "B6;04.02.2020;Wade;2,2",
            "B6;05.05.2020;Wade;1,9",
        ],
        "outcome": "ask",
        "mention": "replicate;correct;2|3",
        "answers": [
            ({"same_visit": "replicate"}, {"n": 3, "values": [2.0, 2.2, 1.9]}),
            ({"same_visit": "correction"}, {"n": 2, "values": [2.2, 1.9]}),
        ],
    },
    {
        "name": "m40_replicate_numbers_settle_it",
        "content": [
            "patient,date,site,mm,replicate",
            "C6,2020-02-04,calf,2.0,1",
            "C6,2020-02-04,calf,2.2,2",
        ],
        "outcome": "accept",
        "n": 2,
        "values": [2.0, 2.2],
    },
    {
        "name": "m40_french_same_visit",
        "content": [
            "Patient;Date;Site;Côté;Épaisseur (mm)",
            "F6;04.02.2020;main;G;2,0",
            "F6;04.02.2020;main;D;2,2",
            "F6;04.02.2020;main;G;2,1",
        ],
        "outcome": "ask",
        "mention": "replicate",
        "answers": [
            ({"same_visit": "replicate"}, {"n": 3, "sites": 2}),
            ({"same_visit": "correction"}, {"n": 2, "sites": 2}),
        ],
    },
    {
        "name": "m41_codes_in_other_case_and_hyphens",
        "content": [
            "patient,date,site,mm",
            "P-001,2020-02-04,calf,2.0",
            "p-001,2020-03-04,calf,1.9",
            " P-001 ,2020-04-04,calf,1.8",
            "P–001,2020-05-05,calf,1.7",
            "P‑001,2020-06-05,calf,1.6",
        ],
        "outcome": "accept_with_warning",
        "n": 5,
        "patients": 1,
        "mention": "p-001",
    },
    {
        "name": "m41_codes_with_blanks_german",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm)",
            "SM 02;04.02.2020;Wade;2,0",
            "SM\xa002;05.05.2020;Wade;1,9",
            "sm 02;04.08.2020;Wade;1,8",
        ],
        "outcome": "accept_with_warning",
        "n": 3,
        "patients": 1,
        "first": "SM 02|calf|2020-02-04|2.0",
    },
    {
        "name": "m42_leading_zeros_lost",
        "content": [
            "patient,date,site,mm",
            "007,2020-02-04,calf,2.0",
            "7,2020-05-05,calf,1.9",
            "012,2020-02-04,calf,1.5",
        ],
        "outcome": "ask",
        "mention": "007;7",
        "answers": [
            (
                {"leading_zeros": "same"},
                {"n": 3, "patients": 2, "first": "007|calf|2020-02-04|2.0"},
            ),
            ({"leading_zeros": "different"}, {"n": 3, "patients": 3}),
        ],
    },
    {
        "name": "m42_leading_zeros_kept_as_text",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm)",
            "001;04.02.2020;Wade;2,0",
            "002;04.02.2020;Wade;1,9",
        ],
        "outcome": "accept",
        "n": 2,
        "patients": 2,
        "first": "001|calf|2020-02-04|2.0",
    },
    {
        "name": "m42_across_two_files",
        "content": {
            "messungen.csv": [
                "Patient;Datum;Region;Hautdicke (mm)",
                "007;04.02.2020;Wade;2,0",
            ],
            "therapien.csv": [
                "Patient;Therapie;Beginn;Ende",
                "7;IVIG;01.01.2020;30.06.2020",
            ],
        },
        "outcome": "ask",
        "mention": "007",
        "answers": [({"leading_zeros": "same"}, {"n": 1, "therapies": 1, "patients": 1})],
    },
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_values_of_files(case, judge):
    judge(case)
