"""What is to be expected of the next reading, and what more readings could tell, in words."""

from __future__ import annotations

import pandas as pd

from sm_tracker.analysis.change.next_reading import COVERAGE
from sm_tracker.figures.answer_words import amount_text
from sm_tracker.languages import gettext as _
from sm_tracker.languages import ngettext
from sm_tracker.report.numbers import When

CLEAR_VERDICTS = ("improved", "worsened")
"""Words that further readings could not make clearer."""


def expected_text(row: pd.Series, when: When | None = None) -> str:
    """Where the next reading is to be expected.

    Parameters
    ----------
    row : Series
        Of :attr:`sm_tracker.analysis.change.next_reading.Outlook.next_reading`.
    when : When, optional
        How days are written; calendar dates if omitted.
    """
    day = (when or When()).day(row["expected_date"], row["expected_day"])
    return _("{value} ({low} to {high}) around {day}, if the course goes on as before").format(
        value=amount_text(row, row["expected_mm"]),
        low=amount_text(row, row["low_mm"], unit=False),
        high=amount_text(row, row["high_mm"]),
        day=day,
    )


def coverage_sentence() -> str:
    """How often the next reading lies in such a range."""
    steady, turning = COVERAGE["steady"], COVERAGE["turning"]
    return _(
        "In simulations such a range held {low} to {high} % of the next readings where the course "
        "did not turn at that visit, and {turned_low} to {turned_high} % where it did."
    ).format(low=steady[0], high=steady[1], turned_low=turning[0], turned_high=turning[1])


def tellable_text(rows: pd.DataFrame) -> str:
    """The smallest change that could be told with each number of readings more; blank for none.

    Parameters
    ----------
    rows : DataFrame
        Of :attr:`sm_tracker.analysis.change.next_reading.Outlook.tellable`, one series and period.
    """
    parts = [
        ngettext(
            "with {n} more reading a change of at least {size}",
            "with {n} more readings a change of at least {size}",
            int(row["more"]),
        ).format(n=int(row["more"]), size=amount_text(row, row["least_change_mm"]))
        for _n, row in rows.iterrows()
    ]
    return _("{parts} could be told").format(parts=", ".join(parts)) if parts else ""
