"""Kinds of table, with the words for the line that says what was recognised."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from sm_tracker.languages import Message


class TableShape(Enum):
    """Kinds of table."""

    LONG = "long"
    WIDE_SITE = "wide_site"
    WIDE_READING = "wide_reading"
    WIDE_LAYER = "wide_layer"
    WIDE_SIDE = "wide_side"
    VISITS_ACROSS = "visits_across"
    THERAPIES = "therapies"
    SESSIONS = "sessions"
    OUTCOMES = "outcomes"
    EVENTS = "events"
    PARAMETERS = "parameters"
    MIXED = "mixed"
    POINTS = "points"
    REDCAP = "redcap"
    REDCAP_DICTIONARY = "redcap_dictionary"
    CBIOPORTAL = "cbioportal"
    UNKNOWN = "unknown"


SHAPE_NAMES: Mapping[TableShape, Message] = {
    TableShape.LONG: Message("one row a reading"),
    TableShape.WIDE_SITE: Message("one column a site"),
    TableShape.WIDE_READING: Message("one column a reading"),
    TableShape.WIDE_LAYER: Message("one column a layer"),
    TableShape.WIDE_SIDE: Message("one column a side of the body"),
    TableShape.VISITS_ACROSS: Message("one column a visit"),
    TableShape.THERAPIES: Message("therapy periods"),
    TableShape.SESSIONS: Message("one row a session"),
    TableShape.OUTCOMES: Message("outcomes"),
    TableShape.EVENTS: Message("events"),
    TableShape.PARAMETERS: Message("one row a parameter"),
    TableShape.MIXED: Message("mixed records"),
    TableShape.POINTS: Message("digitised points"),
    TableShape.REDCAP: Message("REDCap export"),
    TableShape.REDCAP_DICTIONARY: Message("REDCap data dictionary"),
    TableShape.CBIOPORTAL: Message("cBioPortal timeline"),
    TableShape.UNKNOWN: Message("not recognised"),
}
"""What a kind of table is called where it says what was recognised."""
