"""Sites, sides, lesions and points, as files write them.

All people, dates and values are invented.
"""

from __future__ import annotations

import datetime as dt

import pytest

from sm_tracker.ingest import SourceFile, read_sources
from tests.corpus.texts import TODAY, codes, read, values

D = dt.date


CASES = [
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
        "name": "abbreviated_sides",
        "content": [
            "Patient;Date;Site;Côté;Épaisseur (mm)",
            "P13;2021-01-05;joue;Dt;1,9",
            "P13;2021-02-05;joue;dr.;1,8",
            "P13;2021-03-05;joue;dte;1,7",
            "P13;2021-01-05;joue;gch;1,6",
            "P13;2021-02-05;joue;ga.;1,5",
        ],
        "outcome": "accept",
        "n": 5,
        "sites": 2,
        "first": "P13|right cheek|2021-01-05|1.9",
        "last": "P13|left cheek|2021-02-05|1.5",
    },
    {
        "name": "a_site_that_is_not_stated_is_no_site",
        "content": [
            "Patient;Date;Site;Épaisseur (mm)",
            "P14;14.02.2022;non précisé;2,2",
            "P14;16.05.2022;cuisse;2,1",
        ],
        "outcome": "accept_with_warning",
        "n": 1,
        "first": "P14|cuisse|2022-05-16|2.1",
        "rejected": [2],
        "mention": "site",
    },
    {
        "name": "aspects_and_capitals_of_sides_among_the_words",
        "content": [
            "Patient;Date;Site;Épaisseur (mm)",
            "P44;15.01.2021;Face ant. cuisse G;2,6",
            "P44;15.04.2021;cuisse gauche (face antérieure);2,5",
            "P44;15.07.2021;Cuisse G face ant;2,4",
            "P44;15.01.2021;paroi abdominale;1,1",
        ],
        "outcome": "ask",
        "mention": "anterior thigh left (3 spellings)|spelt",
        "answers": [({"sites": "merge"}, {"n": 4, "sites": 2})],
    },
    {
        "name": "a_group_of_scars_and_one_of_healthy_skin_are_never_one",
        "content": [
            "Patient;Datum;Narbe;;Gesunde Haut;",
            ";;Stirn (mm);Wade (mm);Stirn (mm);Wade (mm)",
            "A;01.02.2020;2,1;1,9;1,2;1,1",
        ],
        "outcome": "accept_with_warning",
        "n": 4,
        "sites": 4,
        "first": "A|Narbe Stirn|2020-02-01|2.1",
        "mention": "gesunde haut",
    },
    {
        "name": "lesions_named_below_the_thickness",
        "content": [
            "Patient;Datum;Hautdicke (mm);;",
            ";;Narbe Brandwunde;Rand oben;Spenderstelle",
            "K3;04.02.2020;2,10;2,20;1,80",
            "K3;05.05.2020;2,00;2,10;1,75",
        ],
        "outcome": "accept_with_warning",
        "n": 6,
        "sites": 3,
        "last": "K3|Spenderstelle|2020-05-05|1.75",
    },
    {
        "name": "both_sides_in_the_side_column_are_said",
        "content": [
            "Patient\tDatum\tSeite\tLokalisation\tDicke (mm)\t\t",
            "N5\t04.02.2020\tre\tUnterschenkel\t2,10\t\t",
            "\t\t\t\t\t\t",
            "N5\t05.05.2020\tbds.\tUnterschenkel\t2,00\t\t",
        ],
        "encoding": "utf-16",
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 2,
        "sites": 2,
        "warned": [4],
        "mention": "bds.",
    },
    {
        "name": "columns_of_lesions_and_controls",
        "content": [
            "Patient;Datum;Läsion Unterarm (mm);Kontrolle Unterarm (mm)",
            "A;01.02.2020;2,1;1,2",
            "A;01.05.2020;2,0;1,2",
        ],
        "outcome": "accept_with_warning",
        "n": 4,
        "sites": 2,
        "first": "A|Läsion Unterarm|2020-02-01|2.1",
        "mention": "kontrolle unterarm",
    },
    {
        "name": "columns_of_numbered_plaques_and_the_other_side",
        "content": [
            "Patient;Datum;Plaque 1 (mm);Plaque 2 (mm);kontralateral (mm)",
            "A;01.02.2020;2,1;2,2;1,2",
        ],
        "outcome": "accept_with_warning",
        "n": 3,
        "sites": 3,
        "first": "A|plaque 1|2020-02-01|2.1",
        "last": "A|kontralateral|2020-02-01|1.2",
    },
    {
        "name": "abbreviated_sites_with_distal_and_proximal",
        "content": [
            "Patient;Datum;UA dist. re. mm;UA dist. li. mm;UA prox. re. mm",
            "A;01.02.2020;2,1;2,2;2,3",
        ],
        "outcome": "accept",
        "n": 3,
        "sites": 3,
        "first": "A|right distal forearm|2020-02-01|2.1",
        "last": "A|right proximal forearm|2020-02-01|2.3",
    },
    {
        "name": "a_slip_of_the_pen_in_a_german_site_is_proposed_for_merging",
        "content": [
            "Patient;Datum;Region;Dicke (mm)",
            "A;04.02.2020;Unterschenkel re.;2,1",
            "A;05.05.2020;Unterschenkel rechts;2,0",
            "A;05.06.2020;Unterschnekel re;1,9",
            "A;05.07.2020;Unterschenkel li;1,8",
        ],
        "outcome": "ask",
        "mention": "unterschnekel re;left and right stay apart",
        "answers": [({"sites": "merge"}, {"n": 4, "sites": 2})],
    },
    {
        "name": "m66_one_site_in_three_languages",
        "content": [
            "patient;date;site;mm",
            "K66;04.02.2020;Unterarm links;2,4",
            "K66;05.05.2020;left forearm;2,2",
            "K66;04.08.2020;avant-bras gauche;2,1",
            "K66;04.08.2020;avant-bras droit;2,3",
        ],
        "outcome": "ask",
        "also_ok": "accept_with_warning",
        "n": 4,
        "sites": 2,
        "mention": "unterarm links",
        "answers": [({"sites": "merge"}, {"n": 4, "sites": 2})],
    },
    {
        "name": "points_numbered",
        "content": [
            "patient,date,region,point,thickness mm",
            "L1,2024-01-08,back,1,3.2",
            "L1,2024-01-08,back,2,2.1",
            "L1,2024-04-08,back,1,3.0",
            "L1,2024-04-08,back,2,2.0",
        ],
        "outcome": "ask",
        "mention": "point",
        "answers": [({"told_apart": "apart"}, {"n": 4, "sites": 2})],
    },
    {
        "name": "lesions_by_an_unknown_name",
        "content": [
            "Patient;Datum;Ort;Herdnr.;Hautdicke mm",
            "L2;08.01.2024;Bein;A;3,2",
            "L2;08.01.2024;Bein;B;2,1",
            "L2;08.04.2024;Bein;A;3,0",
            "L2;08.04.2024;Bein;B;1,9",
        ],
        "outcome": "ask",
        "mention": "herdnr",
        "answers": [({"told_apart": "apart"}, {"n": 4, "sites": 2})],
    },
    {
        "name": "plaques_numbered_with_letters",
        "content": [
            "subject,visit date,location,plaque,thickness_mm",
            "P1,2024-01-05,abdomen,a,3.2",
            "P1,2024-01-05,abdomen,b,2.2",
            "P1,2024-04-05,abdomen,a,3.0",
            "P1,2024-04-05,abdomen,b,2.1",
        ],
        "outcome": "ask",
        "mention": "plaque",
    },
    {
        "name": "m40_two_values_are_no_visit_while_the_site_is_not_known",
        "content": ["Patient;Datum;mm", "A;04.02.2020;2,1", "A;04.02.2020;2,6"],
        "outcome": "ask",
        "mention": "body site",
        "answers": [({"site": "calf", "same_visit": "replicate"}, {"n": 2})],
    },
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_sites_of_files(case, judge):
    judge(case)


def test_a_lesion_beside_the_site_is_not_dropped_without_a_word():
    content = "patient,date,site,lesion,mm\nA1,2020-02-03,calf,1,2.1\nA1,2020-02-03,calf,2,2.3\n"
    result = read_sources([SourceFile("t.csv", content.encode())], today=TODAY)
    assert result.outcome == "ask"


def test_a_cell_with_both_sides_gives_each_side_its_value_in_the_order_of_the_name():
    result = read("Patient;Datum;Unterarm re/li (mm)\nA1;12.03.2023;2,1/2,3\nA1;14.06.2023;1,9/-\n")
    assert values(result) == [
        ("A1", "forearm", "right", D(2023, 3, 12), 2.1),
        ("A1", "forearm", "left", D(2023, 3, 12), 2.3),
        ("A1", "forearm", "right", D(2023, 6, 14), 1.9),
    ]
    assert "sides_split" in codes(result)
    assert "several_values" not in codes(result)


def test_codes_of_sites_are_read_as_the_legend_below_the_table_says():
    result = read(
        "Patient,Date,Site code,Thickness (mm)\nA1,2023-02-01,1,2.1\nA1,2023-02-01,2,1.6\n"
        "\n1 = forearm\n2 = calf\n"
    )
    assert [m.site for m in result.measurements] == ["forearm", "calf"]
    assert "codes_from_legend" in codes(result)


def test_codes_that_the_legend_leaves_out_stay_as_they_are():
    result = read(
        "Patient,Date,Site code,Thickness (mm)\nA1,2023-02-01,1,2.1\nA1,2023-02-01,3,1.6\n"
        "\n1 = forearm\n2 = calf\n"
    )
    assert [m.site for m in result.measurements] == ["1", "3"]
    assert "codes_from_legend" not in codes(result)
