"""Sentences that a reader needs beside the figure, and its abbreviations."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sm_tracker.analysis.error.error_model import error_model
from sm_tracker.domain.records import THERAPY_NOT_STATED
from sm_tracker.figures.answer_words import amount_text, answer_words
from sm_tracker.figures.error_notes import error_note, outcome_error_note
from sm_tracker.figures.languages import (
    abbreviation_list,
    listed,
    number,
    outcome_text,
    say,
)
from sm_tracker.figures.timeline.alt_text import FigureContent
from sm_tracker.figures.timeline.timeline_model import Lane
from sm_tracker.languages import N_, Language, gettext_in, speaking

_NOTES: dict[str, str] = {
    "band": N_(
        "Grey band, {low} to {high}: baseline {base} before {regimen} and the change that "
        "measurement error alone can produce (95 %)."
    ),
    "bands": N_(
        "Grey bands: baseline of each site before {regimen} and the change that measurement "
        "error alone can produce (95 %)."
    ),
    "band_first": N_(
        "Grey band, {low} to {high}: first reading {base} and the change that measurement "
        "error alone can produce (95 %)."
    ),
    "bands_first": N_(
        "Grey bands: first reading of each site and the change that measurement error alone "
        "can produce (95 %)."
    ),
    "outcome_band": N_(
        "{name}, grey band: change that measurement error alone can produce (95 %)."
    ),
    "no_band": N_("No error band: no baseline reading of {site} in the window before {regimen}."),
    "points_focus": N_("Filled marks: {site}; each point is {many}{unless}."),
    "points": N_("Each point is {many}{unless}."),
    "mean_of": N_("the mean of {n} readings"),
    "one": N_("one reading"),
    "unless": N_(" unless n is given"),
    "context_fewer": N_("Of the open marks, {count} rest on fewer readings."),
    "joints_examiner": N_("Dotted segments: change of examiner."),
    "joints_setting": N_("Dotted segments: change of device setting."),
    "joints_both": N_("Dotted segments: change of examiner or device setting."),
    "gaps": N_("Lines are not joined over gaps longer than a year."),
    "censored": N_("Arrow on a bar: only known to lie beyond the value written."),
    "no_value": N_("Dotted: a visit without a value, or only a limit, lies between."),
    "not_stated": N_("Hollow with ?: therapy not stated, counts for no therapy."),
    "doubtful": N_("Hollow with ?: doubtful value, in no result until it is confirmed."),
    "unreadable": N_("×: visit without a value{which}."),
    "left_out": N_("Not drawn as a lane: {names}."),
    "percent_baseline": N_("100 % is each site's baseline before {regimen}."),
    "percent_first": N_("100 % is each site's first reading."),
    "percent_without": N_("Not drawn, for want of a baseline: {names}."),
    "sites_hidden": N_("Sites not shown: {names}."),
    "course": N_(
        "From the first to the last reading, {site}: {word}, {values}. No therapy is recorded."
    ),
    "no_therapy": N_("No therapy is recorded."),
    "no_reading": N_("No reading of skin thickness."),
    "single_reading": N_("One reading. A change needs a second one."),
}  # fmt: skip


def _note(language: Language, key: str, **values: object) -> str:
    return gettext_in(language, _NOTES[key]).format(**values)


def notes_of(drawn: FigureContent) -> tuple[str, ...]:
    """Sentences that a reader needs beside the figure, in a fixed order."""
    return (
        *_empty_notes(drawn),
        *_percent_notes(drawn),
        *_point_notes(drawn),
        *_band_notes(drawn),
        *_outcome_band_notes(drawn),
        *_mark_notes(drawn),
        *_left_out_notes(drawn),
        *((drawn.view.remark,) if drawn.view.remark else ()),
    )


def _empty_notes(drawn: FigureContent) -> list[str]:
    language = drawn.when.language
    readings = sum(len(s.visits) for s in drawn.series)
    if readings == 0 and drawn.thickness:
        return [_note(language, "no_reading")]
    if readings == 1:
        return [_note(language, "single_reading")]
    return [_course_note(drawn)] if drawn.periods.frame.empty else []


def _course_note(drawn: FigureContent) -> str:
    """First against last reading of the site in focus, where there is no therapy."""
    language, row = drawn.when.language, drawn.course
    if row is None or not math.isfinite(row["change_mm"]):
        return _note(language, "no_therapy")
    site = next((s.phrase for s in drawn.series if s.focus), outcome_text(row["measure"], language))
    with speaking(language):
        said = answer_words(row, drawn.settings.min_readings)
        first = amount_text(row, row["baseline_mm"], unit=False)
        values = f"{first} → {amount_text(row, row['last_mm'])}"
        values = ", ".join(filter(None, (values, said.limit)))
    return _note(language, "course", site=site, word=said.word, values=values)


def _percent_notes(drawn: FigureContent) -> list[str]:
    if drawn.view.unit != "percent" or not drawn.series:
        return []
    language = drawn.when.language
    if drawn.focus_name:
        notes = [_note(language, "percent_baseline", regimen=drawn.focus_name)]
    else:
        notes = [_note(language, "percent_first")]
    without = [s.phrase for s in drawn.shown if not math.isfinite(s.scale)]
    if without:
        notes.append(_note(language, "percent_without", names=", ".join(without)))
    return notes


def _point_notes(drawn: FigureContent) -> list[str]:
    language = drawn.when.language
    curves = [c for p in drawn.thickness for c in p.curves if c.points]
    if not curves:
        return []
    n = drawn.usual_n
    many = _note(language, "mean_of", n=n) if n > 1 else _note(language, "one")
    context = [c for c in curves if not c.focus]
    focus = [c for c in curves if c.focus]
    unless = _note(language, "unless") if any(q.n < n for c in focus for q in c.points) else ""
    if context and focus:
        site = next(s.phrase for s in drawn.shown if s.focus)
        notes = [_note(language, "points_focus", site=site, many=many, unless=unless)]
    else:
        notes = [_note(language, "points", many=many, unless=unless)]
    fewer = sum(q.n < n for c in context for q in c.points)
    return [*notes, _note(language, "context_fewer", count=fewer)] if fewer else notes


def _band_notes(drawn: FigureContent) -> list[str]:
    language = drawn.when.language
    banded = [p for p in drawn.thickness if p.band]
    if not drawn.view.show_error_band or not (drawn.focus_name or banded):
        return []
    first = "" if drawn.focus_name else "_first"
    if not banded:
        site = next((s.phrase for s in drawn.shown if s.focus), "")
        known = {"site": site, "regimen": drawn.focus_name}
        return [_note(language, "no_band", **known)] if site else []
    if len(drawn.thickness) > 1:
        band = _note(language, f"bands{first}", regimen=drawn.focus_name)
    else:
        value = banded[0].band
        assert value is not None
        decimals, unit = (2, "mm") if drawn.view.unit == "mm" else (0, "%")
        low, base, high = (
            f"{number(v, decimals, language)} {unit}" if v is not None else "–"
            for v in (value.low, value.baseline, value.high)
        )
        limits = {"low": low, "base": base, "high": high}
        band = _note(language, f"band{first}", **limits, regimen=drawn.focus_name)
    return [band, *_error_notes(drawn)]


def _outcome_band_notes(drawn: FigureContent) -> list[str]:
    """The error behind the bands of outcomes, each with its source."""
    language = drawn.when.language
    banded = {p.title: p for p in drawn.panels if p.kind == "outcome" and p.band}
    notes = []
    for own in drawn.settings.outcome_settings:
        panel = banded.get(outcome_text(own.outcome, language))
        if panel is None:
            continue
        error = outcome_error_note(own, panel.unit, language)
        notes.append(f"{_note(language, 'outcome_band', name=panel.title)} {error}")
    return notes


def _error_notes(drawn: FigureContent) -> list[str]:
    language = drawn.when.language
    asked = drawn.shown if len(drawn.thickness) > 1 else [s for s in drawn.shown if s.focus]
    found: dict[tuple[float, float, str], list[str]] = {}
    for s in asked:
        error = error_model(drawn.settings, s.key.site, s.key.device)
        key = (float(error.sem_mm[0]), float(error.sem_fraction[0]), str(error.source[0]))
        found.setdefault(key, []).append(s.name)
    return [
        error_note(*key, sites=", ".join(names) if len(found) > 1 else "", language=language)
        for key, names in found.items()
    ]


def _mark_notes(drawn: FigureContent) -> list[str]:
    language = drawn.when.language
    curves = [c for p in drawn.panels for c in p.curves]
    keys = []
    if any(c.joints for c in curves) and any(p.rules for p in drawn.thickness):
        kinds = {r.text for p in drawn.thickness for r in p.rules}
        examiner, setting = (say(language, k) for k in ("new_examiner", "new_setting"))
        one_kind = {frozenset([examiner]): "examiner", frozenset([setting]): "setting"}
        keys.append("joints_" + one_kind.get(frozenset(kinds), "both"))
    if any(c.censored or p.unreadable for p in drawn.panels for c in p.curves if c.joints):
        keys.append("no_value")
    if any(len(c.runs) - 1 > len(c.joints) for c in curves):
        keys.append("gaps")
    if any(c.censored for c in curves):
        keys.append("censored")
    reasons = {d.reason for c in curves for d in c.doubtful}
    if reasons - {THERAPY_NOT_STATED}:
        keys.append("doubtful")
    if THERAPY_NOT_STATED in reasons:
        keys.append("not_stated")
    notes = [_note(language, key) for key in keys]
    if any(p.unreadable for p in drawn.thickness):
        notes.append(unreadable_note(language))
    return notes


def unreadable_note(language: Language, which: Sequence[str] = ()) -> str:
    """What the sign of a visit without a value means, and which sites it stands for."""
    sites = listed(dict.fromkeys(which), language)
    return _note(language, "unreadable", which=f" ({sites})" if sites else "")


def _left_out_notes(drawn: FigureContent) -> list[str]:
    language = drawn.when.language
    drawn_ids = {b.period_id for b in drawn.bars}
    frame = drawn.periods.frame
    absent = [
        n for n, i in zip(frame["therapy"], frame["period_id"], strict=True) if i not in drawn_ids
    ]
    names = ", ".join(dict.fromkeys(absent))
    notes = [_note(language, "left_out", names=names)] if names else []
    shown = {s.style for s in drawn.shown}
    hidden = [s.phrase for s in drawn.series if s.style not in shown]
    if hidden:
        notes.append(_note(language, "sites_hidden", names=", ".join(hidden)))
    return notes


def abbreviations_text(lanes: Sequence[Lane], language: Language) -> str:
    """Abbreviations of the lanes with what they stand for, each once."""
    return abbreviation_list([lane.regimen for lane in lanes], language)
