"""From the command to the first page, and from two files to the figure, in a real browser.

Starts the app as a user does, on a free loopback port, and watches it with Playwright in
an installed Chromium. Figures depend on the machine and on what else it is doing.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_S = 60
FIGURE = ".js-plotly-plot .main-svg"
FILES = tuple(
    str(ROOT / f"sample_data/index_case_{name}.csv") for name in ("measurements", "therapies")
)


@contextlib.contextmanager
def running_app() -> Iterator[str]:
    """The app with an empty store of its own; yields its address once it is healthy."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    words = ["-m", "streamlit", "run", "app.py", "--server.port", str(port), "--server.headless=1"]
    with tempfile.TemporaryDirectory() as folder:
        surroundings = {**os.environ, "SM_TRACKER_DATA_FOLDER": folder}
        surroundings.pop("SM_TRACKER_DATABASE_URL", None)
        server = subprocess.Popen(
            [sys.executable, *words],
            cwd=ROOT,
            env=surroundings,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_until_healthy(address, server)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=PATIENCE_S)


def _wait_until_healthy(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if server.poll() is not None:
            raise SystemExit(f"the app stopped with status {server.returncode}")
        if _is_healthy(address):
            return
        time.sleep(0.02)
    raise SystemExit(f"the app was not healthy within {PATIENCE_S} s")


def _is_healthy(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5) as answer:
            return bool(answer.read() == b"ok")
    except (urllib.error.URLError, ConnectionError):
        return False


def chromium() -> str | None:
    """Path of an installed Chromium, if any."""
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


@contextlib.contextmanager
def browser(executable: str) -> Iterator[Browser]:
    """A headless Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=executable, args=list(CHROMIUM_ARGUMENTS)
        )
        yield opened
        opened.close()


def open_page(browser: Browser, address: str, *, width: int = 1280, height: int = 800) -> Page:
    """A new page of the app with its first figure drawn."""
    page = browser.new_page(viewport={"width": width, "height": height})
    page.set_default_timeout(PATIENCE_S * 1000)
    page.goto(address)
    page.locator(FIGURE).first.wait_for()
    return page


def main() -> None:
    """Print the figures."""
    executable = chromium()
    if executable is None:
        print(f"not measured: no Chromium (looked for {', '.join(CHROMIUM_NAMES)})")
        return
    with browser(executable) as opened:
        began = time.perf_counter()
        with running_app() as address:
            print(f"command to healthy server: {time.perf_counter() - began:.1f} s")
            page = open_page(opened, address)
            print(f"command to first figure: {time.perf_counter() - began:.1f} s (aim: 4 s)")
            began = time.perf_counter()
            page.reload()
            page.locator(FIGURE).first.wait_for()
            print(f"page opened again: {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
