"""Which columns of a table hold thickness values: by name, by content, or by asking."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sm_tracker.domain.records import Choice
from sm_tracker.ingest.cells.plain_names import word_set
from sm_tracker.ingest.cells.short_texts import read_number
from sm_tracker.ingest.cells.sites import holds_site, read_site
from sm_tracker.ingest.cells.units import factor_to_mm
from sm_tracker.ingest.tables.column_meanings import ColumnName, as_outcome
from sm_tracker.ingest.tables.column_questions import NO_COLUMN, REPLICATES, VISITS, ask_among
from sm_tracker.ingest.tables.columns import (
    ColumnRoles,
    header_of,
    sample_of,
    share_of_dates,
    share_of_numbers,
    shown_as,
)
from sm_tracker.ingest.tables.header_names import as_visit, chosen_as_thickness
from sm_tracker.ingest.tables.read_context import ReadContext
from sm_tracker.ingest.tables.section import Section
from sm_tracker.ingest.tables.table_shapes import TableShape
from sm_tracker.languages import Message

_TIMES = word_set(
    "before after pre post vorher nachher vor nach avant apres baseline first second erste zweite"
)
"""Words that tell columns of thickness apart by time, not by site."""


Shaped = tuple[TableShape, ColumnRoles]
"""What a table is about, with the columns as that makes them."""


def _free(roles: ColumnRoles) -> list[ColumnName]:
    """Columns with a name that no role claims."""
    claimed = roles.claimed
    return [n for n in roles.section.names if n.text and not n.role and n.index not in claimed]


def _with_values(roles: ColumnRoles) -> list[ColumnName]:
    """Columns that no role claims and that may hold values."""
    return [n for n in _free(roles) if _holds_values(roles.section, n)]


def _readings(roles: ColumnRoles) -> list[ColumnName]:
    return [n for n in _with_values(roles) if n.replicate is not None and not n.site_text]


def chosen_column(roles: ColumnRoles, context: ReadContext) -> Shaped | None:
    """The column that a person named."""
    if not roles.has("thickness"):
        return None
    column = roles.section.names[roles.by_role["thickness"]]
    roles = roles.without("thickness")
    return TableShape.LONG, replace(roles, values=(chosen_as_thickness(column),))


def one_column_a_side(roles: ColumnRoles, context: ReadContext) -> Shaped | None:
    """Columns "left" and "right"."""
    sides = [n for n in _with_values(roles) if n.side]
    if roles.values or sorted(n.side for n in sides) != ["left", "right"]:
        return None
    return TableShape.WIDE_SIDE, replace(roles, values=tuple(sides))


def one_column_a_site(roles: ColumnRoles, context: ReadContext) -> Shaped | None:
    """Columns that are called by body sites."""
    sites = [n for n in _with_values(roles) if n.site_known]
    return _wide_by_site(roles, sites, context) if sites else None


def one_column_a_part(roles: ColumnRoles, context: ReadContext) -> Shaped | None:
    """Columns that are called by a body site and words that are not known."""
    partly = [n for n in _free(roles) if _narrows_a_site(roles.section, n)]
    if len(partly) < 2 or roles.has("site"):
        return None
    for name in partly:
        context.findings.add("unknown_site_columns", roles.location, None, column=name.text)
    return TableShape.WIDE_SITE, replace(roles, values=tuple(partly))


def one_column_a_reading(roles: ColumnRoles, context: ReadContext) -> Shaped | None:
    """Columns of readings that are numbered; a mean beside them is not stored."""
    readings = _readings(roles)
    if len(readings) < 2:
        return None
    means = [i for role in ("mean", "sd") if (i := roles.by_role.get(role)) is not None]
    means += [n.index for n in roles.values]
    for index in means:
        context.findings.add(
            "mean_left_out", roles.location, None, column=header_of(roles.section, index)
        )
    roles = roles.without("mean", "sd").leaving_out(*means)
    return TableShape.WIDE_READING, replace(roles, values=tuple(readings))


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


def _wide_by_site(roles: ColumnRoles, sites: list[ColumnName], context: ReadContext) -> Shaped:
    """One column a site; unknown names with the unit of the others count as sites, said so."""
    single = [n for n in sites if not n.statistic]
    derived = [
        n for n in sites
        if n.statistic in ("sd", "n", "min", "max", "median")
        or (n.statistic == "mean" and _is_mean_of(n, single))
    ]  # fmt: skip
    values = [n for n in sites if n not in derived]
    units = {n.unit for n in values if n.unit}
    others = [
        n for n in _free(roles)
        if n not in sites and n.unit and n.unit in units and not n.statistic
    ]  # fmt: skip
    not_sites = [n for n in others if _NO_SITE.search(n.name)]
    unknown = [
        n for n in others
        if n not in not_sites
        and not n.says_thickness
        and share_of_numbers(sample_of(roles.section, n.index)) > 0.5
    ]  # fmt: skip
    for code, names in (
        ("mean_left_out", sorted(derived, key=lambda n: n.statistic == "mean")),
        ("column_not_thickness", not_sites),
        ("unknown_site_columns", unknown),
    ):
        for name in names:
            context.findings.add(code, roles.location, None, column=name.text)
    roles = roles.leaving_out(*(n.index for n in (*derived, *not_sites)))
    found = sorted((*values, *unknown), key=lambda n: n.index)
    return TableShape.WIDE_SITE, replace(roles, values=tuple(found))


def _is_mean_of(mean: ColumnName, single: list[ColumnName]) -> bool:
    """Whether a mean of a site stands beside readings of that site, of both sides or of its own."""
    if any(n.replicate is not None for n in single):
        return True
    site = read_site(mean.site_text)
    read = [read_site(n.site_text) for n in single]
    return any(r.site == site.site and site.side in ("", r.side) for r in read)


def several_columns(roles: ColumnRoles, context: ReadContext) -> Shaped | None:
    """Several columns are called thickness: layers, sides, other units, or a question."""
    named = roles.values
    if len(named) < 2:
        return None
    if len({n.layer for n in named}) == len(named):
        return TableShape.WIDE_LAYER, roles
    if {n.side for n in named} == {"left", "right"} and len(named) == 2:
        return TableShape.WIDE_SIDE, roles
    filled = [n for n in named if sample_of(roles.section, n.index)] or named[:1]
    means = [n for n in filled if n.statistic]
    if len(filled) > 1 and means and len(filled) - len(means) == 1:
        filled = [n for n in filled if not n.statistic]
    if len(filled) > 1 and _same_in_other_units(roles, filled):
        filled = [next((n for n in filled if n.unit == "mm"), filled[0])]
    if len(filled) == 1:
        return TableShape.LONG, replace(roles, values=tuple(filled))
    return _ask_which(roles, filled, context)


def one_column(roles: ColumnRoles, context: ReadContext) -> Shaped | None:
    """A column that is called thickness, or the only one with a number and a unit."""
    readings = _readings(roles)
    twins = [n for n in readings if n.says_thickness]
    if roles.values and twins:  # "thickness" and "thickness.1", as programs rename a second one
        return TableShape.WIDE_READING, replace(roles, values=(*roles.values, *twins))
    if roles.values:
        return TableShape.LONG, roles
    if readings and (readings[0].says_thickness or readings[0].unit):
        return TableShape.LONG, replace(roles, values=tuple(readings))
    return None


def likely_columns(roles: ColumnRoles, context: ReadContext) -> Shaped | None:
    """Columns whose names say thickness among other words."""
    spelt = [n for n in _with_values(roles) if n.says_thickness]
    if not spelt:
        return None
    if len(spelt) == 1 and roles.has("site"):
        return TableShape.LONG, replace(roles, values=(replace(spelt[0], site_text=""),))
    if len(spelt) > 1 and (roles.has("site") or any(_TIMES & set(n.name.split()) for n in spelt)):
        return _ask_which(roles, spelt, context)
    for name in spelt:
        if name.site_text and not name.site_known:
            context.findings.add("unknown_site_columns", roles.location, None, column=name.text)
    return TableShape.WIDE_SITE, replace(roles, values=tuple(spelt))


def column_of_values(roles: ColumnRoles, context: ReadContext) -> Shaped | None:
    """A column "value" or "mean" that can only be the thickness."""
    for role in ("value", "mean"):
        if role in roles.by_role and _is_about_skin(roles, role):
            name = roles.section.names[roles.by_role[role]]
            return TableShape.LONG, replace(roles.without(role), values=(name,))
    return None


def _is_about_skin(roles: ColumnRoles, role: str) -> bool:
    """Whether "value" beside patient, date and site can only be the thickness."""
    name = roles.section.names[roles.by_role[role]]
    return bool(name.unit) or roles.has("site") or roles.has("unit")


def _ask_which(roles: ColumnRoles, filled: Sequence[ColumnName], context: ReadContext) -> Shaped:
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
        return _as_visits(roles, filled)
    if roles.has("site"):
        filled = [chosen_as_thickness(n) for n in filled]
    if answer == REPLICATES:
        return _as_replicates(roles, filled)
    chosen = next((n for n in filled if n.index == answer), filled[0])
    others = (n.index for n in filled if n.index != chosen.index)
    return TableShape.LONG, replace(roles.leaving_out(*others), values=(chosen,))


def _as_visits(roles: ColumnRoles, names: Iterable[ColumnName]) -> Shaped:
    visits = tuple(as_visit(n) for n in names)
    return TableShape.VISITS_ACROSS, replace(roles, values=(), visits=visits)


def _as_replicates(roles: ColumnRoles, names: Iterable[ColumnName]) -> Shaped:
    values = tuple(replace(n, replicate=i) for i, n in enumerate(names, start=1))
    return TableShape.WIDE_READING, replace(roles, values=values)


def _together(count: int) -> tuple[Choice, ...]:
    """The answers that take all columns in doubt."""
    return (
        Choice(
            REPLICATES, Message("all {count} columns are readings of the same visit", count=count)
        ),
        Choice(VISITS, Message("each of the {count} columns is a visit", count=count)),
    )


def _same_in_other_units(roles: ColumnRoles, columns: Sequence[ColumnName]) -> bool:
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
    claimed = roles.claimed
    found = []
    for name in roles.section.names:
        sample = sample_of(roles.section, name.index)
        if (
            name.index not in claimed
            and share_of_numbers(sample) > 0.6
            and (share_of_dates(sample) < 0.5)
        ):
            found.append(name.index)
    return found


def asked_column(roles: ColumnRoles, context: ReadContext) -> Shaped | None:
    """No name says thickness: ask, if some column could hold it."""
    candidates = unassigned_numbers(roles)
    if "value" in roles.by_role:
        candidates.append(roles.by_role["value"])
    if "mean" in roles.by_role:
        candidates.append(roles.by_role["mean"])
    if roles.has("therapy"):
        # Numbers beside a therapy are doses and cycles, but none of these is a length; one of
        # a course, which has no day of its own, is not a reading.
        dated = roles.has("date") or roles.has("day")
        candidates = [i for i in candidates if dated and roles.section.names[i].unit]
    clinical = roles.has("patient_id") or roles.has("date") or roles.has("site")
    if not candidates or not (clinical or _has_dates(roles)):
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
    if answer == NO_COLUMN and roles.has("therapy"):
        return None
    roles = roles.without("value", "mean")
    if answer == NO_COLUMN:
        outcomes = (*roles.outcomes, *(as_outcome(n) for n in columns))
        return TableShape.OUTCOMES, replace(roles, outcomes=outcomes)
    if answer == VISITS:
        return _as_visits(roles, columns)
    if answer == REPLICATES:
        return _as_replicates(roles, (chosen_as_thickness(n) for n in columns))
    index = answer if isinstance(answer, int) else candidates[0]
    chosen = chosen_as_thickness(roles.section.names[index])
    return TableShape.LONG, replace(roles, values=(chosen,))


def _has_dates(roles: ColumnRoles) -> bool:
    return any(share_of_dates(sample_of(roles.section, n.index)) > 0.6 for n in roles.section.names)
