#!/usr/bin/env python3
"""sealed_by_others.py [all]: files that other programs sealed are extended by `signet extend` to B-T, B-LT and B-LTA, and prolonged by
another authority, as far as they do not have that level: pdfsig, pyHanko (B-B to B-LTA, certified, PKCS#7), OpenPDF, JSignPdf, @signpdf,
EU DSS (CAdES and PAdES, B-B to B-LTA), OpenSSL and GnuTLS. After each step EU DSS and pyHanko say of the seal what they said before; EU
DSS names the level, from B-LT on by its default policy and with no more from outside than what the last time-stamp needs. What was in
the file stays byte for byte. Without all a sample of each program's files.

Environment: as for judges/pades.py.
"""
import itertools
import os
import pathlib
import sys
import tempfile
import time
import urllib.parse

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / folder) for folder in ("judges", "validation")]

import cades
import judges
import others
import pades
import pades_others
import pdf_judges

ROOT = "ca/root.pem"
LEVELS = ("B", "T", "LT", "LTA")
STEPS = ("B-T", "B-LT", "B-LTA", "prolonged")
# How many files of each program are in the sample.
SAMPLE = {"pdfsig": 1, "pyHanko": 1, "OpenPDF": 1, "@signpdf": 1, "JSignPdf": 1, "EU DSS": 3, "OpenSSL": 1, "GnuTLS": 3}


def makers(address, bench):
    """(program, its files with what they are over)"""
    tsa = f"{address}/tsa"

    def alone(files):
        return ((file, None) for file in files)
    yield "pdfsig", alone(pades_others.by_pdfsig())
    yield "pyHanko", alone(pades_others.by_pyhanko(tsa))
    yield "OpenPDF", alone(pades_others.by_openpdf())
    yield "@signpdf", alone(pades_others.by_signpdf())
    yield "JSignPdf", others.by_jsignpdf(tsa)
    yield "EU DSS", others.by_dss(bench, address)
    yield "OpenSSL", others.by_openssl()
    yield "GnuTLS", others.by_gnutls()


class Trial:
    """One trial authority, and what is extended by it."""

    def __init__(self, address, bench):
        self.address, self.bench = address, bench
        self.online = ["--trust", ROOT, "--online", "--online-host", urllib.parse.urlsplit(address).hostname]
        self.extensions = self.verdicts = 0

    def extend(self, file, data, step):
        """The extended file, whose name has the same ending."""
        path = pathlib.Path(file)
        out = f"{path.stem}+{step}{path.suffix}"
        over = ["--data", data] if data else []
        level, authority = ("B-LTA", "tsa/p384") if step == "prolonged" else (step, "tsa")
        judges.run(cades.SIGNET, "extend", file, "--out", out, "--level", level, *over, *self.online, "--tsa",
                   f"{self.address}/{authority}", "--tsa-ca", "ca/ca.pem")
        self.extensions += 1
        return out

    def expect_refused(self, file):
        """As EU DSS, we see no signature: pdfsig leaves its field out of a form that is a part of the catalog."""
        try:
            self.extend(file, None, "B-T")
        except judges.Failure as failure:
            if "it has no signature to extend" in str(failure):
                return
            raise
        raise judges.Failure(f"{file}: extended, though EU DSS sees no signature in it")

    def fresh_lists(self):
        """CRLs of now, for the last time-stamp."""
        for name in "issuing", "root":
            judges.run("curl", "--silent", "--show-error", "--fail", "--output", f"{name}.crl", f"{self.address}/{name}.crl")
        return ["issuing.crl", "root.crl"]

    def dss(self, file, data, **request):
        """(indication, sub-indication, level, structure) of its signature; None: it sees none."""
        try:
            answer = self.bench.judge("dss", signature=file, detached=data, **request)
        except judges.Failure as failure:
            raise judges.Failure(f"DSS of {file}: {failure}") from failure
        self.verdicts += 1
        if not answer["signatures"]:
            return None
        judges.expect(f"DSS of {file}", answer)
        one = answer["signatures"][0]
        return one["indication"], one["subIndication"], one["level"], one["structure"]

    def expect_dss(self, first, file, data, step, wanted):
        """The same. A file of level B-T need not hold the authority's certificate."""
        trusted = pades_others.TRUSTED if step == "B-T" else [ROOT]
        try:
            found = self.dss(file, data, trusted=trusted, crls=self.fresh_lists())
        except judges.Failure as failure:
            # An archive time-stamp over a signature that has no signed attributes, as RFC 5652, 5.3, permits: DSS 6.4 breaks off.
            if first in others.UNTIMED and step in ("B-LTA", "prolonged") and "NullPointerException" in str(failure):
                return
            raise
        if found != wanted:
            raise judges.Failure(f"DSS of {file}: {found}, not {wanted}")

    def pyhanko(self, file, data):
        """(valid, intact, trusted) of each signature."""
        answer = self.bench.judge("pyhanko", signature=file, detached=data, trusted=pades_others.TRUSTED, strict=False)
        self.verdicts += 1
        return [(one["valid"], one["intact"], one["trusted"]) for one in answer["signatures"]]

    def expect_kept(self, file, out):
        """What was there is there."""
        if file.endswith(".pdf"):
            pdf_judges.unchanged(file, out)
            return
        before, after = (self.bench.judge("parts", signature=each) for each in (file, out))
        if before["signed"] != after["signed"]:
            raise judges.Failure(f"{out}: what is signed, or the signature, was encoded again")
        for kind in "certificates", "revocations", "unsigned":
            if lost := [part for part in before[kind] if part not in after[kind]]:
                raise judges.Failure(f"{out}: {len(lost)} of the {kind} of {file} are gone, or were encoded again")

    @staticmethod
    def expect_read(first, last, data, is_cades):
        """By those who say nothing of levels, unless they complain of what the program made, too."""
        if not first.endswith(".pdf"):
            done = judges.openssl(last, ["ca/ca.pem"], data, is_cades)
            if not done["valid"]:
                raise judges.Failure(f"OpenSSL of {last}: {done['error']}")
            return
        for complaint in (pdf_judges.complaint_of_qpdf, pdf_judges.complaint_of_ghostscript):
            if (said := complaint(last, pades.PLAIN)) and not complaint(first, pades.PLAIN):
                raise judges.Failure(f"{complaint.__name__} of {last}: {said}")
        if pades_others.said_by_pdfsig(last) < pades_others.said_by_pdfsig(first):
            raise judges.Failure(f"pdfsig finds fewer valid signatures in {last} than in {first}")

    def judge(self, file, data):
        """Through all steps; Failure where one goes wrong."""
        first = file
        before = self.dss(file, data, trusted=pades_others.TRUSTED, policy="no-revocation")
        if before is None:
            self.expect_refused(file)
            return
        found = self.pyhanko(file, data)
        form, _, has = before[2].rpartition("-")
        # PKCS#7 in PDF, and CMS without the signing certificate's digest, get what a baseline signature gets, and stay what they are.
        is_baseline = has in LEVELS
        for step in STEPS[LEVELS.index(has) if is_baseline else 0:]:
            out = self.extend(file, data, step)
            self.expect_kept(file, out)
            level = f"{form}-{'LTA' if step == 'prolonged' else step.removeprefix('B-')}" if is_baseline else before[2]
            self.expect_dss(first, out, data, step, (before[0], before[1], level, before[3]))
            if self.pyhanko(out, data) != found:
                raise judges.Failure(f"pyHanko of {out}: {self.pyhanko(out, data)}, and before {found}")
            file = out
        self.expect_read(first, file, data, is_baseline)


def main():
    """In a folder of its own."""
    began = time.monotonic()
    whole = sys.argv[1:] == ["all"]
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        pades.prepare(("p256", "rsa"))
        pathlib.Path("content").write_bytes(b"Protocol of delivery 17\n" * 1000)
        others.make_keys()
        with judges.served("ca") as address, judges.started() as bench:
            trial, faults, count = Trial(address, bench), [], 0
            for program, files in makers(address, bench):
                for file, data in files if whole else itertools.islice(files, SAMPLE[program]):
                    count += 1
                    try:
                        trial.judge(file, data)
                    except judges.Failure as failure:
                        faults.append(f"{program}: {failure}")
        if faults:
            raise judges.Failure("\n".join(faults))
        print(f"{count} files that others sealed, extended {trial.extensions} times, {trial.verdicts} verdicts, "
              f"in {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    try:
        main()
    except judges.Failure as failure:
        sys.exit(f"sealed_by_others.py: {failure}")
