"""Each statistic in one plain sentence, with the section of docs/methods.md behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sm_tracker.languages import gettext as _

Term = Literal[
    "baseline",
    "change",
    "error_band",
    "error_check",
    "mean",
    "pairs",
    "verdict",
    "over_sites",
    "untreated",
    "flags",
    "sensitivity",
    "own_error",
    "scatter",
    "detection",
    "next_reading",
    "concordance",
]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a statistic is called, what it says, and the heading of its method."""

    title: str
    text: str
    section: str


def explanations() -> dict[Term, Explanation]:
    """All statistics that the pages show."""
    return {
        "baseline": Explanation(
            _("Baseline → last"),
            _(
                "The last value before the regimen started, and the last one under it. Each is "
                "the mean of the readings of one visit."
            ),
            "Which readings count",
        ),
        "change": Explanation(
            _("Change"),
            _("Last value minus baseline; minus means thinner. Per cent is of the baseline."),
            "Answer A: reading against reading",
        ),
        "error_band": Explanation(
            _("Error band"),
            _(
                "How far a value can lie from the baseline through measuring alone (95 %). Its "
                "ends are the limits that sentence and table name."
            ),
            "Measurement error",
        ),
        "error_check": Explanation(
            _("Last reading before vs last during"),
            _("Whether the last value lies outside the error band around the baseline."),
            "Answer A: reading against reading",
        ),
        "mean": Explanation(
            _("Mean with interval"),
            _(
                "Mean of all values under the regimen minus the mean of those before it, with "
                "the range in which the true difference plausibly lies (95 %)."
            ),
            "Answer B: phase against phase",
        ),
        "pairs": Explanation(
            _("Pairs"),
            _(
                "Every value under the regimen is paired with every value before it; counted is "
                "in how many pairs the one under the regimen was lower. A tie counts half."
            ),
            "Answer B: phase against phase",
        ),
        "verdict": Explanation(
            _("Result"),
            _(
                "One word a row: from all readings before and during where each side has three, "
                "else from single readings. A clear word asks for a change that two single "
                "readings could show, beyond the trend before and held to the end; a slight one "
                "for half of it."
            ),
            "Verdict",
        ),
        "over_sites": Explanation(
            _("All sites"),
            _(
                "One word over the body sites with enough readings: at least two of them, and "
                "half of all, must say the same and none the opposite."
            ),
            "Several sites, one patient",
        ),
        "untreated": Explanation(
            _("Since untreated start"),
            _("Last value minus the last value before any therapy; all therapies together."),
            "Change from the untreated start",
        ),
        "flags": Explanation(
            _("Remarks"),
            _("What else happened at that time and could explain part of the change."),
            "Overlaps, combinations and untreated time",
        ),
        "sensitivity": Explanation(
            _("Sensitivity"),
            _("The same comparison under other assumptions; look whether the result stays."),
            "Sensitivity",
        ),
        "own_error": Explanation(
            _("Own measurement error"),
            _(
                "From sites measured twice with no change expected between: spread of the "
                "differences divided by √2 is the error of one value."
            ),
            "Measurement error from own repeat visits",
        ),
        "scatter": Explanation(
            _("Scatter within phases"),
            _(
                "Spread of the readings about a straight line through each phase of therapy. It "
                "includes true fluctuation, so the measurement error itself is smaller."
            ),
            "Scatter within phases",
        ),
        "next_reading": Explanation(
            _("What comes next"),
            _(
                "The readings under the regimen are carried on to the next visit by their own "
                "slope, drawn towards none as far as it is not sure. It is a range for one "
                "reading, not a prognosis."
            ),
            "The next reading",
        ),
        "concordance": Explanation(
            _("Same direction"),
            _(
                "Whether skin thickness and the outcome both got better, both got worse, or "
                "neither. Where one has too few readings, the signs of both changes decide."
            ),
            "Concordance",
        ),
        "detection": Explanation(
            _("What this error can find"),
            _(
                "Simulated courses whose truth is known are analysed like patients, and the "
                "results counted. Too large an assumed error hides changes, too small a "
                "one invents them."
            ),
            "How often is it right?",
        ),
    }
