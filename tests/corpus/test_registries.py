"""Exports of registries: REDCap, cBioPortal, CDISC.

All people, dates and values are invented.
"""

from __future__ import annotations

import pytest

FIELDS_OF_A_CLINIC = [
    "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,visit_date,site,"
    "side,thickness_mm,us_complete,rx_drug,rx_start,rx_stop,therapy_complete",
    "1,baseline_arm_1,us,1,2020-01-07,1,1,2.4,2,,,,",
    "1,month_3_arm_1,us,1,2020-04-07,2,1,1.4,2,,,,",
    "1,,therapy,1,,,,,,3,2020-01-08,2020-06-08,2",
]


READ_FROM_REDCAP = {
    "outcome": "accept_with_warning",
    "n": 2,
    "therapies": 1,
    "first": "1|left forearm|2020-01-07|2.4",
    "last": "1|left calf|2020-04-07|1.4",
    "first_therapy": "1|IVIG|2020-01-08|2020-06-08",
}


DICTIONARY_OF_A_CLINIC = [
    '"Variable / Field Name","Form Name","Section Header","Field Type","Field Label",'
    '"Choices, Calculations, OR Slider Labels","Field Note"',
    'record_id,us,,text,"Record ID",,',
    'visit_date,us,,text,"Visit date",,',
    'site,us,,dropdown,"Body site","1, Forearm | 2, Calf",',
    'side,us,,radio,Side,"1, Left | 2, Right",',
    'rx_drug,therapy,,dropdown,Drug,"1, Methotrexate | 3, IVIG",',
]


AS_BY_API = [
    DICTIONARY_OF_A_CLINIC[0]
    .replace("Variable / Field Name", "field_name")
    .replace("Field Type", "field_type")
    .replace("Choices, Calculations, OR Slider Labels", "select_choices_or_calculations"),
    *DICTIONARY_OF_A_CLINIC[1:],
]


LABS_HEADER = "PATIENT_ID\tSTART_DATE\tSTOP_DATE\tEVENT_TYPE\tTEST\tRESULT"


SCAN_FIELDS = "record_id,redcap_event_name,us_date,us_site,{fields},us_complete"


SCAN_DICTIONARY = [
    'Variable / Field Name,Form Name,Field Type,Field Label,"Choices, Calculations"',
    'us_site,us,radio,Site,"1, forearm | 2, thigh"',
]


REDCAP = (
    "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,us_date,us_site,"
    "us_side,us_thickness_mm,ther_name,ther_start,ther_end,us_complete,therapy_complete\n"
    "1,baseline_arm_1,us,1,2020-02-04,1,1,2.4,,,,2,\n"
    "1,baseline_arm_1,us,2,2020-02-04,2,2,1.9,,,,2,\n"
    "1,month_3_arm_1,us,1,2020-05-05,1,1,2.2,,,,2,\n"
    "1,baseline_arm_1,therapy,1,,,,,3,2020-02-10,2020-08-10,,2\n"
)


CODES = {
    "codes.us_site": "1, forearm | 2, thigh",
    "codes.us_side": "1, left | 2, right",
    "codes.ther_name": "1, HCQ | 2, ECP | 3, IVIG",
}


DICTIONARY = (
    "Variable / Field Name,Form Name,Field Type,Field Label,"
    '"Choices, Calculations, OR Slider Labels"\n'
    'us_site,us,radio,Site,"1, forearm | 2, thigh"\n'
    'us_side,us,radio,Side,"1, left | 2, right"\n'
    'ther_name,therapy,dropdown,Therapy,"1, HCQ | 2, ECP | 3, IVIG"\n'
)


LABS = (
    "PATIENT_ID\tSTART_DATE\tSTOP_DATE\tEVENT_TYPE\tTEST\tRESULT\tQUALIFIER\n"
    "P-1\t10\t\tLAB_TEST\tSKIN_THICKNESS_FOREARM_MM\t2.4\t\n"
    "P-1\t101\t\tLAB_TEST\tSKIN_THICKNESS_FOREARM_MM\t0.5\t<\n"
)


TREATMENTS = (
    "PATIENT_ID\tSTART_DATE\tSTOP_DATE\tEVENT_TYPE\tTREATMENT_TYPE\tSUBTYPE\tAGENT\n"
    "P-1\t12\t90\tTREATMENT\tMedical Therapy\tImmunoglobulin\tIVIG\n"
    "P-1\t95\t\tTREATMENT\tMedical Therapy\tImmunosuppressant\tMethotrexate\n"
)


CASES = [
    {
        "name": "redcap_with_its_dictionary_of_which_each_field_is_a_word",
        "content": {"export.csv": FIELDS_OF_A_CLINIC, "dictionary.csv": DICTIONARY_OF_A_CLINIC},
        **READ_FROM_REDCAP,
    },
    {
        "name": "redcap_with_its_dictionary_as_the_interface_for_programs_writes_it",
        "content": {"export.csv": FIELDS_OF_A_CLINIC, "meta.csv": AS_BY_API},
        **READ_FROM_REDCAP,
    },
    {
        "name": "redcap_with_labels_where_a_row_of_therapies_misses_no_reading",
        "content": [
            "Record ID,Event Name,Repeat Instrument,Repeat Instance,Date of visit,Body site,Side,"
            "Skin thickness (mm),Complete?,Drug,Start date,Stop date,Complete?",
            "1,Baseline (Arm 1: A),Ultrasound,1,2020-01-07,Forearm,Left,2.4,Complete,,,,",
            "1,Month 3 (Arm 1: A),Ultrasound,1,2020-04-07,Calf,Left,1.4,Complete,,,,",
            "1,,Therapy,1,,,,,,IVIG,2020-01-08,2020-06-08,Complete",
        ],
        **READ_FROM_REDCAP,
        "silent": ("missing_date", "missing_site", "missing_value"),
    },
    {
        "name": "redcap_with_one_field_a_site",
        "content": [
            "record_id,redcap_event_name,visit_date,forearm_l_mm,chest_mm,mrss,us_complete",
            "1,baseline_arm_1,2020-01-07,2.4,3.1,20,2",
            "1,month_3_arm_1,2020-04-07,2.2,,18,2",
        ],
        "outcome": "accept_with_warning",
        "n": 3,
        "sites": 2,
        "first": "1|left forearm|2020-01-07|2.4",
        "last": "1|left forearm|2020-04-07|2.2",
    },
    {
        "name": "redcap_with_events_in_place_of_dates_and_no_unit",
        "content": [
            "record_id,redcap_event_name,forearm_l,chest,us_complete",
            "1,baseline_arm_1,2.4,3.1,2",
            "1,month_3_arm_1,2.2,3.0,2",
        ],
        "outcome": "ask",
        "answers": [
            (
                {"unit": "mm"},
                {"n": 4, "first": "1|left forearm|0|2.4", "last": "1|chest|91|3.0"},
            )
        ],
    },
    {
        "name": "redcap_with_names_and_birth_dates",
        "content": [
            "record_id,redcap_event_name,first_name,last_name,dob,visit_date,site,thickness_mm,"
            "us_complete",
            "1,baseline_arm_1,Jane,Doe,1960-01-02,2020-01-07,calf,2.4,2",
            "2,baseline_arm_1,John,Roe,1961-01-02,2020-01-09,calf,2.1,2",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "patients": 2,
        "mention": "first_name;last_name;dob",
    },
    {
        "name": "redcap_whose_first_field_is_the_name",
        "content": [
            "patient_name,redcap_event_name,visit_date,site,thickness_mm,us_complete",
            '"Doe, Jane",baseline_arm_1,2020-01-07,calf,2.4,2',
            '"Roe, John",baseline_arm_1,2020-01-09,calf,2.1,2',
        ],
        "outcome": "ask",
        "mention": "numbered",
        "answers": [
            (
                {"patient_id": "numbered"},
                {"n": 2, "patients": 2, "first": "P1|calf|2020-01-07|2.4"},
            )
        ],
    },
    {
        "name": "cbioportal_with_the_test_in_words",
        "content": [
            "PATIENT_ID\tSTART_DATE\tSTOP_DATE\tEVENT_TYPE\tTEST\tRESULT",
            "P1\t0\t\tLAB_TEST\tSkin thickness left forearm (mm)\t2.4",
            "P1\t90\t\tLAB_TEST\tSkin thickness left forearm (um)\t2100",
            "P1\t90\t\tLAB_TEST\tCRP\t5",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "sites": 1,
        "first": "P1|left forearm|0|2.4",
        "last": "P1|left forearm|90|2.1",
    },
    {
        "name": "its_columns_with_calendar_dates_are_an_ordinary_table",
        "content": [
            "PATIENT_ID\tSTART_DATE\tSTOP_DATE\tEVENT_TYPE\tAGENT",
            "P1\t2020-01-05\t2020-06-05\tTREATMENT\tIVIG",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "therapies": 1,
        "first_therapy": "P1|IVIG|2020-01-05|2020-06-05",
    },
    {
        "name": "redcap_with_french_names_of_fields",
        "content": [
            "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,"
            "date_echo,site_echo,epaisseur_um,ttt_nom,ttt_debut,ttt_fin,echo_complete",
            "1,inclusion_arm_1,,,2021-01-04,joue,2100,,,,2",
            "1,inclusion_arm_1,traitement,1,,,,Plaquenil,2021-01-05,2021-06-30,",
            "1,inclusion_arm_1,traitement,2,,,,IgIV,2021-07-05,,",
            "1,m3_arm_1,,,2021-04-05,joue,2000,,,,2",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "therapies": 2,
        "first_therapy": "1|hydroxychloroquine|2021-01-05|2021-06-30",
        "last_therapy": "1|IVIG|2021-07-05|ongoing",
        "mention": "REDCap",
    },
    {
        "name": "cbioportal_with_ends_that_are_not_available",
        "content": [
            "PATIENT_ID\tSTART_DATE\tSTOP_DATE\tEVENT_TYPE\tAGENT",
            "P-1\t-30\t60\tTREATMENT\tMéthotrexate",
            "P-1\t0\tNA\tTREATMENT\tPhotophérèse",
            "P-1\t90\t[Not Available]\tTREATMENT\tEndoxan",
        ],
        "outcome": "accept_with_warning",
        "therapies": 3,
        "warned": [3, 4],
        "rejected": [],
    },
    {
        "name": "m53_cbioportal_mixed_file",
        "file": "timeline.txt",
        "content": [
            "PATIENT_ID\tSTART_DATE\tSTOP_DATE\tEVENT_TYPE\tTREATMENT_TYPE\tAGENT\tTEST\tRESULT",
            "P-1\t0\t\tLAB_TEST\t\t\tSKIN_THICKNESS_CALF_MM\t2.4",
            "P-1\t5\t90\tTREATMENT\tMedical Therapy\tIVIG\t\t",
            "P-1\t95\t\tLAB_TEST\t\t\tSKIN_THICKNESS_CALF_MM\t<0.5",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "censored": 1,
        "therapies": 1,
        "first_therapy": "P-1|IVIG|5|90",
        "mention": "cbioportal;days",
    },
    {
        "name": "redcap_dates_on_the_event_row",
        "content": [
            "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,"
            "visit_date,site,thick_mm",
            "7,visit_1_arm_1,,,2024-02-05,,",
            "7,visit_1_arm_1,scan,1,,forearm,2.4",
            "7,visit_1_arm_1,scan,2,,hand,1.4",
            "7,visit_2_arm_1,,,2024-05-06,,",
            "7,visit_2_arm_1,scan,1,,forearm,2.2",
        ],
        "outcome": "accept_with_warning",
        "n": 3,
        "first": "7|forearm|2024-02-05|2.4",
        "last": "7|forearm|2024-05-06|2.2",
    },
    {
        "name": "redcap_fields_of_the_drug_form",
        "content": [
            "record_id,redcap_repeat_instrument,redcap_repeat_instance,scan_date,scan_site,"
            "scan_thickness_mm,rxlog_drug,rxlog_start,rxlog_end",
            "8,scan,1,2024-02-05,forearm,2.4,,,",
            "8,rxlog,1,,,,IVIG,2024-02-07,2024-09-01",
        ],
        "outcome": "accept_with_warning",
        "n": 1,
        "therapies": 1,
        "first_therapy": "8|IVIG|2024-02-07|2024-09-01",
    },
    {
        "name": "cdisc_names",
        "content": [
            "STUDYID,USUBJID,USDTC,USLOC,USLAT,USORRES,USORRESU",
            "SSC-1,SSC-1-004,2024-02-05,FOREARM,LEFT,2.4,mm",
            "SSC-1,SSC-1-004,2024-05-06,FOREARM,LEFT,2.2,mm",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning ask",
        "n": 2,
        "patients": 1,
        "first": "SSC-1-004|left forearm|2024-02-05|2.4",
    },
    {
        "name": "cdisc_courses",
        "content": [
            "STUDYID,USUBJID,CMTRT,CMDOSE,CMDOSU,CMSTDTC,CMENDTC",
            "SSC-1,SSC-1-004,METHOTREXATE,15,mg,2024-02-05,2024-10-01",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "therapies": 1,
        "first_therapy": "SSC-1-004|methotrexate|2024-02-05|2024-10-01",
    },
    {
        "name": "redcap_labels",
        "content": [
            "Record ID,Event Name,Repeat Instrument,Repeat Instance,Scan date,Body site,"
            "Skin thickness (mm),Complete?",
            "9,Baseline (Arm 1: main),Scan,1,2024-02-05,forearm,2.4,Complete",
            "9,Month 3 (Arm 1: main),Scan,1,2024-05-06,forearm,2.2,Complete",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "accept",
        "n": 2,
        "first": "9|forearm|2024-02-05|2.4",
    },
    {
        "name": "redcap_fields_by_unit",
        "content": [
            "record_id,redcap_event_name,exam_date,exam_forearm_mm,exam_calf_mm",
            "10,v1_arm_1,2024-02-05,2.4,1.9",
            "10,v2_arm_1,2024-05-06,2.2,1.8",
        ],
        "outcome": "accept_with_warning",
        "n": 4,
        "sites": 2,
    },
    {
        "name": "cdisc_findings_with_tests",
        "content": [
            "STUDYID,DOMAIN,USUBJID,MKTESTCD,MKTEST,MKORRES,MKORRESU,MKLOC,MKLAT,MKDTC",
            "S1,MK,S1-01,SKTHICK,Skin Thickness,2.4,mm,FOREARM,LEFT,2024-02-05",
            "S1,MK,S1-01,SKTHICK,Skin Thickness,2.2,mm,FOREARM,LEFT,2024-05-06",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning ask",
        "n": 2,
        "patients": 1,
    },
    {
        "name": "m53_m21_cbioportal_thickness_without_a_unit",
        "content": [
            LABS_HEADER,
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
            LABS_HEADER,
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
            LABS_HEADER,
            "P1\t0\t\tLAB_TEST\tSKIN_THICKNESS_FOREARM_MM\t1.8",
            "P1\t90\t\tLAB_TEST\tSKIN_THICKNESS_FOREARM_MM\t1.8-2.0",
        ],
        "outcome": "accept_with_warning",
        "n": 1,
        "rejected": (3,),
    },
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
            SCAN_FIELDS.format(fields="us_thickness_1_mm,us_thickness_2_mm"),
            "1,v1_arm_1,2020-02-04,calf,2.1,2.0,2",
        ],
        "outcome": "accept_with_warning",
        "values": [2.1, 2.0],
    },
    {
        "name": "m52_m59_redcap_with_two_fields_of_thickness",
        "content": [
            SCAN_FIELDS.format(fields="us_thickness_mm,us_thickness_um"),
            "1,v1_arm_1,2020-02-04,calf,2.1,1900,2",
        ],
        "outcome": "ask",
        "mention": "us_thickness_um",
        "answers": [({"column.thickness": "us_thickness_um"}, {"n": 1, "values": [1.9]})],
    },
    {
        "name": "m52_redcap_field_of_thickness_by_answer",
        "content": [SCAN_FIELDS.format(fields="zz"), "1,v1_arm_1,2020-02-04,calf,2.1,2"],
        "given": {"column.thickness": "zz", "unit": "mm"},
        "outcome": "accept_with_warning",
        "first": "1|calf|2020-02-04|2.1",
    },
    {
        "name": "m52_redcap_code_that_its_dictionary_lacks",
        "content": {
            "export.csv": [
                SCAN_FIELDS.format(fields="us_thickness_mm"),
                "1,v1_arm_1,2020-02-04,1,2.1,2",
                "1,v2_arm_1,2020-03-04,9,2.0,2",
            ],
            "dictionary.csv": SCAN_DICTIONARY,
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
        "name": "m52_redcap",
        "content": REDCAP,
        "outcome": "ask",
        "mention": "redcap|code;us_site",
        "answers": [
            (
                CODES,
                {
                    "n": 3,
                    "sites": 2,
                    "therapies": 1,
                    "first": "1|left forearm|2020-02-04|2.4",
                    "last": "1|left forearm|2020-05-05|2.2",
                    "first_therapy": "1|IVIG|2020-02-10|2020-08-10",
                },
            )
        ],
    },
    {
        "name": "m52_redcap_with_its_dictionary",
        "content": {"export.csv": REDCAP, "dictionary.csv": DICTIONARY},
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 3,
        "sites": 2,
        "therapies": 1,
        "first": "1|left forearm|2020-02-04|2.4",
        "first_therapy": "1|IVIG|2020-02-10|2020-08-10",
    },
    {
        "name": "m53_cbioportal_labs",
        "file": "data_timeline_lab_test.txt",
        "content": LABS,
        "outcome": "accept_with_warning",
        "n": 2,
        "censored": 1,
        "first": "P-1|forearm|10|2.4",
        "last": "P-1|forearm|101|<0.5",
        "mention": "cbioportal;relative|days",
    },
    {
        "name": "m53_cbioportal_treatments",
        "file": "data_timeline_treatment.txt",
        "content": TREATMENTS,
        "outcome": "accept_with_warning",
        "therapies": 2,
        "first_therapy": "P-1|IVIG|12|90",
        "mention": "cbioportal;relative|days",
    },
    {
        "name": "m53_cbioportal_examples_without_stop_date",
        "file": "timeline.tsv",
        "content": LABS.replace("STOP_DATE\t", "").replace("\t\tLAB_TEST", "\tLAB_TEST"),
        "outcome": "accept_with_warning",
        "n": 2,
        "censored": 1,
    },
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_registries(case, judge):
    judge(case)
