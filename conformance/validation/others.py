#!/usr/bin/env python3
"""Files that other programs sealed: `signet verify` says of each signature what EU DSS says, by a policy that needs no revocation
data, and names the same baseline level: pdfsig, pyHanko (B-B to B-LTA, certified, PKCS#7), OpenPDF, JSignPdf, @signpdf, EU DSS
(CAdES and PAdES, B-B to B-LTA), OpenSSL and GnuTLS.

Environment: as for judges/pades.py.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "judges"))

import cades
import judges
import pades
import pades_others


def by_openssl():
    """CAdES beside its document, with a key in a file."""
    for name, options in ("openssl.p7s", []), ("openssl-cades.p7s", ["-cades"]):
        judges.run("openssl", "cms", "-sign", "-binary", "-in", "content", "-signer", "file-own.pem", "-inkey", "file.key",
                   "-certfile", "ca/ca.pem", "-outform", "DER", "-out", name, *options)
        yield name, "content"


def by_gnutls():
    """Beside and inside, with and without the claimed time."""
    for name, action, options in (("beside", "--p7-detached-sign", []), ("time", "--p7-detached-sign", ["--p7-time"]),
                                  ("inside", "--p7-sign", ["--p7-time"])):
        for key in ("file", "rsa"):
            out = f"gnutls-{name}-{key}.p7s"
            judges.run("certtool", action, "--p7-include-cert", *options, "--load-certificate", f"{key}-own.pem", "--load-privkey",
                       f"{key}.key", "--infile", "content", "--outder", "--outfile", out)
            yield out, None if name == "inside" else "content"


def by_jsignpdf(tsa):
    """With keys in files: it names the wrong algorithm in EC seals."""
    jar = judges.installed("jsignpdf") / "node_modules/jsignpdf/lib/jsignpdf-2.2.0/JSignPdf.jar"
    for key in ("file", "rsa"):
        judges.run("openssl", "pkcs12", "-export", "-inkey", f"{key}.key", "-in", f"{key}-chain.pem", "-name", key, "-passout",
                   f"pass:{pades_others.PIN}", "-out", f"{key}.p12")
        stamps = ["-ts", tsa, "-tsh", "SHA256"] if key == "rsa" else []
        judges.run("java", f"-Duser.home={os.getcwd()}", "-Djava.awt.headless=true", "-jar", jar, "-kst", "PKCS12", "-ksf", f"{key}.p12",
                   "-ka", key, "-ksp", pades_others.PIN, "-ha", "SHA256", "-d", ".", "-os", f"-jsignpdf-{key}", *stamps,
                   "documents/table.pdf")
        yield f"table-jsignpdf-{key}.pdf", None


def by_dss(bench, address):
    """CAdES inside and beside, and PAdES, of all levels."""
    judges.run("openssl", "pkcs8", "-topk8", "-nocrypt", "-in", "file.key", "-outform", "DER", "-out", "file.p8")
    crls = []
    for name in ("issuing", "root"):
        crls.append(f"{name}.crl")
        urllib.request.urlretrieve(f"{address}/{name}.crl", crls[-1])
    for level in ("B", "T", "LT", "LTA"):
        for form, detached in (("cades", True), ("cades", False), ("pades", False)):
            name = f"dss-{form}-{level}-{'beside' if detached else 'inside'}{'.pdf' if form == 'pades' else '.cms'}"
            bench.judge("make", form=form, content="documents/table.pdf" if form == "pades" else "content", key="file.p8",
                        chain="file-chain.pem", level=level, detached=detached, tsa=f"{address}/tsa", trusted=["ca/root.pem"], crls=crls,
                        out=name)
            yield name, "content" if detached else None


def make_keys():
    """In files, certified by the trial authority: `file` (P-256) and `rsa`, each with its chain up to the root."""
    for name, options in ("file", ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]), ("rsa", ["-algorithm", "RSA"]):
        judges.run("openssl", "genpkey", *options, "-out", f"{name}.key")
        judges.run("openssl", "req", "-new", "-key", f"{name}.key", "-subj", f"/C=CZ/O=Office/CN={name}", "-out", f"{name}.csr")
        judges.run(judges.TESTCA, "issue", "ca", f"{name}.csr", f"{name}-own.pem")
        pathlib.Path(f"{name}-chain.pem").write_text(
            pathlib.Path(f"{name}-own.pem").read_text(encoding="ascii") + pathlib.Path("ca/ca.pem").read_text(encoding="ascii"),
            encoding="ascii")


def ours(file, data):
    """Indication and level of each, in the signatures' order."""
    options = ["--data", data] if data else []
    done = subprocess.run([cades.SIGNET, "verify", file, "--json", "--without-revocation", "--trust", "ca/root.pem", "--certificates",
                           "ca/issuing.pem", *options], capture_output=True, text=True, timeout=judges.TIMEOUT, check=False)
    if done.returncode == 42:  # no signature
        return []
    if done.returncode not in (0, 40, 41):
        raise judges.Failure(f"signet verify of {file}: {done.returncode} {done.stderr}")
    return [(one["indication"], one["subIndication"], one["level"]) for one in json.loads(done.stdout)["signatures"]]


def level_of(theirs):
    """DSS's name of a level in our words."""
    baseline = theirs.partition("-BASELINE-")[2]
    return f"B-{baseline}" if baseline else "none"


# Without a claimed signing time. EN 319 102-1, 5.2.8: only what the policy demands is checked then; DSS's own policy demands that
# time, and ours does not, since RFC 5652, 11.3, leaves it to the signer.
UNTIMED = {f"gnutls-beside-{key}.p7s" for key in ("file", "rsa")}


def compare(bench, file, data, faults):
    """Notes a difference."""
    answer = bench.judge("dss", signature=file, detached=data, trusted=pades_others.TRUSTED, policy="no-revocation")
    theirs = [(one["indication"].replace("_", "-"), one["subIndication"], level_of(one["level"])) for one in answer["signatures"]]
    try:
        found = ours(file, data)
    except judges.Failure as failure:
        found = str(failure)
    if file in UNTIMED and theirs == [("INDETERMINATE", "SIG_CONSTRAINTS_FAILURE", "none")]:
        theirs = [("TOTAL-PASSED", None, "none")]
    if found != theirs:
        faults.append(f"{file}: {found}, DSS {theirs}")


def main():
    """In a folder of its own."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        pades.prepare(("p256", "rsa"))
        pathlib.Path("content").write_bytes(b"Protocol of delivery 17\n" * 1000)
        make_keys()
        with judges.served("ca") as address, judges.started() as bench:
            faults, count = [], 0
            pdfs = (pades_others.by_pdfsig(), pades_others.by_pyhanko(f"{address}/tsa"), pades_others.by_openpdf(), pades_others.by_signpdf())
            for file, data in [*((file, None) for maker in pdfs for file in maker), *by_jsignpdf(f"{address}/tsa"), *by_dss(bench, address),
                               *by_openssl(), *by_gnutls()]:
                count += 1
                compare(bench, file, data, faults)
        if faults:
            raise judges.Failure("\n".join(faults))
        print(f"{count} files that others sealed in {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    try:
        main()
    except judges.Failure as failure:
        sys.exit(f"others.py: {failure}")
