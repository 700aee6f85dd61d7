"""Bytes to bytes: a text file or an .xlsx workbook with every cell made harmless."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from sm_tracker.errors import ReadError
from sm_tracker.ingest.files.containers import Workbook, open_container
from sm_tracker.ingest.files.decoding import NAMES, Decoded
from sm_tracker.ingest.files.dialect import split_text
from sm_tracker.ingest.files.file_tables import FileTables, Refused
from sm_tracker.ingest.files.sources import Limits, SourceFile
from sm_tracker.ingest.files.spreadsheet import BROKEN_WORKBOOK
from sm_tracker.ingest.scrub.scrubbed_table import Cell, Scrubbing, scrubbed_rows
from sm_tracker.ingest.tables.column_meanings import count_known_names
from sm_tracker.languages import Message

_ALIGNED = re.compile(r" {2,}")


def scrubbed_content(source: SourceFile, scrubbing: Scrubbing) -> bytes:
    """The content of a harmless copy.

    Raises
    ------
    ReadError
        If the file is neither text nor an .xlsx workbook that can be opened.
    """
    container = open_container(source.content, Limits())
    if isinstance(container, Decoded):
        return _scrubbed_text(source.content, container, scrubbing)
    if isinstance(container, Workbook) and b"xl/workbook.xml" in container.content:
        try:
            return _scrubbed_workbook(container.content, scrubbing)
        except BROKEN_WORKBOOK:
            pass
    raise ReadError(
        "The file cannot be scrubbed",
        where=source.name,
        why=_why(container),
        fix="save it as CSV or as .xlsx, without a password, and scrub that file",
    )


def _why(container: object) -> Message:
    if isinstance(container, FileTables):
        return Message("it is neither text nor a workbook: {kind}", kind=container.kind)
    if isinstance(container, Refused):
        return Message("it is not a table that can be read")
    return Message("it is not an .xlsx workbook that can be opened")


def _scrubbed_text(content: bytes, decoded: Decoded, scrubbing: Scrubbing) -> bytes:
    text, codec, errors = _reversible(content, decoded)
    separator = split_text(decoded.text, count_known_names).separator
    pieces = list(_pieces(text, separator))
    rows: list[list[str]] = [[]]
    for piece, is_cell in pieces:
        if is_cell:
            rows[-1].append(piece)
        elif "\n" in piece or "\r" in piece:
            rows.append([])
    new = iter([str(c) for row in scrubbed_rows(_bare(rows), scrubbing) for c in row])
    out = "".join(_quoted_like(p, next(new)) if is_cell else p for p, is_cell in pieces)
    return out.encode(codec, errors)


def _bare(rows: list[list[str]]) -> list[list[Cell]]:
    return [[_unquoted(c)[1] for c in row] for row in rows]


def _unquoted(piece: str) -> tuple[str, str, str]:
    """What stands before a cell, the cell, and what stands behind it: blanks and quotes."""
    inner = piece.strip(' "\t')
    if not inner:
        return piece, "", ""
    start = piece.index(inner)
    return piece[:start], inner, piece[start + len(inner) :]


def _quoted_like(piece: str, new: str) -> str:
    before, _, after = _unquoted(piece)
    return before + new + after


def _pieces(text: str, separator: str) -> Iterator[tuple[str, bool]]:
    """The cells of a text and what parts them, which together are the text."""
    aligned = separator == "\t" and "\t" not in text
    parted = r" {2,}" if aligned else r" +" if separator == " " else re.escape(separator)
    pattern = re.compile(rf'[ ]*"(?:[^"]|"")*"(?=[ ]*(?:{parted}|[\r\n]|\Z))|{parted}|\r\n|\r|\n')
    start = 0
    for match in pattern.finditer(text):
        if match[0].lstrip(" ").startswith('"'):
            continue
        yield text[start : match.start()], True
        yield match[0], False
        start = match.end()
    yield text[start:], True


def _reversible(content: bytes, decoded: Decoded) -> tuple[str, str, str]:
    """The text with a codec that gives the very bytes back, whatever they are."""
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in content[:200]
    little = content[:2] == b"\xff\xfe" or content[1:2] == b"\x00"
    codecs = ["utf-16-le" if little else "utf-16-be", "utf-32-le", "utf-32-be"] if wide else []
    codecs += ["utf-8", *(codec for codec, name in NAMES.items() if name == decoded.encoding)]
    for codec in codecs:
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            continue
        if text.encode(codec) == content:
            return text, codec, "strict"
    return content.decode("utf-8", "surrogateescape"), "utf-8", "surrogateescape"


def _scrubbed_workbook(content: bytes, scrubbing: Scrubbing) -> bytes:
    """A workbook with its sheets, formats and merged cells; pictures and names stay behind."""
    from openpyxl import load_workbook
    from openpyxl.comments import Comment
    from openpyxl.packaging.core import DocumentProperties

    book = load_workbook(io.BytesIO(content))
    shown = load_workbook(io.BytesIO(content), data_only=True)
    book.properties = DocumentProperties(creator="")
    book.defined_names.clear()
    for sheet in list(book.worksheets):
        values = shown[sheet.title]
        rows = [[cell.value for cell in row] for row in values.iter_rows()]
        for row, new in zip(sheet.iter_rows(), scrubbed_rows(rows, scrubbing), strict=True):
            for cell, value in zip(row, new, strict=True):
                _fill(cell, value)
                if cell.comment is not None:
                    cell.comment = Comment(scrubbing.text(cell.comment.text), "")
                if cell.hyperlink is not None:
                    cell.hyperlink = None
        sheet.data_validations.dataValidation = []
        sheet.conditional_formatting = type(sheet.conditional_formatting)()
        for part in (sheet.oddHeader, sheet.oddFooter, sheet.evenHeader, sheet.evenFooter,
                     sheet.firstHeader, sheet.firstFooter):  # fmt: skip
            for place in (part.left, part.center, part.right):
                place.text = None
        sheet._images, sheet._charts = [], []
        title = scrubbing.text(sheet.title)
        if title != sheet.title:
            sheet.title = title
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(cell: object, value: Cell) -> None:
    """Put a value into a cell of a workbook; a formula without a result stays one."""
    from openpyxl.cell.cell import MergedCell

    if isinstance(cell, MergedCell):
        return
    kind = getattr(cell, "data_type", "")
    if kind == "f":
        cell.value = "=NA()" if value is None else value  # type: ignore[attr-defined]
    elif value is not None:
        shown = cell.number_format  # type: ignore[attr-defined]
        cell.value = value  # type: ignore[attr-defined]
        cell.number_format = shown  # type: ignore[attr-defined]
        if kind in "se" and isinstance(value, str):
            cell.data_type = kind  # type: ignore[attr-defined]
