"""Records as a Bundle of FHIR R4: text first, codes of other systems beside it."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from sm_tracker.domain.fhir_terms import (
    ABSENT,
    AS_WRITTEN,
    ATC,
    COMPONENTS,
    COURSE_EXTENSIONS,
    EVENT,
    LOCAL,
    OURS,
    OUTCOME,
    PATIENT,
    PERIOD,
    READING,
    READING_TEXT,
    UCUM,
    code_for,
    codes_of,
)
from sm_tracker.domain.regimens import find_regimen
from sm_tracker.domain.tables import Records
from sm_tracker.report.export_tables import own_tables

Resource = dict[str, Any]
Row = Mapping[str, str]
_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
_LENGTH = {"month": 7, "year": 4}
"""Characters of an ISO date that are known, by the precision."""
_STATUS = {"ongoing": "active", "unknown": "unknown"}


def write_fhir(records: Records) -> dict[str, bytes]:
    """One Bundle of patients, readings, courses, outcomes and events; same records, same bytes."""
    entries = [
        {"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in resources_of(records)
    ]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    text = json.dumps(bundle, ensure_ascii=False, indent=1, allow_nan=False)
    return {"records.json": (text + "\n").encode()}


def resources_of(records: Records) -> Iterator[Resource]:
    """The resources of records, patients first."""
    for patient in records.patients:
        yield {
            "resourceType": "Patient",
            "id": _id_of("patient", {"patient_id": patient}, 0),
            "identifier": [{"system": PATIENT, "value": patient}],
        }
    makers = {
        "measurements": _reading, "therapies": _course, "outcomes": _outcome, "events": _event,
    }  # fmt: skip
    for table, frame in own_tables(records).items():
        seen: dict[str, int] = {}
        for cells in frame.itertuples(index=False):
            row = dict(zip(map(str, frame.columns), map(str, cells), strict=True))
            key = json.dumps(row, sort_keys=True)
            seen[key] = seen.get(key, 0) + 1
            yield from makers[table](row, _id_of(table, row, seen[key]))


def _id_of(kind: str, row: Row, number: int) -> str:
    """An id from the content, so that the same record has the same one in every export."""
    told = json.dumps([kind, sorted(row.items()), number])
    return str(uuid.UUID(bytes=hashlib.sha256(told.encode()).digest()[:16], version=5))


def _reference(kind: str, row: Row, number: int = 0) -> dict[str, str]:
    return {"reference": f"urn:uuid:{_id_of(kind, row, number)}"}


def _subject(row: Row) -> dict[str, str]:
    return _reference("patient", {"patient_id": row["patient_id"]})


def _observation(row: Row, made: str, code: Resource, components: tuple[str, ...]) -> Resource:
    """What every observation has: who, when, and the columns that are components."""
    found: Resource = {
        "resourceType": "Observation", "id": made, "status": "final", "code": code,
        "subject": _subject(row), **_time("effectiveDateTime", row["date"], _precision(row)),
    }  # fmt: skip
    if parts := [_component(name, row[name]) for name in components if row.get(name)]:
        found["component"] = parts
    if row.get("note"):
        found["note"] = [{"text": row["note"]}]
    return found


def _precision(row: Row) -> str:
    return row.get("date_precision", "")


def _component(name: str, text: str) -> Resource:
    code = {"coding": [{"system": LOCAL, "code": name}], "text": name.replace("_", " ")}
    kind = COMPONENTS[name]
    if kind == "valueInteger":
        return {"code": code, kind: int(text)}
    if kind == "valueString":
        return {"code": code, kind: text}
    quantity = {"value": float(text), "unit": kind, "system": UCUM, "code": kind}
    return {"code": code, "valueQuantity": quantity}


def _reading(row: Row, made: str) -> Iterator[Resource]:
    codes = [{"system": LOCAL, "code": READING}, *(c.coding for c in codes_of("skin thickness"))]
    names = ("layer", "device", "frequency_mhz", "velocity_m_s", "replicate", "doubt",
             "doubt_reason")  # fmt: skip
    found = _observation(row, made, {"coding": codes, "text": READING_TEXT}, names)
    found["category"] = [{"coding": [{"system": _CATEGORY, "code": "imaging"}]}]
    sites = (code_for("site", row["site"]), code_for("side", row["side"]))
    codings = [c.coding for c in sites if c]
    found["bodySite"] = {**({"coding": codings} if codings else {}), "text": row["site"]}
    method = codes_of("method")[0]
    found["method"] = {"coding": [method.coding], "text": "high-frequency ultrasound"}
    if row["examiner"]:
        found["performer"] = [{"display": row["examiner"]}]
    if row["status"] == "ok":
        sign = {"comparator": row["qualifier"]} if row["qualifier"] else {}
        value = {"value": float(row["thickness_mm"]), **sign}
        found["valueQuantity"] = {**value, "unit": "mm", "system": UCUM, "code": "mm"}
    else:
        found["dataAbsentReason"] = {
            "coding": [{"system": ABSENT, "code": "error"}], "text": row["status"],
        }  # fmt: skip
    yield found


def _outcome(row: Row, made: str) -> Iterator[Resource]:
    code = {"coding": [{"system": LOCAL, "code": OUTCOME}], "text": row["outcome"]}
    found = _observation(row, made, code, ("doubt", "doubt_reason"))
    unit = {"unit": row["unit"]} if row["unit"] else {}
    found["valueQuantity"] = {"value": float(row["value"]), **unit}
    if row["better"]:
        found["extension"] = [_extension("better", row["better"])]
    yield found


def _event(row: Row, made: str) -> Iterator[Resource]:
    code = {"coding": [{"system": LOCAL, "code": EVENT}], "text": "Event"}
    found = _observation(row, made, code, ("kind",))
    found["valueString"] = row["event"]
    if _precision(row) != "day":
        found["extension"] = [_extension("date_precision", _precision(row))]
    yield found


def _extension(name: str, text: str) -> dict[str, str]:
    return {"url": OURS + name, "valueString": text}


def _time(name: str, date: str, precision: str) -> Resource:
    """A date as far as it is known, with the day that is stored for it where that is less."""
    length = _LENGTH.get(precision)
    if length is None:
        return {name: date}
    written = {"extension": [{"url": AS_WRITTEN, "valueDate": date}]}
    return {name: date[:length], f"_{name}": written}


def _course(row: Row, made: str) -> Iterator[Resource]:
    """The course, and a resource for each of its sessions that points to it."""
    regimen = find_regimen(row["therapy"])
    is_procedure = regimen is not None and regimen.regimen_class == "procedure"
    yield (_procedure if is_procedure else _statement)(row, made, _concept(row["therapy"]))
    course = {"reference": f"urn:uuid:{made}"}
    for number, date in enumerate(row["session_dates"].split()):
        one: Resource = {
            "resourceType": "Procedure" if is_procedure else "MedicationAdministration",
            "id": _id_of("session", {**row, "of": made}, number), "status": "completed",
            "subject": _subject(row),
        }  # fmt: skip
        if is_procedure:
            one |= {"partOf": [course], "code": _concept(row["therapy"])}
            yield {**one, "performedDateTime": date}
        else:
            one |= {"medicationCodeableConcept": _concept(row["therapy"])}
            yield {**one, "supportingInformation": [course], "effectiveDateTime": date}


def _concept(therapy: str) -> Resource:
    regimen = find_regimen(therapy)
    coding = [{"system": ATC, "code": regimen.atc}] if regimen and regimen.atc else []
    return {**({"coding": coding} if coding else {}), "text": therapy}


def _course_parts(row: Row, made: str) -> tuple[Resource, Resource]:
    """What both kinds of course have, and the period."""
    found: Resource = {"id": made, "subject": _subject(row)}
    extensions = [
        _extension(name, row[name])
        for name in COURSE_EXTENSIONS
        if row[name] and (name, row[name]) not in (
            ("show_in_figure", "true"), ("date_precision", "day"),
        )
    ]  # fmt: skip
    if row["end_status"] == "ended" and not row["end"]:
        extensions.append(_extension("end_status", "ended"))
    if extensions:
        found["extension"] = extensions
    if row["period_id"]:
        found["identifier"] = [{"system": PERIOD, "value": row["period_id"]}]
    if row["note"]:
        found["note"] = [{"text": row["note"]}]
    period = _time("start", row["start"], row["date_precision"])
    if row["end"]:
        precision = row["end_date_precision"] or row["date_precision"]
        period |= _time("end", row["end"], precision)
    return found, period


def _status(row: Row) -> str:
    return _STATUS.get(row["end_status"], "stopped" if row["stop_reason"] else "completed")


def _statement(row: Row, made: str, concept: Resource) -> Resource:
    found, period = _course_parts(row, made)
    found |= {
        "resourceType": "MedicationStatement", "status": _status(row),
        "medicationCodeableConcept": concept, "effectivePeriod": period,
    }  # fmt: skip
    if row["stop_reason"]:
        found["statusReason"] = [{"text": row["stop_reason"]}]
    dosage: Resource = {"text": row["dose"]} if row["dose"] else {}
    if row["route"]:
        dosage["route"] = {"text": row["route"]}
    if dosage:
        found["dosage"] = [dosage]
    return found


def _procedure(row: Row, made: str, concept: Resource) -> Resource:
    found, period = _course_parts(row, made)
    status = "in-progress" if row["end_status"] == "ongoing" else _status(row)
    found |= {
        "resourceType": "Procedure", "status": status, "code": concept, "performedPeriod": period,
    }  # fmt: skip
    if row["stop_reason"]:
        found["outcome"] = {"text": row["stop_reason"]}
    own = [_extension(name, row[name]) for name in ("dose", "route") if row[name]]
    if own:
        found["extension"] = [*found.get("extension", []), *own]
    return found
