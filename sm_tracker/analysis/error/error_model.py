"""Measurement error of a visit value, and the smallest change beyond it.

SEM(x) = max(sem_mm, sem_fraction * x); the default 0.09 mm and 7 % are the upper bounds
of Serup 1984 (Acta Derm Venereol 64:214-219, doi 10.2340/0001555564214219).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from sm_tracker.domain.settings import ErrorSetting, Settings
from sm_tracker.domain.tables import THICKNESS, text_of_codes

FloatArray = npt.NDArray[np.float64]

Z95 = 1.96


@dataclass(frozen=True, slots=True)
class ErrorModel:
    """Measurement error of rows that may differ in site and device.

    Attributes
    ----------
    sem_mm, sem_fraction : ndarray, shape (n,) or ()
        Floor in mm and fraction of the value.
    source : array of str, shape (n,)
        Where each comes from.
    """

    sem_mm: FloatArray
    sem_fraction: FloatArray
    source: pd.api.extensions.ExtensionArray

    def sem(self, value_mm: npt.ArrayLike) -> FloatArray:
        """Standard error of measurement of one visit value  [mm]."""
        value = np.asarray(value_mm, dtype="float64")
        return np.asarray(np.maximum(self.sem_mm, self.sem_fraction * value))

    def mdc95(self, first_mm: npt.ArrayLike, second_mm: npt.ArrayLike) -> FloatArray:
        """Smallest change between two single visit values beyond their error  [mm].

        ``1.96 sqrt(SEM(a)^2 + SEM(b)^2)``; at 1.0 mm twice it is 0.249 mm.
        """
        return Z95 * np.hypot(self.sem(first_mm), self.sem(second_mm))

    def band(self, baseline_mm: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Exact limits at which ``|y - baseline| = MDC95(baseline, y)``  [mm].

        The band is not symmetric, because the error grows with the value: around 2.49 mm
        the limits are 2.05 and 3.03 mm. A side on which no value is beyond the error has
        the limit 0 (below) or infinity (above).
        """
        base = np.asarray(baseline_mm, dtype="float64")
        return self._limit(base, -1.0), self._limit(base, 1.0)

    def _limit(self, base: FloatArray, sign: float) -> FloatArray:
        squared = self.sem(base) ** 2
        flat = base + sign * Z95 * np.sqrt(squared + self.sem_mm**2)
        slope = (Z95 * self.sem_fraction) ** 2
        with np.errstate(invalid="ignore", divide="ignore"):
            root = np.sqrt(base**2 - (1 - slope) * (base**2 - Z95**2 * squared))
            steep = np.where(slope < 1, (base + sign * root) / (1 - slope), sign * np.inf)
        limit = np.where(self.sem_fraction * flat <= self.sem_mm, flat, steep)
        return np.maximum(limit, 0.0)


def errors_in_force(settings: Settings) -> tuple[ErrorSetting, ...]:
    """The general measurement error, then those of single sites and devices.

    One setting a site and device; of several for the same the last one is in force, and one
    without site and device takes the place of the general one.
    """
    general = ErrorSetting(
        sem_mm=settings.sem_mm, sem_fraction=settings.sem_fraction, source=settings.sem_source
    )
    by_place = {(e.site, e.device): e for e in (general, *settings.error_settings)}
    return tuple(by_place.values())


def error_model(settings: Settings, site: str = "", device: str = "") -> ErrorModel:
    """The measurement error of one site and device."""
    return error_models(settings, pd.Series([site]), pd.Series([device]))


def error_models(
    settings: Settings, site: pd.Series, device: pd.Series, measure: pd.Series | None = None
) -> ErrorModel:
    """The measurement error of each row by its site and device, or by its outcome.

    The most specific of ``settings.error_settings`` wins: site and device, then site, then
    device, then the general setting. An outcome (a `measure` other than thickness) has the
    error of ``settings.outcome_settings``, else none: NaN.
    """
    every = sorted(errors_in_force(settings), key=_specificity)
    which = np.zeros(site.size, dtype="int64")
    for number, special in enumerate(every[1:], start=1):
        rows = np.ones(site.size, dtype=bool)
        if special.site:
            rows &= (site == special.site).to_numpy()
        if special.device:
            rows &= (device == special.device).to_numpy()
        which[rows] = number
    known = [(e.sem_mm, e.sem_fraction, e.source) for e in every]
    if measure is not None and (other := (measure != THICKNESS).to_numpy()).any():
        which[other] = len(known)
        known.append((np.nan, np.nan, ""))
        for outcome in settings.outcome_settings:
            if outcome.has_error:
                which[(measure == outcome.outcome).to_numpy()] = len(known)
                known.append((outcome.sem, outcome.sem_fraction, outcome.source))
    floor, fraction, source = zip(*known, strict=True)
    return ErrorModel(
        np.array(floor)[which], np.array(fraction)[which], text_of_codes(source, which)
    )


def _specificity(special: ErrorSetting) -> int:
    return 2 * bool(special.site) + bool(special.device)
