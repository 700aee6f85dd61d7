"""Ways M51 to M63: formats, mixed tables, columns that are missing, doubled or no thickness."""

from __future__ import annotations

import pytest

REDCAP = (
    "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,us_date,us_site,"
    "us_side,us_thickness_mm,ther_name,ther_start,ther_end,us_complete,therapy_complete\n"
    "1,baseline_arm_1,us,1,2020-02-04,1,1,2.4,,,,2,\n"
    "1,baseline_arm_1,us,2,2020-02-04,2,2,1.9,,,,2,\n"
    "1,month_3_arm_1,us,1,2020-05-05,1,1,2.2,,,,2,\n"
    "1,baseline_arm_1,therapy,1,,,,,3,2020-02-10,2020-08-10,,2\n"
)
DICTIONARY = (
    "Variable / Field Name,Form Name,Field Type,Field Label,"
    '"Choices, Calculations, OR Slider Labels"\n'
    'us_site,us,radio,Site,"1, forearm | 2, thigh"\n'
    'us_side,us,radio,Side,"1, left | 2, right"\n'
    'ther_name,therapy,dropdown,Therapy,"1, HCQ | 2, ECP | 3, IVIG"\n'
)
CODES = {
    "codes.us_site": "1, forearm | 2, thigh",
    "codes.us_side": "1, left | 2, right",
    "codes.ther_name": "1, HCQ | 2, ECP | 3, IVIG",
}
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
        "name": "m51_mixed_records_english",
        "content": [
            "record,patient,date,end,site,mm,therapy",
            "measurement,C1,2020-02-04,,calf,2.4,",
            "therapy,C1,2020-02-10,2020-06-10,,,IVIG",
            "measurement,C1,2020-05-05,,calf,2.1,",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 2,
        "therapies": 1,
        "first": "C1|calf|2020-02-04|2.4",
        "last": "C1|calf|2020-05-05|2.1",
        "first_therapy": "C1|IVIG|2020-02-10|2020-06-10",
    },
    {
        "name": "m51_mixed_records_german",
        "content": [
            "Art;Patient;Datum;Ende;Region;Hautdicke (mm);Therapie",
            "Messung;B1;04.02.2020;;Wade;2,4;",
            "Therapie;B1;10.02.2020;laufend;;;Quensyl",
            "Messung;B1;05.05.2020;;Wade;2,1;",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 2,
        "therapies": 1,
        "first_therapy": "B1|hydroxychloroquine|2020-02-10|ongoing",
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
        "name": "m55_formula_text",
        "content": [
            "patient,date,site,mm,note",
            "C5,2020-02-04,calf,2.4,=cmd|'/C calc'!A0",
            "C5,2020-05-05,calf,2.2,+491234",
            "C5,2020-08-04,calf,2.1,@SUM(A1)",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "accept",
        "n": 3,
        "warned": (2,),
    },
    {
        "name": "m55_formula_as_site_german",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm)",
            "=B5;04.02.2020;Wade;2,4",
            'B6;05.05.2020;"=HYPERLINK(1)";2,2',
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "warned": (3,),
    },
    {
        "name": "m57_no_thickness_german",
        "content": [
            "Patient;Datum;Region;Bemerkung",
            "B7;04.02.2020;Wade;weich",
            "B7;05.05.2020;Wade;fest",
        ],
        "outcome": "reject",
        "also_ok": "ask",
        "mention": "thickness;bemerkung|column",
    },
    {
        "name": "m57_no_date_french",
        "content": [
            "Patient;Site;Épaisseur (mm)",
            "F7;mollet;2,4",
            "F7;mollet;2,2",
        ],
        "outcome": "reject",
        "also_ok": "ask",
        "mention": "date;épaisseur|column",
    },
    {
        "name": "m57_no_start_of_therapy",
        "content": [
            "patient,therapy,dose",
            "C7,IVIG,2 g/kg",
        ],
        "outcome": "reject",
        "also_ok": "ask",
        "mention": "start;dose|column",
    },
    {
        "name": "m57_unknown_names_asked_for",
        "content": [
            "pid,when,where_on_body,reading_x",
            "C7,2020-02-04,calf,2.4 mm",
            "C7,2020-05-05,calf,2.2 mm",
        ],
        "outcome": "ask",
        "also_ok": "accept accept_with_warning reject",
        "n": 2,
        "mention": "column",
    },
    {
        "name": "m58_names_and_birth_dates_german",
        "content": [
            "Name;Vorname;Geburtsdatum;Patient;Datum;Region;Hautdicke (mm)",
            "Muster;Hans;01.03.1958;B8;04.02.2020;Wade;2,4",
            "Muster;Hans;01.03.1958;B8;05.05.2020;Wade;2,2",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "patients": 1,
        "first": "B8|calf|2020-02-04|2.4",
        "mention": "name;birth;geburtsdatum",
    },
    {
        "name": "m58_insurance_number_french",
        "content": [
            "Patient;N° de sécurité sociale;Date;Site;Épaisseur (mm);E-mail",
            "F8;1 58 03 75 123 456 78;04.02.2020;mollet;2,4;x@example.org",
        ],
        "outcome": "accept_with_warning",
        "n": 1,
        "mention": "insurance|social security;e-mail|mail",
    },
    {
        "name": "m58_names_as_the_patient_column",
        "content": [
            "Patient,Date,Site,mm",
            '"Muster, Hans",2020-02-04,calf,2.4',
            '"Beispiel, Anna",2020-05-05,calf,2.2',
        ],
        "outcome": "ask",
        "also_ok": "accept_with_warning reject",
        "mention": "name",
    },
    {
        "name": "m59_two_columns_of_one_name",
        "content": [
            "patient,date,site,thickness (mm),thickness (mm)",
            "C9,2020-02-04,calf,2.4,2.5",
            "C9,2020-05-05,calf,2.2,2.3",
        ],
        "outcome": "ask",
        "mention": "thickness (mm)|twice|two columns",
        "answers": [({"column.thickness": "replicates"}, {"n": 4, "values": [2.4, 2.5, 2.2, 2.3]})],
    },
    {
        "name": "m59_two_date_columns_german",
        "content": [
            "Patient;Datum;Datum;Region;Hautdicke (mm)",
            "B9;04.02.2020;05.02.2020;Wade;2,4",
            "B9;05.05.2020;06.05.2020;Wade;2,2",
        ],
        "outcome": "ask",
        "mention": "datum",
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
    {
        "name": "m61_note_with_unquoted_separator",
        "content": [
            "patient,date,site,mm,note",
            "C11,2020-02-04,calf,2.4,red, warm",
            "C11,2020-05-05,calf,2.2,soft",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "warned": (2,),
        "mention": "row 2",
    },
    {
        "name": "m61_too_few_fields_german",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm);Gerät",
            "B11;04.02.2020;Wade;2,4;DUB",
            "B11;05.05.2020",
            "B11;04.08.2020;Wade;2,1;DUB",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "rejected": (3,),
    },
    {
        "name": "m61_decimal_commas_split_by_commas",
        "content": [
            "Patient,Datum,Region,mm",
            "B11,04.02.2020,Wade,2,4",
            "B11,05.05.2020,Wade,2,2",
        ],
        "outcome": "ask",
        "also_ok": "accept_with_warning",
        "n": 2,
        "values": [2.4, 2.2],
        "mention": "comma|field",
    },
    {
        "name": "m62_quote_not_closed",
        "content": [
            "patient,date,site,mm,note",
            'C12,2020-02-04,calf,2.4,"soft',
            "C12,2020-05-05,calf,2.2,hard",
        ],
        "outcome": "reject",
        "mention": "quote;2",
    },
    {
        "name": "m62_quote_not_closed_german",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm)",
            "B12;04.02.2020;Wade;2,4",
            'B12;05.05.2020;"Stirn;2,2',
            "B12;06.05.2020;Stirn;2,2",
        ],
        "outcome": "reject",
        "mention": "quote|quotation;3",
    },
    {
        "name": "m63_line_breaks_in_quotes",
        "content": "patient,date,site,mm,note\r\n"
        'C13,2020-02-04,calf,2.4,"red, warm\r\nand ""stiff"""\r\n'
        "C13,2020-05-05,calf,2.2,soft\r\n",
        "outcome": "accept",
        "n": 2,
        "last": "C13|calf|2020-05-05|2.2",
    },
    {
        "name": "m63_row_numbers_after_a_line_break",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm);Bemerkung",
            'B13;04.02.2020;Wade;2,4;"eins',
            'zwei"',
            "B13;31.02.2020;Wade;2,2;",
        ],
        "outcome": "accept_with_warning",
        "n": 1,
        "rejected": (3,),
        "mention": "31.02.2020",
    },
    {
        "name": "m64_old_mac_line_ends",
        "content": "Patient;Datum;Region;Hautdicke (mm)\rB14;04.02.2020;Wade;2,4\r"
        "B14;05.05.2020;Wade;2,2\r",
        "outcome": "accept",
        "n": 2,
        "last": "B14|calf|2020-05-05|2.2",
    },
    {
        "name": "m64_mixed_line_ends",
        "content": "patient,date,site,mm\r\nC14,2020-02-04,calf,2.4\nC14,2020-05-05,calf,2.2\r\n",
        "outcome": "accept",
        "n": 2,
    },
    {
        "name": "m65_blanks_minus_and_dashes",
        "content": [
            "patient,date,site,mm",
            "C15\xa0,2020–02–04,\xa0calf,2.4\xa0",
            "C15,2020‑05‑05,calf\u200b,\u202f2.2",
            "C15,2020-08-04,calf,−1.0",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "patients": 1,
        "sites": 1,
        "rejected": (4,),
        "last": "C15|calf|2020-05-05|2.2",
    },
    {
        "name": "m65_nbsp_in_header_french",
        "content": [
            "Patient\xa0;Date\xa0;Site;Épaisseur\xa0(mm)",
            "F15;04.02.2020;mollet;2,4",
            "F15;05.05.2020;mollet;2,2\xa0mm",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 2,
    },
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_shapes(case, judge):
    judge(case)
