"""The words a command takes."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Sequence
from typing import Any, TypeAlias

from sm_tracker import __version__
from sm_tracker.cli import dashboard, files, records, registry, tables
from sm_tracker.cli.figure_choices import add_figure_choices
from sm_tracker.domain.change_columns import LEVELS
from sm_tracker.domain.settings import SETTING_NAMES
from sm_tracker.languages import N_, NAMES, speaking
from sm_tracker.languages import gettext as _
from sm_tracker.report.exchange.forms import FORMS


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

    def __init__(self, **given: Any) -> None:
        super().__init__(formatter_class=_Formatter, **given)


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
    _check(commands)
    _change(commands)
    _effects(commands)
    _figure(commands)
    _report(commands)
    _export(commands)
    _scrub(commands)
    _import(commands)
    _db(commands)
    _registry(commands)
    _dashboard(commands)
    for command in commands.choices.values():
        command.set_defaults(refuse=command.error)
        _language(command, default=argparse.SUPPRESS)
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

# argparse offers no public name for it.
Commands: TypeAlias = "argparse._SubParsersAction[Any]"


def _check(commands: Commands) -> None:
    check = commands.add_parser("check", help="read files as the import page does, store nothing")
    _reading(check)
    check.add_argument("--json", action="store_true", help="print everything as JSON")
    check.set_defaults(run=tables.check_files)


def _change(commands: Commands) -> None:
    change = commands.add_parser("change", help="the change table")
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


def _effects(commands: Commands) -> None:
    effects = commands.add_parser("effects", help="effect sizes of labelled phases")
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


def _figure(commands: Commands) -> None:
    figure = commands.add_parser("figure", help="the print figure: svg, pdf, eps, png or tiff")
    _reading(figure)
    _settings(figure)
    _one_patient(figure)
    add_figure_choices(figure)
    figure.set_defaults(run=files.write_figure_file)


def _report(commands: Commands) -> None:
    report = commands.add_parser(
        "report", help="case report: docx, pdf, html or zip with everything"
    )
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


def _export(commands: Commands) -> None:
    export = commands.add_parser("export", help="records as files for other programs")
    _reading(export)
    export.add_argument("--to", choices=tuple(FORMS), required=True, help="the form of the files")
    export.add_argument(
        "--out", metavar="FILE", required=True, help="the file, or the folder or .zip, to write"
    )
    export.add_argument(
        "--strict", action="store_true", help="write nothing if the form would lose something"
    )
    export.set_defaults(run=files.write_tables)


def _scrub(commands: Commands) -> None:
    scrub = commands.add_parser(
        "scrub", help="a copy of a file to show: its form and troubles, nobody's data"
    )
    scrub.add_argument("file", metavar="FILE", help="a text file (CSV) or an .xlsx workbook")
    scrub.add_argument("--out", metavar="FILE", required=True, help="the copy to write")
    scrub.set_defaults(run=files.write_scrubbed_copy)


def _import(commands: Commands) -> None:
    importing = commands.add_parser("import", help="read files and store them")
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


def _db(commands: Commands) -> None:
    care = commands.add_parser("db", help="make, upgrade, back up, restore, verify, export")
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


def _registry(commands: Commands) -> None:
    run = commands.add_parser("registry", help="the change table of many patients, to Parquet")
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


def _dashboard(commands: Commands) -> None:
    pages = commands.add_parser("dashboard", help="open the dashboard in a browser on this machine")
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
