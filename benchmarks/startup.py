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
LANES = ".js-plotly-plot .barlayer .point"
# A site that the sample patient does not have, so that its figure cannot be taken for ours.
OWN_FILES = {
    "measurements": "patient_id,date,site,thickness_mm\n"
    "A1,2024-01-10,calf,2.50\nA1,2024-03-12,calf,2.10\nA1,2024-05-14,calf,1.60\n",
    "therapies": "patient_id,therapy,start,end_status\nA1,IVIG,2024-01-15,ongoing\n",
}


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
    """A new page of the app, as soon as its address has answered."""
    page = browser.new_page(viewport={"width": width, "height": height})
    page.set_default_timeout(PATIENCE_S * 1000)
    page.goto(address, wait_until="commit")
    return page


def wait_for_figure(page: Page, heading: str = "") -> None:
    """Until the headline (holding `heading`) and the timeline's lanes are drawn."""
    page.get_by_role("heading", name=heading).first.wait_for()
    page.locator(LANES).first.wait_for()


def upload(page: Page) -> None:
    """Give the page two files of a patient of its own."""
    from playwright.sync_api import FilePayload

    page.get_by_text("Open your own files").click()
    page.locator("input[type=file]").set_input_files(
        [
            FilePayload(name=f"{name}.csv", mimeType="text/csv", buffer=text.encode())
            for name, text in OWN_FILES.items()
        ]
    )


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
            page.get_by_role("heading").first.wait_for()
            print(
                f"command to first page, headline: {time.perf_counter() - began:.1f} s (aim: 4 s)"
            )
            wait_for_figure(page)
            print(f"command to first page, figure drawn: {time.perf_counter() - began:.1f} s")
            for _ in range(3):
                began = time.perf_counter()
                page = open_page(opened, address)
                wait_for_figure(page)
                print(f"opened by another browser: {time.perf_counter() - began:.1f} s", end="")
                began = time.perf_counter()
                upload(page)
                wait_for_figure(page, "Calf under IVIG")
                page.locator(".js-plotly-plot text", has_text="Calf").first.wait_for()
                print(f"; two files to their figure: {time.perf_counter() - began:.1f} s")
                page.close()


if __name__ == "__main__":
    main()
