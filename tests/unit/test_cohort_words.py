"""What is said of a group: counts, limits, reasons, and no word too many."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from sm_tracker.analysis.cohort.cohort_change import CohortChange, cohort_change, compare_groups
from sm_tracker.analysis.cohort.cohort_concordance import Concordance, RankCorrelation
from sm_tracker.analysis.cohort.cohort_model import MixedChange
from sm_tracker.report import cohort_words as words
from sm_tracker.report import concordance_words as outcome_words
from sm_tracker.report.wording import plain_text

CHECKS = {-0.9: "thinner", -0.1: "within_error", 0.6: "thicker"}


def group(*changes, courses=1, reason="device_changed"):
    """Patients with these changes in mm; None is not computable."""
    return pd.DataFrame({
        "change_mm": [math.nan if c is None else c for c in changes],
        "change_pct": [math.nan if c is None else 40 * c for c in changes],
        "error_check": ["not_computable" if c is None else CHECKS.get(c, "thinner")
                        for c in changes],
        "error_reason_code": [reason if c is None else "" for c in changes],
        "computable": np.array([c is not None for c in changes], dtype=bool),
        "n_courses": courses,
        "age_half": ["younger" if k % 2 else "older" for k in range(len(changes))],
        "dose_class": "full",
    })  # fmt: skip


def change(*changes, unit="mm", **more) -> CohortChange:
    return cohort_change(group(*changes, **more), "IVIG", unit)


def test_the_headline_counts_everybody_and_judges_nobody():
    found = change(-0.9, -0.9, -0.1, 0.6, None)
    text = plain_text(words.cohort_headline(found))
    assert text == "Change under IVIG in 4 of 5 patients: 2 thinner, 1 within error, 1 thicker."
    second = words.cohort_second_line(found, 0.95)
    assert "Typical change −0.32 mm" in second
    assert "no interval with so few patients" in second
    assert "Not computable in 1: device changed" in second
    for forbidden in ("responder", "significant", "effect of"):
        assert forbidden not in (text + second).lower()


def test_seven_patients_have_an_interval_with_its_level():
    found = change(-0.9, -0.8, -0.7, -0.6, -0.5, -0.4, -0.3)
    assert words.cohort_second_line(found, 0.95) == (
        "Typical change −0.60 mm (Hodges-Lehmann), 95 % interval [−0.80, −0.40]."
    )


def test_a_group_without_patients_and_one_without_changes_say_so():
    assert plain_text(words.cohort_headline(change())) == (
        "No patient under IVIG is left by this choice."
    )
    assert "no change can be computed" in plain_text(words.cohort_headline(change(None, None)))


def test_a_row_by_regimen_gives_counts_shares_reasons_and_p():
    row = words.regimen_row(change(*[-0.9] * 8, -0.1, 0.6, None))
    assert row[:3] == ("IVIG", "11", "10")
    assert row[5] == "8 of 10 (80\u00a0%)"
    assert row[8] == "device changed: 1"
    few = words.regimen_row(change(-0.9, -0.1))
    assert few[5] == "1 of 2"
    assert few[8] == "0"


def test_per_cent_stands_where_per_cent_is_asked_for():
    row = words.regimen_row(change(-0.9, -0.1, unit="percent"))
    assert row[3] == "−20 %"
    assert "mm" not in row[4]


def test_small_groups_ties_and_zeros_are_said_in_sentences():
    found = change(-0.1, -0.1, 0.0, courses=2)
    text = " ".join(words.remark_sentences(found.remarks, found.n_computable))
    for part in ("no interval", "A small group (3 patients)", "share their rank",
                 "without any change", "more than once"):  # fmt: skip
        assert part in text


@pytest.mark.parametrize(
    ("p", "text"), [(math.nan, "–"), (0.00001, "< 0.0001"), (0.0123, "0.012"), (0.456, "0.46")]
)
def test_a_p_value_has_few_digits_and_is_never_zero(p, text):
    assert words.p_words(p) == text


def test_groups_are_named_by_the_cut_and_an_empty_side_is_said():
    one = group(-0.9, -0.8, -0.1, -0.2)
    age, dose = compare_groups(
        one, [("age_half", "younger", "older"), ("dose_class", "full", "low")]
    )
    row = words.comparison_row(age, "mm", 60.0)
    assert row[0] == "under 60 against 60 and older"
    assert row[1] == "2 and 2"
    assert "nobody on one side" in words.comparison_row(dose, "mm", 60.0)
    note = words.comparison_note((age, dose))
    assert "1 comparison could be made" in note
    assert "not randomised" in note
    assert "fewer than ten" in note


def concordance(n, rho, low=math.nan, high=math.nan):
    table = pd.DataFrame(0, index=["better", "same", "worse"], columns=["better", "same", "worse"])
    table.loc["better", "better"] = n
    return Concordance(
        outcome="mouth opening", unit="mm", better="higher", n_patients=9, n_pairs=n,
        correlation=RankCorrelation(n=n, rho=rho, low=low, high=high), table=table, n_agree=n,
        least_change=0.0,
    )  # fmt: skip


def test_concordance_gives_counts_rho_interval_and_its_method():
    text = outcome_words.concordance_sentence(concordance(8, 0.8, 0.2, 0.97))
    assert text.startswith("Same direction in 8 of 8 patients.")
    assert "Spearman +0.80 [+0.20, +0.97] (Fisher's z, Bonett and Wright)" in text
    assert outcome_words.concordance_rows(concordance(8, 0.8))[0] == (
        "Thinner, beyond measurement error", "8", "0", "0",
    )  # fmt: skip
    assert "too few to compare" in outcome_words.concordance_sentence(concordance(1, math.nan))
    assert "no interval" in outcome_words.concordance_sentence(concordance(3, 1.0))


def test_the_mixed_model_is_told_with_its_uncertainty():
    found = MixedChange(
        n_patients=13, n_sites=24, n_values=167, n_left_out=1, estimate_mm=-0.24, se_mm=0.06,
        low_mm=-0.38, high_mm=-0.1, df=12, before_mm=2.1, sd_patient_mm=0.14, sd_slope_mm=0.21,
        sd_site_mm=math.nan, sd_site_slope_mm=0.08, sd_residual_mm=0.15, correlation=-0.2,
        at_edge=True,
    )  # fmt: skip
    text = " ".join(words.mixed_sentences(found, 0.95))
    assert "167 values of 13 patients: −0.24 mm under the regimen" in text
    assert "[−0.38, −0.10] (t, 12 degrees of freedom)" in text
    assert "1 patient with values on one side only" in text
    assert "edge of its range" in text


def test_where_thicker_is_better_the_table_of_directions_is_turned():
    from dataclasses import replace

    found = replace(concordance(8, 0.8, 0.2, 0.97), improvement="increase")
    assert outcome_words.concordance_rows(found)[0][0] == "Thicker, beyond measurement error"
    assert "Thickening with improvement" in outcome_words.concordance_sentence(found)


def test_pairs_without_any_difference_are_not_called_too_few():
    text = outcome_words.concordance_sentence(concordance(8, math.nan))
    assert "known in 8 of 9 patients" in text
    assert "there is no correlation" in text


@pytest.mark.parametrize(
    ("count", "n", "text"),
    [
        (8, 5937, "8 of 5937 (< 1\u00a0%)"),
        (5936, 5937, "5936 of 5937 (> 99\u00a0%)"),
        (0, 5937, "0 of 5937 (0\u00a0%)"),
        (5937, 5937, "5937 of 5937 (100\u00a0%)"),
        (1, 2, "1 of 2"),
    ],
)
def test_a_share_is_not_rounded_to_nobody_or_everybody(count, n, text):
    assert words.share_words(count, n) == text


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ([-0.9], "1.00, at least 1.00 with so few"),
        ([-0.9, -0.8, -0.7], "0.25, at least 0.25 with so few"),
        ([-0.9, -0.8, 0.0], "0.50, at least 0.50 with so few"),
        ([-0.9, -0.8, -0.7, -0.6, -0.5, -0.4], "0.031"),
        ([0.0, 0.0], "–"),
    ],
)
def test_p_of_a_handful_of_patients_says_how_low_it_could_be(changes, text):
    assert words.regimen_row(change(*changes))[-1] == text


def test_the_least_p_of_two_groups_counts_the_ways_of_dividing_them():
    one = group(-0.9, -0.8, -0.1, -0.2)
    (age,) = compare_groups(one, [("age_half", "younger", "older")])
    assert words.least_p(age.shift) == pytest.approx(2 / 6)


def test_no_comparison_is_said_as_such():
    one = group(-0.9, -0.8)
    found = compare_groups(one, [("dose_class", "full", "low"), ("dose_class", "other", "low")])
    assert words.comparison_note(found) == "No comparison could be made."
    assert "nobody on either side" in words.comparison_row(found[1], "mm", math.nan)


def test_equal_changes_of_everybody_are_no_certainty():
    found = change(*[-0.9] * 7)
    text = " ".join(words.remark_sentences(found.remarks, found.n_computable))
    assert "the interval has no width" in text
    assert "does not make other patients certain" in text
    assert "all_equal" not in change(-0.9).remarks
    assert "all_equal" not in change(*[-0.9] * 6, -0.8, 0.6).remarks


def test_the_change_of_one_patient_is_the_same_as_median_and_as_estimate():
    found = change(1.7 - 2.605)
    assert words.regimen_row(found)[3] == words.regimen_row(found)[4].split(",")[0]


def test_sites_that_stand_together_are_named_with_their_patients():
    from sm_tracker.domain.settings import Settings

    text = words.rule_words(Settings(), 12, 12, (("Forearm", 10), ("Chest", 2)))
    assert text.endswith("Sites together: Forearm 10, Chest 2.")
    assert "together" not in words.rule_words(Settings(), 12, 12, (("Forearm", 12),))
