"""PostgreSQL: the wall between clinics stands before the owner of the tables too."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from benchmarks.local_postgresql import OWNER
from sm_tracker.errors import StoreError
from sm_tracker.store import Actor, RecordStore, database_state, open_store, require_wall
from sm_tracker.store.schema import Base
from sm_tracker.workflow import storing

OWNED = sorted(t.name for t in Base.metadata.sorted_tables if "clinic" in t.columns)


@pytest.fixture
def two_clinics(postgresql_address, reading, file_of):
    with open_store(postgresql_address.application) as database:
        for clinic in ("dermatology", "victim"):
            store = RecordStore(database, Actor("ann", clinic, "admin"))
            store.import_batch(*file_of(reading(2.1)), answers={"unit": "mm"})
            store.remember_answers("sig", {"unit": "mm"})
            store.begin_sign_in("t1")
    return postgresql_address


@pytest.mark.parametrize("table", OWNED)
def test_the_wall_of_every_table_is_before_its_owner_too(two_clinics, table):
    with (
        open_store(two_clinics.owner) as database,
        database.session("dermatology", writing=False) as session,
    ):
        forced = session.execute(
            text("SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE relname = :n"),
            {"n": table},
        )
        assert forced.scalar_one()
        clinics = session.execute(text(f"SELECT DISTINCT clinic FROM {table}")).scalars().all()
        assert set(clinics) <= {"dermatology"}


def test_the_owner_sees_all_clinics_only_in_upkeep(two_clinics):
    with open_store(two_clinics.owner) as database, database.connection() as connection:
        counted = connection.execute(text("SELECT count(DISTINCT clinic) FROM measurement"))
        assert counted.scalar_one() == 2


def test_the_account_of_the_application_sees_none_in_upkeep(two_clinics):
    with open_store(two_clinics.application) as database, database.connection() as connection:
        assert connection.execute(text("SELECT count(*) FROM measurement")).scalar_one() == 0


def test_the_dashboard_is_not_served_with_the_account_that_owns_the_tables(two_clinics):
    with pytest.raises(StoreError, match="does not run with this account"):
        storing.open_database(two_clinics.owner, serving=True)
    superuser = two_clinics.owner.replace(f"+psycopg://{OWNER}", "+psycopg://postgres")
    with open_store(superuser) as database, pytest.raises(StoreError, match="superuser"):
        require_wall(database)
    storing.open_database(two_clinics.application, serving=True).close()


def test_the_health_check_says_for_whom_the_wall_stands(two_clinics):
    assert database_state(two_clinics.application).row_level_security == "on"
    assert database_state(two_clinics.owner).row_level_security.startswith("off")
