"""What publishers ask of a figure: widths, greatest height and size of words, with the source."""

from __future__ import annotations

from dataclasses import dataclass

from sm_tracker.errors import ExportError
from sm_tracker.languages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """The rules of one publisher; the journal's own page has the last word.

    Attributes
    ----------
    name : str
        As it is asked for.
    title : str
    widths_mm : tuple of float
        From one column to the full page.
    most_height_mm : float
        With room for the caption where the publisher says so.
    text_pt : float
        Least size of words that suits it.
    source : str
        Where the numbers were read.
    """

    name: str
    title: str
    widths_mm: tuple[float, ...]
    most_height_mm: float
    text_pt: float
    source: str


JOURNALS = (
    Journal(
        name="elsevier", title="Elsevier", widths_mm=(90, 140, 190), most_height_mm=240,
        text_pt=7, source="elsevier.com, Artwork and media instructions, Artwork sizing",
    ),
    Journal(
        name="springer", title="Springer", widths_mm=(84, 129, 174), most_height_mm=234,
        text_pt=8, source="springer.com, Artwork guidelines: lettering 8 to 12 pt",
    ),
    Journal(
        name="nature", title="Nature", widths_mm=(89, 183), most_height_mm=170, text_pt=7,
        source="research-figure-guide.nature.com, Building and exporting figure panels",
    ),
    Journal(
        name="bmc", title="BMC", widths_mm=(85, 170), most_height_mm=225, text_pt=8,
        source="biomedcentral.com, Preparing figures; label text not below 8 pt",
    ),
    Journal(
        name="cell", title="Cell Press", widths_mm=(85, 114, 174), most_height_mm=200,
        text_pt=7, source="cell.com/information-for-authors/figure-guidelines",
    ),
    Journal(
        name="plos", title="PLOS", widths_mm=(132, 190), most_height_mm=222, text_pt=8,
        source="journals.plos.org, Figures; at most 19.05 x 22.23 cm, text 8 to 12 pt",
    ),
)  # fmt: skip


def journal_of(name: str) -> Journal:
    """The rules of a publisher, by its name.

    Raises
    ------
    ExportError

    Examples
    --------
    >>> journal_of("nature").widths_mm
    (89, 183)
    """
    for journal in JOURNALS:
        if name.casefold() == journal.name:
            return journal
    raise ExportError(
        Message("There is no journal {name!r}", name=name),
        where="--journal",
        fix=Message(
            "use one of {names}, or give width and size of words",
            names=", ".join(j.name for j in JOURNALS),
        ),
    )


def height_warning(journal: Journal, height_mm: float) -> Message | None:
    """What to do about a figure that is higher than the publisher's page."""
    if height_mm <= journal.most_height_mm:
        return None
    return Message(
        "{height:.0f} mm high, {journal} takes {most:g} mm at most. Leave out the notes, choose a "
        "wider figure, or split it: fewer sites or lanes in each part.",
        height=height_mm,
        journal=journal.title,
        most=journal.most_height_mm,
    )
