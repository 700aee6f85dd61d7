"""Numbers that are not a thickness of skin, and points read off a figure.

All people, dates and values are invented.
"""

from __future__ import annotations

import pytest

from sm_tracker.ingest import SourceFile, read_sources
from tests.corpus.texts import TODAY

NO_THICKNESS_OF_SKIN = [
    "subcutaneous thickness (mm)", "nail thickness (mm)", "fascia thickness (mm)",
    "intima media thickness (mm)", "thickness of gel (mm)", "slice thickness (mm)",
    "change in thickness (mm)", "Δ thickness (mm)", "thickness % of baseline",
    "sum of thickness (mm)", "thickness grade", "Hautdickenänderung (mm)",
    "variation épaisseur (mm)", "épaisseur sous-cutanée (mm)", "Nageldicke (mm)",
]  # fmt: skip


CASES = [
    {
        "name": "m60_only_other_millimetres",
        "content": [
            "patient,date,mouth opening (mm)",
            "C6,2020-02-04,35",
            "C6,2020-05-05,38",
        ],
        "outcome": "reject",
        "also_ok": "ask accept_with_warning accept",
        "n": 0,
    },
    {
        "name": "digitised_points_with_exponents",
        "content": ["1.0E+00, 2.41E+00", "9.1E+01, 2.11E+00"],
        "outcome": "ask",
        "mention": "axis",
        "answers": [
            (
                {"points_x": "days", "points_y": "mm", "patient_id": "F2", "site": "forearm"},
                {"n": 2, "first": "F2|forearm|1|2.41", "last": "F2|forearm|91|2.11"},
            )
        ],
    },
    {
        "name": "sums_differences_and_normal_values_are_no_sites",
        "content": [
            "Patient;Date;Front (mm);Joue (mm);Différence (mm);Somme 2 sites (mm);"
            "Valeur normale (mm)",
            "P45;15.01.2021;1,6;1,7;0,1;3,3;1,2",
            "P45;15.04.2021;1,5;1,6;0,1;3,1;1,2",
        ],
        "outcome": "accept",
        "n": 4,
        "sites": 2,
        "mention": "Somme 2 sites;Valeur normale;Différence",
        "mention_always": True,
    },
    {
        "name": "per_cent_of_the_normal_thickness_is_no_thickness",
        "content": [
            "Patient;Date;Site;Épaisseur (% de la normale)",
            "P46;15.01.2021;joue;126",
        ],
        "outcome": "reject",
        "mention": "thickness",
    },
    {
        "name": "echogenicity_beside_the_thickness_of_the_same_sites_is_no_thickness",
        "content": [
            "Patient;Datum;Dicke (mm);;Echogenität;;Elastizität;",
            ";;Stirn;Wade;Stirn;Wade;Stirn;Wade",
            "A;04.02.2020;2,1;2,2;35;40;0,35;0,40",
            "A;05.05.2020;2,0;2,1;36;41;0,36;0,41",
        ],
        "outcome": "accept",
        "n": 4,
        "sites": 2,
        "values": [2.1, 2.2, 2.0, 2.1],
        "mention": "not read",
    },
    {
        "name": "circumferences_of_sites_are_no_thickness",
        "content": [
            "Patient;Datum;Umfang Oberarm (mm);Umfang Unterarm (mm)",
            "A;04.02.2020;310;255",
            "A;05.05.2020;305;250",
        ],
        "outcome": "reject",
        "also_ok": "ask",
    },
    {
        "name": "m54_points_under_x_and_y",
        "content": ["x,y", "0.1,2.41", "91.2,2.18", "183.0,1.97"],
        "outcome": "ask",
        "mention": "axis|axes",
        "answers": [
            (
                {"points_x": "days", "points_y": "mm", "patient_id": "X", "site": "calf"},
                {"n": 3, "first": "X|calf|0|2.41"},
            )
        ],
    },
    {
        "name": "m60_penetration_depth_in_german",
        "content": [
            "Patient;Datum;Region;Eindringtiefe (mm);Hautdicke (mm);Läsionsgröße (mm)",
            "B60;04.02.2020;Wade;8;2,4;35",
            "B60;05.05.2020;Wade;8;2,2;30",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 2,
        "sites": 1,
        "values": [2.4, 2.2],
    },
    {
        "name": "paraproteins_stay_apart",
        "content": [
            "patient,date,forearm (mm),IgG lambda (g/l),IgM lambda (g/l)",
            "O1,2024-02-05,2.4,12.1,0.8",
            "O1,2024-05-06,2.2,9.3,0.7",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "accept ask",
        "mention": "igg lambda;igm lambda",
    },
    {
        "name": "a_score_is_no_thickness",
        "content": [
            "patient,date,site,stiffness points",
            "SC1,2024-02-05,calf,12",
            "SC1,2024-05-05,calf,9",
        ],
        "outcome": "ask",
        "also_ok": "reject",
        "mention": "score",
    },
    {
        "name": "m23_points_in_a_file_that_can_only_be_month_first",
        "content": ["Patient;Date;Site;mm", "A;02.14.2020;calf;2", "A;03.04.2020;calf;1,9"],
        "outcome": "ask",
        "mention": "row 2 (02.14.2020;month first",
        "answers": [
            (
                {"date_order": "month-first"},
                {"n": 2, "first": "A|calf|2020-02-14|2", "last": "A|calf|2020-03-04|1.9"},
            ),
            ({"date_order": "day-first"}, {"n": 1, "first": "A|calf|2020-04-03|1.9"}),
        ],
    },
    {
        "name": "m60_both_layers_together_are_skin_the_epidermis_alone_is_not",
        "content": [
            "patient,date,site,epidermis (mm),dermis (mm),epidermis+dermis (mm)",
            "A,2020-02-04,calf,0.1,2.0,2.1",
        ],
        "outcome": "accept",
        "values": [2.0, 2.1],
        "mention": "epidermis (mm) is not",
    },
    {
        "name": "m54_points_under_time_and_thickness",
        "content": ["time;thickness", "0;2,1", "30;2,0"],
        "outcome": "ask",
        "mention": "digitised;axis",
    },
    {
        "name": "m54_points_with_semicolons",
        "content": [
            "0,5;2,41",
            "91,2;2,18",
            "183;1,97",
        ],
        "outcome": "ask",
        "mention": "axis|axes|column",
        "answers": [
            (
                {"points_x": "days", "points_y": "mm", "patient_id": "X1", "site": "forearm"},
                {"n": 3, "last": "X1|forearm|183|1.97"},
            )
        ],
    },
    {
        "name": "m54_points_english",
        "file": "curve.csv",
        "content": [
            "0.02,2.412",
            "3.01,2.18",
            "6.05,1.97",
        ],
        "outcome": "ask",
        "mention": "axis|axes",
        "answers": [
            (
                {"points_x": "months", "points_y": "mm", "patient_id": "X1", "site": "calf"},
                {"n": 3, "first": "X1|calf|1|2.412"},
            )
        ],
    },
    {
        "name": "m60_mouth_opening_german",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm);Mundöffnung (mm)",
            "B10;04.02.2020;Wade;2,4;35",
            "B10;05.05.2020;Wade;2,2;38",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 2,
        "sites": 1,
        "values": [2.4, 2.2],
    },
    {
        "name": "m60_depth_and_echo_band_english",
        "content": [
            "patient,date,site,thickness mm,penetration depth (mm),low echo band (mm)",
            "C10,2020-02-04,calf,2.4,8,0.3",
            "C10,2020-05-05,calf,2.2,8,0.2",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 2,
        "values": [2.4, 2.2],
    },
    {
        "name": "m60_ouverture_buccale",
        "content": [
            "Patient;Date;joue (mm);ouverture buccale (mm)",
            "F10;04.02.2020;1,4;35",
            "F10;05.05.2020;1,3;36",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 2,
        "sites": 1,
    },
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_other_measures(case, judge):
    judge(case)


@pytest.mark.parametrize("header", NO_THICKNESS_OF_SKIN)
def test_a_thickness_of_another_tissue_or_a_difference_is_not_taken_for_that_of_skin(header):
    rows = f'patient,date,site,"{header}"\nA1,2020-01-15,calf,2.4\nA1,2020-05-20,calf,2.2\n'
    assert read_sources([SourceFile("t.csv", rows.encode())], today=TODAY).outcome == "reject"
    beside = (
        f'patient,date,site,thickness (mm),"{header}"\nA1,2020-01-15,calf,2.4,7\n'
        "A1,2020-05-20,calf,2.2,8\n"
    )
    result = read_sources([SourceFile("t.csv", beside.encode())], today=TODAY)
    assert result.outcome == "accept"
    assert [m.thickness_mm for m in result.measurements] == [2.4, 2.2]
    assert [f.code for f in result.findings] == ["column_not_thickness"]
