"""Words about thickness and a second, clinical outcome in a group of patients."""

from __future__ import annotations

import math

from sm_tracker import languages
from sm_tracker.analysis.cohort_concordance import DIRECTIONS, Concordance
from sm_tracker.figures.answer_words import word_text
from sm_tracker.figures.languages import capital, outcome_text
from sm_tracker.languages import gettext as _
from sm_tracker.report.cohort_words import patients_words
from sm_tracker.report.numbers import decimals, interval, signed


def direction_words(direction: str, improvement: str = "decrease") -> tuple[str, str]:
    """A direction of thickness, and of the outcome."""
    thinner, thicker = word_text("thinner"), word_text("thicker")
    better, worse = (thinner, thicker) if improvement == "decrease" else (thicker, thinner)
    return {
        "better": (capital(better), _("better")),
        "same": (capital(word_text("within_error")), _("the same")),
        "worse": (capital(worse), _("worse")),
    }[direction]


def outcome_name(outcome: str) -> str:
    """A second outcome as a heading writes it."""
    name = outcome_text(outcome, languages.current())
    return capital(name) if name.islower() else name


def concordance_heads(found: Concordance) -> tuple[str, ...]:
    """Column titles of the table of directions."""
    name, head = outcome_name(found.outcome), _("{outcome}: {direction}")
    return (
        "",
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
