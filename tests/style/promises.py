#!/usr/bin/env python3
"""Whether the tests that the documentation names are there.

  promises.py ROOT BUILD     ROOT: the sources, BUILD: the release build, with its test programs

- A row of a table whose last column is "shown by" names at least one test there, and nothing but tests and pages.
- A name like `Suite.Case` anywhere, and a name after the word "test", is a test of `./test.sh --all`: ctest's own name, or
  a case of a GoogleTest program that ctest runs.
- A page of docs/ that has commands (```sh) says which test runs them, and that test knows the page; for docs/clients/NAME.md
  it is client.NAME, for start.md client.order. Commands in a block
  without a language are run by no test as they stand: they are listed below, with what runs the same.
"""
import json
import os
import pathlib
import re
import subprocess
import sys

CASE = re.compile(r"`([A-Z]\w+\.[A-Z]\w+)`")
AFTER_TEST = re.compile(r"\btests?\s+`([a-z][a-z0-9_-]*(?:\.[a-z0-9_-]+)*)`")
QUOTED = re.compile(r"`([^`]+)`")
# Page and first line of the block: what runs the same commands.
RUN_ELSEWHERE = {
    ("docs/install.md", "scripts/install-dependencies.sh build package"): "packaging.debs",
    ("docs/clients/start.md", "scripts/install-dependencies.sh build clients"): "clients.prefix",
    ("docs/clients/pkcs11-provider.md", "apt-get install -t bookworm-backports pkcs11-provider"):
        "clients.install.pkcs11-provider",
    ("docs/clients/pyhanko.md", "python3 -m venv venv"): "clients.install.pyhanko",
}


def run_by_ctest(build):
    """The tests of `./test.sh --all`, as ctest describes them."""
    shown = subprocess.run(
        ["ctest", "--show-only=json-v1", "--test-dir", build], capture_output=True, text=True, check=True
    )
    for test in json.loads(shown.stdout)["tests"]:
        test["properties"] = {entry["name"]: entry["value"] for entry in test.get("properties", [])}
        # A program that is not built has none.
        test.setdefault("command", [""])
        if "long" not in test["properties"].get("LABELS", []):
            yield test


def cases_of(test):
    """Suite.Case for each case that a GoogleTest program runs as this test; nothing for other programs."""
    program = test["command"][0]
    if len(test["command"]) != 1 or not program.endswith("_test"):
        return
    variables = dict(entry.split("=", 1) for entry in test["properties"].get("ENVIRONMENT", []))
    listed = subprocess.run(
        [program, "--gtest_list_tests"], capture_output=True, text=True, check=True, timeout=60,
        env=os.environ | variables,
    ).stdout
    suite = ""
    for line in listed.splitlines():
        name = line.split("#")[0].rstrip()
        if name.endswith(".") and not name.startswith(" "):
            # "Instance/Suite." where there are parameters.
            suite = name[:-1].split("/")[-1]
        elif name.startswith("  "):
            yield f"{suite}.{name.strip().split('/')[0]}"


def pages(root):
    listed = subprocess.run(["git", "ls-files", "*.md"], cwd=root, capture_output=True, text=True, check=True)
    return {name: (root / name).read_text() for name in listed.stdout.split() if name != "CHANGELOG.md"}


def rows_without_proof(text, tests):
    shown_by = False
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("|") and cells[-1].rstrip(" |") == "shown by":
            shown_by = True
        elif not line.startswith("|"):
            shown_by = False
        elif shown_by and not line.startswith("|---"):
            named = QUOTED.findall(cells[-1])
            for name in named:
                if name not in tests:
                    yield f"`{name}` is no test of `./test.sh --all`"
            if not named:
                yield f"nothing shows \"{cells[0]}\""


def names_without_test(text, tests):
    for name in CASE.findall(text) + AFTER_TEST.findall(text):
        if name not in tests:
            yield f"`{name}` is no test of `./test.sh --all`"


def blocks(text):
    """Language and first line of each fenced block."""
    language = None
    lines = iter(text.splitlines())
    for line in lines:
        if not line.startswith("```"):
            continue
        language = line[3:]
        body = []
        for inner in lines:
            if inner.startswith("```"):
                break
            body.append(inner)
        yield language, body[0] if body else ""


def knows(test, page):
    """Whether the test's command, or the script that it is, speaks of the page."""
    program, *arguments = test["command"]
    if page in " ".join(arguments) or pathlib.Path(page).stem in arguments:
        return True
    scripts = [word for word in test["command"] if word.endswith((".sh", ".py"))]
    return any(pathlib.Path(page).name in pathlib.Path(script).read_text() for script in scripts)


def commands_without_test(page, text, tests):
    for language, first in blocks(text):
        if language == "" and RUN_ELSEWHERE.get((page, first)) not in tests:
            yield f"nothing runs the block that begins with \"{first}\""
    if all(language != "sh" for language, _ in blocks(text)):
        return
    named = [name for name in AFTER_TEST.findall(text) if name in tests]
    if page.startswith("docs/clients/"):
        # start.md comes before every other page.
        named = ["client.order" if page.endswith("/start.md") else f"client.{pathlib.Path(page).stem}"]
    if not any(name in tests and knows(tests[name], page) for name in named):
        yield "it has commands and does not say which test runs them, or that test does not"


def main():
    root, build = pathlib.Path(sys.argv[1]), sys.argv[2]
    tests = {}
    for test in run_by_ctest(build):
        tests[test["name"]] = test
        tests |= {case: test for case in cases_of(test)}
    wrong = []
    proofs = 0
    for page, text in sorted(pages(root).items()):
        found = [*rows_without_proof(text, tests), *names_without_test(text, tests)]
        if page.startswith("docs/"):
            found += commands_without_test(page, text, tests)
        wrong += [f"{page}: {complaint}" for complaint in dict.fromkeys(found)]
        proofs += sum(name in tests for name in QUOTED.findall(text))
    print(f"{proofs} names of tests in the documentation")
    if wrong or not proofs:
        sys.exit("\n".join(wrong) or "no test is named anywhere")


main()
