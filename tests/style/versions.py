#!/usr/bin/env python3
"""Whether CMakeLists.txt, debian/changelog and CHANGELOG.md agree about the version and its date: versions.py ROOT"""
import pathlib
import re
import sys
from email.utils import parsedate_to_datetime


def main():
    root = pathlib.Path(sys.argv[1])
    built = re.search(r"project\(signet VERSION (\S+)", (root / "CMakeLists.txt").read_text())[1]
    debian = (root / "debian/changelog").read_text()
    packaged = re.match(r"signet \((\S+)\)", debian)[1]
    packaged_on = parsedate_to_datetime(re.search(r"^ -- .*?>  (.*)$", debian, re.MULTILINE)[1]).date().isoformat()
    released, released_on = re.search(
        r"^## (\d+\.\d+\.\d+) \((\d{4}-\d\d-\d\d)\)$", (root / "CHANGELOG.md").read_text(), re.MULTILINE
    ).groups()
    supported = re.findall(r"^\| (\d+\.\d+) \| yes \|$", (root / "SECURITY.md").read_text(), re.MULTILINE)
    if {built, packaged} != {released} or packaged_on != released_on:
        sys.exit(f"CMake has {built}, Debian {packaged} of {packaged_on}, CHANGELOG.md {released} of {released_on}")
    if released.rpartition(".")[0] not in supported:
        sys.exit(f"SECURITY.md does not support {released}")
    print(f"version {built} of {released_on}")


main()
