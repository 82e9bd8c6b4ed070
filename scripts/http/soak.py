#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs two services for a long time, with failures of Redis, of the gateway and of the services; see scripts/soak.

    scripts/http/soak.py PATH-OF-OTP SECONDS RATE

The rate is the number of sign-ups per second; 0 selects half of the maximum.
"""

import asyncio
import collections
import contextlib
import dataclasses
import itertools
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time

PURPOSE = "soak"
# The time after an announced failure in which errors are expected, because clients and sentinels notice it late.
GRACE = 8.0


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Redis:
    """A primary, a replica and three sentinels."""

    def __init__(self, folder):
        self.folder = folder
        self.servers = [self.server(name) for name in ("one", "two")]
        self.start(self.servers[0])
        self.start(self.servers[1], "--replicaof", "127.0.0.1", str(self.servers[0]["port"]))
        self.sentinels = [self.sentinel(number) for number in range(3)]
        hosts = ",".join(f"127.0.0.1:{port}" for _, port in self.sentinels)
        self.url = f"redis-sentinel://{hosts}?master=soak"

    @staticmethod
    def server(name):
        return {"name": name, "port": free_port(), "process": None}

    def start(self, server, *arguments):
        folder = pathlib.Path(self.folder, server["name"])
        folder.mkdir(exist_ok=True)
        command = ["redis-server", "--port", str(server["port"]), "--bind", "127.0.0.1", "--dir", str(folder), "--save", "",
                   "--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction",
                   "--repl-diskless-sync-delay", "0", *arguments]
        server["process"] = subprocess.Popen(command, stdout=subprocess.DEVNULL)

    def sentinel(self, number):
        port = free_port()
        file = pathlib.Path(self.folder, f"sentinel-{number}.conf")
        file.write_text(f"port {port}\nbind 127.0.0.1\nsentinel monitor soak 127.0.0.1 {self.servers[0]['port']} 2\n"
                        "sentinel down-after-milliseconds soak 3000\nsentinel failover-timeout soak 6000\n"
                        f"dir {self.folder}\n", encoding="utf-8")
        return subprocess.Popen(["redis-server", str(file), "--sentinel"], stdout=subprocess.DEVNULL), port

    @staticmethod
    def call(port, *arguments):
        command = ["redis-cli", "-p", str(port), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=20).stdout.strip()

    def primary(self):
        """Returns the server that the sentinels name."""
        port = int(self.call(self.sentinels[0][1], "SENTINEL", "GET-MASTER-ADDR-BY-NAME", "soak").splitlines()[1])
        return next(server for server in self.servers if server["port"] == port)

    def restart(self):
        """Restarts the primary with its data, before the sentinels notice."""
        server = self.primary()
        server["process"].terminate()
        server["process"].wait()
        self.start(server)

    def fail_over(self):
        """Kills the primary, so that the sentinels promote the replica, and starts it again."""
        server = self.primary()
        server["process"].kill()
        server["process"].wait()
        deadline = time.monotonic() + 30
        while self.primary() is server:
            assert time.monotonic() < deadline, "the sentinels promoted no replica"
            time.sleep(0.2)
        self.start(server, "--replicaof", "127.0.0.1", str(self.primary()["port"]))

    def stop(self):
        for process in [*(each for each, _ in self.sentinels), *(server["process"] for server in self.servers)]:
            process.terminate()
            process.wait()


class Instance:
    """One `otp serve`, which can be replaced."""

    def __init__(self, otp, environment, folder, name):
        self.otp = otp
        self.environment = environment
        self.log = pathlib.Path(folder, f"{name}.log")
        self.port = free_port()
        self.start()

    def start(self):
        command = [self.otp, "serve", "--json", "--listen", f"127.0.0.1:{self.port}", "--drain-delay", "2"]
        with self.log.open("ab") as errors:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, env=self.environment, text=True)
        assert self.process.stdout.readline(), f"otp serve did not start: {self.log.read_text(encoding='utf-8')}"

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=60)
        assert status == 0, f"otp serve ended with the status {status}"

    def resident(self):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("VmRSS"))

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))


@dataclasses.dataclass
class Outage:
    """An announced failure."""

    name: str
    start: float
    end: float = float("inf")

    def covers(self, start, end):
        return start < self.end + GRACE and end > self.start


class Load:
    """Sign-ups at a fixed rate against all instances that are ready."""

    def __init__(self, instances, key, inbox):
        self.instances = instances
        self.key = key
        self.inbox = inbox
        self.ready = list(instances)
        self.outages = []
        self.counts = collections.Counter()
        self.wrong = []
        self.lost = []
        self.samples = random.Random(1)
        self.signups = itertools.count()

    def during(self, start, end):
        return any(outage.covers(start, end) for outage in self.outages)

    async def http(self, port, method, target, body=None):
        """Returns the status and the document of a response; the status 0 for a failed connection."""
        writer = None
        try:
            reader, writer = await asyncio.wait_for(asyncio.open_connection("127.0.0.1", port), 30)
            content = b"" if body is None else json.dumps(body).encode()
            head = (f"{method} {target} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nauthorization: Bearer {self.key}\r\n"
                    f"content-type: application/json\r\nconnection: close\r\ncontent-length: {len(content)}\r\n\r\n")
            writer.write(head.encode() + content)
            received = await asyncio.wait_for(reader.read(), 30)
            header, _, text = received.partition(b"\r\n\r\n")
            return int(header.split(b" ")[1]), json.loads(text) if text else None
        except (OSError, asyncio.TimeoutError, IndexError, ValueError):
            return 0, None
        finally:
            if writer is not None:
                writer.close()

    async def call(self, operation, body, expected):
        """Sends a request to an instance, counts it, and returns the document of an expected response."""
        start = time.monotonic()
        port = self.samples.choice(self.ready).port
        status, document = await self.http(port, "POST", f"/v1/verifications{operation}", body)
        announced = self.during(start, time.monotonic())
        self.counts["requests"] += 1
        if status == expected:
            return document
        if status in (0, 502, 503):
            self.counts["errors inside" if announced else "errors outside"] += 1
            if not announced:
                self.wrong.append(f"outside of outages: {operation or '/'} has the status {status}")
        elif not announced:
            self.wrong.append(f"{operation or '/'} has the status {status} instead of {expected}: {document}")
        return None if status in (0, 502, 503) else {"status": status}

    async def sign_up(self):
        """Issues a code, checks a wrong code, the right one, and the right one again."""
        # Each sign-up has a new number. A number that is used twice within a minute would reach its limit.
        number = f"+659{next(self.signups) * 7919 % 10 ** 7:07d}"
        began = time.monotonic()
        challenge = await self.call("", {"number": number, "purpose": PURPOSE}, 201)
        if challenge is None or "token" not in challenge:
            return
        target = f"/api/v1/messages/wait?timeout=20s&to=%2B{number[1:]}"
        _, message = await self.http(self.inbox, "GET", target)
        if not message or not message.get("code"):
            return
        code = message["code"]
        body = {"number": number, "purpose": PURPOSE, "token": challenge["token"]}
        wrong = f"{(int(code) + 1) % 10 ** len(code):0{len(code)}d}"
        answer = await self.call("/check", {**body, "code": wrong}, 422)
        if answer and answer.get("proof"):
            self.wrong.append("a wrong code was accepted")
        proof = await self.call("/check", {**body, "code": code}, 200)
        if proof is None:
            return
        if "proof" not in proof:
            if not self.during(began, time.monotonic()):
                self.lost.append(f"the right code has the status {proof['status']}")
            return
        self.counts["verified"] += 1
        again = await self.call("/check", {**body, "code": code}, 410)
        if again and again.get("proof"):
            self.wrong.append("a code was accepted twice")

    async def run(self, rate, seconds):
        start = time.monotonic()
        tasks = set()
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0, start + number / rate - time.monotonic()))
            task = asyncio.create_task(self.sign_up())
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        await asyncio.gather(*tasks)

    async def maximum(self, seconds=5, workers=32):
        """Returns the sign-ups per second of clients that wait for each response."""
        end = time.monotonic() + seconds
        before = self.counts["verified"]

        async def work():
            while time.monotonic() < end:
                await self.sign_up()

        await asyncio.gather(*(work() for _ in range(workers)))
        return (self.counts["verified"] - before) / seconds

    @contextlib.asynccontextmanager
    async def outage(self, name):
        outage = Outage(name, time.monotonic())
        self.outages.append(outage)
        print(f"{name} …", flush=True)
        yield
        outage.end = time.monotonic()


async def failures(load, redis, seconds):
    """Causes all failures, one after the other."""
    pause = seconds / 6
    thread = asyncio.to_thread
    await asyncio.sleep(pause)
    async with load.outage("restart of Redis"):
        await thread(redis.restart)
    await asyncio.sleep(pause)
    async with load.outage("outage of the gateway"):
        rules = {"rules": [{"fault": {"kind": "http", "status": 503}}]}
        status, document = await load.http(load.inbox, "PUT", "/api/v1/faults", rules)
        assert status in (200, 204), document
        await asyncio.sleep(min(10, pause / 2))
        await load.http(load.inbox, "DELETE", "/api/v1/faults")
    await asyncio.sleep(pause)
    # A rolling restart causes no errors, because an instance leaves the load balancer first.
    print("rolling restart …", flush=True)
    for instance in load.instances:
        load.ready.remove(instance)
        await asyncio.sleep(1)
        await thread(instance.stop)
        await thread(instance.start)
        load.ready.append(instance)
    await asyncio.sleep(pause)
    async with load.outage("failover of Redis"):
        await thread(redis.fail_over)


def report(load, before, after, instances):
    """Prints the table."""
    print(f"{'requests':<26}{load.counts['requests']:>10}")
    for name in ("verified", "errors inside", "errors outside"):
        print(f"{name:<26}{load.counts[name]:>10}")
    print(f"{'wrong responses':<26}{len(load.wrong):>10}\n{'lost challenges':<26}{len(load.lost):>10}")
    for number, (first, last) in enumerate(zip(before, after, strict=True)):
        print(f"instance {number + 1}: RSS {first[0]} KiB, then {last[0]} KiB; descriptors {first[1]}, then {last[1]}")
    print("\n".join(collections.Counter(load.wrong + load.lost).keys()))
    assert all(instance.process.poll() is None for instance in instances), "an instance ended"


def measure(instances):
    return [(instance.resident(), instance.descriptors()) for instance in instances]


async def soak(load, redis, rate, seconds):
    maximum = await load.maximum()
    rate = rate or max(1, round(maximum / 2, 1))
    print(f"maximum {maximum:.1f} sign-ups per second, rate {rate}: {4 * rate:.0f} requests per second", flush=True)
    load.counts.clear()
    before = measure(load.instances)
    await asyncio.gather(load.run(rate, seconds), failures(load, redis, seconds))
    await asyncio.sleep(2)
    after = measure(load.instances)
    report(load, before, after, load.instances)
    # After the rolling restart, both processes are new. Only growth beyond the growth of a new process counts.
    flat = all(last[0] < first[0] + 20_000 and last[1] < first[1] + 32
               for first, last in zip(before, after, strict=True))
    return 0 if not load.wrong and not load.lost and flat else 1


def main():
    otp, seconds, rate = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
    sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "deploy"))
    from service import process, settings  # noqa: PLC0415
    with tempfile.TemporaryDirectory() as folder:
        redis = Redis(folder)
        try:
            file = pathlib.Path(folder, "demo.env")
            demo = [otp, "demo", "--store", "memory", "--env-file", str(file), "--port", "0", "--service-port", "0"]
            with process(demo, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as parent:
                environment = {**os.environ, **settings(file, parent), "OTP_REDIS_URL": redis.url}
                environment.pop("OTP_GUARD", None)
                command = [otp, "api-key", "soak", "--scope", "issue", "--scope", "verify", "--json"]
                keys = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
                environment["OTP_API_KEYS"] = keys["OTP_API_KEYS"]
                instances = [Instance(otp, environment, folder, name) for name in ("first", "second")]
                try:
                    load = Load(instances, keys["OTP_API_KEY"], int(environment["OTP_INBOX_URL"].rsplit(":", 1)[1]))
                    return asyncio.run(soak(load, redis, rate, seconds))
                finally:
                    for instance in instances:
                        instance.process.kill()
                        instance.process.wait()
        finally:
            redis.stop()


if __name__ == "__main__":
    sys.exit(main())
