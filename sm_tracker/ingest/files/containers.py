"""What kind of file the bytes are, told by their content and never by the name."""

from __future__ import annotations

import datetime as dt
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from sm_tracker.ingest.files.decoding import Decoded, decode
from sm_tracker.ingest.files.fhir_documents import looks_like_fhir
from sm_tracker.ingest.files.fhir_tables import tables_of_fhir
from sm_tracker.ingest.files.file_tables import FileTables, Refused
from sm_tracker.ingest.files.json_tables import tables_of_json
from sm_tracker.ingest.files.parquet_tables import table_of_parquet
from sm_tracker.ingest.files.sheet_areas import largest_area
from sm_tracker.ingest.files.sources import LONGEST_CELL, Limits
from sm_tracker.ingest.files.statistics_tables import STARTS, table_of_statistics
from sm_tracker.languages import Message

PICTURES = (
    (b"\x89PNG\r\n", Message("PNG")),
    (b"\xff\xd8\xff", Message("JPEG")),
    (b"GIF8", Message("GIF")),
    (b"II*\x00", Message("TIFF")),
    (b"MM\x00*", Message("TIFF")),
    (b"\x00\x00\x01\x00", Message("icon")),
)
STATISTICS = (
    (b"RDX2", Message("R file (.RData)")),
    (b"RDX3", Message("R file (.RData)")),
    (b"RDA3", Message("R file (.RData)")),
    (b"X\n\x00\x00\x00", Message("R file (.rds)")),
    (bytes(12) + b"\xc2\xea\x81\x60", Message("SAS file (.sas7bdat)")),
    (b"HEADER RECORD*******LIB", Message("SAS file (.xpt)")),
)
OTHERS = (
    (b"%PDF", Message("PDF document")),
    (b"{\\rtf", Message("RTF document")),
    (b"\x1f\x8b", Message("gzip archive")),
    (b"7z\xbc\xaf\x27\x1c", Message("7-Zip archive")),
    (b"Rar!", Message("RAR archive")),
    (b"SQLite format 3", Message("SQLite database")),
    (b"\x7fELF", Message("program")),
    (b"MZ\x90", Message("program")),
)
STRUCTURED_REPORT = b"1.2.840.10008.5.1.4.1.1.88."
"""How the class of every structured report of DICOM begins."""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLD_EXCEL = (b"\x09\x08\x10\x00", b"\x09\x08\x08\x00", b"\x09\x04\x06\x00", b"\x09\x02\x06\x00",
             b"\x09\x00\x04\x00", b"\x09\x00\x06\x00")  # fmt: skip
CHUNK = 1 << 20
OVERLAP = 200_000
"""Bytes of a part looked at again with the next ones: more than the longest cell can take."""

_LONG_TEXT = re.compile(rb">([^<]{%d,})" % (LONGEST_CELL + 1))
DAMAGED_ZIP = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError,
    RuntimeError, ValueError,
)  # fmt: skip
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype\s+html|<html|<table|<head|<body|<meta|"
    r"<div|<style)|mime-version:",
    re.IGNORECASE | re.DOTALL,
)
_XML = re.compile(r"\s*<\?xml|\s*<[a-z:]+ xmlns", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook that is safe to open: .xlsx, .xlsb, .xls or .ods."""

    content: bytes


def open_container(
    content: bytes, limits: Limits, today: dt.date | None = None
) -> Refused | Workbook | FileTables | Decoded:
    """Tell the kind of a file and refuse what must not or cannot be opened.

    `today` tells an end that lies ahead from one that is past, where a file only says "active".
    """
    if len(content) > limits.bytes:
        return _refused("file_too_large", size=len(content), limit=limits.bytes)
    if not content.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        return _refused("file_empty")
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip(content, limits)
    if content.startswith(b"\x1f\x8b") and _packs_r(content):
        return _refused("statistics_file", kind=Message("R file (.rds or .RData)"))
    if content.startswith(b"PAR1"):
        return table_of_parquet(content, limits)
    if kind := next((kind for start, kind in STARTS if content.startswith(start)), None):
        return table_of_statistics(content, kind, limits)
    if looks_like_fhir(content):
        return tables_of_fhir(content, today or dt.date.today())
    return _by_first_bytes(content) or _text(content)


def _refused(code: str, **words: object) -> Refused:
    return Refused(code, words)


def _by_first_bytes(content: bytes) -> Refused | Workbook | None:
    if content.startswith(OLE):
        return _ole(content)
    if content.startswith(OLD_EXCEL):
        return _refused("old_excel_file")
    for start, name in PICTURES:
        if content.startswith(start):
            return _refused("picture_file", kind=name)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _refused("picture_file", kind=Message("WebP"))
    if content[:2] == b"BM" and b"\x00" in content[2:20]:
        return _refused("picture_file", kind=Message("BMP"))
    if content[4:12] in (b"ftypheic", b"ftypmif1", b"ftypavif"):
        return _refused("picture_file", kind=Message("HEIC"))
    if content[128:132] == b"DICM":
        if STRUCTURED_REPORT in content[:OVERLAP]:
            return _refused("form_not_read", form=Message("structured report of DICOM"))
        return _refused("picture_file", kind=Message("DICOM"))
    for start, name in STATISTICS:
        if content.startswith(start):
            return _refused("statistics_file", kind=name)
    for start, name in OTHERS:
        if content.startswith(start):
            return _refused("other_file", kind=name)
    return None


def _packs_r(content: bytes) -> bool:
    """Whether a gzip file holds what R writes."""
    try:
        start = zlib.decompressobj(31).decompress(content[:4096], 16)
    except zlib.error:
        return False
    return start.startswith((b"X\n", b"RDX", b"RDA", b"A\n"))


def _ole(content: bytes) -> Refused | Workbook:
    """An OLE compound file: old Excel, Word, or a spreadsheet encrypted with a password."""

    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in content

    if holds("EncryptedPackage") or holds("EncryptionInfo"):
        return _refused("password_protected")
    if holds("WordDocument"):
        return _refused("other_file", kind=Message("Word document"))
    if holds("Workbook") or holds("Book"):
        return Workbook(content)
    return _refused("binary_file")


def _text(content: bytes) -> Refused | FileTables | Decoded:
    decoded = decode(content)
    if decoded is None:
        return _refused("binary_file")
    start = decoded.text[:2000].lstrip("\ufeff")
    if _HTML.match(start):
        return _refused("html_file")
    if re.match(r"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?<svg", start, re.DOTALL):
        return _refused("picture_file", kind=Message("SVG"))
    if _XML.match(start) and "http://hl7.org/fhir" in start:
        return _refused("form_not_read", form=Message("FHIR document in XML"))
    if _XML.match(start):
        return _refused("other_file", kind=Message("file in XML"))
    if re.match(r"\s*(?:\{|\[\s*\{)", start) and '"' in start:
        return tables_of_json(decoded.text.lstrip("\ufeff")) or _refused(
            "other_file", kind=Message("file in JSON")
        )
    return decoded


def _zip(content: bytes, limits: Limits) -> Refused | Workbook:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = archive.infolist()
    except DAMAGED_ZIP:
        return _refused("damaged_spreadsheet")
    names = {e.filename for e in entries}
    if any(e.flag_bits & 0x1 for e in entries):
        return _refused("password_protected")
    unpacked = sum(e.file_size for e in entries)
    if unpacked > limits.unpacked_bytes:
        return _refused(
            "unpacked_too_large", size=unpacked, limit=limits.unpacked_bytes, packed=len(content)
        )
    if "xl/workbook.xml" not in names:
        return _other_zip(content, archive, names, limits)
    return _entities(archive, entries, limits) or Workbook(content)


def _other_zip(
    content: bytes, archive: zipfile.ZipFile, names: set[str], limits: Limits
) -> Refused | Workbook:
    if "xl/workbook.bin" in names or _is_open_document_sheet(archive, names):
        refused = _entities(archive, archive.infolist(), limits)
        try:
            area = 0 if refused else largest_area(archive)
        except (*DAMAGED_ZIP, SyntaxError):
            return _refused("damaged_spreadsheet")
        if area > limits.rows * 40:
            return _refused("too_many_rows", limit=limits.rows)
        return refused or Workbook(content)
    if "mimetype" in names and "content.xml" in names:
        return _refused("other_file", kind=Message("OpenDocument file that is not a spreadsheet"))
    if any(n.startswith("word/") for n in names):
        return _refused("other_file", kind=Message("Word document"))
    if any(n.startswith("ppt/") for n in names):
        return _refused("other_file", kind=Message("PowerPoint file"))
    if any(n.startswith("Index/") and n.endswith(".iwa") for n in names):
        return _refused("other_spreadsheet", kind=Message("Apple Numbers file"))
    return _refused("archive_file")


def _is_open_document_sheet(archive: zipfile.ZipFile, names: set[str]) -> bool:
    if not {"mimetype", "content.xml"} <= names:
        return False
    try:
        return b"opendocument.spreadsheet" in archive.read("mimetype")[:200]
    except DAMAGED_ZIP:
        return False


def _entities(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], limits: Limits
) -> Refused | None:
    """Refuse a workbook whose XML declares a document type or entities, or lies about size.

    So is one with a cell that no program writes: reading it would take long and fill the memory.
    """
    total = 0
    for entry in entries:
        if not entry.filename.endswith((".xml", ".rels", ".vml")):
            continue
        try:
            for chunk in _chunks(archive, entry):
                total += len(chunk)
                if total > limits.unpacked_bytes:
                    return _refused("unpacked_too_large", size=total, packed=len(entries),
                                    limit=limits.unpacked_bytes)  # fmt: skip
                if _declares_entities(chunk):
                    return _refused("xml_entities", part=entry.filename)
                if length := _longest_text(chunk):
                    return _refused("cell_too_long", length=length, limit=LONGEST_CELL)
        except DAMAGED_ZIP:
            return _refused("damaged_spreadsheet")
    return None


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(entry) as part:
        before = b""
        while chunk := part.read(CHUNK):
            yield before[-OVERLAP:] + chunk
            before = chunk


def _longest_text(chunk: bytes) -> int:
    """Characters of a text of XML that no cell of a spreadsheet can hold, else 0."""
    for context in _LONG_TEXT.finditer(chunk):
        length = len(unescape(context[1].decode("utf-8", errors="replace")))
        if length > LONGEST_CELL:
            return length
    return 0


def _declares_entities(chunk: bytes) -> bool:
    for word in ("<!DOCTYPE", "<!ENTITY"):
        if any(word.encode(e) in chunk for e in ("ascii", "utf-16-le", "utf-16-be")):
            return True
    return False
