# SPDX-License-Identifier: Apache-2.0
"""Captures requests of the SDK in a form that can be modified, signed again and sent."""

import http.client
import json
import re
import socket
import threading
import types
import urllib.parse

from alibabacloud_dysmsapi20180501 import models
from alibabacloud_dysmsapi20180501.client import Client
from alibabacloud_tea_openapi.utils import Utils

from sdk import ENDPOINT, KEY, config

HOST, PORT = ENDPOINT.split(":")
REJECTION = (b"HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: 13\r\n"
             b'Connection: close\r\n\r\n{"Code":"No"}')


class Request:
    """A request as the SDK wrote it, split into method, target, headers and body."""

    def __init__(self, data):
        head, self.body = data.split(b"\r\n\r\n", 1)
        lines = head.decode().split("\r\n")
        self.method, self.target, self.version = lines[0].split(" ")
        self.headers = [tuple(line.split(": ", 1)) for line in lines[1:]]

    def __getitem__(self, name):
        return next(value for key, value in self.headers if key.lower() == name)

    def __setitem__(self, name, value):
        self.headers = [(key, value if key.lower() == name else old) for key, old in self.headers]

    def add(self, name, value):
        self.headers.append((name, value))

    def drop(self, name):
        self.headers = [entry for entry in self.headers if entry[0].lower() != name]

    def replace(self, old, new):
        assert old in self.target, self.target
        self.target = self.target.replace(old, new, 1)

    def sign(self, secret, key_id=None):
        """Replaces the signature by one that the SDK's function computes."""
        old = re.fullmatch(r"(\S+) Credential=([^,]+),SignedHeaders=([^,]+),Signature=(.+)", self["authorization"])
        names = {key.lower() for key, _ in self.headers if key.lower().startswith("x-acs-")} | set(old[3].split(";"))
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.target).query, keep_blank_values=True))
        request = types.SimpleNamespace(
            method=self.method, pathname="/", query=query,
            headers={key.lower(): value for key, value in self.headers if key.lower() in names})
        self["authorization"] = Utils.get_authorization(
            request, old[1], self["x-acs-content-sha256"], key_id or old[2], secret)

    def data(self):
        lines = [f"{self.method} {self.target} {self.version}"] + [f"{key}: {value}" for key, value in self.headers]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + self.body

    def send(self):
        """Sends the request to the emulator, and returns HTTP status and response code."""
        with socket.create_connection((HOST, int(PORT)), timeout=10) as connection:
            connection.sendall(self.data())
            response = http.client.HTTPResponse(connection)
            response.begin()
            text = response.read().decode(errors="replace")
        try:
            fields = json.loads(text)
        except ValueError:
            fields = {}
        return response.status, fields.get("Code") or fields.get("ResponseCode") or text[:60]


def receive(listener, received):
    """Reads one request with its body and rejects it."""
    connection, _ = listener.accept()
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    length = re.search(rb"(?i)content-length: *([0-9]+)", data)
    while len(data.split(b"\r\n\r\n", 1)[1]) < int(length[1] if length else 0):
        data += connection.recv(65536)
    received.append(data)
    connection.sendall(REJECTION)
    connection.close()


def capture(key=KEY, form=False, **options):
    """Lets the SDK send to a listener that rejects the request, and returns the request."""
    listener = socket.create_server(("127.0.0.1", 0))
    received = []
    thread = threading.Thread(target=receive, args=(listener, received))
    thread.start()
    client = Client(config(key, endpoint="127.0.0.1:%d" % listener.getsockname()[1], **options))
    try:
        if form:
            client.conversion_data(models.ConversionDataRequest(conversion_rate="0.53", report_time=1700000000000))
        else:
            client.send_message_to_globe(models.SendMessageToGlobeRequest(
                to="6591234567", message="Code 123456 a+b~*'()", type="OTP", task_id="tampered"))
    except Exception:
        pass
    thread.join()
    listener.close()
    return Request(received[0])
