#!/usr/bin/env python3
"""What clients need of the module, and the tests that hold it.

  needs.py ROOT    checks that each client's page says what the client needs, that each test named there exists, and that
                   each test of a need (a suite ClientNeeds…) is named by a page
"""
import pathlib
import re
import sys

HEADING = "## What it needs of the module"
TEST = re.compile(r"^TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\s*\)", re.MULTILINE)
NAME = re.compile(r"`(\w+\.\w+)`")
LINK = re.compile(r"\]\((\w[\w-]*\.md)#what-it-needs-of-the-module\)")
# A page that is no client's.
NO_CLIENT = {"start.md"}


def tests_of(root):
    return {
        f"{suite}.{name}"
        for folder in ("common", "config", "crypto", "dsa-transport", "https", "keygen", "pkcs11-client", "pkcs11-module", "tests")
        for file in (root / folder).rglob("*_test.cc")
        for suite, name in TEST.findall(file.read_text())
    }


def needs_of(page):
    """The text below the heading, up to the next one; empty where there is none."""
    _, _, rest = page.read_text().partition(f"\n{HEADING}\n")
    return rest.split("\n## ")[0]


def complaints(root):
    tests = tests_of(root)
    if not tests:
        yield f"no tests in {root}"
    named = set()
    pages = {page.name: needs_of(page) for page in (root / "docs/clients").glob("*.md")}
    for page, needs in sorted(pages.items()):
        if page in NO_CLIENT:
            continue
        here = set(NAME.findall(needs))
        links = LINK.findall(needs)
        if not here and not links:
            yield f"{page} says nothing below \"{HEADING}\""
        for link in links:
            if not NAME.search(pages.get(link, "")):
                yield f"{page} refers to {link}, which names no test"
        for test in sorted(here - tests):
            yield f"{page} names {test}, which does not exist"
        named |= here
    for test in sorted(tests - named):
        if test.startswith("ClientNeeds"):
            yield f"{test} is on no page"


def main():
    root = pathlib.Path(sys.argv[1])
    found = list(complaints(root))
    for complaint in found:
        print(complaint, file=sys.stderr)
    sys.exit(1 if found else 0)


main()
