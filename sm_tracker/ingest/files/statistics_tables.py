"""Files of SPSS and Stata as tables of text, value labels in the place of codes."""

from __future__ import annotations

import io
import warnings
from typing import Any

from sm_tracker.ingest.files.file_tables import FileTable, FileTables, Refused, cell_text
from sm_tracker.ingest.files.sources import Limits
from sm_tracker.languages import Message

SPSS = Message("SPSS file (.sav)")
SPSS_PACKED = Message("SPSS file (.zsav)")
STATA = Message("Stata file (.dta)")
STARTS = (
    (b"$FL2", SPSS),
    (b"$FL3", SPSS_PACKED),
    (b"<stata_dta>", STATA),
    (b"\x71\x02\x01", STATA),
    (b"\x72\x02\x01", STATA),
    (b"\x73\x02\x01", STATA),
)
INSTALL = "pip install -r requirements-stat.txt"


def table_of_statistics(content: bytes, kind: Message, limits: Limits) -> FileTables | Refused:
    """The table of a file of SPSS or Stata, or why it is not read.

    Dates are those of the file, missing values of the user are missing, and a variable keeps
    its label beside its name.
    """
    try:
        import pyreadstat
    except ImportError:
        return Refused("extra_missing", {"kind": kind, "command": INSTALL})
    read = pyreadstat.read_dta if kind is STATA else pyreadstat.read_sav
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            table, about = read(
                io.BytesIO(content), apply_value_formats=True, formats_as_category=False,
                row_limit=limits.rows + 1,
            )  # fmt: skip
    except (
        pyreadstat.ReadstatError,
        pyreadstat.PyreadstatError,
        OSError,
        ValueError,
        OverflowError,
    ):
        return Refused("damaged_file", {"kind": kind})
    names = [str(name) for name in table.columns]
    cells = zip(*([cell_text(v) for v in table[n].tolist()] for n in names), strict=True)
    labels = tuple(about.column_names_to_labels.get(name) or "" for name in names)
    rows = [names, *map(list, cells)]
    return FileTables(kind=kind, tables=(FileTable(rows=rows, labels=labels),))


def _damaged(library: Any) -> tuple[type[Exception], ...]:
    """What the library raises of a file that does not keep to its form."""
    return library.ReadstatError, library.PyreadstatError
