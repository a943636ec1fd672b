#!/usr/bin/env python3
"""Makes a manual page of a page of the documentation: manual.py PAGE.md NAME SECTION "what it is" >NAME.SECTION

Headings, paragraphs, lists, examples and tables become what man(7) has for them. A row of a table is an entry: its first
cell is the term, the others follow, each after the name of its column where there are more than two.
"""
import pathlib
import re
import sys


def roff(text):
    text = re.sub(r"\[([^\]]+)\]\(([^)\s]+)\)", lambda link: link[1], text)
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("\\|", "|")
    text = re.sub(r"`([^`]*)`", r"\\fB\1\\fR", text)
    text = re.sub(r"\*\*([^*]*)\*\*", r"\\fI\1\\fR", text)
    return f"\\&{text}" if text[:1] in (".", "'") else text


def cells_of(row):
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip()[1:-1])]


def table(rows):
    heading = cells_of(rows[0])
    for cells in map(cells_of, rows[2:]):
        yield ".TP"
        yield roff(cells[0]) or "\\&"
        if len(heading) == 2:
            yield roff(cells[1])
            continue
        known = [f"{name}: {cell}" for name, cell in zip(heading[1:-1], cells[1:-1]) if cell]
        yield roff("; ".join(known) + ("." if known else ""))
        yield ".br"
        yield roff(cells[-1])


def example(lines):
    yield from (".PP", ".RS 4", ".nf")
    yield from (roff(line.replace("`", "'")) or "\\&" for line in lines)
    yield from (".fi", ".RE")


def body(lines):
    lines = iter(lines)
    rows, new = [], True
    for line in lines:
        if rows and not line.startswith("|"):
            yield from table(rows)
            rows, new = [], True
        if line.startswith("|"):
            rows.append(line)
        elif line.startswith("```"):
            yield from example(iter(lambda: next(lines), "```"))
            new = True
        elif line.startswith("## "):
            yield f".SH {roff(line[3:].replace('`', '')).upper()}"
            new = False
        elif line.startswith("### "):
            yield f".SS {roff(line[4:])}"
            new = False
        elif re.match(r"(- |\d+\. )", line):
            mark, _, text = line.partition(" ")
            sign = "\\(bu" if mark == "-" else mark
            yield f'.IP "{sign}" 4'
            yield roff(text)
            new = False
        elif not line:
            new = True
        else:
            if new and not line.startswith("  "):
                yield ".PP"
            yield roff(line.strip())
            new = False
    if rows:
        yield from table(rows)


def main():
    page, name, section, what = sys.argv[1:]
    _, *lines = pathlib.Path(page).read_text(encoding="utf-8").splitlines()
    print(f'.TH {name.upper()} {section} "" Signet')
    print(f".SH NAME\n{roff(name)} \\- {roff(what)}\n.SH DESCRIPTION")
    print("\n".join(body(lines)))
    print(".SH SEE ALSO\n.BR signet (1),\n.BR signet\\-pkcs11 (7)")


main()
