# SPDX-License-Identifier: Apache-2.0
"""Signs random requests with SigningWorker and with two functions of the SDK, and compares every byte.

Also compares the number of SMS segments of a text with the packages gsm0338 and smsutil.

    signing.py WORKER REQUESTS SEED
"""

import base64
import collections
import datetime
import hashlib
import hmac
import json
import random
import subprocess
import sys
import threading
import urllib.parse

import gsm0338
import smsutil
from alibabacloud_openapi_util import client as older
from alibabacloud_tea_openapi import utils as newer
from Tea.request import TeaRequest

from random_requests import Requests

ALGORITHM = "ACS3-HMAC-SHA256"
ESCAPE = "texts with an escape character, which the other packages encode as GSM-7"
SURROGATES = "texts with one segment more than units ÷ segment size, because a surrogate pair is not split"
SHOWN_FAILURES = 3
codec = gsm0338.Codec()
failures = collections.Counter()
explained = collections.Counter()
segment_counts = collections.Counter()


def fail(kind, number, **values):
    failures[kind] += 1
    if failures[kind] <= SHOWN_FAILURES:
        print(f"FAIL {kind}, number {number}: " + ", ".join(f"{key} {value!r}" for key, value in values.items()))


def record_strings_to_sign():
    """Replaces the SDK's HMAC functions by ones that also record their input, and returns the list of inputs."""
    recorded = []
    for module in (newer, older):
        def record(secret, source, kind, original=module.signature_method):
            recorded.append(source)
            return original(secret, source, kind)
        module.signature_method = record
    return recorded


strings_to_sign = record_strings_to_sign()


def sdk_request(task, parameters, body):
    request = TeaRequest()
    request.method, request.pathname = "POST", "/"
    request.query = {} if task["isForm"] else parameters
    date = datetime.datetime.fromtimestamp(task["date"], datetime.timezone.utc)
    request.headers = {
        "host": task["host"], "x-acs-action": task["action"], "x-acs-version": "2018-05-01",
        "x-acs-date": date.strftime("%Y-%m-%dT%H:%M:%SZ"), "x-acs-signature-nonce": task["nonce"],
        "x-acs-content-sha256": newer.Utils.hash(body.encode(), ALGORITHM).hex(),
        "x-acs-security-token": task["securityToken"],
        "content-type": "application/x-www-form-urlencoded" if task["isForm"] else None,
    }
    return request


def check_body(number, task, result):
    """Checks template and form, and returns all parameters of the request."""
    parameters = dict(task["parameters"])
    if task["template"] is not None:
        parameters["TemplateParam"] = result["templateParam"]
        if json.loads(result["templateParam"]) != task["template"]:
            fail("JSON of TemplateParam", number, theirs=task["template"], ours=result["templateParam"])
    if task["isForm"]:
        parsed = dict(urllib.parse.parse_qsl(result["body"], keep_blank_values=True, strict_parsing=True))
        if parsed != parameters:
            fail("parsed form", number, theirs=parameters, ours=result["body"])
    return parameters


def check_signature(number, task, result):
    request = sdk_request(task, check_body(number, task, result), result["body"])
    expected_headers = {key: value for key, value in request.headers.items() if value is not None}
    headers = dict(map(tuple, result["headers"]))
    authorization = headers.pop("authorization")
    if headers != expected_headers:
        fail("headers", number, theirs=expected_headers, ours=headers)
    query = newer.get_canonical_query_string(request.query)
    if query != result["query"]:
        fail("canonical query", number, theirs=query, ours=result["query"])
    for name, function in (("0.4.6", newer.Utils.get_authorization), ("openapi-util", older.Client.get_authorization)):
        strings_to_sign.clear()
        theirs = function(request, ALGORITHM, request.headers["x-acs-content-sha256"], task["accessKeyID"],
                          task["accessKeySecret"])
        if strings_to_sign != [result["stringToSign"]]:
            fail(f"string to sign, {name}", number, theirs=strings_to_sign, ours=result["stringToSign"])
        if theirs != authorization:
            fail(f"Authorization, {name}", number, theirs=theirs, ours=authorization)


def check_names(number, task, result):
    """Compares the older signature, in which the SDK encodes names as documented."""
    parameters = dict(task["parameters"])
    theirs = newer.Utils.get_rpcsignature(parameters, "POST", task["accessKeySecret"])
    source = "POST&%2F&" + urllib.parse.quote(result["query"], safe="~")
    ours = hmac.new((task["accessKeySecret"] + "&").encode(), source.encode(), hashlib.sha1).digest()
    if base64.b64encode(ours).decode() != theirs:
        fail("order or encoding of names", number, parameters=parameters, ours=result["query"])


def expected_segments(text):
    """Returns encoding, units and segments of a text by the other packages."""
    if "\x1b" in text:
        # GSM 03.38 reserves the escape for the extension table. The other packages count the escape as a character of GSM-7.
        # The library encodes such a text in UCS-2.
        explained[ESCAPE] += smsutil.is_valid_gsm(text)
        return "ucs2", len(text.encode("utf-16-be")) // 2, len(smsutil.unicode_split(text).parts)
    segments = len(smsutil.split(text).parts)
    try:
        return "gsm7", len(codec.encode(text)[0]), segments
    except UnicodeError:
        return "ucs2", len(text.encode("utf-16-be")) // 2, segments


def check_segments(number, task, result):
    text = task["text"]
    encoding, units, segments = expected_segments(text)
    if (result["encoding"], result["units"]) != (encoding, units):
        fail("encoding or units", number, text=text, theirs=(encoding, units), ours=(result["encoding"], result["units"]))
    if result["segments"] != segments:
        fail("segments", number, text=text, theirs=segments, ours=result["segments"])
    single, joined = (160, 153) if encoding == "gsm7" else (70, 67)
    formula = 1 if units <= single else -(-units // joined)
    explained[SURROGATES] += formula != result["segments"]
    segment_counts[encoding, min(result["segments"], 4)] += 1


def worker_results(path, tasks):
    """Yields the worker's result for each task. A worker that exits early is a failure."""
    worker = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def feed():
        for task in tasks:
            worker.stdin.write(json.dumps(task).encode() + b"\n")
        worker.stdin.close()

    threading.Thread(target=feed, daemon=True).start()
    count = 0
    for task in tasks:
        line = worker.stdout.readline()
        if not line:
            break
        count += 1
        yield task, json.loads(line)
    if worker.wait() != 0 or count != len(tasks):
        fail("early exit of the worker", count, status=worker.returncode)


def print_summary(seed, count, with_names):
    print(f"interop-signing: seed {seed}; {count} requests signed by the library and by 2 functions of the SDK,"
          f" {with_names} with arbitrary parameter names, {count} texts counted")
    for (encoding, segments), number in sorted(segment_counts.items()):
        print(f"  {encoding}, {segments}{' or more' if segments == 4 else ''} segments: {number} texts")
    for kind, number in (+explained).items():
        print(f"  known difference: {number} {kind}")
    for kind, number in failures.items():
        print(f"  DIFFERENT: {number} × {kind}")
    print("interop-signing: " + (f"FAILED, {sum(failures.values())} differences" if failures else "no difference"))


def main():
    worker, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    requests = Requests(random.Random(seed))
    tasks = [requests.request() for _ in range(count)]
    tasks += [requests.request_with_any_names() for _ in range(max(1, count // 10))]
    for number, (task, result) in enumerate(worker_results(worker, tasks)):
        if number < count:
            check_signature(number, task, result)
            check_segments(number, task, result)
        else:
            check_names(number, task, result)
    print_summary(seed, count, len(tasks) - count)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
