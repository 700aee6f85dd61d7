"""Records of all files together: one spelling a patient and site, each record once."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from sm_tracker.domain.records import (
    Choice,
    Event,
    Measurement,
    OutcomeReading,
    Place,
    Record,
    TherapyPeriod,
)
from sm_tracker.domain.standard_names import standard_name
from sm_tracker.ingest.cells.sites import read_site, similar_sites
from sm_tracker.ingest.files.grid import named_rows
from sm_tracker.ingest.messages.finding_log import Location
from sm_tracker.ingest.records.overlaps import report_overlaps
from sm_tracker.ingest.records.people import key_of_code
from sm_tracker.ingest.records.record_batch import RecordBatch
from sm_tracker.ingest.records.same_visits import (
    KEYS_OF_A_VISIT,
    settle_visits,
    without_repeats,
)
from sm_tracker.ingest.records.series import join_blanks
from sm_tracker.ingest.records.tag_runs import periods_of_tags
from sm_tracker.ingest.records.tags import Tag
from sm_tracker.ingest.tables.read_context import ReadContext
from sm_tracker.languages import Message, one_after_another, together

Named = TypeVar("Named", Measurement, TherapyPeriod, OutcomeReading, Event, Tag)


def join(batch: RecordBatch, context: ReadContext) -> RecordBatch:
    """Unify patient codes and sites, then settle duplicates and double visits."""
    batch = _rename_patients(batch, _unified_codes(batch, context))
    batch = _rename_patients(batch, _without_zeros(batch, context))
    measurements, series = join_blanks(
        _unified_sites(batch.measurements, context), batch.both_sides, context
    )
    batch = replace(batch, measurements=tuple(measurements), series=tuple(series))
    batch = _settle_tags(settle_visits(batch, context), context)
    therapies, courses_repeated = without_repeats(batch.therapies, context)
    report_overlaps(therapies, context)
    outcomes, outcomes_repeated = without_repeats(batch.outcomes, context)
    events, events_repeated = without_repeats(batch.events, context)
    batch = replace(
        batch, therapies=therapies, outcomes=outcomes, events=events,
        repeated=batch.repeated | courses_repeated | outcomes_repeated | events_repeated,
    )  # fmt: skip
    _check_axes(batch, context)
    return batch


def _settle_tags(batch: RecordBatch, context: ReadContext) -> RecordBatch:
    """Periods from the tags of readings; readings of which nobody said what ran are in doubt."""
    if not batch.tags or context.questions.waits_for(KEYS_OF_A_VISIT):
        return batch
    tagged = periods_of_tags(batch.tags, batch.therapies, context)
    return replace(
        batch,
        therapies=(*batch.therapies, *tagged.periods),
        measurements=tagged.in_doubt(batch.measurements),
        outcomes=tagged.in_doubt(batch.outcomes),
    )


# Patient codes


def _records(batch: RecordBatch) -> Iterable[Record]:
    yield from batch.measurements
    yield from batch.therapies
    yield from batch.outcomes
    yield from batch.events


def _unified_codes(batch: RecordBatch, context: ReadContext) -> dict[str, str]:
    counts = Counter(r.patient_id for r in _records(batch))
    groups: dict[str, list[str]] = defaultdict(list)
    for code in counts:
        groups[key_of_code(code)].append(code)
    renamed: dict[str, str] = {}
    for codes in groups.values():
        if len(codes) < 2:
            continue
        best = max(codes, key=lambda c: (counts[c], c == c.strip() and " " not in c))
        renamed |= {c: best for c in codes if c != best}
    for code, places in _places(batch, renamed).items():
        first = places[0]
        context.findings.add(
            "ids_unified", Location(first.file, first.sheet), first.row, value=code,
            code=renamed[code], rows=_rows_at(places),
        )  # fmt: skip
    return renamed


def _places(batch: RecordBatch, codes: Iterable[str]) -> dict[str, list[Place]]:
    """Where each of some codes stands."""
    wanted = set(codes)
    found: dict[str, list[Place]] = {}
    if wanted:
        for record in _records(batch):
            if record.patient_id in wanted:
                found.setdefault(record.patient_id, []).append(record.place)
    return found


def _rows_at(places: Sequence[Place]) -> Message:
    return named_rows(p.row or 0 for p in places if p.file == places[0].file)


def _rename_patients(batch: RecordBatch, renamed: Mapping[str, str]) -> RecordBatch:
    if not renamed:
        return batch
    return replace(
        batch,
        measurements=_renamed(batch.measurements, renamed),
        therapies=_renamed(batch.therapies, renamed),
        outcomes=_renamed(batch.outcomes, renamed),
        events=_renamed(batch.events, renamed),
        tags=_renamed(batch.tags, renamed),
    )


def _renamed(records: Sequence[Named], renamed: Mapping[str, str]) -> tuple[Named, ...]:
    return tuple(
        replace(r, patient_id=renamed[r.patient_id]) if r.patient_id in renamed else r
        for r in records
    )


def _without_zeros(batch: RecordBatch, context: ReadContext) -> dict[str, str]:
    """Ask whether codes that differ in leading zeros alone are one patient."""
    groups: dict[str, set[str]] = defaultdict(set)
    for code in {r.patient_id for r in _records(batch)}:
        groups[re.sub(r"(?<!\d)0+(?=\d)", "", key_of_code(code))].add(code)
    doubtful = {k: sorted(g, key=lambda c: (-len(c), c)) for k, g in groups.items() if len(g) > 1}
    if not doubtful:
        return {}
    places = _places(batch, {c for g in doubtful.values() for c in g})
    shown = one_after_another(
        [
            together([Message("{code} ({rows})", code=c, rows=_rows_at(places[c])) for c in group])
            for group in list(doubtful.values())[:6]
        ]
    )
    last = places[next(iter(doubtful.values()))[-1]][0]
    location = Location(last.file, last.sheet)
    answer = context.questions.ask(
        "leading_zeros",
        Message(
            "Patient IDs differ in leading zeros only: {shown}. A spreadsheet may have dropped "
            "the zeros. Are they the same patient?",
            shown=shown,
        ),
        (
            Choice(
                "same",
                Message(
                    "{n} patients: {names}",
                    n=len(doubtful),
                    names=", ".join(g[0] for g in list(doubtful.values())[:6]),
                ),
            ),
            Choice(
                "different",
                Message("{n} patients: {names}", n=sum(map(len, doubtful.values())), names=shown),
            ),
        ),
        location,
    )
    if answer != "same":
        return {}
    context.findings.add(
        "answer_applied",
        location,
        None,
        words=Message("patient IDs {shown} are the same patient", shown=shown),
    )
    return {c: g[0] for g in doubtful.values() for c in g[1:]}


# Sites


def _unified_sites(
    measurements: Sequence[Measurement], context: ReadContext
) -> Sequence[Measurement]:
    """Merge spellings of one site, file by file, after asking where words differ."""
    texts: dict[str, dict[str, Measurement]] = defaultdict(dict)
    counts: Counter[tuple[str, str]] = Counter()
    for m in measurements:
        texts[m.place.file].setdefault(m.site_text, m)
        counts[m.place.file, m.site_text] += 1
    renamed: dict[tuple[str, str], str | None] = {}
    for file, first in texts.items():
        if len(first) > 1:
            renamed |= _sites_of_file(file, first, counts, context)
    if not renamed:
        return measurements
    return [_with_site(m, renamed) for m in measurements]


def _with_site(m: Measurement, renamed: dict[tuple[str, str], str | None]) -> Measurement:
    key = (m.place.file, m.site_text)
    if key not in renamed:
        return m
    return replace(m, site=renamed[key] or m.site_text)


def _fold(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _sites_of_file(
    file: str, first: dict[str, Measurement], counts: Counter[tuple[str, str]], context: ReadContext
) -> dict[tuple[str, str], str | None]:
    renamed: dict[tuple[str, str], str | None] = {}
    groups = [list(g) for g in similar_sites(first)]
    _add_abbreviations(groups, first)
    doubtful = []
    for group in groups:
        best = max(group, key=lambda t: (read_site(t).known, counts[file, t]))
        site = first[best].site
        if len({_fold(t) for t in group}) > 1:
            doubtful.append((group, site))
            continue
        for text in group:
            if text != best:
                renamed[file, text] = site
                place = first[text].place
                context.findings.add(
                    "sites_unified", Location(file, place.sheet), place.row, value=text, site=site
                )
    if doubtful:
        renamed |= _ask_sites(file, first, doubtful, context)
    return renamed


def _add_abbreviations(groups: list[list[str]], first: dict[str, Measurement]) -> None:
    """Put an abbreviation such as UA to the site of the file that it may stand for."""
    for text in first:
        read = read_site(text)
        if read.known or not read.choices:
            continue
        for other in first:
            named = read_site(other)
            if named.known and named.site in read.choices and named.side == read.side:
                for group in groups:
                    if other in group:
                        group += [text] if text not in group else []
                        break
                else:
                    groups.append([other, text])
                break


def _ask_sites(
    file: str,
    first: dict[str, Measurement],
    doubtful: list[tuple[list[str], str]],
    context: ReadContext,
) -> dict[tuple[str, str], str | None]:
    location = Location(file)
    shown = "; ".join(" = ".join(f"'{t}'" for t in group) for group, _ in doubtful)
    spellings = sum(len(g) for g, _ in doubtful)
    answer = context.questions.ask(
        "sites",
        Message(
            "Body sites are spelt in several ways: {shown}. Should each group be merged into one "
            "site? Left and right stay apart.",
            shown=shown,
        ),
        (
            Choice(
                "merge",
                one_after_another(
                    [
                        Message(
                            "{site} ({n} spellings)", site=_site_words(first[g[0]], site), n=len(g)
                        )
                        for g, site in doubtful
                    ]
                ),
            ),
            Choice("keep", Message("{n} sites as they are spelt", n=spellings)),
        ),
        location,
    )
    renamed: dict[tuple[str, str], str | None] = {}
    for group, site in doubtful:
        renamed |= {(file, t): None if answer == "keep" else site for t in group}
        if answer == "merge":
            place = first[group[0]].place
            context.findings.add(
                "sites_merged",
                Location(file, place.sheet),
                place.row,
                site=site,
                spellings=", ".join(f"'{t}'" for t in group),
            )
    return renamed


def _site_words(m: Measurement, site: str) -> Message:
    side = _SIDE_WORDS.get(m.side)
    return (
        Message("{site} {side}", site=standard_name(site), side=side)
        if side
        else Message.of(standard_name(site))
    )


_SIDE_WORDS = {"left": Message("left"), "right": Message("right")}


# The time axis


def _on_date(record: Record) -> bool:
    return (record.start if isinstance(record, TherapyPeriod) else record.date) is not None


def _check_axes(batch: RecordBatch, context: ReadContext) -> None:
    """Warn where a patient has both calendar dates and day numbers."""
    dated: dict[str, Place] = {}
    numbered: dict[str, Place] = {}
    for record in _records(batch):
        (dated if _on_date(record) else numbered).setdefault(record.patient_id, record.place)
    for patient in dated.keys() & numbered.keys():
        place = numbered[patient]
        context.findings.add(
            "mixed_time_axes", Location(place.file, place.sheet), place.row, value=patient
        )
