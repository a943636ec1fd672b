#!/usr/bin/env python3
"""Makes an assembly the same for the same sources: normalise.py ASSEMBLY. mcs writes the time and a random module version id
(ECMA-335, II.25.2.2 and II.22.30) into it; these become zero, and a digest of the rest."""
import hashlib
import struct
import sys
from pathlib import Path


def time_offset(image):
    header = struct.unpack_from("<I", image, 0x3C)[0]
    if image[header:header + 4] != b"PE\0\0":
        raise SystemExit("normalise.py: not a PE file")
    return header + 8


def guid_offset(image):
    """Of the first entry of the heap #GUID, which is the module's in an assembly of one module."""
    root = image.index(b"BSJB")
    at = root + 16 + struct.unpack_from("<I", image, root + 12)[0]
    streams = struct.unpack_from("<H", image, at + 2)[0]
    at += 4
    for _ in range(streams):
        offset = struct.unpack_from("<I", image, at)[0]
        end = image.index(b"\0", at + 8)
        if image[at + 8:end] == b"#GUID":
            return root + offset
        at = end + 4 - (end - at) % 4
    raise SystemExit("normalise.py: no heap of GUIDs")


def main():
    path = Path(sys.argv[1])
    image = bytearray(path.read_bytes())
    time, guid = time_offset(image), guid_offset(image)
    image[time:time + 4] = bytes(4)
    image[guid:guid + 16] = bytes(16)
    image[guid:guid + 16] = hashlib.sha256(image).digest()[:16]
    path.write_bytes(image)


if __name__ == "__main__":
    main()
