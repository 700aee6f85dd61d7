"""Run by alembic for each migration; does nothing when merely imported."""

from sm_tracker.store.migrate import run_in_alembic

run_in_alembic()
