"""Cohort: change under a regimen over a group of patients, one value each."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pandas as pd
import streamlit as st

from sm_tracker import languages
from sm_tracker.analysis.cohort.cohort_model import MixedChange
from sm_tracker.domain.regimens import abbreviate
from sm_tracker.domain.series_key import SeriesKey
from sm_tracker.domain.settings import Settings
from sm_tracker.errors import TrackerError
from sm_tracker.figures.series_names import site_name
from sm_tracker.figures.theme import DARK, LIGHT
from sm_tracker.figures.timeline.screen_timeline import SCREEN_CONFIG
from sm_tracker.languages import gettext as _
from sm_tracker.languages import ngettext
from sm_tracker.report import cohort_words as words
from sm_tracker.report import concordance_words as outcome_words
from sm_tracker.report import set_aside_words
from sm_tracker.report.wording import KeyFigure
from sm_tracker.ui import (
    access,
    components,
    data_source,
    group_figure,
    group_report,
    published_protocols,
    state,
    views,
)
from sm_tracker.workflow import cohort as cohorts
from sm_tracker.workflow.analysing import Analysis
from sm_tracker.workflow.cohort import Cohort, CohortView, FigureKind, Filters, Way

Source = Literal["survey", "own", "registry"]
FILTERS = ("diagnosis", "age_group", "sex", "dose_class", "combination")
PATIENTS_FILE = "file of patients"
MOST_ROWS = 200


def render() -> None:
    source = _choose_source()
    cohort, regimens = _cohort_of(source)
    if source == "own":
        _not_in_the_group(data_source.analysis_of_all(data_source.patient_source().source))
    if not regimens:
        components.show_title(_("There is no therapy period to compare."))
        components.show_intended_use()
        return
    with st.container(key="answer"):
        answer_place = st.container()
    with st.container(key="card"):
        view = _ask(cohort, regimens, source)
        kind = _picture(cohort, view, source)
    with answer_place:
        _answer(cohort, view)
    _by_regimen(view, source)
    _groups(cohort, view)
    _outcomes(cohort, view)
    _mixed(cohort, view)
    published_protocols.show_protocols()
    group_figure.show_print(cohort, view, kind, synthetic=source == "survey")
    group_report.show_files(cohort, view, kind, synthetic=source == "survey")
    _patients(view, cohort.settings)
    components.show_intended_use(
        _("Synthetic patients. All values are invented.") if source == "survey" else ""
    )


def _not_in_the_group(analysis: Analysis) -> None:
    """Who of the own patients cannot be part of a group, and why."""
    aside = set_aside_words.set_aside_notice(analysis.set_aside)
    read = set(analysis.visits["patient_id"])
    n = len([code for code in analysis.records.patients if code not in read])
    unread = ngettext(
        "{n} patient has no reading of the skin and is not part of the group.",
        "{n} patients have no reading of the skin and are not part of the group.",
        n,
    ).format(n=n)
    words = " ".join(filter(None, (aside, unread if n else "")))
    if words:
        components.show_note(words)


def _choose_source() -> Source:
    """Which patients: those of the clinic as soon as there are any, an example, a registry run."""
    example, own = _("Example cohort"), _("Own patients")
    known: dict[Source, str] = {"own": own, "survey": example}
    here = data_source.patient_source()
    if here.source == "sample" or not here.patients:
        known = {"survey": example, "own": own}
    if access.permitted_registry_folder() is not None:
        known["registry"] = _("Registry")
    with st.container(horizontal=True, vertical_alignment="center", key="patient_bar"):
        source = views.address_choice(_("Patients"), known, "patients_of")
        if source == "survey":
            components.show_facts(
                _("Synthetic"),
                _("Example cohort of 14 patients."),
                _("Shaped like Ansari 2022, which states no thickness; every value is invented."),
            )
        elif source == "own":
            tag = {"sample": _("Synthetic"), "files": _("Not stored"), "store": ""}[here.source]
            components.show_facts(tag, words.patients_words(len(here.patients)), "")
            _traits_file()
        else:
            components.show_facts(
                "",
                _("Registry run."),
                _("One regimen is read at a time, readings only when drawn."),
            )
    return source


def _traits_file() -> None:
    """A place for diagnosis, age group and sex, which no other file has a column for."""
    with st.popover(_("Age groups and diagnoses"), type="tertiary"):
        upload = st.file_uploader(
            _("CSV with patient_id, diagnosis, age_group, sex"), type="csv", key="traits upload"
        )
        components.show_note(_("Used on this page in this session; nothing is stored."))
    if upload is not None:
        st.session_state[PATIENTS_FILE] = upload.getvalue()
    else:
        st.session_state.pop(PATIENTS_FILE, None)


def _cohort_of(source: Source) -> tuple[Cohort, tuple[str, ...]]:
    if source == "survey":
        cohort = _survey(data_source.settings_in_force())
        return cohort, cohort.regimens
    if source == "registry" and (folder := access.permitted_registry_folder()) is not None:
        wanted = str(st.session_state.get("cohort regimen registry", ""))
        return _registry(str(folder), wanted)
    content = st.session_state.get(PATIENTS_FILE)
    people = cohorts.patients_of(content) if content else None
    cohort = cohorts.cohort_of(
        data_source.analysis_of_all(data_source.patient_source().source), people
    )
    return cohort, cohort.regimens


@st.cache_resource(show_spinner=False, max_entries=5)
def _survey(settings: Settings) -> Cohort:
    return cohorts.example_cohort(settings)


@st.cache_resource(show_spinner=True, max_entries=3, ttl=3600)
def _registry(folder: str, regimen: str) -> tuple[Cohort, tuple[str, ...]]:
    return cohorts.of_registry(Path(folder), regimen)


def _ask(cohort: Cohort, regimens: tuple[str, ...], source: Source) -> CohortView:
    """The controls above the figure; the view they ask for."""
    with st.container(horizontal=True, vertical_alignment="center", key="switches"):
        regimen = _select(_("Regimen"), regimens, f"cohort regimen {source}", abbreviate, 150)
        sites = ("", *cohorts.sites_of(cohort, regimen))
        site = _select(_("Site"), sites, f"cohort site {source} {regimen}", _site_label, 285)
        way = _way_of_measuring(cohort, regimen, source)
        units: dict[cohorts.Unit, str] = {"mm": "mm", "percent": _("Per cent")}
        unit = views.address_choice(_("Unit"), units, "cohort_unit")
        filters = _choose_patients(cohort, regimen, source)
    question = cohorts.question_of(regimen, site, way, "first")
    if source == "registry":
        return _registry_view(
            str(access.permitted_registry_folder()),
            question,
            tuple(filters.wanted.items()),
            unit,
            cohort,
        )
    return cohorts.view_of(cohort, question, filters, unit)


@st.cache_resource(show_spinner=True, max_entries=4, ttl=3600)
def _registry_view(
    folder: str,
    question: cohorts.CohortQuestion,
    wanted: tuple[tuple[str, tuple[str, ...]], ...],
    unit: cohorts.Unit,
    _cohort: Cohort,
) -> CohortView:
    """The view of a large group, kept, since its intervals take seconds."""
    return cohorts.view_of(_cohort, question, Filters(dict(wanted)), unit)


def _select(
    label: str, options: tuple[str, ...], key: str, shown: Callable[[str], str], width: int
) -> str:
    chosen = st.selectbox(
        label,
        options,
        format_func=shown,
        key=key,
        label_visibility="collapsed",
        width=width,
    )
    return str(chosen)


def _site_label(site: str) -> str:
    if not site:
        return _("Most measured site")
    return site_name(SeriesKey(site), languages.current()).capitalize()


def _way_of_measuring(cohort: Cohort, regimen: str, source: Source) -> Way | None:
    """How the skin was measured; values of different ways are never pooled."""
    ways = cohorts.ways_of(cohort, regimen)
    if len(ways) < 2:
        return ways[0] if ways else None
    place = st.selectbox(
        _("Measured with"),
        list(range(len(ways))),
        format_func=lambda k: _way_label(ways[k]),
        key=f"cohort way {source} {regimen}",
        label_visibility="collapsed",
        width=355,
    )
    return ways[int(place)]


def _way_label(way: Way) -> str:
    parts = (
        way.device or _("device not stated"),
        way.layer,
        "" if math.isnan(way.frequency_mhz) else f"{way.frequency_mhz:g} MHz",
        words.patients_words(way.n_patients),
    )
    return ", ".join(filter(None, parts))


def _choose_patients(cohort: Cohort, regimen: str, source: Source) -> Filters:
    """Which patients and courses count, by what is known of them."""
    wanted: dict[str, tuple[str, ...]] = {}
    with (
        st.container(key="display_place"),
        st.popover(_("Choose patients"), icon=":material/filter_alt:", type="tertiary"),
    ):
        for trait in FILTERS:
            values = cohort.values_of(trait, regimen)
            chosen = st.multiselect(
                words.trait_words(trait),
                values,
                format_func=words.value_words,
                placeholder=_("all"),
                key=f"cohort {trait} {source} {regimen}",
                disabled=len(values) < 2,
            )
            wanted[trait] = tuple(chosen)
        components.show_note(_("Nothing chosen means all."))
    return Filters(wanted)


def _picture(cohort: Cohort, view: CohortView, source: Source) -> FigureKind:
    """The figure chosen, and which it is."""
    lower_is_better = cohort.settings.improvement == "decrease"
    kinds: dict[FigureKind, str] = {
        "waterfall": _("Lowest value") if lower_is_better else _("Highest value"),
        "courses": _("Courses"),
        "before_after": _("Before and after"),
        "against_baseline": _("After against before"),
        "regimens": _("By regimen"),
        "lanes": _("Lanes"),
    }
    with st.container(horizontal=True, vertical_alignment="center", key="switches_figure"):
        kind = views.address_choice(_("Figure"), kinds, "cohort_figure")
        with st.container(key="key_place"):
            components.show_key_line(
                (
                    ("g g-thinner thinner", _("thinner")),
                    ("g g-within_error within", _("within error")),
                    ("g g-thicker thicker", _("thicker")),
                )
            )
    if source == "registry":
        view = _registry_courses(*_view_key(view), kind, cohort, view)
    drawn = cohorts.draw_cohort(cohort, view, kind, DARK if state.is_dark() else LIGHT)
    # As wide as the forest on a phone, and seen from its left end too.
    with st.container(key="forest"):
        st.plotly_chart(
            drawn.figure,
            key=f"cohort {kind}",
            theme=None,
            config=SCREEN_CONFIG,
            alt=drawn.alt,
            width="stretch",
        )
    sites = [(_site_label(site), n) for site, n in cohorts.sites_counted(view)]
    rule = words.rule_words(cohort.settings, view.n_before_filters, len(view.one), sites)
    components.show_note(f"{drawn.note} {rule}")
    return kind


def _view_key(view: CohortView) -> tuple[str, cohorts.CohortQuestion, cohorts.Unit, int]:
    """What tells two views of one registry apart, patients left by the choice included."""
    left = hash(tuple(view.one["patient_id"]))
    return str(access.permitted_registry_folder()), view.question, view.unit, left


@st.cache_resource(show_spinner=True, max_entries=6, ttl=3600)
def _registry_courses(
    folder: str,
    question: cohorts.CohortQuestion,
    unit: cohorts.Unit,
    patients_left: int,
    kind: FigureKind,
    _cohort: Cohort,
    _view: CohortView,
) -> CohortView:
    """The view with the readings of a figure, kept, since opening them takes seconds."""
    return cohorts.with_courses(_cohort, _view, kind)


def _answer(cohort: Cohort, view: CohortView) -> None:
    change, unit = view.change, view.unit
    better = (_("Thinner"), change.n_thinner)
    if cohort.settings.improvement == "increase":
        better = (_("Thicker"), change.n_thicker)
    median = change.median_mm if unit == "mm" else change.median_pct
    figures: tuple[KeyFigure, ...] = ()
    if change.n_computable:
        figures = (
            KeyFigure(
                _("Patients"),
                f"{change.n_computable}/{change.n_patients}",
                "",
                _("with a computable change"),
            ),
            KeyFigure(_("Median change"), words.change_words(median, unit), "", _("last value")),
            KeyFigure(
                better[0],
                f"{better[1]}/{change.n_computable}",
                "",
                _("beyond measurement error"),
            ),
        )
    components.show_headline(
        words.cohort_headline(change),
        words.cohort_second_line(change, cohort.settings.confidence),
        figures,
    )


def _by_regimen(view: CohortView, source: Source) -> None:
    components.show_section(
        _("Change per regimen across patients"),
        _("One value a patient. p is Wilcoxon's signed-rank test and stands for each row alone."),
    )
    link = _("Methods of groups of patients")
    st.markdown(f"[{link}](methods?section=Groups%20of%20patients)")
    rows = [words.regimen_row(change) for change in view.regimens]
    components.show_table(words.regimen_heads(view.unit), rows)
    remarks = words.remark_sentences(view.change.remarks, view.change.n_computable)
    if source == "registry":
        one_row = _("Of a registry, the row of the regimen chosen: one regimen is read at a time.")
        remarks = (one_row, *remarks)
    if remarks:
        components.show_note(" ".join(remarks))


def _groups(cohort: Cohort, view: CohortView) -> None:
    if not view.change.n_computable:
        return
    components.show_section(_("Comparison of patient groups"))
    found = cohorts.comparisons(view, cohort.settings.confidence)
    rows = [words.comparison_row(f, view.unit, view.age_cut) for f in found]
    components.show_table(words.comparison_heads(), rows)
    components.show_note(words.comparison_note(found))


def _outcomes(cohort: Cohort, view: CohortView) -> None:
    found = cohorts.concordances(cohort, view)
    if not found:
        return
    components.show_section(_("Thickness and clinical outcome"))
    columns = st.columns(min(len(found), 2), gap="medium")
    for place, one in enumerate(found):
        with columns[place % len(columns)]:
            if one.n_pairs:
                components.show_table(
                    outcome_words.concordance_heads(one), outcome_words.concordance_rows(one)
                )
            components.show_note(outcome_words.concordance_sentence(one))


def _mixed(cohort: Cohort, view: CohortView) -> None:
    """The mixed model, fitted when asked for, since a registry opens readings for it."""
    with st.expander(_("All readings at once: mixed model")):
        if not st.toggle(_("Calculate it"), key="cohort mixed"):
            components.show_note(
                _(
                    "Uses every reading before and under the regimen, with a level and a change "
                    "of its own for each patient and site."
                )
            )
            return
        try:
            found = _mixed_change(_view_key(view), view.values, cohort.settings, cohort, view)
        except TrackerError as error:
            components.show_note(str(error))
            return
        for sentence in words.mixed_sentences(found, cohort.settings.confidence):
            components.show_note(sentence)


@st.cache_data(show_spinner=True, max_entries=6, ttl=3600, scope="session")
def _mixed_change(
    key: object, values: pd.DataFrame, settings: Settings, _cohort: Cohort, _view: CohortView
) -> MixedChange:
    """The mixed model, fitted once for the same question to the same values."""
    return cohorts.mixed_model(_cohort, _view)


def _patients(view: CohortView, settings: Settings) -> None:
    with st.expander(_("Table of the patients")):
        shown = view.one.head(MOST_ROWS)
        rows = [words.patient_row(row, view.unit, settings) for _n, row in shown.iterrows()]
        components.show_table(words.patient_heads(), rows)
        if len(view.one) > len(shown):
            components.show_note(
                _("The first {n} of {all} patients.").format(n=len(shown), all=len(view.one))
            )


try:
    render()
except TrackerError as error:
    components.show_error(error)
