"""A fresh store for each test, on SQLite and on a real PostgreSQL server."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from benchmarks.local_postgresql import (
    APPLICATION,
    OWNER,
    NoServerProgram,
    Server,
    postgresql_server,
)
from sm_tracker.domain.records import Measurement, Place, ReadResult, TherapyPeriod
from sm_tracker.store import (
    Actor,
    Database,
    ImportedFile,
    RecordStore,
    grant_application_role,
    make_tables,
    open_store,
    verify,
)


@dataclasses.dataclass(frozen=True)
class Address:
    """Where a database is: for its owner, and for the account of the application."""

    kind: str
    owner: str
    application: str
    server: Server | None = None

    def run(self, *statements: str) -> None:
        """What somebody could do who has the file, or the superuser's password: guards off."""
        if self.server is None:
            with sqlite3.connect(self.owner.removeprefix("sqlite:///")) as raw:
                guards = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
                kept = guards.fetchall()
                for name, _ in kept:
                    raw.execute(f"DROP TRIGGER {name}")
                for statement in statements:
                    raw.execute(statement)
                for _, sql in kept:
                    raw.execute(sql)
            raw.close()
            return
        superuser = self.owner.replace(f"+psycopg://{OWNER}", "://postgres")
        with psycopg.connect(superuser) as raw:
            raw.execute("SET session_replication_role = replica")
            for statement in statements:
                raw.execute(statement)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server on loopback."""
    try:
        running = postgresql_server()
        started = running.__enter__()
    except NoServerProgram as error:
        pytest.skip(str(error))
    try:
        yield started
    finally:
        running.__exit__(None, None, None)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new SQLite store, to be copied."""
    path = tmp_path_factory.mktemp("template") / "store.sqlite3"
    make_tables(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def postgresql_template(server: Server) -> str:
    """A new PostgreSQL store with an application account, to be copied."""
    name = server.create_database()
    make_tables(server.url(name, OWNER)).close()
    grant_application_role(server.url(name, OWNER), APPLICATION)
    return name


@pytest.fixture
def new_address(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[[str], Address]]:
    """Makes further fresh stores."""
    made: list[tuple[Server, str]] = []

    def make(kind: str) -> Address:
        if kind == "sqlite":
            path = tmp_path / f"store{len(list(tmp_path.iterdir()))}.sqlite3"
            shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
            return Address("sqlite", f"sqlite:///{path}", f"sqlite:///{path}")
        running: Server = request.getfixturevalue("server")
        name = running.create_database(request.getfixturevalue("postgresql_template"))
        made.append((running, name))
        return Address(
            kind, running.url(name, OWNER), running.url(name, APPLICATION), server=running
        )

    yield make
    for running, name in made:
        running.drop_database(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, new_address: Callable[[str], Address]) -> Address:
    """A fresh store of each kind."""
    return new_address(request.param)


@pytest.fixture
def sqlite_address(new_address: Callable[[str], Address]) -> Address:
    """A fresh SQLite store, for what only concerns files."""
    return new_address("sqlite")


@pytest.fixture
def postgresql_address(new_address: Callable[[str], Address]) -> Address:
    """A fresh PostgreSQL store, for what only concerns servers."""
    return new_address("postgresql")


@pytest.fixture
def database(address: Address) -> Iterator[Database]:
    """The store as the application opens it."""
    with open_store(address.application) as opened:
        yield opened


@pytest.fixture
def store_of(database: Database) -> Callable[..., RecordStore]:
    """The store as a person of a clinic sees it."""

    def make(user: str = "ann", clinic: str = "dermatology", role: Any = "admin") -> RecordStore:
        return RecordStore(database, Actor(user, clinic, role))

    return make


@pytest.fixture
def store(store_of: Callable[..., RecordStore]) -> RecordStore:
    """The store of the first clinic, seen by its administrator."""
    return store_of()


@pytest.fixture
def problems(address: Address) -> Callable[[], list[tuple[str, str]]]:
    """What verification finds, as (kind, sentence)."""

    def find() -> list[tuple[str, str]]:
        with open_store(address.owner) as opened:
            return [(p.kind, p.what) for p in verify(opened).problems]

    return find


@pytest.fixture(scope="session")
def reading() -> Callable[..., Measurement]:
    """A measurement; only what a test is about needs to be given."""

    def make(thickness_mm: float | None = 2.1, **fields: Any) -> Measurement:
        given = {"patient_id": "A1", "date": dt.date(2024, 3, 5), "site": "calf", **fields}
        return Measurement(thickness_mm=thickness_mm, **given)

    return make


@pytest.fixture(scope="session")
def course() -> Callable[..., TherapyPeriod]:
    """A therapy period; only what a test is about needs to be given."""

    def make(therapy: str = "IVIG", **fields: Any) -> TherapyPeriod:
        given = {"patient_id": "A1", "start": dt.date(2024, 1, 8), "end_status": "ongoing"}
        return TherapyPeriod(therapy=therapy, **{**given, **fields})

    return make


@pytest.fixture(scope="session")
def file_of() -> Callable[..., tuple[ReadResult, list[ImportedFile]]]:
    """What reading a file of these records gives; its bytes follow from the records."""

    def make(*records: Any, name: str = "series.csv", **given: Any) -> Any:
        placed = [
            dataclasses.replace(r, place=Place(file=name, row=row))
            for row, r in enumerate(records, start=2)
        ]
        kinds = {"measurements": "Measurement", "therapies": "TherapyPeriod"}
        held = {
            key: tuple(r for r in placed if type(r).__name__ == kind)
            for key, kind in {**kinds, "outcomes": "OutcomeReading", "events": "Event"}.items()
        }
        written = json.dumps([name, *map(dataclasses.asdict, records)], default=str).encode()
        result = ReadResult(**{"outcome": "accept", **held, **given})
        return result, [ImportedFile.of(name, written)]

    return make
