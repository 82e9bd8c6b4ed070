"""Sends messages by Alibaba's own SDK in several threads, and prints the elapsed time and the CPU time as JSON.

Arguments: the number of messages, the number of threads.
"""
import json
import os
import sys
import threading
import time

from alibabacloud_dysmsapi20180501.client import Client
from alibabacloud_dysmsapi20180501.models import SendMessageToGlobeRequest
from alibabacloud_tea_openapi.models import Config

messages, threads = int(sys.argv[1]), int(sys.argv[2])
client = Client(Config(access_key_id=os.environ["BENCH_ID"], access_key_secret=os.environ["BENCH_SECRET"],
                       endpoint=os.environ["BENCH_ENDPOINT"], protocol="http"))


def send():
    return client.send_message_to_globe(SendMessageToGlobeRequest(
        to="6591234567", message="[Acme] 123456 is your verification code. It is valid for 5 minutes.", type="OTP",
        task_id="bench")).body.response_code == "OK"


failures = []


def work(count):
    failures.extend(1 for _ in range(count) if not send())


send()
share = [messages // threads + (position < messages % threads) for position in range(threads)]
workers = [threading.Thread(target=work, args=(count,)) for count in share]
wall, processor = time.monotonic(), time.process_time()
for worker in workers:
    worker.start()
for worker in workers:
    worker.join()
seconds, used = time.monotonic() - wall, time.process_time() - processor
if failures:
    sys.exit(f"{len(failures)} messages were not taken")
print(json.dumps({"messages": messages, "seconds": seconds, "processorSeconds": used}))
