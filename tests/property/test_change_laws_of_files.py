"""Laws of the change table from file on: units, and files split and joined."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from sm_tracker import ingest
from sm_tracker.workflow import analysing, file_import
from tests.sampling import examples

THERAPIES = (
    b"patient_id,therapy,start_day,end_day,end_status\nA,IVIG,100,200,ended\nA,ECP,210,,ongoing\n"
)
NUMBERS = ["baseline_mm", "last_mm", "change_mm", "mdc95_mm", "ci_low_mm", "n_reference", "n_under"]
WORDS = ["period_id", "error_check", "error_reason", "verdict", "verdict_reason", "flags"]

readings = st.dictionaries(st.integers(0, 400), st.integers(300, 4000), min_size=2, max_size=12)


def measured(values, unit):
    lines = [f"patient_id,day,site,thickness_{unit}"]
    lines += [f"A,{d},forearm,{v if unit == 'um' else v / 1000}" for d, v in values.items()]
    return "\n".join(lines).encode() + b"\n"


def changes(*contents):
    files = [ingest.SourceFile(f"{n}.csv", c) for n, c in enumerate((*contents, THERAPIES))]
    result = file_import.read_files(files)
    assert result.outcome in ("accept", "accept_with_warning"), result.findings
    return analysing.analyse(file_import.records_of(result)).changes


def same(left, right):
    pd.testing.assert_frame_equal(left[WORDS], right[WORDS])
    np.testing.assert_allclose(left[NUMBERS], right[NUMBERS], rtol=1e-9)


@given(readings)
@examples(25)
def test_micrometres_and_millimetres_give_the_same_changes(values):
    same(changes(measured(values, "mm")), changes(measured(values, "um")))


@given(readings, st.data())
@examples(25)
def test_a_file_split_in_two_gives_the_same_changes(values, data):
    days = sorted(values)
    cut = data.draw(st.integers(1, len(days) - 1))
    parts = [{d: values[d] for d in days[:cut]}, {d: values[d] for d in days[cut:]}]
    same(changes(measured(values, "mm")), changes(*(measured(p, "mm") for p in parts)))
