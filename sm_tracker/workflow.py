"""The use cases: read files, analyse, draw. Pages and commands call these and nothing below."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from sm_tracker.analysis.change import change_table_of_visits
from sm_tracker.analysis.repeatability import Repeatability
from sm_tracker.analysis.summary import patient_summary
from sm_tracker.config import SAMPLE_FOLDER, SAMPLE_STEM
from sm_tracker.domain.records import ReadResult
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import Records
from sm_tracker.domain.tables import records_of as tables_of
from sm_tracker.domain.timeline import visit_values
from sm_tracker.errors import ReadError, SettingError
from sm_tracker.figures.model import TimelineModel, TimelineView, default_view, timeline_model
from sm_tracker.ingest import SourceFile
from sm_tracker.ingest import read_files as read_sources
from sm_tracker.report.export_tables import made_safe, templates
from sm_tracker.report.tables import numbered_labels

if TYPE_CHECKING:
    import plotly.graph_objects as go

__all__ = [
    "Analysis",
    "Records",
    "Repeatability",
    "SourceFile",
    "TimelineModel",
    "TimelineView",
    "analyse",
    "effects_of_file",
    "files_from_paths",
    "read_files",
    "records_of",
    "sample_records",
    "sensitivity",
    "timeline",
    "timeline_figure",
]


@dataclass(frozen=True, slots=True)
class Analysis:
    """Records with what was computed from them under one set of settings.

    Attributes
    ----------
    records : Records
    visits : DataFrame
        Contract VISITS.
    changes : DataFrame
        Contract CHANGES.
    summary : DataFrame
        One row per patient and period, over the sites.
    settings : Settings
    """

    records: Records
    visits: pd.DataFrame
    changes: pd.DataFrame
    summary: pd.DataFrame
    settings: Settings


def files_from_paths(paths: Sequence[str | Path]) -> tuple[SourceFile, ...]:
    """Load files from disk.

    Raises
    ------
    ReadError
        If a file is missing or cannot be opened.
    """
    sources = []
    for path in map(Path, paths):
        try:
            sources.append(SourceFile(path.name, path.read_bytes()))
        except OSError as error:
            raise ReadError(
                "A file cannot be opened",
                where=str(path),
                why=(error.strerror or type(error).__name__).lower(),
                fix="check the name and the permissions",
            ) from None
    return tuple(sources)


def read_files(
    files: Sequence[SourceFile],
    *,
    answers: Mapping[str, str] | None = None,
    today: dt.date | None = None,
) -> ReadResult:
    """Read clinic files into records, findings and open questions; nothing is stored."""
    return read_sources(files, answers=answers, today=today)


def records_of(result: ReadResult) -> Records:
    """The records of a reading as tables; a rejected or open one has none."""
    return tables_of(result.measurements, result.therapies, result.outcomes)


def sample_records() -> Records:
    """The synthetic index case that the dashboard opens with."""
    names = [f"{SAMPLE_STEM}_{kind}.csv" for kind in ("measurements", "therapies", "outcomes")]
    return records_of(read_files(files_from_paths([SAMPLE_FOLDER / name for name in names])))


def refused_rows_csv(result: ReadResult) -> bytes:
    """The refused rows as a CSV file with a reason column, one block for each header."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    header: tuple[str, ...] | None = None
    for row in result.refused:
        if row.header != header:
            header = row.header
            writer.writerow(["file", "sheet", "row", "reason", *header])
        place = [row.place.file, row.place.sheet, row.place.row, row.reason]
        writer.writerow([*place, *(made_safe(cell) for cell in row.cells)])
    return out.getvalue().encode("utf-8-sig")


def template_files() -> dict[str, bytes]:
    """Empty files in our own form, to be filled in."""
    return templates()


def analyse(records: Records, settings: Settings | None = None) -> Analysis:
    """Visit values, change table and summary of all patients in `records`."""
    settings = settings or Settings()
    visits = visit_values(records.measurements)
    changes = change_table_of_visits(visits, records.therapies, settings)
    return Analysis(records, visits, changes, patient_summary(changes), settings)


def sensitivity(analysis: Analysis, patient_id: str) -> pd.DataFrame:
    """Answer B of one patient under other assumptions, see docs/methods.md."""
    from sm_tracker.analysis.sensitivity import sensitivity_table

    own = analysis.records.of_patient(patient_id)
    visits = analysis.visits[analysis.visits["patient_id"] == patient_id].reset_index(drop=True)
    return sensitivity_table(visits, own.therapies, analysis.settings)


def timeline(analysis: Analysis, view: TimelineView) -> TimelineModel:
    """What the timeline of one patient shows, for any renderer."""
    return timeline_model(
        analysis.visits,
        analysis.records.therapies,
        analysis.records.outcomes,
        analysis.changes,
        analysis.settings,
        view,
    )


def starting_view(analysis: Analysis, patient_id: str) -> TimelineView:
    """The view a patient is first shown in."""
    return default_view(analysis.visits, analysis.records.therapies, patient_id)


def sites_of(analysis: Analysis, patient_id: str) -> tuple[tuple[str, str], ...]:
    """Sites with their side, the most often measured first."""
    visits = analysis.visits[analysis.visits["patient_id"] == patient_id]
    counts = visits.groupby(["site", "side"], sort=True)["value_mm"].count()
    order = counts.sort_values(ascending=False, kind="stable").index
    return tuple((str(site), str(side)) for site, side in order)


def period_labels(analysis: Analysis, patient_id: str) -> dict[str, str]:
    """Labels of a patient's therapy periods by their id, in order of start."""
    changes = analysis.changes[analysis.changes["patient_id"] == patient_id]
    return numbered_labels(changes)


def changes_of(analysis: Analysis, view: TimelineView) -> pd.DataFrame:
    """Rows of the change table of the series in focus."""
    changes = analysis.changes
    own = changes[
        (changes["patient_id"] == view.patient_id)
        & (changes["site"] == view.focus_site)
        & (changes["side"] == view.focus_side)
    ]
    series = ["layer", "device", "frequency_mhz"]
    if len(own) and own[series].drop_duplicates().shape[0] > 1:
        best = own[series].iloc[int(own["n_under"].to_numpy().argmax())]
        own = own[(own[series].fillna(-1) == best.fillna(-1)).all(axis=1)]
    return own


def changes_of_period(analysis: Analysis, view: TimelineView) -> pd.DataFrame:
    """Rows of the change table of the period in focus, over all sites."""
    changes = analysis.changes
    return changes[
        (changes["patient_id"] == view.patient_id) & (changes["period_id"] == view.focus_period_id)
    ]


def sensitivity_of(analysis: Analysis, view: TimelineView) -> pd.DataFrame:
    """The sensitivity table of the period and site in focus."""
    table = sensitivity(analysis, view.patient_id)
    own = (
        (table["period_id"] == view.focus_period_id)
        & (table["site"] == view.focus_site)
        & (table["side"] == view.focus_side)
    )
    return table[own].drop(columns=["patient_id", "period_id"])


def timeline_figure(
    records: Records | ReadResult,
    *,
    patient_id: str = "",
    settings: Settings | None = None,
    view: TimelineView | None = None,
) -> go.Figure:
    """The timeline of one patient as a plotly figure.

    Parameters
    ----------
    records : Records or ReadResult
        From :func:`read_files`.
    patient_id : str
        May be left out where there is one patient.
    settings : Settings, optional
    view : TimelineView, optional
        What is shown and how; the starting view if omitted.

    Raises
    ------
    SettingError
        If the patient is not named and there is not exactly one, or is unknown.
    """
    from sm_tracker.figures.screen import draw_timeline

    tables = records_of(records) if isinstance(records, ReadResult) else records
    patient = view.patient_id if view else only_patient(tables, patient_id)
    analysis = analyse(tables.of_patient(patient), settings)
    return draw_timeline(timeline(analysis, view or starting_view(analysis, patient)))


def only_patient(records: Records, patient_id: str = "") -> str:
    """The patient asked for, or the only one.

    Raises
    ------
    SettingError
        If there is no such patient, or several and none is named.
    """
    known = records.patients
    if patient_id in known:
        return patient_id
    if not patient_id and len(known) == 1:
        return known[0]
    raise SettingError(
        "No such patient" if patient_id else "The patient is not named",
        where="patient",
        why=f"the files hold {len(known)} patients",
        fix="name one of them",
    )


def repeatability_of(records: Records, *, within_days: float = 14) -> tuple[Repeatability, ...]:
    """Measurement error from the records' own paired repeat visits.

    Two visits of one series at most `within_days` apart are a pair; give only visits
    between which no change is expected. All pairs together come first, then each site and
    device with three pairs or more.

    Raises
    ------
    TooFewReadings
        With fewer than three pairs in all.
    """
    from sm_tracker.analysis import repeatability as repeat

    pairs = repeat.repeat_pairs(visit_values(records.measurements), within_days=within_days)
    together = repeat.repeatability(pairs)
    parts = repeat.repeatability_by_site_and_device(pairs)
    return (together, *(p for p in parts if p.n_pairs < together.n_pairs))


def effects_of_file(path: str | Path, *, variants: bool = False) -> pd.DataFrame:
    """Effect sizes of the labelled phases in a CSV file.

    Raises
    ------
    ReadError
        If the file is missing or no CSV table.
    ColumnError
        If a column is missing or holds values of the wrong kind.
    """
    from sm_tracker.analysis.effects import effect_sizes

    source = files_from_paths([path])[0]
    try:
        series = pd.read_csv(io.BytesIO(source.content), dtype=str, keep_default_na=False)
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise ReadError(
            "The file is no CSV table in UTF-8", where=str(path), why=type(error).__name__
        ) from None
    return effect_sizes(series, variants=variants)


def settings_from_texts(pairs: Mapping[str, str]) -> Settings:
    """The default settings with some given as text (``NAME=VALUE`` on the command line)."""
    return Settings().with_texts(dict(pairs))


def result_as_json(result: ReadResult) -> dict[str, object]:
    """A reading as plain values, in the form that docs/interfaces.md promises."""
    return {
        "outcome": result.outcome,
        "measurements": [_plain(m) for m in result.measurements if m.status == "ok"],
        "unreadable": [_plain(m) for m in result.measurements if m.status != "ok"],
        "therapies": [_plain(p) for p in result.therapies],
        "outcomes": [_plain(o) for o in result.outcomes],
        "findings": [_plain(f) for f in result.findings],
        "questions": [dataclasses.asdict(q) for q in result.questions],
        "recognised": [dataclasses.asdict(r) for r in result.recognised],
    }


def _plain(record: object) -> dict[str, object]:
    values = dataclasses.asdict(record)  # type: ignore[call-overload]
    place = values.pop("place")
    return {name: _plain_value(v) for name, v in {**values, **place}.items()}


def _plain_value(value: object) -> object:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain_value(v) for v in value]
    return value
