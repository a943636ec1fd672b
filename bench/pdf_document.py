"""PDF documents of any size: pages with a picture each, as a scanner makes them, of noise that no program can compress."""

import os

WIDTH = 512  # of a picture, pixels; a grey pixel is a byte
PAGE = 512 * WIDTH
BESIDE = 600  # bytes of a page and its objects beside the picture, with their entries in the table, at most
ENDS = 600  # bytes of everything else, at most


class PdfFile:
    """Objects, one after the other, and then the table of where they are."""

    def __init__(self, out):
        self.out = out
        self.places = []
        out.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def add(self, body):
        self.places.append(self.out.tell())
        self.out.write(b"%d 0 obj\n%s\nendobj\n" % (len(self.places), body))

    def add_picture(self, rows, sparse):
        """A hole in the file where it is sparse, which reads as black."""
        self.places.append(self.out.tell())
        self.out.write(b"%d 0 obj\n<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray"
                       b" /BitsPerComponent 8 /Length %d >>\nstream\n" % (len(self.places), WIDTH, rows, WIDTH * rows))
        if sparse:
            self.out.seek(WIDTH * rows, os.SEEK_CUR)
        else:
            self.out.write(os.urandom(WIDTH * rows))
        self.out.write(b"\nendstream\nendobj\n")

    def add_page(self, rows, sparse):
        """Three objects."""
        first = len(self.places) + 1
        drawn = b"q 451 0 0 %d 72 100 cm /Im Do Q" % (451 * rows // WIDTH)
        self.add(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
                 b" /Resources << /XObject << /Im %d 0 R >> >> >>" % (first + 1, first + 2))
        self.add(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
        self.add_picture(rows, sparse)

    def end(self, size):
        """The cross-reference table, and blanks in front of it, so that the file has so many bytes."""
        table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(self.places) + 1)
        table += b"".join(b"%010d 00000 n \n" % place for place in self.places)
        table += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n" % (len(self.places) + 1)
        # With zeros in front, the number of the table's place has a length that does not depend on the place.
        place = size - len(table) - len("0123456789\n%%EOF\n")
        self.out.write(b" " * (place - self.out.tell() - 1) + b"\n" + table + b"%010d\n%%%%EOF\n" % place)


def write_pdf(file, size, sparse=False):
    """Exactly so many bytes, at least 2 KiB; a page for each 256 KiB, and one at least."""
    pages = max(1, size // PAGE)
    rows = max(1, ((size - ENDS) // pages - BESIDE) // WIDTH)
    with file.open("wb") as out:
        pdf = PdfFile(out)
        pdf.add(b"<< /Type /Catalog /Pages 2 0 R >>")
        kids = b" ".join(b"%d 0 R" % (3 + 3 * page) for page in range(pages))
        pdf.add(b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages))
        for _ in range(pages):
            pdf.add_page(rows, sparse)
        pdf.end(size)
