"""Switches of the Timeline, the first Report, and twenty sessions at once.

Watches the running app in an installed Chromium, which shares the processor with the app.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from typing import TYPE_CHECKING

from benchmarks.startup import browser, chromium, open_page, running_app, wait_for_figure

if TYPE_CHECKING:
    from playwright.sync_api import Page

REPEATS = 10
SESSIONS = 20
SWITCHES = (
    ("axis", "Days from start", "Dates"),
    ("arrangement", "By site", "Together"),
    ("site", "Chest", "Forearm right"),
)
# Counted inside the page, from the press to the frame in which the figure's words are others.
PRESS_AND_WAIT = """async (name) => {
  const words = () => [...document.querySelectorAll(".js-plotly-plot text")]
    .map((t) => t.textContent + (t.getAttribute("style") || "")).join("|");
  const before = words();
  const button = [...document.querySelectorAll('[data-testid="stButtonGroup"] button')]
    .find((b) => b.textContent.trim() === name);
  const began = performance.now();
  button.click();
  while (words() === before && performance.now() - began < 20000) {
    await new Promise(requestAnimationFrame);
  }
  return performance.now() - began;
}"""


def main() -> None:
    """Print the figures."""
    executable = chromium()
    if executable is None:
        print("not measured: no Chromium")
        return
    with running_app() as address:
        with browser(executable) as opened:
            page = open_page(opened, address)
            wait_for_figure(page)
            for kind, there, back in SWITCHES:
                _switch(page, kind, there, back)
            _first_report(page)
        asyncio.run(_sessions(address))


def _switch(page: Page, kind: str, there: str, back: str) -> None:
    seconds = []
    for _ in range(REPEATS // 2):
        for name in (there, back):
            seconds.append(page.evaluate(PRESS_AND_WAIT, name) / 1000)
            page.wait_for_timeout(300)
    print(
        f"{kind} switched, until the figure is drawn anew: median "
        f"{statistics.median(seconds):.2f} s, worst {max(seconds):.2f} s of {len(seconds)} "
        "(aim: 0.35 s)"
    )


def _first_report(page: Page) -> None:
    """From the press on Report to its last words, in an app that has made no report yet."""
    began = time.perf_counter()
    page.get_by_role("link", name="Report").click()
    page.get_by_role("button", name="Word").first.wait_for()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    print(f"first Report: {time.perf_counter() - began:.1f} s (aim: 3 s)")


async def _sessions(address: str) -> None:
    began = time.perf_counter()
    sessions = await asyncio.gather(*(_session(address) for _ in range(SESSIONS)))
    figures = sum(figures for figures, _ in sessions)
    errors = sum(errors for _, errors in sessions)
    print(
        f"{SESSIONS} sessions opened at once, without a browser: {figures} figures sent in "
        f"{time.perf_counter() - began:.1f} s, {errors} errors"
    )


async def _session(address: str) -> tuple[int, int]:
    """One visitor, in the protocol of the browser: figures and errors that were sent to it."""
    import websockets
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    stream = address.replace("http", "ws", 1) + "/_stcore/stream"
    start, figures, errors = BackMsg(), 0, 0
    start.rerun_script.query_string = ""
    async with websockets.connect(
        stream, subprotocols=["streamlit"], origin=address, max_size=None
    ) as visitor:
        await visitor.send(start.SerializeToString())
        while True:
            message = ForwardMsg()
            message.ParseFromString(await visitor.recv())
            if message.WhichOneof("type") == "script_finished":
                return figures, errors
            if message.WhichOneof("type") == "delta":
                kind = message.delta.new_element.WhichOneof("type")
                figures += kind == "plotly_chart"
                errors += kind == "exception"


if __name__ == "__main__":
    main()
