"""The columns of the change table, with what each means."""

from __future__ import annotations

from sm_tracker.domain.tables import THICKNESS, Column, Table

_DIRECTIONS = ("", "better", "same", "worse")

LEVELS = ("period", "combination", "untreated", "course", "patient")
"""What a row of the change table is about."""

CHANGES = Table(
    name="changes",
    grain="one row per patient, measure, site, side, layer, device and therapy period "
    "(level period), combination, untreated stretch or whole course, and one over the sites "
    "per period (level patient); columns in mm hold the unit of the row's measure",
    columns={
        "patient_id": Column(kind="text", meaning="pseudonymous patient code", required=True),
        "site": Column(kind="text", meaning="body site"),
        "side": Column(kind="text", meaning="side of the body"),
        "layer": Column(kind="text", meaning="layer measured"),
        "device": Column(kind="text", meaning="device"),
        "level": Column(
            kind="text",
            meaning="kind of row",
            one_of=LEVELS,
        ),
        "period_id": Column(kind="text", meaning="period, joined by + for combinations"),
        "regimen": Column(kind="text", meaning="regimen, joined by + for combinations"),
        "starts_on": Column(kind="date", meaning="first day (empty on a day axis)"),
        "ends_on": Column(kind="date", meaning="last day, empty if ongoing or unknown"),
        "end_status": Column(kind="text", meaning="ended, ongoing or unknown"),
        "baseline_date": Column(kind="date", meaning="date of the baseline"),
        "baseline_mm": Column(kind="number", meaning="last visit value before the start, mm"),
        "last_date": Column(kind="date", meaning="date of the last value"),
        "last_mm": Column(kind="number", meaning="last visit value under the regimen, mm"),
        "lowest_date": Column(kind="date", meaning="date of the lowest value"),
        "lowest_mm": Column(kind="number", meaning="lowest visit value under the regimen, mm"),
        "days": Column(kind="number", meaning="days from baseline to last value"),
        "change_mm": Column(kind="number", meaning="last minus baseline, mm"),
        "change_pct": Column(kind="number", meaning="the same in per cent of the baseline"),
        "mdc95_mm": Column(kind="number", meaning="smallest change beyond measurement error, mm"),
        "error_check": Column(
            kind="text",
            meaning="change against measurement error",
            one_of=(
                "",
                "thinner",
                "thicker",
                "lower",
                "higher",
                "within_error",
                "error_unknown",
                "not_computable",
            ),
        ),
        "error_reason": Column(kind="text", meaning="why it is not computable"),
        "reference_state": Column(kind="text", meaning="exposure state just before"),
        "n_reference": Column(kind="number", meaning="visit values in the reference"),
        "n_under": Column(kind="number", meaning="visit values under the regimen"),
        "mean_reference_mm": Column(kind="number", meaning="mean of the reference, mm"),
        "mean_under_mm": Column(kind="number", meaning="mean under the regimen, mm"),
        "mean_change_mm": Column(kind="number", meaning="difference of the means, mm"),
        "ci_low_mm": Column(kind="number", meaning="lower limit of the difference, mm"),
        "ci_high_mm": Column(kind="number", meaning="upper limit of the difference, mm"),
        "mean_change_pct": Column(kind="number", meaning="the same in per cent, by the log ratio"),
        "pct_ci_low": Column(kind="number", meaning="its lower limit, %"),
        "pct_ci_high": Column(kind="number", meaning="its upper limit, %"),
        "nap": Column(kind="number", meaning="share of pairs that are better, 0 to 1"),
        "nap_ci_low": Column(kind="number", meaning="its lower limit"),
        "nap_ci_high": Column(kind="number", meaning="its upper limit"),
        "slope_mm_per_year": Column(kind="number", meaning="Theil-Sen slope under the regimen"),
        "verdict": Column(
            kind="text",
            meaning="phase against phase",
            one_of=(
                "",
                "improved",
                "improved_slightly",
                "worsened",
                "worsened_slightly",
                "unchanged",
                "undecided",
                "too_few_readings",
                "mixed",
            ),
        ),
        "verdict_reason": Column(kind="text", meaning="why slight, undecided or too few, in words"),
        "flags": Column(kind="text", meaning="flags separated by blanks"),
        "sem_source": Column(kind="text", meaning="source of the measurement error"),
        "settings_id": Column(kind="text", meaning="identifies every setting used"),
        # Additions of ours, to the right of the columns that others rely on.
        "frequency_mhz": Column(kind="number", meaning="probe frequency, MHz"),
        "starts_day": Column(kind="number", meaning="first day on the patient's axis"),
        "ends_day": Column(kind="number", meaning="last day on the patient's axis"),
        "baseline_day": Column(kind="number", meaning="day of the baseline on that axis"),
        "last_day": Column(kind="number", meaning="day of the last value on that axis"),
        "lowest_day": Column(kind="number", meaning="day of the lowest value on that axis"),
        "n_baseline": Column(kind="number", meaning="replicates behind the baseline"),
        "n_last": Column(kind="number", meaning="replicates behind the last value"),
        "n_pairs": Column(kind="number", meaning="pairs of reference and regimen values"),
        "n_pairs_lower": Column(kind="number", meaning="pairs lower under the regimen; ties half"),
        "overlaps_with": Column(kind="text", meaning="regimens that ran at the same time"),
        "n_left_out": Column(kind="number", meaning="visit values near the period left out"),
        "left_out": Column(kind="text", meaning="why, with counts"),
        "untreated_day": Column(kind="number", meaning="day of the last untreated value"),
        "untreated_mm": Column(kind="number", meaning="last value before any therapy, mm"),
        "change_untreated_mm": Column(kind="number", meaning="last minus untreated value, mm"),
        "change_untreated_pct": Column(kind="number", meaning="the same in per cent"),
        "mdc95_untreated_mm": Column(kind="number", meaning="smallest change beyond error, mm"),
        "n_untreated": Column(kind="number", meaning="values before any therapy"),
        "mean_untreated_mm": Column(kind="number", meaning="mean before any therapy, mm"),
        "mean_change_untreated_mm": Column(kind="number", meaning="difference to that mean, mm"),
        "untreated_ci_low_mm": Column(kind="number", meaning="its lower limit, mm"),
        "untreated_ci_high_mm": Column(kind="number", meaning="its upper limit, mm"),
        "explained_mm": Column(kind="number", meaning="part explained by the trend before, mm"),
        "measure": Column(kind="text", meaning="thickness or an outcome", default=THICKNESS),
        "unit": Column(kind="text", meaning="unit of the row's values"),
        "answer": Column(
            kind="text",
            meaning="which answer gives the row's one word: phases (verdict), else single "
            "readings (error_check)",
            one_of=("", "phases", "readings"),
        ),
        "error_reason_code": Column(kind="text", meaning="codes of error_reason"),
        "verdict_reason_code": Column(kind="text", meaning="code of verdict_reason"),
        "sites_counted": Column(kind="number", meaning="body sites with enough readings"),
        "sites_improved": Column(kind="number", meaning="of these improved"),
        "sites_improved_slightly": Column(kind="number", meaning="of these improved slightly"),
        "sites_worsened": Column(kind="number", meaning="of these worsened, clearly or slightly"),
        "sites_unchanged": Column(kind="number", meaning="of these unchanged"),
        "limit_low_mm": Column(kind="number", meaning="a last value below it is beyond error, mm"),
        "limit_high_mm": Column(kind="number", meaning="a last value above it is beyond error, mm"),
        "limit_untreated_low_mm": Column(
            kind="number", meaning="the same around the last untreated value, mm"
        ),
        "limit_untreated_high_mm": Column(kind="number", meaning="its upper limit, mm"),
        "months_before": Column(
            kind="number", meaning="months from the last reference value to the start, if old"
        ),
        "days_after_end": Column(
            kind="number", meaning="days from the end or a later last session to the last value"
        ),
        "left_out_code": Column(kind="text", meaning="codes of left_out, each with its count"),
        "thickness_direction": Column(
            kind="text",
            meaning="of an outcome under a period: where the skin went",
            one_of=_DIRECTIONS,
        ),
        "outcome_direction": Column(
            kind="text", meaning="where the outcome went", one_of=_DIRECTIONS
        ),
        "concordance": Column(
            kind="text",
            meaning="whether the two went the same way",
            one_of=("", "agree", "differ"),
        ),
        "concordance_by": Column(
            kind="text",
            meaning="told by the words of both, else by the signs of their changes",
            one_of=("", "words", "signs"),
        ),
    },
)
