"""Therapy cells of a table: standard names, what was mapped or split, what must be asked."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from rapidfuzz.distance import Indel

from sm_tracker.domain.records import Choice
from sm_tracker.domain.regimens import find_regimen
from sm_tracker.domain.standard_names import standard_name
from sm_tracker.ingest.cells.plain_names import plain_name
from sm_tracker.ingest.cells.short_texts import clean_text, starts_like_formula
from sm_tracker.ingest.cells.therapy_text import TherapyText, kept_words, split_therapy
from sm_tracker.ingest.messages.finding_log import Location
from sm_tracker.ingest.tables.columns import ColumnRoles
from sm_tracker.ingest.tables.read_context import ReadContext
from sm_tracker.languages import Message, one_of, together

AS_WRITTEN = "as-written"
_DESCRIPTIVE = re.compile(
    r"immun|globulin|pherese|pheresis|pherese|phototherap|photochem|photochim|stammzell|stem cell|"
    r"plasma|kortison|cortison|steroid|cortico|bestrahl|radio|physio|lymph|uva|uvb|puva|licht|"
    r"greffe|transplant|interferon|retin"
)


@dataclass(slots=True)
class Therapies:
    """Therapy cells of a table; a cell that names several therapies has several names."""

    names: list[tuple[str, ...]]
    texts: list[str]
    parts: list[TherapyText]
    problems: dict[int, str] = field(default_factory=dict)


def read_therapies(
    roles: ColumnRoles,
    context: ReadContext | None,
    *,
    blank_is_none: bool = False,
    silent: Collection[str] = (),
    once: bool = False,
) -> Therapies:
    """Read the therapy column; without `context` nothing is reported or asked.

    With `blank_is_none` a blank cell, or one that says none, is no problem: the row has
    no therapy. Texts that are `silent` say as little as a blank. With `once` the reading of
    a text is reported for its first row only.
    """
    texts = [clean_text(c) for c in roles.cells("therapy")]
    known = {t: split_therapy("" if t in silent else t) for t in dict.fromkeys(texts)}
    names = {text: _names(text, parts, roles.location, context) for text, parts in known.items()}
    therapies = Therapies([names[t] for t in texts], texts, [known[t] for t in texts])
    if context is None:
        return therapies
    said: set[tuple[str, str]] = set()
    told: set[str] = set()
    for r, text in enumerate(texts):
        if once and text in told:
            continue
        told.add(text)
        if known[text].no_therapy:
            if not blank_is_none:
                code = "no_therapy_row" if text else "missing_therapy"
                therapies.problems[r] = code
                context.findings.add(code, roles.location, roles.section.numbers[r],
                               column=roles.name("therapy"), value=text)  # fmt: skip
            continue
        parts = known[text]
        if parts.stopped and blank_is_none:
            therapies.names[r] = ()
            context.findings.add(
                "course_stopped_by_tag", roles.location, roles.section.numbers[r], value=text,
                therapy=parts.therapy,
            )  # fmt: skip
            continue
        _say_reading(roles, r, text, parts, names[text], said, context)
    return therapies


def _names(
    text: str, parts: TherapyText, location: Location, context: ReadContext | None
) -> tuple[str, ...]:
    """Standard names of a cell, asking where an abbreviation has several meanings."""
    if parts.no_therapy:
        return ()
    if regimen := find_regimen(text):
        return (regimen.name,)
    if parts.several and not parts.choices:
        return parts.several
    if parts.known or not parts.choices or context is None:
        return (parts.therapy or text,)
    alias = parts.alias or text
    answer = context.questions.ask(
        f"therapy.{alias}",
        Message(
            "'{alias}' may mean {names}. Which therapy is it?",
            alias=alias,
            names=one_of(list(map(standard_name, parts.choices))),
        ),
        (
            *(
                Choice(
                    name,
                    Message("'{alias}' is read as {name}", alias=alias, name=standard_name(name)),
                )
                for name in parts.choices
            ),
            Choice(AS_WRITTEN, Message("the name stays '{alias}'", alias=alias)),
        ),
        location,
        free=bool,
    )
    return (alias if answer in (None, AS_WRITTEN) else answer,)


def _say_reading(
    roles: ColumnRoles, r: int, text: str, parts: TherapyText, names: tuple[str, ...],
    said: set[tuple[str, str]], context: ReadContext,
) -> None:  # fmt: skip
    location, row = roles.location, roles.section.numbers[r]
    if starts_like_formula(text):
        context.findings.add(
            "formula_text", location, row, column=roles.name("therapy"), value=text
        )
    if find_regimen(text):
        return
    if len(names) > 1:
        context.findings.add(
            "several_therapies",
            location,
            row,
            value=text,
            therapies=together(list(map(standard_name, names))),
        )
    if parts.unread:
        context.findings.add(
            "therapy_part_unknown", location, row, column=roles.name("therapy"), value=text,
            part=", ".join(parts.unread), therapies=together(list(map(standard_name, names))),
        )  # fmt: skip
    if not parts.known and len(names) == 1 and names[0] == parts.therapy:
        alias = parts.alias or text
        if ("unknown", alias.casefold()) not in said:
            said.add(("unknown", alias.casefold()))
            context.findings.add("therapy_unknown", location, row, value=alias)
    if len(names) == 1 and (words := kept_words(parts)):
        context.findings.add(
            "therapy_words_kept", location, row, value=text, words=words, therapy=names[0]
        )
    if parts.dose or parts.schedule or parts.cycles is not None:
        dose = [p for p in (parts.dose, parts.schedule) if p] or Message.counted(
            "{n} cycle", "{n} cycles", n=parts.cycles or 0
        )
        context.findings.add(
            "therapy_split", location, row, column=roles.name("therapy"), value=text,
            therapy=together(list(map(standard_name, names))), dose=dose,
        )  # fmt: skip
    if parts.assumed and parts.known:
        context.findings.add(
            "therapy_assumed", location, row, value=parts.alias, therapy=names[0],
            others=one_of(list(map(standard_name, parts.assumed))),
        )  # fmt: skip
    elif parts.renamed and len(names) == 1:
        brand = _is_brand(parts)
        if brand or ("short", parts.alias.casefold()) not in said:
            said.add(("short", parts.alias.casefold()))
            code = "therapy_name_mapped" if brand else "therapy_abbreviation"
            regimen = find_regimen(names[0])
            atc = f" (ATC {regimen.atc})" if regimen and regimen.atc else ""
            context.findings.add(code, location, row, value=parts.alias, therapy=names[0], atc=atc)


def _is_brand(parts: TherapyText) -> bool:
    """Whether a name is a brand or old name, not an abbreviation or a translation."""
    alias, name = plain_name(parts.alias), plain_name(parts.therapy)
    if len(alias) <= 5 and parts.alias.upper() == parts.alias:
        return False
    if _DESCRIPTIVE.search(alias):
        return False
    return Indel.normalized_similarity(alias, name) < 0.7


__all__ = ["AS_WRITTEN", "Therapies", "read_therapies"]
