"""Columns that every record of a shape needs: found by content, asked about, or missed."""

from __future__ import annotations

import re

from sm_tracker.domain.records import Choice
from sm_tracker.ingest.columns import read_column_name
from sm_tracker.ingest.findings import Spot
from sm_tracker.ingest.mapping import (
    NO_COLUMN,
    ROLE_WORDS,
    Plan,
    ask_among,
    ask_column,
    column_by_header,
    column_choices,
    header_of,
    sample_of,
    share_of_dates,
    share_of_numbers,
)
from sm_tracker.ingest.run import Run
from sm_tracker.ingest.shapes import Shape
from sm_tracker.ingest.sites import read_site
from sm_tracker.ingest.stated_dates import date_above
from sm_tracker.ingest.tables import text_of
from sm_tracker.ingest.words import clean_text

NEEDS_SITE = (Shape.LONG, Shape.WIDE_READING, Shape.WIDE_LAYER, Shape.WIDE_SIDE)
NEEDS_TIME = (*NEEDS_SITE, Shape.WIDE_SITE)
PSEUDONYMS = "numbered"
SHEET_NAME = "sheet-name"
"""Answer that the name of a sheet is the code of its patient."""
LONGEST_CODE, LONGEST_WORDS = 20, 60


def is_complete(plan: Plan, shape: Shape, run: Run) -> bool:
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
        find_patient(plan, run)
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
    dates = [i for i in _free_dates(plan) if i not in plan.left_out]
    if not dates:
        return
    answer = ask_among(
        plan, "end", dates, run,
        "No column is known to hold the end of the therapy by its name. Which column is it? "
        "Columns of dates: " + ", ".join(header_of(plan.section, i) for i in dates),
        (Choice(NO_COLUMN, "leave this column out: the end of all courses is unknown"),),
    )  # fmt: skip
    if isinstance(answer, int):
        plan.roles["end"] = answer


def _find_site(plan: Plan, run: Run) -> None:
    """A column whose cells are sites, else the one site of the file, by asking."""
    free = [i for i in _free_columns(plan) if sample_of(plan.section, i)]
    sites = [i for i in free if _share_of_sites(plan, i) > 0.6]
    if not sites and not plan.section.has_header:
        sites = [i for i in free if not share_of_numbers(sample_of(plan.section, i))][-1:]
    if sites:
        plan.roles["site"] = ask_column(plan, "site", sites, run)
        return
    columns = column_choices(plan.section, [i for i in free if _may_be_site(plan, i)])
    answer = run.interview.ask(
        "site",
        "There is no column for the body site. Columns seen: " + _columns_seen(plan)
        + ". Which site was measured? Answer with its name, such as forearm, or with the column "
        "that holds it",
        tuple(columns.values()),
        plan.spot,
        free=bool,
    )  # fmt: skip
    if answer and (index := column_by_header(plan.section, answer)) is not None:
        plan.roles["site"] = index
        return
    plan.constants["site"] = answer or "site"


def _may_be_site(plan: Plan, index: int) -> bool:
    """Whether a column of short words could hold sites: more often words than numbers or dates."""
    sample = sample_of(plan.section, index)
    short = all(len(text_of(c)) <= LONGEST_WORDS for c in sample)
    return short and share_of_numbers(sample) < 0.5 and share_of_dates(sample) < 0.1


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


def find_patient(plan: Plan, run: Run) -> None:
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
    columns = column_choices(plan.section, free)
    answer = run.interview.ask(
        "patient_id",
        "There is no column for the patient. Columns seen: " + _columns_seen(plan)
        + ". Which patient code have all rows? Answer with a code, or with the column that holds "
        "the codes",
        (*columns.values(), _code_of_place(plan.spot)),
        plan.spot,
        free=bool,
    )  # fmt: skip
    if answer == SHEET_NAME:
        answer = plan.spot.sheet
    elif answer and (index := column_by_header(plan.section, answer)) is not None:
        plan.roles["patient_id"] = index
        return
    plan.constants["patient_id"] = answer or "P1"


_CODE = re.compile(r"(?!.*(?:19|20)\d\d$)[A-Za-z]{1,8}[-_ ]?\d{1,6}[A-Za-z]?")
_NO_CODE = re.compile(r"(?:sheet|tabelle|feuil|table|data|daten|donnees|visit|visite|v|file|export)"
                      r"[-_ ]?\d+", re.IGNORECASE)  # fmt: skip


def _code_of_place(spot: Spot) -> Choice:
    """The name of the sheet or file where it looks like a code, else a code of ours."""
    if _is_code(spot.sheet):
        return Choice(SHEET_NAME, f"the name of the sheet is the patient code, here {spot.sheet}")
    stem = spot.file.rpartition(".")[0]
    code = stem if _is_code(stem) else "P1"
    return Choice(code, f"all rows belong to one patient with the code {code}")


def _is_code(name: str) -> bool:
    return bool(_CODE.fullmatch(name)) and not _NO_CODE.fullmatch(name)


def _looks_like_code(plan: Plan, index: int) -> bool:
    cells = [text_of(c) for c in sample_of(plan.section, index)]
    return (
        bool(cells)
        and all(len(c) <= LONGEST_CODE for c in cells)
        and share_of_dates(cells) < 0.1
        and not (plan.section.has_header and any(re.fullmatch(r"\d*[.,]\d+", c) for c in cells))
    )


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
