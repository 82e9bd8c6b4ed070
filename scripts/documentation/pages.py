# SPDX-License-Identifier: Apache-2.0
"""Copies catalogues, and turns the links between the pages of Docs into links of DocC.

The pages of Docs are written for a repository browser. A catalogue holds symbolic links to the pages that are its articles.
"""

import os
import pathlib
import re
import shutil

LINK = re.compile(r"(?P<image>!?)\[(?P<text>[^\]]*)\]\((?P<target>[^)\s:]*)\)")
HEADING = re.compile(r"^#+ (.*)$", re.M)


def github_anchor(heading):
    return re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()).replace(" ", "-")


def docc_anchor(heading):
    return re.sub(r"[^\w\-. ]", "", heading.replace("`", "")).strip().replace(" ", "-")


class Articles:
    """The pages of the repository that are articles of a catalogue."""

    def __init__(self, catalogues):
        self.places = {}
        for module, catalogue in catalogues.items():
            for path in catalogue.rglob("*.md"):
                if path.is_symlink():
                    self.places[path.resolve()] = (module, path.stem)

    def link(self, page, target, text, module):
        """Returns the Markdown of a link from a page to another page or heading."""
        name, _, anchor = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        if path not in self.places:
            place = f"`{os.path.relpath(path)}`"
            return place if text in place else f"{text} ({place})"
        place, article = self.places[path]
        fragment = ""
        if anchor:
            headings = {github_anchor(each): docc_anchor(each) for each in HEADING.findall(path.read_text(encoding="utf-8"))}
            fragment = "#" + headings.get(anchor, anchor)
        if place == module:
            return f"[{text}](doc:{article}{fragment})"
        # DocC resolves links to other archives only if these were built before, and these links form a cycle.
        return f"[{text}](/documentation/{place.lower()}/{article.lower()}{fragment})"

    def rewritten(self, page, module):
        def replacement(match):
            if match["image"]:
                return f"![{match['text']}]({os.path.basename(match['target'])})"
            return self.link(page, match["target"], match["text"], module)

        return LINK.sub(replacement, page.read_text(encoding="utf-8"))

    def copy(self, module, catalogue, destination):
        """Copies a catalogue with its articles and their images."""
        shutil.copytree(catalogue, destination)
        for path in catalogue.rglob("*.md"):
            if not path.is_symlink():
                continue
            page = path.resolve()
            (destination / path.relative_to(catalogue)).write_text(self.rewritten(page, module), encoding="utf-8")
            for match in LINK.finditer(page.read_text(encoding="utf-8")):
                if match["image"]:
                    image = page.parent / match["target"]
                    shutil.copy(image, destination / pathlib.Path(image).name)
