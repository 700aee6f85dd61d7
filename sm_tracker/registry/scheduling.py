"""Dask: partitions on threads, on local processes, or on a cluster by its address."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sm_tracker.errors import TrackerError
from sm_tracker.registry.partition import PartitionCounts, PartitionTask, compute_partition

THREADS = "threads"
WORKERS_LOST_AT_MOST = 5
_RETRIES = 2
_CONNECT_SECONDS = 20
_LOOPBACK = "127.0.0.1:0"

OnDone = Callable[[PartitionCounts], None]


def needed_packages(scheduler: str) -> tuple[str, ...]:
    """The packages that computing on `scheduler` needs."""
    if scheduler == THREADS:
        return ("dask",)
    return ("dask", "distributed") if scheduler else ("dask", "distributed", "cryptography")


def compute_all(
    tasks: Sequence[PartitionTask],
    on_done: OnDone,
    *,
    scheduler: str = "",
    workers: int | None = None,
) -> None:
    """Compute partitions through Dask.

    Parameters
    ----------
    tasks : sequence of Task
    on_done : callable
        Called in this thread with the counts of each partition when it is on disk.
    scheduler : str
        Address of a Dask scheduler, ``threads`` for threads of this process, blank for
        processes on this machine.
    workers : int, optional
        Threads or local processes; as many as there are processors if omitted.

    Raises
    ------
    TrackerError
        If a partition cannot be computed, the cluster cannot be reached, or one partition
        has lost more workers than `WORKERS_LOST_AT_MOST`.
    """
    if not tasks:
        return
    if scheduler == THREADS:
        _on_threads(tasks, on_done, workers)
        return
    with _client(scheduler, workers, len(tasks)) as client:
        _on_cluster(client, tasks, on_done)


def _settled(found: PartitionCounts | TrackerError) -> PartitionCounts:
    if isinstance(found, TrackerError):
        raise found
    return found


def _on_threads(tasks: Sequence[PartitionTask], on_done: OnDone, workers: int | None) -> None:
    import dask
    from dask.callbacks import Callback

    def done(key: object, found: Any, *_: object) -> None:
        if str(key).startswith("partition-"):
            on_done(_settled(found))

    delayed = [
        dask.delayed(compute_partition, pure=False)(task, dask_key_name=_key(task))
        for task in tasks
    ]
    with Callback(posttask=done):
        dask.compute(
            *delayed, scheduler=THREADS, optimize_graph=False, **_count("num_workers", workers)
        )


def _key(task: PartitionTask) -> str:
    return f"partition-{task.number:05d}-{task.run_id}"


def _count(name: str, number: int | None) -> dict[str, int]:
    return {} if number is None else {name: number}


@contextmanager
def _client(address: str, workers: int | None, n_tasks: int) -> Iterator[Any]:
    from distributed import Client, LocalCluster

    if address:
        try:
            connected = Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:  # TypeError: tls without certificates
            raise TrackerError(
                "The Dask scheduler cannot be reached",
                where=address,
                why=type(error).__name__,
                fix="give an address such as tcp://host:8786, or leave --scheduler out",
            ) from None
        with connected:
            yield connected
        return
    size = {"n_workers": min(workers or _processors(), n_tasks)}
    with (
        _workers_without_the_calling_script(),
        LocalCluster(
            **size,
            threads_per_worker=1,
            # Dask opens these to the whole network unless told otherwise, and whoever reaches
            # a scheduler can run programs: loopback, with certificates made for this run.
            dashboard_address=_LOOPBACK,
            worker_dashboard_address=_LOOPBACK,
            security=True,
            silence_logs=logging.CRITICAL,
            scheduler_kwargs={"allowed_failures": WORKERS_LOST_AT_MOST},
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield client


@contextmanager
def _workers_without_the_calling_script() -> Iterator[None]:
    """Keep Python from running the script of the caller once more in every worker.

    A spawned process first repeats the main script of its parent, so a script without
    ``if __name__ == "__main__"`` would start a run in each worker, and a page of the
    dashboard would be drawn there and fail. Our workers need nothing of it. The names hold for
    the whole run, because a worker that was lost is started anew on the way.
    """
    main = sys.modules["__main__"]
    names = {"__file__", "__spec__"} & vars(main).keys()
    hidden = {name: vars(main).pop(name) for name in names}
    main.__spec__ = None
    try:
        yield
    finally:
        vars(main).update(hidden)


def _processors() -> int:
    from dask.system import CPU_COUNT

    return int(CPU_COUNT)


def _on_cluster(client: Any, tasks: Sequence[PartitionTask], on_done: OnDone) -> None:
    from distributed import as_completed
    from distributed.scheduler import KilledWorker

    futures = client.map(
        compute_partition, tasks, key=list(map(_key, tasks)), pure=False, retries=_RETRIES
    )
    try:
        for future in as_completed(futures, loop=client.loop):
            on_done(_settled(future.result()))
            future.release()
    except KilledWorker:
        raise TrackerError(
            "A partition ended the worker that computed it, again and again",
            why="most often a worker has too little memory for it",
            fix="give more --partitions, in another output folder",
        ) from None
    finally:
        client.cancel(futures)
