"""Ways M15 to M17: one column a site, a reading or a visit."""

from __future__ import annotations

import pytest

TURN = {"visits_across": "turn"}


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
    {
        "name": "m15_m19_m35_wide_with_units_and_limits",
        "content": [
            "patient,date,lip,forehead,cheek left",
            "C1,2020-02-04,<0.4 mm,1850 µm,1.4 mm",
            "C1,2020-05-05,0.5 mm,1.80 mm,>6 mm",
        ],
        "outcome": "accept_with_warning",
        "n": 6,
        "sites": 3,
        "censored": 2,
        "first": "C1|lip|2020-02-04|<0.4",
        "last": "C1|left cheek|2020-05-05|>6",
    },
    {
        "name": "m15_sides_in_words_french",
        "content": [
            "Patient;Date;Main droite (mm);Main gauche (mm);Visage (mm)",
            "F1;04.02.2020;1,2;1,3;1,9",
            "F1;05.05.2020;1,1;1,2;1,8",
        ],
        "outcome": "accept",
        "n": 6,
        "sites": 3,
        "first": "F1|right hand|2020-02-04|1.2",
        "last": "F1|face|2020-05-05|1.8",
    },
    {
        "name": "m16_m36_all_readings_of_a_visit_missing",
        "content": [
            "patient,date,site,r1 (mm),r2 (mm),r3 (mm)",
            "C9,2020-02-04,calf,2.4,2.5,2.6",
            "C9,2020-05-05,calf,n/a,n/a,n/a",
        ],
        "outcome": "accept_with_warning",
        "n": 3,
        "warned": (3,),
        "values": [2.4, 2.5, 2.6],
    },
    {
        "name": "each_visit_with_its_own_date",
        "content": [
            "patient,site,date_v1,thickness_v1_mm,date_v2,thickness_v2_mm",
            "A1,calf,2020-02-03,2.4,2020-08-03,2.1",
            "A2,calf,2020-02-05,2.2,,",
        ],
        "outcome": "ask",
        "answers": [
            (TURN, {"n": 3, "first": "A1|calf|2020-02-03|2.4", "last": "A2|calf|2020-02-05|2.2"}),
            ({"visits_across": "leave-out"}, {"outcome": "reject"}),
        ],
    },
    {
        "name": "each_visit_with_its_own_date_and_several_sites_below_a_name_of_the_visit",
        "content": [
            "Patient,Visit 1,,,Visit 2,,",
            ",Date,L forearm (mm),Chest (mm),Date,L forearm (mm),Chest (mm)",
            "A1,02/03/2020,2.4,3.1,08/23/2020,2.1,2.9",
        ],
        "outcome": "ask",
        "answers": [
            (
                TURN,
                {
                    "n": 4,
                    "first": "A1|left forearm|2020-02-03|2.4",
                    "last": "A1|chest|2020-08-23|2.9",
                },
            )
        ],
    },
    {
        "name": "all_dates_before_all_values",
        "content": [
            "Patient,Site,Date1,Date2,Date3,mm1,mm2,mm3",
            "A1,calf,2020-02-03,2020-08-03,2021-02-01,2.4,2.1,2.0",
        ],
        "outcome": "ask",
        "answers": [
            (TURN, {"n": 3, "values": [2.4, 2.1, 2.0], "last": "A1|calf|2021-02-01|2.0"}),
        ],
    },
    {
        "name": "one_column_a_site_and_time_since_the_start",
        "content": [
            "patient,forearm_baseline_mm,forearm_m6_mm,chest_baseline_mm,chest_m6_mm",
            "A1,2.4,2.1,3.1,2.9",
            "A2,2.2,2.0,3.0,",
        ],
        "outcome": "ask",
        "answers": [
            (TURN, {"n": 7, "first": "A1|forearm|0|2.4", "last": "A2|forearm|183|2.0"}),
        ],
    },
    {
        "name": "numbers_of_readings_are_no_visits",
        "content": [
            "patient,date,entered on,calf 1 (mm),calf 2 (mm)",
            "A1,2020-02-03,2020-02-04,2.4,2.5",
        ],
        "outcome": "accept",
        "n": 2,
        "sites": 1,
    },
    {
        "name": "visits_across_below_a_corner_that_names_the_thickness",
        "content": [
            "Patient : P30;;;",
            "Épaisseur en mm;V0 (14/02/2022);V1 (16/05/2022);V2 (15/08/2022)",
            "Avant-bras gauche;2,20;2,10;2,00",
            "Cuisse gauche;1,90;;1,80",
        ],
        "outcome": "ask",
        "answers": [
            (
                {"visits_across": "turn"},
                {
                    "n": 5,
                    "sites": 2,
                    "first": "P30|left forearm|2022-02-14|2.2",
                    "last": "P30|left thigh|2022-08-15|1.8",
                },
            )
        ],
    },
    {
        "name": "dates_across_below_a_corner_that_names_the_thickness",
        "content": [
            "Épaisseur (µm);14/02/2022;16/05/2022;15/08/2022",
            "Avant-bras gauche;2200;2100;2000",
            "Cuisse gauche;1900;;1800",
        ],
        "outcome": "ask",
        "answers": [
            (
                {"visits_across": "turn", "patient_id": "P31"},
                {"n": 5, "last": "P31|left thigh|2022-08-15|1.8"},
            )
        ],
    },
    {
        "name": "visits_across_with_the_unit_beside_each_site",
        "content": [
            "Patient;Site;14/02/2022;16/05/2022",
            "P32;Avant-bras gauche (mm);2,20;2,10",
            "P32;Cuisse gauche (mm);1,90;",
        ],
        "outcome": "ask",
        "answers": [
            (
                {"visits_across": "turn"},
                {"n": 3, "sites": 2, "first": "P32|Avant-bras gauche|2022-02-14|2.2"},
            )
        ],
    },
    {
        "name": "dates_inside_the_names_of_visits",
        "content": [
            "Patient;Visite;Site;Épaisseur (mm)",
            "P48;V1 (15/01/2021);joue;2,6",
            "P48;V2 (05/04/2021);joue;2,5",
            "P48;V3;joue;2,4",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "last": "P48|joue|2021-04-05|2.5",
        "rejected": [4],
        "mention": "day first",
    },
    {
        "name": "sites_with_their_unit_down_and_dates_across",
        "content": ["Datum;01.02.2020;01.05.2020", "Stirn (mm);2,1;2,0", "Wade (mm);1,1;1,0"],
        "outcome": "ask",
        "mention": "turned",
        "answers": [
            (
                {"patient_id": "P7", "visits_across": "turn"},
                {"n": 4, "first": "P7|Stirn|2020-02-01|2.1", "last": "P7|Wade|2020-05-01|1.0"},
            )
        ],
    },
    {
        "name": "date_and_thickness_come_again",
        "content": [
            "Patient;Region;Datum;Dicke (mm);Datum;Dicke (mm)",
            "A;Wade;01.02.2020;2,1;01.05.2020;2,0",
            "B;Wade;01.02.2020;3,1;;",
        ],
        "outcome": "ask",
        "mention": "side by side",
        "answers": [
            (
                {"visits_across": "turn"},
                {"n": 3, "first": "A|Wade|2020-02-01|2.1", "last": "B|Wade|2020-02-01|3.1"},
            ),
            ({"visits_across": "leave-out"}, {"outcome": "reject"}),
        ],
    },
    {
        "name": "m16_short_german_heads",
        "content": [
            "Pat;Datum;Lok.;M1 (mm);M2 (mm);M3 (mm);MW;SD",
            "B16;04.02.2020;Wade;2,1;2,2;2,0;2,1;0,1",
            "B16;05.05.2020;Wade;1,9;1,8;2,0;1,9;0,1",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 6,
        "sites": 1,
        "values": [2.1, 2.2, 2.0, 1.9, 1.8, 2.0],
    },
    {
        "name": "m17_visits_named_with_their_date",
        "content": [
            "Patient;Region;V1 (04.02.2020);V2 (05.05.2020)",
            "B17;Wade;2,4 mm;2,2 mm",
            "B17;Stirn;2,0 mm;1,9 mm",
        ],
        "outcome": "ask",
        "also_ok": "accept_with_warning",
        "n": 4,
        "sites": 2,
        "mention": "column|turn",
        "answers": [
            (
                {"visits_across": "turn"},
                {"n": 4, "sites": 2, "last": "B17|forehead|2020-05-05|1.9"},
            )
        ],
    },
    {
        "name": "visits_across_t0_t1_t2_unit_first",
        "content": [
            "patient,site,mm T0,mm T1,mm T2",
            "V1,forearm,2.5,2.4,2.1",
            "V1,hand,1.5,1.4,1.4",
        ],
        "outcome": "ask",
        "mention": "T0|visit",
    },
    {
        "name": "visits_across_weeks",
        "content": [
            "id;Lokalisation;W0 (µm);W12 (µm);W24 (µm)",
            "V2;Wade;2410;2200;1990",
            "V3;Wade;1800;1790;1700",
        ],
        "outcome": "ask",
        "answers": [
            (
                {"visits_across": "turn"},
                {"n": 6, "first": "V2|Wade|0|2.41", "last": "V3|Wade|168|1.7"},
            )
        ],
    },
    {
        "name": "visits_across_thickness_month",
        "content": [
            "Patient,Site,Thickness baseline [mm],Thickness month 3 [mm],Thickness month 12 [mm]",
            "V4,calf,2.9,2.5,",
            "V5,calf,2.0,2.1,1.9",
        ],
        "outcome": "ask",
        "answers": [({"visits_across": "turn"}, {"n": 5, "last": "V5|calf|365|1.9"})],
    },
    {
        "name": "visits_pre_post",
        "content": ["patient,site,pre (mm),post (mm)", "V6,chest,3.0,2.2", "V7,chest,2.8,2.6"],
        "outcome": "ask",
        "mention": "pre;post",
    },
    {
        "name": "visits_across_in_years",
        "content": ["patient,site,year 1 mm,year 2 mm", "J1,calf,2.4,2.0", "J2,calf,2.1,2.2"],
        "outcome": "ask",
        "answers": [({"visits_across": "turn"}, {"n": 4})],
    },
    {
        "name": "visits_across_before_after_french",
        "content": [
            "patient;site;épaisseur avant (mm);épaisseur après (mm)",
            "F1;mollet;2,4;2,0",
        ],
        "outcome": "ask",
        "mention": "avant;après",
    },
    {
        "name": "visits_across_follow_ups",
        "content": [
            "patient,site,baseline thickness (mm),FU1 thickness (mm),FU2 thickness (mm)",
            "F2,calf,2.4,2.0,1.9",
        ],
        "outcome": "ask",
        "mention": "fu1|FU1",
    },
    {
        "name": "m16_readings_told_apart_by_letters",
        "content": ["Pat;Datum;Ort;Wert A;Wert B", "A1;14.03.2019;Wade;2,35;2,2"],
        "given": {"unit": "mm"},
        "outcome": "accept",
        "values": [2.35, 2.2],
    },
    {
        "name": "m15_a_word_beside_thickness_is_a_site_only_with_a_warning",
        "content": ["Patient;Datum;Hautdicke neu (mm)", "A;04.02.2020;2,1"],
        "outcome": "accept_with_warning",
        "also_ok": "ask",
        "n": 1,
        "mention": "Hautdicke neu;site",
    },
    {
        "name": "m17_m11_the_dates_of_the_visits_in_a_second_header_row",
        "content": [
            "Patient;Region;Visite 1;Visite 2",
            ";;04.02.2020;05.05.2020",
            "A;Wade;2,1;2,0",
        ],
        "outcome": "ask",
        "answers": [
            (
                {"visits_across": "turn", "unit": "mm"},
                {"n": 2, "first": "A|calf|2020-02-04|2.1", "last": "A|calf|2020-05-05|2.0"},
            )
        ],
    },
    *(
        {
            "name": f"m17_dates_across_under_the_corner_{corner or 'left blank'}",
            "content": [f"{corner};04.02.2020;05.05.2020", "Unterarm;2,1;2,0", "Wade;1,1;1,0"],
            "outcome": "ask",
            "mention": "turned",
            "answers": [
                (
                    {"visits_across": "turn", "unit": "mm", "patient_id": "A"},
                    {"n": 4, "sites": 2, "last": "A|calf|2020-05-05|1.0"},
                )
            ],
        }
        for corner in ("Datum", "Visite", "")
    ),
    {
        "name": "m17_patients_down_are_no_sites",
        "content": ["Patient;Alter;04.02.2020;05.05.2020", "A;65;2,1;2,0", "B;60;1,1;1,0"],
        "outcome": "ask",
        "mention": "no column for the body site",
        "answers": [
            (
                {"visits_across": "turn", "unit": "mm", "site": "calf"},
                {"n": 4, "patients": 2, "first": "A|calf|2020-02-04|2.1"},
            )
        ],
    },
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_wide_tables(case, judge):
    judge(case)
