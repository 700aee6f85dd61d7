"""Write published group values of skin thickness as files that the main job runs on.

The source is ``tests/oracle/evidence/published_serial_thickness.csv``. Each "patient" here
is a study arm, each value a mean or median of its patients. An arm is taken if it gives
thickness in mm on two or more known days after the start of one therapy; every other arm
with a value in mm stands in `LEFT_OUT` with the reason.

Run ``python sample_data/make_published_group_values.py [FOLDER]``.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "tests/oracle/evidence/published_serial_thickness.csv"


@dataclass(frozen=True, slots=True)
class Arm:
    """What the two files need to know of a study arm beyond the columns of the source."""

    therapy: str
    dose: str
    site: str
    layer: str
    statistic: str


ARMS = {
    "karalilova2020_TOF": Arm("tofacitinib", "5 mg twice daily", "pooled sites", "", "median"),
    "karalilova2020_MTX": Arm("methotrexate", "7.5-10 mg weekly", "pooled sites", "", "median"),
    "imiquimod_peds_morphea": Arm("imiquimod", "5 % cream", "morphea plaque", "dermis", "mean"),
}
LEFT_OUT = {
    "zhang2023_mtx": "difference between lesion and normal skin, not a thickness",
    "borm2021_HF": "day of the later readings not given",
    "borm2021_CF": "day of the later readings not given",
    "psoriasis_uv_dermascan": "day of the later readings not given; one baseline is a misprint",
    "leg_oedema2020": "no therapy; two readings on one day",
}

MEASUREMENT_COLUMNS = (
    "patient_id", "day", "site", "layer", "thickness_mm", "note",
)  # fmt: skip
THERAPY_COLUMNS = (
    "patient_id", "therapy", "start_day", "end_day", "end_status", "period_id", "kind", "dose",
    "note",
)  # fmt: skip


def source_rows(path: Path = SOURCE) -> list[dict[str, str]]:
    """Rows of the source that give a thickness in mm."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["thickness_mm"]]
    unplaced = {row["study_id"] for row in rows} - set(ARMS) - set(LEFT_OUT)
    if unplaced:
        raise SystemExit(f"neither taken nor left out with a reason: {sorted(unplaced)}")
    return rows


def measurement_rows(rows: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """One row for each time point of the arms that are taken."""
    return [
        {
            "patient_id": row["study_id"],
            "day": row["days_from_start"],
            "site": ARMS[row["study_id"]].site,
            "layer": ARMS[row["study_id"]].layer,
            "thickness_mm": row["thickness_mm"],
            "note": _note(row),
        }
        for row in rows
        if row["study_id"] in ARMS
    ]


def _note(row: dict[str, str]) -> str:
    statistic = ARMS[row["study_id"]].statistic
    spread = f", SD {row['sd_mm']} mm" if row["sd_mm"] else ""
    return (
        f"group {statistic} of {row['n_patients']} patients{spread}, not one patient; "
        f"{row['citation']}; {row['doi_or_pmcid']}"
    )


def therapy_rows(rows: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """One period for each arm: it starts on day 0, the source names no end."""
    arms = {row["study_id"]: row for row in rows if row["study_id"] in ARMS}
    return [
        {
            "patient_id": name,
            "therapy": ARMS[name].therapy,
            "start_day": "0",
            "end_status": "unknown",
            "period_id": "1",
            "kind": "continuous",
            "dose": ARMS[name].dose,
            "note": f"study arm, not one patient; {row['citation']}; {row['doi_or_pmcid']}",
        }
        for name, row in arms.items()
    ]


def write_published_group_values(folder: Path) -> list[Path]:
    """Write the two files into `folder` and return their paths."""
    rows = source_rows()
    tables = (
        ("measurements", MEASUREMENT_COLUMNS, measurement_rows(rows)),
        ("therapies", THERAPY_COLUMNS, therapy_rows(rows)),
    )
    paths = []
    for name, columns, table in tables:
        path = folder / f"published_group_values_{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(table)
        paths.append(path)
    return paths


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    for written in write_published_group_values(folder):
        print(written)
