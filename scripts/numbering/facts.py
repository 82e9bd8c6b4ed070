# SPDX-License-Identifier: Apache-2.0
"""Extracts facts from the `phonenumbers` package: types, regions, possible lengths and prefixes."""

from phonenumbers import PhoneMetadata
from phonenumbers.phonenumberutil import COUNTRY_CODE_TO_REGION_CODE, PhoneNumberType as T

from automata import Automaton, unroll

# The maximum number of digits of a national number with its trunk prefix.
LONGEST = 17

# The order in which the package tests the type of a number.
ORDER = [
    ("premium_rate", "premiumRate"), ("toll_free", "tollFree"), ("shared_cost", "sharedCost"), ("voip", "voip"),
    ("personal_number", "personal"), ("pager", "pager"), ("uan", "universalAccess"), ("voicemail", "voicemail"),
]
KINDS = [
    "unknown", "mobile", "fixedLine", "fixedLineOrMobile", "premiumRate", "tollFree", "sharedCost", "voip",
    "personal", "pager", "universalAccess", "voicemail", "satellite",
]
TYPES = {
    T.UNKNOWN: "unknown", T.MOBILE: "mobile", T.FIXED_LINE: "fixedLine", T.FIXED_LINE_OR_MOBILE: "fixedLineOrMobile",
    T.PREMIUM_RATE: "premiumRate", T.TOLL_FREE: "tollFree", T.SHARED_COST: "sharedCost", T.VOIP: "voip",
    T.PERSONAL_NUMBER: "personal", T.PAGER: "pager", T.UAN: "universalAccess", T.VOICEMAIL: "voicemail",
}
GLOBAL = "001"


def calling_codes():
    return sorted(COUNTRY_CODE_TO_REGION_CODE.items())


def metadata(code, region):
    if region == GLOBAL:
        return PhoneMetadata.metadata_for_nongeo_region(code)
    return PhoneMetadata.metadata_for_region(region)


def kind_name(name, region):
    """Returns the kind. Mobile numbers of a calling code without a region belong to satellite and global networks."""
    return "satellite" if region == GLOBAL and name == "mobile" else name


class TypeFacts:
    """Maps national numbers of one calling code to region and kind."""

    def __init__(self, code, regions):
        self.regions = regions
        self.plans = [metadata(code, region) for region in regions]
        self.automaton = Automaton()
        for index, plan in enumerate(self.plans):
            for name in ["general_desc", "fixed_line", "mobile"] + [name for name, _ in ORDER]:
                description = getattr(plan, name)
                if description is not None and description.national_number_pattern:
                    self.automaton.add(description.national_number_pattern, (index, name))
            if plan.leading_digits is not None:
                self.automaton.add(plan.leading_digits, (index, "leading"), is_prefix=True)

    def has(self, labels, index, name, length):
        description = getattr(self.plans[index], name)
        if description is None or (index, name) not in labels:
            return False
        return not description.possible_length or length in description.possible_length

    def kind(self, labels, index, length):
        if not self.has(labels, index, "general_desc", length):
            return "unknown"
        for name, kind in ORDER:
            if self.has(labels, index, name, length):
                return kind
        same = self.plans[index].same_mobile_and_fixed_line_pattern
        mobile = self.has(labels, index, "mobile", length)
        if self.has(labels, index, "fixed_line", length):
            return "fixedLineOrMobile" if same or mobile else "fixedLine"
        return "mobile" if mobile and not same else "unknown"

    def label(self, labels, length):
        """Returns two numbers: the position of the region from 1 (0: unknown), and a number for the kind.

        The second number is twice the index of the kind, plus 1 if the number is possible in the main region.
        """
        general = int((0, "general_desc") in labels)
        region = self.region(labels, length)
        if region is None:
            return (0, general)
        kind = kind_name(self.kind(labels, region, length), self.regions[region])
        # A calling code with a single region needs no position.
        place = region + 1 if len(self.regions) > 1 else 0
        return (place, 2 * KINDS.index(kind) + general)

    def region(self, labels, length):
        if len(self.regions) == 1:
            return 0
        for index, plan in enumerate(self.plans):
            if plan.leading_digits is not None:
                if (index, "leading") in labels:
                    return index
            elif self.kind(labels, index, length) != "unknown":
                return index
        return None

    def add_to(self, graph):
        return unroll(graph, self.automaton, LONGEST, self.label)
