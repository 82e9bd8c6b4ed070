# SPDX-License-Identifier: Apache-2.0
"""Prints one line for each check."""


class Report:
    def __init__(self):
        self.count = 0
        self.failures = []

    def check(self, name, passed, detail=""):
        self.count += 1
        suffix = "" if passed or not detail else f": {detail}"
        print(f"{'ok    ' if passed else 'FAILED'}  {name}{suffix}", flush=True)
        if not passed:
            self.failures.append(name)

    def check_empty(self, name, found):
        """Checks that a list of faults is empty."""
        self.check(name, not found, str(found)[:600])
