#!/usr/bin/env python3
"""Whether docs/errors.md has each code that the module can return, and no other: errors.py ROOT [--also CODE]

--also takes one more code for one of the module's, to show that a missing row is noticed.
"""
import pathlib
import re
import sys

# What the module's functions are made of; other components have errors of their own.
SOURCES = ["pkcs11-module", "crypto", "integrity", "keygen/key_spec.cc"]
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"", re.DOTALL)
CODE = re.compile(r"\bCKR_[A-Z_]+\b")
ROW = re.compile(r"^\| `(CKR_[A-Z_]+)` \| (.*) \|$", re.MULTILINE)


def codes_of(root):
    for name in SOURCES:
        place = root / name
        for file in [place] if place.is_file() else [*place.rglob("*.cc"), *place.rglob("*.h")]:
            if not file.name.endswith("_test.cc") and "testing" not in file.parts:
                yield from CODE.findall(COMMENT.sub("", file.read_text()))


def main():
    root, *also = sys.argv[1:]
    root = pathlib.Path(root)
    codes = (set(codes_of(root)) | set(also[1:])) - {"CKR_OK"}
    rows = ROW.findall((root / "docs/errors.md").read_text())
    names = [name for name, _ in rows]
    wrong = [f"{code} has no row" for code in sorted(codes - set(names))]
    wrong += [f"{code} is returned nowhere" for code in sorted(set(names) - codes)]
    wrong += [f"{code} stands twice" for code in sorted({name for name in names if names.count(name) > 1})]
    for name, rest in rows:
        if len([cell for cell in rest.split(" | ") if cell.strip()]) != 3:
            wrong.append(f"{name} lacks its cause, or what the operator or the application does")
    if wrong or not codes:
        sys.exit("\n".join(wrong) or "no codes found")
    print(f"{len(codes)} codes")


main()
