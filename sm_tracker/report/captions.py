"""The caption of one figure for print, in the language of that figure."""

from __future__ import annotations

import pandas as pd

from sm_tracker.figures.forest_parts import ForestModel
from sm_tracker.figures.languages import choose, number
from sm_tracker.figures.parts import TimelineModel

_TIMELINE = (
    "Skin thickness{by} over time, with therapy periods below.",
    "Hautdicke{by} im zeitlichen Verlauf, darunter die Therapiephasen.",
    "Épaisseur cutanée{by} au cours du temps, avec les périodes de traitement en dessous.",
)
_UNTREATED = (
    "Skin thickness{by} over time.",
    "Hautdicke{by} im zeitlichen Verlauf.",
    "Épaisseur cutanée{by} au cours du temps.",
)
_FOREST = (
    "Change of skin thickness{by} under each therapy period, by site.",
    "Änderung der Hautdicke{by} unter jeder Therapiephase, nach Stelle.",
    "Variation de l'épaisseur cutanée{by} sous chaque période de traitement, par site.",
)
_BY = (" by {mhz} MHz ultrasound", " im {mhz}-MHz-Ultraschall", " par échographie à {mhz} MHz")


def figure_caption(model: TimelineModel | ForestModel, visits: pd.DataFrame) -> str:
    """The caption of a figure: what is shown, then its own notes and abbreviations.

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
    return " ".join(filter(None, (head.format(by=by), *model.notes, model.abbreviations)))


def _head(model: TimelineModel | ForestModel) -> tuple[str, str, str]:
    if isinstance(model, ForestModel):
        return _FOREST
    return _TIMELINE if model.lanes else _UNTREATED
