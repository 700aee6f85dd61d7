"""Ways M01 to M14: encodings, separators, headers and lines that are no readings."""

from __future__ import annotations

import json
import unicodedata

import pytest

from tests.corpus.texts import read

GERMAN = (
    "Patient;Datum;Region;Hautdicke (mm)\nB1;04.02.2020;Unterarm;2,10\n"
    "B1;05.05.2020;Oberschenkel;2,00\n"
)
FRENCH = (
    "Patient;Date;Site;Épaisseur (mm)\nF1;04.02.2020;avant-bras;1,80\nF1;04.08.2020;épaule;1,65\n"
)
B1 = {"n": 2, "patients": 1, "sites": 2, "first": "B1|Unterarm|2020-02-04|2.10",
      "last": "B1|Oberschenkel|2020-05-05|2.00"}  # fmt: skip
F1 = {"n": 2, "patients": 1, "sites": 2, "first": "F1|forearm|2020-02-04|1.80",
      "last": "F1|shoulder|2020-08-04|1.65"}  # fmt: skip


def two_encodings() -> bytes:
    return (
        "Patient;Datum;Körperstelle;Hautdicke (mm)\n".encode("cp1252")
        + "U1;04.03.2024;Oberschenkel außen;2,4\n".encode("cp1252")
        + "U1;04.06.2024;Oberschenkel außen;2,2\n".encode()
    )


def misread(page: str, times: int) -> bytes:
    """A file whose UTF-8 was read in an old code page and saved again, once or twice."""
    text = MISREAD
    for _ in range(times):
        text = text.encode("utf-8").decode(page)
    return text.encode("utf-8")


MISREAD = (
    "Patient;Datum;Region;Hautdicke (µm)\nMü;04.02.2020;Fußrücken;2100\nMü;05.05.2020;Wade;1900\n"
)


CASES = [
    {
        "name": "m01_bom_german",
        "content": GERMAN.encode("utf-8-sig"),
        "outcome": "accept",
        **B1,
    },
    {
        "name": "m01_bom_before_a_quoted_header",
        "content": b'\xef\xbb\xbf"patient","date","site","thickness_mm"\n'
        b'"C1","2021-01-05","thigh","1.5"\n',
        "outcome": "accept",
        "n": 1,
        "first": "C1|thigh|2021-01-05|1.5",
    },
    {
        "name": "m02_windows_1252_german",
        "content": [
            "Patient;Datum;Region;Hautdicke (µm)",
            "Mü1;04.02.2020;Fußrücken;1420",
            "Mü1;05.05.2020;Fußrücken;1380",
        ],
        "encoding": "cp1252",
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 2,
        "first": "Mü1|Fußrücken|2020-02-04|1.42",
        "last": "Mü1|Fußrücken|2020-05-05|1.38",
        "mention": "1252",
    },
    {
        "name": "m02_windows_1252_french",
        "content": FRENCH.encode("cp1252"),
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "mention": "1252",
        **F1,
    },
    {
        "name": "m02_mac_roman_is_not_read_as_nonsense",
        "content": "Patient;Datum;Region;Hautdicke (mm)\rB1;04.02.2020;Rücken;2,1\r".encode(
            "mac-roman"
        ),
        "outcome": "accept_with_warning",
        "also_ok": "accept ask reject",
        "n": 1,
        "first": "B1|Rücken|2020-02-04|2.1",
    },
    {
        "name": "m03_utf16_unicode_text",
        "file": "Liste.txt",
        "content": GERMAN.replace(";", "\t").encode("utf-16"),
        "outcome": "accept",
        **B1,
    },
    {
        "name": "m03_utf16_big_endian",
        "content": b"\xfe\xff" + FRENCH.encode("utf-16-be"),
        "outcome": "accept",
        **F1,
    },
    {
        "name": "m03_utf16_without_a_mark",
        "content": GERMAN.encode("utf-16-le"),
        "outcome": "accept",
        "also_ok": "accept_with_warning reject",
        **B1,
    },
    {
        "name": "m04_mojibake_german",
        "content": [
            "Patient;Datum;Region;Hautdicke (Âµm)",
            "B4;04.02.2020;FuÃŸrÃ¼cken;1420",
            "B4;05.05.2020;FuÃŸrÃ¼cken;1380",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "sites": 1,
        "first": "B4|Fußrücken|2020-02-04|1.42",
        "last": "B4|Fußrücken|2020-05-05|1.38",
        "mention": "FuÃŸrÃ¼cken|Âµm;Fußrücken|µm",
    },
    {
        "name": "m04_mojibake_french_cells_only",
        "content": [
            "patient,date,site,mm",
            "F4,2020-02-04,Ã©paule,2.1",
            "F4,2020-05-05,Ã©paule,2.0",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "sites": 1,
        "first": "F4|shoulder|2020-02-04|2.1",
        "mention": "Ã©paule;épaule",
    },
    {
        "name": "m05_comma_decimals_in_a_french_file",
        "content": [
            "N° patient;Date de mesure;Localisation;Épaisseur cutanée (mm)",
            "12;13/02/2020;mollet;1,95",
            "12;14/05/2020;mollet;1,9",
            "12;15/08/2020;mollet;2",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "accept",
        "n": 3,
        "first": "12|calf|2020-02-13|1.95",
        "last": "12|calf|2020-08-15|2.0",
    },
    {
        "name": "m05_point_decimals_with_semicolons",
        "content": [
            "Patient;Datum;Region;Dicke mm",
            "B5;04.02.2020;Wange;1.215",
            "B5;05.05.2020;Wange;1.10",
        ],
        "outcome": "accept",
        "n": 2,
        "first": "B5|cheek|2020-02-04|1.215",
    },
    {
        "name": "m05_commas_in_text_do_not_make_a_comma_file",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm);Bemerkung",
            "B5;04.02.2020;Wange;1,2;rot, warm, fest",
            "B5;05.05.2020;Wange;1,1;weicher, blass",
        ],
        "outcome": "accept",
        "n": 2,
        "last": "B5|cheek|2020-05-05|1.1",
    },
    {
        "name": "m06_tabs_in_csv",
        "file": "export.csv",
        "content": GERMAN.replace(";", "\t"),
        "outcome": "accept",
        **B1,
    },
    {
        "name": "m06_tabs_in_dat",
        "file": "messung.dat",
        "content": FRENCH.replace(";", "\t"),
        "outcome": "accept",
        **F1,
    },
    {
        "name": "m06_pipes",
        "file": "export.txt",
        "content": [
            "patient|date|site|mm",
            "C6|2020-02-04|hand|1.25",
            "C6|2020-05-05|hand|1.20",
        ],
        "outcome": "accept",
        "also_ok": "reject ask",
        "n": 2,
    },
    {
        "name": "m07_sep_line_german",
        "content": "sep=;\r\n" + GERMAN.replace("\n", "\r\n"),
        "outcome": "accept",
        "rejected": (),
        **B1,
    },
    {
        "name": "m07_sep_line_tab_with_bom",
        "content": ("sep=\t\r\n" + FRENCH.replace(";", "\t")).encode("utf-8-sig"),
        "outcome": "accept",
        **F1,
    },
    {
        "name": "m07_row_numbers_count_the_sep_line",
        "content": [
            "sep=;",
            "Patient;Datum;Region;Hautdicke (mm)",
            "B7;31.02.2020;Wade;2,1",
            "B7;01.03.2020;Wade;2,0",
        ],
        "outcome": "accept_with_warning",
        "n": 1,
        "rejected": (3,),
        "first": "B7|calf|2020-03-01|2.0",
        "mention": "31.02.2020",
    },
    {
        "name": "m08_quoted_decimal_comma",
        "content": [
            'patient,date,site,"thickness, mm"',
            'C8,2020-02-04,forearm,"2,15"',
            'C8,2020-05-05,forearm,"1,95"',
        ],
        "outcome": "accept",
        "n": 2,
        "first": "C8|forearm|2020-02-04|2.15",
        "last": "C8|forearm|2020-05-05|1.95",
    },
    {
        "name": "m08_quoted_french",
        "content": [
            "Patient,Date,Site,Épaisseur (mm)",
            'F8,04.02.2020,"joue, gauche","1,35"',
            'F8,05.05.2020,"joue, gauche","1,25"',
        ],
        "outcome": "accept",
        "n": 2,
        "sites": 1,
        "first": "F8|left cheek|2020-02-04|1.35",
    },
    {
        "name": "m09_thousands_point_german",
        "content": [
            "Patient;Datum;Region;Hautdicke",
            "B9;04.02.2020;Wade;1.350 µm",
            "B9;05.05.2020;Wade;1.280 µm",
            "B9;04.08.2020;Wade;980 µm",
        ],
        "outcome": "accept_with_warning",
        "n": 3,
        "first": "B9|calf|2020-02-04|1.350",
        "last": "B9|calf|2020-08-04|0.980",
        "mention": "thousand",
    },
    {
        "name": "m09_thousands_comma_english",
        "content": [
            "patient,date,site,thickness (um)",
            'C9,2020-02-04,calf,"1,350"',
            "C9,2020-05-05,calf,950",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "values": [1.35, 0.95],
        "mention": "thousand",
    },
    {
        "name": "m09_thousands_blank_french",
        "content": [
            "Patient;Date;Site;Épaisseur (µm)",
            "F9;04.02.2020;cuisse;1 350",
            "F9;05.05.2020;cuisse;1\u202f280",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "values": [1.35, 1.28],
        "mention": "thousand|blank|space",
    },
    {
        "name": "m09_three_decimals_in_mm_are_no_thousands",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm)",
            "B9;04.02.2020;Wade;1,350",
            "B9;05.05.2020;Wade;1,280",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 2,
        "values": [1.35, 1.28],
    },
    {
        "name": "m10_letterhead_german",
        "content": [
            "Universitätsklinik Musterstadt;;;",
            "Hautklinik, Sonographie;;;",
            "",
            "Ausdruck vom 01.03.2023;;;",
            "Patient;Datum;Region;Hautdicke (mm)",
            "B10;04.02.2020;Stirn;2,4",
            "B10;05.05.2020;Stirn;2,2",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "accept",
        "n": 2,
        "first": "B10|forehead|2020-02-04|2.4",
        "last": "B10|forehead|2020-05-05|2.2",
        "warned": (1, 2, 4),
        "mention": "skipped|ignored|above the header|left out",
    },
    {
        "name": "m10_letterhead_with_commas_and_unit",
        "content": [
            "Skin centre, ultrasound unit, room 3",
            "all values in µm",
            "",
            "patient,date,site,thickness",
            "C10,2020-02-04,cheek,1420",
            "C10,2020-05-05,cheek,1380",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "ask",
        "n": 2,
        "values": [1.42, 1.38],
        "warned": (1, 2),
        "mention": "µm|micromet",
    },
    {
        "name": "m11_header_over_two_rows",
        "content": [
            "Patient;Datum;Hautdicke (mm);Hautdicke (mm)",
            ";;Unterarm links;Unterarm rechts",
            "B11;04.02.2020;2,4;2,5",
            "B11;05.05.2020;2,2;2,3",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 4,
        "sites": 2,
        "first": "B11|left forearm|2020-02-04|2.4",
        "last": "B11|right forearm|2020-05-05|2.3",
    },
    {
        "name": "m11_merged_upper_row_left_blank",
        "content": [
            "Patient,Date,forearm (mm),,thigh (mm),",
            ",,left,right,left,right",
            "C11,2020-02-04,2.4,2.5,1.8,1.9",
            "C11,2020-05-05,2.2,2.3,1.7,",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 7,
        "sites": 4,
        "first": "C11|left forearm|2020-02-04|2.4",
        "last": "C11|left thigh|2020-05-05|1.7",
    },
    {
        "name": "m12_mean_sd_and_legend_german",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm)",
            "B12;04.02.2020;Stirn;2,4",
            "B12;05.05.2020;Stirn;2,2",
            ";;;",
            "Mittelwert;;;2,30",
            "SD;;;0,14",
            "n;;;2",
            "Legende: gemessen mit 20 MHz;;;",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "patients": 1,
        "last": "B12|forehead|2020-05-05|2.2",
        "warned": (5, 6, 8),
        "mention": "mittelwert|mean|summary",
    },
    {
        "name": "m12_moyenne_in_the_site_column",
        "content": [
            "Patient;Date;Site;Épaisseur (mm)",
            "F12;04.02.2020;front;2,4",
            "F12;05.05.2020;front;2,2",
            ";;moyenne;2,3",
            ";;écart-type;0,14",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "sites": 1,
        "warned": (4, 5),
        "mention": "moyenne|mean|summary",
    },
    {
        "name": "m13_blank_rows_and_columns",
        "content": [
            "patient,date,site,mm,,,",
            "C13,2020-02-04,chin,1.4,,,",
            ",,,,,,",
            "",
            "C13,2020-05-05,chin,1.3,,,",
            ",,,,,,",
        ],
        "outcome": "accept",
        "n": 2,
        "last": "C13|chin|2020-05-05|1.3",
    },
    {
        "name": "m13_semicolons_and_blanks_only",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm);;",
            "B13;04.02.2020;Kinn;1,4;;",
            " ; ; ; ; ;",
            "B13;05.05.2020;Kinn;1,3; ;",
        ],
        "outcome": "accept",
        "n": 2,
        "sites": 1,
    },
    {
        "name": "m14_header_repeated",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm)",
            "B14;04.02.2020;Ohr;1,4",
            "Patient;Datum;Region;Hautdicke (mm)",
            "B14;05.05.2020;Ohr;1,3",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "patients": 1,
        "warned": (3,),
        "last": "B14|ear|2020-05-05|1.3",
        "mention": "header",
    },
    {
        "name": "m14_header_repeated_in_capitals_after_a_blank_row",
        "content": [
            "patient,date,site,mm",
            "C14,2020-02-04,back,2.4",
            "",
            "PATIENT,DATE,SITE,MM",
            "C15,2020-05-05,back,2.3",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "patients": 2,
        "warned": (4,),
    },
    {
        "name": "m02_m05_m10_m12_m36_german_list",
        "content": [
            "Klinikum Musterstadt - Hautklinik;;;;",
            "Liste 20-MHz-Sonographie;;;;",
            "Stand: 01.03.2023;;;;",
            ";;;;",
            "Pat.-Nr.;Untersuchungsdatum;Lokalisation;Hautdicke (mm);Bemerkung",
            "SM01;04.02.2020;Unterarm re.;2,41;",
            "SM01;05.05.2020;Unterarm re.;n.m.;Ödem",
            "SM01;04.08.2020;Unterarm re.;2,05;",
            "SM02;04.02.2020;Unterarm re.;1,90;",
            ";;;;",
            "Mittelwert;;;2,12;",
            "n.m. = nicht messbar;;;;",
        ],
        "encoding": "cp1252",
        "outcome": "accept_with_warning",
        "n": 3,
        "patients": 2,
        "sites": 1,
        "first": "SM01|right forearm|2020-02-04|2.41",
        "last": "SM02|right forearm|2020-02-04|1.9",
        "warned": (1, 2, 3, 7, 11),
        "mention": "n.m.",
    },
    {
        "name": "m05_m15_m18_m25_french_wide",
        "content": [
            "Dossier;Date;Avant-bras D (µm);Avant-bras G (µm);Remarque",
            "SM-1;13/02/2020;2410;2350;",
            "SM-1;05/05/2020;2200;2180;peau plus souple",
            "SM-1;04/08/2020;2050;;",
        ],
        "outcome": "accept_with_warning",
        "n": 5,
        "sites": 2,
        "first": "SM-1|right forearm|2020-02-13|2.41",
        "last": "SM-1|right forearm|2020-08-04|2.05",
        "mention": "13/02/2020|row 2;µm",
    },
    {
        "name": "m11_m16_unit_in_the_second_row",
        "content": [
            "Patient;Datum;Region;Messung 1;Messung 2;Messung 3",
            ";;;mm;mm;mm",
            "B1;04.02.2020;Wade;2,1;2,2;2,0",
            "B1;05.05.2020;Wade;1,9;1,8;2,0",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 6,
        "sites": 1,
        "values": [2.1, 2.2, 2.0, 1.9, 1.8, 2.0],
    },
    {
        "name": "m61_m05_one_row_with_a_missing_field",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm)",
            "B6;04.02.2020;Wade;2,4",
            "B6;05.05.2020;2,2",
            "B6;04.08.2020;Wade;2,1",
        ],
        "outcome": "accept_with_warning",
        "also_ok": "ask",
        "n": 2,
        "rejected": (3,),
    },
    {
        "name": "m08_m38_quoted_spread",
        "content": [
            "patient,date,site,mm",
            'C8,2020-02-04,calf,"2,1 ± 0,1"',
            'C8,2020-05-05,calf,"2,0 ± 0,1"',
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "values": [2.1, 2.0],
    },
    {
        "name": "m14_m61_page_breaks_of_a_print",
        "content": [
            "Patient;Datum;Region;Hautdicke (mm)",
            "B9;04.02.2020;Wade;2,4",
            "Seite 1;;;",
            "Patient;Datum;Region;Hautdicke (mm)",
            "B9;05.05.2020;Wade;2,2",
            "Seite 2;;;",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "patients": 1,
        "warned": (3, 4, 6),
    },
    {
        "name": "m06_m13_m65_pasted_from_a_web_page",
        "file": "pasted.txt",
        "content": [
            "patient\xa0\tdate\tsite\tmm\t",
            "\xa0",
            "C13\t2020-02-04\tcalf\xa0\t2.4\t",
            "C13\t2020-05-05\tcalf\t2.2\t",
        ],
        "outcome": "accept",
        "n": 2,
        "sites": 1,
    },
    {
        "name": "m03_m09_utf16_and_thousands",
        "file": "Hautdicke.txt",
        "content": (
            "Patient\tDatum\tRegion\tHautdicke (µm)\r\n"
            "B13\t04.02.2020\tWade\t1.850\r\nB13\t05.05.2020\tWade\t1.790\r\n"
        ).encode("utf-16"),
        "outcome": "accept_with_warning",
        "n": 2,
        "values": [1.85, 1.79],
        "mention": "thousand",
    },
    {
        "name": "m55_m37_negative_numbers_stay_numbers",
        "content": [
            "patient,date,site,mm,delta",
            "C18,2020-02-04,calf,2.4,0",
            "C18,2020-05-05,calf,2.2,-0.2",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 2,
    },
    {
        "name": "m01_m07_m13_empty_lines_first",
        "content": [
            "\ufeff",
            "",
            "sep=,",
            "patient,date,site,mm",
            "C19,2020-02-04,calf,2.4",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 1,
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
        "name": "letters_lost_before_the_file_came",
        "content": [
            "Patient;Datum;K\ufffdrperstelle;Hautdicke (\ufffdm)",
            "A;04.02.2020;R\ufffdcken;2100",
            "A;05.05.2020;Wade;2000",
        ],
        "outcome": "ask",
        "mention": "letters were lost;rows 1, 2",
        "answers": [
            (
                {"unit": "µm"},
                {"n": 2, "first": "A|R\ufffdcken|2020-02-04|2.1", "mention": "were lost"},
            )
        ],
    },
    {
        "name": "hard_blanks_that_were_decoded_wrongly_and_made_plain",
        "content": [
            "Patient;Datum;KÃ¶rperstelle;Dicke",
            "A;04.02.2020;RÃ¼cken â€“ oben;2100 Âµm",
            "A;05.05.2020;GesÃ¤ÃŸ;2000Â Âµm",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "values": [2.1, 2.0],
        "last": "A|Gesäß|2020-05-05|2.0",
        "mention": "körperstelle;gesäß",
    },
    {
        "name": "m04_french_header_decoded_wrongly",
        "content": [
            "NÂ° patient;Date;Site;Ã‰paisseur (mm)",
            "F1;04.02.2020;Ã©paule;2,1",
            "F1;05.05.2020;cou;2,0",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "first": "F1|shoulder|2020-02-04|2.1",
        "mention": "Ã‰paisseur|NÂ°|Ã©paule;Épaisseur|N°|épaule",
    },
    {
        "name": "m06_tab_text_called_xls",
        "file": "messung.xls",
        "content": [
            "Patient\tDatum\tRegion\tHautdicke (mm)",
            "B1\t04.02.2020\tWade\t2,1",
            "B1\t05.05.2020\tWade\t2,0",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 2,
        "last": "B1|calf|2020-05-05|2.0",
    },
    {
        "name": "m06_dermalab_cmf",
        "file": "20200204_1015.cmf",
        "content": [
            "Patient\tDate\tSite\tThickness [um]",
            "C1\t2020-02-04\tforearm\t1850",
            "C1\t2020-02-04\tthigh\t1540",
        ],
        "outcome": "accept",
        "n": 2,
        "sites": 2,
        "values": [1.85, 1.54],
    },
    {
        "name": "m09_thousands_and_decimals",
        "content": [
            "Patient;Datum;Region;Hautdicke (µm)",
            "B1;04.02.2020;Wade;1.850,5",
            "B1;05.05.2020;Wade;1.790",
            "B1;04.08.2020;Wade;985,25",
        ],
        "outcome": "accept_with_warning",
        "n": 3,
        "first": "B1|calf|2020-02-04|1.8505",
        "last": "B1|calf|2020-08-04|0.98525",
        "mention": "thousand",
    },
    {
        "name": "m10_letterhead_with_the_words_of_a_header",
        "content": [
            "Klinik;Hautklinik Musterstadt;;",
            "Gerät;DermaScan C, 20 MHz;;",
            "Datum;01.03.2023;;",
            "Untersucher;AB;;",
            ";;;",
            "Patient;Datum;Region;Hautdicke (mm)",
            "B10;04.02.2020;Stirn;2,4",
            "B10;05.05.2020;Stirn;2,2",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "patients": 1,
        "first": "B10|forehead|2020-02-04|2.4",
        "warned": (1, 2, 3, 4),
    },
    {
        "name": "m13_an_empty_column_in_the_middle",
        "content": [
            "patient,date,,site,mm",
            "C13,2020-02-04,,calf,2.4",
            "C13,2020-05-05,,calf,2.2",
        ],
        "outcome": "accept",
        "n": 2,
    },
    {
        "name": "m61_trailing_separators_are_harmless",
        "content": [
            "patient,date,site,mm",
            "C61,2020-02-04,calf,2.4,,",
            "C61,2020-05-05,calf,2.2",
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 2,
    },
    {
        "name": "m14_units_row_repeated_with_the_header",
        "content": [
            "patient,date,site,thickness",
            ",,,µm",
            "C14,2020-02-04,calf,2400",
            "patient,date,site,thickness",
            ",,,µm",
            "C14,2020-05-05,calf,2200",
        ],
        "outcome": "accept_with_warning",
        "n": 2,
        "values": [2.4, 2.2],
        "warned": (4,),
    },
    {
        "name": "blank_before_the_quote_semicolons",
        "content": [
            "Patient; Datum; Region; Hautdicke (mm); Bemerkung",
            'Q1; "04.03.2024"; "Bauch; links"; "2,4"; "a; b"',
            'Q1; "04.06.2024"; "Bauch; links"; "2,2"; ""',
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 2,
        "patients": 1,
        "sites": 1,
    },
    {
        "name": "two_encodings",
        "content": two_encodings,
        "outcome": "accept_with_warning",
        "n": 2,
        "sites": 1,
        "mention": "encoding",
    },
    {
        "name": "blank_before_quotes_in_the_header",
        "content": [
            '"patient", "date", "site, side", "thickness_mm"',
            '"B1", "2024-02-05", "forearm, left", "2.4"',
            '"B1", "2024-05-05", "forearm, left", "2.2"',
        ],
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 2,
        "sites": 1,
    },
    {
        "name": "json_records",
        "file": "h.json",
        "content": json.dumps(
            [
                {"patient": "J1", "date": "2024-02-05", "site": "calf", "thickness_mm": 2.4},
                {"patient": "J1", "date": "2024-05-05", "site": "calf", "thickness_mm": 2.2},
            ]
        ),
        "outcome": "accept",
        "also_ok": "accept_with_warning",
        "n": 2,
    },
    {
        "name": "spss_file_is_named",
        "file": "i.sav",
        "content": b"$FL2@(#) IBM SPSS STATISTICS 64-bit" + bytes(400),
        "outcome": "reject",
        "mention": "spss;damaged",
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
def test_text_files(case, judge):
    judge(case)


def test_what_stands_around_a_list_in_json_belongs_to_each_of_its_records():
    visits = [{"date": "2024-03-01", "forearm_mm": 2.4}, {"date": "2024-06-01", "forearm_mm": 2.2}]
    people = [{"patient": "A1", "visits": visits}, {"patient": "A2", "visits": visits[:1]}]
    result = read(json.dumps(people), "visits.json")
    assert [(m.patient_id, m.thickness_mm) for m in result.measurements] == [
        ("A1", 2.4), ("A1", 2.2), ("A2", 2.4),
    ]  # fmt: skip


def test_columns_that_are_aligned_by_blanks_are_columns():
    result = read(
        "Patient   Date        Site      Thickness (mm)\n"
        "A1        2023-01-10  forearm   2.10\nA1        2023-04-12  calf      1.95\n"
    )
    assert [(m.site, m.thickness_mm) for m in result.measurements] == [
        ("forearm", 2.1), ("calf", 1.95),
    ]  # fmt: skip
