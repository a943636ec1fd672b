#!/usr/bin/env python3
"""Whether pdf-problems.md tells of all problems, and names documents and tests that there are.

Environment: SIGNET_TEST_PDF_FIXTURES, the program that writes the documents; SIGNET_TEST_BUILD, the folder of the build.
"""
import fnmatch
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PROBLEMS = 29


def written_documents():
    """The names of all documents for judges; pades.py makes the certified ones itself."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([os.environ["SIGNET_TEST_PDF_FIXTURES"], folder], check=True)
        return {file.stem for file in pathlib.Path(folder).rglob("*.pdf")} | {"certified-1", "certified-2", "certified-3"}


def unit_tests():
    """Every test of GoogleTest, and its suite, of the components that seal."""
    found = set()
    for folder in ("pdf", "sealing", "timestamps", "preservation", "tests/sealing", "tests/timestamps"):
        for file in (ROOT / folder).rglob("*_test.cc"):
            for suite, test in re.findall(r"^TEST(?:_F|_P)?\((\w+),\s*(\w+)\)", file.read_text(encoding="utf-8"), re.MULTILINE):
                found |= {suite, f"{suite}.{test}"}
    return found


def named_tests():
    """Every test of the build."""
    listed = subprocess.run(["ctest", "--test-dir", os.environ["SIGNET_TEST_BUILD"], "-N"], check=True,
                            stdout=subprocess.PIPE, text=True).stdout
    return set(re.findall(r"Test +#\d+: (\S+)", listed))


def faults(text, documents, tests):
    """What the page says and is not so."""
    numbers = set()
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) < 2 or set(cells[0]) <= set("-"):
            continue
        if re.fullmatch(r"[\d, ]+", cells[0]):
            numbers |= {int(number) for number in cells[0].split(",")}
        if cells[-1] in ("documents, tests",):
            continue
        names, marks = re.findall(r"\*([^*]+)\*", cells[-1]), re.findall(r"`([^`]+)`", cells[-1])
        if not names and not marks and not re.search(r"\d", cells[-1]):
            yield f"nothing shows it: {line}"
        for name in names:
            if not fnmatch.filter(documents, name.replace("…", "*")):
                yield f"there is no document {name}"
        for mark in marks:
            if mark not in tests and not (HERE / mark).exists() and not mark.endswith("()"):
                yield f"there is no test {mark}"
    for number in sorted(set(range(1, PROBLEMS + 1)) - numbers):
        yield f"nothing is said of problem {number}"


def main():
    """Whether nothing is wrong."""
    text = (HERE / "pdf-problems.md").read_text(encoding="utf-8")
    documents, tests = written_documents(), unit_tests() | named_tests()
    found = list(faults(text, documents, tests))
    planted = list(faults("| 30 | x | *no-such* `No.Test` |", documents, tests))
    if len(planted) != PROBLEMS + 2:
        found.append(f"planted faults are not found: {planted}")
    print(*found, f"{len(documents)} documents, {len(tests)} tests, {len(found)} faults", sep="\n")
    return not found


if __name__ == "__main__":
    sys.exit(not main())
