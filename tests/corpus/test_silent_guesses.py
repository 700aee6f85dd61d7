"""Files in which a first version of the import guessed in silence; each must say so or ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sm_tracker.ingest import SourceFile, read_sources

UNKNOWN_NAMES = ["a,b,c,d", "A1,2019-03-14,calf,2.35", "A1,2019-04-02,calf,2.1"]
CBIOPORTAL = "PATIENT_ID\tSTART_DATE\tSTOP_DATE\tEVENT_TYPE\tTEST\tRESULT"

MISREAD = (
    "Patient;Datum;Region;Hautdicke (µm)\nMü;04.02.2020;Fußrücken;2100\nMü;05.05.2020;Wade;1900\n"
)


def misread(page: str, times: int) -> bytes:
    """A file whose UTF-8 was read in an old code page and saved again, once or twice."""
    text = MISREAD
    for _ in range(times):
        text = text.encode("utf-8").decode(page)
    return text.encode("utf-8")


REDCAP = "record_id,redcap_event_name,us_date,us_site,{fields},us_complete"
DICTIONARY = [
    'Variable / Field Name,Form Name,Field Type,Field Label,"Choices, Calculations"',
    'us_site,us,radio,Site,"1, forearm | 2, thigh"',
]

CASES: list[dict[str, Any]] = [
    {
        "name": "m57_the_name_of_an_unknown_column_is_no_site",
        "content": UNKNOWN_NAMES,
        "given": {"column.thickness": "d", "column.patient_id": "a", "column.date": "b"},
        "outcome": "ask",
        "mention": "body site",
        "answers": [
            (
                {
                    "column.thickness": "d",
                    "column.patient_id": "a",
                    "column.date": "b",
                    "column.site": "c",
                    "unit": "mm",
                },
                {"n": 2, "sites": 1, "first": "A1|calf|2019-03-14|2.35"},
            )
        ],
    },
    {
        "name": "m57_a_mapped_column_with_a_number_in_its_name",
        "content": ["Kennung;Zeit;Ort;Q1", "A1;14.03.2019;Wade;2,35", "A1;02.04.2019;Wade;2,1"],
        "given": {
            "column.thickness": "Q1",
            "column.patient_id": "Kennung",
            "column.date": "Zeit",
            "column.site": "Ort",
            "unit": "mm",
        },
        "outcome": "accept",
        "n": 2,
        "sites": 1,
        "first": "A1|calf|2019-03-14|2.35",
    },
    {
        "name": "m16_readings_told_apart_by_letters",
        "content": ["Pat;Datum;Ort;Wert A;Wert B", "A1;14.03.2019;Wade;2,35;2,2"],
        "given": {"unit": "mm"},
        "outcome": "accept",
        "values": [2.35, 2.2],
    },
    {
        "name": "m59_one_of_two_thickness_columns_keeps_the_site_of_the_row",
        "content": [
            "Patient,Date,Site,thickness before (mm),thickness after (mm)",
            "A,2020-01-01,calf,2.1,2.0",
        ],
        "given": {"column.thickness": "thickness before (mm)"},
        "outcome": "accept_with_warning",
        "n": 1,
        "first": "A|calf|2020-01-01|2.1",
        "mention": "thickness after",
    },
    {
        "name": "m59_both_of_two_thickness_columns_as_readings",
        "content": [
            "Patient;Date;Site;épaisseur avant (mm);épaisseur après (mm)",
            "A;2020-01-01;mollet;2,1;2,0",
        ],
        "given": {"column.thickness": "replicates"},
        "outcome": "accept",
        "n": 2,
        "sites": 1,
        "last": "A|calf|2020-01-01|2.0",
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
        "name": "m53_m21_cbioportal_thickness_without_a_unit",
        "content": [
            CBIOPORTAL,
            "P1\t0\t\tLAB_TEST\tSKIN_THICKNESS_FOREARM\t1850",
            "P1\t90\t\tLAB_TEST\tSKIN_THICKNESS_FOREARM\t<1200",
        ],
        "outcome": "ask",
        "mention": "unit;1200 to 1850",
        "answers": [
            (
                {"unit": "um"},
                {"n": 2, "censored": 1, "first": "P1|forearm|0|1.85", "last": "P1|forearm|90|<1.2"},
            )
        ],
    },
    {
        "name": "m53_m37_cbioportal_slipped_decimal_point",
        "content": [
            CBIOPORTAL,
            *(f"P1\t{30 * i}\t\tLAB_TEST\tSKIN_THICKNESS_FOREARM_MM\t1.{i}" for i in range(4)),
            "P1\t300\t\tLAB_TEST\tSKIN_THICKNESS_FOREARM_MM\t18.5",
        ],
        "outcome": "accept_with_warning",
        "n": 5,
        "warned": (6,),
        "mention": "implausible",
    },
    {
        "name": "m53_m38_cbioportal_range_is_not_cut_to_one_value",
        "content": [
            CBIOPORTAL,
            "P1\t0\t\tLAB_TEST\tSKIN_THICKNESS_FOREARM_MM\t1.8",
            "P1\t90\t\tLAB_TEST\tSKIN_THICKNESS_FOREARM_MM\t1.8-2.0",
        ],
        "outcome": "accept_with_warning",
        "n": 1,
        "rejected": (3,),
    },
    {
        "name": "m36_a_value_whose_status_says_there_is_none",
        "content": [
            "patient_id,date,site,thickness_mm,status",
            "A,2020-01-01,calf,6.0,beyond_depth",
            "A,2020-02-01,calf,2.0,ok",
        ],
        "outcome": "accept_with_warning",
        "n": 1,
        "warned": (2,),
        "mention": "6 mm",
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
        "name": "m32_a_month_13_among_dates_that_prove_the_day_first",
        "content": ["Patient;Datum;Region;mm", "A;05.13.2020;Wade;2", "A;31.05.2020;Wade;1,9"],
        "outcome": "accept_with_warning",
        "n": 1,
        "rejected": (2,),
    },
    {
        "name": "m38_a_blank_in_place_of_the_decimal_sign",
        "content": ["Patient;Datum;Region;mm", "A;05.02.2020;Wade;2 1", "A;05.03.2020;Wade;2,0"],
        "outcome": "accept_with_warning",
        "n": 1,
        "rejected": (2,),
    },
    {
        "name": "m45_drug_and_regimen_in_two_columns",
        "content": ["patient,drug,from,to,regimen", "A,Cytoxan,2019-02-01,2019-08-01,monthly x6"],
        "outcome": "accept_with_warning",
        "therapies": 1,
        "first_therapy": "A|cyclophosphamide|2019-02-01|2019-08-01",
        "mention": "6 cycles",
    },
    {
        "name": "m44_unknown_end_abbreviated",
        "content": ["Patient;Therapie;Beginn;Ende", "A;IVIG;01.02.2019;unbek."],
        "outcome": "accept_with_warning",
        "first_therapy": "A|IVIG|2019-02-01|unknown",
    },
    {
        "name": "m14_m10_a_block_of_rows_for_each_patient_under_a_repeated_header",
        "content": [
            "Patient: A1;;",
            "Datum;Region;mm",
            "04.02.2020;Wade;2,1",
            "05.05.2020;Wade;2,0",
            ";;",
            "Patient: A2;;",
            "Datum;Region;mm",
            "06.02.2020;Wade;1,1",
            "07.05.2020;Wade;1,0",
        ],
        "outcome": "accept_with_warning",
        "n": 4,
        "patients": 2,
        "first": "A1|calf|2020-02-04|2.1",
        "last": "A2|calf|2020-05-07|1.0",
        "mention": "A2 was taken from row 6",
    },
    {
        "name": "m51_therapies_below_the_readings_of_another_patient",
        "content": [
            "Patient: A1;;",
            "Datum;Region;mm",
            "04.02.2020;Wade;2,1",
            "05.05.2020;Wade;2,0",
            ";;",
            "Patient: A2;;",
            "Therapie;Beginn;Ende",
            "IVIG;01.02.2020;",
        ],
        "outcome": "accept_with_warning",
        "first": "A1|calf|2020-02-04|2.1",
        "first_therapy": "A2|IVIG|2020-02-01|ongoing",
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
    {
        "name": "m36_refused_by_the_patient",
        "content": ["Patient;Date;Site;mm", "A;14.02.2020;mollet;refusé", "A;15.02.2020;mollet;2"],
        "outcome": "accept_with_warning",
        "n": 1,
        "mention": "missing, not zero",
    },
    *(
        {
            "name": f"m04_misread_{times}_times_as_{page}",
            "content": misread(page, times),
            "outcome": "accept_with_warning",
            "n": 2,
            "first": "Mü|foot dorsum|2020-02-04|2.1",
            "mention": "Fußrücken",
        }
        for page, times in (
            ("cp1252", 1),
            ("cp1252", 2),
            ("latin-1", 1),
            ("latin-1", 2),
            ("mac-roman", 1),
        )
    ),
    {
        "name": "m52_m15_redcap_with_a_field_for_each_site",
        "content": [
            "record_id,redcap_event_name,visit_date,thk_forearm_r_mm,thk_hand_l_mm,hfus_complete",
            "1,v1_arm_1,2020-02-04,2.1,1.9,2",
            "1,v2_arm_1,2020-03-04,2.0,,2",
        ],
        "outcome": "accept_with_warning",
        "n": 3,
        "sites": 2,
        "first": "1|right forearm|2020-02-04|2.1",
    },
    {
        "name": "m52_m16_redcap_with_a_field_for_each_reading",
        "content": [
            REDCAP.format(fields="us_thickness_1_mm,us_thickness_2_mm"),
            "1,v1_arm_1,2020-02-04,calf,2.1,2.0,2",
        ],
        "outcome": "accept_with_warning",
        "values": [2.1, 2.0],
    },
    {
        "name": "m52_m59_redcap_with_two_fields_of_thickness",
        "content": [
            REDCAP.format(fields="us_thickness_mm,us_thickness_um"),
            "1,v1_arm_1,2020-02-04,calf,2.1,1900,2",
        ],
        "outcome": "ask",
        "mention": "us_thickness_um",
        "answers": [({"column.thickness": "us_thickness_um"}, {"n": 1, "values": [1.9]})],
    },
    {
        "name": "m52_redcap_field_of_thickness_by_answer",
        "content": [REDCAP.format(fields="zz"), "1,v1_arm_1,2020-02-04,calf,2.1,2"],
        "given": {"column.thickness": "zz", "unit": "mm"},
        "outcome": "accept_with_warning",
        "first": "1|calf|2020-02-04|2.1",
    },
    {
        "name": "m52_redcap_code_that_its_dictionary_lacks",
        "content": {
            "export.csv": [
                REDCAP.format(fields="us_thickness_mm"),
                "1,v1_arm_1,2020-02-04,1,2.1,2",
                "1,v2_arm_1,2020-03-04,9,2.0,2",
            ],
            "dictionary.csv": DICTIONARY,
        },
        "outcome": "ask",
        "mention": "us_site (site): 9",
        "answers": [
            (
                {"codes.us_site": "9, chest"},
                {"n": 2, "first": "1|forearm|2020-02-04|2.1", "last": "1|chest|2020-03-04|2.0"},
            )
        ],
    },
    {
        "name": "m18_a_column_named_by_its_method",
        "content": ["Patient;Datum;Region;HFUS (mm)", "A;04.02.2020;Wade;2,1"],
        "outcome": "accept",
        "first": "A|calf|2020-02-04|2.1",
    },
    {
        "name": "m44_end_under_the_name_of_its_day_of_stopping",
        "content": ["Patient;Tx;Beginn;Absetzdatum", "A;IVIG;04.02.2020;05.06.2020"],
        "outcome": "accept",
        "first_therapy": "A|IVIG|2020-02-04|2020-06-05",
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
    {
        "name": "m40_two_values_are_no_visit_while_the_site_is_not_known",
        "content": ["Patient;Datum;mm", "A;04.02.2020;2,1", "A;04.02.2020;2,6"],
        "outcome": "ask",
        "mention": "body site",
        "answers": [({"site": "calf", "same_visit": "replicate"}, {"n": 2})],
    },
    {
        "name": "m35_sign_in_the_cell_against_the_column_of_signs",
        "content": [
            "patient_id,date,site,thickness_mm,qualifier",
            "A,2020-01-01,calf,<6.0,>",
            "A,2020-02-01,calf,2.0,",
        ],
        "outcome": "accept_with_warning",
        "n": 1,
        "rejected": (2,),
        "mention": "contradict",
    },
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_file_is_not_guessed_at(case: dict[str, Any], judge: Callable[..., None]) -> None:
    judge(case)


def test_what_one_visit_is_is_not_asked_before_the_site_is_known() -> None:
    table = SourceFile("a.csv", b"Patient;Datum;mm\nA;04.02.2020;2,1\nA;04.02.2020;2,6\n")
    assert [q.key for q in read_sources([table]).questions] == ["site"]
    again = read_sources([table], answers={"site": "calf"})
    assert [q.key for q in again.questions] == ["same_visit"]
