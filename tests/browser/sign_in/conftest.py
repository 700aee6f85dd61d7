"""A deployment as docs/security.md describes it: identity provider, dashboard, proxy, Chromium.

Each is a process of its own on loopback; the headers are those of the document.
"""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import hashlib
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import streamlit

from sm_tracker.domain.records import Measurement, TherapyPeriod
from sm_tracker.workflow import storing
from tests.patience import PATIENCE_MS, PATIENCE_S

HERE = Path(__file__).parent
COOKIE_SECRET = "8f2b61f0c1d94e7ba6f3502d7e9c4a18"  # of these tests only
CLIENT = {"client_id": "sm-tracker", "client_secret": "secret of these tests"}
VERIFIED = {"email_verified": True}
FAULTS = ("signature", "unsigned", "audience", "issuer", "nonce", "expired")
PEOPLE: dict[str, dict[str, Any]] = {
    "vera": {"groups": ["derm-readers"]},
    "edda": {"email": "edda@clinic.example", **VERIFIED},
    "rosa": {"email": "rosa@clinic.example", **VERIFIED},
    "otto": {"email": "otto@elsewhere.example", **VERIFIED},
    "mallory": {"email": "edda@clinic.example", "email_verified": False},
    "yesterday": {"email": "edda@clinic.example", **VERIFIED, "age_seconds": 86_400},
    **{
        f"forged {fault}": {"email": "edda@clinic.example", **VERIFIED, "fault": fault}
        for fault in FAULTS
    },
}
ACCESS = """
[[person]]
email = "edda@clinic.example"
clinic = "dermatology"
role = "editor"

[[person]]
email = "rosa@clinic.example"
clinic = "rheumatology"
role = "editor"

[[group]]
claim = "groups"
value = "derm-readers"
clinic = "dermatology"
role = "viewer"
"""


@dataclasses.dataclass(frozen=True)
class Deployment:
    """Addresses and files of what runs."""

    url: str
    behind: str
    database_url: str
    access_file: Path
    log: Path

    def patients(self, clinic: str) -> list[str]:
        """Codes that the store holds for a clinic."""
        with storing.record_store(
            self.database_url, storing.Actor("test", clinic, "viewer")
        ) as store:
            return [p.code for p in store.patients()]


@pytest.fixture(scope="session")
def written_headers(repository: Path) -> list[tuple[str, str]]:
    """The headers that docs/security.md tells the proxy to add."""
    text = (repository / "docs/security.md").read_text(encoding="utf-8")
    return re.findall(r'add_header ([\w-]+) "([^"]+)" always;', text)


@pytest.fixture(scope="session")
def inline_script() -> str:
    """What a policy calls the one inline script in the index page of the Streamlit at hand."""
    index = Path(streamlit.__file__).parent / "static/index.html"
    found = re.findall(r"<script>(.*?)</script>", index.read_text(encoding="utf-8"), re.DOTALL)
    assert len(found) == 1
    digest = hashlib.sha256(found[0].encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


@pytest.fixture(scope="session")
def documented_headers(
    written_headers: list[tuple[str, str]], inline_script: str
) -> list[tuple[str, str]]:
    """The headers with the hash of this Streamlit put in, as the document says."""
    return [(name, re.sub(r"'sha256-[^']+'", inline_script, v)) for name, v in written_headers]


@pytest.fixture(scope="session")
def deployment(
    repository: Path,
    tmp_path_factory: pytest.TempPathFactory,
    documented_headers: list[tuple[str, str]],
) -> Iterator[Deployment]:
    """Everything running, with patients of two clinics in the store."""
    folder = tmp_path_factory.mktemp("deployment")
    provider, dashboard, proxy = _free_ports(3)
    url = f"http://127.0.0.1:{proxy}"
    (folder / "access.toml").write_text(ACCESS, encoding="utf-8")
    (folder / "secrets.toml").write_text(_secrets(url, provider), encoding="utf-8")
    (folder / "provider.json").write_text(
        json.dumps({**CLIENT, "redirect_uri": f"{url}/oauth2callback", "people": PEOPLE}),
        encoding="utf-8",
    )
    (folder / "headers.json").write_text(json.dumps(documented_headers), encoding="utf-8")
    database_url = f"sqlite:///{folder / 'records.sqlite3'}"
    _fill(database_url)
    environment = {
        **os.environ,
        "SM_TRACKER_DATA_FOLDER": str(folder),
        "SM_TRACKER_DATABASE_URL": database_url,
        "SM_TRACKER_ACCESS_FILE": str(folder / "access.toml"),
    }
    streamlit = ["-m", "streamlit", "run", "app.py", "--server.headless", "true",
                 "--server.port", str(dashboard),
                 "--secrets.files", str(folder / "secrets.toml")]  # fmt: skip
    with ExitStack() as running, (folder / "log.txt").open("wb") as log:
        for words, port in (
            ([str(HERE / "identity_provider.py"), str(provider), str(folder / "provider.json")],
             provider),
            (streamlit, dashboard),
            ([str(HERE / "reverse_proxy.py"), str(proxy), str(dashboard),
              str(folder / "headers.json")], proxy),
        ):  # fmt: skip
            running.enter_context(_process(words, port, repository, environment, log))
        yield Deployment(
            url=url,
            behind=f"http://127.0.0.1:{dashboard}",
            database_url=database_url,
            access_file=folder / "access.toml",
            log=folder / "log.txt",
        )


def _secrets(url: str, provider: int) -> str:
    return f"""
[auth]
redirect_uri = "{url}/oauth2callback"
cookie_secret = "{COOKIE_SECRET}"
client_id = "{CLIENT["client_id"]}"
client_secret = "{CLIENT["client_secret"]}"
server_metadata_url = "http://127.0.0.1:{provider}/.well-known/openid-configuration"
"""


def _fill(database_url: str) -> None:
    for clinic, code in (("dermatology", "DERM-1"), ("rheumatology", "RHEUM-1")):
        actor = storing.Actor("test", clinic, "editor")
        with storing.record_store(database_url, actor) as store:
            for month, thickness_mm in ((1, 2.5), (3, 2.1), (5, 1.6)):
                store.add(
                    Measurement(
                        patient_id=code,
                        site="forearm",
                        date=dt.date(2024, month, 10),
                        thickness_mm=thickness_mm,
                    )
                )
            store.add(
                TherapyPeriod(
                    patient_id=code,
                    therapy="IVIG",
                    start=dt.date(2024, 1, 15),
                    end_status="ongoing",
                )
            )


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


@contextmanager
def _process(
    words: list[str], port: int, folder: Path, environment: dict[str, str], log: Any
) -> Iterator[None]:
    started = subprocess.Popen(
        [sys.executable, *words], cwd=folder, env=environment, stdout=log, stderr=log
    )
    try:
        _wait_for(started, port)
        yield
    finally:
        started.terminate()
        started.wait(timeout=PATIENCE_S)


def _wait_for(started: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and started.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=2).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{started.args} did not start")


@pytest.fixture
def visit(browser: Any, deployment: Deployment) -> Iterator[Callable[..., Any]]:
    """Opens the dashboard in a browser profile of its own; what the console said is kept."""
    contexts = []

    def new(cookies: list[dict[str, str]] | None = None, at: str = "") -> Any:
        context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
        contexts.append(context)
        context.add_cookies([{**c, "url": deployment.url} for c in cookies or []])
        page = context.new_page()
        page.said = []
        page.on("console", lambda m: page.said.append(f"{m.type}: {m.text}"))
        page.set_default_timeout(PATIENCE_MS)
        page.goto(at or deployment.url)
        return page

    yield new
    for context in contexts:
        context.close()


@pytest.fixture
def sign_in(visit: Callable[..., Any]) -> Callable[..., Any]:
    """Goes through the identity provider as a person, and comes back to the dashboard."""

    def as_person(person: str, page: Any = None) -> Any:
        page = page or visit()
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("heading", name="Who are you?").wait_for()
        page.get_by_role("link", name=person, exact=True).click()
        page.wait_for_url(re.compile(r":\d+/$"))
        return page

    return as_person
