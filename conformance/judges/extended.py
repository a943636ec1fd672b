#!/usr/bin/env python3
"""What `signet extend` makes of sealed documents, before the judges: B-T, B-LT and B-LTA of PDF documents and CMS messages, made of
seals by Signet and by pyHanko, and prolonged by another authority. DSS has its default policy, which demands revocation data, and
gets from outside no more than what the last time-stamp needs.

Environment: SIGNET_TEST_COMMAND, the built command; SIGNET_TEST_PDF_FIXTURES, the program that writes the documents.
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.parse

sys.dont_write_bytecode = True

import cades
import judges
import pdf_cases
import pdf_judges

SIGNET = os.environ["SIGNET_TEST_COMMAND"]
ROOT = "ca/root.pem"
PLAIN = pdf_cases.Case()
LEVELS = ("B-T", "B-LT", "B-LTA", "prolonged")


class Extension:
    """One trial authority, and documents that are extended by it."""

    def __init__(self, address, bench):
        self.address, self.bench = address, bench
        host = urllib.parse.urlsplit(address).hostname
        self.online = ["--trust", ROOT, "--online", "--online-host", host]
        self.judged = 0

    def extend(self, document, level):
        """Of the document beside it, so that each stays for the judges."""
        out = f"{level}-{document}"
        authority = "tsa/p384" if level == "prolonged" else "tsa"
        goal = "B-LTA" if level == "prolonged" else level
        data = ["--data", "document"] if document.endswith("p7s") else []
        judges.run(SIGNET, "extend", document, "--out", out, "--level", goal, *data, *self.online,
                   "--tsa", f"{self.address}/{authority}", "--tsa-ca", "ca/ca.pem")
        return out

    def fresh_lists(self):
        """CRLs of now: for the last time-stamp, of which no document can hold any."""
        for name in "issuing", "root":
            judges.run("curl", "--silent", "--show-error", "--fail", "--output", f"{name}.crl", f"{self.address}/{name}.crl")
        return ["issuing.crl", "root.crl"]

    def dss(self, document, level, detached=None):
        """Its level, and that it is valid."""
        kind = "PAdES" if document.endswith("pdf") else "CAdES"
        wanted = "LTA" if level == "prolonged" else level.removeprefix("B-")
        answer = self.bench.judge("dss", signature=document, detached=detached, trusted=[ROOT], crls=self.fresh_lists())
        judges.expect(f"DSS of {document}", answer, indication="TOTAL_PASSED", level=f"{kind}-BASELINE-{wanted}", errors=[],
                      structure=[])
        self.judged += 1

    def pyhanko(self, document, detached=None):
        """Its signature."""
        answer = self.bench.judge("pyhanko", signature=document, detached=detached, trusted=[ROOT])
        judges.expect(f"pyHanko of {document}", answer, valid=True, intact=True, trusted=True)
        self.judged += 1

    def pdf(self, document):
        """Through the levels; each document is the beginning of the next one."""
        for level in LEVELS:
            out = self.extend(document, level)
            pdf_judges.unchanged(document, out)
            self.dss(out, level)
            self.pyhanko(out)
            for name, complaint in (("qpdf", pdf_judges.complaint_of_qpdf), ("Ghostscript", pdf_judges.complaint_of_ghostscript)):
                if said := complaint(out, PLAIN):
                    raise judges.Failure(f"{name} of {out}: {said}")
            document = out

    def message(self, document, detached):
        """The same of a CMS message."""
        for level in LEVELS:
            out = self.extend(document, level)
            self.dss(out, level, detached)
            self.pyhanko(out, detached)
            answer = self.bench.judge("bc", signature=out, detached=detached)
            judges.expect(f"Bouncy Castle of {out}", answer, valid=True, signingCertificate=True)
            answer = judges.openssl(out, ["ca/ca.pem"], detached)
            judges.expect(f"OpenSSL of {out}", answer, valid=True)
            document = out


def make_documents(bench):
    """(PDF documents, messages and what they are over)"""
    pathlib.Path("documents").mkdir()
    judges.run(os.environ["SIGNET_TEST_PDF_FIXTURES"], "documents")
    for form in "table", "stream":
        judges.run(SIGNET, "seal", f"documents/{form}.pdf", "--out", f"{form}.pdf", "--key", "p256", "--chain", "ca/ca.pem")
    pathlib.Path("document").write_bytes(os.urandom(50_000))
    judges.run(SIGNET, "seal", "document", "--out", "beside.p7s", "--key", "p256", "--chain", "ca/ca.pem")
    judges.run(SIGNET, "seal", "document", "--out", "inside.p7m", "--internal", "--key", "p256", "--chain", "ca/ca.pem")
    judges.run(SIGNET, "seal", "document", "--out", "pieces.p7m", "--internal", "--ber", "--key", "p256", "--chain", "ca/ca.pem")
    subprocess.run(["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-keyout", "other.key",
                    "-subj", "/C=CZ/O=Office/CN=other", "-out", "other.csr"], check=True, stderr=subprocess.DEVNULL)
    judges.run(judges.TESTCA, "issue", "ca", "other.csr", "other.pem")
    bench.python.ask({"judge": "make", "content": "document", "key": "other.key", "certificate": "other.pem", "chain": "ca/ca.pem",
                      "detached": False, "tsa": "", "out": "pyhanko.p7m"})
    return ["table.pdf", "stream.pdf"], [("beside.p7s", "document"), ("inside.p7m", None), ("pieces.p7m", None), ("pyhanko.p7m", None)]


def main():
    """In a folder of its own."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        cades.make_token(("p256",))
        with judges.served("ca") as address, judges.started() as bench:
            extension = Extension(address, bench)
            documents, messages = make_documents(bench)
            for document in documents:
                extension.pdf(document)
            for message, detached in messages:
                extension.message(message, detached)
        print(f"{len(documents) + len(messages)} documents through {len(LEVELS)} levels, {extension.judged} verdicts, "
              f"in {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    try:
        main()
    except judges.Failure as failure:
        sys.exit(f"extended.py: {failure}")
