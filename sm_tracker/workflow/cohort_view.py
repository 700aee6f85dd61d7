"""What the cohort page looks at: patients to choose from, and one question answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

import pandas as pd

from sm_tracker.analysis.cohort.cohort_change import CohortChange, CohortQuestion, Unit
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import Records

FigureKind = Literal[
    "waterfall", "courses", "before_after", "against_baseline", "regimens", "lanes"
]
KINDS: tuple[FigureKind, ...] = get_args(FigureKind)


@dataclass(frozen=True, slots=True)
class Cohort:
    """The patients that can be chosen from.

    Attributes
    ----------
    table : DataFrame
        Contract CHANGES, level ``period``, with the traits of patient and course.
    records : Records
    visits : DataFrame
        Contract VISITS; empty for a registry, whose readings are opened when drawn.
    settings : Settings
    folder : Path or None
        Output of the registry run that the patients come from.
    """

    table: pd.DataFrame
    records: Records
    visits: pd.DataFrame
    settings: Settings
    folder: Path | None = None

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
        Every value against the patient's own baseline; of a registry empty, or those of the
        patients that a figure needs.
    age_cut : float
        Lowest age of the older, NaN where no age is stated.
    every : int
        Of a registry: one of so many patients has its readings here.
    """

    question: CohortQuestion
    unit: Unit
    one: pd.DataFrame
    n_before_filters: int
    change: CohortChange
    regimens: tuple[CohortChange, ...]
    readings: pd.DataFrame
    values: pd.DataFrame
    age_cut: float
    every: int = 1


def measured_alike(one: pd.DataFrame) -> pd.DataFrame:
    """Patients measured the way and at the site that is asked for."""
    return one[one["n_under"].notna()]
