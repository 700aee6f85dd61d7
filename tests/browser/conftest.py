"""The running dashboard and a real browser."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.patience import PATIENCE_MS, PATIENCE_S

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def dashboard(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a dashboard started for the tests, without any stored record."""
    with running_dashboard(repository, tmp_path_factory.mktemp("data")) as address:
        yield address


@pytest.fixture(scope="module")
def own_dashboard(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a dashboard of one test file, whose records the tests may change."""
    with running_dashboard(repository, tmp_path_factory.mktemp("data")) as address:
        yield address


@pytest.fixture
def in_the_clinic(browser, repository: Path, tmp_path: Path) -> Iterator[Any]:
    """A page on a dashboard of its own, in whose store the index case is kept."""
    names = ("measurements", "therapies", "outcomes")
    subprocess.run(
        [sys.executable, "-m", "sm_tracker", "import",
         *(f"sample_data/index_case_{name}.csv" for name in names)],
        cwd=repository,
        env=_environment(tmp_path),
        check=True,
        capture_output=True,
    )  # fmt: skip
    with running_dashboard(repository, tmp_path) as address:
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        page = context.new_page()
        page.errors = []
        page.on("console", lambda m: page.errors.append(m.text) if m.type == "error" else None)
        page.set_default_timeout(PATIENCE_MS)
        page.goto(address)
        page.locator(".js-plotly-plot .barlayer .point").first.wait_for()
        page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
        yield page
        context.close()


def _environment(folder: Path) -> dict[str, str]:
    """The surroundings of a program whose records lie in a folder."""
    environment = {**os.environ, "SM_TRACKER_DATA_FOLDER": str(folder)}
    environment.pop("SM_TRACKER_DATABASE_URL", None)
    return environment


@contextmanager
def running_dashboard(
    repository: Path, folder: Path, said_to: Path | None = None, **surroundings: str
) -> Iterator[str]:
    """The address of a dashboard whose records lie in a folder; what it says goes to a file."""
    port = _free_port()
    with (said_to or Path(os.devnull)).open("wb") as said:
        server = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true",
             "--server.port", str(port)],
            cwd=repository,
            env={**_environment(folder), **surroundings},
            stdout=said,
            stderr=said,
        )  # fmt: skip
        try:
            _wait_for_health(server, port)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=PATIENCE_S)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for_health(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError("the dashboard did not start")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let a test that waited too long for a busy machine try once more; pytest says that it did."""
    again = pytest.mark.flaky(reruns=1, only_rerun=["TimeoutError"])
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(again)


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[object]:
    """A real Chromium."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium_path, args=CHROMIUM_FLAGS, timeout=PATIENCE_MS
        )
        yield started
        started.close()


@pytest.fixture
def artifacts(repository: Path) -> Path:
    """Folder for screenshots."""
    folder = repository / "artifacts"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(params=["light", "dark"])
def opened(request, browser, dashboard):
    """A page on the dashboard with what it logged and asked for, in light and in dark."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, color_scheme=request.param
    )
    page = context.new_page()
    page.errors, page.requested = [], []
    page.on("console", lambda m: page.errors.append(m.text) if m.type == "error" else None)
    page.on("request", lambda r: page.requested.append(r.url))
    page.set_default_timeout(PATIENCE_MS)
    page.goto(dashboard)
    page.wait_for_selector(".js-plotly-plot .barlayer .point")
    page.locator("table.reg button").first.wait_for()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.wait_for_load_state("networkidle")
    # The first picture is drawn before the page knows whether it is dark.
    surface = {"light": "rgb(255, 255, 255)", "dark": "rgb(23, 32, 39)"}[request.param]
    page.locator(f".js-plotly-plot .main-svg[style*='{surface}']").first.wait_for()
    page.scheme, page.dashboard = request.param, dashboard
    yield page
    context.close()


@pytest.fixture
def outside() -> Callable[[Any], list[str]]:
    """Addresses a page asked for that are not its own."""

    def of(page: Any) -> list[str]:
        own = (page.dashboard, "data:", "blob:", page.dashboard.replace("http", "ws"))
        return [url for url in page.requested if not url.startswith(own)]

    return of


OF_STREAMLIT = {"presentation-role-conflict": "stFileUploaderDropzone"}
"""Rules that parts of Streamlit break, each with its part; docs/guide.md lists them."""


@pytest.fixture
def violations(repository: Path) -> Callable[[Any], list[str]]:
    """What axe-core finds on a page, of whatever weight, one line each."""
    source = (repository / "tests/browser/axe_core/axe.min.js").read_text(encoding="utf-8")

    def of(page: Any) -> list[str]:
        page.evaluate(source)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{v['id']}: {v['help']}: {node['target']} {node['failureSummary']}"
            for v in found["violations"]
            for node in v["nodes"]
            if OF_STREAMLIT.get(v["id"], "no part") not in node["html"]
        ]

    return of


@pytest.fixture
def visitor(browser, own_dashboard):
    """A page on the dashboard of this test file, with what it logged and asked for."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light")
    page = context.new_page()
    page.errors, page.requested = [], []
    page.on("console", lambda m: page.errors.append(m.text) if m.type == "error" else None)
    page.on("request", lambda r: page.requested.append(r.url))
    page.set_default_timeout(PATIENCE_MS)
    page.dashboard = own_dashboard
    page.goto(own_dashboard)
    page.get_by_role("link", name="Import").wait_for()
    yield page
    context.close()
