"""Pairs of numbers from a figure digitiser: axes, patient and site are asked for."""

from __future__ import annotations

import re
from pathlib import PurePath

from sm_tracker.domain.records import Choice, Measurement, Place
from sm_tracker.ingest.harvest import Harvest
from sm_tracker.ingest.mapping import Plan, column_cells, sample_of
from sm_tracker.ingest.measurements import reason_of
from sm_tracker.ingest.people import place_of
from sm_tracker.ingest.run import Refusals, Run
from sm_tracker.ingest.times import DAYS_PER
from sm_tracker.ingest.units import factor_to_mm
from sm_tracker.ingest.words import read_number

_X_CHOICES = ("days", "weeks", "months", "years")


def read_points(plan: Plan, run: Run, refusals: Refusals) -> Harvest:
    """Digitised points as readings on a day axis, once axes, patient and site are known."""
    x, y = (n.index for n in plan.section.names if sample_of(plan.section, n.index))
    rows = dict(zip(plan.section.numbers, plan.section.rows, strict=True))
    points = [
        (number, read_number(a), read_number(b))
        for number, a, b in zip(
            plan.section.numbers, column_cells(plan.section, x), column_cells(plan.section, y),
            strict=True,
        )
    ]  # fmt: skip
    good = [(n, a, b) for n, a, b in points if a is not None and b is not None]
    for number, a, b in points:
        if a is None or b is None:
            run.report.add("not_a_number", plan.spot, number, column="points")
            refusals.add(number, rows[number], reason_of("not_a_number"))
    time, unit = _ask_x(good, plan, run), _ask_y(good, plan, run)
    patient, site = _ask_who(plan, run), _ask_where(plan, run)
    if not (time and unit and patient and site):
        return Harvest()
    run.report.add(
        "format_recognised", plan.spot, None, form="digitised points",
        words=f"{len(good)} points, first axis in {time}, second axis in {unit}",
    )  # fmt: skip
    place = place_of(site)
    found = []
    for number, a, b in good:
        mm = b * factor_to_mm(unit)
        if mm <= 0:
            code = "negative_value" if mm < 0 else "zero_value"
            run.report.add(code, plan.spot, number, column="points", value=f"{b:g}")
            refusals.add(number, rows[number], reason_of(code))
            continue
        found.append(
            Measurement(
                patient_id=patient,
                site=place.site,
                side=place.side,
                site_text=place.text,
                day=round(a * DAYS_PER[time.removesuffix("s")]),
                thickness_mm=round(mm, 6),
                approximate=True,
                place=Place(file=plan.spot.file, sheet=plan.spot.sheet, row=number),
            )
        )
    return Harvest(measurements=found)


def _ask_x(good: list[tuple[int, float, float]], plan: Plan, run: Run) -> str | None:
    numbers = [a for _, a, _ in good] or [0.0]
    low, high = min(numbers), max(numbers)
    choices = [
        Choice(unit, f"day {low * DAYS_PER[unit[:-1]]:.0f} to day {high * DAYS_PER[unit[:-1]]:.0f}")
        for unit in _X_CHOICES
    ]
    return run.interview.ask(
        "points_x",
        f"The file holds {len(good)} pairs of numbers without column names, like points that were "
        f"digitised from a figure. What does the first axis (x, {low:g} to {high:g}) count?",
        choices,
        plan.spot,
    )


def _ask_y(good: list[tuple[int, float, float]], plan: Plan, run: Run) -> str | None:
    numbers = [b for _, _, b in good] or [0.0]
    low, high = min(numbers), max(numbers)
    units = ("mm", "µm", "cm") if high < 100 else ("µm", "mm", "cm")
    choices = [
        Choice(u, f"thickness from {low * factor_to_mm(u):.3f} to {high * factor_to_mm(u):.3f} mm")
        for u in units
    ]
    return run.interview.ask(
        "points_y",
        f"What unit has the second axis (y, {low:g} to {high:g}) of the digitised points?",
        choices,
        plan.spot,
    )


def _ask_who(plan: Plan, run: Run) -> str | None:
    stem = re.sub(r"[^\w-]+", "-", PurePath(plan.spot.file).stem).strip("-") or "P1"
    return run.interview.ask(
        "patient_id",
        "Which patient (or study arm) do the digitised points belong to? Answer with a code",
        (Choice(stem, f"all points belong to {stem}"),),
        plan.spot,
        free=bool,
    )


def _ask_where(plan: Plan, run: Run) -> str | None:
    return run.interview.ask(
        "site",
        "Which body site do the digitised points show? Answer with its name, such as forearm",
        (),
        plan.spot,
        free=bool,
    )
