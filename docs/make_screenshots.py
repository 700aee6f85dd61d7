"""Make the screenshots of the documents from the running app, with the sample patient.

Run ``python -m docs.make_screenshots`` in the root of the checkout; needs Chromium.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.startup import browser, chromium, open_page, running_app, wait_for_figure

IMAGES = Path(__file__).parent / "images"


def main() -> None:
    """Write docs/images/timeline.png."""
    executable = chromium()
    if executable is None:
        raise SystemExit("no Chromium found")
    IMAGES.mkdir(exist_ok=True)
    with running_app() as address, browser(executable) as opened:
        page = open_page(opened, address, width=1280, height=980)
        wait_for_figure(page)
        page.wait_for_load_state("networkidle")
        page.screenshot(path=IMAGES / "timeline.png")


if __name__ == "__main__":
    main()
