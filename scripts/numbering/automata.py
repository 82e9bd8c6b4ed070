# SPDX-License-Identifier: Apache-2.0
"""Turns digit-only regular expressions into minimal acyclic automata.

The expressions consist of digits, classes of digits, repetition, alternation, groups, and `$` at the end of an
alternative. Anything else raises an error.
"""

try:
    from re import _parser as parser, _constants as constants
except ImportError:  # before Python 3.11
    import sre_constants as constants
    import sre_parse as parser

DIGITS = "0123456789"


def digit_set(operator, argument):
    """Returns the digits that one item of an expression accepts."""
    if operator is constants.LITERAL:
        return frozenset([chr(argument)])
    accepted = set()
    for kind, value in argument:
        if kind is constants.LITERAL:
            accepted.add(chr(value))
        elif kind is constants.RANGE:
            accepted.update(map(chr, range(value[0], value[1] + 1)))
        elif kind is constants.CATEGORY and value is constants.CATEGORY_DIGIT:
            accepted.update(DIGITS)
        else:
            raise ValueError(f"class {kind}")
    return frozenset(accepted)


class Automaton:
    """A nondeterministic automaton over digits that recognises several expressions simultaneously."""

    def __init__(self):
        self.empty_moves, self.moves, self.accepts = [], [], {}
        self.start = self.state()

    def state(self):
        self.empty_moves.append([])
        self.moves.append([])
        return len(self.moves) - 1

    def add(self, expression, label, is_prefix=False):
        """Adds an expression. With `is_prefix`, it also matches every text that begins with a match."""
        end = self.build(parser.parse(expression), self.start)
        if is_prefix:
            self.moves[end].append((frozenset(DIGITS), end))
        self.accepts.setdefault(end, set()).add(label)

    def build(self, items, state):
        for operator, argument in items:
            state = self.item(operator, argument, state)
        return state

    def item(self, operator, argument, state):
        if operator in (constants.LITERAL, constants.IN):
            following = self.state()
            self.moves[state].append((digit_set(operator, argument), following))
            return following
        if operator is constants.BRANCH:
            end = self.state()
            for branch in argument[1]:
                first = self.state()
                self.empty_moves[state].append(first)
                self.empty_moves[self.build(branch, first)].append(end)
            return end
        if operator is constants.SUBPATTERN:
            return self.build(argument[3], state)
        if operator is constants.MAX_REPEAT and argument[1] is not constants.MAXREPEAT:
            return self.repetition(*argument, state)
        raise ValueError(f"operator {operator}")

    def repetition(self, least, most, items, state):
        for _ in range(least):
            state = self.build(items, state)
        end = self.state()
        for _ in range(most - least):
            self.empty_moves[state].append(end)
            first = self.state()
            self.empty_moves[state].append(first)
            state = self.build(items, first)
        self.empty_moves[state].append(end)
        return end

    def closure(self, states):
        found, waiting = set(states), list(states)
        while waiting:
            for following in self.empty_moves[waiting.pop()]:
                if following not in found:
                    found.add(following)
                    waiting.append(following)
        return frozenset(found)

    def step(self, states, digit):
        return self.closure({to for state in states for accepted, to in self.moves[state] if digit in accepted})

    def labels(self, states):
        return frozenset().union(*(self.accepts.get(state, ()) for state in states))


class Graph:
    """The nodes of a minimal acyclic automaton. Equal nodes are shared. Node 0 is the dead state.

    A label is a pair of numbers below 64.
    """

    DEAD = ((0, 0), (0,) * 10)

    def __init__(self):
        self.ids = {self.DEAD: 0}
        self.nodes = [self.DEAD]

    def node(self, label, children):
        key = (label, children)
        if key not in self.ids:
            self.ids[key] = len(self.nodes)
            self.nodes.append(key)
        return self.ids[key]


def unroll(graph, automaton, longest, label_of):
    """Adds an automaton to a graph. `label_of` maps the accepted labels and the length to the label of a node."""
    known = {}

    def visit(states, depth):
        key = (states, depth)
        if key not in known:
            children = (0,) * 10
            if states and depth < longest:
                children = tuple(visit(automaton.step(states, digit), depth + 1) for digit in DIGITS)
            known[key] = graph.node(label_of(automaton.labels(states), depth), children)
        return known[key]

    return visit(automaton.closure({automaton.start}), 0)
