"""cBioPortal timeline files: days from an anchor, one row an event."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from sm_tracker.domain.missing import is_missing
from sm_tracker.domain.records import (
    EndStatus,
    Measurement,
    OutcomeReading,
    Place,
    R,
    TherapyPeriod,
)
from sm_tracker.ingest.cells.numbers import ValueText, parse_value
from sm_tracker.ingest.cells.short_texts import clean_text, read_flag, read_number, read_sign
from sm_tracker.ingest.cells.units import factor_to_mm, length_unit
from sm_tracker.ingest.files.grid import is_blank, text_of
from sm_tracker.ingest.messages.finding_log import refusal_reason
from sm_tracker.ingest.records.making import made
from sm_tracker.ingest.records.people import body_site_of
from sm_tracker.ingest.records.record_batch import RecordBatch
from sm_tracker.ingest.records.therapy_cells import read_therapies
from sm_tracker.ingest.records.value_units import ask_unit_of_numbers
from sm_tracker.ingest.tables.column_meanings import read_column_name
from sm_tracker.ingest.tables.columns import ColumnRoles
from sm_tracker.ingest.tables.read_context import ReadContext, RefusedRows
from sm_tracker.languages import Message

_TEST = re.compile(r"^SKIN_?THICKNESS(?:_(?P<site>.+?))?(?:_(?P<unit>MM|UM|CM))?$", re.IGNORECASE)

_READ = frozenset({
    "PATIENT_ID", "START_DATE", "STOP_DATE", "EVENT_TYPE", "TREATMENT_TYPE", "SUBTYPE", "AGENT",
    "TEST", "RESULT", "UNIT", "QUALIFIER", "ONGOING", "ENDING_STATUS", "DOSE", "CYCLES",
})  # fmt: skip
"""Columns of the format that are read."""
_NOTES = ("SUBTYPE", "NOTE", "NOTES", "COMMENT", "COMMENTS")
"""Columns that are kept in the note of a course."""
_NO_END = re.compile(
    r"\b(?:end|stop)(?: date)? (?:is )?(?:na|n/a|unknown|missing)\b", re.IGNORECASE
)
"""How a comment says that the end of a course is not known, whatever STOP_DATE holds."""
_GOES_ON = re.compile(r"\b(?:ongoing|continu\w+|on treatment)\b", re.IGNORECASE)


_UNIT_CODE = {"mm": "MM", "µm": "UM", "cm": "CM"}


def read_cbioportal(roles: ColumnRoles, context: ReadContext, refused: RefusedRows) -> RecordBatch:
    """Readings, therapies and other tests of a timeline file, on relative days.

    A `<` or `>` is kept, in RESULT or in a column QUALIFIER. A blank STOP_DATE of a
    treatment is an unknown end unless a column ONGOING says yes. A thickness whose unit
    stands in none of TEST, RESULT and UNIT is asked about.
    """
    section = roles.section
    columns = {n.text.upper(): n.index for n in section.names}
    therapy = columns.get("AGENT", columns.get("TREATMENT_TYPE"))
    roles = replace(roles, by_role={"patient_id": columns["PATIENT_ID"]})
    if therapy is not None:
        roles = roles.with_roles(therapy=therapy)
    context.findings.add(
        "format_recognised",
        roles.location,
        section.header_rows[-1],
        form=Message("cBioPortal timeline"),
        words=Message(
            "START_DATE and STOP_DATE are relative days from an anchor such as the diagnosis, "
            "not calendar dates"
        ),
    )
    reader = _Rows(roles, columns, context, refused)
    for r in range(len(section.rows)):
        reader.read(r)
    result = [n for n in section.names if n.text.upper() == "RESULT"]
    return RecordBatch(
        measurements=tuple(reader.measurements),
        therapies=tuple(reader.courses),
        outcomes=tuple(reader.outcomes),
        value_columns={roles.location: tuple(result)},
        unit_is_open=reader.unit_is_open,
        columns_read=frozenset(
            i for name, i in columns.items() if name in _READ or name.startswith("REASON")
        ),
        note_columns=frozenset(columns[name] for name in _NOTES if name in columns),
    )


def _named_test(name: str) -> re.Match[str] | None:
    """Site and unit of a test of thickness, by its code or in words: Skin thickness calf (mm)."""
    if match := _TEST.match(name):
        return match
    read = read_column_name(name)
    if not read.says_thickness or read.role == "not_thickness":
        return None
    words = read.site_text.replace(" ", "_")
    return _TEST.match("_".join(filter(None, ("SKIN_THICKNESS", words, _UNIT_CODE.get(read.unit)))))


class _Rows:
    """Reads a timeline row by row."""

    def __init__(
        self,
        roles: ColumnRoles,
        columns: dict[str, int],
        context: ReadContext,
        refused: RefusedRows,
    ) -> None:
        self.roles, self.columns, self.context, self.refused = roles, columns, context, refused
        self.measurements: list[Measurement] = []
        self.courses: list[TherapyPeriod] = []
        self.outcomes: list[OutcomeReading] = []
        treats = "therapy" in roles.by_role
        self.therapies = read_therapies(roles, context, blank_is_none=True) if treats else None
        self.unit_is_open = False
        self.unit = self._asked_unit()

    def _asked_unit(self) -> str:
        """Unit of the readings that carry none, mm while the question is open."""
        numbers = []
        for r in range(len(self.roles.section.rows)):
            match, parsed = _named_test(self.text("TEST", r)), self.result(r)
            if match and match["site"] and parsed and parsed.value and not self._unit(r, match):
                numbers.append(parsed.value)
        if not numbers:
            return ""
        answer = ask_unit_of_numbers(
            numbers,
            Message(
                "The unit of the skin thickness stands in none of TEST, RESULT and UNIT: values "
                "{low:g} to {high:g}. Are they mm or µm?",
                low=min(numbers),
                high=max(numbers),
            ),
            self.roles.location,
            self.context,
        )
        self.unit_is_open = answer is None
        return answer or "mm"

    def _unit(self, r: int, match: re.Match[str]) -> str:
        parsed = self.result(r)
        inside = parsed.unit if parsed is not None else ""
        return inside or length_unit(match["unit"] or self.text("UNIT", r))

    def result(self, r: int) -> ValueText | None:
        """What the cell RESULT of a row says, None where it is not a value."""
        text = self.text("RESULT", r)
        return parse_value(text, decimal="," if "," in text else ".")

    def text(self, name: str, r: int) -> str:
        index = self.columns.get(name, -1)
        row = self.roles.section.rows[r]
        text = clean_text(row[index]) if 0 <= index < len(row) else ""
        return "" if is_missing(text, "code") else text

    def place(self, r: int) -> Place:
        return self.roles.location.row(self.roles.section.numbers[r])

    def refuse(self, code: str, r: int, column: str, **words: object) -> None:
        number = self.roles.section.numbers[r]
        self.context.findings.add(
            code, self.roles.location, number, column=column, value=self.text(column, r), **words
        )
        self.refused.add(number, self.roles.section.rows[r], refusal_reason(code))

    def day(self, name: str, r: int) -> int | None:
        number = read_number(self.text(name, r)) if self.text(name, r) else None
        return int(number) if number is not None and number == int(number) else None

    def read(self, r: int) -> None:
        start = self.day("START_DATE", r)
        if not self.text("PATIENT_ID", r):
            self.refuse("missing_patient", r, "PATIENT_ID")
        elif start is None:
            blank = not self.text("START_DATE", r)
            self.refuse("missing_date" if blank else "not_a_number", r, "START_DATE")
        elif self.text("TEST", r) or ("TEST" in self.columns and self.therapies is None):
            self.test(r, start)
        elif self.therapies is not None and self.therapies.names[r]:
            self.treatment(r, start)
        elif self.therapies is not None and self.text("EVENT_TYPE", r).upper() == "TREATMENT":
            self.refuse("missing_therapy", r, self.roles.name("therapy"))
        else:
            kind = self.text("EVENT_TYPE", r)
            self.context.findings.add(
                "record_left_out", self.roles.location, self.roles.section.numbers[r],
                column="EVENT_TYPE", value=kind,
            )  # fmt: skip

    def treatment(self, r: int, start: int) -> None:
        stop = self.day("STOP_DATE", r)
        if stop is None and self.text("STOP_DATE", r):
            self.refuse("not_a_number", r, "STOP_DATE")
            return
        if stop is not None and stop < start:
            self.refuse("end_before_start", r, "STOP_DATE", start=start)
            return
        status = self.end_status(r, stop)
        if status == "unknown":
            self.context.findings.add(
                "end_unknown",
                self.roles.location,
                self.roles.section.numbers[r],
                column="STOP_DATE",
                value=self.text("STOP_DATE", r) or "blank",
            )
        assert self.therapies is not None
        cycles = read_number(self.text("CYCLES", r)) if self.text("CYCLES", r) else None
        parts = self.therapies.parts[r]
        dose = ", ".join(filter(None, (self.text("DOSE", r), self.text("INTERVAL", r))))
        for name in self.therapies.names[r]:
            self.courses += self.made(
                r,
                partial(
                    TherapyPeriod,
                    patient_id=self.text("PATIENT_ID", r),
                    therapy=name,
                    therapy_text=self.therapies.texts[r],
                    start_day=start,
                    end_day=stop if status == "ended" else None,
                    end_status=status,
                    dose=dose or parts.dose,
                    cycles=int(cycles) if cycles is not None else parts.cycles,
                    note="; ".join(filter(None, (self.text(name, r) for name in _NOTES))),
                    stop_reason=self.reason(r),
                    place=self.place(r),
                ),
            )

    def end_status(self, r: int, stop: int | None) -> EndStatus:
        """How a course ended; a comment or a column that says so beats the day in STOP_DATE."""
        told, ongoing = self.text("ENDING_STATUS", r), self.text("ONGOING", r)
        if read_flag(ongoing) is True or _GOES_ON.search(told):
            return "ongoing"
        said = [told, *(self.text(name, r) for name in _NOTES)]
        open_end = ongoing.upper() in ("U", "UNKNOWN") or told.upper() in ("U", "UNKNOWN")
        return "unknown" if stop is None or open_end or any(map(_NO_END.search, said)) else "ended"

    def reason(self, r: int) -> str:
        """Why a course was stopped, in whatever columns the file says it."""
        names = (name for name in self.columns if name.startswith("REASON"))
        return "; ".join(filter(None, (self.text(name, r) for name in names)))

    def made(self, r: int, make: Callable[[], R]) -> list[R]:
        section = self.roles.section
        row = (self.roles.location, section.numbers[r], section.rows[r])
        return made(make, row, self.context, self.refused)

    def test(self, r: int, day: int) -> None:
        name, result = self.text("TEST", r), self.text("RESULT", r)
        match, parsed = _named_test(name), self.result(r)
        if parsed is None or parsed.low is not None or parsed.several:
            self.refuse("not_a_number", r, "RESULT")
        elif parsed.missing:
            self.context.findings.add(
                "missing_value",
                self.roles.location,
                self.roles.section.numbers[r],
                column="RESULT",
                value=result,
                shown=result or Message("blank"),
            )
        elif match and match["site"]:
            self.reading(r, day, match, parsed)
        elif match:
            self.refuse("missing_site", r, "TEST")
        elif parsed.value is not None:
            self.outcomes += self.made(r, partial(
                    OutcomeReading,
                    patient_id=self.text("PATIENT_ID", r), outcome=name, value=parsed.value,
                    day=day, unit=self.text("UNIT", r), place=self.place(r),
                )
            )  # fmt: skip

    def reading(self, r: int, day: int, match: re.Match[str], parsed: ValueText) -> None:
        unit = self._unit(r, match) or self.unit
        sign = parsed.qualifier or read_sign(self.text("QUALIFIER", r)) or ""
        if parsed.value is None or parsed.value <= 0:
            self.refuse("zero_value" if parsed.value == 0 else "negative_value", r, "RESULT")
            return
        place = body_site_of(match["site"].replace("_", " ").lower())
        if sign:
            self.context.findings.add(
                "below_value" if sign == "<" else "above_value", self.roles.location,
                self.roles.section.numbers[r], column="RESULT",
                value=sign + f"{parsed.value:g}",
            )  # fmt: skip
        self.measurements += self.made(
            r,
            partial(
                Measurement,
                patient_id=self.text("PATIENT_ID", r),
                site=place.site,
                side=place.side,
                site_text=match["site"],
                day=day,
                thickness_mm=float(f"{parsed.value * factor_to_mm(unit):.12g}"),
                qualifier="<" if sign == "<" else ">" if sign == ">" else "",
                approximate=parsed.approximate,
                note=parsed.note,
                place=self.place(r),
            ),
        )


__all__ = ["is_blank", "read_cbioportal", "text_of"]
