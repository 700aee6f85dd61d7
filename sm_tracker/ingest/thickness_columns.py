"""Which columns of a table hold thickness values: by name, by content, or by asking."""

from __future__ import annotations

import re
from dataclasses import replace

from sm_tracker.domain.records import Choice
from sm_tracker.ingest.column_names import word_set
from sm_tracker.ingest.columns import ColumnName, as_outcome
from sm_tracker.ingest.header_names import as_visit, chosen_as_thickness
from sm_tracker.ingest.layout import Section
from sm_tracker.ingest.mapping import (
    NO_COLUMN,
    REPLICATES,
    VISITS,
    Plan,
    ask_among,
    header_of,
    sample_of,
    share_of_dates,
    share_of_numbers,
)
from sm_tracker.ingest.run import Run
from sm_tracker.ingest.shapes import Shape
from sm_tracker.ingest.sites import holds_site, read_site
from sm_tracker.ingest.units import factor_to_mm
from sm_tracker.ingest.words import read_number

_TIMES = word_set(
    "before after pre post vorher nachher vor nach avant apres baseline first second erste zweite"
)
"""Words that tell columns of thickness apart by time, not by site."""


def value_columns(plan: Plan, run: Run) -> Shape | None:
    """Find the columns of thickness values, by name; None where there are none."""
    section = plan.section
    taken = set(plan.roles.values()) | set(plan.identifying) | set(plan.left_out) | set(plan.notes)
    if "thickness" in plan.roles:
        column = section.names[plan.roles.pop("thickness")]
        plan.values = [chosen_as_thickness(column)]
        return Shape.LONG
    free = [n for n in section.names if n.index not in taken and not n.role and n.text]
    sites = [n for n in free if n.site_known and _holds_values(section, n)]
    sides = [n for n in free if n.side and _holds_values(section, n)]
    if not plan.values and sorted(n.side for n in sides) == ["left", "right"]:
        plan.values = sides
        return Shape.WIDE_SIDE
    readings = [n for n in free if n.replicate is not None and not n.site_text
                and _holds_values(section, n)]  # fmt: skip
    if sites:
        return _wide_by_site(plan, sites, free, run)
    partly = [n for n in free if _narrows_a_site(section, n)]
    if len(partly) > 1 and not plan.has("site"):
        for name in partly:
            run.report.add("unknown_site_columns", plan.spot, None, column=name.text)
        plan.values = partly
        return Shape.WIDE_SITE
    if len(readings) > 1:
        _leave_means_out(plan, run)
        plan.values = readings
        return Shape.WIDE_READING
    return _single_column(plan, readings, free, run)


def _narrows_a_site(section: Section, name: ColumnName) -> bool:
    """Whether a column of lengths is named by a site and words that are not known: scar cheek."""
    sample = sample_of(section, name.index)
    if not (name.unit and name.site_text) or not holds_site(name.site_text):
        return False
    lengths = [n * factor_to_mm(name.unit) for c in sample if (n := read_number(c)) is not None]
    return 2 * len(lengths) > len(sample) and all(0.1 < mm < 20 for mm in lengths)


def _holds_values(section: Section, name: ColumnName) -> bool:
    sample = sample_of(section, name.index)
    return not sample or share_of_numbers(sample) >= 0.3 or bool(name.unit or name.says_thickness)


_NO_SITE = re.compile(
    r"\b(?:somme|summe|sum|total|tst|gesamt|differences?|differenz|diff|delta|ecart|variation"
    r"|evolution|change|veraenderung|aenderung|normale?s?|norm|norme|norm ?wert|referenz"
    r"|reference|seuil|limite?"
    r"|grenze|grenzwert|precedente?|previous|vorwert|soll|ratio|quotient|nachweisgrenze)\b"
)
"""Words that tell of a sum, a difference or a limit beside the columns of sites."""


def _wide_by_site(plan: Plan, sites: list[ColumnName], free: list[ColumnName], run: Run) -> Shape:
    """One column a site; unknown names with the unit of the others count as sites, said so."""
    statistics = [n for n in sites if n.statistic in ("sd", "n", "min", "max", "median")]
    means = [n for n in sites if n.statistic == "mean"]
    single = [n for n in sites if not n.statistic]
    derived = [n for n in means if _is_mean_of(n, single)]
    statistics += derived
    means = [n for n in means if n not in derived]
    for name in statistics:
        run.report.add("mean_left_out", plan.spot, None, column=name.text)
        plan.left_out.append(name.index)
    plan.values = sorted(single + means, key=lambda n: n.index)
    units = {n.unit for n in plan.values if n.unit}
    for name in free:
        if name in sites or not name.unit or name.unit not in units or name.statistic:
            continue
        if _NO_SITE.search(name.name):
            run.report.add("column_not_thickness", plan.spot, None, column=name.text)
            plan.left_out.append(name.index)
            continue
        if share_of_numbers(sample_of(plan.section, name.index)) > 0.5 and not name.says_thickness:
            run.report.add("unknown_site_columns", plan.spot, None, column=name.text)
            plan.values.append(name)
    plan.values.sort(key=lambda n: n.index)
    return Shape.WIDE_SITE


def _is_mean_of(mean: ColumnName, single: list[ColumnName]) -> bool:
    """Whether a mean of a site stands beside readings of that site, of both sides or of its own."""
    if any(n.replicate is not None for n in single):
        return True
    site = read_site(mean.site_text)
    read = [read_site(n.site_text) for n in single]
    return any(r.site == site.site and site.side in ("", r.side) for r in read)


def _leave_means_out(plan: Plan, run: Run) -> None:
    """A mean and SD beside the single readings are not stored."""
    for role in ("mean", "sd"):
        if role in plan.roles:
            index = plan.roles.pop(role)
            run.report.add("mean_left_out", plan.spot, None, column=header_of(plan.section, index))
            plan.left_out.append(index)
    for name in plan.values:
        run.report.add("mean_left_out", plan.spot, None, column=name.text)
        plan.left_out.append(name.index)
    plan.values = []


def _single_column(
    plan: Plan, readings: list[ColumnName], free: list[ColumnName], run: Run
) -> Shape | None:
    """A column of thickness, or columns of layers; else a column that may be one."""
    named = plan.values
    if len(named) > 1:
        return _several_thickness_columns(plan, named, run)
    twins = [n for n in readings if n.says_thickness]
    if named and twins:  # "thickness" and "thickness.1", as programs rename a second column
        plan.values = [*named, *twins]
        return Shape.WIDE_READING
    if named:
        return Shape.LONG
    if readings and (readings[0].says_thickness or readings[0].unit):
        plan.values = readings
        return Shape.LONG
    spelt = [n for n in free if n.says_thickness and _holds_values(plan.section, n)]
    if len(spelt) == 1 and plan.has("site"):
        plan.values = [replace(spelt[0], site_text="")]
        return Shape.LONG
    if len(spelt) > 1 and (plan.has("site") or any(_TIMES & set(n.name.split()) for n in spelt)):
        return _ask_which(plan, spelt, run)
    if spelt:
        for name in spelt:
            if name.site_text and not name.site_known:
                run.report.add("unknown_site_columns", plan.spot, None, column=name.text)
        plan.values = spelt
        return Shape.WIDE_SITE
    for role in ("value", "mean"):
        if role in plan.roles and _is_about_skin(plan, role):
            plan.values = [plan.section.names[plan.roles.pop(role)]]
            return Shape.LONG
    return _ask_for_thickness(plan, free, run)


def _is_about_skin(plan: Plan, role: str) -> bool:
    """Whether "value" beside patient, date and site can only be the thickness."""
    name = plan.section.names[plan.roles[role]]
    return bool(name.unit) or plan.has("site") or plan.has("unit")


def _several_thickness_columns(plan: Plan, named: list[ColumnName], run: Run) -> Shape:
    if len({n.layer for n in named}) == len(named):
        return Shape.WIDE_LAYER
    if {n.side for n in named} == {"left", "right"} and len(named) == 2:
        return Shape.WIDE_SIDE
    filled = [n for n in named if sample_of(plan.section, n.index)] or named[:1]
    means = [n for n in filled if n.statistic]
    if len(filled) > 1 and means and len(filled) - len(means) == 1:
        filled = [n for n in filled if not n.statistic]
    if len(filled) > 1 and _same_in_other_units(plan, filled):
        filled = [next((n for n in filled if n.unit == "mm"), filled[0])]
    if len(filled) == 1:
        plan.values = filled
        return Shape.LONG
    return _ask_which(plan, filled, run)


def _ask_which(plan: Plan, filled: list[ColumnName], run: Run) -> Shape:
    headers = [n.text for n in filled]
    twice = len({h.casefold() for h in headers}) < len(headers)
    words = f"Two columns have the same name ({headers[0]})" if twice else (
        "Several columns may hold the skin thickness: " + ", ".join(headers))  # fmt: skip
    answer = ask_among(
        plan, "thickness", [n.index for n in filled], run,
        f"{words}. Which column is the skin thickness?", _together(len(filled)),
    )  # fmt: skip
    if answer == VISITS:
        plan.values = []
        plan.visits = [as_visit(n) for n in filled]
        return Shape.VISITS_ACROSS
    if plan.has("site"):
        filled = [chosen_as_thickness(n) for n in filled]
    if answer == REPLICATES:
        plan.values = [replace(n, replicate=i) for i, n in enumerate(filled, start=1)]
        return Shape.WIDE_READING
    plan.values = [next((n for n in filled if n.index == answer), filled[0])]
    plan.left_out += [n.index for n in filled if n.index != plan.values[0].index]
    return Shape.LONG


def _together(count: int) -> tuple[Choice, ...]:
    """The answers that take all columns in doubt."""
    return (
        Choice(REPLICATES, f"all {count} columns are readings of the same visit"),
        Choice(VISITS, f"each of the {count} columns is a visit"),
    )


def _same_in_other_units(plan: Plan, columns: list[ColumnName]) -> bool:
    """Whether columns hold the same values in different units."""
    if len({n.unit for n in columns}) != len(columns) or not all(n.unit for n in columns):
        return False
    for row in plan.section.rows:
        mm = [
            number * factor_to_mm(n.unit)
            for n in columns
            if n.index < len(row) and (number := read_number(row[n.index])) is not None
        ]
        if mm and max(mm) - min(mm) > 0.006 * max(1.0, max(mm)):
            return False
    return True


def unassigned_numbers(plan: Plan) -> list[int]:
    """Columns of numbers that no role claims."""
    taken = (
        set(plan.roles.values()) | set(plan.identifying) | set(plan.left_out) | set(plan.notes)
        | {n.index for n in plan.outcomes}
    )  # fmt: skip
    found = []
    for name in plan.section.names:
        sample = sample_of(plan.section, name.index)
        if (
            name.index not in taken
            and share_of_numbers(sample) > 0.6
            and (share_of_dates(sample) < 0.5)
        ):
            found.append(name.index)
    return found


def _ask_for_thickness(plan: Plan, free: list[ColumnName], run: Run) -> Shape | None:
    """No name says thickness: ask, if some column could hold it."""
    if plan.has("therapy") and (plan.has("start") or plan.has("start_day") or plan.has("end")):
        return None
    candidates = unassigned_numbers(plan)
    if "value" in plan.roles:
        candidates.append(plan.roles["value"])
    if "mean" in plan.roles:
        candidates.append(plan.roles["mean"])
    clinical = plan.has("patient_id") or plan.has("date") or plan.has("site")
    if not candidates or not (clinical or _has_dates(plan)) or plan.has("therapy"):
        return None
    columns = [plan.section.names[i] for i in candidates]
    answer = ask_among(
        plan, "thickness", candidates, run,
        "No column is known to hold the skin thickness by its name. Which column is it? "
        "Columns seen: " + ", ".join(header_of(plan.section, n.index) for n in plan.section.names),
        (
            *(_together(len(columns)) if len(columns) > 1 else ()),
            Choice(NO_COLUMN, "not a thickness (a score or another measure)"),
        ),
    )  # fmt: skip
    for role in ("value", "mean"):
        if plan.roles.get(role) in candidates:
            plan.roles.pop(role)
    if answer == NO_COLUMN:
        plan.outcomes += [as_outcome(n) for n in columns]
        return Shape.OUTCOMES
    if answer == VISITS:
        plan.visits = [as_visit(n) for n in columns]
        return Shape.VISITS_ACROSS
    if answer == REPLICATES:
        chosen = [chosen_as_thickness(n) for n in columns]
        plan.values = [replace(n, replicate=i) for i, n in enumerate(chosen, start=1)]
        return Shape.WIDE_READING
    index = answer if isinstance(answer, int) else candidates[0]
    plan.values = [chosen_as_thickness(plan.section.names[index])]
    return Shape.LONG


def _has_dates(plan: Plan) -> bool:
    return any(share_of_dates(sample_of(plan.section, n.index)) > 0.6 for n in plan.section.names)
