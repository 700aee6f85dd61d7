"""Records as a REDCap project: its data dictionary and the data to import into it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from sm_tracker.domain.redcap_project import (
    INSTANCE,
    INSTRUMENT,
    INSTRUMENTS,
    RECORD,
    ProjectField,
    code_of_word,
    project_fields,
)
from sm_tracker.domain.tables import Records
from sm_tracker.report.export_tables import made_safe, own_tables

DICTIONARY = (
    "Variable / Field Name", "Form Name", "Section Header", "Field Type", "Field Label",
    "Choices, Calculations, OR Slider Labels", "Field Note",
    "Text Validation Type OR Show Slider Number", "Text Validation Min", "Text Validation Max",
    "Identifier?", "Branching Logic (Show field only if...)", "Required Field?",
    "Custom Alignment", "Question Number (surveys only)", "Matrix Group Name", "Matrix Ranking?",
    "Field Annotation",
)  # fmt: skip
"""The columns of every data dictionary of REDCap."""
COMPLETE = "2"


def write_redcap(records: Records) -> dict[str, bytes]:
    """The data dictionary of the project and its data, an instance of an instrument a record."""
    return {"dictionary.csv": _table(DICTIONARY, _dictionary()), "data.csv": _data(records)}


def _dictionary() -> Iterable[list[str]]:
    first = next(iter(INSTRUMENTS.values()))
    yield _line(RECORD, first, "text", "patient code")
    for field in project_fields():
        choices = " | ".join(f"{code}, {word}" for code, word in field.choices.items())
        needed = "y" if field.needed else ""
        yield _line(field.name, field.instrument, field.kind, field.label, choices, field.unit,
                    field.validation, needed)  # fmt: skip


def _line(
    name: str, form: str, kind: str, label: str, choices: str = "", note: str = "",
    validation: str = "", needed: str = "",
) -> list[str]:  # fmt: skip
    cells = {0: name, 1: form, 3: kind, 4: label, 5: choices, 6: note, 7: validation, 12: needed}
    return [cells.get(i, "") for i in range(len(DICTIONARY))]


def _data(records: Records) -> bytes:
    fields = project_fields()
    completes = [f"{form}_complete" for form in INSTRUMENTS.values()]
    header = [RECORD, INSTRUMENT, INSTANCE, *(f.name for f in fields), *completes]
    return _table(header, _rows(records, fields))


def _rows(records: Records, fields: Sequence[ProjectField]) -> Iterable[list[str]]:
    for table, frame in own_tables(records).items():
        form = INSTRUMENTS[table]
        complete = [COMPLETE if form == other else "" for other in INSTRUMENTS.values()]
        counted: dict[str, int] = {}
        for row in frame.to_dict("records"):
            patient = row["patient_id"]
            counted[patient] = counted.get(patient, 0) + 1
            cells = [_coded(f, row[f.column]) if f.instrument == form else "" for f in fields]
            yield [patient, form, str(counted[patient]), *cells, *complete]


def _coded(field: ProjectField, text: str) -> str:
    if field.kind == "yesno":
        return {"true": "1", "false": "0"}.get(text, text)
    return code_of_word(text) if field.choices else text


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([made_safe(cell) for cell in row] for row in rows)
    return out.getvalue().encode()
