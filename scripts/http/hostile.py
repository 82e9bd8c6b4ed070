#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures other clients while hostile connections are open, and sends smuggled requests; see scripts/hostile.

    scripts/http/hostile.py PATH-OF-OTP SECONDS IDLE CONNECTIONS
"""

import http.client
import pathlib
import statistics
import subprocess
import sys
import time

import smuggling
from running import running
from service import process

RATE = 100  # requests per second of the other clients
FACTOR = 2
# On an idle machine, the p99 is below a millisecond. The delays of the kernel's scheduler alone would then exceed the factor.
FLOOR = 0.005


def p99(times):
    return statistics.quantiles(times, n=100)[-1]


class Client:
    """Requests the state of a challenge at a fixed rate, on one connection and on a new connection in turn."""

    def __init__(self, service, number):
        self.service = service
        self.body = {"number": number, "token": service.issue(number)}
        self.reconnects = 0

    def post(self):
        """Sends a request. If the server closed the idle connection, repeats the request once on a new connection."""
        was_open = self.service.connection.sock is not None
        try:
            return self.service.post("status", self.body)
        except ConnectionError:
            if not was_open:
                raise
            self.service.connection.close()
            self.reconnects += 1
            return self.service.post("status", self.body)

    def measure(self, seconds):
        """Returns the seconds of requests on the open connection and on new connections, from the intended start of each."""
        kept, fresh = [], []
        start = time.perf_counter()
        for number in range(int(seconds * RATE)):
            intended = start + number / RATE
            while (wait := intended - time.perf_counter()) > 0:
                time.sleep(wait)
            if number % 5 == 4:
                connection = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=60)
                connection.request("GET", "/livez")
                assert connection.getresponse().read()
                fresh.append(time.perf_counter() - intended)
                connection.close()
            else:
                status, document, _ = self.post()
                assert status == 200, document
                kept.append(time.perf_counter() - intended)
        return kept, fresh


def row(name, count, kept, fresh, resident):
    print(f"{name:<12} {count:>11} {statistics.median(kept) * 1e3:>8.2f} {p99(kept) * 1e3:>8.2f} {p99(fresh) * 1e3:>12.2f} "
          f"{resident // 1024:>8}", flush=True)


def attacked(service, client, kind, count, seconds):
    """Measures the client while connections of one kind are open."""
    script = pathlib.Path(__file__).with_name("attacks.py")
    with process([sys.executable, script, kind, str(service.port), str(count)], stdout=subprocess.PIPE) as attack:
        assert attack.stdout.readline() == "open\n", f"the connections of {kind} were not opened"
        kept, fresh = client.measure(seconds)
        row(kind, count, kept, fresh, service.resident())
        return max(p99(kept), p99(fresh))


def main():
    otp, seconds, idle, count = sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    faults = []
    with running(otp) as service:
        for name, statuses, fault in smuggling.check(service.port):
            if fault:
                faults.append(f"{name}: responses {statuses}, {fault}")
        print(f"smuggling: {len(smuggling.rejected()) + len(smuggling.accepted())} texts, {len(faults)} faults")
        client = Client(service, "+6581234567")
        client.measure(1)
        print(f"{'attack':<12} {'connections':>11} {'p50 ms':>8} {'p99 ms':>8} {'p99 new ms':>12} {'RSS MiB':>8}")
        kept, fresh = client.measure(2 * seconds)
        row("none", 0, kept, fresh, service.resident())
        limit = FACTOR * max(p99(kept), p99(fresh), FLOOR)
        for kind in ["slow-head", "slow-body", "half-body", "large-head", "upgrade", "deaf", "idle"]:
            number = {"idle": idle, "large-head": count // 10, "upgrade": count // 10, "deaf": count // 10}.get(kind, count)
            worst = attacked(service, client, kind, number, seconds)
            if worst > limit:
                faults.append(f"{kind}: p99 {worst * 1e3:.1f} ms, the limit is {limit * 1e3:.1f} ms")
        print(f"The client reconnected {client.reconnects} times, because the full server had closed its idle connection.")
        if not service.is_alive():
            faults.append("the process ended")
        faults += service.shown_secrets()
    print("\n".join(faults) if faults else f"passed: p99 within {FACTOR} times the normal one")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
