"""Where a command speaks: results to standard output or a file, the rest to standard error."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from sm_tracker.errors import ExportError
from sm_tracker.languages import Message
from sm_tracker.languages import gettext as _


def let_every_character_through() -> None:
    """Make standard output UTF-8 with plain line ends where it goes to a file or a pipe.

    On a terminal of another encoding, a character that it lacks is shown as its code.
    """
    out = sys.stdout
    if isinstance(out, io.TextIOWrapper):
        encoding = out.encoding if out.isatty() else "utf-8"
        out.reconfigure(encoding=encoding, errors="backslashreplace", newline="\n")


def print_result(text: str, end: str = "\n") -> None:
    """Print a result to standard output.

    Raises
    ------
    ExportError
        If it cannot be written, as on a full disk.
    """
    try:
        print(text, end=end, flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        forget_standard_output()
        raise not_written(Message("result"), Message("standard output"), error) from None


def forget_standard_output() -> None:
    """Drop what could not be written, so that the end of the program does not try again."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        pass  # Standard output is not a file of the system: nothing is left to be dropped.


def require_other_files(paths: Iterable[str | Path], inputs: Sequence[str]) -> None:
    """Refuse to write over a file that a command reads.

    Raises
    ------
    ExportError
        Before anything is written.
    """
    for path in map(Path, paths):
        if any(_is_same(path, file) for file in inputs):
            raise ExportError(
                "The output is one of the input files",
                where=str(path),
                why="what it holds would be lost",
                fix="give another name",
            )


def _is_same(path: Path, file: str) -> bool:
    try:
        return path.samefile(file)
    except (OSError, ValueError):
        return False  # One of them is not there.


def make_folder(path: Path) -> None:
    """Make a folder for the files of a command, if it is not there.

    Raises
    ------
    ExportError
        If it cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise not_written(Message("folder"), str(path), error) from None


def write_file(path: Path, content: bytes) -> None:
    """Write a file and name it on standard error.

    Raises
    ------
    ExportError
        If it cannot be written.
    """
    write_quietly(path, content)
    print(_("written: {file}").format(file=path), file=sys.stderr)


def write_quietly(path: Path, content: bytes, what: Message | None = None) -> None:
    """Write a file; `what` it is, for the message of an ExportError if it cannot be written."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise not_written(what or Message("file"), str(path), error) from None


def not_written(what: Message, where: str | Message, error: OSError) -> ExportError:
    """The error that says why something could not be written, and how to put it right."""
    return ExportError(
        Message("The {what} cannot be written", what=what),
        where=where,
        why=(error.strerror or type(error).__name__).lower(),
        fix="give a file in a folder that is there, that you may write to and that has space left",
    )
