"""The settings that every number follows, each with a default, a unit and a sentence of help."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import numbers
from dataclasses import dataclass, field
from typing import Any, Literal

from sm_tracker.domain.records import BETTER, Better
from sm_tracker.errors import SettingError
from sm_tracker.languages import N_, Message

Improvement = Literal["decrease", "increase"]

DEFAULT_SEM_SOURCE = N_("assumed, Serup 1984 (doi 10.2340/0001555564214219), upper bounds")


MOST_DAYS = 36_525
MOST_MM = 1_000
MOST_READINGS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorSetting:
    """Measurement error of one site and device: SEM(x) = max(sem_mm, sem_fraction * x).

    A blank `site` or `device` fits any; the most specific setting wins (site and device,
    then site, then device).
    """

    sem_mm: float
    sem_fraction: float
    source: str
    site: str = ""
    device: str = ""

    def __post_init__(self) -> None:
        where = Message(
            "measurement error of {place}", place=" ".join(filter(None, map(str, self._of())))
        )
        _require_number("sem_mm", self.sem_mm, 0, MOST_MM, where)
        _require_number("sem_fraction", self.sem_fraction, 0, MOST_MM, where)
        for name in ("source", "site", "device"):
            _require_text(name, getattr(self, name), where)

    def _of(self) -> tuple[str, str]:
        return (self.site, self.device) if self.site or self.device else ("any site", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeSetting:
    """What is known of a second outcome, in its own unit.

    SEM(x) = max(sem, sem_fraction * x), 0 and 0 where the error is not known. `better` is
    blank where the records say it.
    """

    outcome: str
    sem: float = 0.0
    sem_fraction: float = 0.0
    source: str = ""
    drift_per_year: float = 0.0
    minimal_important_change: float = 0.0
    better: Better = ""

    def __post_init__(self) -> None:
        where = f"outcome {self.outcome}"
        for name in ("outcome", "source", "better"):
            _require_text(name, getattr(self, name), where)
        for name in ("sem", "sem_fraction", "drift_per_year", "minimal_important_change"):
            _require_number(name, getattr(self, name), 0, MOST_MM, where)
        for wrong, what, fix in (
            (
                not self.outcome,
                Message("The outcome has no name"),
                Message("name it as the records do"),
            ),
            (
                self.has_error and not self.source,
                Message("The error has no source"),
                Message("say where it comes from"),
            ),
            (
                self.better not in BETTER,
                Message("better is {better!r}", better=self.better),
                Message("use lower or higher"),
            ),
        ):
            if wrong:
                raise SettingError(what, where=where, fix=fix)

    @property
    def has_error(self) -> bool:
        """Whether the measurement error is known."""
        return self.sem > 0 or self.sem_fraction > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimenWindow:
    """Windows of one regimen where they differ from the general ones (None: general)."""

    regimen: str
    baseline_window_days: int | None = None
    lag_days: int | None = None
    grace_days: int | None = None

    def __post_init__(self) -> None:
        where = Message("windows of {regimen}", regimen=self.regimen)
        _require_text("regimen", self.regimen, where)
        for name in ("baseline_window_days", "lag_days", "grace_days"):
            if getattr(self, name) is not None:
                _require_number(name, getattr(self, name), 0, MOST_DAYS, where, whole=True)


def _require_number(
    name: str, value: object, low: float, high: float, where: str | Message, *, whole: bool = False
) -> None:
    right = isinstance(value, numbers.Integral if whole else numbers.Real)
    if right and not isinstance(value, bool) and low <= value <= high:  # type: ignore[operator]
        return
    raise SettingError(
        Message("{name} is {value!r}", name=name, value=value),
        where=where,
        why=Message("it must be a whole number from {low:,.0f} to {high:,.0f}", low=low, high=high)
        if whole
        else Message("it must be a number from {low:g} to {high:.0f}", low=low, high=high),
        fix="correct it, or leave it out for the default",
    )


def _require_text(name: str, value: object, where: str | Message) -> None:
    if not isinstance(value, str):
        raise SettingError(
            Message("{name} is {value!r}", name=name, value=value),
            where=where,
            why="it must be text",
            fix="correct it",
        )


def _setting(default: Any, unit: str, text: str, low: float = 0, high: float = MOST_DAYS) -> Any:
    return field(default=default, metadata={"unit": unit, "help": text, "low": low, "high": high})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that decides which readings count and when a change is a change.

    The definitions are those of docs/methods.md. `settings_id` identifies the whole set
    and stands in every row of a change table.
    """

    baseline_window_days: int = _setting(
        90, "days", "A baseline reading lies at most this long before the start.", 0
    )
    lag_days: int = _setting(
        0, "days", "Readings closer than this after the start are not yet under the regimen.", 0
    )
    grace_days: int = _setting(
        30,
        "days",
        "Readings up to this long after the end still count under a regimen given in cycles, or "
        "where there is none before the end, unless another period has started.",
        0,
    )
    reference_window_days: int = _setting(
        730, "days", "Reference readings older than this at the start are not used.", 0
    )
    drift_mm_per_year: float = _setting(
        0.4,
        "mm per year",
        "Standard deviation of the natural drift of skin thickness; 0 takes no trend off.",
        0,
        MOST_MM,
    )
    improvement: Improvement = _setting("decrease", "", "Direction that counts as better.")
    confidence: float = _setting(0.95, "", "Level of every interval.")
    sem_mm: float = _setting(
        0.09, "mm", "Smallest measurement error (SEM) of one visit value.", 0, MOST_MM
    )
    sem_fraction: float = _setting(
        0.07, "of the value", "Measurement error (SEM) as a fraction of the value.", 0, MOST_MM
    )
    sem_source: str = _setting(DEFAULT_SEM_SOURCE, "", "Where the measurement error comes from.")
    minimal_important_change_mm: float = _setting(
        0.0, "mm", "Smallest change the clinic calls important; 0 sets none.", 0, MOST_MM
    )
    min_readings: int = _setting(
        3,
        "readings",
        "Fewest usable readings before and under a regimen for a verdict.",
        2,
        MOST_READINGS,
    )
    min_readings_slope: int = _setting(
        4, "readings", "Fewest readings under a regimen for a slope.", 2, MOST_READINGS
    )
    carry_over_days: int = _setting(
        90, "days", "Another regimen that ended at most this long before is flagged carry_over.", 0
    )
    replicates_expected: int = _setting(
        3,
        "readings",
        "A visit value from fewer replicates is flagged few_replicates.",
        1,
        MOST_READINGS,
    )
    error_settings: tuple[ErrorSetting, ...] = field(
        default=(),
        metadata={"unit": "", "help": "Measurement error of single sites and devices."},
    )
    outcome_settings: tuple[OutcomeSetting, ...] = field(
        default=(),
        metadata={"unit": "", "help": "Error, drift and direction of second outcomes."},
    )
    regimen_windows: tuple[RegimenWindow, ...] = field(
        default=(), metadata={"unit": "", "help": "Windows of single regimens."}
    )

    def __post_init__(self) -> None:
        for f in dataclasses.fields(self):
            value, where = getattr(self, f.name), Message("setting {name}", name=f.name)
            if isinstance(f.default, str):
                _require_text(f.name, value, where)
            elif isinstance(f.default, int | float):
                low, high = f.metadata["low"], f.metadata["high"]
                whole = isinstance(f.default, int)
                _require_number(f.name, value, low, high, where, whole=whole)
        if self.improvement not in ("decrease", "increase"):
            raise SettingError(
                Message("improvement is {improvement!r}", improvement=self.improvement),
                where="setting improvement",
                why="it is the direction that counts as better",
                fix="use decrease or increase",
            )
        if not 0.5 <= self.confidence < 1:
            raise SettingError(
                Message("confidence is {confidence}", confidence=self.confidence),
                where="setting confidence",
                why="an interval needs a level from 0.5 to below 1",
                fix="for 95 per cent give 0.95",
            )

    @property
    def settings_id(self) -> str:
        """Twelve characters that change with any setting."""
        text = json.dumps(dataclasses.asdict(self), sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def with_texts(self, pairs: dict[str, str]) -> Settings:
        """A copy with settings given as text, as the command line does (``--set NAME=VALUE``)."""
        changes: dict[str, Any] = {}
        for name, text in pairs.items():
            current = getattr(self, name, None) if name in SETTING_NAMES else None
            if current is None or isinstance(current, tuple):
                raise SettingError(
                    Message("There is no setting {name!r}", name=name),
                    where="--set",
                    why="no setting of one number or word has that name",
                    fix=Message("use one of {names}", names=", ".join(SETTING_NAMES)),
                )
            try:
                changes[name] = type(current)(text)
            except ValueError:
                whole = isinstance(current, int)
                raise SettingError(
                    Message("{name} cannot be {text!r}", name=name, text=text),
                    where="--set",
                    why="it is a whole number" if whole else "it is a number",
                    fix=Message("give a whole number, as in {name}={now}", name=name, now=current)
                    if whole
                    else Message(
                        "give a number with a decimal point, as in {name}={now}",
                        name=name,
                        now=str(current),
                    ),
                ) from None
        given_error = {"sem_mm", "sem_fraction"} & set(changes)
        if given_error and "sem_source" not in changes:
            changes["sem_source"] = "set by the user, source not given"
        return dataclasses.replace(self, **changes)


SETTING_NAMES: tuple[str, ...] = tuple(
    f.name for f in dataclasses.fields(Settings) if not f.name.endswith(("_settings", "_windows"))
)


def given_settings(settings: Settings | None) -> Settings:
    """The settings given, or the defaults.

    Raises
    ------
    SettingError
        If they are of another kind, with what to pass.
    """
    if settings is None:
        return Settings()
    if isinstance(settings, Settings):
        return settings
    raise SettingError(
        Message("settings is of type {kind}", kind=type(settings).__name__),
        where="settings",
        why="settings are values with their limits, not a table or a mapping",
        fix="pass sm.Settings(...), for example settings=sm.Settings(lag_days=28)",
    )


RETIRED = ("min_readings_trend",)
"""Settings of earlier versions that decide nothing any more; stored ones are still read."""


def settings_from_json(text: str, where: str = "settings file") -> Settings:
    """Settings as they lie in ``settings.json`` of a report's archive.

    Parameters
    ----------
    text : str
    where : str
        Name of the file, for messages.

    Raises
    ------
    SettingError
        If the text is not a JSON object of settings, or a value is not possible.
    """
    fix = Message("give the settings.json of a report's archive")
    try:
        values = json.loads(text)
    except ValueError:
        raise SettingError(
            "The file holds no settings of this program", where=where, why="it is not JSON", fix=fix
        ) from None
    lists = ("error_settings", "outcome_settings", "regimen_windows")
    if not isinstance(values, dict) or not all(_is_rows(values.get(name, [])) for name in lists):
        raise SettingError(
            "The file holds no settings of this program",
            where=where,
            why="it is JSON of another form",
            fix=fix,
        )
    kinds = {
        "error_settings": ErrorSetting,
        "outcome_settings": OutcomeSetting,
        "regimen_windows": RegimenWindow,
    }
    rows = {
        name: tuple(_filled(kind, row, where) for row in values.get(name, []))
        for name, kind in kinds.items()
    }
    kept = {name: value for name, value in values.items() if name not in RETIRED}
    settings: Settings = _filled(Settings, {**kept, **rows}, where)
    return settings


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)


def _filled(kind: type[Any], values: dict[str, Any], where: str) -> Any:
    known = {f.name: f.default for f in dataclasses.fields(kind)}
    unknown = [name for name in values if name not in known]
    needed = [n for n, d in known.items() if d is dataclasses.MISSING and n not in values]
    if unknown or needed:
        what = (
            Message("There is no setting {name!r}", name=unknown[0])
            if unknown
            else Message("{name} is missing", name=needed[0])
        )
        raise SettingError(
            what,
            where=where,
            why="the file was changed by hand or is of another version",
            fix=Message("use {names}", names=", ".join(known)),
        )
    return kind(**values)
