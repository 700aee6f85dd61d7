"""Serial skin thickness, therapy periods and the change per regimen.

The names below are the public ones. They are looked up when first used, so that importing
the package stays fast and pulls in neither streamlit nor matplotlib nor scipy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sm_tracker.analysis.change import change_table
    from sm_tracker.analysis.measures.effects import effect_sizes
    from sm_tracker.domain.records import (
        Event,
        Finding,
        Measurement,
        OutcomeReading,
        Question,
        ReadResult,
        TherapyPeriod,
    )
    from sm_tracker.domain.settings import Settings
    from sm_tracker.domain.tables import Records
    from sm_tracker.errors import TrackerError
    from sm_tracker.workflow.analysing import Analysis, analyse
    from sm_tracker.workflow.drawing import timeline_figure
    from sm_tracker.workflow.file_import import read_files, records_of
    from sm_tracker.workflow.reporting import export_figure

__version__ = "0.1.0"

__all__ = [
    "Analysis",
    "Event",
    "Finding",
    "Measurement",
    "OutcomeReading",
    "Question",
    "ReadResult",
    "Records",
    "Settings",
    "TherapyPeriod",
    "TrackerError",
    "analyse",
    "change_table",
    "effect_sizes",
    "export_figure",
    "read_files",
    "records_of",
    "timeline_figure",
]

_HOMES = {
    "Analysis": "sm_tracker.workflow.analysing",
    "analyse": "sm_tracker.workflow.analysing",
    "change_table": "sm_tracker.analysis.change",
    "effect_sizes": "sm_tracker.analysis.measures.effects",
    "export_figure": "sm_tracker.workflow.reporting",
    "read_files": "sm_tracker.workflow.file_import",
    "records_of": "sm_tracker.workflow.file_import",
    "timeline_figure": "sm_tracker.workflow.drawing",
    "Records": "sm_tracker.domain.tables",
    "Settings": "sm_tracker.domain.settings",
    "TrackerError": "sm_tracker.errors",
}
_RECORDS = "sm_tracker.domain.records"


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'sm_tracker' has no attribute {name!r}")
    return getattr(import_module(_HOMES.get(name, _RECORDS)), name)


def __dir__() -> list[str]:
    return sorted(__all__)
