# SPDX-License-Identifier: Apache-2.0
"""Reads symbol graphs and describes the public symbols of a module, one line for each symbol."""

import json
import re

# Every type conforms to these protocols by default, or the compiler derives the conformance.
IMPLIED = {"Copyable", "Escapable", "SendableMetatype"}
TYPES = {"swift.struct", "swift.class", "swift.enum", "swift.actor"}


def declaration(symbol, protocols):
    """Returns the declaration in one line. The protocols of a type are inserted before its `where` clause."""
    text = "".join(fragment["spelling"] for fragment in symbol["declarationFragments"])
    text = re.sub(r"\s+", " ", text).strip().replace(" : ", ": ")
    # The declaration of a protocol already contains the protocols that it refines.
    if not protocols or symbol["kind"]["identifier"] not in TYPES:
        return text
    head, where, constraints = text.partition(" where ")
    return f"{head}: {', '.join(sorted(protocols))}{where}{constraints}"


def conformances(graph):
    """Returns the protocols of each type by the type's identifier."""
    names = {symbol["identifier"]["precise"]: ".".join(symbol["pathComponents"]) for symbol in graph["symbols"]}
    result = {}
    for relationship in graph["relationships"]:
        if relationship["kind"] not in ("conformsTo", "inheritsFrom"):
            continue
        name = names.get(relationship["target"]) or relationship.get("targetFallback", relationship["target"]).split(".", 1)[-1]
        constraints = ", ".join(f"{each['lhs']}: {each['rhs']}" for each in relationship.get("swiftConstraints", []))
        if name not in IMPLIED:
            result.setdefault(relationship["source"], set()).add(f"{name} where {constraints}" if constraints else name)
    return result


def read_graph(path):
    """Returns one line for each symbol of a symbol graph: its path, two spaces, and its declaration."""
    with open(path, encoding="utf-8") as file:
        graph = json.load(file)
    protocols = conformances(graph)
    for symbol in graph["symbols"]:
        path, conforms = ".".join(symbol["pathComponents"]), protocols.get(symbol["identifier"]["precise"], ())
        if symbol["kind"]["identifier"] == "swift.extension":
            # The type belongs to another module, and its new members have their own lines.
            yield from (f"{path}  extension: {name}" for name in sorted(conforms))
        else:
            yield f"{path}  {declaration(symbol, conforms)}"


def read_module(folder, module):
    """Returns the sorted lines of a module, including its extensions of other modules."""
    graphs = [folder / f"{module}.symbols.json", *sorted(folder.glob(f"{module}@*.symbols.json"))]
    return sorted({line for graph in graphs if graph.exists() for line in read_graph(graph)})
