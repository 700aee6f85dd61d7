"""Tables of a grid to records: sections, columns, shape, and the reader of that shape."""

from __future__ import annotations

import hashlib
import re

from sm_tracker.domain.records import Choice, Recognised
from sm_tracker.ingest.columns import plain_name, read_column_name
from sm_tracker.ingest.dittos import read_dittos
from sm_tracker.ingest.findings import Spot
from sm_tracker.ingest.harvest import Harvest
from sm_tracker.ingest.layout import Section, find_sections
from sm_tracker.ingest.mapping import (
    NO_COLUMN,
    ROLE_WORDS,
    Plan,
    ask_column,
    header_of,
    leave_identifying_out,
    plan_columns,
    sample_of,
    share_of_dates,
    share_of_numbers,
)
from sm_tracker.ingest.row_repair import fill_blanks, fill_merged, fit_fields
from sm_tracker.ingest.run import Refusals, Run
from sm_tracker.ingest.shape import (
    Shape,
    is_cbioportal,
    is_points,
    is_redcap,
    is_redcap_dictionary,
    shape_of,
)
from sm_tracker.ingest.shape_readers import READERS, read_points
from sm_tracker.ingest.side_by_side import turn_side_by_side
from sm_tracker.ingest.sites import read_site
from sm_tracker.ingest.stated_dates import date_above
from sm_tracker.ingest.tables import Grid, text_of
from sm_tracker.ingest.therapy_spans import split_spans
from sm_tracker.ingest.words import clean_text

NEEDS_SITE = (Shape.LONG, Shape.WIDE_READING, Shape.WIDE_LAYER, Shape.WIDE_SIDE)
NEEDS_TIME = (*NEEDS_SITE, Shape.WIDE_SITE)
ONE_USE_A_COLUMN = (*NEEDS_TIME, Shape.THERAPIES, Shape.SESSIONS)
"""Shapes whose reader uses a column or leaves it, whatever the row."""
HEADER_ONLY = "a header without rows"
PSEUDONYMS = "numbered"


def read_grid(grid: Grid, separator: str, run: Run) -> tuple[Harvest, list[Recognised], bool]:
    """Records of one text file or sheet, a line on each table in it, and whether any was found.

    Parameters
    ----------
    grid : Grid
        Cells of the file or sheet.
    separator : str
        Separator of a text file, blank for a spreadsheet.
    run : Run
        Takes up findings, questions and refused rows.
    """
    spot = Spot(grid.file, grid.sheet)
    harvest, recognised = Harvest(), []
    found = False
    sections = find_sections(grid)
    if len(sections) > 1:
        rows = ", ".join(str(s.header_rows[-1]) for s in sections if s.header_rows)
        run.report.add("two_tables", spot, None, count=len(sections), rows=rows)
    for section in sections:
        _say_layout(section, spot, run)
        records, line = _read_section(section, spot, separator, run)
        found = found or line.summary not in (Shape.UNKNOWN.value, HEADER_ONLY)
        harvest.add(records)
        recognised.append(line)
    return harvest, recognised, found


def signature_of(section: Section) -> str:
    """A fingerprint of the header, under which answers can be remembered."""
    names = "|".join(plain_name(t) for t in section.header)
    return hashlib.sha256(names.encode()).hexdigest()[:16]


def _say_layout(section: Section, spot: Spot, run: Run) -> None:
    header = section.header_rows[0] if section.header_rows else "none"
    used = {number for _, number in section.group_of.values()}
    for number, text in section.above:
        if number not in used:
            run.report.add("rows_above_header", spot, number, value=text, header=header)
    if len(section.header_rows) > 1:
        run.report.add("header_joined", spot, section.header_rows[0], last=section.header_rows[-1])
    for number in section.repeats:
        run.report.add("header_repeated", spot, number)
    for number, text in section.summaries:
        run.report.add("summary_row", spot, number, value=text)
    for number, text in section.below:
        run.report.add("legend_row", spot, number, value=text)


def _read_section(
    section: Section, spot: Spot, separator: str, run: Run
) -> tuple[Harvest, Recognised]:
    def line(summary: str) -> Recognised:
        return Recognised(
            file=spot.file, sheet=spot.sheet, summary=summary, signature=signature_of(section)
        )

    refusals = Refusals(spot, section.header, frozenset())
    for known, shape in (
        (is_redcap_dictionary, Shape.REDCAP_DICTIONARY),
        (is_redcap, Shape.REDCAP),
        (is_cbioportal, Shape.CBIOPORTAL),
    ):
        if section.has_header and known(section):
            plan = Plan(section=section, spot=spot)
            if shape is not Shape.REDCAP_DICTIONARY:
                leave_identifying_out(plan, run)
                refusals.hidden = frozenset(plan.identifying)
            if shape is Shape.REDCAP and 0 in plan.identifying:
                _find_patient(plan, run)
            harvest = READERS[shape](plan, run, refusals)
            run.report.refused += refusals.rows()
            return harvest, line(_summary(shape, section, harvest, separator))
    if is_points(section):
        plan = Plan(section=section, spot=spot)
        harvest = read_points(plan, run, refusals)
        run.report.refused += refusals.rows()
        return harvest, line(Shape.POINTS.value)
    if not section.rows:
        run.report.add("header_only", spot, section.header_rows[-1])
        return Harvest(), line(HEADER_ONLY)
    if separator:
        fit_fields(section, spot, separator, run, refusals)
    turned = turn_side_by_side(section, spot, run)
    if turned is not section:
        run.report.refused += refusals.rows()
        section, refusals = turned, Refusals(spot, turned.header, frozenset())
        if not section.rows:
            return Harvest(), line(Shape.UNKNOWN.value)
    plan = plan_columns(section, spot, run)
    split_spans(plan, run)
    refusals.hidden = frozenset(plan.identifying)
    shape = shape_of(plan, run)
    fill_merged(plan, run)
    read_dittos(plan, run)
    fill_blanks(plan, run)
    if not _complete(plan, shape, run):
        run.report.refused += refusals.rows()
        return Harvest(), line(Shape.UNKNOWN.value)
    harvest = READERS[shape](plan, run, refusals)
    if shape in ONE_USE_A_COLUMN:
        _say_unread(plan, run)
    run.report.refused += refusals.rows()
    return harvest, line(_summary(shape, section, harvest, separator))


def _say_unread(plan: Plan, run: Run) -> None:
    """Name the columns that were not read; a warning where one may hold a thickness."""
    used = {n.index for n in (*plan.values, *plan.outcomes)} | set(plan.roles.values())
    used |= {*plan.identifying, *plan.notes, *plan.left_out}
    unread = []
    for name in plan.section.names:
        sample = sample_of(plan.section, name.index) if name.index not in used else []
        if not sample or name.role == "not_thickness":
            continue
        if name.unit and share_of_numbers(sample) > 0.5:
            run.report.add(
                "length_column_not_read", plan.spot, None, column=name.text, unit=name.unit
            )
        elif not name.text and plan.values and share_of_numbers(sample) > 0.5:
            run.report.add(
                "nameless_column_not_read", plan.spot, None,
                column=header_of(plan.section, name.index),
            )  # fmt: skip
        else:
            unread.append(header_of(plan.section, name.index))
    if unread:
        run.report.add("columns_not_read", plan.spot, None, columns=", ".join(unread))


def _summary(shape: Shape, section: Section, harvest: Harvest, separator: str) -> str:
    counts = [
        f"{len(records)} {name}"
        for name, records in (
            ("readings", harvest.measurements),
            ("therapy periods", harvest.therapies),
            ("outcome values", harvest.outcomes),
        )
        if records
    ]
    if harvest.tags:
        counts.append("tagged with a therapy")
    held = ", ".join(counts) or "no records"
    return f"{shape.value}: {len(section.rows)} rows, {held}"


def _complete(plan: Plan, shape: Shape, run: Run) -> bool:
    """Find, ask for or miss the columns that every record of this shape needs."""
    if shape is Shape.UNKNOWN:
        _say_unknown(plan, run)
        return False
    missing = []
    timed = shape not in NEEDS_TIME or _has_time(plan) or _find_dates(plan, run)
    if not timed and not date_above(plan, run):
        missing.append("date")
    if shape is Shape.THERAPIES:
        if not (plan.has("start") or plan.has("start_day") or _find_dates(plan, run, "start")):
            missing.append("start")
        if not (plan.has("end") or plan.has("end_day") or plan.has("end_status")):
            _find_end(plan, run)
    if missing:
        for role in missing:
            _say_missing(plan, role, run)
        return False
    if shape in NEEDS_SITE and not plan.has("site") and not all(
        n.site_text for n in plan.values
    ):  # fmt: skip
        _find_site(plan, run)
    if shape is Shape.VISITS_ACROSS and not plan.has("site"):
        _find_site_beside_visits(plan, run)
    if not plan.has("patient_id"):
        _find_patient(plan, run)
    return True


def _columns_seen(plan: Plan) -> str:
    return (
        ", ".join(header_of(plan.section, n.index) for n in plan.section.names if n.text)
        or f"{len(plan.section.names)} columns without names"
    )


def _say_missing(plan: Plan, role: str, run: Run) -> None:
    header = plan.section.header_rows
    run.report.add(
        "missing_column", plan.spot, header[-1] if header else None, role=ROLE_WORDS[role],
        columns=_columns_seen(plan), key=f"column.{role}",
    )  # fmt: skip


def _say_unknown(plan: Plan, run: Run) -> None:
    known = {r for r in ("patient_id", "date", "day", "site") if plan.has(r)}
    if len(known) > 1:
        _say_missing(plan, "thickness", run)
        for role in ("patient_id", "date", "site"):
            if not plan.has(role) and not (role == "date" and _has_time(plan)):
                _say_missing(plan, role, run)
        return
    if plan.has("therapy"):
        _say_missing(plan, "start", run)
        return
    header = plan.section.header_rows
    run.report.add(
        "not_recognised", plan.spot, header[-1] if header else None, columns=_columns_seen(plan)
    )


def _has_time(plan: Plan) -> bool:
    return any(plan.has(r) for r in ("date", "day", "week", "month", "visit"))


def _free_columns(plan: Plan) -> list[int]:
    taken = (
        set(plan.roles.values()) | set(plan.identifying) | set(plan.notes)
        | {n.index for n in (*plan.values, *plan.outcomes)}
    )  # fmt: skip
    return [n.index for n in plan.section.names if n.index not in taken]


def _free_dates(plan: Plan) -> list[int]:
    return [i for i in _free_columns(plan) if share_of_dates(sample_of(plan.section, i)) > 0.6]


def _find_dates(plan: Plan, run: Run, role: str = "date") -> bool:
    dates = _free_dates(plan)
    if dates:
        plan.roles[role] = ask_column(plan, role, dates, run)
    return bool(dates)


def _find_end(plan: Plan, run: Run) -> None:
    """Ask whether a column of dates whose name says nothing holds the ends of the courses."""
    dates = {header_of(plan.section, i): i for i in _free_dates(plan) if i not in plan.left_out}
    if not dates:
        return
    held = (
        Choice(header, "holds " + ", ".join(text_of(c) for c in sample_of(plan.section, i)[:3]))
        for header, i in dates.items()
    )
    answer = run.interview.ask(
        "column.end",
        "No column is known to hold the end of the therapy by its name. Which column is it? "
        "Columns of dates: " + ", ".join(dates),
        (*held, Choice(NO_COLUMN, "the end of all courses is unknown")),
        plan.spot,
    )
    if answer in dates:
        plan.roles["end"] = dates[answer]


def _find_site(plan: Plan, run: Run) -> None:
    """A column whose cells are sites, else the one site of the file, by asking."""
    free = [i for i in _free_columns(plan) if sample_of(plan.section, i)]
    sites = [i for i in free if _share_of_sites(plan, i) > 0.6]
    if not sites and not plan.section.has_header:
        sites = [i for i in free if not share_of_numbers(sample_of(plan.section, i))][-1:]
    if sites:
        plan.roles["site"] = ask_column(plan, "site", sites, run)
        return
    answer = run.interview.ask(
        "site",
        "There is no column for the body site. Columns seen: " + _columns_seen(plan)
        + ". Which site was measured? Answer with its name, such as forearm, or name the column "
        "with column.site=HEADER",
        (),
        plan.spot,
        free=bool,
    )  # fmt: skip
    plan.constants["site"] = answer or "site"


def _find_site_beside_visits(plan: Plan, run: Run) -> None:
    """The one column of sites of a table that is to be turned, which is asked about anyway."""
    free = [i for i in _free_columns(plan) if not plan.section.names[i].visit]
    sites = [i for i in free if _share_of_sites(plan, i) > 0.6]
    if len(sites) == 1:
        plan.roles["site"] = sites[0]
    else:
        _find_site(plan, run)


def _share_of_sites(plan: Plan, index: int) -> float:
    cells = {text_of(c) for c in sample_of(plan.section, index)}
    known = (read_site(c).known or read_column_name(c).site_known for c in cells)
    return sum(known) / max(1, len(cells))


def _find_patient(plan: Plan, run: Run) -> None:
    """A code above the table or in a column, else a code by asking."""
    if plan.section.group_of:
        said = set()
        for code, number in plan.section.group_of.values():
            if number not in said:
                said.add(number)
                run.report.add("patient_stated_above", plan.spot, number, value=code)
        return
    names = [i for i, kind in plan.identifying.items() if sample_of(plan.section, i)]
    if names and _ask_pseudonyms(plan, names, run):
        return
    free = [i for i in _free_columns(plan) if _looks_like_code(plan, i)]
    if free and not plan.section.has_header:
        plan.roles["patient_id"] = ask_column(plan, "patient_id", free, run)
        return
    answer = run.interview.ask(
        "patient_id",
        "There is no column for the patient. Columns seen: " + _columns_seen(plan)
        + ". Which patient code have all rows? Answer with a code, or name the column with "
        "column.patient_id=HEADER",
        tuple(
            Choice(code, f"all rows belong to one patient with the code {code}")
            for code in _codes_of_place(plan.spot)
        ),
        plan.spot,
        free=bool,
    )  # fmt: skip
    plan.constants["patient_id"] = answer or "P1"


_CODE = re.compile(r"(?!.*(?:19|20)\d\d$)[A-Za-z]{1,8}[-_ ]?\d{1,6}[A-Za-z]?")
_NO_CODE = re.compile(r"(?:sheet|tabelle|feuil|table|data|daten|donnees|visit|visite|v|file|export)"
                      r"[-_ ]?\d+", re.IGNORECASE)  # fmt: skip


def _codes_of_place(spot: Spot) -> tuple[str, ...]:
    """The name of the sheet or file where it looks like a code, else a code of ours."""
    for name in (spot.sheet, spot.file.rpartition(".")[0]):
        if _CODE.fullmatch(name) and not _NO_CODE.fullmatch(name):
            return (name,)
    return ("P1",)


def _looks_like_code(plan: Plan, index: int) -> bool:
    cells = [text_of(c) for c in sample_of(plan.section, index)]
    return bool(cells) and all(len(c) <= 20 for c in cells) and share_of_dates(cells) < 0.1


def _ask_pseudonyms(plan: Plan, columns: list[int], run: Run) -> bool:
    """Number the patients of a file that knows them by name only."""
    keys = [
        tuple(clean_text(row[i]).casefold() if i < len(row) else "" for i in columns)
        for row in plan.section.rows
    ]
    codes: dict[tuple[str, ...], str] = {}
    for key in keys:
        if any(key):
            codes.setdefault(key, f"P{len(codes) + 1}")
    kinds = ", ".join(dict.fromkeys(plan.identifying[i] for i in columns))
    answer = run.interview.ask(
        "patient_id",
        f"Patients are identified by {kinds} only, which is not imported, and there is no patient "
        f"code. {len(codes)} patients were told apart. Shall they be numbered?",
        (Choice(PSEUDONYMS, f"{', '.join(list(codes.values())[:6])} in order of appearance"),),
        plan.spot,
        free=(lambda a: bool(a)) if len(codes) == 1 else None,
    )  # fmt: skip
    if answer not in (None, PSEUDONYMS):
        plan.constants["patient_id"] = answer
        return True
    if answer:
        run.report.add(
            "identifying_patient_code", plan.spot, None, kind=kinds,
            column=", ".join(header_of(plan.section, i) for i in columns),
        )  # fmt: skip
    width = len(plan.section.names)
    plan.section.names.append(
        plan.section.names[0].__class__(index=width, text="code", name="code")
    )
    for r, key in enumerate(keys):
        row = list(plan.section.rows[r])
        row += [""] * (width - len(row))
        plan.section.rows[r] = [*row[:width], codes.get(key, "")]
    plan.roles["patient_id"] = width
    return True
