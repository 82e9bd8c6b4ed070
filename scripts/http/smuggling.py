# SPDX-License-Identifier: Apache-2.0
"""Sends ambiguous requests, each of which hides a second request, and counts the responses.

The tests in Tests/HTTPConnectionsTests/SmugglingTests.swift contain the same texts without a network.
"""

from wire import exchange, responses

HIDDEN = b"GET /openapi.json HTTP/1.1\r\nhost: a\r\n\r\n"
END = b"0\r\n\r\n"
CHUNKED = b"transfer-encoding: chunked"


def post(*fields, body=b""):
    """Returns a request with header fields, and with bytes after its headers."""
    return b"\r\n".join([b"POST /v1/verifications HTTP/1.1", b"host: a", *fields, b"", b""]) + body


def rejected():
    """Returns the texts that a server must reject."""
    size = b"%x\r\n" % len(HIDDEN)
    return {
        "CL.TE": post(b"content-length: 6", CHUNKED, body=END + HIDDEN),
        "TE.CL": post(CHUNKED, b"content-length: 4", body=size + HIDDEN + b"\r\n" + END),
        "TE.TE": post(CHUNKED, b"transfer-encoding: x", body=END + HIDDEN),
        "TE xchunked": post(b"transfer-encoding: xchunked", body=END + HIDDEN),
        "TE with a tab": post(b"transfer-encoding:\x0bchunked", body=END + HIDDEN),
        "TE with a space before the colon": post(b"transfer-encoding : chunked", body=END + HIDDEN),
        "TE obs-fold": post(b"transfer-encoding:", b" chunked", body=END + HIDDEN),
        "TE in HTTP/1.0": post(CHUNKED, body=END + HIDDEN).replace(b"HTTP/1.1\r\nhost: a\r\ntr", b"HTTP/1.0\r\nhost: a\r\ntr"),
        "duplicate CL": post(b"content-length: 0", b"content-length: %d" % len(HIDDEN), body=HIDDEN),
        "equal duplicate CL": post(b"content-length: 0", b"content-length: 0", body=HIDDEN),
        "CL with a list": post(b"content-length: 0, 0", body=HIDDEN),
        "CL with spaces": post(b"content-length: 3 9", body=HIDDEN),
        "CL with a sign": post(b"content-length: +0", body=HIDDEN),
        "CL obs-fold": post(b"content-length: 0", b" 0", body=HIDDEN),
        "CL overflow": post(b"content-length: 18446744073709551616", body=HIDDEN),
        "CL with NUL": post(b"content-length: 0\x00", body=HIDDEN),
        "bare LF": post(b"content-length: 0", body=b"").replace(b"\r\n", b"\n") + HIDDEN,
        "bare LF after a field": post(b"x: y\n" + CHUNKED, body=END + HIDDEN),
        "bare CR in a field": post(b"x: y\r" + CHUNKED, body=END + HIDDEN),
        "chunk size with a sign": post(CHUNKED, body=b"+0\r\n\r\n" + HIDDEN),
        "chunk size with 0x": post(CHUNKED, body=b"0x0\r\n\r\n" + HIDDEN),
        "chunk size overflow": post(CHUNKED, body=b"10000000000000000\r\n\r\n" + HIDDEN),
        "chunk extension with LF": post(CHUNKED, body=b"0;x\n\r\n" + HIDDEN),
        "chunk without an end": post(CHUNKED, body=b"1\r\nxx" + END + HIDDEN),
        "chunk with LF": post(CHUNKED, body=b"1\r\nx\n" + END + HIDDEN),
    }


def accepted():
    """Returns the texts that have one meaning, and the number of their responses."""
    size = b"%x\r\n" % len(HIDDEN)
    return {
        "body of POST": (post(b"content-length: %d" % len(HIDDEN), body=HIDDEN), 1),
        "chunked body": (post(CHUNKED, body=size + HIDDEN + b"\r\n" + END), 1),
        "chunk extension": (post(CHUNKED, body=b"0;a=\"b\"\r\n\r\n" + HIDDEN), 2),
        "two requests": (post(b"content-length: 0", body=HIDDEN), 2),
        "offer of h2c": (post(b"connection: upgrade", b"upgrade: h2c", b"content-length: 2", body=b"{}" + HIDDEN), 1),
    }


def check(port):
    """Yields the name, the statuses of the responses, and the fault of each text."""
    for name, text in rejected().items():
        # The client does not close its side: the server must end the connection on its own.
        found = [each.status for each in responses(exchange(port, text, half_close=False, timeout=15))]
        yield name, found, None if found == [400] else "expected one 400 and the end of the connection"
    for name, (text, count) in accepted().items():
        last = b"GET /livez HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"
        # An offer to change the protocol ends the connection.
        count += b"upgrade" not in text
        found = [each.status for each in responses(exchange(port, text + last, half_close=False, timeout=15))]
        yield name, found, None if len(found) == count else f"expected {count} responses"
