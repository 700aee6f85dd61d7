"""What a case report holds: headings, paragraphs, tables and the figure, before any format."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import Records
from sm_tracker.report import prose, wording
from sm_tracker.report.numbers import When
from sm_tracker.report.tables import RegimenRow, regimen_rows


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the report."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of text."""

    text: str


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table with its caption."""

    caption: str
    table: pd.DataFrame


@dataclass(frozen=True, slots=True)
class FigureBlock:
    """A figure with its caption and the text for readers who cannot see it."""

    caption: str
    alt: str
    width_mm: float


Block = Heading | Paragraph | TableBlock | FigureBlock


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReport:
    """The case report of one patient, in order."""

    title: str
    blocks: tuple[Block, ...]

    @property
    def words(self) -> str:
        """All text of the report, for checks."""
        parts = [self.title]
        for block in self.blocks:
            if isinstance(block, Heading | Paragraph):
                parts.append(block.text)
            elif isinstance(block, TableBlock):
                parts += [block.caption, *block.table.astype("str").to_numpy().ravel().tolist()]
            else:
                parts += [block.caption, block.alt]
        return "\n".join(parts)


def case_report(
    records: Records,
    visits: pd.DataFrame,
    changes: pd.DataFrame,
    settings: Settings,
    *,
    notes: tuple[str, ...],
    abbreviations: str,
    alt: str,
    version: str,
    width_mm: float = 174,
    day_zero: float | None = None,
    remark: str = "",
) -> CaseReport:
    """Put together the report of one patient.

    Parameters
    ----------
    records, visits, changes
        Tables of one patient under their contracts.
    notes, abbreviations, alt
        From the figure model, so that caption and figure say the same.
    day_zero : float, optional
        Day that counts as zero; then no calendar date is anywhere in the report.
    remark : str
        Said under the title, for example that the patient is synthetic.
    """
    when = When(day_zero)
    blocks: list[Block] = [Paragraph(remark)] if remark else []
    blocks += [
        Heading("Course"),
        FigureBlock(
            prose.caption(notes, abbreviations, visits, treated=bool(len(records.therapies))),
            alt,
            width_mm,
        ),
        TableBlock(
            "Timeline of the case.",
            prose.case_timeline(records.therapies, changes, visits, when),
        ),
        Heading("Change per regimen"),
        *(Paragraph(text) for text in prose.results(changes, settings, when)),
        *_regimen_tables(records, changes, settings, when),
        Heading("Methods"),
        Paragraph(prose.methods(visits, settings, version)),
        Paragraph(prose.SCRIBE),
        Paragraph("Sources of the methods: " + "; ".join(prose.METHOD_SOURCES) + "."),
        TableBlock(
            f"Settings {settings.settings_id}.",
            pd.DataFrame(prose.settings_rows(settings), columns=["Setting", "Value", "Meaning"]),
        ),
        Heading("Intended use"),
        Paragraph(wording.INTENDED_USE),
    ]
    return CaseReport(title="Skin thickness under therapy", blocks=tuple(blocks))


REGIMEN_COLUMNS = (
    "Regimen",
    "Period",
    "Baseline → last",
    "Change",
    "Against error",
    "All readings",
    "Remarks",
)


def _regimen_tables(
    records: Records, changes: pd.DataFrame, settings: Settings, when: When
) -> list[TableBlock]:
    tables = []
    for (site, side), rows in changes.groupby(["site", "side"], sort=True):
        words = regimen_rows(rows, records.therapies, settings, when)
        place = f"{side} {site}".strip() or "no site"
        cells = [_regimen_cells(row) for row in reversed(words)]
        tables.append(
            TableBlock(
                f"Change per regimen, {place}.",
                pd.DataFrame(cells, columns=list(REGIMEN_COLUMNS), dtype="str"),
            )
        )
    return tables


def _regimen_cells(row: RegimenRow) -> tuple[str, ...]:
    share = f" ({row.change_share})" if row.change_share else ""
    reason = f": {row.check_reason}" if row.check_reason else ""
    return (
        row.regimen,
        row.period,
        row.baseline_to_last,
        row.change + share,
        row.check_words + reason,
        f"{row.verdict_words}; {row.verdict_line}",
        " ".join(row.flags),
    )
