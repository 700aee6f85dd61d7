"""Readings tagged with a therapy: what the rows of one table say of the therapy at their visit.

A tag is a cell of the column of therapies beside a reading. It says what ran on that day;
when it began or ended it does not say. A blank cell says nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from itertools import pairwise

from sm_tracker.domain.records import Choice, Kind, Place
from sm_tracker.ingest.column_names import word_set
from sm_tracker.ingest.columns import plain_name
from sm_tracker.ingest.mapping import Plan
from sm_tracker.ingest.number_words import MISSING
from sm_tracker.ingest.people import read_patients
from sm_tracker.ingest.run import Run
from sm_tracker.ingest.tables import is_blank, named_rows
from sm_tracker.ingest.therapy_cells import AS_WRITTEN, Therapies, read_therapies
from sm_tracker.ingest.therapy_names import SAYS_NONE
from sm_tracker.ingest.therapy_text import WHEN_AND_HOW, TherapyText
from sm_tracker.ingest.times import read_times
from sm_tracker.ingest.words import clean_text, read_number
from sm_tracker.languages import gettext as _

NO_THERAPY, NOT_STATED = "no-therapy", "not-stated"
Day = dt.date | int
_RUNNING = word_set("under unter sous on seit since depuis")
_MAY_HAVE_ENDED = word_set("arret stop pause apres nach after danach ensuite")
_NEGATIONS = word_set("no none kein keine ohne without sans aucun aucune pas off before vor avant "
                      "nach after apres")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """What one row says of the therapy at its visit.

    `names` are the standard names of all that ran, none if the row says that nothing did;
    None where it says neither.
    """

    patient_id: str
    day: Day
    names: tuple[str, ...] | None
    text: str = ""
    dose: str = ""
    route: str = ""
    kind: Kind = ""
    cycles: int | None = None
    note: str = ""
    place: Place = field(default_factory=Place)


def are_tags(plan: Plan) -> bool:
    """Whether a column of therapies tags readings, with no dates of courses beside it."""
    return plan.has("therapy") and not (plan.has("start") or plan.has("start_day"))


def read_tags(plan: Plan, run: Run) -> list[Tag]:
    """The tags of the rows whose patient and day are known, with a value or without one."""
    texts = [clean_text(c) for c in plan.cells("therapy")]
    silent = frozenset(t for t in texts if says_nothing(t))
    if all(t in silent for t in texts):
        return []
    therapies = read_therapies(plan, run, blank_is_none=True, silent=silent, once=True)
    names = _names(plan, therapies, silent, run)
    _say_none(plan, therapies, silent, run)
    # Codes and days were read before, with the readings, and all was said and asked about them.
    aside = run.aside()
    patients, times = read_patients(plan, aside), read_times(plan, aside)
    tags = []
    for r, number in enumerate(plan.section.numbers):
        day = times.dates[r] if times.dates[r] is not None else times.days[r]
        if day is None or r in patients.problems or r in times.problems:
            continue
        found, parts = names[texts[r]], therapies.parts[r]
        dose, note = _dose(plan, r, parts, found)
        tags.append(
            Tag(
                patient_id=patients.found[r],
                day=day,
                names=found,
                text=texts[r],
                dose=dose,
                note=note,
                route=_cell(plan, "route", r) or parts.route,
                kind=parts.kind,
                cycles=_cycles(plan, r, parts),
                place=plan.spot.row(number),
            )
        )
    return tags


def says_nothing(text: str) -> bool:
    """Whether a cell of therapies is blank or as good as blank.

    Examples
    --------
    >>> says_nothing("?"), says_nothing("k.A."), says_nothing("none"), says_nothing("keine")
    (True, True, False, False)
    """
    plain = text.casefold().rstrip(".!")
    return plain in MISSING and plain not in SAYS_NONE


def _cell(plan: Plan, role: str, r: int) -> str:
    if not plan.has(role) or is_blank(plan.cell(role, r)):
        return ""
    text = clean_text(plan.cell(role, r))
    return "" if says_nothing(text) else text


def _dose(plan: Plan, r: int, parts: TherapyText, names: tuple[str, ...] | None) -> tuple[str, str]:
    """Dose with schedule, or as a note where it may belong to any of several therapies."""
    written = ", ".join(filter(None, (_cell(plan, role, r) for role in ("dose", "schedule"))))
    if not names:
        return "", written
    if len(names) > 1:
        return "", written
    return written or ", ".join(filter(None, (parts.dose, parts.schedule))), ""


def _cycles(plan: Plan, r: int, parts: TherapyText) -> int | None:
    number = read_number(plan.cell("cycles", r)) if plan.has("cycles") else None
    return int(number) if number is not None and number == int(number) else parts.cycles


def _say_none(plan: Plan, therapies: Therapies, silent: frozenset[str], run: Run) -> None:
    """Name the words that were read as no therapy."""
    rows = {
        r
        for r, parts in enumerate(therapies.parts)
        if parts.no_therapy and therapies.texts[r] not in silent
    }
    if rows:
        run.report.add(
            "tags_of_no_therapy", plan.spot, plan.section.numbers[min(rows)],
            column=plan.name("therapy"),
            value=", ".join(dict.fromkeys(therapies.texts[r] for r in sorted(rows))),
            rows=named_rows(plan.section.numbers[r] for r in sorted(rows)),
        )  # fmt: skip


# Tags with words that may turn their meaning


def _names(
    plan: Plan, therapies: Therapies, silent: frozenset[str], run: Run
) -> dict[str, tuple[str, ...] | None]:
    """What ran, by the text of the tag; asked where words beside the therapy leave it open."""
    found: dict[str, tuple[str, ...] | None] = dict.fromkeys(silent)
    unclear: dict[tuple[object, ...], list[str]] = {}
    for r, text in enumerate(therapies.texts):
        if text in found:
            continue
        found[text] = therapies.names[r]
        if words := _unclear_words(text, therapies.parts[r], therapies.names[r]):
            unclear.setdefault((therapies.names[r], *words), []).append(text)
    for texts in unclear.values():
        found |= dict.fromkeys(texts, _asked(plan, texts, therapies, run))
    return found


def _unclear_words(text: str, parts: TherapyText, names: tuple[str, ...]) -> list[str]:
    """Words beside a therapy that may say that it ran before or later, or not at all."""
    plain = plain_name(text).split()
    if parts.no_therapy or (parts.choices and not parts.known):
        return []
    if not parts.known and not parts.several:
        return [w for w in plain if w in _NEGATIONS]
    if "->" in text or "→" in text:
        return ["→"]
    named = {w for part in parts.unread for w in plain_name(part).split()}
    neutral = _RUNNING | named | (WHEN_AND_HOW - _MAY_HAVE_ENDED)
    words = plain_name(parts.rest).split()
    counted = {w for w, after in pairwise(words) if any(c.isdigit() for c in after)}  # week 4
    return [w for w in words if w.isalpha() and len(w) > 1 and w not in neutral | counted]


def _asked(plan: Plan, texts: list[str], therapies: Therapies, run: Run) -> tuple[str, ...] | None:
    rows = [r for r, text in enumerate(therapies.texts) if text in texts]
    names = therapies.names[rows[0]]
    named = named_rows(plan.section.numbers[r] for r in rows)
    shown = ", ".join(f"'{t}'" for t in texts[:4])
    known = therapies.parts[rows[0]].known or len(names) > 1
    meanings: dict[str, tuple[str, ...] | None] = {}
    if known:
        meanings[" + ".join(names)] = names
        meanings |= {name: (name,) for name in names}
    else:
        meanings[AS_WRITTEN] = names
    meanings |= {NO_THERAPY: (), NOT_STATED: None}
    answer = run.interview.ask(
        f"therapy.{texts[0]}",
        _("The therapy of {rows} is written {words}. What ran at these readings?").format(
            rows=named, words=shown
        ),
        (Choice(value, _preview(meant)) for value, meant in meanings.items()),
        plan.spot,
        free=bool,
    )
    if answer is None:
        return names
    meant = meanings.get(answer, (answer,))
    run.report.add(
        "tag_by_answer", plan.spot, plan.section.numbers[rows[0]], column=plan.name("therapy"),
        value=", ".join(texts), rows=named, meaning=_preview(meant),
    )  # fmt: skip
    return meant


def _preview(meant: tuple[str, ...] | None) -> str:
    if meant is None:
        return _("not known: these readings count for no therapy and for no time without one")
    return (
        _("{therapies} ran").format(therapies=" + ".join(meant)) if meant else _("no therapy ran")
    )


__all__ = ["NOT_STATED", "NO_THERAPY", "Day", "Tag", "are_tags", "read_tags", "says_nothing"]
