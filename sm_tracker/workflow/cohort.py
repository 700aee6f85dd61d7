"""Groups of patients: choose, summarise, compare, draw. The cohort page calls these only."""

from __future__ import annotations

import dataclasses
import io
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from sm_tracker.analysis.cohort import (
    CohortChange,
    Course,
    GroupDifference,
    Question,
    Unit,
    cohort_change,
    compare_groups,
    measured_with,
    one_per_patient,
)
from sm_tracker.analysis.cohort_concordance import Concordance, concordance
from sm_tracker.analysis.cohort_members import (
    NOT_STATED,
    PATIENTS,
    TRAITS,
    age_halves,
    chosen_rows,
    with_traits,
)
from sm_tracker.analysis.cohort_model import MixedChange, cohort_visits, mixed_change
from sm_tracker.analysis.cohort_readings import (
    quantiles_over_time,
    reading_changes,
    with_lowest,
)
from sm_tracker.analysis.error import error_models
from sm_tracker.config import SAMPLE_FOLDER
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import OUTCOMES, Records, complete
from sm_tracker.domain.tables import records_of as empty_records
from sm_tracker.domain.timeline import visit_values
from sm_tracker.errors import ReadError
from sm_tracker.figures.cohort_changes import (
    RegimenEstimate,
    draw_before_after,
    draw_regimen_forest,
    draw_waterfall,
)
from sm_tracker.figures.cohort_courses import draw_spaghetti, draw_swimmer
from sm_tracker.figures.cohort_frame import MOST_LINES, CohortFigure
from sm_tracker.figures.theme import Theme
from sm_tracker.workflow.analysing import Analysis, analyse
from sm_tracker.workflow.reading import files_from_paths, read_files, records_of

FigureKind = Literal["waterfall", "courses", "before_after", "regimens", "lanes"]
SURVEY_STEM = "ivig_survey"
PROTOCOLS = "published_ivig_protocols.csv"
REGISTRY_VARIABLE = "SM_TRACKER_REGISTRY"
BAND_POINTS = 60
_FROM_REGISTRY = (
    "patient_id", "site", "side", "layer", "device", "frequency_mhz", "level", "period_id",
    "regimen", "starts_day", "ends_day", "end_status", "overlaps_with", "baseline_mm", "last_mm",
    "lowest_mm", "days", "change_mm", "change_pct", "error_check", "error_reason",
    "n_reference", "n_under", "baseline_day", "last_day",
)  # fmt: skip
"""Columns of the change table that a group needs; no other is read from a registry."""

__all__ = [
    "NOT_STATED",
    "TRAITS",
    "Cohort",
    "CohortFigure",
    "CohortView",
    "Filters",
    "Question",
    "Unit",
    "Way",
    "cohort_of",
    "comparisons",
    "concordances",
    "draw",
    "mixed",
    "of_registry",
    "patients_of",
    "protocols",
    "question_of",
    "registry_folder",
    "sites_of",
    "survey",
    "view_of",
    "ways_of",
]


@dataclass(frozen=True, slots=True)
class Cohort:
    """The patients that can be chosen from.

    Attributes
    ----------
    table : DataFrame
        Contract CHANGES, level ``period``, with the traits of patient and course.
    records : Records
    visits : DataFrame
        Contract VISITS; empty for a registry, whose output holds no readings.
    settings : Settings
    """

    table: pd.DataFrame
    records: Records
    visits: pd.DataFrame
    settings: Settings

    @property
    def regimens(self) -> tuple[str, ...]:
        """Regimens, those of most patients first."""
        counts = self.table.groupby("regimen")["patient_id"].nunique()
        return tuple(sorted(counts.index, key=lambda name: (-int(counts[name]), name)))

    def values_of(self, trait: str, regimen: str) -> tuple[str, ...]:
        """Values of a trait among the patients under a regimen."""
        own = self.table.loc[self.table["regimen"] == regimen, trait]
        return tuple(sorted(own.unique()))


@dataclass(frozen=True, slots=True)
class Way:
    """How patients were measured: what must be alike within a group."""

    layer: str
    device: str
    frequency_mhz: float
    n_patients: int


@dataclass(frozen=True, slots=True)
class Filters:
    """Wanted values of each trait; none means all."""

    wanted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CohortView:
    """One question put to a group, answered.

    Attributes
    ----------
    one : DataFrame
        One row per patient under the regimen that the filters leave.
    n_before_filters : int
        Patients under the regimen before the filters.
    change : CohortChange
    regimens : tuple of CohortChange or str
        The same for every regimen of the same way of measuring, or why there is none.
    readings : DataFrame
        Every value against the patient's own baseline; empty for a registry.
    age_cut : float
        Lowest age of the older, NaN where no age is stated.
    """

    question: Question
    unit: Unit
    one: pd.DataFrame
    n_before_filters: int
    change: CohortChange
    regimens: tuple[CohortChange, ...]
    readings: pd.DataFrame
    values: pd.DataFrame
    age_cut: float


def survey(settings: Settings | None = None) -> Cohort:
    """The synthetic survey of 14 patients that the cohort page opens with."""
    paths = [
        SAMPLE_FOLDER / f"{SURVEY_STEM}_{kind}.csv"
        for kind in ("measurements", "therapies", "outcomes")
    ]
    analysis = analyse(records_of(read_files(files_from_paths(paths))), settings)
    patients = pd.read_csv(SAMPLE_FOLDER / f"{SURVEY_STEM}_patients.csv", dtype=str)
    return cohort_of(analysis, patients)


def cohort_of(analysis: Analysis, patients: pd.DataFrame | None = None) -> Cohort:
    """A cohort of patients that are already analysed.

    Parameters
    ----------
    analysis : Analysis
    patients : DataFrame, optional
        ``patient_id, diagnosis, age_group, sex``; who is missing is "not stated".

    Raises
    ------
    ColumnError
        If a patient stands twice in `patients`.
    """
    periods = analysis.changes[analysis.changes["level"] == "period"].reset_index(drop=True)
    table = with_traits(periods, analysis.records.therapies, patients)
    return Cohort(table, analysis.records, analysis.visits, analysis.settings)


def patients_of(content: bytes) -> pd.DataFrame:
    """The table of patients in a CSV file: ``patient_id, diagnosis, age_group, sex``.

    Raises
    ------
    ReadError
        If the file is no CSV table in UTF-8.
    ColumnError
        If it has no column ``patient_id``, or a patient twice.
    """
    try:
        table = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise ReadError(
            "The file of patients is no CSV table in UTF-8",
            why=type(error).__name__,
            fix="give columns patient_id, diagnosis, age_group, sex",
        ) from None
    return complete(table, PATIENTS)


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
    rows = registry.filtered(_FROM_REGISTRY, regimen=chosen, level="period")
    nothing = empty_records()
    table = with_traits(rows, nothing.therapies)
    return Cohort(table, nothing, visit_values(nothing.measurements), registry.settings), names


def ways_of(cohort: Cohort, regimen: str) -> tuple[Way, ...]:
    """How the patients under a regimen were measured, the way of most patients first."""
    return tuple(
        Way(str(layer), str(device), float(frequency), int(n))
        for layer, device, frequency, n in measured_with(cohort.table, regimen).itertuples(
            index=False
        )
    )


def sites_of(cohort: Cohort, regimen: str) -> tuple[str, ...]:
    """Sites measured under a regimen, those of most patients first."""
    rows = cohort.table[(cohort.table["regimen"] == regimen) & (cohort.table["site"] != "")]
    counts = rows.groupby("site")["patient_id"].nunique()
    return tuple(sorted(counts.index, key=lambda name: (-int(counts[name]), name)))


def view_of(
    cohort: Cohort, question: Question, filters: Filters | None = None, unit: Unit = "mm"
) -> CohortView:
    """Put a question to the patients that the filters leave.

    Raises
    ------
    SettingError
        If the patients were measured in several ways and the question names none.
    """
    settings, wanted = cohort.settings, (filters or Filters()).wanted
    everybody = one_per_patient(cohort.table, question)
    halves, cut = age_halves(everybody["age_group"])
    one = with_lowest(chosen_rows(everybody.assign(age_half=halves), wanted), settings)
    change = cohort_change(one, question.regimen, unit, settings.confidence)
    values = cohort_visits(cohort.visits, cohort.records.therapies, settings, _measured(one))
    return CohortView(
        question=question,
        unit=unit,
        one=one,
        n_before_filters=len(everybody),
        change=change,
        regimens=_by_regimen(cohort, question, wanted, unit, change),
        readings=reading_changes(values, one, settings),
        values=values,
        age_cut=cut,
    )


def _measured(one: pd.DataFrame) -> pd.DataFrame:
    """Patients measured the way and at the site that is asked for."""
    return one[one["n_under"].notna()]


def _by_regimen(
    cohort: Cohort,
    question: Question,
    wanted: Mapping[str, tuple[str, ...]],
    unit: Unit,
    known: CohortChange,
) -> tuple[CohortChange, ...]:
    """The same question for every regimen; dose and combination belong to the one asked for."""
    of_patient = {k: v for k, v in wanted.items() if k in ("diagnosis", "age_group", "sex")}
    found = [known]
    for regimen in cohort.regimens:
        if regimen != question.regimen:
            asked = dataclasses.replace(question, regimen=regimen)
            if question.device is None:
                way = next(iter(ways_of(cohort, regimen)), None)
                asked = question_of(regimen, question.site, way, question.course)
            one = one_per_patient(cohort.table, asked)
            one = chosen_rows(one, of_patient)
            found.append(cohort_change(one, regimen, unit, cohort.settings.confidence))
    return tuple(found)


def question_of(regimen: str, site: str, way: Way | None, course: Course = "first") -> Question:
    """A question about patients measured in one of the ways of :func:`ways_of`."""
    question = Question(regimen=regimen, site=site, course=course)
    if way is None:
        return question
    return dataclasses.replace(
        question, layer=way.layer, device=way.device, frequency_mhz=way.frequency_mhz
    )


def comparisons(view: CohortView, confidence: float = 0.95) -> tuple[GroupDifference, ...]:
    """Younger against older, full against low dose, alone against combined."""
    one = view.one.assign(
        company=np.where(view.one["combination"] == "alone", "alone", "with others")
    )
    pairs = [
        ("age_half", "younger", "older"),
        ("dose_class", "full", "low"),
        ("company", "alone", "with others"),
    ]
    return compare_groups(one, pairs, view.unit, confidence)


def concordances(cohort: Cohort, view: CohortView) -> tuple[Concordance, ...]:
    """Thickness against each second outcome that the records hold."""
    outcomes = complete(cohort.records.outcomes, OUTCOMES)
    names = sorted(outcomes["outcome"].unique())
    return tuple(
        concordance(view.one, outcomes, name, confidence=cohort.settings.confidence)
        for name in names
    )


def mixed(cohort: Cohort, view: CohortView) -> MixedChange:
    """The mixed model of all visit values of the group.

    Raises
    ------
    TooFewReadings, SettingError
        If the group is too small or too large for it.
    """
    return mixed_change(view.values, cohort.settings.confidence)


def protocols() -> pd.DataFrame:
    """Published protocols of immunoglobulins in scleromyxedema, one row a report."""
    return pd.read_csv(SAMPLE_FOLDER / PROTOCOLS, keep_default_na=False)


def draw(cohort: Cohort, view: CohortView, kind: FigureKind, theme: Theme) -> CohortFigure:
    """One of the figures of a group."""
    computable = view.one[view.one["computable"]].reset_index(drop=True)
    if kind == "waterfall":
        return draw_waterfall(computable, view.unit, theme)
    if kind == "before_after":
        return draw_before_after(computable, _error_band(computable, cohort.settings), theme)
    if kind == "regimens":
        return draw_regimen_forest([_estimate(c) for c in view.regimens], view.unit, theme)
    if kind == "lanes":
        return draw_swimmer(_lanes(view.one), view.readings, theme)
    column = "change_mm" if view.unit == "mm" else "change_pct"
    many = view.readings["patient_id"].nunique() > MOST_LINES
    quantiles = quantiles_over_time(view.readings, column) if many else pd.DataFrame()
    return draw_spaghetti(view.readings, quantiles, view.unit, theme)


def _estimate(change: CohortChange) -> RegimenEstimate:
    shift = change.shift
    reasons = "; ".join(f"{reason} ({n})" for reason, n in change.reasons[:1])
    return RegimenEstimate(
        regimen=change.regimen,
        n=change.n_computable,
        n_patients=change.n_patients,
        estimate=shift.estimate,
        low=shift.low,
        high=shift.high,
        shares=(change.n_thinner, change.n_within, change.n_thicker),
        reason=reasons,
    )


def _lanes(one: pd.DataFrame) -> pd.DataFrame:
    """How long each course ran, or is known to have run."""
    ended = one["ends_day"] - one["starts_day"]
    seen = one["last_day"] - one["starts_day"]
    until = ended.where(one["end_status"] == "ended", seen)
    known = one.assign(until_days=until)[until.notna()]
    return known[["patient_id", "regimen", "until_days", "end_status", "computable"]]


def _error_band(one: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Limits of the error around baselines, where all patients have the same error."""
    nothing = pd.DataFrame({"baseline_mm": [], "low_mm": [], "high_mm": []})
    if one.empty:
        return nothing
    error = error_models(settings, one["site"], one["device"])
    if np.ptp(error.sem_mm) > 0 or np.ptp(error.sem_fraction) > 0:
        return nothing
    values = np.r_[one["baseline_mm"], one["last_mm"]]
    at = np.linspace(values.min() - 0.15, values.max() + 0.15, BAND_POINTS)
    places = pd.Series([str(one["site"].iloc[0])] * BAND_POINTS)
    devices = pd.Series([str(one["device"].iloc[0])] * BAND_POINTS)
    low, high = error_models(settings, places, devices).band(at)
    return pd.DataFrame({"baseline_mm": at, "low_mm": low, "high_mm": high})
