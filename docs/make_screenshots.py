"""Make the screenshots of the documents from the running app, with the sample patient.

Run ``python -m docs.make_screenshots`` in the root of the checkout; needs Chromium. Nothing
but the synthetic sample patient is shown.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.startup import browser, chromium, open_page, running_app, wait_for_figure

if TYPE_CHECKING:
    from playwright.sync_api import Page

IMAGES = Path(__file__).parent / "images"
WIDTH, HEIGHT = 1280, 980
READY = "[data-testid=stApp][data-test-script-state=notRunning]"
PAGES = ("Compare", "Import", "Records", "Cohort", "Figure", "Report", "Settings")


def main() -> None:
    """Write one picture a page into docs/images, the Timeline also with the tour and dark."""
    executable = chromium()
    if executable is None:
        raise SystemExit("no Chromium found")
    IMAGES.mkdir(exist_ok=True)
    os.environ["STREAMLIT_SERVER_FILE_WATCHER_TYPE"] = "none"
    with running_app() as address, browser(executable) as opened:
        page = open_page(opened, address, width=WIDTH, height=HEIGHT)
        wait_for_figure(page)
        take(page, "timeline")
        page.get_by_text("Two-minute tour").click()
        page.get_by_text("Tour, 1 of").wait_for()
        take(page, "tour")
        page.locator(".st-key-tour").get_by_role("button", name="Close").click()
        page.get_by_text("Tour, 1 of").wait_for(state="detached")
        page.set_viewport_size({"width": WIDTH, "height": 2400})
        at_rest(page)
        page.locator("table.reg").screenshot(path=IMAGES / "regimen_table.png")
        page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        for name in PAGES:
            link = page.locator("[data-testid=stTopNavLink]").filter(has_text=name)
            if link.count():
                link.first.click()
                page.get_by_role("heading").first.wait_for()
                take(page, name.lower())
        page.close()
        dark = opened.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="dark")
        dark.goto(address)
        wait_for_figure(dark)
        take(dark, "timeline_dark")


def take(page: Page, name: str) -> None:
    """Picture of what the window shows, once the page has come to rest."""
    at_rest(page)
    page.screenshot(path=IMAGES / f"{name}.png")


def at_rest(page: Page) -> None:
    """Wait until nothing is computed, loaded or still to come."""
    for _ in range(2):
        page.wait_for_timeout(1000)
        page.locator(READY).wait_for()
        page.locator("[data-testid=stSkeleton]").first.wait_for(state="detached")
        page.wait_for_load_state("networkidle")


if __name__ == "__main__":
    main()
