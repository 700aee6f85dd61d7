"""Ways M43 to M50: therapy periods, their ends, free text, and periods made from readings."""

from __future__ import annotations

import pytest

CASES = [
    {
        "name": "m43_reversed_german",
        "content": [
            "Patient;Therapie;Beginn;Ende",
            "B1;Quensyl;04.02.2019;30.06.2019",
            "B1;ECP;07.10.2019;05.08.2019",
        ],
        "outcome": "accept_with_warning",
        "therapies": 1,
        "first_therapy": "B1|hydroxychloroquine|2019-02-04|2019-06-30",
        "rejected": (3,),
        "mention": "end;05.08.2019|row 3",
    },
    {
        "name": "m43_all_reversed",
        "content": [
            "patient,therapy,start,end",
            "C1,IVIG,2020-06-01,2020-01-01",
        ],
        "outcome": "reject",
        "mention": "row 2;end",
    },
    {
        "name": "m43_same_day_is_fine",
        "content": [
            "patient,therapy,start,end",
            "C1,rituximab,2020-06-01,2020-06-01",
        ],
        "outcome": "accept",
        "therapies": 1,
        "first_therapy": "C1|rituximab|2020-06-01|2020-06-01",
    },
    {
        "name": "m44_open_ends_three_languages",
        "content": [
            "Patient;Therapie;Beginn;Ende",
            "B2;IVIG;06.01.2020;",
            "B3;IVIG;06.01.2020;laufend",
            "B4;IVIG;06.01.2020;en cours",
            "B5;IVIG;06.01.2020;ongoing",
            "B6;IVIG;06.01.2020;9999-12-31",
            "B7;IVIG;06.01.2020;bis heute",
        ],
        "outcome": "accept",
        "therapies": 6,
        "patients": 6,
        "first_therapy": "B2|IVIG|2020-01-06|ongoing",
        "last_therapy": "B7|IVIG|2020-01-06|ongoing",
    },
    {
        "name": "m44_unknown_end_is_not_ongoing",
        "content": [
            "patient,therapy,start,end",
            "C2,IVIG,2020-01-06,unknown",
            "C2,methotrexate,2019-01-06,2019-06-30",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "accept",
        "therapies": 2,
        "first_therapy": "C2|IVIG|2020-01-06|unknown",
    },
    {
        "name": "m45_one_cell_german",
        "content": [
            "Patient;Therapie;Beginn;Ende",
            "B3;Endoxan 750 mg/m² i.v. alle 4 Wochen, 6 Zyklen;04.02.2019;30.06.2019",
            "B3;Urbason 60 mg ausschleichend über 3 Wochen;01.07.2019;22.07.2019",
        ],
        "outcome": "accept_with_warning",
        "therapies": 2,
        "first_therapy": "B3|cyclophosphamide|2019-02-04|2019-06-30",
        "last_therapy": "B3|methylprednisolone|2019-07-01|2019-07-22",
        "warned": (2, 3),
        "mention": "750 mg/m²;6",
    },
    {
        "name": "m45_one_cell_french",
        "content": [
            "Patient;Traitement;Début;Fin",
            "F3;IgIV 2 g/kg sur 2 jours, 6 cures;04.02.2019;30.06.2019",
            "F3;Plaquénil 400 mg/j;01.07.2019;",
        ],
        "outcome": "accept_with_warning",
        "therapies": 2,
        "first_therapy": "F3|IVIG|2019-02-04|2019-06-30",
        "last_therapy": "F3|hydroxychloroquine|2019-07-01|ongoing",
        "mention": "2 g/kg",
    },
    {
        "name": "m46_brands",
        "content": [
            "patient,therapy,start,end",
            "C4,Endoxan,2019-02-04,2019-06-30",
            "C4,Quensyl,2019-07-01,2019-12-31",
            "C4,Urbason,2020-01-01,2020-01-22",
            "C4,Privigen,2020-02-01,",
        ],
        "outcome": "accept_with_warning",
        "therapies": 4,
        "first_therapy": "C4|cyclophosphamide|2019-02-04|2019-06-30",
        "last_therapy": "C4|IVIG|2020-02-01|ongoing",
        "mention": "endoxan;quensyl;urbason",
    },
    {
        "name": "m46_abbreviations_french",
        "content": [
            "Patient;Traitement;Début;Fin",
            "F4;PCE;04.02.2019;30.06.2019",
            "F4;photochimiothérapie extracorporelle;01.07.2019;30.09.2019",
            "F4;MTX;01.10.2019;",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "accept",
        "therapies": 3,
        "first_therapy": "F4|ECP|2019-02-04|2019-06-30",
        "last_therapy": "F4|methotrexate|2019-10-01|ongoing",
    },
    {
        "name": "m46_hc_and_cp_are_said",
        "content": [
            "patient,therapy,start,end,dose",
            "C4,HC,2019-02-04,2019-04-04,600 mg/d",
            "C4,CP,2019-05-01,2019-10-01,750 mg/m2",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "ask accept",
        "therapies": 2,
        "first_therapy": "C4|hydroxychloroquine|2019-02-04|2019-04-04",
        "last_therapy": "C4|cyclophosphamide|2019-05-01|2019-10-01",
    },
    {
        "name": "m46_ambiguous_abbreviation_asks",
        "content": [
            "patient,therapy,start,end",
            "C4,CS,2019-02-04,2019-04-04",
        ],
        "outcome": "ask",
        "mention": "cs;ciclosporin",
        "answers": [
            (
                {"therapy.CS": "ciclosporin"},
                {"therapies": 1, "first_therapy": "C4|ciclosporin|2019-02-04|2019-04-04"},
            )
        ],
    },
    {
        "name": "m46_unknown_name_is_kept",
        "content": [
            "patient,therapy,start,end",
            "C4,Foobarimab,2019-02-04,2019-04-04",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "accept",
        "therapies": 1,
        "first_therapy": "C4|Foobarimab|2019-02-04|2019-04-04",
    },
    {
        "name": "m46_two_drugs_in_one_cell",
        "content": [
            "Patient;Therapie;Beginn;Ende",
            "B4;HCQ + MTX;04.02.2019;04.04.2019",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "ask",
        "therapies": 2,
        "mention": "hydroxychloroquine;methotrexate",
    },
    {
        "name": "m47_overlap_with_itself",
        "content": [
            "patient,therapy,start,end",
            "C5,IVIG,2019-02-04,2019-06-30",
            "C5,IVIG,2019-06-01,2019-12-31",
            "C5,methotrexate,2019-01-01,",
        ],
        "outcome": "accept_with_warning",
        "therapies": 3,
        "warned": (3,),
        "mention": "overlap",
    },
    {
        "name": "m47_two_drugs_at_once_are_normal",
        "content": [
            "Patient;Therapie;Beginn;Ende",
            "B5;methotrexate;04.02.2019;30.06.2019",
            "B5;prednisolone;04.02.2019;",
        ],
        "outcome": "accept",
        "therapies": 2,
    },
    {
        "name": "m47_open_course_overlaps_a_later_one",
        "content": [
            "Patient;Traitement;Début;Fin",
            "F5;IVIG;04.02.2019;en cours",
            "F5;IVIG;01.06.2020;30.09.2020",
        ],
        "outcome": "accept_with_warning",
        "therapies": 2,
        "mention": "overlap",
    },
    {
        "name": "m48_cycles_in_text",
        "content": [
            "Patient;Therapie;Beginn;Ende",
            "B6;Photopherese 21x;04.02.2019;30.06.2020",
            "B6;Cyclophosphamid 6 Zyklen;01.07.2020;31.12.2020",
        ],
        "outcome": "accept_with_warning",
        "therapies": 2,
        "first_therapy": "B6|ECP|2019-02-04|2020-06-30",
        "mention": "21;6",
    },
    {
        "name": "m48_cycles_in_the_dose_column",
        "content": [
            "patient,therapy,start,end,dose",
            "C6,UVA1,2019-02-04,2019-04-30,30 sessions of 50 J/cm2",
            "C6,ECP,2019-06-04,2020-04-30,21 cycles",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "accept",
        "therapies": 2,
        "last_therapy": "C6|ECP|2019-06-04|2020-04-30",
    },
    {
        "name": "m49_one_row_a_session",
        "content": [
            "patient,therapy,date",
            "C7,ECP,2019-02-04",
            "C7,ECP,2019-02-05",
            "C7,ECP,2019-03-04",
            "C7,ECP,2019-03-05",
            "C7,ECP,2019-04-01",
        ],
        "outcome": "ask",
        "mention": "session;course",
        "answers": [
            (
                {"sessions": "one-course"},
                {"therapies": 1, "first_therapy": "C7|ECP|2019-02-04|2019-04-01"},
            ),
            ({"sessions": "single"}, {"therapies": 5}),
        ],
    },
    {
        "name": "m49_sessions_german_with_dose",
        "content": [
            "Patient;Behandlung;Datum;Dosis",
            "B7;UVA1;04.02.2019;20 J/cm²",
            "B7;UVA1;05.02.2019;20 J/cm²",
            "B7;UVA1;06.02.2019;30 J/cm²",
            "B7;UVA1;07.02.2019;30 J/cm²",
        ],
        "outcome": "ask",
        "mention": "session",
        "answers": [
            (
                {"sessions": "one-course"},
                {"therapies": 1, "first_therapy": "B7|UVA1|2019-02-04|2019-02-07"},
            )
        ],
    },
    {
        "name": "m50_tagged_readings_english",
        "content": [
            "patient,date,site,mm,therapy",
            "C8,2019-01-04,calf,2.4,none",
            "C8,2019-02-04,calf,2.3,HCQ",
            "C8,2019-05-04,calf,2.2,HCQ",
            "C8,2019-08-04,calf,2.0,IVIG",
            "C8,2019-11-04,calf,1.8,IVIG",
        ],
        "outcome": "accept_with_warning",
        "n": 5,
        "therapies": 2,
        "first_therapy": "C8|hydroxychloroquine|2019-02-04|2019-05-04",
        "last_therapy": "C8|IVIG|2019-08-04|ongoing",
        "mention": "derived",
    },
    {
        "name": "m50_tagged_readings_german_two_sites",
        "content": [
            "Patient;Datum;Wade (mm);Stirn (mm);Therapie",
            "B8;04.02.2019;2,3;2,8;Quensyl",
            "B8;05.05.2019;2,2;2,7;Quensyl",
            "B8;04.08.2019;2,0;2,5;keine",
            "B8;04.11.2019;1,8;2,2;ECP",
        ],
        "outcome": "accept_with_warning",
        "n": 8,
        "therapies": 2,
        "first_therapy": "B8|hydroxychloroquine|2019-02-04|2019-05-05",
        "last_therapy": "B8|ECP|2019-11-04|ongoing",
        "mention": "derived",
    },
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_therapies_of_files(case, judge):
    judge(case)
