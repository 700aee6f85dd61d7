"""Laws of the change table: what must not change, whatever the patients."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sm_tracker.analysis.change import build_change_table as change_module
from sm_tracker.analysis.change import change_table
from sm_tracker.domain.settings import OutcomeSetting, Settings
from tests.sampling import examples

EXAMPLES = examples(30)

NAMES = ["patient_id", "site", "level", "period_id", "regimen"]
MM = [
    "baseline_mm", "last_mm", "lowest_mm", "change_mm", "mdc95_mm", "mean_reference_mm",
    "mean_under_mm", "mean_change_mm", "ci_low_mm", "ci_high_mm", "slope_mm_per_year",
]  # fmt: skip
RATIOS = ["change_pct", "mean_change_pct", "pct_ci_low", "pct_ci_high", "nap"]
COUNTS = ["n_reference", "n_under", "n_pairs", "n_pairs_lower", "days"]
WORDS = ["error_check", "error_reason", "reference_state", "verdict", "verdict_reason", "flags"]


@st.composite
def patients(draw):
    """Two sites of one to three patients with up to four periods each, on day numbers."""
    measurements, therapies = [], []
    for patient in "ABC"[: draw(st.integers(1, 3))]:
        days = draw(st.lists(st.integers(0, 400), min_size=1, max_size=14, unique=True))
        for day in days:
            for site in draw(st.sampled_from([("forearm",), ("forearm", "chest")])):
                value = draw(st.integers(60, 380)) / 100
                measurements.append((patient, day, site, value))
        for start, length in draw(
            st.lists(st.tuples(st.integers(0, 350), st.integers(1, 150)), max_size=4)
        ):
            name = draw(st.sampled_from(["IVIG", "ECP", "methylprednisolone"]))
            therapies.append((patient, name, start, start + length))
    return (
        pd.DataFrame(measurements, columns=["patient_id", "day", "site", "thickness_mm"]),
        pd.DataFrame(therapies, columns=["patient_id", "therapy", "start_day", "end_day"]).assign(
            period_id=[f"p{n}" for n in range(len(therapies))], end_status="ended"
        ),
    )


def same(left, right, columns):
    pd.testing.assert_frame_equal(
        left[columns].reset_index(drop=True),
        right[columns].reset_index(drop=True),
        check_exact=False,
        rtol=1e-9,
        atol=1e-9,
    )


@given(patients(), st.integers(-5000, 5000))
@EXAMPLES
def test_shifting_all_days_changes_no_number(case, shift):
    measurements, therapies = case
    shifted = change_table(
        measurements.assign(day=measurements["day"] + shift),
        therapies.assign(
            start_day=therapies["start_day"] + shift, end_day=therapies["end_day"] + shift
        ),
    )
    same(change_table(measurements, therapies), shifted, NAMES + MM + RATIOS + COUNTS + WORDS)


@given(patients(), st.randoms(use_true_random=False))
@EXAMPLES
def test_the_order_of_rows_does_not_matter(case, random):
    measurements, therapies = case
    mixed = measurements.sample(frac=1, random_state=random.randrange(10**6))
    turned = therapies.iloc[::-1]
    same(
        change_table(measurements, therapies),
        change_table(mixed, turned),
        NAMES + MM + RATIOS + COUNTS + WORDS,
    )


@given(patients())
@EXAMPLES
def test_patients_computed_alone_or_together_are_the_same(case):
    measurements, therapies = case
    together = change_table(measurements, therapies)
    alone = [
        change_table(
            measurements[measurements["patient_id"] == p], therapies[therapies["patient_id"] == p]
        )
        for p in sorted(measurements["patient_id"].unique())
    ]
    rows = [t for t in alone if len(t)]
    joined = pd.concat(rows, ignore_index=True) if rows else together
    same(together, joined, list(together.columns))


@given(patients())
@EXAMPLES
def test_blocks_of_patients_do_not_show(case):
    measurements, therapies = case
    whole = change_table(measurements, therapies)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(change_module, "BLOCK_PATIENTS", 1)
        blocks = change_table(measurements, therapies)
    same(whole, blocks, list(whole.columns))


@given(patients())
@EXAMPLES
def test_dates_and_day_numbers_follow_the_same_rules(case):
    measurements, therapies = case
    origin = pd.Timestamp("2020-01-01")
    dated = change_table(
        measurements.assign(date=origin + pd.to_timedelta(measurements["day"], "D")).drop(
            columns="day"
        ),
        therapies.assign(
            start=origin + pd.to_timedelta(therapies["start_day"], "D"),
            end=origin + pd.to_timedelta(therapies["end_day"], "D"),
        ).drop(columns=["start_day", "end_day"]),
    )
    same(change_table(measurements, therapies), dated, NAMES + MM + RATIOS + COUNTS + WORDS)
    known = dated["last_day"].notna()
    assert (dated["last_date"].notna() == known).all()


@given(patients())
@EXAMPLES
def test_a_later_period_that_overlaps_nothing_leaves_the_others_alone(case):
    measurements, therapies = case
    extra = {"patient_id": "A", "therapy": "UVA1", "start_day": 9000, "end_day": 9010}
    more = pd.concat(
        [therapies, pd.DataFrame([{**extra, "period_id": "extra", "end_status": "ended"}])],
        ignore_index=True,
    )
    before = change_table(measurements, therapies)
    after = change_table(measurements, more)
    kept = after[(after["period_id"] != "extra") & ~after["regimen"].str.contains("UVA1")]
    # An untreated stretch now ends where the new period starts, not never.
    periods = before["level"] != "untreated"
    same(before[periods], kept[kept["level"] != "untreated"], NAMES + MM + RATIOS + COUNTS + WORDS)


@given(patients())
@EXAMPLES
def test_mirroring_the_direction_swaps_improved_and_worsened(case):
    measurements, therapies = case
    lower = change_table(measurements, therapies)
    higher = change_table(measurements, therapies, Settings(improvement="increase"))
    swap = {"improved": "worsened", "improved_slightly": "worsened_slightly"}
    swap |= {worse: better for better, worse in swap.items()}
    assert list(lower["verdict"].replace(swap)) == list(higher["verdict"])
    same(lower, higher, NAMES + MM + COUNTS + ["error_check"])
    np.testing.assert_allclose(lower["nap"], 1 - higher["nap"])


@given(patients())
@EXAMPLES
def test_ten_times_the_values_and_the_error_changes_no_word(case):
    measurements, therapies = case
    small = change_table(measurements, therapies)
    large = change_table(
        measurements.assign(thickness_mm=measurements["thickness_mm"] * 10),
        therapies,
        Settings(sem_mm=0.9, drift_mm_per_year=4.0),
    )
    same(small, large, NAMES + RATIOS + COUNTS + WORDS)
    same(small.assign(**{c: small[c] * 10 for c in MM}), large, MM)


@given(patients(), st.integers(0, 10**6))
@EXAMPLES
def test_rounding_noise_changes_no_word_and_no_count(case, seed):
    measurements, therapies = case
    noise = np.random.default_rng(seed).uniform(-1e-12, 1e-12, len(measurements))
    noisy = measurements.assign(thickness_mm=measurements["thickness_mm"] + noise)
    same(
        change_table(measurements, therapies),
        change_table(noisy, therapies),
        NAMES + WORDS + COUNTS + ["nap", "lowest_day"],
    )


@given(patients())
@EXAMPLES
def test_nothing_is_dropped_and_every_blank_has_its_reason(case):
    measurements, therapies = case
    table = change_table(measurements, therapies)
    periods = table[table["level"] == "period"]
    assert set(periods["period_id"]) == set(therapies["period_id"])
    rows = table[table["level"] != "patient"]
    blank = rows["change_mm"].isna()
    assert (rows.loc[blank, "error_check"] == "not_computable").all()
    assert (rows.loc[blank, "error_reason"] != "").all()
    assert (rows.loc[~blank, "error_reason"] == "").all()
    clear = ["", "improved", "worsened", "unchanged"]
    assert ((table["verdict_reason"] != "") == ~table["verdict"].isin(clear)).all()


@given(patients())
@EXAMPLES
def test_the_interval_in_per_cent_agrees_with_that_in_mm(case):
    table = change_table(*case)
    known = table[table["pct_ci_low"].notna()]
    assert ((known["ci_low_mm"] > 1e-9) == (known["pct_ci_low"] > 1e-7)).all()
    assert ((known["ci_high_mm"] < -1e-9) == (known["pct_ci_high"] < -1e-7)).all()


@given(patients())
@EXAMPLES
def test_a_clear_word_is_never_weaker_than_a_slight_one(case):
    table = change_table(*case)
    rows = table[table["level"] == "period"]
    delta = 2**0.5 * 1.96 * np.maximum(0.09, 0.07 * rows["mean_reference_mm"])
    share = rows["mean_change_mm"].abs() / delta
    assert (share[rows["verdict"].isin(["improved", "worsened"])] >= 1 - 1e-9).all()
    slight = rows["verdict"].isin(["improved_slightly", "worsened_slightly"])
    assert (share[slight] >= 0.5 - 1e-9).all()
    unchanged = rows["verdict"] == "unchanged"
    assert ((rows["ci_low_mm"] <= 1e-9) & (rows["ci_high_mm"] >= -1e-9))[unchanged].all()


@given(patients(), st.integers(0, 10**6))
@EXAMPLES
def test_outcomes_follow_the_same_rules_beside_thickness(case, seed):
    measurements, therapies = case
    one = measurements[measurements["site"] == "forearm"].drop_duplicates(["patient_id", "day"])
    outcomes = one.rename(columns={"thickness_mm": "value"}).assign(
        outcome="score", unit="points", better="lower"
    )[["patient_id", "day", "outcome", "value", "unit", "better"]]
    known = OutcomeSetting(
        outcome="score", sem=0.09, sem_fraction=0.07, source="the same", drift_per_year=0.4
    )
    table = change_table(one, therapies, Settings(outcome_settings=(known,)), outcomes)
    columns = ["level", "period_id", *MM, *RATIOS, *COUNTS, "verdict", "verdict_reason"]
    thickness = table[(table["measure"] == "thickness") & (table["level"] != "patient")]
    same(thickness, table[table["measure"] == "score"], columns)
