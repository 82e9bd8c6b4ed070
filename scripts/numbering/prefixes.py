# SPDX-License-Identifier: Apache-2.0
"""Turns the expressions for trunk prefixes into automata whose labels refer to actions.

An action `(start, count, end, added)` replaces a national number by `added + number[start:start + count] + number[end:]`:
it removes the prefix, keeps the digits of the prefix that belong to the number, and adds digits.
"""

from automata import DIGITS, constants, digit_set, parser

NO_ACTION = (0, 0, 0, "")


class Alternative:
    """One path through an expression: a set of digits per position, the span of the last group, and whether the number ends."""

    def __init__(self, places=(), group=None, at_end=False):
        self.places, self.group, self.at_end = places, group, at_end


def expand(items, last_group, alternatives):
    """Returns all paths through a sequence of items, in the order of a backtracking matcher."""
    for operator, argument in items:
        alternatives = [way for start in alternatives for way in expand_item(operator, argument, last_group, start)]
    return alternatives


def expand_item(operator, argument, last_group, start):
    if operator in (constants.LITERAL, constants.IN):
        return [Alternative(start.places + (digit_set(operator, argument),), start.group, start.at_end)]
    if operator is constants.AT and argument is constants.AT_END:
        return [Alternative(start.places, start.group, True)]
    if operator is constants.BRANCH:
        return [way for branch in argument[1] for way in expand(branch, last_group, [start])]
    if operator is constants.SUBPATTERN:
        ways = expand(argument[3], last_group, [start])
        if argument[0] == last_group:
            for way in ways:
                way.group = (len(start.places), len(way.places))
        return ways
    if operator is constants.MAX_REPEAT:
        least, most, inner = argument
        ways = []
        for count in range(most, least - 1, -1):
            ways += expand(list(inner) * count, last_group, [start])
        return ways
    raise ValueError(f"operator {operator}")


def action(way, rule):
    if not rule or way.group is None:
        return (0, 0, len(way.places), "")
    added, group = rule.split("\\")
    start, end = way.group
    return (start, end - start, len(way.places), added)


class PrefixFacts:
    """The actions of all calling codes. Action 0 changes nothing."""

    def __init__(self):
        self.actions = [NO_ACTION]

    def number(self, action):
        if action not in self.actions:
            self.actions.append(action)
        return self.actions.index(action)

    def add(self, graph, expression, rule):
        """Adds an expression to a graph. A label holds two actions: one before more digits, and one at the end of the number."""
        parsed = parser.parse(expression)
        rule = rule and rule.replace("\\g<", "\\").replace(">", "")
        ways = expand(parsed, parsed.state.groups - 1, [Alternative()])
        if rule and int(rule.split("\\")[1]) != parsed.state.groups - 1:
            raise ValueError(f"rule {rule}")
        known = {}

        def visit(live, depth, best):
            ended = [way for way in live if len(ways[way].places) == depth]
            best = min([way for way in ended if not ways[way].at_end] + ([best] if best is not None else []), default=None)
            final = min(ended + ([best] if best is not None else []), default=None)
            key = (live, depth, best)
            if key not in known:
                numbers = tuple(0 if way is None else self.number(action(ways[way], rule)) for way in (best, final))
                children = [0] * 10
                for digit in DIGITS:
                    following = frozenset(
                        way for way in live if depth < len(ways[way].places) and digit in ways[way].places[depth]
                    )
                    if following:
                        children[int(digit)] = visit(following, depth + 1, best)
                known[key] = graph.node(numbers, tuple(children))
            return known[key]

        return visit(frozenset(range(len(ways))), 0, None)
