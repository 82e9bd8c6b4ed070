# SPDX-License-Identifier: Apache-2.0
"""Prints the date of the newest entry of a wheel.

    release_date.py WHEEL
"""

import sys
import zipfile

if __name__ == "__main__":
    newest = max(entry.date_time for entry in zipfile.ZipFile(sys.argv[1]).infolist())
    print("%d-%02d-%02d" % newest[:3])
