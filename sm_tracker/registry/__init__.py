"""The registry run: the change table of any number of patients, through Dask, to Parquet.

It holds no clinical rule: each partition of whole patients goes to the same
:func:`~sm_tracker.analysis.change.change_table` that serves one patient. Dask and pyarrow are
needed only here (``requirements-registry.txt``) and are imported inside the functions.
"""

from sm_tracker.registry.opening import Registry, open_registry
from sm_tracker.registry.run import RunReport, run_registry

__all__ = ["Registry", "RunReport", "open_registry", "run_registry"]
