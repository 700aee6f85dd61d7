"""The captions of figures for print, each in the language of its figure."""

from __future__ import annotations

import pandas as pd

from sm_tracker.figures.comparison.comparison_model import ComparisonModel
from sm_tracker.figures.languages import number, uncapital
from sm_tracker.figures.timeline.timeline_model import TimelineModel
from sm_tracker.languages import N_, gettext_in
from sm_tracker.languages import gettext as _

_TIMELINE = N_("Skin thickness{by} over time, with {more}therapy periods below.")
_UNTREATED = N_("Skin thickness{by} over time{more}.")
_ONLY_OUTCOMES = N_("{names} over time, with the therapy periods below.")
_ONLY_OUTCOMES_UNTREATED = N_("{names} over time.")
_FOREST_OUTCOME = N_("{names}: change under each therapy period.")
_OUTCOMES_BELOW = N_(", with {names} below")
_AND = N_(" and ")
_FOREST = N_("Change of skin thickness{by} under each therapy period, by site.")
_BY = N_(" by {mhz} MHz ultrasound")


def figure_caption(model: TimelineModel | ComparisonModel, visits: pd.DataFrame) -> str:
    """The caption of a figure: what is shown, then its own notes, signs and abbreviations.

    Parameters
    ----------
    model : TimelineModel or ComparisonModel
        Holds the notes, the abbreviations and the language.
    visits : DataFrame
        Contract VISITS of the same patient; gives the frequency of the ultrasound, which is
        left out where it is not recorded.
    """
    language = model.language
    known = sorted(visits["frequency_mhz"].dropna().unique())
    decimals = 0 if all(float(f).is_integer() for f in known) else 1
    mhz = ", ".join(number(float(f), decimals, language) for f in known)
    by = gettext_in(language, _BY).format(mhz=mhz) if mhz else ""
    head = gettext_in(language, _head(model))
    words = {"by": by, "more": _second_outcomes(model), "names": _outcome_names(model)}
    said = [head.format(**words), *_notes(model)]
    return " ".join(filter(None, (*said, model.abbreviations)))


def _notes(model: TimelineModel | ComparisonModel) -> tuple[str, ...]:
    """The notes of a figure with what the signs of its lanes mean; a remark stays last."""
    if isinstance(model, ComparisonModel):
        return model.notes
    at = len(model.notes) - bool(model.remark)
    return (*model.notes[:at], model.lane_words, *model.notes[at:])


def _second_outcomes(model: TimelineModel | ComparisonModel) -> str:
    """The second outcomes drawn below, as the first words of the caption need them."""
    if isinstance(model, ComparisonModel):
        return ""
    titles = dict.fromkeys(p.title for p in model.panels if p.kind == "outcome")
    names = [t if model.language == "de" else uncapital(t) for t in titles]
    also = gettext_in(model.language, _AND)
    if model.lanes:
        return ", ".join(names) + also if names else ""
    said = ", ".join(names[:-1]) + also + names[-1] if len(names) > 1 else "".join(names)
    return gettext_in(model.language, _OUTCOMES_BELOW).format(names=said) if names else ""


def _outcome_names(model: TimelineModel | ComparisonModel) -> str:
    """Titles of the outcomes of a figure without any skin thickness."""
    if isinstance(model, ComparisonModel):
        return ", ".join(dict.fromkeys(model.columns))
    titles = list(dict.fromkeys(p.title for p in model.panels))
    and_ = gettext_in(model.language, _AND)
    return ", ".join(titles[:-1]) + and_ + titles[-1] if len(titles) > 1 else "".join(titles)


def _head(model: TimelineModel | ComparisonModel) -> str:
    if isinstance(model, ComparisonModel):
        return _FOREST_OUTCOME if model.of_outcome else _FOREST
    if all(panel.kind == "outcome" for panel in model.panels):
        return _ONLY_OUTCOMES if model.lanes else _ONLY_OUTCOMES_UNTREATED
    return _TIMELINE if model.lanes else _UNTREATED


_OF_GROUP = {
    "waterfall": N_("Change of skin thickness under {regimen}, patient by patient."),
    "courses": N_("Skin thickness from the start of {regimen} on, patient by patient."),
    "before_after": N_("Skin thickness before and under {regimen}, patient by patient."),
    "against_baseline": N_("Last skin thickness under {regimen} against the baseline."),
    "regimens": N_("Change of skin thickness under each regimen, over patients."),
    "lanes": N_("Courses of {regimen} with each value in them, patient by patient."),
}


def cohort_caption(kind: str, regimen: str, note: str, rule: str) -> str:
    """The caption of a figure of a group, in the language in use.

    Parameters
    ----------
    kind : str
    regimen : str
        As the figure calls it.
    note : str
        What the signs of the figure mean.
    rule : str
        Which value stands for a patient.
    """
    head = _(_OF_GROUP[kind]).format(regimen=regimen)
    return " ".join(filter(None, (head, note, rule)))
