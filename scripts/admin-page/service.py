# SPDX-License-Identifier: Apache-2.0
"""Starts `otp serve` with the page for operators, on the Redis and the gateway of `otp demo`."""

import json
import os
import shlex
import subprocess
import sys
import urllib.error
import urllib.request

from demo import TIMEOUT, Clock

GUARD = {
    "homeRegions": ["SG", "MY"],
    "budgets": {"service": {"messages": 400, "money": 200_000}, "tenant": {"messages": 300}},
    "prices": {"SG": 370, "MY": 480, "GB": 520, "FR": 690, "other": 900},
}


class Service:
    """A running service, and the demo that it uses."""

    def __init__(self, folder):
        self.program = os.environ["BROWSER_OTP"]
        self.clock = Clock(folder)
        file = folder / "demo.env"
        self.demo, _ = self.start(["demo", "--json", "--store", "redis", "--env-file", file], {**os.environ, "PATH": self.clock.path})
        lines = [line[len("export "):] for line in file.read_text().splitlines() if line.startswith("export ")]
        variables = dict(shlex.split(line)[0].split("=", 1) for line in lines)
        self.keys = folder / "api-keys.txt"
        self.environment = {**os.environ, **variables, "OTP_API_KEYS": str(self.keys), "OTP_AUDIT": "redis",
                            "OTP_GUARD": json.dumps(GUARD)}
        self.admin_key = self.create_key("alice", "admin")
        self.key = self.create_key("web", "issue", "verify")
        arguments = ["serve", "--json", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0", "--admin-page"]
        self.process, report = self.start(arguments, self.environment)
        self.url, self.admin, self.inbox = report["url"], report["adminURL"], variables["OTP_INBOX_URL"]

    def start(self, arguments, environment):
        process = subprocess.Popen([self.program, *arguments], env=environment, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, text=True)
        line = process.stdout.readline()
        if not line:
            sys.exit(f"browser: otp {arguments[0]} did not start")
        return process, json.loads(line)

    def create_key(self, name, *scopes):
        options = [option for scope in scopes for option in ("--scope", scope)]
        output = subprocess.run([self.program, "api-key", name, *options, "--file", self.keys], env=self.environment,
                                check=True, capture_output=True, text=True).stdout
        return next(line.split("=", 1)[1] for line in output.splitlines() if line.startswith("OTP_API_KEY="))

    def stop(self):
        for process in [self.process, self.demo]:
            process.terminate()
            process.wait(timeout=30)

    def post(self, path, body):
        """Sends a request to the routes of clients, and returns the status and the body."""
        request = urllib.request.Request(
            f"{self.url}{path}", json.dumps(body).encode(), method="POST",
            headers={"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def audit(self, kind):
        """Returns the fields of the audit events of a kind, the oldest first."""
        url = self.environment["OTP_REDIS_URL"]
        # The private Redis listens on a Unix socket.
        path = url.removeprefix("unix://").split("?")[0]
        lines = subprocess.run(["redis-cli", "-s", path, "--json", "XRANGE", "otp:{audit}", "-", "+"], check=True,
                               capture_output=True, text=True).stdout
        events = [dict(zip(fields[::2], fields[1::2])) for _, fields in json.loads(lines)]
        return [event for event in events if event.get("kind") == kind]

    def send(self, number, address, verify):
        """Issues a code, and verifies it if wanted."""
        client = {"client": {"address": address}}
        status, body = self.post("/v1/verifications", {"number": number, "purpose": "sign-in", **client})
        if status != 201 or not verify:
            return status
        with urllib.request.urlopen(f"{self.inbox}/api/v1/messages/latest/code?to=%2B{number[1:]}", timeout=TIMEOUT) as response:
            code = response.read().decode()
        call = {"number": number, "purpose": "sign-in", "token": body["token"], "code": code, **client}
        return self.post("/v1/verifications/check", call)[0]
