"""Fifteen years of two sealed documents, a PDF document and a message beside its document: sealed in 2012 with a time-stamp, extended
in 2016, 2019, 2022 and 2027 by `signet preserve run`, each time by another authority with other algorithms, while the earlier
authorities disappear. At every date `signet verify` and EU DSS judge them. Each extension is also missed by a day, on copies.
"""
import dataclasses
import datetime
import os
import pathlib
import shutil

import judges
from authorities import DAY, HOUR
from pki import moment, text

SEALED = moment("2012-06-05T09:00:05")
FIRST_LOOK = moment("2012-06-10T12:00:00")
MARGIN = "90d"
NINETY = datetime.timedelta(days=90)
DOCUMENTS = ("letter.pdf", "note.txt.p7s")
# Of a signer whose certificate ended before anything that is still proven; the other one where its authority's ended too.
LOST, LOST_WITH_ISSUER = "INDETERMINATE/OUT_OF_BOUNDS_NOT_REVOKED", "INDETERMINATE/OUT_OF_BOUNDS_NO_POE"

AUTHORITIES = {
    # The signer's: its CRLs keep certificates that have ended. It closes in 2018.
    "seal-root": {"role": "ca", "key": "rsa2048", "from": "2009-09-01", "to": "2039-09-01", "gone": "2018-06-01"},
    "seal-ca": {"role": "ca", "key": "rsa2048", "issuer": "seal-root", "from": "2009-09-01", "to": "2019-09-01", "gone": "2018-06-01",
                "keeps_ended": "2009-09-01"},
    "signer": {"role": "signer", "key": "rsa2048", "issuer": "seal-ca", "from": "2011-10-01", "to": "2012-10-01"},
    # The time-stamp authority of 2012: RSA-2048, SHA-256.
    "a-root": {"role": "ca", "key": "rsa2048", "from": "2009-09-01", "to": "2039-09-01", "gone": "2018-01-01"},
    "unit-a": {"role": "tsu", "key": "rsa2048", "issuer": "a-root", "from": "2011-03-01", "to": "2017-03-01"},
    # RSA-3072 with PSS, an authority below the root, and OCSP answers by a responder.
    "b-root": {"role": "ca", "key": "rsa3072", "pss": True, "from": "2014-01-01", "to": "2044-01-01", "gone": "2021-01-01"},
    "b-ca": {"role": "ca", "key": "rsa3072", "pss": True, "issuer": "b-root", "from": "2014-01-01", "to": "2024-01-01",
             "gone": "2021-01-01", "responder": "b-ocsp"},
    "b-ocsp": {"role": "ocsp", "key": "rsa3072", "pss": True, "issuer": "b-ca", "from": "2015-10-10", "to": "2021-01-01", "nocheck": True},
    "unit-b": {"role": "tsu", "key": "rsa3072", "pss": True, "issuer": "b-ca", "from": "2015-10-10", "to": "2020-10-10",
               "stamps": {"pss": True}},
    # P-256.
    "c-root": {"role": "ca", "from": "2017-01-01", "to": "2047-01-01", "gone": "2024-01-01"},
    "unit-c": {"role": "tsu", "issuer": "c-root", "from": "2018-02-20", "to": "2023-02-20"},
    # P-384 with SHA-512, and an authority below the root.
    "d-root": {"role": "ca", "key": "ec384", "hash": "sha512", "from": "2020-01-01", "to": "2050-01-01"},
    "d-ca": {"role": "ca", "key": "ec384", "hash": "sha512", "issuer": "d-root", "from": "2020-01-01", "to": "2040-01-01"},
    "unit-d": {"role": "tsu", "key": "ec384", "hash": "sha512", "issuer": "d-ca", "from": "2022-10-18", "to": "2027-10-18T12:00:00",
               "stamps": {"digest": "sha512"}},
    # The next one.
    "e-root": {"role": "ca", "key": "ec384", "hash": "sha384", "from": "2024-01-01", "to": "2054-01-01"},
    "unit-e": {"role": "tsu", "key": "ec384", "hash": "sha384", "issuer": "e-root", "from": "2026-02-01", "to": "2033-02-01",
               "stamps": {"digest": "sha384"}},
}


@dataclasses.dataclass
class Extension:
    """One of the extensions by `signet preserve run`."""
    at: datetime.datetime
    unit: str  # that gives the time-stamp
    hash: str  # of its imprint
    within: str  # how soon what is extended would end, otherwise
    until: datetime.datetime  # of what is there before
    missed: datetime.datetime  # a day after it could be verified for the last time
    lost: str  # the verdict then
    looks: list  # moments at which it is verified afterwards


EXTENSIONS = [
    # A seal without revocation data in the document rests on the certificate of the signer too. It can be verified for longer, since
    # its authority keeps what has ended: as long as the first time-stamp.
    Extension(moment("2016-09-20T09:00:00"), "unit-b", "SHA256", MARGIN, moment("2012-10-01"), moment("2017-03-02"), LOST,
              [moment("2016-10-01T12:00:00")]),
    Extension(moment("2019-10-15T09:00:00"), "unit-c", "SHA256", "365d", moment("2020-10-10"), moment("2020-10-11"), LOST_WITH_ISSUER,
              [moment("2019-11-01T12:00:00")]),
    Extension(moment("2022-11-22T09:00:00"), "unit-d", "SHA512", MARGIN, moment("2023-02-20"), moment("2023-02-21"), LOST_WITH_ISSUER,
              [moment("2022-12-01T12:00:00"), moment("2026-11-27T12:00:00"), moment("2027-08-20T09:00:00")]),
    Extension(moment("2027-08-20T09:00:00"), "unit-e", "SHA384", MARGIN, moment("2027-10-18T12:00:00"), moment("2027-10-19T12:00:00"),
              LOST_WITH_ISSUER, [moment("2027-08-21T12:00:00"), moment("2027-10-19T12:00:00"), moment("2033-01-31T12:00:00")])]
ENDS = [extension.until for extension in EXTENSIONS[1:]] + [moment("2033-02-01")]


def seal(archive):
    """The documents of 2012."""
    archive.make_token("signer", "seal", moment("2011-10-02"))
    pathlib.Path("archive").mkdir()
    judges.run(judges.HERE.parents[1] / "scripts/make-pdf.py", "letter.pdf")
    pathlib.Path("archive/note.txt").write_text("A note of 2012\n" * 50, encoding="utf-8")
    archive.configure("unit-a")
    options = ["--key", "signer", "--chain", "issuers.pem"]
    archive.signet(SEALED, "seal", "letter.pdf", "--out", "archive/letter.pdf", *options)
    archive.signet(SEALED, "seal", "archive/note.txt", "--external", *options)


def copy_of(archive, year, since):
    """A folder with the documents as they stand, and a register of it: nobody will extend these in `year`."""
    folder = pathlib.Path(f"missed-{year}")
    shutil.copytree("archive", folder)
    archive.signet(since, "preserve", "add", folder, "--register", f"{folder}.db")


def expect_due(archive, extension, register, documents):
    """Nothing is said a day too early; then each document is named, with the reason."""
    options = ["--register", register, "--within", MARGIN]
    early, _ = archive.signet(extension.until - NINETY - DAY, "preserve", "due", *options)
    if "nothing ends within 90 days" not in early:
        raise judges.Failure(f"due too early: {early}")
    warned = archive.json(extension.until - NINETY, "preserve", "due", *options, status=43)["due"]
    named = {os.path.relpath(one["path"]): (one["verifiableUntil"], one["due"]) for one in warned}
    if named != {document: (text(extension.until), text(extension.until - NINETY)) for document in documents}:
        raise judges.Failure(f"due on {text(extension.until - NINETY)}: {named}")
    return warned


def expect_missed(archive, extension, documents):
    """The copies that were not extended: `due` had warned, the verdict says what is wrong, and `run` changes nothing."""
    register = f"missed-{extension.at.year}.db"
    warned = expect_due(archive, extension, register, documents)
    before = {document: pathlib.Path(document).read_bytes() for document in documents}
    for document in documents:
        level = "B-T" if extension is EXTENSIONS[0] else "B-LTA"
        report = archive.judged(document, extension.missed, extension.lost, level)
        if not any("ended" in sentence for sentence in report["errors"]):
            raise judges.Failure(f"{document}: it is not said why: {report['errors']}")
    archive.configure(extension.unit)
    said, complaints = archive.signet(extension.missed, "preserve", "run", "--register", register, status=44)
    if f"{len(documents)} due: 0 extended" not in said or complaints.count("OUT_OF_BOUNDS") != len(documents):
        raise judges.Failure(f"run on {text(extension.missed)}: {said} {complaints}")
    if any(pathlib.Path(document).read_bytes() != content for document, content in before.items()):
        raise judges.Failure("run changed what it refused")
    listed = archive.json(extension.missed, "preserve", "list", "--problems", "--register", register)["documents"]
    if len(listed) != len(documents):
        raise judges.Failure(f"the problems are not listed: {listed}")
    # What is done a day late all the same does not help.
    late = f"late-{extension.at.year}.pdf"
    archive.signet(extension.missed, "extend", documents[0], "--out", late, "--force-invalid", "--trust", "trust", "--online",
                   "--online-host", "127.0.0.1", "--tsa", f"{archive.authorities.address}/tsa/{extension.unit}")
    archive.judged(late, extension.missed + DAY, extension.lost, archive.verify(late, extension.missed + DAY)["signatures"][0]["level"])
    return warned


def extend(archive, extension):
    """By the calendar alone."""
    archive.configure(extension.unit)
    began = [pathlib.Path("archive", document).read_bytes() for document in DOCUMENTS]
    options = ["--within", extension.within, "--hash", extension.hash]
    done = archive.json(extension.at, "preserve", "run", *options)
    if (done["run"]["extended"], done["run"]["due"]) != (len(DOCUMENTS), len(DOCUMENTS)):
        raise judges.Failure(f"run on {text(extension.at)}: {done}")
    if not pathlib.Path("archive/letter.pdf").read_bytes().startswith(began[0]):
        raise judges.Failure("the PDF document was changed, not extended")
    again = archive.json(extension.at + HOUR, "preserve", "run", "--within", "30d")
    if again["run"]["due"]:
        raise judges.Failure(f"it is due again: {again}")


def replay(archive):
    """The whole story."""
    documents = [f"archive/{document}" for document in DOCUMENTS]
    seal(archive)
    added, _ = archive.signet(FIRST_LOOK, "preserve", "add", "archive")
    if "2 registered, 1 other files left out" not in added:
        raise judges.Failure(added)
    for document in documents:
        archive.judged(document, FIRST_LOOK, "TOTAL-PASSED", "B-T", SEALED, EXTENSIONS[0].until)
    since = FIRST_LOOK
    for extension, end in zip(EXTENSIONS, ENDS):
        copy_of(archive, extension.at.year, since)
        extend(archive, extension)
        for look in extension.looks:
            for document in documents:
                archive.judged(document, look, "TOTAL-PASSED", "B-LTA", SEALED, end)
        since = extension.looks[0]
    for extension in EXTENSIONS:
        expect_missed(archive, extension, [f"missed-{extension.at.year}/{document}" for document in DOCUMENTS])
