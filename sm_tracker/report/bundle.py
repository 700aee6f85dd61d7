"""One archive from which a reviewer can repeat a figure: data, settings, versions, text."""

from __future__ import annotations

import dataclasses
import json
import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
import pandas as pd

from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import Records
from sm_tracker.languages import gettext as _
from sm_tracker.report.archive import zip_archive
from sm_tracker.report.export_tables import write_csv
from sm_tracker.report.wording import intended_use

PACKAGES = ("matplotlib", "numpy", "pandas", "pillow", "scipy")
CODE = "patient-1"


def on_relative_days(records: Records, day_zero: float) -> Records:
    """The records with days from `day_zero` instead of dates, and without what may identify.

    The patient code becomes ``patient-1``; notes (but for the word synthetic), examiners' codes
    and file names are dropped (a change of examiner stays visible as examiner 1, examiner 2 …).
    """

    def anonymous(frame: pd.DataFrame, dates: Mapping[str, str]) -> pd.DataFrame:
        changed: dict[str, Any] = {"patient_id": CODE, "file": "", "sheet": ""}
        # The one remark that must not be lost.
        synthetic = frame["note"].str.contains("synthetic", case=False, regex=False)
        changed["note"] = np.where(synthetic, "synthetic", "")
        for date, day in dates.items():
            days = (frame[date] - pd.Timestamp("1970-01-01")).dt.total_seconds() / 86_400
            changed[day] = days.where(frame[date].notna(), frame[day]) - day_zero
            changed[date] = pd.NaT
        return frame.assign(**changed)

    measured = anonymous(records.measurements, {"date": "day"})
    names, _ = pd.factorize(measured["examiner"].where(measured["examiner"] != ""), sort=True)
    measured["examiner"] = pd.Series(
        [f"examiner {n + 1}" if n >= 0 else "" for n in names], index=measured.index, dtype="str"
    )
    treated = anonymous(records.therapies, {"start": "start_day", "end": "end_day"})
    treated["session_dates"] = [
        _relative_sessions(text, day_zero) for text in records.therapies["session_dates"]
    ]
    values, events = (anonymous(f, {"date": "day"}) for f in (records.outcomes, records.events))
    return Records(measured, treated, values, events)


def _relative_sessions(text: str, day_zero: float) -> str:
    days = []
    for word in text.split():
        day = (
            float(word)
            if word.lstrip("-").isdigit()
            else (pd.Timestamp(word) - pd.Timestamp("1970-01-01")).days
        )
        days.append(f"{day - day_zero:.0f}")
    return " ".join(days)


def report_bundle(
    records: Records,
    settings: Settings,
    changes_csv: bytes,
    figures: Mapping[str, bytes],
    documents: Mapping[str, bytes],
    commands: Mapping[str, str],
    program: str,
) -> bytes:
    """The archive.

    Parameters
    ----------
    records : Records
        Data of one patient, as they are to be given away.
    changes_csv : bytes
        The change table.
    figures, documents : mapping of str to bytes
        By file name.
    commands : mapping of str to str
        By file of the archive, the command line that makes it again from the archive's own data.
    program : str
        Version of SM Tracker.
    """
    data = {f"data/{name}": content for name, content in write_csv(records).items()}
    files = {
        **data,
        "data/change_table.csv": changes_csv,
        **{f"figures/{name}": content for name, content in figures.items()},
        **dict(documents),
        "settings.json": _json(dataclasses.asdict(settings)),
        "versions.json": _json(program_versions(program)),
        "README.txt": _readme(commands, settings, sorted(figures), program).encode(),
    }
    return zip_archive(files)


def program_versions(program: str) -> dict[str, str]:
    """Versions of the program, of Python and of the packages that make a figure."""
    found = {"sm_tracker": program, "python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=1, sort_keys=True, default=str) + "\n").encode()


def _readme(
    commands: Mapping[str, str], settings: Settings, figures: list[str], program: str
) -> str:
    contents = {
        "data/": _("readings and therapies in the columns of SM Tracker, and the change table"),
        "figures/": ", ".join(figures) or _("none"),
        "settings.json": _("every setting that decided which readings count"),
        "versions.json": _("of the program and of the packages that draw"),
    }
    lines = [f"    {name}\n      {command}" for name, command in commands.items()]
    if not any(name.startswith("report.") for name in commands):
        lines.append(
            _(
                "The report holds what its author stated or chose on the page Report, which no "
                "command repeats; its numbers are those of the change table."
            )
        )
    return "\n".join(
        [
            _("Skin thickness under therapy: data, settings, figures and text of one patient."),
            "",
            *(f"{name:<16}{what}" for name, what in contents.items()),
            "",
            _("Settings: {id}.").format(id=settings.settings_id),
            _(
                "Made with SM Tracker {version}, a free program (MIT licence). Install this "
                "version with Python 3.11 or newer: pip install . in the folder of its source."
            ).format(version=program),
            _(
                "To make each file again, byte for byte with the same versions, run its command in "
                "this folder:"
            ),
            "",
            *lines,
            "",
            intended_use(),
            "",
        ]
    )
