"""The part of the catalogue of findings that is about files that are not read."""

from __future__ import annotations

from sm_tracker.domain.records import Level

UNREAD_FILE_KINDS: dict[str, tuple[Level, str, str, str, str]] = {
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
    "cell_too_long": (
        "error",
        "The workbook holds a cell that is too long: {length} characters, where a spreadsheet "
        "holds {limit} at most",
        "No spreadsheet program writes such a cell, so the file is damaged or was made to harm.",
        "a workbook with one cell of 4 MB",
        "Export the table again.",
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
        "The file is a very old Excel worksheet (before 1993), which is not read",
        "Worksheets of Excel 2 to 4 are not opened.",
        "data.xls from Excel 3",
        "Open it and save it as .xlsx or CSV.",
    ),
    "other_spreadsheet": (
        "error",
        "The file is a spreadsheet of another kind ({kind}), which is not read",
        "Workbooks of Excel and OpenDocument are read, and text files.",
        "data.numbers",
        "Save it as .xlsx or CSV.",
    ),
    "statistics_file": (
        "error",
        "The file is an {kind}, which is not read yet; save it as CSV or .xlsx there and import "
        "that",
        "Data files of SPSS, Stata, R and SAS are not opened.",
        "data.sav",
        "In SPSS: Save as, type CSV. In Stata: export delimited. In R: write.csv. In SAS: proc "
        "export.",
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
        "The bytes are not text in any encoding that is known.",
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
        "Name the columns as in docs/data_format.md, or say on the Import page what each "
        "column holds.",
    ),
    "missing_column": (
        "error",
        "There is no column for {role}. Columns seen: {columns}",
        "A column that is needed is missing.",
        "patient, date, site, comment",
        "Add the column, or say on the Import page which one it is.",
    ),
}
