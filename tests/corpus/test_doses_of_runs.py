"""Runs made from readings that are tagged with a therapy keep the doses of their tags."""

from __future__ import annotations

import pytest

from sm_tracker.ingest import SourceFile, read_sources

ROWS = (
    ("2023-02-03", "none"), ("2023-05-05", "{first}"), ("2023-08-18", "{then}"),
    ("2023-11-21", "{then}"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("first", "then", "dose"),
    [
        ("IVIG 2 g/kg every 4 weeks", "IVIG 2 g/kg every 4 weeks", "2 g/kg, every 4 weeks"),
        ("IVIG 2 g/kg", "IVIG 1 g/kg", "2 g/kg; 1 g/kg"),
        ("IVIG", "IVIG 1 g/kg", "1 g/kg"),
        ("IVIG", "IVIG", ""),
    ],
)
def test_a_run_of_tagged_readings_has_the_doses_of_its_tags_in_turn(first, then, dose):
    lines = ["patient_id,date,site,thickness_mm,therapy"]
    lines += [f"A1,{day},forearm,2.10,{tag.format(first=first, then=then)}" for day, tag in ROWS]
    read = read_sources([SourceFile("tagged.csv", "\n".join(lines).encode())])
    assert [(t.therapy, t.dose, t.dates_derived) for t in read.therapies] == [("IVIG", dose, True)]


def test_a_dose_beside_two_therapies_in_one_cell_is_given_to_neither():
    lines = ["patient_id,date,site,thickness_mm,therapy"]
    tag = "IVIG and hydroxychloroquine 200 mg"
    lines += [f"A1,2023-0{month}-05,forearm,2.10,{tag}" for month in range(1, 5)]
    read = read_sources([SourceFile("tagged.csv", "\n".join(lines).encode())])
    assert {t.therapy: t.dose for t in read.therapies} == {"IVIG": "", "hydroxychloroquine": ""}
