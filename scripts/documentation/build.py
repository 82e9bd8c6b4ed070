# SPDX-License-Identifier: Apache-2.0
"""Builds a DocC archive of all library modules, or checks their documentation. scripts/docs starts this program.

    build.py ARCHIVE|--check PACKAGE_JSON SYMBOL_GRAPHS TEMPORARY_FOLDER
"""

import concurrent.futures
import graphlib
import os
import pathlib
import shutil
import subprocess
import sys
import urllib.parse

from archive import dead_links, pages, read, undocumented_symbols, ungrouped_symbols
from pages import Articles


class Build:
    def __init__(self, package, graphs, folder):
        description = read(package)
        libraries = {name for product in description["products"] if "library" in product["type"] for name in product["targets"]}
        targets = {target["name"]: target for target in description["targets"]}
        self.dependencies = {
            name: sorted(libraries.intersection(targets[name].get("target_dependencies", []))) for name in sorted(libraries)
        }
        self.catalogues = {name: pathlib.Path(targets[name]["path"], f"{name}.docc") for name in self.dependencies}
        self.graphs, self.folder = graphs, folder
        self.faults = []

    def archive(self, module):
        return self.folder / f"{module}.doccarchive"

    def graph_files(self, module):
        return [self.graphs / f"{module}.symbols.json", *sorted(self.graphs.glob(f"{module}@*.symbols.json"))]

    def convert(self, module):
        """Builds the archive of one module, and records the warnings of DocC."""
        graphs, catalogue = self.folder / f"{module}-graphs", self.folder / f"{module}.docc"
        graphs.mkdir()
        for path in self.graph_files(module):
            shutil.copy(path, graphs)
        diagnostics = self.folder / f"{module}-diagnostics.json"
        command = [
            "docc", "convert", catalogue, "--additional-symbol-graph-dir", graphs, "--output-dir", self.archive(module),
            "--fallback-display-name", module, "--fallback-bundle-identifier", module, "--diagnostics-file", diagnostics,
            "--fallback-default-module-kind", "Library", "--enable-experimental-external-link-support",
        ]
        for dependency in self.dependencies[module]:
            command += ["--dependency", self.archive(dependency)]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        found = read(diagnostics)["diagnostics"] if diagnostics.exists() else []
        self.faults += [self.describe(each, module) for each in found if each["severity"] in ("warning", "error")]
        if result.returncode and not found:
            self.faults.append(f"{module}: docc ended with exit status {result.returncode}: {result.stdout}{result.stderr}")

    def describe(self, diagnostic, module):
        path = urllib.parse.unquote(urllib.parse.urlparse(diagnostic.get("source") or "").path) or module
        path = path.replace(str(self.folder / f"{module}.docc"), str(self.catalogues[module]))
        line = diagnostic["range"]["start"]["line"] if diagnostic.get("range") else 1
        return f"{os.path.relpath(path)}:{line}: {diagnostic['summary']}"

    def convert_all(self):
        """Builds all archives, each after the archives of its dependencies."""
        articles = Articles(self.catalogues)
        for module, catalogue in self.catalogues.items():
            articles.copy(module, catalogue, self.folder / f"{module}.docc")
        order = graphlib.TopologicalSorter(self.dependencies)
        order.prepare()
        with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as executor:
            while order.is_active():
                ready = order.get_ready()
                list(executor.map(self.convert, ready))
                order.done(*ready)

    def check(self):
        """Records the faults that DocC does not report."""
        content = {}
        for module in self.dependencies:
            for graph in map(read, self.graph_files(module)):
                self.faults += [f"{each}: has no doc comment" for each in undocumented_symbols(graph)]
            content |= pages(self.archive(module))
        for address, page in content.items():
            for symbol in ungrouped_symbols(page):
                self.faults.append(f"{symbol}: add it to a topic group of {address}")
        self.faults += [f"{page}: links to {link}, which does not exist" for page, link in dead_links(content)]
        return len(content)

    def merge(self, destination):
        if destination.exists():
            shutil.rmtree(destination)
        destination.parent.mkdir(parents=True, exist_ok=True)
        archives = [self.archive(module) for module in self.dependencies]
        subprocess.run(
            ["docc", "merge", *archives, "--output-path", destination, "--synthesized-landing-page-name", "swift-otp",
             "--synthesized-landing-page-kind", "Package"],
            check=True, stdout=subprocess.DEVNULL)


def main():
    destination, package, graphs, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]), pathlib.Path(sys.argv[4])
    build = Build(package, graphs, folder)
    missing = [f"{path}: add this catalogue" for path in build.catalogues.values() if not path.is_dir()]
    missing += [f"{path}: links to a page that does not exist" for catalogue in build.catalogues.values()
                for path in catalogue.rglob("*") if not path.exists()]
    if missing:
        print(*missing, sep="\n")
        return 1
    build.convert_all()
    count = build.check()
    if build.faults:
        print("\n".join(sorted(build.faults)))
        print(f"docs: {len(build.faults)} faults")
        return 1
    if destination == "--check":
        print(f"docs: {count} pages of {len(build.catalogues)} modules, no fault")
        return 0
    build.merge(pathlib.Path(destination))
    print(f"docs: {count} pages in {destination}")
    print(f"docs: to read them, run `python3 -m http.server 8080 --bind 127.0.0.1 --directory {destination}`,")
    print("      and open http://localhost:8080/documentation/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
