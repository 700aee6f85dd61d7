"""Records of all files together: one spelling a patient and site, each record once."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from sm_tracker.domain.records import Choice, Measurement, OutcomeReading, Place, TherapyPeriod
from sm_tracker.domain.standard_names import standard_name
from sm_tracker.ingest.cells.sites import read_site, similar_sites
from sm_tracker.ingest.files.grid import named_rows
from sm_tracker.ingest.messages.finding_log import Location
from sm_tracker.ingest.records.overlaps import report_overlaps
from sm_tracker.ingest.records.people import key_of_code
from sm_tracker.ingest.records.record_batch import RecordBatch
from sm_tracker.ingest.records.series import join_blanks
from sm_tracker.ingest.records.tag_runs import periods_of_tags
from sm_tracker.ingest.records.tags import Tag
from sm_tracker.ingest.tables.read_context import ReadContext
from sm_tracker.languages import Message, one_after_another, together

Record = TypeVar("Record", Measurement, TherapyPeriod, OutcomeReading)
Named = TypeVar("Named", Measurement, TherapyPeriod, OutcomeReading, Tag)


def join(batch: RecordBatch, context: ReadContext) -> RecordBatch:
    """Unify patient codes and sites, then settle duplicates and double visits."""
    batch = _rename_patients(batch, _unified_codes(batch, context))
    batch = _rename_patients(batch, _without_zeros(batch, context))
    measurements, series = join_blanks(
        _unified_sites(batch.measurements, context), batch.both_sides, context
    )
    batch = replace(batch, measurements=tuple(measurements), series=tuple(series))
    batch = _settle_tags(settle_visits(batch, context), context)
    therapies, courses_repeated = _once(batch.therapies, context)
    report_overlaps(therapies, context)
    outcomes, outcomes_repeated = _once(batch.outcomes, context)
    batch = replace(
        batch, therapies=therapies, outcomes=outcomes,
        repeated=batch.repeated | courses_repeated | outcomes_repeated,
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


def _records(batch: RecordBatch) -> Iterable[Measurement | TherapyPeriod | OutcomeReading]:
    yield from batch.measurements
    yield from batch.therapies
    yield from batch.outcomes


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
            "Body sites are spelt in several ways: {shown}. Shall each group be merged into one "
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


# Duplicates and double visits

Visit = tuple[object, ...]


KEYS_OF_A_VISIT = (
    "patient_id", "site", "date_order", "column.patient_id", "column.site", "column.date",
    "column.thickness", "series.",
)  # fmt: skip
"""Questions whose answers decide which readings are of one visit."""


def settle_visits(batch: RecordBatch, context: ReadContext) -> RecordBatch:
    """Count exact duplicates once; ask what different values of one visit are."""
    measurements = batch.measurements
    groups: dict[Visit, list[int]] = {}
    for i, (m, own) in enumerate(zip(measurements, batch.series, strict=True)):
        key = (m.patient_id, m.date, m.day, own, m.replicate, m.examiner)
        groups.setdefault(key, []).append(i)
    if len(groups) == len(measurements) or context.questions.waits_for(KEYS_OF_A_VISIT):
        return batch  # in the latter case it is not known yet what is one visit
    several = [g for g in groups.values() if len(g) > 1]
    alike = [g for g in several if len({_content(measurements[i]) for i in g}) == 1]
    repeats = {i: g[0] for g in alike for i in g[1:]}
    _say_duplicates(measurements, repeats, context)
    conflicts = [g for g in several if g not in alike]
    changed, corrected = _ask_conflicts(measurements, conflicts, context)
    gone = repeats.keys() | corrected
    kept = [i for i in range(len(measurements)) if i not in gone]
    return replace(
        batch,
        measurements=tuple(changed.get(i, measurements[i]) for i in kept),
        series=tuple(batch.series[i] for i in kept),
        repeated=batch.repeated | {measurements[i].place for i in gone},
    )


def _content(m: Measurement) -> Visit:
    return (m.thickness_mm, m.qualifier, m.status, m.sd_mm)


def _say_duplicates(
    measurements: Sequence[Measurement], repeats: Mapping[int, int], context: ReadContext
) -> None:
    said = set()
    for i, first in repeats.items():
        place, other = measurements[i].place, measurements[first].place
        if place in said:
            continue
        said.add(place)
        context.findings.add(
            "duplicate_row", Location(place.file, place.sheet), place.row,
            other=_named_place(other, place),
        )  # fmt: skip


def _named_place(place: Place, beside: Place) -> Message:
    if place.file != beside.file:
        return Message("{row} of {file}", row=place.row, file=place.file)
    if place.sheet != beside.sheet:
        return Message("{row} of sheet {sheet}", row=place.row, sheet=place.sheet)
    return Message.verbatim(f"{place.row}")


def _ask_conflicts(
    measurements: Sequence[Measurement],
    conflicts: list[list[int]],
    context: ReadContext,
) -> tuple[dict[int, Measurement], set[int]]:
    """Replicates with their numbers, and values that a later one corrects, as answers say."""
    changed: dict[int, Measurement] = {}
    corrected: set[int] = set()
    by_file: dict[str, list[list[int]]] = defaultdict(list)
    for indexes in conflicts:
        by_file[measurements[indexes[-1]].place.file].append(indexes)
    for file, groups in by_file.items():
        answer = _ask_same_visit(measurements, groups, Location(file), context)
        for indexes in groups:
            if answer == "correction":
                _say_corrected(measurements, indexes, context)
                corrected.update(indexes[:-1])
            else:
                changed |= {i: replace(measurements[i], replicate=n)
                            for n, i in enumerate(indexes, start=1)}  # fmt: skip
                if answer:
                    place = measurements[indexes[0]].place
                    context.findings.add(
                        "read_as_replicates", Location(place.file, place.sheet), place.row,
                        rows=_rows_words(measurements, indexes),
                    )  # fmt: skip
    return changed, corrected


def _rows_words(measurements: Sequence[Measurement], indexes: Sequence[int]) -> Message:
    return together([str(n) for n in dict.fromkeys(measurements[i].place.row for i in indexes)])


def _ask_same_visit(
    measurements: Sequence[Measurement],
    groups: list[list[int]],
    location: Location,
    context: ReadContext,
) -> str | None:
    def values(indexes: list[int]) -> Message:
        return together([_value_words(measurements[i]) for i in indexes])

    example = groups[0]
    m = measurements[example[0]]
    visits = [
        Message("rows {rows} ({values})", rows=_rows_words(measurements, g), values=values(g))
        for g in groups[:8]
    ]
    if len(groups) > 8:
        visits.append(Message("and {n} more visits", n=len(groups) - 8))
    usable = [x for i in example if (x := measurements[i].thickness_mm) is not None]
    mean = Message("{mm:.3f} mm", mm=sum(usable) / len(usable)) if usable else Message("no value")
    return context.questions.ask(
        "same_visit",
        Message(
            "The same visit (patient, date and site) has different, conflicting values: "
            "{shown}. Are they replicates, or is the later row a correction?",
            shown=one_after_another(visits),
        ),
        (
            Choice(
                "replicate",
                Message(
                    "all are kept as replicates; {site} {date}: mean {mean} of {n}",
                    site=standard_name(m.site),
                    date=m.date or m.day,
                    mean=mean,
                    n=len(example),
                ),
            ),
            Choice(
                "correction",
                Message(
                    "the later row counts; {site} {date}: {value}",
                    site=standard_name(m.site),
                    date=m.date or m.day,
                    value=_value_words(measurements[example[-1]]),
                ),
            ),
        ),
        location,
    )


def _value_words(m: Measurement) -> Message:
    if m.thickness_mm is None:
        return _STATUS_WORDS[m.status]
    return Message("{sign}{mm:g} mm", sign=m.qualifier, mm=m.thickness_mm)


_STATUS_WORDS = {
    "ok": Message("no value"),
    "not_measurable": Message("not measurable"),
    "beyond_depth": Message("beyond depth"),
}


def _say_corrected(
    measurements: Sequence[Measurement], indexes: list[int], context: ReadContext
) -> None:
    last = indexes[-1]
    for i in indexes[:-1]:
        place = measurements[i].place
        context.findings.add(
            "later_value_used",
            Location(place.file, place.sheet),
            place.row,
            value=_value_words(measurements[i]),
            other=measurements[last].place.row,
        )


def _once(
    records: Sequence[Record], context: ReadContext
) -> tuple[tuple[Record, ...], frozenset[Place]]:
    """Therapies or outcomes without exact duplicates, and where those stand."""
    first: dict[Record, Place] = {}
    kept: list[Record] = []
    repeated: set[Place] = set()
    for record in records:
        key = replace(record, place=Place())
        if isinstance(key, TherapyPeriod):
            key = replace(key, therapy_text="")  # IVIg and IVIG are one course
        if key not in first:
            first[key] = record.place
            kept.append(record)
            continue
        place = record.place
        repeated.add(place)
        if place != first[key]:
            context.findings.add(
                "duplicate_row", Location(place.file, place.sheet), place.row,
                other=_named_place(first[key], place),
            )  # fmt: skip
    return tuple(kept), frozenset(repeated)


# The time axis


def _on_date(record: Measurement | TherapyPeriod | OutcomeReading) -> bool:
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
