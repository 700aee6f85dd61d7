"""Effect sizes agree with R on 112 series; where they do not, the test says why.

Provenance, versions and tolerances: single_case/README.md. Run with -rP to see how many
values each test compared.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sm_tracker.analysis.kernels import Phases, nonoverlap, pairs_lower
from sm_tracker.analysis.measures.effects import effect_sizes, measure_names
from sm_tracker.analysis.measures.effects_models import MODEL_MEASURES
from sm_tracker.analysis.measures.overlap import tau_bc
from sm_tracker.analysis.measures.phase_pairs import PhasePair
from sm_tracker.analysis.measures.regression import Term, fit_piecewise, piecewise_design

FOLDER = Path(__file__).parent / "single_case"
KEYS = ["dataset", "case_id", "phase_a", "phase_b", "measure", "settings"]
SERIES = ["dataset", "case_id"]
NUMBERS = ("estimate", "se", "ci_lower", "ci_upper")

NOT_OURS = {
    ("scan", "PET"): "extrapolates a least-squares line through few reference readings",
    ("scan", "PEM"): "counts ties as overlap; ours, as SingleCaseES, counts them half",
    ("scan", "Tau_BC"): "pretests the trend by another p; the uncorrected rows are compared",
    ("scan", "rand_test_p"): "needs a design with a randomised start",
    ("scan", "NAP_wilcoxon_p"): "no p-values of contrasts",
    ("stats", "wilcoxon_p"): "no p-values of contrasts",
    ("reference", "perm_p_NAP"): "no p-values of contrasts",
    ("reference", "perm_p_mean_diff"): "no p-values of contrasts",
}
OTHER_NAMES = {
    ("SingleCaseES", "Tau_BC"): "rows of a package error; ours have a reason",
    ("scan", "NAP"): "in per cent",
    ("scan", "PND"): "in per cent",
    ("scan", "PAND"): "in per cent; its method sort is no exact minimum and not ours",
    ("scan", "IRD"): "other settings text",
    ("scan", "Tau_BC_always"): "over real time, compared with the kernel",
    ("scan", "plm_intercept"): "maximum likelihood, compared with the kernel",
    ("scan", "plm_trend"): "maximum likelihood, compared with the kernel",
    ("scan", "plm_level"): "maximum likelihood, compared with the kernel",
    ("scan", "plm_slope"): "maximum likelihood, compared with the kernel",
    ("scan", "plm_ar1_phi"): "maximum likelihood, compared with the kernel",
}
"""Rows that are compared, in part or whole, under other settings than those of R."""


@pytest.fixture(scope="module")
def series() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "public_series.csv.xz", keep_default_na=False)


@pytest.fixture(scope="module")
def expected() -> pd.DataFrame:
    return pd.read_csv(
        FOLDER / "public_expected.csv.xz",
        keep_default_na=False,
        na_values={column: [""] for column in NUMBERS},
    )


@pytest.fixture(scope="module")
def scale(series) -> pd.Series:
    return series.groupby(SERIES)["outcome"].apply(lambda y: y.abs().max()).rename("scale")


@pytest.fixture(scope="module")
def joined(series, expected, scale) -> pd.DataFrame:
    """Every row of R beside ours, both directions of improvement."""
    directional = [m for m in measure_names() if m not in MODEL_MEASURES]
    ours = pd.concat(
        [
            effect_sizes(series.assign(direction="increase"), variants=True),
            effect_sizes(series.assign(direction="decrease"), variants=True, measures=directional),
        ]
    ).drop_duplicates(KEYS)
    both = expected.merge(ours, on=KEYS, how="left", suffixes=("_r", ""), indicator="found")
    return both.merge(scale, left_on=SERIES, right_index=True)


def disagreements(
    rows: pd.DataFrame, column: str, *, rtol: float = 1e-8, atol: float = 0.0
) -> tuple[int, pd.DataFrame]:
    """Number of pairs compared, and those beyond the tolerance."""
    r, own = rows[f"{column}_r"].to_numpy(), rows[column].to_numpy()
    both = np.isfinite(r) & np.isfinite(own)
    allowed = rtol * np.abs(r) + 1e-10 * np.maximum(rows["scale"].to_numpy(), 1.0) + atol
    with np.errstate(invalid="ignore"):
        return int(both.sum()), rows[both & (np.abs(r - own) > allowed)]


def compare(rows: pd.DataFrame, what: str, columns=NUMBERS, **tolerance: float) -> int:
    """Assert agreement and print how much was compared."""
    counts = {}
    for column in columns:
        counts[column], wrong = disagreements(rows, column, **tolerance)
        assert wrong.empty, wrong[[*KEYS, column, f"{column}_r"]].to_string()
    text = ", ".join(f"{n} {column}" for column, n in counts.items() if n)
    print(f"{what}: {text}")
    assert counts[columns[0]] > 0
    return sum(counts.values())


def of(joined: pd.DataFrame, package: str, *measures: str) -> pd.DataFrame:
    rows = joined[(joined["package"] == package) & joined["measure"].isin(measures)]
    return rows[rows["found"] == "both"]


PLAIN = (
    "Tau_U",
    "PND",
    "PAND",
    "PEM",
    "IRD",
    "LRRd",
    "LRRi",
    "Pct_Change_d",
    "Pct_Change_i",
    "LRM",
)


@pytest.mark.parametrize("measure", PLAIN)
def test_singlecasees_measure_agrees_with_its_error_and_interval(joined, measure):
    compare(of(joined, "SingleCaseES", measure), f"SingleCaseES {measure}")


@pytest.mark.parametrize("measure", ["NAP", "Tau"])
def test_nap_and_tau_agree_with_all_three_standard_errors(joined, measure):
    rows = of(joined, "SingleCaseES", measure)
    compare(rows, f"SingleCaseES {measure}", ("estimate", "se"))
    separated = {"NAP": [0.0, 1.0], "Tau": [-1.0, 1.0]}[measure]
    overlapping = rows[~rows["estimate_r"].isin(separated)]
    compare(overlapping, f"SingleCaseES {measure} limits", ("ci_lower", "ci_upper"), atol=2e-4)


@pytest.mark.parametrize("measure", ["NAP", "Tau"])
def test_interval_has_the_non_trivial_root_of_the_reference_rows(joined, measure):
    compare(of(joined, "reference", measure), f"reference {measure}")


def test_complete_separation_has_no_interval_of_zero_width(joined):
    # Their root finder returns the trivial root: [1, 1] even with 2 + 2 readings.
    rows = of(joined, "SingleCaseES", "NAP")
    separated = rows[rows["estimate_r"].isin([0.0, 1.0])]
    assert (separated["ci_lower_r"] == separated["ci_upper_r"]).all()
    width = separated["ci_upper"] - separated["ci_lower"]
    print(f"complete separation: {len(separated)} rows, narrowest interval {width.min():.3f}")
    assert len(separated) > 500
    assert width.min() > 0.05


def readings_of(series: pd.DataFrame, row, phase: str) -> pd.DataFrame:
    chosen = (series[SERIES] == [row.dataset, row.case_id]).all(axis=1)
    return series[chosen & (series["phase"] == phase)].sort_values("session")


def test_standardised_difference_agrees_by_both_standard_deviations(joined):
    # No series here has two reference readings, where theirs is "0 with an error of 0";
    # tests/unit/test_measures.py asserts that ours refuses.
    rows = of(joined, "SingleCaseES", "SMD")
    compare(rows, "SingleCaseES SMD")
    assert rows["settings"].nunique() == 8


def exact_tau_bc(
    a: list[Fraction], b: list[Fraction], t: list[Fraction], sign: int
) -> tuple[float, float]:
    """Baseline-corrected Tau, and tau-b with phase, in exact fractions.

    Differences up to 1e-9 are ties: outcomes here are decimals of 15 digits.
    """
    tie = Fraction(1, 10**9)

    def median(values: list[Fraction]) -> Fraction:
        v = sorted(values)
        return (v[(len(v) - 1) // 2] + v[len(v) // 2]) / 2

    m, n = len(a), len(b)
    slope = median([(a[j] - a[i]) / (t[j] - t[i]) for i in range(m) for j in range(i + 1, m)])
    level = median([y - slope * t[i] for i, y in enumerate(a)])
    every = [sign * (y - slope * t[i] - level) for i, y in enumerate([*a, *b])]
    wins = sum((q - p > tie) - (p - q > tie) for p, q in product(every[:m], every[m:]))
    tied = sum(abs(every[i] - every[j]) <= tie for i in range(m + n) for j in range(i + 1, m + n))
    free = (m + n) * (m + n - 1) // 2 - tied
    return wins / (m * n), wins / (m * n * free) ** 0.5 if free else float("nan")


def fractions(values: pd.Series) -> list[Fraction]:
    return [Fraction(str(value)) for value in values]


def test_baseline_corrected_tau_agrees_except_where_r_compares_rounding_noise(joined, series):
    rows = of(joined, "SingleCaseES", "Tau_BC")
    close = np.abs(rows["estimate"] - rows["estimate_r"]) <= 1e-5
    compare(rows[close], "SingleCaseES Tau_BC", ("estimate", "se"), atol=1e-5)
    overlapping = rows[close & (rows["estimate_r"].abs() < 1)]
    compare(overlapping, "SingleCaseES Tau_BC limits", ("ci_lower", "ci_upper"), atol=2e-4)
    noisy = rows[~close & np.isfinite(rows["estimate_r"]) & np.isfinite(rows["estimate"])]
    for row in noisy.itertuples():
        a, b = (
            fractions(readings_of(series, row, phase)["outcome"])
            for phase in (row.phase_a, row.phase_b)
        )
        order = [Fraction(i + 1) for i in range(len(a) + len(b))]
        sign = 1 if "increase" in row.settings else -1
        exact = exact_tau_bc(a, b, order, sign)["Kendall=TRUE" in row.settings]
        assert row.estimate == pytest.approx(exact, abs=1e-12), row
    print(f"Tau_BC: {len(noisy)} rows differ from R; ours equal exact fractions in all of them")
    assert 0 < len(noisy) < 80


def test_real_time_tau_bc_agrees_with_scan_except_for_its_rounding_noise(expected, series):
    rows = expected[
        (expected["measure"] == "Tau_BC_always") & expected["settings"].str.contains("method=b")
    ]
    compared, noisy = 0, 0
    for row in rows.itertuples():
        a, b = (readings_of(series, row, phase) for phase in (row.phase_a, row.phase_b))
        if len(a) < 2:
            continue
        pair = PhasePair(
            *(p["outcome"].to_numpy(float) for p in (a, b)),
            "increase",
            *(p["session"].to_numpy(float) for p in (a, b)),
        )
        own = float(tau_bc(pair, time="session", kendall=True).estimate)
        compared += 1
        if abs(own - row.estimate) > 1e-6:
            noisy += 1
            t = [*fractions(a["session"]), *fractions(b["session"])]
            exact = exact_tau_bc(fractions(a["outcome"]), fractions(b["outcome"]), t, 1)[1]
            assert own == pytest.approx(exact, abs=1e-12), row
    print(f"scan Tau_BC_always: {compared} values, {noisy} differ and equal exact fractions here")
    assert compared > 250
    assert noisy < 60


def test_differences_of_means_and_medians_agree_with_stats(joined):
    names = ("mean_diff", "median_diff", "hodges_lehmann", "pct_change_of_means")
    rows = of(joined, "stats", *names)
    assert set(rows["measure"]) == set(names)
    compare(rows, "stats differences")


def test_settings_of_the_t_tests_are_the_text_of_r(joined):
    rows = joined[(joined["package"] == "stats") & (joined["measure"] == "mean_diff")]
    assert (rows["found"] == "both").all()


def test_summaries_and_slopes_of_single_phases_agree_with_stats_and_mblm(joined):
    names = ("phase_n", "phase_mean", "phase_sd", "phase_median", "ols_slope", "acf_lag1")
    rows = of(joined, "stats", *names)
    assert set(rows["measure"]) == set(names)
    compare(rows, "stats phases")
    compare(of(joined, "mblm", "theil_sen_slope"), "mblm slope")
    # R prints limits of zero width for readings without scatter.
    flat = rows[np.isfinite(rows["ci_lower_r"]) & rows["ci_lower"].isna()]
    assert set(flat["reason"]) == {
        "no interval: the phase does not vary",
        "no interval: the readings lie on a line",
    }
    assert ((flat["ci_upper_r"] - flat["ci_lower_r"]) <= 1e-9 * flat["scale"]).all()


def test_mann_kendall_agrees_with_kendall_in_its_single_precision(joined):
    names = ("mann_kendall_S", "mann_kendall_tau", "mann_kendall_p")
    rows = of(joined, "Kendall", *names)
    compare(rows, "Kendall", ("estimate", "se"), rtol=1e-6, atol=1e-5)
    refused = rows[np.isfinite(rows["estimate_r"]) & rows["estimate"].isna()]
    # Kendall prints p = 1 for three readings in one direction, and tau = 1 for a constant.
    assert set(refused["reason"]) == {
        "a p-value needs four readings",
        "the phase does not vary",
    }
    assert (refused["estimate_r"] == 1).all()


def test_piecewise_least_squares_agrees_with_lm(joined):
    names = [m for m in MODEL_MEASURES if not m.startswith("gls")]
    rows = of(joined, "stats", *names)
    exact = rows["reason"] == "no interval: the readings lie exactly on the fitted lines"
    compare(rows[~exact], "stats piecewise")
    # There R prints the rounding noise of its own arithmetic as a standard error.
    assert (rows["se_r"][exact].dropna() <= 1e-9 * rows["scale"][exact]).all()


def test_piecewise_models_with_autocorrelation_agree_with_nlme(joined):
    coefficients = [f"gls_{kind}" for kind in ("intercept", "trend", "level", "slope_change")]
    rows = of(joined, "nlme", *coefficients, "gls_phi")
    model = [*SERIES, "settings"]
    phi = rows[rows["measure"] == "gls_phi"].set_index(model)["estimate_r"].rename("phi")
    rows = rows.merge(phi, left_on=model, right_index=True)
    rows = rows[rows["phi"].abs() <= 0.95]
    lines = rows[rows["measure"] != "gls_phi"]
    compare(lines, "nlme coefficients", ("estimate",), rtol=1e-3)
    compare(lines, "nlme standard errors", ("se",), rtol=5e-3)
    compare(lines, "nlme limits", ("ci_lower", "ci_upper"), rtol=5e-3, atol=1e-3)
    compare(rows[rows["measure"] == "gls_phi"], "nlme phi", ("estimate",), rtol=0, atol=0.01)
    assert rows["estimate"].notna().all()


TAU_ROWS = ("Tau", "Tau_trend_A", "Tau_trend_B", "Tau_U_A", "Tau_U_B", "Tau_U_BA")


@pytest.mark.parametrize("measure", TAU_ROWS)
def test_tau_u_family_agrees_with_scan_in_all_three_methods(joined, measure):
    rows = of(joined, "scan", measure)
    assert rows["settings"].str.extract(r"method=(\w+)")[0].nunique() == 3
    compare(rows, f"scan {measure}")


def test_standardised_differences_of_scan_agree(joined):
    names = ("SMD_glass", "SMD_hedges_g", "SMD_hedges_g_corrected", "SMD_cohen_d")
    rows = of(joined, "scan", *names)
    assert set(rows["measure"]) == set(names)
    compare(rows, "scan SMD", ("estimate",))


@pytest.mark.parametrize(
    ("measure", "text", "unit"),
    [
        ("NAP", "decreasing={};unit=percent", 100),
        ("PND", "decreasing={};unit=percent", 100),
        ("PAND", "decreasing={};method=minimum;unit=percent", 100),
        ("IRD", "decreasing={}", 1),
    ],
)
def test_overlap_measures_of_scan_agree(joined, measure, text, unit):
    ours = of(joined, "SingleCaseES", measure)
    ours = ours[~ours["settings"].str.contains("Hanley|null")]
    ours = ours.assign(
        settings=np.where(
            ours["settings"].str.contains("=decrease"), text.format("TRUE"), text.format("FALSE")
        ),
        estimate=ours["estimate"] * unit,
    )
    scan = joined[joined["package"] == "scan"][[*KEYS, "estimate_r"]]
    both = ours.drop(columns="estimate_r").merge(scan, on=KEYS)
    assert len(both) == 608
    compare(both, f"scan {measure}", ("estimate",))


def piecewise_of_scan(series: pd.DataFrame, settings: dict[str, str], key: tuple[str, str]):
    chosen = series[(series[SERIES] == list(key)).all(axis=1)].sort_values("session")
    labels = list(dict.fromkeys(chosen["phase"]))
    form = "level_only" if settings["trend"] == "FALSE" else "level_and_common_trend"
    form = "level_and_slope" if settings["slope"] == "TRUE" else form
    t = chosen["session"].to_numpy(float)
    phase = np.array([labels.index(p) for p in chosen["phase"]])
    design = piecewise_design(t, phase, form=form, contrast=settings["contrast"])
    errors = "ar1_by_order" if settings["AR"] == "1" else "independent"
    fit = fit_piecewise(
        t, chosen["outcome"].to_numpy(float), design, errors=errors, likelihood="ML"
    )
    return labels, fit


def test_piecewise_regression_of_scan_agrees_but_for_its_normal_limits(expected, series, scale):
    kinds = {"intercept": "intercept", "trend": "trend", "level": "level", "slope": "slope_change"}
    rows = expected[expected["measure"].str.startswith("plm_")]
    compared, narrower = 0, 0
    for (dataset, case_id, text), group in rows.groupby([*SERIES, "settings"]):
        settings = dict(part.split("=", 1) for part in text.split(";") if "=" in part)
        labels, fit = piecewise_of_scan(series, settings, (dataset, case_id))
        if abs(fit.phi) > 0.95 or fit.exact:
            continue
        low, high = fit.intervals()
        rtol = 1e-3 if settings["AR"] == "1" else 1e-8
        floor = 1e-10 * max(scale[dataset, case_id], 1)
        for row in group.itertuples():
            kind = row.measure.removeprefix("plm_")
            if kind == "ar1_phi":
                assert fit.phi == pytest.approx(row.estimate, abs=0.01)
                continue
            at = fit.terms.index(Term(kinds[kind], labels.index(row.phase_b) if row.phase_b else 0))
            assert fit.estimate[at] == pytest.approx(row.estimate, rel=rtol, abs=floor)
            assert fit.se[at] == pytest.approx(row.se, rel=5 * rtol, abs=floor)
            compared += 2
            # scan prints normal quantiles beside t-test p-values; ours are t.
            narrower += row.ci_upper - row.ci_lower < high[at] - low[at]
    print(f"scan plm: {compared} values, {narrower} of {compared // 2} intervals narrower in scan")
    assert compared > 8000
    assert narrower == compared // 2


def test_every_number_missing_here_but_not_in_r_has_a_reason(joined):
    rows = joined[joined["found"] == "both"]
    for column in NUMBERS:
        lost = rows[np.isfinite(rows[f"{column}_r"]) & rows[column].isna()]
        silent = lost[lost["reason"] == ""]
        assert silent.empty, silent[[*KEYS, f"{column}_r"]].to_string()
        print(f"{column}: {len(lost)} values of R refused, each with a reason")


def test_what_is_not_computed_here_is_listed(joined):
    missing = joined[joined["found"] == "left_only"]
    found = set(zip(missing["package"], missing["measure"], strict=True))
    assert found == NOT_OURS.keys() | OTHER_NAMES.keys()
    both = joined[joined["found"] == "both"]
    numbers = int((np.isfinite(both["estimate_r"]) & np.isfinite(both["estimate"])).sum())
    print(f"{len(both)} rows of R joined by name and settings, {numbers} estimates compared")
    assert numbers > 32000
    assert set(measure_names()) - set(both["measure"]) == {"Tau_BC_real_time"}


@pytest.fixture(scope="module")
def runs(series) -> dict[tuple[str, str, str], np.ndarray]:
    """Readings of each phase that was entered once, in order of time."""
    found = {}
    for (dataset, case), own in series.groupby(SERIES):
        own = own.sort_values("session", kind="stable")
        entered = own["phase"].ne(own["phase"].shift()).groupby(own["phase"]).sum()
        for label in entered[entered == 1].index:
            values = own.loc[own["phase"] == label, "outcome"].astype(float).dropna()
            found[dataset, case, label] = values.to_numpy()
    return found


def phases_of(runs, rows: pd.DataFrame, column: str) -> Phases:
    """Phases of unequal length, as the change table holds them."""
    chosen = [runs[key] for key in rows[[*SERIES, column]].itertuples(index=False, name=None)]
    stop = np.cumsum([v.size for v in chosen])
    start = stop - [v.size for v in chosen]
    value = np.concatenate(chosen)
    return Phases(value, np.arange(float(value.size)), start, stop)


@pytest.mark.parametrize("improvement", ["decrease", "increase"])
def test_nap_through_the_door_of_the_change_table_is_that_of_r(runs, expected, improvement):
    rows = expected[(expected["package"] == "SingleCaseES") & (expected["measure"] == "NAP")]
    rows = rows[rows["settings"].str.startswith(f"improvement={improvement};SE=null")]
    known = [
        (*case, a) in runs and (*case, b) in runs
        for *case, a, b in rows[[*SERIES, "phase_a", "phase_b"]].itertuples(index=False)
    ]
    rows = rows[known]
    assert len(rows) > 100
    reference, under = (phases_of(runs, rows, c) for c in ("phase_a", "phase_b"))
    lower, pairs = pairs_lower(reference, under), reference.n * under.n
    better = lower if improvement == "decrease" else pairs - lower
    own = nonoverlap(better, reference.n, under.n)
    np.testing.assert_allclose(own, rows["estimate"], rtol=0, atol=1e-10)
