"""The large figures and the lines beneath the headline: which value they name, and why none."""

from __future__ import annotations

import pytest

from sm_tracker import workflow
from sm_tracker.report import tables, wording

THERAPIES = "patient_id,therapy,start,end,end_status,date_precision\n"
ONGOING = THERAPIES + "A1,IVIG,2021-05-12,,ongoing,day\n"
ENDED = THERAPIES + "A1,IVIG,2021-05-12,2021-09-01,ended,day\n"


def analysed(readings, therapies):
    measurements = "patient_id,date,site,thickness_mm\n" + "".join(
        f"A1,{day},{site},{mm}\n" for day, site, mm in readings
    )
    files = [
        workflow.SourceFile("m.csv", measurements.encode()),
        workflow.SourceFile("t.csv", therapies.encode()),
    ]
    return workflow.analyse(workflow.records_of(workflow.read_files(files)))


def period_rows(analysis):
    return analysis.changes[analysis.changes["level"] == "period"]


def last_figure(readings, therapies):
    analysis = analysed(readings, therapies)
    return wording.key_figures(period_rows(analysis).iloc[0], analysis.visits)[0]


BEFORE, UNDER, AFTER = (
    ("2021-04-20", "forearm", "2.90"),
    ("2021-08-20", "forearm", "1.80"),
    ("2022-03-01", "forearm", "2.40"),
)


@pytest.mark.parametrize(
    ("readings", "therapies", "title", "value", "note"),
    [
        ([BEFORE, UNDER], ONGOING, "Last value, forearm", "1.80", "20 Aug 2021 · 1 reading"),
        (
            [BEFORE, UNDER, AFTER],
            ENDED,
            "Last value under IVIG, forearm",
            "1.80",
            "20 Aug 2021 · 1 reading",
        ),
        ([BEFORE], ONGOING, "Last value, forearm", "2.90", "20 Apr 2021 · 1 reading"),
    ],
    ids=["it is the last", "a later one was read after the end", "none was read under it"],
)
def test_the_last_value_is_the_last_of_the_site_or_says_under_what_it_was_read(
    readings, therapies, title, value, note
):
    figure = last_figure(readings, therapies)
    assert (figure.title, figure.value, figure.note) == (title, value, note)


def test_a_site_without_any_value_has_no_last_value():
    figure = last_figure([("2021-08-20", "forearm", ">3.00")], ONGOING)
    assert (figure.value, figure.note) == ("–", "no value")


def test_a_reading_in_an_uncertain_stretch_is_not_said_to_be_missing():
    """A year is known, and a reading in it: what lacks is not a reading but the days."""
    readings = [("2020-11-20", "forearm", "2.90"), ("2021-06-01", "forearm", "2.00")]
    year = THERAPIES + "A1,imatinib,2021-01-01,2021-12-31,ended,year\n"
    analysis = analysed(readings, year)
    row = period_rows(analysis).iloc[0]
    assert row["error_reason"] == "no reading under the regimen"
    therapies = analysis.records.therapies
    head = wording.plain(wording.headline(row, therapies))
    assert "No reading on a day that surely belongs to the regimen." in head
    assert wording.second_line(period_rows(analysis), row, analysis.settings).startswith(
        "Needed: the exact days on which IMA started and ended."
    )
    shown = tables.regimen_rows(period_rows(analysis), therapies, analysis.settings)[0]
    assert shown.check_reason == "no reading on a day that surely belongs to the regimen"


@pytest.mark.parametrize(
    ("forearm", "chest", "said"),
    [
        ("1.80", "1.70", "2 of 2 sites thinner beyond measurement error."),
        ("1.80", "3.90", "1 of 2 sites thinner beyond measurement error; 1 thicker."),
        ("3.90", "2.90", "1 of 2 sites thicker beyond measurement error."),
        ("2.90", "2.90", "0 of 2 sites thinner beyond measurement error."),
    ],
)
def test_the_line_on_the_other_sites_leads_with_what_changed(forearm, chest, said):
    before = [("2021-04-20", site, "2.90") for site in ("forearm", "chest")]
    under = [("2021-08-20", "forearm", forearm), ("2021-08-20", "chest", chest)]
    analysis = analysed(before + under, ONGOING)
    rows = period_rows(analysis)
    assert said in wording.second_line(rows, rows.iloc[0], analysis.settings)
