# SPDX-License-Identifier: Apache-2.0
"""Random malformed requests, from a seed."""

import dataclasses
import json

OPERATIONS = ["", "/check", "/resend", "/cancel", "/status"]
HEALTH = [b"/livez", b"/readyz", b"/openapi.json"]
METHODS = [b"GET", b"HEAD", b"PUT", b"DELETE", b"PATCH", b"OPTIONS", b"TRACE", b"CONNECT", b"PROPFIND", b"QUERY", b"PURGE",
           b"post", b"P", b"POST POST", b"PO\x00ST", b"M" * 300, b"PRI", b"\xff\xfe"]
FIELDS = [
    b"authorization: Bearer ", b"authorization: Basic dTpw", b"authorization:", b"Authorization: Bearer ak1.web.x",
    b"idempotency-key: short", b'idempotency-key: "0123456789abcdef0123"', b"idempotency-key: " + b"k" * 129,
    b"idempotency-key: 0123456789abcdef0123", b"idempotency-key: \xc3\xa4\xc3\xb6" + b"x" * 20,
    b"traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", b"traceparent: 00-zz-zz-01",
    b"traceparent: " + b"-" * 300, b"tracestate: " + b"a=b," * 200, b"accept-language: " + b"en;q=0.1," * 500,
    b"accept-language: ;;;=,,*;q=9e99", b"x-forwarded-for: 1.2.3.4, " + b"9" * 400, b"forwarded: for=\"[::1", b"x-real-ip: -1",
    b"content-type: text/plain", b"content-type: application/json; charset=utf-16", b"content-type:",
    b"content-encoding: gzip", b"content-encoding: identity", b"accept: image/png", b"accept-encoding: br;q=-1",
    b"expect: 100-continue", b"expect: nothing", b"connection: close", b"connection: keep-alive, upgrade",
    b"upgrade: h2c", b"upgrade: websocket", b"http2-settings: AAMAAABkAAQAAP__", b"te: trailers", b"trailer: x",
    b"host: b", b"host:", b"x: " + b"y" * 20_000, b"x" * 20_000 + b": y", b"no colon", b": empty name", b"sp ace: x",
    b"x: a\r\n folded", b"x: a\n\tfolded", b"x: \x00", b"x: \x7f\x01", b"x: \xff", b"x\xff: y", b"x:y\rz: w",
    b"range: bytes=0-0", b"if-none-match: *", b"cookie: " + b"a=b; " * 100, b"content-length: 0", b"content-length: -1",
    b"content-length: 99999999999999999999", b"content-length: 1, 1", b"content-length: +5", b"content-length: 0x5",
    b"transfer-encoding: chunked", b"transfer-encoding: gzip, chunked", b"transfer-encoding: identity",
    b"transfer-encoding: chunked, chunked", b"transfer-encoding : chunked", b"transfer-encoding: xchunked",
]
TARGETS = [
    b"/", b"//", b"/v1", b"/v1/verifications/", b"/v1//verifications", b"/v1/verifications/check/..", b"/v1/verifications/../x",
    b"/v1/verifications/%2e%2e/check", b"/V1/verifications", b"/v1/verifications%2fcheck", b"/v1/verifications/check%00",
    b"/v1/verifications?x=1", b"/v1/verifications?", b"/v1/verifications#x", b"*", b"", b"v1/verifications",
    b"http://localhost/v1/verifications", b"http://other/v1/verifications", b"/%", b"/%zz", b"/%ff%fe", b"/\xc3\xa4", b"/\xff",
    b"/" + b"a" * 10_000, b"/" + b"a/" * 3_000, b"/{name}", b"/:id", b"/**", b"/livez/", b"/metrics", b"/demo", b"/admin",
    b"/openapi.json?x", b"localhost:80", b"/a b", b"/a\x00b", b"/\x1b[31m", b"/%0d%0aset-cookie:x", b"/../../etc/passwd",
]
VALUES = [
    None, True, False, 0, -1, 1.5, 1e308, 10 ** 400, "", " ", "x", "\x00", "\u202e", "💥", "e\u0301" * 50, [], {}, [[]], [[[]]],
    [None], ["a", 1], {"a": 1}, {"address": "1.2.3.4"}, {"address": "::1%eth0"}, {"address": 5}, {"knownNumber": "true"},
    {"deviceToken": "d1." + "A" * 100}, {"humanCheckResponse": "x" * 3000}, {"unknown": 1}, "+65 9123 4567", "+6591234567890123456",
    "tel:+6591234567", "(+65) ٩١٢٣٤٥٦٧", "９１２３４５６７", "+0", "++65", "v1.", "v1." + "A" * 43, "v1." + "=" * 43, "v9.x", "000000",
    "0" * 5_000, "１２３４５６", "12 34 56", "default", "../x", "sign-in", "SIGN-IN", "a" * 65, "en", "zh-Hant-TW", "-", "x-" * 200,
]
RAW = [
    b"", b"{", b"}", b"[]", b"null", b'""', b"0", b"{}{}", b"{},", b'{"a":1,"a":2}', b'{"number":"+6591234567","number":"x"}',
    b"[" * 2_000, b'{"a":' * 800, b'{"number":"\\ud800"}', b'{"number":"\\u0000"}', b'{"number":"\xff"}', b"\xef\xbb\xbf{}",
    '{"a":1}'.encode("utf-16"), b"{'a':1}", b"{a:1}", b'{"a":NaN}', b'{"a":01}', b'{"a":1e999999999}', b"// c\n{}", b"\x1f\x8b\x08",
    b"number=1&purpose=2", b"--b\r\ncontent-disposition: form-data\r\n\r\n", b"<x/>", b"\x00" * 100, b" " * 4_090 + b"{}",
    b" " * 5_000 + b"{}", b"{" + b'"x":"' + b"y" * 4_080, b'{"number":' + b"9" * 4_000 + b"}", b"A" * 70_000,
]


@dataclasses.dataclass
class Sent:
    """Bytes to send, and the method and the path of the request if there is exactly one."""

    data: bytes
    method: bytes = None
    path: bytes = None


class Generator:
    """Creates requests that resemble valid requests."""

    def __init__(self, key, challenges):
        self.key = key.encode()
        # Each challenge is a number, a token and a code.
        self.challenges = challenges

    def body(self, random, operation):
        """Returns a valid body, whose code can be wrong."""
        number, token, code = random.choice(self.challenges)
        if operation == "":
            return {"number": f"+659{random.randrange(10 ** 7):07d}", "purpose": "sign-in"}
        body = {"number": number, "token": token}
        if operation in ("/check", "/resend"):
            body["purpose"] = random.choice(["sign-in", "pay"])
        if operation == "/check":
            body["code"] = code if random.random() < 0.1 else f"{random.randrange(10 ** 6):06d}"
        return body

    def mutated(self, random, body):
        """Returns the bytes of a body after some changes."""
        for _ in range(random.choice([0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 3])):
            name = random.choice(["number", "purpose", "token", "code", "context", "locale", "tenant", "client", "x", ""])
            if random.random() < 0.2:
                body.pop(name, None)
            else:
                body[name] = random.choice(VALUES)
        text = json.dumps(body, ensure_ascii=random.random() < 0.5).encode("utf-8", "surrogatepass")
        kind = random.random()
        if kind < 0.08:
            return random.choice(RAW)
        if kind < 0.15:
            return text[:random.randrange(len(text))]
        if kind < 0.2:
            changed = bytearray(text)
            for _ in range(random.randrange(1, 5)):
                changed[random.randrange(len(changed))] = random.randrange(256)
            return bytes(changed)
        if kind < 0.22:
            return random.randbytes(random.randrange(6_000))
        return text

    @staticmethod
    def chunks(random, body):
        """Returns a body in chunks, some of which are malformed."""
        result = b""
        while body:
            size = random.randrange(1, len(body) + 1)
            mark = random.choice([b"%x"] * 20 + [b"%X", b"0000%x", b"%x;a=b", b"%x ;q=\"\\\"\"", b"0x%x", b"-%x", b"+%x",
                                  b" %x", b"%x\r", b"g%x"]) % size
            result += mark + random.choice([b"\r\n"] * 30 + [b"\n"]) + body[:size] + random.choice([b"\r\n"] * 30 + [b"\n", b""])
            body = body[size:]
        return result + random.choice([b"0\r\n\r\n"] * 20 + [b"0\r\nx: y\r\n\r\n", b"0\r\n", b"", b"00\r\n\r\n", b"0\n\n",
                                                          b"0\r\nbad trailer\r\n\r\n"])

    def request(self, random):
        """Returns the bytes of a request, its method and its path."""
        operation = random.choice(OPERATIONS)
        method, path = b"POST", b"/v1/verifications" + operation.encode()
        fields = [b"host: localhost", b"authorization: Bearer " + self.key, b"content-type: application/json"]
        body = self.mutated(random, self.body(random, operation))
        if random.random() < 0.1:
            method, path, body = b"GET", random.choice(HEALTH), b""
        if random.random() < 0.08:
            method = random.choice(METHODS)
        if random.random() < 0.08:
            path = random.choice(TARGETS)
        if random.random() < 0.05:
            fields.pop(random.randrange(len(fields)))
        if random.random() < 0.1:
            body, length = self.chunks(random, body), b"transfer-encoding: chunked"
        else:
            claimed = len(body) if random.random() < 0.98 else max(0, len(body) + random.randrange(-9, 10))
            length = b"content-length: %d" % claimed
        fields.append(length)
        for _ in range(random.choice([1] * 9 + [2, 3, 40, 120]) if random.random() < 0.2 else 0):
            fields.insert(random.randrange(len(fields) + 1), random.choice(FIELDS))
        version = random.choice([b"HTTP/1.1"] * 150 + [b"HTTP/1.0", b"HTTP/0.9", b"HTTP/2.0", b"HTTP/9.9", b"http/1.1", b"", b"X"])
        end = random.choice([b"\r\n"] * 100 + [b"\n", b"\r", b"\n\r"])
        data = end.join([b" ".join([method, path, version]).rstrip(), *fields, b"", b""]) + body
        return data, (method, path)

    def sent(self, random):
        """Returns one or several requests for one connection."""
        count = random.choice([1] * 12 + [2, 3, 5])
        parts = [self.request(random) for _ in range(count)]
        data = b"".join(part for part, _ in parts)
        kind = random.random()
        if kind < 0.05:
            data = data[:random.randrange(1, len(data) + 1)]
        elif kind < 0.09:
            changed = bytearray(data)
            for _ in range(random.randrange(1, 8)):
                changed[random.randrange(len(changed))] = random.randrange(256)
            data = bytes(changed)
        elif kind < 0.1:
            data = random.randbytes(random.randrange(1, 3_000))
        # A changed request can have another method or path, or contain a second request.
        if kind >= 0.1 and count == 1 and self.is_single(data):
            return Sent(data, *parts[0][1])
        return Sent(data)

    @staticmethod
    def is_single(data):
        """Returns whether the bytes contain one request whose body cannot look like a second one."""
        return data.count(b"HTTP/1.1") == 1 and data.lower().count(b"content-length") == 1 and b"chunked" not in data.lower()
