"""The settings that every number follows, each with a default, a unit and a sentence of help."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any, Literal

from sm_tracker.errors import SettingError

Improvement = Literal["decrease", "increase"]

DEFAULT_SEM_SOURCE = "assumed, Serup 1984 (doi 10.2340/0001555564214219), upper bounds"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimenWindow:
    """Windows of one regimen where they differ from the general ones (None: general)."""

    regimen: str
    baseline_window_days: int | None = None
    lag_days: int | None = None
    grace_days: int | None = None


def _setting(default: Any, unit: str, text: str, low: float | None = None) -> Any:
    return field(default=default, metadata={"unit": unit, "help": text, "low": low})


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
        "Readings up to this long after the end still count, unless another period has started.",
        0,
    )
    improvement: Improvement = _setting("decrease", "", "Direction that counts as better.")
    confidence: float = _setting(0.95, "", "Level of every interval.", 0)
    sem_mm: float = _setting(0.09, "mm", "Smallest measurement error (SEM) of one visit value.", 0)
    sem_fraction: float = _setting(
        0.07, "of the value", "Measurement error (SEM) as a fraction of the value.", 0
    )
    sem_source: str = _setting(DEFAULT_SEM_SOURCE, "", "Where the measurement error comes from.")
    minimal_important_change_mm: float = _setting(
        0.0, "mm", "Smallest change the clinic calls important; 0 sets none.", 0
    )
    min_readings: int = _setting(
        3, "readings", "Fewest usable readings before and under a regimen for a verdict.", 2
    )
    min_readings_trend: int = _setting(
        5, "readings", "Fewest reference readings for taking off the trend before.", 3
    )
    min_readings_slope: int = _setting(
        4, "readings", "Fewest readings under a regimen for a slope.", 2
    )
    carry_over_days: int = _setting(
        90, "days", "Another regimen that ended at most this long before is flagged carry_over.", 0
    )
    replicates_expected: int = _setting(
        3, "readings", "A visit value from fewer replicates is flagged few_replicates.", 1
    )
    error_settings: tuple[ErrorSetting, ...] = field(
        default=(),
        metadata={"unit": "", "help": "Measurement error of single sites and devices."},
    )
    regimen_windows: tuple[RegimenWindow, ...] = field(
        default=(), metadata={"unit": "", "help": "Windows of single regimens."}
    )

    def __post_init__(self) -> None:
        for f in dataclasses.fields(self):
            low = f.metadata.get("low")
            value = getattr(self, f.name)
            if low is not None and not (value >= low and value < float("inf")):
                raise SettingError(
                    f"{f.name} is {value}",
                    where=f"setting {f.name}",
                    why=f"it must be a number not below {low}",
                    fix=f"give a value in {f.metadata['unit'] or 'the range'}",
                )
        if self.improvement not in ("decrease", "increase"):
            raise SettingError(
                f"improvement is {self.improvement!r}",
                where="setting improvement",
                fix="use decrease or increase",
            )
        if not 0.5 <= self.confidence < 1:
            raise SettingError(
                f"confidence is {self.confidence}",
                where="setting confidence",
                why="an interval needs a level from 0.5 to below 1",
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
                    f"there is no setting {name!r}",
                    where="--set",
                    fix="use one of " + ", ".join(SETTING_NAMES),
                )
            try:
                changes[name] = type(current)(text)
            except ValueError:
                raise SettingError(
                    f"{name} cannot be {text!r}",
                    where="--set",
                    why=f"it is a {'whole number' if isinstance(current, int) else 'number'}",
                ) from None
        given_error = {"sem_mm", "sem_fraction"} & set(changes)
        if given_error and "sem_source" not in changes:
            changes["sem_source"] = "set by the user, source not given"
        return dataclasses.replace(self, **changes)


SETTING_NAMES: tuple[str, ...] = tuple(
    f.name for f in dataclasses.fields(Settings) if not f.name.endswith(("_settings", "_windows"))
)


def settings_from_json(text: str) -> Settings:
    """Settings as they lie in ``settings.json`` of a report's archive.

    Raises
    ------
    SettingError
        If the text is no JSON object of settings.
    """
    try:
        values = dict(json.loads(text))
        values["error_settings"] = tuple(
            ErrorSetting(**e) for e in values.get("error_settings", ())
        )
        values["regimen_windows"] = tuple(
            RegimenWindow(**w) for w in values.get("regimen_windows", ())
        )
        return Settings(**values)
    except (ValueError, TypeError) as error:
        raise SettingError(
            "The file holds no settings of this program",
            where="settings file",
            why=str(error),
            fix="give the settings.json of a report's archive",
        ) from None
