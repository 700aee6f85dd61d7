"""What a case report holds: headings, paragraphs, tables and the figure, before any format."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import Records
from sm_tracker.languages import speaking
from sm_tracker.report import prose, wording
from sm_tracker.report.case_events import case_timeline, timeline_caption
from sm_tracker.report.numbers import When, plus_minus
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
    """Put together the report of one patient, in English whatever language is in use.

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
    with speaking("en"):
        blocks = _blocks(
            records,
            visits,
            changes,
            settings,
            FigureBlock(
                prose.caption(notes, abbreviations, visits, treated=bool(len(records.therapies))),
                alt,
                width_mm,
            ),
            version,
            When(day_zero),
        )
    said = [Paragraph(remark)] if remark else []
    return CaseReport(title="Skin thickness under therapy", blocks=(*said, *blocks))


def _blocks(
    records: Records,
    visits: pd.DataFrame,
    changes: pd.DataFrame,
    settings: Settings,
    figure: FigureBlock,
    version: str,
    when: When,
) -> list[Block]:
    return [
        Heading("Course"),
        figure,
        TableBlock(
            timeline_caption(visits, records.therapies, when),
            case_timeline(records.therapies, changes, visits, when, records.outcomes),
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
    share = f"{100 * settings.confidence:g} %"
    tables = []
    named = changes.assign(series=prose.places_of(changes))
    for (_, _, place), rows in named.groupby(["site", "side", "series"], sort=True):
        newest_first = rows.sort_values("starts_day", ascending=False, kind="stable")
        words = regimen_rows(rows, records.therapies, settings, when)
        cells = [
            _regimen_cells(said, row)
            for said, (_, row) in zip(words, newest_first.iterrows(), strict=True)
        ]
        tables.append(
            TableBlock(
                f"Change per regimen, {place or 'no site'}. ± is the assumed measurement error "
                f"of the change; [ ] is the {share} interval of the difference of means in mm; "
                "n counts visit values before and under the regimen.",
                pd.DataFrame(cells[::-1], columns=list(REGIMEN_COLUMNS), dtype="str"),
            )
        )
    return tables


def _regimen_cells(said: RegimenRow, row: pd.Series) -> tuple[str, ...]:
    share = f" ({said.change_share}) in {said.days}" if said.change_share else ""
    error = f" ({plus_minus(row['mdc95_mm'])})" if said.change_share else ""
    reason = f": {said.check_reason}" if said.check_reason else ""
    verdict = f"{said.verdict_words}; {said.verdict_line}"
    if row["verdict"] != "too_few_readings":
        verdict += f"; n = {row['n_reference']:.0f} and {row['n_under']:.0f}"
    if row["level"] == "untreated":
        verdict = verdict.replace(f"under {said.regimen}", "without therapy")
        verdict = verdict.replace(" under;", " without therapy;")
    return (
        said.regimen,
        said.period,
        said.baseline_to_last,
        said.change + share,
        said.check_words + error + reason,
        verdict,
        " ".join(said.flags),
    )
