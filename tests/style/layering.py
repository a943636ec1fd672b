#!/usr/bin/env python3
"""Whether each component uses only what docs/architecture.md allows it.

  layering.py ROOT BUILD [--include FILE=HEADER] [--link TARGET=TARGET]

ROOT: the sources; BUILD: a configured build, whose targets.json says what each target is made of and links.
--include and --link pretend that there is one more include, or one more link: for the test of this test.

- An #include of a component that the table does not allow.
- A target that links a component that the table does not allow, or one whose headers none of its sources include.
- A target whose sources include a component that it does not link.
- A source of the product in no component, and a component of the table without sources.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys

INCLUDE = re.compile(r'^#include "([^"]+)"', re.MULTILINE)
NOT_PRODUCT = re.compile(r"^(tests|bench|conformance|tools)/|/testing/|_test\.cc$|/test_[a-z_]+\.(cc|h)$")


class Table:
    def __init__(self, page):
        self.paths, self.allowed = {}, {}
        section = page.split("## Who may use whom")[1].split("\n## ")[0]
        for name, paths, uses in re.findall(r"^\| ([^|`]+) \| (`[^|]+`) \| ([^|]+) \|$", section, re.MULTILINE):
            self.paths |= dict.fromkeys(re.findall(r"`([^`]+)`", paths), name)
            self.allowed[name] = uses
        for name, uses in self.allowed.items():
            self.allowed[name] = self.read(uses)

    def read(self, uses):
        everything = set(self.paths.values())
        if uses == "–":
            return set()
        but = uses.removeprefix("all but ")
        named = set(but.split(", "))
        if unknown := named - everything:
            sys.exit(f"docs/architecture.md: there is no component {', '.join(sorted(unknown))}")
        return everything - named if but != uses else named

    def component_of(self, file):
        """Of a product file; None for tests and generated files."""
        if NOT_PRODUCT.search(file):
            return None
        fitting = [path for path in self.paths if file.startswith(path)]
        return self.paths[max(fitting, key=len)] if fitting else None


def git_files(root):
    listed = subprocess.run(["git", "-C", root, "ls-files", "*.h", "*.cc"], capture_output=True, text=True, check=True)
    return listed.stdout.split()


class Check:
    def __init__(self, root, build, more_includes, more_links):
        self.root, self.faults = pathlib.Path(root), []
        self.table = Table((self.root / "docs/architecture.md").read_text())
        self.includes = {file: self.read_includes(file) for file in git_files(root)}
        for file, header in more_includes:
            self.includes[file].add(header)
        self.targets = {target["name"]: target for target in json.loads((pathlib.Path(build) / "targets.json").read_text())}
        for target, linked in more_links:
            self.targets[target]["links"].append(linked)

    def read_includes(self, file):
        return set(INCLUDE.findall((self.root / file).read_text()))

    def check_includes(self):
        met = set()
        for file, headers in self.includes.items():
            component = self.table.component_of(file)
            if component is None:
                if not NOT_PRODUCT.search(file):
                    self.faults.append(f"{file}: in no component of docs/architecture.md")
                continue
            met.add(component)
            for header in sorted(headers):
                used = self.table.component_of(header)
                if used and used != component and used not in self.table.allowed[component]:
                    self.faults.append(f"{file}: {component} includes {header}, and may not use {used}")
                if not used and NOT_PRODUCT.search(header):
                    self.faults.append(f"{file}: includes {header}, which is for tests")
        for name in sorted(set(self.table.allowed) - met):
            self.faults.append(f"docs/architecture.md: {name} has no file")

    def components_of_target(self, name):
        """Of its own sources; empty for what tests are made of and for targets without sources of ours."""
        sources = self.targets[name]["sources"]
        if any(NOT_PRODUCT.search(source) for source in sources):
            return set()
        return {component for source in sources if (component := self.table.component_of(source))}

    def headers_met(self, sources):
        """Components whose headers the sources, and the headers of their own component beside them, include."""
        met, queue, seen = set(), list(sources), set()
        while queue:
            file = queue.pop()
            if file in seen or file not in self.includes:
                continue
            seen.add(file)
            own = self.table.component_of(file)
            for header in self.includes[file]:
                used = self.table.component_of(header)
                if used == own:
                    queue.append(header)
                elif used:
                    met.add(used)
        return met

    def check_links(self):
        for name, target in sorted(self.targets.items()):
            own = self.components_of_target(name)
            if not own:
                continue
            linked = {}
            for other in target["links"]:
                for component in self.components_of_target(other) if other in self.targets else ():
                    linked.setdefault(component, other)
            for component, other in sorted(linked.items()):
                if component in own:
                    continue
                if not any(component in self.table.allowed[mine] for mine in own):
                    self.faults.append(f"target {name}: {', '.join(sorted(own))} links {other}, and may not use {component}")
            if target["type"] in ("STATIC_LIBRARY", "OBJECT_LIBRARY"):
                needed = self.headers_met(target["sources"])
                for component in sorted(needed - set(linked) - own - self.header_only()):
                    self.faults.append(f"target {name}: includes headers of {component} and does not link it")
                for component in sorted(set(linked) - needed - own):
                    self.faults.append(f"target {name}: links {linked[component]} and includes nothing of it")

    def header_only(self):
        compiled = {component for name in self.targets for component in self.components_of_target(name)}
        return set(self.table.allowed) - compiled


def pair(text):
    left, _, right = text.partition("=")
    return left, right


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("root")
    parser.add_argument("build")
    parser.add_argument("--include", action="append", default=[], type=pair)
    parser.add_argument("--link", action="append", default=[], type=pair)
    arguments = parser.parse_args()
    check = Check(arguments.root, arguments.build, arguments.include, arguments.link)
    check.check_includes()
    check.check_links()
    print("\n".join(check.faults) or "each component uses only what it may")
    sys.exit(1 if check.faults else 0)


if __name__ == "__main__":
    main()
