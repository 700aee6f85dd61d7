"""What a case report holds: headings, paragraphs, tables and the figure, before any format."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from sm_tracker.analysis.change.next_reading import KEYS, Outlook
from sm_tracker.domain.measures import outcome_rows, rows_of_level
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import THICKNESS, Records
from sm_tracker.figures.languages import capital, listed
from sm_tracker.languages import gettext as _
from sm_tracker.report import (
    checklist,
    concordance_words,
    methods_words,
    next_reading_words,
    results,
    wording,
)
from sm_tracker.report.case_events import case_timeline, timeline_caption
from sm_tracker.report.numbers import When
from sm_tracker.report.tables import RegimenRow, newest_first, numbered_labels, regimen_rows


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
    """A table with its caption; `label` is its number, such as ``Table 1``."""

    caption: str
    table: pd.DataFrame
    label: str = ""

    @property
    def head(self) -> str:
        """The caption after its number."""
        return _headed(self.label, self.caption)


@dataclass(frozen=True, slots=True)
class FigureBlock:
    """A figure with its caption and the text for readers who cannot see it."""

    caption: str
    alt: str
    width_mm: float
    label: str = ""

    @property
    def head(self) -> str:
        """The caption after its number."""
        return _headed(self.label, self.caption)


def _headed(label: str, caption: str) -> str:
    return f"{label}. {caption}" if label else caption


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
                parts += [block.head, *block.table.astype("str").to_numpy().ravel().tolist()]
            else:
                parts += [block.head, block.alt]
        return "\n".join(parts)


def case_report(
    records: Records,
    visits: pd.DataFrame,
    changes: pd.DataFrame,
    settings: Settings,
    *,
    caption: str,
    alt: str,
    version: str,
    width_mm: float = 174,
    day_zero: float | None = None,
    remark: str = "",
    outlook: Outlook | None = None,
    focus: pd.DataFrame | None = None,
) -> CaseReport:
    """Put together the report of one patient, in the language in use.

    Parameters
    ----------
    records, visits, changes
        Tables of one patient under their contracts; `visits` of skin thickness.
    caption, alt : str
        Of the figure.
    day_zero : float, optional
        Day that counts as zero; then no calendar date is anywhere in the report.
    remark : str
        Said under the title, for example that the patient is synthetic.
    outlook : Outlook, optional
        What is to be expected of running regimens, for the supplement.
    focus : DataFrame, optional
        The rows of `changes` that the results tell period by period, those of one site or
        outcome; the first one if omitted.
    """
    blocks = _blocks(
        records,
        visits,
        changes,
        settings,
        FigureBlock(caption, alt, width_mm),
        version,
        When(day_zero),
        outlook,
        _first_series(changes) if focus is None else focus,
    )
    said = [Paragraph(remark)] if remark else []
    only_outcomes = visits.empty and len(records.outcomes)
    title = (
        _("Clinical outcomes under therapy") if only_outcomes else _("Skin thickness under therapy")
    )
    return CaseReport(title=title, blocks=(*said, *blocks))


def _first_series(changes: pd.DataFrame) -> pd.DataFrame:
    """The rows of the first site, or of the first outcome where no skin was measured."""
    rows = changes[changes["level"] != "patient"]
    keys = ["measure", "site", "side", "layer", "device", "frequency_mhz"]
    of_first = rows.groupby(keys, sort=False, dropna=False).ngroup() == 0
    return rows[of_first.to_numpy()]


def _blocks(
    records: Records,
    visits: pd.DataFrame,
    changes: pd.DataFrame,
    settings: Settings,
    figure: FigureBlock,
    version: str,
    when: When,
    outlook: Outlook | None,
    focus: pd.DataFrame,
) -> list[Block]:
    main: list[Block] = [
        Heading(_("Results")),
        Paragraph(results.results_text(changes, focus, visits, settings, when)),
        figure,
        *_overview(changes, records.therapies, settings, when),
        Heading(_("Timeline of the case")),
        TableBlock(
            timeline_caption(visits, records.therapies, when),
            case_timeline(
                records.therapies, changes, visits, when, records.outcomes, records.events
            ),
        ),
        Heading(_("Methods")),
        Paragraph(methods_words.methods_text(visits, settings, version, _outcomes_of(changes))),
        Paragraph(methods_words.design_statement()),
        Heading(_("References")),
        *map(Paragraph, methods_words.reference_list()),
    ]
    supplement: list[Block] = [
        *_regimen_tables(records, changes, settings, when),
        *_concordance_blocks(changes, settings),
        *_running_regimens(changes, outlook, when),
        TableBlock(
            _("Settings {id}.").format(id=settings.settings_id),
            pd.DataFrame(
                methods_words.settings_rows(settings),
                columns=[_("Setting"), _("Value"), _("Meaning")],
            ),
        ),
        TableBlock(
            _("Checklist: where each item of CARE and SCRIBE stands."), checklist.case_checklist()
        ),
    ]
    return [
        *numbered_blocks(main, _("Table {n}")),
        Heading(_("Intended use")),
        Paragraph(wording.intended_use()),
        Heading(_("Supplement")),
        *numbered_blocks(supplement, _("Table S{n}")),
    ]


def numbered_blocks(blocks: Sequence[Block], table: str) -> list[Block]:
    """Blocks whose tables and figures have their numbers."""
    tables, figures = itertools.count(1), itertools.count(1)
    named: list[Block] = []
    for block in blocks:
        if isinstance(block, TableBlock):
            block = dataclasses.replace(block, label=table.format(n=next(tables)))
        elif isinstance(block, FigureBlock):
            block = dataclasses.replace(block, label=_("Figure {n}").format(n=next(figures)))
        named.append(block)
    return named


def _overview(
    changes: pd.DataFrame, therapies: pd.DataFrame, settings: Settings, when: When
) -> list[TableBlock]:
    """Regimens by sites, all on one page."""
    tables = results.results_tables(changes, therapies, settings, when)
    caption = _(
        "Change per regimen and site: difference of means where there are {n} readings on each "
        "side, else last reading before to last during; in brackets these two readings."
    ).format(n=settings.min_readings)
    return [TableBlock(caption, table) for table in tables if len(table)]


def regimen_columns() -> list[str]:
    """Heads of the table of a series."""
    return [
        _("Regimen"),
        _("Period"),
        _("Baseline → last"),
        _("Change"),
        _("Limit"),
        _("Result"),
        _("Remarks"),
    ]


def _regimen_tables(
    records: Records, changes: pd.DataFrame, settings: Settings, when: When
) -> list[TableBlock]:
    share = f"{100 * settings.confidence:g} %"
    over_sites = changes["level"] == "patient"
    named = changes[~over_sites].assign(series=results.places_of(changes[~over_sites], changes))
    named = named.assign(_outcome=named["measure"] != THICKNESS)
    series = ["_outcome", "measure", "unit", "site", "side", "series"]
    tables = []
    for key, rows in named.groupby(series, sort=True):
        place = str(key[-1])
        words = regimen_rows(rows, records.therapies, settings, when)
        ordered = [row for _n, row in newest_first(rows).iterrows()]
        pairs = sorted(
            zip(words, ordered, strict=True),
            key=lambda pair: (pair[1]["level"] == "course", pair[1]["starts_day"]),
        )
        tables.append(
            TableBlock(
                _(
                    "Change per regimen, {place}. Limit: where the last value lies against what "
                    "measurement error alone can produce; [ ] is the {share} interval of the "
                    "difference of means{in_unit}; n counts visit values before and during."
                ).format(place=place or _("no site"), share=share, in_unit=_in_unit(str(key[2]))),
                pd.DataFrame(
                    [_regimen_cells(said, row) for said, row in pairs],
                    columns=regimen_columns(),
                    dtype="str",
                ),
            )
        )
    return [*tables, *_over_sites_table(records, changes[over_sites], settings, when)]


def _in_unit(unit: str) -> str:
    return _(" in {unit}").format(unit=unit) if unit else ""


def _concordance_blocks(changes: pd.DataFrame, settings: Settings) -> list[Block]:
    """Second outcomes beside the skin thickness, period by period."""
    rows = concordance_words.concordance_period_rows(changes, settings.improvement)
    if not rows:
        return []
    heads = list(concordance_words.period_heads())
    return [
        *(Paragraph(text) for text in concordance_words.period_sentences(changes)),
        TableBlock(
            _(
                "Skin thickness and second outcomes. Same direction: both better, both worse, or "
                "both neither; by the results over all readings, else by the signs of the changes "
                "from the last reading before to the last during."
            ),
            pd.DataFrame(rows, columns=heads, dtype="str"),
        ),
    ]


def _outcomes_of(changes: pd.DataFrame) -> list[str]:
    return [str(name) for name in outcome_rows(changes)["measure"].drop_duplicates()]


def _running_regimens(changes: pd.DataFrame, outlook: Outlook | None, when: When) -> list[Block]:
    """What is to be expected of running regimens."""
    if outlook is None or outlook.next_reading.empty:
        return []
    labels = numbered_labels(changes)
    heads = [_("Series"), _("Regimen"), _("Next reading"), _("What more readings could tell")]
    names = results.places_of(outlook.next_reading, changes)
    keys = ["period_id", *KEYS[1:8]]
    rows = []
    for name, (_n, row) in zip(names, outlook.next_reading.iterrows(), strict=True):
        more = ""
        if not _is_clear(changes, row, keys):
            more = next_reading_words.tellable_text(_same_series(outlook.tellable, row, keys))
        expected = capital(next_reading_words.expected_text(row, when))
        label = labels.get(row["period_id"], str(row["regimen"]))
        rows.append((capital(name), label, expected, capital(more) or "–"))
    return [
        TableBlock(
            _(
                "Where the next reading is to be expected, at the usual interval and at most 42 "
                "days ahead. {coverage} No forecast is given for an outcome whose measurement "
                "error is not known."
            ).format(coverage=next_reading_words.coverage_sentence()),
            pd.DataFrame(rows, columns=heads, dtype="str"),
        ),
    ]


def _same_series(table: pd.DataFrame, row: pd.Series, keys: list[str]) -> pd.DataFrame:
    same = table[keys].fillna({"frequency_mhz": -1.0}) == row[keys].fillna(-1.0)
    found: pd.DataFrame = table[same.all(axis=1).to_numpy()]
    return found


def _is_clear(changes: pd.DataFrame, row: pd.Series, keys: list[str]) -> bool:
    """Whether the word of a row is one that further readings could not make clearer."""
    own = _same_series(rows_of_level(changes, "period"), row, keys)
    return bool(own["verdict"].isin(next_reading_words.CLEAR_VERDICTS).any())


def _regimen_cells(said: RegimenRow, row: pd.Series) -> tuple[str, ...]:
    share = ""
    if said.change_share:
        share = _(" ({share}) in {days}").format(share=said.change_share, days=said.days)
    result = listed((said.word, *said.reasons_within))
    if row["answer"] == "phases":
        counts = _("; n = {before} and {during}")
        result += counts.format(before=f"{row['n_reference']:.0f}", during=f"{row['n_under']:.0f}")
    return (
        said.regimen,
        said.period,
        said.baseline_to_last,
        said.change + share,
        capital(said.limit) or "–",
        result,
        " ".join(said.flags),
    )


def _over_sites_table(
    records: Records, over_sites: pd.DataFrame, settings: Settings, when: When
) -> list[TableBlock]:
    """The word over the sites of each period, where more than one was measured."""
    if len(records.measurements["site"].unique()) < 2 or over_sites.empty:
        return []
    words = regimen_rows(over_sites, records.therapies, settings, when)
    rows = [(said.regimen, said.period, said.word) for said in words[::-1]]
    return [
        TableBlock(
            _(
                "Change per regimen over the body sites. A word asks for at least two sites, and "
                "half of those with enough readings, that say the same and none that says the "
                "opposite."
            ),
            pd.DataFrame(rows, columns=[_("Regimen"), _("Period"), _("Result")], dtype="str"),
        )
    ]
