"""The measurement error in words: the clinic's own scatter, and what an error lets one find."""

from __future__ import annotations

import pandas as pd

from sm_tracker.analysis.error.operating_characteristics import (
    ALIKE,
    LEVEL_MM,
    SD_MM,
    SERIES_A_CELL,
    STEP_DAYS,
)
from sm_tracker.analysis.error.phase_scatter import PhaseScatter
from sm_tracker.domain.settings import ErrorSetting
from sm_tracker.languages import gettext as _
from sm_tracker.languages import ngettext
from sm_tracker.report.numbers import decimals, mm

MOSTLY_ONE_PATIENT = 0.5
EXAMPLE_SIZE = (5, 5)


def scatter_lines(found: PhaseScatter) -> tuple[str, ...]:
    """What the scatter within phases is, what it comes from, and what to mind."""
    sd = found.sd_mm
    lines = [
        _(
            "Scatter within phases {sd} mm ({level} % interval {low} to {high}), {freedom} degrees "
            "of freedom."
        ).format(
            sd=decimals(sd.value, 3),
            level=f"{100 * found.confidence:g}",
            low=decimals(sd.low, 3),
            high=decimals(sd.high, 3),
            freedom=found.freedom,
        ),
        _("From {readings}, {series}, {patients}; means from {thin} to {thick} mm.").format(
            readings=ngettext("{n} reading", "{n} readings", found.n_readings).format(
                n=found.n_readings
            ),
            series=ngettext("{n} series", "{n} series", found.n_series).format(n=found.n_series),
            patients=ngettext("{n} patient", "{n} patients", found.n_patients).format(
                n=found.n_patients
            ),
            thin=mm(found.thinnest_mm),
            thick=mm(found.thickest_mm),
        ),
    ]
    if found.n_broken:
        lines.append(
            ngettext(
                "In {k} of {n} phases the examiner or a device setting changed.",
                "In {k} of {n} phases the examiner or a device setting changed.",
                found.n_broken,
            ).format(k=found.n_broken, n=found.n_phases)
        )
    if found.largest_share > MOSTLY_ONE_PATIENT:
        lines.append(_("One patient contributes more than half of the degrees of freedom."))
    return tuple(lines)


def scatter_source(found: PhaseScatter, year: int) -> str:
    """The source that is printed with every result once the scatter is used as error."""
    return _(
        "own scatter within phases (true fluctuation included), {freedom} degrees of freedom, "
        "{year}"
    ).format(freedom=found.freedom, year=year)


def error_name(error: ErrorSetting) -> str:
    """Where an error holds: ``forearm · DermaScan``, or everywhere."""
    return " · ".join(filter(None, (error.site, error.device))) or _("all sites and devices")


def error_size(error: ErrorSetting, value_mm: float = LEVEL_MM) -> str:
    """The error of one value: ``0.18 mm at 2.50 mm``."""
    size = max(error.sem_mm, error.sem_fraction * value_mm)
    return _("{size} mm at {value} mm").format(size=mm(size), value=mm(value_mm))


def found_sentence(found: pd.DataFrame, error: ErrorSetting) -> str:
    """What an error finds, in two sentences for a doctor.

    Parameters
    ----------
    found : DataFrame
        Of :func:`sm_tracker.analysis.error.operating_characteristics.shares_found`.
    error : ErrorSetting
    """
    m, n = EXAMPLE_SIZE
    size = found[(found["m"] == m) & (found["n"] == n)]
    own = {(row["scene"], row["phi"]): row for _index, row in size.iterrows()}
    return _(
        "With an error of {error}, a fall of 0.5 mm is found in {step} of 100 courses with {m} "
        "readings before and {n} during, and a gradual fall of 0.8 mm in {gradual}. Without any "
        "change, {false} of 100 courses get a false result, or {alike} if successive readings "
        "resemble each other."
    ).format(
        error=error_size(error),
        step=of_hundred(_thinner(own["step", 0.0])),
        gradual=of_hundred(_thinner(own["gradual", 0.0])),
        false=of_hundred(_any(own["no_change", 0.0])),
        alike=of_hundred(_any(own["no_change", ALIKE])),
        m=m,
        n=n,
    )


def hidden_sentence(hidden: int, comparisons: int) -> str:
    """That the default error hides answers, and how to know one's own; blank if it hides none."""
    if not hidden:
        return ""
    return ngettext(
        "In {k} of {n} comparisons the assumed error hides a change that the lower bounds of the "
        "same study (Serup 1984: 0.05 mm, 3 %) would show. Measure ten patients twice to know "
        "your own error.",
        "In {k} of {n} comparisons the assumed error hides a change that the lower bounds of the "
        "same study (Serup 1984: 0.05 mm, 3 %) would show. Measure ten patients twice to know "
        "your own error.",
        hidden,
    ).format(k=hidden, n=comparisons)


def found_heads(found: pd.DataFrame) -> list[str]:
    """Heads of the table of :func:`found_rows`."""
    sizes = found[["m", "n"]].drop_duplicates().itertuples(index=False)
    return [
        _("Of 100 courses"),
        *(_("{m} before, {n} during").format(m=size.m, n=size.n) for size in sizes),
    ]


def found_rows(found: pd.DataFrame) -> list[list[str]]:
    """Each simulated truth in words, and how many courses of each size get a word."""
    truths = found.set_index(["scene", "phi"])
    return [
        [words, *(_cell(row, scene) for _index, row in truths.loc[[(scene, phi)]].iterrows())]
        for (scene, phi), words in _truths().items()
    ]


def found_note() -> str:
    """How the figures of :func:`found_rows` are to be read and were made."""
    return _(
        "Courses called thinner (or thicker, where nothing changed); in brackets, clear results "
        "only. Simulated with these settings: {series} courses each at {level} mm with a scatter "
        "of {sd} mm and a visit every {days} days."
    ).format(
        series=f"{SERIES_A_CELL:,}".replace(",", "\u00a0"),
        level=decimals(LEVEL_MM, 1),
        sd=mm(SD_MM),
        days=STEP_DAYS,
    )


def of_hundred(share: float) -> str:
    """A share as so many of 100; one that is not zero is never shown as zero."""
    return "<\u00a01" if 0 < share < 0.005 else f"{100 * share:.0f}"


def _truths() -> dict[tuple[str, float], str]:
    return {
        ("no_change", 0.0): _("False: no change"),
        ("no_change", ALIKE): _("False: no change, successive readings similar"),
        ("slow_trend", 0.0): _("False: earlier trend continues, −0.03 mm per visit"),
        ("small_step", 0.0): _("Found: fall of 0.3 mm"),
        ("step", 0.0): _("Found: fall of 0.5 mm"),
        ("gradual", 0.0): _("Found: gradual fall of 0.8 mm"),
    }


def _cell(row: pd.Series, scene: str) -> str:
    told = _any(row) if scene == "no_change" else _thinner(row)
    clear = row["improved"] + (row["worsened"] if scene == "no_change" else 0)
    return f"{of_hundred(told)} ({of_hundred(clear)})"


def _thinner(row: pd.Series) -> float:
    return float(row["improved"] + row["improved_slightly"])


def _any(row: pd.Series) -> float:
    return _thinner(row) + float(row["worsened"] + row["worsened_slightly"])
