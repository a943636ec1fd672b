#!/usr/bin/env python3
"""What clients need of the module, and the tests that hold it.

  needs.py ROOT    checks that conformance/clients/NAME/needs.md is there for each client, that each test named there
                   exists, and that each test of a need (a suite ClientNeeds…) is named by one
"""
import pathlib
import re
import sys

TEST = re.compile(r"^TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\s*\)", re.MULTILINE)
NAME = re.compile(r"`(\w+\.\w+)`")
LINK = re.compile(r"\]\(\.\./(\w[\w-]*)/needs\.md\)")


def tests_of(root):
    return {
        f"{suite}.{name}"
        for folder in ("common", "config", "crypto", "dsa-transport", "https", "keygen", "pkcs11-client", "pkcs11-module", "tests")
        for file in (root / folder).rglob("*_test.cc")
        for suite, name in TEST.findall(file.read_text())
    }


def complaints(root):
    tests = tests_of(root)
    if not tests:
        yield f"no tests in {root}"
    named = set()
    clients = root / "conformance/clients"
    needs = {path.parent.name: path.read_text() for path in clients.glob("*/needs.md")}
    for about in sorted(clients.glob("*/about.toml")):
        client = about.parent.name
        text = needs.get(client, "")
        here = set(NAME.findall(text))
        links = LINK.findall(text)
        if not here and not links:
            yield f"{client}/needs.md names no need"
        for link in links:
            if not NAME.search(needs.get(link, "")):
                yield f"{client}/needs.md refers to {link}, which names no test"
        for test in sorted(here - tests):
            yield f"{client}/needs.md names {test}, which does not exist"
        named |= here
    for test in sorted(tests - named):
        if test.startswith("ClientNeeds"):
            yield f"no needs.md names {test}"


def main():
    root = pathlib.Path(sys.argv[1])
    found = list(complaints(root))
    for complaint in found:
        print(complaint, file=sys.stderr)
    sys.exit(1 if found else 0)


main()
