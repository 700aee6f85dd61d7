"""Groups of patients: choose, summarise, compare, draw. The cohort page calls these only."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Mapping

import numpy as np
import pandas as pd

from sm_tracker.analysis.cohort.cohort_change import (
    CohortChange,
    CohortQuestion,
    Course,
    GroupDifference,
    Unit,
    cohort_change,
    compare_groups,
    measured_with,
    one_per_patient,
)
from sm_tracker.analysis.cohort.cohort_concordance import (
    Concordance,
    better_direction,
    concordance,
)
from sm_tracker.analysis.cohort.cohort_members import (
    NOT_STATED,
    PATIENTS,
    TRAITS,
    age_halves,
    chosen_rows,
    with_traits,
)
from sm_tracker.analysis.cohort.cohort_model import MixedChange, cohort_visits, mixed_change
from sm_tracker.analysis.cohort.cohort_readings import reading_changes, with_best
from sm_tracker.config import SAMPLE_FOLDER
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import OUTCOMES, THICKNESS, completed_table
from sm_tracker.errors import ReadError
from sm_tracker.figures.cohort.cohort_frame import CohortFigure
from sm_tracker.workflow.analysing import Analysis, analyse
from sm_tracker.workflow.cohort_figures import draw_cohort
from sm_tracker.workflow.cohort_registry import of_registry, registry_folder, with_courses
from sm_tracker.workflow.cohort_view import (
    Cohort,
    CohortView,
    FigureKind,
    Filters,
    Way,
    measured_alike,
)
from sm_tracker.workflow.file_import import files_from_paths, read_files, records_of

SURVEY_STEM = "ivig_survey"
PROTOCOLS = "published_ivig_protocols.csv"

__all__ = [
    "NOT_STATED",
    "TRAITS",
    "Cohort",
    "CohortFigure",
    "CohortQuestion",
    "CohortView",
    "FigureKind",
    "Filters",
    "Unit",
    "Way",
    "cohort_of",
    "comparisons",
    "concordances",
    "draw_cohort",
    "example_cohort",
    "mixed_model",
    "of_registry",
    "patients_of",
    "protocols",
    "question_of",
    "registry_folder",
    "sites_counted",
    "sites_of",
    "view_of",
    "ways_of",
    "with_courses",
]


def example_cohort(settings: Settings | None = None) -> Cohort:
    """The synthetic survey of 14 patients that the cohort page opens with."""
    paths = [
        SAMPLE_FOLDER / f"{SURVEY_STEM}_{kind}.csv"
        for kind in ("measurements", "therapies", "outcomes")
    ]
    analysis = analyse(records_of(read_files(files_from_paths(paths))), settings=settings)
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
    changes = analysis.changes
    own = (changes["level"] == "period") & (changes["measure"] == THICKNESS)
    periods = changes[own].reset_index(drop=True)
    table = with_traits(periods, analysis.records.therapies, patients)
    return Cohort(table, analysis.records, analysis.visits, analysis.settings)


def patients_of(content: bytes) -> pd.DataFrame:
    """The table of patients in a CSV file: ``patient_id, diagnosis, age_group, sex``.

    Raises
    ------
    ReadError
        If the file is not a CSV table in UTF-8.
    ColumnError
        If it has no column ``patient_id``, or a patient twice.
    """
    try:
        table = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise ReadError(
            "The file of patients is not a CSV table in UTF-8",
            why=type(error).__name__,
            fix="give columns patient_id, diagnosis, age_group, sex",
        ) from None
    return completed_table(table, PATIENTS)


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


def sites_counted(view: CohortView) -> tuple[tuple[str, int], ...]:
    """Sites that the values of the group come from, with the patients of each."""
    counts = view.one.loc[view.one["computable"], "site"].value_counts()
    pairs = [(str(site), int(n)) for site, n in counts.items()]
    return tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))


def view_of(
    cohort: Cohort, question: CohortQuestion, filters: Filters | None = None, unit: Unit = "mm"
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
    one = chosen_rows(everybody.assign(age_half=halves), wanted)
    change = cohort_change(one, question.regimen, unit, settings.confidence)
    values = cohort_visits(cohort.visits, cohort.records.therapies, settings, measured_alike(one))
    readings = reading_changes(values, one, settings)
    return CohortView(
        question=question,
        unit=unit,
        one=with_best(one, settings, readings),
        n_before_filters=len(everybody),
        change=change,
        regimens=_by_regimen(cohort, question, wanted, unit, change),
        readings=readings,
        values=values,
        age_cut=cut,
    )


def _by_regimen(
    cohort: Cohort,
    question: CohortQuestion,
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


def question_of(
    regimen: str, site: str, way: Way | None, course: Course = "first"
) -> CohortQuestion:
    """A question about patients measured in one of the ways of :func:`ways_of`."""
    question = CohortQuestion(regimen=regimen, site=site, course=course)
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
    """Thickness against each second outcome of which the better direction is known."""
    outcomes = completed_table(cohort.records.outcomes, OUTCOMES)
    outcomes = outcomes[outcomes["doubt"] != "open"]
    chosen = {o.outcome: o.better for o in cohort.settings.outcome_settings}
    better = {
        str(name): chosen.get(name) or better_direction(outcomes, name)
        for name in sorted(outcomes["outcome"].unique())
    }
    return tuple(
        concordance(
            view.one,
            outcomes,
            name,
            confidence=cohort.settings.confidence,
            improvement=cohort.settings.improvement,
            better=direction,
        )
        for name, direction in better.items()
        if direction
    )


def mixed_model(cohort: Cohort, view: CohortView) -> MixedChange:
    """The mixed model of all visit values of the group.

    Raises
    ------
    TooFewReadings, SettingError
        If the group is too small or too large for it.
    """
    opened = with_courses(cohort, view, "mixed")
    return mixed_change(opened.values, cohort.settings.confidence)


def protocols() -> pd.DataFrame:
    """Published protocols of immunoglobulins in scleromyxedema, one row a report."""
    return pd.read_csv(SAMPLE_FOLDER / PROTOCOLS, keep_default_na=False)
