#!/usr/bin/env python3
"""others.py [all]: files that other programs sealed are extended by `signet extend` to B-LTA, and prolonged by another authority: pdfsig,
pyHanko (B-B to B-LTA, certified, PKCS#7), OpenPDF, JSignPdf, @signpdf, EU DSS (CAdES and PAdES, B-B to B-LTA), OpenSSL and GnuTLS. EU
DSS, by its default policy and with no more from outside than what the last time-stamp needs, names the level that the form can have;
pyHanko, OpenSSL and pdfsig say of the seal what they said before. With all every program seals every kind of document.

Environment: as for judges/pades.py.
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.parse

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / folder) for folder in ("judges", "validation")]

import cades
import judges
import others as sealers
import pades
import pades_others
import pdf_judges

ROOT = "ca/root.pem"


def documents_of_all(address, bench):
    """(file, what it is over), of every program."""
    tsa = f"{address}/tsa"
    yield from sealers.by_openssl()
    yield from sealers.by_gnutls()
    yield from sealers.by_dss(bench, address)
    pdfs = (pades_others.by_pdfsig(), pades_others.by_pyhanko(tsa), pades_others.by_openpdf(), pades_others.by_signpdf())
    yield from ((file, None) for maker in pdfs for file in maker)
    yield from sealers.by_jsignpdf(tsa)


def highest(level):
    """The level of a form that has everything: "PAdES-BASELINE-T" can have "PAdES-BASELINE-LTA"; what is no form of ETSI's stays."""
    form, dash, _ = level.rpartition("-")
    return level if level.endswith("NOT_ETSI") or level.endswith("NOT-ETSI") else f"{form}{dash}LTA"


class Trial:
    """One trial authority, and what is extended by it."""

    def __init__(self, address, bench):
        self.address, self.bench = address, bench
        self.host = urllib.parse.urlsplit(address).hostname

    def extend(self, file, data, out, authority):
        """To B-LTA, or prolonged."""
        over = ["--data", data] if data else []
        judges.run(cades.SIGNET, "extend", file, "--out", out, *over, "--trust", ROOT, "--online", "--online-host", self.host,
                   "--tsa", f"{self.address}/{authority}", "--tsa-ca", "ca/ca.pem")

    def fresh_lists(self):
        """CRLs of now, for the last time-stamp."""
        for name in "issuing", "root":
            judges.run("curl", "--silent", "--show-error", "--fail", "--output", f"{name}.crl", f"{self.address}/{name}.crl")
        return ["issuing.crl", "root.crl"]

    def dss(self, file, data, **request):
        """(indication, sub-indication, level, structure) of its signature."""
        answer = self.bench.judge("dss", signature=file, detached=data, **request)
        judges.expect(f"DSS of {file}", answer)
        one = answer["signatures"][0]
        return one["indication"], one["subIndication"], one["level"], one["structure"]

    def said_by_others(self, file, data):
        """What does not change: whether the signature is good."""
        if file.endswith(".pdf"):
            return (pades_others.said_by_pdfsig(file), pdf_judges.complaint_of_qpdf(file, pades.PLAIN),
                    pdf_judges.complaint_of_ghostscript(file, pades.PLAIN))
        command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", file, "-CAfile", "ca/ca.pem", "-purpose", "any", "-out",
                   "/dev/null", *(["-content", data] if data else [])]
        return subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode

    def pyhanko(self, file, data):
        """Valid, intact, trusted."""
        answer = self.bench.judge("pyhanko", signature=file, detached=data, trusted=pades_others.TRUSTED, strict=False)
        return [(one["valid"], one["intact"], one["trusted"]) for one in answer["signatures"]]

    def judge(self, file, data):
        """Failure, or nothing. A name says what is in it only by its ending."""
        if file.startswith("dss-pades"):
            os.rename(file, f"{file}.pdf")
            file += ".pdf"
        before = self.dss(file, data, trusted=pades_others.TRUSTED, policy="no-revocation")
        said, found = self.said_by_others(file, data), self.pyhanko(file, data)
        ending = pathlib.Path(file).suffix
        steps = [(file, f"{file}-lta{ending}", "tsa"), (f"{file}-lta{ending}", f"{file}-more{ending}", "tsa/p384")]
        for source, out, authority in steps:
            self.extend(source, data, out, authority)
            if ending == ".pdf":
                pdf_judges.unchanged(source, out)
            after = self.dss(out, data, trusted=[ROOT], crls=self.fresh_lists())
            wanted = (before[0], before[1], highest(before[2]), before[3])
            if after != wanted:
                raise judges.Failure(f"DSS of {out}: {after}, not {wanted}; before {before}")
            if self.said_by_others(out, data) != said:
                raise judges.Failure(f"{out}: the others say {self.said_by_others(out, data)}, and before {said}")
            if self.pyhanko(out, data) != found:
                raise judges.Failure(f"pyHanko of {out}: {self.pyhanko(out, data)}, and before {found}")


def main():
    """In a folder of its own."""
    began = time.monotonic()
    if sys.argv[1:] != ["all"]:
        pades_others.DOCUMENTS = ("table",)
        pades_others.SIGNPDF_DOCUMENTS = ("table",)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        pades.prepare(("p256", "rsa"))
        pathlib.Path("content").write_bytes(b"Protocol of delivery 17\n" * 1000)
        sealers.make_keys()
        with judges.served("ca") as address, judges.started() as bench:
            trial, faults, count = Trial(address, bench), [], 0
            for file, data in documents_of_all(address, bench):
                count += 1
                try:
                    trial.judge(file, data)
                    print(f"{file}: good", flush=True)
                except judges.Failure as failure:
                    faults.append(file)
                    print(f"{file}: {failure}", flush=True)
        if faults:
            raise judges.Failure(f"not good: {', '.join(faults)}")
        print(f"{count} files that others sealed, each extended twice, in {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    try:
        main()
    except judges.Failure as failure:
        sys.exit(f"others.py: {failure}")
