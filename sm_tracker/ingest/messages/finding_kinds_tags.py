"""Findings about readings that are tagged with a therapy."""

from __future__ import annotations

from collections.abc import Mapping

from sm_tracker.domain.records import Level

TAG_KINDS: Mapping[str, tuple[Level, str, str, str, str]] = {
    "runs_derived": (
        "warning",
        "Therapy {therapy} of patient {value} was derived from the tags of its readings: {start}, "
        "{end}",
        "The file tags readings with a therapy but holds no dates of its courses. The first tagged "
        "reading counts as under it, and what lies between two tags counts for neither.",
        "a column 'therapy' beside the thickness",
        "Where you know the real dates, enter them under Records or in a table of therapies.",
    ),
    "tags_of_no_therapy": (
        "info",
        "Read as no therapy in column {column}: {value} ({rows})",
        "The tag says that nothing was given; these readings are time without therapy.",
        "none, keine, aucun",
        "Nothing, if this is right.",
    ),
    "tag_of_the_day": (
        "info",
        "The therapy is blank in {rows}; that of the same patient and day in row {other} was taken "
        "({therapy})",
        "One of several readings of a visit names the therapy; it ran at all of them.",
        "the therapy in the first row of a visit only",
        "Nothing.",
    ),
    "tag_by_answer": (
        "warning",
        "By your answer, the therapy {value} in column {column} ({rows}) means: {meaning}",
        "Words beside the therapy leave open whether it ran.",
        "before IVIG, IVIG stopped",
        "Nothing.",
    ),
    "tags_of_day_together": (
        "warning",
        "By your answer, all therapies ran that stand beside the readings of one patient and day "
        "({rows})",
        "Readings of one day are tagged with different therapies.",
        "HCQ beside the forearm, IVIG beside the chest",
        "Nothing.",
    ),
    "tags_of_day_left_out": (
        "warning",
        "By your answer, it is not known which therapy ran in {rows}; their readings count for no "
        "therapy and for no time without one",
        "Readings of one day are tagged with different therapies.",
        "HCQ beside the forearm, IVIG beside the chest",
        "Correct the tags, if you know what ran.",
    ),
    "blank_tag_no_therapy": (
        "warning",
        "By your answer, a blank beside a reading means no therapy ({rows})",
        "The column of therapies is blank at some visits.",
        "a blank cell between two therapies",
        "Nothing.",
    ),
    "blank_tag_as_above": (
        "warning",
        "By your answer, a blank beside a reading repeats the therapy of the row above ({rows})",
        "The column of therapies is filled where the therapy changes.",
        "IVIG in the first row of a course only",
        "Nothing.",
    ),
    "blank_tag_not_stated": (
        "warning",
        "By your answer, the therapy is not stated in {rows}; their readings are kept and drawn, "
        "but count for no therapy and for no time without one",
        "Nobody has said what ran at these visits.",
        "a blank cell of a visit that was not asked about its therapy",
        "Enter the therapy in the file, if you know what ran.",
    ),
    "limits_contradict": (
        "error",
        "Row {row} was left out: {value} in column {column} does not fit the start, the end or the "
        "other limits of the therapy",
        "Of a period from tags, start is starts_by and end is ends_after; starts_after lies before "
        "the start, ends_by after the end.",
        "starts_by 2024-06-02, start 2024-05-01",
        "Correct the limit, or leave it blank where the real date is known.",
    ),
    "tags_of_course": (
        "info",
        "Therapy {therapy} of patient {value} stands with its dates in row {other} of {file}; the "
        "dates count, and the tags of the readings agree with them",
        "The therapy is told twice, with dates and by the tags of readings.",
        "a column of therapies beside the thickness, and a table of therapies",
        "Nothing.",
    ),
    "tags_outside_course": (
        "warning",
        "Therapy {therapy} of patient {value} stands with its dates in row {other} of {file}; the "
        "dates count, though readings outside of them are tagged with it: {days}",
        "The therapy is told twice, and the two do not agree.",
        "a reading of June tagged with a therapy that ended in May",
        "Correct the dates or the tags.",
    ),
}
