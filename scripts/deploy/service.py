# SPDX-License-Identifier: Apache-2.0
"""Runs `otp demo` and `otp serve` for the checks in this folder."""

import contextlib
import http.client
import json
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile
import time
import urllib.parse


@contextlib.contextmanager
def process(arguments, **options):
    """Runs a program while the block executes."""
    child = subprocess.Popen(arguments, text=True, **options)
    try:
        yield child
    finally:
        child.terminate()
        child.wait(timeout=30)


def settings(path, demo):
    """Returns the environment that a demo exports, as soon as it exists."""
    deadline = time.monotonic() + 60
    while not path.exists():
        if demo.poll() is not None or time.monotonic() > deadline:
            sys.exit("otp demo did not start")
        time.sleep(0.05)
    variables = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("export "):
            name, value = shlex.split(line.removeprefix("export "))[0].split("=", 1)
            variables[name] = value
    return variables


class Service:
    """A running service, with one connection and one API key."""

    def __init__(self, otp, environment, report, key):
        self.otp = otp
        self.environment = environment
        self.report = report
        self.key = key
        self.connection = http.client.HTTPConnection(urllib.parse.urlsplit(report["url"]).netloc, timeout=60)

    def post(self, operation, body):
        """Sends a request, and returns the status, the document of the response and the seconds."""
        path = "/v1/verifications" + (f"/{operation}" if operation != "issue" else "")
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        text = json.dumps(body)
        start = time.perf_counter()
        self.connection.request("POST", path, text, headers)
        response = self.connection.getresponse()
        content = response.read()
        seconds = time.perf_counter() - start
        return response.status, json.loads(content) if content else None, seconds

    def code(self, number):
        """Returns the code of the newest message to a number."""
        command = [self.otp, "inbox", "wait", number, "--code"]
        result = subprocess.run(command, capture_output=True, text=True, check=True, env=self.environment)
        return result.stdout.strip()


@contextlib.contextmanager
def service(otp, *arguments, variables=None):
    """Runs a demo and a service with metrics while the block executes. The service gets additional environment variables."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "demo.env")
        with process([otp, "demo", "--env-file", str(file)], stdout=subprocess.DEVNULL) as demo:
            environment = {**os.environ, **settings(file, demo)}
            command = [otp, "api-key", "web", "--scope", "issue", "--scope", "verify", "--json"]
            keys = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
            environment["OTP_API_KEYS"] = keys["OTP_API_KEYS"]
            # All requests of a check come from one address, which the guard would limit.
            environment.pop("OTP_GUARD", None)
            environment.update(variables or {})
            serve = [otp, "serve", "--json", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0", *arguments]
            with process(serve, stdout=subprocess.PIPE, env=environment) as child:
                yield Service(otp, environment, json.loads(child.stdout.readline()), keys["OTP_API_KEY"])
