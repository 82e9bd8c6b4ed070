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
MEXICO = "the library removes a 1 before ten digits, as in Mexican mobile numbers until 2019; the package rejects the length"
FICTION = "numbers reserved for fiction in the United Kingdom are mobile in the library and unknown in the package"


def reference(text):
    """Returns (E.164 form, region, kind) or `REFUSED`, and whether parsing the first E.164 form changes it.

    The result is the fixed point of the package: its E.164 form is parsed again until it no longer changes, because only
    that form identifies a single number.
    """
    number = parse(text)
    if number is None:
        return REFUSED, False
    first = form = format_e164(number)
    while (again := parse(form)) is not None and format_e164(again) != form:
        number, form = again, format_e164(again)
    if again is None:
        sys.exit(f"the package rejects its own form {form} of {text!r}")
    region = phonenumbers.region_code_for_number(number)
    kind = kind_name(TYPES[phonenumbers.number_type(number)], region)
    return (form, "-" if region in (None, GLOBAL) else region, kind), form != first


def parse(text):
    """Returns the result of the package, or `None` if it rejects the number or considers it impossible."""
    try:
        number = phonenumbers.parse(text)
    except NumberParseException:
        return None
    return number if phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE else None


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
    counts, differences = collections.defaultdict(collections.Counter), []
    for (source, text), ours in zip(texts, results):
        theirs, is_reparsed = reference(text)
        counts[source]["compared"] += 1
        counts[source]["possible"] += theirs != REFUSED
        counts[source]["reparsed"] += is_reparsed
        if ours == theirs:
            counts[source]["equal"] += 1
            counts[source]["equal to first form"] += not is_reparsed
            continue
        why = reason(text, theirs, ours)
        counts[source]["other" if why is None else "explained"] += 1
        differences.append((text, theirs, ours, why))
    return counts, differences


def report(counts, differences):
    """Prints the table and every difference, and returns whether the check passes."""
    total = sum(counts.values(), collections.Counter())
    print("| numbers | compared | possible | reparsed | equal | explained differences | other differences |")
    print("|---|---|---|---|---|---|---|")
    columns = ("compared", "possible", "reparsed", "equal", "explained", "other")
    for name, row in [*counts.items(), ("all", total)]:
        print(f"| {name} | " + " | ".join(f"{row[column]:,}" for column in columns) + " |")
    for why, count in collections.Counter(why for *_, why in differences if why).most_common():
        print(f"{count:,} differences: {why}")
    for text, theirs, ours, why in differences:
        print(f"{'DIFFERENT' if why is None else 'explained'} {text!r}: package {shown(theirs)}, library {shown(ours)}")
    share = 100 * total["equal"] / total["compared"]
    print(f"{share:.4f} % equal")
    print(f"reparsed: the package parses its own E.164 form of {total['reparsed']:,} numbers as another number, mostly because "
          "a trunk prefix occurs twice. They are compared at the fixed point, the form that no longer changes. With the first "
          f"form instead, {100 * total['equal to first form'] / total['compared']:.4f} % are equal")
    return share >= 99.99 and not total["other"]


def shown(result):
    return " ".join(filter(None, result))


def main():
    worker, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    print(f"phonenumbers {phonenumbers.__version__}, {count:,} numbers, seed {seed}")
    texts = sample(count, random.Random(seed))
    results = answers(worker, [text for _, text in texts])
    if not report(*compare(texts, results)):
        sys.exit(1)


if __name__ == "__main__":
    main()
