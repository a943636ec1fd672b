"""Documents of PDF/A and PDF/UA to be sealed, for test scripts: one page with a letter on it, tagged where the flavour wants it.

    write("2b", fields=True)     bytes
"""
import pathlib
import struct
import zlib

PROFILE = pathlib.Path("/usr/share/color/icc/ghostscript/srgb.icc")
TAGGED = ("ua1", "2a+ua1")
FIELDS = ("office", "branch")

# What is not in PDF/A's own list of schemas has to be described (ISO 19005-2, 6.6.2.3).
UA_SCHEMA = """<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType='Resource'>
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType='Resource'><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>part of ISO 14289</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>"""


def metadata(flavour):
    """XMP that says what the document is."""
    parts = ""
    for one in flavour.split("+"):
        if one == "ua1":
            parts += "<pdfuaid:part>1</pdfuaid:part>" + (UA_SCHEMA if "+" in flavour else "")
        else:
            parts += f"<pdfaid:part>{one[0]}</pdfaid:part><pdfaid:conformance>{one[1].upper()}</pdfaid:conformance>"
    return f"""<?xpacket begin='\ufeff' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>
<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about=''
xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:pdfaid='http://www.aiim.org/pdfa/ns/id/'
xmlns:pdfuaid='http://www.aiim.org/pdfua/ns/id/' xmlns:pdfaExtension='http://www.aiim.org/pdfa/ns/extension/'
xmlns:pdfaSchema='http://www.aiim.org/pdfa/ns/schema#' xmlns:pdfaProperty='http://www.aiim.org/pdfa/ns/property#'>
<dc:title><rdf:Alt><rdf:li xml:lang='x-default'>A letter</rdf:li></rdf:Alt></dc:title>{parts}
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>""".encode()


def stream(entries, data):
    """An object with data."""
    return f"<< {entries} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def pages(tagged, fields):
    """Everything but the catalog and what it declares, by number."""
    drawing = b"BT /F1 24 Tf 72 700 Td (A) Tj ET"
    meanings = (b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def /CMapType 2 def "
                b"1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfchar <41> <0041> endbfchar endcmap end end")
    annotations = " /Tabs /S /Annots [14 0 R 16 0 R]" if fields else ""
    objects = {
        2: b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        3: f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 8 0 R >> >>"
           f"{annotations}{' /StructParents 0' if tagged else ''} >>".encode(),
        4: stream("", b"/P << /MCID 0 >> BDC " + drawing + b" EMC" if tagged else drawing),
        8: b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 600 700] /FontMatrix [0.001 0 0 0.001 0 0] /FirstChar 65 /LastChar 65 "
           b"/Widths [600] /Resources << >> /CharProcs << /A 9 0 R >> /Encoding << /Type /Encoding /Differences [65 /A] >> "
           b"/ToUnicode 10 0 R >>",
        9: stream("", b"600 0 0 0 600 700 d1 0 0 m 300 700 l 600 0 l f"),
        10: stream("", meanings),
    }
    if tagged:
        kids = " 15 0 R 17 0 R" if fields else ""
        entries = " 1 15 0 R 2 17 0 R" if fields else ""
        objects |= {
            11: f"<< /Type /StructTreeRoot /K [12 0 R] /ParentTree << /Nums [0 [13 0 R]{entries}] >> "
                f"/ParentTreeNextKey {3 if fields else 1} >>".encode(),
            12: f"<< /Type /StructElem /S /Document /P 11 0 R /K [13 0 R{kids}] >>".encode(),
            13: b"<< /Type /StructElem /S /P /P 12 0 R /Pg 3 0 R /K 0 >>",
        }
    for at, name in enumerate(FIELDS if fields else ()):
        number = 14 + 2 * at
        objects[number] = (f"<< /Type /Annot /Subtype /Widget /FT /Sig /T ({name}) /TU (Seal of the {name}) /P 3 0 R /F 4 "
                           f"/Rect [100 {100 + 200 * at} 400 {200 + 200 * at}] /AP << /N 18 0 R >>"
                           f"{f' /StructParent {at + 1}' if tagged else ''} >>").encode()
        if tagged:
            objects[number + 1] = (f"<< /Type /StructElem /S /Form /P 12 0 R /Pg 3 0 R "
                                   f"/K << /Type /OBJR /Pg 3 0 R /Obj {number} 0 R >> >>").encode()
        objects[18] = stream("/Type /XObject /Subtype /Form /BBox [0 0 300 100] /Resources << >>", b"")
    return objects


def write(flavour, fields=False):
    """The document; with fields, it has two that are not signed."""
    tagged = flavour in TAGGED
    objects = pages(tagged, fields)
    catalog = "/Type /Catalog /Pages 2 0 R /Metadata 5 0 R /OutputIntents [6 0 R]"
    if tagged:
        catalog += " /MarkInfo << /Marked true >> /StructTreeRoot 11 0 R /Lang (en) /ViewerPreferences << /DisplayDocTitle true >>"
    if fields:
        catalog += " /AcroForm << /Fields [14 0 R 16 0 R] /SigFlags 0 >>"
    objects[1] = f"<< {catalog} >>".encode()
    objects[5] = stream("/Type /Metadata /Subtype /XML", metadata(flavour))
    objects[6] = b"<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /DestOutputProfile 7 0 R >>"
    objects[7] = stream("/N 3", PROFILE.read_bytes())
    out = f"%PDF-{'1.4' if flavour == '1b' else '1.7'}\n%\xe2\xe3\xcf\xd3\n".encode("latin-1")
    rows = b""
    for number, body in sorted(objects.items()):
        rows += f"{number} 1\n{len(out):010} 00000 n \n".encode()
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    identifier = "<00112233445566778899AABBCCDDEEFF>"
    return out + b"xref\n0 1\n0000000000 65535 f \n" + rows + (
        f"trailer\n<< /Size {max(objects) + 1} /Root 1 0 R /ID [{identifier} {identifier}] >>\n"
        f"startxref\n{start}\n%%EOF\n").encode()


def picture(alpha):
    """A small PNG, red, fading out downwards where it has `alpha`."""
    size = 16
    rows = b"".join(b"\0" + bytes((200, 20, 30, *([255 - 15 * row] if alpha else []))) * size for row in range(size))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", size, size, 8, 6 if alpha else 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
