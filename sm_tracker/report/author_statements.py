"""What a methods paragraph needs and the records may lack, as the author states it.

Nothing is guessed: what is neither recorded nor stated stays "not recorded", and what was
stated is named as the author's statement. No number of the change table depends on it.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from sm_tracker.errors import SettingError
from sm_tracker.figures.languages import listed
from sm_tracker.languages import Message, ngettext
from sm_tracker.languages import gettext as _
from sm_tracker.report.contents import Block, CaseReport, Heading, Paragraph
from sm_tracker.report.identifying import rounded_age

Need = Literal["device", "frequency_mhz", "layer", "examiner"]
NEEDS: tuple[Need, ...] = ("device", "frequency_mhz", "layer", "examiner")
OLDEST = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorStatements:
    """What the author states; blank or None is not stated.

    Attributes
    ----------
    device, layer, examiner : str
        Name of the scanner, anatomical layer, who measured.
    frequency_mhz : float or None
    age_years : float or None
        Age at the first reading.

    Raises
    ------
    SettingError
        If a frequency or an age is not possible.
    """

    device: str = ""
    frequency_mhz: float | None = None
    layer: str = ""
    examiner: str = ""
    age_years: float | None = None

    def __post_init__(self) -> None:
        if self.frequency_mhz is not None and not 1 <= self.frequency_mhz <= 200:
            raise SettingError(
                Message(
                    "A frequency of {frequency_mhz:g} MHz is not possible",
                    frequency_mhz=self.frequency_mhz,
                ),
                where="frequency",
                fix="give the frequency of the probe, from 1 to 200 MHz",
            )
        if self.age_years is not None and not 0 <= self.age_years <= OLDEST:
            raise SettingError(
                Message("An age of {age_years:g} years is not possible", age_years=self.age_years),
                where="age",
                fix=Message("give an age from 0 to {most:g} years", most=OLDEST),
            )


def recorded_needs(visits: pd.DataFrame) -> dict[Need, tuple[str, ...]]:
    """What the visits of a patient name, for each need; empty where nothing is recorded."""
    found: dict[Need, tuple[str, ...]] = {}
    for need in NEEDS:
        values = visits[need].dropna()
        texts = {f"{v:g}" if isinstance(v, float) else str(v) for v in values}
        found[need] = tuple(sorted(texts - {""}))
    return found


def lacking_needs(visits: pd.DataFrame) -> tuple[Need, ...]:
    """Needs that at least one visit does not name."""
    return tuple(n for n in NEEDS if (visits[n].isna() | (visits[n] == "")).any())


def filled_visits(visits: pd.DataFrame, stated: AuthorStatements) -> pd.DataFrame:
    """Visits with what the author states where nothing is recorded; for words only."""
    given = {n: getattr(stated, n) for n in ("device", "frequency_mhz", "layer")}
    changed = {
        name: visits[name].mask(visits[name].isna() | (visits[name] == ""), value)
        for name, value in given.items()
        if value
    }
    return visits.assign(**changed)


def with_statements(
    report: CaseReport, visits: pd.DataFrame, stated: AuthorStatements, *, private: bool
) -> CaseReport:
    """A report whose methods say who measured and what the author stated.

    Parameters
    ----------
    report : CaseReport
        Made from :func:`filled_visits` visits.
    visits : DataFrame
        Contract VISITS as recorded.
    stated : Stated
    private : bool
        Ages are rounded to five years.
    """
    sentences = [_examiner_sentence(visits, stated), _stated_sentence(visits, stated)]
    blocks = _after_heading(_("Methods"), report.blocks, " ".join(filter(None, sentences)))
    if stated.age_years is not None:
        age = rounded_age(stated.age_years) if private else f"{stated.age_years:g}"
        text = _("Age of the patient at the first reading, in years: {age}.")
        said = Paragraph(text.format(age=age))
        at = next((i for i, b in enumerate(blocks) if isinstance(b, Heading)), -1) + 1
        blocks = (*blocks[:at], said, *blocks[at:])
    return dataclasses.replace(report, blocks=blocks)


def _after_heading(heading: str, blocks: Sequence[Block], text: str) -> tuple[Block, ...]:
    """Blocks with a text at the end of the paragraph that follows a heading."""
    changed = list(blocks)
    for i, (head, block) in enumerate(itertools.pairwise(blocks), start=1):
        if head == Heading(heading) and isinstance(block, Paragraph) and text:
            changed[i] = Paragraph(f"{block.text} {text}")
    return tuple(changed)


def _examiner_sentence(visits: pd.DataFrame, stated: AuthorStatements) -> str:
    # The examiners of one visit stand together, as "E1+E2".
    n = len({code for text in recorded_needs(visits)["examiner"] for code in text.split("+")})
    recorded_ones = _("{n} recorded").format(n=n) if n else ""
    parts = [recorded_ones, stated.examiner if "examiner" in lacking_needs(visits) else ""]
    named = listed(filter(None, parts)) or _("not recorded")
    return _("Examiners: {named}.").format(named=named)


def _stated_sentence(visits: pd.DataFrame, stated: AuthorStatements) -> str:
    words = {
        "device": _("device"),
        "frequency_mhz": _("frequency"),
        "layer": _("layer"),
        "examiner": _("examiner"),
    }
    names = [words[n] for n in lacking_needs(visits) if getattr(stated, n)]
    if not names:
        return ""
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])}{_(' and ')}{names[-1]}"
    text = ngettext(
        "The {names} is stated by the author where not recorded.",
        "The {names} are stated by the author where not recorded.",
        len(names),
    )
    return text.format(names=listed)
