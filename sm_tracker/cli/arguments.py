"""The words a command takes."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from sm_tracker import __version__
from sm_tracker.domain.settings import SETTING_NAMES
from sm_tracker.languages import N_, NAMES, speaking
from sm_tracker.languages import gettext as _


def options_of(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of one command; wrong usage ends the program with status 2.

    A word that no command knows is answered with the usage of the command at hand.
    """
    with speaking(_language_of(arguments)):
        options, unknown = command_parser().parse_known_args(arguments)
        if unknown:
            options.refuse(_("unrecognized arguments: %s") % " ".join(unknown))
    return options


def _language_of(arguments: Sequence[str]) -> str:
    """The language asked for anywhere among the words, needed before they are understood."""
    only = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    only.add_argument("--language", "--lang", nargs="?", default="en")
    return str(only.parse_known_args(arguments)[0].language)


class _Parser(argparse.ArgumentParser):
    """A parser whose help is in the language in use."""

    def __init__(self, add_words: Callable[[_Parser], None] | None = None, **given: Any) -> None:
        super().__init__(formatter_class=_Formatter, **given)
        self._add_words = add_words

    def parse_known_args(self, *given: Any) -> Any:  # type: ignore[override]
        self._with_words()
        return super().parse_known_args(*given)

    def format_help(self) -> str:
        self._with_words()
        return super().format_help()

    def _with_words(self) -> None:
        """Add the words of a command when they are asked for: they bring the program behind it."""
        if self._add_words is None:
            return
        self._add_words(self)
        self.set_defaults(refuse=self.error)
        _language(self, default=argparse.SUPPRESS)
        self._add_words = None


class _Formatter(argparse.HelpFormatter):
    def _get_help_string(self, action: argparse.Action) -> str:
        return _(action.help or "")


def command_parser() -> argparse.ArgumentParser:
    """The parser of every command."""
    top = _Parser(
        prog="python -m sm_tracker",
        description=_(
            "Serial skin thickness and the change per regimen. "
            "Documentation and research aid for professionals; not a medical device."
        ),
    )
    top.add_argument("--version", action="version", version=f"SM Tracker {__version__}")
    _language(top, default="en")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    for name, (add_words, help_text) in COMMANDS.items():
        commands.add_parser(name, help=help_text, add_words=add_words)
    return top


def _language(command: argparse.ArgumentParser, default: str) -> None:
    command.add_argument(
        "--language",
        "--lang",
        choices=tuple(NAMES),
        default=default,
        help="of messages, figures and reports; JSON and table columns stay English",
    )


OF_ARGPARSE = (
    N_("usage: "),
    N_("positional arguments"),
    N_("options"),
    N_("show this help message and exit"),
    N_("show program's version number and exit"),
    N_("%(prog)s: error: %(message)s\n"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("the following arguments are required: %s"),
    N_("one of the arguments %s is required"),
    N_("unrecognized arguments: %s"),
    N_("not allowed with argument %s"),
    N_("expected one argument"),
    N_("expected at least one argument"),
    N_("ambiguous option: %(option)s could match %(matches)s"),
    N_("ignored explicit argument %r"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("invalid %(type)s value: %(value)r"),
)
"""Texts of argparse, which come without translations."""
# It looks its texts up in the catalogue of the system, which has none of them.
argparse._ = _  # type: ignore[attr-defined]


def _check(check: argparse.ArgumentParser) -> None:
    from sm_tracker.cli import tables

    _reading(check)
    check.add_argument("--json", action="store_true", help="print everything as JSON")
    check.set_defaults(run=tables.check_files)


def _change(change: argparse.ArgumentParser) -> None:
    from sm_tracker.cli import tables
    from sm_tracker.domain.change_columns import LEVELS

    _reading(change)
    _settings(change)
    change.add_argument("--format", choices=("csv", "json"), default="csv", help="of the table")
    change.add_argument(
        "--measure",
        metavar="NAME",
        action="append",
        default=[],
        help="only rows of thickness or of this outcome (may be repeated)",
    )
    change.add_argument(
        "--level",
        choices=LEVELS,
        action="append",
        default=[],
        help="only rows of this kind (may be repeated)",
    )
    change.add_argument("--out", metavar="FILE", help="write here instead of standard output")
    change.set_defaults(run=tables.print_changes)


def _effects(effects: argparse.ArgumentParser) -> None:
    from sm_tracker.cli import tables

    effects.add_argument("series", metavar="SERIES.csv", help="one value a row, with its phase")
    effects.add_argument(
        "--variants", action="store_true", help="also the other variants of each measure"
    )
    effects.add_argument("--out", metavar="FILE", help="write here instead of standard output")
    effects.set_defaults(run=tables.print_effects)


def _settings(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--set",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        type=name_and_value,
        help=_("a setting: {names}").format(names=", ".join(SETTING_NAMES)),
    )
    command.add_argument(
        "--settings", metavar="FILE", default="", help="settings.json of a report's archive"
    )


def _figure(figure: argparse.ArgumentParser) -> None:
    from sm_tracker.cli import files
    from sm_tracker.cli.figure_choices import add_figure_choices

    _reading(figure)
    _settings(figure)
    _one_patient(figure)
    add_figure_choices(figure)
    figure.set_defaults(run=files.write_figure_file)


def _report(report: argparse.ArgumentParser) -> None:
    from sm_tracker.cli import files

    _reading(report)
    _settings(report)
    _one_patient(report)
    report.set_defaults(run=files.write_report_file)


def _one_patient(command: argparse.ArgumentParser) -> None:
    command.add_argument("--out", metavar="FILE", required=True, help="the file to write")
    command.add_argument(
        "--patient", metavar="CODE", default="", help="needed if the files hold several"
    )
    command.add_argument(
        "--relative-days",
        action="store_true",
        help="days from the first visit, no date anywhere",
    )


def _export(export: argparse.ArgumentParser) -> None:
    from sm_tracker.cli import files
    from sm_tracker.report.exchange.forms import FORMS

    _reading(export)
    export.add_argument("--to", choices=tuple(FORMS), required=True, help="the form of the files")
    export.add_argument(
        "--out", metavar="FILE", required=True, help="the file, or the folder or .zip, to write"
    )
    export.add_argument(
        "--strict", action="store_true", help="write nothing if the form would lose something"
    )
    export.add_argument(
        "--anchor",
        metavar="PATIENT=DATE",
        action="append",
        default=[],
        type=patient_and_day,
        help="the date of day 0 of a patient with day numbers; may be repeated",
    )
    export.set_defaults(run=files.write_tables)


def _scrub(scrub: argparse.ArgumentParser) -> None:
    from sm_tracker.cli import files

    scrub.add_argument("file", metavar="FILE", help="a text file (CSV) or an .xlsx workbook")
    scrub.add_argument("--out", metavar="FILE", required=True, help="the copy to write")
    scrub.set_defaults(run=files.write_scrubbed_copy)


def _import(importing: argparse.ArgumentParser) -> None:
    from sm_tracker.cli import records

    _reading(importing)
    importing.add_argument("--db", metavar="URL", default="", help="another database")
    _clinic(importing)
    importing.add_argument(
        "--changed",
        choices=("refuse", "replace", "keep", "add"),
        default="refuse",
        help="what to do with rows that differ from the stored ones",
    )
    importing.set_defaults(run=records.import_command_files)


def _db(care: argparse.ArgumentParser) -> None:
    from sm_tracker.cli import records

    care.add_argument("task", choices=tuple(records.CARE))
    care.add_argument("--db", metavar="URL", default="", help="another database")
    care.add_argument("--to", metavar="FILE", default="", help="where a backup or an export goes")
    care.add_argument("--from", dest="source", metavar="FILE", default="", help="backup to restore")
    care.add_argument(
        "--move-aside",
        action="store_true",
        help="restore: carry the existing database aside, with all its files",
    )
    care.add_argument(
        "--anchor",
        action="append",
        default=[],
        help="kept from an earlier verify (may be repeated)",
    )
    care.add_argument("--account", metavar="NAME", default="", help="account to be granted access")
    _clinic(care)
    care.set_defaults(run=records.manage_database)


def _clinic(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--clinic", metavar="NAME", default="", help="whose records, where users sign in"
    )


def _registry(run: argparse.ArgumentParser) -> None:
    from sm_tracker.cli import registry

    run.add_argument("input", metavar="IN", help="folder of the measurements and the therapies")
    run.add_argument("out", metavar="OUT", help="folder of the output; the same one again resumes")
    _settings(run)
    run.add_argument(
        "--partitions", metavar="N", type=positive_count, help="by patient, see docs/registry.md"
    )
    run.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        default="",
        help="a Dask cluster, for example tcp://host:8786, or threads; else local processes",
    )
    run.add_argument(
        "--workers", metavar="N", type=positive_count, help="local processes or threads"
    )
    run.set_defaults(run=registry.compute_registry)


def _dashboard(pages: argparse.ArgumentParser) -> None:
    from sm_tracker.cli import dashboard

    pages.add_argument(
        "--port", metavar="N", type=positive_count, help="the first free one from 8501 if left out"
    )
    pages.add_argument("--no-browser", action="store_true", help="only print the address")
    pages.set_defaults(run=dashboard.start_dashboard)


def _reading(command: argparse.ArgumentParser) -> None:
    command.add_argument("files", nargs="+", metavar="FILE", help="measurements, therapies or both")
    command.add_argument(
        "--answer",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        type=name_and_value,
        help="answer to a question, for example date_order=day-first",
    )
    command.add_argument(
        "--today", metavar="DATE", type=iso_day, help="the day on which files are read (ISO)"
    )


def name_and_value(text: str) -> tuple[str, str]:
    """``NAME=VALUE`` as a pair; the value may hold further equals signs."""
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise argparse.ArgumentTypeError(_("{text!r} is not NAME=VALUE").format(text=text))
    return name.strip(), value.strip()


def positive_count(text: str) -> int:
    """A whole number from 1 on."""
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(
            _("{text!r} is not a whole number of 1 or more").format(text=text)
        )
    return int(text)


def iso_day(text: str) -> dt.date:
    """An ISO date."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            _("{text!r} is not a date such as 2026-11-21").format(text=text)
        ) from None


COMMANDS: dict[str, tuple[Callable[[argparse.ArgumentParser], None], str]] = {
    "check": (_check, N_("read files as the import page does, store nothing")),
    "change": (_change, N_("the change table")),
    "effects": (_effects, N_("effect sizes of labelled phases")),
    "figure": (_figure, N_("the print figure: svg, pdf, eps, png or tiff")),
    "report": (_report, N_("case report: docx, pdf, html or zip with everything")),
    "export": (_export, N_("records as files for other programs")),
    "scrub": (_scrub, N_("a copy of a file to show: its form and troubles, nobody's data")),
    "import": (_import, N_("read files and store them")),
    "db": (_db, N_("make, upgrade, back up, restore, verify, export")),
    "registry": (_registry, N_("the change table of many patients, to Parquet")),
    "dashboard": (_dashboard, N_("open the dashboard in a browser on this machine")),
}
"""Each command with what adds its words, which loads what it needs, and what it is for."""


def patient_and_day(text: str) -> tuple[str, dt.date]:
    """A patient and a date in ISO form, of ``PATIENT=DATE``."""
    patient, sign, date = text.rpartition("=")
    if not sign or not patient.strip():
        raise argparse.ArgumentTypeError(_("{text!r} is not NAME=VALUE").format(text=text))
    return patient.strip(), iso_day(date.strip())
