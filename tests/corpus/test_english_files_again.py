"""English files of an adversary: UK and US habits, device exports, registries, several at once."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest

from sm_tracker.ingest import SourceFile, read_sources

TODAY = dt.date(2026, 11, 1)


@pytest.fixture
def codes_of():
    def codes(content):
        files = content if isinstance(content, dict) else {"table.csv": content}
        sources = [SourceFile(n, "\n".join(c).encode()) for n, c in files.items()]
        return [f.code for f in read_sources(sources, today=TODAY).findings]

    return codes


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


REDCAP = [
    "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,visit_date,site,"
    "side,thickness_mm,us_complete,rx_drug,rx_start,rx_stop,therapy_complete",
    "1,baseline_arm_1,us,1,2020-01-07,1,1,2.4,2,,,,",
    "1,month_3_arm_1,us,1,2020-04-07,2,1,1.4,2,,,,",
    "1,,therapy,1,,,,,,3,2020-01-08,2020-06-08,2",
]
DICTIONARY = [
    '"Variable / Field Name","Form Name","Section Header","Field Type","Field Label",'
    '"Choices, Calculations, OR Slider Labels","Field Note"',
    'record_id,us,,text,"Record ID",,',
    'visit_date,us,,text,"Visit date",,',
    'site,us,,dropdown,"Body site","1, Forearm | 2, Calf",',
    'side,us,,radio,Side,"1, Left | 2, Right",',
    'rx_drug,therapy,,dropdown,Drug,"1, Methotrexate | 3, IVIG",',
]
AS_BY_API = [
    DICTIONARY[0]
    .replace("Variable / Field Name", "field_name")
    .replace("Field Type", "field_type")
    .replace("Choices, Calculations, OR Slider Labels", "select_choices_or_calculations"),
    *DICTIONARY[1:],
]
READ_FROM_REDCAP = {
    "outcome": "accept_with_warning",
    "n": 2,
    "therapies": 1,
    "first": "1|left forearm|2020-01-07|2.4",
    "last": "1|left calf|2020-04-07|1.4",
    "first_therapy": "1|IVIG|2020-01-08|2020-06-08",
}
REGISTRIES = [
    {
        "name": "redcap_with_its_dictionary_of_which_each_field_is_a_word",
        "content": {"export.csv": REDCAP, "dictionary.csv": DICTIONARY},
        **READ_FROM_REDCAP,
    },
    {
        "name": "redcap_with_its_dictionary_as_the_interface_for_programs_writes_it",
        "content": {"export.csv": REDCAP, "meta.csv": AS_BY_API},
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
]


@pytest.mark.parametrize("case", REGISTRIES, ids=lambda c: c["name"])
def test_registries(case, judge, codes_of):
    judge(case)
    assert not set(case.get("silent", ())) & set(codes_of(case["content"]))


THERAPIES = [
    {
        "name": "ends_in_a_column_whose_name_says_nothing_are_asked_for",
        "content": [
            "patient,drug,started,off",
            "R60,IVIG,2020-01-15,2020-05-20",
            "R60,MTX,2020-06-15,2020-09-20",
        ],
        "outcome": "ask",
        "mention": "off",
        "answers": [
            (
                {"column.end": "off"},
                {"therapies": 2, "first_therapy": "R60|IVIG|2020-01-15|2020-05-20"},
            ),
            (
                {"column.end": "none"},
                {"therapies": 2, "first_therapy": "R60|IVIG|2020-01-15|unknown"},
            ),
        ],
    },
    {
        "name": "starts_in_a_column_whose_name_says_nothing_are_asked_for",
        "content": ["patient,drug,on,end", "R61,IVIG,2020-01-15,2020-05-20"],
        "outcome": "ask",
        "answers": [
            (
                {"column.start": "on"},
                {"therapies": 1, "first_therapy": "R61|IVIG|2020-01-15|2020-05-20"},
            )
        ],
    },
    {
        "name": "sessions_in_a_column_of_procedures",
        "content": ["Patient,Procedure,Date"]
        + [f"R30,ECP,2020-{m:02d}-{d:02d}" for m in range(1, 7) for d in (6, 7)],
        "outcome": "ask",
        "answers": [
            (
                {"sessions": "one-course"},
                {"therapies": 1, "first_therapy": "R30|ECP|2020-01-06|2020-06-07"},
            )
        ],
    },
    {
        "name": "a_procedure_that_is_the_scan_is_no_therapy",
        "content": [
            "patient,date,site,mm,procedure",
            "R31,2020-01-07,calf,2.6,B-mode scan",
            "R31,2020-07-07,calf,2.2,B-mode scan",
        ],
        "outcome": "accept",
        "n": 2,
        "therapies": 0,
    },
    {
        "name": "one_course_pasted_twice_with_another_spelling_counts_once",
        "content": [
            "patient,therapy,start,end",
            "D3,IVIG,2020-01-01,2020-06-01",
            "D3,IVIg,2020-01-01,2020-06-01",
            "D3,MTX,2020-02-01,",
        ],
        "outcome": "accept_with_warning",
        "therapies": 2,
        "mention": "duplicate",
        "last_therapy": "D3|methotrexate|2020-02-01|ongoing",
    },
    {
        "name": "an_end_until_further_notice_is_ongoing",
        "content": ["patient,therapy,start,end", "D4,IVIG,2020-01-01,until further notice"],
        "outcome": "accept",
        "therapies": 1,
        "first_therapy": "D4|IVIG|2020-01-01|ongoing",
    },
    {
        "name": "a_laboratory_value_among_mixed_records_is_no_thickness",
        "content": [
            "patient,type,date,end,item,value,unit",
            "R50,measurement,2020-01-07,,calf,2.6,mm",
            "R50,therapy,2020-02-01,2020-08-01,IVIG,,",
            "R50,lab,2020-07-07,,CRP,3,mg/l",
            "R50,lab,2020-07-07,,CK,3.1,mm",
            "R50,lab test,2020-07-07,,skin thickness calf,2.2,mm",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "therapies": 1,
        "warned": [4, 5],
        "last": "R50|skin thickness calf|2020-07-07|2.2",
    },
]
VALUES = [
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
        "name": "words_of_a_visit_that_gave_no_value",
        "content": [
            "patient,date,site,thickness_mm",
            "V2,2021-01-05,thigh,1.9",
            "V2,2021-02-05,thigh,pt refused",
            "V2,2021-03-05,thigh,missed visit",
            "V2,2021-04-05,thigh,unable to measure",
            "V2,2021-05-05,thigh,too thick to measure",
        ],
        "outcome": "accept_with_warning",
        "n": 1,
        "warned": [3, 4, 5, 6],
        "mention": "missing;beyond",
    },
]


@pytest.mark.parametrize("case", [*THERAPIES, *VALUES], ids=lambda c: c["name"])
def test_therapies_and_values(case, judge):
    judge(case)


STATES = [
    {
        "name": "a_blank_end_of_a_course_that_is_flagged_as_not_ongoing_is_unknown",
        "content": [
            "patient,drug,start,end,ongoing?",
            "A1,MTX,2020-01-01,,Y",
            "A1,IVIG,2020-02-01,2020-05-01,N",
            "A1,HCQ,2020-03-01,,N",
        ],
        "outcome": "accept_with_warning",
        "therapies": 3,
        "first_therapy": "A1|methotrexate|2020-01-01|ongoing",
        "last_therapy": "A1|hydroxychloroquine|2020-03-01|unknown",
        "warned": [4],
    },
    {
        "name": "a_blank_end_of_a_course_whose_status_is_stopped_is_unknown",
        "content": [
            "patient,drug,start,end,status",
            "A1,MTX,2020-01-01,,active",
            "A1,IVIG,2020-02-01,2020-05-01,completed",
            "A1,HCQ,2020-03-01,,stopped",
        ],
        "outcome": "accept_with_warning",
        "therapies": 3,
        "first_therapy": "A1|methotrexate|2020-01-01|ongoing",
        "last_therapy": "A1|hydroxychloroquine|2020-03-01|unknown",
        "mention": "stopped",
    },
    {
        "name": "a_blank_end_beside_a_reason_for_the_stop_is_unknown",
        "content": [
            "patient,drug,start,end,reason for discontinuation",
            "A1,MTX,2020-01-01,,nausea",
            "A1,IVIG,2020-02-01,,n/a",
        ],
        "outcome": "accept_with_warning",
        "therapies": 2,
        "first_therapy": "A1|methotrexate|2020-01-01|unknown",
        "last_therapy": "A1|IVIG|2020-02-01|ongoing",
        "warned": [2],
    },
    {
        "name": "an_end_beside_the_flag_ongoing_contradicts_it",
        "content": [
            "patient,drug,start,end,ongoing",
            "A1,MTX,2020-01-01,2020-02-01,yes",
            "A1,IVIG,2020-02-01,,yes",
        ],
        "outcome": "accept_with_warning",
        "therapies": 1,
        "rejected": [2],
    },
]


@pytest.mark.parametrize("case", STATES, ids=lambda c: c["name"])
def test_states_of_courses(case, judge):
    judge(case)


def test_the_dose_takes_the_unit_and_the_frequency_of_their_own_columns():
    content = "patient,drug,dose,unit,frequency,start,end\nA1,MTX,15,mg,weekly,2020-01-01,\n"
    (course,) = read_sources([SourceFile("rx.csv", content.encode())], today=TODAY).therapies
    assert course.dose == "15 mg, weekly"


@pytest.mark.parametrize("header", ["Pt", "Volunteer", "Case", "Subject"])
def test_names_under_any_header_of_patients_are_not_imported(header):
    content = f"{header},date,site,mm\nJane Doe,2020-02-03,calf,2.1\nMary King,2020-02-03,calf,2\n"
    result = read_sources([SourceFile("names.csv", content.encode())], today=TODAY)
    assert result.outcome == "ask"
    assert [q.key for q in result.questions] == ["patient_id"]


TURN = {"visits_across": "turn"}
SIDE_BY_SIDE = [
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
        "name": "courses_side_by_side",
        "content": [
            "patient,drug 1,start 1,stop 1,drug 2,start 2,stop 2",
            "A1,MTX,2020-02-03,2020-05-03,IVIG,2020-06-03,",
            "A2,HCQ,2020-02-03,,,,",
        ],
        "outcome": "ask",
        "answers": [
            (
                TURN,
                {
                    "therapies": 3,
                    "first_therapy": "A1|methotrexate|2020-02-03|2020-05-03",
                    "last_therapy": "A2|hydroxychloroquine|2020-02-03|ongoing",
                },
            )
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
]


@pytest.mark.parametrize("case", SIDE_BY_SIDE, ids=lambda c: c["name"])
def test_visits_and_courses_side_by_side(case, judge):
    judge(case)


def workbook(*sheets, formats=()):
    """An .xlsx file: for each sheet its title and rows; `formats` of cells of the first sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    for cell, form in formats:
        book.worksheets[0][cell].number_format = form
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


DAY = dt.datetime(2020, 1, 7)
COLUMNS = ["Patient", "Date", "Site", "Thickness (mm)"]
SPREADSHEETS = [
    {
        "name": "leading_zeros_that_only_the_format_of_the_cell_shows",
        "file": "zeros.xlsx",
        "content": workbook(
            ("US", [COLUMNS, [7, DAY, "calf", 2.4], ["007", dt.datetime(2020, 4, 7), "calf", 2.2]]),
            formats=[("A2", "000")],
        ),
        "outcome": "accept",
        "n": 2,
        "patients": 1,
        "first": "007|calf|2020-01-07|2.4",
    },
    {
        "name": "unit_that_only_the_format_of_the_cell_shows",
        "file": "unit.xlsx",
        "content": workbook(
            ("US", [["Patient", "Date", "Site", "Thickness"], ["K11", DAY, "calf", 2400]]),
            formats=[("D2", '0" µm"'), ("B2", "dd/mm/yyyy")],
        ),
        "outcome": "accept",
        "n": 1,
        "first": "K11|calf|2020-01-07|2.4",
    },
    {
        "name": "dates_of_which_a_spreadsheet_turned_only_those_it_could_read",
        "file": "half.xlsx",
        "content": workbook(
            (
                "US",
                [
                    COLUMNS,
                    ["K9", dt.datetime(2020, 2, 1), "calf", 2.4],
                    ["K9", "13/04/2020", "calf", 2.2],
                    ["K9", dt.datetime(2020, 7, 5), "calf", 2.1],
                ],
            )
        ),
        "outcome": "accept_with_warning",
        "n": 3,
        "warned": [2, 3, 4],
        "mention": "exchanged day and month",
    },
    {
        "name": "one_sheet_a_patient_proposes_the_name_of_the_sheet",
        "file": "sheets.xlsx",
        "content": workbook(
            ("SM-01", [COLUMNS[1:], [DAY, "calf", 2.4]]),
            ("SM-02", [COLUMNS[1:], [DAY, "calf", 2.9]]),
        ),
        "outcome": "ask",
        "mention": "SM-01;SM-02",
        "answers": [
            (
                {
                    "patient_id@sheets.xlsx/SM-01": "SM-01",
                    "patient_id@sheets.xlsx/SM-02": "SM-02",
                },
                {"n": 2, "patients": 2, "last": "SM-02|calf|2020-01-07|2.9"},
            )
        ],
    },
]
DATES_AND_UNITS = [
    {
        "name": "parts_of_dates_that_are_written_as_unknown",
        "content": [
            "patient,drug,start,end",
            "A1,MTX,xx/04/2021,2021-09-??",
            "A1,IVIG,UN-OCT-2021,UNK-UNK-2022",
            "A1,ECP,xx/xx/xxxx,",
        ],
        "outcome": "accept_with_warning",
        "therapies": 2,
        "first_therapy": "A1|methotrexate|2021-04-01|2021-09-30",
        "last_therapy": "A1|IVIG|2021-10-01|2022-12-31",
        "rejected": [4],
        "mention": "approximate",
    },
    {
        "name": "a_reading_whose_day_is_written_as_unknown",
        "content": ["patient,date,site,mm", "A1,xx/04/2021,calf,2.1", "A1,2021-05-01,calf,2"],
        "outcome": "accept_with_warning",
        "n": 1,
        "rejected": [2],
    },
    {
        "name": "weekday_before_an_american_date",
        "content": ["patient,date,site,mm", 'A1,"Tuesday, November 3, 2020",calf,2.1'],
        "outcome": "accept",
        "n": 1,
        "first": "A1|calf|2020-11-03|2.1",
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
]


@pytest.mark.parametrize("case", [*SPREADSHEETS, *DATES_AND_UNITS], ids=lambda c: c["name"])
def test_spreadsheets_dates_and_units(case, judge):
    judge(case)


NO_THICKNESS_OF_SKIN = [
    "subcutaneous thickness (mm)", "nail thickness (mm)", "fascia thickness (mm)",
    "intima media thickness (mm)", "thickness of gel (mm)", "slice thickness (mm)",
    "change in thickness (mm)", "Δ thickness (mm)", "thickness % of baseline",
    "sum of thickness (mm)", "thickness grade", "Hautdickenänderung (mm)",
    "variation épaisseur (mm)", "épaisseur sous-cutanée (mm)", "Nageldicke (mm)",
]  # fmt: skip
THICKNESS_OF_SKIN = [
    "skin thickness (mm)", "chest wall skin thickness (mm)", "total skin thickness (mm)",
    "scar thickness (mm)", "dermal thickness (mm)", "Hautdicke in mm", "épaisseur cutanée (mm)",
]  # fmt: skip


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


@pytest.mark.parametrize("header", THICKNESS_OF_SKIN)
def test_a_thickness_of_skin_under_many_names_is_read(header):
    rows = f'patient,date,site,"{header}"\nA1,2020-01-15,calf,2.4\n'
    (reading,) = read_sources([SourceFile("t.csv", rows.encode())], today=TODAY).measurements
    assert reading.thickness_mm == 2.4


TIMELINES = [
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
]


@pytest.mark.parametrize("case", TIMELINES, ids=lambda c: c["name"])
def test_timelines_and_points(case, judge):
    judge(case)


BESIDE_THE_VALUE = [
    {
        "name": "the_operator_is_who_held_the_probe",
        "content": [
            "patient,date,site,mm,operator",
            "A1,2020-02-03,calf,2.1,AB",
            "A1,2020-03-03,calf,2.0,CD",
        ],
        "outcome": "accept",
        "n": 2,
        "censored": 0,
    },
    {
        "name": "the_operator_is_a_sign",
        "content": [
            "patient,date,site,mm,operator",
            "A1,2020-02-03,calf,0.4,<",
            "A1,2020-03-03,calf,2.0,=",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 2,
        "censored": 1,
        "first": "A1|calf|2020-02-03|<0.4",
    },
    {
        "name": "a_flag_below_the_limit_of_detection",
        "content": [
            "patient,date,site,mm,below LOD",
            "A1,2020-02-03,calf,0.4,1",
            "A1,2020-03-03,calf,2.0,0",
            "A1,2020-04-03,calf,1.9,",
        ],
        "outcome": "accept_with_warning",
        "n": 3,
        "censored": 1,
        "first": "A1|calf|2020-02-03|<0.4",
        "warned": [2],
        "mention": "<0.4",
    },
    {
        "name": "a_flag_above_the_range",
        "content": [
            "patient,date,site,mm,above range",
            "A1,2020-02-03,calf,6.0,Yes",
            "A1,2020-03-03,calf,2.0,No",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "censored": 1,
        "first": "A1|calf|2020-02-03|>6.0",
    },
    {
        "name": "a_flag_that_does_not_say_on_which_side_the_value_lies",
        "content": [
            "patient,date,site,mm,censored",
            "A1,2020-02-03,calf,0.4,yes",
            "A1,2020-03-03,calf,2.0,no",
        ],
        "outcome": "accept_with_warning",
        "n": 1,
        "rejected": [2],
    },
    {
        "name": "infusions_by_product_one_row_each",
        "content": [
            "Patient,Infusion date,Product,Dose (g)",
            "A1,01/14/2020,Privigen,70",
            "A1,02/11/2020,Privigen,70",
            "A1,03/10/2020,Privigen,70",
        ],
        "outcome": "ask",
        "answers": [
            (
                {"sessions": "one-course"},
                {"therapies": 1, "first_therapy": "A1|IVIG|2020-01-14|2020-03-10"},
            )
        ],
    },
]


@pytest.mark.parametrize("case", BESIDE_THE_VALUE, ids=lambda c: c["name"])
def test_columns_beside_the_value(case, judge):
    judge(case)


def test_an_operator_is_kept_as_examiner():
    content = "patient,date,site,mm,operator\nA1,2020-02-03,calf,2.1,AB\n"
    (reading,) = read_sources([SourceFile("t.csv", content.encode())], today=TODAY).measurements
    assert reading.examiner == "AB"


REMARK_COLUMNS = {
    "test": ("US", "US"),
    "outcome": ("stable", "better"),
    "variable": ("skin", "skin"),
    "study day": ("0", "126"),
    "days since start": ("0", "126"),
    "day": ("Wednesday", "Thursday"),
    "position": ("supine", "supine"),
    "location": ("room 3", "room 3"),
    "qualifier": ("exact", "exact"),
    "replicate": ("1 of 1", "1 of 1"),
    "reading no": ("#1", "#1"),
    "operator": ("JS", "KL"),
    "status": ("ok", "measured"),
    "time": ("08:30", "09:15"),
    "date entered": ("2020-02-01", "2020-06-01"),
    "next visit": ("2020-05-20", "2020-08-20"),
    "date of diagnosis": ("2015-02-01", "2015-02-01"),
    "days since last IVIG": ("14", "19"),
    "type": ("lesional", "lesional"),
}


@pytest.mark.parametrize("header", REMARK_COLUMNS)
def test_a_column_beside_the_readings_does_not_change_them(header):
    first, second = REMARK_COLUMNS[header]
    content = (
        f"patient,date,body site,thickness (mm),{header}\nA1,2020-01-15,calf,2.4,{first}\n"
        f"A1,2020-05-20,calf,2.2,{second}\n"
    )
    result = read_sources([SourceFile("t.csv", content.encode())], today=TODAY)
    assert result.outcome == "accept", [f.message for f in result.findings]
    read = [(str(m.date), m.site, m.thickness_mm) for m in result.measurements]
    assert read == [("2020-01-15", "calf", 2.4), ("2020-05-20", "calf", 2.2)]
    assert not result.therapies
    assert not result.outcomes


@pytest.mark.parametrize(
    "numbers", [("1st", "2nd"), ("a", "b"), ("1 of 2", "2 of 2"), ("#1", "#2")]
)
def test_readings_of_one_visit_are_numbered_in_many_ways(numbers):
    content = "patient,date,site,replicate,mm\n" + "".join(
        f"A1,2020-02-03,calf,{n},2.{i}\n" for i, n in enumerate(numbers)
    )
    result = read_sources([SourceFile("t.csv", content.encode())], today=TODAY)
    assert result.outcome == "accept"
    assert [m.replicate for m in result.measurements] == [1, 2]


def test_a_lesion_beside_the_site_is_not_dropped_without_a_word():
    content = "patient,date,site,lesion,mm\nA1,2020-02-03,calf,1,2.1\nA1,2020-02-03,calf,2,2.3\n"
    result = read_sources([SourceFile("t.csv", content.encode())], today=TODAY)
    assert result.outcome == "ask"


@pytest.mark.parametrize("header", ["test", "outcome", "variable"])
def test_a_remark_beside_values_of_sites_with_a_column_of_units_makes_no_outcomes(header):
    content = f"patient,date,site,value,unit,{header}\nA1,2020-01-15,calf,2.4,mm,US\n"
    result = read_sources([SourceFile("t.csv", content.encode())], today=TODAY)
    assert [m.thickness_mm for m in result.measurements] == [2.4]
    assert not result.outcomes


SUMS = [
    {
        "name": "a_mean_of_both_sides_beside_them_is_no_reading",
        "content": [
            "patient,date,left forearm (mm),right forearm (mm),forearm mean (mm)",
            "A7,2020-01-07,2.4,2.5,2.45",
            "A7,2020-07-07,2.0,,2.0",
        ],
        "outcome": "accept",
        "n": 3,
        "sites": 2,
        "last": "A7|left forearm|2020-07-07|2.0",
        "mention": "forearm mean",
    },
    {
        "name": "means_of_sites_without_their_readings_are_the_readings",
        "content": [
            "patient,date,forearm mean (mm),chest mean (mm)",
            "A7,2020-01-07,2.4,3.1",
        ],
        "outcome": "accept",
        "n": 2,
        "last": "A7|chest|2020-01-07|3.1",
    },
    {
        "name": "a_mean_below_each_patient",
        "content": [
            "patient,date,site,mm",
            "A1,2020-01-01,calf,2.0",
            "A1,2020-03-01,calf,1.8",
            "A1 mean,,,1.9",
            "A2,2020-01-02,calf,2.1",
            "A2 mean,,,2.1",
        ],
        "outcome": "accept_with_warning",
        "n": 3,
        "patients": 2,
        "warned": [4, 6],
        "mention": "mean",
    },
    {
        "name": "codes_that_a_spreadsheet_wrote_as_powers_of_ten",
        "content": ["patient,date,site,mm", "1.23E+11,2020-03-01,calf,1.9"],
        "outcome": "accept_with_warning",
        "n": 1,
        "mention": "shortened a long number",
        "warned": [2],
    },
]


@pytest.mark.parametrize("case", SUMS, ids=lambda c: c["name"])
def test_means_and_codes(case, judge):
    judge(case)
