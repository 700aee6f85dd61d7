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
from sm_tracker.ui import access, components, data_source, state, views
from sm_tracker.workflow import Analysis
from sm_tracker.workflow import cohort as cohorts
from sm_tracker.workflow.cohort import Cohort, CohortView, FigureKind, Filters, Way

Source = Literal["survey", "own", "registry"]
FILTERS = ("diagnosis", "age_group", "sex", "dose_class", "combination")
PATIENTS_FILE = "file of patients"
MOST_ROWS = 200


def render() -> None:
    source = choose_source()
    cohort, regimens = cohort_of(source)
    if source == "own":
        not_in_the_group(data_source.everybody(data_source.shelf().source))
    if not regimens:
        components.title(_("There is no therapy period to compare."))
        components.notice()
        return
    with st.container(key="answer"):
        answer_place = st.container()
    with st.container(key="card"):
        view = ask(cohort, regimens, source)
        picture(cohort, view, source)
    with answer_place:
        answer(cohort, view)
    by_regimen(view, source)
    groups(cohort, view)
    outcomes(cohort, view)
    mixed(cohort, view)
    protocols()
    patients(view, cohort.settings)
    components.notice(
        _("Synthetic patients. All values are invented.") if source == "survey" else ""
    )


def not_in_the_group(analysis: Analysis) -> None:
    """Who of the own patients cannot be part of a group, and why."""
    aside = set_aside_words.notice(analysis.set_aside)
    read = set(analysis.visits["patient_id"])
    n = len([code for code in analysis.records.patients if code not in read])
    unread = ngettext(
        "{n} patient has no reading of the skin and is not part of the group.",
        "{n} patients have no reading of the skin and are not part of the group.",
        n,
    ).format(n=n)
    words = " ".join(filter(None, (aside, unread if n else "")))
    if words:
        components.note(words)


def choose_source() -> Source:
    """Which patients: the survey, those of the clinic, or a registry run."""
    known: dict[Source, str] = {"survey": _("Survey"), "own": _("Own patients")}
    if access.registry_folder() is not None:
        known["registry"] = _("Registry")
    with st.container(horizontal=True, vertical_alignment="center", key="patient_bar"):
        source = views.choice(_("Patients"), known, "patients_of")
        if source == "survey":
            components.facts(
                _("Synthetic"),
                _("Survey of 14 patients."),
                _("Shaped like Ansari 2022, which states no thickness; every value is invented."),
            )
        elif source == "own":
            here = data_source.shelf()
            tag = {"sample": _("Synthetic"), "files": _("Not stored"), "store": ""}[here.source]
            components.facts(tag, words.patients_words(len(here.patients)), "")
            traits_file()
        else:
            components.facts(
                "",
                _("Registry run."),
                _("One regimen is read at a time, readings only when drawn."),
            )
    return source


def traits_file() -> None:
    """A place for diagnosis, age group and sex, which no other file has a column for."""
    with st.popover(_("Age groups and diagnoses"), type="tertiary"):
        upload = st.file_uploader(
            _("CSV with patient_id, diagnosis, age_group, sex"), type="csv", key="traits upload"
        )
        components.note(_("Used on this page in this session; nothing is stored."))
    if upload is not None:
        st.session_state[PATIENTS_FILE] = upload.getvalue()
    else:
        st.session_state.pop(PATIENTS_FILE, None)


def cohort_of(source: Source) -> tuple[Cohort, tuple[str, ...]]:
    if source == "survey":
        cohort = survey(data_source.settings())
        return cohort, cohort.regimens
    if source == "registry" and (folder := access.registry_folder()) is not None:
        wanted = str(st.session_state.get("cohort regimen registry", ""))
        return registry(str(folder), wanted)
    content = st.session_state.get(PATIENTS_FILE)
    people = cohorts.patients_of(content) if content else None
    cohort = cohorts.cohort_of(data_source.everybody(data_source.shelf().source), people)
    return cohort, cohort.regimens


@st.cache_resource(show_spinner=False, max_entries=5)
def survey(settings: Settings) -> Cohort:
    return cohorts.survey(settings)


@st.cache_resource(show_spinner=True, max_entries=3, ttl=3600)
def registry(folder: str, regimen: str) -> tuple[Cohort, tuple[str, ...]]:
    return cohorts.of_registry(Path(folder), regimen)


def ask(cohort: Cohort, regimens: tuple[str, ...], source: Source) -> CohortView:
    """The controls above the figure; the view they ask for."""
    with st.container(horizontal=True, vertical_alignment="center", key="switches"):
        regimen = select(_("Regimen"), regimens, f"cohort regimen {source}", abbreviate, 150)
        sites = ("", *cohorts.sites_of(cohort, regimen))
        site = select(_("Site"), sites, f"cohort site {source} {regimen}", site_label, 250)
        way = way_of_measuring(cohort, regimen, source)
        units: dict[cohorts.Unit, str] = {"mm": "mm", "percent": _("Per cent")}
        unit = views.choice(_("Unit"), units, "cohort_unit")
        filters = choose_patients(cohort, regimen, source)
    question = cohorts.question_of(regimen, site, way, "first")
    if source == "registry":
        return registry_view(
            str(access.registry_folder()), question, tuple(filters.wanted.items()), unit, cohort
        )
    return cohorts.view_of(cohort, question, filters, unit)


@st.cache_resource(show_spinner=True, max_entries=4, ttl=3600)
def registry_view(
    folder: str,
    question: cohorts.Question,
    wanted: tuple[tuple[str, tuple[str, ...]], ...],
    unit: cohorts.Unit,
    _cohort: Cohort,
) -> CohortView:
    """The view of a large group, kept, since its intervals take seconds."""
    return cohorts.view_of(_cohort, question, Filters(dict(wanted)), unit)


def select(
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


def site_label(site: str) -> str:
    if not site:
        return _("Most measured site")
    return site_name(SeriesKey(site), languages.current()).capitalize()


def way_of_measuring(cohort: Cohort, regimen: str, source: Source) -> Way | None:
    """How the skin was measured; values of different ways are never pooled."""
    ways = cohorts.ways_of(cohort, regimen)
    if len(ways) < 2:
        return ways[0] if ways else None
    place = st.selectbox(
        _("Measured with"),
        list(range(len(ways))),
        format_func=lambda k: way_label(ways[k]),
        key=f"cohort way {source} {regimen}",
        label_visibility="collapsed",
        width=355,
    )
    return ways[int(place)]


def way_label(way: Way) -> str:
    parts = (
        way.device or _("device not stated"),
        way.layer,
        "" if math.isnan(way.frequency_mhz) else f"{way.frequency_mhz:g} MHz",
        words.patients_words(way.n_patients),
    )
    return ", ".join(filter(None, parts))


def choose_patients(cohort: Cohort, regimen: str, source: Source) -> Filters:
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
        components.note(_("Nothing chosen means all."))
    return Filters(wanted)


def picture(cohort: Cohort, view: CohortView, source: Source) -> None:
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
        kind = views.choice(_("Figure"), kinds, "cohort_figure")
        with st.container(key="key_place"):
            components.key_line(
                (
                    ("g g-thinner thinner", _("thinner")),
                    ("g g-within_error within", _("within error")),
                    ("g g-thicker thicker", _("thicker")),
                )
            )
    if source == "registry":
        view = registry_courses(*view_key(view), kind, cohort, view)
    drawn = cohorts.draw(cohort, view, kind, DARK if state.is_dark() else LIGHT)
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
    sites = [(site_label(site), n) for site, n in cohorts.sites_counted(view)]
    rule = words.rule_words(cohort.settings, view.n_before_filters, len(view.one), sites)
    components.note(f"{drawn.note} {rule}")


def view_key(view: CohortView) -> tuple[str, cohorts.Question, cohorts.Unit, int]:
    """What tells two views of one registry apart, patients left by the choice included."""
    left = hash(tuple(view.one["patient_id"]))
    return str(access.registry_folder()), view.question, view.unit, left


@st.cache_resource(show_spinner=True, max_entries=6, ttl=3600)
def registry_courses(
    folder: str,
    question: cohorts.Question,
    unit: cohorts.Unit,
    patients_left: int,
    kind: FigureKind,
    _cohort: Cohort,
    _view: CohortView,
) -> CohortView:
    """The view with the readings of a figure, kept, since opening them takes seconds."""
    return cohorts.with_courses(_cohort, _view, kind)


def answer(cohort: Cohort, view: CohortView) -> None:
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
    components.headline(
        words.headline(change), words.second_line(change, cohort.settings.confidence), figures
    )


def by_regimen(view: CohortView, source: Source) -> None:
    components.section(
        _("Change per regimen over patients"),
        _("One value a patient. p is Wilcoxon's signed-rank test and stands for each row alone."),
    )
    link = _("Methods of groups of patients")
    st.markdown(f"[{link}](methods?section=Groups%20of%20patients)")
    rows = [words.regimen_row(change) for change in view.regimens]
    components.table(words.regimen_heads(view.unit), rows)
    remarks = words.remark_sentences(view.change.remarks, view.change.n_computable)
    if source == "registry":
        one_row = _("Of a registry, the row of the regimen chosen: one regimen is read at a time.")
        remarks = (one_row, *remarks)
    if remarks:
        components.note(" ".join(remarks))


def groups(cohort: Cohort, view: CohortView) -> None:
    if not view.change.n_computable:
        return
    components.section(_("Groups of patients against each other"))
    found = cohorts.comparisons(view, cohort.settings.confidence)
    rows = [words.comparison_row(f, view.unit, view.age_cut) for f in found]
    components.table(words.comparison_heads(), rows)
    components.note(words.comparison_note(found))


def outcomes(cohort: Cohort, view: CohortView) -> None:
    found = cohorts.concordances(cohort, view)
    if not found:
        return
    components.section(_("Thickness and clinical outcome"))
    columns = st.columns(min(len(found), 2), gap="medium")
    for place, one in enumerate(found):
        with columns[place % len(columns)]:
            if one.n_pairs:
                components.table(
                    outcome_words.concordance_heads(one), outcome_words.concordance_rows(one)
                )
            components.note(outcome_words.concordance_sentence(one))


def mixed(cohort: Cohort, view: CohortView) -> None:
    """The mixed model, fitted when asked for, since a registry opens readings for it."""
    with st.expander(_("All readings at once: mixed model")):
        if not st.toggle(_("Fit it"), key="cohort mixed"):
            components.note(
                _(
                    "Uses every reading before and under the regimen, with a level and a change "
                    "of its own for each patient and site."
                )
            )
            return
        try:
            found = mixed_change(view_key(view), view.values, cohort.settings, cohort, view)
        except TrackerError as error:
            components.note(str(error))
            return
        for sentence in words.mixed_sentences(found, cohort.settings.confidence):
            components.note(sentence)


@st.cache_data(show_spinner=True, max_entries=6, ttl=3600, scope="session")
def mixed_change(
    key: object, values: pd.DataFrame, settings: Settings, _cohort: Cohort, _view: CohortView
) -> MixedChange:
    """The mixed model, fitted once for the same question to the same values."""
    return cohorts.mixed(_cohort, _view)


def protocols() -> None:
    """What others published on immunoglobulins, filterable beside the group."""
    table = cohorts.protocols()
    with st.expander(_("Published protocols of IVIG in scleromyxedema")):
        chosen = st.pills(
            _("Protocol"),
            sorted(table["protocol"].unique()),
            key="cohort protocols",
            label_visibility="collapsed",
        )
        shown = table[table["protocol"] == chosen] if chosen else table
        heads = (
            _("Reference"),
            _("Patients"),
            _("Background"),
            _("Dose, g/kg"),
            _("Schedule"),
            _("Given with"),
            _("Reported response"),
        )
        columns = [
            "reference", "n_patients", "clinical_background", "dose_g_per_kg", "schedule",
            "combination_therapy", "response",
        ]  # fmt: skip
        components.table(
            heads, (tuple(map(str, r)) for r in shown[columns].itertuples(index=False))
        )
        components.note(
            _(
                "Case reports and series as tabulated in the published index case; none states a "
                "thickness, and reports of improvement are published more readily than others."
            )
        )


def patients(view: CohortView, settings: Settings) -> None:
    with st.expander(_("Table of the patients")):
        shown = view.one.head(MOST_ROWS)
        rows = [words.patient_row(row, view.unit, settings) for _n, row in shown.iterrows()]
        components.table(words.patient_heads(), rows)
        if len(view.one) > len(shown):
            components.note(
                _("The first {n} of {all} patients.").format(n=len(shown), all=len(view.one))
            )


try:
    render()
except TrackerError as error:
    components.failure(error)
