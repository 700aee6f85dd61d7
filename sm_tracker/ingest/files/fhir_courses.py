"""Medications and procedures of FHIR as rows: courses, and sessions that belong to one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sm_tracker.domain.fhir_terms import ATC, COURSE_EXTENSIONS, OURS, PERIOD
from sm_tracker.domain.regimens import find_regimen, regimens
from sm_tracker.ingest.files.fhir_dates import day_and_precision
from sm_tracker.ingest.files.fhir_documents import (
    Resource,
    codings_of,
    element,
    elements,
    extension_in,
    last_part,
    text_in,
    words_of,
)
from sm_tracker.languages import Message

Row = dict[str, str]
NOT_GIVEN = ("not-taken", "not-done", "intended", "draft", "entered-in-error", "preparation",
             "cancelled")  # fmt: skip
GOES_ON = ("active", "in-progress")
ENDED = ("completed", "stopped", "ended")
_PERIODS = ("effectivePeriod", "performedPeriod", "occurrencePeriod", "occurencePeriod")
_DAYS = ("effectiveDateTime", "performedDateTime", "occurrenceDateTime", "occurenceDateTime")


def why_not_given(one: Resource) -> Message | None:
    """Why a medication or procedure does not count, None where it does."""
    status = text_in(one, "status")
    if status in NOT_GIVEN:
        return Message("its status is {status}", status=status)
    return None


def therapy_of(one: Resource, medications: Mapping[str, Resource]) -> str:
    """The name of what was given, from its text, a medication elsewhere, or its ATC code."""
    concept = element(one, "medicationCodeableConcept") or element(one, "code")
    both = element(one, "medication")
    concept = element(both, "concept") or concept
    named = element(both, "reference") or element(one, "medicationReference")
    if named:
        contained = {text_in(c, "id"): c for c in elements(one, "contained")}
        name = last_part(text_in(named, "reference"))
        found = contained.get(name) or medications.get(name)
        concept = _medicine(found) if found else concept or {
            "text": text_in(named, "display")
        }  # fmt: skip
    atc = {code for system, code in codings_of(concept) if system == ATC}
    by_code = next((r.name for r in regimens() if r.atc and r.atc in atc), "")
    return words_of(concept) or by_code


def _medicine(medication: Resource) -> Resource:
    """What a medication is called, by its code or else by its ingredients."""
    parts = (
        element(i, "itemCodeableConcept") or element(element(i, "item"), "concept")
        for i in elements(medication, "ingredient")
    )
    words = " + ".join(filter(None, map(words_of, parts)))
    return element(medication, "code") or {"text": words}


def is_course(one: Resource) -> bool:
    """Whether a procedure lasts for more than a day or says that it goes on."""
    period = next((p for n in _PERIODS if (p := element(one, n))), {})
    start, end = text_in(period, "start")[:10], text_in(period, "end")[:10]
    return bool(period) and start != end


def is_known_procedure(one: Resource) -> bool:
    """Whether a procedure is a regimen by its name."""
    return find_regimen(words_of(element(one, "code"))) is not None


def courses_named(one: Resource) -> list[str]:
    """The ends of the references that may lead to the course of a session."""
    names = ("partOf", "supportingInformation", "derivedFrom", "request", "basedOn")
    return [last_part(text_in(r, "reference")) for n in names for r in elements(one, n)]


def day_of_session(one: Resource) -> str:
    """The day on which something was given, blank where it is not known to the day."""
    period = next((p for n in _PERIODS if (p := element(one, n))), {})
    holder, name = (period, "start") if period else (one, next((n for n in _DAYS if n in one), ""))
    day, precision = day_and_precision(holder, name)
    return day if precision == "day" else ""


def row_of_course(one: Resource, therapy: str, today: dt.date) -> Row:
    """A course as a row of our own therapies."""
    period = next((p for n in _PERIODS if (p := element(one, n))), {})
    alone = next((n for n in _DAYS if n in one), "")
    start, precision = day_and_precision(period, "start") if period else (
        day_and_precision(one, alone)
    )  # fmt: skip
    end, end_precision = day_and_precision(period, "end", last=True)
    own = {name: extension_in(one, OURS + name) for name in COURSE_EXTENSIONS}
    precision = own["date_precision"] or precision
    apart = end_precision if end and end_precision != precision else ""
    status = end_status_of(one, end, today)
    dosage = element(one, "dosage")
    reasons = [*elements(one, "statusReason"), element(one, "outcome")]
    return own | {
        "patient_id": text_in(element(one, "subject"), "reference"), "therapy": therapy,
        "start": start, "end": end if status == "ended" else "", "end_status": status,
        "date_precision": precision,
        "end_date_precision": own["end_date_precision"] or (
            "" if own["date_precision"] else apart
        ),
        "period_id": next((text_in(i, "value") for i in elements(one, "identifier")
                           if text_in(i, "system") == PERIOD), ""),
        "dose": text_in(dosage, "text") or extension_in(one, OURS + "dose"),
        "route": words_of(element(dosage, "route")) or extension_in(one, OURS + "route"),
        "stop_reason": "; ".join(filter(None, map(words_of, reasons))),
        "note": "; ".join(filter(None, (text_in(n, "text") for n in elements(one, "note")))),
        "session_dates": "",
    }  # fmt: skip


def end_status_of(one: Resource, end: str, today: dt.date) -> str:
    """How a course ended: active without an end goes on, an end in the past is an end."""
    status = text_in(one, "status")
    if extension_in(one, OURS + "end_status") == "ended":
        return "ended"
    if not end:
        return "ongoing" if status in GOES_ON else "unknown"
    return "ended" if status not in GOES_ON or end <= today.isoformat() else "ongoing"
