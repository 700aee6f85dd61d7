"""The use cases from a terminal: ``python -m sm_tracker COMMAND``.

Tables go to standard output or ``--out``, messages to standard error. Exit status: 0 done,
1 rejected or failed with a message, 2 wrong usage, 3 an answer is needed.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence

from sm_tracker.cli.arguments import options_of
from sm_tracker.cli.terminal import forget_standard_output, let_every_character_through
from sm_tracker.errors import TrackerError
from sm_tracker.languages import gettext as _
from sm_tracker.languages import speaking

__all__ = ["main"]


def main(arguments: Sequence[str]) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : sequence of str
        The words after ``python -m sm_tracker``.

    Returns
    -------
    int
        Exit status.
    """
    let_every_character_through()
    options = options_of(arguments)
    with speaking(options.language):
        return _run(options)


def _run(options: Namespace) -> int:
    try:
        return int(options.run(options))
    except TrackerError as error:
        print(_("error: {error}").format(error=error), file=sys.stderr)
        return 1
    except BrokenPipeError:
        # The reader of our output has gone, as `head` does; nobody is left to tell.
        forget_standard_output()
        sys.stderr.close()
        return 1
    except KeyboardInterrupt:
        print(_("stopped"), file=sys.stderr)
        return 1
