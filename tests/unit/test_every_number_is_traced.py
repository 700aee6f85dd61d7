"""Every number in what is handed out stands in the change table, in three languages.

Captions, alternative texts, both letters, the sheet for the patient's file and the results. A
number is traced if it is a value of the change table as it is rounded there, a setting, or one
of the few constants named beside its text.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re

import pytest

from sm_tracker import languages
from sm_tracker.analysis.error.error_model import error_model
from sm_tracker.domain.tables import THICKNESS
from sm_tracker.figures.languages import month_text
from sm_tracker.report.captions import figure_caption
from sm_tracker.report.one_page import table_rows
from sm_tracker.workflow import analysing, drawing, file_import, hand_out, reporting
from sm_tracker.workflow.drawing import starting_view
from sm_tracker.workflow.figure_choices import FigureChoices

LANGUAGES = ("en", "de", "fr")
TODAY = dt.date(2026, 12, 1)
ABBREVIATION = re.compile(r"UVA1|\bHC \(\d\)|ultraviolet A1|Ultraviolett-A1|doi \S+|Serup 1984")
WRITTEN_DOSE = re.compile(r"\d+(?: g/kg over 2 days| mg(?:/m²| daily|,)|\s?J/cm²)|over 3 weeks")
SIMULATED = {42.0, 71.0, 85.0, 88.0, 98.0}
NUMBER = re.compile(r"(?<![\w.,])[+−]?\d+(?:[.,]\d+)?(?![\w]|[.,]\d)")


@pytest.fixture(scope="module")
def analysis():
    return analysing.analyse(file_import.sample_records())


@pytest.fixture(scope="module")
def view(analysis):
    return starting_view(analysis, "SM-001")


@pytest.fixture(params=LANGUAGES)
def language(request):
    with languages.speaking(request.param):
        yield request.param


def undated(text, language):
    """A text without dates, labels that hold a digit, and doses as they were written."""
    names = "|".join(re.escape(month_text(m, language)) for m in range(1, 13))
    text = re.sub(rf"(?:\d+\.? )?(?:{names}) \d{{4}}", "", text.replace("\u00a0", " "))
    return WRITTEN_DOSE.sub("", ABBREVIATION.sub("", text))


def numbers_in(text, language):
    found = NUMBER.findall(undated(text, language))
    return {float(n.replace("−", "-").replace(",", ".").lstrip("+")) for n in found}


def values_of(rows):
    """Every number of these rows of the change table, with the decimals that words have."""
    values = rows.select_dtypes("number").stack().dropna()
    return {round(float(v), d) for v in values for d in (0, 1, 2)} | {
        round(100 * float(v), 0) for v in rows["nap"].dropna()
    }


def settings_of(analysis):
    """The error of one value and the share of intervals, which every text may state."""
    error = error_model(analysis.settings, "forearm", "")
    return {
        round(float(error.sem_mm[0]), 2),
        round(100 * float(error.sem_fraction[0]), 1),
        100 * analysis.settings.confidence,
    }


def rows_in_focus(analysis, view):
    """The rows of the period in focus at every site, over the sites, and of the outcomes."""
    changes = analysis.changes
    return changes[changes["period_id"] == view.focus_period_id]


def counts_of(analysis):
    """What the facts about a patient count: visits, sites, outcomes, the frequency."""
    visits = analysis.visits
    return {
        float(visits["t"].nunique()),
        float(visits[["site", "side"]].drop_duplicates().shape[0]),
        float(analysis.records.outcomes["outcome"].nunique()),
        *visits["frequency_mhz"].dropna().unique(),
    }


def cycles_of(analysis):
    return set(analysis.records.therapies["cycles"].dropna())


def test_the_letter_to_a_colleague(analysis, view, language):
    said = numbers_in(hand_out.letter_to_colleague(analysis, view), language)
    known = values_of(rows_in_focus(analysis, view)) | cycles_of(analysis)
    assert len(said) > 12
    assert said - known - counts_of(analysis) - settings_of(analysis) == set()


def test_the_letter_to_the_patient(analysis, view, language):
    said = numbers_in(hand_out.letter_to_patient(analysis, view), language)
    row = drawing.change_in_focus(analysis, view)
    assert said == {round(row["baseline_mm"], 2), round(row["last_mm"], 2)}


def test_the_sheet_for_the_file_in_head_and_foot(analysis, view, language):
    page = hand_out.one_page(analysis, view, "forearm right", TODAY)
    said = numbers_in(" ".join((page.headline, page.second, page.facts)), language)
    known = values_of(rows_in_focus(analysis, view)) | cycles_of(analysis)
    assert len(said) > 10
    assert said - known - counts_of(analysis) == set()


def test_each_row_of_the_sheet_and_of_the_copied_table(analysis, view, language):
    page = hand_out.one_page(analysis, view, "forearm right", TODAY)
    copied = hand_out.table_to_copy(analysis, view).split("\n")[1:]
    rows = drawing.changes_of(analysis, view)
    newest = rows.assign(course=rows["level"] == "course").sort_values(
        ["course", "starts_day"], ascending=[True, False], kind="stable"
    )
    assert len(copied) == len(page.rows) == len(rows)
    for k, (cells, line) in enumerate(zip(table_rows(page.rows), copied, strict=True)):
        row = newest.iloc[[k]]
        ends = {round(float(row[c].iloc[0]), 2) for c in ("baseline_mm", "last_mm", "change_mm")}
        for text in (" ".join(cells), line):
            found = numbers_in(text, language)
            assert ends <= found
            assert found - values_of(row) - cycles_of(analysis) == set()


def curve_ends(alt, language):
    """First and last value and the count of each curve of an alternative text."""
    found = re.findall(
        r"([\d.,]+) \([^()]+\) → ([\d.,]+) \([^()]+\), n = (\d+)", alt.replace("\u00a0", " ")
    )
    return [tuple(float(v.replace(",", ".")) for v in one) for one in found]


def test_the_alternative_text_of_the_timeline(analysis, view, language):
    alt = reporting.chosen_figure(analysis, "SM-001", FigureChoices(language=language)).alt
    rows = analysis.changes[analysis.changes["level"] == "course"]
    visits, outcomes = analysis.visits, analysis.records.outcomes
    counts = visits[visits["state"] == "ok"].groupby(["site", "side"]).size().to_list()
    counts += outcomes.groupby("outcome").size().to_list()
    said = curve_ends(alt, language)
    ends = {(round(r["baseline_mm"], 2), round(r["last_mm"], 2)) for _, r in rows.iterrows()}
    assert {(first, last) for first, last, _ in said} == ends
    assert sorted(n for *_, n in said) == sorted(counts)
    known = set(itertools.chain.from_iterable(said))
    assert numbers_in(alt, language) == known


def test_the_alternative_text_of_the_comparison_cell_by_cell(analysis, language):
    choices = FigureChoices(comparison=True, language=language)
    model = reporting.chosen_figure(analysis, "SM-001", choices)
    said = re.findall(r"[+−]?\d+[.,]\d\d", model.alt)
    changes = analysis.changes[analysis.changes["measure"] == THICKNESS]
    changes = changes[changes["level"].isin(["period", "course"])]
    order = {row.name: n for n, row in enumerate(model.rows)}
    assert len(order) == 8
    newest = changes.assign(course=changes["level"] == "course").sort_values(
        ["course", "starts_day"], ascending=[True, False], kind="stable"
    )
    for k, site in enumerate(["forearm", "chest", "hand dorsum", "forehead"]):
        shown = [row.cells[k] for row in model.rows]
        expected = newest[newest["site"] == site]["change_mm"].tolist()
        assert len(shown) == len(expected)
        for cell, change in zip(shown, expected, strict=True):
            if change == change:
                text = cell.text.replace("−", "-").replace(",", ".")
                assert float(text) == round(change, 2)
                assert cell.text in said
    cells = [c.text for row in model.rows for c in row.cells if c.text]
    assert said == cells
    counted = {float(len(model.rows)), float(len(model.columns))}
    assert numbers_in(model.alt, language) - values_of(changes) <= counted


@pytest.mark.parametrize("comparison", [False, True], ids=["timeline", "comparison"])
def test_the_captions(analysis, view, language, comparison):
    choices = FigureChoices(comparison=comparison, language=language)
    model = reporting.chosen_figure(analysis, "SM-001", choices)
    said = numbers_in(figure_caption(model, analysis.visits), language)
    visits = analysis.visits
    usual = visits["n_replicates"].mode().iloc[0]
    seen = visits[visits["state"] == "ok"]
    fewer = seen[(seen["site"] != "forearm") & (seen["n_replicates"] < usual)]
    row = drawing.change_in_focus(analysis, view)
    band = {round(row[c], 2) for c in ("baseline_mm", "limit_low_mm", "limit_high_mm")}
    least = {float(analysis.settings.min_readings)}
    own = least if comparison else band | {float(usual), float(len(fewer))}
    frequency = set(visits["frequency_mhz"].dropna().unique())
    assert said == own | frequency | settings_of(analysis) | ({95.0} & said)


def test_the_words_of_the_report_below_figures_and_above_tables(analysis, language):
    made = reporting.report_of(analysis, "SM-001")
    said = [b.caption for b in made.blocks if hasattr(b, "table")]
    assert len(said) > 6
    usual = analysis.visits["n_replicates"].mode().iloc[0]
    for text in said[:-2]:
        # The shares that an interval for the next reading held in simulation, with its horizon.
        simulated = SIMULATED if "42" in text else set()
        assert numbers_in(text, language) <= {95.0, float(usual)} | simulated
    assert analysis.settings.settings_id in said[-2]


def test_french_signs_stand_behind_a_space_that_does_not_break(analysis, view):
    with languages.speaking("fr"):
        report, model = reporting.report_with_figure(analysis, "SM-001")
        compared = FigureChoices(comparison=True, language="fr")
        texts = [
            re.sub(r"(?m)^\d+\. .*$", "", report.words),  # sources keep their own language
            model.alt,
            reporting.chosen_figure(analysis, "SM-001", compared).alt,
            hand_out.letter_to_colleague(analysis, view),
            hand_out.letter_to_patient(analysis, view),
            hand_out.table_to_copy(analysis, view),
        ]
    bare = [m[0] for t in texts for m in re.finditer(r".{25}[^\u00a0\u202f][;:!?](?=\s|$)", t)]
    assert bare == []
