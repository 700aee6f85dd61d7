"""The measures of the effect-size table: their names, settings and kernels.

Names and settings are those of the R packages that published them (SingleCaseES, scan,
stats, mblm, Kendall), so that rows of both can be joined. One default row a measure
answers the usual question; variants tell the same story with another formula.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from sm_tracker.analysis.measures import overlap, size, trend
from sm_tracker.analysis.measures.phase_pairs import Estimate, PhasePair
from sm_tracker.analysis.measures.trend import Phase
from sm_tracker.domain.settings import Improvement

ContrastKernel = Callable[[PhasePair], Estimate]
PhaseKernel = Callable[[Phase], Estimate]


@dataclass(frozen=True, slots=True)
class ContrastMeasure:
    """A measure of two phases.

    Attributes
    ----------
    name, settings : str
        As in the table; ``{improvement}`` stands for the direction of the series.
    kernel : callable
    variant : bool
        Left out unless variants are asked for.
    with_t_test : bool
        The settings end with the degrees of freedom and p of the t test.
    """

    name: str
    settings: str
    kernel: ContrastKernel
    variant: bool = False
    with_t_test: bool = False


@dataclass(frozen=True, slots=True)
class PhaseMeasure:
    """A measure of one phase; ``phase_b`` of its rows is blank."""

    name: str
    settings: str
    kernel: PhaseKernel


def contrast_measures(confidence: float, *, variants: bool) -> tuple[ContrastMeasure, ...]:
    """Measures of two phases in the order of the table, defaults before variants."""
    every = [
        *_overlap_measures(confidence),
        *_size_measures(confidence),
        *_difference_measures(confidence),
        *_tau_u_measures(confidence),
    ]
    chosen = [m for m in every if not m.variant]
    if variants:
        chosen += [m for m in every if m.variant]
    return tuple(chosen)


def _overlap_measures(confidence: float) -> Iterable[ContrastMeasure]:
    level, turned = f"confidence={confidence:g}", "improvement={improvement}"
    both: tuple[tuple[str, Callable[..., Estimate]], ...] = (
        ("NAP", overlap.nap),
        ("Tau", overlap.tau),
    )
    newcombe = f"{turned};CI=Newcombe method 5 non-trivial root;{level}"
    for name, kernel in both:
        usual = partial(kernel, confidence=confidence)
        yield ContrastMeasure(name, f"{turned};SE=unbiased;{level}", usual)
        yield ContrastMeasure(name, newcombe, usual)
        for se in ("Hanley", "null"):
            other = partial(kernel, se=se, confidence=confidence)
            yield ContrastMeasure(name, f"{turned};SE={se};{level}", other, variant=True)
    yield ContrastMeasure("Tau_U", turned, overlap.tau_u)
    yield from _tau_bc_measures(turned, level, confidence)
    yield ContrastMeasure("PND", turned, overlap.pnd)
    yield ContrastMeasure("PAND", turned, overlap.pand)
    yield ContrastMeasure("PEM", turned, overlap.pem)
    yield ContrastMeasure("IRD", turned, overlap.ird)


def _tau_bc_measures(turned: str, level: str, confidence: float) -> Iterable[ContrastMeasure]:
    by_order = partial(overlap.tau_bc, confidence=confidence)
    by_time = partial(overlap.tau_bc, time="session", confidence=confidence)
    usual = f"{turned};SE=unbiased;Kendall=FALSE;pretest_trend="
    ranked = f"{turned};Kendall=TRUE;pretest_trend=FALSE;{level}"
    yield ContrastMeasure("Tau_BC", f"{usual}FALSE;{level}", by_order)
    yield ContrastMeasure("Tau_BC_real_time", f"{usual}FALSE;time=session;{level}", by_time)
    yield ContrastMeasure("Tau_BC", ranked, partial(by_order, kendall=True), variant=True)
    yield ContrastMeasure(
        "Tau_BC", f"{usual}0.05;{level}", partial(by_order, pretest=0.05), variant=True
    )


def _size_measures(confidence: float) -> Iterable[ContrastMeasure]:
    turned, level = "improvement={improvement}", f"confidence={confidence:g}"
    for std_dev in ("baseline", "pool"):
        for corrected in (True, False):
            yield ContrastMeasure(
                "SMD",
                f"{turned};std_dev={std_dev};bias_correct={_flag(corrected)};{level}",
                partial(size.smd, std_dev=std_dev, bias_correct=corrected, confidence=confidence),
                variant=not (corrected and std_dev == "baseline"),
            )
    towards: tuple[tuple[str, Improvement], ...] = (("LRRd", "decrease"), ("LRRi", "increase"))
    for corrected in (True, False):
        for name, toward in towards:
            kernel = partial(
                size.log_response_ratio,
                toward=toward,
                bias_correct=corrected,
                confidence=confidence,
            )
            settings = f"{turned};scale=other;bias_correct={_flag(corrected)};{level}"
            yield ContrastMeasure(name, settings, kernel, variant=not corrected)
            if corrected:
                yield ContrastMeasure(
                    f"Pct_Change_{toward[0]}", settings, partial(_per_cent, ratio=kernel)
                )
    for delta in (False, True):
        yield ContrastMeasure(
            "LRM",
            f"{turned};delta_method={_flag(delta)};{level}",
            partial(size.log_ratio_of_medians, delta_method=delta, confidence=confidence),
            variant=delta,
        )


def _difference_measures(confidence: float) -> Iterable[ContrastMeasure]:
    for equal in (False, True):
        yield ContrastMeasure(
            "mean_diff",
            f"var.equal={_flag(equal)};conf.level={confidence:g};sign=B minus A",
            partial(size.mean_diff, equal_variances=equal, confidence=confidence),
            variant=equal,
            with_t_test=True,
        )
    yield ContrastMeasure("median_diff", "difference of medians;sign=B minus A", size.median_diff)
    yield ContrastMeasure(
        "hodges_lehmann",
        "median of all pairwise differences;sign=B minus A",
        size.hodges_lehmann,
    )
    yield ContrastMeasure("pct_change_of_means", "sign=B minus A", size.pct_change_of_means)
    glass = partial(size.smd, bias_correct=False, confidence=confidence)
    corrected = partial(size.smd, std_dev="pool", confidence=confidence)
    hedges = partial(corrected, bias_correct=False)
    for name, settings, kernel in (
        ("SMD_glass", "sign=B minus A", glass),
        ("SMD_hedges_g", "sign=B minus A;uncorrected", hedges),
        ("SMD_hedges_g_corrected", "sign=B minus A;factor 1-3/(4N-9)", corrected),
    ):
        yield ContrastMeasure(name, settings, partial(_unturned, kernel=kernel))
    yield ContrastMeasure("SMD_cohen_d", "sign=B minus A", size.smd_cohen)


def _tau_u_measures(confidence: float) -> Iterable[ContrastMeasure]:
    rows: tuple[overlap.TauRow, ...] = (
        "Tau",
        "Tau_trend_A",
        "Tau_trend_B",
        "Tau_U_A",
        "Tau_U_B",
        "Tau_U_BA",
    )
    methods: tuple[overlap.TauMethod, ...] = ("complete", "parker", "tarlow")
    for method in methods:
        for row in rows:
            yield ContrastMeasure(
                row,
                f"method={method};ci_method=z;ci={confidence:g};sign=B minus A",
                partial(overlap.tau_u_family, row=row, method=method, confidence=confidence),
                variant=True,
            )


def _flag(value: bool) -> str:
    return "TRUE" if value else "FALSE"


def _per_cent(pair: PhasePair, *, ratio: ContrastKernel) -> Estimate:
    return size.response_ratio_in_per_cent(ratio(pair))


def _unturned(pair: PhasePair, *, kernel: ContrastKernel) -> Estimate:
    """A measure that is positive for improvement, as second phase minus reference."""
    return kernel(pair).times(pair.sign)


def phase_measures(confidence: float) -> tuple[PhaseMeasure, ...]:
    """Measures of one phase in the order of the table."""
    level = f"conf.level={confidence:g}"
    return (
        PhaseMeasure("phase_n", "non-missing", trend.phase_n),
        PhaseMeasure(
            "phase_mean", f"t interval;{level}", partial(trend.phase_mean, confidence=confidence)
        ),
        PhaseMeasure("phase_sd", "n-1", trend.phase_sd),
        PhaseMeasure("phase_median", "type 7", trend.phase_median),
        PhaseMeasure(
            "ols_slope",
            f"lm(outcome ~ session);per session unit;{level}",
            partial(trend.ols_slope, confidence=confidence),
        ),
        PhaseMeasure(
            "theil_sen_slope",
            "median of pairwise slopes;per session unit",
            trend.theil_sen_slope,
        ),
        PhaseMeasure("mann_kendall_tau", "tau-b in time order", trend.mann_kendall_tau),
        PhaseMeasure("mann_kendall_S", "se is sqrt(varS);tie corrected", trend.mann_kendall_s),
        PhaseMeasure("mann_kendall_p", "two-sided", trend.mann_kendall_p),
        PhaseMeasure("acf_lag1", "stats::acf;by order", trend.acf_lag1),
    )
