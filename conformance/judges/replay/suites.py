"""An algorithm that a suite ends pulls the dates of the calendar forward: RSA of 2048 bits, which ends with 2028 by TS 119 312 V1.5.1,
and with 2026 by V2.1.1. The time-stamp's certificate lasts until 2031.
"""
import json
import os
import pathlib
import shutil

import judges
from archive import verdict_of
from pki import moment, text

SUITES = judges.HERE.parents[1] / "crypto/suites"
OLDER, NEWER = "119312-1.5.1", "119312-2.1.1"
END_BY_OLDER, END_BY_NEWER = "2028-12-31T23:59:59Z", "2026-12-31T23:59:59Z"

AUTHORITIES = {
    "seal-root": {"role": "ca", "from": "2020-01-01", "to": "2050-01-01"},
    "signer": {"role": "signer", "issuer": "seal-root", "from": "2025-05-01", "to": "2027-05-01"},
    "old-root": {"role": "ca", "key": "ec384", "hash": "sha384", "from": "2020-01-01", "to": "2050-01-01"},
    "unit-old": {"role": "tsu", "key": "rsa2048", "issuer": "old-root", "hash": "sha384", "from": "2025-06-01", "to": "2031-06-01"},
    "new-root": {"role": "ca", "key": "ec384", "hash": "sha384", "from": "2020-01-01", "to": "2050-01-01"},
    "unit-new": {"role": "tsu", "key": "ec384", "issuer": "new-root", "hash": "sha384", "from": "2026-06-01", "to": "2032-06-01"}}

SEALED = moment("2026-09-01T09:00:00")
AUTUMN = moment("2026-10-05T09:00:00")  # less than 90 days before the end by the newer suite
LATER = moment("2027-07-01T12:00:00")  # after it, and after the end of the signer's certificate


def make_documents(archive):
    """document.pdf at B-LTA, by the unit with RSA; a copy in each folder."""
    archive.make_token("signer", "seal", moment("2025-06-02"))
    judges.run(judges.HERE.parents[1] / "scripts/make-pdf.py", "plain.pdf")
    archive.configure("unit-old")
    archive.signet(SEALED, "seal", "plain.pdf", "--out", "document.pdf", "--key", "signer", "--chain", "issuers.pem")
    archive.signet(SEALED, "preserve", "add", "document.pdf", "--register", "first.db")
    archive.signet(SEALED, "preserve", "run", "--register", "first.db", "--within", "3650d")
    for folder in "checked", "extended":
        os.mkdir(folder)
        shutil.copy("document.pdf", folder)
        archive.signet(SEALED, "preserve", "add", folder, "--register", f"{folder}.db", "--suite", OLDER)


def expect_listed(archive, register, until, suite):
    """The register's one document."""
    (document,) = archive.json(AUTUMN, "preserve", "list", "--register", register)["documents"]
    found = document["level"], document["verdict"], document["verifiableUntil"], document["suite"]
    if found != ("B-LTA", "TOTAL-PASSED", until, suite):
        raise judges.Failure(f"{register}: {found}, not until {until} by {suite}")
    return document


def expect_warned(archive):
    """By the older suite nothing is due; once the document is measured by the newer one it is, and the reason is the algorithm."""
    register = ["--register", "checked.db"]
    expect_listed(archive, "checked.db", END_BY_OLDER, OLDER)
    said, _ = archive.signet(AUTUMN, "preserve", "due", *register)
    if "nothing ends within 90 days" not in said:
        raise judges.Failure(said)
    archive.signet(AUTUMN, "preserve", "check", *register, "--suite", NEWER)
    expect_listed(archive, "checked.db", END_BY_NEWER, NEWER)
    said, _ = archive.signet(AUTUMN, "preserve", "due", *register, status=43)
    if "2026-12-31" not in said or "RSA-2048" not in said:
        raise judges.Failure(f"due does not name the algorithm: {said}")


def expect_extended(archive):
    """`run` measures by the suite that it is told. Another time-stamp with RSA does not help; one with P-384 does."""
    register = ["--register", "extended.db", "--suite", NEWER]
    archive.configure("unit-old")
    _, said = archive.signet(AUTUMN, "preserve", "run", *register, status=44)
    if "extending it now would not help" not in said or "RSA-2048" not in said:
        raise judges.Failure(said)
    if pathlib.Path("extended/document.pdf").read_bytes() != pathlib.Path("document.pdf").read_bytes():
        raise judges.Failure("it was extended for nothing")
    archive.configure("unit-new")
    archive.signet(AUTUMN, "preserve", "run", *register)
    expect_listed(archive, "extended.db", "2032-06-01T00:00:00Z", NEWER)


def expect_verdicts(archive):
    """When the end has come, and a suite of that time says so, whoever was extended in time is valid, and nobody else."""
    suite = json.loads((SUITES / f"{NEWER}.json").read_text(encoding="utf-8"))
    suite["SecuritySuitabilityPolicy"]["PolicyIssueDate"] = "2027-06-01T00:00:00Z"
    pathlib.Path("later.json").write_text(json.dumps(suite), encoding="utf-8")
    for document, by_later, of_first_stamp in (
            ("checked/document.pdf", "INDETERMINATE/OUT_OF_BOUNDS_NOT_REVOKED", "INDETERMINATE/CRYPTO_CONSTRAINTS_FAILURE_NO_POE"),
            ("extended/document.pdf", "TOTAL-PASSED", "PASSED")):
        for ours, theirs, wanted in ((OLDER, "", ("TOTAL-PASSED", "PASSED")),
                                     ("./later.json", os.path.abspath("later.json"), (by_later, of_first_stamp))):
            report = archive.verify(document, LATER, "--suite", ours)["signatures"][0]
            answer = archive.dss(document, LATER, theirs)
            for judge, said in ("signet", report), ("DSS", answer):
                found = verdict_of(said), verdict_of(said["timestamps"][0])
                if found != wanted:
                    raise judges.Failure(f"{judge}: {document} at {text(LATER)} by {ours}: {found}, not {wanted}: {said['errors']}")
                archive.verdicts += 1


def pulled_forward(archive):
    """Both suites, in the calendar and in the verdicts."""
    make_documents(archive)
    expect_warned(archive)
    expect_extended(archive)
    expect_verdicts(archive)
