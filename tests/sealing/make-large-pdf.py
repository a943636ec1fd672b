#!/usr/bin/env python3
"""Writes a large PDF document: make-large-pdf.py FILE table|stream --bytes N | --pages N

--bytes: one page, and in front of the cross-reference a stream object of so many bytes, which is a hole in the file.
--pages: so many pages, in a page tree of nodes of 100.

The cross-reference is a table or a stream; the stream's offsets have five bytes.
"""
import argparse


class Writer:
    def __init__(self, file):
        self.file, self.offsets = file, {}
        file.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def add(self, number, body):
        self.offsets[number] = self.file.tell()
        self.file.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))

    def add_hole(self, number, size):
        """A stream of zeros that take no room."""
        self.offsets[number] = self.file.tell()
        self.file.write(b"%d 0 obj\n<< /Length %d >>\nstream\n" % (number, size))
        self.file.seek(size, 1)
        self.file.write(b"\nendstream\nendobj\n")

    def end(self, form):
        start, last = self.file.tell(), max(self.offsets)
        trailer = b"/Root 1 0 R /ID [<%s> <%s>]" % (b"00" * 16, b"11" * 16)
        if form == "table":
            self.file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (last + 1))
            for number in range(1, last + 1):
                self.file.write(b"%010d 00000 n \n" % self.offsets[number])
            self.file.write(b"trailer\n<< %s /Size %d >>\n" % (trailer, last + 1))
        else:
            self.offsets[last + 1] = start
            rows = b"".join(b"\1" + self.offsets[number].to_bytes(5, "big") + b"\0\0" for number in range(1, last + 2))
            self.file.write(b"%d 0 obj\n<< /Type /XRef /W [1 5 2] /Index [1 %d] %s /Size %d /Length %d >>\nstream\n%s\nendstream\nendobj\n"
                            % (last + 1, last + 1, trailer, last + 2, len(rows), rows))
        self.file.write(b"startxref\n%d\n%%%%EOF\n" % start)


def page(parent, contents):
    return (b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << /Font << /F1 << /Type /Font"
            b" /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>" % (parent, contents))


def text(words):
    drawing = b"BT /F1 24 Tf 72 700 Td (%s) Tj ET" % words
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing)


def write_large(writer, size):
    writer.add(1, b"<< /Type /Catalog /Pages 2 0 R >>")
    writer.add(2, b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>")
    writer.add_hole(5, size)
    writer.add(3, page(2, 4))
    writer.add(4, text(b"A large document"))


def write_long(writer, pages):
    """1: catalog, 2: root of the pages; then the nodes, then a page and its contents in turn."""
    nodes = (pages + 99) // 100
    writer.add(1, b"<< /Type /Catalog /Pages 2 0 R >>")
    writer.add(2, b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, b" ".join(b"%d 0 R" % (3 + n) for n in range(nodes))))
    first = 3 + nodes
    for node in range(nodes):
        kids = [first + 2 * at for at in range(100 * node, min(100 * node + 100, pages))]
        writer.add(3 + node, b"<< /Type /Pages /Parent 2 0 R /Count %d /Kids [%s] >>"
                   % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids)))
    for at in range(pages):
        writer.add(first + 2 * at, page(3 + at // 100, first + 2 * at + 1))
        writer.add(first + 2 * at + 1, text(b"Page %d" % (at + 1)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("form", choices=["table", "stream"])
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--bytes", type=int)
    what.add_argument("--pages", type=int)
    options = parser.parse_args()
    with open(options.file, "wb") as file:
        writer = Writer(file)
        if options.bytes is not None:
            write_large(writer, options.bytes)
        else:
            write_long(writer, options.pages)
        writer.end(options.form)


if __name__ == "__main__":
    main()
