"""Our own files, written so that they read back identical."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

import pandas as pd

from sm_tracker.domain.doubt import with_doubts
from sm_tracker.domain.own_columns import OWN_COLUMNS, WHOLE
from sm_tracker.domain.tables import EVENTS, MEASUREMENTS, OUTCOMES, THERAPIES, Records, Table
from sm_tracker.domain.xml_text import xml_text
from sm_tracker.report.archive import with_fixed_times

CONTRACTS: dict[str, Table] = {
    "measurements": MEASUREMENTS,
    "therapies": THERAPIES,
    "outcomes": OUTCOMES,
    "events": EVENTS,
}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


__all__ = [
    "CONTRACTS", "OWN_COLUMNS", "WHOLE", "made_safe", "own_tables", "table_as_csv",
    "template_tables", "with_plain_dates", "write_csv", "write_xlsx",
]  # fmt: skip


def own_tables(records: Records) -> dict[str, pd.DataFrame]:
    """The records as text, in the columns of our own files; empty tables are left out.

    What is doubtful is written as such, so that it is read back without a word.
    """
    records = with_doubts(records)
    frames = {
        "measurements": records.measurements,
        "therapies": records.therapies,
        "outcomes": records.outcomes,
        "events": records.events,
    }
    return {
        name: pd.DataFrame(
            {c: [_text(v, c) for v in frame[c]] for c in OWN_COLUMNS[name]}, dtype="str"
        )
        for name, frame in frames.items()
        if len(frame)
    }


def _text(value: object, column: str) -> str:
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.0f}" if column in WHOLE else repr(value)
    return xml_text(str(value))


def write_csv(records: Records) -> dict[str, bytes]:
    """One CSV file for each table, by file name; the same records give the same bytes.

    Text that a spreadsheet would take for a formula gets a leading apostrophe, which the
    import takes off again; numbers, negative ones too, are left alone.
    """
    return {f"{name}.csv": _csv(table) for name, table in own_tables(records).items()}


def _csv(table: pd.DataFrame) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([made_safe(cell) for cell in row] for row in table.itertuples(index=False))
    return out.getvalue().encode()


def with_plain_dates(table: pd.DataFrame) -> pd.DataFrame:
    """A table with its dates as ISO text."""
    dates = table.select_dtypes("datetime").columns
    return table.assign(**{str(d): table[d].dt.strftime("%Y-%m-%d") for d in dates})


def table_as_csv(table: pd.DataFrame) -> str:
    """A computed table as text, the same from a command and in an archive.

    Twelve digits hide the noise of binary fractions, as in 2.8 - 2.86; no reading has more.
    """
    plain = with_plain_dates(table)
    for name, column in plain.select_dtypes(["object", "str"]).items():
        starts = column.astype("str").str.startswith(FORMULA_STARTS)
        if starts.any():
            plain = plain.assign(**{str(name): column.where(~starts, column.map(_safe_cell))})
    return str(plain.to_csv(index=False, lineterminator="\n", float_format="%.12g"))


def _safe_cell(cell: object) -> object:
    return made_safe(cell) if isinstance(cell, str) else cell


def made_safe(text: str) -> str:
    """Text that starts like a formula, behind an apostrophe; real numbers as they are."""
    if not text.startswith(FORMULA_STARTS):
        return text
    try:
        float(text)
    except ValueError:
        return "'" + text
    return text


def write_xlsx(records: Records) -> bytes:
    """One workbook with a sheet for each table; cells are text, so nothing is recalculated."""
    return _workbook(own_tables(records))


def template_tables() -> dict[str, bytes]:
    """Empty files to fill in: readings tagged with a therapy, each table, and one workbook."""
    empty = {name: pd.DataFrame(columns=list(cols)) for name, cols in OWN_COLUMNS.items()}
    tagged = pd.DataFrame(columns=[*OWN_COLUMNS["measurements"], "therapy", "dose"])
    files = {f"template_{name}.csv": _csv(t) for name, t in {"tagged": tagged, **empty}.items()}
    return {**files, "template.xlsx": _workbook(empty)}


def _workbook(tables: dict[str, pd.DataFrame]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    book.remove(book.worksheets[0])
    for name, table in tables.items():
        sheet = book.create_sheet(name)
        sheet.append(list(table.columns))
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        sheet.freeze_panes = "A2"
        for row in table.itertuples(index=False):
            sheet.append([None if cell == "" else cell for cell in row])
        for line in sheet.iter_rows(min_row=2):
            for cell in line:
                # Text stays text: a cell that starts with "=" is not a formula here.
                cell.data_type = "s" if cell.value is not None else "n"
                cell.number_format = "@"
        for letter in _letters(len(table.columns)):
            sheet.column_dimensions[letter].width = 16
    out = io.BytesIO()
    book.save(out)
    return with_fixed_times(out.getvalue())


def _letters(n: int) -> Iterable[str]:
    from openpyxl.utils import get_column_letter

    return (get_column_letter(i) for i in range(1, n + 1))
