"""A figure as it is written: what it shows, how large, and the command that draws it again."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass, field

from sm_tracker.languages import current
from sm_tracker.workflow.figure_choices import FigureChoices

USUAL_WIDTH_MM = 174.0
_PLAIN = re.compile(r"[\w.:=/+-]+")
_QUOTED = re.compile(r"[\w.:=/+() -]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedFigure:
    """What a figure of a report shows and how it is drawn.

    Attributes
    ----------
    choices : FigureChoices
        The report decides on dates or days from the first reading, and on the language.
    width_mm : float
    text_pt : float
        Size of the smallest words.
    gray, notes : bool
    """

    choices: FigureChoices = field(default_factory=FigureChoices)
    width_mm: float = USUAL_WIDTH_MM
    text_pt: float = 7.0
    gray: bool = False
    notes: bool = True


def figure_command(files: Iterable[str], printed: PrintedFigure, out: str, dpi: int) -> str:
    """The command line that draws a figure from files.

    Parameters
    ----------
    files : iterable of str
        Measurements, therapies and outcomes.
    printed : PrintedFigure
    out : str
        The file that is written.
    dpi : int

    Examples
    --------
    >>> command = figure_command(["m.csv"], PrintedFigure(width_mm=85, gray=True), "f.pdf", 600)
    >>> command.partition("--out ")[2]
    'f.pdf --width-mm 85 --dpi 600 --gray'
    """
    words = ["python", "-m", "sm_tracker", "figure", *files]
    words += ["--settings", "settings.json", "--out", out]
    words += ["--width-mm", f"{printed.width_mm:g}", "--dpi", str(dpi)]
    words += [f"--text-pt={printed.text_pt:g}"] if printed.text_pt > 7 else []
    words += ["--gray"] if printed.gray else []
    words += [] if printed.notes else ["--no-notes"]
    return " ".join(_quoted(word) for word in (*words, *_choice_words(printed.choices)))


def table_command(files: Iterable[str], out: str) -> str:
    """The command line that computes the change table of an archive from its files.

    Examples
    --------
    >>> table_command(["m.csv"], "c.csv")
    'python -m sm_tracker change m.csv --settings settings.json --out c.csv'
    """
    words = ["python", "-m", "sm_tracker", "change", *files]
    return " ".join(map(_quoted, [*words, "--settings", "settings.json", "--out", out]))


def report_command(files: Iterable[str], out: str, *, relative_days: bool) -> str:
    """The command line that writes the report of an archive, in the language in use.

    Examples
    --------
    >>> report_command(["m.csv"], "r.pdf", relative_days=True).partition("json ")[2]
    '--out r.pdf --relative-days'
    """
    words = ["python", "-m", "sm_tracker", "report", *files]
    words += ["--settings", "settings.json", "--out", out]
    words += ["--relative-days"] if relative_days else []
    words += [] if current() == "en" else [f"--language={current()}"]
    return " ".join(map(_quoted, words))


def _choice_words(choices: FigureChoices) -> list[str]:
    switches = {
        "--relative-days": choices.relative_days,
        "--percent": choices.percent,
        "--by-site": choices.by_site,
        "--no-band": not choices.error_band,
        "--no-events": not choices.events,
        "--from-zero": choices.from_zero,
        "--no-outcomes": choices.outcomes == (),
        "--comparison": choices.comparison,
        "--combinations": choices.combinations,
        "--untreated": choices.untreated,
    }
    values = {
        "--site": choices.sites,
        "--focus": filter(None, (choices.focus,)),
        "--period": filter(None, (choices.period,)),
        "--day-zero": filter(None, (choices.day_zero,)),
        "--outcome": choices.outcomes or (),
        "--hide": choices.hidden,
        "--order": () if choices.order == "newest" else (choices.order,),
        "--language": () if choices.language == "en" else (choices.language,),
    }
    words = [switch for switch, on in switches.items() if on]
    # With "=", a value that begins with a dash is not taken for an option.
    return words + [f"{option}={value}" for option, given in values.items() for value in given]


def _quoted(word: str) -> str:
    """A word for the shells of every system; single quotes only where nothing else is safe."""
    if _PLAIN.fullmatch(word):
        return word
    return f'"{word}"' if _QUOTED.fullmatch(word) else shlex.quote(word)
