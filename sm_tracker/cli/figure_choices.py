"""The words that choose what a figure shows and how it is written."""

from __future__ import annotations

import argparse

from sm_tracker.figures.journals import JOURNALS
from sm_tracker.languages import gettext as _
from sm_tracker.workflow import figure_choices
from sm_tracker.workflow.cohort_view import KINDS


def add_figure_choices(figure: argparse.ArgumentParser) -> None:
    """Add the options of the command ``figure`` beside those of reading."""
    _size(figure)
    _content(figure)
    compared = figure.add_argument_group(_("comparison of all periods"))
    compared.add_argument("--comparison", action="store_true", help="instead of the timeline")
    compared.add_argument(
        "--order",
        choices=("newest", "oldest", "change"),
        default="newest",
        help="which period is first",
    )
    compared.add_argument(
        "--combinations", action="store_true", help="also periods that overlapped"
    )
    compared.add_argument("--untreated", action="store_true", help="also time without therapy")

    group = figure.add_argument_group(_("figure of a group of patients"))
    group.add_argument(
        "--cohort",
        choices=tuple(kind.replace("_", "-") for kind in KINDS),
        help="of all patients of the files under one regimen, numbered",
    )
    group.add_argument(
        "--regimen", metavar="NAME", default="", help="else the one of most patients"
    )


def _size(figure: argparse.ArgumentParser) -> None:
    width = figure.add_mutually_exclusive_group()
    width.add_argument("--preset", metavar="NAME", help="a named width")
    width.add_argument("--width-mm", metavar="W", type=float, help="the width in millimetres")
    figure.add_argument(
        "--journal",
        metavar="NAME",
        help=_("widest figure, size of words and height limit of: {names}").format(
            names=", ".join(j.name for j in JOURNALS)
        ),
    )
    figure.add_argument(
        "--text-pt", metavar="N", type=float, help="size of the smallest words, 7 to 12"
    )
    figure.add_argument("--dpi", metavar="N", type=int, default=600, help="of PNG and TIFF")
    figure.add_argument("--gray", "--grey", action="store_true", help="greyscale")
    figure.add_argument(
        "--no-notes", action="store_true", help="no abbreviations and notes below the figure"
    )


def _content(figure: argparse.ArgumentParser) -> None:
    figure.add_argument("--percent", action="store_true", help="in per cent of the baseline")
    figure.add_argument("--by-site", action="store_true", help="a panel for each site")
    figure.add_argument(
        "--site",
        metavar="SITE[:SIDE[:LAYER[:DEVICE[:MHZ]]]]",
        action="append",
        default=[],
        help="draw only this one (may be repeated)",
    )
    figure.add_argument(
        "--focus",
        metavar="SITE[:SIDE[:...]]",
        default="",
        help="the site in focus, else the first; or an outcome by its name",
    )
    figure.add_argument(
        "--period",
        metavar="PERIOD",
        default="",
        help="the therapy period in focus, by id or label such as 'HC (2)', or none",
    )
    figure.add_argument(
        "--day-zero",
        metavar="DAY",
        default="",
        help="days from here instead of dates: a period, an ISO date or a day number",
    )
    outcomes = figure.add_mutually_exclusive_group()
    outcomes.add_argument(
        "--outcome",
        metavar="NAME",
        action="append",
        help="of the other outcomes, draw only this one (may be repeated)",
    )
    outcomes.add_argument("--no-outcomes", action="store_true", help="no other outcomes")
    figure.add_argument("--no-band", action="store_true", help="no error band")
    figure.add_argument("--no-events", action="store_true", help="no lane of events")
    figure.add_argument("--from-zero", action="store_true", help="axes of values begin at zero")
    figure.add_argument(
        "--hide",
        metavar="REGIMEN",
        action="append",
        default=[],
        help="leave out the lane of this regimen; a note says so (may be repeated)",
    )


def choices_of(options: argparse.Namespace) -> figure_choices.FigureChoices:
    """What the options of the command ``figure`` choose."""
    outcomes = () if options.no_outcomes else options.outcome and tuple(options.outcome)
    return figure_choices.FigureChoices(
        comparison=options.comparison,
        by_site=options.by_site,
        percent=options.percent,
        error_band=not options.no_band,
        relative_days=options.relative_days,
        day_zero=options.day_zero,
        sites=tuple(options.site),
        focus=options.focus,
        period=options.period,
        outcomes=outcomes,
        hidden=tuple(options.hide),
        events=not options.no_events,
        from_zero=options.from_zero,
        order=options.order,
        combinations=options.combinations,
        untreated=options.untreated,
        language=options.language,
    )


def without_effect(options: argparse.Namespace) -> list[str]:
    """Sentences on options given that the chosen figure has no use for."""
    of_timeline = {
        "--by-site": options.by_site,
        "--period": options.period,
        "--outcome": options.outcome,
        "--no-outcomes": options.no_outcomes,
        "--no-band": options.no_band,
        "--no-events": options.no_events,
        "--from-zero": options.from_zero,
        "--hide": options.hide,
    }
    of_comparison = {
        "--order": options.order != "newest",
        "--combinations": options.combinations,
        "--untreated": options.untreated,
    }
    of_group = {"--regimen": options.regimen}
    of_one_patient = {
        "--comparison": options.comparison,
        "--patient": options.patient,
        "--focus": options.focus,
        "--day-zero": options.day_zero,
    }
    if options.cohort:
        text = _("note: {option} has no effect on a figure of a group")
        unused = of_timeline | of_comparison | of_one_patient
    elif options.comparison:
        text, unused = _("note: {option} has no effect on the comparison"), of_timeline | of_group
    else:
        text, unused = _("note: {option} has no effect on the timeline"), of_comparison | of_group
    return [text.format(option=option) for option, given in unused.items() if given]
