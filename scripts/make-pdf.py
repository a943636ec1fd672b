#!/usr/bin/env python3
"""Writes a small, valid one-page PDF: make-pdf.py FILE [LINE ...]

Standard library only. The text is set in Helvetica, so it must be Latin-1.
"""
import sys

DEFAULT_LINES = [
    "A document for sealing",
    "",
    "This page was made by scripts/make-pdf.py.",
    "Its bytes stay on this machine: only a digest goes to the appliance.",
]


def text_stream(lines):
    escaped = (l.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for l in lines)
    shown = "".join(f"({line}) Tj T*\n" for line in escaped)
    return f"BT\n/F1 14 Tf\n20 TL\n72 760 Td\n{shown}ET\n".encode("latin-1")


def pdf(lines):
    content = text_stream(lines)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%sendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    # The comment of high bytes tells transfer programs that the file is binary.
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for offset in offsets:
        out += b"%010d 00000 n \n" % offset
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        table,
    )
    return bytes(out)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    with open(sys.argv[1], "wb") as file:
        file.write(pdf(sys.argv[2:] or DEFAULT_LINES))


if __name__ == "__main__":
    main()
