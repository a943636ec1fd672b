#!/usr/bin/env python3
"""Installs the documentation: documents.py SOURCE DOCUMENTS EXAMPLES

The pages go to the folder DOCUMENTS as they lie in the source tree. A link between them stays; a link to an example
program leads to the folder EXAMPLES, where they are installed; a link to a manual page becomes its name; of any other
link, which leads to something that is not installed, the text stays.
"""
import os
import pathlib
import re
import sys

LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
CLIENTS = pathlib.PurePath("conformance/clients")
MANUALS = pathlib.PurePath("packaging/man")


def documents(source):
    found = [source / name for name in ("README.md", "CHANGELOG.md", "SECURITY.md")]
    found += [*source.glob("docs/*.md"), *source.glob("docs/clients/*.md")]
    return {path.relative_to(source) for path in found if path.exists()}


def installed(link, page, pages, examples):
    """What takes the place of a link of the page."""
    text, target = link[1], link[2]
    if re.match(r"[a-z]+:|#", target):
        return link[0]
    name, _, _ = target.partition("#")
    path = pathlib.PurePath(os.path.normpath(page.parent / name))
    if path in pages or any(path in other.parents for other in pages):
        return link[0]
    if path.is_relative_to(CLIENTS):
        return f"[{text}]({examples / path.relative_to(CLIENTS)})"
    if path.is_relative_to(MANUALS):
        return f"{path.stem}({path.suffix[1:]})"
    return text


def main():
    source, target, examples = (pathlib.Path(word) for word in sys.argv[1:])
    pages = documents(source)
    for page in sorted(pages):
        place = target / page
        place.parent.mkdir(parents=True, exist_ok=True)
        way = pathlib.PurePath(os.path.relpath(examples / "clients", place.parent))
        text = (source / page).read_text(encoding="utf-8")
        place.write_text(LINK.sub(lambda link: installed(link, page, pages, way), text), encoding="utf-8")
        place.chmod(0o644)


main()
