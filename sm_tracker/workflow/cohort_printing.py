"""Figures of a group for print: from the page, from the command, and for the report."""

from __future__ import annotations

import dataclasses

from sm_tracker.domain.regimens import abbreviate
from sm_tracker.errors import SettingError
from sm_tracker.figures.cohort.cohort_frame import CohortModel
from sm_tracker.languages import Language, Message, speaking
from sm_tracker.languages import gettext as _
from sm_tracker.report.captions import cohort_caption
from sm_tracker.report.cohort_words import rule_words
from sm_tracker.workflow.analysing import Analysis
from sm_tracker.workflow.cohort import (
    Cohort,
    CohortView,
    cohort_of,
    question_of,
    sites_counted,
    sites_of,
    view_of,
    ways_of,
    with_courses,
)
from sm_tracker.workflow.cohort_figures import cohort_model, numbered_patients
from sm_tracker.workflow.cohort_view import FigureKind
from sm_tracker.workflow.reporting import is_synthetic


def print_model(
    cohort: Cohort, view: CohortView, kind: FigureKind, language: Language, *, synthetic: bool
) -> CohortModel:
    """A figure of a group for print; its patients have numbers in place of their codes.

    Parameters
    ----------
    cohort : Cohort
    view : CohortView
    kind : str
    language : {"en", "de", "fr"}
    synthetic : bool
        Whether the patients are invented, which the figure then says.
    """
    opened = numbered_patients(with_courses(cohort, view, kind))
    model = cohort_model(cohort, opened, kind, language)
    if not synthetic:
        return model
    with speaking(language):
        said = " ".join(filter(None, (_("Synthetic data."), model.remark)))
    return dataclasses.replace(model, remark=said)


def print_caption(cohort: Cohort, view: CohortView, kind: FigureKind, model: CohortModel) -> str:
    """The caption of a figure of a group, in the language of the figure."""
    with speaking(model.language):
        rule = rule_words(
            cohort.settings, view.n_before_filters, len(view.one), sites_counted(view)
        )
        return cohort_caption(kind, abbreviate(view.question.regimen), model.note, rule)


def group_figure(
    analysis: Analysis,
    kind: FigureKind,
    *,
    regimen: str = "",
    site: str = "",
    percent: bool = False,
    language: Language = "en",
) -> CohortModel:
    """A figure of all analysed patients under one regimen, for print.

    Parameters
    ----------
    analysis : Analysis
    kind : {"waterfall", "courses", "before_after", "against_baseline", "regimens", "lanes"}
    regimen : str
        By name or abbreviation; that of most patients if blank.
    site : str
        The patient's most measured one if blank.
    percent : bool
        Changes in per cent of the baseline instead of mm.
    language : {"en", "de", "fr"}

    Raises
    ------
    SettingError
        If the regimen or the site is not there.
    """
    cohort = cohort_of(analysis)
    chosen = _known_regimen(cohort, regimen)
    if site and site not in (known := sites_of(cohort, chosen)):
        raise SettingError(
            Message("There is no site {name!r} in this group", name=site),
            where="--site",
            fix=Message("use one of {names}", names=", ".join(known)),
        )
    way = next(iter(ways_of(cohort, chosen)), None)
    view = view_of(cohort, question_of(chosen, site, way), unit="percent" if percent else "mm")
    synthetic = is_synthetic(analysis.records)
    return print_model(cohort, view, kind, language, synthetic=synthetic)


def _known_regimen(cohort: Cohort, wanted: str) -> str:
    names = cohort.regimens
    if not names:
        raise SettingError(
            "There is no therapy period to draw",
            fix="give the therapies beside the measurements",
        )
    spelt = wanted.casefold()
    found = [n for n in names if spelt in ("", n.casefold(), abbreviate(n).casefold())]
    if not found:
        raise SettingError(
            Message("There is no regimen {name!r} in this group", name=wanted),
            where="--regimen",
            fix=Message("use one of {names}", names=", ".join(map(abbreviate, names))),
        )
    return found[0]
