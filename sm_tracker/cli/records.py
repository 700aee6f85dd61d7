"""Commands that keep records: import, and the care of the database."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from sm_tracker import workflow
from sm_tracker.cli.tables import DONE, FAILED, STATUS_OF_OUTCOME, say


def import_files(options: Namespace) -> int:
    """Read files, then store them; the same file a second time adds nothing."""
    from sm_tracker.workflow import storing

    files = workflow.files_from_paths(options.files)
    given = dict(options.answer)
    with storing.record_store(options.db) as store:
        result = workflow.read_files(files, answers=given, today=options.today)
        if result.outcome == "ask":
            given = {**storing.remembered_answers(store, result), **given}
            result = workflow.read_files(files, answers=given, today=options.today)
        say(result)
        if result.outcome in ("ask", "reject"):
            return STATUS_OF_OUTCOME[result.outcome]
        report = storing.import_files(store, result, files, given, on_changed=options.changed)
    print(report.sentence)
    return FAILED if result.refused else DONE


def care(options: Namespace) -> int:
    """``db init | upgrade | backup | verify | health``."""
    return CARE[options.task](options)


def _init(options: Namespace) -> int:
    from sm_tracker.workflow import storing

    print(f"ready: {storing.make_database(options.db)}")
    return DONE


def _upgrade(options: Namespace) -> int:
    from sm_tracker.workflow import storing

    report = storing.upgrade_database(options.db)
    if report.backup is None:
        print(f"up to date: version {report.after}")
    else:
        print(f"upgraded from {report.before} to {report.after}; backup before: {report.backup}")
    return DONE


def _backup(options: Namespace) -> int:
    from sm_tracker.workflow import storing

    report = storing.back_up(options.db, Path(options.to) if options.to else None)
    print(f"backup: {report.path}, {report.rows} rows, checked by restoring it")
    return DONE


def _verify(options: Namespace) -> int:
    from sm_tracker.workflow import storing

    found = storing.verify_database(options.db)
    print(f"{found.entries} audit entries and {found.rows} rows checked")
    for problem in found.problems:
        print(f"{problem.kind}: {problem.what}", file=sys.stderr)
    return DONE if found.passed else FAILED


def _health(options: Namespace) -> int:
    from sm_tracker.workflow import storing

    report = storing.database_health(options.db)
    for line in (*report.problems, *report.warnings):
        print(line, file=sys.stderr)
    print("ok" if report.ok else "not ok")
    return DONE if report.ok else FAILED


CARE = {
    "init": _init,
    "upgrade": _upgrade,
    "backup": _backup,
    "verify": _verify,
    "health": _health,
}
