"""Writes a fixed sample of numbers with the answers of the package, so that the tests of the library need no Python.

    vectors.py OUTPUT

A line holds, between tabs, a number as written and `E.164 region kind`, or `refused`.
"""

import random
import sys

from check import REFUSED, reason, reference, sample


def rows():
    seen = set()
    for _, text in sample(4000, random.Random(10)):
        answer, _ = reference(text)
        # Numbers on which the library differs on purpose have tests of their own.
        if text in seen or reason(text, answer, ("", "", "")):
            continue
        seen.add(text)
        yield text.replace("\u00a0", " "), "refused" if answer == REFUSED else " ".join(answer)


if __name__ == "__main__":
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        file.writelines(f"{text}\t{answer}\n" for text, answer in rows())
