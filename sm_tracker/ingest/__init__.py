"""Bytes become a text table, a text table becomes records and findings."""

from __future__ import annotations

from sm_tracker.ingest.files import read_files
from sm_tracker.ingest.sources import Limits, SourceFile

__all__ = ["Limits", "SourceFile", "read_files"]
