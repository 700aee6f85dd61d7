"""Lines of a table that are not records: statistics, ends of pages, legends, names of patients."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice
from operator import itemgetter

from sm_tracker.ingest.cells.plain_names import plain_name
from sm_tracker.ingest.files.grid import Cell, is_blank, text_of
from sm_tracker.ingest.tables.header_rows import DATE_LIKE, cell_texts, has_date, looks_like_content

_SUMMARY = re.compile(
    r"^(?:the )?(?:mean|means|average|avg|mittelwerte?|mw|mittel|durchschnitt|moyennes?|moy|median|"
    r"mediane|sd|std|stdev|std dev|stabw|stabwn|standardabweichung|standard deviation|ecart type|"
    r"total|totals|summe|sum|somme|gesamt|gesamtmittelwert|min|minimum|max|maximum|sem|cv|"
    r"variance|varianz|range|spannweite|etendue|anzahl|n|count|nombre|mean sd|mw sd|"
    r"minimum maximum|min max|variationskoeffizient|overall|subtotal|zwischensumme|sous total|"
    r"mittelw|stdabw|std abw|differenz|difference|delta|diff|veraenderung|aenderung|change|"
    r"variation|"
    r"effectifs?|ic ?95|ci ?95|95 ci|iqr|ecarts types|quartiles?|moyenne et et|et(?=$)|sigma)"
    r"(?: (?:\w+ ?){0,5})?$"
)


_SIGNS_OF_MEAN = re.compile(r"[Ø∅⌀ø](?![^\W\d_])|x\u0304|x̅|[ΔΣ∑]")
"""Signs for a mean, a sum or a difference that stand alone, as in Ø 2,05."""


_STATISTIC = re.compile(
    r"(?:mean|average|avg|mittelwert|mittel|mw|durchschnitt|moyenne|median|mediane|sd|std|stdev|"
    r"stabw|standardabweichung|standard deviation|ecart type|summe|sum|somme|total|gesamt)"
)


_LEGEND = re.compile(
    r"^(?:legend|legende|key|notes?|remarks?|anmerkung(?:en)?|bemerkung(?:en)?|hinweise?|"
    r"remarques?|abbreviations?|abkuerzungen?|abreviations?|source|quelle|stand|printed|gedruckt|"
    r"ausgedruckt|imprime|erstellt|created|export|exportiert|exported|end of|ende der|fin du|"
    r"unterschrift|signature|page|seite \d|measured with|gemessen mit|footnote|fussnote|"
    r"all values|alle werte|toutes les valeurs|unit|einheit|unite|device|geraet|appareil)\b"
)


_PAGE = re.compile(
    r"-?\s*(?:page|seite|blatt|feuille|feuillet)\s*:?\s*\d+\s*(?:(?:/|sur|of|von|de)\s*\d+)?\s*-?"
    r"|\(?(?:suite(?: page suivante)?|fortsetzung(?: n.chste seite)?|continued(?: on next page)?"
    r"|à suivre|\.\.\./\.\.\.)\)?",
    re.IGNORECASE,
)


_RULE = re.compile(r"\s*(?:[-=_]{3,}|:-+:?|-+:)?\s*")
"""A cell of a line that is drawn with signs: ---, ====, :---:."""


_PATIENT_LINE = re.compile(
    r"^\s*(?:patient(?:in|e|en)?|pat|subject|proband(?:in)?|case|fall|sujet|participant)"
    r"(?:[\s.\-_]*(?:id|code|nr|no|nummer|number|n°|n))?\.?\s*[:=#]?\s*(?P<code>\S.*)?$",
    re.IGNORECASE,
)


def _patient_alone(row: Sequence[Cell], number: int) -> tuple[str, int] | None:
    """The patient of a line that holds little else."""
    alone = [t for t in cell_texts(row) if t]
    return patient_line(" ".join(alone), number) if len(alone) <= 2 else None


class _OrdinaryRows:
    """Rows whose first two cells, patient and site are filled and name no statistic.

    Each distinct cell is judged once, so that the rows of a long table cost a look each.
    """

    def __init__(self, keys: Iterable[int]) -> None:
        self._columns = sorted({0, 1, *keys})
        self._cells_of = itemgetter(*self._columns)
        self._names: set[Cell] = set()

    def __contains__(self, row: Sequence[Cell]) -> bool:
        if len(row) <= self._columns[-1]:
            return False
        cells = self._cells_of(row)
        if self._names.issuperset(cells):
            return True
        if any(map(_may_sum_up, cells)):
            return False
        self._names.update(cells)
        return True


def _may_sum_up(cell: Cell) -> bool:
    """Whether a row with this cell at its front may be a line of statistics or of a page."""
    if not isinstance(cell, str):
        return False
    return (
        is_blank(cell) or _names_summary(cell) or _ends_in_statistic(cell) or _names_statistic(cell)
    )


def patient_line(text: str, number: int) -> tuple[str, int] | None:
    """The code of a line such as "Patient: A1", with its row number."""
    match = _PATIENT_LINE.match(text)
    if not match or not match["code"]:
        return None
    code = match["code"].strip(" ;,:")
    fits = re.fullmatch(r"[A-Za-z]{0,6}[\-_/ ]?\d[\w\-/]*", code) and not DATE_LIKE.match(code)
    return (code, number) if fits else None


@lru_cache(maxsize=65536)
def _names_statistic(text: str) -> bool:
    return bool(_STATISTIC.fullmatch(plain_name(text)))


@lru_cache(maxsize=8192)
def _names_summary(text: str) -> bool:
    return bool(_SUMMARY.match(plain_name(_SIGNS_OF_MEAN.sub(" mean ", text))))


@lru_cache(maxsize=8192)
def _ends_in_statistic(text: str) -> bool:
    """Whether a text is a code and a statistic, as in "A1 mean" or "A1: total"."""
    words = plain_name(text).split()
    return 1 < len(words) < 5 and bool(_STATISTIC.fullmatch(words[-1]))


def _summary_text(row: Sequence[Cell]) -> str:
    """The text of a row that sums up others (mean, SD, total), else blank."""
    for cell in row[:3]:
        if is_blank(cell):
            continue
        if not isinstance(cell, str):
            return ""
        if cell.lstrip()[:1] in "*#†":
            return ""
        if (_names_summary(cell) or _ends_in_statistic(cell)) and not has_date(row):
            return " ".join(t for t in cell_texts(row) if t)
        if cell is not row[0] and not is_blank(row[0]):
            return ""
    return ""


def _page_text(row: Sequence[Cell]) -> str:
    """The text of a line that is ruled or says where a printed page ends, else blank."""
    if all(isinstance(c, str) and _RULE.fullmatch(c) for c in row) and any(row):
        return " ".join(cell_texts(row)).strip()
    filled = list(islice((c for c in row if not is_blank(c)), 2))
    text = text_of(filled[0]).strip() if len(filled) == 1 else ""
    return text if _PAGE.fullmatch(text) else ""


def _dated_summary(row: Sequence[Cell], keys: Sequence[int]) -> str:
    """The text of a row with a date whose patient or site is called mean, SD or the like."""
    texts = (text_of(row[i]) for i in keys if i < len(row))
    if any(_names_statistic(t) for t in texts if len(t) < 30):
        return " ".join(t for t in cell_texts(row) if t)
    return ""


def _is_footer(row: Sequence[Cell], width: int) -> bool:
    """Whether the last row of a table of some columns is a legend or a signature."""
    filled = [c for c in row if not is_blank(c)]
    first = next((text_of(c) for c in filled), "")
    is_note = _LEGEND.match(plain_name(first)) or (
        first.lstrip().startswith(("*", "#", "**", "†", "¹")) or len(first) > 40
    )
    few = len(filled) <= max(1, min(2, width - 2)) and not is_blank(row[0])
    alone = few and len(filled) == 1 and width > 2 and not looks_like_content(filled[0])
    return not has_date(row) and bool((is_note and few) or alone)
