"""Values in open doubt, as any renderer draws them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sm_tracker.domain.doubt import REASONS
from sm_tracker.domain.records import THERAPY_NOT_STATED
from sm_tracker.figures.chronology import Chronology
from sm_tracker.figures.languages import say
from sm_tracker.figures.timeline.timeline_model import Curve, DoubtfulMark


def doubtful_mark(
    when: Chronology,
    told: Callable[[float], str],
    t: float,
    value: float,
    text: str,
    name: str,
    reason: str,
) -> DoubtfulMark:
    """The mark of a value in open doubt, with its reason in words (a code unknown here: none)."""
    language = when.language
    why = say(language, "therapy_not_stated")
    if reason != THERAPY_NOT_STATED:
        known = reason if reason in REASONS else ""
        why = say(language, "doubt", reason=say(language, f"doubt_{known}"))
    x = when.x(t)
    return DoubtfulMark(
        x=x,
        y=value,
        value=value,
        text=text,
        reason=reason,
        hover=(
            f"{name} ?",
            why,
            f"{when.when(x)} · {told(t)}",
        ),
    )


def at_the_edge(curve: Curve, low: float, high: float, *, small: bool) -> Curve:
    """The curve with its doubtful values drawn within the panel, wherever they lie."""
    room = (0.16 if small else 0.06) * (high - low)
    return replace(
        curve,
        doubtful=tuple(
            replace(d, y=min(max(d.value, low + room), high - room)) for d in curve.doubtful
        ),
    )
