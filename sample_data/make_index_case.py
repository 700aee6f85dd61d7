"""Write the synthetic index case: CSV files in the project's own format.

The patient is invented. Only the order, doses and numbers of cycles of the regimens follow
the published case of scleromyxedema (Acta Dermatovenerologica Alpina, Pannonica et
Adriatica); its text states no thickness, so every value and every date here is made up in
a shape that agrees with its words: temporarily better after cyclophosphamide, no better
under hydroxychloroquine and photopheresis, clearly thinner under immunoglobulins.

Run ``python sample_data/make_index_case.py [FOLDER]``; the same seed gives the same bytes.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
import sys
from collections.abc import Iterable
from pathlib import Path
from statistics import NormalDist

SEED = 20_210_308
PATIENT = "SM-001"
SYNTHETIC = "synthetic"
RELOCATION_CV = 0.03  # spread of replicates after putting the probe down again, of the value
NEW_EXAMINER_FROM = dt.date(2024, 5, 13)
TWO_READINGS_ON = {dt.date(2022, 1, 17), dt.date(2024, 11, 18)}
BEYOND_DEPTH_MM = 3.20

# Date of the visit, then the visit value in mm of forearm, hand dorsum, forehead and chest
# (None: not measured that day), then the mouth opening in mm.
VISITS: tuple[tuple[str, float | None, float | str | None, float | None, float | str, int], ...] = (
    ("2021-03-08", 2.44, 1.58, 2.02, 2.86, 34),
    ("2021-06-07", 2.31, 1.52, 1.94, 2.80, 34),
    ("2021-10-04", 2.46, 1.60, 2.05, 2.90, 33),
    ("2021-11-08", 2.48, 1.57, 2.04, 2.93, 33),
    ("2022-01-17", 2.24, 1.46, 1.88, 2.78, 35),
    ("2022-03-28", 1.96, 1.31, 1.72, 2.62, 39),
    ("2022-05-30", 2.08, 1.36, None, 2.70, 38),
    ("2022-07-25", 2.26, 1.48, None, 2.84, 36),
    ("2022-09-05", 2.37, 1.53, None, 2.88, 35),
    ("2022-11-07", 2.42, 1.55, None, 2.95, 34),
    ("2023-03-13", 2.36, 1.57, None, "> 3.20", 33),
    ("2023-06-12", 2.40, 1.52, None, 2.98, 34),
    ("2023-09-04", 2.45, 1.56, 2.03, 2.96, 33),
    ("2024-01-08", 2.39, "not measurable", 1.98, 2.90, 33),
    ("2024-05-13", 2.33, 1.52, 1.95, 2.84, 32),
    ("2024-09-02", 2.41, 1.55, 2.04, 2.94, 32),
    ("2024-11-18", 2.45, 1.58, 2.02, 2.98, 31),
    ("2024-12-09", 2.36, 1.50, 1.93, 2.92, 32),
    ("2025-01-13", 2.47, 1.57, 2.00, 2.97, 31),
    ("2025-02-10", 2.52, 1.60, 2.06, 3.01, 31),
    ("2025-03-10", 2.49, 1.59, 2.05, 3.00, 31),
    ("2025-04-07", 2.30, 1.50, 1.90, 2.93, 33),
    ("2025-05-05", 2.06, 1.38, 1.76, 2.82, 36),
    ("2025-06-30", 1.79, 1.22, 1.58, 2.70, 41),
    ("2025-08-25", 1.62, 1.13, 1.49, 2.58, 44),
)
SITES = (("forearm", "right"), ("hand dorsum", "right"), ("forehead", ""), ("chest", ""))

MEASUREMENT_COLUMNS = (
    "patient_id", "date", "site", "side", "layer", "thickness_mm", "qualifier", "status",
    "replicate", "device", "frequency_mhz", "velocity_m_s", "examiner", "note",
)  # fmt: skip
TAGGED_COLUMNS = (*MEASUREMENT_COLUMNS[:-1], "therapy", "dose", "note")
THERAPY_COLUMNS = (
    "patient_id", "therapy", "start", "end", "end_status", "date_precision", "period_id", "kind",
    "dose", "cycles", "session_dates", "route", "stop_reason", "show_in_figure", "note",
)  # fmt: skip
OUTCOME_COLUMNS = ("patient_id", "date", "outcome", "value", "unit", "better", "note")
PHASE_COLUMNS = ("dataset", "case_id", "session", "phase", "outcome", "direction")
# Phases of the forearm for the effect sizes: first and last day of the readings they take.
PHASES = (
    ("hydroxychloroquine", "2022-09-06", "2023-09-04"),
    ("ECP", "2023-09-05", "2024-11-18"),
    ("IVIG", "2025-03-11", "2025-08-25"),
)


def measurement_rows() -> list[dict[str, object]]:
    """Every reading of every visit, three a site unless two were taken."""
    chance = random.Random(SEED)
    rows: list[dict[str, object]] = []
    for day, *values in VISITS:
        date = dt.date.fromisoformat(day)
        for (site, side), value in zip(SITES, values[:4], strict=True):
            if value is None:
                continue
            visit = {
                "patient_id": PATIENT, "date": day, "site": site, "side": side, "layer": "dermis",
                "qualifier": "", "status": "ok", "device": "synthetic B-mode scanner",
                "frequency_mhz": 20, "velocity_m_s": 1580, "note": SYNTHETIC,
                "examiner": "E2" if date >= NEW_EXAMINER_FROM else "E1",
            }  # fmt: skip
            rows.extend(visit | reading for reading in _readings(value, date, chance))
    return rows


def _readings(
    value: float | str, date: dt.date, chance: random.Random
) -> Iterable[dict[str, object]]:
    if value == "not measurable":
        yield {"status": "not_measurable", "replicate": 1, "note": f"{SYNTHETIC}; border not seen"}
    elif isinstance(value, str):
        yield {
            "thickness_mm": f"{BEYOND_DEPTH_MM:.2f}",
            "qualifier": ">",
            "replicate": 1,
            "note": f"{SYNTHETIC}; deeper than the probe shows",
        }
    else:
        count = 2 if date in TWO_READINGS_ON else 3
        for number, reading in enumerate(_replicates(value, count, chance), start=1):
            yield {"thickness_mm": f"{reading:.2f}", "replicate": number}


def _replicates(mean_mm: float, count: int, chance: random.Random) -> list[float]:
    """Readings to 0.01 mm that scatter around the visit value and average to it exactly."""
    # Only random() is the same on every Python version, so the normal law is made from it.
    spread = NormalDist(0, RELOCATION_CV * mean_mm)
    drawn = [spread.inv_cdf(chance.random()) for _ in range(count)]
    centre = sum(drawn) / count
    hundredths = [round(100 * (offset - centre)) for offset in drawn]
    hundredths[-1] -= sum(hundredths)
    return [mean_mm + h / 100 for h in hundredths]


def therapy_rows() -> list[dict[str, object]]:
    """The regimens in the order of the published case, with invented dates."""
    pulses = _every("2021-11-08", 28, 6)
    ecp_cycles = _spread("2023-09-04", "2024-12-02", 21)
    infusions = _every("2025-03-10", 28, 6)
    periods: list[dict[str, object]] = [
        {
            "therapy": "UVA1", "start": "2021-04-01", "end": "2021-05-31",
            "date_precision": "month", "period_id": "uva1-1", "kind": "cyclic",
            "dose": "50 J/cm²", "cycles": 30, "stop_reason": "completed",
            "note": f"{SYNTHETIC}; known to the month; cycles are sessions",
        },
        {
            "therapy": "hydroxychloroquine", "start": "2021-08-02", "end": "2021-10-04",
            "period_id": "hc-1", "kind": "continuous", "dose": "600 mg, then 200 mg daily",
            "route": "oral", "stop_reason": "no improvement",
        },
        {
            "therapy": "cyclophosphamide", "start": "2021-11-08", "end": pulses[-1],
            "period_id": "cp-1", "kind": "pulse", "dose": "750 mg/m²", "cycles": 6,
            "session_dates": " ".join(pulses), "route": "intravenous",
            "stop_reason": "intolerance",
        },
        {
            "therapy": "hydroxychloroquine", "start": "2022-09-05", "end": "2023-09-04",
            "period_id": "hc-2", "kind": "continuous", "dose": "200 mg daily", "route": "oral",
            "stop_reason": "no improvement",
        },
        {
            "therapy": "ECP", "start": "2023-09-04", "end": ecp_cycles[-1], "period_id": "ecp-1",
            "kind": "cyclic", "cycles": 21, "session_dates": " ".join(ecp_cycles),
            "route": "extracorporeal", "stop_reason": "no improvement",
            "note": f"{SYNTHETIC}; session dates are the first day of each cycle",
        },
        {
            "therapy": "methylprednisolone", "start": "2024-11-18", "end": "2024-12-09",
            "period_id": "mp-1", "kind": "taper", "dose": "60 mg, tapered over 3 weeks",
            "route": "oral", "stop_reason": "failure",
        },
        {
            "therapy": "IVIG", "start": "2025-03-10", "end_status": "ongoing",
            "period_id": "ivig-1", "kind": "cyclic", "dose": "2 g/kg over 2 days, monthly",
            "cycles": 6, "session_dates": " ".join(infusions), "route": "intravenous",
            "note": f"{SYNTHETIC}; session dates are the first day of each cycle",
        },
    ]  # fmt: skip
    common = {
        "patient_id": PATIENT, "end_status": "ended", "date_precision": "day",
        "show_in_figure": "true", "note": SYNTHETIC,
    }  # fmt: skip
    return [common | period for period in periods]


def tagged_rows() -> list[dict[str, object]]:
    """The same readings in the other form: each with what ran on its day, no dates of courses."""
    return [row | _tag(dt.date.fromisoformat(str(row["date"]))) for row in measurement_rows()]


def _tag(day: dt.date) -> dict[str, str]:
    """Therapy and dose as they are noted at a visit; a first day still counts as before.

    Up to a month after the last cycle the visit is noted under the therapy.
    """
    running = []
    for period in therapy_rows():
        start = dt.date.fromisoformat(str(period["start"]))
        end = dt.date.fromisoformat(str(period.get("end", dt.date.max)))
        in_cycles = period["kind"] in ("cyclic", "pulse") and end < dt.date.max
        if start < day <= end + dt.timedelta(days=30 if in_cycles else 0):
            running.append(period)
    if not running:
        return {"therapy": "none"}
    therapies = " + ".join(str(p["therapy"]) for p in running)
    return {"therapy": therapies, "dose": str(running[0].get("dose", "")) * (len(running) == 1)}


def _every(first: str, days: int, count: int) -> list[str]:
    start = dt.date.fromisoformat(first)
    return [str(start + dt.timedelta(days=days * n)) for n in range(count)]


def _spread(first: str, last: str, count: int) -> list[str]:
    """Dates spread evenly from first to last, all on the weekday of the first."""
    start, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    weeks = (end - start).days // 7
    return [str(start + dt.timedelta(weeks=weeks * n // (count - 1))) for n in range(count)]


def outcome_rows() -> list[dict[str, object]]:
    """Mouth opening at each visit."""
    return [
        {
            "patient_id": PATIENT, "date": day, "outcome": "mouth opening", "value": mouth_mm,
            "unit": "mm", "better": "higher", "note": SYNTHETIC,
        }
        for day, *_, mouth_mm in VISITS
    ]  # fmt: skip


def phase_rows() -> list[dict[str, object]]:
    """Visit values of the forearm with the phase they lie in, as `effects` reads them."""
    labelled = [
        (phase, forearm_mm)
        for phase, first, last in PHASES
        for day, forearm_mm, *_ in VISITS
        if first <= day <= last
    ]
    return [
        {
            "dataset": "synthetic index case", "case_id": f"{PATIENT} forearm",
            "session": session, "phase": phase, "outcome": f"{forearm_mm:.2f}",
            "direction": "decrease",
        }
        for session, (phase, forearm_mm) in enumerate(labelled, start=1)
    ]  # fmt: skip


def write_index_case(folder: Path) -> list[Path]:
    """Write the files into `folder` and return their paths."""
    tables = (
        ("tagged", TAGGED_COLUMNS, tagged_rows()),
        ("measurements", MEASUREMENT_COLUMNS, measurement_rows()),
        ("therapies", THERAPY_COLUMNS, therapy_rows()),
        ("outcomes", OUTCOME_COLUMNS, outcome_rows()),
        ("phases", PHASE_COLUMNS, phase_rows()),
    )
    paths = []
    for name, columns, rows in tables:
        path = folder / f"index_case_{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        paths.append(path)
    return paths


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    for written in write_index_case(folder):
        print(written)
