#!/usr/bin/env python3
"""Draws the documents that pdf_look_pictures_test wrote (SIGNET_WRITE_PICTURES) on one picture: docs/pictures/visible-seals.png.

  contact_sheet.py FOLDER OUT.png
"""
import pathlib
import struct
import subprocess
import sys
import zlib

SEALS = """czech czech_90 czech_180 czech_270 czech_crop czech_unit greek_cyrillic arabic hebrew mixed long beside above behind
           image_only regions facts serial images_90 pdfa2_rgb""".split()
COLUMNS = 4
CELL = (300, 170)  # pixels
GAP = 12


def drawn(document):
    """(width, height, rows of RGB), as large as fits into a cell."""
    made = subprocess.run(["pdftoppm", "-singlefile", "-scale-to-x", str(CELL[0] - GAP), "-scale-to-y", "-1", document],
                          stdout=subprocess.PIPE, check=True).stdout
    if int(made.split(None, 3)[2]) > CELL[1] - GAP:
        made = subprocess.run(["pdftoppm", "-singlefile", "-scale-to-y", str(CELL[1] - GAP), "-scale-to-x", "-1", document],
                              stdout=subprocess.PIPE, check=True).stdout
    _, width, height, _ = made.split(None, 4)[:4]
    width, height = int(width), int(height)
    pixels = made[-3 * width * height:]
    return width, height, [pixels[3 * width * row:3 * width * (row + 1)] for row in range(height)]


def png(width, height, rows):
    """Bytes of a PNG file, 8 bits a sample."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def main(folder, out):
    """The cells are grey, the pages on them white."""
    width = COLUMNS * CELL[0]
    height = -(-len(SEALS) // COLUMNS) * CELL[1]
    sheet = [bytearray(b"\xd0" * 3 * width) for _ in range(height)]
    for number, name in enumerate(SEALS):
        wide, high, rows = drawn(pathlib.Path(folder, f"{name}.pdf"))
        left = number % COLUMNS * CELL[0] + (CELL[0] - wide) // 2
        top = number // COLUMNS * CELL[1] + (CELL[1] - high) // 2
        for row, pixels in enumerate(rows):
            sheet[top + row][3 * left:3 * (left + wide)] = pixels
    pathlib.Path(out).write_bytes(png(width, height, sheet))


if __name__ == "__main__":
    main(*sys.argv[1:3])
