#!/usr/bin/env python3
"""Signatures that other programs made stay valid when `signet seal` seals the document after them, once and again: those of
pdfsig, pyHanko (all levels), OpenPDF and @signpdf, each with a key of the same token.

Environment: as for pades.py.
"""
import collections
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True

import cades
import judges
import pades
import pdf_cases
import pdf_judges

CLIENTS = judges.HERE.parent / "clients"
TRUSTED = ["ca/root.pem", "ca/issuing.pem"]  # some of the programs put the signer's certificate alone into the signature
PIN = "12345678"
# pdfsig reserves exactly the length of a signature that it makes first, which is not that of the next one with EC keys.
PDFSIG_KEY = "rsa"
DOCUMENTS = ("table", "stream", "updates", "inherited-field", "turned-90")
# @signpdf's own parser takes tables only.
SIGNPDF_DOCUMENTS = ("table", "turned-90")


def write_pyhanko_configuration():
    """Which keys it takes, and whom it trusts."""
    setups = "".join(f"""
  {key}:
    module-path: {cades.MODULE}
    token-criteria: {{label: seal}}
    cert-label: {key}
    raw-mechanism: true
    other-certs: ca/ca.pem""" for key in ("p256", "rsa"))
    pathlib.Path("pyhanko.yml").write_text(f"""pkcs11-setups:{setups}
validation-contexts:
  trial: {{trust: ca/root.pem, trust-replace: true, other-certs: ca/issuing.pem}}
""", encoding="utf-8")


def by_pyhanko(tsa):
    """B-B, B-T, B-LT, B-LTA; certified; visible."""
    write_pyhanko_configuration()
    os.environ["PYHANKO_PKCS11_PIN"] = PIN
    program = judges.installed("pyhanko") / "venv/bin/pyhanko"
    stamp = ["--timestamp-url", tsa]
    values = [*stamp, "--with-validation-info", "--validation-context", "trial"]
    wishes = [(document, "b-b", ["--use-pades"]) for document in DOCUMENTS] + [
        ("table", "b-t", ["--use-pades", *stamp]), ("table", "b-lt", ["--use-pades", *values]),
        ("stream", "b-lta", ["--use-pades-lta", *values]), ("table", "certified", ["--use-pades", "--certify"]),
        ("stream", "pkcs7", [])]
    for document, name, options in wishes:
        field = ["--field", "1/50,50,250,110/Seal" if name == "b-t" else "Seal"]
        out = f"pyhanko-{name}-{document}.pdf"
        judges.run(program, "sign", "addsig", *field, *options, "pkcs11", "--p11-setup", "p256", f"documents/{document}.pdf", out)
        yield out


def by_pdfsig():
    """With the key of the token, as NSS has it."""
    os.mkdir("nss")
    judges.run("certutil", "-N", "-d", "sql:nss", "--empty-password")
    subprocess.run(["modutil", "-dbdir", "sql:nss", "-add", "token", "-libfile", cades.MODULE, "-force"], stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, check=True)
    judges.run("certutil", "-A", "-d", "sql:nss", "-n", "root", "-t", "C,C,C", "-i", "ca/root.pem")
    judges.run("certutil", "-A", "-d", "sql:nss", "-n", "issuing", "-t", ",,", "-i", "ca/issuing.pem")
    for document in DOCUMENTS:
        out = f"pdfsig-{document}.pdf"
        # Its exit status says nothing: it closes NSS, and with it the sessions, when SoftHSM is gone already.
        subprocess.run(["pdfsig", "-nssdir", "sql:nss", "-nss-pwd", PIN, "-add-signature", "-nick", f"seal:{PDFSIG_KEY}",
                        "-reason", "Approved", f"documents/{document}.pdf", out], stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=False)
        yield out


def by_openpdf():
    """Invisible and visible."""
    jars = f"{judges.installed('openpdf')}/jars/*"
    pathlib.Path("signet.cfg").write_text(f"name = token\nlibrary = {cades.MODULE}\nslotListIndex = 0\n", encoding="utf-8")
    judges.run("javac", "-d", "openpdf", "-cp", jars, CLIENTS / "openpdf/SealPdf.java")
    os.environ["PIN"] = PIN
    for document in DOCUMENTS:
        out = f"openpdf-{document}.pdf"
        visible = ["visible"] if document in ("table", "stream") else []
        judges.run("java", "-Djava.awt.headless=true", "-cp", f"openpdf:{jars}", "SealPdf", "signet.cfg", "p256",
                   f"documents/{document}.pdf", out, *visible)
        yield out


def by_signpdf():
    """In Node.js."""
    os.environ |= {"NODE_PATH": f"{judges.installed('signpdf')}/node_modules", "MODULE": cades.MODULE, "PIN": PIN}
    shutil.copy(CLIENTS / "signpdf/seal.cjs", "seal.cjs")
    for document in SIGNPDF_DOCUMENTS:
        out = f"signpdf-{document}.pdf"
        judges.run("node", "seal.cjs", "rsa", "rsa.pem", "ca/ca.pem", f"documents/{document}.pdf", out)
        yield out


def said_by_pdfsig(document):
    """How many valid signatures it finds."""
    return judges.run("env", f"HOME={os.getcwd()}", "pdfsig", document).count("Signature is Valid.")


def said_by_pyhanko(bench, document):
    """What it finds of each signature, or Failure where one is not valid."""
    answer = bench.judge("pyhanko", signature=document, detached=None, trusted=TRUSTED, strict=False)
    judges.expect(f"pyHanko of {document}", answer, len(answer["signatures"]), valid=True, intact=True, trusted=True, allowed=True)
    return answer["signatures"]


def said_by_dss(bench, document):
    """Indication, level and complaints of each signature."""
    answer = bench.judge("dss", signature=document, detached=None, trusted=TRUSTED, policy="no-revocation")
    return collections.Counter((one["indication"], one["level"], *one["errors"], *one["structure"]) for one in answer["signatures"])


def sealed_after(bench, document, stamps, faults):
    """Seals it twice; notes where not everybody says the same of what was there as before, and that all is valid."""
    try:
        judge_sealed_after(bench, document, stamps)
    except judges.Failure as failure:
        faults.append(str(failure))


def judge_sealed_after(bench, document, stamps):
    """The same, or Failure."""
    before = said_by_pdfsig(document)
    earlier = said_by_pyhanko(bench, document)
    verdicts = said_by_dss(bench, document)
    if not before or any(indication != "TOTAL_PASSED" for indication, *_ in verdicts):
        raise judges.Failure(f"{document} is not good before it is sealed: pdfsig {before}, DSS {verdicts}")
    field = ("--field", "office.seal") if "inherited-field" in document else ()
    once = pades.seal(document, document.replace(".pdf", "+1.pdf"), "p256", *stamps, *field)
    twice = pades.seal(once, document.replace(".pdf", "+2.pdf"), "rsa", *(() if "certified" in document else pdf_cases.SEAL))
    for file, ours in ((once, "T"), (twice, "TB")):
        if said_by_pdfsig(file) != before + len(ours):
            raise judges.Failure(f"pdfsig of {file} finds {said_by_pdfsig(file)} valid signatures, not {before + len(ours)}")
        found = said_by_pyhanko(bench, file)
        if len(found) != len(earlier) + len(ours) or found[-1]["coverage"] != "ENTIRE_FILE":
            raise judges.Failure(f"pyHanko of {file}: {found}")
        more = said_by_dss(bench, file) - verdicts
        wanted = collections.Counter(("TOTAL_PASSED", f"PAdES-BASELINE-{level}") for level in ours)
        if more != wanted or verdicts - said_by_dss(bench, file):
            raise judges.Failure(f"DSS of {file}: {more} beside what was there, {verdicts}")
        for judge in (pdf_judges.complaint_of_qpdf, pdf_judges.complaint_of_ghostscript):
            if (complaint := judge(file, pades.PLAIN)) and not judge(document, pades.PLAIN):
                raise judges.Failure(f"{judge.__name__} of {file}: {complaint}")


def main():
    """In a folder of its own."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        pades.prepare(("p256", "rsa"))  # pdfsig ends where a token has an Ed25519 key
        with judges.served("ca") as address, judges.started() as bench:
            stamps = ["--tsa", f"{address}/tsa", "--tsa-ca", "ca/ca.pem"]
            faults = []
            count = 0
            for maker in (by_pdfsig(), by_pyhanko(f"{address}/tsa"), by_openpdf(), by_signpdf()):
                try:
                    for document in maker:
                        count += 1
                        sealed_after(bench, document, stamps, faults)
                except judges.Failure as failure:
                    faults.append(str(failure))
            if faults:
                raise judges.Failure("\n".join(faults))
        print(f"{count} documents that others signed were sealed twice in {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    try:
        main()
    except judges.Failure as failure:
        sys.exit(f"pades_others.py: {failure}")
