#!/usr/bin/env python3
"""Whether each link of an installed page leads to something that is installed: check-links.py PREFIX"""
import pathlib
import re
import sys

LINK = re.compile(r"\]\(([^)\s]+)\)")
BLOCK = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def anchors(text):
    for heading in re.findall(r"^#+ (.*)$", BLOCK.sub("", text), re.MULTILINE):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def complaints(page):
    for target in LINK.findall(BLOCK.sub("", page.read_text())):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        place = page.parent / name if name else page
        if not place.exists():
            yield f"{page}: {target} leads nowhere"
        elif anchor and anchor not in anchors(place.read_text()):
            yield f"{page}: {target} has no such heading"


def main():
    folder = pathlib.Path(sys.argv[1]) / "share/doc/signet-pkcs11"
    pages = sorted(folder.rglob("*.md"))
    found = [complaint for page in pages for complaint in complaints(page)]
    for wanted in ("README.md", "docs/README.md", "docs/clients/start.md", "docs/configuration.md"):
        if folder / wanted not in pages:
            found.append(f"{wanted} is not installed")
    if found:
        sys.exit("\n".join(found))
    print(f"{len(pages)} pages without a dead link")


main()
