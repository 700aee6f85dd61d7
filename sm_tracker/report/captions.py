"""The caption of one figure for print, in the language of that figure."""

from __future__ import annotations

import pandas as pd

from sm_tracker.figures.comparison.comparison_model import ForestModel
from sm_tracker.figures.languages import choose, number, uncapital
from sm_tracker.figures.timeline.timeline_model import TimelineModel

_TIMELINE = (
    "Skin thickness{by} over time, with {more}therapy periods below.",
    "Hautdicke{by} im zeitlichen Verlauf, darunter {more}die Therapiephasen.",
    "Épaisseur cutanée{by} au cours du temps, avec {more}les périodes de traitement en dessous.",
)
_UNTREATED = (
    "Skin thickness{by} over time{more}.",
    "Hautdicke{by} im zeitlichen Verlauf{more}.",
    "Épaisseur cutanée{by} au cours du temps{more}.",
)
_ONLY_OUTCOMES = (
    "{names} over time, with the therapy periods below.",
    "{names} im zeitlichen Verlauf, darunter die Therapiephasen.",
    "{names} au cours du temps, avec les périodes de traitement en dessous.",
)
_ONLY_OUTCOMES_UNTREATED = (
    "{names} over time.",
    "{names} im zeitlichen Verlauf.",
    "{names} au cours du temps.",
)
_FOREST_OUTCOME = (
    "{names}: change under each therapy period.",
    "{names}: Änderung unter jeder Therapiephase.",
    "{names} : variation sous chaque période de traitement.",
)
_OUTCOMES_BELOW = (", with {names} below", ", darunter {names}", ", avec {names} en dessous")
_AND = (" and ", " und ", " et ")
_FOREST = (
    "Change of skin thickness{by} under each therapy period, by site.",
    "Änderung der Hautdicke{by} unter jeder Therapiephase, nach Stelle.",
    "Variation de l'épaisseur cutanée{by} sous chaque période de traitement, par site.",
)
_BY = (" by {mhz} MHz ultrasound", " im {mhz}-MHz-Ultraschall", " par échographie à {mhz} MHz")


def figure_caption(model: TimelineModel | ForestModel, visits: pd.DataFrame) -> str:
    """The caption of a figure: what is shown, then its own notes, signs and abbreviations.

    Parameters
    ----------
    model : TimelineModel or ForestModel
        Holds the notes, the abbreviations and the language.
    visits : DataFrame
        Contract VISITS of the same patient; gives the frequency of the ultrasound, which is
        left out where it is not recorded.
    """
    language = model.language
    known = sorted(visits["frequency_mhz"].dropna().unique())
    decimals = 0 if all(float(f).is_integer() for f in known) else 1
    mhz = ", ".join(number(float(f), decimals, language) for f in known)
    by = choose(language, _BY).format(mhz=mhz) if mhz else ""
    head = choose(language, _head(model))
    words = {"by": by, "more": _second_outcomes(model), "names": _outcome_names(model)}
    said = [head.format(**words), *_notes(model)]
    return " ".join(filter(None, (*said, model.abbreviations)))


def _notes(model: TimelineModel | ForestModel) -> tuple[str, ...]:
    """The notes of a figure with what the signs of its lanes mean; a remark stays last."""
    if isinstance(model, ForestModel):
        return model.notes
    at = len(model.notes) - bool(model.remark)
    return (*model.notes[:at], model.lane_words, *model.notes[at:])


def _second_outcomes(model: TimelineModel | ForestModel) -> str:
    """The second outcomes drawn below, as the first words of the caption need them."""
    if isinstance(model, ForestModel):
        return ""
    titles = dict.fromkeys(p.title for p in model.panels if p.kind == "outcome")
    names = [t if model.language == "de" else uncapital(t) for t in titles]
    also = choose(model.language, _AND)
    if model.lanes:
        return ", ".join(names) + also if names else ""
    said = ", ".join(names[:-1]) + also + names[-1] if len(names) > 1 else "".join(names)
    return choose(model.language, _OUTCOMES_BELOW).format(names=said) if names else ""


def _outcome_names(model: TimelineModel | ForestModel) -> str:
    """Titles of the outcomes of a figure without any skin thickness."""
    if isinstance(model, ForestModel):
        return ", ".join(dict.fromkeys(model.columns))
    titles = list(dict.fromkeys(p.title for p in model.panels))
    and_ = choose(model.language, _AND)
    return ", ".join(titles[:-1]) + and_ + titles[-1] if len(titles) > 1 else "".join(titles)


def _head(model: TimelineModel | ForestModel) -> tuple[str, str, str]:
    if isinstance(model, ForestModel):
        return _FOREST_OUTCOME if model.of_outcome else _FOREST
    if all(panel.kind == "outcome" for panel in model.panels):
        return _ONLY_OUTCOMES if model.lanes else _ONLY_OUTCOMES_UNTREATED
    return _TIMELINE if model.lanes else _UNTREATED
