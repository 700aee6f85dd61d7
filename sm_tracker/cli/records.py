"""Commands that keep records: import, and the care of the database."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sm_tracker import workflow
from sm_tracker.cli.files import write_own_tables
from sm_tracker.cli.tables import DONE, FAILED, STATUS_OF_OUTCOME, say, status_of
from sm_tracker.cli.terminal import not_written, show
from sm_tracker.errors import ExportError, SettingError
from sm_tracker.languages import Message

if TYPE_CHECKING:
    from sm_tracker.workflow.maintenance import AuditAnchor, Problem


def import_files(options: Namespace) -> int:
    """Read files, then store them; the same file a second time adds nothing."""
    from sm_tracker.workflow import storing

    files = workflow.files_from_paths(options.files)
    given = dict(options.answer)
    person = storing.person_at_the_terminal(options.clinic)
    with storing.record_store(options.db, person) as store:
        result, remembered = storing.read_remembering(
            store,
            lambda answers: workflow.read_files(
                files, answers=answers, today=options.today, held=store
            ),
            given,
        )
        for key, value in remembered.items():
            print(f"remembered from earlier files with this header: {key}={value}", file=sys.stderr)
        given = {**remembered, **given}
        say(result)
        if result.outcome in ("ask", "reject"):
            return STATUS_OF_OUTCOME[result.outcome]
        report = storing.import_files(store, result, files, given, on_changed=options.changed)
    show(report.sentence)
    return status_of(result)


def care(options: Namespace) -> int:
    """``db init | upgrade | backup | restore | verify | health | export | grant``."""
    return CARE[options.task](options)


def _init(options: Namespace) -> int:
    from sm_tracker.workflow import maintenance

    show(f"ready: {maintenance.make_database(options.db)}")
    return DONE


def _upgrade(options: Namespace) -> int:
    from sm_tracker.workflow import maintenance

    report = maintenance.upgrade_database(options.db)
    if report.backup is None:
        show(f"up to date: version {report.after}")
    else:
        show(f"upgraded from {report.before} to {report.after}; backup before: {report.backup}")
    return DONE


def _backup(options: Namespace) -> int:
    from sm_tracker.workflow import maintenance

    report = maintenance.back_up(options.db, Path(options.to) if options.to else None)
    show(f"backup: {report.path}, {_rows(report.rows)}, checked by restoring it")
    return _told(report.problems, report.anchors)


def _restore(options: Namespace) -> int:
    from sm_tracker.workflow import maintenance

    given = _needed(options.source, "--from FILE", Message("the backup to restore"))
    report = maintenance.restore_database(Path(given), options.db)
    show(f"restored: {report.path or 'the database'}, {_rows(report.rows)}, verified")
    return _told(report.problems, report.anchors)


def _verify(options: Namespace) -> int:
    from sm_tracker.workflow import maintenance

    found = maintenance.verify_database(options.db, options.anchor)
    entries = "1 audit entry" if found.entries == 1 else f"{found.entries} audit entries"
    verdict = "nothing amiss" if found.passed else f"{len(found.problems)} found amiss"
    show(f"{entries} and {_rows(found.rows)} checked: {verdict}")
    return _told(found.problems, found.anchors)


def _health(options: Namespace) -> int:
    from sm_tracker.workflow import maintenance

    report = maintenance.database_health(options.db)
    for line in (*report.problems, *report.warnings):
        print(line, file=sys.stderr)
    show("ok" if report.ok else "not ok")
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
    show(f"let in: {account}")
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
    return "1 row" if count == 1 else f"{count} rows"


def _told(problems: Sequence[Problem], anchors: Sequence[AuditAnchor]) -> int:
    for problem in problems:
        print(f"{problem.kind}: {problem.what}", file=sys.stderr)
    for anchor in anchors:
        show(f"anchor {anchor}")
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
