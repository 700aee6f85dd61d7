"""One reading typed by hand beside imported ones: the same sites everywhere, and a new answer."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sm_tracker import ingest
from sm_tracker.domain.series_key import SeriesKey
from sm_tracker.figures.comparison import comparison_model
from sm_tracker.figures.timeline import build_timeline
from sm_tracker.workflow import analysing, drawing, editing, file_import, storing

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "sample_data"
TIMELINE = "sm_tracker/ui/pages/timeline.py"
RECORDS = "sm_tracker/ui/pages/records.py"
FOUR = ["Forearm right", "Chest", "Hand dorsum right", "Forehead"]
DAY = dt.date(2025, 11, 3)


def index_case(*, without=()):
    """The files of the index case, some columns of the measurements left out."""
    names = [f"index_case_{kind}.csv" for kind in ("measurements", "therapies", "outcomes")]
    files = []
    for name in names:
        lines = [line.split(",") for line in (SAMPLES / name).read_text("utf-8").splitlines()]
        if "measurements" in name:
            kept = [i for i, column in enumerate(lines[0]) if column not in without]
            text = "\n".join(",".join(line[i] for i in kept) for line in lines)
            files.append(ingest.SourceFile(name, text.encode()))
        else:
            files.append(ingest.SourceFile(name, (SAMPLES / name).read_bytes()))
    return files


def stored(files):
    with storing.record_store() as store:
        result = file_import.read_files(files, held=store)
        assert not result.questions
        storing.import_files(store, result, files, {})


@pytest.fixture
def page(data_folder, monkeypatch):
    monkeypatch.chdir(ROOT)
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)


def words(page):
    whole = " ".join(element.proto.body for element in page.get("html"))
    return " ".join(re.sub(r"<style>.*?</style>|<(?!img)[^>]*>", "", whole, flags=re.S).split())


def buttons(page):
    control = page.button_group(key="site SM-001")
    return [option.content for option in control.proto.options]


def typed(page, **fields):
    """Type a reading into the form of the Records page and save it."""
    page.switch_page(RECORDS).run()
    form = next(d.key for d in page.date_input).removesuffix(" date")
    page.date_input(key=f"{form} date").set_value(DAY)
    for name, value in fields.items():
        if name in ("thickness_mm", "frequency_mhz"):
            page.number_input(key=f"{form} {name}").set_value(value)
        elif name in ("side", "site", "device", "layer"):
            control = [c for c in page.selectbox if c.key == f"{form} {name}"]
            (control[0] if control else page.text_input(key=f"{form} {name}")).set_value(value)
    next(b for b in page.button if b.label == "Save").click().run()
    assert not page.exception
    return page


def added(**fields):
    """The same reading as if it had been typed: words that no list of the form offers."""
    with storing.record_store() as store:
        typed_in = {"patient_id": "SM-001", "date": DAY, **fields}
        (record,) = editing.typed_records("measurement", typed_in, held=store).records
        store.add(record)


def curves(page):
    """Names of the curves in the figure, as the table of everything drawn lists them."""
    page.session_state["drawer drawn"] = True
    whole = " ".join(element.proto.body for element in page.run().get("html"))
    return set(re.findall(r'<th scope="row">Thickness</th><td>([^<]+)</td>', whole))


def alerts(page):
    return " ".join(e.value for e in (*page.success, *page.warning, *page.error))


@pytest.mark.parametrize(
    ("left_out", "fields"),
    [
        ((), {"site": "forearm", "side": "right"}),
        ((), {"site": "forearm"}),
        (("layer", "device"), {"site": "forearm", "side": "right", "layer": "dermis"}),
        (("layer", "device", "frequency_mhz"),
         {"site": "forearm", "side": "right", "layer": "dermis", "device": "DUB",
          "frequency_mhz": 22.0}),
        (("side", "layer"), {"site": "forearm", "side": "right", "layer": "dermis"}),
    ],
    ids=["site and side", "site alone", "layer", "layer and device", "side and layer"],
)  # fmt: skip
def test_a_typed_reading_joins_its_site_and_moves_the_headline(page, left_out, fields):
    stored(index_case(without=left_out))
    before = words(page.run())
    assert "2.49 → 1.62 mm (−35 %)" in before
    typed(page, thickness_mm=1.40, **fields)
    after = words(page.switch_page(TIMELINE).run())
    assert not page.exception
    assert "4 sites ·" in after
    # The four sites, and behind them the second outcome.
    assert [name.removesuffix(" right") for name in buttons(page)] == [
        *(name.removesuffix(" right") for name in FOUR),
        "Mouth opening",
    ]
    assert "2.49 → 1.40 mm (−44 %)" in after
    assert "n 1" in after or "1 reading" in after
    assert len(curves(page)) == 4


def test_what_was_assumed_is_said_written_down_and_audited(page):
    stored(index_case())
    page.run()
    typed(page, site="forearm", side="right", thickness_mm=1.40)
    assert (
        "Not stated, so taken from the series of this site: Layer dermis; "
        "Device synthetic B-mode scanner; Frequency (MHz) 20."
    ) in alerts(page)
    with storing.record_store() as store:
        new = store.stored("measurement", ["SM-001"])[-1]
        assert (new.record.layer, new.record.device) == ("dermis", "synthetic B-mode scanner")
        assert [e.action for e in store.history("measurement", new.record_id)] == ["add", "join"]
        changes = analysing.analyse(store.records(["SM-001"])).changes
    own = changes[changes["site"] == "forearm"]
    assert own["flags"].str.contains("series_joined").all()
    assert not changes.loc[changes["site"] == "chest", "flags"].str.contains("series_").any()
    assert "Right forearm: some readings leave side, layer, device or frequency blank" in words(
        page.switch_page(TIMELINE).run()
    )


def test_sensitivity_stays_in_the_series_in_focus(page):
    stored(index_case())
    page.run()
    added(site="forearm", side="right", device="other scanner", thickness_mm=2.0)
    with storing.record_store() as store:
        analysis = analysing.analyse(store.records(["SM-001"]))
    keys = [k for k in drawing.series_of(analysis, "SM-001") if k.site == "forearm"]
    assert [k.device for k in keys] == ["synthetic B-mode scanner", "other scanner"]
    for key in keys:
        view = build_timeline.TimelineView(patient_id="SM-001", focus=key, focus_period_id="ivig-1")
        table = drawing.sensitivity_of(analysis, view)
        assert set(table["device"]) == {key.device}
        assert not table["variant"].duplicated().any()
        assert set(drawing.changes_of(analysis, view)["device"]) == {key.device}


def test_every_series_has_a_button_of_its_own_and_the_page_says_why(page):
    stored(index_case())
    page.run()
    added(site="forearm", side="right", device="other scanner", thickness_mm=2.0)
    text = words(page.switch_page(TIMELINE).run())
    names = [
        "Forearm right, dermis, synthetic B-mode scanner, 20 MHz",
        "Forearm right, other scanner, layer, frequency not stated",
    ]
    assert "4 sites · 5 series" in text
    assert "Right forearm: 2 series, because layer and device and frequency differ" in text
    options = page.selectbox if "site SM-001" in {c.key for c in page.selectbox} else ()
    shown = list(page.selectbox(key="site SM-001").options) if options else buttons(page)
    assert [n for n in shown if n.startswith("Forearm")] == names
    assert {n for n in curves(page) if n.startswith("Forearm")} == set(names)


def test_a_reading_that_fits_two_series_is_asked_about_in_the_form(page):
    stored(index_case())
    page.run()
    added(site="forearm", side="right", device="other scanner", thickness_mm=2.0)
    typed(page, site="forearm", side="right", thickness_mm=1.40)
    question = next(r for r in page.radio if r.key.endswith("series"))
    assert "several series fit" in question.label
    assert question.options[-1].startswith("**apart**")
    with storing.record_store() as store:
        assert store.measurements(["SM-001"])[-1].thickness_mm == 2.0
    question.set_value(question.options[0])
    next(b for b in page.button if b.label == "Save").click().run()
    assert not page.exception
    assert not [r for r in page.radio if r.key.endswith("series")]
    with storing.record_store() as store:
        new = store.measurements(["SM-001"])[-1]
    assert (new.thickness_mm, new.layer, new.device) == (
        1.40, "dermis", "synthetic B-mode scanner",
    )  # fmt: skip


def test_a_view_kept_from_before_still_finds_its_site(page):
    stored(index_case())
    page.run()
    added(site="forearm", side="right", device="other scanner", thickness_mm=2.0)
    page.session_state["site SM-001"] = "forearm|right"
    text = words(page.switch_page(TIMELINE).run())
    assert not page.exception
    assert "Right forearm, dermis, synthetic B-mode scanner, 20 MHz under IVIG" in text


def test_the_comparison_has_the_same_columns_as_the_timeline_has_buttons(page):
    stored(index_case())
    page.run()
    typed(page, site="forearm", side="right", thickness_mm=1.40)
    with storing.record_store() as store:
        analysis = analysing.analyse(store.records(["SM-001"]))
    model = drawing.period_comparison(
        analysis, comparison_model.ComparisonView(patient_id="SM-001")
    )
    assert len(model.columns) == len(drawing.series_of(analysis, "SM-001")) == 4
    one = drawing.period_comparison(
        analysis,
        comparison_model.ComparisonView(
            patient_id="SM-001",
            shown=(SeriesKey("chest", "", "dermis", "synthetic B-mode scanner", 20.0),),
        ),
    )
    assert one.columns == ("Chest",)


def test_the_import_page_asks_which_series_and_stores_the_answer(page):
    stored(index_case())
    page.run()
    added(site="forearm", side="right", device="other scanner", thickness_mm=2.0)
    page.switch_page("sm_tracker/ui/pages/import_files.py").run()
    later = b"patient_id,date,site,side,thickness_mm\nSM-001,2025-12-01,forearm,right,1.30\n"
    page.file_uploader[0].upload("later.csv", later, "text/csv")
    page.run()
    assert not page.exception
    assert "several series fit. Which one does it belong to?" in words(page)
    assert page.button(key="import now").disabled
    answer = next(r for r in page.radio if r.key.startswith("answer series.forearm"))
    answer.set_value("right, dermis, synthetic B-mode scanner, 20 MHz").run()
    assert "By your answer: the readings of forearm in row 2 are of the series" in words(page)
    page.button(key="import now").click().run()
    assert not page.exception
    with storing.record_store() as store:
        new = store.measurements(["SM-001"])[-1]
    assert (new.thickness_mm, new.device) == (1.30, "synthetic B-mode scanner")


def test_an_import_says_before_it_stores_what_it_assumes(page):
    stored(index_case())
    page.run().switch_page("sm_tracker/ui/pages/import_files.py").run()
    later = b"patient_id,date,site,thickness_mm\nSM-001,2025-12-01,forearm,1.30\n"
    page.file_uploader[0].upload("later.csv", later, "text/csv")
    page.run()
    assert (
        "The readings of forearm in row 2 do not state side, layer, device and frequency; they "
        "are counted with the only series that fits (right, dermis, synthetic B-mode scanner, "
        "20 MHz)"
    ) in words(page)
    assert not page.button(key="import now").disabled
