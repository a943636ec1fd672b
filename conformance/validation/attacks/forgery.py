"""Universal signature forgery (Mladenov and others, "1 Trillion Dollar Refund", CCS 2019, 4.1): the signature's /Contents or /ByteRange are
missing or meaningless, so that nothing is verified, and the content is another one. In place, and by an update."""
import re

from attack import Attack
from document import CONTENT, FORGED, Signature, edited, stream, update

NO_RANGE = "no /ByteRange of two parts"
RANGE, CONTENTS = rb"/ByteRange\s*\[[^\]]*\]", rb"/Contents\s*<[0-9A-Fa-f]*>"
WRONG_RANGES = {
    "missing": b"", "null": b"/ByteRange null", "empty": b"/ByteRange []", "number": b"/ByteRange 0", "name": b"/ByteRange/None",
    "string": b"/ByteRange(0 0 0 0)", "three": b"/ByteRange [0 10 20]", "five": b"/ByteRange [0 10 20 10 5]",
    "negative": b"/ByteRange [0 -1 -1 -1]", "nulls": b"/ByteRange [null 0 0 0]", "reals": b"/ByteRange [0 .5 9.5 3]",
    "reference": b"/ByteRange 4 0 R",
}
# Numbers, but not those of this document: what is said of them.
WRONG_NUMBERS = {"zeros": (b"/ByteRange [0 0 0 0]", "not exactly the /Contents"), "beyond": (b"/ByteRange [0 9 20 9999999]", "damaged"),
                 "huge": (b"/ByteRange[0 9 9 5000000000]", "damaged"),
                 "turned": (b"/ByteRange [0 500 100 9]", "damaged"), "from-ten": (b"/ByteRange [9 100 200 9]", "start of the file")}
WRONG_CONTENTS = {"missing": b"", "null": b"/Contents null", "empty": b"/Contents <>", "zero": b"/Contents <00>", "number": b"/Contents 0",
                  "array": b"/Contents []", "text": b"/Contents (signed)", "reference": b"/Contents 4 0 R"}


def in_place(data, pattern, new):
    """The dictionary's entry overwritten where it stands, with blanks up to its old length, and the content too: no offset changes."""
    signature = Signature(data)
    begin = data.rindex(b"%d 0 obj" % signature.number, 0, signature.range_begin)
    found = next(one for one in re.finditer(pattern, data[begin:]))
    if len(new) > found.end() - found.start():
        raise ValueError(f"no room for {new}")
    at = begin + found.start()
    changed = data[:at] + new.ljust(found.end() - found.start()) + data[begin + found.end():]
    return changed.replace(CONTENT, FORGED, 1)


def by_update(data, *replacements):
    """The dictionary written again in an update that replaces the content."""
    signature = Signature(data)
    grown = data
    for pattern, new in replacements:
        grown = update(grown, {signature.number: edited(grown, signature.number, pattern, new)})
    return update(grown, {4: stream(FORGED)})


def attacks():
    """All of them."""
    for name, new in WRONG_RANGES.items():
        yield Attack(f"usf-range-{name}", lambda data, new=new: in_place(data, RANGE, new), says=(NO_RANGE,))
    for name, (new, says) in WRONG_NUMBERS.items():
        yield Attack(f"usf-range-{name}", lambda data, new=new: in_place(data, RANGE, new), says=(says,))
    for name, new in WRONG_CONTENTS.items():
        yield Attack(f"usf-contents-{name}", lambda data, new=new: in_place(data, CONTENTS, new), says=("/Contents",))
    for name in "missing", "null", "empty", "negative":
        yield Attack(f"usf-update-range-{name}", lambda data, new=WRONG_RANGES[name]: by_update(data, (RANGE, new)), says=(NO_RANGE,))
    for name in "missing", "null", "empty", "zero":
        yield Attack(f"usf-update-contents-{name}", lambda data, new=WRONG_CONTENTS[name]: by_update(data, (CONTENTS, new)),
                     ("page-content",), ("/Contents",))
    for contents in "missing", "null", "zero":
        for numbers in "missing", "null", "negative":
            yield Attack(f"usf-both-{contents}-{numbers}", lambda data, pair=(contents, numbers): by_update(
                data, (RANGE, WRONG_RANGES[pair[1]]), (CONTENTS, WRONG_CONTENTS[pair[0]])), says=(NO_RANGE,))
    yield Attack("usf-dictionary-empty", lambda data: update(data, {Signature(data).number: b"<<>>", 4: stream(FORGED)}), says=(NO_RANGE,))
    yield Attack("usf-dictionary-type-only", lambda data: update(data, {Signature(
        data).number: b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached>>", 4: stream(FORGED)}), says=(NO_RANGE,))
