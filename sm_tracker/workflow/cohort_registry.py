"""The output of a registry run as a group: change rows at once, readings when they are drawn."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path
from typing import Literal

import pandas as pd

from sm_tracker.analysis.cohort.cohort_members import with_traits
from sm_tracker.analysis.cohort.cohort_model import cohort_visits, require_fewer
from sm_tracker.analysis.cohort.cohort_readings import reading_changes, with_best
from sm_tracker.domain.tables import THICKNESS
from sm_tracker.domain.tables import tables_of_records as empty_records
from sm_tracker.domain.timeline import visit_values
from sm_tracker.errors import ReadError
from sm_tracker.figures.cohort.cohort_courses import longest_lanes
from sm_tracker.workflow.cohort_figures import course_lanes, needs_readings
from sm_tracker.workflow.cohort_view import Cohort, CohortView, FigureKind, measured_alike

Need = FigureKind | Literal["mixed"]
REGISTRY_VARIABLE = "SM_TRACKER_REGISTRY"
MOST_COURSES = 2_000
"""Patients of a registry whose readings are opened for one figure; of more, every k-th."""
_FROM_REGISTRY = (
    "patient_id", "site", "side", "layer", "device", "frequency_mhz", "level", "period_id",
    "regimen", "starts_day", "ends_day", "end_status", "overlaps_with", "baseline_mm", "last_mm",
    "lowest_mm", "days", "change_mm", "change_pct", "error_check", "error_reason",
    "error_reason_code", "limit_low_mm", "limit_high_mm", "n_reference", "n_under",
    "mean_change_mm", "verdict", "verdict_reason_code", "months_before", "answer", "measure",
    "unit", "baseline_day", "last_day",
)  # fmt: skip
"""Columns of the change table that a group needs; no other is read from a registry."""


def registry_folder() -> Path | None:
    """The output of a registry run that the surroundings name, if any."""
    folder = os.environ.get(REGISTRY_VARIABLE, "")
    return Path(folder) if folder else None


def of_registry(folder: Path, regimen: str = "") -> tuple[Cohort, tuple[str, ...]]:
    """The patients under one regimen of a registry run, and the names of all its regimens.

    Only the rows of that regimen are read; without one, those of the most frequent.

    Raises
    ------
    TrackerError
        If the folder holds no finished registry run, or pyarrow is missing.
    """
    from sm_tracker.registry.opening import open_registry

    registry = open_registry(folder)
    names = tuple(map(str, registry.regimens()["regimen"]))
    if not names:
        raise ReadError("The registry run holds no regimen", where=folder.name)
    chosen = regimen if regimen in names else names[0]
    rows = registry.filtered(_FROM_REGISTRY, regimen=chosen, level="period", measure=THICKNESS)
    nothing = empty_records()
    doses, people = nothing.therapies, registry.traits(rows["patient_id"].unique())
    if registry.holds_courses:
        doses = registry.doses(chosen)
    table = with_traits(rows, doses, people)
    visits = visit_values(nothing.measurements)
    return Cohort(table, nothing, visits, registry.settings, folder), names


def with_courses(
    cohort: Cohort, view: CohortView, kind: FigureKind | Literal["mixed"]
) -> CohortView:
    """The view with the readings that a figure, or the mixed model, needs.

    Records hold their readings already. Of a registry they are opened here: for the lanes
    those of the longest courses, else those of every patient, of at most `MOST_COURSES`.

    Raises
    ------
    SettingError
        If the mixed model is asked for more patients than it takes.
    """
    from sm_tracker.registry.opening import open_registry

    if cohort.folder is None or not (kind == "mixed" or needs_readings(kind, cohort.settings)):
        return view
    registry = open_registry(cohort.folder)
    if not registry.holds_courses:
        return view
    chosen, every = _opened(view, kind)
    patients = chosen["patient_id"].tolist()
    values = cohort_visits(
        registry.visits(patients),
        registry.periods(patients),
        cohort.settings,
        measured_alike(chosen),
    )
    readings = reading_changes(values, chosen, cohort.settings)
    one = with_best(view.one, cohort.settings, readings)
    return dataclasses.replace(view, one=one, values=values, readings=readings, every=every)


def _opened(view: CohortView, kind: str) -> tuple[pd.DataFrame, int]:
    """The patients whose readings are opened, and of how many each stands."""
    if kind == "mixed":
        require_fewer(len(measured_alike(view.one)))
        return view.one, 1
    if kind == "lanes":
        longest = longest_lanes(course_lanes(view.one))["patient_id"]
        return view.one[view.one["patient_id"].isin(longest)], 1
    computable = view.one[view.one["computable"]]
    every = max(-(-len(computable) // MOST_COURSES), 1)
    return computable.iloc[every // 2 :: every], every
