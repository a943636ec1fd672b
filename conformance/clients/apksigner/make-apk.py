#!/usr/bin/env python3
"""Writes the smallest Android package that can be signed and verified: make-apk.py FILE

It holds a binary AndroidManifest.xml with the one element `manifest`. Standard library only.
"""
import struct
import sys
import zipfile

NONE = 0xFFFFFFFF
STRINGS = ["manifest", "package", "seal.trial"]
MANIFEST, PACKAGE, NAME = range(3)


def chunk(kind, header, body):
    return struct.pack("<HHI", kind, 8 + len(header), 8 + len(header) + len(body)) + header + body


def string_pool():
    data, offsets = b"", b""
    for text in STRINGS:
        offsets += struct.pack("<I", len(data))
        data += bytes([len(text), len(text)]) + text.encode() + b"\0"
    data += bytes(-len(data) % 4)
    utf8 = 0x100
    header = struct.pack("<IIIII", len(STRINGS), 0, utf8, 28 + len(offsets), 0)
    return chunk(0x0001, header, offsets + data)


def manifest():
    line = struct.pack("<II", 1, NONE)
    is_string = 3
    package = struct.pack("<IIIHBBI", NONE, PACKAGE, NAME, 8, 0, is_string, NAME)
    start = struct.pack("<IIHHHHHH", NONE, MANIFEST, 20, len(package), 1, 0, 0, 0) + package
    end = struct.pack("<II", NONE, MANIFEST)
    return chunk(0x0003, b"", string_pool() + chunk(0x0102, line, start) + chunk(0x0103, line, end))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with zipfile.ZipFile(sys.argv[1], "w") as package:
        package.writestr("AndroidManifest.xml", manifest())
        package.writestr("assets/document.txt", "a document\n")


if __name__ == "__main__":
    main()
