# SPDX-License-Identifier: Apache-2.0
"""Exits with 0 if every package is installed in the version that its argument requires.

    installed.py NAME==VERSION…
"""

import importlib.metadata
import sys


def is_installed(requirement):
    name, version = requirement.split("==")
    try:
        return importlib.metadata.version(name) == version
    except importlib.metadata.PackageNotFoundError:
        return False


if __name__ == "__main__":
    sys.exit(0 if all(map(is_installed, sys.argv[1:])) else 1)
