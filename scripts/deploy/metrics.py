#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs `otp demo` and `otp serve`, issues and checks a code, and checks the text of /metrics.

    scripts/deploy/metrics.py PATH-OF-OTP

The text is checked by `promtool check metrics` and parsed by prometheus-client. The values are compared with the requests.
"""

import re
import subprocess
import sys
import urllib.request

from prometheus_client.parser import text_string_to_metric_families
from service import service

NUMBER = "+6591234567"


def check(text, secrets):
    """Yields the faults of the text."""
    result = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False)
    if result.returncode != 0 or result.stderr.strip():
        yield result.stdout + result.stderr
    families = {family.name: family for family in text_string_to_metric_families(text)}
    values = {(sample.name, tuple(sorted(sample.labels.items()))): sample.value
              for family in families.values() for sample in family.samples}
    for name, labels, value in [
        ("otp_issue_total", {"purpose": "sign-in", "outcome": "ok"}, 1),
        ("otp_verify_total", {"purpose": "sign-in", "outcome": "ok", "lane": "open"}, 1),
        ("otp_sends_total", {"outcome": "accepted", "lane": "open"}, 1),
        ("otp_issue_duration_seconds_count", {}, 1),
        ("otp_http_duration_seconds_count", {"method": "POST", "route": "/v1/verifications", "status": "201"}, 1),
    ]:
        found = values.get((name, tuple(sorted(labels.items()))))
        if found != value:
            yield f"{name}{labels} is {found}, not {value}"
    for family in families.values():
        if family.type not in ("counter", "gauge", "histogram"):
            yield f"{family.name} has the type {family.type}"
        if family.type == "histogram" and not family.name.endswith("_seconds"):
            yield f"{family.name} has no base unit"
        if not family.documentation:
            yield f"{family.name} has no help text"
    for secret in secrets:
        if secret in text:
            yield "the text contains a number, a token or a key"
    if re.search(r"[0-9]{8,}", re.sub(r" [-+0-9.e]+$", "", text, flags=re.M)):
        yield "a label contains eight or more digits"
    print(f"{len(families)} metrics, {len(values)} samples, {len(text)} bytes")


def main():
    with service(sys.argv[1]) as running:
        call = {"number": NUMBER, "purpose": "sign-in"}
        token = running.post("issue", call)[1]["token"]
        body = {**call, "token": token, "code": running.code(NUMBER)}
        proof = running.post("check", body)[1]["proof"]
        with urllib.request.urlopen(running.report["metricsURL"], timeout=60) as response:
            text = response.read().decode()
            media_type = response.headers["Content-Type"]
        found = list(check(text, [NUMBER, token, proof, running.key]))
        if media_type != "text/plain; version=0.0.4; charset=utf-8":
            found.append(f"the media type is {media_type}")
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
