# SPDX-License-Identifier: Apache-2.0
"""Compares the public interface with the record, or writes the record. scripts/api starts this program.

    compare.py --check | --record | --print PACKAGE_JSON SYMBOL_GRAPHS RECORD
"""

import collections
import json
import pathlib
import sys

from symbols import read_module

HEADER = "# The public interface of {module}. scripts/api --record writes this file."


def library_modules(path):
    """Returns the names of the modules in library products."""
    with open(path, encoding="utf-8") as file:
        package = json.load(file)
    names = {name for product in package["products"] if "library" in product["type"] for name in product["targets"]}
    return sorted(names)


def read_record(path):
    if not path.exists():
        return []
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


def by_path(lines):
    result = collections.defaultdict(list)
    for line in lines:
        path, _, text = line.partition("  ")
        result[path].append(text)
    return result


def differences(module, old, new):
    """Returns the differences between two lists of symbols as lines of text."""
    removed, added = by_path(sorted(set(old) - set(new))), by_path(sorted(set(new) - set(old)))
    lines = []
    for path in sorted({*removed, *added}):
        before, after = removed[path], added[path]
        if len(before) == len(after) == 1:
            lines += [f"changed  {module}: {path}", f"           {before[0]}", f"        -> {after[0]}"]
            continue
        lines += [f"removed  {module}: {path}  {text}" for text in before]
        lines += [f"added    {module}: {path}  {text}" for text in after]
    return lines


def check(interface, record):
    lines = []
    recorded = {path.stem for path in record.glob("*.txt")}
    for module in sorted({*interface, *recorded}):
        lines += differences(module, read_record(record / f"{module}.txt"), interface.get(module, []))
    if not recorded:
        print(f"api: there is no record in {record}; run scripts/api --record and commit the files")
        return 1
    if not lines:
        print(f"api: the public interface is as recorded: {sum(map(len, interface.values()))} symbols")
        return 0
    print("\n".join(lines))
    print(f"api: the public interface differs from {record}; if that is intended, run scripts/api --record and commit the files")
    return 1


def write_record(interface, record):
    record.mkdir(parents=True, exist_ok=True)
    for path in record.glob("*.txt"):
        path.unlink()
    for module, lines in interface.items():
        text = "\n".join([HEADER.format(module=module), "", *lines, ""])
        (record / f"{module}.txt").write_text(text, encoding="utf-8")
        print(f"api: {record / module}.txt: {len(lines)} symbols")


def main():
    mode, package, graphs, record = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]), pathlib.Path(sys.argv[4])
    interface = {module: read_module(graphs, module) for module in library_modules(package)}
    empty = [module for module, lines in interface.items() if not lines]
    if empty:
        sys.exit(f"api: no symbol graph of {', '.join(empty)} in {graphs}")
    if mode == "--check":
        return check(interface, record)
    if mode == "--record":
        write_record(interface, record)
    else:
        for module, lines in interface.items():
            print(f"# {module}", *lines, "", sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
