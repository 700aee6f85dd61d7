"""The change table: one row per site and therapy period, and what it is worked out from."""

from sm_tracker.analysis.change.build_change_table import (
    change_table,
    change_table_of_visits,
)
from sm_tracker.analysis.change.phase_change import phase_effects

__all__ = ["change_table", "change_table_of_visits", "phase_effects"]
