"""Several visits, courses, sessions or patients side by side in one row, each with its columns.

The forms: each visit has its own date ("date 1, forearm 1, date 2, forearm 2" or "pre, post, date
pre, date post"), the same names come again without numbers ("date, mm, date, mm"), the visit is a
word in the names ("forearm baseline, forearm m6"), the sessions of a therapy have a date each
("cycle 1, cycle 2"), or codes of patients stand in the names ("P01, P02"). All are turned, so
that each visit, session or patient becomes a row; but for sessions, about which is asked
when they are joined, after asking.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from sm_tracker.domain.records import Choice
from sm_tracker.ingest.cells.plain_names import word_set
from sm_tracker.ingest.cells.therapy_text import split_therapy
from sm_tracker.ingest.cells.visit_labels import days_of_label
from sm_tracker.ingest.files.grid import Cell, is_blank, text_of
from sm_tracker.ingest.messages.finding_log import Location
from sm_tracker.ingest.tables.column_meanings import ColumnName, read_column_name
from sm_tracker.ingest.tables.columns import sample_of, share_of_dates, share_of_numbers
from sm_tracker.ingest.tables.privacy import identifying_kind
from sm_tracker.ingest.tables.read_context import ReadContext
from sm_tracker.ingest.tables.section import Section
from sm_tracker.languages import Message, together

_SPLIT = re.compile(r"[\s_]+|(?<=\w)[.\-](?=\w)")
Parted = Callable[[str], list[tuple[str, str]]]
"""What parts a name into the mark of a visit and what is left: ("pre", "date")."""
_VISIT_WORDS = word_set(
    "visit visite visits v t tp u fu timepoint besuch termin untersuchung kontrolle controle "
    "consultation nr no course cycle kurs cure"
)
_PERIODS = r"month|week|year|monat|woche|mois|semaine|mo|wk|m|w|y"
_LABELS = re.compile(
    r"(?:^|(?<=[\s_(.\-]))(?P<label>"
    r"baseline|bl|pre|post|before|after|vorher|nachher|avant|apr[eè]s|[tv]\d{1,2}"
    r"|(?:visit|visite|fu|follow[ -]?up)[ _]?\d{1,2}"
    rf"|(?:{_PERIODS})[ _]?\d{{1,3}}"
    r"|\d{1,3}[ _]?(?:months?|weeks?|years?|mo|wks?|monate?|wochen?|mois))"
    r"(?=$|[\s_).\-,])",
    re.IGNORECASE,
)

VISIT, PATIENT, THERAPY = "visit", "patient", "therapy"
TURN, LEAVE_OUT, ONE_PATIENT = "turn", "leave-out", "one-patient"
WIDEST_GROUP = 40
"""Columns of one visit or course at most, where the names come again."""


@dataclass(frozen=True, slots=True)
class _Visits:
    """Columns by visit: for each visit one index a name, in the order of the names.

    `marked` is the name of a column for the marks, blank where each visit has a date.
    """

    marks: tuple[str, ...]
    names: tuple[str, ...]
    columns: tuple[tuple[int, ...], ...]
    marked: str = ""

    @property
    def dated(self) -> bool:
        """Whether a date is known for each row, from a column of its own or from the row."""
        return self.marked != VISIT


def turn_side_by_side(section: Section, location: Location, context: ReadContext) -> Section:
    """The table with one row a visit, if a person agrees; another table as it is.

    An answer that leaves the table out gives it back without rows.
    """
    if not section.has_header:
        return section
    if sessions := _sessions(section):
        return _turned(section, sessions)
    if (patients := _patients(section)) and _belong_to_patients(
        section, patients, location, context
    ):
        return _turned(section, patients)
    told = context.questions.given("column.date", location) is not None
    visits = None if told else next((v for form in _FORMS if (v := form(section))), None)
    if visits is None:
        return section
    turned = _turned(section, visits)
    answer = context.questions.ask(
        "visits_across",
        Message(
            "The table has several visits or courses side by side in a row ({shown} …). Should "
            "it be turned (transposed), so that each becomes a row of its own?",
            shown=_shown(section, visits),
        ),
        (
            Choice(
                TURN,
                Message(
                    "{n} side by side in {rows} rows become {turned} rows",
                    n=len(visits.columns),
                    rows=len(section.rows),
                    turned=len(turned.rows),
                ),
            ),
            Choice(LEAVE_OUT, Message("the table is not read")),
        ),
        location,
    )
    if answer == LEAVE_OUT:
        return replace(section, rows=[], numbers=[], left_out=True)
    for name in section.names:
        if not visits.dated and name.role == "date":
            context.findings.add("epoch_of_visit", location, None, column=name.text)
    if answer:
        context.findings.add(
            "answer_applied",
            location,
            None,
            words=Message(
                "{n} visits or courses side by side were turned into {turned} rows",
                n=len(visits.columns),
                turned=len(turned.rows),
            ),
        )
    return turned


def _shown(section: Section, visits: _Visits) -> Message:
    return together(
        [", ".join(section.names[i].text for i in group[:3]) for group in visits.columns[:2]]
    )


def _sessions(section: Section) -> _Visits | None:
    """Columns of dates that are called alike but for a number, beside a therapy without a date."""
    roles = {n.role for n in section.names}
    if "therapy" not in roles or roles & {"date", "day", "start", "start_day", "end"}:
        return None
    groups: dict[str, list[ColumnName]] = {}
    for name in _columns_of_dates(section):
        stem = re.sub(r"(?<!\d)\d{1,2}(?!\d)", "", name.text)
        if stem != name.text:
            groups.setdefault(" ".join(stem.casefold().strip(" .:-").split()), []).append(name)
    sessions = max(groups.values(), key=len, default=[])
    if len(sessions) < 2:
        return None
    marks = tuple(n.text for n in sessions)
    return _Visits(marks, ("date",), tuple((n.index,) for n in sessions))


_CODE = re.compile(r"(?P<letters>[A-Za-z]{1,8})[-_ ]?\d{1,6}")
_CODE_FIRST = re.compile(rf"(?P<code>{_CODE.pattern})(?:[\s_:,\-]+(?P<rest>.*))?")


def _patients(section: Section) -> _Visits | None:
    """Columns of numbers whose names begin with codes, in a table without a patient."""
    roles = {n.role for n in section.names}
    timed = roles & {"date", "day", "week", "month"} or _columns_of_dates(section, named=False)
    if "patient_id" in roles or section.group_of or not timed:
        return None
    found: dict[str, dict[str, int]] = {}
    letters = set()
    for name in section.names:
        match = _CODE_FIRST.fullmatch(name.text)
        known = match and (read_column_name(match["code"]), read_column_name(match["letters"]))
        if not match or not known or any(map(_says_something, known)):
            continue
        if share_of_numbers(sample_of(section, name.index)) > 0.5:
            letters.add(match["letters"])
            unit = f" ({name.unit})" if name.unit else ""
            rest = (match["rest"] or "").strip()
            if not rest.strip("()[] ").replace(name.unit, ""):
                rest = f"thickness{unit}"
            found.setdefault(match["code"], {})[rest] = name.index
    names = [tuple(columns) for columns in found.values()]
    if len(found) < 2 or len(letters) > 1 or len(set(names)) > 1:
        return None
    columns = tuple(tuple(c.values()) for c in found.values())
    return _Visits(tuple(found), names[0], columns, PATIENT)


def _says_something(name: ColumnName) -> bool:
    return bool(name.role or name.visit or name.site_known or name.side or name.layer) or (
        (name.replicate is not None and not name.site_text)
        or name.says_thickness
        or bool(name.statistic)
    )


def _belong_to_patients(
    section: Section, patients: _Visits, location: Location, context: ReadContext
) -> bool:
    """Whether columns called by codes belong to a patient each, by asking; yes while it is open."""
    answer = context.questions.ask(
        "patients_across",
        Message(
            "There is no column for the patient, and columns are called by codes ({shown} …). "
            "Does each code stand for a patient?",
            shown=_shown(section, patients),
        ),
        (
            Choice(
                TURN,
                Message(
                    "{n} patients side by side: {names}",
                    n=len(patients.marks),
                    names=", ".join(patients.marks[:6]),
                ),
            ),
            Choice(ONE_PATIENT, Message("no, all columns belong to one patient")),
        ),
        location,
    )
    return answer != ONE_PATIENT


def _columns_of_dates(section: Section, *, named: bool = True) -> list[ColumnName]:
    return [
        n for n in section.names
        if (n.text or not named) and n.role not in ("not_used", "not_thickness")
        and share_of_dates(sample_of(section, n.index)) > 0.6
        and not identifying_kind(n.text, [text_of(c) for c in sample_of(section, n.index)[:20]])
    ]  # fmt: skip


def _with_dates(section: Section) -> _Visits | None:
    """Visits that names number, or call pre and post, and that have a column of dates each."""
    dates = _columns_of_dates(section)
    for first in dates:
        numbers = re.findall(r"(?<!\d)\d{1,2}(?!\d)", first.text)
        for number in numbers:
            stems = {s: n for n in dates for k, s in _stems(n.text) if k == int(number)}
            marks = sorted({k for n in dates for k, s in _stems(n.text) if s in stems})
            visits = _grouped(section, [str(k) for k in marks], _by_number)
            if visits is not None and len(visits.names) > 1:
                return visits
    labels = list(dict.fromkeys(label for n in dates for label, _ in _labelled(n.text)))
    return _grouped(section, labels, _labelled)


def _repeated(section: Section) -> _Visits | None:
    """Visits or courses whose columns come again in the same order: date, mm, date, mm."""
    stems = [re.sub(r"[\s_.\-]*\d{1,2}$", "", n.text).casefold() for n in section.names]
    if len(set(stems)) == len(stems):
        return None
    for first in range(len(stems)):
        for width in range(2, min(WIDEST_GROUP, (len(stems) - first) // 2) + 1):
            group = stems[first : first + width]
            count = 1
            while stems[first + count * width : first + (count + 1) * width] == group:
                count += 1
            if count < 2 or not all(group) or len(set(group)) < width:
                continue
            columns = tuple(
                tuple(range(first + k * width, first + (k + 1) * width)) for k in range(count)
            )
            if _holds_values(section, columns[0], dated=True):
                marks = tuple(str(k + 1) for k in range(count))
                names = tuple(section.names[i].text for i in columns[0])
                names = tuple(re.sub(r"[\s_.\-]*\d{1,2}$", "", n) for n in names)
                return _Visits(marks, names, columns)
    return None


def _stems(text: str) -> list[tuple[int, str]]:
    """Each number of a name, with the name that is left without it and the word of the visit."""
    found = []
    for match in re.finditer(r"(?<!\d)\d{1,2}(?!\d)", text):
        rest = f"{text[: match.start()]} {text[match.end() :]}"
        words = [w for w in _SPLIT.split(rest) if w and w.casefold() not in _VISIT_WORDS]
        found.append((int(match[0]), " ".join(words).strip(" -.:")))
    return found


def _labelled(text: str) -> list[tuple[str, str]]:
    """The visit that a name says in a word, and the name without it."""
    found = []
    for match in _LABELS.finditer(text):
        rest = f"{text[: match.start()]} {text[match.end() :]}"
        words = [w for w in _SPLIT.split(rest) if w and w.casefold() not in _VISIT_WORDS]
        found.append((match["label"].replace("_", " "), " ".join(words).strip(" -.:")))
    return found


def _with_labels(section: Section) -> _Visits | None:
    """Values whose names say a site (or a reading) and a time since the start."""
    if any(n.role in ("day", "therapy") for n in section.names):
        return None
    marks: dict[str, None] = {}
    for name in section.names:
        for label, stem in _labelled(name.text):
            read = read_column_name(stem)
            if read.site_known or read.says_thickness or read.role == "thickness":
                marks[label] = None
    stems = [stem for name in section.names for _, stem in _labelled(name.text)]
    of_sites = any(read_column_name(stem).site_known for stem in stems)
    if len(marks) < 2 or not date_is_of_the_first(section, marks, undated=of_sites):
        return None
    return _grouped(section, list(marks), _labelled, VISIT)


def date_is_of_the_first(section: Section, marks: Iterable[str], *, undated: bool = False) -> bool:
    """Whether a date beside visits across can be that of the first visit alone.

    Each patient has one date then, and the names are words: M1 beside a date may be the first
    measurement of its day. With `undated` the names need not say how long after it they were.
    """
    marks = list(marks)
    dates = [n.index for n in section.names if n.role == "date"]
    if not dates:
        return True
    words = all(len(_LETTERS.sub("", m)) >= SHORTEST_WORD for m in marks)
    if not words or not (undated or any(days_of_label(m) is not None for m in marks)):
        return False
    patients = [n.index for n in section.names if n.role == "patient_id"]
    seen: dict[str, str] = {}
    for row in section.rows:
        cells = [text_of(row[i]).strip() if i < len(row) else "" for i in (*patients[:1], dates[0])]
        if seen.setdefault(cells[0], cells[-1]) != cells[-1]:
            return False
    return True


SHORTEST_WORD = 3
_LETTERS = re.compile(r"[\d_\W]")


def _by_therapy(text: str) -> list[tuple[str, str]]:
    read = split_therapy(text)
    return [(read.therapy, text.replace(read.alias, "").strip(" _-:.,()"))] if read.known else []


def _courses(section: Section) -> _Visits | None:
    """Courses whose columns are called by therapy and limit: MTX start, MTX stop, IVIG start."""
    if {n.role for n in section.names} & {"therapy", "date", "day", "visit", "thickness", "value"}:
        return None
    limits: dict[str, dict[str, int]] = {}
    for name in section.names:
        for therapy, stem in _by_therapy(name.text):
            if read_column_name(stem).role in ("start", "end"):
                limits.setdefault(therapy, {}).setdefault(stem, name.index)
    stems = tuple(next(iter(limits.values()), ()))
    starts = [s for s in stems if read_column_name(s).role == "start"]
    dates = {n.index for n in _columns_of_dates(section)}
    if not starts or any(
        set(columns) != set(stems) or columns[starts[0]] not in dates for columns in limits.values()
    ):
        return None
    columns = tuple(tuple(c[s] for s in stems) for c in limits.values())
    return _Visits(tuple(limits), stems, columns, THERAPY)


_FORMS = (_with_labels, _courses, _with_dates, _repeated)
"""Forms of visits side by side, in the order in which they are tried: readings come first,
because a table of courses would leave them out."""


def _by_number(text: str) -> list[tuple[str, str]]:
    return [(str(number), stem) for number, stem in _stems(text)]


def _grouped(
    section: Section, marks: Sequence[str], parted: Parted, marked: str = ""
) -> _Visits | None:
    """The columns that every visit has, None where visits do not have the same."""
    found: list[dict[str, int]] = [{} for _ in marks]
    for name in section.names:
        for mark, stem in parted(name.text):
            if stem and mark in marks:
                found[marks.index(mark)].setdefault(stem, name.index)
    if len(found) < 2:
        return None
    names = [s for s in found[0] if all(s in group for group in found)]
    columns = tuple(tuple(group[s] for s in names) for group in found)
    used = [i for group in columns for i in group]
    dated = not marked
    if not names or len(set(used)) != len(used) or not _holds_values(section, columns[0], dated):
        return None
    return _Visits(tuple(marks), tuple(names), columns, marked)


def _holds_values(section: Section, columns: Sequence[int], dated: bool) -> bool:
    samples = [sample_of(section, i) for i in columns]
    dates = sum(share_of_dates(s) > 0.6 for s in samples)
    if dated:
        return 0 < dates < len(samples)
    return not dates and all(share_of_numbers(s) > 0.5 for s in samples if s)


def _turned(section: Section, visits: _Visits) -> Section:
    used = {i for group in visits.columns for i in group}
    lead = [n.index for n in section.names if n.index not in used]
    names = [replace(section.names[i], index=k) for k, i in enumerate(lead)]
    if not visits.dated:  # a date beside all visits is that of the first alone
        names = [replace(n, role="", name="") if n.role == "date" else n for n in names]
    headers = [*([visits.marked] if visits.marked else []), *visits.names]
    names += [_name(h, len(lead) + k) for k, h in enumerate(headers)]
    rows: list[list[Cell]] = []
    numbers: list[int] = []
    for number, row in zip(section.numbers, section.rows, strict=True):
        for mark, group in zip(visits.marks, visits.columns, strict=True):
            cells = [row[i] if i < len(row) else "" for i in group]
            if all(is_blank(c) for c in cells):
                continue
            before = [row[i] if i < len(row) else "" for i in lead]
            rows.append([*before, *([mark] if visits.marked else []), *cells])
            numbers.append(number)
    origins: dict[int, tuple[int, ...]] = {k: (i,) for k, i in enumerate(lead)}
    first = len(names) - len(visits.names)
    origins |= {first + k: tuple(g[k] for g in visits.columns) for k in range(len(visits.names))}
    return replace(section, names=names, rows=rows, numbers=numbers, origins=origins)


def _name(header: str, index: int) -> ColumnName:
    return read_column_name(header, index)


__all__ = ["date_is_of_the_first", "turn_side_by_side"]
