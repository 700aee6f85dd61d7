"""A PostgreSQL server of one's own on loopback, for tests and benchmarks; gone afterwards.

The server refuses to run as root, so root starts it as the account ``postgres`` that the
Debian package makes. Its owner of tables and its application account are no superusers,
because a superuser walks through row-level security.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, create_engine, text

OWNER = "tracker_owner"
APPLICATION = "tracker_app"
_ATTEMPTS = 5
_ROOM = 2 * 2**30


class NoServerProgram(RuntimeError):
    """PostgreSQL is not installed on this machine."""


@dataclass(frozen=True)
class Server:
    """A running server; `password` is random and the same for all of its accounts."""

    folder: Path
    port: int
    password: str

    def url(self, database: str, account: str) -> str:
        address = URL.create(
            "postgresql+psycopg", account, self.password, "127.0.0.1", self.port, database
        )
        return address.render_as_string(hide_password=False)

    def create_database(self, template: str = "template1") -> str:
        name = f"tracker_{uuid.uuid4().hex[:12]}"
        self._maintain(f'CREATE DATABASE {name} OWNER {OWNER} TEMPLATE "{template}"')
        return name

    def drop_database(self, name: str) -> None:
        self._maintain(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _maintain(self, statement: str) -> None:
        engine = create_engine(self.url("postgres", "postgres"), isolation_level="AUTOCOMMIT")
        with contextlib.closing(engine.connect()) as connection:
            connection.execute(text(statement))
        engine.dispose()

    def make_accounts(self) -> None:
        for account in (OWNER, APPLICATION):
            self._maintain(f"CREATE ROLE {account} LOGIN PASSWORD '{self.password}'")

    def restart_after_crash(self) -> None:
        """Stop without any tidying, as when the machine fails, and start again."""
        _pg_ctl(self.folder, "stop", "-m", "immediate")
        _pg_ctl(self.folder, "start", "-l", str(self.folder / "log"))


@contextlib.contextmanager
def postgresql_server(*, safe_against_power_loss: bool = False) -> Iterator[Server]:
    """Start a server in a temporary folder.

    Without `safe_against_power_loss` the server leaves flushing to the system. A killed
    process, client or server, loses nothing by that; only a machine that fails does.
    """
    folder = Path(tempfile.mkdtemp(prefix="tracker_pg_", dir=_folder(safe_against_power_loss)))
    _give_to_server_account(folder)
    password = uuid.uuid4().hex
    try:
        server = _started(folder / "data", password, safe_against_power_loss)
        try:
            server.make_accounts()
            yield server
        finally:
            _pg_ctl(server.folder, "stop", "-m", "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _folder(on_disk: bool) -> str | None:
    """Memory where there is enough of it, unless a disk is what is to be measured."""
    memory = Path("/dev/shm")
    if on_disk or not memory.is_dir() or shutil.disk_usage(memory).free < _ROOM:
        return None
    return str(memory)


def _started(data: Path, password: str, safe: bool) -> Server:
    password_file = data.parent / "password"
    password_file.write_text(password, encoding="utf-8")
    _give_to_server_account(password_file)
    _run(
        [
            *(_program("initdb"), "-D", str(data), "-U", "postgres", "-E", "UTF8", "--locale=C"),
            *("--auth=scram-sha-256", f"--pwfile={password_file}", "--no-sync"),
        ]
    )
    password_file.unlink()
    for _ in range(_ATTEMPTS):
        port = _free_port()
        lines = {
            "listen_addresses": "'127.0.0.1'",
            "port": port,
            "unix_socket_directories": "''",
            "fsync": "on" if safe else "off",
            "max_connections": 100,
            "shared_buffers": "'32MB'",
            "autovacuum": "off",
        }
        setting_text = "".join(f"{name} = {value}\n" for name, value in lines.items())
        (data / "postgresql.auto.conf").write_text(setting_text, encoding="utf-8")
        try:
            _pg_ctl(data, "start", "-l", str(data / "log"))
        except subprocess.CalledProcessError:
            continue  # somebody else took the port between finding and using it
        return Server(data, port, password)
    raise RuntimeError(f"PostgreSQL did not start: {(data / 'log').read_text()[-500:]}")


def _pg_ctl(data: Path, *words: str) -> None:
    _run([_program("pg_ctl"), "-D", str(data), "-w", "-t", "180", *words])


def _run(command: Sequence[str]) -> None:
    as_account = ["runuser", "-u", "postgres", "--"] if _is_root() else []
    subprocess.run(
        [*as_account, *command],
        check=True,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=300,
    )


def _program(name: str) -> str:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=_version)
    path = str(found[-1]) if found else shutil.which(name)
    if path is None:
        raise NoServerProgram(f"no {name} of PostgreSQL on this machine")
    return path


def _version(path: Path) -> float:
    number = path.parents[1].name
    return float(number) if number.replace(".", "", 1).isdigit() else 0.0


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _give_to_server_account(path: Path) -> None:
    if _is_root():
        shutil.chown(path, "postgres", "postgres")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
