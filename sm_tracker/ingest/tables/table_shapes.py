"""Kinds of table, with the words for the line that says what was recognised."""

from __future__ import annotations

from enum import Enum


class TableShape(Enum):
    """Kinds of table, with the words for the line "recognised as"."""

    LONG = "one row a reading"
    WIDE_SITE = "one column a site"
    WIDE_READING = "one column a reading"
    WIDE_LAYER = "one column a layer"
    WIDE_SIDE = "one column a side of the body"
    VISITS_ACROSS = "one column a visit"
    THERAPIES = "therapy periods"
    SESSIONS = "one row a session"
    OUTCOMES = "outcomes"
    PARAMETERS = "one row a parameter"
    MIXED = "mixed records"
    POINTS = "digitised points"
    REDCAP = "REDCap export"
    REDCAP_DICTIONARY = "REDCap data dictionary"
    CBIOPORTAL = "cBioPortal timeline"
    UNKNOWN = "not recognised"
