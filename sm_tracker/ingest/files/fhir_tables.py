"""A document of FHIR as our own tables, with what of it was not read."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable

from sm_tracker.domain.fhir_terms import EVENT, OUTCOME, READING
from sm_tracker.domain.own_columns import OWN_COLUMNS
from sm_tracker.ingest.files import fhir_courses as courses
from sm_tracker.ingest.files import fhir_readings as readings
from sm_tracker.ingest.files.fhir_documents import (
    Patients,
    Resource,
    element,
    last_part,
    resources_in,
    text_in,
    version_not_read,
    words_of,
)
from sm_tracker.ingest.files.file_tables import FileTable, FileTables, Refused, Said
from sm_tracker.languages import Message, first_few

Row = dict[str, str]
FHIR = Message("FHIR")
NAMED = 12
"""Kinds of resources that were not read and are named."""
LEFT_OUT = 1000
"""Resources that are named one by one with the reason."""


def tables_of_fhir(content: bytes, today: dt.date) -> FileTables | Refused:
    """The tables of a document of FHIR, or why it is not read."""
    reader = _Reader(today)
    try:
        for number, one, address in resources_in(content):
            if form := version_not_read(one):
                return Refused("form_not_read", {"form": form})
            reader.take(number, one, address)
    except ValueError:
        return Refused("damaged_file", {"kind": FHIR})
    return reader.tables()


class _Reader:
    """Takes up resources one by one; what refers to others is settled at the end."""

    def __init__(self, today: dt.date) -> None:
        self.today, self.count = today, 0
        self.patients = Patients()
        self.rows: dict[str, list[tuple[int, Row]]] = {}
        self.medications: dict[str, Resource] = {}
        self.given: list[tuple[int, Resource, str]] = []
        self.unread: Counter[str] = Counter()
        self.said: list[Said] = []
        self.takers: dict[str, Callable[[int, Resource, str], None]] = {
            "Patient": lambda _, one, address: self.patients.add(one, address),
            "Medication": self.medication, "Observation": self.observation,
            "MedicationStatement": self.later, "MedicationAdministration": self.later,
            "Procedure": self.later,
        }  # fmt: skip
        self.text: dict[str, str] = {}

    def take(self, number: int, one: Resource, address: str) -> None:
        """Take up one resource."""
        self.count += 1
        kind = text_in(one, "resourceType")
        taker = self.takers.get(kind)
        if taker is None:
            self.unread[kind] += 1
        else:
            taker(number, one, address)

    def add(self, table: str, number: int, row: Row) -> None:
        """Keep a row; equal texts are kept once, however many rows hold them."""
        same = self.text
        self.rows.setdefault(table, []).append(
            (number, {k: same.setdefault(v, v) for k, v in row.items() if v})
        )

    def leave_out(self, number: int, one: Resource, reason: Message) -> None:
        """Name a resource that does not count."""
        name = self.name(one)
        self.said.append(
            Said(code="resource_left_out", row=number, words={"name": name, "reason": reason})
        )

    def name(self, one: Resource) -> str:
        """A resource by its kind and what it is about."""
        about = words_of(element(one, "code")) or words_of(
            element(one, "medicationCodeableConcept")
        )
        return " ".join(filter(None, (text_in(one, "resourceType"), about)))

    def medication(self, number: int, one: Resource, address: str) -> None:
        """Keep a medication that others refer to."""
        for name in (text_in(one, "id"), last_part(address)):
            self.medications[name] = one

    def later(self, number: int, one: Resource, address: str) -> None:
        """Keep what was given until all of it is known."""
        self.given.append((number, one, last_part(address) or text_in(one, "id")))

    def observation(self, number: int, one: Resource, address: str) -> None:
        """A reading, an outcome or an event; others are counted."""
        kind = readings.kind_of_observation(one)
        if kind == "fold":
            self.leave_out(number, one, Message("it is a fold of skin, measured with a calliper"))
            return
        if kind not in (READING, OUTCOME, EVENT):
            self.unread[self.name(one)] += 1
            return
        if reason := readings.why_left_out(one):
            self.leave_out(number, one, reason)
            return
        if text_in(one, "status") in readings.EARLY:
            words = {"name": self.name(one), "status": text_in(one, "status")}
            self.said.append(Said(code="resource_not_final", row=number, words=words))
        if kind == READING:
            for row in readings.rows_of_reading(one):
                table = "measurements" if "thickness" not in row else "measurements without mm"
                self.add(table, number, row)
        elif kind == OUTCOME:
            self.add("outcomes", number, readings.row_of_outcome(one))
        else:
            self.add("events", number, readings.row_of_event(one))

    def settle_given(self) -> None:
        """Courses first, then sessions, which join the course that they name."""
        of_course: dict[str, Row] = {}
        sessions = []
        for number, one, name in self.given:
            therapy = courses.therapy_of(one, self.medications)
            kind = text_in(one, "resourceType")
            if reason := courses.why_not_given(one):
                self.leave_out(number, one, reason)
            elif kind == "MedicationStatement" or (kind == "Procedure" and courses.is_course(one)):
                row = of_course[name] = courses.row_of_course(one, therapy, self.today)
                if row["end_status"] == "ended" and text_in(one, "status") in courses.GOES_ON:
                    words = {"name": self.name(one), "end": row["end"]}
                    self.said.append(Said(code="active_after_its_end", row=number, words=words))
                self.rows.setdefault("therapies", []).append((number, of_course[name]))
            else:
                sessions.append((number, one, therapy))
        for number, one, therapy in sessions:
            day = courses.day_of_session(one)
            course = next((c for c in courses.courses_named(one) if c in of_course), None)
            if course is not None:
                dates = of_course[course]["session_dates"]
                of_course[course]["session_dates"] = " ".join(filter(None, (dates, day)))
            elif text_in(one, "resourceType") == "Procedure" and not courses.is_known_procedure(
                one
            ):
                self.unread[self.name(one)] += 1
            else:
                patient = text_in(element(one, "subject"), "reference")
                row = {"patient_id": patient, "therapy": therapy, "date": day}
                self.add("sessions", number, row)

    def is_other_procedure(self, one: Resource) -> bool:
        """Whether a single procedure is none of the regimens."""
        is_procedure = text_in(one, "resourceType") == "Procedure"
        return is_procedure and not courses.is_known_procedure(one)

    def tables(self) -> FileTables:
        """All tables, patients by their codes, and what was said."""
        self.settle_given()
        words = {"count": self.count}
        said = [Said(code="fhir_read", words=words), *self.said]
        if self.unread:
            names = [f"{name} ({n})" for name, n in self.unread.most_common()]
            listed = first_few(names, NAMED)
            said.append(Said(code="resources_not_read", words={"names": listed}))
        tables = tuple(self.table(name, rows) for name, rows in self.rows.items())
        return FileTables(kind=FHIR, tables=tables, said=tuple(said))

    def table(self, name: str, rows: list[tuple[int, Row]]) -> FileTable:
        """One table with the columns that it needs, in their order."""
        known = OWN_COLUMNS.get(name.partition(" ")[0], ("patient_id", "therapy", "date"))
        extra = ("thickness", "unit") if "without" in name else ()
        filled = {column for _, row in rows for column, text in row.items() if text}
        needed = {"patient_id", "date", "site", "therapy", "start", "outcome", "value", "event"}
        columns = [
            c for c in (*known, *extra)
            if c in filled or (c in needed and c in known) or (c == "thickness_mm" and not extra)
        ]  # fmt: skip
        numbers = [number for number, _ in rows]
        cells: list[list[str]] = []
        while rows:  # each is let go as soon as it is written: a file may hold a million
            row = rows.pop()[1]
            row["patient_id"] = self.patients.code(row.get("patient_id", ""))
            cells.append([row.get(column, "") for column in columns])
        cells.reverse()
        counted = len(set(numbers)) == len(numbers)
        return FileTable(
            rows=[columns, *cells], sheet=name, numbers=[0, *numbers] if counted else (),
        )  # fmt: skip
