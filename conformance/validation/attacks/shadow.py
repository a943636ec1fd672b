"""Shadow attacks (Mainka, Mladenov, Rohlmann, NDSS 2021): the attacker prepares the document before it is signed; afterwards an update that
looks harmless shows what was hidden (hide), makes other text of what is there (replace), or switches to other objects (both)."""
import zlib

from attack import Attack
from document import (COVER, FIELD, FORGED, FREE, LOOK, OTHER_CONTENT, OTHER_PAGE, STORE, edited, form_object, last_table, numbered, root_of,
                      rows, stream, trailer, update)

FONT = 5
DIFFERENCES = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</Type/Encoding/Differences [49/nine/nine 48/nine]>>>>"
DRAWN = b"<</Type/Font/Subtype/Type3/FontBBox [0 0 9 9]/FontMatrix [1 0 0 1 0 0]/FirstChar 48/LastChar 48/Widths [9]/CharProcs<</a 8 0 R>>" \
    b"/Encoding<</Differences [48/a]>>/Resources<<>>>>"


def _hide():
    changes = {"empty": form_object(b""), "null": b"null", "no-subtype": stream(b"", b"/Type/XObject"), "dictionary": b"<</Type/XObject>>",
               "box": form_object(b"q 1 g 55 700 200 25 re f Q", b"[0 0 1 1]"),
               "layer": stream(b"q 1 g 55 700 200 25 re f Q", b"/Type/XObject/Subtype/Form/BBox [0 0 595 842]/OC<</Type/OCG/Name(x)>>")}
    for name, body in changes.items():
        yield Attack(f"shadow-hide-{name}", lambda data, body=body: update(data, {COVER: body}), ("resource",))
    yield Attack("shadow-hide-freed", lambda data: update(data, {}, {COVER: 0}), ("resource",))
    yield Attack("shadow-hide-page-resource", lambda data: update(data, {3: edited(data, 3, rb"/Cover\s+9 0 R", b"")}), ("resource",))
    yield Attack("shadow-hide-other-cover", lambda data: update(data, {3: edited(
        data, 3, rb"/Cover\s+9 0 R", b"/Cover %d 0 R" % FREE), FREE: form_object(b"")}), ("resource",))


def _replace():
    for name, body in {"symbol": b"<</Type/Font/Subtype/Type1/BaseFont/Symbol>>", "differences": DIFFERENCES, "drawn": DRAWN}.items():
        yield Attack(f"shadow-replace-font-{name}", lambda data, body=body: update(data, {FONT: body}), ("resource",))
    yield Attack("shadow-replace-font-freed", lambda data: update(data, {}, {FONT: 0}), ("resource",))
    yield Attack("shadow-replace-page-font", lambda data: update(data, {3: edited(
        data, 3, rb"/F1\s+5 0 R", b"/F1 %d 0 R" % FREE), FREE: DIFFERENCES}), ("resource",))
    look = form_object(b"BT /F1 12 Tf (999) Tj ET")
    yield Attack("shadow-replace-look", lambda data: update(data, {LOOK: look}), ("form-field",))
    yield Attack("shadow-replace-look-reference", lambda data: update(data, {FIELD: edited(
        data, FIELD, rb"/N\s+8 0 R", b"/N %d 0 R" % FREE), FREE: look}), ("form-field",))
    yield Attack("shadow-replace-look-larger", lambda data: update(data, {LOOK: form_object(
        b"1 g 0 0 595 842 re f", b"[0 0 595 842]")}), ("form-field",))
    yield Attack("shadow-replace-field-place", lambda data: update(data, {FIELD: edited(
        data, FIELD, rb"60 500 260 520", b"60 700 260 760")}), ("form-field",))
    yield Attack("shadow-replace-field-hidden", lambda data: update(data, {FIELD: edited(data, FIELD, rb"/F 4", b"/F 2")}), ("form-field",))
    yield Attack("shadow-replace-field-gone", lambda data: update(data, {FIELD: b"null"}), ("form-field",))


def _by_stream(data, objects):
    """An update by a cross-reference stream, the objects in an object stream."""
    start = len(data)
    head = b" ".join(b"%d %d" % (number, sum(len(one) + 1 for one in list(objects.values())[:at])) for at, number in enumerate(objects))
    body = head + b" " + b" ".join(objects.values())
    packed = numbered(FREE, stream(body, b"/Type/ObjStm/N %d/First %d" % (len(objects), len(head) + 1)))
    table = b"".join(b"\x02" + FREE.to_bytes(4, "big") + at.to_bytes(2, "big") for at in range(len(objects)))
    table += b"\x01" + start.to_bytes(4, "big") + b"\0\0" + b"\x01" + (start + len(packed)).to_bytes(4, "big") + b"\0\0"
    index = b" ".join(b"%d 1" % one for one in objects) + b" %d 2" % FREE
    entries = b"/Type/XRef/Size 1000/W [1 4 2]/Index [%s]/Root %d 0 R/Prev %d/Filter/FlateDecode" % (index, root_of(data), last_table(data))
    return data + packed + numbered(FREE + 1, stream(zlib.compress(table), entries)) + b"startxref\n%d\n%%%%EOF\n" % (start + len(packed))


def _twice(data):
    """Two rows for the content in one table: programs differ in which one they take."""
    grown = data + numbered(4, stream(FORGED))
    table = rows({4: len(data)}) + b"4 1\n%010d 00000 n \n" % data.index(b"4 0 obj")
    return grown + table + trailer(data) + b"startxref\n%d\n%%%%EOF\n" % len(grown)


def _inside(data, number):
    """Where the stream that nothing shows has this object in its data."""
    return data.index(b"%d 0 obj" % number, data.index(b"/Note true"))


def _other_tree(data):
    return update(data, {FREE: edited(data, 1, rb"/Pages\s+2 0 R", b"/Pages %d 0 R" % (FREE + 1)),
                         FREE + 1: b"<</Type/Pages/Kids [%d 0 R]/Count 1>>" % OTHER_PAGE}, root=FREE)


def _hide_and_replace():
    content = rb"/Contents\s+4 0 R"
    yield Attack("shadow-both-table-into-stream", lambda data: update(data, {}, {4: _inside(data, 4)}), ("hidden", "page-content"))
    yield Attack("shadow-both-unused-into-stream", lambda data: update(data, {}, {OTHER_CONTENT: _inside(data, OTHER_CONTENT)}), ("hidden",))
    yield Attack("shadow-both-contents", lambda data: update(data, {3: edited(data, 3, content, b"/Contents 13 0 R")}), ("page-content",))
    yield Attack("shadow-both-kids", lambda data: update(data, {2: b"<</Type/Pages/Kids [12 0 R]/Count 1>>"}), ("page-tree",))
    yield Attack("shadow-both-catalog", _other_tree, ("catalog",))
    yield Attack("shadow-both-pages", lambda data: update(data, {1: edited(data, 1, rb"/Pages\s+2 0 R", b"/Pages %d 0 R" % FREE),
                                                                FREE: b"<</Type/Pages/Kids [12 0 R]/Count 1>>"}), ("page-tree",))
    yield Attack("shadow-both-unused-content", lambda data: update(data, {OTHER_CONTENT: stream(b"")}), ("hidden",))
    yield Attack("shadow-both-unused-store", lambda data: update(data, {STORE: b"<</Type/Catalog/Pages 2 0 R>>"}), ("hidden",))
    yield Attack("shadow-both-object-stream", lambda data: _by_stream(data, {3: edited(data, 3, content, b"/Contents 13 0 R")}),
                 ("page-content",))
    yield Attack("shadow-both-row-twice", _twice, ("hidden",))
    yield Attack("shadow-both-then-back", lambda data: update(update(data, {3: edited(data, 3, content, b"/Contents 13 0 R")}),
                                                              {3: edited(data, 3, content, b"/Contents 4 0 R")}), ("page-content",))


def attacks():
    """All of them."""
    yield from _hide()
    yield from _replace()
    yield from _hide_and_replace()
