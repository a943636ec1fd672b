#!/usr/bin/env python3
"""Sums up what libFuzzer says with -print_coverage=1 -print_full_coverage=1.

    tests/fuzz/coverage.py NAME OUTPUT [--files]

Counted are the project's own files that the target reaches at all, without those of the tests: their edges, and the
lines of source at which edges begin. With --files, a line for each file.
"""

import os.path
import re
import sys
from collections import defaultdict

FUNCTION = re.compile(r"^(?:UN)?COVERED_FUNC: hits: \d+ edges: (\d+)/(\d+) .* (\S+):\d+$")


def lines_of(text):
    """Line 0 stands for code that the compiler made."""
    return {int(word) for word in text.split()[1:] if word not in ("0", "?")}


def read(output):
    """File, edges covered, edges, lines covered, lines; one for each function."""
    functions, covered, uncovered = [], [], []
    with open(output, encoding="utf-8", errors="replace") as report:
        for line in report:
            found = FUNCTION.match(line.rstrip())
            if found:
                functions.append((os.path.normpath(found[3]), int(found[1]), int(found[2])))
            elif re.match(r"^U( \d+)*$", line.rstrip()):
                uncovered.append(lines_of(line))
            elif re.match(r"^C( \d+)*$", line.rstrip()):
                covered.append(lines_of(line))
    if not functions or not len(functions) == len(covered) == len(uncovered):
        sys.exit(f"{output} has no coverage")
    return [(*function, yes, yes | no) for function, yes, no in zip(functions, covered, uncovered)]


def product_file(path):
    """The path within the project; nothing for others' files."""
    path = re.sub(r"^build/[^/]+/", "", path)
    if path.startswith(("/", "..")) or path.startswith("tests/") or "/testing/" in path or "CMakeFiles" in path:
        return None
    return path


def main():
    name, output = sys.argv[1:3]
    edges, of_edges = defaultdict(int), defaultdict(int)
    lines, of_lines = defaultdict(set), defaultdict(set)
    for path, hit, count, hit_lines, all_lines in read(output):
        file = product_file(path)
        if file is None:
            continue
        edges[file] += hit
        of_edges[file] += count
        lines[file] |= hit_lines
        of_lines[file] |= all_lines
    reached = sorted(file for file in of_edges if edges[file])
    if "--files" in sys.argv:
        for file in reached:
            print(f"  {file}: edges {edges[file]}/{of_edges[file]}, lines {len(lines[file])}/{len(of_lines[file])}")
    hit, count = sum(edges[file] for file in reached), sum(of_edges[file] for file in reached)
    hit_lines, all_lines = sum(len(lines[file]) for file in reached), sum(len(of_lines[file]) for file in reached)
    print(f"  {name:20} edges {hit:6} of {count:6} ({100 * hit // max(count, 1)} %), "
          f"lines {hit_lines:5} of {all_lines:5} ({100 * hit_lines // max(all_lines, 1)} %), in {len(reached)} files")


if __name__ == "__main__":
    main()
