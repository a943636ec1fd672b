"""PDF documents of one page with signatures, document time-stamps, DSS dictionaries and changes, written by hand: each step is one
incremental update, with a cross-reference table or stream."""
import re
import zlib

RESERVED = 24_000  # bytes for a CMS message

TEXT = b"BT /F1 14 Tf 60 760 Td 20 TL (Protocol of delivery 17) Tj T* (Price: 120 000 CZK) Tj T* (Sealed electronically.) Tj ET"


def _array(numbers):
    return b"[" + b" ".join(b"%d 0 R" % number for number in numbers) + b"]"


class Document:
    """Bytes that grow. Object numbers: 1 catalog, 2 pages, 3 page, 4 content, 5 font, 6 form."""

    def __init__(self, streams=False, access=None):
        self.streams, self.access = streams, access
        self.data = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
        self.next, self.last_table = 7, None
        self.fields, self.widgets, self.annotations = [], [], []
        self.dss = {"Certs": [], "CRLs": [], "OCSPs": []}
        self.known = {}  # DER: its object's number
        self.catalog_more, self.permissions = b"", b""
        self.revisions = []  # length after each update
        self._update({1: self._catalog(), 2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>", 3: self._page(), 4: _stream(TEXT),
                      5: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>", 6: self._form()})

    def _catalog(self):
        entries = b"/Type/Catalog/Pages 2 0 R/AcroForm 6 0 R"
        if any(self.dss.values()):
            entries += b"/DSS<<" + b"".join(b"/%s%s" % (key.encode(), _array(numbers)) for key, numbers in self.dss.items()
                                          if numbers) + b">>"
        return b"<<" + entries + self.permissions + self.catalog_more + b">>"

    def _page(self, content=4, box=b"[0 0 595 842]"):
        return b"<</Type/Page/Parent 2 0 R/MediaBox%s/Resources<</Font<</F1 5 0 R>>>>/Contents %d 0 R/Annots%s>>" % (
            box, content, _array(self.widgets + self.annotations))

    def _form(self):
        return b"<</SigFlags 3/Fields%s>>" % _array(self.fields)

    def _number(self):
        self.next += 1
        return self.next - 1

    def _update(self, objects):
        """Appends these objects and their cross-references."""
        offsets = {}
        for number in sorted(objects):
            offsets[number] = len(self.data)
            self.data += b"%d 0 obj\n" % number + objects[number] + b"\nendobj\n"
        start = len(self.data)
        previous = b"" if self.last_table is None else b"/Prev %d" % self.last_table
        trailer = b"/Root 1 0 R/ID[<00112233445566778899AABBCCDDEEFF><00112233445566778899AABBCCDDEEFF>]" + previous
        if self.streams:
            number = self._number()
            offsets[number] = start
            index = b" ".join(b"%d 1" % one for one in sorted(offsets))
            rows = b"".join(b"\x01" + offsets[one].to_bytes(4, "big") + b"\0\0" for one in sorted(offsets))
            packed = zlib.compress(rows)
            self.data += (b"%d 0 obj\n<</Type/XRef/Size %d/W[1 4 2]/Index[%s]/Filter/FlateDecode/Length %d%s>>\nstream\n" % (
                number, self.next, index, len(packed), trailer)) + packed + b"\nendstream\nendobj\n"
        else:
            first = b"0 1\n0000000000 65535 f \n" if self.last_table is None else b""
            self.data += b"xref\n" + first + b"".join(b"%d 1\n%010d 00000 n \n" % (one, offsets[one]) for one in sorted(offsets))
            self.data += b"trailer\n<</Size %d%s>>\n" % (self.next, trailer)
        self.data += b"startxref\n%d\n%%%%EOF\n" % start
        self.last_table = start
        self.revisions.append(len(self.data))

    def _add_field(self, value, name):
        """A signature field without appearance; its objects."""
        field = self._number()
        self.fields.append(field)
        self.widgets.append(field)
        widget = b"<</Type/Annot/Subtype/Widget/FT/Sig/T(%s)/F 132/Rect[0 0 0 0]/P 3 0 R/V %d 0 R>>" % (name, value)
        return {field: widget, 3: self._page(), 6: self._form(), 1: self._catalog()}

    def sign(self, make, sub_filter="ETSI.CAdES.detached", kind="Sig", name=None, docmdp=None, time=None, texts=()):
        """make(bytes that the signature is over) gives the message; `texts`: (entry, text) of the dictionary."""
        value = self._number()
        entries = b"/Type/%s/Filter/Adobe.PPKLite/SubFilter/%s" % (kind.encode(), sub_filter.encode())
        if time:
            entries += b"/M(D:%s+00'00')" % time.strftime("%Y%m%d%H%M%S").encode()
        entries += b"".join(b"/%s(%s)" % (entry.encode(), text.encode("ascii")) for entry, text in texts)
        if docmdp:
            entries += b"/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P %d/V/1.2>>>>]" % docmdp
            self.permissions = b"/Perms<</DocMDP %d 0 R>>" % value
        hole = b"<" + b"0" * (2 * RESERVED) + b">"
        marker = b"/ByteRange[0 ********** ********** **********]"
        objects = self._add_field(value, (name or f"Signature{len(self.fields) + 1}").encode())
        self._update(objects | {value: b"<<" + entries + marker + b"/Contents" + hole + b">>"})
        at = self.data.rindex(hole)
        bounds = (at, at + len(hole), len(self.data) - at - len(hole))
        self.data = self.data.replace(marker, (b"/ByteRange[0 %d %d %d" % bounds).ljust(len(marker) - 1) + b"]")
        message = make(self.data[:at] + self.data[at + len(hole):])
        if len(message) > RESERVED:
            raise ValueError(f"the message has {len(message)} bytes")
        self.data = self.data[:at + 1] + message.hex().encode().ljust(2 * RESERVED, b"0") + self.data[at + len(hole) - 1:]

    def add_validation_data(self, certificates, crls, ocsps):
        """A DSS with what is not in it yet."""
        objects = {}
        for key, values in ("Certs", certificates), ("CRLs", crls), ("OCSPs", ocsps):
            for der in values:
                if der not in self.known:
                    self.known[der] = self._number()
                    objects[self.known[der]] = _stream(der)
                if self.known[der] not in self.dss[key]:
                    self.dss[key].append(self.known[der])
        self._update(objects | {1: self._catalog()})

    def change(self, what):
        """An update that somebody makes afterwards; each name is a kind of change."""
        more = self._number()
        if what == "text":
            self._update({4: _stream(TEXT.replace(b"120 000", b"999 000"))})
        elif what == "stamp-over":
            self.annotations.append(more)
            shape = b"<</Type/XObject/Subtype/Form/BBox[0 0 200 20]/Length 33>>\nstream\n1 1 1 rg 0 0 200 20 re f         \nendstream"
            form = self._number()
            self._update({form: shape, 3: self._page(), more: b"<</Type/Annot/Subtype/Stamp/Rect[60 730 260 750]/F 4/AP<</N %d 0 R>>>>" % form})
        elif what == "note":
            self.annotations.append(more)
            self._update({3: self._page(), more: b"<</Type/Annot/Subtype/Text/Rect[10 10 30 30]/F 4/Contents(a note)>>"})
        elif what == "font":
            self._update({5: b"<</Type/Font/Subtype/Type1/BaseFont/Symbol>>"})
        elif what == "media-box":
            self._update({3: self._page(box=b"[0 0 595 700]")})
        elif what == "page":
            self._update({2: b"<</Type/Pages/Kids[3 0 R %d 0 R]/Count 2>>" % more,
                          more: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>"})
        elif what == "open-action":
            self.catalog_more = b"/OpenAction<</S/URI/URI(http://example.com/)>>"
            self._update({1: self._catalog()})
        elif what == "metadata":
            self.catalog_more = b"/Metadata %d 0 R" % more
            self._update({1: self._catalog(), more: _stream(b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>", b"/Type/Metadata/Subtype/XML")})
        elif what == "dss":
            self.add_validation_data([], [], [])
        else:
            raise ValueError(f"there is no change {what}")

    def add_text_field(self):
        """A text field, for forms that are filled in later; its number."""
        field = self._number()
        self.fields.append(field)
        self.widgets.append(field)
        self._update({field: self._text_field(b""), 3: self._page(), 6: self._form()})
        self.text_field = field

    def _text_field(self, value):
        return b"<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/DA(/F1 12 Tf 0 g)/F 4/Rect[60 500 260 520]/P 3 0 R%s>>" % value

    def fill(self, value):
        """Fills the text field in."""
        self._update({self.text_field: self._text_field(b"/V(%s)" % value.encode())})


def _stream(data, entries=b""):
    return b"<<%s/Length %d>>\nstream\n" % (entries, len(data)) + data + b"\nendstream"


def _last_byte_range(data, which):
    found = list(re.finditer(rb"/ByteRange\[(\d+) (\d+) (\d+) (\d+) *\]", data))[which]
    return found, [int(one) for one in found.groups()]


def tamper(data, how, which=0):
    """The document with something in it overwritten; `which` of its signatures, where that matters."""
    if how == "text":
        return data.replace(b"120 000", b"920 000", 1)
    found, numbers = _last_byte_range(data, which)
    if how == "range-short":  # leaves the end of the revision out
        numbers[3] -= 10
    elif how == "range-start":
        numbers[0], numbers[1] = 5, numbers[1] - 5
    elif how == "range-gap":  # the gap is wider than /Contents
        numbers[1] -= 30
    elif how == "range-beyond":
        numbers[3] += 100_000
    elif how == "contents":
        at = numbers[1] + 1
        return data[:at] + b"30820005" + data[at + 8:]
    elif how == "empty":
        at, end = numbers[1] + 1, numbers[2] - 1
        return data[:at] + b"0" * (end - at) + data[end:]
    else:
        raise ValueError(f"there is no way {how} to tamper")
    text = (b"/ByteRange[%d %d %d %d" % tuple(numbers)).ljust(found.end() - found.start() - 1) + b"]"
    return data[:found.start()] + text + data[found.end():]
