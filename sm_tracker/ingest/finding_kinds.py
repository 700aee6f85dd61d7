"""The catalogue of findings: code, level, sentence, what it means, what to do.

Sentences are filled by `str.format` with row, column, value and the words named in them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sm_tracker.domain.records import Level
from sm_tracker.ingest.finding_kinds_rows import ROW_KINDS


@dataclass(frozen=True, slots=True)
class FindingKind:
    """One kind of finding.

    `message` is its sentence, `what` says what it means, `example` shows a cause and `fix`
    what a person can do.
    """

    level: Level
    message: str
    what: str
    example: str
    fix: str


_FILE_KINDS: dict[str, tuple[Level, str, str, str, str]] = {
    # Files that are not read
    "file_empty": (
        "error",
        "The file is empty: there is no data in it",
        "The file has no content, or blanks only.",
        "a file of 0 bytes",
        "Export it again.",
    ),
    "file_too_large": (
        "error",
        "The file is too large: {size} bytes, the limit is {limit} bytes",
        "The file exceeds the limit on bytes.",
        "a file of 80 MB",
        "Split it, for example by year.",
    ),
    "too_many_rows": (
        "error",
        "The table has too many rows: the limit is {limit} rows",
        "The table exceeds the limit on rows.",
        "a table of 800,000 rows",
        "Split it, for example by year.",
    ),
    "too_many_columns": (
        "error",
        "The table has too many columns: the limit is {limit} columns",
        "The table exceeds the limit on columns.",
        "a table of 2,000 columns",
        "Keep only the columns that are needed.",
    ),
    "unpacked_too_large": (
        "error",
        "The file is refused before unpacking: {packed} bytes would unpack to {size} bytes, the "
        "limit is {limit} (a zip bomb would look like this)",
        "A spreadsheet is a zip file; this one would become far too large.",
        "a zip bomb dressed as .xlsx",
        "Save the workbook again, or export the sheet as CSV.",
    ),
    "xml_entities": (
        "error",
        "The workbook declares XML entities or a document type in {part}; it is refused because "
        "no spreadsheet program writes that",
        "XML entities can be used to read other files or to exhaust memory.",
        '<!ENTITY lol "lol"> in sheet1.xml',
        "Save the workbook again with a spreadsheet program.",
    ),
    "password_protected": (
        "error",
        "The file is protected with a password (encrypted) and cannot be read",
        "The content is encrypted.",
        "a workbook saved with a password to open",
        "Open it, save a copy without the password, and read the copy.",
    ),
    "html_file": (
        "error",
        "The file is a web page (HTML), not a spreadsheet, whatever its name says",
        "Some programs save an HTML table under the name .xls.",
        "<html><table> in export.xls",
        "Open it in a spreadsheet program and save it as .xlsx or CSV.",
    ),
    "picture_file": (
        "error",
        "The file is a picture (a {kind} image), not a table, whatever its name says",
        "An image holds no table.",
        "scan.png renamed to data.csv",
        "Give the table, not a picture of it.",
    ),
    "old_excel_file": (
        "error",
        "The file is an old Excel workbook (.xls, before 2007), which is not read",
        "The binary .xls format is not opened.",
        "data.xls from Excel 2003",
        "Open it and save it as .xlsx or CSV.",
    ),
    "other_spreadsheet": (
        "error",
        "The file is a spreadsheet of another kind ({kind}), which is not read",
        "Only .xlsx workbooks and text files are read.",
        "data.ods",
        "Save it as .xlsx or CSV.",
    ),
    "other_file": (
        "error",
        "The file is a {kind}, not a table",
        "The content is of a kind that holds no table we read.",
        "a PDF",
        "Export the table as CSV or .xlsx.",
    ),
    "archive_file": (
        "error",
        "The file is a zip archive, not a table",
        "Archives are not unpacked.",
        "export.zip",
        "Unpack it and give the files in it.",
    ),
    "damaged_spreadsheet": (
        "error",
        "The workbook is damaged and cannot be read",
        "The file starts like an .xlsx workbook but is broken.",
        "half a download",
        "Export or copy it again.",
    ),
    "binary_file": (
        "error",
        "The file is binary, not a text file and not a spreadsheet",
        "The bytes are no text in any encoding that is known.",
        "a device's raw file",
        "Export the table as CSV or .xlsx.",
    ),
    "quote_not_closed": (
        "error",
        "A quotation mark is not closed: the quote opens in row {row} (line {line}), and "
        "everything after it would run together",
        "A cell starts with a quotation mark that has no partner, so cells and rows after it "
        "cannot be told apart.",
        'A1;2020-02-04;"calf;2,10',
        "Close or remove the quotation mark in that line.",
    ),
    "header_only": (
        "error",
        "There is a header but no data rows below it",
        "The table has column names only.",
        "patient;date;site;mm and nothing else",
        "Export it again with its rows.",
    ),
    "nothing_to_import": (
        "error",
        "No row holds a value or a therapy, so there is nothing to import",
        "The table was understood, but every value in it is missing.",
        "n/a in every row",
        "Export it again with its values.",
    ),
    "not_recognised": (
        "error",
        "No table of measurements or therapies was recognised. Columns seen: {columns}",
        "Neither the names nor the content of the columns say what they hold.",
        "a list of addresses",
        "Name the columns as in docs/data_format.md, or map them with column.thickness=… and so "
        "on.",
    ),
    "missing_column": (
        "error",
        "There is no column for {role}. Columns seen: {columns}",
        "A column that is needed is missing.",
        "patient, date, site, comment",
        "Add the column, or say which one it is with {key}=HEADER.",
    ),
    # About whole files and tables
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
    "rows_above_header": (
        "warning",
        "Row {row} was skipped: it stands before the header in row {header} ({value})",
        "Letterhead or title lines above the table are no data.",
        "Skin clinic, printed 2023-01-09",
        "Nothing, if the line is no measurement.",
    ),
    "header_joined": (
        "info",
        "The header spans rows {row} and {last}; they were joined",
        "Column names over two rows, often with merged cells.",
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
        "A row that holds a mean, a standard deviation or a total is no measurement.",
        "mean;;;2,05",
        "Nothing.",
    ),
    "legend_row": (
        "warning",
        "Row {row} was left out: a legend or remark below the data ({value})",
        "Text below the table is no measurement.",
        "Legend: * left arm not measurable",
        "Nothing, if the line is no measurement.",
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
        "Not read, as nothing in them is a reading or a therapy: {columns}",
        "Columns that are of no use here, such as age or weight.",
        "age, weight (kg)",
        "Nothing.",
    ),
    "length_column_not_read": (
        "warning",
        "Column {column} holds numbers in {unit} but was not read: its name says neither a site "
        "nor thickness",
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
        "Nothing, if this is right; else say which column it is with column.thickness=HEADER.",
    ),
    "mean_left_out": (
        "info",
        "Column {column} was not read: the single readings stand beside it",
        "A mean (or SD) of readings that are in the file themselves is not stored.",
        "reading 1, reading 2, mean",
        "Nothing.",
    ),
    "likely_column": (
        "warning",
        "Column {column} was taken for {role}, judging by its name and content",
        "The name is not one that is known exactly.",
        "'Dicke gemessen'",
        "Map the column if this is wrong: {key}=HEADER.",
    ),
    "unknown_site_columns": (
        "warning",
        "Column {column} was taken for a body site, because it stands beside columns of sites",
        "One column a site, and the name of this one is not known as a site.",
        "'Lesion A (mm)' beside 'calf (mm)'",
        "Rename or remove the column if it is no skin thickness.",
    ),
    "patient_stated_above": (
        "warning",
        "The patient code {value} was taken from row {row}, since there is no patient column",
        "The code stands above the table.",
        "Patient: A14",
        "Nothing, if all rows are of this patient.",
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
        "A blank cell in a table with one column a site or reading is no reading.",
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
    "relative_days": (
        "warning",
        "Times are relative days, not calendar dates ({column})",
        "Days from an anchor such as the diagnosis; no calendar date is known.",
        "START_DATE 120 in a cBioPortal file",
        "Nothing.",
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
    "runs_not_needed": (
        "info",
        "The therapy tags of the readings of patient {value} were not used: the therapies are "
        "given with their own dates",
        "Therapies with dates are better than runs of tagged readings.",
        "a column 'therapy' beside the thickness and a table of therapies",
        "Nothing.",
    ),
    "sessions_joined": (
        "warning",
        "By your answer, {count} single sessions of {therapy} were joined to one course from "
        "{start} to {end}, with a tick for each session",
        "One row a session became one therapy period.",
        "21 rows of ECP",
        "Nothing.",
    ),
    "runs_derived": (
        "warning",
        "Therapy {therapy} of patient {value}: a run from {start} to {end} was made from the "
        "readings tagged with it; the dates are derived, the true start and end may lie outside",
        "The file tags readings with a therapy but has no therapy dates.",
        "a column 'therapy' beside the thickness",
        "Give the therapy with its own start and end if they are known.",
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
}

KINDS: Mapping[str, FindingKind] = {
    code: FindingKind(*parts) for code, parts in {**_FILE_KINDS, **ROW_KINDS}.items()
}
"""Every kind of finding by its code."""
