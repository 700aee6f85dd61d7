"""Codes of patients: blanks below the first, names, national numbers, codes a spreadsheet changed.

All people, dates and values are invented.
"""

from __future__ import annotations

import datetime as dt

import pytest

from sm_tracker.ingest import SourceFile, read_sources
from tests.corpus.texts import TODAY, read
from tests.corpus.workbooks import book_of, saved

D = dt.date


def codes_made_dates() -> bytes:
    book = book_of(
        ["ID", "Datum", "Stelle", "mm"],
        ["5-31", D(2024, 3, 4), "Bauch", 2.2],
        [D(2026, 5, 11), D(2024, 3, 5), "Bauch", 2.3],
        ["5-13", D(2024, 3, 6), "Bauch", 2.4],
    )
    book.active["A3"].number_format = "d-mmm"
    return saved(book)


CASES = [
    {
        "name": "m58_m10_name_in_the_letterhead",
        "content": [
            "Patient: Hans Muster, geb. 01.03.1958",
            "",
            "date,site,mm",
            "2020-02-04,calf,2.4",
            "2020-05-05,calf,2.2",
        ],
        "outcome": "ask",
        "also_ok": "accept_with_warning reject",
        "n": 2,
    },
    {
        "name": "m42_m67_numbers_as_codes",
        "content": [
            "patient,date,site,mm",
            "1,2020-02-04,calf,2.4",
            "1.0,2020-05-05,calf,2.2",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "ask",
        "n": 2,
        "patients": 1,
    },
    {
        "name": "codes_that_a_spreadsheet_wrote_as_powers_of_ten",
        "content": ["patient,date,site,mm", "1.23E+11,2020-03-01,calf,1.9"],
        "outcome": "accept_with_warning",
        "n": 1,
        "mention": "shortened a long number",
        "warned": [2],
    },
    {
        "name": "short_file_numbers_are_codes_and_national_numbers_are_not",
        "content": [
            "N° dossier;NISS;N° AVS;Né(e) le;Date;Zone anatomique;Épaiss. peau [µm]",
            "BE-3;58.04.03-123.45;756.1234.5678.97;03.04.1958;13-01-2020;joue;2600",
            "BE-3;58.04.03-123.45;756.1234.5678.97;03.04.1958;14-04-2020;joue;2550",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "first": "BE-3|joue|2020-01-13|2.6",
        "mention": "NISS;AVS;Né",
    },
    {
        "name": "long_file_numbers_are_never_stored",
        "content": ["N° dossier;Date;Site;Ép. (mm)", "80012345;2020-01-13;joue;2,6"],
        "outcome": "ask",
        "mention": "record number",
    },
    {
        "name": "insurance_numbers_of_quebec",
        "content": [
            "Code étude;NAM;N° assurance maladie;Date;Topographie;Ep (mm)",
            'CA-12;DUPX 6153 1212;DUPX61531212;2021-03-01;"avant-bras, face dorsale";"2,10"',
            'CA-12;DUPX 6153 1212;DUPX61531212;2021-06-01;"avant-bras, face dorsale";"1,95"',
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "last": "CA-12|avant-bras, face dorsale|2021-06-01|1.95",
        "mention": "NAM;assurance maladie",
    },
    {
        "name": "m67_the_same_as_above_in_words",
        "content": [
            "Patient;Date;Site;Épaisseur (mm);Traitement",
            "P40;15.01.2021;joue;2,6;",
            "P40;15.04.2021;joue;2,5;IgIV",
            "idem;15.07.2021;idem;2,4;idem",
            "P40;15.10.2021;joue;2,3;id.",
            "P40;15.01.2022;joue;2,2;fenêtre thérapeutique",
        ],
        "outcome": "ask",
        "mention": "blank;row 2",
        "answers": [
            (
                {"blank_therapy": "no-therapy"},
                {
                    "n": 5,
                    "patients": 1,
                    "sites": 1,
                    "therapies": 1,
                    "first_therapy": "P40|IVIG|2021-04-15|2021-10-15",
                    "warned": [2, 4, 5],
                    "mention": "repeats the cell above;start between 2021-01-15 and 2021-04-15",
                },
            ),
            (
                {"blank_therapy": "not-stated"},
                {
                    "n": 5,
                    "therapies": 1,
                    "mention": "not later than 2021-04-15;not stated in row 2",
                },
            ),
        ],
    },
    {
        "name": "patient_and_date_once_a_block",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm)",
            "H57;15.03.2021;Wade;2,1",
            ";;Stirn;1,9",
            ";15.06.2021;Wade;2,0",
            ";;Stirn;1,8",
            "H58;15.03.2021;Wade;3,1",
            ";;Stirn;2,9",
        ],
        "outcome": "ask",
        "mention": "patient, datum;rows 3, 4, 5, 7",
        "answers": [
            (
                {"fill_down": "fill-down"},
                {
                    "n": 6,
                    "patients": 2,
                    "first": "H57|Wade|2021-03-15|2.1",
                    "last": "H58|Stirn|2021-03-15|2.9",
                },
            ),
            ({"fill_down": "leave-out"}, {"n": 2, "rejected": [3, 4, 5, 7]}),
        ],
    },
    {
        "name": "m41_codes_without_their_blank",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm)",
            "SM 01;04.02.2020;Wade;2,4",
            "SM01;05.05.2020;Wade;2,2",
            "Sm-01;04.08.2020;Wade;2,1",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "ask",
        "n": 3,
        "patients": 1,
    },
    {
        "name": "m42_leading_zeros_in_french",
        "content": [
            "N° patient;Date;Site;Épaisseur (mm)",
            "0012;04.02.2020;mollet;2,4",
            "12;05.05.2020;mollet;2,2",
        ],
        "outcome": "ask",
        "mention": "0012",
        "answers": [
            (
                {"leading_zeros": "same"},
                {"n": 2, "patients": 1, "first": "0012|calf|2020-02-04|2.4"},
            )
        ],
    },
    {
        "name": "m58_nom_et_prenom",
        "content": [
            "Nom;Prénom;Date de naissance;Code patient;Date;Site;Épaisseur (mm)",
            "Durand;Anne;01/03/1958;F58;13/02/2020;mollet;2,4",
            "Durand;Anne;01/03/1958;F58;14/05/2020;mollet;2,2",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "patients": 1,
        "first": "F58|calf|2020-02-13|2.4",
        "mention": "nom;naissance|birth;not imported|identif",
    },
    {
        "name": "m58_patient_names_without_codes",
        "content": [
            "Patientenname;Datum;Region;Hautdicke (mm)",
            "Hans Muster;04.02.2020;Wade;2,4",
            "Anna Beispiel;05.05.2020;Wade;2,2",
        ],
        "outcome": "ask",
        "also_ok": "reject accept_with_warning",
        "mention": "name",
        "answers": [({"patient_id": "numbered"}, {"n": 2, "patients": 2})],
    },
    {
        "name": "m67_blank_cells_below_a_patient_in_text",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm)",
            "B67;04.02.2020;Wade;2,4",
            ";05.05.2020;Wade;2,2",
            ";04.08.2020;Wade;2,1",
            "B68;04.02.2020;Wade;1,9",
        ],
        "outcome": "ask",
        "also_ok": "accept_with_warning",
        "mention": "blank",
        "answers": [
            ({"fill_down": "fill-down"}, {"n": 4, "patients": 2}),
            ({"fill_down": "leave-out"}, {"n": 2, "patients": 2, "rejected": (3, 4)}),
        ],
    },
    {
        "name": "codes_made_dates",
        "file": "f.xlsx",
        "content": codes_made_dates,
        "outcome": "accept_with_warning",
        "also_ok": "ask",
        "mention": "date;row 3|11-may|2026-05-11",
    },
    {
        "name": "codes_made_dates_in_text",
        "content": [
            "id,date,site,mm",
            "3-11,2024-02-05,calf,2.4",
            "12-Mar,2024-02-06,calf,2.2",
            "13-Mar,2024-02-07,calf,2.1",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "ask",
        "mention": "12-mar",
        "warned": [3, 4],
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
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_patients_of_files(case, judge):
    judge(case)


@pytest.mark.parametrize("header", ["Pt", "Volunteer", "Case", "Subject"])
def test_names_under_any_header_of_patients_are_not_imported(header):
    content = f"{header},date,site,mm\nJane Doe,2020-02-03,calf,2.1\nMary King,2020-02-03,calf,2\n"
    result = read_sources([SourceFile("names.csv", content.encode())], today=TODAY)
    assert result.outcome == "ask"
    assert [q.key for q in result.questions] == ["patient_id"]


def test_blank_cells_of_patient_and_date_in_the_same_rows_are_filled_together():
    text = (
        "patient,date,site,thickness_mm\nA1,2024-03-01,,\n,,forearm,2.4\n,,calf,1.6\n"
        "A1,2024-06-01,,\n,,forearm,2.2\n,,calf,1.5\n"
    )
    assert [q.key for q in read(text).questions] == ["fill_down"]
    result = read(text, fill_down="fill-down")
    assert [m.thickness_mm for m in result.measurements] == [2.4, 1.6, 2.2, 1.5]
