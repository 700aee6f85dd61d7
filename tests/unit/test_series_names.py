"""The name of a series: its site, and what tells it from its neighbours; no two are alike."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sm_tracker import ingest
from sm_tracker.domain.series_key import SeriesKey, series_codes
from sm_tracker.errors import SettingError
from sm_tracker.figures.series_names import series_names
from sm_tracker.workflow import analysing, drawing, figure_choices, file_import

RIGHT, LEFT = SeriesKey("forearm", "right"), SeriesKey("forearm", "left")
KEYS = st.builds(
    SeriesKey,
    st.sampled_from(["forearm", "chest"]),
    st.sampled_from(["", "left", "right"]),
    st.sampled_from(["", "dermis", "epidermis+dermis"]),
    st.sampled_from(["", "DUB", "DermaScan"]),
    st.sampled_from([None, 20.0, 40.0]),
)


@pytest.mark.parametrize("language", ["en", "de", "fr"])
@pytest.mark.parametrize("sided", [True, False])
@given(keys=st.lists(KEYS, min_size=1, max_size=12, unique=True))
def test_no_two_series_have_the_same_name_or_code(language, sided, keys):
    names = series_names(keys, language, sided=sided)
    assert list(names) == keys
    assert len(set(names.values())) == len(keys)
    assert list(series_codes(keys, "|").values()) == keys


def test_what_all_series_of_a_site_share_is_not_part_of_their_names():
    keys = [k._replace(layer="dermis", device="DUB", frequency_mhz=22.0) for k in (RIGHT, LEFT)]
    assert list(series_names(keys).values()) == ["forearm right", "forearm left"]
    assert list(series_names(keys[:1], sided=False).values()) == ["forearm"]


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en", "right forearm, device not stated"),
        ("de", "Unterarm rechts, ohne Angabe: Gerät"),
        ("fr", "avant-bras droit, non précisé : appareil"),
    ],
)
def test_what_a_series_lacks_is_said_in_every_language(language, name):
    keys = [RIGHT._replace(device="DUB"), RIGHT]
    names = series_names(keys, language, aloud=True)
    assert names[RIGHT].replace("\u00a0", " ") == name


def test_a_side_that_is_not_stated_beside_others_is_said():
    names = series_names([RIGHT, LEFT, SeriesKey("forearm")])
    assert names[SeriesKey("forearm")] == "forearm, side not stated"


def test_a_frequency_that_is_no_number_is_not_stated():
    keys = [RIGHT._replace(frequency_mhz=20.0), RIGHT]
    assert series_names(keys)[RIGHT] == "forearm right, frequency not stated"
    assert not any("nan" in name for name in series_names(keys).values())


FILE = """patient_id,date,site,side,layer,device,thickness_mm
A1,2024-01-05,forearm,right,dermis,DUB,2.5
A1,2024-02-05,forearm,right,dermis,DUB,2.4
A1,2024-03-05,forearm,right,dermis,DermaScan,2.3
A1,2024-03-05,chest,,dermis,DUB,2.3
"""


@pytest.fixture
def analysis():
    file = ingest.SourceFile("m.csv", FILE.encode())
    return analysing.analyse(file_import.records_of(file_import.read_files([file])))


def test_the_series_of_the_most_measured_site_come_first(analysis):
    found = drawing.series_of(analysis, "A1")
    assert [(k.site, k.device) for k in found] == [
        ("forearm", "DUB"), ("forearm", "DermaScan"), ("chest", "DUB"),
    ]  # fmt: skip
    assert all(k.frequency_mhz is None or math.isfinite(k.frequency_mhz) for k in found)


@pytest.mark.parametrize(
    ("choice", "devices"),
    [
        ("forearm", ["DUB", "DermaScan"]),
        ("forearm:right:dermis:DermaScan", ["DermaScan"]),
        ("chest", ["DUB"]),
    ],
)
def test_a_command_names_a_site_or_one_of_its_series(analysis, choice, devices):
    choices = figure_choices.FigureChoices(sites=(choice,))
    view = figure_choices.timeline_view(analysis, "A1", choices)
    assert [k.device for k in view.shown] == devices
    assert view.focus == view.shown[0]


def test_a_series_that_is_not_there_is_refused_with_those_that_are(analysis):
    with pytest.raises(SettingError, match="forearm:right:dermis:DUB"):
        figure_choices.timeline_view(
            analysis, "A1", figure_choices.FigureChoices(focus="forearm:left")
        )


def test_each_curve_of_the_figure_has_the_name_of_its_button(analysis):
    model = drawing.timeline(analysis, drawing.starting_view(analysis, "A1"))
    curves = {c.name for panel in model.panels for c in panel.curves}
    assert curves == set(drawing.names_of_series(analysis, "A1").values())
