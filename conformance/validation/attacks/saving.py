"""Incremental saving (CCS 2019, 4.2): the content is replaced behind the signature, by an update that lacks what programs look for."""
from attack import Attack
from document import FORGED, FREE, Signature, edited, last_table, numbered, rows, stream, trailer, update

CONTENT = numbered(4, stream(FORGED))
END = b"startxref\n%d\n%%%%EOF\n"


def _body(data, extra=b""):
    return data + CONTENT + extra


def _without_table(data):
    return _body(data) + trailer(data) + END % last_table(data)


def _copy(data):
    """The signature's dictionary once more."""
    signature = Signature(data)
    return numbered(signature.number, signature.dictionary())


def _with_copy(data):
    signature = Signature(data)
    return update(data, {4: stream(FORGED), signature.number: signature.dictionary()})


def _table_of_nothing(data):
    grown = _body(data)
    return grown + rows({FREE: 0}) + trailer(data) + END % len(grown)


def _table_of_others(data):
    """The last startxref leads to the signed table; the new one stands before it and nothing leads there."""
    grown = _body(data)
    return grown + rows({4: len(data)}) + trailer(data) + END % last_table(data)


def _catalog(data):
    return update(data, {FREE: edited(data, 1, rb"/Pages\s+2 0 R", b"/Pages %d 0 R" % (FREE + 1)),
                         FREE + 1: b"<</Type/Pages/Kids [%d 0 R]/Count 1>>" % (FREE + 2),
                         FREE + 2: edited(data, 3, rb"/Contents\s+4 0 R", b"/Contents %d 0 R" % (FREE + 3)),
                         FREE + 3: stream(FORGED)}, root=FREE)


def _covered(data):
    """A second update, of nothing, over the first."""
    return update(update(data, {4: stream(FORGED)}), {FREE: b"null"})


def attacks():
    """All of them."""
    elsewhere = "does not end where a revision"
    yield Attack("isa-update", lambda data: update(data, {4: stream(FORGED)}), ("page-content",))
    yield Attack("isa-content-freed", lambda data: update(data, {}, {4: 0}), ("page-content",))
    yield Attack("isa-new-content", lambda data: update(data, {3: edited(data, 3, rb"/Contents\s+4 0 R", b"/Contents %d 0 R" % FREE),
                                                              FREE: stream(FORGED)}), ("page-content",))
    yield Attack("isa-more-content", lambda data: update(data, {3: edited(
        data, 3, rb"/Contents\s+4 0 R", b"/Contents [4 0 R %d 0 R]" % FREE), FREE: stream(FORGED)}), ("page-content",))
    yield Attack("isa-other-page", lambda data: update(data, {2: b"<</Type/Pages/Kids [12 0 R]/Count 1>>"}), ("page-tree",))
    yield Attack("isa-page-added", lambda data: update(data, {2: b"<</Type/Pages/Kids [3 0 R 12 0 R]/Count 2>>"}), ("page-tree",))
    yield Attack("isa-other-catalog", _catalog, ("catalog",))
    yield Attack("isa-covered", _covered, ("page-content",))
    yield Attack("isa-body-only", _body, ("hidden",))
    yield Attack("isa-body-and-trailer", lambda data: _body(data, trailer(data)), ("hidden",))
    yield Attack("isa-body-and-end", lambda data: _body(data, b"%%EOF\n"), says=(elsewhere,))
    yield Attack("isa-no-table", _without_table, says=(elsewhere,))
    yield Attack("isa-table-of-nothing", _table_of_nothing, ("hidden",))
    yield Attack("isa-table-aside", _table_of_others, says=(elsewhere,))
    yield Attack("isa-copied-signature", _with_copy, ("page-content", "signature-changed"), ("not the /Contents of this signature",))
    yield Attack("isa-copied-body-only", lambda data: _body(data, _copy(data)), ("hidden",))
    yield Attack("isa-copied-no-table", lambda data: _body(data, _copy(data)) + trailer(data) + END % last_table(data), says=(elsewhere,))
    yield Attack("isa-copied-trailer", lambda data: _body(data, _copy(data) + trailer(data)), ("hidden",))
