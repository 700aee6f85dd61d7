"""Records to results: change table, sensitivity, repeatability, effect sizes."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sm_tracker.analysis.change import change_table_of_visits
from sm_tracker.analysis.change.next_reading import Outlook
from sm_tracker.analysis.error.repeatability import Repeatability
from sm_tracker.domain.change_columns import CHANGES
from sm_tracker.domain.doubt import with_doubts
from sm_tracker.domain.exposure import periods_on_axis
from sm_tracker.domain.measures import rows_of_level
from sm_tracker.domain.records import Finding, ReadResult
from sm_tracker.domain.set_aside import computable_records
from sm_tracker.domain.settings import Settings, given_settings, settings_from_json
from sm_tracker.domain.tables import Records
from sm_tracker.domain.timeline import joined_visits, outcome_visit_values, visit_values
from sm_tracker.errors import ColumnError, ReadError, SettingError
from sm_tracker.languages import Message, first_few
from sm_tracker.workflow.file_import import files_from_paths
from sm_tracker.workflow.inputs import records_and_findings
from sm_tracker.workflow.notebook import (
    FINDING_COLUMNS,
    ReportFile,
    analysis_as_html,
    analysis_as_text,
    findings_frame,
)

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from sm_tracker.figures.timeline.build_timeline import TimelineView

SHOWN_CODES = 5


@dataclass(frozen=True, slots=True, repr=False)
class Analysis:
    """Records with what was computed from them under one set of settings.

    Made by :func:`analyse`. Where one patient is meant, ``patient_id`` may be left out if
    there is only one.

    Attributes
    ----------
    records : Records
        Of the patients that could be computed, with the ``period_id`` of every therapy
        filled, as the change table names it, and the doubt of every value.
    visits : DataFrame
        Contract VISITS, of skin thickness.
    outcome_visits : DataFrame
        The same of second outcomes.
    changes : DataFrame
        Contract CHANGES, of skin thickness and of outcomes.
    settings : Settings
    set_aside : DataFrame
        One row for each patient that could not be computed: ``patient_id``, ``reason``,
        ``where``, ``fix`` and more, see :func:`sm_tracker.domain.set_aside.computable_records`.
    findings : DataFrame
        What the import noticed, one row each: ``level``, ``code``, ``file``, ``sheet``,
        ``row``, ``column``, ``value``, ``message``; empty where no file was read.
    """

    records: Records
    visits: pd.DataFrame
    outcome_visits: pd.DataFrame
    changes: pd.DataFrame
    settings: Settings
    set_aside: pd.DataFrame
    findings: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=list(FINDING_COLUMNS))
    )
    kept: dict[str, dict[Any, Any]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def patients(self) -> tuple[str, ...]:
        """Codes of all patients, those set aside included, sorted."""
        return tuple(sorted({*self.records.patients, *self.set_aside["patient_id"]}))

    @property
    def measurements(self) -> pd.DataFrame:
        """The readings of skin thickness, one row each."""
        return self.records.measurements

    @property
    def therapies(self) -> pd.DataFrame:
        """The therapy periods, one row each, with the ``period_id`` of the change table."""
        return self.records.therapies

    @property
    def outcomes(self) -> pd.DataFrame:
        """The values of second outcomes, one row each."""
        return self.records.outcomes

    @property
    def events(self) -> pd.DataFrame:
        """The events, one row each."""
        return self.records.events

    def effects(self) -> pd.DataFrame:
        """Effect sizes of each phase of each series, as :func:`effect_sizes` computes them.

        A phase is a stretch of time with the same regimens running. ``dataset`` is the
        measure, ``case_id`` the patient with the site.
        """
        from sm_tracker.analysis.change.labelled_phases import phases_of_visits
        from sm_tracker.analysis.measures.effects import effect_sizes

        visits = joined_visits(self.visits, self.outcome_visits)
        return effect_sizes(phases_of_visits(visits, self.records.therapies, self.settings))

    def figure(self, patient_id: str = "", *, view: TimelineView | None = None) -> go.Figure:
        """The timeline of one patient, as :func:`timeline_figure` draws it."""
        from sm_tracker.workflow.drawing import timeline_figure

        return timeline_figure(self, patient_id=patient_id, view=view)

    def report(
        self, patient_id: str = "", *, kind: str = "html", relative_days: bool = False
    ) -> ReportFile:
        """The case report of one patient as the bytes of a file, which a notebook shows.

        Parameters
        ----------
        patient_id : str
        kind : {"html", "docx", "zip"}
            A web page, a Word document, or an archive that draws its figure again.
        relative_days : bool
            Days from the first reading, and no date anywhere.

        Raises
        ------
        SettingError
            If the patient is not named and there is not exactly one, or is unknown.
        ExportError
            If the kind is none of the three.
        """
        from sm_tracker.workflow.report_files import report_file

        patient = only_patient(self.records, patient_id)
        content = report_file(self, patient, kind, relative_days=relative_days)
        return ReportFile(content, kind=kind, patient_id=patient)

    def __repr__(self) -> str:
        return analysis_as_text(self)

    def _repr_html_(self) -> str:
        return analysis_as_html(self)


def analyse(
    *files_or_frames: object,
    settings: Settings | None = None,
    answers: Mapping[str, str] | None = None,
    today: dt.date | None = None,
) -> Analysis:
    """Read files or take tables, and compute the change under each regimen.

    A patient whose records cannot be placed on one time line is set aside with the reason
    and stands in nobody's way. Values that nobody has judged yet are judged here; one in
    open doubt is in no answer.

    Parameters
    ----------
    *files_or_frames : path, open file, DataFrame, Records or ReadResult
        Measurements, therapies, outcomes and events in any order, told apart by their columns.
        Files may have the form of any clinic; tables have the columns of
        docs/data_format.md.
    settings : Settings, optional
        Windows, measurement error and rules; the defaults of docs/methods.md if omitted.
    answers : mapping of str to str, optional
        Answers to what the files leave open, for example ``{"date_order": "day-first"}``.
    today : date, optional
        The day after which dates in files lie in the future.

    Returns
    -------
    Analysis
        With ``measurements``, ``therapies``, ``outcomes``, ``events``, ``visits``,
        ``changes``, ``findings``, and the methods ``effects``, ``figure`` and ``report``.

    Raises
    ------
    ReadError
        If an argument can be none of these, or the files hold nothing that can be used.
    AnswerError
        If the files leave a question open, with its choices and how to answer it.
    ColumnError
        If a table is none of the four, or a column holds values of another kind.
    SettingError
        If `settings` is not a :class:`Settings`.
    """
    chosen = given_settings(settings)
    records, found = records_and_findings(files_or_frames, answers, today)
    return _analysed(records, chosen, found)


def _analysed(records: Records, settings: Settings, found: Sequence[Finding]) -> Analysis:
    records, aside = computable_records(records)
    records = with_doubts(records)
    visits = visit_values(records.measurements)
    outcome_visits = outcome_visit_values(records.outcomes)
    patients = pd.Index(records.therapies["patient_id"].unique())
    therapies = periods_on_axis(records.therapies, settings, patients).frame
    records = dataclasses.replace(records, therapies=therapies)
    changes = change_table_of_visits(joined_visits(visits, outcome_visits), therapies, settings)
    noticed = findings_frame(found)
    return Analysis(records, visits, outcome_visits, changes, settings, aside, noticed)


def analysis_of_one(
    records: Records | ReadResult | Analysis, patient_id: str, settings: Settings | None
) -> tuple[Analysis, str]:
    """The analysis of one patient, computed where it is not one already, and whose it is.

    Raises
    ------
    SettingError
        If the patient is not named and there is not exactly one, or is unknown.
    ReadError
        If `records` are of another kind.
    """
    if isinstance(records, Analysis):
        return records, only_patient(records.records, patient_id)
    tables, found = records_and_findings([records])
    patient = only_patient(tables, patient_id)
    return _analysed(tables.of_patient(patient), given_settings(settings), found), patient


def require_computed(analysis: Analysis, patient_id: str) -> None:
    """Refuse a patient who was set aside.

    Raises
    ------
    ColumnError
        With the reason, the place and what to do.
    """
    aside = analysis.set_aside
    own = aside[aside["patient_id"] == patient_id]
    if len(own):
        why = own.iloc[0]
        raise ColumnError(why["reason"], where=why["where"], fix=why["fix"])


def set_aside_of(records: Records, *, but: str = "") -> pd.DataFrame:
    """Who of `records` cannot be computed and why, without the patient named by `but`."""
    aside = computable_records(records)[1]
    return aside[aside["patient_id"] != but]


def set_aside_rows(aside: pd.DataFrame) -> list[dict[str, object]]:
    """Patients set aside in the form of the JSON of the change table, where and fix added."""
    blank = dict.fromkeys(CHANGES.columns)
    known: dict[str, object] = {"level": "set_aside", "error_check": "not_computable"}
    return [
        {
            **blank,
            **known,
            "patient_id": row.patient_id,
            "error_reason": row.reason,
            "error_reason_code": row.code,
            "where": row.where,
            "fix": row.fix,
        }
        for row in aside.itertuples(index=False)
    ]


def chosen_changes(
    changes: pd.DataFrame, measures: Sequence[str] = (), levels: Sequence[str] = ()
) -> pd.DataFrame:
    """Rows of some measures (thickness, or an outcome by its name) and levels; none means all.

    Raises
    ------
    SettingError
        If no row is of a measure asked for.
    """
    known = {str(name).casefold(): str(name) for name in changes["measure"].unique()}
    for name in measures:
        if name.casefold() not in known:
            raise SettingError(
                Message("There is no measure {name!r}", name=name),
                where="measure",
                why="the records hold none of that name",
                fix=Message("use one of {names}", names=", ".join(sorted(known.values())))
                if known
                else "leave it out",
            )
    wanted = [known[name.casefold()] for name in measures]
    chosen = changes[changes["measure"].isin(wanted)] if wanted else changes
    chosen = rows_of_level(chosen, *levels) if levels else chosen
    return chosen.reset_index(drop=True)


def settings_from_texts(
    pairs: Mapping[str, str], file: str = "", name: str = "settings file"
) -> Settings:
    """Settings from the text of the settings file `name` (or the defaults), single ones over it.

    Raises
    ------
    SettingError
        If a setting has an unknown name or an impossible value.
    """
    base = settings_from_json(file, name) if file else Settings()
    return base.with_texts(dict(pairs)) if pairs else base


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
    shown = first_few(known, SHOWN_CODES)
    held = Message.counted("the files hold {n} patient", "the files hold {n} patients", len(known))
    raise SettingError(
        Message("There is no patient {patient_id!r}", patient_id=patient_id)
        if patient_id
        else "The patient is not named",
        where="patient",
        why=held if known else "the files hold no patient",
        fix=Message("name one of {shown}", shown=shown)
        if known
        else "give files with readings or therapies",
    )


def sensitivity(analysis: Analysis, patient_id: str) -> pd.DataFrame:
    """Answer B of one patient under other assumptions, see docs/methods.md."""
    from sm_tracker.analysis.change.sensitivity import sensitivity_table

    own = analysis.records.of_patient(patient_id)
    return sensitivity_table(visits_of(analysis, patient_id), own.therapies, analysis.settings)


def outlook_of_patient(analysis: Analysis, patient_id: str) -> Outlook:
    """What is to be expected of the running regimens of one patient."""
    from sm_tracker.analysis.change import next_reading

    own = analysis.records.of_patient(patient_id)
    visits = visits_of(analysis, patient_id)
    return next_reading.next_reading_outlook(visits, own.therapies, analysis.settings)


def visits_of(analysis: Analysis, patient_id: str) -> pd.DataFrame:
    """Visit values of one patient, of skin thickness and of outcomes."""
    visits = joined_visits(analysis.visits, analysis.outcome_visits)
    return visits[visits["patient_id"] == patient_id].reset_index(drop=True)


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
    from sm_tracker.analysis.error import repeatability as repeat

    pairs = repeat.repeat_pairs(
        visit_values(with_doubts(records).measurements), within_days=within_days
    )
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
    from sm_tracker.analysis.measures.effects import effect_sizes

    source = files_from_paths([path])[0]
    try:
        series = pd.read_csv(io.BytesIO(source.content), dtype=str, keep_default_na=False)
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        why = {
            UnicodeDecodeError: Message("it holds characters of another encoding, or is not text"),
            pd.errors.EmptyDataError: Message("it is empty"),
        }.get(type(error), Message("its rows do not have the same number of cells"))
        raise ReadError(
            "The file is not a CSV table in UTF-8",
            where=str(path),
            why=why,
            fix="save it as CSV with commas, in UTF-8, with a header and one row a reading",
        ) from None
    return effect_sizes(series, variants=variants)
