"""Which columns of a table hold thickness values: by name, by content, or by asking."""

from __future__ import annotations

import re
from dataclasses import replace

from sm_tracker.domain.records import Choice
from sm_tracker.ingest.cells.plain_names import word_set
from sm_tracker.ingest.cells.short_texts import read_number
from sm_tracker.ingest.cells.sites import holds_site, read_site
from sm_tracker.ingest.cells.units import factor_to_mm
from sm_tracker.ingest.tables.column_meanings import ColumnName, as_outcome
from sm_tracker.ingest.tables.column_roles import (
    NO_COLUMN,
    REPLICATES,
    VISITS,
    ColumnRoles,
    ask_among,
    header_of,
    sample_of,
    share_of_dates,
    share_of_numbers,
    shown_as,
)
from sm_tracker.ingest.tables.header_names import as_visit, chosen_as_thickness
from sm_tracker.ingest.tables.layout import Section
from sm_tracker.ingest.tables.read_context import ReadContext
from sm_tracker.ingest.tables.table_shapes import TableShape
from sm_tracker.languages import Message

_TIMES = word_set(
    "before after pre post vorher nachher vor nach avant apres baseline first second erste zweite"
)
"""Words that tell columns of thickness apart by time, not by site."""


def value_columns(roles: ColumnRoles, context: ReadContext) -> TableShape | None:
    """Find the columns of thickness values, by name; None where there are none."""
    section = roles.section
    taken = (
        set(roles.by_role.values())
        | set(roles.identifying)
        | set(roles.left_out)
        | set(roles.notes)
    )
    if "thickness" in roles.by_role:
        column = section.names[roles.by_role.pop("thickness")]
        roles.values = [chosen_as_thickness(column)]
        return TableShape.LONG
    free = [n for n in section.names if n.index not in taken and not n.role and n.text]
    sites = [n for n in free if n.site_known and _holds_values(section, n)]
    sides = [n for n in free if n.side and _holds_values(section, n)]
    if not roles.values and sorted(n.side for n in sides) == ["left", "right"]:
        roles.values = sides
        return TableShape.WIDE_SIDE
    readings = [n for n in free if n.replicate is not None and not n.site_text
                and _holds_values(section, n)]  # fmt: skip
    if sites:
        return _wide_by_site(roles, sites, free, context)
    partly = [n for n in free if _narrows_a_site(section, n)]
    if len(partly) > 1 and not roles.has("site"):
        for name in partly:
            context.findings.add("unknown_site_columns", roles.location, None, column=name.text)
        roles.values = partly
        return TableShape.WIDE_SITE
    if len(readings) > 1:
        _leave_means_out(roles, context)
        roles.values = readings
        return TableShape.WIDE_READING
    return _single_column(roles, readings, free, context)


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


def _wide_by_site(
    roles: ColumnRoles, sites: list[ColumnName], free: list[ColumnName], context: ReadContext
) -> TableShape:
    """One column a site; unknown names with the unit of the others count as sites, said so."""
    statistics = [n for n in sites if n.statistic in ("sd", "n", "min", "max", "median")]
    means = [n for n in sites if n.statistic == "mean"]
    single = [n for n in sites if not n.statistic]
    derived = [n for n in means if _is_mean_of(n, single)]
    statistics += derived
    means = [n for n in means if n not in derived]
    for name in statistics:
        context.findings.add("mean_left_out", roles.location, None, column=name.text)
        roles.left_out.append(name.index)
    roles.values = sorted(single + means, key=lambda n: n.index)
    units = {n.unit for n in roles.values if n.unit}
    for name in free:
        if name in sites or not name.unit or name.unit not in units or name.statistic:
            continue
        if _NO_SITE.search(name.name):
            context.findings.add("column_not_thickness", roles.location, None, column=name.text)
            roles.left_out.append(name.index)
            continue
        if share_of_numbers(sample_of(roles.section, name.index)) > 0.5 and not name.says_thickness:
            context.findings.add("unknown_site_columns", roles.location, None, column=name.text)
            roles.values.append(name)
    roles.values.sort(key=lambda n: n.index)
    return TableShape.WIDE_SITE


def _is_mean_of(mean: ColumnName, single: list[ColumnName]) -> bool:
    """Whether a mean of a site stands beside readings of that site, of both sides or of its own."""
    if any(n.replicate is not None for n in single):
        return True
    site = read_site(mean.site_text)
    read = [read_site(n.site_text) for n in single]
    return any(r.site == site.site and site.side in ("", r.side) for r in read)


def _leave_means_out(roles: ColumnRoles, context: ReadContext) -> None:
    """A mean and SD beside the single readings are not stored."""
    for role in ("mean", "sd"):
        if role in roles.by_role:
            index = roles.by_role.pop(role)
            context.findings.add(
                "mean_left_out", roles.location, None, column=header_of(roles.section, index)
            )
            roles.left_out.append(index)
    for name in roles.values:
        context.findings.add("mean_left_out", roles.location, None, column=name.text)
        roles.left_out.append(name.index)
    roles.values = []


def _single_column(
    roles: ColumnRoles, readings: list[ColumnName], free: list[ColumnName], context: ReadContext
) -> TableShape | None:
    """A column of thickness, or columns of layers; else a column that may be one."""
    named = roles.values
    if len(named) > 1:
        return _several_thickness_columns(roles, named, context)
    twins = [n for n in readings if n.says_thickness]
    if named and twins:  # "thickness" and "thickness.1", as programs rename a second column
        roles.values = [*named, *twins]
        return TableShape.WIDE_READING
    if named:
        return TableShape.LONG
    if readings and (readings[0].says_thickness or readings[0].unit):
        roles.values = readings
        return TableShape.LONG
    spelt = [n for n in free if n.says_thickness and _holds_values(roles.section, n)]
    if len(spelt) == 1 and roles.has("site"):
        roles.values = [replace(spelt[0], site_text="")]
        return TableShape.LONG
    if len(spelt) > 1 and (roles.has("site") or any(_TIMES & set(n.name.split()) for n in spelt)):
        return _ask_which(roles, spelt, context)
    if spelt:
        for name in spelt:
            if name.site_text and not name.site_known:
                context.findings.add("unknown_site_columns", roles.location, None, column=name.text)
        roles.values = spelt
        return TableShape.WIDE_SITE
    for role in ("value", "mean"):
        if role in roles.by_role and _is_about_skin(roles, role):
            roles.values = [roles.section.names[roles.by_role.pop(role)]]
            return TableShape.LONG
    return _ask_for_thickness(roles, free, context)


def _is_about_skin(roles: ColumnRoles, role: str) -> bool:
    """Whether "value" beside patient, date and site can only be the thickness."""
    name = roles.section.names[roles.by_role[role]]
    return bool(name.unit) or roles.has("site") or roles.has("unit")


def _several_thickness_columns(
    roles: ColumnRoles, named: list[ColumnName], context: ReadContext
) -> TableShape:
    if len({n.layer for n in named}) == len(named):
        return TableShape.WIDE_LAYER
    if {n.side for n in named} == {"left", "right"} and len(named) == 2:
        return TableShape.WIDE_SIDE
    filled = [n for n in named if sample_of(roles.section, n.index)] or named[:1]
    means = [n for n in filled if n.statistic]
    if len(filled) > 1 and means and len(filled) - len(means) == 1:
        filled = [n for n in filled if not n.statistic]
    if len(filled) > 1 and _same_in_other_units(roles, filled):
        filled = [next((n for n in filled if n.unit == "mm"), filled[0])]
    if len(filled) == 1:
        roles.values = filled
        return TableShape.LONG
    return _ask_which(roles, filled, context)


def _ask_which(roles: ColumnRoles, filled: list[ColumnName], context: ReadContext) -> TableShape:
    headers = [n.text for n in filled]
    twice = len({h.casefold() for h in headers}) < len(headers)
    message = (
        Message(
            "Two columns have the same name ({header}). Which column is the skin thickness?",
            header=headers[0],
        )
        if twice
        else Message(
            "Several columns may hold the skin thickness: {headers}. Which column is the skin "
            "thickness?",
            headers=headers,
        )
    )
    answer = ask_among(
        roles, "thickness", [n.index for n in filled], context,
        message, _together(len(filled)),
    )  # fmt: skip
    if answer == VISITS:
        roles.values = []
        roles.visits = [as_visit(n) for n in filled]
        return TableShape.VISITS_ACROSS
    if roles.has("site"):
        filled = [chosen_as_thickness(n) for n in filled]
    if answer == REPLICATES:
        roles.values = [replace(n, replicate=i) for i, n in enumerate(filled, start=1)]
        return TableShape.WIDE_READING
    roles.values = [next((n for n in filled if n.index == answer), filled[0])]
    roles.left_out += [n.index for n in filled if n.index != roles.values[0].index]
    return TableShape.LONG


def _together(count: int) -> tuple[Choice, ...]:
    """The answers that take all columns in doubt."""
    return (
        Choice(
            REPLICATES, Message("all {count} columns are readings of the same visit", count=count)
        ),
        Choice(VISITS, Message("each of the {count} columns is a visit", count=count)),
    )


def _same_in_other_units(roles: ColumnRoles, columns: list[ColumnName]) -> bool:
    """Whether columns hold the same values in different units."""
    if len({n.unit for n in columns}) != len(columns) or not all(n.unit for n in columns):
        return False
    for row in roles.section.rows:
        mm = [
            number * factor_to_mm(n.unit)
            for n in columns
            if n.index < len(row) and (number := read_number(row[n.index])) is not None
        ]
        if mm and max(mm) - min(mm) > 0.006 * max(1.0, max(mm)):
            return False
    return True


def unassigned_numbers(roles: ColumnRoles) -> list[int]:
    """Columns of numbers that no role claims."""
    taken = (
        set(roles.by_role.values())
        | set(roles.identifying)
        | set(roles.left_out)
        | set(roles.notes)
        | {n.index for n in roles.outcomes}
    )
    found = []
    for name in roles.section.names:
        sample = sample_of(roles.section, name.index)
        if (
            name.index not in taken
            and share_of_numbers(sample) > 0.6
            and (share_of_dates(sample) < 0.5)
        ):
            found.append(name.index)
    return found


def _ask_for_thickness(
    roles: ColumnRoles, free: list[ColumnName], context: ReadContext
) -> TableShape | None:
    """No name says thickness: ask, if some column could hold it."""
    if roles.has("therapy") and (roles.has("start") or roles.has("start_day") or roles.has("end")):
        return None
    candidates = unassigned_numbers(roles)
    if "value" in roles.by_role:
        candidates.append(roles.by_role["value"])
    if "mean" in roles.by_role:
        candidates.append(roles.by_role["mean"])
    clinical = roles.has("patient_id") or roles.has("date") or roles.has("site")
    if not candidates or not (clinical or _has_dates(roles)) or roles.has("therapy"):
        return None
    columns = [roles.section.names[i] for i in candidates]
    answer = ask_among(
        roles,
        "thickness",
        candidates,
        context,
        Message(
            "No column is known to hold the skin thickness by its name. Which column is it? "
            "Columns seen: {columns}",
            columns=[shown_as(roles.section, n.index) for n in roles.section.names],
        ),
        (
            *(_together(len(columns)) if len(columns) > 1 else ()),
            Choice(NO_COLUMN, Message("not a thickness (a score or another measure)")),
        ),
    )
    for role in ("value", "mean"):
        if roles.by_role.get(role) in candidates:
            roles.by_role.pop(role)
    if answer == NO_COLUMN:
        roles.outcomes += [as_outcome(n) for n in columns]
        return TableShape.OUTCOMES
    if answer == VISITS:
        roles.visits = [as_visit(n) for n in columns]
        return TableShape.VISITS_ACROSS
    if answer == REPLICATES:
        chosen = [chosen_as_thickness(n) for n in columns]
        roles.values = [replace(n, replicate=i) for i, n in enumerate(chosen, start=1)]
        return TableShape.WIDE_READING
    index = answer if isinstance(answer, int) else candidates[0]
    roles.values = [chosen_as_thickness(roles.section.names[index])]
    return TableShape.LONG


def _has_dates(roles: ColumnRoles) -> bool:
    return any(share_of_dates(sample_of(roles.section, n.index)) > 0.6 for n in roles.section.names)
