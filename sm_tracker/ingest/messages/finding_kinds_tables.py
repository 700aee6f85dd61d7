"""The part of the catalogue of findings that is about whole files, tables and columns."""

from __future__ import annotations

from sm_tracker.domain.records import Level

TABLE_KINDS: dict[str, tuple[Level, str, str, str, str]] = {
    "encoding_named": (
        "info",
        "The text was read as {encoding}",
        "The file is not UTF-8; its encoding was recognised.",
        "a file saved by an older Excel",
        "Nothing, if letters such as ä, é and µ look right.",
    ),
    "mojibake_repaired": (
        "warning",
        "Wrong encoding (mojibake) repaired in {rows}: {words}; the text had been decoded wrongly "
        "once before",
        "Letters had been garbled by a wrong decoding before the file reached us.",
        "Ã¼ for ü, Âµm for µm",
        "Check the words named.",
    ),
    "letters_lost": (
        "warning",
        "Letters were lost before the file came here ({rows}: {value}); the words stay as they are",
        "A program has put a replacement sign (U+FFFD) in place of letters it could not read.",
        "a diamond with a question mark for ö in Körperstelle",
        "Export the file again as UTF-8, or correct the words named.",
    ),
    "rows_above_header": (
        "warning",
        "Row {row} was skipped: it stands before the header in row {header} ({value})",
        "Letterhead or title lines above the table are not data.",
        "Skin clinic, printed 2023-01-09",
        "Nothing, if the line is not a measurement.",
    ),
    "header_joined": (
        "info",
        "The header spans rows {row} to {last}; they were joined",
        "Column names over two rows or more, often with merged cells.",
        "Forearm over left and right",
        "Nothing.",
    ),
    "header_repeated": (
        "warning",
        "Row {row} repeats the header and was left out",
        "The header appears again among the data, as in printed lists.",
        "a page break in a list",
        "Nothing.",
    ),
    "summary_row": (
        "warning",
        "Row {row} was left out: it sums up other rows (mean, SD, total or the like): {value}",
        "A row that holds a mean, a standard deviation or a total is not a measurement.",
        "mean;;;2,05",
        "Nothing.",
    ),
    "legend_row": (
        "warning",
        "Row {row} was left out: a legend or remark below the data ({value})",
        "Text below the table is not a measurement.",
        "Legend: * left arm not measurable",
        "Nothing, if the line is not a measurement.",
    ),
    "two_tables": (
        "info",
        "The sheet holds {count} tables one below the other, with headers in rows {rows}",
        "Several tables stand below each other.",
        "measurements above, therapies below",
        "Nothing.",
    ),
    "sheet_left_out": (
        "info",
        "The sheet was left out: no table of measurements or therapies in it",
        "A sheet without a table that is understood.",
        "a sheet with a legend",
        "Nothing, if it holds no measurements.",
    ),
    "hidden_sheet": (
        "warning",
        "The sheet is hidden and was left out",
        "Hidden sheets are not read.",
        "a hidden sheet 'old values'",
        "Unhide the sheet if it belongs to the data.",
    ),
    "hidden_rows": (
        "warning",
        "Row {row} is hidden in the spreadsheet and was read all the same",
        "Hidden (or filtered) rows are data and are read.",
        "a filter that hides a visit",
        "Delete the row if it does not belong to the data.",
    ),
    "hidden_columns": (
        "warning",
        "Column {column} is hidden in the spreadsheet and was read all the same",
        "Hidden columns are read.",
        "a hidden column",
        "Delete the column if it does not belong to the data.",
    ),
    "date_system_1904": (
        "info",
        "The workbook counts days from 1904; its dates were read so",
        "Workbooks from old Macs count days from 1904.",
        "a workbook made on a Mac",
        "Nothing.",
    ),
    "identifying_column": (
        "warning",
        "Column {column} was not imported: it looks like identifying information ({kind})",
        "Names, birth dates, insurance numbers and the like are not stored.",
        "a column 'Name' or 'Geburtsdatum'",
        "Nothing; use a pseudonymous patient code.",
    ),
    "identifying_patient_code": (
        "warning",
        "Patients are identified by {column} ({kind}), which is not imported; codes were given "
        "instead",
        "The file knows patients only by name or the like.",
        "Müller, Hans",
        "Keep the key of codes to names outside of this program.",
    ),
    "column_not_thickness": (
        "info",
        "Column {column} is not skin thickness and was not read as one",
        "Other lengths in mm, such as depth, must not be taken for thickness.",
        "depth (mm)",
        "Nothing.",
    ),
    "columns_not_read": (
        "info",
        "Not read: {columns}",
        "Columns of which nothing was read, such as age or weight.",
        "age, weight (kg)",
        "Nothing; what a column may hold is offered as a question.",
    ),
    "nameless_column_not_read": (
        "warning",
        "{column} holds numbers but has no name, and was not read",
        "What a column without a name holds is not guessed.",
        "a second value beside 'thickness (mm)' without a header of its own",
        "If it is a thickness, name its column by site and thickness.",
    ),
    "span_split": (
        "info",
        "Column {column} holds start and end in one cell; {count} cells were taken apart",
        "A span of time such as 01.02.2020 - 30.06.2020, 'since 03/2021' or 'until 2020'.",
        "01.02.2020 - 30.06.2020",
        "Nothing. A date alone is a start, and the end is then unknown.",
    ),
    "sides_split": (
        "info",
        "Column {column} holds the values of both sides in one cell; {count} cells were taken "
        "apart",
        "The name of the column says which side comes first.",
        "forearm r/l: 2.1/2.3",
        "Nothing.",
    ),
    "codes_from_legend": (
        "info",
        "Codes in column {column} were read as a line beside the table explains them: {value}",
        "A legend such as 1 = forearm, 2 = hand.",
        "site 1, and below the table: 1 = forearm",
        "Nothing, if the legend is that of this table.",
    ),
    "length_column_not_read": (
        "warning",
        "Column {column} holds numbers in {unit} but was not read",
        "It may hold thickness of a site that is not known, or another length.",
        "scar (mm) beside thickness (mm)",
        "If it is a thickness, name its column by site and thickness.",
    ),
    "other_outcome_read": (
        "info",
        "Column {column} is not skin thickness; it was read as the outcome {outcome}",
        "A second outcome such as mouth opening is kept apart from the thickness.",
        "mouth opening (mm)",
        "Nothing.",
    ),
    "no_thickness_read": (
        "warning",
        "There is no column for the skin thickness; only other outcomes were read. Columns seen: "
        "{columns}",
        "The table holds second outcomes such as mouth opening and no thickness.",
        "patient, date, mouth opening (mm)",
        "Nothing, if this is right; else say on the Import page which column it is.",
    ),
    "mean_left_out": (
        "info",
        "Column {column} was not read: the single readings stand beside it",
        "A mean (or SD) of readings that are in the file themselves is not stored.",
        "reading 1, reading 2, mean",
        "Nothing.",
    ),
    "unknown_site_columns": (
        "warning",
        "Column {column} was taken for a body site of its own, though its name is not known as one",
        "It stands beside columns of sites, or its name says thickness and a word more.",
        "'Lesion A (mm)' beside 'calf (mm)'",
        "Rename or remove the column if it is not skin thickness.",
    ),
    "patient_stated_above": (
        "warning",
        "The patient code {value} was taken from row {row}, since there is no patient column",
        "The code stands above the table.",
        "Patient: A14",
        "Nothing, if all rows are of this patient.",
    ),
    "date_stated_above": (
        "warning",
        "The date {date} of all rows was taken from row {row} ({value}), since there is no date "
        "column",
        "The day of the examination stands above the table.",
        "Examination date: 12.01.2021",
        "Nothing, if all rows were measured on that day.",
    ),
    "unit_stated_above": (
        "warning",
        "The unit {unit} was taken from the text '{words}'",
        "The unit stands above or below the table only.",
        "All values in µm",
        "Nothing, if this is right.",
    ),
    "unit_converted": (
        "info",
        "{count} values of column {column} were converted from {unit} to mm",
        "Values are stored in mm.",
        "1500 µm became 1.5 mm",
        "Nothing.",
    ),
    "unit_by_size": (
        "warning",
        "By your answer, large values of {column} were read as µm (um) and converted to mm: {rows}",
        "Values of two magnitudes without a unit.",
        "1.2 and 1250 in one column",
        "Check the rows named.",
    ),
    "units_in_cells": (
        "warning",
        "Units stand in the cells of {column} and are mixed ({counts}); each cell was converted "
        "to mm by its own unit (µm, um): {rows}",
        "Different units in one column.",
        "2.1 mm and 1950 µm",
        "Check the rows named.",
    ),
    "blank_cells": (
        "info",
        "Blank cells: {count}; no value was taken from them",
        "A blank cell in a table with one column a site or reading is not a reading.",
        "left forearm measured, right forearm not",
        "Nothing.",
    ),
    "extra_fields_joined": (
        "warning",
        "Row {row} has {found} fields where the header has {wanted} columns; the extra ones were "
        "joined to the last column {column}, as a separator stands in its text",
        "A remark that holds the separator, without quotation marks.",
        "A1;2020-02-04;calf;2,10;soft; less red",
        "Nothing, if the remark is complete.",
    ),
    "date_order_inferred": (
        "warning",
        "Column {column} is read {order}: row {row} ({value}) allows no other order",
        "One row settles whether day or month comes first in the whole column.",
        "21/05/2019 has no month 21",
        "Nothing, if this is right.",
    ),
    "date_order_stated": (
        "warning",
        "Column {column} is read {order}, as its header says",
        "The header states the order of day and month.",
        "date (MM/DD/YYYY)",
        "Nothing, if this is right.",
    ),
    "dates_half_converted": (
        "warning",
        "Column {column} holds texts with a day above 12 ({text}) beside dates of the spreadsheet "
        "with days up to 12 ({rows}): a spreadsheet that expects the other order may have "
        "exchanged day and month in these; they were read as they stand",
        "A spreadsheet that expects the other order turns only the dates it can read.",
        "the date 2020-02-01 beside the text 13/04/2020",
        "Compare the rows named with the source.",
    ),
    "two_digit_years": (
        "warning",
        "Column {column} has two-digit years; the century was added so that no date lies in the "
        "future ({rows}; {value} became {date})",
        "The century is added by a fixed rule.",
        "04.02.20 became 2020-02-04",
        "Nothing, if this is right.",
    ),
    "day_numbers": (
        "warning",
        "Column {column} holds Excel serial day numbers, converted to dates ({rows}; "
        "{value} became {date})",
        "A date lost its format and became the number of days since 1900 (or 1904).",
        "43850 became 2020-01-20",
        "Nothing, if the dates look right.",
    ),
    "relative_time_converted": (
        "warning",
        "{count} times in {unit} were converted to days ({rule})",
        "Weeks or months since a start become whole days.",
        "month 3 became day 91",
        "Nothing, if whole days are exact enough.",
    ),
    "format_recognised": (
        "warning",
        "Recognised as {form}: {words}",
        "A known interchange format was recognised and read by its rules.",
        "a cBioPortal timeline file",
        "Nothing.",
    ),
    "dictionary_used": (
        "info",
        "The REDCap data dictionary gave the meaning of {count} coded fields",
        "Codes were translated with the data dictionary.",
        "1 = calf",
        "Nothing.",
    ),
    "ids_unified": (
        "warning",
        "Patient ID spellings that differ in case, blanks or hyphens were unified: {value} is "
        "taken as {code} ({rows})",
        "The same code in different spelling is one patient.",
        "a-01, A 01 and A‑01",
        "Nothing, if they are one patient.",
    ),
    "shortened_code": (
        "warning",
        "Row {row}: the patient ID {value} looks as if a spreadsheet had shortened a long number; "
        "several patients may have become one",
        "A spreadsheet writes long numbers as a power of ten.",
        "1.23E+11",
        "Export the codes again as text.",
    ),
    "sites_unified": (
        "info",
        "Site {value} was read as {site}",
        "Spellings that differ in case, blanks or points only are one site.",
        "Forearm and forearm",
        "Nothing.",
    ),
    "sites_merged": (
        "warning",
        "By your answer, {spellings} were merged into the site {site}",
        "Different words for one site were merged.",
        "Unterarm, UA and forearm",
        "Nothing.",
    ),
    "same_file_twice": (
        "warning",
        "The same file was given twice (its content is the same as {other}) and was read once; "
        "nothing was added",
        "Files with the same content count once.",
        "data.csv and data (1).csv",
        "Nothing.",
    ),
    "mixed_time_axes": (
        "warning",
        "Patient {value} has calendar dates and day numbers; they cannot be put on one time axis",
        "Dates and day numbers of one patient cannot be compared.",
        "measurements with dates, therapies with days",
        "Give both as dates, or both as days.",
    ),
    "no_end_column": (
        "warning",
        "There is no column for the end of a therapy; the end of all courses is unknown",
        "Without a column for the end nobody can tell ended from ongoing.",
        "patient, therapy, start",
        "Add a column for the end, blank where a therapy is ongoing.",
    ),
    "sessions_joined": (
        "warning",
        "By your answer, {count} single sessions of {therapy} were joined to one course from "
        "{start} to {end}, with a tick for each session",
        "One row a session became one therapy period.",
        "21 rows of ECP",
        "Nothing.",
    ),
    "course_overlap": (
        "warning",
        "Row {row}: {therapy} of this patient overlaps with another course of the same therapy "
        "in row {other}",
        "The same drug twice at the same time; two different drugs at once are normal.",
        "IVIG 2020-01 to 2020-06 and IVIG 2020-05 to 2020-12",
        "Correct the dates, or join the courses.",
    ),
    "table_turned": (
        "warning",
        "By your answer, the table with one column a visit was turned: {count} readings",
        "Visits stood across and sites down.",
        "columns 2020-02-04, 2020-05-05",
        "Nothing.",
    ),
    "answer_applied": (
        "warning",
        "By your answer: {words}",
        "Something the file alone could not settle was settled by an answer.",
        "date_order=day-first",
        "Nothing.",
    ),
    "series_joined": (
        "warning",
        "The readings of {site} in {rows} do not state {fields}; they are counted with the only "
        "series that fits ({series})",
        "Readings that leave side, layer, device or frequency blank, or say that it is unknown, "
        "belong to the one series of the site that they do not contradict. Where they are stored, "
        "what was assumed is written into them.",
        "layer dermis in most rows, blank in a few",
        "Nothing, if this is right; else state it in these rows.",
    ),
    "stored_series_ambiguous": (
        "warning",
        "Stored readings of {site} ({patients}) do not state {fields}; they now fit several series "
        "({series}) and are kept apart",
        "Stored readings that belonged to the only series of a site fit a new one as well.",
        "a second device in the file, and stored readings without a device",
        "State it in the stored readings (Records).",
    ),
    "series_ambiguous": (
        "warning",
        "The readings of {site} in {rows} do not state {fields}, and several series fit "
        "({series}); they are kept apart",
        "Readings that leave something blank in which the series of the site differ.",
        "two devices in use, and no device in a few rows",
        "State it in these rows, or say at the import which series they belong to.",
    ),
}
