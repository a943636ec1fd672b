"""The documents that pdf/testing writes: how each is sealed, and which judge cannot judge it, and why."""
import dataclasses

SEAL = ("--text", "Sealed by {signer}\\n{reason}")
BOX = "corner=top-left,x=60,y=40,width=180,height=50"
PLACE = (60, 40, 240, 90)  # of that box on the page as it is seen, from the top left


@dataclasses.dataclass(frozen=True)
class Case:
    """How a document is sealed and judged."""

    first: tuple = ()  # options of the first seal
    second: tuple = ()
    always: tuple = ()  # of both
    owner: bool = False  # it is sealed with the owner's password
    user: str = ""  # the password that judges get
    not_for: tuple = ()  # names of judges
    strict: bool = True  # pyHanko's mode
    shown: tuple = ()  # (page, place) of visible seals
    number: str = ""  # of the report, in README.md


def encrypted(number="10"):
    """With passwords for the user and the owner."""
    return Case(owner=True, user="user", number=number)


def turned(page=1, place=PLACE):
    """Visible seals on a page that is turned; the second one below the first."""
    return Case(first=(*SEAL, "--visible", BOX), second=(*SEAL, "--visible", BOX.replace("y=40", "y=140")),
                shown=((page, place),), number="11")


FILE_COUNTED = ("qpdf", "pyhanko", "dss")  # which count from %PDF- whatever the file's own startxref says

CASES = {
    "field": Case(first=("--field", "office"), number="18"),
    "inherited-field": Case(first=("--field", "office.seal", *SEAL), shown=((1, (100, 682, 300, 742)),), number="18"),
    # poppler draws the fields of this one itself, and a signature's as nothing.
    "needs-appearances": Case(first=("--field", "office.seal", *SEAL)),
    # poppler takes a widget below its field for a field of its own, and finds no value in it.
    "two-widgets": Case(first=("--field", "office", *SEAL), number="29", not_for=("pdfsig",),
                        shown=((1, (100, 682, 300, 742)), (2, (100, 100, 300, 160)))),
    "lock": Case(first=("--field", "office"), second=("--field", "Signature 10"), number="17, 19"),
    "seed": Case(first=("--field", "office", "--reason", "Approved"), number="18"),
    "unicode-field": Case(first=("--field", "Úř"), number="18"),
    "xfa": Case(always=("--ignore-xfa",)),
    # Ghostscript does not look into the stream beside a table that is not the last one.
    "hybrid": Case(strict=False, not_for=("gs",), number="2, 3"),
    "small-size": Case(strict=False, number="25"),
    "junk": Case(always=("--format", "pades"), not_for=("pyhanko", "dss"), number="6"),
    "junk-counted": Case(always=("--format", "pades"), not_for=FILE_COUNTED, number="6"),
    # qpdf warns of the blanks, which stay where they are.
    "blank-start": Case(not_for=("qpdf",)),
    # Of 100,000 pages Ghostscript and DSS draw or compare every one, for minutes.
    "large-tree": Case(not_for=("gs", "dss")),
    "generations": Case(strict=False, number="24"),
    "rc4-40": encrypted(), "rc4-128": encrypted(), "aes-128": encrypted(), "aes-256": encrypted(), "aes-packed": encrypted(),
    "turned-90": turned(), "turned-180": turned(), "turned-270": turned(), "inherited-page": turned(), "deep-pages": turned(),
    # poppler knows no user units: it shows the seal at the same place of a page of half the size.
    "user-unit": turned(place=tuple(edge / 2 for edge in PLACE)),
}

# What is refused: the document, exit status, a part of the sentence, options.
BROKEN = {
    "truncated": "%%EOF", "no-end": "%%EOF", "no-start": "startxref", "wrong-offset": "object", "wrong-entry": "cross-reference",
    "loop-updates": "loop", "loop-pages": "page tree", "loop-fields": "loop", "absurd-size": "absurd", "no-catalog": "catalog",
    "long-tail": "truncated", "wrong-stream": "/W is missing or damaged",
}
SECOND = ("--field", "second")
OFFICE = ("--field", "office")
FORBIDDING = (
    ("locked-all", 'the signature "first" forbids it: it locks the field "second"', SECOND),
    ("locked-field", 'the signature "first" forbids it: it locks the field "second"', SECOND),
    ("locked-document", "it allows no changes of the document (DocMDP 1)", ()),
    ("xfa", "XFA", ()),
    ("read-only", 'the field "office" is read-only', OFFICE),
    ("seed-format", "demands a signature format other than", OFFICE),
    ("seed-digest", "demands a digest other than SHA256", OFFICE),
    ("seed-reason", 'demands one of these reasons: "I agree"', OFFICE),
    ("seed-stamp", "demands a time-stamp", OFFICE),
    ("seed-certify", "certifies the document with permission 2", OFFICE),
    ("seed-certificate", "certain certificates", OFFICE),
    ("text-field", "not one for signatures", OFFICE),
    ("permissions", "encryption does not allow new fields", ()),
    ("../aes-256", "password", ()),
    ("../table", 'there is no field "nowhere"', ("--field", "nowhere")),
    ("../table", "there is no page 9", (*SEAL, "--visible", "page=9")),
)
# Status 2: the seal, not the document, is the reason.
WRONG_WISHES = (
    ("table", "U+13000", ("--text", "\U00013000")),
    ("table", "does not fit", ("--text", "a long text " * 40, "--visible", "width=20,height=10")),
)
