"""Findings about second outcomes."""

from __future__ import annotations

from sm_tracker.domain.records import Level

OUTCOME_KINDS: dict[str, tuple[Level, str, str, str, str]] = {
    "better_unknown": (
        "info",
        "It is not known which direction of {outcome} is better; its changes are numbers without "
        "a word",
        "The name of the outcome is not one that the program knows, and no column says it.",
        "IgG without a column 'better'",
        "Answer better.NAME=lower or better.NAME=higher, or give a column 'better'.",
    ),
    "better_not_understood": (
        "warning",
        "Row {row}: {value} in column {column} names no direction; write lower or higher",
        "The column says which direction of an outcome is better.",
        "improves",
        "Write lower or higher, or leave the cell blank.",
    ),
}
"""Findings by code: level, sentence, what it means, an example, what to do."""
