"""Words, numbers and dates of figures in English, German and French."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import get_args

from sm_tracker.domain.regimens import abbreviate, find_abbreviated, find_regimen
from sm_tracker.domain.sites import sided_in_french, site_in_languages
from sm_tracker.errors import SettingError
from sm_tracker.figures.vocabulary import OUTCOMES, SIDES
from sm_tracker.languages import N_, Language, Message, current, gettext_in

LANGUAGES: tuple[str, ...] = get_args(Language)
MINUS = "\u2212"

_WORDS: dict[str, str] = {
    "thickness": N_("Skin thickness"),
    "pct_baseline": N_("% of baseline"),
    "pct_first": N_("% of first reading"),
    "axis_starts": N_("axis starts at {low}"),
    "own_range": N_("each panel has its own range"),
    "lower_better": N_("↓ lower is better"),
    "higher_better": N_("↑ higher is better"),
    "therapy": N_("Therapy"),
    "key_sessions": N_("ticks: sessions"),
    "key_ongoing": N_("▸ ongoing"),
    "arrow_ongoing": N_("arrow: ongoing"),
    "week_of": N_("week of {day}"),
    "quarter": N_("Q{n} {year}"),
    "key_week": N_("pale ends: date known to the week"),
    "key_quarter": N_("pale ends: date known to the quarter"),
    "key_month": N_("pale ends: date known to the month"),
    "key_year": N_("pale ends: date known to the year"),
    "key_inexact": N_("pale ends: date not known to the day"),
    "key_tags": N_("pale ends: start or end between two readings, from the tags"),
    "key_unknown": N_("? end unknown"),
    "key_short": N_("diamond: too short to draw to scale"),
    "n": N_("n {n}"),
    "mean_of": N_("mean of {n} readings"),
    "one_reading": N_("one reading"),
    "sd": N_("SD {sd} mm"),
    "no_therapy": N_("no therapy"),
    "day_under": N_("day {day} under {regimen}"),
    "about_day_under": N_("about day {day} under {regimen}"),
    "maybe_under": N_("start or end of {regimen} not known to the day"),
    "tagged_under": N_("under {regimen}"),
    "maybe_tagged": N_("start or end of {regimen} between two readings"),
    "since_start": N_("day {day} since start of {regimen}, end unknown"),
    "after_end": N_("{day} d after the end of {regimen}"),
    "not_measurable": N_("not measurable"),
    "beyond_depth": N_("beyond depth"),
    "doubtful": N_("doubtful"),
    "doubt": N_("doubtful: {reason}; in no result until confirmed"),
    "therapy_not_stated": N_("therapy not stated: counts for no therapy"),
    "doubt_": N_("marked as such"),
    "doubt_missing_code": N_("looks like a code for a missing value"),
    "doubt_out_of_range": N_("outside of what is possible for skin"),
    "doubt_far_from_series": N_("far from the other values"),
    "doubt_alone_in_series": N_("far from the other values, and alone there"),
    "sites_unreadable": N_("{count} sites without a value"),
    "new_examiner": N_("new examiner"),
    "new_setting": N_("new device setting"),
    "new_both": N_("new examiner and setting"),
    "thicker_above": N_("thicker above {x}"),
    "thinner_below": N_("thinner below {x}"),
    "higher_above": N_("higher above {x}"),
    "lower_below": N_("lower below {x}"),
    "higher_above_short": N_("higher > {x}"),
    "lower_below_short": N_("lower < {x}"),
    "thicker_above_short": N_("thicker > {x}"),
    "thinner_below_short": N_("thinner < {x}"),
    "baseline": N_("baseline {x}"),
    "past_band": N_("baseline {x}, thinner below {low}"),
    "days_from_first": N_("time from the first reading"),
    "days_from_start": N_("time from the start of {regimen}"),
    "days_from_zero": N_("time from a chosen day"),
    "days_recorded": N_("time from day 0 of the records"),
    "tick_days": N_("{n} d"),
    "tick_months": N_("{n} mo"),
    "tick_year": N_("{n} year"),
    "tick_years": N_("{n} years"),
    "day": N_("day {day}"),
    "between_dates": N_("between {first} and {last}"),
    "between_days": N_("between {a} and {b}"),
    "by_dates": N_("by {last}"),
    "by_days": N_("by {b}"),
    "tagged_limits": N_("start {start}, {end} (from the tags)"),
    "tagged_end": N_("end {end}"),
    "ongoing": N_("ongoing"),
    "end_unknown": N_("end unknown"),
    "so_far": N_("so far"),
    "unit_pulse": N_("pulses"),
    "unit_cyclic": N_("cycles"),
    "unit_": N_("cycles"),
    "unit_one_pulse": N_("pulse"),
    "unit_one_cyclic": N_("cycle"),
    "unit_one_": N_("cycle"),
    "n_unwritten_one": N_(
        "For want of room, n is not given at one more point with fewer readings."
    ),
    "n_unwritten": N_(
        "For want of room, n is not given at {count} more points with fewer readings."
    ),
    "remark": N_("{title}: {text}."),
    "names_shortened": N_("Shortened names: {names}."),
    "doses_unwritten": N_("Doses not written in the figure: {doses}."),
    "events": N_("Events"),
    "events_unwritten": N_("Events not written in full: {events}."),
    "no_reading_panel": N_("no reading"),
}

_LAYERS = frozenset({N_("dermis"), N_("epidermis+dermis")})

_MONTHS = (
    N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun"),
    N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec"),
)  # fmt: skip


def require_language(language: str) -> None:
    """Refuse a language that figures are not worded in.

    Raises
    ------
    SettingError
    """
    if language not in LANGUAGES:
        raise SettingError(
            Message("Figures have no words in {language!r}", language=language),
            where="language",
            fix=Message("use one of {names}", names=", ".join(LANGUAGES)),
        )


def choose(language: Language, forms: tuple[str, str, str]) -> str:
    """The form of one language out of English, German and French."""
    return forms[LANGUAGES.index(language)]


def say(language: Language, key: str, **values: object) -> str:
    """One fixed phrase of a figure, with its values filled in."""
    return gettext_in(language, _WORDS[key]).format(**values)


def number(value: float, decimals: int, language: Language = "en", *, sign: bool = False) -> str:
    """A number with a true minus sign and the decimal mark of the language.

    Examples
    --------
    >>> number(-0.874, 2), number(0.001, 2, sign=True), number(1.5, 1, "de", sign=True)
    ('−0.87', '0.00', '+1,5')
    """
    text = f"{abs(value):.{decimals}f}"
    if float(text) != 0:
        if value < 0:
            text = MINUS + text
        elif sign:
            text = "+" + text
    return text if language == "en" else text.replace(".", ",")


def date_of(t: float) -> dt.date:
    """The calendar date of a day since 1970-01-01."""
    return dt.date(1970, 1, 1) + dt.timedelta(days=int(t))


def date_text(t: float, language: Language = "en", precision: str = "day") -> str:
    """A day since 1970-01-01 in words, as exactly as it is known.

    Examples
    --------
    >>> date_text(20325), date_text(20325, "de", "month"), date_text(20325, "fr", "quarter")
    ('25 Aug 2025', 'Aug. 2025', '3e trimestre 2025')
    """
    day = date_of(t)
    if precision == "year":
        return str(day.year)
    if precision == "quarter":
        n = (day.month + 2) // 3
        ordinal = ("1er" if n == 1 else f"{n}e") if language == "fr" else str(n)
        return say(language, "quarter", n=ordinal, year=day.year)
    if precision == "week":
        monday = t - day.weekday()
        return say(language, "week_of", day=date_text(monday, language))
    month = month_text(day.month, language)
    if precision == "month":
        return f"{month} {day.year}"
    return f"{day.day}{'.' if language == 'de' else ''} {month} {day.year}"


def month_text(month: int, language: Language = "en") -> str:
    """Short name of a month, 1 to 12."""
    return gettext_in(language, _MONTHS[month - 1])


def site_text(site: str, side: str = "", language: Language = "en") -> str:
    """A site with its side, worded for a label in mid-sentence.

    Examples
    --------
    >>> site_text("forearm", "left", "de")
    'Unterarm links'
    >>> site_text("forearm", "right", "fr"), site_text("chest", "right", "fr")
    ('avant-bras droit', 'thorax à droite')
    """
    if language == "fr" and (sided := sided_in_french(site, side)):
        return sided
    known = site_in_languages(site)
    name = choose(language, (site, *known)) if known else site
    return f"{name} {choose(language, SIDES[side])}" if side in SIDES else name


def outcome_text(outcome: str, language: Language = "en") -> str:
    """Name of a second outcome; an unknown one stays as written."""
    known = OUTCOMES.get(outcome.casefold())
    return capital(choose(language, (outcome, *known)) if known else outcome)


def outcome_within(outcome: str, language: Language = "en") -> str:
    """Name of a second outcome within a sentence; German nouns keep their capital.

    Examples
    --------
    >>> outcome_within("mouth opening"), outcome_within("mouth opening", "de")
    ('mouth opening', 'Mundöffnung')
    """
    text = outcome_text(outcome, language)
    return text if language == "de" else uncapital(text)


def layer_text(layer: str, language: Language = "en") -> str:
    """Name of a layer of the skin; one of the author's own stays as written."""
    return gettext_in(language, layer) if layer in _LAYERS else layer


def regimen_text(regimen: str, language: Language = "en") -> str:
    """Name of a regimen; what records give as an abbreviation or in words of their own stays.

    Examples
    --------
    >>> regimen_text("hydroxychloroquine", "de"), regimen_text("IVIG", "de")
    ('Hydroxychloroquin', 'IVIG')
    """
    known = find_regimen(regimen)
    return choose(language, known.in_full) if known and regimen == known.in_full[0] else regimen


def expansion(regimen: str, language: Language = "en") -> str:
    """What a regimen's short label stands for; blank where it is not shortened.

    Examples
    --------
    >>> expansion("IVIG", "de"), expansion("pomalidomide", "de"), expansion("my own mixture")
    ('intravenöses Immunglobulin', 'Pomalidomid', '')
    """
    known = find_regimen(regimen) or find_abbreviated(regimen)
    return choose(language, known.in_full) if known else ""


def listed(parts: Iterable[str], language: Language | None = None) -> str:
    """Parts of a list with the semicolons of the language, by default of the one in use.

    Examples
    --------
    >>> listed(["a", "b"]), listed(["a", "b"], "fr")
    ('a; b', 'a\\xa0; b')
    """
    return gettext_in(language or current(), N_("; ")).join(parts)


def headed(head: str, text: str, language: Language | None = None) -> str:
    """`text` after its heading, with the colon of the language, by default of the one in use.

    Examples
    --------
    >>> headed("chest", "not measurable"), headed("thorax", "non mesurable", "fr")
    ('chest: not measurable', 'thorax\\xa0: non mesurable')
    """
    return gettext_in(language or current(), N_("{}: {}")).format(head, text)


def capital(text: str) -> str:
    """`text` with its first letter in upper case, the rest as written.

    A name that has its capitals elsewhere keeps them.

    Examples
    --------
    >>> capital("hand dorsum"), capital("mRSS")
    ('Hand dorsum', 'mRSS')
    """
    return text if _has_capitals_within(text) else text[:1].upper() + text[1:]


def uncapital(text: str) -> str:
    """`text` as within a sentence; a name that has its capitals elsewhere keeps them.

    Examples
    --------
    >>> uncapital("Mouth opening"), uncapital("HAQ"), uncapital("mRSS"), uncapital("IgG")
    ('mouth opening', 'HAQ', 'mRSS', 'IgG')
    """
    return text if _has_capitals_within(text) else text[:1].lower() + text[1:]


def _has_capitals_within(text: str) -> bool:
    """Whether the first word has capitals after its first letter."""
    return any(letter.isupper() for letter in text.partition(" ")[0][1:])


def abbreviation_list(regimens: Sequence[str], language: Language) -> str:
    """Short labels of regimens with what they stand for, each once, as one sentence."""
    found = {abbreviate(r): expansion(r, language) for r in regimens}
    pairs = [f"{short}, {full}" for short, full in found.items() if full]
    return listed(pairs, language) + "." if pairs else ""
