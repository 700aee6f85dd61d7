"""The form of the settings: one control for each, and small grids for the special ones."""

from __future__ import annotations

import dataclasses
from typing import Any

import pandas as pd
import streamlit as st

from sm_tracker.domain.settings import ErrorSetting, RegimenWindow, Settings
from sm_tracker.errors import SettingError, TrackerError
from sm_tracker.languages import gettext as _
from sm_tracker.report.settings_words import (
    SettingGroup,
    SettingWords,
    improvement_words,
    setting_groups,
)
from sm_tracker.ui import components, data_source, outcome_grid

KEPT = "settings kept"
LEVELS = (0.8, 0.9, 0.95, 0.99)


def show_settings_form(current: Settings) -> tuple[Settings, str] | None:
    """The settings as they will be and the reason, once the form is sent.

    Raises
    ------
    SettingError
        If a value cannot be used.
    """
    with st.form("settings", border=False):
        given: dict[str, Any] = {}
        for group, column in zip(setting_groups(), st.columns(3, gap="large"), strict=True):
            with column:
                given |= _group(group, current)
        errors = _error_grid(current)
        outcomes = outcome_grid.show_outcome_grid(current)
        windows = _window_grid(current)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            reason = st.text_input(
                _("Reason for the change"), placeholder=_("As agreed in the team"), width=420
            )
            sent = st.form_submit_button(_("Use these settings"), type="primary")
    if not sent:
        return None
    changed = {name: value for name, value in given.items() if value != getattr(current, name)}
    new = current.with_texts({name: str(value) for name, value in changed.items()})
    return (
        dataclasses.replace(
            new,
            error_settings=_errors_in(errors),
            outcome_settings=outcome_grid.outcomes_in(outcomes),
            regimen_windows=_windows_in(windows),
        ),
        reason,
    )


def store_settings(chosen: Settings, current: Settings, reason: str) -> None:
    """Store settings and draw the page again, or say what stands in the way."""
    try:
        data_source.keep_settings(chosen, reason, current)
    except TrackerError as error:
        components.show_error(error)
        return
    st.session_state[KEPT] = _("Saved. Settings {settings_id}.").format(
        settings_id=chosen.settings_id
    )
    st.rerun()


def say_kept() -> None:
    """Say once that settings were stored."""
    kept = st.session_state.pop(KEPT, "")
    if kept:
        st.success(kept)


def _group(group: SettingGroup, current: Settings) -> dict[str, Any]:
    components.show_card_title(group.title, group.text)
    return {words.name: _control(words, getattr(current, words.name)) for words in group.settings}


def _control(words: SettingWords, value: Any) -> Any:
    label, key, meaning = words.label, f"setting {words.name}", words.help
    if words.kind == "text":
        return st.text_area(label, value, key=key, help=meaning, height=84)
    if words.kind == "improvement":
        directions = improvement_words()
        return st.segmented_control(
            label,
            list(directions),
            default=value,
            required=True,
            format_func=lambda one: directions[one],
            key=key,
            help=meaning,
        )
    if words.kind == "confidence":
        levels = sorted({*LEVELS, value})
        return st.selectbox(
            label,
            levels,
            index=levels.index(value),
            format_func=lambda level: f"{100 * level:g}",
            key=key,
            help=meaning,
        )
    if words.kind in ("days", "count"):
        return st.number_input(label, value=int(value), min_value=0, key=key, help=meaning)
    if words.kind == "percent":
        share = st.number_input(
            label, value=100 * value, min_value=0.0, step=0.5, format="%.1f", key=key, help=meaning
        )
        return value if abs(share - 100 * value) < 1e-9 else round(share / 100, 6)
    return st.number_input(
        label, value=float(value), min_value=0.0, step=0.01, format="%.2f", key=key, help=meaning
    )


def _error_grid(current: Settings) -> pd.DataFrame:
    components.show_card_title(
        _("Error of single sites and devices"),
        _(
            "Goes before the general error where it fits. A blank site or device fits any. "
            "Estimate it below from your own repeat visits."
        ),
    )
    rows = [
        {
            "site": e.site,
            "device": e.device,
            "sem_mm": e.sem_mm,
            "percent": 100 * e.sem_fraction,
            "source": e.source,
        }
        for e in current.error_settings
    ]
    frame = pd.DataFrame(rows, columns=["site", "device", "sem_mm", "percent", "source"])
    return st.data_editor(
        frame.astype({"sem_mm": "float64", "percent": "float64"}),
        key="special errors",
        num_rows="dynamic",
        hide_index=True,
        column_config={
            "site": st.column_config.TextColumn(_("Site")),
            "device": st.column_config.TextColumn(_("Device")),
            "sem_mm": st.column_config.NumberColumn(_("Error (mm)"), min_value=0.0, step=0.01),
            "percent": st.column_config.NumberColumn(_("Error (%)"), min_value=0.0, step=0.5),
            "source": st.column_config.TextColumn(_("Source"), width="large"),
        },
    )


def _window_grid(current: Settings) -> pd.DataFrame:
    components.show_card_title(
        _("Time windows of single regimens"),
        _("Where they differ from the general ones, for example a drug that acts slowly."),
    )
    names = [field.name for field in dataclasses.fields(RegimenWindow)]
    rows = [dataclasses.asdict(w) for w in current.regimen_windows]
    frame = pd.DataFrame(rows, columns=names)
    days = dict.fromkeys(names[1:], "Int64")
    labels = (
        _("Oldest baseline"),
        _("Ignored after the start"),
        _("Counted after the end"),
    )
    columns: dict[str, Any] = {"regimen": st.column_config.TextColumn(_("Regimen"))}
    columns |= {
        name: st.column_config.NumberColumn(label, min_value=0, step=1)
        for name, label in zip(names[1:], labels, strict=True)
    }
    return st.data_editor(
        frame.astype(days),
        key="regimen windows",
        num_rows="dynamic",
        hide_index=True,
        column_config=columns,
    )


def _errors_in(frame: pd.DataFrame) -> tuple[ErrorSetting, ...]:
    found = []
    for _index, row in frame.iterrows():
        site, device, source = (_text(row[name]) for name in ("site", "device", "source"))
        if not any((site, device, source)) and pd.isna(row["sem_mm"]):
            continue
        if pd.isna(row["sem_mm"]) or not source:
            raise SettingError(
                _("An error of a site or device lacks its size or its source"),
                where=_("Error of single sites and devices"),
                fix=_("give the error in mm and where it comes from"),
            )
        share = 0.0 if pd.isna(row["percent"]) else round(float(row["percent"]) / 100, 6)
        found.append(
            ErrorSetting(
                sem_mm=float(row["sem_mm"]),
                sem_fraction=share,
                source=source,
                site=site,
                device=device,
            )
        )
    return tuple(found)


def _windows_in(frame: pd.DataFrame) -> tuple[RegimenWindow, ...]:
    names = [field.name for field in dataclasses.fields(RegimenWindow)][1:]
    return tuple(
        RegimenWindow(
            regimen=_text(row["regimen"]),
            **{name: None if pd.isna(row[name]) else int(row[name]) for name in names},
        )
        for _index, row in frame.iterrows()
        if _text(row["regimen"])
    )


def _text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value).strip()
