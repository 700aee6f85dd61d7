"""Therapy cells of a table: standard names, what was mapped or split, what must be asked."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection
from dataclasses import dataclass, field

from sm_tracker.domain.records import Choice
from sm_tracker.domain.regimens import find_regimen
from sm_tracker.ingest.columns import plain_name
from sm_tracker.ingest.findings import Spot
from sm_tracker.ingest.mapping import Plan
from sm_tracker.ingest.run import Run
from sm_tracker.ingest.therapy_text import TherapyText, split_therapy
from sm_tracker.ingest.words import clean_text, starts_like_formula

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
    plan: Plan,
    run: Run | None,
    *,
    blank_is_none: bool = False,
    silent: Collection[str] = (),
    once: bool = False,
) -> Therapies:
    """Read the therapy column; without `run` nothing is reported or asked.

    With `blank_is_none` a blank cell, or one that says none, is no problem: the row has
    no therapy. Texts that are `silent` say as little as a blank. With `once` the reading of
    a text is reported for its first row only.
    """
    texts = [clean_text(c) for c in plan.cells("therapy")]
    known = {t: split_therapy("" if t in silent else t) for t in dict.fromkeys(texts)}
    names = {text: _names(text, parts, plan.spot, run) for text, parts in known.items()}
    therapies = Therapies([names[t] for t in texts], texts, [known[t] for t in texts])
    if run is None:
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
                run.report.add(code, plan.spot, plan.section.numbers[r],
                               column=plan.name("therapy"), value=text)  # fmt: skip
            continue
        _say_reading(plan, r, text, known[text], names[text], said, run)
    return therapies


def _names(text: str, parts: TherapyText, spot: Spot, run: Run | None) -> tuple[str, ...]:
    """Standard names of a cell, asking where an abbreviation has several meanings."""
    if parts.no_therapy:
        return ()
    if regimen := find_regimen(text):
        return (regimen.name,)
    if parts.several and not parts.choices:
        return parts.several
    if parts.known or not parts.choices or run is None:
        return (parts.therapy or text,)
    alias = parts.alias or text
    answer = run.interview.ask(
        f"therapy.{alias}",
        f"'{alias}' may mean {' or '.join(parts.choices)}. Which therapy is it?",
        (
            *(Choice(name, f"'{alias}' is read as {name}") for name in parts.choices),
            Choice(AS_WRITTEN, f"the name stays '{alias}'"),
        ),
        spot,
        free=bool,
    )
    return (alias if answer in (None, AS_WRITTEN) else answer,)


def _say_reading(
    plan: Plan, r: int, text: str, parts: TherapyText, names: tuple[str, ...],
    said: set[tuple[str, str]], run: Run,
) -> None:  # fmt: skip
    spot, row = plan.spot, plan.section.numbers[r]
    if starts_like_formula(text):
        run.report.add("formula_text", spot, row, column=plan.name("therapy"), value=text)
    if find_regimen(text):
        return
    if len(names) > 1:
        run.report.add("several_therapies", spot, row, value=text, therapies=" and ".join(names))
    if parts.unread:
        run.report.add(
            "therapy_part_unknown", spot, row, column=plan.name("therapy"), value=text,
            part=", ".join(parts.unread), therapies=" and ".join(names),
        )  # fmt: skip
    if not parts.known and len(names) == 1 and names[0] == parts.therapy:
        alias = parts.alias or text
        if ("unknown", alias.casefold()) not in said:
            said.add(("unknown", alias.casefold()))
            run.report.add("therapy_unknown", spot, row, value=alias)
    if parts.dose or parts.schedule or parts.cycles is not None:
        dose = ", ".join(p for p in (parts.dose, parts.schedule) if p) or f"{parts.cycles} cycles"
        run.report.add(
            "therapy_split", spot, row, column=plan.name("therapy"), value=text,
            therapy=" and ".join(names), dose=dose,
        )  # fmt: skip
    if parts.assumed and parts.known:
        run.report.add(
            "therapy_assumed", spot, row, value=parts.alias, therapy=names[0],
            others=" or ".join(parts.assumed),
        )  # fmt: skip
    elif parts.renamed and len(names) == 1:
        brand = _is_brand(parts)
        if brand or ("short", parts.alias.casefold()) not in said:
            said.add(("short", parts.alias.casefold()))
            code = "therapy_name_mapped" if brand else "therapy_abbreviation"
            regimen = find_regimen(names[0])
            atc = f" (ATC {regimen.atc})" if regimen and regimen.atc else ""
            run.report.add(code, spot, row, value=parts.alias, therapy=names[0], atc=atc)


def _is_brand(parts: TherapyText) -> bool:
    """Whether a name is a brand or old name, not an abbreviation or a translation."""
    alias, name = plain_name(parts.alias), plain_name(parts.therapy)
    if len(alias) <= 5 and parts.alias.upper() == parts.alias:
        return False
    if _DESCRIPTIVE.search(alias):
        return False
    return difflib.SequenceMatcher(None, alias, name).ratio() < 0.7


__all__ = ["AS_WRITTEN", "Therapies", "read_therapies"]
