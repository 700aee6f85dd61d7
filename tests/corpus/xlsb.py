"""A small workbook in the binary form of Excel (.xlsb), written by hand.

No program at hand writes this form. The records are those of [MS-XLSB]: numbers of a type and a
length, each in groups of seven bits, then the content. Texts stand in the cells themselves.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence

_TYPES = b"""<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>
<Default Extension="rels"
 ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
</Types>"""
_RELATIONS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Target="%s"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s"/>
</Relationships>"""
_ROW, _REAL, _TEXT = 0, 5, 6
_BEGIN_SHEET, _END_SHEET, _BEGIN_BOOK, _END_BOOK = 129, 130, 131, 132
_BEGIN_SHEETS, _END_SHEETS, _BEGIN_DATA, _END_DATA, _SIZE, _SHEET = 143, 144, 145, 146, 148, 156


def xlsb(rows: Sequence[Sequence[str | float]], title: str = "Sheet1") -> bytes:
    """A workbook with one sheet of texts and numbers."""
    size = struct.pack("<4I", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)
    sheet = _record(_BEGIN_SHEET) + _record(_SIZE, size) + _record(_BEGIN_DATA)
    for r, row in enumerate(rows):
        sheet += _record(_ROW, struct.pack("<IIHHBI", r, 0, 300, 0, 0, 0))
        for column, value in enumerate(row):
            head = struct.pack("<II", column, 0)
            if isinstance(value, str):
                sheet += _record(_TEXT, head + _wide(value))
            else:
                sheet += _record(_REAL, head + struct.pack("<d", value))
    sheet += _record(_END_DATA) + _record(_END_SHEET)
    named = struct.pack("<II", 0, 1) + _wide("rId1") + _wide(title)
    book = _record(_BEGIN_BOOK) + _record(_BEGIN_SHEETS) + _record(_SHEET, named)
    book += _record(_END_SHEETS) + _record(_END_BOOK)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELATIONS % ("xl/workbook.bin", "officeDocument"))
        archive.writestr("xl/workbook.bin", book)
        archive.writestr(
            "xl/_rels/workbook.bin.rels", _RELATIONS % ("worksheets/sheet1.bin", "worksheet")
        )
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return target.getvalue()


def _record(kind: int, content: bytes = b"") -> bytes:
    return _sevens(kind) + _sevens(len(content)) + content


def _sevens(number: int) -> bytes:
    """A number in groups of seven bits, the lowest first; the last one has no high bit."""
    if number < 128:
        return bytes([number])
    return bytes([number & 127 | 128]) + _sevens(number >> 7)


def _wide(text: str) -> bytes:
    encoded = text.encode("utf-16-le")
    return struct.pack("<I", len(encoded) // 2) + encoded
