"""Attacks on certification (Rohlmann and others, "Attacks on PDF Certification", S&P 2021): annotations (evil annotation) and signature
fields (sneaky signature) that a DocMDP permits, drawn over the certified content, and code that is added to it."""
from attack import Attack
from document import FREE, SECOND, Signature, edited, form_object, text_of, update, with_member

PASSED = "TOTAL-PASSED"
OVER = b"[55 700 255 760]"  # the price
SHOWN = b"1 g 0 0 300 40 re f 0 g BT /F1 14 Tf 5 5 Td (Price: 9 CZK) Tj ET"
# Entries of annotations, by subtype.
ANNOTATIONS = {
    "FreeText": b"/Contents(Price: 9 CZK)/DA(/F1 14 Tf 0 g)", "Stamp": b"/Name/Approved", "Redact": b"/IC [1 1 1]/OverlayText(9 CZK)",
    "Square": b"/IC [1 1 1]", "Circle": b"/IC [1 1 1]", "Line": b"/L [55 710 255 710]/BS<</W 30>>", "Ink": b"/InkList [[55 710 255 710]]",
    "Polygon": b"/Vertices [55 700 255 700 255 760]/IC [1 1 1]", "PolyLine": b"/Vertices [55 700 255 700]",
    "Highlight": b"/QuadPoints [55 760 255 760 55 700 255 700]/C [1 1 1]", "StrikeOut": b"/QuadPoints [55 760 255 760 55 700 255 700]",
    "Caret": b"", "Text": b"/Contents(a note)", "FileAttachment": b"/FS(other.pdf)", "Watermark": b"", "Screen": b"", "Movie": b"",
    "Link": b"/Border [0 0 9]",
}


def annotation(data, subtype, entries=b"", look=True, number=FREE):
    """The document with an annotation over the price."""
    shown = b"/AP<</N %d 0 R>>" % (number + 1) if look else b""
    body = b"<</Type/Annot/Subtype/%s/Rect %s/F 4/P 3 0 R%s%s>>" % (subtype.encode(), OVER, entries, shown)
    return update(data, {3: with_member(data, 3, b"Annots", number), number: body} | ({number + 1: form_object(SHOWN)} if look else {}))


def field(data, entries=b"", value=b"", kind=b"Sig"):
    """The document with a new signature field over the price."""
    objects = {6: with_member(data, 6, b"Fields", FREE), 3: with_member(data, 3, b"Annots", FREE), FREE + 1: form_object(SHOWN),
               FREE: b"<</Type/Annot/Subtype/Widget/FT/%s/T(added)/F 132/Rect %s/P 3 0 R/AP<</N %d 0 R>>%s%s>>" % (
                   kind, OVER, FREE + 1, b"/V %d 0 R" % (FREE + 2) if value else b"", entries)}
    return update(data, objects | ({FREE + 2: value} if value else {}))


NO_MESSAGE = b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/ByteRange [0 10 20 10]/Contents <3000>>>"
ACTION = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"


def _evil_annotations():
    for subtype, entries in ANNOTATIONS.items():
        # A link draws nothing of its own.
        yield Attack(f"eaa-{subtype.lower()}-p3", lambda data, one=(subtype, entries): annotation(data, *one), ("annotation",), certify=3,
                     verdict=PASSED, status=0, warned=subtype != "Link")
    for permission in 0, 1, 2:
        for subtype in "FreeText", "Stamp", "Redact", "Highlight", "Text":
            yield Attack(f"eaa-{subtype.lower()}-p{permission}",
                         lambda data, one=(subtype, ANNOTATIONS[subtype]): annotation(data, *one), ("annotation",), certify=permission)
    yield Attack("eaa-no-look-p2", lambda data: annotation(data, "FreeText", ANNOTATIONS["FreeText"], False), ("annotation",), certify=2)
    yield Attack("eaa-twice-p3", lambda data: annotation(annotation(data, "Stamp"), "FreeText", number=FREE + 5), ("annotation",), certify=3,
                 verdict=PASSED, status=0)
    for name, entry in ("action", b"/A" + ACTION), ("more-actions", b"/AA<</E" + ACTION + b">>"), ("launch", b"/A<</S/Launch/F(x)>>"):
        yield Attack(f"eaa-{name}-p3", lambda data, entry=entry: annotation(data, "Link", entry, False), ("annotation",), certify=3,
                     verdict=PASSED, status=0)
    yield Attack("eaa-and-font-p3", lambda data: update(annotation(data, "Stamp"), {5: b"<</Type/Font/Subtype/Type1/BaseFont/Symbol>>"}),
                 ("resource",), certify=3)
    yield Attack("eaa-and-content-p3", lambda data: update(annotation(data, "Stamp"), {4: form_object(SHOWN)}), ("page-content",), certify=3)


def _code():
    for permission in 1, 2, 3:
        yield Attack(f"code-open-action-p{permission}", lambda data: update(data, {1: edited(
            data, 1, rb"/Pages", b"/OpenAction" + ACTION + b"/Pages")}), ("catalog",), certify=permission)
    yield Attack("code-catalog-actions-p3", lambda data: update(data, {1: edited(data, 1, rb"/Pages", b"/AA<</WS" + ACTION + b">>/Pages")}),
                 ("catalog",), certify=3)
    yield Attack("code-names-p3", lambda data: update(data, {1: edited(
        data, 1, rb"/Pages", b"/Names<</JavaScript<</Names [(x) " + ACTION + b"]>>>>/Pages")}), ("catalog",), certify=3)
    yield Attack("code-field-p3", lambda data: update(data, {7: edited(data, 7, rb"/FT", b"/AA<</K" + ACTION + b">>/FT")}), ("form-field",),
                 certify=3)
    yield Attack("code-page-p3", lambda data: update(data, {3: edited(data, 3, rb"/MediaBox", b"/AA<</O" + ACTION + b">>/MediaBox")}),
                 ("page-tree",), certify=3)


def _permission():
    """The certification itself is changed."""
    def weaker(data):
        number = Signature(data).number
        return annotation(update(data, {number: edited(data, number, rb"/P 1", b"/P 3")}), "Stamp")
    yield Attack("certified-weaker-p1", weaker, ("signature-changed", "annotation"), ("not the /Contents of this signature",), certify=1)
    yield Attack("certified-no-permissions-p1", lambda data: annotation(update(data, {1: edited(
        data, 1, rb"/Perms\s*<<[^>]*>>", b"")}), "Stamp"), ("signature-changed", "annotation"), certify=1)
    yield Attack("certified-field-gone-p2", lambda data: update(data, {6: b"<</Fields [7 0 R]>>"}), certify=2,
                 says=("belong to no field of the form: 1",), verdict="no signature", status=42)


def _sneaky_signatures(sign):
    for permission in 0, 2, 3:  # the second signer is a stranger
        yield Attack(f"ssa-field-there-p{permission}", lambda data: sign(data, "second", None), ("signature",), certify=permission,
                     verdict=PASSED, status=40, warned=False)  # its place was there when the document was sealed
        yield Attack(f"ssa-new-field-p{permission}", lambda data: sign(data, "added", (55, 700, 255, 760)), ("signature",),
                     certify=permission, verdict=PASSED, status=40)
        yield Attack(f"ssa-no-message-p{permission}", lambda data: field(data, value=NO_MESSAGE), ("signature",), certify=permission,
                     verdict=PASSED)  # the second is no signature at all, and the document's verdict is that
    yield Attack("ssa-no-message-p1", lambda data: field(data, value=NO_MESSAGE), ("signature",), certify=1)
    yield Attack("ssa-field-there-p1", lambda data: update(data, {SECOND: text_of(data, SECOND)[:-2] + b"/V %d 0 R>>" % FREE,
                                                                  FREE: NO_MESSAGE}), ("signature",), certify=1)
    for permission in 1, 2:
        yield Attack(f"ssa-unsigned-field-p{permission}", field, ("new-field",), certify=permission)
        yield Attack(f"ssa-text-field-p{permission}", lambda data: field(data, kind=b"Tx"), ("new-field",), certify=permission)
        yield Attack(f"ssa-look-of-field-there-p{permission}", lambda data: update(data, {
            SECOND: text_of(data, SECOND)[:-2] + b"/AP<</N %d 0 R>>>>" % FREE, FREE: form_object(SHOWN)}), ("form-field",), certify=permission)
    yield Attack("ssa-action-p2", lambda data: field(data, b"/A" + ACTION, NO_MESSAGE), ("new-field",), certify=2)
    yield Attack("ssa-moved-field-p2", lambda data: update(data, {SECOND: edited(data, SECOND, rb"60 100 260 140", OVER[1:-1])}),
                 ("form-field",), certify=2)


def attacks(sign):
    """All of them. sign(data, field, box) signs by a key that nobody trusts, visibly."""
    yield from _evil_annotations()
    yield from _code()
    yield from _permission()
    yield from _sneaky_signatures(sign)
