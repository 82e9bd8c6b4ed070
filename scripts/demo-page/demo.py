# SPDX-License-Identifier: Apache-2.0
"""Starts `otp demo`, whose Redis has a clock that can be moved."""

import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

TIMEOUT = 15


class Clock:
    """A clock for the Redis server of a demo, see TestSupport/MovableClock/clock.c."""

    def __init__(self, folder):
        self.file = folder / "clock"
        self.file.write_bytes(bytes(16))
        library, tools = folder / "clock.so", folder / "bin"
        source = "TestSupport/MovableClock/clock.c"
        subprocess.run(["clang", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
        server = shutil.which("redis-server") or sys.exit("browser: redis-server is missing: sudo apt-get install redis-server")
        tools.mkdir()
        script = tools / "redis-server"
        script.write_text("#!/bin/sh\n"
                          f"LD_PRELOAD='{library}' MOVABLE_CLOCK_FILE='{self.file}' exec '{server}' \"$@\"\n")
        script.chmod(0o755)
        self.path = f"{tools}:{os.environ['PATH']}"
        self.offset = 0

    def advance(self, seconds):
        """Moves the clock forwards. The file is overwritten in place, because the server has mapped it."""
        self.offset += seconds * 1_000_000
        with open(self.file, "r+b") as file:
            file.write(struct.pack("<q", self.offset))


class Demo:
    """A running demo."""

    def __init__(self, folder):
        self.clock = Clock(folder)
        self.process = subprocess.Popen(
            [os.environ["BROWSER_OTP"], "demo", "--json", "--store", "redis"], env={**os.environ, "PATH": self.clock.path},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            sys.exit("browser: the demo did not start")
        report = json.loads(line)
        self.url, self.inbox = report["pageURL"], report["inboxURL"]

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)

    def code(self, number):
        """Returns the newest code to a number from the API of the inbox."""
        address = f"{self.inbox}/api/v1/messages/latest/code?" + urllib.parse.urlencode({"to": number})
        with urllib.request.urlopen(address, timeout=TIMEOUT) as response:
            return response.read().decode()

    def messages(self):
        with urllib.request.urlopen(f"{self.inbox}/api/v1/messages", timeout=TIMEOUT) as response:
            return json.load(response)["messages"]

    def set_faults(self, faults):
        request = urllib.request.Request(f"{self.inbox}/api/v1/faults", json.dumps(faults).encode(), method="PUT",
                                         headers={"Content-Type": "application/json"})
        urllib.request.urlopen(request, timeout=TIMEOUT).close()

    def redis_process(self):
        """Returns the process ID of the private Redis server, a descendant of the demo."""
        parents = {}
        for entry in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                fields = (entry / "stat").read_text().rsplit(") ", 1)
            except OSError:
                continue
            parents[int(entry.name)] = (int(fields[1].split()[1]), fields[0].split("(", 1)[1])
        for process, (parent, name) in parents.items():
            while parent in parents and parent != self.process.pid:
                parent = parents[parent][0]
            if name == "redis-server" and parent == self.process.pid:
                return process
        return None
