"""What a table is about: readings (long or wide), therapies, sessions, outcomes, a mixture."""

from __future__ import annotations

from sm_tracker.ingest.column_names import word_set
from sm_tracker.ingest.columns import plain_name, read_column_name
from sm_tracker.ingest.header_rows import names_a_dictionary
from sm_tracker.ingest.layout import Section
from sm_tracker.ingest.mapping import (
    Plan,
    sample_of,
    share_of_dates,
    share_of_numbers,
)
from sm_tracker.ingest.run import Run
from sm_tracker.ingest.shapes import Shape
from sm_tracker.ingest.side_by_side import date_is_of_the_first
from sm_tracker.ingest.tables import text_of
from sm_tracker.ingest.thickness_columns import unassigned_numbers, value_columns


def is_redcap(section: Section) -> bool:
    """Whether the columns are those of a REDCap export, with names of fields or with labels."""
    names = [n.text.casefold() for n in section.names]
    complete = any(n.endswith("_complete") for n in names)
    labels = {"event name", "repeat instrument", "repeat instance", "complete?"} & set(names)
    return (
        any(n.startswith("redcap_") for n in names)
        or (complete and "record_id" in names)
        or len(labels) > 1
    )


def is_redcap_dictionary(section: Section) -> bool:
    """Whether the columns are those of a REDCap data dictionary."""
    return names_a_dictionary(section.header)


_EVENT_COLUMNS = {"EVENT_TYPE", "TREATMENT_TYPE", "AGENT", "TEST", "RESULT"}


def is_cbioportal(section: Section) -> bool:
    """Whether the columns are those of a cBioPortal timeline file."""
    names = {n.text.upper(): n.index for n in section.names}
    if not {"PATIENT_ID", "START_DATE"} <= set(names) or names.keys().isdisjoint(_EVENT_COLUMNS):
        return False
    return share_of_dates(sample_of(section, names["START_DATE"])) < 0.5  # days, no dates


_AXES_OF_TIME = word_set("x t time zeit temps")
"""Names of a first axis that say neither a date nor what is counted."""


def is_points(section: Section) -> bool:
    """Whether the rows are pairs of numbers, as a figure digitiser writes them."""
    filled = [n.index for n in section.names if sample_of(section, n.index)]
    if len(filled) != 2 or not section.rows:
        return False
    names = [plain_name(section.names[i].text) for i in filled]
    axes = set(names) <= {"x", "y", ""} or names[0] in _AXES_OF_TIME
    if section.has_header and not axes:
        return False
    return all(share_of_numbers(sample_of(section, i)) > 0.95 for i in filled)


def shape_of(plan: Plan, run: Run) -> Shape:
    """The shape of a table; fills `plan.values` with its columns of thickness."""
    beside = plan.values or plan.has("site", "value")
    if plan.has("outcome") and beside and not _tells_measures(plan):
        del plan.roles["outcome"]  # "test: US" beside a column of thickness is a remark
    if plan.has("outcome") and (plan.has("value") or plan.values):
        return Shape.PARAMETERS if _has_thickness_parameter(plan) else Shape.OUTCOMES
    if _is_visits_across(plan):
        return Shape.VISITS_ACROSS
    if plan.has("record_type") and _is_mixed(plan):
        return Shape.MIXED
    wide = value_columns(plan, run)
    if wide is not None:
        return wide
    if plan.has("therapy") and (plan.has("start") or plan.has("start_day") or plan.has("end")):
        return Shape.THERAPIES
    if plan.has("therapy", "date") and _other_dates(plan) and not plan.outcomes:
        plan.roles["start"] = plan.roles.pop("date")
        return Shape.THERAPIES  # a second date tells of courses, not of sessions of a day
    if plan.has("therapy") and (plan.has("date") or plan.has("day")) and not plan.outcomes:
        return Shape.SESSIONS
    if plan.outcomes and plan.has("patient_id") and (plan.has("date") or plan.has("day")):
        # With a column of sites it is a table of readings that lacks the thickness.
        lacks_thickness = plan.has("site") or unassigned_numbers(plan)
        return Shape.UNKNOWN if lacks_thickness else Shape.OUTCOMES
    return Shape.UNKNOWN


def _other_dates(plan: Plan) -> bool:
    """Whether a column of dates is left that no role claims."""
    taken = {*plan.roles.values(), *plan.identifying, *plan.notes, *plan.left_out}
    return any(
        share_of_dates(sample_of(plan.section, n.index)) > 0.6
        for n in plan.section.names if n.index not in taken
    )  # fmt: skip


MEASUREMENT_WORDS = word_set(
    "measurement measurements messung messungen mesure mesures reading readings us sono "
    "ultraschall ultrasound echographie echo hfus thickness hautdicke dicke epaisseur m mess "
    "untersuchung examen exam skin lab test lab_test meas"
)
THERAPY_WORDS = word_set(
    "therapy therapies treatment treatments drug medication therapie therapien behandlung "
    "medikament medikation traitement traitements medicament rx t th tx therapy_period regimen "
    "kur cure ttt trt arzneimittel"
)
OUTCOME_WORDS = word_set("outcome outcomes score zielgroesse resultat clinical klinik")


def kind_of_record(text: str) -> str:
    """What a record type names: measurement, therapy, outcome or blank."""
    plain = plain_name(text)
    for kind, words in (
        ("measurement", MEASUREMENT_WORDS),
        ("therapy", THERAPY_WORDS),
        ("outcome", OUTCOME_WORDS),
    ):
        if plain in words or set(plain.split()) & words:
            return kind
    for kind, stems in (
        ("therapy", ("therap", "treat", "behandl", "medik", "trait")),
        ("measurement", ("mess", "meas", "mesur", "ultras", "sono", "thick", "dick", "epais")),
    ):
        if any(stem in plain for stem in stems):
            return kind
    return ""


def _is_mixed(plan: Plan) -> bool:
    kinds = {kind_of_record(text_of(c)) for c in plan.cells("record_type")}
    return bool(kinds & {"measurement", "therapy"})


def _tells_measures(plan: Plan) -> bool:
    """Whether the cells of a column of parameters name measures, of skin or others."""
    if not all(n.says_thickness for n in plan.values):
        return True
    read = [read_column_name(t) for c in plan.cells("outcome") if (t := text_of(c).strip())]
    return any(n.says_thickness or n.role.startswith(("outcome:", "not_thickness")) for n in read)


def _has_thickness_parameter(plan: Plan) -> bool:
    names = {text_of(c) for c in plan.cells("outcome")}
    read = [read_column_name(n) for n in names if n.strip()]
    return any(n.says_thickness or n.site_known for n in read)


def _is_visits_across(plan: Plan) -> bool:
    visits = [n for n in plan.section.names if n.visit and n.index not in plan.identifying
              and n.index not in plan.roles.values()]  # fmt: skip
    if len(visits) < 2 or plan.has("day") or (plan.has("date") and plan.values):
        return False
    if plan.has("date") and not date_is_of_the_first(plan.section, [n.visit for n in visits]):
        return False
    return share_of_numbers([c for n in visits for c in sample_of(plan.section, n.index)]) > 0.4
