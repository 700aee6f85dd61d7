"""A registry run gives the same table as one patient, and loses neither rows nor reasons."""

from __future__ import annotations

import contextlib
import json
import logging
import multiprocessing
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import psutil
import pytest

from benchmarks.synthetic_registry import registry as synthetic
from benchmarks.synthetic_registry import write_registry
from sm_tracker.analysis.change import change_table
from sm_tracker.cli import main
from sm_tracker.domain.change_columns import CHANGES
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.timeline import visit_values
from sm_tracker.errors import ColumnError, ExportError, ReadError, TrackerError
from sm_tracker.registry import RunReport, open_registry, run_registry
from sm_tracker.registry.identity import COMPUTING
from tests.patience import PATIENCE_S

N_PATIENTS = 40
Tables = tuple[pd.DataFrame, pd.DataFrame]


@pytest.fixture(scope="module")
def tables() -> Tables:
    """Synthetic patients with visits, overlapping periods and ongoing ones."""
    return synthetic(N_PATIENTS, seed=8)


@pytest.fixture(scope="module")
def expected(tables) -> pd.DataFrame:
    """The change table of all patients in one plain call."""
    return change_table(*tables)


def written(folder: Path, measurements: pd.DataFrame, therapies: pd.DataFrame) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    measurements.to_csv(folder / "measurements.csv", index=False)
    therapies.to_csv(folder / "therapies.csv", index=False)
    return folder


@pytest.fixture
def source(tmp_path, tables) -> Path:
    """The patients as two CSV files, not partitioned."""
    return written(tmp_path / "in", *tables)


def table_of(out: Path) -> pd.DataFrame:
    """Every row of a run, in the order of the plain call: by patient."""
    rows = open_registry(out).filtered(CHANGES.columns)
    return rows.sort_values("patient_id", kind="stable").reset_index(drop=True)


def run_on_threads(source: Path, out: Path, **options: Any) -> RunReport:
    return run_registry(source, out, scheduler="threads", workers=2, **options)


class Watch:
    """Progress of a run that does something once some partitions are there."""

    def __init__(self, after: int, act: Callable[[], None]) -> None:
        self.after, self.act, self.seen = after, act, 0

    def begin(self, stage: str, total: int, done: int, unit: str) -> None:
        self.counting = stage == "partitions"

    def step(self, n: int) -> None:
        self.seen += n * self.counting
        if self.counting and self.seen == self.after:
            self.act()


# Equality


def test_one_call_a_patient_and_one_call_for_all_give_identical_tables(tables, expected):
    measurements, therapies = tables
    each = [
        change_table(
            measurements[measurements["patient_id"] == code],
            therapies[therapies["patient_id"] == code],
        )
        for code in sorted(measurements["patient_id"].unique())
    ]
    pd.testing.assert_frame_equal(pd.concat(each, ignore_index=True), expected, check_exact=True)


@pytest.fixture(scope="module")
def blanks() -> Tables:
    """Patients of whom some readings leave side, layer or device blank, or say it is unknown."""
    measurements, therapies = synthetic(N_PATIENTS, seed=9)
    random = np.random.default_rng(9)
    n = len(measurements)
    measurements = measurements.assign(
        side=random.choice(["left", "left", "", "unknown"], n),
        layer=random.choice(["dermis", "dermis", "", "n/a"], n),
        device=np.where(random.random(n) < 0.1, "DermaScan", random.choice(["DUB", ""], n)),
        frequency_mhz=np.where(random.random(n) < 0.5, 22.0, np.nan),
    )
    return measurements, therapies


@pytest.mark.parametrize("partitions", [1, 7])
def test_blanks_join_the_same_series_in_every_partition(blanks, tmp_path, partitions):
    expected = change_table(*blanks)
    flags = expected["flags"].str
    assert flags.contains("series_joined").any()
    assert flags.contains("series_ambiguous").any()
    source = written(tmp_path / "in", *blanks)
    run_on_threads(source, tmp_path / "out", partitions=partitions)
    pd.testing.assert_frame_equal(table_of(tmp_path / "out"), expected, check_exact=True)
    registry = open_registry(tmp_path / "out")
    patients = sorted(blanks[0]["patient_id"].unique())[:5]
    found, own = registry.visits(patients), visit_values(blanks[0])
    own = own[own["patient_id"].isin(patients)].reset_index(drop=True)
    for frame in (own, found):
        frame["series_id"] = frame["series_id"].rank(method="dense")
    pd.testing.assert_frame_equal(found, own, check_exact=True)


@pytest.mark.parametrize("partitions", [1, 7])
def test_dask_on_threads_gives_the_table_of_the_plain_call(source, tmp_path, expected, partitions):
    run_on_threads(source, tmp_path / "out", partitions=partitions)
    pd.testing.assert_frame_equal(table_of(tmp_path / "out"), expected, check_exact=True)


def test_two_worker_processes_of_which_one_is_killed_on_the_way_give_the_table_of_the_plain_call(
    source, tmp_path, expected
):
    others, killed = multiprocessing.active_children(), []

    def kill_one() -> None:
        victim = next(p for p in multiprocessing.active_children() if p not in others)
        # Its exit status is fetched by whoever waits first, here or in Dask, so it proves nothing.
        worker = psutil.Process(victim.pid)
        worker.kill()
        psutil.wait_procs([worker], timeout=PATIENCE_S)
        killed.append(worker.is_running())

    watch = Watch(2, kill_one)
    run_registry(source, tmp_path / "out", partitions=12, workers=2, progress=watch)
    assert killed == [False]
    assert watch.seen == 12
    pd.testing.assert_frame_equal(table_of(tmp_path / "out"), expected, check_exact=True)


def test_local_workers_do_not_run_the_script_that_asked_for_them(source, tmp_path, monkeypatch):
    ran, script = tmp_path / "ran", tmp_path / "script.py"
    script.write_text(f"open({str(ran)!r}, 'a').write('again')\n", encoding="utf-8")
    main = sys.modules["__main__"]
    monkeypatch.setattr(main, "__file__", str(script), raising=False)
    monkeypatch.setattr(main, "__spec__", None)
    run_registry(source, tmp_path / "out", partitions=2, workers=2)
    assert not ran.exists()
    assert main.__file__ == str(script)


def test_a_cluster_by_its_address_gives_the_table_of_the_plain_call(source, tmp_path, expected):
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=False,
        protocol="tcp://",
        dashboard_address="127.0.0.1:0",
        worker_dashboard_address="127.0.0.1:0",
        silence_logs=logging.CRITICAL,
    ) as cluster:
        run_registry(source, tmp_path / "out", partitions=4, scheduler=cluster.scheduler_address)
    pd.testing.assert_frame_equal(table_of(tmp_path / "out"), expected, check_exact=True)


def test_local_workers_listen_to_this_machine_only_and_to_nobody_without_a_certificate(
    source, tmp_path, monkeypatch
):
    import distributed

    def listening() -> set[tuple[str, int]]:
        found = []
        for process in (psutil.Process(), *psutil.Process().children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess):  # one of a test before, ending
                found += process.net_connections()
        return {tuple(each.laddr) for each in found if each.status == psutil.CONN_LISTEN}

    before, seen = listening(), {}

    class Spy(distributed.LocalCluster):
        def __init__(self, **words: Any) -> None:
            super().__init__(**words)
            seen["address"], seen["listening"] = self.scheduler_address, listening() - before

    monkeypatch.setattr(distributed, "LocalCluster", Spy)
    run_registry(source, tmp_path / "out", partitions=2, workers=1)
    assert seen["address"].startswith("tls://127.0.0.1:")
    assert {host for host, _ in seen["listening"]} == {"127.0.0.1"}


def test_settings_reach_every_partition(source, tmp_path, tables):
    settings = Settings(lag_days=14, grace_days=0, sem_mm=0.05)
    run_on_threads(source, tmp_path / "out", partitions=3, settings=settings)
    plain = change_table(*tables, settings)
    pd.testing.assert_frame_equal(table_of(tmp_path / "out"), plain, check_exact=True)
    assert open_registry(tmp_path / "out").settings == settings


# What it reads


@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize("one_file", [True, False], ids=["one file", "files by patient"])
def test_csv_and_parquet_in_one_file_or_many_give_the_same_table(tmp_path, form, one_file):
    write_registry(tmp_path / "in", 40, form=form, one_file=one_file)
    run_on_threads(tmp_path / "in", tmp_path / "out")
    plain = change_table(*synthetic(40))
    pd.testing.assert_frame_equal(table_of(tmp_path / "out"), plain, check_exact=True)


def folders(folder: Path, tables: Tables, cut: Callable[[pd.Series], pd.Series]) -> Path:
    """Each table as a folder of two files; `cut` says which rows go into the second."""
    for name, table in zip(("measurements", "therapies"), tables, strict=True):
        (folder / name).mkdir(parents=True)
        second = cut(table)
        for part, rows in enumerate((table[~second], table[second])):
            rows.to_parquet(folder / name / f"part-{part}.parquet", index=False)
    return folder


def test_files_that_hold_whole_patients_are_the_partitions(tmp_path, tables, expected):
    source = folders(tmp_path / "in", tables, lambda rows: rows["patient_id"] > "P00000020")
    report = run_on_threads(source, tmp_path / "out")
    assert report.manifest["partitioned_by"] == "files of the input"
    assert report.manifest["n_partitions"] == 2
    pd.testing.assert_frame_equal(table_of(tmp_path / "out"), expected, check_exact=True)


def test_a_patient_that_lies_in_two_files_is_put_together_first(tmp_path, tables, expected):
    source = folders(
        tmp_path / "in", tables, lambda rows: pd.Series(range(len(rows)), index=rows.index) % 2 == 1
    )
    report = run_on_threads(source, tmp_path / "out")
    assert report.manifest["partitioned_by"] == "hash of patient_id"
    pd.testing.assert_frame_equal(table_of(tmp_path / "out"), expected, check_exact=True)


def test_micrometres_day_numbers_and_leading_zeros_are_read_as_the_data_format_says(tmp_path):
    measurements = pd.DataFrame(
        {
            "patient_id": ["007", "007"],
            "day": [0, 120],
            "site": "forearm",
            "thickness_um": [2500, 1600],
        }
    )
    therapies = pd.DataFrame(
        {"patient_id": ["007"], "therapy": ["IVIG"], "start_day": [10], "end_day": [""]}
    )
    run_on_threads(written(tmp_path / "in", measurements, therapies), tmp_path / "out")
    row = table_of(tmp_path / "out").query("level == 'period'").iloc[0]
    assert (row["patient_id"], row["baseline_mm"], row["last_mm"]) == ("007", 2.5, 1.6)
    assert row["end_status"] == "ongoing"


def test_a_patient_without_therapy_is_counted_and_changes_nobody_else(tmp_path, tables):
    measurements, therapies = tables
    treated = therapies[therapies["patient_id"] > "P00000009"]
    source = written(tmp_path / "in", measurements, treated)
    report = run_on_threads(source, tmp_path / "out", partitions=2)
    assert report.manifest["totals"]["n_patients"] == N_PATIENTS
    plain = change_table(measurements, treated)
    pd.testing.assert_frame_equal(table_of(tmp_path / "out"), plain, check_exact=True)


# Going on, and never mixing


def test_a_run_that_was_stopped_goes_on_and_does_finished_partitions_not_again(
    source, tmp_path, expected
):
    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_on_threads(source, tmp_path / "out", partitions=12, progress=Watch(4, stop))
    with pytest.raises(ReadError, match="not finished"):
        open_registry(tmp_path / "out")
    parts = sorted((tmp_path / "out/changes").glob("part-*.parquet"))
    before = {part: part.stat().st_mtime_ns for part in parts}
    assert 4 <= len(before) < 12
    report = run_on_threads(source, tmp_path / "out")
    assert report.n_done_before == len(before)
    assert {part: part.stat().st_mtime_ns for part in parts} == before
    pd.testing.assert_frame_equal(table_of(tmp_path / "out"), expected, check_exact=True)


def test_a_run_killed_while_it_sorts_the_input_or_writes_goes_on(source, tmp_path, expected):
    out = tmp_path / "out"
    run_on_threads(source, out, partitions=3)
    manifest = json.loads((out / "run.json").read_text(encoding="utf-8"))
    (out / "run.json").write_text(json.dumps({**manifest, "complete": False}), encoding="utf-8")
    (out / ".input_by_patient.unfinished" / "measurements").mkdir(parents=True)
    cut_off = out / "changes/part-00001.parquet"
    cut_off.write_bytes(cut_off.read_bytes()[:100])
    report = run_on_threads(source, out)
    assert report.n_done_before == 2
    pd.testing.assert_frame_equal(table_of(out), expected, check_exact=True)
    assert sorted(p.name for p in out.iterdir()) == [
        "changes",
        "periods",
        "refused.csv",
        "run.json",
        "visits",
    ]


def test_a_finished_run_is_not_done_again(source, tmp_path):
    first = run_on_threads(source, tmp_path / "out", partitions=3)
    part = tmp_path / "out/changes/part-00000.parquet"
    before = part.stat().st_mtime_ns
    second = run_on_threads(source, tmp_path / "out")
    assert part.stat().st_mtime_ns == before
    assert second.n_done_before == 3
    assert second.manifest == first.manifest


def test_a_folder_of_another_run_is_refused_with_what_differs(source, tmp_path, tables):
    run_on_threads(source, tmp_path / "out", partitions=3)
    with pytest.raises(ExportError, match="what differs: the settings"):
        run_on_threads(source, tmp_path / "out", settings=Settings(lag_days=1))
    with pytest.raises(ExportError, match="what differs: the number of partitions"):
        run_on_threads(source, tmp_path / "out", partitions=4)
    measurements, therapies = tables
    written(source, measurements.iloc[1:], therapies)
    with pytest.raises(ExportError, match="what differs: the input"):
        run_on_threads(source, tmp_path / "out")


LOADED = """
import sys
import sm_tracker.registry.partition
from benchmarks.synthetic_registry import registry
from sm_tracker.analysis.change import change_table
change_table(*registry(3))
own = {name: m for name, m in sys.modules.items() if name.startswith("sm_tracker.")}
print(*(name.removeprefix("sm_tracker.") for name, m in own.items() if not hasattr(m, "__path__")))
"""


def test_every_module_that_decides_a_number_tells_runs_apart(repository):
    words = [sys.executable, "-c", LOADED]
    done = subprocess.run(words, capture_output=True, text=True, check=True, cwd=repository)
    loaded = {m for m in done.stdout.split() if m.startswith(("analysis.", "domain."))}
    assert loaded == {m for m in COMPUTING if not m.startswith("registry.")}


def test_a_worker_of_another_version_is_refused(source, tmp_path, monkeypatch):
    from sm_tracker.registry import partition

    monkeypatch.setattr(partition, "program_id", lambda: "another")
    with pytest.raises(TrackerError, match="another version"):
        run_on_threads(source, tmp_path / "out", partitions=2)


def test_a_folder_with_other_files_is_refused_and_left_alone(source, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ExportError, match="holds other files"):
        run_on_threads(source, tmp_path / "out")
    with pytest.raises(ExportError, match="is the input folder"):
        run_on_threads(source, source)
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["letter.txt"]


def test_a_folder_that_holds_no_run_or_part_of_one_is_not_opened(source, tmp_path):
    with pytest.raises(ReadError, match="holds no registry run"):
        open_registry(tmp_path)
    run_on_threads(source, tmp_path / "out", partitions=2)
    (tmp_path / "out/changes/part-00001.parquet").unlink()
    with pytest.raises(ReadError, match="1 of 2 partitions are there"):
        open_registry(tmp_path / "out")


def test_an_output_that_cannot_be_written_is_named(source, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ExportError, match="not a folder"):
        run_on_threads(source, tmp_path / "file")
    with pytest.raises(ExportError, match="cannot be read or written"):
        run_on_threads(source, tmp_path / "file" / "out")


def test_the_manifest_accounts_for_every_row(source, tmp_path, tables, expected):
    measurements, therapies = tables
    manifest = run_on_threads(source, tmp_path / "out", partitions=5).manifest
    assert manifest["totals"] == {
        "n_patients": N_PATIENTS,
        "n_patients_refused": 0,
        "n_measurements": len(measurements),
        "n_therapies": len(therapies),
        "n_doubtful_values": 0,
        "n_changes": len(expected),
    }
    for name, total in manifest["totals"].items():
        assert sum(partition[name] for partition in manifest["partitions"]) == total
    assert set(expected["settings_id"]) == {manifest["settings_id"]}


# Memory


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_no_more_rows_are_in_hand_than_a_batch_or_a_partition(tmp_path, form, monkeypatch):
    from sm_tracker.registry import batches, partition, partitioning

    in_batch, in_partition = [], []
    hashes, table = partitioning._hashes, partition.visit_values

    def watched_hashes(batch: Any) -> Any:
        in_batch.append(batch.num_rows)
        return hashes(batch)

    def watched_table(measurements: pd.DataFrame) -> pd.DataFrame:
        in_partition.append(len(measurements))
        return table(measurements)

    monkeypatch.setattr(partitioning, "_hashes", watched_hashes)
    monkeypatch.setattr(partition, "visit_values", watched_table)
    monkeypatch.setattr(batches, "BATCH_ROWS", 500)
    monkeypatch.setattr(batches, "BLOCK_BYTES", 16_000)
    write_registry(tmp_path / "in", 200, form=form, one_file=True)
    run_on_threads(tmp_path / "in", tmp_path / "out", partitions=8)
    assert max(in_batch) <= 600 < 200 * 20
    assert sum(in_partition) == 200 * 20
    assert max(in_partition) <= 2 * 500


def test_an_input_file_too_large_for_a_partition_is_cut(tmp_path, monkeypatch, tables):
    from sm_tracker.registry import partitioning

    monkeypatch.setattr(partitioning, "MOST_ROWS_PER_PARTITION", 300)
    monkeypatch.setattr(partitioning, "ROWS_PER_PARTITION", 100)
    source = folders(tmp_path / "in", tables, lambda rows: rows["patient_id"] > "P00000020")
    manifest = run_on_threads(source, tmp_path / "out").manifest
    assert manifest["partitioned_by"] == "hash of patient_id"
    assert manifest["n_partitions"] == 8


# Reading it lazily


def test_regimens_filters_and_counts_agree_with_the_table(source, tmp_path, expected):
    run_on_threads(source, tmp_path / "out", partitions=4)
    opened = open_registry(tmp_path / "out")
    periods = expected[expected["level"] == "period"]
    regimens = opened.regimens().set_index("regimen")
    assert regimens["n_rows"].to_dict() == periods["regimen"].value_counts().to_dict()
    by_patient = periods.groupby("regimen")["patient_id"].nunique()
    assert regimens["n_patients"].to_dict() == by_patient.to_dict()
    chosen = opened.filtered(["change_mm", "device"], regimen=["IVIG", "ECP"], level="period")
    assert list(chosen.columns) == ["change_mm", "device"]
    assert len(chosen) == periods["regimen"].isin(["IVIG", "ECP"]).sum()
    assert opened.count(regimen="IVIG", level="period") == regimens.loc["IVIG", "n_rows"]
    assert opened.values("level") == tuple(sorted(expected["level"].unique()))
    with pytest.raises(ColumnError, match="no column cell"):
        opened.filtered(["cell"])


# The command


@pytest.mark.parametrize("missing", ["dask", "distributed", "pyarrow"])
def test_without_its_packages_the_command_names_the_line_that_installs_them(
    source, tmp_path, capsys, monkeypatch, missing
):
    from sm_tracker.registry import needs

    there = needs.find_spec
    monkeypatch.setattr(needs, "find_spec", lambda name: None if name == missing else there(name))
    assert main(["registry", str(source), str(tmp_path / "out")]) == 1
    assert "pip install -r requirements-registry.txt" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_scheduler_that_is_not_there_is_named(source, tmp_path, monkeypatch):
    from sm_tracker.registry import scheduling

    monkeypatch.setattr(scheduling, "_CONNECT_SECONDS", 0.5)
    with pytest.raises(TrackerError, match="cannot be reached"):
        run_registry(source, tmp_path / "out", partitions=2, scheduler="tcp://127.0.0.1:9")
