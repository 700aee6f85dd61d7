"""Reasons of the change table as codes, with the English text of the table's columns.

A text may hold the values of a row, for example ``{before}``. Pages and reports word the
code in the language of their reader.
"""

from __future__ import annotations

VERDICT_REASONS = {
    "": "",
    "too_few": "{before} before, {under} under; {needed} each are needed",
    "too_few_old": "{before} before, {under} under; {needed} each are needed; "
    "last read {months} months before",
    "too_few_sites": "{sites} with enough readings; 2 body sites are needed",
    "direction_unknown": "the better direction is not known",
    "less_than_two_readings_show": "less than two single readings could show",
    "less_than_important": "less than the change set as important",
    "partly_trend": "partly a trend from before",
    "trend_possible": "a trend from before is not ruled out",
    "partly_lost": "partly lost again by the last reading",
    "too_wide": "interval too wide to tell",
    "not_zero": "smaller than the error, but not zero",
    "already_falling": "already falling before",
    "already_rising": "already rising before",
    "not_held": "not held to the end",
    "sites_differ": "some sites improved, some worsened",
    "sites_undecided": "not the same at enough sites",
}
"""Why a verdict is not the clear one, or is not given."""

ERROR_REASONS = {
    "": "",
    "before_unusable": "censored value: only censored or unreadable readings before the start",
    "before_doubtful": "doubtful value: no confirmed reading before the start",
    "under_doubtful": "doubtful value: no confirmed reading under the regimen",
    "device_changed": "device changed",
    "layer_differs": "layer differs",
    "no_baseline": "no baseline in the window before the start",
    "under_unusable": "censored value: only censored or unreadable readings under the regimen",
    "no_reading": "no reading under the regimen",
    "one_reading": "only one reading",
    "never_measured": "no measurement of this patient",
    "error_unknown": "the measurement error is not known",
}
"""Why the change from reading to reading cannot be computed, or not judged."""
