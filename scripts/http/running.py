# SPDX-License-Identifier: Apache-2.0
"""Runs `otp demo` and `otp serve` for the checks in this folder, and observes the process of `otp serve`."""

import contextlib
import json
import os
import pathlib
import re
import subprocess
import tempfile
import time
import urllib.request

from service import Service, process, settings

# The purposes, the number and the tenants of the templates. The number is possible in Singapore, and not reserved for anybody.
PURPOSE = "sign-in"


class Running(Service):
    """A service with a log in a file, an inbox and secrets that must not be visible."""

    def __init__(self, otp, environment, report, key, child, log):
        super().__init__(otp, environment, report, key)
        self.child = child
        self.log = log
        self.port = int(report["url"].rsplit(":", 1)[1])
        self.codes = set()
        self.numbers = set()
        self.tokens = set()

    def issue(self, number):
        """Issues a code, and returns the token."""
        status, document, _ = self.post("issue", {"number": number, "purpose": PURPOSE})
        assert status == 201, (status, document)
        self.numbers.add(number.removeprefix("+"))
        self.tokens.add(document["token"])
        return document["token"]

    def code(self, number):
        """Returns the code of the newest message to a number."""
        url = f"{self.environment['OTP_INBOX_URL']}/api/v1/messages/wait?to={number.replace('+', '%2B')}"
        with urllib.request.urlopen(url, timeout=90) as response:
            code = json.load(response)["code"]
        self.codes.add(code)
        return code

    def resident(self):
        """Returns the resident memory of the process in KiB, as the kernel counts it (VmRSS)."""
        text = pathlib.Path(f"/proc/{self.child.pid}/status").read_text(encoding="utf-8")
        return int(re.search(r"^VmRSS:\s+(\d+)", text, re.M)[1])

    def descriptors(self):
        """Returns the number of open descriptors of the process."""
        return len(os.listdir(f"/proc/{self.child.pid}/fd"))

    def is_alive(self):
        """Returns whether the process runs and responds."""
        if self.child.poll() is not None:
            return False
        with urllib.request.urlopen(f"{self.report['url']}/livez", timeout=30) as response:
            return response.status == 200

    def shown_secrets(self):
        """Yields the secrets that the log contains."""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        secrets = {self.key, self.key.rsplit(".", 1)[-1], *self.tokens, *self.numbers}
        secrets |= {self.environment[name] for name in ("OTP_KEYS", "ALIBABA_CLOUD_ACCESS_KEY_SECRET")}
        for secret in secrets:
            if secret in text:
                yield f"the log contains {secret[:3]}…, a key, a token or a number"
        for code in self.codes:
            # Six digits in a fraction, a port or a process ID are not a code.
            if re.search(rf"(?<![\d.]){code}(?!\d)", text):
                yield f"the log contains the code {code[:1]}…"


def started(child, log):
    """Returns the report of the first line of `otp serve --json`."""
    line = child.stdout.readline()
    if not line:
        raise SystemExit(f"otp serve did not start:\n{log.read_text(encoding='utf-8')}")
    return json.loads(line)


@contextlib.contextmanager
def running(otp, *arguments, **variables):
    """Runs Redis, the emulator and `otp serve` on free ports while the block executes."""
    with tempfile.TemporaryDirectory() as folder:
        file, log = pathlib.Path(folder, "demo.env"), pathlib.Path(folder, "log")
        demo = [otp, "demo", "--env-file", str(file), "--port", "0", "--service-port", "0"]
        with process(demo, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as parent:
            environment = {**os.environ, **settings(file, parent), **variables}
            command = [otp, "api-key", "web", "--scope", "issue", "--scope", "verify", "--json"]
            keys = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
            environment["OTP_API_KEYS"] = keys["OTP_API_KEYS"]
            # All requests of a check come from one address, which the guard would limit.
            environment.pop("OTP_GUARD", None)
            serve = [otp, "serve", "--json", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0",
                     "--log-format", "json", *arguments]
            with log.open("wb") as errors, process(serve, stdout=subprocess.PIPE, stderr=errors, env=environment) as child:
                report = started(child, log)
                yield Running(otp, environment, report, keys["OTP_API_KEY"], child, log)


def wait_until(condition, what, seconds=30):
    """Polls a condition until it holds, or fails."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds} s"
        time.sleep(0.02)
