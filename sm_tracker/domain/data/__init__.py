"""Tables of the vocabulary, as CSV: one row a word, drug, site or unit.

They are read when first asked for. To add a drug is to add a row.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def rows_of(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a table, each by the names of its columns."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
