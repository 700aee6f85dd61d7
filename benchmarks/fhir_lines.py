"""Seconds and peak memory of reading resources of FHIR, one a line; nothing is stored.

``python -m benchmarks.fhir_lines [RESOURCES]``; all of them are synthetic.
"""

from __future__ import annotations

import datetime as dt
import json
import resource
import sys
import time

from sm_tracker.ingest import SourceFile, read_sources
from sm_tracker.ingest.files.sources import Limits

AIM_MB = 2000
"""Peak memory that a million resources may take."""
UCUM = "http://unitsofmeasure.org"


def line(number: int) -> bytes:
    """One reading; twenty of them belong to a patient."""
    day = dt.date(2010, 1, 1) + dt.timedelta((number * 37) % 4000)
    value = round(1 + (number % 300) / 100, 2)
    told = {
        "resourceType": "Observation", "id": f"o{number}", "status": "final",
        "code": {"text": "Skin thickness by high-frequency ultrasound"},
        "subject": {"reference": f"Patient/P{number // 20}"},
        "effectiveDateTime": day.isoformat(), "bodySite": {"text": "forearm"},
        "valueQuantity": {"value": value, "unit": "mm", "system": UCUM, "code": "mm"},
    }  # fmt: skip
    return json.dumps(told).encode() + b"\n"


def main(count: int = 100_000) -> None:
    """Read so many resources and print what it took."""
    source = SourceFile("large.ndjson", b"".join(map(line, range(count))))
    began = time.perf_counter()
    result = read_sources([source], limits=Limits(bytes=10**10, rows=2 * 10**6))
    taken = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(result.measurements):,} of {count:,} read in {taken:.0f} s, peak {peak:.0f} MB")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
