"""The large figures and the lines beneath the headline: which value they name, and why none."""

from __future__ import annotations

import pytest

from sm_tracker import ingest
from sm_tracker.report import tables, wording
from sm_tracker.workflow import analysing, drawing, file_import

THERAPIES = "patient_id,therapy,start,end,end_status,date_precision\n"
ONGOING = THERAPIES + "A1,IVIG,2021-05-12,,ongoing,day\n"
ENDED = THERAPIES + "A1,IVIG,2021-05-12,2021-09-01,ended,day\n"


def analysed(readings, therapies):
    measurements = "patient_id,date,site,thickness_mm\n" + "".join(
        f"A1,{day},{site},{mm}\n" for day, site, mm in readings
    )
    files = [
        ingest.SourceFile("m.csv", measurements.encode()),
        ingest.SourceFile("t.csv", therapies.encode()),
    ]
    return analysing.analyse(file_import.records_of(file_import.read_files(files)))


def period_rows(analysis):
    return analysis.changes[analysis.changes["level"] == "period"]


def last_figure(readings, therapies):
    analysis = analysed(readings, therapies)
    rows = analysis.changes[analysis.changes["level"] != "patient"]
    return wording.key_figures(period_rows(analysis).iloc[0], rows, analysis.visits)[0]


BEFORE, UNDER, AFTER = (
    ("2021-04-20", "forearm", "2.90"),
    ("2021-08-20", "forearm", "1.80"),
    ("2022-03-01", "forearm", "2.40"),
)


@pytest.mark.parametrize(
    ("readings", "therapies", "title", "value", "note"),
    [
        ([BEFORE, UNDER], ONGOING, "Last value, forearm", "1.80", "20 Aug 2021 · 1 reading"),
        ([BEFORE, UNDER, AFTER], ENDED, "Last value, forearm", "2.40", "1 Mar 2022 · 1 reading"),
        ([BEFORE], ONGOING, "Last value, forearm", "2.90", "20 Apr 2021 · 1 reading"),
    ],
    ids=["it is the last", "a later one was read after the end", "none was read under it"],
)
def test_the_last_value_is_the_last_of_the_site_whatever_period_is_in_focus(
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
    assert row["error_reason_code"] == "no_reading"
    therapies = analysis.records.therapies
    head = wording.plain_text(wording.change_headline(row, therapies))
    assert "No reading on a day that surely belongs to the regimen." in head
    assert wording.second_line(period_rows(analysis), row, analysis.settings).startswith(
        "Needed: the exact days on which IMA started and ended."
    )
    shown = tables.regimen_rows(period_rows(analysis), therapies, analysis.settings)[0]
    assert shown.reasons[0] == "No reading on a day that surely belongs to the regimen"


def several(days, mm_by_site):
    return [(day, site, str(v)) for site, v in mm_by_site.items() for day in days]


@pytest.mark.parametrize(
    ("under", "said"),
    [
        ({"forearm": 1.5, "chest": 1.5, "calf": 2.9}, "Thinner at 2 of 3 sites."),
        ({"forearm": 1.5, "chest": 4.4, "calf": 2.9},
         "Mixed: thinner at 1, thicker at 1 of 3 sites."),
        ({"forearm": 4.4, "chest": 4.4, "calf": 2.9}, "Thicker at 2 of 3 sites."),
        ({"forearm": 1.5, "chest": 2.9, "calf": 2.9},
         "Undecided: thinner at 1, no change at 2 of 3 sites."),
        ({"forearm": 2.9, "chest": 2.9, "calf": 2.9},
         "No change larger than the error at all 3 sites."),
    ],
)  # fmt: skip
def test_the_word_over_the_sites_always_stands_with_its_count(under, said):
    before = several(
        ("2021-01-20", "2021-02-20", "2021-03-20", "2021-04-20"), dict.fromkeys(under, 2.9)
    )
    during = several(("2021-08-20", "2021-09-20", "2021-10-20", "2021-11-20"), under)
    analysis = analysed(before + during, ONGOING)
    rows = analysis.changes[analysis.changes["period_id"] != ""]
    row = period_rows(analysis).iloc[0]
    assert said in wording.second_line(rows, row, analysis.settings)
    table = tables.regimen_rows(
        period_rows(analysis).iloc[:1],
        analysis.records.therapies,
        analysis.settings,
        over_sites=analysis.changes[analysis.changes["level"] == "patient"],
    )
    assert table[0].over_sites == said.removesuffix(".")


def test_a_therapy_without_a_reading_yet_is_named_and_takes_no_answer_away():
    later = ENDED + "A1,lenalidomide,2021-12-11,,ongoing,day\n"
    analysis = analysed([BEFORE, UNDER], later)
    view = drawing.starting_view(analysis, "A1")
    assert view.focus_period_id == period_rows(analysis)["period_id"].iloc[0]
    unread = drawing.periods_without_reading(analysis, view)
    said = wording.no_reading_yet(unread, analysis.records.therapies)
    assert said == "LEN since 11 Dec 2021: no reading yet."


def test_the_change_since_the_untreated_start_is_that_of_the_site_whatever_is_in_focus():
    second = ENDED + "A1,methotrexate,2021-10-01,,ongoing,day\n"
    analysis = analysed([BEFORE, UNDER, AFTER], second)
    rows = analysis.changes[analysis.changes["level"] != "patient"]
    since = {
        wording.key_figures(row, rows, analysis.visits)[2].value
        for _n, row in period_rows(analysis).iterrows()
    }
    assert since == {"−0.50"}
