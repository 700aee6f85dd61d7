"""Commands that keep records: import."""

from __future__ import annotations

from argparse import Namespace

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
