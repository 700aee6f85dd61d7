"""Ways M43 to M50: therapy periods, their ends, free text, and periods made from readings."""

from __future__ import annotations

import datetime as dt

import pytest

from sm_tracker.ingest import SourceFile, read_sources
from sm_tracker.ingest.cells.therapy_text import split_therapy
from tests.corpus.texts import TODAY, codes, read

D = dt.date


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
    {
        "name": "m43_m46_m48_therapy_list_german",
        "content": [
            "Pat.;Medikament;Dosis;von;bis;Zyklen",
            "SM01;Quensyl;600 mg/d;04.02.2019;04.04.2019;",
            "SM01;Endoxan;750 mg/m²;06.05.2019;07.10.2019;6",
            "SM01;ECP;;01.12.2019;01.11.2019;21",
            "SM01;Privigen;2 g/kg;01.03.2021;weiter;",
        ],
        "outcome": "accept_with_warning",
        "therapies": 3,
        "first_therapy": "SM01|hydroxychloroquine|2019-02-04|2019-04-04",
        "last_therapy": "SM01|IVIG|2021-03-01|ongoing",
        "rejected": (4,),
        "mention": "quensyl;endoxan",
    },
    {
        "name": "m44_m50_therapy_table_without_end",
        "content": [
            "patient,therapy,start",
            "C12,IVIG,2020-01-06",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "accept ask",
        "therapies": 1,
        "first_therapy": "C12|IVIG|2020-01-06|unknown",
        "mention": "end",
    },
    {
        "name": "m45_m46_start_and_end_in_one_cell",
        "content": [
            "Patient;Therapie;Zeitraum",
            "B12;Endoxan;04.02.2019 - 30.06.2019",
            "B12;IVIG;01.07.2019 - laufend",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "ask reject accept",
        "therapies": 2,
        "first_therapy": "B12|cyclophosphamide|2019-02-04|2019-06-30",
    },
    {
        "name": "m49_m27_sessions_with_short_years",
        "content": [
            "Patient;Therapie;Datum",
            "B19;ECP;04.02.19",
            "B19;ECP;05.02.19",
            "B19;ECP;04.03.19",
            "B19;ECP;05.03.19",
        ],
        "outcome": "ask",
        "mention": "session",
        "answers": [
            (
                {"sessions": "one-course"},
                {"therapies": 1, "first_therapy": "B19|ECP|2019-02-04|2019-03-05"},
            )
        ],
    },
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
    {
        "name": "ends_in_words",
        "content": [
            "Patient;DCI;Débuté le;Arrêté le;Motif",
            "P20;HCQ;05.01.2019;poursuivie à ce jour;",
            "P21;MTX;13.01.2020;perdu de vue;",
            "P22;IgIV;13.01.2021;nc;",
            "P23;MMF;courant 2021;31/12/9999;",
            "P24;CYC;janv. 2022;fin mars 2022;intolérance",
        ],
        "outcome": "accept_with_warning",
        "therapies": 5,
        "first_therapy": "P20|hydroxychloroquine|2019-01-05|ongoing",
        "last_therapy": "P24|cyclophosphamide|2022-01-01|2022-03-31",
        "warned": [3, 4, 5, 6],
    },
    {
        "name": "m45_a_part_of_the_cell_that_is_no_known_therapy",
        "content": [
            "Patient;Traitement;Début;Fin",
            "P25;MTX 15 mg/sem + Zzyxan;13/01/2020;30/06/2020",
        ],
        "outcome": "accept_with_warning",
        "therapies": 1,
        "first_therapy": "P25|methotrexate|2020-01-13|2020-06-30",
        "mention": "Zzyxan",
    },
    {
        "name": "columns_of_a_ward",
        "content": [
            "N° d'inclusion;Ligne thérapeutique;Date d'instauration;Date de l'arrêt;Rythme",
            "7;Plaquenil 400 mg;14/01/2021;13/06/2021;quotidien",
            "7;Endoxan, 6 cures;14/07/2021;15/12/2021;mensuel",
        ],
        "outcome": "accept_with_warning",
        "therapies": 2,
        "first_therapy": "7|hydroxychloroquine|2021-01-14|2021-06-13",
        "mention": "Endoxan;6 cycles",
    },
    {
        "name": "one_long_table_keeps_units_of_doses_and_dates_of_scores",
        "content": [
            "Patient;Catégorie;Date début;Date fin;Libellé;Valeur;Unité",
            "P34;épaisseur;14/02/2022;;cuisse;2,2;mm",
            "P34;traitement;20/02/2022;20/06/2022;HCQ;400;mg/j",
            "P34;score;14/05/2022;;mRSS;12;points",
        ],
        "outcome": "accept_with_warning",
        "n": 1,
        "therapies": 1,
        "first_therapy": "P34|hydroxychloroquine|2022-02-20|2022-06-20",
        "rejected": [],
    },
    {
        "name": "a_course_inside_another_under_two_spellings_of_the_patient",
        "content": [
            "Patient;Traitement;Début;Fin;Posologie",
            "A-1;HCQ;05.01.2020;30.06.2020;400 mg",
            "a-1;Plaquénil;05.01.2020;30.06.2020;200 mg",
        ],
        "outcome": "accept_with_warning",
        "therapies": 2,
        "patients": 1,
        "warned": [3],
        "mention": "overlaps with another course of the same therapy in row 2",
    },
    {
        "name": "immunoglobulins_with_the_route_written_apart",
        "content": [
            "Patient;Traitement;Début;Fin",
            "A-2;Ig IV 2 g/kg;13.01.2020;30.06.2020",
            "A-2;I.V. Ig;13.01.2021;en cours",
            "A-2;Ig s.c. 1x/sem;13.01.2019;30.06.2019",
        ],
        "outcome": "accept_with_warning",
        "therapies": 3,
        "first_therapy": "A-2|IVIG|2020-01-13|2020-06-30",
        "last_therapy": "A-2|subcutaneous immunoglobulin|2019-01-13|2019-06-30",
    },
    {
        "name": "a_column_that_only_says_that_a_course_was_stopped",
        "content": [
            "Patient;Traitement;Début;Fin;Arrêté",
            "P50;HCQ;15.01.2021;;oui",
            "P50;IgIV;15.08.2021;;non",
        ],
        "outcome": "accept_with_warning",
        "therapies": 2,
        "last_therapy": "P50|IVIG|2021-08-15|ongoing",
        "warned": [2],
        "mention": "the end (oui) is not known",
    },
    {
        "name": "start_and_end_in_one_column",
        "content": [
            "Patient;Therapie;Zeitraum;Dosis",
            "V34;Methotrexat;01.02.2020 - 30.06.2020;15 mg/Wo.",
            "V34;IVIG;seit 03/2021;2 g/kg",
            "V34;Quensyl;07/2020–12/2020;400 mg",
            "V34;ECP;01.01.22 bis laufend;",
            "V34;Endoxan;03-06/2019;750 mg/m²",
            "V34;UVA1;01.02.–30.04.2018;50 J/cm²",
            "V34;Decortin;bis 31.01.2020;10 mg",
            "V34;Imurek;05.05.2017;100 mg",
        ],
        "outcome": "accept_with_warning",
        "therapies": 7,
        "first_therapy": "V34|methotrexate|2020-02-01|2020-06-30",
        "last_therapy": "V34|azathioprine|2017-05-05|unknown",
        "rejected": [8],
        "mention": "zeitraum;taken apart;unknown",
    },
    {
        "name": "spans_with_slashes_are_asked_about_like_other_dates",
        "content": [
            "Patient;Therapie;von - bis",
            "V35;Methotrexat;01/02/2020 - 03/06/2020",
            "V35;IVIG;02/07/2020 - 04/11/2020",
        ],
        "outcome": "ask",
        "mention": "ambiguous",
        "answers": [
            (
                {"date_order": "day-first"},
                {"therapies": 2, "first_therapy": "V35|methotrexate|2020-02-01|2020-06-03"},
            ),
            (
                {"date_order": "month-first"},
                {"therapies": 2, "first_therapy": "V35|methotrexate|2020-01-02|2020-03-06"},
            ),
        ],
    },
    {
        "name": "approximate_starts",
        "content": [
            "Patient;Therapie;Beginn;Ende;Dosis",
            "T23;Quensyl;03/2019;Juni 2019;200 mg/d",
            "T23;Urbason;Anf. 2020;Mitte 2020;60 mg",
            "T23;Octagam;1/20;9/21;2 g/kg",
            "T23;IVIG;Okt. 21;heute;2 g/kg",
            "T23;MTX;Q3 2021;;15 mg",
            "T23;Endoxan;unbekannt;03/2020;6x",
        ],
        "outcome": "accept_with_warning",
        "therapies": 5,
        "first_therapy": "T23|hydroxychloroquine|2019-03-01|2019-06-30",
        "rejected": [7],
        "warned": [3, 4, 5, 6],
        "mention": "1/20;month only;two-digit",
    },
    {
        "name": "free_text_with_dose_schedule_and_cycles",
        "content": [
            "Pat.-ID;Therapie;von;bis;Grund für Ende",
            "V33;IVIG 2 g/kg alle 4 Wo., 6 Zyklen;15.3.21;30.8.21;abgeschlossen",
            "V33;Endoxan-Pulstherapie 750 mg/m² KOF, 6x;01.02.19;30.07.19;Unverträglichkeit",
            "V33;Quensyl 2 x 200 mg tgl.;01.08.2018;31.01.2019;",
            "V33;ECP (21 Zyklen an 2 aufeinanderfolgenden Tagen);01.02.2020;30.04.2021;",
            "V33;Privigen 2g/kg KG q4w;01.10.2021;9999;",
            "V33;Sirolimus (Rapamune);01.10.2022;bis auf Weiteres;",
            "V33;Velcade/Dexa;01.03.2023;30.06.2023;",
            "V33;CellCept 2x1 g;01.03.2014;30.06.2013;Tippfehler",
        ],
        "outcome": "accept_with_warning",
        "therapies": 8,
        "first_therapy": "V33|IVIG|2021-03-15|2021-08-30",
        "last_therapy": "V33|dexamethasone|2023-03-01|2023-06-30",
        "rejected": [9],
        "mention": "alle 4 wo.;sirolimus;21 cycles",
    },
    {
        "name": "first_and_last_cycle_and_cycles_given_of_those_planned",
        "content": [
            "Pat.;Regime;Dosis;Zyklen;Erster Zyklus;Letzter Zyklus;Applikation",
            "X;IVIG;2 g/kg KG;6;15.03.2021;30.08.2021;i.v.",
            "X;ECP;-;21x;01.02.2020;30.04.2021;",
            "X;Endoxan;750 mg/m²;5/6;01.01.2019;30.06.2019;i.v.",
        ],
        "outcome": "accept_with_warning",
        "therapies": 3,
        "first_therapy": "X|IVIG|2021-03-15|2021-08-30",
        "last_therapy": "X|cyclophosphamide|2019-01-01|2019-06-30",
        "mention": "21 cycles;5 cycles were read from the text 5/6",
    },
    {
        "name": "ends_that_are_open_unknown_or_impossible",
        "content": [
            "Patient;Therapie;Beginn;Ende",
            "A;MTX;01.02.2020;lfd.",
            "C;MTX;01.02.2020;9999-12-31",
            "D;MTX;01.02.2020;k.A.",
            "F;MTX;01.02.2020;31.06.2020",
            "G;MTX;01.02.2020;dauerhaft",
            "H;MTX;01.02.2020;bis heute (Nov 2022)",
            "I;MTX;01.02.2020;00.00.0000",
        ],
        "outcome": "accept_with_warning",
        "therapies": 5,
        "first_therapy": "A|methotrexate|2020-02-01|ongoing",
        "last_therapy": "H|methotrexate|2020-02-01|ongoing",
        "rejected": [5, 8],
        "warned": [4],
    },
    {
        "name": "m44_hyphen_dato_and_heute",
        "content": [
            "Patient;Therapie;Beginn;Ende",
            "B44;IVIG;06.01.2020;-",
            "B45;IVIG;06.01.2020;dato",
            "B46;IVIG;06.01.2020;31.12.9999",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "therapies": 3,
        "first_therapy": "B44|IVIG|2020-01-06|ongoing",
        "last_therapy": "B46|IVIG|2020-01-06|ongoing",
    },
    {
        "name": "m45_weekly_injection",
        "content": [
            "Patient;Therapie;Beginn;Ende",
            "B45;MTX 15 mg s.c. 1x/Woche;04.02.2019;30.06.2019",
            "B45;Prednisolon 60 mg/d absteigend;01.07.2019;30.07.2019",
        ],
        "outcome": "accept_with_warning",
        "therapies": 2,
        "first_therapy": "B45|methotrexate|2019-02-04|2019-06-30",
        "last_therapy": "B45|prednisolone|2019-07-01|2019-07-30",
        "mention": "15 mg",
    },
    {
        "name": "m50_a_therapy_that_comes_back",
        "content": [
            "Patient;Date;Site;Épaisseur (mm);Traitement",
            "F50;04.01.2019;joue;2,4;HCQ",
            "F50;04.02.2019;joue;2,3;HCQ",
            "F50;04.05.2019;joue;2,2;IgIV",
            "F50;04.08.2019;joue;2,0;IgIV",
            "F50;04.11.2019;joue;1,9;HCQ",
        ],
        "outcome": "accept_with_warning",
        "n": 5,
        "therapies": 3,
        "first_therapy": "F50|hydroxychloroquine|2019-01-04|2019-02-04",
        "last_therapy": "F50|hydroxychloroquine|2019-11-04|ongoing",
        "mention": "derived",
    },
    {
        "name": "m48_cycles_in_french",
        "content": [
            "Patient;Traitement;Début;Fin",
            "F48;PCE 21 séances;04.02.2019;30.06.2020",
            "F48;Endoxan 6 bolus;01.07.2020;31.12.2020",
        ],
        "outcome": "accept_with_warning",
        "therapies": 2,
        "first_therapy": "F48|ECP|2019-02-04|2020-06-30",
        "last_therapy": "F48|cyclophosphamide|2020-07-01|2020-12-31",
        "mention": "21;6",
    },
    {
        "name": "m49_sessions_as_a_row_of_dates",
        "content": [
            "patient,therapy,session 1,session 2,session 3",
            "C49,ECP,2019-02-04,2019-03-04,2019-04-01",
        ],
        "outcome": "ask",
        "also_ok": "accept_with_warning reject",
        "therapies": 1,
    },
    {
        "name": "end_column_with_an_unknown_name",
        "content": [
            "patient,therapy,date,last administered",
            "N1,IVIG,2023-01-09,2023-06-30",
            "N2,UVA1,2023-02-13,2023-04-21",
        ],
        "outcome": "ask",
        "mention": "last administered",
    },
    {
        "name": "stop_and_dose_zero_end_a_course",
        "content": [
            "patient,date,site,thickness (mm),therapy",
            "S1,2024-01-08,calf,2.5,MTX 15 mg",
            "S1,2024-04-08,calf,2.4,MTX 15 mg",
            "S1,2024-07-08,calf,2.3,MTX stop",
            "S1,2024-10-08,calf,2.3,MTX 0 mg",
        ],
        "outcome": "accept_with_warning",
        "n": 4,
        "therapies": 1,
    },
    {
        "name": "development_codes_are_no_abbreviations",
        "content": [
            "patient,therapy,start,end",
            "D1,CP-690550,2013-02-05,2013-08-01",
            "D2,CYC-116,2013-02-05,2013-08-01",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "accept ask",
        "therapies": 2,
        "first_therapy": "D1|CP-690550|2013-02-05|2013-08-01",
        "last_therapy": "D2|CYC-116|2013-02-05|2013-08-01",
    },
    {
        "name": "words_beside_a_drug_are_kept",
        "content": [
            "patient,therapy,start,end",
            "D3,low-dose IVIG,2023-02-05,2023-08-01",
            "D4,MTX second course,2023-02-05,2023-08-01",
            "D5,IVIG 2 g/kg 4-weekly,2023-02-05,2023-08-01",
        ],
        "outcome": "accept_with_warning",
        "therapies": 3,
        "mention": "low-dose;second course;4-weekly",
        "last_therapy": "D5|IVIG|2023-02-05|2023-08-01",
    },
    {
        "name": "end_under_a_name_in_another_language",
        "content": [
            "paciente;therapy;start;último día",
            "N1;IVIG;2023-01-09;2023-06-30",
        ],
        "outcome": "ask",
        "mention": "último día;paciente",
    },
    {
        "name": "stop_tag_german",
        "content": [
            "Patient;Datum;Region;Hautdicke mm;Therapie",
            "T1;08.01.2024;Wade;2,5;ECP",
            "T1;08.04.2024;Wade;2,4;ECP",
            "T1;08.07.2024;Wade;2,3;ECP abgesetzt",
        ],
        "outcome": "accept_with_warning",
        "n": 3,
        "therapies": 1,
    },
    {
        "name": "schedules_with_numbers",
        "content": [
            "patient,therapy,start,end",
            "D1,IVIG 2 g/kg 6-weekly,2023-02-05,2023-08-01",
            "D2,Rituximab 1 g halbjährlich,2023-02-05,2024-08-01",
            "D3,IVIG 8-wöchentlich,2023-02-05,2024-08-01",
        ],
        "outcome": "accept_with_warning",
        "therapies": 3,
        "mention": "6-weekly;halbjährlich;8-wöchentlich",
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
        "name": "m44_end_under_the_name_of_its_day_of_stopping",
        "content": ["Patient;Tx;Beginn;Absetzdatum", "A;IVIG;04.02.2020;05.06.2020"],
        "outcome": "accept",
        "first_therapy": "A|IVIG|2020-02-04|2020-06-05",
    },
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_therapies_of_files(case, judge):
    judge(case)


def test_the_dose_takes_the_unit_and_the_frequency_of_their_own_columns():
    content = "patient,drug,dose,unit,frequency,start,end\nA1,MTX,15,mg,weekly,2020-01-01,\n"
    (course,) = read_sources([SourceFile("rx.csv", content.encode())], today=TODAY).therapies
    assert course.dose == "15 mg, weekly"


def test_an_ambiguous_name_is_asked_about_once_however_it_is_dosed():
    lines = "Patient;Traitement;Début\nA;Ig 10 g;13.01.2020\nA;Ig 20 g;13.01.2021\n"
    result = read_sources([SourceFile("t.csv", lines.encode())], today=dt.date(2026, 11, 1))
    assert [q.key for q in result.questions] == ["therapy.Ig"]


def test_an_exact_copy_of_a_course_overlaps_with_nothing():
    row = "A;IgIV;13.01.2020;30.06.2020\n"
    lines = "Patient;Traitement;Début;Fin\n" + row + row
    result = read_sources([SourceFile("t.csv", lines.encode())], today=dt.date(2026, 11, 1))
    assert len(result.therapies) == 1
    assert "course_overlap" not in {f.code for f in result.findings}


@pytest.mark.parametrize(
    ("text", "therapy", "dose"),
    [
        ("HCQ 2 cp/j", "hydroxychloroquine", "2 cp/j"),
        ("HCQ 400→200 mg", "hydroxychloroquine", "400→200 mg"),
        ("prednisone 60 puis 40 puis 20 mg/j", "prednisone", "60 puis 40 puis 20 mg/j"),
        ("UVA1 60 j/cm²", "UVA1", "60 j/cm²"),
        ("IgIV 0,4 g/kg/j x5j", "IVIG", "0,4 g/kg/j"),
        ("CP 750 mg/m²", "cyclophosphamide", "750 mg/m²"),
    ],
)
def test_tablets_and_days_are_no_drug_and_no_energy(text, therapy, dose):
    read = split_therapy(text)
    assert (read.therapy, read.dose) == (therapy, dose)


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("MTX + Zzyxan", ("Zzyxan",)),
        ("Endoxan et Zzyxan 5 mg", ("Zzyxan",)),
        ("HCQ matin et soir", ()),
        ("prednisone 20 mg puis décroissance", ()),
        ("HCQ + MTX", ()),
    ],
)
def test_a_part_beside_a_known_therapy_is_not_lost_in_silence(text, unread):
    lines = f"Patient;Traitement;Début\nA;{text};13.01.2020\n"
    result = read_sources([SourceFile("t.csv", lines.encode())], today=dt.date(2026, 11, 1))
    assert split_therapy(text).unread == unread
    told = [f for f in result.findings if f.code == "therapy_part_unknown"]
    assert len(told) == len(unread)


@pytest.mark.parametrize(
    ("text", "schedule"),
    [
        ("HCQ 200 mg x2/j", "x2/j"),
        ("MMF 1 g x 2 par jour", "x 2 par jour"),
        ("Rituximab 1 g J1 et J15", "J1 et J15"),
        ("CYC 0,6 g/m² J1-J15-J29", "J1-J15-J29"),
        ("HCQ 200 mg 2x/jour", "2x/jour"),
        ("Puvathérapie 3/sem", "3/sem"),
        ("bortézomib 1,3 mg/m² J1 J4 J8 J11", "J1 J4 J8 J11"),
        ("IgIV 0,4 g/kg/j pdt 5 jours", "pdt 5 jours"),
    ],
)
def test_how_often_a_dose_is_given_stays_in_the_schedule(text, schedule):
    assert split_therapy(text).schedule == schedule


def test_a_day_in_the_status_of_a_course_is_its_end():
    result = read(
        "Patient,Drug,Start,Status\nA1,MTX,2022-01-10,discontinued 2023-02-01\n"
        "A1,IVIG,2023-03-01,ongoing\n"
    )
    assert [(t.therapy, t.end, t.end_status) for t in result.therapies] == [
        ("methotrexate", D(2023, 2, 1), "ended"), ("IVIG", None, "ongoing"),
    ]  # fmt: skip
    assert "end_from_status" in codes(result)


def test_a_day_in_a_status_whose_order_is_open_is_not_guessed():
    result = read("Patient,Drug,Start,Status\nA1,MTX,2022-01-10,stopped 02/03/2023\n")
    assert [(t.end, t.end_status) for t in result.therapies] == [(None, "unknown")]
