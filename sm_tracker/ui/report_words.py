"""The report of one patient, made once for each choice, and what of it is typed by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from sm_tracker.figures.comparison.comparison_model import ComparisonModel
from sm_tracker.figures.export import preview_png
from sm_tracker.figures.timeline.timeline_model import TimelineModel
from sm_tracker.languages import N_, current
from sm_tracker.languages import gettext as _
from sm_tracker.report.author_statements import (
    NEEDS,
    AuthorStatements,
    Need,
    lacking_needs,
    recorded_needs,
)
from sm_tracker.report.contents import CaseReport
from sm_tracker.ui import components
from sm_tracker.workflow import report_files, reporting
from sm_tracker.workflow.analysing import Analysis
from sm_tracker.workflow.printing import PrintedFigure
from sm_tracker.workflow.reporting import figure_of_report

SCREEN_DPI = 150
MEDIA = {
    "docx": (
        N_("Word"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "pdf": (N_("PDF"), "application/pdf"),
    "html": (N_("HTML, one file"), "text/html"),
    "zip": (N_("Reproducible archive (zip)"), "application/zip"),
}
"""Files of a report: what a button says, and the media type."""
Found = list[tuple[str, str, str]]
Key = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOptions:
    """What decides a report but the patient's records and the settings."""

    private: bool
    stated: AuthorStatements
    printed: PrintedFigure | None


@dataclass(frozen=True, slots=True)
class WrittenReport:
    """A report with its figure as the screen shows it, and the abbreviations of the figure."""

    report: CaseReport
    model: TimelineModel | ComparisonModel
    figure_png: bytes
    width_mm: float
    alt: str
    abbreviations: str


def written_report(key: Key, analysis: Analysis, options: ReportOptions) -> WrittenReport:
    """The report as it will stand in every file.

    Raises
    ------
    TrackerError
        If the report cannot be made.
    """
    chosen = f"{current()} {options!r}"
    return _written(key, analysis.settings.settings_id, chosen, analysis, options)


@st.cache_data(max_entries=20, ttl=3600, show_spinner=False, scope="session")
def _written(
    key: Key, settings_id: str, chosen: str, _analysis: Analysis, _options: ReportOptions
) -> WrittenReport:
    patient = str(key[-1])
    report, model = reporting.report_with_figure(
        _analysis,
        patient,
        relative_days=_options.private,
        stated=_options.stated,
        printed=_options.printed,
    )
    printed = figure_of_report(_options.printed, relative_days=_options.private)
    png = preview_png(
        model, width_mm=printed.width_mm, dpi=SCREEN_DPI, gray=printed.gray, notes=False
    )
    return WrittenReport(report, model, png, printed.width_mm, model.alt, model.abbreviations)


def report_file_of(analysis: Analysis, patient: str, kind: str, options: ReportOptions) -> bytes:
    """The report as a file."""
    return report_files.report_file(
        analysis,
        patient,
        kind,
        relative_days=options.private,
        stated=options.stated,
        printed=options.printed,
    )


def identifying_in_report(key: Key, analysis: Analysis, options: ReportOptions) -> Found:
    """What in the files could still identify: where, kind, what."""
    chosen = f"{current()} {options!r}"
    return _looked_through(key, analysis.settings.settings_id, chosen, analysis, options)


@st.cache_data(max_entries=20, ttl=3600, show_spinner=False, scope="session")
def _looked_through(
    key: Key, settings_id: str, chosen: str, _analysis: Analysis, _options: ReportOptions
) -> Found:
    patient, stated = str(key[-1]), _options.stated
    made = _written(key, settings_id, chosen, _analysis, _options)
    found = report_files.what_report_may_identify(
        _analysis,
        patient,
        (made.report, made.model),
        relative_days=_options.private,
        printed=_options.printed,
    )
    own = [("report", "stated by you", t) for t in (stated.examiner, stated.device) if t]
    return [*((_inside(where), kind, what) for where, kind, what in found), *own]


def _inside(where: str) -> str:
    """A file of the archive by its own name; what lies inside a document by the document's."""
    head, _slash, rest = where.partition("zip/")
    return f"{head.removesuffix('zip')}{rest}" if rest else "zip"


def state_what_lacks(analysis: Analysis, patient: str) -> AuthorStatements:
    """Inputs for what the methods need and the records lack; what is recorded is only shown."""
    visits = analysis.visits[analysis.visits["patient_id"] == patient]
    known, missing = recorded_needs(visits), lacking_needs(visits)
    labels = _labels()
    for need in NEEDS:
        if need not in missing and known[need]:
            shown = len(known[need]) if need == "examiner" else ", ".join(known[need])
            words = _("{what}: {value} (recorded)")
            components.show_note(words.format(what=labels[need], value=shown))
    given = {need: _input(need, labels[need], patient, bool(known[need])) for need in missing}
    age = _number(_("Age at the first reading, years"), f"age {patient}", 0.0, 120.0)
    return AuthorStatements(age_years=age, **given)


def _input(need: Need, label: str, patient: str, partly: bool) -> Any:
    if need == "frequency_mhz":
        return _number(label, f"{need} {patient}", 1.0, 200.0)
    return _text(label, f"{need} {patient}", partly=partly)


def _labels() -> dict[Need, str]:
    return {
        "device": _("Device"),
        "frequency_mhz": _("Frequency, MHz"),
        "layer": _("Anatomical layer"),
        "examiner": _("Examiners"),
    }


def _text(label: str, key: str, *, partly: bool) -> str:
    beside = _("not recorded at every visit") if partly else _("not recorded")
    given = st.text_input(
        label,
        key=f"stated {key}",
        placeholder=beside,
        max_chars=200,
        persist_state="session",
    )
    return (given or "").strip()


def _number(label: str, key: str, low: float, high: float) -> float | None:
    given = st.number_input(
        label,
        low,
        high,
        value=None,
        key=f"stated {key}",
        placeholder=_("not recorded"),
        persist_state="session",
    )
    return None if given is None else float(given)
