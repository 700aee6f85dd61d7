"""Commands that keep records: import, and maintenance of the database."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sm_tracker.cli.files import write_own_tables
from sm_tracker.cli.tables import DONE, FAILED, STATUS_OF_OUTCOME, exit_status, print_messages
from sm_tracker.cli.terminal import not_written, print_result
from sm_tracker.errors import ExportError, SettingError
from sm_tracker.languages import Message, ngettext
from sm_tracker.languages import gettext as _
from sm_tracker.workflow import file_import

if TYPE_CHECKING:
    from sm_tracker.workflow.maintenance import AuditAnchor, ChainBreak


def import_command_files(options: Namespace) -> int:
    """Read files, then store them; the same file a second time adds nothing."""
    from sm_tracker.workflow import storing

    files = file_import.files_from_paths(options.files)
    given = dict(options.answer)
    person = storing.person_at_the_terminal(options.clinic)
    with storing.record_store(options.db, person) as store:
        result, remembered = storing.read_remembering(
            store,
            lambda answers: file_import.read_files(
                files, answers=answers, today=options.today, held=store
            ),
            given,
        )
        for key, value in remembered.items():
            text = _("remembered from earlier files with this header: {answer}")
            print(text.format(answer=f"{key}={value}"), file=sys.stderr)
        given = {**remembered, **given}
        print_messages(result)
        if result.outcome in ("ask", "reject"):
            return STATUS_OF_OUTCOME[result.outcome]
        report = storing.import_files(store, result, files, given, on_changed=options.changed)
    print_result(report.sentence)
    return exit_status(result)


def manage_database(options: Namespace) -> int:
    """``db init | upgrade | backup | restore | verify | health | export | grant``."""
    return CARE[options.task](options)


def _init(options: Namespace) -> int:
    from sm_tracker.workflow import maintenance

    print_result(_("ready: {database}").format(database=maintenance.make_database(options.db)))
    return DONE


def _upgrade(options: Namespace) -> int:
    from sm_tracker.workflow import maintenance

    report = maintenance.upgrade_database(options.db)
    if report.backup is None:
        print_result(_("up to date: version {version}").format(version=report.after))
    else:
        text = _("upgraded from {before} to {after}; backup before: {backup}")
        print_result(text.format(before=report.before, after=report.after, backup=report.backup))
    return DONE


def _backup(options: Namespace) -> int:
    from sm_tracker.workflow import maintenance

    report = maintenance.back_up(options.db, Path(options.to) if options.to else None)
    text = _("backup: {file}, {rows}, checked by restoring it")
    print_result(text.format(file=report.path, rows=_rows(report.rows)))
    return _told(report.problems, report.anchors)


def _restore(options: Namespace) -> int:
    from sm_tracker.workflow import maintenance

    given = _needed(options.source, "--from FILE", Message("the backup to restore"))
    report = maintenance.restore_database(Path(given), options.db, move_aside=options.move_aside)
    text = _("restored: {database}, {rows}, verified")
    print_result(text.format(database=report.path or _("the database"), rows=_rows(report.rows)))
    return _told(report.problems, report.anchors)


def _verify(options: Namespace) -> int:
    from sm_tracker.workflow import maintenance

    found = maintenance.verify_database(options.db, options.anchor)
    entries = ngettext("{n} audit entry", "{n} audit entries", found.entries)
    verdict = _("{n} found amiss").format(n=len(found.problems))
    text = _("{entries} and {rows} checked: {verdict}")
    print_result(
        text.format(
            entries=entries.format(n=found.entries),
            rows=_rows(found.rows),
            verdict=_("nothing amiss") if found.passed else verdict,
        )
    )
    for remark in found.remarks:
        print(remark, file=sys.stderr)
    return _told(found.problems, found.anchors)


def _health(options: Namespace) -> int:
    from sm_tracker.workflow import maintenance

    report = maintenance.database_health(options.db)
    for line in (*report.problems, *report.warnings):
        print(line, file=sys.stderr)
    print_result(_("ok") if report.ok else _("not ok"))
    return DONE if report.ok else FAILED


def _export(options: Namespace) -> int:
    from sm_tracker.workflow import storing

    out = Path(_needed(options.to, "--to FILE", Message("an XLSX file, a CSV file or a folder")))
    storing.require_store(options.db)
    with storing.record_store(options.db, storing.person_at_the_terminal(options.clinic)) as store:
        held = store.records()
        clinic = store.actor.clinic
    if not held.patients:
        raise ExportError(
            "There are no records to export",
            where=Message("clinic {clinic}", clinic=clinic),
            why="nothing is stored there",
            fix="store files with the command import, or name another clinic with --clinic",
        )
    if not out.suffix:
        _make_folder(out)
    write_own_tables(held, out, xlsx=out.suffix.lower() == ".xlsx")
    return DONE


def _grant(options: Namespace) -> int:
    from sm_tracker.workflow import maintenance

    account = _needed(
        options.account, "--account NAME", Message("the account that the dashboard uses")
    )
    maintenance.let_account_in(account, options.db)
    print_result(_("let in: {account}").format(account=account))
    return DONE


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise not_written(Message("folder"), str(folder), error) from None


def _needed(given: str, option: str, what: Message) -> str:
    if not given:
        raise SettingError(
            Message("{option} is missing", option=option),
            why="this task needs it",
            fix=Message("add it, naming {what}", what=what),
        )
    return given


def _rows(count: int) -> str:
    return ngettext("{n} row", "{n} rows", count).format(n=count)


def _told(problems: Sequence[ChainBreak], anchors: Sequence[AuditAnchor]) -> int:
    for problem in problems:
        print(f"{problem.kind}: {problem.what}", file=sys.stderr)
    for anchor in anchors:
        print_result(_("anchor {anchor}").format(anchor=anchor))
    return FAILED if problems else DONE


CARE = {
    "init": _init,
    "upgrade": _upgrade,
    "backup": _backup,
    "restore": _restore,
    "verify": _verify,
    "health": _health,
    "export": _export,
    "grant": _grant,
}
