"""The grid of second outcomes on Settings: error with its source, drift, direction."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from sm_tracker.domain.records import BETTER
from sm_tracker.domain.settings import OutcomeSetting, Settings
from sm_tracker.languages import gettext as _
from sm_tracker.report.settings_words import better_words
from sm_tracker.ui import components

NUMBERS = ("sem", "percent", "drift_per_year", "minimal_important_change")
COLUMNS = ("outcome", "better", "sem", "percent", "source", *NUMBERS[2:])


def show_outcome_grid(current: Settings) -> pd.DataFrame:
    """The grid with what is known of each outcome, as it was left by the person."""
    components.show_card_title(
        _("Second outcomes"),
        _(
            "By the name in the records, in their own unit. Without an error single values are not "
            "judged; without a direction changes are numbers without a word."
        ),
    )
    rows = [
        {
            "outcome": o.outcome,
            "better": o.better,
            "sem": o.sem,
            "percent": 100 * o.sem_fraction,
            "source": o.source,
            "drift_per_year": o.drift_per_year,
            "minimal_important_change": o.minimal_important_change,
        }
        for o in current.outcome_settings
    ]
    words = better_words()
    labels = {
        "sem": _("Error of one value"),
        "percent": _("Error (%)"),
        "drift_per_year": _("Natural drift a year (SD)"),
        "minimal_important_change": _("Smallest change that matters"),
    }
    return st.data_editor(
        pd.DataFrame(rows, columns=list(COLUMNS)).astype(dict.fromkeys(NUMBERS, "float64")),
        key="outcome settings",
        num_rows="dynamic",
        hide_index=True,
        column_config={
            "outcome": st.column_config.TextColumn(_("Outcome")),
            "better": st.column_config.SelectboxColumn(
                _("Improvement means"), options=list(BETTER), format_func=lambda b: words[str(b)]
            ),
            "source": st.column_config.TextColumn(_("Source"), width="medium"),
            **{
                name: st.column_config.NumberColumn(label, min_value=0.0)
                for name, label in labels.items()
            },
        },
    )


def outcomes_in(frame: pd.DataFrame) -> tuple[OutcomeSetting, ...]:
    """What the grid says about each outcome; rows without a name and a word are left out.

    Raises
    ------
    SettingError
        If an outcome has no name, or an error without its source.
    """
    found = []
    for _index, row in frame.iterrows():
        given: dict[str, Any] = {n: _text(row[n]) for n in ("outcome", "better", "source")}
        given |= {name: _number(row[name]) for name in NUMBERS}
        if any(given.values()):
            share = round(given.pop("percent") / 100, 6)
            found.append(OutcomeSetting(**given, sem_fraction=share))
    return tuple(found)


def _text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value).strip()


def _number(value: Any) -> float:
    return 0.0 if value is None or pd.isna(value) else float(value)
