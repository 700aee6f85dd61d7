"""Words about a group of patients: what changed, how sure, and what must be known of it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from sm_tracker.analysis.cohort.cohort_change import (
    CohortChange,
    GroupDifference,
    Remark,
    Unit,
)
from sm_tracker.analysis.cohort.cohort_model import MixedChange
from sm_tracker.analysis.cohort.cohort_ranks import Shift
from sm_tracker.domain.regimens import abbreviate
from sm_tracker.domain.settings import Settings
from sm_tracker.figures.answer_words import answer_words, error_reasons
from sm_tracker.figures.languages import capital, expansion, headed, listed, site_text
from sm_tracker.languages import current, ngettext
from sm_tracker.languages import gettext as _
from sm_tracker.report.numbers import decimals, interval, per_cent, signed
from sm_tracker.report.wording import Segment, Tone

SMALLEST_P = 0.0001


def change_words(value: float, unit: Unit) -> str:
    """A change with its unit, or a dash where there is none."""
    if math.isnan(value):
        return "–"
    return f"{signed(value, 2)} mm" if unit == "mm" else per_cent(value)


def limits_words(shift: Shift, unit: Unit) -> str:
    """The interval of a shift, or why there is none."""
    if math.isnan(shift.low):
        return _("no interval with so few patients")
    return interval(shift.low, shift.high, 2 if unit == "mm" else 0)


def _with_limits(estimate: str, shift: Shift, unit: Unit) -> str:
    mark = ", " if math.isnan(shift.low) else " "
    return f"{estimate}{mark}{limits_words(shift, unit)}"


def p_words(p: float) -> str:
    """A p value: three decimals, never zero."""
    if math.isnan(p):
        return "–"
    return f"< {decimals(SMALLEST_P, 4)}" if p < SMALLEST_P else decimals(p, 3 if p < 0.1 else 2)


def p_of_shift(shift: Shift) -> str:
    """The p of a shift; with few values also the least that so many could give."""
    if math.isnan(shift.p_value) or not math.isnan(shift.low):
        return p_words(shift.p_value)
    return _("{p}, at least {least} with so few").format(
        p=p_words(shift.p_value), least=p_words(least_p(shift))
    )


def least_p(shift: Shift) -> float:
    """The smallest two-sided exact p that so many values could give, without ties."""
    n = shift.n
    ways = 2.0 ** (n[0] - shift.n_zero) if len(n) == 1 else float(math.comb(sum(n), n[0]))
    return min(1.0, 2 / ways)


def patients_words(n: int) -> str:
    """A number of patients."""
    return ngettext("{n} patient", "{n} patients", n).format(n=n)


def cohort_headline(change: CohortChange) -> tuple[Segment, ...]:
    """What the group shows, as counts against each patient's own measurement error."""
    regimen = abbreviate(change.regimen)
    if change.n_patients == 0:
        return (Segment(_("No patient under {regimen} is left by this choice.").format(
            regimen=regimen)),)  # fmt: skip
    if change.n_computable == 0:
        return (Segment(_("{patients} under {regimen}: no change can be computed.").format(
            patients=patients_words(change.n_patients), regimen=regimen)),)  # fmt: skip
    counts: tuple[tuple[int, str, Tone], ...] = (
        (change.n_thinner, _("{n} thinner"), "thinner"),
        (change.n_within, _("{n} within error"), "within"),
        (change.n_thicker, _("{n} thicker"), "thicker"),
    )
    parts = [
        Segment(_("Change under {regimen} in {n} of {patients}: ").format(
            regimen=regimen, n=change.n_computable, patients=patients_words(change.n_patients)
        ))
    ]  # fmt: skip
    for place, (n, words, tone) in enumerate(counts):
        parts.append(Segment(words.format(n=n), tone))
        parts.append(Segment(", " if place < 2 else "."))
    return tuple(parts)


def cohort_second_line(change: CohortChange, confidence: float) -> str:
    """Estimate with interval, and who is missing from it."""
    parts = []
    if change.n_computable:
        estimate = change_words(change.shift.estimate, change.unit)
        if math.isnan(change.shift.low):
            words = _("Typical change {estimate} (Hodges-Lehmann), {limits}.")
        else:
            words = _("Typical change {estimate} (Hodges-Lehmann), {level} % interval {limits}.")
        limits = limits_words(change.shift, change.unit)
        level = f"{100 * confidence:g}"
        parts.append(words.format(estimate=estimate, level=level, limits=limits))
    if change.reasons:
        parts.append(not_computable_words(change))
    return " ".join(parts)


def not_computable_words(change: CohortChange) -> str:
    """Why changes are not computable, with the number of patients of each reason."""
    reasons = listed(f"{error_reasons(codes)} ({n})" for codes, n in change.reasons)
    n = sum(n for _reason, n in change.reasons)
    return _("Not computable in {n}: {reasons}.").format(n=n, reasons=reasons)


def remark_sentences(remarks: Sequence[Remark], n: int) -> tuple[str, ...]:
    """What must be known of the numbers, one sentence each."""
    known: dict[Remark, str] = {
        "few_for_interval": _("With so few patients no interval can reach the level asked for."),
        "small_group": _(
            "A small group ({patients}): one more patient can move estimate and interval "
            "visibly, and a difference that is not seen may still be there."
        ).format(patients=patients_words(n)),
        "not_computable_many": _(
            "In more than a fifth of the patients no change can be computed; if they differ "
            "from the others, the group looks other than it is."
        ),
        "all_equal": _(
            "The changes hardly differ, so that the interval has no width; this does not make "
            "other patients certain."
        ),
        "ties": _("Equal values share their rank."),
        "zeros": _("Patients without any change are left out of p, not of the estimate."),
        "normal": _("For this many patients, p and interval use the normal approximation."),
        "later_courses": _(
            "Some patients had the regimen more than once; one course of each counts."
        ),
    }
    return tuple(known[remark] for remark in remarks)


def regimen_heads(unit: Unit) -> tuple[str, ...]:
    """Column titles of the table by regimen."""
    return (
        _("Regimen"),
        _("Patients"),
        _("With a change"),
        _("Median change"),
        _("Estimate with interval"),
        _("Thinner"),
        _("Within error"),
        _("Thicker"),
        _("Not computable, with reasons"),
        _("p, against no change"),
    )


def regimen_row(change: CohortChange) -> tuple[str, ...]:
    """One regimen of that table."""
    n = change.n_computable
    median = change.median_mm if change.unit == "mm" else change.median_pct
    estimate = change_words(change.shift.estimate, change.unit)
    reasons = listed(headed(error_reasons(codes), str(count)) for codes, count in change.reasons)
    return (
        abbreviate(change.regimen),
        str(change.n_patients),
        str(n),
        change_words(median, change.unit),
        _with_limits(estimate, change.shift, change.unit) if n else "–",
        share_words(change.n_thinner, n),
        share_words(change.n_within, n),
        share_words(change.n_thicker, n),
        reasons or "0",
        p_of_shift(change.shift),
    )


def share_words(count: int, n: int) -> str:
    """A count with its share; below ten patients a share would say more than there is."""
    if n == 0:
        return "–"
    share = f" ({_share(count, n)}\u00a0%)" if n >= 10 else ""
    return _("{count} of {n}").format(count=count, n=n) + share


def _share(count: int, n: int) -> str:
    """A share in whole per cent; neither nobody nor everybody by rounding alone."""
    if 0 < count < n and not 0.5 <= 100 * count / n <= 99.5:
        return "< 1" if 2 * count < n else "> 99"
    return decimals(100 * count / n, 0)


def trait_words(trait: str) -> str:
    """The name of a trait of patients or courses."""
    return {
        "diagnosis": _("Diagnosis"),
        "age_group": _("Age group"),
        "age_half": _("Age"),
        "sex": _("Sex"),
        "dose_class": _("Dose class"),
        "combination": _("Given with"),
        "company": _("Given with"),
    }[trait]


def value_words(value: str) -> str:
    """A value of a trait; what a clinic wrote stays as it is."""
    known = {
        "younger": _("younger"),
        "older": _("older"),
        "full": _("full dose (1.5 g/kg or more)"),
        "low": _("low dose (0.4 to 0.5 g/kg)"),
        "other": _("another dose"),
        "not stated": _("not stated"),
        "alone": _("alone"),
        "with others": _("with other regimens"),
    }
    return known.get(value, value)


def comparison_heads() -> tuple[str, ...]:
    """Column titles of the comparison of groups."""
    return (
        _("Groups"),
        _("Patients"),
        _("Median change"),
        _("Difference, second minus first"),
        _("p"),
        _("p after Holm"),
    )


def comparison_row(found: GroupDifference, unit: Unit, age_cut: float) -> tuple[str, ...]:
    """Two groups compared, or why they are not."""
    names = [value_words(found.first), value_words(found.second)]
    if found.trait == "age_half" and math.isfinite(age_cut):
        names = [_("under {age}").format(age=f"{age_cut:g}"), _("{age} and older").format(
            age=f"{age_cut:g}")]  # fmt: skip
    head = _("{first} against {second}").format(first=names[0], second=names[1])
    counts = _("{first} and {second}").format(first=found.n_first, second=found.n_second)
    if not (found.n_first or found.n_second):
        return (head, counts, "–", _("nobody on either side"), "–", "–")
    if not (found.n_first and found.n_second):
        return (head, counts, "–", _("nobody on one side"), "–", "–")
    return (
        head,
        counts,
        _("{first} and {second}").format(
            first=change_words(found.median_first, unit),
            second=change_words(found.median_second, unit),
        ),
        _with_limits(change_words(found.shift.estimate, unit), found.shift, unit),
        p_of_shift(found.shift),
        p_words(found.p_adjusted),
    )


def comparison_note(found: Sequence[GroupDifference]) -> str:
    """How many comparisons, what is adjusted, and what they cannot say."""
    n = max((f.n_comparisons for f in found), default=0)
    if n == 0:
        return _("No comparison could be made.")
    sentence = ngettext(
        "{n} comparison could be made; p after Holm counts it.",
        "{n} comparisons could be made; p after Holm counts them all, intervals stand alone.",
        n,
    ).format(n=n)
    small = any("small_group" in f.remarks for f in found)
    few = _("With fewer than ten patients on a side, read the intervals, not p.") if small else ""
    not_random = _("Patients were not randomised: the groups may differ in more than their name.")
    return " ".join(filter(None, (sentence, few, not_random)))


def mixed_sentences(found: MixedChange, confidence: float) -> tuple[str, ...]:
    """The mixed model in words: the contrast, what it rests on, how patients differ."""
    sentences = [
        _(
            "Mean of {values} values of {patients}: {change} mm under the regimen, {level} % "
            "interval [{low}, {high}] (t, {df} degrees of freedom)."
        ).format(
            values=found.n_values, patients=patients_words(found.n_patients),
            change=signed(found.estimate_mm, 2), level=f"{100 * confidence:g}",
            low=signed(found.low_mm, 2), high=signed(found.high_mm, 2), df=found.df,
        ),
        _(
            "Patients differ in their change by a standard deviation of {slope} mm, in thickness "
            "before by {before} mm; {rest} mm are left from visit to visit."
        ).format(
            slope=decimals(found.sd_slope_mm, 2), before=decimals(found.sd_patient_mm, 2),
            rest=decimals(found.sd_residual_mm, 2),
        ),
    ]  # fmt: skip
    if found.n_left_out:
        sentences.append(
            _("{patients} with values on one side only are left out.").format(
                patients=patients_words(found.n_left_out)
            )
        )
    if found.at_edge:
        sentences.append(
            _(
                "A random part of the model is estimated at the edge of its range; the interval "
                "is less certain than it looks."
            )
        )
    return tuple(sentences)


def patient_heads() -> tuple[str, ...]:
    """Column titles of the table of patients."""
    return (
        _("Patient"),
        _("Site"),
        _("Baseline → last"),
        _("Change"),
        _("Days"),
        _("Result"),
        _("Age group"),
        _("Dose"),
        _("Given with"),
    )


def patient_row(row: pd.Series, unit: Unit, settings: Settings) -> tuple[str, ...]:
    """One patient of a group."""
    site = capital(site_text(row["site"], row["side"], current()))
    if row["computable"]:
        change = row["change_mm"] if unit == "mm" else row["change_pct"]
        values: tuple[str, ...] = (
            f"{decimals(row['baseline_mm'], 2)} → {decimals(row['last_mm'], 2)} mm",
            change_words(round(float(change), 9), unit),  # without noise, as the median is
            f"{row['days']:.0f}",
            _result(row, settings),
        )
    else:
        values = ("–", "–", "–", capital(error_reasons(str(row["error_reason_code"]))))
    company = _company(str(row["combination"]))
    age = value_words(str(row["age_group"]))
    return (str(row["patient_id"]), site, *values, age, str(row["dose"]), company)


def _company(combination: str) -> str:
    """The other regimens of a patient, each by its name in the language in use."""
    named = [expansion(one, current()) or value_words(one) for one in combination.split(" + ")]
    return " + ".join(named)


def _result(row: pd.Series, settings: Settings) -> str:
    """The one word of the patient's row, with the other answer where it differs."""
    said = answer_words(row, settings.min_readings, settings.improvement)
    return listed(filter(None, (capital(said.headed), said.beside)))


def rule_words(
    settings: Settings, n_before: int, n_left: int, sites: Sequence[tuple[str, int]] = ()
) -> str:
    """Which value stands for a patient, and what was assumed."""
    chosen = (
        _("{n} of {all} patients are left by the choice.").format(n=n_left, all=n_before)
        if n_left != n_before
        else ""
    )
    rule = _(
        "One value a patient: first course of the regimen, at the site chosen, else at the "
        "patient's most measured one. Measurement error: {source}."
    ).format(source=_(settings.sem_source))
    named = ", ".join(f"{site_text(site, '', current())} {n}" for site, n in sites)
    together = _("Sites together: {sites}.").format(sites=named) if len(sites) > 1 else ""
    return " ".join(filter(None, (chosen, rule, together)))
