"""Signature wrapping (CCS 2019, 4.3): the signed bytes stay as they are, but the second part of them moves, and what is between the two
is the attacker's."""
import re

from attack import Attack
from document import FORGED, FREE, Signature, last_table, numbered, rows, stream

NOT_CONTENTS = "not exactly the /Contents"
# Where the old /ByteRange is in front of the contents, the dictionary has two.
MOVED = (NOT_CONTENTS, "duplicated key /ByteRange")


def _offsets(data):
    """Where each object of the signed document stands, by the last definition."""
    return {int(found.group(1)): found.start(1) for found in re.finditer(rb"(?:^|(?<=[\r\n]))(\d+) 0 obj", data)}


def _table(data, moved, places):
    """A table of all objects, those of the second part where they are now, and the forged ones."""
    signature = Signature(data)
    offsets = {number: at + (moved if at > signature.gap_end else 0) for number, at in _offsets(data).items()}
    return rows({0: 0} | offsets | places) + b"trailer\n<</Size 1000/Root 1 0 R>>\n"


def wrapped(data, wrap=False, tail=False, padding=b" ", second_range=True, digits=b"", shorter=True):
    """In the gap: the contents without their padding, a /ByteRange whose second part lies further behind (in place of the old one, where
    that stands behind the contents, and else beside it), the forged content, and a table where the signed startxref says that one is. `wrap`: the moved part within a stream. `tail`: the forged object behind
    the table. `padding`: what fills up. `digits`: more in front of the contents' end. `shorter`: without the contents' padding."""
    signature = Signature(data)
    contents = signature.contents if shorter else data[signature.gap_begin + 1:signature.gap_end - 1]
    table_at = last_table(data) if shorter else len(data)

    def built(moved):
        numbers = b"/ByteRange [0 %d %d %d]" % (signature.gap_begin, signature.gap_end + moved, signature.rest)
        behind = data[signature.gap_end:data.index(b"endobj", signature.gap_end)]  # the dictionary's other entries
        if second_range:
            behind, replaced = re.subn(rb"/ByteRange\s*\[[^\]]*\]", numbers, behind)
            behind = behind if replaced else numbers + behind
        head = data[:signature.gap_begin] + b"<" + contents + digits + b">" + behind + b"endobj\n"
        places = {}
        if not tail:
            places[4] = len(head)
            head += numbered(4, stream(FORGED))
        if len(head) > table_at:
            raise ValueError("the forged object does not fit in front of the table")
        head = head.ljust(table_at - 1, padding) + b"\n"
        if tail:  # its place is known once the table's length is
            places[4] = 1
        table = _table(data, moved, places)
        if tail:
            places[4] = len(head) + len(table)
            table = _table(data, moved, places) + numbered(4, stream(FORGED))
        head += table
        if wrap:
            head += b"%d 0 obj\n<</Length %d>>\nstream\n" % (FREE, signature.rest)
        return head
    length = len(built(0))
    head = built(length - signature.gap_end)
    while len(head) != length:  # the numbers have become longer
        length = len(head)
        head = built(length - signature.gap_end)
    end = b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % table_at if wrap else b""
    if not shorter:
        end += b"\nstartxref\n%d\n%%%%EOF\n" % table_at
    return head + data[signature.gap_end:] + end


def renumbered(data, change):
    """Other numbers in the /ByteRange itself, in its old length where they fit."""
    signature = Signature(data)
    numbers = change([0, signature.gap_begin, signature.gap_end, signature.rest])
    text = b"/ByteRange [%s]" % b" ".join(b"%d" % one for one in numbers)
    return data[:signature.range_begin] + text.ljust(signature.range_end - signature.range_begin) + data[signature.range_end:]


def with_second(data, text):
    """Something between the contents' end and the dictionary's, within the gap: one digit pair of the padding less for each byte."""
    signature = Signature(data)
    room = signature.gap_end - signature.gap_begin
    entry = b"<" + signature.contents + b">" + text
    return data[:signature.gap_begin] + entry.ljust(room) + data[signature.gap_end:]


def attacks():
    """All of them."""
    yield Attack("swa-moved", wrapped, says=MOVED)
    yield Attack("swa-moved-zeros", lambda data: wrapped(data, padding=b"\0"), says=MOVED)
    yield Attack("swa-moved-comment", lambda data: wrapped(data, padding=b"%"), says=MOVED)
    yield Attack("swa-moved-in-stream", lambda data: wrapped(data, wrap=True), says=MOVED)
    yield Attack("swa-moved-forged-last", lambda data: wrapped(data, tail=True), says=MOVED)
    yield Attack("swa-moved-in-stream-forged-last", lambda data: wrapped(data, wrap=True, tail=True), says=MOVED)
    yield Attack("swa-moved-padded", lambda data: wrapped(data, digits=b"0" * 64), says=MOVED)
    yield Attack("swa-moved-whole-contents", lambda data: wrapped(data, shorter=False), says=MOVED)
    yield Attack("swa-moved-old-range", lambda data: wrapped(data, second_range=False), says=("/",))
    yield Attack("swa-gap-comment", lambda data: with_second(data, b"%forged"), says=(NOT_CONTENTS, "unknown token"))
    yield Attack("swa-gap-entry", lambda data: with_second(data, b"/Reason(forged)"), says=(NOT_CONTENTS,))
    yield Attack("swa-gap-blanks", lambda data: with_second(data, b""), says=(NOT_CONTENTS,))
    yield Attack("swa-gap-contents", lambda data: with_second(data, b"/Contents<30>"), says=("duplicated key /Contents",))
    yield Attack("swa-range-wider", lambda data: renumbered(data, lambda one: [0, one[1] - 20, one[2], one[3]]), says=(NOT_CONTENTS,))
    yield Attack("swa-range-behind", lambda data: renumbered(data, lambda one: [0, one[1], one[2] + 20, one[3] - 20]), says=(NOT_CONTENTS,))
    yield Attack("swa-range-shorter", lambda data: renumbered(data, lambda one: [0, one[1], one[2], one[3] - 20]),
                 says=("does not end where a revision",))
    yield Attack("swa-range-later", lambda data: renumbered(data, lambda one: [5, one[1] - 5, one[2], one[3]]), says=("start of the file",))
    yield Attack("swa-range-of-first", lambda data: renumbered(data, lambda one: [0, one[1], one[1], 0]), says=(NOT_CONTENTS,))
