"""The document that is sealed and then attacked, and how a sealed document is updated by hand.

Every object is written plainly, so that an attacker finds it: 1 catalog, 2 pages, 3 page, 4 content, 5 font, 6 form, 7 text field,
8 its appearance, 9 a picture that covers part of the content, 10 a stream that nothing shows and that holds objects in its data,
11 a signature field without a signature, 12 and 13 a page and a content that nothing shows.
"""
import re

CONTENT = b"BT /F1 14 Tf 60 760 Td 20 TL (Protocol of delivery 17) Tj T* (Price: 120 000 CZK) Tj T* (Discount: none) Tj ET /Cover Do"
FORGED = CONTENT.replace(b"120 000", b"999 000")
FIELD, LOOK, COVER, STORE, SECOND, OTHER_PAGE, OTHER_CONTENT, FREE = 7, 8, 9, 10, 11, 12, 13, 900  # from 900 on no number is taken


def stream(data, entries=b""):
    """A stream object."""
    return b"<<%s/Length %d>>\nstream\n" % (entries, len(data)) + data + b"\nendstream"


def form_object(drawing, box=b"[0 0 300 40]"):
    """A form XObject, of an appearance or a page."""
    return stream(drawing, b"/Type/XObject/Subtype/Form/BBox" + box)


def numbered(number, body):
    """As it stands in a file."""
    return b"%d 0 obj\n" % number + body + b"\nendobj\n"


def rows(offsets):
    """A cross-reference table; an offset of 0 is a free object."""
    text = b"xref\n"
    for number, offset in sorted(offsets.items()):
        text += b"%d 1\n%010d %05d %s \n" % (number, offset, 0 if offset else 65535, b"n" if offset else b"f")
    return text


def base():
    """Not sealed yet."""
    store = numbered(4, stream(FORGED)) + numbered(OTHER_CONTENT, stream(FORGED))
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R>>",
        2: b"<</Type/Pages/Kids [3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox [0 0 595 842]/Resources<</Font<</F1 5 0 R>>/XObject<</Cover 9 0 R>>>>/Contents 4 0 R"
           b"/Annots [7 0 R 11 0 R]>>",
        4: stream(CONTENT),
        5: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        6: b"<</Fields [7 0 R 11 0 R]/DA(/F1 12 Tf 0 g)/DR<</Font<</F1 5 0 R>>>>>>",
        7: b"<</Type/Annot/Subtype/Widget/FT/Tx/T(amount)/V(100)/DA(/F1 12 Tf 0 g)/F 4/Rect [60 500 260 520]/P 3 0 R/AP<</N 8 0 R>>>>",
        8: form_object(b"BT /F1 12 Tf (100) Tj ET"),
        9: form_object(b"q 1 g 55 700 200 25 re f Q", b"[0 0 595 842]"),
        10: stream(store, b"/Note true"),
        11: b"<</Type/Annot/Subtype/Widget/FT/Sig/T(second)/F 4/Rect [60 100 260 140]/P 3 0 R>>",
        12: b"<</Type/Page/Parent 2 0 R/MediaBox [0 0 595 842]/Resources<</Font<</F1 5 0 R>>/XObject<</Cover 9 0 R>>>>/Contents 13 0 R>>",
        13: stream(FORGED),
    }
    data, offsets = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", {0: 0}
    for number, body in objects.items():
        offsets[number] = len(data)
        data += numbered(number, body)
    start = len(data)
    return data + rows(offsets) + b"trailer\n<</Size 14/Root 1 0 R/ID[<00112233445566778899AABBCCDDEEFF><00112233445566778899AABBCCDDEEFF>]>>\n" \
        b"startxref\n%d\n%%%%EOF\n" % start


def text_of(data, number):
    """An object that is not a stream, as its last definition has it."""
    found = list(re.finditer(rb"(?:^|[\r\n])%d 0 obj\s*(.*?)\s*endobj" % number, data, re.DOTALL))
    return found[-1].group(1)


def edited(data, number, old, new):
    """The object's text with a pattern replaced, which has to be there."""
    text, count = re.subn(old, lambda _: new, text_of(data, number), count=1, flags=re.DOTALL)
    if not count:
        raise ValueError(f"object {number} has no {old!r}: {text_of(data, number)!r}")
    return text


def with_member(data, number, key, member):
    """The dictionary with one more reference in the array of this key."""
    return edited(data, number, rb"/%s\s*\[" % key, b"/%s [%d 0 R " % (key, member))


def last_table(data):
    """The offset that the last startxref names."""
    return int(data[data.rindex(b"startxref") + 9:].split()[0])


def root_of(data):
    """The catalog's number."""
    return int(re.findall(rb"/Root (\d+) 0 R", data)[-1])


def trailer(data, root=None, previous=None):
    """A trailer that continues the document."""
    return b"trailer\n<</Size 1000/Root %d 0 R/Prev %d>>\n" % (root or root_of(data), previous or last_table(data))


def update(data, objects, offsets=None, root=None):
    """The document with an incremental update: objects by their numbers, and rows of the table for objects that stand elsewhere."""
    grown, offsets = data, dict(offsets or {})
    for number, body in objects.items():
        offsets[number] = len(grown)
        grown += numbered(number, body)
    return grown + rows(offsets) + trailer(data, root) + b"startxref\n%d\n%%%%EOF\n" % len(grown)


class Signature:
    """Where the first signature of a sealed document stands: its dictionary's object, and the byte range [0 gap_begin gap_end rest]."""

    def __init__(self, data):
        self.data = data
        found = re.search(rb"/ByteRange\s*\[\s*0\s+(\d+)\s+(\d+)\s+(\d+)\s*\]\s*", data)
        self.range_begin, self.range_end = found.span()
        self.gap_begin, self.gap_end, self.rest = (int(one) for one in found.groups())
        self.number = int(re.findall(rb"(?:^|[\r\n])(\d+) 0 obj", data[:self.range_begin])[-1])

    @property
    def contents(self):
        """The hexadecimal digits of the message, without the padding."""
        message = bytes.fromhex(self.data[self.gap_begin + 1:self.gap_end - 1].decode())
        width = message[1] & 0x7f  # the DER length has this many bytes
        return message[:2 + width + int.from_bytes(message[2:2 + width], "big")].hex().encode()

    def dictionary(self):
        """Its text, with the whole contents."""
        return text_of(self.data, self.number)
