"""French files of an adversary: clinics of France, Switzerland, Belgium and Canada.

All people, dates and values are invented.
"""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest

from sm_tracker.ingest import SourceFile, read_sources
from sm_tracker.ingest.cells.therapy_text import split_therapy

TIMES_AND_CODES = [
    {
        "name": "letterhead_two_header_rows_decimal_comma_and_dates_in_words",
        "content": [
            "Centre hospitalier – Service de dermatologie;;;;",
            "Édité le 12/01/2024;;;;",
            ";;;;",
            "Patient;Date;Épaisseur cutanée (mm);;Remarque",
            ";;Avant-bras gauche;Avant-bras droit;",
            "P01;1er mars 2021;2,45;2,50;",
            "P01;mar. 8 juin 2021;2,30\u00a0;\u00a02,41;peau souple",
            "P01;4 août 2021 à 14 h 30;≤ 2,12;non fait;",
        ],
        "outcome": "accept_with_warning",
        "n": 5,
        "sites": 2,
        "censored": 1,
        "first": "P01|Avant-bras gauche|2021-03-01|2.45",
        "last": "P01|Avant-bras gauche|2021-08-04|<2.12",
        "warned": [1, 2, 8],
    },
    {
        "name": "accents_written_apart_as_macs_do",
        "content": unicodedata.normalize(
            "NFD",
            "Patient;Date;Région;Épaisseur (mm);Côté\n"
            "P02;14 février 2022;épaule;2,2;droite\n"
            "P02;14 août 2022;Épaule;nd;droite\n"
            "P02;14 déc. 2022;épaule;2,1;gauche\n",
        ),
        "outcome": "accept_with_warning",
        "n": 2,
        "sites": 2,
        "first": "P02|épaule|2022-02-14|2.2",
        "last": "P02|left shoulder|2022-12-14|2.1",
        "warned": [3],
    },
    {
        "name": "latin_9_with_a_euro_sign",
        "content": [
            "Patient;Date;Région;Épaisseur (mm);Coût (€);Opérateur",
            "P03;14.02.2022;épaule;2,2;30 €;sœur Agnès",
        ],
        "encoding": "iso-8859-15",
        "outcome": "accept",
        "n": 1,
        "first": "P03|épaule|2022-02-14|2.2",
        "mention": "8859-15",
        "mention_always": True,
    },
    {
        "name": "dos_code_page_850",
        "content": ["Patient;Date;Région;Épaisseur (mm)", "P04;14.02.2022;épaule;2,2"],
        "encoding": "cp850",
        "outcome": "accept",
        "n": 1,
        "first": "P04|épaule|2022-02-14|2.2",
    },
    {
        "name": "days_with_their_letter",
        "content": [
            "Patient;Jour;Site;Épaisseur (mm)",
            "P05;J-14;front;2,62",
            "P05;J0;front;2,60",
            "P05;J28;front;2,50",
            "P05;J+56;front;2,40",
        ],
        "outcome": "accept",
        "n": 4,
        "first": "P05|front|-14|2.62",
        "last": "P05|front|56|2.4",
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
]

WORDS_OF_VALUES = [
    {
        "name": "words_for_a_reading_that_was_not_made",
        "content": [
            "Patient;Date;Localisation;Épaisseur (mm)",
            "P10;2021-01-11;lèvre;1,10",
            "P10;2021-02-15;lèvre;pas fait",
            "P10;2021-03-15;lèvre;non effectué",
            "P10;2021-04-19;lèvre;ininterprétable",
            "P10;2021-05-17;lèvre;données manquantes",
            "P10;2021-06-21;lèvre;< LD",
            "P10;2021-07-19;lèvre;à refaire",
        ],
        "outcome": "accept_with_warning",
        "n": 1,
        "warned": [3, 4, 5, 6, 7, 8],
        "rejected": [],
    },
    {
        "name": "words_for_below_and_above",
        "content": [
            "Patient;Date;Localisation;Épaisseur (mm)",
            "P11;2021-01-11;lèvre;≤ 0,8",
            "P11;2021-02-15;lèvre;en dessous de 0,5",
            "P11;2021-03-15;lèvre;inf. à 0,5",
            "P11;2021-04-19;lèvre;au-dessus de 6",
            "P11;2021-05-17;lèvre;sup. à 6",
            "P11;2021-06-21;lèvre;moins de 0,4 mm",
        ],
        "outcome": "accept_with_warning",
        "n": 6,
        "censored": 6,
        "first": "P11|lèvre|2021-01-11|<0.8",
        "last": "P11|lèvre|2021-06-21|<0.4",
        "warned": [2, 3, 4, 5, 6, 7],
    },
    {
        "name": "a_footnote_in_brackets_is_no_standard_deviation",
        "content": [
            "Patient;Date;Site;Épaisseur (mm)",
            "P12;2021-01-05;joue;2,20 (1)",
            "P12;2021-02-05;joue;2,00¹",
            "P12;2021-03-05;joue;2,10 (0,12)",
            "P12;2021-04-05;joue;1,95 (contrôlé)",
        ],
        "outcome": "accept_with_warning",
        "n": 4,
        "values": [2.2, 2.0, 2.1, 1.95],
        "warned": [2, 3, 4, 5],
        "mention": "2,20 (1) is kept as a note;2,10 (0,12) is read as a mean",
    },
    {
        "name": "et_between_values_is_and_not_ecart_type",
        "content": [
            "Patient;Date;Site;Épaisseur (mm)",
            "P15;2021-01-05;joue;2,1 et 2,2",
            "P15;2021-02-05;joue;2,1 ET 0,1",
            "P15;2021-03-05;joue;2,0 (écart-type 0,1)",
            "P15;2021-04-05;joue;« 1,9 »",
        ],
        "outcome": "accept_with_warning",
        "n": 5,
        "values": [2.1, 2.2, 2.1, 2.0, 1.9],
        "warned": [2, 3, 4],
        "mention": "2,1 et 2,2 holds several values;2,1 ET 0,1 is read as a mean",
    },
    {
        "name": "more_words_for_below_and_above",
        "content": [
            "Patient;Date;Site;Épaisseur (mm)",
            "P16;2021-01-05;joue;inférieur ou égal à 0,5",
            "P16;2021-02-05;joue;supérieure ou égale à 6 mm",
            "P16;2021-03-05;joue;6 et plus",
            "P16;2021-04-05;joue;6 mm ou +",
            "P16;2021-05-05;joue;0,5 ou moins",
        ],
        "outcome": "accept_with_warning",
        "n": 5,
        "censored": 5,
        "first": "P16|joue|2021-01-05|<0.5",
        "last": "P16|joue|2021-05-05|<0.5",
    },
    {
        "name": "a_range_in_words_is_asked_about",
        "content": [
            "Patient;Date;Site;Épaisseur (mm)",
            "P17;2021-01-05;joue;entre 1,8 et 2,0",
            "P17;2021-02-05;joue;de 1,7 à 1,9",
        ],
        "outcome": "ask",
        "mention": "range",
        "answers": [({"range": "middle"}, {"n": 2, "values": [1.9, 1.8]})],
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
]

COURSES = [
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
]

TABLES = [
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
        "name": "m10_patient_and_day_of_the_examination_above_the_table",
        "content": [
            "Patient : P-35;",
            "Date d'examen : 15/01/2021;",
            "Édité le 03/02/2023;",
            "Site;Épaisseur (mm)",
            "joue droite;2,6",
            "front;≤ 0,8",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "censored": 1,
        "first": "P-35|joue droite|2021-01-15|2.6",
        "warned": [1, 2, 3, 6],
        "mention": "2021-01-15 of all rows was taken from row 2",
    },
    {
        "name": "a_day_of_printing_or_an_ambiguous_day_above_is_not_taken",
        "content": [
            "Patient : P-36;",
            "Date d'examen : 05/01/2021;",
            "Imprimé le 15/01/2021;",
            "Site;Épaisseur (mm)",
            "joue droite;2,6",
        ],
        "outcome": "reject",
        "mention": "date of the measurement",
    },
    {
        "name": "records_told_apart_by_their_nature",
        "content": [
            "Patient;Nature;Date;Fin;Détail;Résultat",
            "P37;écho;15/01/2021;;joue D;2,6 mm",
            "P37;ttt;20/01/2021;20/06/2021;Endoxan 750 mg/m², 6 cures;",
            "P37;écho;15/04/2021;;joue D;2400 µm",
            "P37;médicament;01/07/2021;;IgIV 2 g/kg;",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "therapies": 2,
        "last": "P37|right cheek|2021-04-15|2.4",
        "first_therapy": "P37|cyclophosphamide|2021-01-20|2021-06-20",
        "last_therapy": "P37|IVIG|2021-07-01|ongoing",
    },
    {
        "name": "pages_and_sums_between_the_records_ask_nothing",
        "content": [
            "Patient;Date;Site;Épaisseur (mm)",
            "P33;14.02.2022;cuisse;2,20",
            "Moyenne ± ET;;;2,20 ± 0,07",
            "Effectif;;;1",
            "IC95%;;;1,0-2,0",
            "étendue observée ?;;;1,0-2,0",
            "Page 2/3;;;",
            "Patient;Date;Site;Épaisseur (mm)",
            "P33;16.05.2022;cuisse;2,00",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "last": "P33|cuisse|2022-05-16|2.0",
        "warned": [3, 4, 5, 6, 7, 8],
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
]

OVERLAPS = [
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
]


SEVERAL_KINDS = [
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
        "name": "readings_below_a_word_for_measurements",
        "content": [
            "Épaisseur en µm;;;;",
            "Patient;Date;Site;Mesures;",
            ";;;Lecture 1;Lecture 2",
            "P41;15.01.2021;joue D;1600;1620",
            "P41;15.04.2021;joue D;<1300;1310",
        ],
        "outcome": "accept_with_warning",
        "n": 4,
        "sites": 1,
        "censored": 1,
        "first": "P41|right cheek|2021-01-15|1.6",
        "last": "P41|joue D|2021-04-15|1.31",
    },
    {
        "name": "a_decimal_comma_with_a_blank_is_no_pair_of_readings",
        "content": [
            "Patient;Date;Site;Épaisseur (mm)",
            "P42;15.01.2021;joue;1, 5",
            "P42;15.04.2021;joue;1 ,6",
            "P42;15.07.2021;joue;1,8, 1,9",
            "P42;15.10.2021;joue;1,7",
        ],
        "outcome": "accept_with_warning",
        "n": 3,
        "values": [1.8, 1.9, 1.7],
        "rejected": [2, 3],
    },
    {
        "name": "the_usual_decimal_sign_is_that_of_most_cells",
        "content": [
            "Patient;Date;Site;Épaisseur (mm)",
            "P43;15.01.2021;joue;2,60",
            "P43;15.04.2021;joue;2,60",
            "P43;15.07.2021;joue;2.6",
        ],
        "outcome": "accept_with_warning",
        "n": 3,
        "warned": [4],
        "mention": "2.6 uses another decimal sign",
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
        "name": "letterhead_sides_units_tags_and_a_mean_in_one_sheet",
        "content": [
            "sep=;",
            "Suivi P-07;;;;;;;",
            "Hôpital de la Ville, le 03/02/2023;;;;;;;",
            ";;;;;;;",
            "ID;Date;Avant-bras;;Main;;Ouverture buccale;TTT",
            ";;D (mm);G (µm);D (mm);G (mm);(mm);",
            "P-07;1er mars 2021;2,45;2\u202f510;≤ 0,8;nd;38;Ø",
            "p–07;07/06/21;2,30;2\u00a0400 ;0,9;0,95;40;HCQ 200 mg x2/j",
            "P-07;13/09/21;2,2*;2 350;0,9;~0,9;41;HCQ",
            "P-07;déc-21;2,1;2 300;0,85;0,88;41;HCQ + IgIV",
            "P-07;14/03/22;2,05 (2);2 250;hors champ;0,86;42;IgIV, cure 3/6",
            "Moy.;;2,22;2 362;0,86;0,9;40;",
        ],
        "outcome": "accept_with_warning",
        "n": 14,
        "patients": 1,
        "sites": 4,
        "censored": 1,
        "therapies": 2,
        "first": "P-07|Avant-bras D|2021-03-01|2.45",
        "last": "P-07|Main G|2022-03-14|0.86",
        "first_therapy": "P-07|hydroxychloroquine|2021-06-07|2021-09-13",
        "last_therapy": "P-07|IVIG|2022-03-14|ongoing",
        "rejected": [10],
        "warned": [2, 3, 7, 8, 9, 11, 12],
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
        "name": "tenths_of_a_millimetre_in_words",
        "content": [
            "Patient;Date;Site;Épaisseur (dixièmes de mm)",
            "P47;15.01.2021;joue;26",
        ],
        "outcome": "accept",
        "n": 1,
        "first": "P47|joue|2021-01-15|2.6",
        "mention": "1/10 mm",
        "mention_always": True,
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
        "name": "words_for_a_reading_that_was_made",
        "content": [
            "Patient;Date;Site;Statut;Épaisseur (mm)",
            "P49;15.01.2021;joue;mesuré;2,6",
            "P49;15.04.2021;joue;non mesurable;",
            "P49;15.07.2021;joue;hors profondeur;",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 1,
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
]

CASES = [*TIMES_AND_CODES, *WORDS_OF_VALUES, *COURSES, *TABLES, *OVERLAPS, *SEVERAL_KINDS]
"""All cases, for the document of the ways in which files break."""


@pytest.mark.parametrize("case", TIMES_AND_CODES, ids=lambda c: c["name"])
def test_times_and_codes_of_french_files(case, judge):
    judge(case)


@pytest.mark.parametrize("case", WORDS_OF_VALUES, ids=lambda c: c["name"])
def test_words_in_cells_of_french_files(case, judge):
    judge(case)


@pytest.mark.parametrize("case", COURSES, ids=lambda c: c["name"])
def test_courses_of_french_files(case, judge):
    judge(case)


@pytest.mark.parametrize("case", TABLES, ids=lambda c: c["name"])
def test_tables_of_french_files(case, judge):
    judge(case)


@pytest.mark.parametrize("case", OVERLAPS, ids=lambda c: c["name"])
def test_courses_are_compared_after_codes_and_names_are_unified(case, judge):
    judge(case)


@pytest.mark.parametrize("case", SEVERAL_KINDS, ids=lambda c: c["name"])
def test_files_of_several_kinds(case, judge):
    judge(case)


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
