"""Documents of FHIR: what counts as a reading or a course, what is left out and why."""

from __future__ import annotations

import copy
import importlib
import json

import pytest

from sm_tracker.domain.data import rows_of
from sm_tracker.report.exchange.fhir_resources import resources_of
from sm_tracker.workflow import file_import
from tests.spec.test_exchange_files import codes, read

UCUM = "http://unitsofmeasure.org"
SNOMED = "http://snomed.info/sct"
READING = {
    "resourceType": "Observation",
    "status": "final",
    "code": {"text": "Skin thickness"},
    "subject": {"reference": "Patient/p7"},
    "effectiveDateTime": "2020-02-03T23:30:00-05:00",
    "bodySite": {"coding": [{"system": SNOMED, "code": "14975008"},
                            {"system": SNOMED, "code": "7771000"}]},
    "valueQuantity": {"value": 2.10, "unit": "mm", "system": UCUM, "code": "mm"},
}  # fmt: skip
COURSE = {
    "resourceType": "MedicationStatement",
    "status": "active",
    "medicationCodeableConcept": {"text": "hydroxychloroquine"},
    "subject": {"reference": "https://his.example/fhir/Patient/p7"},
    "effectivePeriod": {"start": "2020-03"},
}


def reading(**changed):
    found = {**copy.deepcopy(READING), **changed}
    return {k: v for k, v in found.items() if v is not None}


def quantity(value, **changed):
    return {**READING["valueQuantity"], "value": value, **changed}


def of(*resources):
    return read(json.dumps({"resourceType": "Bundle", "type": "collection",
                            "entry": [{"resource": r} for r in resources]}))  # fmt: skip


def value(one):
    (m,) = of(one).measurements
    return m.thickness_mm, m.qualifier, m.status


def test_a_reading_of_another_system_has_site_and_side_from_codes_and_its_date_as_written():
    (m,) = of(reading()).measurements
    assert (m.patient_id, m.site, m.side, m.thickness_mm) == ("p7", "forearm", "left", 2.1)
    assert m.date.isoformat() == "2020-02-03"


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (reading(valueQuantity=quantity(0.21, unit="cm", code="cm")), (2.1, "", "ok")),
        (reading(valueQuantity=quantity(2100, unit="um", code="um")), (2.1, "", "ok")),
        (reading(valueQuantity=quantity(2.1, comparator="<")), (2.1, "<", "ok")),
        (reading(valueQuantity=quantity(2.1, comparator=">")), (2.1, ">", "ok")),
        (
            reading(valueQuantity=None, dataAbsentReason={"text": "beyond_depth"}),
            (None, "", "beyond_depth"),
        ),
    ],
)
def test_units_and_signs_of_a_quantity_are_kept(one, expected):
    assert value(one) == expected


@pytest.mark.parametrize("unit", [{"unit": "mm"}, {"unit": "mm", "system": "urn:x", "code": "mm"}])
def test_a_unit_that_is_no_code_of_ucum_counts_only_in_words(unit):
    result = of(reading(valueQuantity={"value": 2.1, **unit}))
    assert [m.thickness_mm for m in result.measurements] == [2.1]


def test_a_value_without_any_unit_is_asked_about():
    result = of(reading(valueQuantity={"value": 2.1}))
    assert [q.key for q in result.questions] == ["unit"]


FOLD = {"coding": [{"system": SNOMED, "code": "165186003"}], "text": "Skin thickness"}


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (reading(status="entered-in-error"), "its status is entered-in-error"),
        (reading(status="cancelled"), "its status is cancelled"),
        (reading(effectiveDateTime="2020-02"), "it is not dated to the day"),
        (reading(code=FOLD), "it is a fold of skin, measured with a calliper"),
        (reading(code={"text": "Triceps skin fold thickness"}), "it is a fold of skin"),
        (reading(valueQuantity=None, valueString="thick"), "its value is not a quantity"),
    ],
)
def test_what_does_not_count_is_left_out_with_its_reason(one, reason):
    result = of(one, COURSE)
    assert result.measurements == ()
    (said,) = [f for f in result.findings if f.code == "resource_left_out"]
    assert reason in str(said.message)


@pytest.mark.parametrize("sign", ["<=", ">="])
def test_at_most_and_at_least_are_kept_as_below_and_above_and_said(sign):
    result = of(reading(valueQuantity=quantity(2.1, comparator=sign)))
    (m,) = result.measurements
    assert (m.thickness_mm, m.qualifier) == (2.1, sign[0])
    assert {"below_value", "above_value"} & set(codes(result))


def test_a_value_that_is_not_final_is_read_with_a_warning():
    result = of(reading(status="preliminary"))
    assert (len(result.measurements), "resource_not_final" in codes(result)) == (1, True)


def test_replicates_stand_in_components():
    parts = [{"code": {"text": f"Skin thickness, reading {i}"}, "valueQuantity": quantity(v)}
             for i, v in enumerate((2.1, 2.3), start=1)]  # fmt: skip
    found = of(reading(valueQuantity=None, component=parts)).measurements
    assert [(m.thickness_mm, m.replicate) for m in found] == [(2.1, 1), (2.3, 2)]


@pytest.mark.parametrize(
    ("status", "end", "expected"),
    [
        ("active", None, ("ongoing", None, "month")),
        ("unknown", None, ("unknown", None, "month")),
        ("completed", None, ("unknown", None, "month")),
        ("completed", "2020-05", ("ended", "2020-05-31", "month")),
        ("active", "2020-05-02", ("ended", "2020-05-02", "month")),
        ("active", "2030-05-02", ("ongoing", None, "month")),
    ],
)
def test_how_a_course_ended_follows_status_and_period(status, end, expected):
    period = {"start": "2020-03", **({"end": end} if end else {})}
    (t,) = of({**COURSE, "status": status, "effectivePeriod": period}).therapies
    assert (t.end_status, t.end and t.end.isoformat(), t.date_precision) == expected
    assert t.start.isoformat() == "2020-03-01"


def test_a_course_of_version_r5_is_read():
    course = {**COURSE, "medication": {"concept": {"text": "IVIG"}}, "status": "recorded"}
    del course["medicationCodeableConcept"]
    assert [t.therapy for t in of(course).therapies] == ["IVIG"]


def test_what_was_not_given_is_no_course():
    given = [{**COURSE, "status": s} for s in ("not-taken", "intended", "entered-in-error")]
    order = {**COURSE, "resourceType": "MedicationRequest", "intent": "order"}
    assert of(*given, order).therapies == ()


def test_sessions_join_the_course_that_they_belong_to():
    course = {**COURSE, "resourceType": "Procedure", "id": "c1", "code": {"text": "ECP"},
              "status": "in-progress", "performedPeriod": {"start": "2020-03-02"}}  # fmt: skip
    sessions = [
        {"resourceType": "Procedure", "status": "completed", "code": {"text": "ECP"},
         "subject": COURSE["subject"], "partOf": [{"reference": "Procedure/c1"}],
         "performedDateTime": day}
        for day in ("2020-03-02", "2020-03-16")
    ]  # fmt: skip
    (t,) = of(course, *sessions).therapies
    assert [d.isoformat() for d in t.session_dates] == ["2020-03-02", "2020-03-16"]


@pytest.mark.parametrize(
    "old",
    [
        {"resourceType": "MedicationOrder", "status": "active"},
        {"resourceType": "Patient", "name": [{"family": ["X"]}]},
        {**COURSE, "taken": "y"},
    ],
)
def test_an_older_version_is_refused_by_name(old):
    result = of(reading(), old)
    assert (result.outcome, codes(result)) == ("reject", ["form_not_read"])


def test_fhir_in_xml_is_refused_by_name():
    assert codes(read('<Bundle xmlns="http://hl7.org/fhir"><type value="x"/></Bundle>')) == [
        "form_not_read"
    ]


def test_one_resource_a_line_is_read_like_a_bundle():
    lines = "\n".join(map(json.dumps, (reading(), COURSE)))
    result = read(lines)
    assert (len(result.measurements), len(result.therapies)) == (1, 1)


def test_names_and_birth_dates_of_patients_go_nowhere():
    patient = {"resourceType": "Patient", "id": "p7", "birthDate": "1950-01-01",
               "name": [{"family": "Beispielname"}],
               "identifier": [{"system": "urn:hospital", "value": "MRN-4711"}]}  # fmt: skip
    result = of(patient, reading())
    told = repr((result.records, result.findings, result.refused))
    assert [m.patient_id for m in result.measurements] == ["p7"]
    assert not any(word in told for word in ("Beispielname", "1950", "4711"))


def test_what_leaves_keeps_the_models_of_the_standard():
    """The classes of R4B, which differ from R4 in nothing that is written here."""
    records = file_import.sample_records()
    kinds = set()
    for one in resources_of(records):
        kind = one["resourceType"]
        module = importlib.import_module(f"fhir.resources.R4B.{kind.lower()}")
        getattr(module, kind).model_validate(one)
        kinds.add(kind)
    assert {"Patient", "Observation", "MedicationStatement"} <= kinds


def test_no_code_is_sent_without_its_source_and_none_without_words():
    assert [row["code"] for row in rows_of("codes") if not row["source"]] == []
    for one in resources_of(file_import.sample_records()):
        concepts = [one.get(n, {}) for n in ("code", "bodySite", "medicationCodeableConcept")]
        assert all(c.get("text") for c in concepts if c), one
