#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the times of responses to wrong, expired, unknown, used and cancelled codes.

    scripts/deploy/timing.py PATH-OF-OTP ROUNDS
"""

import itertools
import math
import random
import secrets
import statistics
import sys
import time

from service import service

ATTEMPTS = 4
TOLERANCE = 0.001

# The lifetime of all codes, in seconds.
LIFETIME = 60


def mann_whitney(first, second):
    """Returns the two-sided p-value of the rank test, with the normal approximation."""
    values = sorted([(value, 0) for value in first] + [(value, 1) for value in second])
    ranks, ties, position = 0.0, 0, 0
    for _, group in itertools.groupby(values, key=lambda pair: pair[0]):
        members = list(group)
        count = len(members)
        ranks += sum(1 for _, source in members if source == 0) * (position + (count + 1) / 2)
        ties += count ** 3 - count
        position += count
    one, two, both = len(first), len(second), len(values)
    statistic = ranks - one * (one + 1) / 2
    variance = one * two / 12 * (both + 1 - ties / (both * (both - 1)))
    distance = (statistic - one * two / 2) / math.sqrt(variance) if variance > 0 else 0.0
    return math.erfc(abs(distance) / math.sqrt(2))


def issue(running, number):
    """Issues a code, and returns the number and the token."""
    own = f"+659{number:07d}"
    status, document, _ = running.post("issue", {"number": own, "purpose": "sign-in"})
    assert status == 201, document
    return own, document["token"]


def cases(running, number, expired):
    """Yields the name, the body and the expected status of one check for each kind, for three new numbers and an expired code."""
    used, cancelled, live = (issue(running, number + step) for step in range(3))
    call = {"purpose": "sign-in"}
    code = running.code(used[0])
    wrong = "000000" if code != "000000" else "111111"
    assert running.post("check", {**call, "number": used[0], "token": used[1], "code": code})[0] == 200
    assert running.post("cancel", {"number": cancelled[0], "token": cancelled[1]})[0] == 204
    unknown = "v1." + secrets.token_urlsafe(32)
    kinds = [("wrong", live, live[1], 422), ("unknown", live, unknown, 410), ("used", used, used[1], 410),
             ("cancelled", cancelled, cancelled[1], 410), ("expired", expired, expired[1], 410)]
    for _ in range(ATTEMPTS):
        random.shuffle(kinds)
        for name, (own, _), token, status in kinds:
            yield name, {**call, "number": own, "token": token, "code": wrong}, status


def main():
    otp, rounds = sys.argv[1], int(sys.argv[2])
    samples, sizes = {}, {}
    # The shortest lifetime. The codes that must expire are issued first.
    with service(otp, variables={"OTP_CODE_LIFETIME": str(LIFETIME)}) as running:
        expired = [issue(running, 2_000_000 + number) for number in range(rounds)]
        time.sleep(LIFETIME)
        # Meanwhile, the service has closed the idle connection.
        running.connection.close()
        for number, old in enumerate(expired):
            for name, body, expected in cases(running, 1_000_000 + 3 * number, old):
                status, document, seconds = running.post("check", body)
                assert status == expected, (name, status, document)
                samples.setdefault(name, []).append(seconds)
                sizes.setdefault(name, set()).add(len(str(document)))
    # The response to a wrong code contains the remaining attempts, so its document is different. The client may know them
    # (REQ-28).
    sizes.pop("wrong")
    failed = len(set.union(*sizes.values())) != 1
    reference = samples["unknown"]
    print(f"{'kind':<10} {'samples':>8} {'median ms':>10} {'p95 ms':>8} {'gap ms':>8} {'p-value':>8}")
    for name, times in sorted(samples.items()):
        gap = abs(statistics.median(times) - statistics.median(reference))
        value = mann_whitney(times, reference)
        ok = value > 0.01 or gap < TOLERANCE
        failed = failed or not ok
        p95 = statistics.quantiles(times, n=20)[-1]
        print(f"{name:<10} {len(times):>8} {statistics.median(times) * 1e3:>10.3f} {p95 * 1e3:>8.3f} {gap * 1e3:>8.3f} "
              f"{value:>8.3f}{'' if ok else '  differs'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
