"""Write a synthetic survey of 14 patients under immunoglobulins: CSV files in our own format.

Every patient is invented. Only the frame is that of a published survey of scleromyxedema
(Ansari 2022, Case Rep Dermatol 14:178-183, doi 10.1159/000525211): 14 patients, IVIG 2 g/kg
monthly, more improvement in the younger ones. That report states no thickness, so every age
group, value, date, site and second outcome here is made up.

Run ``python sample_data/make_ivig_survey.py [FOLDER]``; the same seed gives the same bytes.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist

SEED = 20_220_614
SYNTHETIC = "synthetic survey, no real person"
DOSE = "2 g/kg over 2 days, monthly"
BEFORE_DAYS = (-84, -42, 0)
UNDER_DAYS = (28, 84, 140, 196)
DAY_TO_DAY_CV, RELOCATION_CV = 0.025, 0.03
SCANNERS = ("synthetic scanner A", "synthetic scanner B")


@dataclass(frozen=True)
class Person:
    """One invented patient: start of IVIG, thickness before, and where it goes under it."""

    age_group: str
    sex: str
    start: str
    forearm_mm: float
    forehead_mm: float | None
    change: float
    """Share of the thickness gained or lost at the end of the course."""
    mouth_mm: tuple[int, int]
    mrss: tuple[int, int]
    with_drug: str = ""
    diagnosis: str = "scleromyxedema"
    before_days: tuple[int, ...] = BEFORE_DAYS
    under_days: tuple[int, ...] = UNDER_DAYS
    scanner: int = 0
    ongoing: bool = False


PEOPLE = (
    Person("30-39", "f", "2017-03-06", 2.38, 1.92, -0.42, (33, 46), (29, 11), ongoing=True,
           under_days=(*UNDER_DAYS, 252, 336)),
    Person("30-39", "m", "2018-09-10", 2.61, 2.05, -0.36, (31, 42), (33, 15)),
    Person("40-49", "f", "2016-05-02", 2.22, 1.84, -0.38, (35, 45), (25, 10)),
    Person("40-49", "m", "2019-02-11", 2.74, 2.14, -0.31, (29, 38), (35, 19),
           with_drug="thalidomide"),
    Person("40-49", "f", "2020-01-13", 2.10, None, -0.27, (36, 43), (22, 12),
           under_days=(28, 84, 168)),
    Person("50-59", "m", "2017-10-16", 2.45, 1.97, -0.33, (32, 41), (30, 14), ongoing=True,
           under_days=(*UNDER_DAYS, 280)),
    Person("50-59", "f", "2018-04-09", 2.29, 1.78, -0.12, (34, 36), (24, 20)),
    Person("60-69", "m", "2016-11-14", 2.52, 2.02, -0.22, (30, 36), (31, 21),
           under_days=(*UNDER_DAYS, 252)),
    Person("60-69", "f", "2019-06-03", 2.18, 1.81, -0.05, (35, 35), (21, 20),
           with_drug="prednisolone", under_days=(28, 84, 140)),
    Person("60-69", "m", "2020-08-24", 2.66, 2.10, -0.14, (31, 34), (30, 25), scanner=1),
    Person("70-79", "f", "2017-01-09", 2.34, 1.88, -0.09, (33, 33), (26, 24)),
    Person("70-79", "m", "2018-12-03", 2.41, 1.90, 0.04, (32, 30), (27, 29),
           diagnosis="scleromyxedema, atypical"),
    Person("70-79", "f", "2019-09-23", 2.15, None, -0.18, (36, 40), (20, 14),
           before_days=(-150, -120)),
    Person("80-89", "m", "2020-03-02", 2.30, 1.83, 0.34, (34, 31), (24, 28),
           with_drug="prednisolone", under_days=(28, 84, 140),
           diagnosis="scleromyxedema, atypical"),
)  # fmt: skip

MEASUREMENT_COLUMNS = (
    "patient_id", "date", "site", "side", "layer", "thickness_mm", "replicate", "device",
    "frequency_mhz", "note",
)  # fmt: skip
THERAPY_COLUMNS = (
    "patient_id", "therapy", "start", "end", "end_status", "period_id", "kind", "dose", "cycles",
    "session_dates", "route", "note",
)  # fmt: skip
OUTCOME_COLUMNS = ("patient_id", "date", "outcome", "value", "unit", "better", "note")
PATIENT_COLUMNS = ("patient_id", "diagnosis", "age_group", "sex", "note")


def _code(number: int) -> str:
    return f"SV-{number + 1:02}"


def _date(person: Person, day: int) -> str:
    return str(dt.date.fromisoformat(person.start) + dt.timedelta(days=day))


def _reached(day: int) -> float:
    """Share of the whole change that is reached on a day of the course."""
    return 0.0 if day <= 0 else min(1.0, (day / UNDER_DAYS[-1]) ** 0.7)


class Chance:
    """Normal numbers from ``random()``, the only draw that is alike on every Python version."""

    def __init__(self) -> None:
        self._source = random.Random(SEED)

    def normal(self, spread: float) -> float:
        """One draw around zero."""
        return NormalDist(0, spread).inv_cdf(self._source.random())


def measurement_rows() -> list[dict[str, object]]:
    """Two readings at each visit and site."""
    chance = Chance()
    rows: list[dict[str, object]] = []
    for number, person in enumerate(PEOPLE):
        sites = (("forearm", "right", person.forearm_mm, 1.0),
                 ("forehead", "", person.forehead_mm, 0.75))  # fmt: skip
        for day in (*person.before_days, *person.under_days):
            for site, side, before_mm, share in sites:
                if before_mm is None:
                    continue
                expected = before_mm * (1 + share * person.change * _reached(day))
                visit_mm = expected * (1 + chance.normal(DAY_TO_DAY_CV))
                for replicate in (1, 2):
                    reading = visit_mm * (1 + chance.normal(RELOCATION_CV))
                    rows.append({
                        "patient_id": _code(number), "date": _date(person, day), "site": site,
                        "side": side, "layer": "dermis", "thickness_mm": f"{reading:.2f}",
                        "replicate": replicate, "device": SCANNERS[person.scanner],
                        "frequency_mhz": 20, "note": SYNTHETIC,
                    })  # fmt: skip
    return rows


def therapy_rows() -> list[dict[str, object]]:
    """Monthly IVIG for every patient, and what three of them took beside it."""
    rows: list[dict[str, object]] = []
    for number, person in enumerate(PEOPLE):
        last_day = person.under_days[-1]
        sessions = [_date(person, day) for day in range(0, last_day + 1, 28)]
        common = {"patient_id": _code(number), "note": SYNTHETIC}
        end = {"end_status": "ongoing"} if person.ongoing else {
            "end": _date(person, last_day), "end_status": "ended"
        }  # fmt: skip
        rows.append(common | end | {
            "therapy": "IVIG", "start": person.start, "period_id": "ivig-1", "kind": "cyclic",
            "dose": DOSE, "cycles": len(sessions), "session_dates": " ".join(sessions),
            "route": "intravenous",
        })  # fmt: skip
        if person.with_drug:
            rows.append(common | {
                "therapy": person.with_drug, "start": _date(person, 0), "end_status": "ended",
                "end": _date(person, last_day - 28), "period_id": "with-1", "kind": "continuous",
                "dose": "low dose", "route": "oral",
            })  # fmt: skip
    return rows


def outcome_rows() -> list[dict[str, object]]:
    """Mouth opening and skin score at the start and at each visit under IVIG."""
    chance = Chance()
    rows: list[dict[str, object]] = []
    for number, person in enumerate(PEOPLE):
        kinds = (("mouth opening", person.mouth_mm, "mm", "higher"),
                 ("mRSS", person.mrss, "points", "lower"))  # fmt: skip
        for outcome, (first, last), unit, better in kinds:
            for day in (0, *person.under_days):
                value = round(first + (last - first) * _reached(day) + chance.normal(2.0))
                rows.append({
                    "patient_id": _code(number), "date": _date(person, day), "outcome": outcome,
                    "value": value, "unit": unit, "better": better, "note": SYNTHETIC,
                })  # fmt: skip
    return rows


def patient_rows() -> list[dict[str, object]]:
    """Diagnosis, age group and sex."""
    return [
        {
            "patient_id": _code(number), "diagnosis": person.diagnosis,
            "age_group": person.age_group, "sex": person.sex, "note": SYNTHETIC,
        }
        for number, person in enumerate(PEOPLE)
    ]  # fmt: skip


def write_ivig_survey(folder: Path) -> list[Path]:
    """Write the files into `folder` and return their paths."""
    tables = (
        ("measurements", MEASUREMENT_COLUMNS, measurement_rows()),
        ("therapies", THERAPY_COLUMNS, therapy_rows()),
        ("outcomes", OUTCOME_COLUMNS, outcome_rows()),
        ("patients", PATIENT_COLUMNS, patient_rows()),
    )
    paths = []
    for name, columns, rows in tables:
        path = folder / f"ivig_survey_{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        paths.append(path)
    return paths


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    for written in write_ivig_survey(folder):
        print(written)
