"""Workbooks made for one test each."""

from __future__ import annotations

import io
from collections.abc import Iterable

import openpyxl


def saved(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def book_of(*rows: list[object], title: str = "Sheet") -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return book


def workbook(
    *rows: list[object],
    title: str = "Sheet",
    merged: Iterable[str] = (),
    hidden: Iterable[int] = (),
    hidden_column: str = "",
) -> bytes:
    """An .xlsx file of one sheet: merged cells, hidden rows and a hidden column as given."""
    book = book_of(*rows, title=title)
    for cells in merged:
        book.active.merge_cells(cells)
    for number in hidden:
        book.active.row_dimensions[number].hidden = True
    if hidden_column:
        book.active.column_dimensions[hidden_column].hidden = True
    return saved(book)


def workbook_of_sheets(
    *sheets: tuple[str, list[list[object]]], formats: Iterable[tuple[str, str]] = ()
) -> bytes:
    """An .xlsx file: for each sheet its title and rows; `formats` of cells of the first sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    for cell, form in formats:
        book.worksheets[0][cell].number_format = form
    return saved(book)
