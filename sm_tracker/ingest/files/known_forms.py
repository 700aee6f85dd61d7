"""Forms of other programs that are known by the names of their columns and are not read."""

from __future__ import annotations

from collections.abc import Sequence

from sm_tracker.domain.data import rows_of
from sm_tracker.languages import Message

_REDCAP_LISTS = (
    ({"arm_num", "unique_event_name"}, Message("list of events of a REDCap project")),
    ({"arm_num", "name"}, Message("list of arms of a REDCap project")),
    ({"arm_num", "form"}, Message("list of instruments of the events of a REDCap project")),
)


def form_not_read(header: Sequence[str], rows: int) -> Message | None:
    """What a table of so many rows is that is known and not read, None for any other.

    Examples
    --------
    >>> str(form_not_read(["PERSON_ID", "MEASUREMENT_CONCEPT_ID", "MEASUREMENT_DATE"], 705))
    'table measurement of an OMOP database (rows: 705)'
    """
    names = {name.strip().casefold() for name in header}
    concepts = sum(name.endswith("_concept_id") for name in names)
    person = "person_id" in names and (concepts > 0 or "period_type_concept_id" in names)
    if person or concepts > 1 or {"concept_id", "vocabulary_id"} <= names or (
        {"cdm_source_name", "cdm_version"} <= names
    ):  # fmt: skip
        table = next((r["table"] for r in rows_of("omop_tables") if r["column"] in names), "")
        return Message("table {name} of an OMOP database (rows: {rows})", name=table, rows=rows)
    return None


def form_without_records(header: Sequence[str]) -> Message | None:
    """What a table is that describes a project and holds no records, None for any other."""
    names = {name.strip().casefold() for name in header}
    return next((words for known, words in _REDCAP_LISTS if known <= names), None)
