"""Readings tagged with a therapy: what the rows of one table say of the therapy at their visit.

A tag is a cell of the column of therapies beside a reading. It says what ran on that day;
when it began or ended it does not say. A blank cell says nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from itertools import pairwise

from sm_tracker.domain.records import Choice, Kind, Place
from sm_tracker.ingest.cells.number_words import MISSING
from sm_tracker.ingest.cells.plain_names import plain_name, word_set
from sm_tracker.ingest.cells.short_texts import clean_text, read_number
from sm_tracker.ingest.cells.therapy_names import SAYS_NONE
from sm_tracker.ingest.cells.therapy_text import WHEN_AND_HOW, TherapyText
from sm_tracker.ingest.files.grid import is_blank, named_rows
from sm_tracker.ingest.records.people import read_patients
from sm_tracker.ingest.records.therapy_cells import AS_WRITTEN, Therapies, read_therapies
from sm_tracker.ingest.records.times import read_times
from sm_tracker.ingest.tables.columns import ColumnRoles
from sm_tracker.ingest.tables.read_context import ReadContext
from sm_tracker.languages import Message

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


def read_tags(roles: ColumnRoles, context: ReadContext) -> list[Tag]:
    """The tags of the rows whose patient and day are known, with a value or without one."""
    texts = [clean_text(c) for c in roles.cells("therapy")]
    silent = frozenset(t for t in texts if says_nothing(t))
    if all(t in silent for t in texts):
        return []
    therapies = read_therapies(roles, context, blank_is_none=True, silent=silent, once=True)
    names = _names(roles, therapies, silent, context)
    _say_none(roles, therapies, silent, context)
    # Codes and days were read before, with the readings, and all was said and asked about them.
    aside = context.aside()
    patients, times = read_patients(roles, aside), read_times(roles, aside)
    tags = []
    for r, number in enumerate(roles.section.numbers):
        day = times.dates[r] if times.dates[r] is not None else times.days[r]
        if day is None or r in patients.problems or r in times.problems:
            continue
        found, parts = names[texts[r]], therapies.parts[r]
        dose, note = _dose(roles, r, parts, found)
        tags.append(
            Tag(
                patient_id=patients.found[r],
                day=day,
                names=found,
                text=texts[r],
                dose=dose,
                note=note,
                route=_cell(roles, "route", r) or parts.route,
                kind=parts.kind,
                cycles=_cycles(roles, r, parts),
                place=roles.location.row(number),
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


def _cell(roles: ColumnRoles, role: str, r: int) -> str:
    if not roles.has(role) or is_blank(roles.cell(role, r)):
        return ""
    text = clean_text(roles.cell(role, r))
    return "" if says_nothing(text) else text


def _dose(
    roles: ColumnRoles, r: int, parts: TherapyText, names: tuple[str, ...] | None
) -> tuple[str, str]:
    """Dose with schedule, or as a note where it may belong to any of several therapies."""
    written = ", ".join(filter(None, (_cell(roles, role, r) for role in ("dose", "schedule"))))
    if not names:
        return "", written
    if len(names) > 1:
        return "", written
    return written or ", ".join(filter(None, (parts.dose, parts.schedule))), ""


def _cycles(roles: ColumnRoles, r: int, parts: TherapyText) -> int | None:
    number = read_number(roles.cell("cycles", r)) if roles.has("cycles") else None
    return int(number) if number is not None and number == int(number) else parts.cycles


def _say_none(
    roles: ColumnRoles, therapies: Therapies, silent: frozenset[str], context: ReadContext
) -> None:
    """Name the words that were read as no therapy."""
    rows = {
        r
        for r, parts in enumerate(therapies.parts)
        if parts.no_therapy and therapies.texts[r] not in silent
    }
    if rows:
        context.findings.add(
            "tags_of_no_therapy", roles.location, roles.section.numbers[min(rows)],
            column=roles.name("therapy"),
            value=", ".join(dict.fromkeys(therapies.texts[r] for r in sorted(rows))),
            rows=named_rows(roles.section.numbers[r] for r in sorted(rows)),
        )  # fmt: skip


# Tags with words that may turn their meaning


def _names(
    roles: ColumnRoles, therapies: Therapies, silent: frozenset[str], context: ReadContext
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
        found |= dict.fromkeys(texts, _asked(roles, texts, therapies, context))
    return found


def _unclear_words(text: str, parts: TherapyText, names: tuple[str, ...]) -> list[str]:
    """Words beside a therapy that may say that it ran before or later, or not at all."""
    plain = plain_name(text).split()
    if parts.stopped:
        return []  # a stop says by itself that nothing runs any more
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


def _asked(
    roles: ColumnRoles, texts: list[str], therapies: Therapies, context: ReadContext
) -> tuple[str, ...] | None:
    rows = [r for r, text in enumerate(therapies.texts) if text in texts]
    names = therapies.names[rows[0]]
    named = named_rows(roles.section.numbers[r] for r in rows)
    shown = ", ".join(f"'{t}'" for t in texts[:4])
    known = therapies.parts[rows[0]].known or len(names) > 1
    meanings: dict[str, tuple[str, ...] | None] = {}
    if known:
        meanings[" + ".join(names)] = names
        meanings |= {name: (name,) for name in names}
    else:
        meanings[AS_WRITTEN] = names
    meanings |= {NO_THERAPY: (), NOT_STATED: None}
    answer = context.questions.ask(
        f"therapy.{texts[0]}",
        Message(
            "The therapy of {rows} is written {words}. What ran at these readings?",
            rows=named,
            words=shown,
        ),
        (Choice(value, _preview(meant)) for value, meant in meanings.items()),
        roles.location,
        free=bool,
    )
    if answer is None:
        return names
    meant = meanings.get(answer, (answer,))
    context.findings.add(
        "tag_by_answer",
        roles.location,
        roles.section.numbers[rows[0]],
        column=roles.name("therapy"),
        value=", ".join(texts),
        rows=named,
        meaning=_preview(meant),
    )
    return meant


def _preview(meant: tuple[str, ...] | None) -> Message:
    if meant is None:
        return Message("not known: these readings count for no therapy and for no time without one")
    if not meant:
        return Message("no therapy ran")
    return Message("{therapies} ran", therapies=" + ".join(meant))


__all__ = ["NOT_STATED", "NO_THERAPY", "Day", "Tag", "read_tags", "says_nothing"]
