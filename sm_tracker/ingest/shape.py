"""What a table is about: readings (long or wide), therapies, sessions, outcomes, a mixture."""

from __future__ import annotations

import re
from dataclasses import replace
from enum import Enum

from sm_tracker.domain.records import Choice
from sm_tracker.ingest.column_names import word_set
from sm_tracker.ingest.columns import (
    ColumnName,
    chosen_as_thickness,
    plain_name,
    read_column_name,
)
from sm_tracker.ingest.header_rows import names_a_dictionary
from sm_tracker.ingest.layout import Section
from sm_tracker.ingest.mapping import (
    Plan,
    ask_column,
    header_of,
    sample_of,
    share_of_dates,
    share_of_numbers,
)
from sm_tracker.ingest.run import Run
from sm_tracker.ingest.sites import holds_site, read_site
from sm_tracker.ingest.tables import column_letter, text_of
from sm_tracker.ingest.units import factor_to_mm
from sm_tracker.ingest.words import read_number


class Shape(Enum):
    """Kinds of table, with the words for the line "recognised as"."""

    LONG = "one row a reading"
    WIDE_SITE = "one column a site"
    WIDE_READING = "one column a reading"
    WIDE_LAYER = "one column a layer"
    WIDE_SIDE = "one column a side of the body"
    VISITS_ACROSS = "one column a visit"
    THERAPIES = "therapy periods"
    SESSIONS = "one row a session"
    OUTCOMES = "outcomes"
    PARAMETERS = "one row a parameter"
    MIXED = "mixed records"
    POINTS = "digitised points"
    REDCAP = "REDCap export"
    REDCAP_DICTIONARY = "REDCap data dictionary"
    CBIOPORTAL = "cBioPortal timeline"
    UNKNOWN = "not recognised"


def is_redcap(section: Section) -> bool:
    """Whether the columns are those of a REDCap export, with names of fields or with labels."""
    names = [n.text.casefold() for n in section.names]
    complete = any(n.endswith("_complete") for n in names)
    labels = {"event name", "repeat instrument", "repeat instance", "complete?"} & set(names)
    return (
        any(n.startswith("redcap_") for n in names)
        or (complete and "record_id" in names)
        or len(labels) > 1
    )


def is_redcap_dictionary(section: Section) -> bool:
    """Whether the columns are those of a REDCap data dictionary."""
    return names_a_dictionary(section.header)


_EVENT_COLUMNS = {"EVENT_TYPE", "TREATMENT_TYPE", "AGENT", "TEST", "RESULT"}


def is_cbioportal(section: Section) -> bool:
    """Whether the columns are those of a cBioPortal timeline file."""
    names = {n.text.upper(): n.index for n in section.names}
    if not {"PATIENT_ID", "START_DATE"} <= set(names) or names.keys().isdisjoint(_EVENT_COLUMNS):
        return False
    return share_of_dates(sample_of(section, names["START_DATE"])) < 0.5  # days, no dates


_AXES_OF_TIME = word_set("x t time zeit temps")
"""Names of a first axis that say neither a date nor what is counted."""


def is_points(section: Section) -> bool:
    """Whether the rows are pairs of numbers, as a figure digitiser writes them."""
    filled = [n.index for n in section.names if sample_of(section, n.index)]
    if len(filled) != 2 or not section.rows:
        return False
    names = [plain_name(section.names[i].text) for i in filled]
    axes = set(names) <= {"x", "y", ""} or names[0] in _AXES_OF_TIME
    if section.has_header and not axes:
        return False
    return all(share_of_numbers(sample_of(section, i)) > 0.95 for i in filled)


def shape_of(plan: Plan, run: Run) -> Shape:
    """The shape of a table; fills `plan.values` with its columns of thickness."""
    beside = plan.values or plan.has("site", "value")
    if plan.has("outcome") and beside and not _tells_measures(plan):
        del plan.roles["outcome"]  # "test: US" beside a column of thickness is a remark
    if plan.has("outcome") and (plan.has("value") or plan.values):
        return Shape.PARAMETERS if _has_thickness_parameter(plan) else Shape.OUTCOMES
    if _is_visits_across(plan):
        return Shape.VISITS_ACROSS
    if plan.has("record_type") and _is_mixed(plan):
        return Shape.MIXED
    wide = _value_columns(plan, run)
    if wide is not None:
        return wide
    if plan.has("therapy") and (plan.has("start") or plan.has("start_day") or plan.has("end")):
        return Shape.THERAPIES
    if plan.has("therapy") and (plan.has("date") or plan.has("day")) and not plan.outcomes:
        return Shape.SESSIONS
    if plan.outcomes and plan.has("patient_id") and (plan.has("date") or plan.has("day")):
        # With a column of sites it is a table of readings that lacks the thickness.
        lacks_thickness = plan.has("site") or _unassigned_numbers(plan)
        return Shape.UNKNOWN if lacks_thickness else Shape.OUTCOMES
    return Shape.UNKNOWN


_TIMES = word_set(
    "before after pre post vorher nachher vor nach avant apres baseline first second erste zweite"
)
"""Words that tell columns of thickness apart by time, not by site."""
MEASUREMENT_WORDS = word_set(
    "measurement measurements messung messungen mesure mesures reading readings us sono "
    "ultraschall ultrasound echographie echo hfus thickness hautdicke dicke epaisseur m mess "
    "untersuchung examen exam skin lab test lab_test meas"
)
THERAPY_WORDS = word_set(
    "therapy therapies treatment treatments drug medication therapie therapien behandlung "
    "medikament medikation traitement traitements medicament rx t th tx therapy_period regimen "
    "kur cure ttt trt arzneimittel"
)
OUTCOME_WORDS = word_set("outcome outcomes score zielgroesse resultat clinical klinik")


def kind_of_record(text: str) -> str:
    """What a record type names: measurement, therapy, outcome or blank."""
    plain = plain_name(text)
    for kind, words in (
        ("measurement", MEASUREMENT_WORDS),
        ("therapy", THERAPY_WORDS),
        ("outcome", OUTCOME_WORDS),
    ):
        if plain in words or set(plain.split()) & words:
            return kind
    for kind, stems in (
        ("therapy", ("therap", "treat", "behandl", "medik", "trait")),
        ("measurement", ("mess", "meas", "mesur", "ultras", "sono", "thick", "dick", "epais")),
    ):
        if any(stem in plain for stem in stems):
            return kind
    return ""


def _is_mixed(plan: Plan) -> bool:
    kinds = {kind_of_record(text_of(c)) for c in plan.cells("record_type")}
    return bool(kinds & {"measurement", "therapy"})


def _tells_measures(plan: Plan) -> bool:
    """Whether the cells of a column of parameters name measures, of skin or others."""
    if not all(n.says_thickness for n in plan.values):
        return True
    read = [read_column_name(t) for c in plan.cells("outcome") if (t := text_of(c).strip())]
    return any(n.says_thickness or n.role.startswith(("outcome:", "not_thickness")) for n in read)


def _has_thickness_parameter(plan: Plan) -> bool:
    names = {text_of(c) for c in plan.cells("outcome")}
    read = [read_column_name(n) for n in names if n.strip()]
    return any(n.says_thickness or n.site_known for n in read)


def _is_visits_across(plan: Plan) -> bool:
    visits = [n for n in plan.section.names if n.visit and n.index not in plan.identifying
              and n.index not in plan.roles.values()]  # fmt: skip
    if len(visits) < 2 or plan.has("date") or plan.has("day"):
        return False
    return share_of_numbers([c for n in visits for c in sample_of(plan.section, n.index)]) > 0.4


def _value_columns(plan: Plan, run: Run) -> Shape | None:
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
    names = [
        f"column {column_letter(n.index)}" if headers.count(n.text) > 1 or twice else n.text
        for n in filled
    ]
    choices = [
        Choice(name, "holds " + ", ".join(text_of(c) for c in sample_of(plan.section, n.index)[:3]))
        for name, n in zip(names, filled, strict=True)
    ]
    choices.append(
        Choice("replicates", f"all {len(filled)} columns are readings of the same visit")
    )
    words = f"Two columns have the same name ({headers[0]})" if twice else (
        "Several columns may hold the skin thickness: " + ", ".join(headers))  # fmt: skip
    answer = run.interview.ask(
        "column.thickness", f"{words}. Which column is the skin thickness?", choices, plan.spot
    )
    if plan.has("site"):
        filled = [chosen_as_thickness(n) for n in filled]
    if answer == "replicates":
        plan.values = [replace(n, replicate=i) for i, n in enumerate(filled, start=1)]
        return Shape.WIDE_READING
    plan.values = [filled[names.index(answer)] if answer in names else filled[0]]
    plan.left_out += [n.index for n in filled if n.index != plan.values[0].index]
    return Shape.LONG


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


def _unassigned_numbers(plan: Plan) -> list[int]:
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
    candidates = _unassigned_numbers(plan)
    if "value" in plan.roles:
        candidates.append(plan.roles["value"])
    if "mean" in plan.roles:
        candidates.append(plan.roles["mean"])
    clinical = plan.has("patient_id") or plan.has("date") or plan.has("site")
    if not candidates or not (clinical or _has_dates(plan)) or plan.has("therapy"):
        return None
    chosen = ask_column(
        plan, "thickness", candidates, run,
        message="No column is known to hold the skin thickness by its name. Which column is it? "
        "Columns seen: " + ", ".join(header_of(plan.section, n.index) for n in plan.section.names),
    )  # fmt: skip
    for role in ("value", "mean"):
        if plan.roles.get(role) == chosen:
            plan.roles.pop(role)
    plan.values = [chosen_as_thickness(plan.section.names[chosen])]
    return Shape.LONG


def _has_dates(plan: Plan) -> bool:
    return any(share_of_dates(sample_of(plan.section, n.index)) > 0.6 for n in plan.section.names)
