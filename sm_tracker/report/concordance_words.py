"""Words about thickness and a second, clinical outcome: of one patient, and of a group."""

from __future__ import annotations

import math

import pandas as pd

from sm_tracker import languages
from sm_tracker.analysis.cohort.cohort_concordance import DIRECTIONS, Concordance
from sm_tracker.figures.answer_words import word_text
from sm_tracker.figures.languages import capital, listed, outcome_text
from sm_tracker.languages import gettext as _
from sm_tracker.languages import ngettext
from sm_tracker.report.cohort_words import patients_words
from sm_tracker.report.numbers import decimals, interval, signed
from sm_tracker.report.tables import numbered_labels


def direction_words(direction: str, improvement: str = "decrease") -> tuple[str, str]:
    """A direction of thickness, and of the outcome."""
    thinner, thicker = word_text("thinner"), word_text("thicker")
    better, worse = (thinner, thicker) if improvement == "decrease" else (thicker, thinner)
    return {
        "better": (_beyond(better), _("better")),
        "same": (capital(word_text("within_error")), _("the same")),
        "worse": (_beyond(worse), _("worse")),
    }[direction]


def _beyond(word: str) -> str:
    return f"{capital(word)}, {_('beyond measurement error')}"


def outcome_name(outcome: str) -> str:
    """A second outcome as a heading writes it."""
    name = outcome_text(outcome, languages.current())
    return capital(name) if name.islower() else name


def compared_periods(changes: pd.DataFrame) -> pd.DataFrame:
    """Rows of outcomes that were compared with the skin thickness of the same period.

    Parameters
    ----------
    changes : DataFrame
        Contract CHANGES of one patient.

    Returns
    -------
    DataFrame
        By outcome, unit and start of the period.
    """
    rows = changes[changes["concordance"] != ""]
    return rows.sort_values(["measure", "unit", "starts_day"], kind="stable")


def period_heads() -> tuple[str, ...]:
    """Column titles of :func:`concordance_rows`."""
    return (
        _("Outcome"),
        _("Regimen"),
        _("Skin thickness"),
        _("Outcome during the regimen"),
        _("Same direction"),
        _("Told by"),
    )


def concordance_period_rows(changes: pd.DataFrame, improvement: str) -> list[tuple[str, ...]]:
    """Each outcome under each regimen beside the skin thickness."""
    labels = numbered_labels(changes)
    told = {"words": _("all readings"), "signs": _("signs of the changes")}
    same = {"agree": _("yes"), "differ": _("no")}
    return [
        (
            outcome_name(str(row["measure"])),
            labels.get(row["period_id"], str(row["regimen"])),
            _skin_direction(str(row["thickness_direction"]), improvement),
            _outcome_direction(str(row["outcome_direction"])),
            same[row["concordance"]],
            told[row["concordance_by"]],
        )
        for _n, row in compared_periods(changes).iterrows()
    ]


def _skin_direction(direction: str, improvement: str) -> str:
    if direction == "same":
        return _("neither thinner nor thicker")
    thinner = (direction == "better") == (improvement == "decrease")
    return word_text("thinner" if thinner else "thicker")


def _outcome_direction(direction: str) -> str:
    return {"better": _("better"), "same": _("neither better nor worse"), "worse": _("worse")}[
        direction
    ]


def period_sentences(changes: pd.DataFrame) -> list[str]:
    """For each outcome in how many periods it went the way of the skin, and under which."""
    labels = numbered_labels(changes)
    compared = compared_periods(changes)
    found = []
    for outcome, rows in compared.groupby("measure", sort=True):
        agree = rows[rows["concordance"] == "agree"]
        n, k = len(rows), len(agree)
        words = ngettext(
            "{outcome} and skin thickness went the same way in {k} of {n} period",
            "{outcome} and skin thickness went the same way in {k} of {n} periods",
            n,
        ).format(outcome=outcome_name(str(outcome)), k=k, n=n)
        named = ", ".join(labels.get(p, p) for p in agree["period_id"])
        by_signs = int((rows["concordance_by"] == "signs").sum())
        parts = [_("{words} ({listed})").format(words=words, listed=named) if k else words]
        if by_signs:
            parts.append(
                _("{n} of these comparisons by the signs of the changes only").format(n=by_signs)
            )
        found.append(listed(parts) + ".")
    return found


def concordance_heads(found: Concordance) -> tuple[str, ...]:
    """Column titles of the table of directions."""
    name, head = outcome_name(found.outcome), _("{outcome}: {direction}")
    return (
        _("Skin thickness"),
        *(head.format(outcome=name, direction=direction_words(d)[1]) for d in DIRECTIONS),
    )


def concordance_rows(found: Concordance) -> list[tuple[str, ...]]:
    """Patients by direction of thickness (rows) and of the outcome (columns)."""
    counts = found.table.to_numpy().tolist()
    return [
        (direction_words(d, found.improvement)[0], *map(str, row))
        for d, row in zip(DIRECTIONS, counts, strict=True)
    ]


def concordance_sentence(found: Concordance) -> str:
    """How far the two go together, with interval and counts."""
    r = found.correlation
    if math.isnan(r.rho):
        return _no_correlation(found)
    limits = _("no interval") if math.isnan(r.low) else interval(r.low, r.high)
    start = _("Same direction in {agree} of {n} patients.")
    if found.improvement == "decrease":
        rho = _(
            "Thinning with improvement: Spearman {rho} {limits} (Fisher's z, Bonett and Wright)."
        )
    else:
        rho = _(
            "Thickening with improvement: Spearman {rho} {limits} (Fisher's z, Bonett and Wright)."
        )
    least = _(
        "Every change of {outcome} above {least} {unit} counts; its own measurement error is not "
        "known here."
    )
    words = f"{start} {rho} {least}"
    return words.format(
        agree=found.n_agree, n=found.n_pairs, rho=signed(r.rho, 2), limits=limits,
        outcome=outcome_name(found.outcome), least=decimals(found.least_change, 0), unit=found.unit,
    ).replace("  ", " ")  # fmt: skip


def _no_correlation(found: Concordance) -> str:
    words = _("{outcome}: both changes are known in {n} of {patients}, too few to compare.")
    if found.n_pairs > 1:
        words = _(
            "{outcome}: both changes are known in {n} of {patients}, and one of them is the same "
            "in all, so that there is no correlation."
        )
    return words.format(
        outcome=outcome_name(found.outcome), n=found.n_pairs,
        patients=patients_words(found.n_patients),
    )  # fmt: skip
