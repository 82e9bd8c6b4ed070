#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the structure of a Grafana dashboard, and each of its expressions with promtool.

    scripts/deploy/dashboard.py FILE
"""

import json
import pathlib
import subprocess
import sys
import tempfile


def problems(dashboard):
    """Yields the faults of the dashboard."""
    identifiers, cells, rules = set(), set(), []
    for panel in dashboard["panels"]:
        title = panel["title"]
        if panel["id"] in identifiers:
            yield f"{title}: its id is not unique"
        identifiers.add(panel["id"])
        position = panel["gridPos"]
        if position["x"] + position["w"] > 24:
            yield f"{title}: it is wider than the grid"
        own = {(x, y) for x in range(position["x"], position["x"] + position["w"])
               for y in range(position["y"], position["y"] + position["h"])}
        if own & cells:
            yield f"{title}: it overlaps another panel"
        cells |= own
        if panel["type"] == "row":
            continue
        letters = [target["refId"] for target in panel["targets"]]
        if not letters or len(set(letters)) != len(letters):
            yield f"{title}: its queries have no unique names"
        rules += [(title, target["expr"]) for target in panel["targets"]]
    variables = {variable["name"] for variable in dashboard["templating"]["list"]}
    if variables != {"datasource", "instance"}:
        yield f"the variables are {sorted(variables)}"
    yield from syntax(rules)


def syntax(rules):
    """Checks the expressions as recording rules, with the variables of Grafana replaced."""
    lines = ["groups:", "- name: dashboard", "  rules:"]
    for number, (_, expression) in enumerate(rules):
        text = expression.replace("$__rate_interval", "5m").replace("$instance", ".*")
        lines += [f"  - record: dashboard:{number}", f"    expr: {json.dumps(text)}"]
    with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        result = subprocess.run(["promtool", "check", "rules", file.name], capture_output=True, text=True, check=False)
    if result.returncode != 0:
        yield result.stdout + result.stderr


def main():
    dashboard = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    found = list(problems(dashboard))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
