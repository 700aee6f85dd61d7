"""The measurement error behind a band, with its source, in a sentence."""

from __future__ import annotations

from sm_tracker.domain.settings import DEFAULT_SEM_SOURCE, OutcomeSetting
from sm_tracker.figures.languages import number
from sm_tracker.languages import N_, Language, gettext_in

_NOTES: dict[str, str] = {
    "outcome_error": N_("Error of one value: {error} ({source})."),
    "outcome_errors": N_("Error of one value: the larger of {error} and {share} ({source})."),
    "error": N_(
        "Error of one visit value{where}: the larger of {floor} mm and {share} % ({source})."
    ),
}  # fmt: skip


def _note(language: Language, key: str, **values: object) -> str:
    return gettext_in(language, _NOTES[key]).format(**values)


def outcome_error_note(own: OutcomeSetting, unit: str, language: Language) -> str:
    """The error of one value of an outcome with its source, in a sentence."""
    parts = [f"{plain_number(own.sem, language)} {unit}".strip()] if own.sem else []
    parts += [f"{plain_number(100 * own.sem_fraction, language)} %"] if own.sem_fraction else []
    key = "outcome_errors" if len(parts) > 1 else "outcome_error"
    names = {"error": parts[0], "share": parts[-1], "source": own.source}
    return _note(language, key, **names)


def error_note(floor: float, share: float, source: str, *, sites: str, language: Language) -> str:
    """The assumed error of one visit value with its source, in a sentence."""
    return _note(
        language,
        "error",
        where=f" ({sites})" if sites else "",
        floor=number(floor, 2, language),
        share=number(100 * share, 1, language).removesuffix(",0").removesuffix(".0"),
        source=source_text(source, language),
    )


def plain_number(value: float, language: Language) -> str:
    """A number with as many decimals as it needs, three at most."""
    return number(value, len(f"{value:.3f}".rstrip("0").partition(".")[2]), language)


def source_text(source: str, language: Language) -> str:
    """Where the measurement error comes from; the default source is worded in the language."""
    return gettext_in(language, source) if source == DEFAULT_SEM_SOURCE else source
