"""Marks of a sheet that its values do not tell: merges, hidden rows, formulas, comments."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring, iterparse

from sm_tracker.ingest.files.grid import Merge

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)")
MOST_HIDDEN_COLUMNS = 200
CHUNK = 1 << 20
_SIGNS = re.compile(rb"<(?:\w+:)?(?:f[\s/>]|mergeCell\b)|\shidden\s*=")
"""What a sheet with any mark holds, as bytes in UTF-8."""
_ANY_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_ERRORS = (b' t="e"', b" t='e'")
_WORDS_OF_SIGNS = (b"hidden", b"mergeCell", b"<f", b":f")
_FILLED = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*(?<!/)>')
"""A cell with something in it; programs write its reference first."""
_STYLED = rb'<c r="([A-Z]{1,3})(\d{1,7})"(?=[^>]*\ss="(%b)")[^>]*(?<!/)>'

_OTHER_ENCODING = re.compile(rb"\x00|^.{0,80}?encoding=[\"'](?!utf-?8|us-ascii)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SheetMarks:
    """Merged cells, hidden rows and columns, and formula cells without a stored result.

    `struck` are filled cells that are struck through, `comments` texts beside cells (row number,
    column index, text), `styled` the styles of filled cells whose format tells something, by row
    number and column index. `area` is the number of cells of the rectangle around all filled ones.
    """

    merged: tuple[Merge, ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    unfinished: frozenset[tuple[int, int]] = frozenset()
    struck: frozenset[tuple[int, int]] = frozenset()
    comments: tuple[tuple[int, int, str], ...] = ()
    has_errors: bool = False
    area: int = 0
    styled: Mapping[int, Mapping[int, int]] = field(default_factory=dict)


@dataclass(slots=True)
class _Gathered:
    merged: list[Merge] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    unfinished: set[tuple[int, int]] = field(default_factory=set)
    struck: set[tuple[int, int]] = field(default_factory=set)
    struck_styles: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Scanned:
    """What a look at the bytes of a sheet tells."""

    worth_parsing: bool = False
    has_errors: bool = False
    strange: bool = False
    columns: set[bytes] = field(default_factory=set)
    last_row: int = 0
    styled: dict[int, dict[int, int]] = field(default_factory=dict)

    def note(
        self, part: bytes, struck: re.Pattern[bytes] | None, telling: re.Pattern[bytes] | None
    ) -> None:
        """Take up what some bytes of the sheet tell, which end before a tag."""
        if not self.worth_parsing and (_has_signs(part) or (struck and struck.search(part))):
            self.worth_parsing = True
        self.has_errors = self.has_errors or any(error in part for error in _ERRORS)
        self.strange = self.strange or len(_ANY_CELL.findall(part)) != part.count(b'<c r="')
        filled = _FILLED.findall(part)
        self.columns.update(column for column, _ in filled)
        self.last_row = max(self.last_row, *map(int, {row for _, row in filled}), 0)
        for column, row, style in telling.findall(part) if telling else ():
            position = _position((column + row).decode())
            if position:
                self.styled.setdefault(position[0], {})[position[1]] = int(style)

    @property
    def area(self) -> int:
        """Cells of the rectangle; a sheet with a cell of another form is taken for large."""
        if not self.columns or self.strange:
            return UNKNOWN_AREA
        last = max((len(c), c) for c in self.columns)[1].decode()
        position = _position(f"{last}1")
        return self.last_row * (position[1] + 1 if position else 1)


UNKNOWN_AREA = 1 << 40


def marks_of_sheets(
    content: bytes, struck_styles: Iterable[int] = (), telling_styles: Iterable[int] = ()
) -> Mapping[str, SheetMarks]:
    """Marks of each worksheet by its title.

    `struck_styles` are those of struck-through text, `telling_styles` those whose format changes
    what a value says.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        struck, telling = frozenset(map(str, struck_styles)), frozenset(map(str, telling_styles))
        return {t: _marks(archive, path, struck, telling) for t, path in _paths(archive).items()}


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


def _scan(
    archive: zipfile.ZipFile, path: str, struck_styles: frozenset[str], telling: frozenset[str]
) -> _Scanned:
    """What the bytes of a sheet tell, and whether it is worth parsing for its marks.

    Parsing takes as long as reading the values.
    """
    found = _Scanned()
    styles = "|".join(struck_styles).encode()
    struck = re.compile(rb'\ss="(?:' + styles + rb')"') if styles else None
    told = re.compile(_STYLED % "|".join(sorted(telling)).encode()) if telling else None
    with archive.open(path) as part:
        rest = b""
        while chunk := part.read(CHUNK):
            if not rest and _OTHER_ENCODING.search(chunk[:200]):
                found.worth_parsing = True
            both = rest + chunk
            cut = max(both.rfind(b"<"), len(both) - CHUNK)
            whole, rest = both[:cut], both[cut:]
            found.note(whole, struck, told)
    found.note(rest, struck, told)
    return found


def _has_signs(part: bytes) -> bool:
    """Whether a part of a sheet holds a mark; words are looked for first, as that is fast."""
    return any(word in part for word in _WORDS_OF_SIGNS) and bool(_SIGNS.search(part))


def _marks(
    archive: zipfile.ZipFile, path: str, struck_styles: frozenset[str], telling: frozenset[str]
) -> SheetMarks:
    scanned = _scan(archive, path, struck_styles, telling)
    gathered = _Gathered(struck_styles=struck_styles)
    if scanned.worth_parsing:
        _parse(archive, path, gathered)
    return SheetMarks(
        tuple(gathered.merged),
        tuple(gathered.hidden_rows),
        tuple(gathered.hidden_columns),
        frozenset(gathered.unfinished),
        frozenset(gathered.struck),
        _comments(archive, path),
        scanned.has_errors,
        scanned.area,
        scanned.styled,
    )


def _parse(archive: zipfile.ZipFile, path: str, gathered: _Gathered) -> None:
    with archive.open(path) as part:
        for event, element in iterparse(part, events=("start", "end")):
            tag = _local(element)
            if event == "start":
                if tag == "row" and element.get("hidden") in ("1", "true"):
                    gathered.hidden_rows.append(int(element.get("r") or 0))
            elif tag == "c":
                _formula(element, gathered)
                _strike(element, gathered)
                element.clear()
            elif tag == "row":
                element.clear()
            elif tag == "col" and element.get("hidden") in ("1", "true"):
                first, last = int(element.get("min") or 0), int(element.get("max") or 0)
                span = range(first - 1, min(last, first + MOST_HIDDEN_COLUMNS))
                gathered.hidden_columns += span
            elif tag == "mergeCell":
                _merge(element.get("ref") or "", gathered)


def _strike(cell: Element, gathered: _Gathered) -> None:
    if cell.get("s") in gathered.struck_styles and len(cell):
        position = _position(cell.get("r") or "")
        if position:
            gathered.struck.add(position)


def _comments(archive: zipfile.ZipFile, path: str) -> tuple[tuple[int, int, str], ...]:
    """Comments on the cells of a sheet: row number, column index, text."""
    folder, _, name = path.rpartition("/")
    relations = f"{folder}/_rels/{name}.rels"
    names = set(archive.namelist())
    if relations not in names:
        return ()
    found = []
    for relation in fromstring(archive.read(relations)):
        if not (relation.get("Type") or "").endswith("/comments"):
            continue
        target = posixpath.normpath(posixpath.join(folder, relation.get("Target") or ""))
        target = target if target in names else (relation.get("Target") or "").lstrip("/")
        if target not in names:
            continue
        for element in fromstring(archive.read(target)).iter():
            position = _position(element.get("ref") or "") if _local(element) == "comment" else None
            text = "".join(t.text or "" for t in element.iter() if _local(t) == "t")
            if position and text.strip():
                found.append((*position, " ".join(text.split())))
    return tuple(found)


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
