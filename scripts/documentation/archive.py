# SPDX-License-Identifier: Apache-2.0
"""Reads the pages of DocC archives and symbol graphs, and finds faults that DocC does not report."""

import json

# Types with more members than this need topic groups. The members of other types may be grouped by their kinds.
UNGROUPED_MEMBERS = 8


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def pages(archive):
    """Yields the address and content of each page."""
    data = archive / "data"
    for path in sorted(data.rglob("*.json")):
        yield "/" + str(path.relative_to(data).with_suffix("")), read(path)


def name(identifier):
    return identifier.split("/documentation/", 1)[1].replace("/", ".")


def ungrouped_symbols(page):
    """Returns the symbols that DocC had to group by their kinds, although the page needs topic groups."""
    sections = page.get("topicSections", [])
    generated = [each for section in sections if section.get("generated") for each in section["identifiers"]
                 if page["references"].get(each, {}).get("kind") == "symbol"]
    written = [section for section in sections if not section.get("generated")]
    role = page["metadata"].get("role")
    is_module = role == "collection" and page["metadata"].get("symbolKind") == "module"
    # DocC also generates a page for the members that implement a protocol. The page of their type has their topic groups.
    is_of_protocol = role == "collectionGroup" and not written
    if is_module or written or len(generated) > UNGROUPED_MEMBERS and not is_of_protocol:
        return [name(each) for each in generated]
    return []


def undocumented_symbols(graph):
    """Returns the paths of symbols without a doc comment."""
    for symbol in graph["symbols"]:
        lines = symbol.get("docComment", {}).get("lines", [])
        if symbol["kind"]["identifier"] != "swift.extension" and not any(line["text"].strip() for line in lines):
            yield ".".join([graph["module"]["name"], *symbol["pathComponents"]])


def values(content, key):
    """Yields all values of a key in a page, at any depth."""
    if isinstance(content, dict):
        if isinstance(content.get(key), str):
            yield content[key]
        content = list(content.values())
    if isinstance(content, list):
        for each in content:
            yield from values(each, key)


def anchors(page):
    return {*values(page.get("primaryContentSections", []), "anchor"), *values(page.get("topicSections", []), "anchor")}


def dead_links(pages_by_address):
    """Returns the address of each page with the links that lead to no page or heading."""
    for address, page in pages_by_address.items():
        for reference in page.get("references", {}).values():
            target, _, anchor = reference.get("url", "").partition("#")
            if not target.startswith("/documentation/") and "://" in target:
                continue
            if reference.get("type") not in ("topic", "link", "section") or not target:
                continue
            if target not in pages_by_address or (anchor and anchor not in anchors(pages_by_address[target])):
                yield address, reference["url"]
