"""How results look in a notebook: a few lines of text, a short table, a report to look at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Final

import pandas as pd

from sm_tracker.domain.measures import rows_of_level
from sm_tracker.domain.records import Finding
from sm_tracker.domain.tables import shown_list

if TYPE_CHECKING:
    from sm_tracker.workflow.analysing import Analysis

SHOWN_ROWS: Final = 12
FINDING_COLUMNS: Final = ("level", "code", "file", "sheet", "row", "column", "value", "message")
_SUMMARY: Final = ("patient_id", "regimen", "measure", "site", "side", "baseline_mm", "last_mm")
_SHOWN: Final = (*_SUMMARY, "change_mm", "unit", "answer")


class ReportFile(bytes):
    """The bytes of a report; a notebook shows a web page and names any other kind.

    Write it with ``pathlib.Path("report.html").write_bytes(report)``.
    """

    kind: str
    patient_id: str

    def __new__(cls, content: bytes, *, kind: str, patient_id: str) -> ReportFile:
        """The content with what it is and whom it is about."""
        made = super().__new__(cls, content)
        made.kind, made.patient_id = kind, patient_id
        return made

    def __repr__(self) -> str:
        return f"<report of {self.patient_id}: {self.kind}, {len(self) / 1000:,.0f} kB>"

    def _repr_html_(self) -> str:
        return self.decode("utf-8") if self.kind == "html" else escape(repr(self))


def findings_frame(found: Sequence[Finding]) -> pd.DataFrame:
    """Findings as a table, one row each."""
    rows = [
        (
            *(f.level, f.code, f.place.file, f.place.sheet, f.place.row, f.column, f.value),
            str(f.message),
        )
        for f in found
    ]
    return pd.DataFrame(rows, columns=list(FINDING_COLUMNS)).astype({"row": "float64"})


def analysis_as_text(analysis: Analysis) -> str:
    """An analysis in a few lines."""
    changes = analysis.changes
    regimens = analysis.therapies["therapy"].unique()
    levels = changes["level"].value_counts()
    lines = [
        f"Analysis of {shown_list('patient', analysis.patients)}",
        f"  measurements  {_count(analysis.measurements, 'row')}",
        f"  therapies     {_count(analysis.therapies, 'row')}{_named(regimens)}",
        f"  outcomes      {_count(analysis.outcomes, 'row')}"
        + _named(analysis.outcomes["outcome"].unique()),
        f"  events        {_count(analysis.events, 'row')}",
        f"  visits        {_count(analysis.visits, 'row')}",
        f"  changes       {_count(changes, 'row')}"
        + _named([f"{n} {level}" for level, n in levels.items()]),
        f"  findings      {_count(analysis.findings, 'row')}"
        + _named([f"{n} {w}" for w, n in analysis.findings["level"].value_counts().items()]),
    ]
    if len(analysis.set_aside):
        lines.append(f"  set aside     {shown_list('patient', analysis.set_aside['patient_id'])}")
    return "\n".join([*lines, "  also          .effects(), .figure(), .report()"])


def analysis_as_html(analysis: Analysis) -> str:
    """An analysis as a few lines and the first rows of its change table."""
    rows = rows_of_level(analysis.changes, "period").head(SHOWN_ROWS)
    by_phases = rows["answer"] == "phases"
    shown = rows.assign(answer=rows["verdict"].where(by_phases, rows["error_check"]))
    table = shown[list(_SHOWN)].to_html(
        index=False, border=0, na_rep="", float_format=lambda value: f"{value:.2f}"
    )
    return f"<pre>{escape(analysis_as_text(analysis))}</pre>\n{table}"


def _count(frame: pd.DataFrame, noun: str) -> str:
    return f"{len(frame):,} {noun}{'' if len(frame) == 1 else 's'}"


def _named(names: Iterable[str]) -> str:
    listed = shown_list("", names)
    return f": {listed}" if listed else ""
