"""The words a command takes."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Sequence

from sm_tracker import __version__
from sm_tracker.cli import dashboard, files, records, registry, tables
from sm_tracker.cli.figure_choices import add_figure_choices
from sm_tracker.domain.settings import SETTING_NAMES
from sm_tracker.domain.tables import LEVELS
from sm_tracker.languages import NAMES


def options_of(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of one command; wrong usage ends the program with status 2.

    A word that no command knows is answered with the usage of the command at hand.
    """
    options, unknown = command_parser().parse_known_args(arguments)
    if unknown:
        options.refuse("unrecognized arguments: " + " ".join(unknown))
    return options


def command_parser() -> argparse.ArgumentParser:
    """The parser of every command."""
    top = argparse.ArgumentParser(
        prog="python -m sm_tracker",
        description="Serial skin thickness and the change per regimen. "
        "Documentation and research aid for professionals; not a medical device.",
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
        help="of messages, figures and reports; JSON and the columns of tables are English",
    )


Commands = argparse._SubParsersAction  # argparse offers no public name for it


def _check(commands: Commands[argparse.ArgumentParser]) -> None:
    check = commands.add_parser("check", help="read files as the import page does, store nothing")
    _reading(check)
    check.add_argument("--json", action="store_true", help="print everything as JSON")
    check.set_defaults(run=tables.check_files)


def _change(commands: Commands[argparse.ArgumentParser]) -> None:
    change = commands.add_parser("change", help="the change table")
    _reading(change)
    _settings(change)
    change.add_argument("--format", choices=("csv", "json"), default="csv")
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


def _effects(commands: Commands[argparse.ArgumentParser]) -> None:
    effects = commands.add_parser("effects", help="effect sizes of labelled phases")
    effects.add_argument("series", metavar="SERIES.csv")
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
        help="a setting: " + ", ".join(SETTING_NAMES),
    )
    command.add_argument(
        "--settings", metavar="FILE", default="", help="settings.json of a report's archive"
    )


def _figure(commands: Commands[argparse.ArgumentParser]) -> None:
    figure = commands.add_parser("figure", help="the print figure: svg, pdf, eps, png or tiff")
    _reading(figure)
    _settings(figure)
    _one_patient(figure)
    add_figure_choices(figure)
    figure.set_defaults(run=files.write_figure_file)


def _report(commands: Commands[argparse.ArgumentParser]) -> None:
    report = commands.add_parser("report", help="case report: docx, html, or zip that repeats it")
    _reading(report)
    _settings(report)
    _one_patient(report)
    report.set_defaults(run=files.write_report_file)


def _one_patient(command: argparse.ArgumentParser) -> None:
    command.add_argument("--out", metavar="FILE", required=True)
    command.add_argument("--patient", metavar="CODE", default="", help="where there are several")
    command.add_argument(
        "--relative-days", action="store_true", help="days from the first visit, no date anywhere"
    )


def _export(commands: Commands[argparse.ArgumentParser]) -> None:
    export = commands.add_parser("export", help="our own tables, which read back identical")
    _reading(export)
    export.add_argument("--to", choices=("csv", "xlsx"), required=True)
    export.add_argument("--out", metavar="FILE", required=True)
    export.set_defaults(run=files.write_tables)


def _import(commands: Commands[argparse.ArgumentParser]) -> None:
    importing = commands.add_parser("import", help="read files and store them")
    _reading(importing)
    importing.add_argument("--db", metavar="URL", default="", help="another database")
    _clinic(importing)
    importing.add_argument(
        "--changed",
        choices=("refuse", "replace", "keep", "add"),
        default="refuse",
        help="what becomes of rows that differ from what is stored",
    )
    importing.set_defaults(run=records.import_command_files)


def _db(commands: Commands[argparse.ArgumentParser]) -> None:
    care = commands.add_parser("db", help="make, upgrade, back up, restore, verify, export")
    care.add_argument("task", choices=tuple(records.CARE))
    care.add_argument("--db", metavar="URL", default="", help="another database")
    care.add_argument("--to", metavar="FILE", default="", help="where a backup or an export goes")
    care.add_argument("--from", dest="source", metavar="FILE", default="", help="backup to restore")
    care.add_argument(
        "--move-aside",
        action="store_true",
        help="restore: carry the database that is there aside, with all that belongs to it",
    )
    care.add_argument(
        "--anchor", action="append", default=[], help="kept from an earlier verify; may be repeated"
    )
    care.add_argument("--account", metavar="NAME", default="", help="to be granted access")
    _clinic(care)
    care.set_defaults(run=records.manage_database)


def _clinic(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--clinic", metavar="NAME", default="", help="whose records, where people sign in"
    )


def _registry(commands: Commands[argparse.ArgumentParser]) -> None:
    run = commands.add_parser("registry", help="the change table of many patients, to Parquet")
    run.add_argument("input", metavar="IN", help="folder of the measurements and the therapies")
    run.add_argument("out", metavar="OUT", help="folder of the output; the same again goes on")
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


def _dashboard(commands: Commands[argparse.ArgumentParser]) -> None:
    pages = commands.add_parser("dashboard", help="the pages, in a browser on this machine")
    pages.add_argument(
        "--port", metavar="N", type=positive_count, help="8501 or the next one free if left out"
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
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name.strip(), value.strip()


def positive_count(text: str) -> int:
    """A whole number from 1 on."""
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 1 or more")
    return int(text)


def iso_day(text: str) -> dt.date:
    """An ISO date."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2026-11-21") from None
