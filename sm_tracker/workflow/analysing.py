"""Records to results: change table, sensitivity, repeatability, effect sizes."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sm_tracker.analysis.change import change_table_of_visits
from sm_tracker.analysis.repeatability import Repeatability
from sm_tracker.analysis.summary import patient_summary
from sm_tracker.domain.doubt import with_doubts
from sm_tracker.domain.exposure import periods_on_axis
from sm_tracker.domain.settings import Settings, settings_from_json
from sm_tracker.domain.tables import Records
from sm_tracker.domain.timeline import visit_values
from sm_tracker.errors import ReadError, SettingError
from sm_tracker.workflow.reading import files_from_paths

SHOWN_CODES = 5


@dataclass(frozen=True, slots=True)
class Analysis:
    """Records with what was computed from them under one set of settings.

    Attributes
    ----------
    records : Records
        With the ``period_id`` of every therapy filled, as the change table names it, and the
        doubt of every value.
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


def analyse(records: Records, settings: Settings | None = None) -> Analysis:
    """Visit values, change table and summary of all patients in `records`.

    Values that nobody has judged yet are judged here; one in open doubt is in no answer.
    """
    settings = settings or Settings()
    records = with_doubts(records)
    visits = visit_values(records.measurements)
    patients = pd.Index(records.therapies["patient_id"].unique())
    therapies = periods_on_axis(records.therapies, settings, patients).frame
    records = dataclasses.replace(records, therapies=therapies)
    changes = change_table_of_visits(visits, therapies, settings)
    return Analysis(records, visits, changes, patient_summary(changes), settings)


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
    shown = ", ".join(known[:SHOWN_CODES]) + (" and more" if len(known) > SHOWN_CODES else "")
    count = {0: "no patient", 1: "1 patient"}.get(len(known), f"{len(known)} patients")
    raise SettingError(
        f"There is no patient {patient_id!r}" if patient_id else "The patient is not named",
        where="patient",
        why=f"the files hold {count}",
        fix=f"name one of {shown}" if known else "give files with readings or therapies",
    )


def sensitivity(analysis: Analysis, patient_id: str) -> pd.DataFrame:
    """Answer B of one patient under other assumptions, see docs/methods.md."""
    from sm_tracker.analysis.sensitivity import sensitivity_table

    own = analysis.records.of_patient(patient_id)
    visits = analysis.visits[analysis.visits["patient_id"] == patient_id].reset_index(drop=True)
    return sensitivity_table(visits, own.therapies, analysis.settings)


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
    from sm_tracker.analysis.effects import effect_sizes

    source = files_from_paths([path])[0]
    try:
        series = pd.read_csv(io.BytesIO(source.content), dtype=str, keep_default_na=False)
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        why = {
            UnicodeDecodeError: "it holds characters of another encoding, or is no text",
            pd.errors.EmptyDataError: "it is empty",
        }.get(type(error), "its rows do not have the same number of cells")
        raise ReadError(
            "The file is no CSV table in UTF-8",
            where=str(path),
            why=why,
            fix="save it as CSV with commas, in UTF-8, with a header and one row a reading",
        ) from None
    return effect_sizes(series, variants=variants)
