"""The columns of our own files, from which every form of exchange is derived."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sm_tracker.domain.record_fields import FieldRule, rules_of
from sm_tracker.domain.records import Event, Measurement, OutcomeReading, TherapyPeriod

OWN_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "measurements": (
        "patient_id", "date", "day", "site", "side", "layer", "thickness_mm", "qualifier",
        "status", "replicate", "device", "frequency_mhz", "velocity_m_s", "examiner", "note",
        "doubt", "doubt_reason",
    ),
    "therapies": (
        "patient_id", "therapy", "start", "start_day", "end", "end_day", "end_status",
        "date_precision", "end_date_precision", "period_id", "kind", "dose", "cycles",
        "session_dates", "route", "stop_reason", "show_in_figure", "note", "starts_after",
        "starts_by", "ends_after", "ends_by",
    ),
    "outcomes": (
        "patient_id", "date", "day", "outcome", "value", "unit", "better", "note",
        "doubt", "doubt_reason",
    ),
    "events": ("patient_id", "date", "day", "event", "kind", "date_precision", "note"),
}  # fmt: skip
WHOLE: Final = {"day", "replicate", "start_day", "end_day", "cycles"}
RECORD_OF: Final = {
    "measurements": Measurement, "therapies": TherapyPeriod, "outcomes": OutcomeReading,
    "events": Event,
}  # fmt: skip
"""The kind of record of each table."""
OWN_FORM: Final = "SM Tracker records"
"""What a JSON document of our own form says that it is."""
PROVENANCE: Final = frozenset({
    "file", "sheet", "row", "site_text", "therapy_text", "assumed", "dates_derived",
})  # fmt: skip
"""Columns that tell where a record comes from; they stay with the copy that was read."""


def own_rules(table: str) -> Mapping[str, FieldRule]:
    """The columns of a table of our own files, each as its field is described."""
    rules = rules_of(RECORD_OF[table])
    return {name: rules[name] for name in OWN_COLUMNS[table]}
