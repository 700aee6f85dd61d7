"""Sentences that a reader needs beside the figure, and its abbreviations."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sm_tracker.analysis.error.error_model import error_model
from sm_tracker.domain.records import THERAPY_NOT_STATED
from sm_tracker.domain.regimens import abbreviate
from sm_tracker.domain.settings import DEFAULT_SEM_SOURCE, OutcomeSetting
from sm_tracker.figures.answer_words import amount_text, answer_words
from sm_tracker.figures.languages import (
    choose,
    expansion,
    listed,
    number,
    outcome_text,
    say,
)
from sm_tracker.figures.timeline.alt_text import Drawn
from sm_tracker.figures.timeline.timeline_model import Lane
from sm_tracker.languages import Language, speaking

_SOURCE = (
    DEFAULT_SEM_SOURCE,
    "angenommen, Serup 1984 (doi 10.2340/0001555564214219), obere Grenzen",
    "hypothèse, Serup 1984 (doi 10.2340/0001555564214219), bornes supérieures",
)
_NOTES: dict[str, tuple[str, str, str]] = {
    "band": (
        "Grey band, {low} to {high}: baseline {base} before {regimen} and the change that "
        "measurement error alone can produce (95 %).",
        "Graues Band, {low} bis {high}: Ausgangswert {base} vor {regimen} und die Änderung, die "
        "der Messfehler allein bewirken kann (95 %).",
        "Bande grise, {low} à {high} : valeur initiale {base} avant {regimen} et la variation "
        "que l'erreur de mesure seule peut produire (95 %).",
    ),
    "bands": (
        "Grey bands: baseline of each site before {regimen} and the change that measurement "
        "error alone can produce (95 %).",
        "Graue Bänder: Ausgangswert jeder Stelle vor {regimen} und die Änderung, die der "
        "Messfehler allein bewirken kann (95 %).",
        "Bandes grises : valeur initiale de chaque site avant {regimen} et la variation que "
        "l'erreur de mesure seule peut produire (95 %).",
    ),
    "band_first": (
        "Grey band, {low} to {high}: first reading {base} and the change that measurement error "
        "alone can produce (95 %).",
        "Graues Band, {low} bis {high}: erste Messung {base} und die Änderung, die der Messfehler "
        "allein bewirken kann (95 %).",
        "Bande grise, {low} à {high} : première mesure {base} et la variation que l'erreur de "
        "mesure seule peut produire (95 %).",
    ),
    "bands_first": (
        "Grey bands: first reading of each site and the change that measurement error alone can "
        "produce (95 %).",
        "Graue Bänder: erste Messung jeder Stelle und die Änderung, die der Messfehler allein "
        "bewirken kann (95 %).",
        "Bandes grises : première mesure de chaque site et la variation que l'erreur de mesure "
        "seule peut produire (95 %).",
    ),
    "outcome_band": (
        "{name}, grey band: change that measurement error alone can produce (95 %).",
        "{name}, graues Band: Änderung, die der Messfehler allein bewirken kann (95 %).",
        "{name}, bande grise : variation que l'erreur de mesure seule peut produire (95 %).",
    ),
    "outcome_error": (
        "Error of one value: {error} ({source}).",
        "Fehler eines Werts: {error} ({source}).",
        "Erreur d'une valeur : {error} ({source}).",
    ),
    "outcome_errors": (
        "Error of one value: the larger of {error} and {share} ({source}).",
        "Fehler eines Werts: der größere Wert von {error} und {share} ({source}).",
        "Erreur d'une valeur : la plus grande de {error} et {share} ({source}).",
    ),
    "no_band": (
        "No error band: no baseline reading of {site} in the window before {regimen}.",
        "Kein Fehlerband: keine Ausgangsmessung ({site}) im Fenster vor {regimen}.",
        "Pas de bande d'erreur : aucune mesure initiale ({site}) dans la fenêtre avant {regimen}.",
    ),
    "error": (
        "Error of one visit value{where}: the larger of {floor} mm and {share} % ({source}).",
        "Fehler eines Visitenwerts{where}: der größere Wert von {floor} mm und {share} % "
        "({source}).",
        "Erreur d'une valeur de visite{where} : la plus grande de {floor} mm et {share} % "
        "({source}).",
    ),
    "points_focus": (
        "Filled marks: {site}; each point is {many}{unless}.",
        "Gefüllte Zeichen: {site}; jeder Punkt ist {many}{unless}.",
        "Signes pleins : {site} ; chaque point est {many}{unless}.",
    ),
    "points": (
        "Each point is {many}{unless}.",
        "Jeder Punkt ist {many}{unless}.",
        "Chaque point est {many}{unless}.",
    ),
    "mean_of": (
        "the mean of {n} readings",
        "das Mittel aus {n} Messungen",
        "la moyenne de {n} mesures",
    ),
    "one": ("one reading", "eine Messung", "une mesure"),
    "unless": (" unless n is given", ", sofern n nicht angegeben ist", " sauf si n est indiqué"),
    "context_fewer": (
        "Of the open marks, {count} rest on fewer readings.",
        "Von den offenen Zeichen beruhen {count} auf weniger Messungen.",
        "Parmi les signes ouverts, {count} reposent sur moins de mesures.",
    ),
    "joints_examiner": (
        "Dotted segments: change of examiner.",
        "Gepunktete Abschnitte: Wechsel des Untersuchers.",
        "Segments pointillés : changement d'examinateur.",
    ),
    "joints_setting": (
        "Dotted segments: change of device setting.",
        "Gepunktete Abschnitte: Wechsel der Geräteeinstellung.",
        "Segments pointillés : changement de réglage de l'appareil.",
    ),
    "joints_both": (
        "Dotted segments: change of examiner or device setting.",
        "Gepunktete Abschnitte: Wechsel des Untersuchers oder der Geräteeinstellung.",
        "Segments pointillés : changement d'examinateur ou de réglage.",
    ),
    "gaps": (
        "Lines are not joined over gaps longer than a year.",
        "Über Lücken von mehr als einem Jahr sind Linien nicht verbunden.",
        "Les lignes ne relient pas les intervalles de plus d'un an.",
    ),
    "censored": (
        "Arrow on a bar: only known to lie beyond the value written.",
        "Pfeil auf Balken: nur bekannt, dass der Wert jenseits des genannten liegt.",
        "Flèche sur barre : valeur connue seulement comme au-delà de celle indiquée.",
    ),
    "not_stated": (
        "Hollow with ?: therapy not stated, counts for no therapy.",
        "Hohl mit ?: Therapie nicht angegeben, zählt zu keiner Therapie.",
        "Creux avec ? : traitement non précisé, ne compte pour aucun traitement.",
    ),
    "doubtful": (
        "Hollow with ?: doubtful value, in no result until it is confirmed.",
        "Hohl mit ?: fraglicher Wert, zählt erst nach Bestätigung.",
        "Creux avec ? : valeur douteuse, non comptée avant confirmation.",
    ),
    "unreadable": (
        "×: visit without a value{which}.",
        "×: Visite ohne Wert{which}.",
        "× : visite sans valeur{which}.",
    ),
    "left_out": (
        "Not drawn as a lane: {names}.",
        "Nicht als Balken gezeichnet: {names}.",
        "Non représenté : {names}.",
    ),
    "percent_baseline": (
        "100 % is each site's baseline before {regimen}.",
        "100 % ist der Ausgangswert jeder Stelle vor {regimen}.",
        "100 % est la valeur initiale de chaque site avant {regimen}.",
    ),
    "percent_first": (
        "100 % is each site's first reading.",
        "100 % ist die erste Messung jeder Stelle.",
        "100 % est la première mesure de chaque site.",
    ),
    "percent_without": (
        "Not drawn, for want of a baseline: {names}.",
        "Mangels Ausgangswert nicht gezeichnet: {names}.",
        "Non représenté faute de valeur initiale : {names}.",
    ),
    "sites_hidden": (
        "Sites not shown: {names}.",
        "Nicht gezeigte Stellen: {names}.",
        "Sites non montrés : {names}.",
    ),
    "course": (
        "From the first to the last reading, {site}: {word}, {values}. No therapy is recorded.",
        "Von der ersten bis zur letzten Messung, {site}: {word}, {values}. Keine Therapie "
        "dokumentiert.",
        "De la première à la dernière mesure, {site} : {word}, {values}. Aucun traitement "
        "enregistré.",
    ),
    "no_therapy": (
        "No therapy is recorded.",
        "Keine Therapie dokumentiert.",
        "Aucun traitement enregistré.",
    ),
    "no_reading": (
        "No reading of skin thickness.",
        "Keine Messung der Hautdicke.",
        "Aucune mesure d'épaisseur cutanée.",
    ),
    "single_reading": (
        "One reading. A change needs a second one.",
        "Eine Messung. Eine Änderung braucht eine zweite.",
        "Une mesure. Une variation en demande une seconde.",
    ),
}  # fmt: skip


def _note(language: Language, key: str, **values: object) -> str:
    return choose(language, _NOTES[key]).format(**values)


def notes_of(drawn: Drawn) -> tuple[str, ...]:
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


def _empty_notes(drawn: Drawn) -> list[str]:
    language = drawn.when.language
    readings = sum(len(s.visits) for s in drawn.series)
    if readings == 0 and drawn.thickness:
        return [_note(language, "no_reading")]
    if readings == 1:
        return [_note(language, "single_reading")]
    return [_course_note(drawn)] if drawn.periods.frame.empty else []


def _course_note(drawn: Drawn) -> str:
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


def _percent_notes(drawn: Drawn) -> list[str]:
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


def _point_notes(drawn: Drawn) -> list[str]:
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


def _band_notes(drawn: Drawn) -> list[str]:
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


def _outcome_band_notes(drawn: Drawn) -> list[str]:
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


def outcome_error_note(own: OutcomeSetting, unit: str, language: Language) -> str:
    """The error of one value of an outcome with its source, in a sentence."""
    parts = [f"{plain_number(own.sem, language)} {unit}".strip()] if own.sem else []
    parts += [f"{plain_number(100 * own.sem_fraction, language)} %"] if own.sem_fraction else []
    key = "outcome_errors" if len(parts) > 1 else "outcome_error"
    names = {"error": parts[0], "share": parts[-1], "source": own.source}
    return _note(language, key, **names)


def _error_notes(drawn: Drawn) -> list[str]:
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
    return choose(language, _SOURCE) if source == DEFAULT_SEM_SOURCE else source


def _mark_notes(drawn: Drawn) -> list[str]:
    language = drawn.when.language
    curves = [c for p in drawn.panels for c in p.curves]
    keys = []
    if any(c.joints for c in curves):
        kinds = {r.text for p in drawn.thickness for r in p.rules}
        examiner, setting = (say(language, k) for k in ("new_examiner", "new_setting"))
        one_kind = {frozenset([examiner]): "examiner", frozenset([setting]): "setting"}
        keys.append("joints_" + one_kind.get(frozenset(kinds), "both"))
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


def _left_out_notes(drawn: Drawn) -> list[str]:
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


def abbreviation_list(regimens: Sequence[str], language: Language) -> str:
    """Short labels of regimens with what they stand for, each once, as one sentence."""
    found = {abbreviate(r): expansion(r, language) for r in regimens}
    pairs = [f"{short}, {full}" for short, full in found.items() if full]
    return listed(pairs, language) + "." if pairs else ""
