# SPDX-License-Identifier: Apache-2.0
"""Writes a fixed sample of numbers with the results of the package, so that the tests of the library need no Python.

    vectors.py OUTPUT

One line per number: the input, a tab, and `E.164 region kind` or `refused`.
"""

import random
import sys

from check import REFUSED, reason, reference, sample


def rows():
    seen = set()
    for _, text in sample(4000, random.Random(10)):
        answer, _ = reference(text)
        # Separate tests cover the intended differences between the library and the package.
        if text in seen or reason(text, answer, ("", "", "")):
            continue
        seen.add(text)
        yield text.replace("\u00a0", " "), "refused" if answer == REFUSED else " ".join(answer)


if __name__ == "__main__":
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        file.writelines(f"{text}\t{answer}\n" for text, answer in rows())
