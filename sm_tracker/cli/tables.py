"""Commands that read files and print tables: check, change, effects."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from sm_tracker.cli.terminal import print_result, require_other_files, write_quietly
from sm_tracker.domain.records import LETTERED, Finding, ReadResult
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import Records
from sm_tracker.languages import N_, Message
from sm_tracker.languages import gettext as _
from sm_tracker.report.export_tables import table_as_csv, with_plain_dates
from sm_tracker.workflow import analysing, file_import

DONE, FAILED, ANSWER_NEEDED = 0, 1, 3
STATUS_OF_OUTCOME = {
    "accept": DONE,
    "accept_with_warning": DONE,
    "ask": ANSWER_NEEDED,
    "reject": FAILED,
}

LEVELS = (N_("info"), N_("warning"), N_("error"))


def check_files(options: Namespace) -> int:
    """Read files as the import page does; print what was found, store nothing."""
    result = read_command_files(options)
    if options.json:
        print_result(json.dumps(file_import.result_as_json(result), ensure_ascii=False, indent=1))
    else:
        for line in result.recognised:
            print_result(f"{line.file}{' / ' + line.sheet if line.sheet else ''}: {line.summary}")
        text = _(
            "{outcome}: {n} measurements, {therapies} therapy periods, {outcomes} outcome values, "
            "{events} events"
        )
        print_result(
            text.format(
                outcome=result.outcome,
                n=len(result.measurements),
                therapies=len(result.therapies),
                outcomes=len(result.outcomes),
                events=len(result.events),
            )
        )
        print_messages(result)
    return STATUS_OF_OUTCOME[result.outcome]


def print_changes(options: Namespace) -> int:
    """Print the change table; 1 if anything was refused, with the good rows still counted."""
    settings = settings_of(options)

    def write(records: Records) -> None:
        analysis = analysing.analyse(records, settings=settings)
        warn_of_set_aside(analysis.set_aside)
        changes = analysing.chosen_changes(analysis.changes, options.measure, options.level)
        if options.format == "json":
            rows = [*_as_objects(changes), *analysing.set_aside_rows(analysis.set_aside)]
            write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", options.out)
        else:
            write_table(changes, options.out)

    return with_records(options, write)


def warn_of_set_aside(aside: pd.DataFrame) -> None:
    """Name on standard error the patients that could not be computed, with the reason."""
    text = _("warning: patient {code} was set aside: {reason}. Where: {where}. To fix: {fix}.")
    for row in aside.astype("str").to_dict("records"):
        rows = Message("row {rows}", rows=row["rows"])
        if "," in row["rows"]:
            rows = Message("rows {rows}", rows=row["rows"])
        said = text.format(
            code=row["patient_id"],
            reason=_(row["reason"]),
            where=f"{row['file'] or row['table']}, {rows}",
            fix=_(row["fix"]),
        )
        print(said, file=sys.stderr)


def print_effects(options: Namespace) -> int:
    """Print the effect sizes of labelled phases."""
    require_other_files([options.out] if options.out else [], [options.series])
    write_table(analysing.effects_of_file(options.series, variants=options.variants), options.out)
    return DONE


def read_command_files(options: Namespace) -> ReadResult:
    """The files of a command, read with its answers."""
    files = file_import.files_from_paths(options.files)
    return file_import.read_files(files, answers=dict(options.answer), today=options.today)


def with_records(options: Namespace, use: Callable[[Records], None]) -> int:
    """Read the files of a command, say what was found, and use the records if there are any.

    Returns
    -------
    int
        Exit status: that of the reading where it gave no records, else that of
        :func:`exit_status`.
    """
    require_other_files([options.out] if options.out else [], options.files)
    result = read_command_files(options)
    print_messages(result)
    if result.outcome in ("ask", "reject"):
        return STATUS_OF_OUTCOME[result.outcome]
    use(file_import.records_of(result))
    return exit_status(result)


def exit_status(result: ReadResult) -> int:
    """1 where a row, a sheet or a file was refused, although the rest was used; else 0."""
    return FAILED if any(f.level == "error" for f in result.findings) else DONE


def settings_of(options: Namespace) -> Settings:
    """The settings of a command: a settings file, then single settings over it."""
    text = ""
    if options.settings:
        text = file_import.files_from_paths([options.settings])[0].content.decode(
            "utf-8", "replace"
        )
    return analysing.settings_from_texts(dict(options.set), text, name=options.settings)


def print_messages(result: ReadResult) -> None:
    """Print findings and questions to standard error."""
    for finding in result.findings:
        print(_line(finding), file=sys.stderr)
    for word, question in (
        *((_("question"), q) for q in result.questions),
        *((_("offer"), q) for q in result.offers),
    ):
        print(f"{word} {question.key}: {question.message}", file=sys.stderr)
        for choice in question.choices:
            print(f"  --answer {question.key}={choice.value}   {choice.preview}", file=sys.stderr)


def _line(finding: Finding) -> str:
    place = finding.place
    where = [
        place.file,
        _("sheet {sheet}").format(sheet=place.sheet) if place.sheet else "",
        _("row {row}").format(row=place.row) if place.row is not None else "",
        _named(finding.column) if finding.column else "",
    ]
    shown = f" ({finding.value!r})" if finding.value else ""
    named = ", ".join(filter(None, where))
    return f"{_(finding.level)} {finding.code}: {named}: {finding.message}{shown}"


def _named(column: str) -> str:
    return _("column {column}").format(column=column.removeprefix(LETTERED))


def _as_objects(table: pd.DataFrame) -> list[dict[str, object]]:
    text = with_plain_dates(table).to_json(orient="records", double_precision=15)
    rows: list[dict[str, object]] = json.loads(text)
    return rows


def write_table(table: pd.DataFrame, out: str | None) -> None:
    """Print a table as CSV, or write it to a file."""
    write_text(table_as_csv(table), out)


def write_text(text: str, out: str | None) -> None:
    """Print a result, or write it to a file."""
    if out is None:
        print_result(text, end="")
    else:
        write_quietly(Path(out), text.encode("utf-8"), Message("table"))
