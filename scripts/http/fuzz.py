#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks `otp serve` with its OpenAPI document and with random malformed requests; see scripts/http-fuzz.

    scripts/http/fuzz.py PATH-OF-OTP REQUESTS EXAMPLES SEED
"""

import collections
import concurrent.futures
import json
import random
import statistics
import sys
import tempfile

import contract
from document import Document
from mutations import Generator
from running import running
from wire import Malformed, exchange, responses

NUMBERS = 12
THREADS = 8
# The share of the requests before the memory of the process is compared. During these requests, pools and caches fill.
WARM_UP = 0.3
MEMORY_TOLERANCE = 4 * 1024  # KiB


class Fuzz:
    """Sends random requests, and collects the faults of the responses."""

    def __init__(self, service, generator, document, seed):
        self.service = service
        self.generator = generator
        self.document = document
        self.seed = seed
        self.statuses = collections.Counter()
        self.faults = []

    def send(self, index):
        """Sends the requests of one index, and records the responses."""
        sent = self.generator.sent(random.Random(f"{self.seed}/{index}"))
        received = b""
        try:
            received = exchange(self.service.port, sent.data)
            found = responses(received, has_head=b"HEAD" in sent.data)
        except (Malformed, OSError) as error:
            return self.faults.append((index, f"{type(error).__name__}: {error}", sent.data, received))
        for response in found:
            self.statuses[response.status] += 1
            fault = self.document.fault(response, sent.method, sent.path)
            if fault is None and response.status >= 400 and self.quotes(response.body):
                fault = "the response quotes a number, a token or a key"
            if fault is not None:
                self.faults.append((index, fault, sent.data, received))
        if not found:
            self.statuses["none"] += 1
        return None

    def quotes(self, body):
        text = body.decode()
        return any(secret in text for secret in [self.service.key, *self.service.tokens, *self.service.numbers])

    def run(self, count):
        """Sends all requests, and returns the memory of the process after each twentieth of them."""
        memory = []
        with concurrent.futures.ThreadPoolExecutor(THREADS) as threads:
            step = max(1, count // 20)
            for start in range(0, count, step):
                list(threads.map(self.send, range(start, min(start + step, count))))
                assert self.service.is_alive(), f"the process ended between the requests {start} and {start + step}"
                memory.append(self.service.resident())
        return memory


def growth(memory):
    """Returns the growth of the memory after the warm-up in KiB: the difference of the medians of the first and last third."""
    steady = memory[int(len(memory) * WARM_UP):]
    third = max(1, len(steady) // 3)
    return statistics.median(steady[-third:]) - statistics.median(steady[:third])


def challenges(service):
    """Issues codes, and returns their numbers, tokens and codes."""
    result = []
    for step in range(NUMBERS):
        number = f"+6581{step:02d}4567"
        token = service.issue(number)
        result.append((number, token, service.code(number)))
    return result


def fuzz(service, count, seed):
    """Runs the fuzzing, prints its figures, and returns whether it failed."""
    service.connection.request("GET", "/openapi.json")
    document = Document(json.loads(service.connection.getresponse().read()))
    run = Fuzz(service, Generator(service.key, challenges(service)), document, seed)
    memory = run.run(count)
    table = ", ".join(f"{status}: {number}" for status, number in sorted(run.statuses.items(), key=str))
    print(f"fuzz: {count} exchanges with the seed {seed}; responses by status: {table}")
    print(f"memory: VmRSS {memory[0]} KiB at first, {memory[-1]} KiB at the end, growth after the warm-up {growth(memory):.0f} KiB")
    for index, fault, data, received in run.faults[:10]:
        print(f"FAULT of request {index}: {fault}\n  sent {data[:1000]!r}\n  received {received[:1000]!r}")
    leaks = list(service.shown_secrets())
    print("\n".join(leaks), end="\n" if leaks else "")
    print(f"{len(run.faults)} faults, {len(leaks)} secrets in {service.log.stat().st_size} bytes of log")
    return bool(run.faults or leaks) or growth(memory) > MEMORY_TOLERANCE


def main():
    otp, count, examples, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    with running(otp, "--log-level", "debug") as service, tempfile.TemporaryDirectory() as folder:
        status, output = contract.check(service, folder, examples, seed)
        print("\n".join(output.splitlines()[-400 if status else -25:]))
        print(f"contract: the document is valid, schemathesis exited with {status}")
        failed = fuzz(service, count, seed)
        return 1 if failed or status != 0 else 0


if __name__ == "__main__":
    sys.exit(main())
