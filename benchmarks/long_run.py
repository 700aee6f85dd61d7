"""Twenty sessions that go from page to page for fifteen minutes: memory of the server by minute.

The sessions speak the protocol of the browser without one. Run for another time with
``python -m benchmarks.long_run MINUTES``.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections import Counter

import psutil

from benchmarks.startup import running_app

SESSIONS = 20
MINUTES = 15.0
SETTLED_AFTER_MINUTES = 5
PAGES = ("timeline", "patients", "compare", "records", "figure", "report", "cohort", "settings")
THINKING_S = (1.0, 4.0)


def main(minutes: float = MINUTES) -> None:
    """Print the memory each minute, what was answered, and how much it grew once settled."""
    with running_app() as address:
        asyncio.run(_run(address, minutes))


async def _run(address: str, minutes: float) -> None:
    until = time.monotonic() + minutes * 60
    found: Counter[str] = Counter()
    visitors = [asyncio.create_task(_visit(address, n, until, found)) for n in range(SESSIONS)]
    server = _server_at(int(address.rpartition(":")[2]))
    sizes, minute = [], 0
    while time.monotonic() < until:
        await asyncio.sleep(min(60.0, max(0.1, until - time.monotonic())))
        minute += 1
        sizes.append(server.memory_info().rss / 2**20)
        print(f"minute {minute}: {sizes[-1]:.0f} MB, {found['pages']} pages", flush=True)
    await asyncio.gather(*visitors)
    settled = sizes[min(SETTLED_AFTER_MINUTES, len(sizes)) - 1]
    print(
        f"{SESSIONS} sessions, {minutes:g} minutes: {found['pages']} pages answered, "
        f"{found['errors']} errors; {sizes[-1] - settled:+.0f} MB since minute "
        f"{min(SETTLED_AFTER_MINUTES, len(sizes))} (aim: no growth)"
    )


def _server_at(port: int) -> psutil.Process:
    for one in psutil.net_connections("tcp"):
        if one.status == psutil.CONN_LISTEN and one.laddr.port == port and one.pid:
            return psutil.Process(one.pid)
    raise RuntimeError(f"nobody listens at {port}")


async def _visit(address: str, number: int, until: float, found: Counter[str]) -> None:
    """One visitor who goes to a page, waits for its end, looks at it, and goes on."""
    import websockets
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    choose = random.Random(number)
    stream = address.replace("http", "ws", 1) + "/_stcore/stream"
    async with websockets.connect(
        stream, subprotocols=["streamlit"], origin=address, max_size=None, ping_timeout=None
    ) as visitor:
        while time.monotonic() < until:
            ask = BackMsg()
            ask.rerun_script.query_string = ""
            ask.rerun_script.page_name = choose.choice(PAGES)
            await visitor.send(ask.SerializeToString())
            while True:
                message = ForwardMsg()
                message.ParseFromString(await visitor.recv())
                kind = message.WhichOneof("type")
                if kind == "delta":
                    found["errors"] += message.delta.new_element.WhichOneof("type") == "exception"
                if kind == "script_finished":
                    found["pages"] += 1
                    break
            await asyncio.sleep(choose.uniform(*THINKING_S))


if __name__ == "__main__":
    main(*(float(given) for given in sys.argv[1:2]))
