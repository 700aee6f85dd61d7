"""Bytes become a text table, a text table becomes records and findings."""

from __future__ import annotations

from sm_tracker.ingest.files.sources import Limits, SourceFile
from sm_tracker.ingest.read import read_sources

__all__ = ["Limits", "SourceFile", "read_sources"]
