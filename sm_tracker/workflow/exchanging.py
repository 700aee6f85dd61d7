"""Records to the files of a form of exchange: refused, counted, written."""

from __future__ import annotations

from sm_tracker.domain.tables import Records
from sm_tracker.errors import ExportError
from sm_tracker.languages import Message, first_few
from sm_tracker.report.archive import zip_archive
from sm_tracker.report.exchange.forms import FORMS, ZIP
from sm_tracker.report.exchange.losses import Loss, losses_csv, losses_of

LOSSES = "losses.csv"
SHOWN = 5
"""Patients that are named where some cannot be written."""


def exchange_files(
    records: Records, form: str, *, strict: bool = False
) -> tuple[dict[str, bytes], tuple[Loss, ...]]:
    """The files of a form by name, with a table of what they do not carry, and that table's rows.

    Raises
    ------
    ExportError
        If the form cannot hold these records, or, when `strict`, would lose something of them.
    """
    chosen = FORMS[form]
    require_dates(records, form)
    losses = losses_of(records)
    if strict and losses:
        raise ExportError(
            "The records are not written, something of them would be lost",
            where=form,
            why=", ".join(f"{loss.table}.{loss.column} ({loss.count})" for loss in losses),
            fix="choose another form, or leave --strict out",
        )
    files = chosen.write(records)
    return ({**files, LOSSES: losses_csv(losses)} if losses else files), losses


def require_dates(records: Records, form: str) -> None:
    """Refuse records on day numbers for a form that needs dates.

    Raises
    ------
    ExportError
    """
    patients = patients_on_days(records) if FORMS[form].needs_dates else ()
    if patients:
        raise ExportError(
            Message("The form {form} needs calendar dates", form=form),
            where=Message("patients: {names}", names=first_few(list(patients), SHOWN)),
            why="their records have day numbers only",
            fix="give the date of day 0 with --anchor PATIENT=DATE, or choose another form",
        )


def patients_on_days(records: Records) -> tuple[str, ...]:
    """The patients who have a record on a day number, sorted."""
    found: set[str] = set()
    for frame in records.frames:
        column = "start_day" if "start_day" in frame else "day"
        found |= set(frame.loc[frame[column].notna(), "patient_id"])
    return tuple(sorted(found))


def page_name(records: Records, form: str) -> tuple[str, str]:
    """Name and kind of what a page gives: an archive where a table of losses goes with it."""
    chosen = FORMS[form]
    if chosen.several or not losses_of(records):
        return chosen.file, chosen.mime
    return f"{chosen.file.rpartition('.')[0]}.zip", ZIP


def page_file(records: Records, form: str) -> bytes:
    """What a page gives for a form: its one file, or an archive of its files."""
    files, losses = exchange_files(records, form)
    if FORMS[form].several or losses:
        return zip_archive(files)
    return next(iter(files.values()))
