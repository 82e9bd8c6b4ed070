# SPDX-License-Identifier: Apache-2.0
"""Hostile connections, each kind in a process of its own.

    scripts/http/attacks.py KIND PORT CONNECTIONS

Prints a line as soon as all connections are open. Until the program is killed, it opens lost connections again.
"""

import asyncio
import contextlib
import sys

HEAD = b"POST /v1/verifications HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n"


async def idle(reader, _):
    """Sends nothing."""
    await reader.read()


async def slow_head(_, writer):
    """Sends one byte of the header fields at a time."""
    for byte in HEAD * 1000:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.5)


async def slow_body(_, writer):
    """Sends one byte of the body at a time."""
    writer.write(HEAD + b"content-length: 4000\r\n\r\n")
    for _ in range(4000):
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.5)


async def half_body(reader, writer):
    """Sends half of a body, and then nothing."""
    writer.write(HEAD + b"content-length: 4000\r\n\r\n" + b"x" * 2000)
    await reader.read()


async def large_head(reader, writer):
    """Sends header fields of 1 MiB."""
    writer.write(HEAD + b"x: " + b"y" * (1 << 20) + b"\r\n\r\n")
    await reader.read()


async def upgrade(_, writer):
    """Offers to change the protocol, and then sends bytes without an end."""
    writer.write(b"GET /livez HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n")
    while True:
        writer.write(b"x" * 65_536)
        await writer.drain()
        await asyncio.sleep(0.1)


async def deaf(_, writer):
    """Sends requests without reading the responses."""
    while True:
        writer.write(b"GET /openapi.json HTTP/1.1\r\nhost: a\r\n\r\n" * 50)
        await writer.drain()
        await asyncio.sleep(0.5)


KINDS = {"idle": idle, "slow-head": slow_head, "slow-body": slow_body, "half-body": half_body, "large-head": large_head,
         "upgrade": upgrade, "deaf": deaf}


async def attack(kind, port, opened):
    while True:
        writer = None
        with contextlib.suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            opened.release()
            await kind(reader, writer)
        if writer is not None:
            writer.close()
        # Both sides share the cores of this machine, so an attack that the server ends is not repeated immediately.
        await asyncio.sleep(1)


async def main():
    kind, port, count = KINDS[sys.argv[1]], int(sys.argv[2]), int(sys.argv[3])
    opened = asyncio.Semaphore(0)
    tasks = []
    for number in range(count):
        tasks.append(asyncio.create_task(attack(kind, port, opened)))
        # The backlog of the listening socket is short.
        if number % 50 == 49:
            await asyncio.sleep(0.01)
    for _ in range(count):
        await opened.acquire()
    print("open", flush=True)
    await asyncio.gather(*tasks)


if __name__ == "__main__":
    asyncio.run(main())
