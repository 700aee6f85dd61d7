"""The part of the catalogue of findings that is about cells and columns kept, named or doubted."""

from __future__ import annotations

from sm_tracker.domain.records import Level

NAMED_CELL_KINDS: dict[str, tuple[Level, str, str, str, str]] = {
    "cell_not_examined": (
        "warning",
        "A cell in row {row}, column {column}, is too long and was not examined: {length} "
        "characters, "
        "where a cell holds {limit} at most ({value} …)",
        "The cell is longer than any spreadsheet allows, such as a picture written as text. The "
        "rest of its row is read.",
        "an image in base64",
        "Nothing, unless the cell holds a measurement.",
    ),
    "json_read": (
        "info",
        "The file is JSON; its {count} records were read as rows, the first as row 2",
        "A list of records in JSON, or one record a line, is a table.",
        '[{"patient": "A1", "mm": 2.1}]',
        "Nothing.",
    ),
    "rows_without_record": (
        "info",
        "Nothing was read from {rows}: no value, no therapy",
        "Rows in which no cell is a reading, a course or an outcome give no record.",
        "a row with a date and nothing else",
        "Nothing, unless a value is missing in them.",
    ),
    "mixed_encodings": (
        "warning",
        "The file mixes two encodings: {rows} in UTF-8, the others in {encoding}; each row was "
        "read in its own",
        "Parts of the file were written by different programs.",
        "a list in Windows-1252 to which a UTF-8 program added rows",
        "Check letters such as ä, é and µ.",
    ),
    "tables_beside": (
        "info",
        "The sheet holds {count} tables side by side; each was read on its own",
        "Several tables stand beside each other.",
        "measurements in columns A to D, therapies in F to I",
        "Nothing.",
    ),
    "code_made_date": (
        "warning",
        "Row {row}: the patient code in column {column} is a date ({value}); a spreadsheet may "
        "have turned a code such as {example} into it",
        "Among codes stands a date. Spreadsheets turn codes such as 3-12 into dates.",
        "12-Mar among codes 3-13 and 3-14",
        "Correct the code in the file, and format its column as text.",
    ),
    "struck_through": (
        "warning",
        "Struck through in the spreadsheet and read all the same: {rows} ({value})",
        "Somebody crossed out these cells; they are data until a person takes them out.",
        "a reading crossed out in red",
        "Delete the cells if they do not belong to the data.",
    ),
    "cell_comment": (
        "warning",
        "A comment on row {row}, {column}, was not imported: {value}",
        "Comments on cells are named, as they may speak against a value.",
        "do not use",
        "Read the comment; delete or correct the value if it says so.",
    ),
    "age_is_no_date": (
        "error",
        "Column {column} tells the age, which is too coarse for the day of a reading",
        "A change is counted in days; an age in years or months does not tell them.",
        "patient, age (years), site, thickness (mm)",
        "Add a column with the dates, or with the days since the first reading.",
    ),
    "limits_of_sessions": (
        "info",
        "Column {column} lists sessions; the first and the last one are start and end of each "
        "course ({count})",
        "The dates of sessions tell when a course began and ended.",
        "8 Jan 2024, 22 Jan 2024, 5 Feb 2024",
        "Add columns for start and end if they differ.",
    ),
    "status_word_unknown": (
        "warning",
        "Row {row}: the status {value} in column {column} is not known and the end is blank, so "
        "the end of the course is unknown",
        "A status without a known meaning tells neither that a course runs nor that it ended.",
        "switched to biologic",
        "Write the end date, or ongoing.",
    ),
    "day_numbers_of_epoch": (
        "warning",
        "Column {column} holds numbers of {unit} ({value} in row {row}); they were counted from "
        "{epoch} and became dates ({date} in row {row})",
        "Statistics programs store dates as numbers counted from a day of their own.",
        "13930012800, the seconds since 1582 of SPSS",
        "Check the first date.",
    ),
    "missing_code": (
        "warning",
        "Row {row}: {value} in column {column} was left out as a code for a missing value",
        "Numbers such as 999 or 9.99 stand for a missing value in many files.",
        "999",
        "Nothing, if the number is such a code.",
    ),
    "therapy_words_kept": (
        "info",
        "Row {row}: {words} in {value} was kept with the dose of {therapy}",
        "Words beside a therapy that tell how it was given are kept with its dose.",
        "low-dose, hypofractionated, second course",
        "Nothing.",
    ),
    "course_stopped_by_tag": (
        "info",
        "Row {row}: {value} says that {therapy} was stopped; the row counts as without it",
        "A tag with a stop or a dose of zero names no running therapy.",
        "MTX stop, MTX 0 mg",
        "Nothing.",
    ),
    "date_of_event": (
        "info",
        "{count} rows took the date of their event, which stands in a row of its own",
        "REDCap keeps the date of a visit once, beside repeated forms.",
        "visit_date on the event row, scans in repeats",
        "Nothing.",
    ),
    "epoch_of_visit": (
        "warning",
        "Column {column} was not used: the visits across are counted in days from the first",
        "With one column a visit, only the first visit has a date of its own.",
        "baseline date beside month 3 and month 6",
        "Give each visit its date if days are not enough.",
    ),
}
