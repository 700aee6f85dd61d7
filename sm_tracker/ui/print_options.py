"""What a figure for print shows and how it is written: the controls beside the preview.

The choices of the Timeline (site and period in focus) are where these begin. They are kept
for the session, never in the address.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

import streamlit as st

from sm_tracker import languages
from sm_tracker.domain.series_key import series_codes
from sm_tracker.figures.export import (
    FORMATS,
    LEAST_DPI,
    LEAST_WIDTH_MM,
    MOST_DPI,
    MOST_WIDTH_MM,
    PRESETS,
)
from sm_tracker.figures.journals import JOURNALS, Journal, height_warning
from sm_tracker.figures.page.marks import LEAST_TEXT_PT
from sm_tracker.languages import Language
from sm_tracker.languages import gettext as _
from sm_tracker.report.numbers import decimals
from sm_tracker.ui import components, views
from sm_tracker.workflow import drawing
from sm_tracker.workflow.analysing import Analysis
from sm_tracker.workflow.figure_choices import NO_PERIOD, FigureChoices, Order

Kind = Literal["timeline", "by_site", "comparison"]
Option = TypeVar("Option", bound=str)
PRIVATE, CHOSEN = "print private", "print chosen"
FREE, OTHER_DAY = "free", "other day"
PICTURES = ("png", "tiff")
USUAL_DPI = 600
MEDIA = {
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "eps": "application/postscript",
    "png": "image/png",
    "tiff": "image/tiff",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintOptions:
    """Everything that decides a figure file but the patient's records and the settings."""

    kind: Kind
    choices: FigureChoices
    width_mm: float
    gray: bool
    notes: bool
    fmt: str
    dpi: int
    text_pt: float = LEAST_TEXT_PT
    journal: Journal | None = None

    @property
    def file_name(self) -> str:
        """A name that says what the file is and nothing about the patient."""
        parts = ["skin_thickness", self.kind, f"{self.width_mm:g}mm"]
        parts += ["grey"] if self.gray else []
        parts += [self.choices.language] if self.choices.language != "en" else []
        return f"{'_'.join(parts).replace('.', '-')}.{self.fmt}"


def choose_print_options(analysis: Analysis, patient: str) -> PrintOptions:
    """All controls, in three groups."""
    with st.container(key="card_print_size"):
        components.show_card_title(_("Figure"))
        kind = _one(_("Figure"), _kinds(), "kind", shown=False)
        look = choose_look()
    with st.container(key="card_print_content"):
        components.show_card_title(_("What it shows"))
        choices, notes = _content(analysis, patient, kind)
    with st.container(key="card_print_file"):
        components.show_card_title(_("File"))
        fmt, dpi = choose_file()
    options = PrintOptions(
        kind=kind,
        choices=dataclasses.replace(choices, language=look.language),
        width_mm=look.width_mm,
        text_pt=look.text_pt,
        journal=look.journal,
        gray=look.gray,
        notes=notes,
        fmt=fmt,
        dpi=dpi,
    )
    st.session_state[CHOSEN] = (patient, options)
    return options


@dataclass(frozen=True, slots=True)
class Look:
    """How every figure for print is written, whatever it shows."""

    width_mm: float
    gray: bool
    language: Language
    journal: Journal | None

    @property
    def text_pt(self) -> float:
        """Size of the smallest words."""
        return self.journal.text_pt if self.journal else LEAST_TEXT_PT

    def warning(self, height_mm: float) -> str:
        """What to do about a figure that is too high for the journal chosen."""
        found = height_warning(self.journal, height_mm) if self.journal else None
        return str(found or "")


def choose_look() -> Look:
    """Journal, width, colours and language."""
    known = {"": _("any")} | {j.name: j.title for j in JOURNALS}
    chosen = _list(_("Journal"), known, "journal")
    journal = next((j for j in JOURNALS if j.name == chosen), None)
    width_mm = _width(journal)
    gray = _one(_("Colours"), {"colour": _("Colour"), "grey": _("Grey")}, "colours") == "grey"
    names: dict[Language, str] = languages.NAMES
    language = _one(_("Language of the figure"), names, "language", languages.current())
    return Look(width_mm, gray, language, journal)


def choose_file() -> tuple[str, int]:
    """Format and resolution: of every figure for print."""
    fmt = _one(_("Format"), {f: f.upper() for f in ("pdf", *_others())}, "format", shown=False)
    return fmt, _dpi(fmt)


def size_words(width_mm: float, height_mm: float) -> str:
    """The size of a figure."""
    return _("{width} × {height} mm").format(
        width=decimals(width_mm, 1), height=decimals(height_mm, 1)
    )


def choose_notes() -> bool:
    """Whether notes stand below the figure."""
    return _switch(_("Notes below the figure"), "notes")


def last_print_options(patient: str) -> PrintOptions | None:
    """What was last chosen for the figure of this patient; nothing before the first time."""
    whose, options = st.session_state.get(CHOSEN, ("", None))
    return options if whose == patient else None


def private_switch() -> bool:
    """The switch that takes dates and codes out; on until it is turned off."""
    return st.toggle(
        _("Days instead of dates"),
        value=True,
        key=PRIVATE,
        help=_(
            "Days from a start that you choose, no calendar date anywhere; ages are rounded, and "
            "no file holds the patient's code, notes or examiners' codes."
        ),
        persist_state="session",
    )


def _kinds() -> dict[Kind, str]:
    return {
        "timeline": _("Timeline"),
        "by_site": _("By site"),
        "comparison": _("Comparison"),
    }


def _others() -> tuple[str, ...]:
    return tuple(f for f in FORMATS if f != "pdf")


def _width(journal: Journal | None) -> float:
    offered = journal.widths_mm if journal else tuple(p.width_mm for p in PRESETS)
    widths = {f"{w:g}": f"{w:g}" for w in offered} | {FREE: _("Other")}
    begin = f"{offered[-1]:g}" if journal else "180"
    chosen = _one(_("Width, mm"), widths, f"width {journal.name}" if journal else "width", begin)
    if chosen != FREE:
        return float(chosen)
    return float(
        st.number_input(
            _("Width in mm"),
            LEAST_WIDTH_MM,
            MOST_WIDTH_MM,
            120.0,
            step=1.0,
            format="%.1f",
            key="print width mm",
            persist_state="session",
        )
        or LEAST_WIDTH_MM
    )


def _dpi(fmt: str) -> int:
    if fmt not in PICTURES:
        components.show_note(_("Lines and editable text: sharp at every size."))
        return USUAL_DPI
    given = st.number_input(
        _("Resolution, dpi"),
        LEAST_DPI,
        MOST_DPI,
        USUAL_DPI,
        step=100,
        key="print dpi",
        persist_state="session",
    )
    return int(given or USUAL_DPI)


def _content(analysis: Analysis, patient: str, kind: Kind) -> tuple[FigureChoices, bool]:
    comparison = kind == "comparison"
    relative = private_switch()
    zero = _day_zero(analysis, patient) if relative else ""
    units = {"mm": "mm", "percent": _("% of baseline")}
    percent = _one(_("Unit"), units, "unit") == "percent"
    sites, focus = _sites(analysis, patient)
    choices = FigureChoices(
        comparison=comparison,
        by_site=kind == "by_site",
        percent=percent,
        relative_days=relative,
        day_zero=zero,
        sites=sites,
        focus=focus,
    )
    choices = _of_comparison(choices) if comparison else _of_timeline(choices, analysis, patient)
    return choices, choose_notes()


def _of_comparison(choices: FigureChoices) -> FigureChoices:
    orders: dict[Order, str] = {
        "newest": _("Newest"),
        "oldest": _("Oldest"),
        "change": _("Most thinning"),
    }
    return dataclasses.replace(
        choices,
        order=_one(_("First row"), orders, "order"),
        combinations=_switch(_("Combinations"), "combinations", at_start=False),
        untreated=_switch(_("Time without therapy"), "untreated", at_start=False),
    )


def _of_timeline(choices: FigureChoices, analysis: Analysis, patient: str) -> FigureChoices:
    outcomes = drawing.outcomes_of(analysis, patient)
    regimens = drawing.regimens_of(analysis, patient)
    period = _period(analysis, patient)
    happened = drawing.has_events(analysis, patient)
    drawn = _some(_("Second outcomes"), outcomes, f"outcomes {patient}")
    lanes = _some(_("Therapy lanes"), regimens, f"lanes {patient}")
    return dataclasses.replace(
        choices,
        period=period or NO_PERIOD,
        error_band=_switch(_("Error band"), "band"),
        outcomes=drawn,
        hidden=tuple(r for r in regimens if r not in lanes),
        events=not happened or _switch(_("Events"), "events"),
        from_zero=_switch(_("Axes from zero"), "from zero", at_start=False),
    )


def _day_zero(analysis: Analysis, patient: str) -> str:
    """Where the days begin: blank, a period, or a day that is typed."""
    periods = drawing.period_labels(analysis, patient)
    own = analysis.visits[analysis.visits["patient_id"] == patient]
    dates = own["date"].dropna()
    starts = {"": _("first reading")}
    starts |= {p: _("start of {period}").format(period=name) for p, name in periods.items()}
    if len(dates):
        starts[OTHER_DAY] = _("another date")
    zero = _list(_("Days count from"), starts, f"zero {patient}")
    if zero != OTHER_DAY:
        return zero
    day = st.date_input(
        _("Day zero"),
        dates.min().date(),
        min_value=dt.date(1900, 1, 1),
        format="YYYY-MM-DD",
        key=f"print day zero {patient}",
        persist_state="session",
    )
    return day.isoformat() if isinstance(day, dt.date) else ""


def _sites(analysis: Analysis, patient: str) -> tuple[tuple[str, ...], str]:
    """Series shown and the one in focus, as FigureChoices writes them."""
    names = drawing.names_of_series(analysis, patient)
    known = series_codes(names, ":")
    if len(known) < 2:
        return (), ""
    words = {code: names[key] for code, key in known.items()}
    usual = drawing.starting_view(analysis, patient).focus
    focused = views.chosen_series(tuple(names), patient, usual)
    begin = next(code for code, key in known.items() if key == focused)
    focus = _list(_("Site in focus"), words, f"focus {patient}", begin)
    shown = _some(_("Sites"), words, f"sites {patient}")
    if not shown:
        return (focus,), focus
    return (() if len(shown) == len(words) else shown), focus


def _period(analysis: Analysis, patient: str) -> str:
    labels = drawing.period_labels(analysis, patient)
    if not labels:
        return ""
    begin = views.period_in_focus(analysis, patient)
    return _list(_("Regimen in focus"), {**labels, "": _("none")}, f"period {patient}", begin)


def _one(
    label: str, options: Mapping[Option, str], key: str, begin: str = "", *, shown: bool = True
) -> Option:
    first = next((o for o in options if o == begin), next(iter(options)))
    chosen = st.segmented_control(
        label,
        list(options),
        default=first,
        format_func=lambda option: options[option],
        key=f"print {key}",
        label_visibility="visible" if shown else "collapsed",
        required=True,
        persist_state="session",
    )
    return chosen or first


def _list(label: str, options: Mapping[str, str], key: str, begin: str = "") -> str:
    known = list(options)
    chosen = st.selectbox(
        label,
        known,
        index=known.index(begin) if begin in known else 0,
        format_func=lambda option: options[option],
        key=f"print {key}",
        persist_state="session",
    )
    return str(chosen)


def _some(label: str, options: Mapping[str, str], key: str) -> tuple[str, ...]:
    return views.subset_choice(label, options, f"print {key}") if options else ()


def _switch(label: str, key: str, *, at_start: bool = True) -> bool:
    return st.toggle(label, value=at_start, key=f"print {key}", persist_state="session")
