"""What is said of a group: counts, limits, reasons, and no word too many."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from sm_tracker.analysis.cohort import CohortChange, cohort_change, compare_groups
from sm_tracker.analysis.cohort_concordance import Concordance, RankCorrelation
from sm_tracker.analysis.cohort_model import MixedChange
from sm_tracker.report import cohort_words as words
from sm_tracker.report.wording import plain

CHECKS = {-0.9: "thinner", -0.1: "within_error", 0.6: "thicker"}


def group(*changes, courses=1, reason="device changed"):
    """Patients with these changes in mm; None is not computable."""
    return pd.DataFrame({
        "change_mm": [math.nan if c is None else c for c in changes],
        "change_pct": [math.nan if c is None else 40 * c for c in changes],
        "error_check": ["not_computable" if c is None else CHECKS.get(c, "thinner")
                        for c in changes],
        "error_reason": [reason if c is None else "" for c in changes],
        "computable": np.array([c is not None for c in changes], dtype=bool),
        "n_courses": courses,
        "age_half": ["younger" if k % 2 else "older" for k in range(len(changes))],
        "dose_class": "full",
    })  # fmt: skip


def change(*changes, unit="mm", **more) -> CohortChange:
    return cohort_change(group(*changes, **more), "IVIG", unit)


def test_the_headline_counts_everybody_and_judges_nobody():
    found = change(-0.9, -0.9, -0.1, 0.6, None)
    text = plain(words.headline(found))
    assert text == "Change under IVIG in 4 of 5 patients: 2 thinner, 1 within error, 1 thicker."
    second = words.second_line(found, 0.95)
    assert "Typical change −0.32 mm" in second
    assert "no interval with so few patients" in second
    assert "Not computable in 1: the readings before and under it are of different devices" in (
        second
    )
    for forbidden in ("responder", "significant", "effect of"):
        assert forbidden not in (text + second).lower()


def test_seven_patients_have_an_interval_with_its_level():
    found = change(-0.9, -0.8, -0.7, -0.6, -0.5, -0.4, -0.3)
    assert words.second_line(found, 0.95) == (
        "Typical change −0.60 mm (Hodges-Lehmann), 95 % interval [−0.80, −0.40]."
    )


def test_a_group_without_patients_and_one_without_changes_say_so():
    assert plain(words.headline(change())) == ("No patient under IVIG is left by this choice.")
    assert "no change can be computed" in plain(words.headline(change(None, None)))


def test_a_row_by_regimen_gives_counts_shares_reasons_and_p():
    row = words.regimen_row(change(*[-0.9] * 8, -0.1, 0.6, None))
    assert row[:3] == ("IVIG", "11", "10")
    assert row[5] == "8 of 10 (80\u00a0%)"
    assert row[8] == "the readings before and under it are of different devices: 1"
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
    assert "No lot" in note
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
    text = words.concordance_sentence(concordance(8, 0.8, 0.2, 0.97))
    assert text.startswith("Same direction in 8 of 8 patients.")
    assert "Spearman +0.80 [+0.20, +0.97] (Fisher's z, Bonett and Wright)" in text
    assert words.concordance_rows(concordance(8, 0.8))[0] == (
        "Thinner, beyond measurement error", "8", "0", "0",
    )  # fmt: skip
    assert "too few to compare" in words.concordance_sentence(concordance(1, math.nan))
    assert "no interval" in words.concordance_sentence(concordance(3, 1.0))


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
