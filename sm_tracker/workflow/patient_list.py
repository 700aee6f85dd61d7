"""All patients at a glance: last visit, therapy that runs, and the word of the current period."""

from __future__ import annotations

import pandas as pd

from sm_tracker.domain.measures import rows_of_level, thickness_rows
from sm_tracker.domain.regimens import abbreviate
from sm_tracker.domain.tables import THICKNESS
from sm_tracker.figures.answer_words import answer_words
from sm_tracker.report.wording import place_name
from sm_tracker.workflow.analysing import Analysis

SITE = ["patient_id", "site", "side"]
COLUMNS = (
    "patient_id", "last_date", "last_day", "visits", "running",
    "regimen", "place", "word", "change",
)  # fmt: skip


def patient_list(analysis: Analysis) -> pd.DataFrame:
    """One row a patient, the one seen last first; words in the language in use.

    Parameters
    ----------
    analysis : Analysis
        Of all patients.

    Returns
    -------
    DataFrame
        ``patient_id``; ``last_date`` or, on an axis of days, ``last_day`` of the last visit;
        ``visits`` the number of days with a value; ``running`` the regimens that go on;
        ``regimen``, ``place``, ``word`` and ``change`` [mm] of the newest period with an
        answer, at the site measured most often. Patients set aside have their code alone.
    """
    seen = pd.concat([analysis.visits, analysis.outcome_visits], ignore_index=True)
    rows = pd.DataFrame({"patient_id": list(analysis.patients)}).set_index("patient_id")
    last = seen.sort_values("t", kind="stable").groupby("patient_id").tail(1)
    last = last.drop_duplicates("patient_id").set_index("patient_id")
    rows["last_date"], rows["last_day"] = last["date"], last["t"].where(last["date"].isna())
    rows["visits"] = seen.groupby("patient_id")["t"].nunique()
    rows["running"] = _running(analysis.records.therapies)
    current = _current_periods(analysis)
    texts = pd.DataFrame(
        [_words(row, analysis) for _n, row in current.iterrows()],
        columns=["patient_id", "regimen", "place", "word", "change"],
    ).set_index("patient_id")
    rows = rows.join(texts).fillna({"visits": 0, "running": "", "regimen": "", "word": ""})
    rows["_t"] = last["t"]
    rows = rows.sort_values("_t", ascending=False, kind="stable", na_position="last")
    return rows.reset_index()[list(COLUMNS)]


def _running(therapies: pd.DataFrame) -> pd.Series:
    """The regimens of each patient that go on, in order of their start."""
    on = therapies[therapies["end_status"] == "ongoing"]
    names = on.assign(name=on["therapy"].map(abbreviate))
    return names.groupby("patient_id")["name"].agg(lambda n: ", ".join(dict.fromkeys(n)))


def _current_periods(analysis: Analysis) -> pd.DataFrame:
    """The row of each patient's newest period with an answer, at the site in focus at first."""
    rows = rows_of_level(analysis.changes, "period")
    skin = thickness_rows(rows)
    rows = pd.concat([skin, rows[~rows["patient_id"].isin(skin["patient_id"])]])
    rows = rows[(rows["answer"] == "phases") | rows["change_mm"].notna()]
    usable = analysis.visits[analysis.visits["state"] == "ok"]
    counts = usable.groupby(SITE).size().rename("_n").reset_index()
    # Among sites measured equally often the first by name, as everywhere.
    counts = counts.sort_values(["_n", "site", "side"], ascending=[True, False, False])
    rows = rows.merge(counts.assign(_rank=range(len(counts))), on=SITE, how="left")
    rows = rows.sort_values(["starts_day", "_rank"], kind="stable", na_position="first")
    return rows.groupby("patient_id").tail(1)


def _words(row: pd.Series, analysis: Analysis) -> tuple[str, str, str, str, float]:
    change = row["change_mm"] if row["measure"] == THICKNESS else float("nan")
    said = answer_words(row, analysis.settings.min_readings, analysis.settings.improvement)
    return row["patient_id"], abbreviate(row["regimen"]), place_name(row), said.headed, change
