"""Names of columns read together: readings that are numbered alike, columns that a person chose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sm_tracker.ingest.cells.units import unit_in_header
from sm_tracker.ingest.tables.column_meanings import ROMAN, ColumnName, read_column_name

_R_OF_A_READING = re.compile(r"(?<![A-Za-z])R(?=\d\b)")


def read_header(texts: Sequence[str]) -> list[ColumnName]:
    """Read the cells of a header together.

    An R before a number is a reading, as in "forearm R1", unless another column has the
    same name with an L: then both are sides.
    """
    names = [read_column_name(text, index) for index, text in enumerate(texts)]
    written = {" ".join(t.split()) for t in texts}
    for index, text in enumerate(" ".join(t.split()) for t in texts):
        apart = _R_OF_A_READING.sub("R ", text)
        if apart != text and _R_OF_A_READING.sub("L", text) in written:
            names[index] = replace(read_column_name(apart, index), text=text)
    return _numbered_alone(_numbered_alike(names))


def _numbered_alone(names: list[ColumnName]) -> list[ColumnName]:
    """Columns #1, #2, #3 beside a date are readings of that day; without a date, nobody knows."""
    dated = any(n.role in ("date", "day") for n in names)
    numbered = [n for n in names if n.name.isdigit() and not (n.role or n.unit)]
    in_turn = [n.name for n in numbered] == [str(k + 1) for k in range(len(numbered))]
    if not dated or len(numbered) < 2 or not in_turn:
        return names
    found = list(names)
    for name in numbered:
        found[name.index] = replace(name, replicate=int(name.name), site_text="", visit="")
    return found


_ORDINAL_LAST = re.compile(
    r"^(?P<stem>.+?[a-z])(?: (?P<n>i{1,3}|iv|v|[a-e]|\d{1,2})|(?P<glued>\d{1,2}))$"
)


def _numbered_alike(names: list[ColumnName]) -> list[ColumnName]:
    """Columns of values that are called alike but for a number are readings of one visit."""
    groups: dict[str, dict[int, int]] = {}
    for name in names:
        match = _ORDINAL_LAST.match(name.name)
        taken = name.role not in ("", "value", "replicate") or name.site_known or name.visit
        if match and not taken and name.replicate is None and not name.statistic:
            number = match["n"] or match["glued"]
            n = int(number) if number.isdigit() else ROMAN[number]
            groups.setdefault(match["stem"].strip(), {}).setdefault(n, name.index)
    for stem, columns in groups.items():
        read = read_column_name(stem)
        if len(columns) > 1 and (read.role in ("value", "thickness") or read.says_thickness):
            for n, index in columns.items():
                names[index] = replace(names[index], role="", site_text="", replicate=n)
    return names


def chosen_as_thickness(name: ColumnName) -> ColumnName:
    """A column that a person says holds the thickness: words unknown to us name no site."""
    if name.site_known:
        return name
    replicate = name.replicate if name.says_thickness else None
    return replace(name, site_text="", replicate=replicate)


def as_visit(name: ColumnName) -> ColumnName:
    """A column of values that is a visit, called by its name."""
    return name if name.visit else replace(name, visit=unit_in_header(name.text)[0] or name.text)
