"""The forms in which records leave: one row a form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from sm_tracker.domain.tables import Records
from sm_tracker.languages import Message
from sm_tracker.report.exchange.fhir_resources import write_fhir
from sm_tracker.report.exchange.redcap_files import write_redcap
from sm_tracker.report.exchange.typed_tables import write_json, write_parquet
from sm_tracker.report.export_tables import write_csv, write_xlsx

ZIP = "application/zip"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeForm:
    """A form of files: who reads it, how it is written, and what it cannot hold.

    Attributes
    ----------
    title, about : Message
        Its name on the page, and who needs it.
    write : callable
        The files of some records, by name; the same records give the same bytes.
    several : bool
        Whether it takes several files, which leave as a folder or an archive.
    file, mime : str
        Name and kind of the one file that a page gives.
    needs_dates : bool
        Whether records on day numbers cannot be written.
    """

    title: Message
    about: Message
    write: Callable[[Records], dict[str, bytes]]
    several: bool
    file: str
    mime: str
    needs_dates: bool = False


def _workbook(records: Records) -> dict[str, bytes]:
    return {"records.xlsx": write_xlsx(records)}


FORMS: Final[Mapping[str, ExchangeForm]] = {
    "xlsx": ExchangeForm(
        title=Message("Excel workbook"),
        about=Message("A sheet for each table, to look at and to send to a colleague."),
        write=_workbook, several=False, file="records.xlsx",
        mime=XLSX,
    ),
    "csv": ExchangeForm(
        title=Message("CSV files (zip)"),
        about=Message("The program's own form: a file for each table."),
        write=write_csv, several=True, file="records.zip", mime=ZIP,
    ),
    "json": ExchangeForm(
        title=Message("JSON document, for scripts"),
        about=Message("The program's own tables in one document, numbers as numbers."),
        write=write_json, several=False,
        file="records.json", mime="application/json",
    ),
    "parquet": ExchangeForm(
        title=Message("Parquet files, for R and Python (zip)"),
        about=Message("The program's own tables, each column with its type."),
        write=write_parquet, several=True, file="records_parquet.zip", mime=ZIP,
    ),
    "redcap": ExchangeForm(
        title=Message("REDCap: data dictionary and data (zip)"),
        about=Message("For a REDCap project: upload the dictionary, then import the data."),
        write=write_redcap, several=True, file="records_redcap.zip", mime=ZIP, needs_dates=True,
    ),
    "fhir": ExchangeForm(
        title=Message("FHIR R4 Bundle (JSON)"),
        about=Message("For a hospital system: one resource a reading, course and session."),
        write=write_fhir, several=False, file="records_fhir.json", mime="application/fhir+json",
        needs_dates=True,
    ),
}  # fmt: skip
"""Every form by the word of `export --to`, in the order of the page."""
