# SPDX-License-Identifier: Apache-2.0
"""Starts the emulator of `otp` and sends messages to it."""

import contextlib
import datetime
import hashlib
import hmac
import http.client
import json
import os
import secrets
import subprocess
import sys
import urllib.parse
import urllib.request

KEY_ID, SECRET = "LTAI" + secrets.token_hex(8), secrets.token_hex(16)
TIMEOUT = 15
ALGORITHM = "ACS3-HMAC-SHA256"


def key_environment():
    return {**os.environ, "ALIBABA_CLOUD_ACCESS_KEY_ID": KEY_ID, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": SECRET}


class Emulator:
    """An emulator process. The port 0 means a free port."""

    def __init__(self, port=0, *options, **variables):
        self.process = subprocess.Popen(
            [os.environ["BROWSER_OTP"], "emulator", "--json", "--port", str(port), *options],
            env={**key_environment(), **variables}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            sys.exit("browser: the emulator did not start")
        self.url = json.loads(line)["url"]

    @property
    def port(self):
        return int(self.url.rsplit(":", 1)[1])

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)

    def restart(self):
        """Stops the emulator and returns a new one on the same port, with an empty inbox."""
        self.stop()
        return Emulator(self.port)

    def messages(self):
        with urllib.request.urlopen(f"{self.url}/api/v1/messages", timeout=TIMEOUT) as response:
            return json.load(response)["messages"]

    def delete(self, message_id):
        request = urllib.request.Request(f"{self.url}/api/v1/messages/{message_id}", method="DELETE")
        urllib.request.urlopen(request, timeout=TIMEOUT).close()

    def send(self, to, text, plus_for_space=False, namespace=None, **parameters):
        """Sends a message with a version 3 signature.

        With `plus_for_space` the signature encodes a space as +, which is a common mistake.
        """
        host = self.url.removeprefix("http://")
        parameters = {"To": to, "Message": text, **parameters}
        headers = {**signed_headers(host, parameters, plus_for_space), **({"x-otp-namespace": namespace} if namespace else {})}
        del headers["host"]
        # `http.client` is used, because urllib adds a content type that would have to be signed.
        connection = http.client.HTTPConnection(host, timeout=TIMEOUT)
        with contextlib.closing(connection):
            connection.request("POST", "/?" + query(parameters), headers=headers)
            return json.load(connection.getresponse())


def encode(text, plus_for_space=False):
    return urllib.parse.quote(text, safe="-_.~").replace("%20", "+" if plus_for_space else "%20")


def query(parameters, plus_for_space=False):
    return "&".join(f"{encode(name)}={encode(value, plus_for_space)}" for name, value in sorted(parameters.items()))


def signed_headers(host, parameters, plus_for_space):
    digest = hashlib.sha256(b"").hexdigest()
    headers = {
        "host": host, "x-acs-action": "SendMessageToGlobe", "x-acs-content-sha256": digest,
        "x-acs-date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": secrets.token_hex(16), "x-acs-version": "2018-05-01",
    }
    names = ";".join(headers)
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    canonical = "\n".join(["POST", "/", query(parameters, plus_for_space), lines, names, digest])
    to_sign = f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(SECRET.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    headers["authorization"] = f"{ALGORITHM} Credential={KEY_ID},SignedHeaders={names},Signature={signature}"
    return headers
