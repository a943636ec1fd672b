#!/usr/bin/env python3
"""Files that other programs sealed: `signet verify` says of each signature what EU DSS says, by a policy that needs no revocation
data: pdfsig, pyHanko (B-B to B-LTA, certified, PKCS#7), OpenPDF, @signpdf, EU DSS (CAdES B-B and B-T) and OpenSSL.

Environment: as for judges/pades.py.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "judges"))

import cades
import judges
import pades
import pades_others


def by_openssl():
    """CAdES beside its document, with a key in a file."""
    for name, options in ("openssl.p7s", []), ("openssl-cades.p7s", ["-cades"]):
        judges.run("openssl", "cms", "-sign", "-binary", "-in", "content", "-signer", "file.pem", "-inkey", "file.key",
                   "-certfile", "ca/ca.pem", "-outform", "DER", "-out", name, *options)
        yield name, "content"


def by_dss(bench, tsa):
    """CAdES, inside and beside."""
    judges.run("openssl", "pkcs8", "-topk8", "-nocrypt", "-in", "file.key", "-outform", "DER", "-out", "file.p8")
    pathlib.Path("chain.pem").write_text(pathlib.Path("file.pem").read_text(encoding="ascii") +
                                         pathlib.Path("ca/ca.pem").read_text(encoding="ascii"), encoding="ascii")
    for level in "BT":
        for detached in (True, False):
            name = f"dss-{level}-{detached}.p7m"
            bench.judge("make", content="content", key="file.p8", chain="chain.pem", level=level, detached=detached, tsa=f"{tsa}/tsa",
                        out=name)
            yield name, "content" if detached else None


def ours(file, data):
    """Indications, in the signatures' order."""
    options = ["--data", data] if data else []
    done = subprocess.run([cades.SIGNET, "verify", file, "--json", "--without-revocation", "--trust", "ca/root.pem", "--certificates",
                           "ca/issuing.pem", *options], capture_output=True, text=True, timeout=judges.TIMEOUT, check=False)
    if done.returncode == 42:  # no signature
        return []
    if done.returncode not in (0, 40, 41):
        raise judges.Failure(f"signet verify of {file}: {done.returncode} {done.stderr}")
    return [(one["indication"], one["subIndication"]) for one in json.loads(done.stdout)["signatures"]]


def compare(bench, file, data, faults):
    """Notes a difference."""
    answer = bench.judge("dss", signature=file, detached=data, trusted=pades_others.TRUSTED, policy="no-revocation")
    theirs = [(one["indication"].replace("_", "-"), one["subIndication"]) for one in answer["signatures"]]
    try:
        found = ours(file, data)
    except judges.Failure as failure:
        found = str(failure)
    if found != theirs:
        faults.append(f"{file}: {found}, DSS {theirs}")


def main():
    """In a folder of its own."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        pades.prepare(("p256", "rsa"))
        pathlib.Path("content").write_bytes(b"Protocol of delivery 17\n" * 1000)
        judges.run("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "file.key")
        judges.run("openssl", "req", "-new", "-key", "file.key", "-subj", "/C=CZ/O=Office/CN=file", "-outform", "PEM", "-out", "file.csr")
        judges.run(judges.TESTCA, "issue", "ca", "file.csr", "file.pem")
        with judges.served("ca") as address, judges.started() as bench:
            faults, count = [], 0
            pdfs = (pades_others.by_pdfsig(), pades_others.by_pyhanko(f"{address}/tsa"), pades_others.by_openpdf(), pades_others.by_signpdf())
            for file, data in [(file, None) for maker in pdfs for file in maker] + [*by_dss(bench, address), *by_openssl()]:
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
