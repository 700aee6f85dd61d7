"""Marks of a sheet that openpyxl leaves out when it reads only: merges, hidden rows, formulas."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring, iterparse

from sm_tracker.ingest.tables import Merge

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)")
MOST_HIDDEN_COLUMNS = 200
CHUNK = 1 << 20
_SIGNS = re.compile(rb"<(?:\w+:)?(?:f[\s/>]|mergeCell\b)|\shidden\s*=")
"""What a sheet with any mark holds, as bytes in UTF-8."""
_OTHER_ENCODING = re.compile(rb"\x00|^.{0,80}?encoding=[\"'](?!utf-?8|us-ascii)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SheetMarks:
    """Merged cells, hidden rows and columns, and formula cells without a stored result."""

    merged: tuple[Merge, ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    unfinished: frozenset[tuple[int, int]] = frozenset()


@dataclass(slots=True)
class _Gathered:
    merged: list[Merge] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    unfinished: set[tuple[int, int]] = field(default_factory=set)


def marks_of_sheets(content: bytes) -> Mapping[str, SheetMarks]:
    """Marks of each worksheet by its title."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {title: _marks(archive, path) for title, path in _paths(archive).items()}


def _paths(archive: zipfile.ZipFile) -> dict[str, str]:
    targets = {
        r.get("Id"): r.get("Target", "")
        for r in fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    found = {}
    names = set(archive.namelist())
    for element in fromstring(archive.read("xl/workbook.xml")).iter():
        if _local(element) != "sheet":
            continue
        identity = next((v for k, v in element.items() if k.endswith("}id")), None)
        target = targets.get(identity) or ""
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if path in names:
            found[element.get("name", "")] = path
    return found


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _may_have_marks(archive: zipfile.ZipFile, path: str) -> bool:
    """Whether it is worth parsing the sheet, which takes as long as reading its values."""
    with archive.open(path) as part:
        before = b""
        while chunk := part.read(CHUNK):
            if not before and _OTHER_ENCODING.search(chunk[:200]):
                return True
            if _SIGNS.search(before[-40:] + chunk):
                return True
            before = chunk
    return False


def _marks(archive: zipfile.ZipFile, path: str) -> SheetMarks:
    gathered = _Gathered()
    if not _may_have_marks(archive, path):
        return SheetMarks()
    with archive.open(path) as part:
        for event, element in iterparse(part, events=("start", "end")):
            tag = _local(element)
            if event == "start":
                if tag == "row" and element.get("hidden") in ("1", "true"):
                    gathered.hidden_rows.append(int(element.get("r") or 0))
            elif tag == "c":
                _formula(element, gathered)
                element.clear()
            elif tag == "row":
                element.clear()
            elif tag == "col" and element.get("hidden") in ("1", "true"):
                first, last = int(element.get("min") or 0), int(element.get("max") or 0)
                span = range(first - 1, min(last, first + MOST_HIDDEN_COLUMNS))
                gathered.hidden_columns += span
            elif tag == "mergeCell":
                _merge(element.get("ref") or "", gathered)
    return SheetMarks(
        tuple(gathered.merged),
        tuple(gathered.hidden_rows),
        tuple(gathered.hidden_columns),
        frozenset(gathered.unfinished),
    )


def _formula(cell: Element, gathered: _Gathered) -> None:
    formula = value = None
    for child in cell:
        tag = _local(child)
        if tag == "f":
            formula = child
        elif tag == "v":
            value = child
    if formula is None or (value is not None and value.text):
        return
    position = _position(cell.get("r") or "")
    # A formula whose result is an empty text is finished: it is stored as t="str" with <v/>.
    if position and not (cell.get("t") == "str" and value is not None):
        gathered.unfinished.add(position)


def _position(reference: str) -> tuple[int, int] | None:
    match = _REFERENCE.fullmatch(reference)
    if not match:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column - 1


def _merge(reference: str, gathered: _Gathered) -> None:
    first, _, last = reference.partition(":")
    start, end = _position(first), _position(last or first)
    if start and end:
        gathered.merged.append((start[0], end[0], start[1], end[1]))
