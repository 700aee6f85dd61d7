"""The part of the catalogue of findings that is about single rows and cells."""

from __future__ import annotations

from sm_tracker.domain.records import Level

REFUSED_ROW_KINDS: dict[str, tuple[Level, str, str, str, str]] = {
    "missing_patient": (
        "error",
        "Row {row} was left out: the patient code is missing (blank)",
        "A row without a patient cannot be stored.",
        ";2020-02-04;calf;2,10",
        "Fill in the patient code.",
    ),
    "missing_date": (
        "error",
        "Row {row} was left out: the date is missing (blank, column {column})",
        "A reading or course without a date cannot be stored.",
        "A1;;calf;2,10",
        "Fill in the date.",
    ),
    "missing_site": (
        "error",
        "Row {row} was left out: the body site is missing (blank)",
        "A reading without a site cannot be stored.",
        "A1;2020-02-04;;2,10",
        "Fill in the site.",
    ),
    "no_therapy_row": (
        "warning",
        "Row {row}: {value} says that no therapy was given; no course was made of it",
        "The therapy cell holds a word such as none, keine or aucun.",
        "none",
        "Nothing; time without a course counts as untreated.",
    ),
    "missing_therapy": (
        "error",
        "Row {row} was left out: the name of the therapy is missing (blank)",
        "A course without a therapy cannot be stored.",
        "A1;;2020-02-04;",
        "Fill in the therapy.",
    ),
    "missing_event": (
        "error",
        "Row {row} was left out: the event is missing (blank)",
        "A row of a table of events says neither what happened nor of which kind it was.",
        "A1;2020-02-04;",
        "Fill in the event.",
    ),
    "unreadable_date": (
        "error",
        "Row {row} was left out: {value} in column {column} is not a date that can be read",
        "The cell is not a date in any form that is known.",
        "spring 2020",
        "Write the date as 2020-02-04.",
    ),
    "impossible_date": (
        "error",
        "Row {row} was left out: {value} in column {column} is an impossible date, the day does "
        "not exist (invalid)",
        "There is no such day.",
        "31.02.2020",
        "Correct the date.",
    ),
    "future_date": (
        "error",
        "Row {row} was left out: {value} in column {column} lies in the future",
        "A measurement or start after today is an error.",
        "04.02.2050",
        "Correct the date.",
    ),
    "zero_date": (
        "error",
        "Row {row} was left out: {value} in column {column} is a zero date (an empty date "
        "written as a number), not a valid date",
        "Spreadsheets and databases write an empty date so.",
        "00.01.1900",
        "Fill in the date.",
    ),
    "too_early_date": (
        "error",
        "Row {row} was left out: {value} in column {column} lies too early, before 1950",
        "Skin was not measured by ultrasound then; a digit of the year is wrong.",
        "04.02.1902",
        "Correct the date.",
    ),
    "vague_date": (
        "error",
        "Row {row} was left out: {value} in column {column} names a {precision} only; a "
        "measurement needs its day",
        "A month or year is too vague for a measurement.",
        "03/2020",
        "Fill in the day.",
    ),
    "not_a_number": (
        "error",
        "Row {row} was left out: {value} in column {column} is not a number",
        "Text stands where a number is needed.",
        "thick",
        "Write the number, or n/a.",
    ),
    "not_whole": (
        "error",
        "Row {row} was left out: {value} in column {column} is not a whole number",
        "The column holds whole numbers.",
        "replicate 1.5",
        "Correct the number.",
    ),
    "value_beyond_limits": (
        "error",
        "Row {row} was left out: {value} in column {column} is not possible, {why}",
        "A record holds no such value: days go to 100,000 either way, dates from 1900 to 2200, "
        "thickness above 0 to 50 mm, names to 120 characters, notes to 4,000.",
        "61,5",
        "Correct the value or shorten the text.",
    ),
    "negative_value": (
        "error",
        "Row {row} was left out: {value} in column {column} is negative; a thickness lies above "
        "zero",
        "A negative thickness is an error.",
        "-1,2",
        "Correct the value.",
    ),
    "zero_value": (
        "error",
        "Row {row} was left out: {value} in column {column} is zero; a thickness lies above zero",
        "Zero often stands for a missing value.",
        "0,00",
        "Correct the value, or write n/a.",
    ),
    "unknown_unit": (
        "error",
        "Row {row} was left out: {value} in column {column} is not a known unit of length",
        "The unit is none of mm, µm (um) and cm.",
        "inch",
        "Write mm, µm or cm.",
    ),
    "unknown_word": (
        "error",
        "Row {row} was left out: {value} in column {column} is none of {allowed}",
        "The column allows certain words only.",
        "side = upper",
        "Use one of the words named.",
    ),
    "both_sides": (
        "info",
        "{value} in {rows} names both sides; the side stays blank",
        "One value for left and right together belongs to neither of them.",
        "lower leg, both",
        "Nothing, if the value is of both sides together.",
    ),
    "side_conflict": (
        "error",
        "Row {row} was left out: the site says {first}, the column for the side says {second}",
        "Site and side contradict each other.",
        "left hand; right",
        "Correct one of them.",
    ),
    "sign_conflict": (
        "error",
        "Row {row} was left out: {value} and the qualifier {second} contradict each other",
        "The cell and the column for < and > contradict each other.",
        "<0.5 with qualifier >",
        "Correct one of them.",
    ),
    "end_before_start": (
        "error",
        "Row {row} was left out: the end ({value}) is before the start ({start}); nothing was "
        "swapped",
        "A course cannot end before it starts.",
        "start 2019-10-07, end 2019-08-05",
        "Correct one of the dates.",
    ),
    "end_missing": (
        "error",
        "Row {row} was left out: end_status is ended, but there is no end",
        "An ended course needs its end.",
        "end blank, end_status ended",
        "Fill in the end, or write ongoing or unknown.",
    ),
    "end_contradicts": (
        "error",
        "Row {row} was left out: end_status is {value}, but an end is given as well",
        "End and end status contradict each other.",
        "end 2020-03-01, end_status ongoing",
        "Correct one of them.",
    ),
    "formula_without_result": (
        "error",
        "Row {row} was left out: column {column} holds a formula without a stored result",
        "The program that wrote the file did not compute the formula.",
        "=B2/1000 written by a script",
        "Open and save the workbook in a spreadsheet program.",
    ),
    "wrong_field_count": (
        "error",
        "Row {row} was left out: it has {found} fields, the header has {wanted} columns (a "
        "separator too many or too few)",
        "The cells of the row cannot be given to columns.",
        "a line break in the middle of a row",
        "Correct the separators of the row.",
    ),
    "both_time_axes": (
        "error",
        "Row {row} was left out: it has both a date and a day",
        "Only one of date and day may be filled.",
        "date 2020-02-04, day 12",
        "Clear one of them.",
    ),
    "refused_by_answer": (
        "warning",
        "Row {row} was left out by your answer: {words}",
        "An answer said to leave the row out.",
        "range=leave-out",
        "Answer otherwise.",
    ),
}

MARKED_CELL_KINDS: dict[str, tuple[Level, str, str, str, str]] = {
    "missing_value": (
        "warning",
        "Row {row}: no value in column {column} ({shown}); it is missing, not zero",
        "The cell is blank or says that there is no value.",
        "n/a, k.A., #DIV/0!",
        "Nothing, if nothing was measured.",
    ),
    "not_measurable": (
        "warning",
        "Row {row}: not measurable ({value}); kept as a visit with a missing value, never as zero",
        "The reading was tried and gave nothing.",
        "nicht messbar",
        "Nothing.",
    ),
    "beyond_depth": (
        "warning",
        "Row {row}: beyond the depth of the probe ({value}); kept as a visit with a missing value",
        "The skin was thicker than the device can show.",
        "zu tief",
        "Nothing.",
    ),
    "optional_unreadable": (
        "warning",
        "Row {row}: {value} in column {column} was not understood and is left blank; the rest of "
        "the row is kept",
        "A cell of an optional column holds something unexpected.",
        "replicate = first",
        "Correct the cell if it matters.",
    ),
    "below_value": (
        "warning",
        "Row {row}: {value} is censored (below the limit); the sign < is kept, and the value is "
        "left out of means and changes",
        "The true value lies below the number.",
        "<0.4",
        "Nothing.",
    ),
    "above_value": (
        "warning",
        "Row {row}: {value} is censored (above the limit); the sign > is kept, and the value is "
        "left out of means and changes",
        "The true value lies above the number.",
        ">6.0",
        "Nothing.",
    ),
    "implausible_value": (
        "warning",
        "Row {row}: {value} in column {column} is implausible beside the other values of its "
        "series (about {usual}); has the decimal point slipped, or is the unit another? It is "
        "kept as doubtful and counts in no result until somebody confirms or corrects it",
        "The value is 8 times or an eighth of the median of its series, or 4 times with no other "
        "value nearby.",
        "18.5 among 1.9 and 1.8",
        "Correct the value, or confirm it under Records (in a file: `doubt` confirmed).",
    ),
    "value_out_of_range": (
        "warning",
        "Row {row}: {value} in column {column} is implausible, skin is {low} to {high} mm thick; "
        "has the decimal point slipped, or is the unit another? It is kept as doubtful and "
        "counts in no result until somebody confirms or corrects it",
        "The value lies outside of what is possible for skin.",
        "25 mm",
        "Correct the value, or confirm it under Records (in a file: `doubt` confirmed).",
    ),
    "possible_missing_code": (
        "warning",
        "Row {row}: {value} in column {column} looks like a code for a missing value. It is kept "
        "as doubtful and counts in no result until somebody confirms or corrects it",
        "Numbers made of one digit, such as 9.99, 99.9, 999 or 8.88, often stand for missing.",
        "999",
        "If it is a code, leave the cell blank; if it was measured, confirm it under Records.",
    ),
    "approximate_value": (
        "warning",
        "Row {row}: {value} is approximate (ca.); the value is kept and marked",
        "The writer marked the value as approximate.",
        "ca. 1,9",
        "Nothing.",
    ),
    "range_middle": (
        "warning",
        "Row {row}: by your answer, the middle of the range {value} is stored and marked as "
        "approximate",
        "A range stood in place of a value.",
        "1,8-2,0",
        "Nothing.",
    ),
    "value_with_sd": (
        "warning",
        "Row {row}: {value} is read as a mean with its standard deviation (SD, ±)",
        "The cell holds a mean and its spread.",
        "2,1 ± 0,1",
        "Nothing.",
    ),
    "several_values": (
        "warning",
        "Row {row}: {value} holds several values; they are kept as replicates",
        "Several readings in one cell.",
        "1.8/1.9/2.0",
        "Nothing.",
    ),
    "text_after_value": (
        "warning",
        "Row {row}: the text after the number in {value} is kept as a note",
        "A remark stands beside the value.",
        "2.1 (left arm swollen)",
        "Nothing.",
    ),
    "thousands_separator": (
        "warning",
        "Row {row}: the separator in {value} was read as a thousands separator, judging by unit "
        "and plausible range",
        "A point or comma that groups thousands.",
        "1.350 µm",
        "Nothing, if this is right.",
    ),
    "other_decimal_sign": (
        "warning",
        "Row {row}: {value} uses another decimal sign (point, comma) than the rest of the column",
        "Decimal point and comma are mixed.",
        "2.10 among 1,95",
        "Nothing, if this is right.",
    ),
    "duplicate_row": (
        "warning",
        "Row {row} is an exact duplicate of row {other} and counts once",
        "The same record stands in the file twice.",
        "a row pasted twice",
        "Nothing.",
    ),
    "later_value_used": (
        "warning",
        "By your answer, row {row} ({value}) was replaced by the later row {other} of the same "
        "visit",
        "A later row corrects an earlier one.",
        "2.6 corrected to 2.4",
        "Nothing.",
    ),
    "read_as_replicates": (
        "warning",
        "By your answer, rows {rows} of the same visit are replicates",
        "Several readings of one visit.",
        "2.6 and 2.4 on one day",
        "Nothing.",
    ),
    "cell_filled_down": (
        "warning",
        "Row {row}: {value} was filled down from the merged cell above (column {column})",
        "Merged cells hold their value in the first row only.",
        "a patient merged over three rows",
        "Nothing.",
    ),
    "blank_filled_down": (
        "warning",
        "Row {row}: by your answer, {value} was filled down from the cell above (column {column})",
        "Blank cells repeat the one above.",
        "the patient code in the first row of a block only",
        "Nothing.",
    ),
    "ditto_read": (
        "warning",
        "Row {row}: {value} in column {column} repeats the cell above and was read as {above}",
        "A mark or word for 'as above' stands in place of the cell.",
        "idem below IVIG",
        "Nothing.",
    ),
    "formula_text": (
        "warning",
        "Row {row}: {value} starts like a formula (formula injection); it is stored as plain text "
        "and made safe on export",
        "Text that a spreadsheet would run as a formula.",
        "=HYPERLINK(…)",
        "Nothing.",
    ),
    "approximate_date": (
        "warning",
        "Row {row}: {value} names a {precision} only; kept as an approximate date (precision "
        "{precision})",
        "The start or end is known to the month or year only.",
        "03/2020",
        "Nothing.",
    ),
    "therapy_split": (
        "warning",
        "Row {row}: {value} was split into therapy {therapy}, dose and schedule {dose}; the text "
        "is kept",
        "Drug, dose and schedule stand in one cell.",
        "MTX 15 mg/week s.c.",
        "Nothing, if the parts are right.",
    ),
    "therapy_name_mapped": (
        "warning",
        "Row {row}: {value} is a brand or older name and was read as {therapy}{atc}",
        "Brand names become the name of the drug.",
        "Endoxan is cyclophosphamide",
        "Nothing, if this is right.",
    ),
    "therapy_abbreviation": (
        "info",
        "Row {row}: {value} was read as {therapy}{atc}",
        "Abbreviations and other languages become the standard name.",
        "HCQ is hydroxychloroquine",
        "Nothing, if this is right.",
    ),
    "therapy_unknown": (
        "info",
        "Row {row}: {value} is not a therapy name that is known; it is kept as written",
        "The therapy is in no list of ours.",
        "a new drug",
        "Nothing.",
    ),
    "therapy_assumed": (
        "warning",
        "Row {row}: {value} was read as {therapy}, its usual meaning in this field; it can also "
        "mean {others}",
        "An abbreviation with several meanings.",
        "HC is hydroxychloroquine here, and hydrocortisone elsewhere",
        "Write the full name if another is meant.",
    ),
    "cycles_in_text": (
        "warning",
        "Row {row}: {cycles} cycles were read from the text {value}",
        "The number of cycles stands in a text.",
        "6 Zyklen",
        "Nothing, if this is right.",
    ),
    "therapy_part_unknown": (
        "warning",
        "Row {row}: {part} in {value} is not a therapy that is known; only {therapies} was read, "
        "the text is kept",
        "A cell joins a known therapy to words that are not known.",
        "MTX + XYZ",
        "Add a row of its own for the other therapy, if it is one.",
    ),
    "several_therapies": (
        "warning",
        "Row {row}: {value} names several therapies ({therapies}); each became a course of its own",
        "Two drugs in one cell.",
        "MTX + prednisolone",
        "Nothing, if this is right.",
    ),
    "end_from_status": (
        "info",
        "Row {row}: the end {date} was read from the status ({value})",
        "A status that names the day on which a course was stopped.",
        "discontinued 2023-02-01",
        "Nothing.",
    ),
    "end_unknown": (
        "warning",
        "Row {row}: the end ({value}) is not known; the course is kept with an unknown end",
        "The text says that the end is not known.",
        "unbekannt",
        "Fill in the end if it is known.",
    ),
    "record_left_out": (
        "warning",
        "Row {row} was left out: its type {value} is neither measurement nor therapy",
        "A table of mixed records holds types that are not read.",
        "type = laboratory",
        "Nothing.",
    ),
}
