# SPDX-License-Identifier: Apache-2.0
"""Compares how the library and the package `phonenumbers` parse phone numbers.

    check.py WORKER NUMBERS SEED
"""

import collections
import random
import subprocess
import sys

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

from facts import GLOBAL, TYPES, kind_name
from samples import Samples

REFUSED = ("refused", "", "")
MEXICO = "the library removes the 1 of Mexican mobile numbers before 2019; the package rejects the length"
FICTION = "numbers reserved for fiction in the United Kingdom are mobile in the library and unknown in the package"


def reference(text):
    """Returns (E.164 form, region, kind) or `REFUSED`, and whether the package parses its own result to the same number."""
    try:
        number = phonenumbers.parse(text)
    except NumberParseException:
        return REFUSED, True
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return REFUSED, True
    region = phonenumbers.region_code_for_number(number)
    kind = kind_name(TYPES[phonenumbers.number_type(number)], region)
    shown = format_e164(number)
    again = phonenumbers.parse(shown)
    return (shown, "-" if region in (None, GLOBAL) else region, kind), format_e164(again) == shown


def format_e164(number):
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def reason(text, theirs, ours):
    digits = "".join(filter(str.isdigit, text))
    if theirs == REFUSED and digits.startswith("521") and len(digits) == 13:
        return MEXICO
    if ours[0].startswith("+447700900") and ours[0] == theirs[0]:
        return FICTION
    return None


def sample(count, rng):
    samples = Samples(rng)
    texts = [("examples", text) for text in samples.examples()]
    rest = max(0, count + 1 - len(texts))
    sources = (("drawn", samples.drawn, 0.4), ("mutated", samples.mutated, 0.4), ("random", samples.random, 0.2))
    for source, make, part in sources:
        texts += [(source, samples.spelled(samples.within_limit(make))) for _ in range(round(rest * part))]
    return texts[:count]


def answers(worker, texts):
    result = subprocess.run([worker], input="\n".join(texts) + "\n", capture_output=True, text=True, check=True)
    lines = result.stdout.splitlines()
    if len(lines) != len(texts):
        sys.exit(f"{len(texts)} numbers, but {len(lines)} results")
    return [REFUSED if line.startswith("refused ") else tuple(line.split(" ")) for line in lines]


def compare(texts, results):
    counts, reasons, unexplained = collections.defaultdict(collections.Counter), collections.Counter(), []
    for (source, text), ours in zip(texts, results):
        theirs, is_stable = reference(text)
        if not is_stable and ours == REFUSED:
            # With two canonical forms, one number would have separate limits for each.
            counts[source]["unstable"] += 1
            continue
        counts[source]["compared"] += 1
        counts[source]["possible"] += theirs != REFUSED
        if ours == theirs:
            counts[source]["equal"] += 1
            continue
        why = reason(text, theirs, ours)
        if why is None:
            unexplained.append((text, theirs, ours))
        else:
            reasons[why] += 1
            counts[source]["explained"] += 1
    return counts, reasons, unexplained


def report(counts, reasons, unexplained):
    total = sum(counts.values(), collections.Counter())
    print("| numbers | compared | possible | equal | explained differences | other differences |")
    print("|---|---|---|---|---|---|")
    for name, row in list(counts.items()) + [("all", total)]:
        other = row["compared"] - row["equal"] - row["explained"]
        print(f"| {name} | {row['compared']:,} | {row['possible']:,} | {row['equal']:,} | {row['explained']:,} | {other:,} |")
    for why, count in reasons.most_common():
        print(f"{count:,} differences: {why}")
    for text, theirs, ours in unexplained[:20]:
        print(f"DIFFERENT {text!r}: package {theirs}, library {ours}")
    share = 100 * total["equal"] / total["compared"]
    print(f"{share:.4f} % equal")
    with_unstable = 100 * total["equal"] / (total["compared"] + total["unstable"])
    print(f"{total['unstable']:,} more numbers are not counted above. They have no canonical form: the package parses its own "
          "E.164 form of them as another number. The library rejects them, because two forms would double the limits of a "
          f"telephone. Counted as different, {with_unstable:.4f} % are equal")
    return share >= 99.99 and not unexplained


def main():
    worker, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    print(f"phonenumbers {phonenumbers.__version__}, {count:,} numbers, seed {seed}")
    texts = sample(count, random.Random(seed))
    results = answers(worker, [text for _, text in texts])
    if not report(*compare(texts, results)):
        sys.exit(1)


if __name__ == "__main__":
    main()
