"""Figures of a group hold what they should, for one patient, a survey and thousands."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import pytest

from sm_tracker.analysis.cohort.cohort_readings import quantiles_over_time
from sm_tracker.domain.settings import ErrorSetting, Settings
from sm_tracker.figures.cohort.cohort_frame import CohortModel, screen_figure
from sm_tracker.figures.theme import DARK, LIGHT
from sm_tracker.workflow import cohort as cohorts

KINDS = ("waterfall", "courses", "before_after", "against_baseline", "regimens", "lanes")


@pytest.fixture(scope="module")
def survey():
    return cohorts.example_cohort()


def view_of(cohort, patients=None, unit="mm"):
    if patients is not None:
        table = cohort.table[cohort.table["patient_id"].isin(patients)].reset_index(drop=True)
        cohort = cohorts.Cohort(table, cohort.records, cohort.visits, cohort.settings)
    ways = cohorts.ways_of(cohort, "IVIG")
    question = cohorts.question_of("IVIG", "", ways[0] if ways else None)
    return cohort, cohorts.view_of(cohort, question, unit=unit)


def on_screen(lay_out):
    return screen_figure(CohortModel(lay_out=lay_out, language="en"), LIGHT)


def traces(drawn, kind):
    return [t for t in drawn.figure.data if t.type == kind]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_figure_has_words_for_those_who_do_not_see_it(survey, kind, theme):
    drawn = cohorts.draw_cohort(*view_of(survey), kind, theme)
    assert len(drawn.alt) > 20
    assert drawn.note
    assert drawn.figure.layout.paper_bgcolor == theme.surface


@pytest.mark.parametrize("kind", KINDS)
def test_one_patient_and_nobody_are_drawn_too(survey, kind):
    assert cohorts.draw_cohort(*view_of(survey, ["SV-01"]), kind, LIGHT).figure.data
    nobody = cohorts.draw_cohort(*view_of(survey, []), kind, LIGHT)
    assert nobody.alt


def test_the_waterfall_falls_and_the_band_is_each_patients_own_error(survey):
    cohort, view = view_of(survey)
    band, bars = traces(cohorts.draw_cohort(cohort, view, "waterfall", LIGHT), "bar")
    assert list(bars["y"]) == sorted(bars["y"], reverse=True)
    own = view.one[view.one["computable"]].sort_values(
        ["best_change_mm", "patient_id"], ascending=[False, True]
    )
    np.testing.assert_allclose(band["y"], 2 * own["best_mdc95_mm"])


def test_per_cent_scales_change_and_band_alike(survey):
    cohort, view = view_of(survey, unit="percent")
    _band, bars = traces(cohorts.draw_cohort(cohort, view, "waterfall", LIGHT), "bar")
    assert min(bars["y"]) == pytest.approx(view.one["best_change_pct"].min())


def test_the_lowest_value_is_never_above_the_last(survey):
    _, view = view_of(survey)
    counted = view.one[view.one["computable"]]
    assert (counted["best_change_mm"] <= counted["change_mm"] + 1e-9).all()


def test_a_line_a_patient_passes_through_zero_at_the_baseline(survey):
    _, view = view_of(survey)
    baseline = view.readings[view.readings["under"] == 0].groupby("patient_id").tail(1)
    assert baseline["change_mm"].abs().max() < 1e-9
    assert set(view.readings["patient_id"]) == set(view.one.loc[view.one["computable"],
                                                               "patient_id"])  # fmt: skip


def test_the_last_mark_of_a_line_says_what_the_change_table_says(survey):
    _, view = view_of(survey)
    last = view.readings.groupby("patient_id").tail(1).set_index("patient_id")["check"]
    table = view.one[view.one["computable"]].set_index("patient_id")["error_check"]
    assert last.to_dict() == table.to_dict()


def test_different_errors_of_patients_are_not_drawn_as_one_band(survey):
    settings = Settings(
        error_settings=(ErrorSetting(site="forearm", sem_mm=0.2, sem_fraction=0, source="own"),)
    )
    cohort, view = view_of(cohorts.example_cohort(settings))
    one = view.one.copy()
    one.loc[one.index[0], "site"] = "forehead"
    mixed = cohorts.CohortView(**{f: getattr(view, f) for f in view.__slots__} | {"one": one})
    plain = cohorts.draw_cohort(cohort, view, "against_baseline", LIGHT)
    assert "Grey" in plain.note
    assert "Grey" not in cohorts.draw_cohort(cohort, mixed, "against_baseline", LIGHT).note


def test_large_groups_become_quantiles_whose_steps_count_each_patient_once():
    rows = [
        {"patient_id": f"P{p}", "days": float(day), "under": int(day > 0),
         "change_mm": -0.01 * p, "change_pct": -1.0 * p, "check": "within_error"}
        for p in range(200) for day in (-10, 5, 20, 40)
    ]  # fmt: skip
    table = quantiles_over_time(pd.DataFrame(rows), "change_mm")
    assert table["n"].tolist() == [200, 200, 200]
    assert table["q50"].tolist() == pytest.approx([-0.995] * 3)
    assert (table["q10"] <= table["q90"]).all()


def test_only_the_longest_forty_courses_of_many_are_drawn_and_the_note_says_so(survey):
    from sm_tracker.figures.cohort.cohort_courses import lanes_plot

    lanes = pd.DataFrame({
        "patient_id": [f"P{k:03}" for k in range(60)], "regimen": "IVIG",
        "until_days": range(60, 120), "end_status": "ended", "computable": True,
    })  # fmt: skip
    readings = view_of(survey)[1].readings
    drawn = on_screen(partial(lanes_plot, lanes=lanes, readings=readings))
    assert len(traces(drawn, "bar")[0]["y"]) == 40
    assert drawn.note.startswith("The 40 longest of 60 courses.")


# Where thicker is better


@pytest.fixture(scope="module")
def atrophic():
    return cohorts.example_cohort(Settings(improvement="increase"))


def test_the_waterfall_shows_the_highest_value_and_rises_to_the_right(atrophic):
    cohort, view = view_of(atrophic)
    drawn = cohorts.draw_cohort(cohort, view, "waterfall", LIGHT)
    _band, bars = traces(drawn, "bar")
    assert list(bars["y"]) == sorted(bars["y"])
    assert "highest value" in drawn.note
    assert "Thicker counts as better" in drawn.note
    words = [a.text for a in drawn.figure.layout.annotations]
    assert "Highest value minus baseline, mm" in words
    assert drawn.alt.startswith("Highest value")


def test_the_best_value_is_the_highest_reading_under_the_regimen(atrophic, survey):
    _, view = view_of(atrophic)
    under = view.readings[view.readings["under"] == 1]
    best = view.one[view.one["computable"]].set_index("patient_id")["best_mm"]
    highest = under.groupby("patient_id")["value_mm"].max()
    pd.testing.assert_series_equal(best, highest, check_names=False)
    _, other = view_of(survey)
    lowest = other.readings[other.readings["under"] == 1].groupby("patient_id")["value_mm"].min()
    best = other.one[other.one["computable"]].set_index("patient_id")["best_mm"]
    pd.testing.assert_series_equal(best, lowest, check_names=False)


def test_counts_against_error_do_not_depend_on_what_counts_as_better(atrophic, survey):
    change = [view_of(cohort)[1].change for cohort in (atrophic, survey)]
    assert change[0] == change[1]


def test_a_last_value_beyond_error_shows_beside_a_lowest_one_within_it(survey):
    cohort, view = view_of(survey)
    drawn = cohorts.draw_cohort(cohort, view, "waterfall", LIGHT)
    (dots,) = traces(drawn, "scatter")
    place = next(iter(traces(drawn, "bar")[1].x))
    assert dots.marker.line.color[int(place)] == LIGHT.thicker
    assert traces(drawn, "bar")[1].marker.color[int(place)] == LIGHT.within


def test_quantiles_of_a_handful_of_patients_are_not_drawn():
    from sm_tracker.figures.cohort.cohort_courses import courses_plot

    readings = pd.DataFrame(
        [
            {"patient_id": f"P{p}", "days": float(day), "under": int(day > 0),
             "change_mm": -0.01 * p, "change_pct": -1.0 * p, "check": "within_error"}
            for p in range(200) for day in (-10, 5, 20) + ((40,) if p < 19 else ())
        ]
    )  # fmt: skip
    quantiles = quantiles_over_time(readings, "change_mm")
    assert quantiles["n"].tolist() == [200, 200, 19]
    drawn = on_screen(partial(courses_plot, readings=readings, quantiles=quantiles, unit="mm"))
    assert max(drawn.figure.data[0].x) == 14
    assert "at least 20" in drawn.note
