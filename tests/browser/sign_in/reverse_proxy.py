"""A reverse proxy on loopback that adds headers: ``reverse_proxy.py PORT UPSTREAM HEADERS.json``.

It does to a response what ``proxy_pass`` and ``add_header ... always`` do, for plain requests
and for WebSockets, and nothing else.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

HEAD_END = b"\r\n\r\n"
CHUNK = 65_536


async def serve(port, upstream, added):
    async def handle(reader, writer):
        try:
            await one_request(reader, writer, upstream, added)
        except (OSError, asyncio.IncompleteReadError):
            pass  # a browser may go away at any time
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", port, limit=CHUNK)
    async with server:
        await server.serve_forever()


async def one_request(reader, writer, upstream, added):
    head = await reader.readuntil(HEAD_END)
    first, lines = parsed(head)
    is_socket = any(n.lower() == b"upgrade" for n, _ in lines)
    kept = [(n, v) for n, v in lines if is_socket or n.lower() != b"connection"]
    kept += [] if is_socket else [(b"Connection", b"close")]
    kept += [(b"X-Forwarded-Proto", b"https"), (b"X-Forwarded-For", b"192.0.2.7")]
    there_reader, there = await asyncio.open_connection("127.0.0.1", upstream, limit=CHUNK)
    try:
        there.write(written(first, kept))
        upwards = asyncio.create_task(pour(reader, there))
        status, back = parsed(await there_reader.readuntil(HEAD_END))
        writer.write(written(status, [*back, *added]))
        await pour(there_reader, writer)
        upwards.cancel()
    finally:
        there.close()


def parsed(head):
    first, *lines = head[: -len(HEAD_END)].split(b"\r\n")
    pairs = [line.partition(b":") for line in lines]
    return first, [(name, value.strip()) for name, _, value in pairs]


def written(first, lines):
    return b"\r\n".join([first, *(n + b": " + v for n, v in lines)]) + HEAD_END


async def pour(source, target):
    while content := await source.read(CHUNK):
        target.write(content)
        await target.drain()


def main(port, upstream, headers):
    held = json.loads(Path(headers).read_text(encoding="utf-8"))
    added = [(n.encode(), v.encode()) for n, v in held]
    asyncio.run(serve(int(port), int(upstream), added))


if __name__ == "__main__":
    main(*sys.argv[1:])
