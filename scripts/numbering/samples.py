# SPDX-License-Identifier: Apache-2.0
"""Generates phone numbers: examples, numbers drawn from the numbering plans, mutated and random numbers."""

from phonenumbers import PhoneNumberFormat, example_number_for_type, format_number

from automata import constants, digit_set, parser
from facts import GLOBAL, ORDER, TYPES, calling_codes, metadata

NAMES = ["fixed_line", "mobile"] + [name for name, _ in ORDER]


def draw(items, rng):
    """Returns a random text that an expression accepts."""
    text = ""
    for operator, argument in items:
        if operator in (constants.LITERAL, constants.IN):
            text += rng.choice(sorted(digit_set(operator, argument)))
        elif operator is constants.BRANCH:
            text += draw(rng.choice(argument[1]), rng)
        elif operator is constants.SUBPATTERN:
            text += draw(argument[3], rng)
        else:
            least, most, inner = argument
            text += "".join(draw(inner, rng) for _ in range(rng.randint(least, most)))
    return text


class Samples:
    def __init__(self, rng):
        self.rng = rng
        # Every region has the same probability, regardless of its size.
        self.regions = [(code, region) for code, regions in calling_codes() for region in regions]
        self.patterns = {}
        for code, region in self.regions:
            descriptions = [getattr(metadata(code, region), name) for name in NAMES]
            self.patterns[code, region] = [
                parser.parse(description.national_number_pattern) for description in descriptions
                if description is not None and description.national_number_pattern
            ]

    def examples(self):
        for code, region in self.regions:
            for kind in TYPES:
                number = example_number_for_type(region, kind) if region != GLOBAL else None
                if number is not None:
                    yield format_number(number, PhoneNumberFormat.E164)

    def drawn(self):
        code, region = self.rng.choice(self.regions)
        patterns = self.patterns[code, region]
        return f"+{code}", draw(self.rng.choice(patterns), self.rng) if patterns else self.digits(8)

    def digits(self, count):
        return "".join(self.rng.choice("0123456789") for _ in range(count))

    def mutated(self):
        plus, national = self.drawn()
        for _ in range(self.rng.choice([1, 1, 2])):
            place = self.rng.randrange(len(national) + 1)
            national = self.rng.choice([
                lambda: national[:place] + self.digits(1) + national[place + 1:],
                lambda: national[:place] + self.digits(1) + national[place:],
                lambda: national[:place] + national[place + 1:],
                lambda: self.rng.choice(["0", "1", "8", "06", "9"]) + national,
                lambda: national + self.digits(self.rng.choice([1, 1, 2, 3])),
            ])()
        return plus, national

    def random(self):
        code, _ = self.rng.choice(self.regions)
        return f"+{code}", self.digits(self.rng.randint(3, 15 - len(str(code))))

    def within_limit(self, make):
        """Returns the first number from a source with at most 15 digits, the limit of E.164."""
        while True:
            plus, national = make()
            if len(plus) - 1 + len(national) <= 15:
                return plus, national

    def spelled(self, parts):
        """Returns a number with random separators."""
        plus, national = parts
        if self.rng.random() < 0.5:
            return plus + national
        places = sorted(self.rng.sample(range(len(national) + 1), min(3, len(national))))
        for place in reversed(places):
            national = national[:place] + self.rng.choice([" ", "-", ".", "\u00a0", "\u2011", ""]) + national[place:]
        return plus + " " + national
