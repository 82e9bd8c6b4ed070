# SPDX-License-Identifier: Apache-2.0
"""Sends bytes to a server, and parses the bytes that it returns."""

import contextlib
import dataclasses
import json
import re
import socket

HEAD = re.compile(rb"HTTP/1\.1 (\d{3}) [^\r\n]*\r\n((?:[^\r\n:]+:[^\r\n]*\r\n)*)\r\n")


@dataclasses.dataclass
class Response:
    """A response with its whole body."""

    status: int
    headers: dict
    body: bytes
    # A response to `HEAD` announces the length of a body that does not follow.
    has_body: bool = True

    @property
    def problem(self):
        """The document of a problem; `None` for other bodies."""
        if self.headers.get("content-type") != "application/problem+json":
            return None
        try:
            return json.loads(self.body)
        except ValueError:
            return None


class Malformed(Exception):
    """The server sent bytes that are not a sequence of responses."""


def responses(data, has_head=False):
    """Returns the responses in the bytes that a server sent.

    If there was a `HEAD` request, a response whose body does not follow is complete. All bodies are objects, so a body never looks
    like the next response.
    """
    found, position = [], 0
    while position < len(data):
        head = HEAD.match(data, position)
        if head is None:
            raise Malformed(f"no response at byte {position}: {data[position:position + 80]!r}")
        position = head.end()
        status = int(head[1])
        fields = [line.split(b":", 1) for line in head[2].split(b"\r\n") if line]
        headers = {name.decode().lower(): value.strip().decode() for name, value in fields}
        if len(headers) != len(fields):
            raise Malformed(f"a response has a duplicate field: {head[2]!r}")
        if status < 200:
            continue
        length = 0 if status == 204 else int(headers.get("content-length", -1))
        if has_head and (position == len(data) or data.startswith(b"HTTP/1.1 ", position)):
            length = 0
        announced = int(headers.get("content-length", 0))
        if length < 0 or position + length > len(data):
            raise Malformed(f"the body of a response with the status {status} is incomplete")
        found.append(Response(status, headers, data[position:position + length], length == announced))
        position += length
    return found


def exchange(port, data, half_close=True, timeout=30):
    """Sends bytes, and returns everything until the server closes the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as connection:
        received = bytearray()
        # The server may close the connection before it has read everything.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(data)
            if half_close:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_WR)
            while chunk := connection.recv(65_536):
                received += chunk
        return bytes(received)
